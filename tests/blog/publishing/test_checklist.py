"""The checklist beside the publish button: it gives hints and blocks nothing."""

import pytest
from bs4 import BeautifulSoup

from blog.models import ContentNote, OldAddress, Post, Series, Tag
from blog.publishing import checklist
from tests.blog.admin_http import ADD, change, form, said

pytestmark = pytest.mark.django_db

WELL = {"title": "A day", "excerpt": "Short.", "body": "<p>Still.</p>", "content_notes": ["1"]}


def hints(alice, **fields):
    return checklist.warnings({**WELL, **fields}, alice)


def test_a_post_without_problems_gets_no_hints(alice):
    assert hints(alice) == []
    assert hints(alice, body='<p>On <a href="https://example.com/x">x</a> 12 March 2024.</p>') == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": " "}, "No title yet."),
        ({"excerpt": ""}, "No excerpt."),
        ({"content_notes": []}, "No content note (optional)."),
        ({"body": '<img src="/static/icon.svg">'}, "One image has no description"),
        ({"body": '<img src="/static/a"><img src="/static/b">'}, "2 images have no description"),
        ({"body": "Write to alice@example.org"}, "It contains your own email address."),
        ({"excerpt": "ALICE@example.org"}, "It contains your own email address."),
        ({"body": '<a href="mailto:alice@example.org">me</a>'}, "your own email address"),
        ({"body": "<p>Call <b>+44 20</b> 7946 0018</p>"}, "looks like a phone number"),
        ({"body": "I live at 12 Old Mill Road now"}, "looks like a postal address"),
    ],
)
def test_each_possible_problem_gets_a_hint(alice, fields, says):
    [sentence] = hints(alice, **fields)
    assert says in sentence


def test_a_decorative_picture_and_a_link_elsewhere_get_no_hint(alice):
    body = '<p><img src="/static/icon.svg" alt=""> Ask help@example.com</p>'
    assert hints(alice, body=body) == []


def test_without_content_notes_no_hint_asks_for_one(alice):
    ContentNote.objects.update(retired=True)
    assert hints(alice, content_notes=[]) == []


def test_broken_links_within_the_blog_are_named(alice, settings, published_post):
    settings.SITE_URL = "https://blog.example.org"
    post = published_post(slug="été")
    published_post(kind="page", slug="about")
    Tag.objects.create(name="Lake", slug="lake")
    Series.objects.create(title="Walks", slug="walks")
    OldAddress.objects.create(path="/2019/old", post=post)
    good = (
        "/posts/%C3%A9t%C3%A9/ /posts/été/#comments /posts/été /about/ /tags/lake/ /series/walks/ "
        "/ /archive/ /feed/ /2019/old/ https://blog.example.org/posts/été/?page=2 #top "
        "mailto:a@b.c https://elsewhere.example.com/posts/x/ //example.com/posts/x/ tel:1 "
        "http://[ relative"
    )
    bad = (
        "/posts/gone/ /nowhere/ /tags/sea/ /series/runs/ /media/ab/cd.png /media/../x "
        "https://blog.example.org/posts/gone-too/ /a/b/c"
    )
    links = "".join(f'<a href="{each}">x</a>' for each in good.split())
    assert hints(alice, body=links) == []
    for link in bad.split():
        [said] = hints(alice, body=f'<p><a href="{link}">x</a></p>')
        assert said.startswith("Broken link: /"), link
    every = "".join(f'<a href="{each}">x</a>' for each in bad.split())
    assert len(hints(alice, body=every)) == checklist.NAMED


def test_a_link_to_ones_own_draft_gets_a_hint_of_its_own(alice, carol, published_post):
    published_post(slug="soon", status="draft")
    published_post(slug="not-hers", status="draft", author=carol)
    [hers] = hints(alice, body='<a href="/posts/soon/">x</a>')
    assert hers == "Link to something readers can’t see yet: /posts/soon/"
    [others] = hints(alice, body='<a href="/posts/not-hers/">x</a>')
    assert others == "Broken link: /posts/not-hers/"


def test_thousands_of_links_cost_a_bounded_number_of_queries(
    alice, published_post, django_assert_max_num_queries
):
    slug = published_post().slug
    body = "".join(f'<a href="/posts/{slug}/?page={n}#c{n}">x</a>' for n in range(3000))
    with django_assert_max_num_queries(2 * checklist.LOOKED_AT + 2):
        hints(alice, body=body)


def test_the_checklist_stands_beside_the_button_and_blocks_nothing(desk):
    page = BeautifulSoup(desk.get(ADD).text, "html.parser")
    assert "No excerpt." in page.select_one(".desk-box #desk-to-look-at").text
    answer = desk.post(ADD, form(act="publish", body="Call +44 20 7946 0018"))
    assert answer.status_code == 302
    post = Post.objects.get()
    assert post.is_listed
    assert "phone number" not in said(answer)  # it was said before
    page = BeautifulSoup(desk.get(change(post)).text, "html.parser")
    assert "looks like a phone number" in page.select_one("#desk-to-look-at").text


def test_the_checklist_updates_while_typing(desk):
    def told(**fields):
        sent = form(form_token="one", **fields)
        return desk.post("/admin/blog/post/autosave/", sent).json()["to_look_at"]

    assert any("No excerpt." in sentence for sentence in told())
    assert not any("No excerpt." in sentence for sentence in told(excerpt="Short."))


def test_without_hints_the_box_is_hidden(desk, published_post):
    post = published_post(excerpt="Short.")
    post.content_notes.add(ContentNote.objects.create(name="old grief"))
    page = BeautifulSoup(desk.get(change(post)).text, "html.parser")
    assert page.select_one("#desk-to-look-at").has_attr("hidden")
