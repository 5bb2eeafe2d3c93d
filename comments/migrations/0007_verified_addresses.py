"""A writer's address is called verified, as everywhere else; its column keeps its name."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_verified_addresses"),
        ("comments", "0006_mailboxes_that_refuse"),
    ]

    operations = [
        migrations.RenameIndex("comment", new_name="comment_verified", old_name="comment_proved"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex("comment", "comment_verified"),
                migrations.RenameField("comment", "proved_address", "verified_address"),
                migrations.AlterField(
                    "comment",
                    "verified_address",
                    models.ForeignKey(
                        db_column="proved_address_id",
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.address",
                    ),
                ),
                migrations.AddIndex(
                    "comment",
                    models.Index(
                        condition=models.Q(("verified_address__isnull", False)),
                        fields=["verified_address"],
                        name="comment_verified",
                    ),
                ),
            ]
        ),
    ]
