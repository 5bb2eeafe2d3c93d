"""Deciding from a mail: the page behind a link in a moderator's digest.

The link shows nothing until its button is pressed, then the comment with a button for each act.
Only that second press acts, once. The link is valid while its recipient moderates here, and never
overrides a decision made since it was mailed.
"""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.mail import links
from blog.models import Post
from comments.audit_log import history
from comments.digests import preferences
from comments.models import Comment, ModerationAction, Report, hold_reasons
from comments.models.audit_log import DECISIONS
from comments.models.moderation import LONGEST_REASON
from comments.moderation import decisions, undo
from comments.reports import rules

Act, Status = ModerationAction.Act, Comment.Status
TEMPLATE = "comments/digests/email_action.html"
# ``(button label, sentence when it is done)``
WORDS = {
    Act.APPROVE: (_("Approve"), _("Approved. Readers can now see the comment.")),
    Act.KEEP: (_("Keep as it is"), _("Kept. The comment stays where it is.")),
    Act.REMOVE: (_("Remove"), _("Removed. Readers can no longer see the comment.")),
    Act.SPAM: (_("Mark as spam"), _("Marked as spam. Readers can’t see the comment.")),
}
ACTS = {
    Status.PENDING: (Act.APPROVE, Act.REMOVE, Act.SPAM),
    Status.APPROVED: (Act.KEEP, Act.REMOVE, Act.SPAM),
}
NOTHING_LEFT = _("This comment no longer needs a decision.")
IN_CARE = _("Someone is worried about this person. Please decide in the queue.")


class DecideByEmail(links.ChoiceAction):
    """Decide about a comment. One of ``settings.LINK_ACTIONS``.

    Arguments: ``moderator``, ``comment`` (keys), ``seen``: the newest act about the comment when
    the mail was written (:mod:`comments.audit_log.history`).
    """

    name = "decide"
    lifetime = timedelta(days=3)
    title = _("Something is waiting for you")
    question = _("Choose View to look at it. That doesn’t decide anything yet.")
    button = _("View")

    def works(self, link):
        user = preferences.moderator(link.arguments["moderator"])
        return user is not None and _found(link, user) is not None

    def look(self, link, sent):
        comment = _found(link, preferences.moderator(link.arguments["moderator"]))
        why_not = _why_not(comment, link.arguments["seen"])
        if why_not:
            return links.LinkPage(TEMPLATE, _result(why_not))
        seen = str(history.newest_actions([comment.pk])[comment.pk])
        chosen = sent.get("choice", "")
        if chosen in ACTS[comment.status] and sent.get("seen") == seen:
            return None
        # The text or the state has changed since the page was shown.
        return links.LinkPage(TEMPLATE, _shown(comment, seen, Act.EDIT.by_itself if chosen else ""))

    def act(self, link, sent):
        user = preferences.moderator(link.arguments["moderator"])
        key, act = link.arguments["comment"], Act(sent["choice"])
        outcome = decisions.decide(
            [key],
            act,
            user,
            _reason(sent) if act is Act.REMOVE else "",
            mails_due_at=timezone.now() + decisions.UNDO_WINDOW,
            versions={key: int(sent["seen"])},
        )
        if outcome.unchanged:
            raise links.LinkNotUsed(links.LinkPage(TEMPLATE, _result(outcome.sentences[key])))
        return links.LinkPage(TEMPLATE, _result(WORDS[act][1], is_done=True))


def _reason(sent):
    # PostgreSQL cannot store NUL in text.
    return sent.get("reason", "").replace("\0", "").strip()[:LONGEST_REASON]


def _found(link, user):
    """Return the comment of a link if this moderator may read its post, or None."""
    rows = Comment.objects.with_names().select_related("post", "content_note", "parent__user")
    posts = Post.objects.visible_to(user)
    return rows.filter(pk=link.arguments["comment"], post__in=posts).first()


def _why_not(comment, seen):
    """Return the sentence that says why there is nothing to decide, or an empty string."""
    since = comment.actions.filter(pk__gt=seen, act__in=DECISIONS, who__isnull=False)
    last = since.filter(undone_by=None).select_related("who").order_by("-pk").first()
    if last:
        return history.describe(last)
    if comment.status == Status.WITHDRAWN:
        return Act.WITHDRAW.by_itself
    if comment.queue_priority == Comment.QueuePriority.CARE:
        return IN_CARE
    if comment.status == Status.PENDING:
        return ""
    reported = Report.objects.open().filter(comment=comment.pk).exists()
    return "" if comment.status == Status.APPROVED and reported else NOTHING_LEFT


def _shown(comment, seen, sentence):
    reports = rules.report_summaries([comment]).get(comment.pk)
    waits = comment.status == Status.PENDING
    return {
        "comment": comment,
        "why": hold_reasons.to_moderators(comment.held_because) if waits else "",
        "reports": reports,
        "sentence": sentence,
        "seen": seen,
        "buttons": [(act.value, WORDS[act][0]) for act in ACTS[comment.status]],
        "longest": LONGEST_REASON,
        "queue": reverse("admin:index"),
    }


def _result(sentence, is_done=False):
    return {
        "sentence": sentence,
        "is_done": is_done,
        "queue": reverse("admin:index"),
        "tab": undo.RECENTLY_DECIDED,
    }
