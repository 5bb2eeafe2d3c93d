"""The mails to subscribers, rendered when they are sent, and the actions of their links.

A discreet one names no writer, no title, no text and no URL of a page.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import due_rows
from accounts.mail import compose, links, mailboxes
from accounts.mail.compose import EmailContent, Postpone, named
from accounts.models import Mail
from blog import html_to_text
from blog.models import Blog
from comments import markup
from comments.models import Comment, Subscription
from comments.subscriptions import fan_out, subscribe
from comments.subscriptions.digests import DigestsAhead

EXCERPT = 300  # characters: enough to know what it is about
# Longer digests end with the number of further comments.
MOST_LISTED = 20


class AnswersAhead:
    """What a batch of mails about new comments reads. ``rows`` are the arguments of its mails."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        comments = Comment.objects.with_names().select_related("post", "content_note")
        comments = comments.in_bulk({row["comment"] for row in rows})
        self.comments = {key: (new, fan_out.state_of(new)) for key, new in comments.items()}
        keys = {row["follower"] for row in rows}
        self.subscribers = subscribe.subscribers(keys)
        self.covering = fan_out.covering(comments.values(), keys)


@named(_("new comment"))
@compose.to_many(Mail.Stream.FOLLOWERS, AnswersAhead)
def answer(comment: int, follower: str, ahead: AnswersAhead) -> EmailContent | None:
    """Render the mail about one new comment. One of ``settings.EMAILS``; both are keys."""
    subscriber = ahead.subscribers.get(follower)
    new, state = ahead.comments.get(comment, (None, None))
    if state == fan_out.WAITS and subscriber:
        raise Postpone(due_rows.LOOK_AGAIN)
    subscription = ahead.covering.get((follower, comment))
    if state != fan_out.SHOWN or not (subscriber and subscription):
        return None
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


@named(_("daily or weekly digest of new comments"))
@compose.to_many(Mail.Stream.FOLLOWERS, DigestsAhead)
def digest(follower: str, at: str, ahead: DigestsAhead) -> EmailContent | None:
    """Render a daily or weekly digest, due ``at`` (ISO 8601). One of ``settings.EMAILS``."""
    comments = ahead.comments(follower, datetime.fromisoformat(at))
    if not comments:
        return None
    subscription = ahead.subscription(follower, comments[0])
    context = context_of(subscription, comments[:MOST_LISTED]) | {
        "count": len(comments),
        "more": max(0, len(comments) - MOST_LISTED),
    }
    way_out = _stop(ahead.subscribers[follower])
    return EmailContent(context, unsubscribe=way_out, discreet=subscription.is_discreet)


def context_of(subscription, comments):
    if subscription.is_discreet:
        made = [links.make_link(ReadComment.name, comment=comment.pk) for comment in comments]
        return {"discreet": True, "links": made}
    lines = [_line(comment) for comment in comments]
    return {
        "discreet": False,
        "blog": Blog.get().title,
        "lines": lines,
        "line": lines[0],
        "followed": _followed(subscription),
    }


def _followed(subscription):
    """Return what is followed: "comment", "post" or "all"."""
    if subscription.comment_id:
        return "comment"
    return "post" if subscription.post_id else "all"


def _line(comment):
    """Return what a mail shows of one comment."""
    return {
        "link": settings.SITE_URL + reverse("comments:permalink", args=[comment.pk]),
        "name": comment.writer_name,
        "title": comment.post.title,
        "text": _text(comment),
        "is_reply": bool(comment.reply_to_id or comment.parent_id),
    }


def _text(comment):
    """Return the beginning of the text, or its content note: a mail cannot hide anything."""
    warning = comment.closed_behind
    return warning.label if warning else html_to_text.beginning(markup.plain(comment.body), EXCERPT)


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
    title = _("Unfollow this?")
    question = _("We won’t send you more emails about this one.")
    button = _("Unfollow")
    done_title = _("You’ve unfollowed this")

    def act(self, link):
        Subscription.objects.filter(pk=link.arguments["following"]).delete()


class UnsubscribeAll(links.UnsubscribeAction):
    """Stop all mails to a recipient. One of ``settings.LINK_ACTIONS``."""

    name = "unfollow-all"
    button = _("Unsubscribe from all")

    def act(self, link):
        mailboxes.unsubscribe_all(link.arguments["follower"])
