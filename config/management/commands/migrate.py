"""Django's `migrate`, refusing a database of an earlier schema of Hearth.

The migrations were restarted with the current schema. On the old tables the new ones would fail
half-way, so the command says what to do instead. `run` and `serve` call it, and refuse likewise.
"""

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

OURS = {"accounts", "blog", "comments"}
# Every database of the current schema has it, also one of a later version with migrations that
# are unknown here. Nobody should be told to abandon that one.
BEGUN_ANEW = ("blog", "0002_initial_rows")


class Command(migrate.Command):
    # Not `handle`: the system checks run before it, and would hide this error.
    def execute(self, *args, **options):
        connection = connections[options["database"]]
        if has_earlier_layout(connection):
            raise CommandError(refusal(connection))
        return super().execute(*args, **options)


def has_earlier_layout(connection: BaseDatabaseWrapper) -> bool:
    """Return whether this database was created by migrations of an earlier schema."""
    loader = MigrationLoader(connection)
    applied = loader.applied_migrations.keys()
    gone = {key for key in applied - loader.disk_migrations.keys() if key[0] in OURS}
    return bool(gone) and BEGUN_ANEW not in applied


def refusal(connection: BaseDatabaseWrapper) -> str:
    """Return the error message for such a database."""
    return _(
        "The database %(database)s was created by an earlier version of Hearth that "
        "arranged its tables differently. Nothing in it was changed. Please start with an "
        "empty one: set DATABASE_URL to a new database or, if this was only the demo, "
        "delete the folder var/. To export from the old database, keep it together with "
        "the version of Hearth that created it."
    ) % {"database": described(connection.settings_dict)}


def described(database: dict) -> str:
    """Return a database's name and host, without the user and the password."""
    server = ":".join(str(database[key]) for key in ("HOST", "PORT") if database[key])
    return f"{database['NAME']} ({server})" if server else str(database["NAME"])
