"""A large blog in seconds: rows that the database makes by itself, as Hearth would store them.

For plans of queries and for costs at a size that no command of Hearth's would load so fast. Texts
are made of words of known frequency; threads, counters and the search index are right.
"""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Address, Mail, User
from blog.fulltext import backends
from blog.models import Post, SearchEntry, Series, Tag
from comments.models import Comment, ModerationAction, Subscription
from comments.tree.numbering import ThreadCounter

# Of the rows: so many comments a thread, which waits as a whole or not at all; every so manieth
# thread is on the first post; of each hundred comments so many wait; so many are by the author; and
# so many by readers with an account, where there are any: by the first of them, by all in turn.
THREAD, ON_FIRST, WAITING, OWN, BY_FIRST, BY_READERS = 5, 10, 5, 2, 1, 10
# Comments a day: a million takes four months.
PER_DAY = 8_000
TAGS, SERIES = 40, 20
# In every comment and post; in every third; in one of a thousand; in one of fifty thousand.
EVERY, THIRD, SELDOM, RARE = "water", "harbour", "seldom7", "rare77"
TEXT = (
    f"'{EVERY} and light ' || CASE n % 3 WHEN 0 THEN '{THIRD} ' ELSE 'evening ' END || "
    "'seldom' || (n % 1000) || ' rare' || (n % 50000) || ' by path' || (n % 40) || ' with ' || "
    "'tea' || (n % 15) || ' and ' || 'stone' || (n % 300) || ' until ' || 'day' || (n % 7)"
)
SERIES_OF_ROWS = (
    "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {count})"
)


def fill(
    author: Any,
    comments: int,
    posts: int = 2_000,
    log: int | None = None,
    readers: tuple[int, int] = (0, 0),
) -> list[Post]:
    """Store that many posts by ``author`` and comments on them; return the posts, newest first.

    ``log`` is the number of rows in the log of decisions, a tenth of the comments if None;
    ``readers`` what ``people`` has returned. Updates the planner's statistics as far as the
    database would by itself.
    """
    stored = _posts(author, posts)
    first = _last(Comment) + THREAD
    _comments(author, stored[0].pk, posts, comments, first, readers)
    _log(author, comments // 10 if log is None else log, first)
    analyze()
    return stored


def people(count: int) -> tuple[int, int]:
    """Store so many accounts, as many addresses of guests, and a mail sent to each of those.

    All of them follow everything. Returns the key of the first account, and the count.
    """
    user, address = (_last(model) + 1 for model in (User, Address))
    now, far = _moment("0"), "'Reader ' || n"
    name, email = "'reader-' || n", "'reader-' || n || '@example.org'"
    account = {"id": f"{user} + n", "username": name, "username_key": name, "email": email}
    account |= {"display_name": far, "date_joined": now, "is_active": "TRUE", "is_public": "TRUE"}
    _insert(User, account, count, "n - 1")
    guest = "'guest-' || n || '@example.org'"
    verified = {"created_at": now, "verified_at": now}
    columns = {"id": f"{address} + n", "email": guest, "key": guest} | verified
    _insert(Address, columns, count, "n - 1")
    for column, first, letter in (("user_id", user, "u"), ("address_id", address, "a")):
        follower = f"'{letter}' || ({first} + n)"
        target = {column: f"{first} + n", "follower": follower, "key": f"{follower} || ' all'"}
        times = {"created_at": now, "confirmed_at": now}
        _insert(Subscription, target | times, count, "n - 1")
    mail = {"name": "'reply'", "to_address": guest, "arguments": "'{}'", "sent_at": now}
    _insert(Mail, mail | {"created_at": now, "due_at": now}, count, "n - 1")
    for model in (User, Address):
        _set_sequence(model)
    return user, count


def analyze() -> None:
    """Update the planner's statistics on PostgreSQL, whose autovacuum does so by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _posts(author, count):
    now = timezone.now()
    series = Series.objects.bulk_create(
        Series(title=f"Walks {n}", slug=f"walks-{n}") for n in range(SERIES)
    )
    tags = Tag.objects.bulk_create(Tag(name=f"Topic {n}", slug=f"topic-{n}") for n in range(TAGS))
    made = Post.objects.bulk_create(
        Post(
            title=f"{EVERY} and {THIRD if n % 3 == 0 else 'evening'} {n}",
            slug=f"crowd-{n}",
            author=author,
            body=f"<p>{EVERY} light {THIRD if n % 3 == 0 else ''} seldom{n % 1000}</p>",
            status=Post.Status.PUBLISHED,
            published_at=now - timedelta(hours=n + 1),
            comment_mode=Post.CommentMode.OPEN,
            series=series[n % SERIES] if n % 4 == 0 else None,
            series_position=n if n % 4 == 0 else None,
        )
        for n in range(count)
    )
    SearchEntry.put(backends.POST, (post.searched for post in made))
    through = Post.tags.through
    through.objects.bulk_create(
        through(post=post, tag=tags[(n + more) % TAGS])
        for n, post in enumerate(made)
        for more in (0, 7)
    )
    return made


def _comments(author, post, posts, count, first, readers):
    """``post``, ``first``: the keys of the first post and of the first comment."""
    thread, root = f"(n / {THREAD})", f"({first} + n - n % {THREAD})"
    is_root, place = f"n % {THREAD} = 0", f"n % {THREAD}"
    waits = f"n % 100 >= {100 - WAITING}"
    # Those of the first post have no gaps, as they have where nothing was ever purged.
    number = f"CASE WHEN {thread} % {ON_FIRST} = 0 THEN {thread} / {ON_FIRST} ELSE {thread} END + 1"
    full = min(count, count - count % THREAD)
    moment = _moment(f"({full} - n) * {86_400 / PER_DAY}")
    reader, accounts = readers
    by_account = f"WHEN n % 100 < {OWN} THEN {author.pk}"
    if accounts:
        by_account += f" WHEN n % 100 < {OWN + BY_FIRST} THEN {reader}"
        share = OWN + BY_FIRST + BY_READERS
        by_account += f" WHEN n % 100 < {share} THEN {reader} + (n / 100) % {accounts}"
    columns = {
        "id": f"{first} + n",
        "post_id": f"CASE WHEN {thread} % {ON_FIRST} = 0 OR {posts} = 1 THEN {post} "
        f"ELSE {post} + 1 + {thread} % {max(posts - 1, 1)} END",
        "parent_id": f"CASE WHEN {is_root} THEN NULL ELSE {root} END",
        "number": f"CASE WHEN {is_root} AND NOT {waits} THEN {number} END",
        "tree_id": root,
        "lft": f"CASE WHEN {is_root} THEN 1 ELSE 2 * ({place}) END",
        "rght": f"CASE WHEN {is_root} THEN {2 * THREAD} ELSE 2 * ({place}) + 1 END",
        "level": f"CASE WHEN {is_root} THEN 0 ELSE 1 END",
        "visible_count": f"CASE WHEN {is_root} AND NOT {waits} THEN {THREAD} ELSE 0 END",
        "user_id": f"CASE {by_account} END",
        "name": "'Wren ' || (n % 5000)",
        "email": "CASE n % 4 WHEN 0 THEN '' ELSE 'w' || (n % 20000) || '@example.org' END",
        "salt": "'abcdefabcdef'",
        "body": TEXT,
        "body_html": f"'<p>' || {TEXT} || '</p>'",
        "created_at": moment,
        "status": f"CASE WHEN {waits} THEN 0 ELSE 1 END",
        "queue_priority": str(Comment.QueuePriority.USUAL.value),
        "approved_at": f"CASE WHEN {waits} THEN NULL ELSE {moment} END",
    }
    # The rows count from 0, so that whole threads are made.
    _insert(Comment, columns, full, "n - 1")
    vector = {"vector": "to_tsvector('simple', body)"} if _is_postgresql() else {}
    entry = {"kind": "'comment'", "key": "id", "title": "''", "text": "body", "date": "created_at"}
    entry |= vector
    _run(
        f"INSERT INTO {backends.TABLE} ({', '.join(entry)}) SELECT {', '.join(entry.values())} "  # noqa: S608
        f"FROM comments_comment WHERE id >= {first} AND status = 1 ORDER BY id"
    )
    _run(
        f"INSERT INTO {ThreadCounter._meta.db_table} (post_id, last, threads) "  # noqa: S608
        f"SELECT post_id, max(number), count(*) FROM comments_comment WHERE id >= {first} "
        "AND number IS NOT NULL GROUP BY post_id"
    )
    _run(
        "UPDATE blog_post SET comment_count = (SELECT count(*) FROM comments_comment "
        "WHERE post_id = blog_post.id AND status = 1)"
    )
    _set_sequence(Comment)


def _log(author, count, first):
    if not count:
        return
    columns = {
        "comment_id": f"{first} + n",
        "comment_key": f"{first} + n",
        "who_id": f"CASE n % 5 WHEN 0 THEN NULL ELSE {author.pk} END",
        "act": "CASE n % 3 WHEN 0 THEN 'hold' ELSE 'approve' END",
        "from_status": "0",
        "to_status": "1",
        "created_at": _moment(f"({count} - n) * 60"),
    }
    _insert(ModerationAction, columns, count, "n - 1")


def _last(model):
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _set_sequence(model):
    """Let the next row of a table have a key after those that were given here."""
    if _is_postgresql():
        table = model._meta.db_table
        sequence = f"pg_get_serial_sequence('{table}', 'id')"
        _run(f"SELECT setval({sequence}, max(id)) FROM {table}")  # noqa: S608


def _insert(model, columns, count, number):
    """Insert ``count`` rows with these SQL expressions of ``n``; other columns have defaults."""
    values = {}
    for field in model._meta.concrete_fields:
        if field.column in columns:
            values[field.column] = columns[field.column]
        elif not field.primary_key:
            values[field.column] = _default(field)
    _run(
        f"INSERT INTO {model._meta.db_table} ({', '.join(values)}) "  # noqa: S608
        f"{SERIES_OF_ROWS.format(count=count)}, numbers(n) AS (SELECT {number} FROM series) "
        f"SELECT {', '.join(values.values())} FROM numbers"
    )


def _default(field):
    if field.has_default():
        value = field.get_default()
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        return str(int(value)) if isinstance(value, int) else f"'{value}'"
    return "NULL" if field.null else "''"


def _moment(seconds):
    """Return the SQL of the time so many seconds ago (an SQL expression)."""
    if _is_postgresql():
        return f"now() - ({seconds}) * interval '1 second'"
    return f"strftime('%Y-%m-%d %H:%M:%f', 'now', -({seconds}) || ' seconds')"


def _is_postgresql():
    return connection.vendor == "postgresql"


def _run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
