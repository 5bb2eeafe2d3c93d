"""Moderators see who is trusted and who is banned; taking it back needs the right to decide."""

from django.db import migrations

from accounts.roles import MODERATORS, grant


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0020_reasons_for_removing"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(
            grant(MODERATORS, "comments", standing=["view"]), migrations.RunPython.noop
        ),
    ]
