"""Learning from what moderators decided, and holding what is like spam by that alone.

One of ``settings.DUE_WORK``: it learns anew after decisions, never in a request. Nothing of
comments in the care lane is learned, now or after their case was closed.
"""

import re
from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.care.cases import CareCase
from comments.checks import bayes
from comments.checks.submission import links_in
from comments.findings import Found, Learned, Verdict
from comments.models import Comment, ConversationSettings, ModerationAction
from comments.phrases import folded
from comments.status import Lane, Status

Act = ModerationAction.Act
# By which acts of a person a comment of this status is an example.
SPAM, KEPT = (Act.SPAM,), (Act.APPROVE, Act.RESTORE, Act.KEEP)
TEACHES = (*SPAM, *KEPT, Act.REMOVE, Act.HOLD, Act.UNDO)
# The newest say how spam is now; so many are learned within a few seconds.
MOST_EXAMPLES = 5000
# Decisions come in rows: one evening at the queue is learned at once.
PAUSE = timedelta(hours=1)
ADDRESS = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
# Whoever died while learning keeps others from it for so long.
CLAIM = timedelta(minutes=10)


def like_spam(submission):
    """Hold words that are like what was marked as spam here, and name those that speak for it."""
    model = submission.remembered.model
    if not model.may_speak:
        return None
    tokens = tokens_of(submission.text, submission.links)
    if not model.holds(tokens):
        return None
    top = ", ".join(f"“{token}”" for token in model.score(tokens)[1])
    return Found("like-spam", Verdict.HOLD, _("like what was marked as spam: %s") % top)


def tokens_of(text, links):
    """Return the tokens by which a text is learned and judged; ``links`` are its addresses."""
    return bayes.tokens(folded(ADDRESS.sub(" ", text)), links)


# -- work that is due --------------------------------------------------------------------


def due_since():
    """Return since when there is something to learn, or None."""
    learned_at = Learned.get().learned_at
    decisions = ModerationAction.objects.filter(who__isnull=False, act__in=TEACHES)
    if learned_at:
        decisions = decisions.filter(created_at__gt=learned_at)
    first = decisions.order_by("created_at").values_list("created_at", flat=True).first()
    due = first and first + PAUSE
    return due if due and due <= timezone.now() else None


def do_due(going=lambda: True):
    """Learn anew if there is something to learn and nobody else is at it."""
    if due_since() and _claimed():
        learn()


def _claimed():
    now = timezone.now()
    free = Learned.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
    return free.update(claimed_until=now + CLAIM)


def learn():
    """Learn from all that is decided now; what was learned before is forgotten.

    Whatever erases comments calls it afterwards. Returns the row.
    """
    began, taught = timezone.now(), examples()
    model, (quality, held_from) = bayes.learn(taught), bayes.cross_validated(taught)
    values = {"spam": model.spam, "kept": model.kept, "tokens": model.tokens}
    values["held_from"] = held_from
    values |= {"quality": asdict(quality), "learned_at": began, "claimed_until": None}
    Learned.get()
    with transaction.atomic():
        # Who began earlier may have read words that were erased since, and comes too late.
        older = Q(learned_at=None) | Q(learned_at__lte=began)
        Learned.objects.filter(older, pk=1).update(**values)
        ConversationSettings.checks_changed()
    return Learned.get()


def examples():
    """Return what people decided, a list of ``bayes.Example``."""
    return [
        *_examples(Status.SPAM, SPAM, is_spam=True),
        *_examples(Status.APPROVED, KEPT, is_spam=False),
    ]


def _examples(status, acts, is_spam):
    decided = ModerationAction.objects.filter(
        comment=OuterRef("pk"), who__isnull=False, act__in=acts, undone_by=None
    )
    cared_for = CareCase.objects.filter(comment=OuterRef("pk"))
    rows = Comment.objects.filter(Exists(decided), ~Exists(cared_for), status=status)
    rows = rows.exclude(lane=Lane.CARE).exclude(body="").order_by("-pk")
    for row in rows.only(*READ)[:MOST_EXAMPLES].iterator(chunk_size=500):
        yield bayes.Example(tokens_of(row.body, links_in(row.body_html)), _writer(row), is_spam)


READ = ("body", "body_html", "user_id", "proved_address_id", "email", "name")


def _writer(row):
    """As far as it is known; without any name all are taken for one."""
    if row.user_id:
        return f"account {row.user_id}"
    if row.proved_address_id:
        return f"address {row.proved_address_id}"
    return f"typed {row.email or folded(row.name)}"
