"""Tables of the blog, and the full-text index that each database keeps of its texts."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import blog.models.settings

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
        for trigger in ("come", "go", "change"):
            schema_editor.execute(f"DROP TRIGGER {WORDS}_{trigger}")
        schema_editor.execute(f"DROP TABLE {WORDS}")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContentNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="A word or two, such as “grief”.",
                        max_length=60,
                        unique=True,
                        verbose_name="topic",
                    ),
                ),
                (
                    "description",
                    models.CharField(
                        blank=True,
                        help_text="One line, for readers choosing which topics to always show.",
                        max_length=200,
                        verbose_name="description",
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, verbose_name="position in list"),
                ),
                (
                    "retired",
                    models.BooleanField(
                        default=False,
                        help_text="Anything with this note keeps it. It can’t be chosen for anything new.",
                        verbose_name="no longer offered",
                    ),
                ),
            ],
            options={
                "verbose_name": "content note",
                "verbose_name_plural": "content notes",
                "ordering": ["order", "name"],
            },
        ),
        migrations.CreateModel(
            name="IndexNowPing",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("told", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=200, unique=True, verbose_name="slug"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "description",
                    models.TextField(
                        blank=True,
                        help_text="Shown above the posts. Plain text.",
                        verbose_name="description",
                    ),
                ),
            ],
            options={
                "verbose_name": "series",
                "verbose_name_plural": "series",
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=200, unique=True, verbose_name="slug"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="WebSubPing",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("told", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ChangeCounter",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("total", models.PositiveBigIntegerField(default=0)),
                ("everywhere", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="blog_changecounter_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Image",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.CharField(editable=False, max_length=200)),
                ("width", models.PositiveIntegerField(editable=False, verbose_name="width")),
                ("height", models.PositiveIntegerField(editable=False, verbose_name="height")),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="Helps you find it again. Not shown to readers.",
                        max_length=200,
                        verbose_name="title",
                    ),
                ),
                (
                    "alt",
                    models.CharField(
                        blank=True,
                        help_text="For people who can’t see it: a sentence or two, as you’d describe it to a friend.",
                        max_length=1000,
                        verbose_name="description (alt text)",
                    ),
                ),
                (
                    "decorative",
                    models.BooleanField(
                        default=False,
                        help_text="It adds nothing to the text. Screen readers won’t mention it.",
                        verbose_name="decorative",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="uploaded at",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pictures",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "image",
                "verbose_name_plural": "images",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(fields=["-created_at"], name="blog_image_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("file", "uploaded_by"), name="blog_image_once_each"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decorative", False), ("alt", ""), _connector="OR"),
                        name="blog_image_decoration_is_silent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("post", "post"), ("page", "page")],
                        default="post",
                        max_length=4,
                        verbose_name="type",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True,
                        blank=True,
                        help_text="Leave empty to use the title. If you change it, the old URL redirects.",
                        max_length=200,
                        unique=True,
                        verbose_name="slug",
                    ),
                ),
                ("body", models.TextField(blank=True, verbose_name="text")),
                (
                    "excerpt",
                    models.TextField(
                        blank=True,
                        help_text="Shown in lists and feeds. Plain text.",
                        verbose_name="excerpt",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="A code such as en, de or pt-BR. Leave empty to use the blog’s language.",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*\\Z",
                                "This isn’t a language code. Examples: en, de, pt-BR",
                            )
                        ],
                        verbose_name="language",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("scheduled", "scheduled"),
                            ("published", "published"),
                            ("archived", "archived"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="publish date"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="updated at"
                    ),
                ),
                (
                    "touched_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("revision", models.PositiveBigIntegerField(default=0, editable=False)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "series_position",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Leave empty to put it last.",
                        null=True,
                        verbose_name="position in series",
                    ),
                ),
                ("in_menu", models.BooleanField(default=False, verbose_name="show in menu")),
                ("menu_order", models.IntegerField(default=0, verbose_name="position in menu")),
                (
                    "lead_alt",
                    models.CharField(
                        blank=True,
                        help_text="For people who can’t see it. Leave empty to use the description from the image library.",
                        max_length=1000,
                        verbose_name="description (alt text)",
                    ),
                ),
                (
                    "comment_mode",
                    models.CharField(
                        choices=[
                            ("default", "blog default (pages: no comments)"),
                            ("open", "open: publish right away"),
                            (
                                "first-timers",
                                "first-timers: hold comments from people who are new here",
                            ),
                            ("moderated", "moderated: hold every comment"),
                            ("closed", "closed: show comments, but accept no new ones"),
                            ("hidden", "hidden: show no comments anywhere"),
                        ],
                        default="default",
                        max_length=12,
                        verbose_name="comments",
                    ),
                ),
                ("comment_count", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "show_help",
                    models.BooleanField(
                        default=False,
                        help_text="Shown below the text: where to find support, in this blog’s own words.",
                        verbose_name="show help block",
                    ),
                ),
                (
                    "noindex",
                    models.BooleanField(
                        default=False,
                        help_text="It still appears in this blog’s lists and feeds.",
                        verbose_name="ask search engines not to index it",
                    ),
                ),
                (
                    "by_mail",
                    models.BooleanField(
                        default=False, verbose_name="email to subscribers when published"
                    ),
                ),
                ("source", models.CharField(blank=True, editable=False, max_length=200)),
                ("source_id", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "content_notes",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Readers will see these topics first and choose whether to open the excerpt and text.",
                        related_name="posts",
                        to="blog.contentnote",
                        verbose_name="content notes",
                    ),
                ),
                (
                    "lead_image",
                    models.ForeignKey(
                        blank=True,
                        help_text="Shown above the text, as a thumbnail in lists, and when others link to the post.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="blog.image",
                        verbose_name="featured image",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        limit_choices_to={"kind": "page"},
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="children",
                        to="blog.post",
                        verbose_name="parent page",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="posts",
                        to="blog.series",
                        verbose_name="series",
                    ),
                ),
                (
                    "tags",
                    models.ManyToManyField(
                        blank=True, related_name="posts", to="blog.tag", verbose_name="tags"
                    ),
                ),
            ],
            options={
                "verbose_name": "post",
                "verbose_name_plural": "posts and pages",
                "ordering": ["-published_at", "-pk"],
                "indexes": [
                    models.Index(fields=["kind", "status", "-published_at"], name="blog_post_list"),
                    models.Index(fields=["author", "-published_at"], name="blog_post_author"),
                    models.Index(fields=["published_at"], name="blog_post_due"),
                    models.Index(
                        condition=models.Q(("by_mail", True)),
                        fields=["published_at"],
                        name="blog_post_by_mail",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("source", "source_id"),
                        name="blog_post_source_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "draft"), ("published_at__isnull", False), _connector="OR"
                        ),
                        name="blog_post_public_has_date",
                        violation_error_message="A post that isn’t a draft needs a publish date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "scheduled", "published", "archived"])
                        ),
                        name="blog_post_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="blog_post_not_own_parent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True), ("kind", "page"), _connector="OR"
                        ),
                        name="blog_post_parent_of_page",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug", ""), _negated=True),
                        name="blog_post_has_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("series__isnull", True),
                            models.Q(("kind", "post"), ("series_position__isnull", False)),
                            _connector="OR",
                        ),
                        name="blog_post_place_in_series",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PendingLeadImage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.CharField(max_length=200)),
                ("alt", models.CharField(blank=True, max_length=1000)),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lead_to_adopt",
                        to="blog.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OldAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=700, unique=True, verbose_name="old URL")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="old_addresses",
                        to="blog.post",
                        verbose_name="post",
                    ),
                ),
            ],
            options={
                "verbose_name": "redirect",
                "verbose_name_plural": "redirects",
                "ordering": ["path"],
            },
        ),
        migrations.CreateModel(
            name="Mailing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("week", models.DateTimeField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField(db_index=True, null=True)),
                ("told", models.CharField(blank=True, max_length=24)),
                ("count", models.PositiveIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "post",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mailing",
                        to="blog.post",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("post", None)),
                        fields=("week",),
                        name="blog_mailing_one_letter_a_week",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Blog",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "title",
                    models.CharField(default="Hearth", max_length=200, verbose_name="blog title"),
                ),
                ("tagline", models.CharField(blank=True, max_length=300, verbose_name="tagline")),
                (
                    "about",
                    models.TextField(
                        blank=True,
                        help_text="A sentence or two for search engines and feeds.",
                        verbose_name="description",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        default="en",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*\\Z",
                                "This isn’t a language code. Examples: en, de, pt-BR",
                            )
                        ],
                        verbose_name="language",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC",
                        max_length=60,
                        validators=[blog.models.settings.check_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "posts_per_page",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="posts per page",
                    ),
                ),
                (
                    "hub",
                    models.CharField(
                        blank=True,
                        help_text="URL of a hub that notifies feed readers of new posts. Leave empty to use none.",
                        max_length=200,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="WebSub hub",
                    ),
                ),
                (
                    "profiles",
                    models.TextField(
                        blank=True,
                        help_text='Full URLs, one per line. Each is linked with rel="me".',
                        validators=[blog.models.settings.check_profiles],
                        verbose_name="social profiles",
                    ),
                ),
                (
                    "indexnow",
                    models.CharField(
                        blank=True,
                        help_text="URL of a service that tells search engines about new and updated posts. Leave empty to notify none.",
                        max_length=200,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="IndexNow service",
                    ),
                ),
                (
                    "quick_exit",
                    models.CharField(
                        blank=True,
                        help_text="Where the quick exit link on every page goes: somewhere anyone might have open, such as a weather page. Leave empty for no link.",
                        max_length=200,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="quick exit",
                    ),
                ),
                (
                    "touched_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "help_page",
                    models.ForeignKey(
                        blank=True,
                        help_text="Shown below posts with the help block, and on the status page of anyone who seems to need help. If empty, or if readers can’t see the page, the help text from the comment settings is used.",
                        limit_choices_to={"kind": "page"},
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="blog.post",
                        verbose_name="help page",
                    ),
                ),
            ],
            options={
                "verbose_name": "blog settings",
                "verbose_name_plural": "blog settings",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="blog_blog_one_row"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("autosave", "autosaved, not saved"),
                            ("saved", "saved"),
                            ("restored", "restored"),
                        ],
                        max_length=8,
                    ),
                ),
                ("form", models.CharField(blank=True, max_length=32)),
                ("version", models.PositiveIntegerField(default=0)),
                ("fields", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="blog.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "version",
                "verbose_name_plural": "versions",
                "indexes": [
                    models.Index(
                        fields=["post", "kind", "-updated_at"], name="blog_revision_of_post"
                    ),
                    models.Index(fields=["author", "kind", "-updated_at"], name="blog_revision_by"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PreviewLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=32, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preview_links",
                        to="blog.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "preview link",
                "verbose_name_plural": "preview links",
            },
        ),
        migrations.CreateModel(
            name="RemovedSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("post", "Post"), ("comment", "Comment")], max_length=7
                    ),
                ),
                ("source", models.CharField(max_length=200)),
                ("source_id", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "source", "source_id"), name="blog_gone_source_unique"
                    )
                ],
            },
        ),
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
        migrations.CreateModel(
            name="OldSeriesSlug",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=200, unique=True, verbose_name="old slug"
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="old_slugs",
                        to="blog.series",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("discreet", models.BooleanField(default=True, verbose_name="discreet")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="requested"
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed")),
                ("subscriber", models.CharField(editable=False, max_length=24, unique=True)),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("at-once", "Right away"),
                            ("weekly", "Weekly, on Sunday evening"),
                        ],
                        default="at-once",
                        max_length=7,
                        verbose_name="how often",
                    ),
                ),
                ("weekly_until", models.DateTimeField(editable=False, null=True)),
                (
                    "address",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to="accounts.address",
                        verbose_name="guest email address",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "newsletter subscriber",
                "verbose_name_plural": "newsletter subscribers",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("user", None), ("address", None), _connector="XOR"),
                        name="blog_subscription_of_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OldTagSlug",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=200, unique=True, verbose_name="old slug"
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="old_slugs",
                        to="blog.tag",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RunPython(add_engine, remove_engine),
    ]
