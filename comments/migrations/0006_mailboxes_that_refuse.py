"""Wishes for mails are marked while their mailbox refuses them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0005_indexes_that_are_taken"),
    ]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="refused_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="mailbox rejects emails"
            ),
        ),
    ]
