"""Authors write posts and tags; whose posts they see is the admin's business."""

from django.db import migrations

from accounts.roles import AUTHORS, grant


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(
            grant(AUTHORS, "blog", post=["add", "change", "view"], tag=["add", "change", "view"]),
            migrations.RunPython.noop,
        ),
    ]
