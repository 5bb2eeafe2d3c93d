"""Authors keep pictures; whose they see is the admin's business."""

from django.db import migrations

from accounts.roles import AUTHORS, grant


class Migration(migrations.Migration):
    dependencies = [("blog", "0012_pictures")]

    operations = [
        migrations.RunPython(
            grant(AUTHORS, "blog", image=["add", "change", "delete", "view"]),
            migrations.RunPython.noop,
        ),
    ]
