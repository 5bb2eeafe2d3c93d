"""Tabs of the queue: who lands on it, and what each tab lists in which order."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from comments.care import cases
from comments.models import Comment, Report
from comments.moderation import decisions
from comments.posting import own_comments
from comments.queue import pagination
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import visit
from tests.comments.queue_http import address, cards, page, tabs, text, waiting

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("comments.queue.forms", "comments.tree.status"),
]
OLD = "/admin/comments/comment/"


def ago(**time):
    return timezone.now() - timedelta(**time)


def report(comment, network="a", **fields):
    return Report.objects.create(comment=comment, reason="unkind", network=network, **fields)


def test_the_admin_index_is_the_queue_for_moderators_who_do_not_write(signed_in, mia):
    found = visit(signed_in(mia), "/admin/")
    assert found.h1.text == "Moderation queue"
    assert list(tabs(found)) == [
        "Care",
        "Reported",
        "Waiting",
        "Probable spam",
        "Recently decided",
        "All",
    ]


def bar(page):
    """Return the links of the header bar, without the person's menu."""
    return [link["href"] for link in page.select(".staff-bar > :is(a, nav a), .staff-places a")]


def test_the_owner_begins_at_the_dashboard_and_the_bar_leads_everywhere(
    signed_in, owner, published_post
):
    waiting(published_post())
    found = visit(signed_in(owner), "/admin/")
    assert not found.select("#tabs")
    assert [card.b.text for card in found.select(".staff-waits a")] == ["1", "0", "0"]
    assert found.select_one(".staff-places .staff-count").text.split() == ["waiting:", "1"]
    places = ["blog/post/add/", "blog/post/", "queue/waiting/", "blog/subscription/", "settings/"]
    assert bar(found) == [f"/admin/{place}" for place in places]
    queue = visit(signed_in(owner), "/admin/queue/all/")
    assert queue.select_one(".staff-places [aria-current]")["href"] == "/admin/queue/waiting/"


def test_the_bar_and_the_settings_hold_only_what_a_person_may_use(signed_in, mia, alice, owner):
    assert bar(visit(signed_in(mia), "/admin/")) == ["/admin/queue/waiting/", "/admin/settings/"]

    def hub(who):
        return {link["href"] for link in visit(signed_in(who), "/admin/settings/").select("main a")}

    assert "/admin/blog/tag/" in hub(alice)
    assert not [link for link in hub(mia) if link.startswith("/admin/blog/")]
    assert {"/admin/blog/blog/", "/admin/accounts/user/", "/admin/auth/group/"} <= hub(owner)


def test_the_admin_index_of_an_author_begins_a_post(signed_in, alice):
    found = visit(signed_in(alice), "/admin/")
    assert not found.select("#tabs, .staff-waits, .staff-count")
    assert found.select_one(".staff-begin")["action"] == "/admin/blog/post/add/"
    form = visit(signed_in(alice), "/admin/blog/post/add/?title=A+walk")
    assert "A walk" in str(form.select_one("[name=title]"))


def test_signed_out_visitors_are_asked_to_sign_in_and_others_are_refused(
    client, signed_in, bob, alice, person
):
    assert client.get(address())["Location"].startswith("/admin/login/")
    for who in (alice, person("staff", is_staff=True)):
        assert signed_in(who).get(address()).status_code == 403
    assert signed_in(bob).get(address()).status_code in {302, 403}


def test_held_comments_are_listed_oldest_first(signed_in, mia, published_post):
    post = published_post()
    rows = [waiting(post, created_at=ago(hours=10 - number)) for number in (2, 3, 1)]
    for status in (Status.APPROVED, Status.SPAM, Status.REMOVED, Status.WITHDRAWN):
        say(post, status=status)
    assert list(cards(page(signed_in(mia)))) == [rows[2].pk, rows[0].pk, rows[1].pk]


def test_care_comes_before_older_comments_and_spam_is_in_a_tab_of_its_own(
    signed_in, mia, published_post
):
    post = published_post()
    spam, old, care = (waiting(post, created_at=ago(hours=9 - n)) for n in range(3))
    Comment.objects.filter(pk=spam.pk).update(
        queue_priority=Comment.QueuePriority.SUSPECT,
        body_html='<p><a href="https://a.test/b">cheap</a> <a href="https://c.test">https://c.test</a></p>',
    )
    cases.open_case(care, "a phrase")
    client = signed_in(mia)
    found = page(client)
    assert list(cards(found)) == [care.pk, old.pk]
    assert (tabs(found)["Waiting"], tabs(found)["Probable spam"]) == (2, 1)
    assert found.title.text.startswith("(2)")
    found = page(client, "spam")
    assert list(cards(found)) == [spam.pk]
    words = found.select_one(".words")
    assert (text(words), words.select("a")) == ("cheap (https://a.test/b) https://c.test", [])
    first, second = found.select(".acts button")[:2]
    assert (first["value"], first["class"], second["data-key"]) == ("spam", ["main"], "a")


def test_the_queue_opens_on_care_first_then_on_reports(signed_in, mia, published_post):
    post, client = published_post(), signed_in(mia)
    waiting(post)
    assert visit(client, "/admin/").select_one("#tabs [aria-current]").text.startswith("Waiting")
    report(say(post))
    assert visit(client, "/admin/").select_one("#tabs [aria-current]").text.startswith("Reported")
    cases.open_case(say(post), "a phrase")
    assert visit(client, "/admin/").select_one("#tabs [aria-current]").text.startswith("Care")


def test_each_tab_says_how_many_it_holds(signed_in, mia, published_post):
    post = published_post()
    first, second, third, fourth = waiting(post), waiting(post), say(post), say(post)
    decisions.decide([first.pk], "approve", mia)
    cases.open_case(second, "a phrase")
    cases.open_case(third, "another one")
    report(fourth)
    report(fourth, "b")
    assert tabs(page(signed_in(mia))) == {
        "Care": 2,
        "Reported": 1,
        "Waiting": 1,
        "Probable spam": 0,
        "Recently decided": 1,
        "All": 4,
    }


def test_comments_in_care_are_not_listed_as_reported_too(signed_in, mia, published_post):
    comment = say(published_post())
    report(comment)
    cases.open_case(comment, "a worry")
    client = signed_in(mia)
    assert list(cards(page(client, "care"))) == [comment.pk]
    assert not cards(page(client, "reported"))


def test_reported_comments_are_listed_in_the_order_of_their_reports(signed_in, mia, published_post):
    late, early = say(published_post()), say(published_post())
    report(late, created_at=ago(hours=1))
    report(early, created_at=ago(hours=2))
    report(early, "b")
    assert list(cards(page(signed_in(mia), "reported"))) == [early.pk, late.pk]


def test_all_can_be_searched_and_filtered(signed_in, mia, bob, published_post):
    one, other = published_post(title="Lakes"), published_post(title="Woods")
    first = say(one, body="A heron stood there.")
    second = say(other, body="No bird at all.", user=bob, name="")
    third = waiting(one, body="Another heron.", name="Ada")
    client = signed_in(mia)
    for query, wanted in (
        ("", {first, second, third}),
        ("?q=HERON", {first, third}),
        ("?q=heron+ada", {third}),
        ("?q=bob", {second}),
        (f"?status={Status.PENDING.value}", {third}),
        (f"?post={one.pk}&q=stood", {first}),
        ("?status=7&post=x", {first, second, third}),
    ):
        assert set(cards(page(client, "all", query))) == {each.pk for each in wanted}, query


@pytest.mark.parametrize(
    "typed", ["ольга", "ОЛЬГА", "елкина", "ёлкина", "киев", "КИЕВ", "email", "e mail", "12000"]
)
@pytest.mark.both_databases("accounts.text.lookups")
def test_all_is_searched_in_any_spelling(signed_in, mia, published_post, typed):
    post = published_post()
    wanted = say(post, body="Киев, e-mail, 12.000", name="Ольга Ёлкина")
    say(post, body="Минск", name="Олег")
    assert set(cards(page(signed_in(mia), "all", f"?q={quote(typed)}"))) == {wanted.pk}


def test_all_is_searched_for_eight_words(signed_in, mia, published_post):
    """Each is compared with every comment: two hundred took minutes."""
    wanted = say(published_post(), body="one two three four five six seven eight")
    typed = f"one+one+two+three+four+five+six+seven+eight+{'+'.join('abcdwxyz')}"
    assert set(cards(page(signed_in(mia), "all", f"?q={typed}"))) == {wanted.pk}


def test_a_search_of_all_looks_through_some_for_each_page(
    signed_in, mia, published_post, monkeypatch
):
    monkeypatch.setattr(pagination, "LOOKED_THROUGH", 3)
    post, client = published_post(), signed_in(mia)
    made = [say(post, body=f"A heron, {number}.") for number in range(8)]
    said = [comment for comment in made if comment.body in {"A heron, 1.", "A heron, 6."}]
    Comment.objects.filter(pk__in=[comment.pk for comment in said]).update(body="An owl.")
    # Of one moment: they are told apart by their keys.
    Comment.objects.update(created_at=timezone.now())
    met, query, steps = [], "?q=owl", 0
    while query:
        found = page(client, "all", query)
        steps += 1
        met += cards(found)
        further = found.select_one("a.go-on[href*=after]")
        assert ("Searched 3 comments; there are older ones." in found.text) == bool(further)
        query = further and "?" + further["href"].partition("?")[2]
    assert met == [said[1].pk, said[0].pk]
    assert steps == 3


def test_a_search_of_all_fills_its_page_before_it_ends(signed_in, mia, published_post, monkeypatch):
    monkeypatch.setattr(pagination, "LOOKED_THROUGH", 30)
    post, client = published_post(), signed_in(mia)
    made = [say(post, body="A heron.").pk for _ in range(32)]
    first = page(client, "all", "?q=heron")
    assert "Searched" not in first.text
    further = first.select_one("a.go-on[href*=after]")["href"]
    second = page(client, "all", "?" + further.partition("?")[2])
    assert [*cards(first), *cards(second)] == made[::-1]
    assert not second.select_one("a.go-on[href*=after]")


def test_no_tab_shows_comments_on_other_peoples_drafts(signed_in, mia, owner, published_post):
    draft = published_post(status="draft", published_at=None, title="Not for anybody yet")
    comment, reported = waiting(draft, body="Below a draft."), say(draft)
    report(reported)
    decisions.decide([reported.pk], "keep", owner)
    report(reported, "b")
    cases.open_case(waiting(draft, body="Below a draft."), "a phrase")
    client = signed_in(mia)
    for tab in ("care", "reported", "waiting", "decided", "all"):
        found = page(client, tab)
        assert "Not for anybody yet" not in found.text, tab
        assert "Below a draft." not in found.text, tab
        assert set(tabs(found).values()) == {0}
    for tail in ("", "panels/"):
        assert client.get(f"/admin/queue/{comment.pk}/{tail}").status_code == 404
    assert len(cards(page(signed_in(owner)))) == 2


@pytest.mark.parametrize(
    ("query", "leads_to"),
    [
        ("", "waiting"),
        ("?status=0", "waiting"),
        ("?status=all", "all"),
        ("?status=2&q=x%26y", "all/?q=x%26y&status=2"),
    ],
)
def test_the_address_of_the_old_list_redirects_to_the_queue(signed_in, mia, query, leads_to):
    answer = signed_in(mia).get(OLD + query)
    assert answer["Location"].rstrip("/") == f"/admin/queue/{leads_to}".rstrip("/")


def test_the_address_of_an_old_row_redirects_to_the_page_of_its_comment(
    signed_in, mia, published_post
):
    comment, client = waiting(published_post()), signed_in(mia)
    answer = client.get(f"{OLD}{comment.pk}/change/")
    assert answer["Location"] == f"/admin/queue/{comment.pk}/"
    assert client.get(f"{OLD}nonsense/change/", follow=True).status_code == 404


def test_paging_skips_no_comment_while_others_decide(signed_in, mia, published_post):
    post, client = published_post(), signed_in(mia)
    rows = [waiting(post, created_at=ago(hours=40) + timedelta(minutes=n // 3)) for n in range(60)]
    first = page(client)
    keys = list(cards(first))
    assert keys == [row.pk for row in rows[:25]]
    decisions.decide(keys[:20], "approve", mia)
    second = visit(client, first.select_one(".after .go-on")["href"])
    assert list(cards(second)) == [row.pk for row in rows[25:50]]
    third = visit(client, second.select_one(".after .go-on")["href"])
    assert list(cards(third)) == [row.pk for row in rows[50:]]


EARLIEST = "0~0001-01-01T00:00:00%2B14:00~1"  # is before the calendar in UTC


@pytest.mark.parametrize(
    "mark",
    [EARLIEST, "x", "0~yesterday~1", "0~2026-01-01T00:00~1", "9999999999999999999~~1", "1~2", "~~"],
)
def test_an_invalid_cursor_shows_the_first_page(signed_in, mia, published_post, mark):
    comment = waiting(published_post())
    assert list(cards(page(signed_in(mia), "waiting", f"?after={mark}"))) == [comment.pk]


def test_a_withdrawn_comment_does_not_stay_reported(signed_in, mia, published_post):
    comment = say(published_post())
    report(comment)
    own_comments.withdraw(comment.pk)
    assert tabs(page(signed_in(mia), "reported"))["Reported"] == 0


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("care", "No comments in Care. Thank you for checking."),
        ("reported", "No open reports. Thank you for checking."),
        ("decided", "No decisions in the last 7 days."),
    ],
)
def test_an_empty_tab_says_which_it_is_and_links_on(signed_in, mia, published_post, tab, words):
    waiting(published_post())
    found = page(signed_in(mia), tab)
    assert text(found.select_one(".done-here")) == words
    assert text(found.select_one(".go-on")) == "Continue with Waiting (1)"


def test_the_tab_of_care_says_what_care_is(signed_in, mia):
    explained = "Comments that may need a person soon."
    assert explained in page(signed_in(mia), "care").text
    assert explained not in page(signed_in(mia), "reported").text


def test_an_unknown_tab_is_not_found(signed_in, mia):
    assert signed_in(mia).get("/admin/queue/pending/").status_code == 404
