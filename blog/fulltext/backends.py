"""SQL for the full-text index on PostgreSQL and SQLite, with the same results on both.

Posts have an index of their own, so that a search of posts costs the same however many comments
there are; everything else shares another. PostgreSQL: a ``tsvector`` (title words have weight A)
with two partial GIN indexes. It stores no positions, which it would lose in long texts anyway; a
phrase is looked up in the folded text of the rows that contain all its words. SQLite: two FTS5
tables that triggers keep in sync with ours. Neither database tokenizes: words come folded from
``blog.fulltext.normalization`` and consist of letters, marks and digits. User input is only ever
passed as a parameter.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from blog.fulltext.query import Query, Term


class Select(NamedTuple):
    """A SELECT of (id, certain) of at most ``most`` matches, its parameters, and their rank."""

    sql: str
    values: list
    rank: int
    most: int


TABLE = "blog_searchentry"
COLUMNS = ("kind", "key", "title", "text", "date")
POST = "post"  # the kind that has an index of its own
# On SQLite, the index of posts and that of everything else.
POST_WORDS, WORDS = "blog_postwords", "blog_searchwords"

# A search looks at so many matches in each index, the newest: a frequent word is in every second
# comment, and no index can sort them all. They are the newest by key, which is the order in which
# entries were first stored.
NEAR = 1_500
# Entries with all the words of a phrase in which PostgreSQL looks for the phrase itself.
READ = 5_000
# Of everything else than posts, a shorter beginning of a word counts as a word: many words of every
# single comment begin with an "a".
LEAST_PREFIX = 3
# How many of the newest entries PostgreSQL looks at before older ones. The first are read one by
# one, whatever the planner thinks, as this finds what is frequent. Of the further ones it decides
# by its statistics whether the primary key or the index of words is the shorter way.
STEPS = (4_096, 65_536, 262_144, 1_048_576)


class PostgreSQLBackend:
    @staticmethod
    def columns(title: str, text: str) -> dict[str, tuple[str, str]]:
        """Return ``{column: (placeholder, value)}`` of the columns beside those of the model."""
        weights = dict.fromkeys(text.split(), "2")
        for word in title.split():
            weights[word] = "1A,2" if word in weights else "1A"
        vector = " ".join(f"'{word}':{weight}" for word, weight in weights.items())
        return {"vector": ("%s::tsvector", vector)}

    @classmethod
    def of_posts(cls, query: Query) -> list[Select]:
        """Return what finds posts by their title, and by any of their words."""
        every, others = cls._all(query.wanted), [cls._not(term) for term in query.unwanted]
        titles = [cls._holds(term, title=True) for term in query.wanted]
        ranked = [(0, [every]), (2, [_joined(" AND ", titles)])]
        if len(titles) > 1:
            ranked.append((1, [every, _joined(" OR ", titles)]))
        found = []
        for rank, conditions in ranked:
            where, values = _joined(" AND ", [*conditions, *others])
            # By their own keys, which have an index with the kind: all comments have ids between.
            sql = (
                f"SELECT id, TRUE FROM {TABLE} WHERE kind = '{POST}' AND {where} "  # noqa: S608
                f"ORDER BY key DESC LIMIT {NEAR}"
            )
            found.append(Select(sql, values, rank, NEAR))
        return found

    @classmethod
    def of_others(cls, query: Query) -> list[Select]:
        """Return what finds everything else.

        Not ``certain`` are those that have the words of a phrase, but not next to each other.
        """
        wanted, unwanted = _with_long_prefixes(query)
        asked = " & ".join([f"({_asked(term.ways)})" for term in wanted])
        asked += "".join(f" & !({_asked(term.ways)})" for term in unwanted if not _phrases(term))
        phrases = [like for term in wanted if (like := _phrases(term))]
        phrases += [cls._not(term) for term in unwanted if _phrases(term)]
        certain, more = _joined(" AND ", phrases) if phrases else ("TRUE", [])
        most = READ if phrases else NEAR
        steps = list(cls._steps(f"{TABLE}.vector @@ %s::tsquery", most))
        sql = (
            f"SELECT id, {certain} FROM ({' UNION ALL '.join(steps)}) AS {TABLE} "  # noqa: S608
            f"LIMIT {most}"
        )
        return [Select(sql, [*more, *[asked] * len(steps)], 0, most)]

    @staticmethod
    def _steps(match, most):
        """Yield SELECTs of the rows that match, each of a range of keys, the newest range first.

        Beyond the last of STEPS it is the oldest that are found first, for want of a shorter way.
        """
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT max(id) FROM {TABLE}")  # noqa: S608
            newest = cursor.fetchone()[0] or 0
        columns, others = "id, kind, title, text, vector", f"kind <> '{POST}'"
        edges = [newest - step for step in STEPS]
        # OFFSET 0 keeps the planner from looking into the subquery: it reads these rows.
        yield (
            f"SELECT * FROM (SELECT {columns} FROM {TABLE} WHERE {others} AND id > {edges[0]} "  # noqa: S608
            f"ORDER BY id DESC OFFSET 0) AS {TABLE} WHERE {match}"
        )
        for above, edge in zip(edges, [*edges[1:], 0], strict=True):
            if above <= 0:
                return
            order = "ORDER BY id DESC" if edge else ""
            yield (
                f"(SELECT {columns} FROM {TABLE} WHERE {others} AND id <= {above} "  # noqa: S608
                f"AND id > {max(edge, 0)} AND {match} {order} LIMIT {most})"
            )

    @classmethod
    def _all(cls, terms):
        return _joined(" AND ", [cls._holds(term) for term in terms])

    @classmethod
    def _not(cls, term):
        sql, values = cls._holds(term)
        return f"NOT {sql}", values

    @staticmethod
    def _holds(term, title=False):
        """Return the condition that a row (with ``title``: its title) contains a term."""
        sql, values = f"{TABLE}.vector @@ %s::tsquery", [_asked(term.ways, title)]
        if not (like := _phrases(term, title)):
            return f"({sql})", values
        return f"({sql} AND {like[0]})", [*values, *like[1]]


class SQLiteBackend:
    @staticmethod
    def columns(title: str, text: str) -> dict[str, tuple[str, str]]:
        """Return no columns: triggers fill the FTS5 tables."""
        return {}

    @classmethod
    def of_posts(cls, query: Query) -> list[Select]:
        """Return what finds posts by their title, and by any of their words."""
        terms = [_quoted(term) for term in query.wanted]
        every, some = " AND ".join(terms), " OR ".join(terms)
        asked = {0: every, 2: f"title : ({every})"}
        if len(terms) > 1:
            asked[1] = f"({every}) AND title : ({some})"
        return [
            cls._select(POST_WORDS, rank, words, query.unwanted) for rank, words in asked.items()
        ]

    @classmethod
    def of_others(cls, query: Query) -> list[Select]:
        """Return what finds everything else."""
        wanted, unwanted = _with_long_prefixes(query)
        return [cls._select(WORDS, 0, " AND ".join(map(_quoted, wanted)), unwanted)]

    @staticmethod
    def _select(table, rank, asked, unwanted):
        if unwanted:
            asked = f"({asked}) NOT ({' OR '.join(map(_quoted, unwanted))})"
        # FTS5 goes backwards through its rows one by one, so that LIMIT ends the search.
        sql = (
            f"SELECT rowid, TRUE FROM {table} WHERE {table} MATCH %s "  # noqa: S608
            f"ORDER BY rowid DESC LIMIT {NEAR}"
        )
        return Select(sql, [asked], rank, NEAR)


def backend() -> type[PostgreSQLBackend] | type[SQLiteBackend]:
    """Return the backend of the database in use."""
    return PostgreSQLBackend if connection.vendor == "postgresql" else SQLiteBackend


def newest(query: Query, *, posts: bool, others: bool) -> tuple[dict[int, int], bool]:
    """Return ``({id: rank}, cut)`` of the newest matches among posts and among everything else.

    Rank: 2 if the title has every wanted term, 1 if it has some, else 0. ``cut``: there were more
    than a search looks at.
    """
    selects = [*backend().of_posts(query)] if posts else []
    selects += backend().of_others(query) if others else []
    if not selects:
        return {}, False
    # In parentheses of its own, each keeps its order and its LIMIT on both databases.
    sql = " UNION ALL ".join(
        f"SELECT *, {number} FROM ({select.sql}) AS part_{number}"  # noqa: S608
        for number, select in enumerate(selects)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for select in selects for value in select.values])
        rows = cursor.fetchall()
    ranks = {}
    for key, certain, number in rows:
        if certain:
            ranks[key] = max(selects[number].rank, ranks.get(key, 0))
    counts = Counter(number for _key, _certain, number in rows)
    return ranks, any(counts[number] >= selects[number].most for number in counts)


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


def _with_long_prefixes(query):
    """Return wanted and unwanted terms, where short prefixes count as words."""

    def as_word(way):
        return way._replace(prefix=way.prefix and len(way.words[-1]) >= LEAST_PREFIX)

    def as_words(term):
        return Term(tuple(map(as_word, term.ways)))

    return tuple(tuple(map(as_words, terms)) for terms in (query.wanted, query.unwanted))


def _quoted(term):
    """Return a term in the language of FTS5."""
    ways = [f'"{" ".join(way.words)}"{"*" if way.prefix else ""}' for way in term.ways]
    return f"({' OR '.join(ways)})"


def _asked(ways, title=False):
    """Return the words of the ways of a term as a tsquery; with ``title``, in the title."""
    return " | ".join(f"({_asked_way(way, title)})" for way in ways)


def _asked_way(way, title):
    *before, last = [f"'{word}'" for word in way.words]
    marks = ("*" if way.prefix else "") + ("A" if title else "")
    before = [f"{word}:A" if title else word for word in before]
    return " & ".join([*before, f"{last}:{marks}" if marks else last])


def _phrases(term, title=False):
    """Return the condition that one way of a term is there with its words in a row.

    None if each way is a single word: then the vector says all.
    """
    single = [way for way in term.ways if len(way.words) == 1]
    if len(single) == len(term.ways):
        return None
    parts = [_like(way, title) for way in term.ways if len(way.words) > 1]
    if single:
        parts.insert(0, (f"{TABLE}.vector @@ %s::tsquery", [_asked(single, title)]))
    return _joined(" OR ", parts)


def _like(way, title):
    """Return the condition that title or text contain the words of a way in a row."""
    phrase = f"% {' '.join(way.words)}{'' if way.prefix else ' '}%"
    columns = ("title",) if title else ("title", "text")
    like = " OR ".join(f"' ' || {TABLE}.{column} || ' ' LIKE %s" for column in columns)
    return f"({like})", [phrase] * len(columns)


def _joined(word, parts):
    sql = word.join(sql for sql, _values in parts)
    return f"({sql})", [value for _sql, values in parts for value in values]
