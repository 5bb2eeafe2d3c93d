"""axe-core finds nothing on any page, light and dark, over the demonstration's content."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from blog.models import Blog, Post, Series
from comments.models import Comment, Phrase, Reputation
from comments.moderation import writers
from comments.spam import learning
from comments.tree.status import Status
from tests.browser.axe import violations
from tests.browser.comments.test_subscriptions import look
from tests.comments.mail import links_in, run_due

STORY = "/posts/tuesdays-at-four/"
THEMES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])

# {reply}: a visible comment deep in the demonstration; {own}: one of bob's; {standing}: his ban.
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
    "/search/?q=the&in=comment",
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
def demo(live_server, settings):
    settings.DEBUG = True
    call_command("demo", verbosity=0)
    settings.DEBUG = False
    get_user_model().objects.filter(username="bob").update(is_public=True, bio="I walk a lot.")
    Blog.objects.update(quick_exit="https://weather.example.org/")
    walks = Series.objects.create(title="Walks", slug="walks", description="In this order.")
    for position, post in enumerate(Post.objects.posts().published()[:2], start=1):
        post.series, post.series_position = walks, position
        post.save()


def _places(writer=None):
    """Return what stands for the words in braces above."""
    visible = Comment.objects.filter(status=Status.APPROVED, post__slug="tuesdays-at-four")
    own = None
    if writer:  # she may change what waits
        own = Comment(post=visible[0].post, user=writer, body="Later, perhaps.")
        own.save()
    return {"reply": visible.order_by("-level", "pk").first().pk, "own": own and own.pk}


def _banned(key, who):
    """Return the key of the standing of whoever wrote the comment of this key."""
    writers.ban(key, who, note="A pause of some weeks.")
    return Reputation.objects.get(beside=None).pk


def _faults(tab, addresses, places, **options):
    """Return the faults of all addresses, so that one run of a test tells of each."""
    found = {}
    for address in (each.format(**places) for each in addresses):
        answer = tab.goto(address)
        assert answer.ok == (address not in NOT_THERE), address
        if faults := violations(tab, **options):
            found[address] = faults
    return found


def _someone(username):
    return get_user_model().objects.get(username=username)


@THEMES
def test_pages_of_strangers_have_no_fault(demo, page, dark):
    tab = page("/", dark=dark, width=360)
    assert not _faults(tab, OF_STRANGERS, _places())


@THEMES
def test_pages_of_a_reader_with_an_account_have_no_fault(demo, page, dark):
    bob = _someone("bob")
    tab = page("/", dark=dark, user=bob)
    assert not _faults(tab, OF_A_READER, _places(bob))


@THEMES
def test_pages_of_a_moderator_have_no_fault(demo, page, dark):
    mia, places = _someone("mia"), _places(_someone("bob"))
    places["standing"] = _banned(places["own"], mia)
    tab = page("/", dark=dark, user=mia)
    assert not _faults(tab, OF_A_MODERATOR, places)


@THEMES
def test_pages_of_the_owner_have_no_fault(demo, page, owner, dark):
    Phrase.objects.create(kind=Phrase.Kind.HOLD, text="casino*")
    learning.learn()
    assert not _faults(page("/", dark=dark, user=owner), OF_THE_OWNER, {}, preload=False)


@THEMES
def test_the_desk_of_an_author_has_no_fault(demo, page, dark):
    tab = page("/admin/", dark=dark, user=_someone("alice"))
    story = Post.objects.get(slug="tuesdays-at-four").pk
    talk = Comment.objects.public().filter(post=story).earliest("pk").pk
    for address in (each.format(story=story, talk=talk) for each in OF_AN_AUTHOR):
        assert tab.goto(address).ok, address
        # What of the admin's page is not ours is Django's.
        assert not violations(tab, "#content", preload=False), address


@THEMES
def test_a_form_with_errors_has_no_fault(demo, page, dark):
    tab = page(f"{STORY}reply/", dark=dark, width=360)
    tab.get_by_role("button", name="Send").click()
    tab.locator(".form-errors").wait_for()
    assert not violations(tab)


@THEMES
def test_a_preview_and_a_receipt_have_no_fault(demo, page, dark):
    tab = page(f"{STORY}reply/", dark=dark, width=360)
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_label("Your answer").fill("I read this by the window.")
    tab.get_by_role("button", name="Preview").click()
    tab.locator(".preview").wait_for()
    assert not violations(tab)
    tab.get_by_role("button", name="Send").click()
    tab.get_by_role("link", name="Yours: receipt").first.click()
    tab.get_by_label("Link to keep").wait_for()
    assert not violations(tab)


@THEMES
def test_news_and_folded_threads_have_no_fault(demo, page, dark):
    tab = page(STORY, dark=dark, width=360)
    tab.locator("summary").first.click()
    post = Comment.objects.get(pk=_places()["reply"]).post
    for _ in range(2):
        Comment(post=post, name="Ada", body="A new word.", status=Status.APPROVED).save()
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    button = tab.get_by_role("button", name="2 new answers")
    button.wait_for()
    assert not violations(tab)
    button.click()
    tab.get_by_role("button", name="Next new (2)").click()
    tab.get_by_role("button", name="Next new (1)").wait_for()
    assert not violations(tab)


def test_the_search_for_faults_finds_one(page):
    tab = page("/")
    tab.evaluate("document.documentElement.removeAttribute('lang')")
    assert any(fault.startswith("html-has-lang") for fault in violations(tab))


@THEMES
def test_the_page_behind_a_proof_has_no_fault(demo, page, dark, post_office):
    tab = page(f"{STORY}reply/", dark=dark, width=360)
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_label("E-mail").fill("ada@example.org")
    tab.get_by_label("Your answer").fill("I read this by the window.")
    tab.get_by_label("Tell me when someone answers").check()
    tab.get_by_role("button", name="Send").click()
    tab.locator(".waiting-note").wait_for()
    run_due()
    (path,) = next(links_in(mail) for mail in post_office.mails if mail["To"] == "ada@example.org")
    tab.goto(path)
    assert not violations(tab)
    tab.get_by_role("button", name="Confirm").click()
    tab.get_by_role("button", name="Follow what is ticked").wait_for()
    look(tab, f"proof-{'dark' if dark else 'light'}")
    assert not violations(tab)
