"""The row for what was learned is there from the first start on."""

from django.db import migrations


def make_row(apps, schema_editor):
    settings = apps.get_model("comments", "Learned")
    settings.objects.using(schema_editor.connection.alias).get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("comments", "0025_learned")]

    operations = [migrations.RunPython(make_row, migrations.RunPython.noop)]
