"""Pages to subscribe to new posts by mail, to change preferences, and to unsubscribe.

GET shows, POST acts. Guests get the same answer whether their address is known or not.
"""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts import rate_limit, throttling
from accounts.mail import address_proofs
from accounts.mail.mailboxes import Recipient
from blog.models import Subscription
from blog.newsletter import subscribe as newsletter_subscribe
from blog.newsletter.forms import GuestSubscribeForm, SubscribeForm

INVALID = 422
STOP = "stop"
TOO_QUICK = _("Too many requests from here in a short time. Please try again in a little while.")
acting = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@acting
def subscribe_page(request):
    """Subscribe to new posts; signed-in users also change and end their subscription here."""
    if request.user.is_authenticated:
        return _of_account(request)
    form = GuestSubscribeForm(request.POST if request.method == "POST" else None)
    return _of_guest(request, form) if form.is_bound else _page(request, form)


@csrf_exempt
@never_cache
@require_POST
def quick_subscribe(request):
    """Subscribe with the field below posts and on the home page, with nothing else chosen.

    Those pages are one copy for all, so they have no token. Nobody needs one: it is a guest's
    request, which the mailbox has to confirm; whoever has an account goes to their own page.
    """
    if request.user.is_authenticated:
        return redirect("blog:subscribe")
    given = {
        "rhythm": Subscription.Rhythm.AT_ONCE,
        "discreet": True,
        "email": request.POST.get("email", ""),
    }
    return _of_guest(request, GuestSubscribeForm(given))


def _of_guest(request, form):
    if wait := _seconds_to_wait(request):
        throttling.refuse_unchecked(form, TOO_QUICK)
        return throttling.slowed(_page(request, form, status=throttling.TOO_MANY), wait)
    if not form.is_valid():
        return _page(request, form, status=INVALID)
    newsletter_subscribe.subscribe_guest(**form.cleaned_data)
    return render(request, "blog/newsletter/subscribe_done.html")


def _seconds_to_wait(request):
    here = f"subscribing {rate_limit.network_key_of(request.META)}"
    return rate_limit.seconds_to_wait(here, here)


def _of_account(request):
    mailbox = Recipient(user=request.user)
    row, verified = newsletter_subscribe.subscription_of(mailbox), mailbox.email
    if request.method == "POST" and request.POST.get("act") == STOP:
        newsletter_subscribe.unsubscribe(mailbox)
        return redirect(request.path)
    form = SubscribeForm(
        request.POST if request.method == "POST" else None, initial=_as_form(row, request.user)
    )
    if form.is_bound and verified and form.is_valid():
        newsletter_subscribe.subscribe_account(request.user, **form.cleaned_data)
        return redirect(request.path)
    status = INVALID if form.is_bound else 200
    return _page(request, form, status, row=row, to_address=verified)


def _as_form(row, user=None):
    if row:
        discreet = row.is_discreet if row.confirmed_at else row.discreet
        return {"rhythm": row.rhythm, "discreet": discreet}
    return {"discreet": user.discreet} if user else {}


def _page(request, form, status=200, **more):
    return render(
        request, "blog/newsletter/subscribe_form.html", {"form": form, **more}, status=status
    )


@never_cache
@acting
def subscription_page(request, given):
    """The page behind a mail's link: confirm, change or end the subscription.

    It is as neutral as the link's own page: it names neither the blog nor a person.
    """
    mailbox = newsletter_subscribe.recipient_from_token(given)
    if mailbox is None:
        raise Http404
    form, row = None, newsletter_subscribe.subscription_of(mailbox)
    if request.method == "POST":
        was_subscribed = bool(row and row.confirmed_at)
        if request.POST.get("act") == STOP:
            newsletter_subscribe.unsubscribe(mailbox)
            return _decided(request, mailbox, "unsubscribed" if was_subscribed else "declined")
        form = SubscribeForm(request.POST)
        if form.is_valid():
            newsletter_subscribe.save_preferences(mailbox, **form.cleaned_data)
            return _decided(request, mailbox, "saved" if was_subscribed else "subscribed")
    context = {"form": form or SubscribeForm(initial=_as_form(row)), "row": row}
    return _neutral(request, context, status=INVALID if form else 200)


def _decided(request, mailbox, what):
    """Show the result, and the path of what else is pending for the same address."""
    on = address_proofs.next_url(mailbox.address) if mailbox.address else None
    return _neutral(request, {"decided": what, "on": on})


def _neutral(request, context, status=200):
    page = render(request, "blog/newsletter/subscription_detail.html", context, status=status)
    page["Referrer-Policy"] = "same-origin"
    page["X-Robots-Tag"] = "noindex"
    return page
