"""The one row of settings exists from the start, so that reading a page never writes."""

from django.db import migrations


def make_row(apps, schema_editor):
    settings = apps.get_model("comments", "ConversationSettings")
    settings.objects.using(schema_editor.connection.alias).get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("comments", "0003_newest_first")]

    operations = [migrations.RunPython(make_row, migrations.RunPython.noop)]
