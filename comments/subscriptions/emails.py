"""The mails to subscribers, rendered when they are sent, and the actions of their links.

A discreet one names no writer, no title, no text and no URL of a page.
"""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts import due_rows
from accounts.mail import compose, links, mailboxes
from accounts.mail.compose import EmailContent, Postpone, named
from accounts.models import Mail
from blog.models import Blog
from comments.models import Comment, subscriptions
from comments.subscriptions import fan_out, subscribe

EXCERPT = 300  # characters: enough to know what it is about
# Longer digests end with the number of further comments.
MOST_LISTED = 20


@named(_("new comment"))
def answer(comment: int, follower: str) -> EmailContent | None:
    """Render the mail about one new comment. One of ``settings.EMAILS``; both are keys."""
    rows = Comment.objects.with_names().select_related("post", "content_note")
    new = rows.filter(pk=comment).first()
    subscriber = subscribe.Subscriber.from_key(follower)
    state = new and fan_out.state_of(new)
    if state == fan_out.WAITS and subscriber:
        raise Postpone(due_rows.LOOK_AGAIN)
    matching = fan_out.matching_subscriptions(subscriber, new) if state == fan_out.SHOWN else []
    if not matching:
        return None
    subscription = matching[0]
    context = context_of(subscription, [new]) | {
        "unfollow": links.make_link(
            Unsubscribe.name, address=subscription.address, following=subscription.pk
        ),
    }
    return EmailContent(
        context,
        unsubscribe=_stop(subscriber),
        discreet=subscription.is_discreet,
        message_id=_message_id(new.pk, follower),
        **_threading(new, follower),
    )


@named(_("new comments of a day or a week"))
def digest(follower: str, at: str) -> EmailContent | None:
    """Render a daily or weekly digest, due ``at`` (ISO 8601). One of ``settings.EMAILS``."""
    subscriber = subscribe.Subscriber.from_key(follower)
    due_at = datetime.fromisoformat(at)
    new = fan_out.digest_comments(follower, due_at) if subscriber else []
    by_key = {fan_out.once_key(item.pk, subscriber.email): item for item in new if subscriber.email}
    mailed = set(Mail.objects.filter(once__in=by_key).values_list("once", flat=True))
    comments = [comment for once, comment in by_key.items() if once not in mailed]
    if not comments:
        return None
    subscription = fan_out.matching_subscriptions(subscriber, comments[0])[0]
    discreet = subscription.is_discreet
    context = context_of(subscription, comments[:MOST_LISTED]) | {
        "count": len(comments),
        "more": max(0, len(comments) - MOST_LISTED),
    }
    return EmailContent(context, unsubscribe=_stop(subscriber), discreet=discreet)


def context_of(subscription, comments):
    if subscription.is_discreet:
        made = [links.make_link(ReadComment.name, comment=comment.pk) for comment in comments]
        return {"discreet": True, "links": made}
    lines = [_line(comment) for comment in comments]
    return {"discreet": False, "blog": Blog.get().title, "lines": lines, "line": lines[0]}


def _line(comment):
    """Return what a mail shows of one comment."""
    return {
        "link": settings.SITE_URL + reverse("comments:permalink", args=[comment.pk]),
        "name": comment.writer_name,
        "title": comment.post.title,
        "text": _text(comment),
    }


def _text(comment):
    """Return the beginning of the text, or its content note: a mail cannot hide anything."""
    warning = comment.closed_behind
    return warning.label if warning else Truncator(comment.body).chars(EXCERPT)


def _stop(subscriber):
    return links.make_link(UnsubscribeAll.name, address=subscriber.address, follower=subscriber.key)


def _message_id(comment, subscriber_key):
    return compose.message_id("comment", comment, subscriber_key)


def _threading(comment, subscriber_key):
    """Return the headers that thread mails: In-Reply-To the parent's mail, below the post's.

    The ids are opaque, and mails with them need not exist: programs group by shared references.
    """
    post = compose.message_id("post", comment.post_id, subscriber_key)
    above = comment.reply_to_id or comment.parent_id
    if not above:
        return {"in_reply_to": post}
    before = _message_id(above, subscriber_key)
    return {"in_reply_to": before, "references": f"{post} {before}"}


class ReadComment(links.RedirectAction):
    """Open a comment. One of ``settings.LINK_ACTIONS``."""

    name = "read"

    def act(self, link):
        """Return the comment's URL, or the home page if it is not shown any more."""
        rows = Comment.objects.select_related("post")
        comment = rows.filter(pk=link.arguments["comment"]).first()
        is_shown = comment and fan_out.state_of(comment) == fan_out.SHOWN
        return comment.get_absolute_url() if is_shown else reverse("blog:home")


class Unsubscribe(links.UnsubscribeAction):
    """End one subscription. One of ``settings.LINK_ACTIONS``."""

    name = "unfollow"
    title = _("No more mails about this")
    question = _("Press the button, and no more mails about this one come.")
    done_title = _("No more mails about this will come")

    def act(self, link):
        subscriptions.Subscription.objects.filter(pk=link.arguments["following"]).delete()


class UnsubscribeAll(links.UnsubscribeAction):
    """Stop all mails to a recipient. One of ``settings.LINK_ACTIONS``."""

    name = "unfollow-all"
    button = _("Stop all these mails")

    def act(self, link):
        mailboxes.unsubscribe_all(link.arguments["follower"])
