"""The author's section of the admin index: their drafts, unsaved words and scheduled posts."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from blog.admin import dashboard as start
from tests.blog.admin_http import change, typed
from tests.house.budgets import queries

pytestmark = pytest.mark.django_db


def lists(client):
    page = BeautifulSoup(client.get("/admin/").text, "html.parser")
    return [
        [(link.text, link["href"]) for link in column.select("li a")]
        for column in page.select(".desk-columns > div")
    ]


def test_an_author_sees_drafts_unsaved_words_and_scheduled_posts(desk, published_post):
    now = timezone.now()
    draft = published_post(status="draft", title="Begun")
    later = published_post(status="scheduled", title="Later", published_at=now + timedelta(days=9))
    soon = published_post(status="published", title="Soon", published_at=now + timedelta(days=1))
    published_post(status="scheduled", title="Was", published_at=now - timedelta(days=1))
    published_post(title="Out")
    opened = desk.post("/admin/blog/post/autosave/", typed(title="Half")).json()["open"]
    desk.post("/admin/blog/post/autosave/", typed("two", title=""))
    begun, to_appear = lists(desk)
    assert ("Half", opened) in begun
    assert [title for title, _ in begun] == ["untitled", "Half", "Begun"]
    assert begun[-1][1] == change(draft)
    assert to_appear == [("Soon", change(soon)), ("Later", change(later))]


def test_nobody_sees_somebody_elses_drafts(desk, signed_in, owner, carol, published_post):
    published_post(status="draft", title="Hers")
    desk.post("/admin/blog/post/autosave/", typed(title="Hers, unsaved"))
    for person in (carol, owner):
        assert lists(signed_in(person)) == [[], []]
        assert "Hers" not in desk.get("/admin/").text.replace("Others", "")


def test_non_authors_have_no_author_section(signed_in, mia):
    page = signed_in(mia).get("/admin/")
    assert page.status_code == 200
    assert "desk-start" not in page.text


def test_many_drafts_cost_no_more_than_few(desk, published_post):
    def cost(number):
        for each in range(number):
            published_post(status="draft")
            desk.post("/admin/blog/post/autosave/", typed(f"form-{each}", title=f"{each}"))
        return queries(desk, "/admin/")[1]

    cost(1)  # what is read once for a process
    assert cost(2) == cost(15)
    assert len(lists(desk)[0]) == 2 * start.SHOWN
