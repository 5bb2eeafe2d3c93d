"""Mails with new posts, composed when they are sent, and the actions of their links.

Content notes come first, and the text behind them is left out, since a mail cannot collapse it. A
discreet mail contains no title, text, name or page address.
"""

from datetime import timedelta

from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.due_rows import LOOK_AGAIN
from accounts.mail import compose, links, outbox
from accounts.mail.compose import EmailContent, Postpone
from accounts.mail.mailboxes import Recipient
from accounts.models import EmailLink, Mail
from blog.html_to_text import html_to_text
from blog.images.responsive import html_for_syndication
from blog.models import Blog, Mailing, Post, PostRevision, Subscription
from blog.newsletter import send, subscribe
from blog.permalinks import absolute
from blog.publishing import preview

# Characters of HTML. Some mail programs cut off at 102 kB; a longer post is only linked.
LONGEST = 60_000
# A longer weekly digest ends with the number of further posts.
MOST_LISTED = 20


@compose.named(_("new post"))
@compose.bulk
def new_post(sent: int, subscriber: str) -> EmailContent | None:
    """Compose the mail about one post. One of ``settings.EMAILS``.

    ``sent`` is the key of the ``Mailing``, ``subscriber`` that of the ``Recipient``. Returns None
    if it is not wanted any more; raises Postpone while the post is hidden.
    """
    reader = _reader(subscriber)
    row = send.with_posts(Mailing.objects.filter(pk=sent)).first()
    state = row and send.state_of(row)
    if state == send.WAITS and reader:
        raise Postpone(LOOK_AGAIN)
    if state != send.SHOWN or reader is None:
        return None
    return EmailContent(
        _context(reader.is_discreet, post=row.post),
        unsubscribe=_way_out(reader),
        discreet=reader.is_discreet,
        # Mails about comments on this post are threaded below; see comments.subscriptions.emails.
        message_id=compose.message_id("post", row.post_id, subscriber),
    )


@compose.named(_("new posts of a week"))
@compose.bulk
def new_posts(sent: int, subscriber: str) -> EmailContent | None:
    """Compose the weekly digest. One of ``settings.EMAILS``; arguments as for :func:`new_post`."""
    reader, mailing = _reader(subscriber), Mailing.objects.filter(pk=sent).first()
    posts = _posts_for(reader, mailing.week) if reader and mailing else []
    if not posts:
        return None
    return EmailContent(
        _context(reader.is_discreet, posts=posts),
        unsubscribe=_way_out(reader),
        discreet=reader.is_discreet,
        message_id=compose.message_id("week", mailing.week.date(), subscriber),
    )


@compose.named(_("test of a post by mail"))
def trial(author: int, form: str) -> EmailContent | None:
    """Compose the test mail of a post to its author. One of ``settings.EMAILS``.

    ``author`` is the key of the account, ``form`` the token of the form with the unsaved text.
    """
    rows = PostRevision.objects.filter(author=author, form=form).select_related("post", "author")
    row = rows.order_by("-updated_at", "-pk").first()
    if row is None:
        return None
    # If the form was saved meanwhile, send the stored post.
    is_unsaved = row.kind == PostRevision.Kind.AUTOSAVE
    post = preview.post_from_revision(row)[0] if is_unsaved else row.post
    way_out = links.make_link(TestMailLink.name)
    return EmailContent(
        _context(False, post=post) | {"trial": True}, unsubscribe=way_out, is_mandatory=True
    )


def _reader(subscriber):
    rows = Subscription.objects.active().select_related("user", "address")
    return rows.filter(subscriber=subscriber).first()


def _posts_for(reader, week):
    """Return the posts of a week that a reader has not received yet, oldest first."""
    rows = [row for row in send.of_week(week) if send.state_of(row) == send.SHOWN]
    if reader.rhythm != Subscription.Rhythm.WEEKLY:  # switched: only earlier posts
        rows = [row for row in rows if row.created_at <= reader.weekly_until]
    email = Recipient(user=reader.user, address=reader.address).email
    keys = {outbox.once_key(send.mail_topic(row.post_id), email): row.post for row in rows if email}
    received = set(Mail.objects.filter(once__in=keys).values_list("once", flat=True))
    return [post for key, post in keys.items() if key not in received]


def _way_out(reader):
    return links.make_link(
        ManageSubscription.name, address=reader.address, subscriber=reader.subscriber
    )


def _context(discreet, post=None, posts=()):
    """Return the template context for one ``post``, or for a digest of ``posts``."""
    shown = [post] if post else posts[:MOST_LISTED]
    if discreet:
        urls = [links.make_link(ReadPost.name, post=each.pk) for each in shown]
        return {"discreet": True, "links": urls, "more": len(posts) - len(shown) if posts else 0}
    context = {"discreet": False, "blog": Blog.get(), "home": absolute(reverse("blog:home"))}
    if post:
        return context | {"line": _line(post), "body": _body(post)}
    lines = [_line(each) for each in shown]
    return context | {"lines": lines, "count": len(posts), "more": len(posts) - len(shown)}


def _line(post):
    """Return what a mail shows of a post above its text."""
    behind = post.closed_behind
    return {
        "title": post.title,
        "link": absolute(post.get_absolute_url()),
        "name": post.author.name,
        "date": post.published_at,
        "language": post.language,
        "note": behind.label if behind else "",
        "summary": "" if behind else post.summary,
    }


def _body(post):
    """Return the full text as HTML and plain text, or None if it is only linked."""
    if post.closed_behind or len(post.body) > LONGEST:
        return None
    html = html_for_syndication(post.body)
    return {
        "html": mark_safe(html),  # noqa: S308 - cleaned when it was stored
        "text": html_to_text(html),
    }


class ReadPost(links.RedirectAction):
    """Link of a discreet mail to a post. One of ``settings.LINK_ACTIONS``."""

    name = "read-post"

    def act(self, link: EmailLink) -> str:
        """Return the path of the post, or of the home page if it is not public any more."""
        post = Post.objects.public().filter(pk=link.arguments["post"]).first()
        return post.get_absolute_url() if post else reverse("blog:home")


class ManageSubscription(links.UnsubscribeAction):
    """Link that ends the subscription, or leads to its settings. One of ``settings.LINK_ACTIONS``.

    Once a guest has stopped all mails, both buttons end it.
    """

    name = "letters"
    title = _("Your mails")
    question = _("You can stop these mails, or choose how they come.")
    others = (("choose", _("Choose how they come")),)

    def pressed(self, link: EmailLink, sent: dict) -> links.LinkUsed:
        key = link.arguments["subscriber"]
        mailbox = Recipient.from_key(key)
        stopped = mailbox and mailbox.address and mailbox.address.stopped_at
        if mailbox and sent.get("choice") == "choose" and not stopped:
            return links.LinkUsed(self, path=subscribe.page_path(mailbox))
        subscribe.end_subscriptions(mailbox.keys_of_same_email if mailbox else [key])
        return links.LinkUsed(self)


class TestMailLink(links.LinkAction):
    """Unsubscribe link of a test mail: does nothing. One of ``settings.LINK_ACTIONS``."""

    name = "of-a-trial"
    lifetime = timedelta(days=3)
    once = False
    title = _("This was a test")
    question = _("In the mails that readers get, this page stops them. Here it does nothing.")
    button = _("Do nothing")

    def act(self, link: EmailLink) -> None:
        """Do nothing."""
