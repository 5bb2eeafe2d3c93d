"""What a link in a mail opens: one neutral page with one button."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import links


# Exempt, because there is nothing for a forged request to borrow: no cookie is read, the token in
# the address is the whole authority, and whoever knows it could press the button himself. So mail
# programs can unsubscribe without cookies (RFC 8058), it works where cookies are off, no cookie is
# set, and the page can say `no-referrer`: with that, browsers send `Origin: null` with the form,
# which Django's check refuses.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def link(request, token):
    """GET shows the button and changes nothing, however many programs open it; POST acts."""
    if request.method == "POST":
        action, path = links.press(token)
        if path:
            return _private(HttpResponseRedirect(path))
        words = action and {"title": action.done_title, "text": action.done}
    else:
        found = links.find(token)
        action = found and links.actions()[found.kind]
        words = action and {
            "title": action.title,
            "text": action.question,
            "button": action.button,
        }
    page = render(request, "accounts/link_detail.html", words or {}, status=200 if words else 404)
    return _private(page)


def _private(response):
    """Nobody keeps the page, lists it, or learns its address from where its reader goes next."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
