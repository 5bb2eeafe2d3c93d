"""Account pages that django-allauth does not provide, and the page behind a link in a mail."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.auth import email_change, invitations, second_factor
from accounts.auth import sessions as auth_sessions
from accounts.auth.adapter import INVITATION
from accounts.auth.forms import ProfileForm
from accounts.mail import links
from accounts.models import ErasureRequest

INVALID = 422
shows_and_acts = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@shows_and_acts
@login_required
def profile(request):
    """Edit the signed-in user's profile and mail preferences."""
    # A copy: an invalid display name must not appear in the page's footer as if it were saved.
    person = get_user_model().objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Your profile has been saved."))
        return redirect("accounts:profile")
    status = INVALID if form.is_bound else 200
    return render(request, "accounts/profile_form.html", {"form": form}, status=status)


@require_safe
def person(request, username):
    """Show the public profile of a user who has switched it on; 404 for everybody else."""
    people = get_user_model().objects.named(username).filter(is_active=True, is_public=True)
    people = people.exclude(erasure__kind=ErasureRequest.Kind.EVERYTHING)
    found = people.first()
    if found is None:
        raise Http404
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdecimal() and len(number) < 8):
        raise Http404
    if found.username != username:
        return redirect(found.get_public_url(), permanent=True)
    try:
        parts = [import_string(path)(found, int(number)) for path in settings.PROFILE_SECTIONS]
    except LookupError as none_there:
        raise Http404 from none_there
    context = {"person": found, "parts": [{"template": part[0], **part[1]} for part in parts]}
    context["page_number"] = int(number)
    context["canonical_url"] = settings.SITE_URL + found.get_public_url()
    return render(request, "accounts/profile_detail.html", context)


@never_cache
@shows_and_acts
@login_required
def session_list(request):
    """List the user's active sessions, with buttons that end one of them or all others."""
    if request.method == "POST":
        _end(request)
        return redirect("accounts:sessions")
    here = request.session.session_key
    context = {
        "sign_ins": [
            {"row": row, "is_here": row.session_key == here}
            for row in auth_sessions.list_sessions(request.user)
        ]
    }
    return render(request, "accounts/auth/session_list.html", context)


def _end(request):
    chosen, here = request.POST.get("end", ""), request.session.session_key
    if chosen == "others":
        auth_sessions.end_all_sessions(request.user, but=here)
        # The current session continues, under another key.
        update_session_auth_hash(request, request.user)
        auth_sessions.session_rekeyed(here, request.session.session_key)
        messages.success(request, _("You’re now signed in only here."))
    elif chosen.isascii() and chosen.isdecimal() and len(chosen) < 19:
        auth_sessions.end_session(request.user, int(chosen))


@never_cache
@require_POST
@login_required
def stop_address_change(request):
    """Cancel the pending change of address."""
    email_change.cancel_change(request.user)
    return redirect("account_email")


@never_cache
@require_safe
@login_required
def second_factor_needed(request):
    """Explain that the admin requires a second factor, and where to set one up."""
    if second_factor.has_second_factor(request.user):
        return redirect("admin:index")
    return render(request, "accounts/auth/second_factor_required.html")


@never_cache
@require_safe
def invited(request, carried):
    """Keep an accepted invitation in the session, so that this browser may open the sign-up."""
    request.session[INVITATION] = invitations.invitation_key(carried)
    return _private(redirect("account_signup"))


# Exempt, because there is nothing for a forged request to borrow: no cookie is read, the token in
# the URL is the whole authority, and whoever knows it could press the button themselves. So mail
# programs can unsubscribe without cookies (RFC 8058), it works where cookies are off, no cookie is
# set, and the page can say `no-referrer`: with that, browsers send `Origin: null` with the form,
# which Django's check refuses.
@csrf_exempt
@shows_and_acts
def link(request, token):
    """The page of a mail link: GET shows a button and changes nothing, POST performs the action.

    So mail scanners that open every link do no harm.
    """
    if request.method == "POST":
        pressed = links.use_link(token, request.POST)
        if pressed.path:
            return _private(HttpResponseRedirect(pressed.path))
        if page := pressed.page:
            return _private(render(request, page.template, page.context))
        action = pressed.action
        words = action and {"title": action.done_title, "text": action.done}
    else:
        found = links.find_link(token)
        action = found and links.link_actions()[found.kind]
        words = action and {
            "title": action.title,
            "text": action.question,
            "button": action.button,
            "others": action.others,
        }
    page = render(request, "accounts/link_detail.html", words or {}, status=200 if words else 404)
    return _private(page)


def _private(response):
    """Keep the response out of caches and search engines, and its URL out of Referer headers."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
