"""SQL for the full-text index on PostgreSQL and SQLite, with the same results on both.

Posts have an index of their own, so that a search of posts costs the same however many comments
there are; everything else shares another. PostgreSQL: a ``tsvector`` (title words have weight A)
with two partial GIN indexes. It stores no positions, which it would lose in long texts anyway; a
phrase is looked up in the folded text of the rows that contain all its words. SQLite: two FTS5
tables that triggers keep in sync with ours. Neither database tokenizes: words come folded from
``blog.fulltext.normalization`` and consist of letters, marks and digits. User input is only ever
passed as a parameter.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from blog.fulltext.query import Query, Term


class Select(NamedTuple):
    """A SELECT of ``Match`` rows, at most ``most``, and its parameters."""

    sql: str
    values: list
    most: int


class Match(NamedTuple):
    """An entry that matches; of two, the greater is the better one.

    ``rank``: 2 if the title has all that is wanted, 1 if some, else 0. ``date`` is for sorting
    alone. Whether it is ``certain``: see ``of_others``.
    """

    rank: int
    date: float | str
    id: int
    kind: str
    key: int
    certain: bool


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
    DATE = "extract(epoch FROM date)::float8"  # the driver reads it sooner than a date

    @staticmethod
    def columns(title: str, text: str) -> dict[str, tuple[str, str]]:
        """Return ``{column: (placeholder, value)}`` of the columns beside those of the model."""
        weights = dict.fromkeys(text.split(), "2")
        for word in title.split():
            weights[word] = "1A,2" if word in weights else "1A"
        vector = " ".join(f"'{word}':{weight}" for word, weight in weights.items())
        return {"vector": ("%s::tsvector", vector)}

    @classmethod
    def of_posts(cls, query: Query) -> Select:
        """Return what finds posts by any of their words; if too many, those by their title."""
        others = [cls._not(term) for term in query.unwanted]
        where, values = _joined(" AND ", [cls._all(query.wanted), *others])
        # Not by the vector: of a long text it would have to be read whole.
        titles = [_phrases_in("spaced", term.ways) for term in query.wanted]
        in_title = " + ".join(f"{sql}::int" for sql, _values in titles)
        likes = [value for _sql, values_of_it in titles for value in values_of_it]
        sql = (
            f"SELECT CASE {in_title} WHEN {len(titles)} THEN 2 WHEN 0 THEN 0 ELSE 1 END AS rank, "  # noqa: S608
            f"date, id, kind, key, TRUE FROM (SELECT {cls.DATE} AS date, id, kind, key, "
            f"' ' || title || ' ' AS spaced FROM {TABLE} WHERE kind = '{POST}' AND {where} "
            f"OFFSET 0) AS found ORDER BY rank DESC, id DESC LIMIT {NEAR}"
        )
        return Select(sql, [*likes, *values], NEAR)

    @classmethod
    def of_others(cls, query: Query) -> Select:
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
            f"SELECT 0, {cls.DATE}, id, kind, key, {certain} "  # noqa: S608
            f"FROM ({' UNION ALL '.join(steps)}) AS {TABLE} LIMIT {most}"
        )
        return Select(sql, [*more, *[asked] * len(steps)], most)

    @staticmethod
    def _steps(match, most):
        """Yield SELECTs of the rows that match, each of a range of keys, the newest range first.

        Beyond the last of STEPS it is the oldest that are found first, for want of a shorter way.
        """
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT max(id) FROM {TABLE}")  # noqa: S608
            newest = cursor.fetchone()[0] or 0
        columns, others = "id, kind, key, title, text, date, vector", f"kind <> '{POST}'"
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
    def _holds(term):
        """Return the condition that a row contains a term."""
        sql, values = f"{TABLE}.vector @@ %s::tsquery", [_asked(term.ways)]
        if not (like := _phrases(term)):
            return f"({sql})", values
        return f"({sql} AND {like[0]})", [*values, *like[1]]


class SQLiteBackend:
    @staticmethod
    def columns(title: str, text: str) -> dict[str, tuple[str, str]]:
        """Return no columns: triggers fill the FTS5 tables."""
        return {}

    @classmethod
    def of_posts(cls, query: Query) -> Select:
        """Return what finds posts by any of their words; if too many, those by their title."""
        terms = [_quoted(term) for term in query.wanted]
        every, some = " AND ".join(terms), " OR ".join(terms)
        asked = {0: every, 2: f"title : ({every})"}
        if len(terms) > 1:
            asked[1] = f"({every}) AND title : ({some})"
        return cls._select(POST_WORDS, asked, query.unwanted)

    @classmethod
    def of_others(cls, query: Query) -> Select:
        """Return what finds everything else."""
        wanted, unwanted = _with_long_prefixes(query)
        return cls._select(WORDS, {0: " AND ".join(map(_quoted, wanted))}, unwanted)

    @staticmethod
    def _select(table, asked, unwanted):
        """Return the ``Select`` of what is asked: words in the language of FTS5, by rank."""
        but = f" NOT ({' OR '.join(map(_quoted, unwanted))})" if unwanted else ""
        # FTS5 goes backwards through its rows one by one, so that LIMIT ends the search.
        found = " UNION ALL ".join(
            f"SELECT * FROM (SELECT rowid, {rank} AS rank FROM {table} WHERE {table} MATCH %s "  # noqa: S608
            f"ORDER BY rowid DESC LIMIT {NEAR})"
            for rank in asked
        )
        # The date is no column of its own here, or the driver would read it as one.
        sql = (
            f"SELECT rank, date || '', id, kind, key, TRUE FROM (SELECT rowid, max(rank) AS rank "  # noqa: S608
            f"FROM ({found}) GROUP BY rowid ORDER BY 2 DESC, 1 DESC LIMIT {NEAR}) AS found "
            f"CROSS JOIN {TABLE} ON id = found.rowid"
        )
        return Select(sql, [f"({words}){but}" for words in asked.values()], NEAR)


def backend() -> type[PostgreSQLBackend] | type[SQLiteBackend]:
    """Return the backend of the database in use."""
    return PostgreSQLBackend if connection.vendor == "postgresql" else SQLiteBackend


def newest(query: Query, *, posts: bool, others: bool) -> tuple[list[Match], bool]:
    """Return ``(matches, cut)`` of the newest among posts and among everything else, best first.

    Matches in titles come first, then the newest. ``cut``: there were more than a search looks at.
    """
    matches, cut = [], False
    for wanted, find in ((posts, backend().of_posts), (others, backend().of_others)):
        if not wanted:
            continue
        select = find(query)
        with connection.cursor() as cursor:
            cursor.execute(select.sql, select.values)
            rows = cursor.fetchall()
        cut |= len(rows) >= select.most
        matches += [row for row in rows if row[-1]]
    return list(map(Match._make, sorted(matches, reverse=True))), cut


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


def _asked(ways):
    """Return the words of the ways of a term as a tsquery."""
    return " | ".join(f"({_asked_way(way)})" for way in ways)


def _asked_way(way):
    words = " & ".join(f"'{word}'" for word in way.words)
    return f"{words}:*" if way.prefix else words


def _phrases(term):
    """Return the condition that one way of a term is there with its words in a row.

    None if each way is a single word: then the vector says all.
    """
    single = [way for way in term.ways if len(way.words) == 1]
    if len(single) == len(term.ways):
        return None
    rows = [way for way in term.ways if len(way.words) > 1]
    parts = [_phrases_in(f"' ' || {TABLE}.{column} || ' '", rows) for column in ("title", "text")]
    if single:
        parts.insert(0, (f"{TABLE}.vector @@ %s::tsquery", [_asked(single)]))
    return _joined(" OR ", parts)


def _phrases_in(text, ways):
    """Return the condition that a text with a space at both ends contains one of these ways."""
    likes = [f"% {' '.join(way.words)}{'' if way.prefix else ' '}%" for way in ways]
    return f"({' OR '.join([f'{text} LIKE %s'] * len(likes))})", likes


def _joined(word, parts):
    sql = word.join(sql for sql, _values in parts)
    return f"({sql})", [value for _sql, values in parts for value in values]
