"""Deleting what the conversation keeps about a person, for good.

Each function is given a ``Subject`` and may be called again after it died half-way; the inventory
(:mod:`comments.privacy.inventory`) says which of them belongs to which table.
"""

from django.db.models import Q

from accounts.models import EmailLink, ErasedKey
from accounts.privacy import erase as addresses
from accounts.privacy import inventory
from comments import publication
from comments.care import cases
from comments.guests import receipt_email
from comments.models import (
    CareCase,
    ClassifierState,
    Comment,
    ConversationSettings,
    DigestEntry,
    DutyPreference,
    DutySlot,
    ModeratorMail,
    Report,
    Reputation,
    ReviewLock,
    Subscription,
    WriterNote,
    audit_log,
    checks,
    standing,
)
from comments.moderation import writers
from comments.posting import own_comments
from comments.privacy.inventory import comments_of
from comments.reactions import rules
from comments.spam import learning
from comments.subscriptions import subscribe
from comments.tree.status import Status
from comments.tree.transactions import in_transaction


def erase_comments(subject):
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
    ErasedKey.remember("comment", key, comment.created_at)
    if not cases.kept_until(key):
        cases.keep_words(comment)
    _forget_beside(comment)
    # Also an answer that nobody sees is somebody's, and stays. While a person has still to look,
    # the place is kept for her; the words are in the case.
    if Comment.objects.filter(parent=key).exists() or cases.has_open_case(key):
        gone = inventory.emptied("comments.Comment", inventory.Event.ERASED)
        publication.change_status(comment, Status.WITHDRAWN, tree, **gone, disowned=True)
    else:
        Comment.objects.purge(comment)


def _forget_beside(comment):
    key = comment.pk
    subscribe.end_for_writer(comment)
    publication.cancel_notifications(comment)
    own_comments.disconnect_mails(key)
    EmailLink.objects.filter(kind=receipt_email.OpenReceipt.name, arguments__comment=key).delete()
    checks.replace_results(key, ())
    comment.reactions.all().delete()
    comment.reports.all().delete()
    ReviewLock.objects.filter(comment=key).delete()
    writers.disown(comment)
    audit_log.blank_comment_text(key)
    closed = CareCase.objects.filter(comment=key, closed_at__isnull=False)
    closed.update(why="", note="")


def typed_addresses(subject):
    """Take her address off comments beside which somebody typed it; nobody knows whose they are."""
    found = addresses.matching_addresses(Comment.objects.all(), "email", subject)
    Comment.objects.filter(email__in=found).update(email="")


def erase_subscriptions(subject):
    """End all that she follows."""
    followers = addresses.recipient_keys(subject)
    for model in (Subscription, DigestEntry):
        model.objects.filter(follower__in=followers).delete()


def reactions(subject):
    """Take back what her account gave. A guest's cannot be told from another's, by nobody."""
    if subject.user:
        rules.forget(subject.user)


def reports(subject):
    """Keep that somebody reported, and why by the closed list; not who, nor in which words."""
    Report.objects.filter(user=subject.user, user__isnull=False).update(
        user=None, text="", network=""
    )


def log_entries(subject):
    """Keep what was decided; not that it was she, nor what she wrote with it."""
    if subject.user:
        audit_log.blank_account_text(subject.user)


def _standing_keys(subject):
    keys = standing.keys_of(subject.user) if subject.user else []
    for address in subject.addresses:
        keys += standing.keys_of(address=address)
    return keys


def erase_reputations(subject):
    """Keep a ban that is in force, as a keyed hash alone; trust goes with her."""
    own = Reputation.objects.filter(key__in=_standing_keys(subject))
    bans = Reputation.objects.in_force().filter(kind=Reputation.Kind.BANNED)
    kept = list(own.filter(pk__in=bans).values_list("pk", flat=True))
    own.exclude(pk__in=kept).delete()
    Reputation.objects.filter(pk__in=kept).update(note="", action=None)
    if subject.user:
        Reputation.objects.filter(who=subject.user).update(who=None, note="")


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
    DutyPreference.objects.filter(user=user).delete()
    ModeratorMail.objects.filter(user=user).delete()
    ReviewLock.objects.filter(who=user).delete()
    contact = ConversationSettings.objects.filter(care_second_contact=user)
    contact.update(care_second_contact=None)


def learned(subject):
    """Learn anew, without the words that are gone by now."""
    if ClassifierState.objects.exclude(tokens={}).exists():
        learning.learn()
