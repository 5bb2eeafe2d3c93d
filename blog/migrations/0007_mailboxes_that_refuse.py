"""Wishes for mails are marked while their mailbox refuses them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0006_ids_of_feeds"),
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
