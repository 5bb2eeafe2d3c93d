"""Resets the test database after tests that commit.

Django's own way truncates all tables and restores the migrations' rows from serialised text. Here
only tables with rows are emptied, and only initial rows that changed are restored."""

from django.apps import apps
from django.db import connections, transaction
from django.db.models import QuerySet

_first_rows = {}  # by model, as created by migrations: [{column: value}]


def remember_first_rows(using="default"):
    """Record the rows of a new database; call once, before the first test."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and (rows := _rows(model, using)):
            _first_rows[model] = rows


def reset(using="default"):
    """Leave the database as ``remember_first_rows`` found it."""
    connection = connections[using]
    with transaction.atomic(using=using):
        changed = {
            model: rows for model, rows in _first_rows.items() if _rows(model, using) != rows
        }
        kept = {model._meta.db_table for model in _first_rows.keys() - changed.keys()}
        with connection.cursor() as cursor:
            for table in _that_hold_rows(connection, cursor):
                if table not in kept:
                    cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        for model, rows in changed.items():
            QuerySet(model, using=using).bulk_create([model(**values) for values in rows])


def _rows(model, using):
    return list(QuerySet(model, using=using).order_by("pk").values())


def _that_hold_rows(connection, cursor):
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    asked = (
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})"
        for table in tables
    )
    cursor.execute(" UNION ALL ".join(asked))
    return [table for (table,) in cursor.fetchall()]
