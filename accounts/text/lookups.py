"""Look-ups in texts, the same in every script and on both databases.

SQLite knows the case of ASCII letters alone. So that no look-up has to think of it, Django's own
``iexact``, ``icontains``, ``istartswith`` and ``iendswith`` are replaced there by look-ups that
know all letters; on PostgreSQL they stay as they are. ``finds`` is new: what people search for in
a column, by the folding of ``accounts.text.spelling``.
"""

import re
import unicodedata
from functools import lru_cache

from django.db.backends.signals import connection_created
from django.db.models import Field, Lookup, lookups

from accounts.text import spelling

LONGEST = 60  # characters of what is looked for; each is a class of signs in the pattern


class _Caseless:
    """A look-up that SQLite makes between folded texts."""

    def as_sqlite(self, compiler, connection):
        lhs, params = self.process_lhs(compiler, connection)
        rhs, more = self.process_rhs(compiler, connection)
        folded = self.get_rhs_op(connection, f"HEARTH_CASELESS({rhs})")
        return f"HEARTH_CASELESS({lhs}) {folded}", [*params, *more]


class CaselessExact(_Caseless, lookups.IExact):
    pass


class CaselessContains(_Caseless, lookups.IContains):
    pass


class CaselessStart(_Caseless, lookups.IStartsWith):
    pass


class CaselessEnd(_Caseless, lookups.IEndsWith):
    pass


class Finds(Lookup):
    """Whether a text contains another in any spelling (:func:`spelling.pattern`)."""

    lookup_name = "finds"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        return compiler.compile(lookups.Regex(self.lhs, spelling.pattern(str(self.rhs)[:LONGEST])))

    def as_sqlite(self, compiler, connection):
        # The words, which are short, and not their pattern: it would be handed over for each row.
        lhs, params = self.process_lhs(compiler, connection)
        return f"HEARTH_FINDS({lhs}, %s)", [*params, str(self.rhs)[:LONGEST]]


def register() -> None:
    """Give these look-ups to all fields, and what they need to each connection with SQLite."""
    for lookup in (CaselessExact, CaselessContains, CaselessStart, CaselessEnd, Finds):
        Field.register_lookup(lookup)
    connection_created.connect(_teach, dispatch_uid="accounts.text.lookups")


def _teach(sender, connection, **_more):
    if connection.vendor == "sqlite":
        for name, count, function in (
            ("HEARTH_CASELESS", 1, _caseless),
            ("HEARTH_FINDS", 2, _finds),
        ):
            connection.connection.create_function(name, count, function, deterministic=True)


def _caseless(value):
    if not isinstance(value, str):
        return value
    return value.casefold() if value.isascii() else unicodedata.normalize("NFC", value).casefold()


def _finds(text, typed):
    return None if text is None else _search_for(typed)(str(text)) is not None


@lru_cache(100)
def _search_for(typed):
    return re.compile(spelling.pattern(typed)).search
