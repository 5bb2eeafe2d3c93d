"""Trains the spam classifier from moderators' decisions, and checks comments with it.

One of ``settings.DUE_WORK``: it retrains after decisions, never in a request. Comments that have
or had a care case are never learned from.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.text.languages import quoted
from comments.models import (
    CareCase,
    ClassifierState,
    Comment,
    ConversationSettings,
    ModerationAction,
)
from comments.models.checks import CheckOutcome, Verdict, folded, named
from comments.spam import bayes
from comments.spam.submission import Submission, links_in
from comments.tree.status import QueuePriority, Status

Act = ModerationAction.Act
# The decisions that make a comment an example of spam or ham.
SPAM, KEPT = (Act.SPAM,), (Act.APPROVE, Act.RESTORE, Act.KEEP)
TEACHES = (*SPAM, *KEPT, Act.REMOVE, Act.HOLD, Act.UNDO)
# The newest show what spam is like now; so many take a few seconds.
MOST_EXAMPLES = 5000
# Decisions come in batches: one evening at the queue is learned at once.
PAUSE = timedelta(hours=1)
ADDRESS = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
# How long a run that crashed blocks the next one.
CLAIM = timedelta(minutes=10)


@named("like-spam", gettext_lazy("similar to comments marked as spam"))
def like_spam(submission: Submission) -> CheckOutcome | None:
    """Hold a text that is like what was marked as spam here, naming its strongest tokens."""
    model = submission.check_data.classifier
    if not model.has_enough_examples:
        return None
    tokens = tokens_of(submission.text, submission.links)
    if not model.holds(tokens):
        return None
    top = ", ".join(quoted(token) for token in model.score(tokens)[1])
    return CheckOutcome(
        like_spam.name, Verdict.HOLD, _("similar to comments marked as spam: %s") % top
    )


def tokens_of(text: str, links: Sequence[str]) -> frozenset[str]:
    """Return the tokens of a text and its ``links`` (URLs)."""
    return bayes.tokens(folded(ADDRESS.sub(" ", text)), links)


# -- work that is due --------------------------------------------------------------------


def due_since() -> datetime | None:
    """Return since when there is something to learn, or None."""
    learned_at = ClassifierState.get().learned_at
    decisions = ModerationAction.objects.filter(who__isnull=False, act__in=TEACHES)
    if learned_at:
        decisions = decisions.filter(created_at__gt=learned_at)
    first = decisions.order_by("created_at").values_list("created_at", flat=True).first()
    due = first and first + PAUSE
    return due if due and due <= timezone.now() else None


def do_due(going: Callable[[], bool] = lambda: True) -> None:
    """Retrain if there is something to learn and no other process does."""
    if due_since() and _claimed():
        learn()


def _claimed():
    now = timezone.now()
    free = ClassifierState.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
    return free.update(claimed_until=now + CLAIM)


def learn() -> ClassifierState:
    """Train the classifier from scratch on all present decisions; return its row.

    Whatever erases comments calls it afterwards.
    """
    began, decided = timezone.now(), examples()
    model, (quality, held_from) = bayes.learn(decided), bayes.cross_validated(decided)
    values = {"spam": model.spam, "kept": model.kept, "tokens": model.tokens}
    values["held_from"] = held_from
    values |= {"quality": asdict(quality), "learned_at": began, "claimed_until": None}
    ClassifierState.get()
    with transaction.atomic():
        # A run that began earlier may have read what was erased since, and is discarded.
        older = Q(learned_at=None) | Q(learned_at__lte=began)
        ClassifierState.objects.filter(older, pk=1).update(**values)
        ConversationSettings.checks_changed()
    return ClassifierState.get()


def examples() -> list[bayes.Example]:
    """Return the comments that moderators decided about, as examples."""
    return [
        *_examples(Status.SPAM, SPAM, is_spam=True),
        *_examples(Status.APPROVED, KEPT, is_spam=False),
    ]


def _examples(status, acts, is_spam):
    decided = ModerationAction.objects.filter(
        comment=OuterRef("pk"), who__isnull=False, act__in=acts, undone_by=None
    )
    cared_for = CareCase.objects.filter(comment=OuterRef("pk"))
    comments = Comment.objects.filter(Exists(decided), ~Exists(cared_for), status=status)
    comments = comments.exclude(queue_priority=QueuePriority.CARE).exclude(body="").order_by("-pk")
    for comment in comments.only(*READ)[:MOST_EXAMPLES].iterator(chunk_size=500):
        tokens = tokens_of(comment.body, links_in(comment.body_html))
        yield bayes.Example(tokens, _writer(comment), is_spam)


READ = ("body", "body_html", "user_id", "verified_address_id", "email", "name")


def _writer(comment):
    """Identify the writer as far as known; all nameless ones count as one."""
    if comment.user_id:
        return f"account {comment.user_id}"
    if comment.verified_address_id:
        return f"address {comment.verified_address_id}"
    return f"typed {comment.email or folded(comment.name)}"
