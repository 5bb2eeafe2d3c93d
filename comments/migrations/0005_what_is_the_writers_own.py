"""Receipts, changed words, and names taken off: what writers do with their own comments."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0004_counters_of_changes"),
        ("comments", "0004_settings_row"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="comment",
            name="comment_has_writer",
        ),
        migrations.AddField(
            model_name="comment",
            name="disowned",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="comment",
            name="receipt",
            field=models.CharField(editable=False, max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="comment",
            name="receipt_made_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="conversationsettings",
            name="reader_word",
            field=models.CharField(
                blank=True,
                help_text="The name of a comment whose writer took her name off it. Empty: a reader.",
                max_length=80,
                verbose_name="word for a reader",
            ),
        ),
        migrations.AlterField(
            model_name="moderationaction",
            name="act",
            field=models.CharField(
                choices=[
                    ("hold", "held"),
                    ("approve", "approved"),
                    ("spam", "marked as spam"),
                    ("remove", "removed"),
                    ("restore", "restored"),
                    ("edit", "changed by its writer"),
                    ("withdraw", "taken back by its writer"),
                    ("disown", "its writer took her name off it"),
                ],
                max_length=20,
                verbose_name="act",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("user__isnull", False),
                    models.Q(("name", ""), _negated=True),
                    ("disowned", True),
                    _connector="OR",
                ),
                name="comment_has_writer",
            ),
        ),
    ]
