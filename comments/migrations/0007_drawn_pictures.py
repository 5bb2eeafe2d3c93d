"""What drawn pictures are made from: the blog's key, and a salt on each comment."""

import django.db.models.deletion
from django.db import migrations, models

import comments.avatars


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_outbox_and_addresses"),
        ("comments", "0006_order_of_appearance"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="proved_address",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.address",
            ),
        ),
        # The same for all that are there; the next migration gives each its own.
        migrations.AddField(
            model_name="comment",
            name="salt",
            field=models.CharField(
                default=comments.avatars.new_salt, editable=False, max_length=12
            ),
        ),
        migrations.AddField(
            model_name="conversationsettings",
            name="avatar_key",
            field=models.CharField(default=comments.avatars.new_key, editable=False, max_length=64),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("proved_address__isnull", False)),
                fields=["proved_address"],
                name="comment_proved",
            ),
        ),
    ]
