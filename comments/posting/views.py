"""Pages to reply to a post or a comment, and to preview the reply.

A view turns the request into small values, calls one function and answers.
"""

import codecs

from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts import throttling
from accounts.refusal import Refused
from blog.models import Post
from comments import avatars, markup, policy, timestamps
from comments.care import help_text as care_help
from comments.guests import receipt_tokens, session
from comments.models import Comment
from comments.posting import create, expectations
from comments.posting.fields import writer_key
from comments.posting.forms import GuestReplyForm, ReplyForm, labelled
from comments.reactions import rules
from comments.threads import branch as threads_branch
from comments.threads import page

# The post or comment changed meanwhile, or is not for this visitor. RFC 9110, section 15.5.
CONFLICT, FORBIDDEN, NOT_FOUND = 409, 403, 404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply_to_post(request, slug):
    """Show and take the form to reply to a post."""
    return _answer(request, Post.objects.filter(slug=slug).first(), None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request, pk):
    """Show and take the form to reply to a comment."""
    comments = Comment.objects.with_lock().select_related("post", "user")
    parent = comments.filter(pk=pk).first()
    if parent and not policy.has_met(parent, session.viewer_of(request)):
        parent = None
    return _answer(request, parent and parent.post, parent, answered=pk)


def _answer(request, post, parent, answered=None):
    if request.method != "POST" and (refusal := throttling.refusal(request, "form")):
        return refusal
    settings = session.settings_of(request)
    mode = policy.mode_of(post, settings, request.user) if post else policy.Mode.HIDDEN
    form = _form(request, parent)
    if request.method == "POST":
        return _post(request, post, mode, parent, form, answered)
    if mode is policy.Mode.HIDDEN or (parent and not parent.is_visible):
        raise Http404
    if closed := _closed(mode, parent, settings):
        return _refused(request, post, form, closed, FORBIDDEN)
    return _form_page(request, post, mode, parent, form)


def _closed(mode, parent, settings):
    """Return why no reply is taken, or an empty text."""
    return create.why_closed(mode, settings, locked=bool(parent and parent.locked))


def _form(request, parent=None):
    # Other encodings can smuggle in halves of characters, which no database takes.
    if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
        raise BadRequest("Forms are sent here in UTF-8.")
    kind = ReplyForm if request.user.is_authenticated else GuestReplyForm
    more = {
        "own_email": getattr(request.user, "email", ""),
        "writer": writer_key(request.user),
        "settings": session.settings_of(request),
    }
    if request.method == "POST":
        return labelled(kind(request.POST, **more), parent)
    signed_in = request.user.is_authenticated
    chosen = {"discreet": request.user.discreet} if signed_in else {}
    return labelled(kind(initial=chosen, **more), parent)


def _post(request, post, mode, parent, form, answered):
    viewer = session.viewer_of(request)
    # Before anything is checked: refused tries count, too.
    wait = session.seconds_to_wait(request, form["name"].value() if "name" in form.fields else "")
    if closed := _closed(mode, parent, session.settings_of(request)):
        if mode is policy.Mode.HIDDEN:  # the same as at a URL where there is nothing
            return _refused(request, None, form, closed, NOT_FOUND)
        return _refused(request, post, form, closed, CONFLICT)
    if wait:
        throttling.refuse_unchecked(form, timestamps.please_wait(wait))
        page = _form_page(request, post, mode, parent, form, status=throttling.TOO_MANY)
        return throttling.slowed(page, wait)
    if not form.is_valid():
        return _form_page(request, post, mode, parent, form, status=422)
    receipt = receipt_tokens.new_token()
    try:
        comment = create.post_comment(
            create.Answer(
                post=post.pk,
                parent=answered,
                user=viewer.user if viewer.user.is_authenticated else None,
                data=form.cleaned_data,
                token=request.META.get("CSRF_COOKIE") or "",
                receipt=receipt,
                own=viewer.own,
                network=session.network_of(request),
                form=form.sent_form(),
            ),
            post,
        )
    except Refused as refusal:
        return _refused(request, post, form, refusal.sentence, CONFLICT)
    response = _sent(request, comment)
    if comment.user_id is None:
        session.remember_comment(request, response, comment)
    if receipt_tokens.is_valid(comment, receipt):  # not if the same form came twice
        session.set_receipt_token(response, comment, receipt)
    return response


def _sent(request, comment):
    """Redirect straight to the page with the comment.

    A writer whose comment asked for care gets the receipt, with the help text. htmx gets the
    permalink: the comment may stand on the current page, which only reloads from another URL.
    """
    to_help = session.settings_of(request).care_on and care_help.is_shown_to_writer(comment.pk)
    if to_help or request.htmx:
        name = "comments:own_receipt" if to_help else "comments:permalink"
        address = reverse(name, args=[comment.pk])
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    return redirect(page.address_of(comment, session.settings_of(request)))


def _form_page(request, post, mode, parent, form, status=200):
    context = {
        "post": post,
        "parent": parent and _quoted(request, parent),
        "support": parent and rules.reaction_offer(parent, mode, session.reader_of(request)),
        "form": form,
        "action": request.path,
        "what_happens": _what_happens(request, post, mode),
        "own_picture": _own_picture(request),
    }
    template = "comments/posting/reply_form.html"
    if request.htmx:  # there may be several forms on the page
        context["inline"] = f"answer-{parent.pk if parent else 'post'}"
        form.auto_id = f"{context['inline']}-%s"
        # A form with errors replaces itself, without what stands above it.
        template = f"comments/posting/{'_form' if form.is_bound else '_reply_panel'}.html"
    return _varying(render(request, template, context, status=status))


def _quoted(request, parent):
    settings = session.settings_of(request)
    return threads_branch.quoted_node(parent, session.viewer_of(request), settings)


def _what_happens(request, post, mode):
    user = request.user if request.user.is_authenticated else None
    return expectations.what_happens(user, post, mode, session.settings_of(request))


def _own_picture(request):
    """Return the URL of a signed-in person's picture, or an empty text."""
    if not request.user.is_authenticated:
        return ""
    return avatars.path_of(session.settings_of(request).avatar_key, Comment(user=request.user))


@never_cache
@require_POST
def preview(request):
    """Show the text rendered, above the form it came from (``?to=``, a path)."""
    wait = throttling.seconds_to_wait(request, "preview")
    sent = _form(request)
    body = request.POST.get("body", "").replace("\r\n", "\n")
    settings = session.settings_of(request)
    text = "" if wait else body[: settings.max_length]
    html = "" if wait or markup.shows_nothing(text) else markup.render(text)
    context = {"html": html, "wait": wait}
    context["note"] = sent.closed_behind
    if request.htmx:
        return _previewed(request, "comments/posting/_preview.html", context)
    address = request.GET.get("to", "")
    post, parent = _answered_at(address, settings, request.user)
    context |= {"post": post, "parent": parent, "action": address, "body": body}
    if post:
        context["form"] = labelled(_form_again(request, body), parent)
        mode = policy.mode_of(post, settings, request.user)
        context["what_happens"] = _what_happens(request, post, mode)
        context["own_picture"] = _own_picture(request)
    return _previewed(request, "comments/posting/preview_detail.html", context)


def _previewed(request, template, context):
    wait = context["wait"]
    page = render(request, template, context, status=throttling.TOO_MANY if wait else 200)
    return _varying(throttling.slowed(page, wait) if wait else page)


def _varying(response):
    patch_vary_headers(response, ["HX-Request"])
    return response


def _form_again(request, body):
    """Return the same form with the same text, not validated."""
    kind = ReplyForm if request.user.is_authenticated else GuestReplyForm
    # A box that is not ticked is not sent.
    typed = dict.fromkeys(("follow", "discreet"), False)
    typed |= {name: request.POST[name] for name in kind.base_fields if name in request.POST}
    return kind(initial=typed | {"body": body}, writer=writer_key(request.user))


def _answered_at(address, settings, user):
    """Return ``(post, parent)`` of a form's own address while it takes answers, else Nones."""
    try:
        match = resolve(address)
    except Resolver404:
        return None, None
    parent = None
    if match.view_name == "comments:reply":
        comments = Comment.objects.approved().with_lock().select_related("post", "user")
        parent = comments.filter(pk=match.kwargs["pk"]).first()
        post = parent and parent.post
    elif match.view_name == "comments:reply_to_post":
        post = Post.objects.filter(slug=match.kwargs["slug"]).first()
    else:
        return None, None
    open_ = post and not _closed(policy.mode_of(post, settings, user), parent, settings)
    return (post, parent) if open_ else (None, None)


def _refused(request, post, form, sentence, status):
    """Say why the comment is refused, and give the whole text back."""
    inline = bool(request.htmx)
    context = {"post": post, "form": form, "sentence": sentence, "inline": inline}
    template = "comments/posting/_refused.html" if inline else "comments/posting/refused.html"
    return _varying(render(request, template, context, status=status))
