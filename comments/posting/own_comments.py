"""What a writer does with her own words: change them, take them back, take her name off them.

Each takes the thread's lock, looks at the comment as it is by then, keeps the counts right
and writes one row of the log. That row names nobody: these acts are the writer's alone, and
a name in the log would undo the disowning.
"""

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.privacy import inventory
from accounts.refusal import Refused
from comments import markup, policy, publication
from comments.care import cases
from comments.models import Comment, ConversationSettings, audit_log
from comments.models import checks as models_checks
from comments.models.checks import Verdict
from comments.models.moderation import HoldReason
from comments.moderation import content_notes, emails, writers
from comments.posting import screening
from comments.spam import pipeline, submission
from comments.subscriptions import subscribe
from comments.tree import counters
from comments.tree.transactions import in_transaction

Act = audit_log.Act
Status = Comment.Status


def answered_at(comment):
    """Return when the first answer that is visible now became visible, or None."""
    directly = Q(parent=comment.pk, reply_to=None) | Q(reply_to=comment.pk)
    answers = Comment.objects.approved().filter(directly)
    return answers.aggregate(first=Min("approved_at"))["first"]


def may_edit(comment, opened_at=None):
    """Return whether the writer may change the words now; see :func:`policy.may_edit`."""
    return policy.may_edit(comment, answered_at(comment), opened_at)


def edit_ends(comment):
    """Return when the edit window closes, or None while it has no end."""
    return policy.edit_ends(comment, answered_at(comment))


KEEP = object()  # the content note stays as it is


def edit(key, words, opened_at=None, note=KEEP, network="", form=None):
    """Put other words into the comment of this key, and hide it where they must be read first.

    ``note`` is the key of another content note, or None: to add one where none was changes
    nothing else, to take one away counts as other words do. ``opened_at``: when the form
    was opened. ``network`` and ``form``: as in ``posting.Answer``. Returns the comment as it is
    then. Raises Refused when it cannot be changed any more, DoesNotExist when it is gone.
    The words are rendered, and the checks asked, before any lock is taken.
    """
    source = words.replace("\r\n", "\n")
    html = markup.render(source)
    settings = ConversationSettings.get()
    asked = _asked(_as_it_is(key), source, html, settings, network, form)
    return in_transaction(lambda: _edit(key, source, html, opened_at, note, settings, asked))


def _asked(comment, source, html, settings, network, form):
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
            address=comment.proved_address,
            network=network,
            form=form,
            edits=comment.pk,
        )
    )


def _edit(key, source, html, opened_at, note, settings, asked):
    comment, tree = _locked(key)
    if not may_edit(comment, opened_at):
        raise Refused(why_not(comment))
    had = comment.content_note_id
    if note not in {KEEP, had}:
        if note and note not in content_notes.choices(had):
            raise Refused(content_notes.NOT_OFFERED)
        content_notes.set_note(comment, note, tree)
    if source == comment.body and (note in {KEEP, had} or had is None):
        return _as_it_is(key)
    before, judged = comment.status, _judged(comment, settings, asked)
    after, held_because = judged.status, judged.held_because
    publication.change_status(
        comment,
        after,
        tree,
        lane=comment.lane if comment.lane == Comment.Lane.CARE else judged.lane,
        body=source,
        body_html=html,
        render_version=markup.RENDER_VERSION,
        edited_at=timezone.now(),
        same_words=asked.same_words,
        held_because=held_because,
    )
    verdict = judged.log_verdict if before != after else ""
    audit_log.add_action(comment, Act.EDIT, after=after, verdict=verdict)
    comment = _as_it_is(key)
    screening.store_results(comment, judged.found, keep=_kept(before))
    return comment


def _judged(comment, settings, asked):
    """Return the ``Judgement`` about changed words. What waits goes on waiting for a person."""
    mode = policy.mode_of(comment.post, settings)
    usual = policy.status_after_edit(comment, mode, asked.kinds)
    if comment.status == Status.PENDING and asked.verdict == Verdict.PUBLISH:
        return pipeline.Decision(*usual)
    asked = asked.beside(models_checks.results_of(comment.pk, _kept(comment.status)))
    care_holds = not settings.care_publishes
    return pipeline.decide_status(asked, *usual, otherwise=HoldReason.EDITED, care_holds=care_holds)


def _kept(status):
    """Which checks' findings outlive a change of words: other words do not change the form that
    the first ones came in. A person who approved has settled them.
    """
    return pipeline.FORM_CHECKS if status == Status.PENDING else ()


def why_not(comment):
    """Return the sentence for why the words of a comment cannot be changed."""
    if comment.status == Status.PENDING and edit_ends(comment) is None:
        return _("A moderator reads these words as they are, so they cannot be changed now.")
    if comment.status in policy.EDITABLE:
        return _(
            "These words can no longer be changed: that is possible until half an hour after they "
            "appeared, or until somebody answered."
        )
    return _("This comment is not shown, so its words cannot be changed.")


def withdraw(key):
    """Take the comment of this key back: its words go, at any time.

    Readers see a line in its place only if somebody's answer stands below it. In the care lane
    the words are kept for moderators (:func:`lane.keep_words`). Taken back
    twice, it is taken back once. Returns the comment; raises DoesNotExist when it is gone.
    """
    return in_transaction(lambda: _withdraw(key))


def _withdraw(key):
    comment, tree = _locked(key)
    if comment.status == Status.WITHDRAWN:
        return comment
    cases.keep_words(comment)
    gone = inventory.emptied("comments.Comment", inventory.Event.WITHDRAWN)
    publication.change_status(comment, Status.WITHDRAWN, tree, **gone)
    subscribe.end_for_writer(comment)
    disconnect_mails(key)
    models_checks.replace_results(key, ())  # they tell of those words
    comment.reactions.all().delete()  # they were to those words
    audit_log.add_action(comment, Act.WITHDRAW, after=Status.WITHDRAWN)
    return _as_it_is(key)


def disown(key):
    """Take the writer's name off the comment of this key; the words stay, at any time.

    Returns the comment; raises DoesNotExist when it is gone.
    """
    return in_transaction(lambda: _disown(key))


def _disown(key):
    comment, tree = _locked(key)
    if comment.disowned:
        return comment
    gone = inventory.emptied("comments.Comment", inventory.Event.DISOWNED)
    Comment.objects.filter(pk=key).update(**gone, disowned=True)
    subscribe.end_for_writer(comment)
    publication.cancel_notifications(comment)
    disconnect_mails(key)
    writers.disown(comment)
    counters.changed(Comment.objects, tree, comment.post_id)
    audit_log.add_action(comment, Act.DISOWN)
    return _as_it_is(key)


def disconnect_mails(key):
    """Let no mail to the writer say any more whose the comment of this key was."""
    for name in ("receipt", emails.NAME):
        outbox.forget_recipients(name, comment=key)


def _locked(key):
    tree = Comment.objects.lock_threads(key)[key]
    return _as_it_is(key), tree


def _as_it_is(key):
    return Comment.objects.select_related("post", "user", "proved_address").get(pk=key)
