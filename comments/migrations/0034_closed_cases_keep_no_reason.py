"""The reason of a care case may name words of the comment: it goes when a person closes the case."""

from django.db import migrations


def blank(apps, schema_editor):
    cases = apps.get_model("comments", "CareCase").objects
    cases.exclude(closed_at=None).exclude(why="").update(why="")


class Migration(migrations.Migration):
    dependencies = [("comments", "0033_locked_threads")]

    operations = [migrations.RunPython(blank, migrations.RunPython.noop, elidable=True)]
