"""The pages of the conversation: the form, the permalink, a branch, a part of a thread.

A view turns the request into small values, calls one function and answers.
"""

import codecs

from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from blog.models import Post
from comments import (
    branches,
    conversation,
    following,
    foretelling,
    guest,
    markup,
    policy,
    posting,
    reacting,
    receipts,
)
from comments.care import help as care_help
from comments.forms import TOO_QUICK, AnswerForm, GuestAnswerForm, is_blank
from comments.models import Comment
from comments.thread import NoSuchPageError

# What was answered changed while somebody wrote, or is nothing for her. RFC 9110, section 15.5.
CONFLICT, FORBIDDEN, NOT_FOUND, TOO_MANY = 409, 403, 404, 429


@require_safe
def permalink(request, pk):
    """Lead to the page of the post that shows the comment."""
    comment = _seen_comment(request, pk)
    if not policy.may_see(comment, guest.viewer_of(request)):
        raise Http404
    return redirect(conversation.address_of(comment, guest.settings_of(request)))


@require_safe
def thread(request, pk):
    """One branch, with what it answers."""
    return _branch(request, "comments/thread_detail.html", _seen_comment(request, pk))


@require_safe
@vary_on_headers("HX-Request")
def after(request, pk, last):
    """The next part of a branch, after the comment ``last``."""
    comment = _seen_comment(request, pk)
    end = get_object_or_404(
        Comment, pk=last, tree_id=comment.tree_id, lft__gte=comment.lft, rght__lte=comment.rght
    )
    # htmx puts the part into the page that is there; everybody else gets a page of its own.
    template = "comments/_thread_part.html" if _by_htmx(request) else "comments/thread_part.html"
    return _branch(request, template, comment, end)


def _by_htmx(request):
    """Whether a part of a page is asked for, to be put into the page that is there."""
    return request.headers.get("HX-Request") == "true"


def _branch(request, template, comment, last=None):
    try:
        viewer, settings = guest.viewer_of(request), guest.settings_of(request)
        branch = branches.branch(comment, viewer, last, settings)
    except NoSuchPageError:
        raise Http404 from None
    context = {"post": branch.post, "parent": branch.parent, "thread": branch.thread}
    return render(request, template, context | {"rest": branch.rest})


def _seen_comment(request, pk):
    """Return a comment whose conversation is shown; its own words may be hidden."""
    comment = get_object_or_404(Comment.objects.select_related("post", "user"), pk=pk)
    if policy.mode_of(comment.post, guest.settings_of(request)) is policy.Mode.HIDDEN:
        raise Http404
    return comment


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply_to_post(request, slug):
    """The form that answers a post, as a page of its own, and where it is sent to."""
    post = Post.objects.select_related("author").filter(slug=slug).first()
    return _answer(request, post, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request, pk):
    """The form that answers a comment, as a page of its own, and where it is sent to."""
    found = Comment.objects.with_names().with_lock().select_related("post__author")
    parent = found.filter(pk=pk).first()
    if parent and not policy.has_met(parent, guest.viewer_of(request)):
        parent = None
    return _answer(request, parent and parent.post, parent, answered=pk)


def _answer(request, post, parent, answered=None):
    settings = guest.settings_of(request)
    mode = policy.mode_of(post, settings, request.user) if post else policy.Mode.HIDDEN
    form = _form(request)
    if request.method == "POST":
        return _post(request, post, mode, parent, form, answered)
    if mode is policy.Mode.HIDDEN or (parent and not parent.is_visible):
        raise Http404
    if closed := _closed(mode, parent, settings):
        return _refused(request, post, form, closed.sentence, FORBIDDEN)
    return _form_page(request, post, mode, parent, form)


def _closed(mode, parent, settings):
    """Return why no answer is taken, as the error that posting would raise, or None."""
    if closed := posting.why_closed(mode, settings):
        return closed
    locked = parent and not policy.takes_answers(mode, parent.locked)
    return posting.ThreadLockedError() if locked else None


def _form(request):
    # Other encodings can smuggle in halves of characters, which no database takes.
    if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
        raise BadRequest("Forms are sent here in UTF-8.")
    kind = AnswerForm if request.user.is_authenticated else GuestAnswerForm
    own_email = getattr(request.user, "email", "")
    settings = guest.settings_of(request)
    if request.method == "POST":
        return kind(request.POST, own_email=own_email, settings=settings)
    signed_in = request.user.is_authenticated
    chosen = {"discreet": following.is_discreet(request.user)} if signed_in else {}
    return kind(own_email=own_email, settings=settings, initial=chosen)


def _post(request, post, mode, parent, form, answered):
    viewer = guest.viewer_of(request)
    if closed := _closed(mode, parent, guest.settings_of(request)):
        if mode is policy.Mode.HIDDEN:  # the very answer of an address at which there is nothing
            return _refused(request, None, form, closed.sentence, NOT_FOUND)
        return _refused(request, post, form, closed.sentence, CONFLICT)
    if not form.is_valid():
        return _form_page(request, post, mode, parent, form, status=422)
    if wait := guest.seconds_to_wait(request, form.cleaned_data.get("name", "")):
        form.add_error(None, TOO_QUICK)
        response = _form_page(request, post, mode, parent, form, status=TOO_MANY)
        response["Retry-After"] = str(wait)
        return response
    receipt = receipts.new_token()
    try:
        comment = posting.post_comment(
            posting.Answer(
                post=post.pk,
                parent=answered,
                user=viewer.user if viewer.user.is_authenticated else None,
                data=form.cleaned_data,
                token=request.META.get("CSRF_COOKIE") or "",
                receipt=receipt,
                own=viewer.own,
                network=guest.network_of(request),
                form=form.sent_form(),
            ),
            guest.settings_of(request),
        )
    except posting.NotAcceptedError as refusal:
        return _refused(request, post, form, refusal.sentence, CONFLICT)
    response = _sent(request, comment)
    if comment.user_id is None:
        guest.remember(request, response, comment)
    if receipts.opens(comment, receipt):  # not if the same form came twice
        guest.hand_over(response, comment, receipt)
    return response


def _sent(request, comment):
    """Straight to the page, so that nobody meets a second redirect on the way.

    Whose words asked for care comes to her receipt, where the help text stands. htmx is sent
    to the permalink: the page that shows the form may be the very page where the comment stands
    now, and only another address makes the browser load it anew.
    """
    to_help = guest.settings_of(request).care_on and care_help.is_for(comment.pk)
    if to_help or _by_htmx(request):
        name = "comments:own_receipt" if to_help else "comments:permalink"
        address = reverse(name, args=[comment.pk])
        return HttpResponseClientRedirect(address) if _by_htmx(request) else redirect(address)
    return redirect(conversation.address_of(comment, guest.settings_of(request)))


def _form_page(request, post, mode, parent, form, status=200):
    context = {
        "post": post,
        "parent": parent and branches.quoted(parent, guest.viewer_of(request)),
        "support": parent and reacting.offer(parent, mode, guest.reader_of(request)),
        "form": form,
        "action": request.path,
        "what_happens": _what_happens(request, post, mode),
    }
    template = "comments/reply_form.html"
    if _by_htmx(request):  # there may be several forms on the page
        context["inline"] = f"answer-{parent.pk if parent else 'post'}"
        form.auto_id = f"{context['inline']}-%s"
        # What was sent comes back into its own place, without what stands above it.
        template = f"comments/{'_form' if form.is_bound else '_answering'}.html"
    return _varying(render(request, template, context, status=status))


def _what_happens(request, post, mode):
    user = request.user if request.user.is_authenticated else None
    return foretelling.what_happens(user, post, mode, guest.settings_of(request))


@never_cache
@require_POST
def preview(request):
    """Show the words as they will look, above the form from which they came (``?to=``, a path)."""
    sent = _form(request)
    body = request.POST.get("body", "").replace("\r\n", "\n")
    settings = guest.settings_of(request)
    words = body[: settings.max_length]
    context = {"html": "" if is_blank(words) else markup.render(words)}
    context["note"] = sent.closed_behind
    if _by_htmx(request):
        return _varying(render(request, "comments/_preview.html", context))
    address = request.GET.get("to", "")
    post, parent = _answered_at(address, settings, request.user)
    context |= {"post": post, "parent": parent, "action": address, "body": body}
    if post:
        context["form"] = _form_again(request, body)
        mode = policy.mode_of(post, settings, request.user)
        context["what_happens"] = _what_happens(request, post, mode)
    return _varying(render(request, "comments/preview_detail.html", context))


def _varying(response):
    patch_vary_headers(response, ["HX-Request"])
    return response


def _form_again(request, body):
    """The same words in the same form, not judged yet."""
    kind = AnswerForm if request.user.is_authenticated else GuestAnswerForm
    # A box that is not ticked is not sent.
    typed = dict.fromkeys(("follow", "discreet"), False)
    typed |= {name: request.POST[name] for name in kind.base_fields if name in request.POST}
    return kind(initial=typed | {"body": body})


def _answered_at(address, settings, user):
    """Return ``(post, parent)`` of a form's own address while it takes answers, else Nones."""
    try:
        match = resolve(address)
    except Resolver404:
        return None, None
    parent = None
    if match.view_name == "comments:reply":
        found = Comment.objects.approved().with_lock().select_related("post__author", "user")
        parent = found.filter(pk=match.kwargs["pk"]).first()
        post = parent and parent.post
    elif match.view_name == "comments:reply_to_post":
        post = Post.objects.select_related("author").filter(slug=match.kwargs["slug"]).first()
    else:
        return None, None
    open_ = post and not _closed(policy.mode_of(post, settings, user), parent, settings)
    return (post, parent) if open_ else (None, None)


def _refused(request, post, form, sentence, status):
    """Say why it cannot be sent, and give back every word."""
    inline = _by_htmx(request)
    context = {"post": post, "form": form, "sentence": sentence, "inline": inline}
    template = "comments/_refused.html" if inline else "comments/refused.html"
    return _varying(render(request, template, context, status=status))


@require_safe
@vary_on_headers("HX-Request")
def keys(request):
    """The keys that move through a conversation; htmx shows them in a dialog."""
    return render(request, f"comments/{'_keys_dialog' if _by_htmx(request) else 'keys'}.html")
