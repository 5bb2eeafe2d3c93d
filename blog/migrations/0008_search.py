from django.db import migrations, models

from blog import engines, html_to_text
from blog.words import folded

TABLE, WORDS = "blog_searchentry", "blog_searchwords"
# External content, kept by triggers: https://www.sqlite.org/fts5.html#external_content_tables
# The tokenizer parts at spaces alone: what is not ASCII counts as a letter, and of ASCII only
# letters and digits are ever stored.
COME = f"INSERT INTO {WORDS}(rowid, title, text) VALUES (new.id, new.title, new.text);"  # noqa: S608
GO = (
    f"INSERT INTO {WORDS}({WORDS}, rowid, title, text) "  # noqa: S608
    "VALUES ('delete', old.id, old.title, old.text);"
)
TABLE_OF_WORDS = (
    f"CREATE VIRTUAL TABLE {WORDS} USING fts5("
    f"title, text, content='{TABLE}', content_rowid='id', tokenize='ascii')"
)
SQLITE = [
    TABLE_OF_WORDS,
    f"CREATE TRIGGER {WORDS}_come AFTER INSERT ON {TABLE} BEGIN {COME} END",
    f"CREATE TRIGGER {WORDS}_go AFTER DELETE ON {TABLE} BEGIN {GO} END",
    f"CREATE TRIGGER {WORDS}_change AFTER UPDATE ON {TABLE} BEGIN {GO} {COME} END",
]
POSTGRESQL = [
    f"ALTER TABLE {TABLE} ADD COLUMN vector tsvector NOT NULL DEFAULT ''",
    f"CREATE INDEX blog_search_vector ON {TABLE} USING gin (vector)",
]


def add_engine(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in POSTGRESQL if vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove_engine(apps, schema_editor):
    # On PostgreSQL column and index go with the table.
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TABLE {WORDS}")


def fill(apps, schema_editor):
    posts = apps.get_model("blog", "Post").objects.order_by("pk")
    columns = ("pk", "title", "excerpt", "body", "published_at", "created_at")
    rows = []
    for key, title, excerpt, body, published, created in posts.values_list(*columns).iterator(100):
        text = folded(f"{excerpt} {html_to_text.words(body)}")
        rows.append(("post", key, folded(title), text, published or created))
        if len(rows) == 100:
            engines.put(rows)
            rows = []
    engines.put(rows)


class Migration(migrations.Migration):
    dependencies = [("blog", "0007_first_content_notes")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("key", models.BigIntegerField()),
                ("title", models.TextField()),
                ("text", models.TextField()),
                ("date", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "key"), name="blog_search_entry_unique")
                ],
            },
        ),
        migrations.RunPython(add_engine, remove_engine),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
