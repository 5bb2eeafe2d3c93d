"""When comments with links are held; a stamp by which processes know what they remember."""

import django.core.validators
from django.db import migrations, models

import comments.limits


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0021_moderators_see_standings"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversationsettings",
            name="checks_stamp",
            field=models.CharField(
                default=comments.limits.new_stamp, editable=False, max_length=16
            ),
        ),
        migrations.AddField(
            model_name="conversationsettings",
            name="held_links",
            field=models.PositiveSmallIntegerField(
                blank=True,
                default=2,
                help_text="Or more. A moderator reads them first. Empty: links hold nothing.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="hold comments with so many links",
            ),
        ),
    ]
