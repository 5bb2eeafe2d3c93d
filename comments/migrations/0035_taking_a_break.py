"""The whole blog may take a break; newcomers are found by their names."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_outbox_and_addresses"),
        ("blog", "0015_preview_links"),
        ("comments", "0034_closed_cases_keep_no_reason"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="conversationsettings",
            options={
                "permissions": [("take_break", "Can take a break for the whole blog")],
                "verbose_name": "settings of the conversation",
                "verbose_name_plural": "settings of the conversation",
            },
        ),
        migrations.AddField(
            model_name="conversationsettings",
            name="break_holds",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="conversationsettings",
            name="break_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="conversationsettings",
            name="break_words",
            field=models.TextField(
                blank=True, editable=False, max_length=500, verbose_name="your own words"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("user__isnull", True)),
                fields=["name"],
                name="comment_guest_name",
            ),
        ),
    ]
