"""Words of comments that readers see go into the index of search."""

from django.db import migrations

from comments import finding


def fill(apps, schema_editor):
    finding.put(finding.texts(apps.get_model("comments", "Comment").objects.all()))


class Migration(migrations.Migration):
    dependencies = [("blog", "0008_search"), ("comments", "0014_three_kinds")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
