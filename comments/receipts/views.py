"""The writer's own pages: the receipt of a comment, and what they can do with it.

Open to whoever has the private link, and to the writer's own browser or account; everybody else
gets 404. GET shows and POST acts, so that a program that opens every link of a mail changes
nothing.
"""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import throttling
from accounts.auth.reauthentication import require_reauthentication
from accounts.privacy import departure
from accounts.privacy.registry import DataSubject
from accounts.refusal import Refused
from comments import timestamps
from comments.guests import account_claims, emails, receipt_tokens, recognition, session
from comments.models import Comment, ConversationSettings
from comments.posting import own_comments
from comments.posting.forms import EditForm
from comments.privacy.inventory import comments_of
from comments.reactions import rules
from comments.receipts.receipt import Receipt

# Each line is a comment with its state: as many as are readable on a phone.
COMMENTS_A_PAGE = 25
# RFC 9110, section 15.5.
CONFLICT, FORBIDDEN = 409, 403


def for_the_writer(methods):
    """Decorator: load the comment, answer 404 to strangers, and keep the page out of caches.

    The referrer policy is same-origin, not no-referrer: with the latter, browsers send our own
    forms without an origin, and the CSRF check refuses them. No other site learns the URL.
    """

    def decorate(view):
        @wraps(view)
        def wrapped(request, pk, token=""):
            response = view(request, _found(request, pk, token), token)
            response["Referrer-Policy"] = "same-origin"
            response["X-Robots-Tag"] = "noindex"
            return response

        return never_cache(require_http_methods(methods)(wrapped))

    return decorate


READS, ACTS = ["GET", "HEAD"], ["GET", "HEAD", "POST"]


def _found(request, pk, token):
    comment = (
        Comment.objects.with_names()
        .select_related("post", "verified_address", "content_note")
        .filter(pk=pk)
        .first()
    )
    if comment is None:
        raise Http404
    if token:
        known = receipt_tokens.is_valid(comment, token)
    else:
        known = session.viewer_of(request).wrote(comment.pk, comment.user_id)
    if not known:
        raise Http404
    return comment


@for_the_writer(READS)
def receipt(request, comment, token):
    """Show the state of the comment, and what its writer can do."""
    fresh = "" if token else session.receipt_token(request, comment)
    shown = receipt_tokens.is_valid(comment, fresh)
    context = {
        "receipt": Receipt.of(comment),
        "has_link": bool(token),
        "can_be_mailed": bool(emails.address_of(comment)),
        "may_be_claimed": bool(token)
        and request.user.is_authenticated
        and account_claims.may_claim_by_link(request.user, comment),
        "private_link": shown and request.build_absolute_uri(_address("receipt", comment, fresh)),
    }
    response = render(request, "comments/receipts/receipt_detail.html", context)
    if fresh and request.method == "GET":
        # Shown once: somebody who opens this page later does not see the link.
        session.clear_receipt_token(response, comment.pk)
    return response


@for_the_writer(ACTS)
def renewal(request, comment, token):
    """Renew the private link; the one before stops working."""
    if request.method != "POST":
        return render(request, "comments/receipts/renew_link.html", {"had_one": comment.receipt})
    fresh = receipt_tokens.renew(comment)
    if token:
        return redirect(_address("receipt", comment, fresh))
    response = _back(comment, "")
    session.set_receipt_token(response, comment, fresh)
    return response


@for_the_writer(ACTS)
def mailing(request, comment, token):
    """Mail the writer a link to this receipt, if they have a verified address."""
    address = emails.address_of(comment)
    if not address:
        raise Http404
    posted = request.method == "POST" and emails.send_receipt(comment)
    # The private link may have been shown to somebody else, who must not learn the address.
    context = {"address": "" if token else address, "posted": posted}
    return render(request, "comments/receipts/send_link.html", context)


@for_the_writer(ACTS)
def edit(request, comment, token):
    """Edit the comment while the edit window is open."""
    if request.method == "POST":
        return _edited(request, comment, token, EditForm(comment, request.POST))
    if not own_comments.may_edit(comment):
        context = {"sentence": own_comments.why_not(comment)}
        return render(request, "comments/receipts/too_late.html", context, status=FORBIDDEN)
    return _edit_page(request, comment, EditForm(comment))


def _edited(request, comment, token, form):
    if wait := session.seconds_to_wait(request, comment.name):
        throttling.refuse_unchecked(form, timestamps.please_wait(wait))
        page = _edit_page(request, comment, form, status=throttling.TOO_MANY)
        return throttling.slowed(page, wait)
    if not form.is_valid():
        return _edit_page(request, comment, form, status=422)
    try:
        own_comments.edit(comment.pk, network=session.network_of(request), **form.changes())
    except Refused as refusal:
        context = {"sentence": refusal.sentence, "words": form.cleaned_data["body"]}
        return render(request, "comments/receipts/too_late.html", context, status=CONFLICT)
    return _back(comment, token)


def _edit_page(request, comment, form, status=200):
    context = {
        "form": form,
        "what_happens": _what_an_edit_does(comment),
        "until": own_comments.edit_ends(comment),
    }
    return render(request, "comments/receipts/edit_form.html", context, status=status)


def _what_an_edit_does(comment):
    if comment.status != Comment.Status.APPROVED:
        return _(
            "Only you and the moderators can see this so far. It will keep waiting for review."
        )
    if own_comments.status_if_edited(comment) == Comment.Status.APPROVED:
        return _(
            "Your edit appears right away, and the comment is marked as edited. Now and "
            "then an edit is reviewed first; until then, the whole comment is hidden."
        )
    return _(
        "Sending this hides your comment right away, the old text too. It stays hidden "
        "until a moderator has reviewed the new text."
    )


@for_the_writer(ACTS)
def withdrawal(request, comment, token):
    """Withdraw the comment."""
    if request.method != "POST":
        return render(request, "comments/receipts/withdraw.html", {"receipt": Receipt.of(comment)})
    own_comments.withdraw(comment.pk)
    return _back(comment, token)


@for_the_writer(ACTS)
def disowning(request, comment, token):
    """Take the writer's name off the comment."""
    if request.method != "POST":
        context = {
            "receipt": Receipt.of(comment),
            "word": ConversationSettings.get().word_for_a_reader,
            "only_by_account": not token and comment.user_id is not None,
        }
        return render(request, "comments/receipts/disown.html", context)
    by_account = not token and comment.user_id is not None
    own_comments.disown(comment.pk)
    return redirect("comments:written") if by_account else _back(comment, token)


@for_the_writer(ACTS)
def proof(request, comment, token):
    """Mail a proof link to the typed address, so that the writer is recognised from then on."""
    if not recognition.needs_proof(comment):
        raise Http404
    if request.method == "POST" and not session.seconds_to_wait(request, "proof"):
        recognition.request_proof_for(comment)
    return render(
        request, "comments/receipts/verify_address.html", {"asked": request.method == "POST"}
    )


def _address(name, comment, token):
    return reverse(f"comments:{name}", args=[comment.pk, token])


def _back(comment, token):
    if token:
        return redirect(_address("receipt", comment, token))
    return redirect("comments:own_receipt", comment.pk)


@never_cache
@require_safe
@login_required
def comment_list(request):
    """List all comments of an account, newest first, with their states."""
    own = Comment.objects.filter(user=request.user).select_related("post", "user", "content_note")
    pages = Paginator(own.order_by("-created_at", "-pk"), COMMENTS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    settings = ConversationSettings.get()
    tally = rules.tally([comment.pk for comment in page])
    context = {
        "lines": [Receipt.of(comment, settings, tally) for comment in page],
        "number": page.number,
        "count": pages.num_pages,
        "previous_url": page.has_previous() and f"?page={page.number - 1}",
        "next_url": page.has_next() and f"?page={page.number + 1}",
    }
    return render(request, "comments/receipts/own_comments.html", context)


@never_cache
@require_http_methods(ACTS)
@require_reauthentication
def disown_all(request):
    """Take the name off all comments of an account and its verified addresses."""
    subject = DataSubject.from_user(request.user)
    own = comments_of(subject)
    is_leaving = departure.pending_request(subject) is not None
    if request.method == "POST" and not is_leaving:
        for key in own.values_list("pk", flat=True):
            own_comments.disown(key)
        messages.success(request, _("Your name no longer appears on any comment here."))
        return redirect("accounts:leave")
    word = ConversationSettings.get().word_for_a_reader
    context = {"count": own.count(), "word": word, "leaving": is_leaving}
    return render(request, "comments/receipts/disown_all.html", context)


@never_cache
@require_http_methods(ACTS)
def forget(request):
    """Delete the guest's cookies from this device; the script clears its own storage."""
    response = render(
        request, "comments/guests/forget_device.html", {"done": request.method == "POST"}
    )
    if request.method == "POST":
        session.forget_guest(request, response)
    return response
