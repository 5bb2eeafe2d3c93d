"""What a card of the queue holds: a comment with all that one needs to decide about it.

:func:`of` reads what belongs to a whole page of them at once, in a number of queries that does not
depend on how many there are.
"""

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blog.models import Post
from comments import ages, markup, moderation, notes, reasons, records, standing, why, writers
from comments.care import duty, lane
from comments.models import Comment, ConversationSettings, ModerationAction
from comments.queue import tabs
from comments.standing import Standing

Act = ModerationAction.Act
Status = Comment.Status
SEEN = re.compile(r"(\d{1,18})-(\d{1,18})", re.ASCII)
# Longer texts are cut on a card until somebody asks for all of them: about a phone's screen.
LONG_TEXT = 700
LABELS = {
    Act.APPROVE: gettext_lazy("Approve"),
    Act.KEEP: gettext_lazy("Keep"),
    Act.RESTORE: gettext_lazy("Restore"),
    Act.SPAM: gettext_lazy("Spam"),
    Act.REMOVE: gettext_lazy("Remove"),
    Act.HOLD: gettext_lazy("Hold"),
}
# After these the words can be read again, at least by whoever decides.
SHOWS = {Act.APPROVE, Act.RESTORE, Act.HOLD}


@dataclass(frozen=True)
class Writer:
    """Who wrote, as far as it is known."""

    kind: str
    record: str
    is_proved: bool = False
    trusted: bool = False
    banned: bool = False
    banned_until: Any = None
    notes: tuple = ()


@dataclass(frozen=True)
class Card:
    """One comment of the queue. ``seen`` is the key of the last change that this card knows of."""

    comment: Comment
    writer: Writer
    why: list
    seen: int = 0
    claimed_by: Any = None
    case: Any = None
    blurred: bool = False
    acts: tuple = ()
    following: int | None = None  # the key of the card after it

    @property
    def key(self):
        return self.comment.pk

    @property
    def name(self):
        return self.comment.writer_name

    @property
    def html(self):
        """Its words, also those that were taken back while it is in the care lane."""
        if self.case and self.case.kept_words:
            return markup.render(self.case.kept_words)
        return self.comment.body_html

    @property
    def is_long(self):
        return len(self.html) > LONG_TEXT

    @property
    def waits(self):
        return self.comment.status == Status.PENDING

    @property
    def is_suspect(self):
        return self.waits and self.comment.lane == Comment.Lane.SUSPECT

    @property
    def since(self):
        """How long it waits, or when it was written, in words."""
        moment = self.comment.created_at
        if not self.waits:
            return _("written %s") % ages.ago(moment)
        return _("just now") if ages.is_now(moment) else _("waits for %s") % ages.age(moment)

    @property
    def may_be_trusted(self):
        return self.writer.is_proved and not self.writer.trusted

    @property
    def quick(self):
        """``(act, label)`` of what one press decides; the likeliest comes first."""
        return [each for each in self.acts if each[0] not in {Act.REMOVE, Act.HOLD}]

    @property
    def may_be_removed(self):
        return any(act == Act.REMOVE for act, _label in self.acts)

    @property
    def may_be_told_of_spam(self):
        return self.writer.is_proved and any(act == Act.SPAM for act, _label in self.acts)

    @property
    def may_be_held(self):
        return any(act == Act.HOLD for act, _label in self.acts)

    @property
    def post_note(self):
        """The ``Closed`` of the post's own content notes, or None."""
        return self.comment.post.closed_behind

    @property
    def note_choices(self):
        """``[(key, name)]`` of the notes that a moderator may put on it."""
        offered = notes.offered_by(self.comment)
        if own := self.comment.content_note:
            offered.setdefault(own.pk, own.name)
        return list(offered.items())


@dataclass
class Read:
    """What was read for a whole page of comments."""

    records: dict
    why: dict
    proved: set
    standings: dict
    notes: dict = field(default_factory=dict)
    claims: dict = field(default_factory=dict)
    cases: dict = field(default_factory=dict)
    blurs: bool = False


def prepared(rows):
    """Return comments (a queryset) with all that a card reads of them, in the same query."""
    beside = "content_note proved_address parent__user parent__content_note".split()
    rows = rows.with_names().with_lock().select_related(*beside)
    return notes.beside(rows.annotate(newest_change=tabs.newest_change()))


def seen_from(texts):
    """Return ``{key: seen}`` of cards from what their page sends back, such as "12-345"."""
    pairs = [SEEN.fullmatch(text) for text in texts]
    return {int(pair[1]): int(pair[2]) for pair in pairs if pair}


def of(comments, viewer):
    """Return a ``Card`` for each of these comments (a list of :func:`prepared` ones)."""
    posts = Post.objects.filter(pk__in={comment.post_id for comment in comments}).with_notes()
    found = {post.pk: post for post in posts.defer("body", "excerpt")}
    for comment in comments:
        comment.post = found[comment.post_id]
    read = _read(comments, viewer)
    keys = [comment.pk for comment in comments[1:]]
    pairs = zip_longest(comments, keys)
    return [_card(comment, read, following) for comment, following in pairs]


def of_one(key, viewer):
    """Return the ``Card`` of one comment; DoesNotExist when it is gone or not for this viewer."""
    return of([prepared(tabs.seen_by(viewer)).get(pk=key)], viewer)[0]


def _read(comments, viewer):
    keys = [comment.pk for comment in comments]
    found, cases = records.of(comments), lane.cases_of(comments)
    users = {comment.user_id for comment in comments if comment.user_id}
    proved = EmailAddress.objects.filter(user__in=users, verified=True)
    hashes = {
        comment.pk: standing.key_of(comment.user, comment.proved_address) for comment in comments
    }
    standings = {}
    for row in Standing.objects.in_force().filter(
        key__in=[each for each in hashes.values() if each]
    ):
        standings.setdefault(row.key, {})[row.kind] = row
    return Read(
        records=found,
        why=why.of(comments, found, cases),
        proved=set(proved.values_list("user", flat=True)),
        standings={key: standings.get(hashed, {}) for key, hashed in hashes.items()},
        notes=writers.notes_about(comments),
        claims=reasons.claims_of_others(keys, viewer),
        cases=cases,
        blurs=bool(cases) and duty.blurs(viewer, ConversationSettings.get()),
    )


def _card(comment, read, following):
    found = read.why[comment.pk]
    return Card(
        comment=comment,
        writer=_writer(comment, read),
        why=found,
        seen=comment.newest_change or 0,
        claimed_by=read.claims.get(comment.pk),
        case=read.cases.get(comment.pk),
        blurred=read.blurs and comment.pk in read.cases,
        acts=tuple(_possible(comment, found)),
        following=following,
    )


def _possible(comment, found):
    """Return ``(act, label)`` of the decisions possible now; the likeliest comes first."""
    reported = any(each.kind == why.REPORT for each in found)
    for act, label in LABELS.items():
        if comment.status not in moderation.MAY_FOLLOW[act]:
            continue
        if act in SHOWS and not comment.body:
            continue  # the words are gone
        if act is Act.APPROVE and comment.status != Status.PENDING:
            continue  # restoring does the same, and knows whether it was public
        if act is Act.KEEP and not reported:
            continue  # there is nothing to settle
        if act is Act.SPAM and comment.lane == Comment.Lane.CARE:
            continue
        yield act.value, label


def _writer(comment, read):
    standings = read.standings[comment.pk]
    ban = standings.get(Standing.Kind.BANNED)
    proved = comment.user_id in read.proved if comment.user_id else _is_proved(comment)
    return Writer(
        kind=_kind(comment, proved),
        record=record_in_words(read.records[comment.pk]),
        is_proved=bool(proved),
        trusted=Standing.Kind.TRUSTED in standings,
        banned=ban is not None,
        banned_until=ban and ban.until,
        notes=tuple(read.notes.get(comment.pk, ())),
    )


def _is_proved(comment):
    return comment.proved_address is not None and comment.proved_address.proved_at is not None


def _kind(comment, proved):
    if comment.disowned:
        return _("took her name off it")
    if comment.user_id:
        return _("account, address proved") if proved else _("account, address not proved")
    if proved:
        return _("guest, address proved")
    return _("guest, address not proved") if comment.email else _("guest, no address")


def record_in_words(record):
    """Return a ``Record`` as words, or why there is none."""
    if not record.is_known:
        return _("no record: a name proves nothing")
    approved = ngettext("%d approved", "%d approved", record.approved) % record.approved
    removed = ngettext("%d removed", "%d removed", record.rejected) % record.rejected
    return _("%(approved)s, %(removed)s before") % {"approved": approved, "removed": removed}
