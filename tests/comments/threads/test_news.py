"""Comments new since a given one: by when they became visible, the same for everybody, cheap."""

import pytest
from bs4 import BeautifulSoup

from comments.models import Comment, ConversationSettings
from comments.moderation import decisions
from comments.posting import own_comments
from comments.templatetags import comment_tags
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import articles, soup, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(published_post):
    return published_post(slug="lake", comment_mode="open")


def news(client, after):
    return client.get(f"/posts/lake/news/?after={after}")


def last_on(client, address="/posts/lake/"):
    """Return the last comment that the page names for its news requests."""
    return int(visit(client, address).select_one("#comments")["data-last"])


def test_comments_after_a_given_one_are_counted_and_listed(client, post):
    first, second = say(post), say(post)
    third = say(post, first)
    assert news(client, 0).json()["count"] == 3
    found = news(client, first.pk).json()
    assert found == {"count": 2, "new": [second.pk, third.pk], "last": third.pk, "open": True}
    assert news(client, third.pk).json() == {
        "count": 0,
        "new": [],
        "last": third.pk,
        "open": True,
    }


def test_a_comment_approved_late_is_new_even_after_later_ones(client, post, mia):
    held = say(post, status=Status.PENDING)
    later = say(post)
    assert last_on(client) == later.pk
    assert news(client, later.pk).json()["new"] == []
    decisions.decide([held.pk], "approve", mia)
    assert held.pk < later.pk
    assert news(client, later.pk).json()["new"] == [held.pk]
    assert last_on(client) == held.pk
    assert news(client, held.pk).json()["new"] == []


def test_a_restored_comment_is_new_again(client, post, mia):
    first, second = say(post), say(post)
    decisions.decide([first.pk], "remove", mia)
    assert news(client, 0).json()["new"] == [second.pk]
    decisions.decide([first.pk], "restore", mia)
    assert news(client, second.pk).json()["new"] == [first.pk]


def test_no_news_is_missed_when_the_last_seen_comment_is_edited_and_approved_again(
    client, post, mia
):
    seen = say(post)
    between = [say(post).pk, say(post).pk]
    decisions.decide([seen.pk], "remove", mia)
    assert news(client, seen.pk).json()["new"] == between
    for _ in range(2):
        decisions.decide([seen.pk], "remove", mia)
        decisions.decide([seen.pk], "restore", mia)
        found = news(client, seen.pk).json()
        assert (found["count"], found["new"]) == (3, [*between, seen.pk])
    # A reader who is up to date is told nothing twice, and misses nothing later.
    place = found["place"]
    assert visit(client, "/posts/lake/").select_one("#comments")["data-last"] == (
        f"{seen.pk}&place={place}"
    )
    cursor = f"{seen.pk}&place={place}"
    again = news(client, cursor).json()
    assert (again["new"], again["last"], again["place"]) == ([], seen.pk, place)
    shown = soup(client.get(f"/posts/lake/news/?after={seen.pk}&as=html"))
    assert shown.select_one("ol")["data-last"] == cursor
    more = say(post)
    found = news(client, cursor).json()
    assert (found["new"], found["last"]) == ([more.pk], more.pk)
    assert "place" not in found


def test_approving_an_old_comment_again_hides_no_news(client, post, mia):
    old = say(post)
    old.appearances.all().delete()
    new = say(post)
    decisions.decide([old.pk], "remove", mia)
    decisions.decide([old.pk], "restore", mia)
    assert news(client, old.pk).json()["new"] == [new.pk, old.pk]


def test_an_unknown_position_counts_as_none(client, post, mia):
    first, second = say(post), say(post)
    for place in (10**17, second.appearances.get().pk):
        assert news(client, f"{first.pk}&place={place}").json()["new"] == [second.pk]
    for place in ("x", "-1", ""):
        assert news(client, f"{first.pk}&place={place}").status_code == 400


def test_hidden_comments_are_not_news(client, post, mia):
    seen = say(post)
    for status in (Status.PENDING, Status.SPAM, Status.REMOVED, Status.WITHDRAWN):
        say(post, status=status, body="Not for you.")
    gone = say(post, body="Not for you.")
    own_comments.withdraw(gone.pk)
    assert news(client, seen.pk).json()["count"] == 0
    assert "Not for you." not in client.get(f"/posts/lake/news/?after={seen.pk}&as=html").text
    # A comment seen before may be gone by now, and still marks the position.
    assert news(client, gone.pk).status_code == 200


def test_imported_comments_come_before_all_news(client, post):
    old = say(post)
    Comment.objects.get(pk=old.pk).appearances.all().delete()
    assert last_on(client) == 0
    new = say(post)
    assert news(client, old.pk).json()["new"] == [new.pk]
    assert news(client, 0).json()["new"] == [new.pk]


@pytest.mark.parametrize("after", ["", "x", "-1", "1.5", "01", "%00", "١", "9" * 30])
def test_a_value_that_is_no_number_of_a_comment_is_refused(client, post, after):
    assert news(client, after).status_code == 400
    assert client.get("/posts/lake/news/").status_code == 400


def test_a_never_visible_comment_is_not_found(client, post, published_post):
    say(post)
    elsewhere = say(published_post())
    held = say(post, status=Status.PENDING)
    for key in (elsewhere.pk, held.pk, 10**17):
        assert news(client, key).status_code == 404
        assert client.get(f"/posts/lake/news/?after={key}&as=html").status_code == 404
    assert client.get("/posts/nowhere/news/?after=0").status_code == 404
    assert client.post("/posts/lake/news/?after=0").status_code == 405


@pytest.mark.parametrize("change", [{"comment_mode": "hidden"}, {"status": "draft"}])
def test_there_is_no_news_where_the_conversation_is_hidden(client, post, change):
    comment = say(post)
    address = f"/posts/lake/anchor/{comment.pk}/"
    assert news(client, 0).status_code == 200
    assert client.get(address).status_code == 302
    for name, value in change.items():
        setattr(post, name, value)
    post.save()
    assert news(client, 0).status_code == 404
    assert client.get("/posts/lake/news/?after=0&as=html").status_code == 404
    assert client.get(address).status_code == 404


def test_a_closed_conversation_says_that_nothing_more_will_come(client, post):
    say(post)
    post.comment_mode = "closed"
    post.save()
    assert news(client, 0).json()["open"] is False
    assert not visit(client, "/posts/lake/").select_one("#comments[data-open]")


def test_an_unchanged_answer_is_304(client, post):
    comment = say(post)
    first = news(client, comment.pk)
    headers = {"if-none-match": first["ETag"]}
    again = client.get(f"/posts/lake/news/?after={comment.pk}", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert not first.cookies
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    say(post)
    assert client.get(f"/posts/lake/news/?after={comment.pk}", headers=headers).status_code == 200


def test_a_cache_hit_costs_one_query(client, post, django_assert_num_queries):
    comment = say(post)
    news(client, comment.pk)
    with django_assert_num_queries(1):
        news(client, comment.pk)


def test_signed_in_readers_get_the_same_news(client, signed_in, bob, post):
    say(post, user=bob, name="", status=Status.PENDING)
    say(post)
    strangers = news(client, 0).json()
    assert news(signed_in(bob), 0).json() == strangers


def test_new_comments_say_whom_they_answer(client, post):
    root = say(post, name="Ana")
    reply = say(post, root, name="Ben")
    deeper = say(post, reply, name="Cleo")
    thread = say(post, name="Dan")
    page = soup(client.get(f"/posts/lake/news/?after={root.pk}&as=html"))
    assert list(articles(page)) == [reply.pk, deeper.pk, thread.pk]
    assert [tag["aria-label"] for tag in page.select(".answered")] == [
        "replying to Ana",
        "replying to Ben",
    ]
    assert page.select_one("ol")["data-last"] == str(thread.pk)
    assert articles(page)[thread.pk].parent["value"] == "2"


def test_many_new_comments_come_in_parts(client, post):
    root = say(post)
    keys = [say(post, root).pk for _ in range(60)]
    found = news(client, root.pk).json()
    assert (found["count"], found["new"], found["last"]) == (60, keys[:50], keys[49])
    page = BeautifulSoup(
        client.get(f"/posts/lake/news/?after={root.pk}&as=html").text, "html.parser"
    )
    assert set(articles(page)) == set(keys[:50])
    assert news(client, found["last"]).json()["new"] == keys[50:]


@pytest.mark.usefixtures("without_page_cache")
def test_news_cost_the_same_however_many_there_are(client, post, django_assert_max_num_queries):
    root = say(post)
    for _ in range(2):
        for _ in range(20):
            say(post, root)
        with django_assert_max_num_queries(5):
            news(client, root.pk)
        with django_assert_max_num_queries(7):
            client.get(f"/posts/lake/news/?after={root.pk}&as=html")


def test_an_old_anchor_redirects_to_the_page_of_its_comment(client, published_post):
    ConversationSettings.objects.update(threads_per_page=2)
    post = published_post(slug="moved", source="wordpress:a.example", source_id="7")
    keys = [
        say(post, source="wordpress:a.example", source_id=str(90_000 + number)).pk
        for number in range(5)
    ]
    answer = client.get("/posts/moved/anchor/90004/")
    assert answer["Location"] == f"/posts/moved/?page=3#comment-{keys[4]}"
    assert client.get(f"/posts/moved/anchor/{keys[4]}/")["Location"] == answer["Location"]


def test_an_unknown_anchor_is_not_found(client, post, published_post):
    elsewhere = say(published_post(), source="wordpress:a.example", source_id="90001")
    held = say(post, status=Status.PENDING)
    for number in (elsewhere.pk, held.pk, 90001, 10**30):
        assert client.get(f"/posts/lake/anchor/{number}/").status_code == 404


def test_the_button_gets_each_plural_form_of_the_language_once(monkeypatch):
    assert comment_tags.new_comments_by_number() == "1 # new comment|0 # new comments"

    def as_in_arabic(_one, _many, number):
        return ("zero", "one", "two")[number] if number < 3 else _larger(number % 100)

    def _larger(rest):
        return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"

    monkeypatch.setattr(comment_tags, "ngettext", as_in_arabic)
    assert comment_tags.new_comments_by_number() == "1 one|0 zero|2 two|3 few|11 many|100 other"
