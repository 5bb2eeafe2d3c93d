"""Django's `migrate`, which leaves a database of Hearth's earlier layout alone.

The migrations began anew with this layout. Upon the old tables the new ones would fail half-way,
so the command says what to do instead. `run` and `serve` call it, and say the same.
"""

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

OURS = {"accounts", "blog", "comments"}
# Every database of this layout has it, also one from a later version, to which other migrations
# that are unknown here belong. Nobody should be told to part with that one.
BEGUN_ANEW = ("blog", "0002_initial_rows")


class Command(migrate.Command):
    # Not `handle`: the system checks come before it, and what they say is not what matters here.
    def execute(self, *args, **options):
        connection = connections[options["database"]]
        if has_earlier_layout(connection):
            raise CommandError(refusal(connection))
        return super().execute(*args, **options)


def has_earlier_layout(connection) -> bool:
    """Return whether the migrations of an earlier layout made this database. Changes nothing."""
    loader = MigrationLoader(connection)
    applied = loader.applied_migrations.keys()
    gone = {key for key in applied - loader.disk_migrations.keys() if key[0] in OURS}
    return bool(gone) and BEGUN_ANEW not in applied


def refusal(connection) -> str:
    """Return what to tell whoever starts Hearth with such a database."""
    return _(
        "The database %(database)s was made by an earlier version of Hearth, whose tables are "
        "arranged differently. Nothing in it was changed. Please start with an empty one: set "
        "DATABASE_URL to a new database, or, if this was only the demonstration, delete the "
        "folder var/. To export from the old database, keep it and the code of the version that "
        "made it."
    ) % {"database": described(connection.settings_dict)}


def described(database: dict) -> str:
    """Return which database this is, without the user and the password: its name and host."""
    server = ":".join(str(database[key]) for key in ("HOST", "PORT") if database[key])
    return f"{database['NAME']} ({server})" if server else str(database["NAME"])
