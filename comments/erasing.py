"""Deleting what the conversation keeps about a person, for good.

Each function is given a ``Subject`` and may be called again after it died half-way; the inventory
(:mod:`comments.personal`) says which of them belongs to which table.
"""

from django.db.models import Q

from accounts import erasing as addresses
from accounts import inventory
from accounts.models import Erased, Link
from comments import (
    announcing,
    findings,
    following,
    log,
    moderation,
    ownership,
    reacting,
    receipt_mail,
    standing,
    writers,
)
from comments.care import lane
from comments.care.cases import CareCase
from comments.care.duty import DutySlot, DutyWish
from comments.checks import learning
from comments.findings import Learned
from comments.followers import Following, Notice
from comments.models import Comment, ConversationSettings
from comments.moderators import ModeratorMail
from comments.personal import comments_of
from comments.reasons import Claim
from comments.reports import Report
from comments.standing import Standing, WriterNote
from comments.status import Status
from comments.transactions import in_transaction


def words(subject):
    """Delete her comments, and all that is kept beside them."""
    keys = comments_of(subject).order_by("-level", "-pk").values_list("pk", flat=True)
    erase(list(keys))


def erase(keys):
    """Erase the comments of these keys, the deepest first: nothing stays where nobody answered."""
    for key in keys:
        in_transaction(lambda key=key: _erase(key))


def _erase(key):
    try:
        tree = Comment.objects.lock_threads(key)[key]
    except Comment.DoesNotExist:
        return
    comment = Comment.objects.select_related("user", "proved_address").get(pk=key)
    Erased.remember("comment", key, comment.created_at)
    if not lane.kept_until(key):
        lane.keep_words(comment)
    _forget_beside(comment)
    # Also an answer that nobody sees is somebody's, and stays. While a person has still to look,
    # the place is kept for her; the words are in the case.
    if Comment.objects.filter(parent=key).exists() or lane.is_in(key):
        gone = inventory.emptied("comments.Comment", inventory.Event.ERASED)
        moderation.change_status(comment, Status.WITHDRAWN, tree, **gone, disowned=True)
    else:
        Comment.objects.purge(comment)


def _forget_beside(comment):
    key = comment.pk
    following.forget_writer(comment)
    announcing.be_silent(comment)
    ownership.untie_mails(key)
    Link.objects.filter(kind=receipt_mail.OpenReceipt.name, arguments__comment=key).delete()
    findings.write(key, ())
    comment.reactions.all().delete()
    comment.reports.all().delete()
    Claim.objects.filter(comment=key).delete()
    writers.disown(comment)
    log.forget_words(key)
    closed = CareCase.objects.filter(comment=key, closed_at__isnull=False)
    closed.update(why="", note="")


def typed_addresses(subject):
    """Take her address off comments beside which somebody typed it; nobody knows whose they are."""
    found = addresses.spellings(Comment.objects.all(), "email", subject)
    Comment.objects.filter(email__in=found).update(email="")


def followings(subject):
    """End all that she follows."""
    followers = addresses.mailboxes(subject)
    for model in (Following, Notice):
        model.objects.filter(follower__in=followers).delete()


def reactions(subject):
    """Take back what her account gave. A guest's cannot be told from another's, by nobody."""
    if subject.user:
        reacting.forget(subject.user)


def reports(subject):
    """Keep that somebody reported, and why by the closed list; not who, nor in which words."""
    Report.objects.filter(user=subject.user, user__isnull=False).update(
        user=None, text="", network=""
    )


def log_entries(subject):
    """Keep what was decided; not that it was she, nor what she wrote with it."""
    if subject.user:
        log.forget(subject.user)


def _standing_keys(subject):
    keys = standing.keys_of(subject.user) if subject.user else []
    for address in subject.addresses:
        keys += standing.keys_of(address=address)
    return keys


def standings(subject):
    """Keep a ban that is in force, as a keyed hash alone; trust goes with her."""
    own = Standing.objects.filter(key__in=_standing_keys(subject))
    bans = Standing.objects.in_force().filter(kind=Standing.Kind.BANNED)
    kept = list(own.filter(pk__in=bans).values_list("pk", flat=True))
    own.exclude(pk__in=kept).delete()
    Standing.objects.filter(pk__in=kept).update(note="", action=None)
    if subject.user:
        Standing.objects.filter(who=subject.user).update(who=None, note="")


def notes(subject):
    """Delete what moderators noted about her, and what she noted about others."""
    hers = Q(key__in=_standing_keys(subject))
    if subject.user:
        hers |= Q(who=subject.user)
    WriterNote.objects.filter(hers).delete()


def care(subject):
    """Keep that somebody took care of others; not that it was she, nor what she noted."""
    if subject.user:
        CareCase.objects.filter(closed_by=subject.user).update(closed_by=None, note="")
        CareCase.objects.filter(handed_to=subject.user).update(handed_to=None)


def duty(subject):
    """Delete what is kept about a moderator's work, if she was one."""
    user = subject.user
    if not user:
        return
    DutySlot.objects.filter(moderator=user).delete()
    DutyWish.objects.filter(user=user).delete()
    ModeratorMail.objects.filter(user=user).delete()
    Claim.objects.filter(who=user).delete()
    contact = ConversationSettings.objects.filter(care_second_contact=user)
    contact.update(care_second_contact=None)


def learned(subject):
    """Learn anew, without the words that are gone by now."""
    if Learned.objects.exclude(tokens={}).exists():
        learning.learn()
