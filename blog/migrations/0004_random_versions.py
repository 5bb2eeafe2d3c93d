"""Versions are random from now on; a database that counted so far gets its first two."""

from django.db import migrations, models

from accounts.models import new_version


def renew(apps, schema_editor):
    rows = apps.get_model("blog", "ChangeCounter").objects.using(schema_editor.connection.alias)
    numbers = {"total": new_version(), "everywhere": new_version()}
    rows.update_or_create(pk=1, defaults=numbers)


class Migration(migrations.Migration):
    dependencies = [("blog", "0003_search_of_posts")]

    operations = [
        migrations.AlterField(
            "changecounter", "total", models.PositiveBigIntegerField(default=new_version)
        ),
        migrations.AlterField(
            "changecounter", "everywhere", models.PositiveBigIntegerField(default=new_version)
        ),
        migrations.RunPython(renew, migrations.RunPython.noop),
    ]
