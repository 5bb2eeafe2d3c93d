"""What all views of the queue share: permission, where to return to, and the response.

With JavaScript the response is the sentence, the tabs and the updated card; without it, a redirect
to the list, which shows the sentence above its cards.
"""

from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy

from accounts.auth.signed_out_views import keeps_words
from accounts.refusal import Refused
from comments.models import Comment
from comments.queue import cards, tabs
from comments.queue.actions import GONE
from comments.queue.tabs import Tab

MODERATE = "comments.moderate_comment"
UNDO = "undo"
SIGNED_OUT = gettext_lazy(
    "You’ve been signed out, so nothing was changed. Sign in in another tab, come back and "
    "try again; what you typed is still here."
)
# In milliseconds. A press this soon after the cards moved was meant for what was there before: it
# takes a quarter of a second to notice, and some more to stop the thumb.
SETTLE_TIME = 400
# RFC 9110, section 15.5.
NOT_FOUND, CONFLICT, SIGN_IN = 404, 409, 401


def for_moderators(view):
    """Decorator: let in moderators; others get the sign-in page or 403, as in the admin."""

    @wraps(view)
    def inside(request, *args, **kwargs):
        if not request.user.has_perm(MODERATE):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    inside = keeps_words(admin.site.admin_view(inside))

    @wraps(view)
    def checked(request, *args, **kwargs):
        if request.method == "POST" and request.htmx and not request.user.is_authenticated:
            return _signed_out(request)
        return inside(request, *args, **kwargs)

    return checked


def _signed_out(request):
    """Ask to sign in; what was typed stays on the page."""
    login = f"{reverse('admin:login')}?next={reverse('admin:index')}"
    context = {"sentence": SIGNED_OUT, "login": login}
    return render(request, "admin/queue/_signed_out.html", context, status=SIGN_IN)


@dataclass(frozen=True)
class Place:
    """A page of the queue: a tab with its filters, or one comment (``key``)."""

    address: str
    tab: Tab = Tab.ALL
    query: QueryDict | None = None
    key: int | None = None

    @property
    def page_mark(self):
        return self.query.get("after", "") if self.query else ""


def place_of(address):
    """Return the ``Place`` of an address of the queue; the admin's front page for any other."""
    try:
        parts = urlsplit(address)
        match = resolve(parts.path)
    except (ValueError, Resolver404):  # "//[" is no address at all
        return Place(reverse("admin:index"))
    if parts.netloc or match.namespaces != ["queue"]:
        return Place(reverse("admin:index"))
    query = QueryDict(parts.query)
    own = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if "tab" in match.kwargs:
        return Place(own, Tab(match.kwargs["tab"]), query)
    if match.url_name == "comment":
        return Place(parts.path, key=match.kwargs["pk"])
    return Place(reverse("admin:index"))


def return_place(request):
    """Return the ``Place`` that the form was sent from."""
    return place_of(request.POST.get("back", ""))


def action_view(view):
    """Decorator: turn the ``ActionResult`` of a view, or its Refused, into a response.

    A view may also return a response itself.
    """

    @wraps(view)
    def answered(request, pk=None, **kwargs):
        try:
            done = view(request, **({} if pk is None else {"pk": pk}), **kwargs)
        except Refused as refusal:
            return respond(request, pk, refusal.sentence, refused=True)
        except Comment.DoesNotExist:  # deleted meanwhile
            return respond(request, pk, GONE, refused=True)
        if isinstance(done, HttpResponse):
            return done
        return respond(request, pk or done.key, done.sentence, done.actions)

    return answered


def respond(request, pk, sentence, actions=(), refused=False):
    """Say what was done, or why not, on the page where the moderator was."""
    place = return_place(request)
    if not request.htmx:
        add_message(request, sentence, actions, refused)
        return redirect(place.address + _next_card(request))
    message = {"sentence": sentence, "actions": actions, "refused": refused, "in_place": True}
    context = {"message": message, **page_context(request, place)}
    card = card_now(request, pk)
    if card:
        stays = place.key or tabs.holds(place.tab, pk, request.user)
        context |= {"card": card, "settled": not stays}
    status = CONFLICT if refused and card else NOT_FOUND if refused else 200
    return render(request, "admin/queue/_response.html", context, status=status)


def card_now(request, pk):
    """Return the current card of this comment; None if it is gone or hidden from this moderator."""
    try:
        return None if pk is None else cards.card_for(pk, request.user)
    except Comment.DoesNotExist:
        return None


def _next_card(request):
    next_key = request.POST.get("next", "")
    return f"#card-{next_key}" if next_key.isdecimal() else ""


def add_message(request, sentence, actions=(), refused=False):
    """Keep a sentence for the next page, with the acts that its Undo button undoes."""
    tags = " ".join([UNDO, *map(str, actions)]) if actions else ""
    add = messages.warning if refused else messages.success
    add(request, str(sentence), extra_tags=tags)


def pop_messages(request):
    """Return what :func:`add_message` kept, once."""
    results = []
    for message in messages.get_messages(request):
        tag, *actions = (message.extra_tags or "").split() or [""]
        undone = [int(key) for key in actions] if tag == UNDO else []
        refused = message.level >= messages.WARNING
        results.append({"sentence": message.message, "actions": undone, "refused": refused})
    return results


def page_context(request, place):
    """Return the context around the cards: the tabs with their counts, and the current place."""
    counted, here = tabs.counts(request.user), None if place.key else place.tab
    listed = [
        {
            "tab": tab,
            "count": counted[tab],
            "shown": tabs.count_in_words(counted[tab]),
            "address": tab.address,
        }
        for tab in Tab
    ]
    return {
        "tabs": listed,
        "tab": here,
        "place": place,
        "settles": SETTLE_TIME,
        "left": counted[place.tab] and tabs.count_in_words(counted[place.tab]),
        "further": place.address.partition("?")[0] if counted[place.tab] else "",
        "urgent": next(
            (item for item in listed[:3] if item["count"] and item["tab"] != here), None
        ),
    }
