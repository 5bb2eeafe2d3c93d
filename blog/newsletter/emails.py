"""Mails with new posts, composed when they are sent, and the actions of their links.

Content notes come first, and the text behind them is left out, since a mail cannot collapse it. A
discreet mail contains no title, text, name or page address.
"""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.due_rows import LOOK_AGAIN
from accounts.mail import compose, links, outbox
from accounts.mail.compose import EmailContent, Postpone
from accounts.mail.mailboxes import Recipient, addresses_of
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


class Ahead:
    """What a batch of mails reads, in a few queries. ``rows`` are the arguments of its mails."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        readers = Subscription.objects.active().select_related("user", "address")
        keys = {row["subscriber"] for row in rows}
        self.readers = {each.subscriber: each for each in readers.filter(subscriber__in=keys)}
        mailings = Mailing.objects.filter(pk__in={row["sent"] for row in rows})
        self.mailings = {each.pk: each for each in send.with_posts(mailings)}
        self._weeks, self._bodies = {}, {}

    @cached_property
    def blog(self) -> Blog:
        return Blog.get()

    def body(self, post: Post) -> dict[str, str] | None:
        """Return :func:`_body`, which is the same in each mail about a post."""
        if post.pk not in self._bodies:
            self._bodies[post.pk] = _body(post)
        return self._bodies[post.pk]

    def posts_for(self, reader: Subscription, week: datetime) -> list[Post]:
        """Return the posts of a week that a reader has not received yet, oldest first."""
        rows = self._rows_for(reader, week)
        keys = {self._key(row, reader): row.post for row in rows if self._emails[reader.subscriber]}
        return [post for key, post in keys.items() if key not in self._received]

    def _rows_for(self, reader, week):
        if week not in self._weeks:
            shown = [row for row in send.of_week(week) if send.state_of(row) == send.SHOWN]
            self._weeks[week] = shown
        rows = self._weeks[week]
        if reader.rhythm == Subscription.Rhythm.WEEKLY:
            return rows
        # Who switched gets the earlier posts; who ended it, and began anew, gets none.
        until = reader.weekly_until
        return [row for row in rows if until and row.created_at <= until]

    def _key(self, row, reader):
        return outbox.once_key(send.mail_topic(row.post_id), self._emails[reader.subscriber])

    @cached_property
    def _emails(self):
        return addresses_of(self.readers)

    @cached_property
    def _received(self):
        weeks = {mailing.week for mailing in self.mailings.values()}
        keys = {
            self._key(row, reader)
            for reader in self.readers.values()
            if self._emails[reader.subscriber]
            for week in weeks
            for row in self._rows_for(reader, week)
        }
        return set(Mail.objects.filter(once__in=keys).values_list("once", flat=True))


@compose.named(_("new post"))
@compose.to_many(Mail.Stream.READERS, Ahead)
def new_post(sent: int, subscriber: str, ahead: Ahead) -> EmailContent | None:
    """Compose the mail about one post. One of ``settings.EMAILS``.

    ``sent`` is the key of the ``Mailing``, ``subscriber`` that of the ``Recipient``. Returns None
    if it is not wanted any more; raises Postpone while the post is hidden.
    """
    reader, row = ahead.readers.get(subscriber), ahead.mailings.get(sent)
    state = row and send.state_of(row)
    if state == send.WAITS and reader:
        raise Postpone(LOOK_AGAIN)
    if state != send.SHOWN or reader is None:
        return None
    return EmailContent(
        _context(reader.is_discreet, post=row.post, ahead=ahead),
        unsubscribe=_way_out(reader),
        discreet=reader.is_discreet,
        # Mails about comments on this post are threaded below; see comments.subscriptions.emails.
        message_id=compose.message_id("post", row.post_id, subscriber),
    )


@compose.named(_("weekly digest of new posts"))
@compose.to_many(Mail.Stream.READERS, Ahead)
def new_posts(sent: int, subscriber: str, ahead: Ahead) -> EmailContent | None:
    """Compose the weekly digest. One of ``settings.EMAILS``; arguments as for :func:`new_post`."""
    reader, mailing = ahead.readers.get(subscriber), ahead.mailings.get(sent)
    posts = ahead.posts_for(reader, mailing.week) if reader and mailing else []
    if not posts:
        return None
    return EmailContent(
        _context(reader.is_discreet, posts=posts, ahead=ahead),
        unsubscribe=_way_out(reader),
        discreet=reader.is_discreet,
        message_id=compose.message_id("week", mailing.week.date(), subscriber),
    )


@compose.named(_("test email of a post"))
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
        _context(False, post=post, ahead=Ahead([])) | {"trial": True},
        unsubscribe=way_out,
        is_mandatory=True,
    )


def _way_out(reader):
    return links.make_link(
        ManageSubscription.name, address=reader.address, subscriber=reader.subscriber
    )


def _context(discreet, *, ahead, post=None, posts=()):
    """Return the template context for one ``post``, or for a digest of ``posts``."""
    shown = [post] if post else posts[:MOST_LISTED]
    if discreet:
        urls = [links.make_link(ReadPost.name, post=each.pk) for each in shown]
        return {"discreet": True, "links": urls, "more": len(posts) - len(shown) if posts else 0}
    context = {"discreet": False, "blog": ahead.blog, "home": absolute(reverse("blog:home"))}
    if post:
        return context | {"line": _line(post), "body": ahead.body(post)}
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
    html = html_for_syndication(post.body, absolute(post.get_absolute_url()))
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
    title = _("Email preferences")
    question = _("Unsubscribe, or change how you get these emails.")
    others = (("choose", _("Change preferences")),)

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
    title = _("This was a test email")
    question = _("In emails to readers, this link lets them unsubscribe. You can close this page.")
    button = ""

    def act(self, link: EmailLink) -> None:
        """Do nothing."""
