"""A bound on every statement of a request, so that nobody's page holds the database for minutes.

Only processes that answer requests have it (``begin``, called by config/wsgi.py): commands and due
work may take their time. PostgreSQL ends a statement after ``settings.STATEMENT_SECONDS``, also
one whose client has gone. SQLite counts steps instead, so that a slow machine or a long wait for
the lock ends nothing; inside the full-text index it takes no steps, which has bounds of its own
(blog.fulltext.backends).
"""

from django.conf import settings
from django.db import OperationalError
from django.db.backends.signals import connection_created

# Of SQLite's virtual machine in a second, at least; the steps between two looks at the count.
STEPS_A_SECOND, A_LOOK = 10_000_000, 100_000
# https://www.postgresql.org/docs/current/errcodes-appendix.html
QUERY_CANCELED = "57014"
INTERRUPTED = "interrupted"  # by SQLite's own words


def begin() -> None:
    """Bound the statements of all connections that are opened from now on."""
    if settings.STATEMENT_SECONDS:
        connection_created.connect(limit, dispatch_uid=__name__)


def limit(connection: object, **_: object) -> None:
    """Bound the statements of one connection."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = %s", [settings.STATEMENT_SECONDS * 1000])
        return
    looks, most = [0], settings.STATEMENT_SECONDS * STEPS_A_SECOND // A_LOOK

    def is_over():
        looks[0] += 1
        return looks[0] > most

    def from_the_start(execute, *arguments):
        looks[0] = 0
        return execute(*arguments)

    connection.connection.set_progress_handler(is_over, A_LOOK)
    # A connection that was closed and opened again would have two of them.
    connection.execute_wrappers[:] = [
        each for each in connection.execute_wrappers if each.__name__ != from_the_start.__name__
    ]
    connection.execute_wrappers.append(from_the_start)


def was_ended(error: OperationalError) -> bool:
    """Return whether a statement failed because it reached this bound."""
    cause = error.__cause__
    return getattr(cause, "sqlstate", None) == QUERY_CANCELED or str(cause) == INTERRUPTED
