"""The comment: its columns, indexes and constraints, and how it is saved.

Only :mod:`comments.tree.manager` writes its place in the tree; :mod:`comments.publication` changes
its status. Saving a stored comment requires ``update_fields`` without these, so that a stale copy
overwrites nothing.
"""

from typing import Any

from django.conf import settings
from django.db import models, router, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from mptt.models import MPTTModel, TreeForeignKey

from accounts.models import Address, new_version
from accounts.text import names
from blog.models import Blog, ContentNote, Post
from blog.models.content_notes import ContentWarning, content_warning
from blog.permalinks import tag_uri
from comments import avatars, markup
from comments.models.querysets import CommentQuerySet
from comments.models.settings import NOBODY, ConversationSettings
from comments.tree import counters, guards, search_index
from comments.tree import manager as tree_manager
from comments.tree.appearances import VisibilityEvent
from comments.tree.numbering import ThreadCounter
from comments.tree.status import QueuePriority, Status

# Written only under the thread's lock, never by save() of a stored comment.
KEPT_ELSEWHERE = guards.GUARDED.union(
    "status approved_at reply_to disowned receipt receipt_made_at".split(),
    "verified_address content_note queue_priority locked_at same_words claimed_at".split(),
)


def edited_in_public(row: Any) -> bool:
    """Return whether the text was changed after readers could first see it.

    ``row`` has ``approved_at`` and ``edited_at``. What changed only while it was held is no news.
    """
    return bool(row.approved_at and row.edited_at and row.edited_at > row.approved_at)


class Comment(MPTTModel):
    """A comment on a post, or a reply to another comment."""

    QueuePriority, Status = QueuePriority, Status
    # Fields that the form field of the same name fills in.
    TYPED = ("name", "email", "body", "content_note")

    # -- its place: written by comments.tree.manager ----------------------------------------------

    post = models.ForeignKey(
        Post, models.PROTECT, db_index=False, related_name="comments", verbose_name=_("post")
    )
    # DO_NOTHING: purge() deletes whole branches in one statement, and the database's own
    # foreign key still refuses to leave an orphan behind.
    parent = TreeForeignKey(
        "self",
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="children",
        editable=False,
        db_index=False,
    )
    reply_to = models.ForeignKey(
        "self",
        models.DO_NOTHING,
        null=True,
        editable=False,
        related_name="+",
        help_text=_("The comment it replies to, if the nesting limit placed it elsewhere."),
    )
    number = models.PositiveIntegerField(_("number"), null=True, editable=False)
    tree_id = models.PositiveBigIntegerField(editable=False)
    lft = models.PositiveIntegerField(editable=False)
    rght = models.PositiveIntegerField(editable=False)
    level = models.PositiveIntegerField(editable=False)
    visible_count = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveBigIntegerField(
        default=new_version, editable=False
    )  # see tree.counters

    # -- who wrote it --------------------------------------------------------------------

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
        db_index=False,
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("email (never shown)"), blank=True)
    # Set once the address is verified (comments.guests.recognition).
    verified_address = models.ForeignKey(
        Address,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        db_column="proved_address_id",  # to rename it, SQLite would write all comments anew
    )
    # Tells its avatar from those of others with the same name; see comments.avatars.
    salt = models.CharField(max_length=12, default=avatars.new_salt, editable=False)
    disowned = models.BooleanField(default=False, editable=False)
    # When an account claimed this guest's comment; readers see it as before.
    claimed_at = models.DateTimeField(null=True, editable=False)
    # The hash of its writer's private link; see comments.guests.receipt_tokens.
    receipt = models.CharField(max_length=64, null=True, editable=False)
    receipt_made_at = models.DateTimeField(null=True, editable=False)

    # -- its content ---------------------------------------------------------------------

    body = models.TextField(_("text"))
    body_html = models.TextField(editable=False)
    render_version = models.PositiveSmallIntegerField(default=0, editable=False)
    content_note = models.ForeignKey(
        ContentNote, models.PROTECT, null=True, blank=True, editable=False, db_index=False
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)
    submission = models.CharField(max_length=64, null=True, editable=False, unique=True)
    # The fingerprint by which checks recognize a repeated text; see comments.spam.submission.
    same_words = models.CharField(max_length=32, null=True, editable=False)
    source = models.CharField(max_length=200, blank=True, editable=False)
    source_id = models.CharField(max_length=200, blank=True, editable=False)

    # -- moderation: written under the lock of its thread --------------------------------

    status = models.PositiveSmallIntegerField(
        _("status"), choices=Status, default=Status.PENDING, editable=False
    )
    queue_priority = models.PositiveSmallIntegerField(
        _("queue section"), choices=QueuePriority, default=QueuePriority.USUAL, editable=False
    )
    held_because = models.CharField(
        _("why it’s waiting"), max_length=200, blank=True, editable=False
    )
    approved_at = models.DateTimeField(_("first approved"), null=True, editable=False)
    # On the root comment: the thread takes no replies.
    locked_at = models.DateTimeField(_("thread locked"), null=True, editable=False)

    objects = tree_manager.ThreadManager.from_queryset(CommentQuerySet)()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [("moderate_comment", _("Can moderate comments"))]
        indexes = [
            # mptt adds this one to the model but never to a migration.
            models.Index(fields=["tree_id", "lft"], name="comment_tree"),
            # Covers a page of threads and their count. The condition holds no value: SQLite
            # takes a partial index only where the query's own words imply it.
            models.Index(
                fields=["post", "number", "visible_count"],
                condition=Q(number__isnull=False),
                name="comment_threads",
            ),
            # Partial: with a full index SQLite would take it for "parent IS NULL".
            models.Index(
                fields=["parent"], condition=Q(parent__isnull=False), name="comment_parent"
            ),
            models.Index(fields=["post", "status"], name="comment_post_status"),
            models.Index(fields=["status", "created_at"], name="comment_status_created"),
            # An account's pending comments on a post; partial, since most are by guests.
            models.Index(
                fields=["user", "post", "status"],
                condition=Q(user__isnull=False),
                name="comment_writer",
            ),
            # The feeds of all comments and of a post: the order of CommentQuerySet.newest().
            models.Index(
                fields=["-approved_at", "-id"],
                condition=Q(approved_at__isnull=False),
                name="comment_newest",
            ),
            models.Index(
                fields=["post", "-approved_at", "-id"],
                condition=Q(approved_at__isnull=False),
                name="comment_post_newest",
            ),
            # All comments in the queue, and the latest of the front page.
            models.Index(fields=["-created_at", "-id"], name="comment_written"),
            # Guests without an address are told apart by name; see comments.dashboard.activity.
            models.Index(
                fields=["name"], condition=Q(user__isnull=True), name="comment_guest_name"
            ),
            # The condition of comments.tree.status.HAS_EMAIL.
            models.Index(fields=["email"], condition=~Q(email=""), name="comment_email"),
            models.Index(
                fields=["same_words", "created_at"],
                condition=Q(same_words__isnull=False),
                name="comment_same_words",
            ),
            models.Index(
                fields=["content_note"],
                condition=Q(content_note__isnull=False),
                name="comment_content_note",
            ),
            # Pending comments: the condition of comments.tree.status.WAITS. The status stands first
            # all the same: SQLite prefers an index of which it knows a value, and sorts then.
            models.Index(
                fields=["status", "queue_priority", "created_at", "id"],
                condition=Q(status=0),
                name="comment_waiting",
            ),
            models.Index(
                fields=["reply_to"], condition=Q(reply_to__isnull=False), name="comment_reply_to"
            ),
            models.Index(
                fields=["verified_address"],
                condition=Q(verified_address__isnull=False),
                name="comment_verified",
            ),
            # Few threads are locked, and every page queries them.
            models.Index(
                fields=["id"], condition=Q(locked_at__isnull=False), name="comment_locked"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | Q(tree_id=F("id"), lft=1, level=0),
                name="comment_root",
            ),
            models.CheckConstraint(condition=Q(lft__gte=1, rght__gt=F("lft")), name="comment_span"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="comment_not_own_parent"
            ),
            models.CheckConstraint(condition=Q(level__lte=guards.MAX_LEVEL), name="comment_depth"),
            models.CheckConstraint(condition=Q(status__in=[0, 1, 2, 3, 4]), name="comment_status"),
            models.CheckConstraint(
                condition=Q(number=None) | Q(parent=None), name="comment_number_of_root"
            ),
            models.CheckConstraint(
                condition=~Q(status=1) | Q(approved_at__isnull=False), name="comment_approved_at"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(name="") | Q(disowned=True) | Q(status=4),
                name="comment_has_writer",
            ),
            # Only hidden comments may have no text: retention and erasure blank it.
            models.CheckConstraint(
                condition=~Q(body="") | Q(status__in=[2, 3, 4]), name="comment_has_text"
            ),
            models.UniqueConstraint(
                fields=["post", "number"],
                condition=Q(number__isnull=False),
                name="comment_number_unique",
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source=""),
                name="comment_source_unique",
            ),
        ]

    def __str__(self):
        return f"#{self.pk}"  # never a name or a text: this ends up in logs

    def get_absolute_url(self) -> str:
        return reverse("comments:permalink", args=[self.pk])

    @cached_property
    def atom_id(self) -> str:
        """The identifier of this comment in feeds, for ever (RFC 4151). Feeds set those of all."""
        return tag_uri(Blog.get().tag_authority, self)

    @property
    def is_visible(self) -> bool:
        return self.status == self.Status.APPROVED

    @property
    def edited_in_public(self) -> bool:
        return edited_in_public(self)

    @property
    def closed_behind(self) -> ContentWarning | None:
        """The warning of its content note, if it has one."""
        return (note := self.content_note) and content_warning([(note.pk, note.name)])

    @property
    def words(self) -> str:
        """Its text as search indexes it: one line, without markup."""
        return search_index.text_of(self.pk, self.body_html, self.created_at).text

    @property
    def writer_name(self) -> str:
        """The writer's name, as readers see it."""
        if self.user_id and not self.claimed_at:
            return self.user.name
        if self.name:
            return names.shown(self.name)
        word = self.__dict__.get("word")  # of with_names()
        return ConversationSettings.get().word_for_a_reader if word is None else word or str(NOBODY)

    # -- storing -------------------------------------------------------------------------

    def save(self, *, below_visible=False, update_fields=None, **kwargs):
        """Store a new comment at its place, or the named fields of a stored one.

        ``below_visible``: only if the comment it answers is visible and on the same post. Raises
        StructureError when a stored comment is saved without ``update_fields``, or with one of
        ``KEPT_ELSEWHERE``; DoesNotExist when the comment it answers is gone, and LockedError as
        ``ThreadManager.attach`` does.
        """
        if self._state.adding:
            return self._insert(below_visible, update_fields=update_fields, **kwargs)
        if update_fields is None:
            raise guards.StructureError(
                "Name what to write: comment.save(update_fields=[...]). Place and status of a "
                "stored comment are for Comment.objects.move_node() and "
                "comments.moderation.decisions."
            )
        self._refuse_fields_kept_elsewhere(update_fields)
        # Not mptt's save(), which would move the comment to the place that this copy has.
        return super(MPTTModel, self).save(update_fields=update_fields, **kwargs)

    save.alters_data = True

    def _insert(self, below_visible, **kwargs):
        using = kwargs.get("using") or router.db_for_write(Comment, instance=self)
        manager = Comment.objects.db_manager(using)
        visible = self.status == self.Status.APPROVED
        if not self.body_html:
            self.body_html, self.render_version = markup.render(self.body), markup.RENDER_VERSION
        if visible and not self.approved_at:
            self.approved_at = timezone.now()
        self.lft = self.rght = None  # may be left over from a copy or a failed attempt
        self.visible_count = 0
        seen = False
        # Who posts rolls everything back, so that needs no savepoint.
        with transaction.atomic(using=using, savepoint=not below_visible):
            if self.parent_id is not None:
                seen = manager.attach(self, below_visible)
            elif visible:
                self.number, self.visible_count = ThreadCounter.next(self.post_id), 1
            super().save(**{**kwargs, "using": using, "force_insert": True})
            if visible:
                search_index.store_texts(
                    [search_index.text_of(self.pk, self.body_html, self.created_at)]
                )
            if visible and self.parent_id is None:
                Post(pk=self.post_id).touch(comments=1)
            elif visible:
                counters.changed(manager, self.tree_id, self.post_id, visible=1, seen=seen)
            if visible:
                VisibilityEvent.note(self.pk, self.post_id, using=using)

    def _refuse_fields_kept_elsewhere(self, names):
        kept = (self._meta.get_field(name) for name in KEPT_ELSEWHERE)
        if refused := {each.name for each in kept if {each.name, each.attname} & set(names)}:
            fields = ", ".join(sorted(refused))
            raise guards.StructureError(
                f"{fields}: not for save(); use Comment.objects.move_node() or "
                "comments.moderation.decisions"
            )

    def delete(self, *args, **kwargs):
        """Delete this comment and its replies for good; see ``ThreadManager.purge``."""
        return Comment.objects.db_manager(self._state.db).purge(self)

    delete.alters_data = True
