"""New posts by mail: written when they are sent, and what the links in them do.

Content notes come first, and what stands behind them is left out: no mail can be closed. A discreet
mail names nobody and nothing: no title, no word and no address of a page stands in it.
"""

from datetime import timedelta

from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.due_rows import LOOK_AGAIN
from accounts.mail import compose, links, outbox
from accounts.mail.compose import EmailContent, Postpone
from accounts.mail.mailboxes import Recipient
from accounts.models import Mail
from blog.html_to_text import html_to_text
from blog.images.responsive import html_for_syndication
from blog.models import Blog, Mailing, Post, PostRevision, Subscription
from blog.newsletter import send, subscribe
from blog.permalinks import absolute
from blog.publishing import preview

# Characters of HTML. Some programmes cut a mail at 102 kB; a longer post is read on the blog.
LONGEST = 60_000
# Longer letters of a week end in how many more there are.
MOST_LISTED = 20


@compose.named(_("new post"))
@compose.bulk
def new_post(sent, subscriber):
    """The mail about one post. One of ``settings.EMAILS``.

    ``sent`` is the key of the ``Mailing``, ``subscriber`` that of the ``Mailbox``.
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
        # The head of all mails about answers on this post; see comments.subscriptions.emails.
        message_id=compose.message_id("post", row.post_id, subscriber),
    )


@compose.named(_("new posts of a week"))
@compose.bulk
def new_posts(sent, subscriber):
    """The letter of a week. One of ``settings.EMAILS``; arguments as of :func:`new_post`."""
    reader, letter = _reader(subscriber), Mailing.objects.filter(pk=sent).first()
    posts = _posts_for(reader, letter.week) if reader and letter else []
    if not posts:
        return None
    return EmailContent(
        _context(reader.is_discreet, posts=posts),
        unsubscribe=_way_out(reader),
        discreet=reader.is_discreet,
        message_id=compose.message_id("week", letter.week.date(), subscriber),
    )


@compose.named(_("test of a post by mail"))
def trial(author, form):
    """The mail about a post that its author sends herself. One of ``settings.EMAILS``.

    ``author`` is the key of her account, ``form`` the token of the form whose words these are.
    """
    rows = PostRevision.objects.filter(author=author, form=form).select_related("post", "author")
    row = rows.order_by("-updated_at", "-pk").first()
    if row is None:
        return None
    # Saved meanwhile, it is as it was saved.
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
    """Return what of a week a reader has not had yet, the oldest first."""
    rows = [row for row in send.of_week(week) if send.state_of(row) == send.SHOWN]
    if reader.rhythm != Subscription.Rhythm.WEEKLY:  # until she changed it
        rows = [row for row in rows if row.created_at <= reader.weekly_until]
    email = Recipient(user=reader.user, address=reader.address).email
    keys = {outbox.once_key(send.mail_topic(row.post_id), email): row.post for row in rows if email}
    had = set(Mail.objects.filter(once__in=keys).values_list("once", flat=True))
    return [post for key, post in keys.items() if key not in had]


def _way_out(reader):
    return links.make_link(
        ManageSubscription.name, address=reader.address, subscriber=reader.subscriber
    )


def _context(discreet, post=None, posts=()):
    """What the templates are given: of one ``post``, or of all these ``posts``."""
    shown = [post] if post else posts[:MOST_LISTED]
    if discreet:
        made = [links.make_link(ReadPost.name, post=each.pk) for each in shown]
        return {"discreet": True, "links": made, "more": len(posts) - len(shown) if posts else 0}
    context = {"discreet": False, "blog": Blog.get(), "home": absolute(reverse("blog:home"))}
    if post:
        return context | {"line": _line(post), "body": _body(post)}
    lines = [_line(each) for each in shown]
    return context | {"lines": lines, "count": len(posts), "more": len(posts) - len(shown)}


def _line(post):
    """What a mail says of a post before its text."""
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
    """Return the whole text as HTML and as plain text, or nothing where it is left out."""
    if post.closed_behind or len(post.body) > LONGEST:
        return None
    html = html_for_syndication(post.body)
    return {
        "html": mark_safe(html),  # noqa: S308 - cleaned when it was stored
        "text": html_to_text(html),
    }


class ReadPost(links.RedirectAction):
    """Pressing leads to a post. One of ``settings.LINK_ACTIONS``."""

    name = "read-post"

    def act(self, link):
        """Return the post's address, or the first page when it is not there any more."""
        post = Post.objects.public().filter(pk=link.arguments["post"]).first()
        return post.get_absolute_url() if post else reverse("blog:home")


class ManageSubscription(links.UnsubscribeAction):
    """Pressing ends new posts by mail.

    The other button leads to the page on which one chooses. One of ``settings.LINK_ACTIONS``.
    """

    name = "letters"
    title = _("Your mails")
    question = _("You can stop these mails, or choose how they come.")
    others = (("choose", _("Choose how they come")),)

    def pressed(self, link, sent):
        key = link.arguments["subscriber"]
        mailbox = Recipient.from_key(key)
        stopped = mailbox and mailbox.address and mailbox.address.stopped_at
        if mailbox and sent.get("choice") == "choose" and not stopped:
            return links.LinkUsed(self, path=subscribe.page_path(mailbox))
        subscribe.end_subscriptions(mailbox.keys_of_same_email if mailbox else [key])
        return links.LinkUsed(self)


class TestMailLink(links.LinkAction):
    """Pressing does nothing: the mail was an author's trial. One of ``settings.LINK_ACTIONS``."""

    name = "of-a-trial"
    lifetime = timedelta(days=3)
    once = False
    title = _("This was a test")
    question = _("In the mails that readers get, this page stops them. Here it does nothing.")
    button = _("Do nothing")

    def act(self, link):
        """Do nothing."""
