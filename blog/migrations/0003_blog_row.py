"""The one row of the blog's settings exists from the start, so that reading never writes."""

from django.db import migrations


def make_row(apps, schema_editor):
    blog = apps.get_model("blog", "Blog")
    blog.objects.using(schema_editor.connection.alias).get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_authors")]

    operations = [migrations.RunPython(make_row, migrations.RunPython.noop)]
