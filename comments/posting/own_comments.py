"""What writers do with their own comments: edit, withdraw, disown.

Each act locks the thread, rereads the comment, updates the counts and adds one row to the audit
log. That row names nobody, as a name would undo the disowning.
"""

from datetime import datetime
from typing import Any

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.privacy import registry
from accounts.refusal import Refused
from comments import markup, policy, publication
from comments.care import cases
from comments.models import Comment, ConversationSettings, audit_log
from comments.models import checks as models_checks
from comments.models.checks import Verdict
from comments.models.hold_reasons import HoldReason
from comments.moderation import content_notes, emails, writers
from comments.posting.screening import store_results
from comments.spam import pipeline, submission
from comments.subscriptions import subscribe
from comments.tree import counters
from comments.tree.transactions import in_transaction

Act = audit_log.Act
Status = Comment.Status


def answered_at(comment: Comment) -> datetime | None:
    """Return when the first reply became visible, or None.

    Somebody read these words and replied to them, even if they have withdrawn it since, or changed
    it and it waits. What moderators removed or marked as spam is no reply.
    """
    directly = Q(parent=comment.pk, reply_to=None) | Q(reply_to=comment.pk)
    answers = Comment.objects.plain().filter(directly, approved_at__isnull=False)
    answers = answers.exclude(status__in=[Status.SPAM, Status.REMOVED])
    return answers.aggregate(first=Min("approved_at"))["first"]


def may_edit(comment: Comment, opened_at: datetime | None = None) -> bool:
    """Return whether the writer may edit the comment now; see :func:`policy.may_edit`."""
    return policy.may_edit(comment, answered_at(comment), opened_at)


def edit_ends(comment: Comment) -> datetime | None:
    """Return when the edit window closes, or None while it has no end."""
    return policy.edit_ends(comment, answered_at(comment))


KEEP = object()  # the content note stays as it is


def edit(
    key: int,
    text: str,
    opened_at: datetime | None = None,
    note: Any = KEEP,
    network: str = "",
    form: submission.SentForm | None = None,
) -> Comment:
    """Replace the text of the comment of this key; return it, held if it must be read first.

    ``note`` is the key of another content note, or None: adding one changes nothing else, removing
    one counts as a new text. ``opened_at``: when the form was opened. ``network`` and ``form``: as
    in ``create.Answer``. Raises Refused when it cannot be edited any more, DoesNotExist when it is
    gone. Renders the text and runs the checks before any lock is taken.
    """
    source = text.replace("\r\n", "\n")
    html = markup.render(source)
    settings = ConversationSettings.get()
    screening = _screen(_stored(key), source, html, settings, network, form)
    return in_transaction(lambda: _edit(key, source, html, opened_at, note, screening))


def status_if_edited(comment: Comment) -> Comment.Status:
    """Return the status that the comment would get if a slip in it were corrected now.

    The checks are asked about the words as they are; the spam service is not.
    """
    settings = ConversationSettings.get()
    screening = _screen(comment, comment.body, comment.body_html, settings, "", None)
    return _decide(comment, settings, screening).status


def _screen(comment, source, html, settings, network, form):
    return pipeline.run_checks(
        submission.Submission(
            text=source,
            html=html,
            post=comment.post,
            settings=settings,
            name=comment.name,
            email=comment.email,
            parent=comment.parent_id,
            user=comment.user,
            address=comment.verified_address,
            network=network,
            form=form,
            edits=comment.pk,
        )
    )


def _edit(key, source, html, opened_at, note, screening):
    comment, tree = _locked(key)
    if not may_edit(comment, opened_at):
        raise Refused(why_not(comment))
    had = comment.content_note_id
    if note not in {KEEP, had}:
        if note and note not in content_notes.choices(had):
            raise Refused(content_notes.NOT_OFFERED)
        content_notes.set_note(comment, note, tree)
    if source == comment.body and (note in {KEEP, had} or had is None):
        return _stored(key)
    # Read under the lock: the checks may have taken seconds.
    decision = _decide(comment, ConversationSettings.get(), screening)
    before, after, held_because = comment.status, decision.status, decision.held_because
    publication.change_status(
        comment,
        after,
        tree,
        queue_priority=comment.queue_priority
        if comment.queue_priority == Comment.QueuePriority.CARE
        else decision.queue_priority,
        body=source,
        body_html=html,
        render_version=markup.RENDER_VERSION,
        edited_at=timezone.now(),
        same_words=screening.text_fingerprint,
        held_because=held_because,
    )
    verdict = decision.log_verdict if before != after else ""
    audit_log.add_action(comment, Act.EDIT, after=after, verdict=verdict)
    comment = _stored(key)
    store_results(comment, decision.results, keep=_kept(before))
    return comment


def _decide(comment, settings, screening):
    """Return the ``Decision`` about an edited comment. A pending one stays pending."""
    mode = policy.mode_of(comment.post, settings)
    usual = policy.status_after_edit(comment, mode, screening.reputation_kinds)
    if comment.status == Status.PENDING and screening.verdict == Verdict.PUBLISH:
        return pipeline.Decision(*usual)
    kept = models_checks.results_of(comment.pk, _kept(comment.status))
    return pipeline.decide_status(
        screening.with_results(kept),
        *usual,
        otherwise=HoldReason.EDITED,
        care_holds=not settings.care_publishes,
    )


def _kept(status):
    """Return the checks whose results outlive an edit: those of the form, until it is approved."""
    if status != Status.PENDING:
        return ()
    return [check.name for check in models_checks.named_checks() if check.of_form]


def why_not(comment: Comment) -> str:
    """Return the sentence for why a comment cannot be edited."""
    if comment.status == Status.PENDING and edit_ends(comment) is None:
        return _("A moderator will review this text as it is, so it can’t be edited now.")
    if comment.status in policy.EDITABLE:
        return _(
            "This comment can no longer be edited. Editing is possible for half an hour "
            "after it appears, or until someone replies."
        )
    return _("This comment isn’t visible, so it can’t be edited.")


def withdraw(key: int) -> Comment:
    """Withdraw the comment of this key: its text is deleted, at any time.

    Readers see a tombstone only if a reply stands below it. An open care case keeps the text for
    moderators (:func:`cases.keep_words`). Idempotent. Raises DoesNotExist when it is gone.
    """
    return in_transaction(lambda: _withdraw(key))


def _withdraw(key):
    comment, tree = _locked(key)
    if comment.status == Status.WITHDRAWN:
        return comment
    cases.keep_words(comment)
    gone = registry.emptied("comments.Comment", registry.Event.WITHDRAWN)
    publication.change_status(comment, Status.WITHDRAWN, tree, **gone)
    subscribe.end_for_writer(comment)
    disconnect_mails(key)
    models_checks.replace_results(key, ())  # they are about the deleted text
    comment.reactions.all().delete()  # so are these
    audit_log.add_action(comment, Act.WITHDRAW, after=Status.WITHDRAWN)
    return _stored(key)


def disown(key: int) -> Comment:
    """Remove the writer's name from the comment of this key; the text stays.

    Raises DoesNotExist when it is gone.
    """
    return in_transaction(lambda: _disown(key))


def _disown(key):
    comment, tree = _locked(key)
    if comment.disowned:
        return comment
    gone = registry.emptied("comments.Comment", registry.Event.DISOWNED)
    Comment.objects.filter(pk=key).update(**gone, disowned=True)
    subscribe.end_for_writer(comment)
    publication.cancel_notifications(comment)
    disconnect_mails(key)
    writers.disown(comment)
    counters.changed(Comment.objects, tree, comment.post_id)
    audit_log.add_action(comment, Act.DISOWN)
    return _stored(key)


def disconnect_mails(key: int) -> None:
    """Remove the recipients from mails about the comment, which would name its writer."""
    for name in ("receipt", emails.NAME):
        outbox.forget_recipients(name, comment=key)


def _locked(key):
    tree = Comment.objects.lock_threads(key)[key]
    return _stored(key), tree


def _stored(key):
    return Comment.objects.select_related("post", "user", "verified_address").get(pk=key)
