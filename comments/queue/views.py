"""The pages of the queue: the front page of the admin, a tab, one comment, who reads what."""

from urllib.parse import urlencode

from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comments import decided, reasons
from comments.models import Comment
from comments.queue import cards, desk, showing, tabs
from comments.queue.tabs import Tab
from comments.status import Status


def front_page(index):
    """Return the view of /admin/: the queue for who may decide, else ``index``, Django's own."""

    def view(request, extra_context=None):
        if not request.user.has_perm(desk.MODERATE):
            return index(request, extra_context)
        place = desk.place_of(tabs.first(request.user).address)
        return showing.a_tab(request, place, {**(extra_context or {}), "front": True})

    return view


@require_safe
def tab(request, tab):
    """One tab of the queue."""
    return showing.a_tab(request, desk.place_of(request.get_full_path()))


@require_safe
def comment(request, pk):
    """The page of one comment."""
    return showing.one_comment(request, _card(request, pk), opened=request.GET.get("open", ""))


@require_safe
def panels(request, pk):
    """All that can be done about one comment, for its card in a list."""
    card, place = _card(request, pk), desk.place_of(request.GET.get("back", ""))
    context = {"card": card, "place": place, **showing.panels(card, request.user)}
    return render(request, "admin/queue/_panels.html", context)


def _card(request, pk):
    try:
        return cards.of_one(pk, request.user)
    except Comment.DoesNotExist:
        raise Http404 from None


@require_POST
def claim(request, pk):
    """Note that this moderator reads a comment, and say what :func:`news` says."""
    if tabs.seen_by(request.user).filter(pk=pk).exists():
        reasons.take_claim(pk, request.user)
    return _news(request, request.POST.get("cards", ""))


@require_safe
def news(request):
    """Who reads which of the cards on a page, and what became of them meanwhile."""
    return _news(request, request.GET.get("cards", ""))


def _news(request, sent):
    """``sent``: the key of each card and what it knew, as in "12-345 13-0"."""
    seen = cards.seen_from(sent.split())
    visible = list(tabs.seen_by(request.user).filter(pk__in=seen).values_list("pk", flat=True))
    newest, others = decided.newest(visible), reasons.claims_of_others(visible, request.user)
    changed = [key for key in visible if newest[key] != seen[key]]
    return JsonResponse(
        {
            "reading": {key: _("%s is reading this.") % who.name for key, who in others.items()},
            "changed": {key: decided.sentence(decided.last(key)) for key in changed},
        }
    )


@require_safe
def old_list(request):
    """The list that stood in the admin before: its address leads to the tab that shows the same."""
    asked = request.GET.get("status", str(Status.PENDING.value))
    if asked == str(Status.PENDING.value) and not request.GET.get("q"):
        return redirect(Tab.WAITING.address)
    kept = {name: request.GET[name] for name in ("q", "status") if name in request.GET}
    if kept.get("status") == "all":
        del kept["status"]
    query = f"?{urlencode(kept)}" if kept else ""
    return redirect(Tab.ALL.address + query)
