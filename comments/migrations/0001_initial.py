"""Tables of the conversation, as they are in the first release."""

import datetime

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import mptt.fields
from django.conf import settings
from django.db import migrations, models

import comments.avatars
import comments.models.settings


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("blog", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(editable=False, null=True, verbose_name="number"),
                ),
                ("tree_id", models.PositiveBigIntegerField(editable=False)),
                ("lft", models.PositiveIntegerField(editable=False)),
                ("rght", models.PositiveIntegerField(editable=False)),
                ("level", models.PositiveIntegerField(editable=False)),
                ("visible_count", models.PositiveIntegerField(default=0, editable=False)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="name")),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="email (never shown)"
                    ),
                ),
                (
                    "salt",
                    models.CharField(
                        default=comments.avatars.new_salt, editable=False, max_length=12
                    ),
                ),
                ("disowned", models.BooleanField(default=False, editable=False)),
                ("claimed_at", models.DateTimeField(editable=False, null=True)),
                ("receipt", models.CharField(editable=False, max_length=64, null=True)),
                ("receipt_made_at", models.DateTimeField(editable=False, null=True)),
                ("body", models.TextField(verbose_name="text")),
                ("body_html", models.TextField(editable=False)),
                ("render_version", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="written"
                    ),
                ),
                (
                    "edited_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="edited"),
                ),
                (
                    "submission",
                    models.CharField(editable=False, max_length=64, null=True, unique=True),
                ),
                ("same_words", models.CharField(editable=False, max_length=32, null=True)),
                ("source", models.CharField(blank=True, editable=False, max_length=200)),
                ("source_id", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "waiting"),
                            (1, "approved"),
                            (2, "spam"),
                            (3, "removed"),
                            (4, "deleted by the writer"),
                        ],
                        default=0,
                        editable=False,
                        verbose_name="status",
                    ),
                ),
                (
                    "queue_priority",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "care"), (1, "normal"), (2, "probably spam")],
                        default=1,
                        editable=False,
                        verbose_name="queue section",
                    ),
                ),
                (
                    "held_because",
                    models.CharField(
                        blank=True, editable=False, max_length=200, verbose_name="why it’s waiting"
                    ),
                ),
                (
                    "approved_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="first approved"),
                ),
                (
                    "locked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="thread locked"),
                ),
                (
                    "content_note",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="blog.contentnote",
                    ),
                ),
                (
                    "parent",
                    mptt.fields.TreeForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="children",
                        to="comments.comment",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="blog.post",
                        verbose_name="post",
                    ),
                ),
                (
                    "proved_address",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.address",
                    ),
                ),
                (
                    "reply_to",
                    models.ForeignKey(
                        editable=False,
                        help_text="The comment it replies to, if the nesting limit placed it elsewhere.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="comments.comment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
                "permissions": [("moderate_comment", "Can moderate comments")],
                "indexes": [
                    models.Index(fields=["tree_id", "lft"], name="comment_tree"),
                    models.Index(
                        condition=models.Q(("number__isnull", False)),
                        fields=["post", "number", "visible_count"],
                        name="comment_threads",
                    ),
                    models.Index(
                        condition=models.Q(("parent__isnull", False)),
                        fields=["parent"],
                        name="comment_parent",
                    ),
                    models.Index(fields=["post", "status"], name="comment_post_status"),
                    models.Index(fields=["status", "created_at"], name="comment_status_created"),
                    models.Index(
                        condition=models.Q(("user__isnull", False)),
                        fields=["user", "post", "status"],
                        name="comment_writer",
                    ),
                    models.Index(
                        condition=models.Q(("status", 1)),
                        fields=["-approved_at", "-id"],
                        name="comment_newest",
                    ),
                    models.Index(
                        condition=models.Q(("user__isnull", True)),
                        fields=["name"],
                        name="comment_guest_name",
                    ),
                    models.Index(
                        condition=models.Q(("email", ""), _negated=True),
                        fields=["email"],
                        name="comment_email",
                    ),
                    models.Index(
                        condition=models.Q(("same_words__isnull", False)),
                        fields=["same_words", "created_at"],
                        name="comment_same_words",
                    ),
                    models.Index(
                        condition=models.Q(("content_note__isnull", False)),
                        fields=["content_note"],
                        name="comment_content_note",
                    ),
                    models.Index(
                        condition=models.Q(("status", 0)),
                        fields=["queue_priority", "created_at", "id"],
                        name="comment_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("reply_to__isnull", False)),
                        fields=["reply_to"],
                        name="comment_reply_to",
                    ),
                    models.Index(
                        condition=models.Q(("proved_address__isnull", False)),
                        fields=["proved_address"],
                        name="comment_proved",
                    ),
                    models.Index(
                        condition=models.Q(("locked_at__isnull", False)),
                        fields=["id"],
                        name="comment_locked",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", False),
                            models.Q(("level", 0), ("lft", 1), ("tree_id", models.F("id"))),
                            _connector="OR",
                        ),
                        name="comment_root",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lft__gte", 1), ("rght__gt", models.F("lft"))),
                        name="comment_span",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent", None),
                            models.Q(("parent", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="comment_not_own_parent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__lte", 100)), name="comment_depth"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", [0, 1, 2, 3, 4])), name="comment_status"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", None), ("parent", None), _connector="OR"),
                        name="comment_number_of_root",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", 1), _negated=True),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="comment_approved_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("user__isnull", False),
                            models.Q(("name", ""), _negated=True),
                            ("disowned", True),
                            _connector="OR",
                        ),
                        name="comment_has_writer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body", ""), _negated=True),
                            ("status__in", [2, 3, 4]),
                            _connector="OR",
                        ),
                        name="comment_has_text",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("number__isnull", False)),
                        fields=("post", "number"),
                        name="comment_number_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("source", "source_id"),
                        name="comment_source_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ModeratorMail",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("told_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReactionKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=30, verbose_name="button text")),
                ("folded", models.CharField(editable=False, max_length=90, unique=True)),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Lower numbers come first.", verbose_name="position"
                    ),
                ),
                (
                    "is_offered",
                    models.BooleanField(
                        default=True,
                        help_text="Reactions already given stay, and can still be undone.",
                        verbose_name="available",
                    ),
                ),
            ],
            options={
                "verbose_name": "reaction type",
                "verbose_name_plural": "reaction types",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RemovalReason",
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
                        help_text="Only moderators see it.",
                        max_length=60,
                        verbose_name="short name",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="Moderators can edit it each time before they send it.",
                        max_length=1000,
                        verbose_name="message to the writer",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Lower numbers come first.", verbose_name="position"
                    ),
                ),
                ("is_offered", models.BooleanField(default=True, verbose_name="available")),
            ],
            options={
                "verbose_name": "removal reason",
                "verbose_name_plural": "removal reasons",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SavedReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "use",
                    models.CharField(
                        choices=[
                            ("answer", "replies"),
                            ("care", "replies to someone in Care"),
                        ],
                        default="answer",
                        max_length=10,
                        verbose_name="used for",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="short name")),
                (
                    "text",
                    models.TextField(
                        help_text="{name} is replaced by the writer’s name. You can edit the text each time you use it.",
                        max_length=1000,
                        verbose_name="text",
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, verbose_name="position in list"),
                ),
            ],
            options={
                "verbose_name": "saved reply",
                "verbose_name_plural": "saved replies",
                "ordering": ["use", "order", "title"],
            },
        ),
        migrations.CreateModel(
            name="ThreadCounter",
            fields=[
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="blog.post",
                    ),
                ),
                ("last", models.PositiveIntegerField(default=0)),
                ("threads", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="ClassifierState",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "spam",
                    models.PositiveIntegerField(default=0, verbose_name="comments marked as spam"),
                ),
                ("kept", models.PositiveIntegerField(default=0, verbose_name="approved comments")),
                ("tokens", models.JSONField(default=dict)),
                ("held_from", models.FloatField(default=0)),
                ("quality", models.JSONField(default=dict)),
                ("learned_at", models.DateTimeField(null=True, verbose_name="last trained")),
                ("claimed_until", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "spam filter",
                "verbose_name_plural": "spam filter",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="comment_learned_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationJob",
            fields=[
                (
                    "comment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="comments.comment",
                    ),
                ),
                ("due_at", models.DateTimeField(db_index=True, null=True)),
                ("told", models.CharField(blank=True, max_length=24)),
            ],
        ),
        migrations.CreateModel(
            name="CheckResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("check_name", models.CharField(max_length=100, verbose_name="check")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("publish", "publish"),
                            ("hold", "hold"),
                            ("spam", "hold, probably spam"),
                            ("care", "care"),
                        ],
                        max_length=10,
                        verbose_name="verdict",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="comments.comment",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CareCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("why", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "opened_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
                ),
                ("shows_help", models.BooleanField(default=False, editable=False)),
                ("kept_words", models.TextField(blank=True, editable=False)),
                ("kept_until", models.DateTimeField(editable=False, null=True)),
                ("told_at", models.DateTimeField(editable=False, null=True)),
                ("second_due_at", models.DateTimeField(editable=False, null=True)),
                ("second_alerted_at", models.DateTimeField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "I replied"),
                            ("passed-on", "I asked someone who knows more"),
                            (
                                "well",
                                "Others are already supporting them, so nothing more is needed",
                            ),
                            ("otherwise", "It meant something else"),
                        ],
                        max_length=10,
                        verbose_name="what was done",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note for moderators")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handed_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handed over to",
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="care_cases",
                        to="comments.comment",
                    ),
                ),
            ],
            options={
                "verbose_name": "care case",
                "verbose_name_plural": "care cases",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["opened_at"],
                        name="comment_care_case_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("comment",),
                        name="comment_care_case_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConversationSettings",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "threads_per_page",
                    models.PositiveSmallIntegerField(
                        default=25,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="threads per page",
                    ),
                ),
                (
                    "replies_shown",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="Longer threads end with a link to the rest.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="replies shown per thread",
                    ),
                ),
                (
                    "display_depth",
                    models.PositiveSmallIntegerField(
                        default=4,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(8),
                        ],
                        verbose_name="maximum nesting depth",
                    ),
                ),
                (
                    "default_mode",
                    models.CharField(
                        choices=[
                            ("open", "open: publish right away"),
                            (
                                "first-timers",
                                "first-timers: hold comments from people who are new here",
                            ),
                            ("moderated", "moderated: hold every comment"),
                            ("closed", "closed: show comments, but accept no new ones"),
                            ("hidden", "hidden: show no comments anywhere"),
                        ],
                        default="first-timers",
                        max_length=12,
                        verbose_name="default for comments on posts",
                    ),
                ),
                (
                    "max_length",
                    models.PositiveIntegerField(
                        default=10000,
                        validators=[
                            django.core.validators.MinValueValidator(100),
                            django.core.validators.MaxValueValidator(50000),
                        ],
                        verbose_name="maximum comment length (characters)",
                    ),
                ),
                (
                    "close_after_days",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Counted from the publication date. Leave empty to never close them.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(36500),
                        ],
                        verbose_name="close comments after (days)",
                    ),
                ),
                (
                    "reader_word",
                    models.CharField(
                        blank=True,
                        help_text="Shown when a writer has removed their name from a comment. Leave empty to use “a reader”.",
                        max_length=80,
                        verbose_name="name shown on anonymised comments",
                    ),
                ),
                (
                    "avatar_key",
                    models.CharField(
                        default=comments.avatars.new_key, editable=False, max_length=64
                    ),
                ),
                (
                    "held_links",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=2,
                        help_text="A moderator reviews them first. Leave empty to never hold comments for links.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="hold comments with at least this many links",
                    ),
                ),
                (
                    "spam_service",
                    models.CharField(
                        blank=True,
                        help_text="An Akismet-compatible service, such as https://rest.akismet.com/1.1/comment-check. With a key, it gets the text and name of comments by people who aren’t trusted, and the form tells them first. Leave empty and nothing leaves this blog.",
                        max_length=200,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="spam service URL",
                    ),
                ),
                (
                    "spam_service_key",
                    models.CharField(blank=True, max_length=200, verbose_name="spam service key"),
                ),
                (
                    "checks_stamp",
                    models.CharField(
                        default=comments.models.settings.new_stamp, editable=False, max_length=16
                    ),
                ),
                (
                    "reports_to_hold",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=3,
                        help_text="The comment then waits for review, unless a moderator has reviewed it since its last edit. Leave empty so that reports never hide comments.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="reports needed to hide a comment",
                    ),
                ),
                (
                    "account_reports_count",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="A guest’s report counts as one.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="weight of a member’s report",
                    ),
                ),
                (
                    "moderator_mail",
                    models.CharField(
                        choices=[
                            ("off", "never"),
                            ("hourly", "once an hour"),
                            ("daily", "once a day, in the evening"),
                        ],
                        default="daily",
                        help_text="Moderators can each turn theirs off. Emails about Care still go out right away.",
                        max_length=10,
                        verbose_name="emails to moderators about waiting comments",
                    ),
                ),
                (
                    "quiet_from",
                    models.TimeField(
                        blank=True,
                        default=datetime.time(21, 0),
                        null=True,
                        verbose_name="quiet hours from",
                    ),
                ),
                (
                    "quiet_until",
                    models.TimeField(
                        blank=True,
                        default=datetime.time(7, 0),
                        help_text="In the blog’s time zone. Leave both empty for no quiet hours.",
                        null=True,
                        verbose_name="until",
                    ),
                ),
                (
                    "care_on",
                    models.BooleanField(
                        default=False,
                        help_text="Comments with a care phrase wait for a person, whoever wrote them; writers see the text below right away. Either way, readers can say that they’re worried about someone.",
                        verbose_name="turn on Care (watch for care phrases)",
                    ),
                ),
                (
                    "care_publishes",
                    models.BooleanField(
                        default=False,
                        help_text="The comment then appears as it would without the phrase. Someone is still notified, and the writer sees the help text.",
                        verbose_name="don’t hold comments for care phrases",
                    ),
                ),
                (
                    "care_help",
                    models.TextField(
                        blank=True,
                        help_text="For someone who may need help now: who listens in your readers’ countries, when, and whether by phone or in writing. Links, lists, **bold** and tel: links work as in comments; have someone who works in this field check it.",
                        max_length=5000,
                        verbose_name="help text",
                    ),
                ),
                (
                    "care_second_after",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="Counted from the first email, unless the case has been closed by then.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="minutes until the second contact is notified",
                    ),
                ),
                (
                    "care_blurred",
                    models.BooleanField(
                        default=True,
                        help_text="Until someone opens the text. Moderators can change this for themselves.",
                        verbose_name="blur the text of comments in Care",
                    ),
                ),
                ("break_until", models.DateTimeField(editable=False, null=True)),
                ("break_holds", models.BooleanField(default=False, editable=False)),
                (
                    "break_words",
                    models.TextField(
                        blank=True,
                        editable=False,
                        max_length=500,
                        verbose_name="message to readers",
                    ),
                ),
                (
                    "care_second_contact",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty to notify all moderators who haven’t been notified yet.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="second contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment settings",
                "verbose_name_plural": "comment settings",
                "permissions": [("take_break", "Can put the whole blog on a break")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="comment_settings_one_row"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DigestEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("follower", models.CharField(max_length=24)),
                ("due_at", models.DateTimeField()),
                ("posted_at", models.DateTimeField(null=True)),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="comments.comment",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("posted_at", None)),
                        fields=["due_at"],
                        name="comment_notice_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("follower", "comment"), name="comment_notice_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyPreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "quiet_from",
                    models.TimeField(blank=True, null=True, verbose_name="quiet hours from"),
                ),
                (
                    "quiet_until",
                    models.TimeField(blank=True, null=True, verbose_name="quiet hours until"),
                ),
                (
                    "blurs",
                    models.BooleanField(
                        blank=True,
                        choices=[(None, "same as the blog"), (True, "yes"), (False, "no")],
                        help_text="The text stays blurred until you click, tap or tab to it.",
                        null=True,
                        verbose_name="blur the text of comments in Care",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duty_wish",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "my on-call settings",
                "verbose_name_plural": "my on-call settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from", None), ("quiet_until", None)),
                            models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="comment_quiet_both",
                        violation_error_message="Quiet hours need both a start and an end.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutySlot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="day",
                    ),
                ),
                ("starts", models.TimeField(verbose_name="from")),
                (
                    "ends",
                    models.TimeField(
                        help_text="If this isn’t later than the start, it means the next day. 20:00 until 08:00 is a night, 00:00 until 00:00 a full day.",
                        verbose_name="until",
                    ),
                ),
                (
                    "moderator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duty_slots",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "on-call shift",
                "verbose_name_plural": "on-call shifts",
                "ordering": ["weekday", "starts", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="comment_duty_weekday"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ModerationAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "comment_key",
                    models.BigIntegerField(
                        db_index=True,
                        help_text="Kept even when the comment itself is gone.",
                        verbose_name="comment number",
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("hold", "held"),
                            ("approve", "approved"),
                            ("spam", "marked as spam"),
                            ("remove", "removed"),
                            ("restore", "restored"),
                            ("edit", "edited by the writer"),
                            ("withdraw", "deleted by the writer"),
                            ("note", "content note changed"),
                            ("disown", "name removed by the writer"),
                            ("keep", "kept as is"),
                            ("trust", "writer trusted"),
                            ("untrust", "writer no longer trusted"),
                            ("ban", "writer banned"),
                            ("unban", "writer no longer banned"),
                            ("lock", "thread locked"),
                            ("unlock", "thread unlocked"),
                            ("care", "added to Care"),
                            ("hand-over", "handed over to a colleague"),
                            ("close-care", "care case closed"),
                            ("undo", "decision undone"),
                        ],
                        max_length=20,
                        verbose_name="action",
                    ),
                ),
                ("from_status", models.PositiveSmallIntegerField(null=True, verbose_name="before")),
                ("to_status", models.PositiveSmallIntegerField(verbose_name="after")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "verdict",
                    models.CharField(blank=True, max_length=200, verbose_name="check result"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="when"
                    ),
                ),
                ("was", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "comment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="actions",
                        to="comments.comment",
                        verbose_name="comment",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="comments.moderationaction",
                    ),
                ),
                (
                    "who",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "moderation log entry",
                "verbose_name_plural": "moderation log entries",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Phrase",
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
                        choices=[("hold", "hold"), ("spam", "probably spam"), ("care", "care")],
                        max_length=10,
                        verbose_name="list",
                    ),
                ),
                ("text", models.CharField(max_length=100, verbose_name="word or phrase")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "watched word",
                "verbose_name_plural": "watched words",
                "ordering": ["kind", "text"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "text"), name="comment_phrase_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Reaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(blank=True, max_length=64)),
                ("given_on", models.DateField(default=django.utils.timezone.localdate)),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reactions",
                        to="comments.comment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reactions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reactions",
                        to="comments.reactionkind",
                    ),
                ),
            ],
            options={
                "verbose_name": "reaction",
                "verbose_name_plural": "reactions",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("comment", "kind", "user"),
                        name="reaction_of_account",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("mark", ""), _negated=True),
                        fields=("comment", "kind", "mark"),
                        name="reaction_of_guest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mark", ""), ("user__isnull", False)),
                            models.Q(("user", None), models.Q(("mark", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="reaction_of_one_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("worried", "I’m worried about this person"),
                            ("unkind", "It’s unkind or attacks someone"),
                            ("private", "It shares something private about someone"),
                            ("harmful", "It could cause or encourage harm"),
                            ("spam", "It’s advertising or spam"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="details")),
                ("network", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                ("settled_at", models.DateTimeField(null=True, verbose_name="resolved")),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="comments.comment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at", None)),
                        fields=["comment", "created_at"],
                        name="comment_report_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("comment", "user"),
                        name="comment_report_once_by_account",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("network", ""), _negated=True),
                        fields=("comment", "network"),
                        name="comment_report_once_by_network",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reputation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[("trusted", "trusted"), ("banned", "banned")],
                        max_length=10,
                        verbose_name="type",
                    ),
                ),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                ("note", models.TextField(blank=True, verbose_name="reason (moderators only)")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                (
                    "action",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="gave",
                        to="comments.moderationaction",
                    ),
                ),
                (
                    "beside",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="besides",
                        to="comments.reputation",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="ended",
                        to="comments.moderationaction",
                    ),
                ),
                (
                    "who",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "trusted or banned person",
                "verbose_name_plural": "trusted and banned people",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("key", "kind"),
                        name="comment_standing_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewLock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("claimed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "comment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_lock",
                        to="comments.comment",
                    ),
                ),
                (
                    "who",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
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
                ("key", models.CharField(editable=False, max_length=80, unique=True)),
                ("follower", models.CharField(db_index=True, editable=False, max_length=24)),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("at-once", "Right away"),
                            ("daily", "Daily, in the evening"),
                            ("weekly", "Weekly, on Sunday evening"),
                        ],
                        default="at-once",
                        max_length=7,
                        verbose_name="how often",
                    ),
                ),
                (
                    "address",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followings",
                        to="accounts.address",
                        verbose_name="guest email address",
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followings",
                        to="comments.comment",
                        verbose_name="comment",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="blog.post",
                        verbose_name="post",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followings",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "follower",
                "verbose_name_plural": "followers",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("user", None), ("address", None), _connector="XOR"),
                        name="comment_following_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("post", None), ("comment", None), _connector="OR"),
                        name="comment_following_of_one_thing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisibilityEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("again", models.BooleanField(default=False)),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appearances",
                        to="comments.comment",
                        verbose_name="comment",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="blog.post",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["post", "id"], name="comment_appearance"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WriterNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ("text", models.TextField(max_length=2000, verbose_name="note")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="writer_notes",
                        to="comments.comment",
                    ),
                ),
                (
                    "who",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "private note about a writer",
                "verbose_name_plural": "private notes about writers",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), ("comment", None), _connector="XOR"),
                        name="comment_writer_note_of_one",
                    ),
                ],
            },
        ),
    ]
