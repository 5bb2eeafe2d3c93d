"""The test database as migrations left it, and the way back to that after a test that commits.

Django empties every table after such a test and reads the rows of the migrations from JSON before
the next one. Here SQLite gets its pages back, and PostgreSQL deletes from the tables alone whose
rows are not those of the first day. Both take some milliseconds.
"""

import sqlite3

from django.db import connection, transaction

KEPT = "as_migrated"  # a schema of PostgreSQL


def keep():
    """Remember what the database holds now; return a function that brings exactly that back."""
    connection.ensure_connection()
    return _keep_pages() if connection.vendor == "sqlite" else _keep_rows()


def _keep_pages():
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    connection.connection.backup(kept)

    def bring_back():
        connection.ensure_connection()
        kept.backup(connection.connection)

    return bring_back


def _keep_rows():
    tables = sorted(connection.introspection.django_table_names(include_views=False))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {KEPT} CASCADE; CREATE SCHEMA {KEPT}")
        filled = [table for table in tables if _has_rows(cursor, table)]
        for table in filled:
            cursor.execute(f'CREATE TABLE {KEPT}."{table}" AS TABLE "{table}"')
    to_ask = [_if_it_differs(table) if table in filled else _if_any(table) for table in tables]
    changed = " UNION ALL ".join(to_ask)

    def bring_back():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(changed)
            found = [table for (table,) in cursor.fetchall()]
            again = [table for table in found if table in filled]
            steps = [
                "SET CONSTRAINTS ALL DEFERRED",
                *(f'DELETE FROM "{table}"' for table in found),
                *(f'INSERT INTO "{table}" SELECT * FROM {KEPT}."{table}"' for table in again),
            ]
            cursor.execute(";".join(steps))

    return bring_back


def _has_rows(cursor, table):
    cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
    return cursor.fetchone()[0]


def _if_any(table):
    return f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")"


def _if_it_differs(table):
    """Compare as texts: rows of every type have one, and of these there are few."""
    rows = "(SELECT string_agg(each::text, '|' ORDER BY each::text) FROM {} each)"
    now, kept = rows.format(f'"{table}"'), rows.format(f'{KEPT}."{table}"')
    return f"SELECT '{table}' WHERE {now} IS DISTINCT FROM {kept}"
