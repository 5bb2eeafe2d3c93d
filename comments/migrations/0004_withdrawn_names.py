"""A comment that its writer took back has no name any more."""

from contextlib import contextmanager

from django.db import migrations, models
from django.db.models import Q

WITHDRAWN = 4
HANDLER = "comments.privacy.departure"
TABLE = "comments_comment"


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


class KeepsHighestKey:
    """An operation that writes SQLite's table of comments anew, and remembers its highest key.

    Otherwise the key of a purged comment could be given again, and old links would lead to it.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        with highest_key_kept(schema_editor):
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        with highest_key_kept(schema_editor):
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class RemoveConstraint(KeepsHighestKey, migrations.RemoveConstraint):
    pass


class AddConstraint(KeepsHighestKey, migrations.AddConstraint):
    pass


def forget_names(apps, schema_editor):
    Comment = apps.get_model("comments", "Comment")
    requests = apps.get_model("accounts", "ErasureRequest").objects.values_list("kept", flat=True)
    # Those come back with their name if their writer stays.
    waiting = {int(key) for kept in requests for key in kept.get(HANDLER, ())}
    keys = Comment.objects.filter(status=WITHDRAWN).exclude(name="").values_list("pk", flat=True)
    gone = [key for key in keys if key not in waiting]
    for first in range(0, len(gone), 500):
        Comment.objects.filter(pk__in=gone[first : first + 500]).update(name="")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("comments", "0003_wide_versions")]

    operations = [
        RemoveConstraint(model_name="comment", name="comment_has_writer"),
        AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=Q(user__isnull=False)
                | ~Q(name="")
                | Q(disowned=True)
                | Q(status=WITHDRAWN),
                name="comment_has_writer",
            ),
        ),
        migrations.RunPython(forget_names, migrations.RunPython.noop),
    ]
