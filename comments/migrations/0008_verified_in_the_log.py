"""An address is called verified in the rows of the log, too."""

from django.db import migrations

BEFORE, AFTER = "proved-address", "verified-address"


def renamed(old, new):
    def rename(apps, schema_editor):
        rows = apps.get_model("comments", "ModerationAction").objects.filter(verdict=old)
        rows.update(verdict=new)

    return rename


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0007_verified_addresses"),
    ]

    operations = [migrations.RunPython(renamed(BEFORE, AFTER), renamed(AFTER, BEFORE))]
