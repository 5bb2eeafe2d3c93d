"""The pages whose growth is measured: all that readers have, and those of the staff.

A page that has a budget (tests/house/budgets.py) is here, too; a test compares them.
"""

from typing import NamedTuple

from accounts.mail import address_proofs
from accounts.mail.mailboxes import Recipient
from accounts.models import Address
from bench import crowd
from blog.models import Post, PreviewLink
from blog.newsletter import subscribe
from comments.guests import receipt_tokens
from comments.models import Comment


class Page(NamedTuple):
    """An address and who asks for it: a guest, or an account by its name."""

    address: str
    who: str = "guest"


# The words that are in every comment, in every third, in one of a thousand, in one of fifty
# thousand.
EVERY, THIRD, SELDOM, RARE = crowd.EVERY, crowd.THIRD, crowd.SELDOM, crowd.RARE

READERS = {
    "post": Page("/posts/{post}/"),
    "post, newest first": Page("/posts/{post}/?order=newest"),
    "post, the author's answers": Page("/posts/{post}/?order=author"),
    "post, its last page": Page("/posts/{post}/?page={last_page}"),
    "post, opened at a comment": Page("/posts/{post}/?open={last}"),
    "post, signed in": Page("/posts/{post}/", "bob"),
    "post with few comments": Page("/posts/{quiet}/"),
    "news": Page("/posts/{post}/news/?after={root}"),
    "news, the comments themselves": Page("/posts/{post}/news/?after={root}&as=html"),
    "old anchor": Page("/posts/{post}/anchor/{last}/"),
    "permalink": Page("/comments/{last}/"),
    "branch": Page("/comments/{root}/thread/"),
    "next part of a thread": Page("/comments/{root}/after/{root}/"),
    "home": Page("/"),
    "home, its last page": Page("/?page={last_list}"),
    "tag": Page("/tags/water/"),
    "series": Page("/series/walks/"),
    "archive": Page("/archive/"),
    "archive of a year": Page("/archive/{year}/"),
    "feed": Page("/feed/"),
    "JSON feed": Page("/feed/json/"),
    "feed of a tag": Page("/tags/water/feed/"),
    "feed of all comments": Page("/comments/feed/"),
    "feed of a post's comments": Page("/posts/{post}/comments/feed/"),
    "sitemap": Page("/sitemap.xml"),
    "sitemap, a part": Page("/sitemap-posts.xml"),
    "search in posts: every": Page(f"/search/?q={EVERY}&without=comment"),
    "search in posts: one of a thousand": Page(f"/search/?q={SELDOM}&without=comment"),
    "search: every": Page(f"/search/?q={EVERY}"),
    "search: every, page 50": Page(f"/search/?q={EVERY}&page=50"),
    "search: two words": Page(f"/search/?q={THIRD}+tea6"),
    "search: one of a thousand": Page(f"/search/?q={SELDOM}"),
    "search: one of fifty thousand": Page(f"/search/?q={RARE}"),
    "search: phrase": Page(f'/search/?q="light+{EVERY}"'),
    "search: seldom phrase": Page(f'/search/?q="{THIRD}+seldom7"'),
    "search: beginning": Page(f"/search/?q={EVERY[:3]}"),
    "search: one without the other": Page(f"/search/?q={EVERY}+-{THIRD}"),
    "search: nothing": Page("/search/?q=nowhere"),
    "content notes": Page("/content-notes/"),
    "form": Page("/posts/{post}/reply/"),
    "form that answers a comment": Page("/comments/{root}/reply/"),
    "form of support": Page("/comments/{root}/reaction/"),
    "form of a report": Page("/comments/{root}/report/"),
    "keys": Page("/comments/keys/"),
    "forgetting": Page("/comments/forget/"),
    "following a post": Page("/posts/{post}/following/"),
    "following answers": Page("/comments/{last}/following/"),
    "following everything": Page("/following/"),
    "one's own archive, as a guest": Page("/privacy/archive/"),
    "one's own archive": Page("/account/archive/", "bob"),
    "what one wrote as a guest": Page("/account/claiming/", "bob"),
    "subscribing": Page("/subscribe/"),
    "subscribing, signed in": Page("/subscribe/", "bob"),
    "choosing how new posts come": Page("{mails}"),
    "what somebody follows": Page("/account/following/", "bob"),
    "profile": Page("/people/bob/"),
    "sign in": Page("/account/login/"),
    "sign up": Page("/account/signup/"),
    "one's own profile": Page("/account/profile/", "bob"),
    "where one is signed in": Page("/account/sessions/", "bob"),
    "what is kept": Page("/privacy/"),
    "the ways of leaving": Page("/account/leave/", "bob"),
    "receipt": Page("{receipt}"),
    "receipt of what waits": Page("{waiting}"),
    "receipt, changing words": Page("{waiting}edit/"),
    "receipt, taking words back": Page("{receipt}withdrawal/"),
    "receipt, taking a name off": Page("{receipt}disowning/"),
    "receipt, another link": Page("{receipt}renewal/"),
    "what somebody wrote": Page("/account/comments/", "bob"),
    "healthz": Page("/healthz/"),
}
STAFF = {
    "start page, author": Page("/admin/", "alice"),
    "start page, moderator": Page("/admin/", "mia"),
    "start page, owner": Page("/admin/", "owner"),
    "taking a break": Page("/admin/desk/break/", "owner"),
    "answering": Page("/admin/desk/{last}/answer/", "alice"),
    "mails to a moderator": Page("/account/moderating/", "mia"),
    "queue, what waits": Page("/admin/queue/waiting/", "mia"),
    "queue, all": Page("/admin/queue/all/", "mia"),
    "queue, all that wait": Page("/admin/queue/all/?status=0", "mia"),
    "queue, of one post": Page("/admin/queue/all/?post={key}", "mia"),
    "queue, a word in every comment": Page(f"/admin/queue/all/?q={EVERY}", "mia"),
    "queue, a word in none": Page("/admin/queue/all/?q=nowhere", "mia"),
    "queue, decided": Page("/admin/queue/decided/", "mia"),
    "queue, one comment": Page("/admin/queue/{last}/", "mia"),
    "queue, who reads what": Page("/admin/queue/news/?cards={last}-0", "mia"),
    "log": Page("/admin/comments/moderationaction/", "mia"),
    "log, its last page": Page("/admin/comments/moderationaction/?p={last_log}", "mia"),
    "log, search": Page("/admin/comments/moderationaction/?q=nowhere", "mia"),
    "log, of one act": Page("/admin/comments/moderationaction/?act__exact=hold", "mia"),
    "standings": Page("/admin/comments/reputation/", "mia"),
    "words on lists": Page("/admin/comments/phrase/", "owner"),
    "trying words": Page("/admin/comments/phrase/try/", "owner"),
    "what was learned": Page("/admin/comments/classifierstate/1/change/", "owner"),
    "followers": Page("/admin/comments/subscription/", "owner"),
    "followers, search": Page("/admin/comments/subscription/?q=nowhere", "owner"),
    "readers by mail": Page("/admin/blog/subscription/", "owner"),
    "posts": Page("/admin/blog/post/", "owner"),
    "posts, search": Page("/admin/blog/post/?q=nowhere", "owner"),
    "posts, of one tag": Page("/admin/blog/post/?tags__id__exact={tag}", "owner"),
    "post, its form": Page("/admin/blog/post/{key}/change/", "alice"),
    "post, its versions": Page("/admin/blog/post/{key}/versions/", "alice"),
    "post, by a preview link": Page("{preview}"),
    "tags": Page("/admin/blog/tag/", "owner"),
    "series, list": Page("/admin/blog/series/", "owner"),
    "pictures": Page("/admin/blog/image/", "owner"),
    "accounts": Page("/admin/accounts/user/", "owner"),
    "accounts, search": Page("/admin/accounts/user/?q=nowhere", "owner"),
    "addresses of guests": Page("/admin/accounts/address/", "owner"),
    "addresses of guests, search": Page("/admin/accounts/address/?q=nowhere", "owner"),
    "outbox": Page("/admin/accounts/mail/", "owner"),
    "outbox, search": Page("/admin/accounts/mail/?q=nowhere", "owner"),
}
PAGES = READERS | STAFF


def places(post: Post) -> dict:
    """Return the values of the placeholders that budgets have; some of them are made here.

    {post}, {key}: slug and key of the post; {root}, {last}: keys of its longest thread and of the
    comment made last; {receipt}, {waiting}: private links of the latter and of one that waits;
    {preview}: a link to a draft; {mails}: the page that a guest's mailed link leads to.
    """
    own = Comment.objects.filter(post=post)
    root = own.filter(parent=None).order_by("-visible_count", "number").first()
    last = own.order_by("-created_at").first()
    draft = Post.objects.create(author=post.author, title="A draft", body="<p>Not yet.</p>")
    waiting = Comment(post=post, name="Wren", body="Here.", held_because="first-comment")
    waiting.save()
    return {
        "post": post.slug,
        "key": post.pk,
        "root": root.pk,
        "last": last.pk,
        "receipt": f"/comments/{last.pk}/receipt/{receipt_tokens.renew(last)}/",
        "waiting": f"/comments/{waiting.pk}/receipt/{receipt_tokens.renew(waiting)}/",
        "mails": subscribe.page_path(_guest_who_reads()),
        "preview": PreviewLink.objects.make(draft, post.author, 7).get_absolute_url(),
    }


def _guest_who_reads():
    address = address_proofs.get_or_create_address("ada@example.org")
    Address.objects.filter(pk=address.pk).update(verified_at="2020-01-01 12:00Z")
    mailbox = Recipient(address=address)
    subscribe.save_preferences(mailbox, "weekly", discreet=True)
    return mailbox
