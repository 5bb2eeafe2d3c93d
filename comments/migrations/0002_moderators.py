"""Moderators read comments and the log, and decide; they rewrite and delete nothing."""

from django.db import migrations

from accounts.roles import MODERATORS, grant


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(
            grant(
                MODERATORS,
                "comments",
                comment=["view", "moderate_comment"],
                moderationaction=["view"],
            ),
            migrations.RunPython.noop,
        ),
    ]
