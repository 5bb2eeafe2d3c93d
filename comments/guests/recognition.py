"""Recognising guests: linking a comment to a verified address, since a typed one proves nothing.

It takes pressing the link mailed to the address in the browser that wrote the comment. That browser
holds the keys of its comments in a signed cookie, so it is recognised from then on, too. See
docs/decisions/0009-known-guests.md.
"""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.mail import address_proofs, mailboxes
from accounts.mail.mailboxes import Recipient
from accounts.models import Address
from accounts.text.email_normalization import strict_email_key
from comments import avatars, policy, publication
from comments.models import Comment, ConversationSettings, audit_log, standing
from comments.models.hold_reasons import HoldReason
from comments.tree import counters
from comments.tree.transactions import in_transaction

# The purpose of the page's pass token; see accounts.mail.mailboxes.
PURPOSE = "proof"


def recognised_address(own: Collection[int], email: str) -> Address | None:
    """Return the verified ``Address`` for this email if this browser belongs to its owner, or None.

    ``own`` are the keys of comments that the browser wrote.
    """
    if not own or not email:
        return None
    try:
        key = strict_email_key(email)
    except ValidationError:
        return None
    written = Comment.objects.filter(pk__in=own, verified_address__key=key)
    comment = (
        written.exclude(verified_address__verified_at=None)
        .select_related("verified_address")
        .first()
    )
    return comment and comment.verified_address


def request_proof(email: str) -> None:
    """Ask the owner of a trusted address by mail whether they wrote the comment just sent."""
    try:
        address = Address.objects.filter(key=strict_email_key(email), stopped_at=None).first()
    except ValidationError:
        return
    if address and policy.is_trusted(address):
        address_proofs.request_proof(address, again=True)


def request_proof_for(comment: Comment) -> None:
    """Ask by mail whether the address typed with a comment is its writer's."""
    address_proofs.request_proof(address_proofs.get_or_create_address(comment.email), again=True)


def needs_proof(comment: Comment) -> bool:
    """Return whether a guest typed an address with this comment that they have not verified."""
    unverified = _unverified().exclude(email="").filter(pk=comment.pk)
    return unverified.exclude(status=Comment.Status.WITHDRAWN).exists()


def next_url(address: Address) -> str | None:
    """Return the path of the page that claims this browser's comments, if any have this address.

    One of ``settings.ADDRESS_VERIFIED_HOOKS``, which do not know the browser: links in mails work
    the same for everybody.
    """
    typed = Q(email__in={address.email, address.key})
    if not _unverified().filter(typed).exists():
        return None
    return page_path(address)


def page_path(address: Address) -> str:
    """Return the path of the page where the owner of an address confirms what is theirs.

    It contains a pass token, so only call it for somebody who just verified the address.
    """
    return reverse(
        "comments:proof", args=[mailboxes.make_pass_token(Recipient(address=address), PURPOSE)]
    )


def address_from_token(given: str) -> Address | None:
    """Return the ``Address`` of a valid pass token, or None."""
    recipient = mailboxes.from_token(given, PURPOSE)
    return recipient and recipient.address


def _unverified():
    """Return guest comments without a verified address."""
    return Comment.objects.filter(user=None, disowned=False, verified_address=None)


def claimable_comments(address: Address, own: Collection[int]) -> QuerySet[Comment]:
    """Return the comments among ``own`` (keys) that this address was typed with."""
    return _unverified().filter(pk__in=own, email__iexact=address.email)


def claim_comments(address: Address, own: Collection[int]) -> int:
    """Link a browser's comments to the address that was verified in it; return how many.

    Those held because their writer was new are approved, if the rules now allow it.
    """
    keys = sorted(claimable_comments(address, own).values_list("pk", flat=True))
    for key in keys:
        in_transaction(lambda key=key: claim_one(key, address))
    return len(keys)


def claim_one(key, address):
    tree = Comment.objects.lock_threads(key)[key]
    comment = Comment.objects.select_related("post", "user").get(pk=key)
    if comment.disowned or comment.user_id:
        return
    Comment.objects.filter(pk=key).update(verified_address=address)
    # From now on, all their comments show the same picture.
    counters.changed(Comment.objects, tree, comment.post_id)
    if comment.status != Comment.Status.PENDING or comment.held_because != HoldReason.FIRST:
        return
    if (
        comment.queue_priority == Comment.QueuePriority.CARE
    ):  # a person reads it first, whoever wrote it
        return
    kinds = standing.reputation_kinds(address=address)
    waits = comment.findings.exists() or policy.Kind.BANNED in kinds
    if waits and not policy.is_trusted_by(kinds):
        # A check result still counts when the writer is known, and so does a ban.
        Comment.objects.filter(pk=key).update(held_because=HoldReason.CHECKS)
        return
    mode = policy.mode_of(comment.post, ConversationSettings.get())
    mode = mode if policy.takes_answers(mode) else policy.Mode.MODERATED
    status, _reason = policy.first_status(comment.post, mode, None, address, kinds)
    if status != Comment.Status.APPROVED:
        return
    publication.change_status(comment, status, tree, held_because="")
    audit_log.add_action(comment, audit_log.Act.APPROVE, after=status, verdict=policy.VERIFIED)


def picture_salt(own: Collection[int], post: int, name: str) -> str:
    """Return the salt of a guest's picture: that of their last comment here, or a new one.

    ``own`` are the keys of comments that the browser wrote. So one guest has one face in one
    conversation, and another in the next: no picture says that two posts have the same reader.
    """
    here = Comment.objects.filter(pk__in=own, post=post, name=name, user=None, disowned=False)
    before = here.order_by("-pk").values_list("salt", flat=True).first() if own else None
    return before or avatars.new_salt()
