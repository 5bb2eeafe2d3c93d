"""Locked threads are found without looking at all others."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_outbox_and_addresses"),
        ("blog", "0015_preview_links"),
        ("comments", "0032_first_replies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("locked_at__isnull", False)),
                fields=["id"],
                name="comment_locked",
            ),
        ),
    ]
