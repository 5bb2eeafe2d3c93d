"""Bulk writes of comments, by the fastest way of each database.

They bypass Django's model layer and all guards. Only comments.imports.bulk_load and
comments.tree.repair use them, with values that they have computed.
"""

from collections.abc import Iterable, Mapping

from django.db import models

from comments.tree.guards import TREE_FIELDS


def insert(manager: models.Manager, records: Iterable[Mapping[str, object]]) -> None:
    """Insert records (``{column: value}``; missing columns get the field's default).

    PostgreSQL takes them by COPY, SQLite by one prepared statement.
    """
    connection = manager._get_connection()
    fields = manager.model._meta.concrete_fields
    rows = _rows(connection, fields, records)
    name = connection.ops.quote_name
    table = name(manager.model._meta.db_table)
    columns = ", ".join(name(each.column) for each in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"COPY {table} ({columns}) FROM STDIN"
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608


def _rows(connection, fields, records):
    defaults = [(each.column, each.get_default()) for each in fields]
    adapt = connection.ops.adapt_datetimefield_value
    times = [at for at, each in enumerate(fields) if isinstance(each, models.DateTimeField)]
    for record in records:
        row = [record.get(column, default) for column, default in defaults]
        adapted = {None: None}  # most of a row's times are missing, or the same
        for at in times:
            if (moment := row[at]) not in adapted:
                adapted[moment] = adapt(moment)
            row[at] = adapted[moment]
        yield row


def write_places(manager: models.Manager, places: Mapping[int, tuple[int, int, int, int]]) -> None:
    """Store the tree fields of comments: ``{key: (tree_id, lft, rght, level)}``."""
    connection = manager._get_connection()
    name = connection.ops.quote_name
    columns = ", ".join(f"{name(each)} = %s" for each in TREE_FIELDS)
    statement = f"UPDATE {name(manager.model._meta.db_table)} SET {columns} WHERE id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        if places:
            cursor.executemany(statement, [(*place, key) for key, place in places.items()])
