"""How each database keeps folded texts and finds terms in them, so that both find the same.

PostgreSQL: a ``tsvector`` (words of the title weigh A) under a GIN index. It keeps no places
of words, which it would lose in long texts anyway; a phrase is looked up in the folded text
of what holds all its words. SQLite: an FTS5 table that triggers of the database keep beside
ours. Neither tokenizes anything: words come folded from ``blog.fulltext.normalization``, made of
letters, marks and digits alone, and what somebody typed is never part of a statement.
"""

from django.db import connection

TABLE, WORDS = "blog_searchentry", "blog_searchwords"
COLUMNS = ("kind", "key", "title", "text", "date")


class PostgreSQLBackend:
    @staticmethod
    def columns(title, text):
        """Return ``{column: (placeholder, value)}`` that a row has besides ours."""
        weights = dict.fromkeys(text.split(), "2")
        for word in title.split():
            weights[word] = "1A,2" if word in weights else "1A"
        vector = " ".join(f"'{word}':{weight}" for word, weight in weights.items())
        return {"vector": ("%s::tsvector", vector)}

    @staticmethod
    def holds(term, title=False):
        """Return ``(SQL, parameters)`` for whether a row holds a term, or its title does."""
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
    def joined(cls, word, terms, title=False):
        """Return the same for all terms (" AND ") or some (" OR ")."""
        return _joined(word, [cls.holds(term, title) for term in terms])

    @staticmethod
    def let_go():
        """Words that no row holds any more are in no index either."""


class SQLiteBackend:
    @staticmethod
    def columns(title, text):
        return {}

    @classmethod
    def holds(cls, term, title=False):
        """Return ``(SQL, parameters)`` for whether a row holds a term, or its title does."""
        return cls.joined(" AND ", [term], title)

    @staticmethod
    def joined(word, terms, title=False):
        """Return the same for all terms (" AND ") or some (" OR "), looked up at once."""
        asked = word.join(f'"{" ".join(t.words)}"{"*" if t.prefix else ""}' for t in terms)
        sql = f"{TABLE}.id IN (SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s)"  # noqa: S608
        return sql, [f"title : ({asked})" if title else asked]

    @staticmethod
    def let_go():
        """Merge the index: until then it only notes which of its words are gone.

        https://www.sqlite.org/fts5.html#the_optimize_command
        """
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {WORDS}({WORDS}) VALUES ('optimize')")  # noqa: S608


def backend():
    """Return how the database at hand does it."""
    return PostgreSQLBackend if connection.vendor == "postgresql" else SQLiteBackend


def match_sql(query):
    """Return ``(SQL, parameters)`` for whether a row holds what is wanted, and nothing else."""
    holds = backend().holds
    parts = [backend().joined(" AND ", query.wanted)]
    parts += [(f"NOT {sql}", values) for sql, values in map(holds, query.unwanted)]
    return _joined(" AND ", parts)


def title_rank_sql(query):
    """Return ``(SQL, parameters)``: 2 with every wanted term in the title, 1 with some, else 0."""
    every, of_every = backend().joined(" AND ", query.wanted, title=True)
    if len(query.wanted) == 1:
        return f"CASE WHEN {every} THEN 2 ELSE 0 END", of_every
    some, of_some = backend().joined(" OR ", query.wanted, title=True)
    return f"CASE WHEN {every} THEN 2 WHEN {some} THEN 1 ELSE 0 END", [*of_every, *of_some]


def store_rows(rows):
    """Store rows of COLUMNS (texts folded), in place of those of the same kind and key."""
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
