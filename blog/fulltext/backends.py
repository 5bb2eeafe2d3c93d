"""SQL for the full-text index on PostgreSQL and SQLite, with the same results on both.

PostgreSQL: a ``tsvector`` (title words have weight A) with a GIN index. It stores no positions,
which it would lose in long texts anyway; a phrase is looked up in the folded text of the rows that
contain all its words. SQLite: an FTS5 table that triggers keep in sync with ours. Neither database
tokenizes: words come folded from ``blog.fulltext.normalization`` and consist of letters, marks and
digits. User input is only ever passed as a parameter.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from blog.fulltext.query import Query, Term

Sql = tuple[str, list]  # a condition and its parameters

TABLE, WORDS = "blog_searchentry", "blog_searchwords"
COLUMNS = ("kind", "key", "title", "text", "date")


class PostgreSQLBackend:
    @staticmethod
    def columns(title: str, text: str) -> dict[str, tuple[str, str]]:
        """Return ``{column: (placeholder, value)}`` of the columns beside those of the model."""
        weights = dict.fromkeys(text.split(), "2")
        for word in title.split():
            weights[word] = "1A,2" if word in weights else "1A"
        vector = " ".join(f"'{word}':{weight}" for word, weight in weights.items())
        return {"vector": ("%s::tsvector", vector)}

    @staticmethod
    def holds(term: Term, title: bool = False) -> Sql:
        """Return the condition that a row (with ``title``: its title) contains a term."""
        *before, last = [f"'{word}'" for word in term.words]
        marks = ("*" if term.prefix else "") + ("A" if title else "")
        before = [f"{word}:A" if title else word for word in before]
        asked = " & ".join([*before, f"{last}:{marks}" if marks else last])
        sql, values = f"{TABLE}.vector @@ %s::tsquery", [asked]
        if before:
            phrase = f"% {' '.join(term.words)}{'' if term.prefix else ' '}%"
            columns = ("title",) if title else ("title", "text")
            like = " OR ".join(f"' ' || {TABLE}.{column} || ' ' LIKE %s" for column in columns)
            sql, values = f"{sql} AND ({like})", [*values, *[phrase] * len(columns)]
        return f"({sql})", values

    @classmethod
    def joined(cls, word: str, terms: Sequence[Term], title: bool = False) -> Sql:
        """Return the condition for all terms (``word`` " AND ") or any of them (" OR ")."""
        return _joined(word, [cls.holds(term, title) for term in terms])

    @staticmethod
    def let_go() -> None:
        """Do nothing: deleted rows leave no words in the index."""


class SQLiteBackend:
    @staticmethod
    def columns(title: str, text: str) -> dict[str, tuple[str, str]]:
        """Return no columns: triggers fill the FTS5 table."""
        return {}

    @classmethod
    def holds(cls, term: Term, title: bool = False) -> Sql:
        """Return the condition that a row (with ``title``: its title) contains a term."""
        return cls.joined(" AND ", [term], title)

    @staticmethod
    def joined(word: str, terms: Sequence[Term], title: bool = False) -> Sql:
        """Return the condition for all terms (" AND ") or any (" OR "), as one MATCH."""
        asked = word.join(f'"{" ".join(t.words)}"{"*" if t.prefix else ""}' for t in terms)
        sql = f"{TABLE}.id IN (SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s)"  # noqa: S608
        return sql, [f"title : ({asked})" if title else asked]

    @staticmethod
    def let_go() -> None:
        """Merge the FTS5 index: until then it only marks deleted words as deleted.

        https://www.sqlite.org/fts5.html#the_optimize_command
        """
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {WORDS}({WORDS}) VALUES ('optimize')")  # noqa: S608


def backend() -> type[PostgreSQLBackend] | type[SQLiteBackend]:
    """Return the backend of the database in use."""
    return PostgreSQLBackend if connection.vendor == "postgresql" else SQLiteBackend


def match_sql(query: Query) -> Sql:
    """Return the condition that a row contains every wanted term and no unwanted one."""
    holds = backend().holds
    parts = [backend().joined(" AND ", query.wanted)]
    parts += [(f"NOT {sql}", values) for sql, values in map(holds, query.unwanted)]
    return _joined(" AND ", parts)


def title_rank_sql(query: Query) -> Sql:
    """Return an expression: 2 if the title has every wanted term, 1 if it has some, else 0."""
    every, of_every = backend().joined(" AND ", query.wanted, title=True)
    if len(query.wanted) == 1:
        return f"CASE WHEN {every} THEN 2 ELSE 0 END", of_every
    some, of_some = backend().joined(" OR ", query.wanted, title=True)
    return f"CASE WHEN {every} THEN 2 WHEN {some} THEN 1 ELSE 0 END", [*of_every, *of_some]


def store_rows(rows: Sequence[tuple[str, int, str, str, datetime]]) -> None:
    """Upsert rows of COLUMNS, whose title and text are folded, by kind and key."""
    if not rows:
        return
    extra = backend().columns("", "")
    names = [*COLUMNS, *extra]
    marks = ["%s"] * len(COLUMNS) + [mark for mark, _value in extra.values()]
    changed = ", ".join(f"{name} = excluded.{name}" for name in names[2:])
    statement = (
        f"INSERT INTO {TABLE} ({', '.join(names)}) VALUES ({', '.join(marks)}) "  # noqa: S608
        f"ON CONFLICT (kind, key) DO UPDATE SET {changed}"
    )
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(statement, [_values(row, adapt) for row in rows])


def _values(row, adapt):
    kind, key, title, text, date = row
    more = [value for _mark, value in backend().columns(title, text).values()]
    return [kind, key, title, text, adapt(date), *more]


def _joined(word, parts):
    sql = word.join(sql for sql, _values in parts)
    return f"({sql})", [value for _sql, values in parts for value in values]
