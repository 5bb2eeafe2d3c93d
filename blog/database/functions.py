"""JSON arrays and their aggregates, so that one subquery returns several columns or rows.

Building a subquery costs Django more time than the database needs to answer it. Django's own
``JSONArray`` probes each new SQLite connection for JSON support with three queries; every version
of SQLite that Django supports has it.
"""

from django.db.models import Aggregate, Func, JSONField


class Columns(Func):
    """The values of these columns as a JSON array."""

    function = "JSON_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, function="JSONB_BUILD_ARRAY", **more)


class Rows(Aggregate):
    """The ``Columns`` of a group's rows as a JSON array, in no particular order."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, function="JSONB_AGG", **more)
