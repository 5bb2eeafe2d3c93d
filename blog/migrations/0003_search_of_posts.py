"""Posts get a full-text index of their own: a search of posts grew with the comments."""

from django.db import migrations

TABLE, POST_WORDS, WORDS = "blog_searchentry", "blog_postwords", "blog_searchwords"
# A longest prefix of three letters is asked of comments most often, and would collect all words
# that begin so: https://www.sqlite.org/fts5.html#prefix_indexes
INDEXES = {POST_WORDS: ("= 'post'", ""), WORDS: ("<> 'post'", ", prefix='3'")}


def _drop_sqlite(words):
    yield from (f"DROP TRIGGER {words}_{trigger}" for trigger in ("come", "go", "change"))
    yield f"DROP TABLE {words}"


def _make_sqlite(words, kinds, content, more=""):
    """Yield statements for an FTS5 table of the entries of some kinds, and its triggers.

    External content: https://www.sqlite.org/fts5.html#external_content_tables
    """
    come = f"INSERT INTO {words}(rowid, title, text) VALUES (new.id, new.title, new.text);"  # noqa: S608
    go = (
        f"INSERT INTO {words}({words}, rowid, title, text) "  # noqa: S608
        "VALUES ('delete', old.id, old.title, old.text);"
    )
    yield (
        f"CREATE VIRTUAL TABLE {words} USING fts5("
        f"title, text, content='{content}', content_rowid='id', tokenize='ascii'{more})"
    )
    for trigger, event, row, acts in (
        ("come", "INSERT", "new", come),
        ("go", "DELETE", "old", go),
        ("change", "UPDATE", "new", f"{go} {come}"),
    ):
        when = f"WHEN {row}.kind {kinds}" if kinds else ""
        yield f"CREATE TRIGGER {words}_{trigger} AFTER {event} ON {TABLE} {when} BEGIN {acts} END"
    yield f"INSERT INTO {words}({words}) VALUES ('rebuild')"  # noqa: S608


def part(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, (kinds, _more) in INDEXES.items():
            schema_editor.execute(
                f"CREATE INDEX {name} ON {TABLE} USING gin (vector) WHERE kind {kinds}"
            )
        schema_editor.execute("DROP INDEX blog_search_vector")
        return
    statements = [*_drop_sqlite(WORDS)]
    for words, (kinds, more) in INDEXES.items():
        # The content is a view, so that FTS5 can rebuild and check each index by itself.
        statements.append(
            f"CREATE VIEW {words}_content AS SELECT id, title, text FROM {TABLE} "  # noqa: S608
            f"WHERE kind {kinds}"
        )
        statements += _make_sqlite(words, kinds, f"{words}_content", more)
    for statement in statements:
        schema_editor.execute(statement)


def join(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE INDEX blog_search_vector ON {TABLE} USING gin (vector)")
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX {name}")
        return
    statements = []
    for words in INDEXES:
        statements += [*_drop_sqlite(words), f"DROP VIEW {words}_content"]
    statements += _make_sqlite(WORDS, "", TABLE)
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_initial_rows")]

    operations = [migrations.RunPython(part, join)]
