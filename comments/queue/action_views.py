"""The POST views of the queue: each finds the comment, validates the form and acts.

The actions are in :mod:`.actions`, the responses in :mod:`.responses`.
"""

from functools import wraps

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
NOTHING_CHOSEN = gettext_lazy("Please select comments first, using the checkbox next to each name.")
# For more at once, a page asks for confirmation.
WITHOUT_ASKING = 10
MOST_AT_ONCE = 100


# What moderators write about a comment; an answer has a field of its own, where it comes back.
WRITTEN = {
    "reason": gettext_lazy("Message to the writer"),
    "text": gettext_lazy("Private note about the writer"),
    "note": gettext_lazy("Note (moderators only)"),
}


def keeps_words(panel):
    """Decorator: after a refusal, the page of the comment shows the words that were typed.

    Only without htmx, which still has the text on its page, and while the comment exists. A refused
    answer always leads there.
    """

    def decorator(view):
        @wraps(view)
        def inside(request, pk):
            try:
                return view(request, pk)
            except Refused as refusal:
                typed = {name: request.POST.get(name, "") for name in ("body", *WRITTEN)}
                has_words = panel == "answer" or any(map(str.strip, typed.values()))
                if request.htmx or not has_words:
                    raise
                card = responses.card_now(request, pk)
                if card is None:
                    raise
                return _with_words(request, card, panel, typed, refusal.sentence)

        return inside

    return decorator


def _with_words(request, card, panel, typed, sentence):
    results = [{"sentence": sentence, "refused": True}]
    kept = [(name, label, typed[name]) for name, label in WRITTEN.items() if typed[name].strip()]
    return pages.comment_page(
        request, card, panel, typed["body"], results, responses.CONFLICT, kept
    )


# -- about one comment -------------------------------------------------------------------


@require_POST
@responses.action_view
@keeps_words("removal")
def decision(request, pk):
    """Decide about one comment, as the button's value says."""
    _found(request, pk)
    act, more = request.POST.get("act", ""), {}
    if act == Act.REMOVE:
        data = checked(RemovalForm(request.POST))
        more = {"reason": data["reason"], "tell": data["tell"]}
    if act == Act.SPAM:
        more = {"tell": request.POST.get("tell") == "on"}
    return queue_actions.decide(pk, act, request.user, _version(request), **more)


@require_POST
@responses.action_view
def note(request, pk):
    """Set or remove the content note of a comment."""
    _found(request, pk)
    if "note" not in request.POST:
        raise Refused(queue_actions.UNKNOWN)
    return queue_actions.set_note(pk, request.POST["note"], request.user)


@require_POST
@responses.action_view
@keeps_words("more")
def writer(request, pk):
    """Trust or ban the writer of a comment, or revoke either."""
    _found(request, pk)
    act = request.POST.get("act", "")
    more = checked(BanForm(request.POST)) if act == Act.BAN else {}
    return queue_actions.act_on_writer(pk, act, request.user, **more)


@require_POST
@responses.action_view
@keeps_words("more")
def private_note(request, pk):
    """Write a note about the writer, for moderators."""
    _found(request, pk)
    data = checked(NoteForm(request.POST))
    return queue_actions.write_private_note(pk, data["text"], request.user)


@require_POST
@responses.action_view
def lock(request, pk):
    """Lock or unlock the thread of a comment."""
    _found(request, pk)
    return queue_actions.lock(pk, request.POST.get("act", ""), request.user)


@require_POST
@responses.action_view
def care(request, pk):
    """Open a care case for a comment."""
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
@keeps_words("care")
def closing(request, pk):
    """Close the care case of a comment."""
    case, data = _case(request, pk), checked(CloseForm(request.POST))
    return queue_actions.close_care(case, request.user, _version(request), **data)


@require_POST
@responses.action_view
@keeps_words("answer")
def answer(request, pk):
    """Reply to a comment, approving it first if it is pending."""
    comment = _found(request, pk)
    data = checked(AnswerForm(request.POST, name=comment.writer_name))
    version = None if comment.is_visible else _version(request)
    return replies.answer(comment, request.user, data["body"], data["submission"], version)


def _found(request, pk):
    """Return the comment with this key if this moderator may read its post; raises Refused."""
    comment = tabs.seen_by(request.user).select_related("post", "user").filter(pk=pk).first()
    if comment is None:
        raise Refused(queue_actions.GONE)
    return comment


def _case(request, pk):
    case = cases.cases_of([_found(request, pk)]).get(pk)
    if case is None:
        raise Refused(queue_actions.ALREADY)
    return case


def _version(request):
    """Return the version of the card that was pressed: an audit log key, 0 for none."""
    sent = request.POST.get("seen", "")
    return int(sent) if sent.isdecimal() and len(sent) < 19 else 0


# -- about several comments -----------------------------------------------------------------------


@require_POST
@responses.action_view
def undo(request):
    """Undo decisions, given by their audit log keys."""
    sent = [key for key in request.POST.getlist("action") if key.isdecimal() and len(key) < 19]
    own = ModerationAction.objects.filter(tabs.acts_for(request.user))
    actions = own.filter(pk__in=sent[:MOST_AT_ONCE])
    return queue_actions.undo(list(actions.values_list("pk", flat=True)), request.user)


@require_POST
@responses.action_view
def bulk(request):
    """Decide about several comments; removing, or more than ten, asks for confirmation."""
    act, versions = request.POST.get("act", ""), _chosen(request)
    if act not in queue_actions.WORDS or not queue_actions.WORDS[act].about_many:
        raise Refused(queue_actions.UNKNOWN)
    if not versions:
        raise Refused(NOTHING_CHOSEN)
    asks = len(versions) > WITHOUT_ASKING or act == Act.REMOVE
    if asks and request.POST.get("sure") != str(len(versions)):
        return _ask(request, Act(act), versions)
    reason = checked(RemovalForm(request.POST))["reason"] if act == Act.REMOVE else ""
    return queue_actions.decide_all(versions, act, request.user, reason)


def _chosen(request):
    """Return ``{key: version}`` of the ticked comments whose posts this moderator may read."""
    sent = cards.parse_versions(request.POST.getlist("chosen")[:MOST_AT_ONCE])
    visible = tabs.seen_by(request.user).filter(pk__in=sent).values_list("pk", flat=True)
    return {key: sent[key] for key in visible}


def _ask(request, act, versions):
    words, count = queue_actions.WORDS[act], len(versions)
    context = {
        **admin.site.each_context(request),
        "title": words.about_many % count,
        "place": responses.return_place(request),
        "act": act.value,
        "label": words.button,
        "count": count,
        "chosen": [f"{key}-{version}" for key, version in versions.items()],
        "reasons": RemovalReason.objects.offered() if act is Act.REMOVE else [],
        "longest": LONGEST_REASON,
    }
    return render(request, "admin/queue/confirm.html", context)
