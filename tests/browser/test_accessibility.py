"""axe-core finds no violation on any page, light or dark, with the demonstration's content."""

import re

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import override_settings

from blog.models import Blog, Post, Series
from comments.models import Comment, Phrase, Reputation
from comments.moderation import writers
from comments.spam import learning
from comments.tree.status import Status
from tests.browser.axe import violations
from tests.browser.conftest import become
from tests.browser.looks import look
from tests.comments.mail import links_in, run_due

STORY = "/posts/tuesdays-at-four/"

# {reply}: a visible comment deep in the demonstration; {own}: one of bob's; {standing}: bob's ban.
OF_STRANGERS = [
    "/",
    STORY,
    f"{STORY}?order=newest",
    f"{STORY}?order=author",
    f"{STORY}reply/",
    "/posts/her-coat/",
    "/about/",
    "/tags/grief/",
    "/content-notes/",
    "/comments/{reply}/reply/",
    "/comments/{reply}/thread/",
    "/following/",
    "/subscribe/",
    "/posts/tuesdays-at-four/following/",
    "/comments/{reply}/following/",
    "/comments/{reply}/reaction/",
    "/comments/{reply}/report/",
    "/archive/",
    "/series/walks/",
    "/search/?q=the",
    "/nowhere-to-be-found/",
    "/comments/keys/",
    "/comments/forget/",
    "/privacy/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/account/login/code/",
    "/people/bob/",
    "/m/a-link-that-nobody-made/",
    "/privacy/archive/",
]
NOT_THERE = {"/nowhere-to-be-found/", "/m/a-link-that-nobody-made/"}
OF_A_READER = [
    STORY,
    f"{STORY}reply/",
    "/account/comments/",
    "/account/email/",
    "/account/following/",
    "/subscribe/",
    "/account/leave/",
    "/account/leave/words/",
    "/comments/{own}/following/",
    "/account/password/change/",
    "/account/profile/",
    "/account/sessions/",
    "/account/2fa/",
    "/account/reauthenticate/",
    "/account/second-factor/",
    "/account/logout/",
    "/account/archive/",
    "/account/claiming/",
    "/comments/{own}/receipt/",
    "/comments/{own}/receipt/edit/",
    "/comments/{own}/receipt/withdrawal/",
    "/comments/{own}/receipt/disowning/",
    "/comments/{own}/receipt/mailing/",
]
OF_A_MODERATOR = [
    "/admin/",
    *(f"/admin/queue/{tab}/" for tab in ("care", "reported", "waiting", "decided", "all")),
    "/admin/queue/{reply}/",
    "/admin/comments/moderationaction/",
    "/admin/comments/reputation/",
    "/admin/comments/reputation/{standing}/end/",
]
OF_THE_OWNER = [
    "/admin/comments/phrase/",
    "/admin/comments/phrase/add/",
    "/admin/comments/phrase/try/",
    "/admin/comments/classifierstate/1/change/",
    "/admin/desk/break/",
]


OF_AN_AUTHOR = [
    "/admin/",
    "/admin/blog/post/add/",
    "/admin/blog/post/{story}/change/",
    "/admin/blog/post/{story}/versions/",
    "/admin/blog/post/{story}/links/",
    "/admin/desk/{talk}/answer/",
]


@pytest.fixture
def demo(live_server):
    with override_settings(DEBUG=True):
        call_command("demo", verbosity=0)
    get_user_model().objects.filter(username="bob").update(is_public=True, bio="I walk a lot.")
    Blog.objects.update(quick_exit="https://weather.example.org/")
    walks = Series.objects.create(title="Walks", slug="walks", description="In this order.")
    for position, post in enumerate(Post.objects.posts().published()[:2], start=1):
        post.series, post.series_position = walks, position
        post.save()


def _places(writer=None):
    """Return the values of the placeholders above."""
    visible = Comment.objects.filter(status=Status.APPROVED, post__slug="tuesdays-at-four")
    own = None
    if writer:  # the writer may still edit a held comment
        own = Comment(post=visible[0].post, user=writer, body="Later, perhaps.")
        own.save()
    return {"reply": visible.order_by("-level", "pk").first().pk, "own": own and own.pk}


def _banned(key, who):
    """Ban the writer of the comment with this key; return the key of the ban."""
    writers.ban(key, who, note="A pause of some weeks.")
    return Reputation.objects.get(beside=None).pk


def _faults(tab, addresses, places, **options):
    """Return the violations of all addresses, so that one run of a test reports each."""
    found = {}
    for address in (each.format(**places) for each in addresses):
        answer = tab.goto(address)
        assert answer.ok == (address not in NOT_THERE), address
        if faults := violations(tab, **options):
            found[address] = faults
    return found


def _someone(username):
    return get_user_model().objects.get(username=username)


def test_pages_for_signed_out_visitors_have_no_violation(demo, page):
    tab = page("/", width=360)
    assert not _faults(tab, OF_STRANGERS, _places())


def test_pages_for_readers_and_moderators_have_no_violation(demo, page):
    bob, mia = _someone("bob"), _someone("mia")
    places = _places(bob)
    tab = page("/", user=bob)
    assert not _faults(tab, OF_A_READER, places)
    places["standing"] = _banned(places["own"], mia)
    become(tab, mia)
    assert not _faults(tab, OF_A_MODERATOR, places)


def test_pages_for_the_owner_and_authors_have_no_violation(demo, page, owner):
    Phrase.objects.create(kind=Phrase.Kind.HOLD, text="casino*")
    learning.learn()
    tab = page("/admin/", user=owner)
    assert not _faults(tab, OF_THE_OWNER, {}, preload=False)
    become(tab, _someone("alice"))
    story = Post.objects.get(slug="tuesdays-at-four").pk
    talk = Comment.objects.public().filter(post=story).earliest("pk").pk
    # What of the admin's page is not ours is Django's.
    places = {"story": story, "talk": talk}
    assert not _faults(tab, OF_AN_AUTHOR, places, inside="#content", preload=False)


def test_the_states_of_the_reply_form_have_no_violation(demo, page, post_office):
    """A form with errors, a preview, a receipt, and the page behind a mail that asks for proof."""
    tab = page(f"{STORY}reply/", width=360)
    tab.get_by_role("button", name="Send").click()
    tab.locator(".form-errors").wait_for()
    assert not violations(tab)
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_role("textbox", name="Email").fill("ada@example.org")
    tab.get_by_label("Your comment").fill("I read this by the window.")
    tab.get_by_text("More options").click()
    tab.get_by_label("Email me when someone replies").check()
    tab.get_by_role("button", name="Preview").click()
    tab.locator(".preview").wait_for()
    assert not violations(tab)
    tab.get_by_role("button", name="Send").click()
    tab.locator(".waiting-note").wait_for()
    tab.get_by_role("link", name="View, edit or delete").first.click()
    tab.get_by_label("Link to save").wait_for()
    assert not violations(tab)
    run_due()
    (path,) = next(links_in(mail) for mail in post_office.mails if mail["To"] == "ada@example.org")
    tab.goto(path)
    assert not violations(tab)
    tab.get_by_role("button", name="Confirm").click()
    tab.get_by_role("button", name="Follow").wait_for()
    look(tab, "proof")
    assert not violations(tab)


def test_new_comments_and_folded_threads_have_no_violation(demo, page):
    tab = page(STORY, width=360)
    tab.locator("summary").first.click()
    post = Comment.objects.get(pk=_places()["reply"]).post
    for _ in range(2):
        Comment(post=post, name="Ada", body="A new word.", status=Status.APPROVED).save()
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    button = tab.get_by_role("button", name="2 new comments")
    button.wait_for()
    # Where it covers no act of a comment: what is covered is brought into view by scrolling.
    tab.evaluate("window.scrollTo(0, 0)")
    assert not violations(tab)
    button.click()
    tab.get_by_role("button", name="Next new comment (2)").click()
    tab.get_by_role("button", name="Next new comment (1)").wait_for()
    tab.evaluate("window.scrollTo(0, 0)")  # the same for quick exit
    assert not violations(tab)


def test_the_check_finds_violations_of_the_page_and_of_either_theme(page):
    tab = page("/")
    tab.evaluate("document.documentElement.removeAttribute('lang')")
    assert any(fault.startswith("light html-has-lang") for fault in violations(tab))
    for theme in ("light", "dark"):
        pale = "body * { color: #888 !important; background: #999 !important; }"
        tab.evaluate(
            "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
            " document.adoptedStyleSheets = [sheet]; }",
            f"@media (prefers-color-scheme: {theme}) {{ {pale} }}",
        )
        found = [fault.split(":")[0] for fault in violations(tab) if "html-has-lang" not in fault]
        assert set(found) == {f"{theme} color-contrast"}


def test_the_dark_theme_changes_colours_only():
    """Which is why every rule looks at one theme, and those about colours alone at the other."""
    blocks = [
        block
        for sheet in settings.BASE_DIR.joinpath("static/css").rglob("*.css")
        for block in re.findall(
            r"@media [^{]*color-scheme[^{]*\{(.*?)\n\}", sheet.read_text(), re.S
        )
    ]
    assert blocks
    set_there = re.findall(r"([\w-]+):", " ".join(blocks))
    assert [name for name in set_there if not name.startswith("--") and name != "root"] == []
