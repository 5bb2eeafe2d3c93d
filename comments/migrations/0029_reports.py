"""What reports do, and when moderators hear by mail of what waits: the owner sets it."""

import datetime

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0028_care_phrases"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversationsettings",
            name="account_reports_count",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="A report of a guest counts as one.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(10),
                ],
                verbose_name="a report with an account counts as",
            ),
        ),
        migrations.AddField(
            model_name="conversationsettings",
            name="moderator_mail",
            field=models.CharField(
                choices=[
                    ("off", "never"),
                    ("hourly", "once an hour"),
                    ("daily", "once a day, in the evening"),
                ],
                default="daily",
                help_text="Each moderator can stop hers. About care they always hear at once.",
                max_length=10,
                verbose_name="mails to moderators about what waits",
            ),
        ),
        migrations.AddField(
            model_name="conversationsettings",
            name="quiet_from",
            field=models.TimeField(
                blank=True,
                default=datetime.time(21, 0),
                null=True,
                verbose_name="no such mails from",
            ),
        ),
        migrations.AddField(
            model_name="conversationsettings",
            name="quiet_until",
            field=models.TimeField(
                blank=True,
                default=datetime.time(7, 0),
                help_text="In the time zone of the blog. Both empty: at any time.",
                null=True,
                verbose_name="until",
            ),
        ),
        migrations.AddField(
            model_name="conversationsettings",
            name="reports_to_hold",
            field=models.PositiveSmallIntegerField(
                blank=True,
                default=3,
                help_text="It then waits for a moderator. What a moderator has looked at stays, until its writer changes it. Empty: reports hide nothing.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(2),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="reports that hide a comment",
            ),
        ),
    ]
