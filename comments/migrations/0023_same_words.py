"""By what the same words are known when they come again."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_outbox_and_addresses"),
        ("blog", "0010_hub_news"),
        ("comments", "0022_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="same_words",
            field=models.CharField(editable=False, max_length=32, null=True),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("same_words__isnull", False)),
                fields=["same_words", "created_at"],
                name="comment_same_words",
            ),
        ),
    ]
