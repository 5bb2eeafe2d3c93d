"""What every address of the queue has in common: who may come in, from where, and what is answered.

With JavaScript the answer is the sentence, the tabs and the card as it is now; without it a way
back to the list, which says the same above its cards.
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

from accounts.refusal import Refused
from comments.models import Comment
from comments.queue import cards, tabs
from comments.queue.actions import GONE
from comments.queue.tabs import Tab

MODERATE = "comments.moderate_comment"
UNDO = "undo"
SIGNED_OUT = gettext_lazy(
    "You were signed out meanwhile, so nothing was changed. Please sign in and go on."
)
# A press this soon after something moved was meant for what stood there before, in milliseconds:
# a person needs a quarter of a second to see that it did, and some more to hold the thumb.
SETTLE_TIME = 400
# Nothing to decide about, and something that changed: RFC 9110, section 15.5.
NOT_FOUND, CONFLICT, SIGN_IN = 404, 409, 401


def for_moderators(view):
    """Let in who may decide; all others as the admin does: to the sign-in, or 403."""

    @wraps(view)
    def inside(request, *args, **kwargs):
        if not request.user.has_perm(MODERATE):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    inside = admin.site.admin_view(inside)

    @wraps(view)
    def checked(request, *args, **kwargs):
        if request.method == "POST" and not request.user.is_authenticated:
            return _signed_out(request)
        return inside(request, *args, **kwargs)

    return checked


def _signed_out(request):
    """What was pressed is not done later, perhaps by somebody else: the way leads to the list."""
    login = f"{reverse('admin:login')}?next={reverse('admin:index')}"
    if request.htmx:
        context = {"sentence": SIGNED_OUT, "login": login}
        return render(request, "admin/queue/_signed_out.html", context, status=SIGN_IN)
    messages.warning(request, SIGNED_OUT)
    return redirect(login)


@dataclass(frozen=True)
class Place:
    """A page of the queue: a tab with its filters, or the page of one comment (``key``)."""

    address: str
    tab: Tab = Tab.ALL
    query: QueryDict | None = None
    key: int | None = None

    @property
    def mark(self):
        return self.query.get("after", "") if self.query else ""


def place_of(address):
    """Return the ``Place`` of an address of ours; the first page of the admin for any other."""
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
    """Return the ``Place`` that a form of ours was sent from."""
    return place_of(request.POST.get("back", ""))


def action_view(view):
    """Let a view return an ``ActionResult`` or raise Refused, and answer with its sentence.

    What is no result, but a page already, is the answer itself.
    """

    @wraps(view)
    def answered(request, pk=None, **kwargs):
        try:
            done = view(request, **({} if pk is None else {"pk": pk}), **kwargs)
        except Refused as refusal:
            return respond(request, pk, refusal.sentence, refused=True)
        except Comment.DoesNotExist:  # it went meanwhile
            return respond(request, pk, GONE, refused=True)
        if isinstance(done, HttpResponse):
            return done
        return respond(request, pk or done.key, done.sentence, done.actions)

    return answered


def respond(request, pk, sentence, actions=(), refused=False):
    """Say what was done, or why not, where the moderator was."""
    place = return_place(request)
    if not request.htmx:
        add_message(request, sentence, actions, refused)
        return redirect(place.address + _next_card(request))
    said = {"sentence": sentence, "actions": actions, "refused": refused, "in_place": True}
    context = {"said": said, **page_context(request, place)}
    card = card_now(request, pk)
    if card:
        stays = place.key or tabs.holds(place.tab, pk, request.user)
        context |= {"card": card, "settled": not stays}
    status = CONFLICT if refused and card else NOT_FOUND if refused else 200
    return render(request, "admin/queue/_response.html", context, status=status)


def card_now(request, pk):
    """Return the card of this comment as it is now; None if it is gone, or not for her."""
    try:
        return None if pk is None else cards.card_for(pk, request.user)
    except Comment.DoesNotExist:
        return None


def _next_card(request):
    following = request.POST.get("next", "")
    return f"#card-{following}" if following.isdecimal() else ""


def add_message(request, sentence, actions=(), refused=False):
    """Keep a sentence for the next page, with what can be taken back by a press beside it."""
    tags = " ".join([UNDO, *map(str, actions)]) if actions else ""
    add = messages.warning if refused else messages.success
    add(request, str(sentence), extra_tags=tags)


def pop_messages(request):
    """Return what :func:`tell` kept, once."""
    said = []
    for message in messages.get_messages(request):
        tag, *actions = (message.extra_tags or "").split() or [""]
        undone = [int(key) for key in actions] if tag == UNDO else []
        refused = message.level >= messages.WARNING
        said.append({"sentence": message.message, "actions": undone, "refused": refused})
    return said


def page_context(request, place):
    """Return what stands around the cards: the tabs with their counts, and where we are."""
    counted, here = tabs.counts(request.user), None if place.key else place.tab
    listed = [{"tab": tab, "count": counted[tab], "address": tab.address} for tab in Tab]
    return {
        "tabs": listed,
        "tab": here,
        "place": place,
        "settles": SETTLE_TIME,
        "left": counted[place.tab],
        "further": place.address.partition("?")[0] if counted[place.tab] else "",
        "urgent": next(
            (each for each in listed[:3] if each["count"] and each["tab"] != here), None
        ),
    }
