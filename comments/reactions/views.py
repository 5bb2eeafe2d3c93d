"""The form for reacting to a comment.

GET shows it, POST sends it. htmx gets the form alone and swaps it in for its link.
"""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from accounts import rate_limit, throttling
from accounts.refusal import Refused
from comments import policy, timestamps
from comments.guests import session
from comments.models import Comment
from comments.reactions import rules
from comments.threads import branch

# RFC 9110, section 15.5.
CONFLICT, NOT_FOUND = 409, 404
ACTS = {"give": rules.give, "take": rules.take_back}
LONGEST_KEY = 18  # digits that every database can look up
GONE = _("This comment is no longer visible.")
NO_KINDS = _("This comment can’t receive support.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def reaction(request, pk):
    """Show the reactions to a comment that can be given, or give or take back one."""
    if request.method != "POST" and (refusal := throttling.refusal(request, "form")):
        return refusal
    offer = _offer(request, pk, session.reader_of(request))
    if not offer:
        return _gone(request, pk)
    return _pressed(request, offer) if request.method == "POST" else _page(request, offer)


def _offer(request, pk, reader):
    comment = Comment.objects.with_names().select_related("post").filter(pk=pk).first()
    mode = comment and policy.mode_of(comment.post, session.settings_of(request))
    return comment and rules.reaction_offer(comment, mode, reader)


def _pressed(request, offer):
    act, kind = _press(request.POST)
    if wait := _wait(request, offer.reader):
        page_ = _page(request, offer, timestamps.please_wait(wait), status=throttling.TOO_MANY)
        return throttling.slowed(page_, wait)
    try:
        if act is None:
            raise Refused(rules.NOT_OFFERED)
        act(offer.comment.pk, kind, offer.reader)
    except Comment.DoesNotExist:
        return _gone(request, offer.comment.pk)
    except Refused as refusal:
        return _page(request, offer, refusal.sentence, status=CONFLICT)
    response = _done(request, offer, kind)
    if act is rules.give and not request.user.is_authenticated:
        session.remember_reader(response, offer.reader)
    return response


def _press(sent):
    """Return ``(function, key of the kind)`` of the button that was pressed, else Nones."""
    for name, act in ACTS.items():
        key = sent.get(name, "")
        if key.isascii() and key.isdigit() and len(key) <= LONGEST_KEY:
            return act, int(key)
    return None, None


def _wait(request, reader):
    user = request.user
    who = f"account {user.pk}" if user.is_authenticated else reader.token
    return rate_limit.seconds_to_wait(
        f"reactions {session.network_of(request)}", f"reactions {who}"
    )


def _done(request, offer, kind):
    if not request.htmx:
        return redirect(request.path)  # the page says what was given, and leads back
    now = _offer(request, offer.comment.pk, offer.reader)
    return _page(request, now, pressed=kind) if now else _gone(request, offer.comment.pk)


def _page(request, offer, sentence="", status=200, pressed=None):
    context = {"support": offer, "sentence": sentence or offer.why_not}
    if request.htmx:
        # The link that opened the form had the focus.
        context["focused"] = pressed or next((kind.pk for kind in offer.kinds), None)
        return render(request, "comments/reactions/_reaction_buttons.html", context, status=status)
    settings = session.settings_of(request)
    context["parent"] = branch.quoted_node(offer.comment, offer.reader.viewer, settings)
    return render(request, "comments/reactions/reaction_form.html", context, status=status)


def _gone(request, pk):
    """Answer that there is no such comment, or nothing to give: a sentence for htmx, or 404."""
    if not request.htmx:
        raise Http404
    comment = Comment.objects.select_related("post").filter(pk=pk).first()
    mode = comment and policy.mode_of(comment.post, session.settings_of(request))
    is_shown = comment and policy.is_shown(comment, mode)
    context = {"sentence": NO_KINDS if is_shown else GONE}
    return render(request, "comments/reactions/_reaction_buttons.html", context, status=NOT_FOUND)
