"""The cards of the queue: a comment with all that a moderator needs to decide about it.

:func:`cards_for` loads a whole page of them in a constant number of queries.
"""

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.models import Post
from comments import markup, timestamps
from comments.care import cases as care_cases
from comments.care import rota
from comments.models import (
    Comment,
    ConversationSettings,
    ModerationAction,
    Reputation,
    settings,
    standing,
)
from comments.models import moderation as models_moderation
from comments.moderation import content_notes, decisions, track_record, writers
from comments.queue import actions, tabs
from comments.queue import reasons as queue_reasons

Act = ModerationAction.Act
Status = Comment.Status
VERSION = re.compile(r"(\d{1,18})-(\d{1,18})", re.ASCII)
# Longer texts are collapsed on a card until asked for: about a phone's screen.
LONG_TEXT = 700
# Acts that need a text to show.
SHOWS = {Act.APPROVE, Act.RESTORE, Act.HOLD}


@dataclass(frozen=True)
class Writer:
    """What is known of a comment's writer."""

    kind: str
    record: str
    is_verified: bool = False
    trusted: bool = False
    banned: bool = False
    banned_until: Any = None
    notes: tuple = ()


@dataclass(frozen=True)
class Card:
    """One comment of the queue; ``version`` is the key of the last act that the card knows of."""

    comment: Comment
    writer: Writer
    why: list
    version: int = 0
    locked_by: Any = None
    case: Any = None
    blurred: bool = False
    acts: tuple = ()
    next_key: int | None = None  # of the next card

    @property
    def key(self):
        return self.comment.pk

    @property
    def name(self):
        return self.comment.writer_name

    @property
    def html(self):
        """The text as HTML, also that of a withdrawn comment kept for its care case."""
        if self.case and self.case.kept_words:
            return markup.render(self.case.kept_words)
        html = self.comment.body_html
        return markup.with_links_as_text(html) if self.is_probable_spam else html

    @property
    def is_long(self):
        return len(self.html) > LONG_TEXT

    @property
    def waits(self):
        return self.comment.status == Status.PENDING

    @property
    def is_probable_spam(self):
        return self.waits and self.comment.queue_priority == Comment.QueuePriority.SUSPECT

    @property
    def since(self):
        """How long it has been pending, or when it was written, in words."""
        moment = self.comment.created_at
        if not self.waits:
            return _("written %s") % timestamps.ago(moment)
        return (
            _("just now")
            if timestamps.is_now(moment)
            else _("waiting for %s") % timestamps.age(moment)
        )

    @property
    def may_be_trusted(self):
        return self.writer.is_verified and not self.writer.trusted

    @property
    def one_press_actions(self):
        """``(act, label)`` of the decisions that one press makes, the likeliest first."""
        pressed = [item for item in self.acts if item[0] not in {Act.REMOVE, Act.HOLD}]
        if self.is_probable_spam:
            pressed.sort(key=lambda item: item[0] != Act.SPAM)
        return pressed

    @property
    def keeping_act(self):
        """The act that the key "a" presses: the likeliest one, unless that is spam."""
        first = next((act for act, _label in self.acts if act not in {Act.REMOVE, Act.HOLD}), "")
        return "" if first == Act.SPAM else first

    @property
    def may_be_removed(self):
        return any(act == Act.REMOVE for act, _label in self.acts)

    @property
    def may_be_told_of_spam(self):
        return self.writer.is_verified and any(act == Act.SPAM for act, _label in self.acts)

    @property
    def may_be_held(self):
        return any(act == Act.HOLD for act, _label in self.acts)

    @property
    def post_note(self):
        """The ``ContentWarning`` of the post's own content notes, or None."""
        return self.comment.post.closed_behind

    @property
    def note_choices(self):
        """``[(key, name)]`` of the content notes that a moderator may choose."""
        offered = content_notes.note_choices(self.comment)
        if own := self.comment.content_note:
            offered.setdefault(own.pk, own.name)
        return list(offered.items())


@dataclass
class CardData:
    """What was loaded for a whole page of cards, by comment key."""

    track_records: dict
    why: dict
    verified: set
    reputations: dict
    notes: dict = field(default_factory=dict)
    review_locks: dict = field(default_factory=dict)
    cases: dict = field(default_factory=dict)
    blurs_text: bool = False


def with_card_data(rows):
    """Add to a queryset of comments what cards read in the same query."""
    beside = "content_note verified_address parent__user parent__content_note".split()
    rows = rows.with_names().with_lock().select_related(*beside)
    return settings.with_note_choices(rows.annotate(newest_change=tabs.newest_change()))


def parse_versions(texts):
    """Return ``{key: version}`` of the cards that a page sends back, such as "12-345"."""
    pairs = [VERSION.fullmatch(text) for text in texts]
    return {int(pair[1]): int(pair[2]) for pair in pairs if pair}


def cards_for(comments, viewer):
    """Return a ``Card`` for each of these comments (a list from :func:`with_card_data`)."""
    posts = Post.objects.filter(pk__in={comment.post_id for comment in comments}).with_notes()
    by_key = {post.pk: post for post in posts.defer("body", "excerpt")}
    for comment in comments:
        comment.post = by_key[comment.post_id]
    read = _read(comments, viewer)
    keys = [comment.pk for comment in comments[1:]]
    pairs = zip_longest(comments, keys)
    return [_card(comment, read, next_key) for comment, next_key in pairs]


def card_for(key, viewer):
    """Return one ``Card``; raises DoesNotExist if it is gone or hidden from this viewer."""
    return cards_for([with_card_data(tabs.seen_by(viewer)).get(pk=key)], viewer)[0]


def _read(comments, viewer):
    keys = [comment.pk for comment in comments]
    records, cases = track_record.track_records(comments), care_cases.cases_of(comments)
    users = {comment.user_id for comment in comments if comment.user_id}
    verified = EmailAddress.objects.filter(user__in=users, verified=True)
    hashes = {
        comment.pk: standing.key_of(comment.user, comment.verified_address) for comment in comments
    }
    by_hash = {}
    for row in Reputation.objects.in_force().filter(key__in=filter(None, hashes.values())):
        by_hash.setdefault(row.key, {})[row.kind] = row
    return CardData(
        track_records=records,
        why=queue_reasons.reasons_for(comments, records, cases),
        verified=set(verified.values_list("user", flat=True)),
        reputations={key: by_hash.get(hashed, {}) for key, hashed in hashes.items()},
        notes=writers.notes_about(comments),
        review_locks=models_moderation.review_locks_of_others(keys, viewer),
        cases=cases,
        blurs_text=bool(cases) and rota.blurs(viewer, ConversationSettings.get()),
    )


def _card(comment, read, next_key):
    reasons = read.why[comment.pk]
    return Card(
        comment=comment,
        writer=_writer(comment, read),
        why=reasons,
        version=comment.newest_change or 0,
        locked_by=read.review_locks.get(comment.pk),
        case=read.cases.get(comment.pk),
        blurred=read.blurs_text and comment.pk in read.cases,
        acts=tuple(_possible(comment, reasons)),
        next_key=next_key,
    )


def _possible(comment, reasons):
    """Yield ``(act, label)`` of the decisions possible now, the likeliest first."""
    reported = any(reason.kind == queue_reasons.REPORT for reason in reasons)
    for act, words in actions.WORDS.items():
        if comment.status not in decisions.MAY_FOLLOW.get(act, ()):
            continue
        if act in SHOWS and not comment.body:
            continue  # the text is gone
        if act is Act.APPROVE and comment.status != Status.PENDING:
            continue  # restoring does the same, and knows whether the comment was public
        if act is Act.KEEP and not reported:
            continue  # there is nothing to settle
        if act is Act.SPAM and comment.queue_priority == Comment.QueuePriority.CARE:
            continue
        yield act.value, words.button


def _writer(comment, read):
    reputations = read.reputations[comment.pk]
    ban = reputations.get(Reputation.Kind.BANNED)
    verified = comment.user_id in read.verified if comment.user_id else _is_verified(comment)
    return Writer(
        kind=_kind(comment, verified),
        record=record_in_words(read.track_records[comment.pk]),
        is_verified=bool(verified),
        trusted=Reputation.Kind.TRUSTED in reputations,
        banned=ban is not None,
        banned_until=ban and ban.until,
        notes=tuple(read.notes.get(comment.pk, ())),
    )


def _is_verified(comment):
    return comment.verified_address is not None and comment.verified_address.verified_at is not None


def _kind(comment, verified):
    if comment.disowned:
        return _("Name removed")
    if comment.user_id:
        return _("Member · email verified") if verified else _("Member · email not verified")
    if verified:
        return _("Guest · email verified")
    return _("Guest · email not verified") if comment.email else _("Guest · no email")


def record_in_words(record):
    """Return a ``TrackRecord`` in words, or why there is none."""
    if not record.is_known:
        return _("history unknown")
    approved, removed = record.approved, record.rejected
    if approved and removed:
        words = {"approved": approved, "removed": removed}
        return _("earlier comments: %(approved)d approved, %(removed)d removed") % words
    if removed:
        return (
            ngettext("%d earlier comment, removed", "%d earlier comments, all removed", removed)
            % removed
        )
    if approved:
        return (
            ngettext("%d earlier comment, approved", "%d earlier comments, all approved", approved)
            % approved
        )
    return _("no earlier decisions")
