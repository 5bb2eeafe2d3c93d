"""Erasing what the comments app stores about a person.

Each function takes a ``DataSubject`` and can safely be called again after a crash; the inventory
(:mod:`comments.privacy.inventory`) maps them to the tables.
"""

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import EmailLink, ErasedKey
from accounts.privacy import erase as addresses
from accounts.privacy import registry
from accounts.privacy.registry import DataSubject
from comments import publication
from comments.care import cases
from comments.guests import emails
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


def erase_comments(subject: DataSubject) -> None:
    """Erase the person's comments, and everything stored with them."""
    keys = comments_of(subject).order_by("-level", "-pk").values_list("pk", flat=True)
    erase(list(keys))


def erase(keys: Iterable[int]) -> None:
    """Erase these comments, given the deepest first, so that unanswered ones leave no tombstone."""
    for key in keys:
        in_transaction(lambda key=key: _erase(key))


def _erase(key):
    try:
        tree = Comment.objects.lock_threads(key)[key]
    except Comment.DoesNotExist:
        return
    comment = Comment.objects.select_related("user", "verified_address").get(pk=key)
    ErasedKey.remember("comment", key, comment.created_at)
    if not cases.kept_until(key):
        cases.keep_words(comment)
    _forget_beside(comment)
    # A hidden reply is somebody's too, and keeps its parent. So does an open care case, which holds
    # the text until a moderator has looked.
    if Comment.objects.filter(parent=key).exists() or cases.has_open_case(key):
        gone = registry.emptied("comments.Comment", registry.Event.ERASED)
        publication.change_status(comment, Status.WITHDRAWN, tree, **gone, disowned=True)
    else:
        Comment.objects.purge(comment)


def _forget_beside(comment):
    key = comment.pk
    subscribe.end_for_writer(comment)
    publication.cancel_notifications(comment)
    own_comments.disconnect_mails(key)
    EmailLink.objects.filter(kind=emails.OpenReceipt.name, arguments__comment=key).delete()
    checks.replace_results(key, ())
    comment.reactions.all().delete()
    comment.reports.all().delete()
    ReviewLock.objects.filter(comment=key).delete()
    writers.disown(comment)
    audit_log.blank_comment_text(key)
    closed = CareCase.objects.filter(comment=key, closed_at__isnull=False)
    closed.update(why="", note="")


def typed_addresses(subject: DataSubject) -> None:
    """Clear the person's address from comments it was typed with, whoever wrote them."""
    emails = addresses.matching_addresses(Comment.objects.all(), "email", subject)
    Comment.objects.filter(email__in=emails).update(email="")


def erase_subscriptions(subject: DataSubject) -> None:
    """Delete the person's subscriptions."""
    keys = addresses.recipient_keys(subject)
    for model in (Subscription, DigestEntry):
        model.objects.filter(follower__in=keys).delete()


def reactions(subject: DataSubject) -> None:
    """Delete the account's reactions. Nobody can tell whose a guest's are."""
    if subject.user:
        rules.forget(subject.user)


def reports(subject: DataSubject) -> None:
    """Anonymise the person's reports: the reason stays, without account and text."""
    Report.objects.filter(user=subject.user, user__isnull=False).update(
        user=None, text="", network=""
    )


def log_entries(subject: DataSubject) -> None:
    """Anonymise the person's acts in the audit log: the act stays, without account and text."""
    if subject.user:
        audit_log.blank_account_text(subject.user)


def _reputation_keys(subject):
    keys = standing.keys_of(subject.user) if subject.user else []
    for address in subject.addresses:
        keys += standing.keys_of(address=address)
    return keys


def erase_reputations(subject: DataSubject) -> None:
    """Delete trust; keep a ban in force as a keyed hash, without note or comment."""
    own = Reputation.objects.filter(key__in=_reputation_keys(subject))
    bans = Reputation.objects.in_force().filter(kind=Reputation.Kind.BANNED)
    kept = list(own.filter(pk__in=bans).values_list("pk", flat=True))
    own.exclude(pk__in=kept).delete()
    Reputation.objects.filter(pk__in=kept).update(note="", action=None)
    if subject.user:
        Reputation.objects.filter(who=subject.user).update(who=None, note="")


def notes(subject: DataSubject) -> None:
    """Delete moderators' notes about the person, and the person's notes about others."""
    related = Q(key__in=_reputation_keys(subject))
    if subject.user:
        related |= Q(who=subject.user)
    WriterNote.objects.filter(related).delete()


def care(subject: DataSubject) -> None:
    """Anonymise the person's work on care cases, and delete their notes."""
    if subject.user:
        CareCase.objects.filter(closed_by=subject.user).update(closed_by=None, note="")
        CareCase.objects.filter(handed_to=subject.user).update(handed_to=None)


def duty(subject: DataSubject) -> None:
    """Delete the person's rota, preferences, digests and review locks as a moderator."""
    user = subject.user
    if not user:
        return
    DutySlot.objects.filter(moderator=user).delete()
    DutyPreference.objects.filter(user=user).delete()
    ModeratorMail.objects.filter(user=user).delete()
    ReviewLock.objects.filter(who=user).delete()
    contact = ConversationSettings.objects.filter(care_second_contact=user)
    contact.update(care_second_contact=None)


def learned(subject: DataSubject) -> None:
    """Retrain the spam classifier without the erased text."""
    if ClassifierState.objects.exclude(tokens={}).exists():
        learning.learn()
