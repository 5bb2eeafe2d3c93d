"""Operations that write SQLite's table of posts anew, and remember its highest key.

Otherwise the key of a deleted post could be given again, and feeds would take the new post for it.
"""

from contextlib import contextmanager

from django.db import migrations

TABLE = "blog_post"


@contextmanager
def highest_key_kept(schema_editor):
    """Keep what SQLite knows of keys that were given, https://www.sqlite.org/autoinc.html."""
    if schema_editor.connection.vendor != "sqlite":
        yield
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [TABLE])
        highest = cursor.fetchone()
    yield
    if highest:
        schema_editor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [TABLE])
        schema_editor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [TABLE, *highest])


class _KeepsHighestKey:
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        with highest_key_kept(schema_editor):
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        with highest_key_kept(schema_editor):
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class AddField(_KeepsHighestKey, migrations.AddField):
    """``AddField`` of a post."""


class AlterField(_KeepsHighestKey, migrations.AlterField):
    """``AlterField`` of a post."""


class AddConstraint(_KeepsHighestKey, migrations.AddConstraint):
    """``AddConstraint`` of a post."""


class RemoveConstraint(_KeepsHighestKey, migrations.RemoveConstraint):
    """``RemoveConstraint`` of a post."""
