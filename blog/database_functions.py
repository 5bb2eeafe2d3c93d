"""Several columns as one value, so that one subquery brings them beside a row of something else.

Django takes longer to write a subquery than a database to answer it. Its own ``JSONArray`` asks
each new connection to SQLite, in three queries, whether it knows JSON; all that it supports do.
"""

from django.db.models import Aggregate, Func, JSONField


class Columns(Func):
    """A list of the values of these columns."""

    function = "JSON_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, function="JSONB_BUILD_ARRAY", **more)


class Rows(Aggregate):
    """A list of the ``Columns`` of a group, in no order."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, function="JSONB_AGG", **more)
