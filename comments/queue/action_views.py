"""What is pressed in the queue. Each view finds, checks, calls one function, and tells it."""

from django.contrib import admin
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from comments.care import cases
from comments.care.forms import CloseForm, HandOverForm
from comments.models import ModerationAction, RemovalReason
from comments.models.moderation import LONGEST_REASON
from comments.queue import actions as queue_actions
from comments.queue import cards, pages, replies, responses, tabs
from comments.queue.actions import RefusedError
from comments.queue.forms import AnswerForm, BanForm, NoteForm, RemovalForm, checked

Act = ModerationAction.Act
UNKNOWN = gettext_lazy("This is nothing that can be done here. Nothing was changed.")
# More at once are asked about with their number.
WITHOUT_ASKING = 10
MOST_AT_ONCE = 100
BULK = {Act.APPROVE: gettext_lazy("Approve"), Act.SPAM: gettext_lazy("Spam")}
BULK |= {Act.REMOVE: gettext_lazy("Remove"), Act.HOLD: gettext_lazy("Hold")}


@require_POST
@responses.action_view
def decision(request, pk):
    """Decide about one comment; the button's value says how."""
    act, more = request.POST.get("act", ""), {}
    responses.get_comment(request, pk)
    if act == Act.REMOVE:
        data = checked(RemovalForm(request.POST))
        more = {"reason": data["reason"], "tell": data["tell"]}
    if act == Act.SPAM:
        more = {"tell": request.POST.get("tell") == "on"}
    try:
        return queue_actions.decide(pk, act, request.user, responses.known_version(request), **more)
    except (ValueError, KeyError):
        raise RefusedError(UNKNOWN) from None


@require_POST
@responses.action_view
def note(request, pk):
    """Put a content note on a comment, or take it off."""
    responses.get_comment(request, pk)
    if "note" not in request.POST:
        raise RefusedError(UNKNOWN)
    return queue_actions.set_note(pk, request.POST["note"], request.user)


@require_POST
@responses.action_view
def writer(request, pk):
    """Trust or ban the writer of a comment, or end either."""
    responses.get_comment(request, pk)
    act = request.POST.get("act", "")
    more = checked(BanForm(request.POST)) if act == Act.BAN else {}
    try:
        return queue_actions.act_on_writer(pk, act, request.user, **more)
    except (ValueError, KeyError):
        raise RefusedError(UNKNOWN) from None


@require_POST
@responses.action_view
def private_note(request, pk):
    """Write a note about the writer, for moderators."""
    responses.get_comment(request, pk)
    data = checked(NoteForm(request.POST))
    return queue_actions.write_private_note(pk, data["text"], request.user)


@require_POST
@responses.action_view
def lock(request, pk):
    """Lock the thread of a comment, or unlock it."""
    responses.get_comment(request, pk)
    act = request.POST.get("act")
    if act not in {Act.LOCK, Act.UNLOCK}:
        raise RefusedError(UNKNOWN)
    return queue_actions.lock(pk, request.user, locked=act == Act.LOCK)


@require_POST
@responses.action_view
def care(request, pk):
    """Put a comment into the care lane."""
    responses.get_comment(request, pk)
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
    return queue_actions.close_care(case, request.user, responses.known_version(request), **data)


def _case(request, pk):
    case = cases.cases_of([responses.get_comment(request, pk)]).get(pk)
    if case is None:
        raise RefusedError(queue_actions.ALREADY)
    return case


@require_POST
def answer(request, pk):
    """Answer a comment; one that waits is approved with it."""
    try:
        comment = responses.get_comment(request, pk)
        data = checked(AnswerForm(request.POST, name=comment.writer_name))
        seen = None if comment.is_visible else responses.known_version(request)
        said = replies.answer(comment, request.user, data["body"], data["submission"], seen)
    except RefusedError as refusal:
        return _with_her_words(request, pk, refusal.sentence)
    return responses.respond(request, pk, said.sentence, said.actions)


def _with_her_words(request, pk, sentence):
    """Say why it was not sent; what was typed stands in its field again."""
    card = responses.card_now(request, pk)
    if request.htmx or card is None:
        return responses.respond(request, pk, sentence, refused=True)
    said = [{"sentence": sentence, "refused": True}]
    typed = request.POST.get("body", "")
    return pages.comment_page(request, card, "answer", typed, said, responses.CONFLICT)


@require_POST
@responses.action_view
def undo(request):
    """Take decisions back; each is named by its row of the log."""
    sent = [key for key in request.POST.getlist("action") if key.isdecimal() and len(key) < 19]
    own = ModerationAction.objects.filter(tabs.acts_for(request.user))
    actions = own.filter(pk__in=sent[:MOST_AT_ONCE])
    return queue_actions.undo(list(actions.values_list("pk", flat=True)), request.user)


@require_POST
def bulk(request):
    """Decide about several comments; above ten, and before removing, the number is asked about."""
    place, act = responses.return_place(request), request.POST.get("act", "")
    seen = _chosen(request)
    if act not in BULK or not seen:
        nothing = _("Please choose comments first, by the box beside each name.")
        responses.add_message(request, UNKNOWN if act not in BULK else nothing, refused=True)
        return redirect(place.address)
    asks = len(seen) > WITHOUT_ASKING or act == Act.REMOVE
    if asks and request.POST.get("sure") != str(len(seen)):
        return _ask(request, place, Act(act), seen)
    try:
        reason = checked(RemovalForm(request.POST))["reason"] if act == Act.REMOVE else ""
        said = queue_actions.decide_all(seen, act, request.user, reason)
        responses.add_message(request, said.sentence, said.actions)
    except RefusedError as refusal:
        responses.add_message(request, refusal.sentence, refused=True)
    return redirect(place.address)


def _chosen(request):
    """Return ``{key: seen}`` of the boxes that are ticked and whose posts she may read."""
    sent = cards.parse_versions(request.POST.getlist("chosen")[:MOST_AT_ONCE])
    visible = tabs.seen_by(request.user).filter(pk__in=sent).values_list("pk", flat=True)
    return {key: sent[key] for key in visible}


def _ask(request, place, act, seen):
    count = len(seen)
    asked = {
        Act.APPROVE: ngettext("Approve %d comment?", "Approve %d comments?", count),
        Act.SPAM: ngettext("Mark %d comment as spam?", "Mark %d comments as spam?", count),
        Act.REMOVE: ngettext("Remove %d comment?", "Remove %d comments?", count),
        Act.HOLD: ngettext("Hold %d comment?", "Hold %d comments?", count),
    }
    context = {
        **admin.site.each_context(request),
        "title": asked[act] % count,
        "place": place,
        "act": act.value,
        "label": BULK[act],
        "count": count,
        "chosen": [f"{key}-{known}" for key, known in seen.items()],
        "reasons": RemovalReason.objects.offered() if act is Act.REMOVE else [],
        "longest": LONGEST_REASON,
    }
    return render(request, "admin/queue/confirm.html", context)
