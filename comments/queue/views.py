"""The GET views of the queue: the admin's front page, a tab, one comment, and its updates."""

from urllib.parse import urlencode

from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comments.audit_log import history
from comments.models import Comment, moderation
from comments.queue import cards, pages, responses, tabs
from comments.queue.tabs import Tab
from comments.tree.status import Status


def front_page(index):
    """Return the view of /admin/: the queue for moderators who don't write, else ``index``."""

    def view(request, extra_context=None):
        person = request.user
        if person.has_perm("blog.add_post") or not person.has_perm(responses.MODERATE):
            return index(request, extra_context)
        place = responses.place_of(tabs.first(person).address)
        return pages.tab_page(request, place, {**(extra_context or {}), "front": True})

    return view


@require_safe
def tab(request, tab):
    """One tab of the queue."""
    return pages.tab_page(request, responses.place_of(request.get_full_path()))


@require_safe
def comment(request, pk):
    """The page of one comment."""
    return pages.comment_page(request, _card(request, pk), opened=request.GET.get("open", ""))


@require_safe
def panels(request, pk):
    """The panels of one comment, for its card in a list."""
    card, place = _card(request, pk), responses.place_of(request.GET.get("back", ""))
    context = {"card": card, "place": place, **pages.panels(card, request.user)}
    return render(request, "admin/queue/panels/_panels.html", context)


def _card(request, pk):
    try:
        return cards.card_for(pk, request.user)
    except Comment.DoesNotExist:
        raise Http404 from None


@require_POST
def review(request, pk):
    """Take the review lock of a comment for this moderator, and answer as :func:`news` does."""
    if tabs.seen_by(request.user).filter(pk=pk).exists():
        moderation.take_review_lock(pk, request.user)
    return _news(request, request.POST.get("cards", ""))


@require_safe
def news(request):
    """Who is reviewing which of a page's cards, and which have changed meanwhile."""
    return _news(request, request.GET.get("cards", ""))


def _news(request, sent):
    """``sent``: key and version of each card, as in "12-345 13-0"."""
    versions = cards.parse_versions(sent.split())
    visible = list(tabs.seen_by(request.user).filter(pk__in=versions).values_list("pk", flat=True))
    newest, others = (
        history.newest_actions(visible),
        moderation.review_locks_of_others(visible, request.user),
    )
    changed = [key for key in visible if newest[key] != versions[key]]
    return JsonResponse(
        {
            "reading": {key: _("%s is viewing this.") % who.name for key, who in others.items()},
            "changed": {key: history.describe(history.last_action(key)) for key in changed},
        }
    )


@require_safe
def old_list(request):
    """Redirect the admin's former list of comments to the tab that shows the same."""
    asked = request.GET.get("status", str(Status.PENDING.value))
    if asked == str(Status.PENDING.value) and not request.GET.get("q"):
        return redirect(Tab.WAITING.address)
    kept = {name: request.GET[name] for name in ("q", "status") if name in request.GET}
    if kept.get("status") == "all":
        del kept["status"]
    query = f"?{urlencode(kept)}" if kept else ""
    return redirect(Tab.ALL.address + query)
