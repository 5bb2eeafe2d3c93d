"""Indexes that SQLite takes for the feeds, the queue and the front page of the admin."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("blog", "0003_search_of_posts"),
        ("comments", "0004_withdrawn_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="comment",
            name="comment_newest",
        ),
        migrations.RemoveIndex(
            model_name="comment",
            name="comment_waiting",
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("approved_at__isnull", False)),
                fields=["-approved_at", "-id"],
                name="comment_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("approved_at__isnull", False)),
                fields=["post", "-approved_at", "-id"],
                name="comment_post_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["-created_at", "-id"], name="comment_written"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("status", 0)),
                fields=["status", "queue_priority", "created_at", "id"],
                name="comment_waiting",
            ),
        ),
    ]
