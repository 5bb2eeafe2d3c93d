"""What is pressed in the queue: each view finds the comment, checks what was sent, and acts.

What the act does stands in :mod:`.deciding`, what is answered in :mod:`.desk`.
"""

from django.contrib import admin
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.refusal import Refused
from comments.care import cases
from comments.care.forms import CloseForm, HandOverForm
from comments.models import ModerationAction, RemovalReason
from comments.models.moderation import LONGEST_REASON
from comments.queue import actions as queue_actions
from comments.queue import cards, pages, replies, responses, tabs
from comments.queue.forms import AnswerForm, BanForm, NoteForm, RemovalForm, checked

Act = ModerationAction.Act
NOTHING_CHOSEN = gettext_lazy("Please choose comments first, by the box beside each name.")
# More at once are asked about with their number.
WITHOUT_ASKING = 10
MOST_AT_ONCE = 100


# -- about one comment -------------------------------------------------------------------


@require_POST
@responses.action_view
def decision(request, pk):
    """Decide about one comment; the button's value says how."""
    _found(request, pk)
    act, more = request.POST.get("act", ""), {}
    if act == Act.REMOVE:
        data = checked(RemovalForm(request.POST))
        more = {"reason": data["reason"], "tell": data["tell"]}
    if act == Act.SPAM:
        more = {"tell": request.POST.get("tell") == "on"}
    return queue_actions.decide(pk, act, request.user, _seen(request), **more)


@require_POST
@responses.action_view
def note(request, pk):
    """Put a content note on a comment, or take it off."""
    _found(request, pk)
    if "note" not in request.POST:
        raise Refused(queue_actions.UNKNOWN)
    return queue_actions.set_note(pk, request.POST["note"], request.user)


@require_POST
@responses.action_view
def writer(request, pk):
    """Trust or ban the writer of a comment, or end either."""
    _found(request, pk)
    act = request.POST.get("act", "")
    more = checked(BanForm(request.POST)) if act == Act.BAN else {}
    return queue_actions.act_on_writer(pk, act, request.user, **more)


@require_POST
@responses.action_view
def private_note(request, pk):
    """Write a note about the writer, for moderators."""
    _found(request, pk)
    data = checked(NoteForm(request.POST))
    return queue_actions.write_private_note(pk, data["text"], request.user)


@require_POST
@responses.action_view
def lock(request, pk):
    """Lock the thread of a comment, or unlock it."""
    _found(request, pk)
    return queue_actions.lock(pk, request.POST.get("act", ""), request.user)


@require_POST
@responses.action_view
def care(request, pk):
    """Put a comment into the care lane."""
    _found(request, pk)
    return queue_actions.open_care_case(pk, request.user)


@require_POST
@responses.action_view
def hand_over(request, pk):
    """Hand the care case of a comment over to a colleague."""
    case = _case(request, pk)
    data = checked(HandOverForm(request.POST, case=case, who=request.user))
    return queue_actions.hand_over(case, data["to"], request.user)


@require_POST
@responses.action_view
def closing(request, pk):
    """Close the care case of a comment."""
    case, data = _case(request, pk), checked(CloseForm(request.POST))
    return queue_actions.close_care(case, request.user, _seen(request), **data)


@require_POST
@responses.action_view
def answer(request, pk):
    """Answer a comment; one that waits is approved with it."""
    comment = _found(request, pk)
    try:
        data = checked(AnswerForm(request.POST, name=comment.writer_name))
        seen = None if comment.is_visible else _seen(request)
        return replies.answer(comment, request.user, data["body"], data["submission"], seen)
    except Refused as refusal:
        return _with_typed_words(request, pk, refusal)


def _with_typed_words(request, pk, refusal):
    """Answer with the page of the comment, on which what was typed stands in its field again.

    A script has the words in its page still: there the sentence is enough, as where the comment
    is gone.
    """
    card = None if request.htmx else responses.card_now(request, pk)
    if card is None:
        raise refusal
    said = [{"sentence": refusal.sentence, "refused": True}]
    typed = request.POST.get("body", "")
    return pages.comment_page(request, card, "answer", typed, said, responses.CONFLICT)


def _found(request, pk):
    """Return the comment of this key if its post is for this moderator; raises Refused."""
    comment = tabs.seen_by(request.user).select_related("post", "user").filter(pk=pk).first()
    if comment is None:
        raise Refused(queue_actions.GONE)
    return comment


def _case(request, pk):
    case = cases.cases_of([_found(request, pk)]).get(pk)
    if case is None:
        raise Refused(queue_actions.ALREADY)
    return case


def _seen(request):
    """Return what the card knew when its button was pressed: a key of the log, 0 for none."""
    sent = request.POST.get("seen", "")
    return int(sent) if sent.isdecimal() and len(sent) < 19 else 0


# -- about several -----------------------------------------------------------------------


@require_POST
@responses.action_view
def undo(request):
    """Take decisions back; each is named by its row of the log."""
    sent = [key for key in request.POST.getlist("action") if key.isdecimal() and len(key) < 19]
    own = ModerationAction.objects.filter(tabs.acts_for(request.user))
    actions = own.filter(pk__in=sent[:MOST_AT_ONCE])
    return queue_actions.undo(list(actions.values_list("pk", flat=True)), request.user)


@require_POST
@responses.action_view
def bulk(request):
    """Decide about several comments; above ten, and before removing, the number is asked about."""
    act, seen = request.POST.get("act", ""), _chosen(request)
    if act not in queue_actions.WORDS or not queue_actions.WORDS[act].about_many:
        raise Refused(queue_actions.UNKNOWN)
    if not seen:
        raise Refused(NOTHING_CHOSEN)
    asks = len(seen) > WITHOUT_ASKING or act == Act.REMOVE
    if asks and request.POST.get("sure") != str(len(seen)):
        return _ask(request, Act(act), seen)
    reason = checked(RemovalForm(request.POST))["reason"] if act == Act.REMOVE else ""
    return queue_actions.decide_all(seen, act, request.user, reason)


def _chosen(request):
    """Return ``{key: seen}`` of the boxes that are ticked and whose posts they may read."""
    sent = cards.parse_versions(request.POST.getlist("chosen")[:MOST_AT_ONCE])
    visible = tabs.seen_by(request.user).filter(pk__in=sent).values_list("pk", flat=True)
    return {key: sent[key] for key in visible}


def _ask(request, act, seen):
    words, count = queue_actions.WORDS[act], len(seen)
    context = {
        **admin.site.each_context(request),
        "title": words.about_many % count,
        "place": responses.return_place(request),
        "act": act.value,
        "label": words.button,
        "count": count,
        "chosen": [f"{key}-{known}" for key, known in seen.items()],
        "reasons": RemovalReason.objects.offered() if act is Act.REMOVE else [],
        "longest": LONGEST_REASON,
    }
    return render(request, "admin/queue/confirm.html", context)
