"""Knowing a guest again: what ties a comment to a proved address, since typing it ties nothing.

Two things together: somebody pressed the link that was mailed to the address, and did so in the
browser that wrote the comment. That browser carries the keys of what it wrote in a signed cookie,
so from then on it is known, too. See docs/decisions/0009-known-guests.md.
"""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse

from accounts.email_normalization import strict_email_key
from accounts.mail import address_proofs, mailboxes
from accounts.mail.mailboxes import Recipient
from accounts.models import Address
from comments import policy, publication
from comments.models import Comment, ConversationSettings, audit_log, standing
from comments.models.moderation import HoldReason
from comments.tree import counters
from comments.tree.transactions import in_transaction

# What the pass to the page is for; see accounts.mail.mailboxes.
PURPOSE = "proof"


def recognised_address(own, email):
    """Return the proved ``Address`` of this spelling whose owner this browser is, or None.

    ``own`` are the keys of comments that the browser wrote.
    """
    if not own or not email:
        return None
    try:
        key = strict_email_key(email)
    except ValidationError:
        return None
    written = Comment.objects.filter(pk__in=own, proved_address__key=key)
    row = written.exclude(proved_address__proved_at=None).select_related("proved_address").first()
    return row and row.proved_address


def request_proof(email):
    """Ask the owner of an address that is trusted here whether it was she who wrote just now."""
    try:
        address = Address.objects.filter(key=strict_email_key(email), stopped_at=None).first()
    except ValidationError:
        return
    if address and policy.is_trusted(address):
        address_proofs.request_proof(address, again=True)


def request_proof_for(comment):
    """Ask by mail whether the address that was typed for a comment is its writer's."""
    address_proofs.request_proof(address_proofs.get_or_create_address(comment.email), again=True)


def needs_proof(comment):
    """Return whether a guest typed an address for this comment, and nobody proved it to be hers."""
    unproved = _unproved().exclude(email="").filter(pk=comment.pk)
    return unproved.exclude(status=Comment.Status.WITHDRAWN).exists()


def next_url(address):
    """Return the path of the page that asks for the comments of this browser, where some exist.

    One of ``settings.ADDRESS_PROVED_HOOKS``: the browser is not known there, as links in mails act alike
    for everybody.
    """
    typed = Q(email__in={address.email, address.key})
    if not _unproved().filter(typed).exists():
        return None
    return page_path(address)


def page_path(address):
    """Return the path of the page on which the owner of an address decides what it proves.

    It holds a pass: call it for who has proved the address just now.
    """
    return reverse(
        "comments:proof", args=[mailboxes.make_pass_token(Recipient(address=address), PURPOSE)]
    )


def address_from_token(given):
    """Return the ``Address`` that a pass was made for just now, or None."""
    mailbox = mailboxes.from_token(given, PURPOSE)
    return mailbox and mailbox.address


def _unproved():
    """Comments of guests whose writer is not proved."""
    return Comment.objects.filter(user=None, disowned=False, proved_address=None)


def claimable_comments(address, own):
    """Return the comments among ``own`` (keys) that this address was typed for."""
    return _unproved().filter(pk__in=own, email__iexact=address.email)


def claim_comments(address, own):
    """Tie the comments of a browser to the address that was proved in it; return how many.

    Those that waited because their writer was new appear, where the rules allow it now.
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
    Comment.objects.filter(pk=key).update(proved_address=address)
    # From now on her picture is the same beside all that she writes.
    counters.changed(Comment.objects, tree, comment.post_id)
    if comment.status != Comment.Status.PENDING or comment.held_because != HoldReason.FIRST:
        return
    if comment.lane == Comment.Lane.CARE:  # a person reads it first, whoever wrote it
        return
    kinds = standing.reputation_kinds(address=address)
    waits = comment.findings.exists() or policy.Kind.BANNED in kinds
    if waits and not policy.is_trusted_by(kinds):
        # What was found has nothing to do with who she is, and a ban has.
        Comment.objects.filter(pk=key).update(held_because=HoldReason.CHECKS)
        return
    mode = policy.mode_of(comment.post, ConversationSettings.get())
    asked = mode if policy.takes_answers(mode) else policy.Mode.MODERATED
    status, _reason = policy.first_status(comment.post, asked, None, address, kinds)
    if status != Comment.Status.APPROVED:
        return
    publication.change_status(comment, status, tree, held_because="")
    audit_log.add_action(comment, audit_log.Act.APPROVE, after=status, verdict=policy.PROVED)
