"""Posting a comment: from what somebody typed to a row at its place in the tree."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import ContentNote, Post
from comments import (
    announcing,
    checks,
    following,
    log,
    markup,
    policy,
    receipts,
    recognising,
)
from comments.guards import LockedError
from comments.limits import day_of
from comments.models import Comment, ConversationSettings
from comments.transactions import in_transaction


class NotAcceptedError(Exception):
    """The comment was not stored. ``sentence`` says why, for the person who wrote it."""

    def __init__(self, sentence):
        super().__init__(str(sentence))
        self.sentence = sentence


class ConversationClosedError(NotAcceptedError):
    """The conversation takes no answers (any more)."""

    def __init__(self):
        super().__init__(_("This conversation takes no more answers."))


class OnBreakError(NotAcceptedError):
    """The blog takes a break: the conversation takes answers again from ``until`` on."""

    def __init__(self, until):
        super().__init__(
            _(
                "This blog is taking a break. It takes no answers until %(day)s, and is glad of "
                "yours again from then on."
            )
            % {"day": day_of(until)}
        )


class ThreadLockedError(NotAcceptedError):
    """A moderator has locked the thread."""

    def __init__(self):
        super().__init__(
            _(
                "This thread is locked, so nobody can answer in it any more. You can still answer "
                "the post."
            )
        )


class ParentGoneError(NotAcceptedError):
    """The comment that was answered is not there (any more)."""

    def __init__(self):
        super().__init__(
            _("The comment you are answering is not there any more. You can still answer the post.")
        )


class NoteGoneError(NotAcceptedError):
    """The content note was deleted while somebody wrote."""

    def __init__(self):
        super().__init__(_("The content note you chose is not there any more."))


@dataclass(frozen=True)
class Answer:
    """What somebody sends: to a post, or to the comment ``parent`` (a key) below it.

    ``data`` is what the form made of it, as a whole (``cleaned_data``): of its fields those that a
    comment has too (``Comment.TYPED``) are stored as they are. ``user`` is None for a guest, who
    then has a name. The form's "submission" is the same when one form is sent twice; ``token``
    stands for it where the form has none. "follow": they wish to hear of answers, by mails that
    are "discreet" or not. ``receipt`` is the token of the private link to be (see
    :mod:`comments.receipts`). ``own``: keys of comments that this browser wrote. ``network`` is a
    keyed hash of where it came from, and ``form`` the ``SentForm`` that it came in; None if no
    form did.
    """

    post: int
    data: Mapping[str, Any]
    parent: int | None = None
    user: Any = None
    token: str = ""
    receipt: str = ""
    own: frozenset = frozenset()
    network: str = ""
    form: checks.SentForm | None = None

    @property
    def source(self):
        """The words as they are stored: line ends become LF, nothing else changes."""
        return self.data["body"].replace("\r\n", "\n")

    @property
    def note(self):
        """The key of the content note that was chosen, or None."""
        return self.data.get("content_note")

    @property
    def columns(self):
        """The columns of the comment that its writer fills."""
        fields = map(Comment._meta.get_field, Comment.TYPED)
        typed = {each.attname: self.data[each.name] for each in fields if each.name in self.data}
        return typed | {"body": self.source}

    @property
    def fingerprint(self):
        """Equal when the same form with the same words comes twice; None without a token."""
        token = self.data.get("submission") or self.token
        if not token:
            return None
        name = self.data.get("name", "")
        writer = f"account {self.user.pk}" if self.user else f"guest {name}"
        parts = (token, str(self.post), str(self.parent), writer, self.source)
        parts += (str(self.note),) if self.note else ()
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def post_comment(answer, settings=None):
    """Store the comment and return it, approved or held; sent twice, it is stored once.

    ``settings``: the row of ``ConversationSettings`` where it was read already. Raises
    ConversationClosedError, OnBreakError, ThreadLockedError, ParentGoneError and NoteGoneError. The
    text is rendered, and the checks are asked, before any lock is taken.
    """
    html = markup.render(answer.source)
    settings = settings or ConversationSettings.get()
    address = None if answer.user else recognising.known(answer.own, answer.data.get("email", ""))
    asked = _asked(answer, html, settings, address)
    try:
        return in_transaction(lambda: _store(answer, html, settings, address, asked))
    except IntegrityError:
        twin = answer.fingerprint and _sent_before(answer)
        if twin:
            return twin
        if answer.note and not ContentNote.objects.filter(pk=answer.note).exists():
            raise NoteGoneError from None
        raise


def why_closed(mode, settings):
    """Return the NotAcceptedError of a conversation in this mode, None where it takes answers."""
    if mode is policy.Mode.AWAY:
        return OnBreakError(settings.break_until)
    return None if policy.takes_answers(mode) else ConversationClosedError()


def _asked(answer, html, settings, address):
    post = Post.objects.filter(pk=answer.post).first()
    if post is None:
        raise ConversationClosedError
    return checks.ask(
        checks.Submission(
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


def _store(answer, html, settings, address, asked):
    if answer.fingerprint and (twin := _sent_before(answer)):
        return twin
    post = Post.objects.filter(pk=answer.post).first()
    mode = policy.mode_of(post, settings, answer.user) if post else policy.Mode.HIDDEN
    if closed := why_closed(mode, settings):
        raise closed
    usual = policy.first_status(post, mode, answer.user, address, asked.kinds)
    judged = checks.judge(asked, *usual, care_holds=not settings.care_publishes)
    comment = Comment(
        post=post,
        parent_id=answer.parent,
        user=answer.user,
        **answer.columns,
        body_html=html,
        render_version=markup.RENDER_VERSION,
        status=judged.status,
        held_because=judged.held_because,
        lane=judged.lane,
        proved_address=address,
        submission=answer.fingerprint,
        same_words=asked.same_words,
        receipt=receipts.hashed(answer.receipt) if answer.receipt else None,
        receipt_made_at=timezone.now() if answer.receipt else None,
    )
    try:
        comment.save(below_visible=True)
    except Comment.DoesNotExist:
        raise ParentGoneError from None
    except LockedError:
        raise ThreadLockedError from None
    if judged.held_because:
        log.write(comment, log.Act.HOLD, is_new=True, verdict=judged.verdict_for_log)
    else:
        announcing.announce(comment)
    if judged.found:
        checks.put(comment, judged.found)
    _remember_writer(answer, comment, address)
    return comment


def _remember_writer(answer, comment, address):
    """Ask a guest for the proof of their address where it is of use, and note what they wish."""
    email, follows = answer.data.get("email", ""), answer.data.get("follow", False)
    wish = following.Wish(comment=comment, discreet=answer.data.get("discreet", True))
    if answer.user:
        if follows:
            following.of_account(answer.user, replace(wish, rhythm=answer.user.rhythm))
        return
    if address is None and comment.held_because == policy.HELD_FIRST:
        recognising.ask(email)
    if follows and email:
        following.of_guest(email, wish, answer.own)
