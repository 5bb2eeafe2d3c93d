"""Posting a comment: checks it, decides its status and stores it in its thread."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.refusal import Refused
from blog.models import ContentNote, Post
from comments import markup, policy, publication
from comments.guests import receipt_tokens, recognition
from comments.models import Comment, ConversationSettings, audit_log
from comments.models.hold_reasons import HoldReason
from comments.models.settings import day_of
from comments.posting.screening import store_results
from comments.spam import pipeline, submission
from comments.subscriptions import subscribe
from comments.tree.guards import LockedError
from comments.tree.transactions import in_transaction

# Why a comment is not taken, for the person who wrote it.
CLOSED = _("Comments are closed here.")
ON_BREAK = _(
    "This blog is taking a break. Comments are closed until %(day)s, and you’re welcome "
    "to write again then."
)
THREAD_LOCKED = _(
    "This thread is locked. New replies are closed, but you can still comment on the post."
)
PARENT_GONE = _(
    "The comment you’re replying to is no longer there. You can still comment on the post."
)
NOTE_GONE = _("The content note you chose is no longer there.")


@dataclass(frozen=True)
class Answer:
    """A new comment as sent: on a post, or in reply to the comment ``parent`` (a key).

    ``data`` is the form's ``cleaned_data``; its ``Comment.TYPED`` fields are stored as they are.
    "submission" in it (or ``token`` without one) identifies a form that is sent twice; "follow"
    subscribes to replies, by mails that are "discreet" or not. ``user`` is None for a guest, who
    has a name. ``receipt`` is the token of the private link (see guests/receipt_tokens.py),
    ``own`` are the keys of this browser's comments, ``network`` is a keyed hash of the sender's
    network, ``form`` the ``SentForm``, or None.
    """

    post: int
    data: Mapping[str, Any]
    parent: int | None = None
    user: Any = None
    token: str = ""
    receipt: str = ""
    own: frozenset = frozenset()
    network: str = ""
    form: submission.SentForm | None = None

    @property
    def source(self):
        """The text as stored: line ends become LF, nothing else changes."""
        return self.data["body"].replace("\r\n", "\n")

    @property
    def note(self):
        """The key of the chosen content note, or None."""
        return self.data.get("content_note")

    @property
    def columns(self):
        """The comment's columns that its writer fills."""
        fields = map(Comment._meta.get_field, Comment.TYPED)
        typed = {f.attname: self.data[f.name] for f in fields if f.name in self.data}
        return typed | {"body": self.source}

    @property
    def fingerprint(self):
        """A hash equal for the same form sent twice with the same text; None without a token."""
        token = self.data.get("submission") or self.token
        if not token:
            return None
        name = self.data.get("name", "")
        writer = f"account {self.user.pk}" if self.user else f"guest {name}"
        parts = (token, str(self.post), str(self.parent), writer, self.source)
        parts += (str(self.note),) if self.note else ()
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def post_comment(answer: Answer, post: Post | None = None) -> Comment:
    """Store a comment and return it, approved or pending; a form sent twice is stored once.

    Raises Refused, and stores nothing, where no comment is taken. Renders the text and runs the
    checks before any lock is taken. Reads the settings as they are stored now, and the answered
    ``post`` unless given; they, and what of the post decides, are read once more under the lock.
    """
    html = markup.render(answer.source)
    settings = ConversationSettings.get()
    address = (
        None
        if answer.user
        else recognition.recognised_address(answer.own, answer.data.get("email", ""))
    )
    post = post or Post.objects.filter(pk=answer.post).first()
    if post is None:
        raise Refused(CLOSED)
    screening = screen(answer, post, html, settings, address)
    try:
        return in_transaction(lambda: _store(answer, post, html, address, screening))
    except (IntegrityError, Refused) as error:
        # The same form twice: its column is unique, so the second is not stored. The conversation
        # may have been closed between the two.
        if answer.fingerprint and (twin := _sent_before(answer)):
            return twin
        if isinstance(error, Refused) or not answer.note:
            raise
        if ContentNote.objects.filter(pk=answer.note).exists():
            raise
        raise Refused(NOTE_GONE) from None


def why_closed(mode: policy.Mode, settings: ConversationSettings, locked: bool = False) -> str:
    """Return why a conversation in this mode takes no comment, or an empty text.

    ``locked``: a moderator locked the thread of the reply.
    """
    if mode is policy.Mode.ON_BREAK_CLOSED:
        return ON_BREAK % {"day": day_of(settings.break_until)}
    if not policy.takes_answers(mode):
        return CLOSED
    return THREAD_LOCKED if locked else ""


def screen(answer, post, html, settings, address):
    return pipeline.run_checks(
        submission.Submission(
            text=answer.source,
            html=html,
            post=post,
            settings=settings,
            name=answer.data.get("name", ""),
            email=answer.data.get("email", ""),
            parent=answer.parent,
            user=answer.user,
            address=address,
            network=answer.network,
            form=answer.form,
        )
    )


def _sent_before(answer):
    return Comment.objects.filter(submission=answer.fingerprint).first()


def _store(answer, post, html, address, screening):
    # The checks may have taken seconds, in which the owner has closed conversations.
    settings = ConversationSettings.get()
    try:
        post.refresh_from_db(fields=policy.OF_POST)
    except Post.DoesNotExist:
        raise Refused(CLOSED) from None
    mode = policy.mode_of(post, settings, answer.user)
    if closed := why_closed(mode, settings):
        raise Refused(closed)
    usual = policy.first_status(post, mode, answer.user, address, screening.reputation_kinds)
    decision = pipeline.decide_status(screening, *usual, care_holds=not settings.care_publishes)
    name = answer.data.get("name", "")
    comment = Comment(
        post=post,
        parent_id=answer.parent,
        user=answer.user,
        **answer.columns,
        salt=recognition.picture_salt(() if answer.user else answer.own, post.pk, name),
        body_html=html,
        render_version=markup.RENDER_VERSION,
        status=decision.status,
        held_because=decision.held_because,
        queue_priority=decision.queue_priority,
        verified_address=address,
        submission=answer.fingerprint,
        same_words=screening.text_fingerprint,
        receipt=receipt_tokens.hashed(answer.receipt) if answer.receipt else None,
        receipt_made_at=timezone.now() if answer.receipt else None,
    )
    try:
        comment.save(below_visible=True)
    except Comment.DoesNotExist:
        raise Refused(PARENT_GONE) from None
    except LockedError:
        raise Refused(THREAD_LOCKED) from None
    if decision.held_because:
        verdict = decision.log_verdict
        audit_log.add_action(comment, audit_log.Act.HOLD, is_new=True, verdict=verdict)
    else:
        publication.queue_notifications(comment)
    if decision.results:
        store_results(comment, decision.results)
    _remember_writer(answer, comment, address)
    return comment


def _remember_writer(answer, comment, address):
    """Subscribe the writer if they ask for it, and ask a guest to verify a useful address."""
    email, follows = answer.data.get("email", ""), answer.data.get("follow", False)
    request = subscribe.SubscriptionRequest(
        comment=comment, discreet=answer.data.get("discreet", True)
    )
    if answer.user:
        if follows:
            subscribe.subscribe_account(answer.user, replace(request, rhythm=answer.user.rhythm))
        return
    if address is None and comment.held_because == HoldReason.FIRST:
        recognition.request_proof(email)
    if follows and email:
        subscribe.subscribe_guest(email, request, answer.own)
