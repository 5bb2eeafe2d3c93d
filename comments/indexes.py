"""Which ways lead to a comment without reading them all: the indexes of its table."""

from django.db import models
from django.db.models import Q

from comments.noted import BY_NOTE
from comments.queued import BY_LANE

INDEXES = [
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
    models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="comment_parent"),
    models.Index(fields=["post", "status"], name="comment_post_status"),
    models.Index(fields=["status", "created_at"], name="comment_status_created"),
    # A reader's own that wait on a post; partial, since most comments are of guests.
    models.Index(
        fields=["user", "post", "status"],
        condition=Q(user__isnull=False),
        name="comment_writer",
    ),
    models.Index(fields=["-approved_at", "-id"], condition=Q(status=1), name="comment_newest"),
    # Guests who give no address are told apart by their names alone; see comments.radar.
    models.Index(fields=["name"], condition=Q(user__isnull=True), name="comment_guest_name"),
    models.Index(fields=["email"], condition=~Q(email=""), name="comment_email"),
    models.Index(
        fields=["same_words", "created_at"],
        condition=Q(same_words__isnull=False),
        name="comment_same_words",
    ),
    BY_NOTE,
    BY_LANE,
    models.Index(fields=["reply_to"], condition=Q(reply_to__isnull=False), name="comment_reply_to"),
    models.Index(
        fields=["proved_address"],
        condition=Q(proved_address__isnull=False),
        name="comment_proved",
    ),
    # Few threads are locked, and every page asks which.
    models.Index(fields=["id"], condition=Q(locked_at__isnull=False), name="comment_locked"),
]
