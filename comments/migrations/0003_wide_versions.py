"""Room for the random version numbers of threads, which have 63 bits."""

from django.db import migrations, models

from accounts.models import new_version


class AlterWhereNeeded(migrations.AlterField):
    """SQLite's integers have 64 bits in every column (https://www.sqlite.org/datatype3.html).

    Altering one there would write the whole table anew, and forget its highest key, so that the
    key of a purged comment could be given again.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [("comments", "0002_initial_rows")]

    operations = [
        AlterWhereNeeded(
            "comment",
            "version",
            models.PositiveBigIntegerField(default=new_version, editable=False),
        ),
    ]
