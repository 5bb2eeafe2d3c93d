"""Queries whose SQL Django writes once, and not again for every page.

To write the SQL of a page takes Django longer than its templates, and ten times as long as a
database takes to answer. What changes from one page to the next are values: ``@prepared``
keeps the SQL, asks for it with the values of the day, and lets Django make of the rows what it
always does. See docs/decisions/0045-prepared-queries.md.
"""

from copy import copy
from functools import lru_cache, wraps

from django.db import connections
from django.db.models import Value

# Of one query are kept as many shapes; those asked for least lately are written anew.
SHAPES = 64


def prepared(**fields):
    """Decorator of a function that returns a queryset: calls of it return a list of its rows.

    ``fields`` are ``{name of a keyword: model field}`` of the values that may be others each time.
    The function gets something in their place that stands wherever a query takes a value, but for
    None, lists and slices, which change the SQL. So do positional arguments: they are hashable, and
    the SQL is kept for each set of them. Rows are instances, tuples or named tuples.
    """

    def decorate(build):
        @lru_cache(SHAPES)
        def written(*shape):
            places = {name: _Place(name, field) for name, field in fields.items()}
            return _Written(build(*shape, **places))

        @wraps(build)
        def rows(*shape, **values):
            return written(*shape).rows(values)

        return rows

    return decorate


class _Place(Value):
    """Where a value will stand: in the SQL a parameter, which is this object itself."""

    def __init__(self, name, field):
        super().__init__(name, field)

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def filled(self, values, connection):
        """Return the value of this place as the database takes it."""
        return self.output_field.get_db_prep_value(values[self.value], connection)


class _Written:
    """A query with its SQL. It stands for a queryset's query where Django reads the answer."""

    def __init__(self, queryset):
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(using=queryset.db)
        # What Django knows of the columns is left in the compiler by this.
        self.sql, self.parameters = self.compiler.as_sql()

    def rows(self, values):
        """Return a list of what the queryset would yield for these values."""
        return list(self.queryset._iterable_class(_Asked(self, values)))

    def with_values(self, values, using):
        """Return a compiler that has written its SQL already, for the connection of this thread."""
        compiler, connection = copy(self.compiler), connections[using]
        parameters = [
            each.filled(values, connection) if isinstance(each, _Place) else each
            for each in self.parameters
        ]
        compiler.connection = connection
        compiler.as_sql = lambda: (self.sql, parameters)
        return compiler


class _Asked:
    """What Django's iterables ask a queryset and its query for."""

    _known_related_objects = {}

    def __init__(self, written, values):
        self.db, self.model = written.queryset.db, written.queryset.model
        self._fields = written.queryset._fields
        self._written, self._values = written, values

    @property
    def query(self):
        return self

    def get_compiler(self, using):
        return self._written.with_values(self._values, using)
