"""Each account of the team chooses the language of its dashboard."""

from django.db import migrations, models

import accounts.models.user


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_username_keys")]

    operations = [
        migrations.AddField(
            "user",
            "language",
            models.CharField(
                blank=True,
                default="",
                choices=accounts.models.user.interface_languages,
                help_text="Of the dashboard, and of emails to you. Leave empty to use the blog’s.",
                max_length=20,
                verbose_name="language",
            ),
            preserve_default=False,
        ),
    ]
