"""The mails to followers, written when they are sent, and what the links in them do.

A discreet one names nobody and nothing: no writer, title, word or address of a page stands in it.
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
# Longer digests end in how many more there are.
MOST_LISTED = 20


@named(_("new comment"))
def answer(comment, follower):
    """The mail about one new comment. One of ``settings.EMAILS``. ``follower``: ``Follower.key``."""
    found = (
        Comment.objects.with_names()
        .select_related("post", "content_note")
        .filter(pk=comment)
        .first()
    )
    who = subscribe.Subscriber.from_key(follower)
    state = found and fan_out.state_of(found)
    if state == fan_out.WAITS and who:
        raise Postpone(due_rows.LOOK_AGAIN)
    wanted = fan_out.matching_subscriptions(who, found) if state == fan_out.SHOWN else []
    if not wanted:
        return None
    row = wanted[0]
    context = context_of(row, [found]) | {
        "unfollow": links.make_link(Unsubscribe.name, address=row.address, following=row.pk),
    }
    return EmailContent(
        context,
        unsubscribe=_stop(who),
        discreet=row.is_discreet,
        message_id=_message_id(found.pk, follower),
        **_threading(found, follower),
    )


@named(_("new comments of a day or a week"))
def digest(follower, at):
    """The mail about what was new in a day or a week. One of ``settings.EMAILS``."""
    who = subscribe.Subscriber.from_key(follower)
    found = fan_out.digest_comments(follower, datetime.fromisoformat(at)) if who else []
    told = {fan_out.once_key(each.pk, who.email): each for each in found if who.email}
    alone = Mail.objects.filter(once__in=told).values_list("once", flat=True)
    comments = [each for once, each in told.items() if once not in set(alone)]
    if not comments:
        return None
    row = fan_out.matching_subscriptions(who, comments[0])[0]
    context = context_of(row, comments[:MOST_LISTED]) | {
        "count": len(comments),
        "more": max(0, len(comments) - MOST_LISTED),
    }
    return EmailContent(context, unsubscribe=_stop(who), discreet=row.is_discreet)


def context_of(row, comments):
    if row.is_discreet:
        made = [links.make_link(ReadComment.name, comment=each.pk) for each in comments]
        return {"discreet": True, "links": made}
    lines = [_line(each) for each in comments]
    return {"discreet": False, "blog": Blog.get().title, "lines": lines, "line": lines[0]}


def _line(comment):
    """What a mail says of one comment."""
    return {
        "link": settings.SITE_URL + reverse("comments:permalink", args=[comment.pk]),
        "name": comment.writer_name,
        "title": comment.post.title,
        "text": _text(comment),
    }


def _text(comment):
    """The beginning of the words, or the content note in their place: no mail can be closed."""
    behind = comment.closed_behind
    return behind.label if behind else Truncator(comment.body).chars(EXCERPT)


def _stop(follower):
    return links.make_link(UnsubscribeAll.name, address=follower.address, follower=follower.key)


def _message_id(comment, follower):
    return compose.message_id("comment", comment, follower)


def _threading(comment, follower):
    """In-Reply-To what it answers, with the post at the head of all; nobody learns which they are.

    Mails with these ids need not exist: programs put together what refers to the same.
    """
    post = compose.message_id("post", comment.post_id, follower)
    above = comment.reply_to_id or comment.parent_id
    if not above:
        return {"in_reply_to": post}
    before = _message_id(above, follower)
    return {"in_reply_to": before, "references": f"{post} {before}"}


class ReadComment(links.RedirectAction):
    """Pressing leads to a comment. One of ``settings.LINK_ACTIONS``."""

    name = "read"

    def act(self, link):
        """Return the comment's address, or the first page when it is not there any more."""
        comment = Comment.objects.filter(pk=link.arguments["comment"]).select_related("post")
        shown = [each for each in comment if fan_out.state_of(each) == fan_out.SHOWN]
        return shown[0].get_absolute_url() if shown else reverse("blog:home")


class Unsubscribe(links.UnsubscribeAction):
    """Pressing ends one following. One of ``settings.LINK_ACTIONS``."""

    name = "unfollow"
    title = _("No more mails about this")
    question = _("Press the button, and no more mails about this one come.")
    done_title = _("No more mails about this will come")

    def act(self, link):
        subscriptions.Subscription.objects.filter(pk=link.arguments["following"]).delete()


class UnsubscribeAll(links.UnsubscribeAction):
    """Pressing ends all mails to a mailbox. One of ``settings.LINK_ACTIONS``."""

    name = "unfollow-all"
    button = _("Stop all these mails")

    def act(self, link):
        mailboxes.unsubscribe_all(link.arguments["follower"])
