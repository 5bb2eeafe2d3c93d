"""The post form and the list of posts in the admin."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog import markup
from blog.models import Blog, Post, Tag
from tests.blog.admin_http import ADD, LIST, change, errors, form, said

pytestmark = pytest.mark.django_db


def test_an_author_writes_a_draft_that_belongs_to_them(desk, alice):
    answer = desk.post(ADD, form())
    assert answer.status_code == 302
    post = Post.objects.get()
    assert (post.author, post.slug, post.status) == (alice, "a-quiet-day", "draft")


def test_an_author_cannot_sign_with_somebody_elses_name(desk, alice, carol):
    desk.post(ADD, form(author=carol.pk))
    assert Post.objects.get().author == alice
    desk.post(change(Post.objects.get()), form(author=carol.pk))
    assert Post.objects.get().author == alice
    assert 'name="author"' not in desk.get(ADD).text


def test_the_owner_may_give_a_post_to_another(signed_in, owner, carol, published_post):
    post = published_post()
    signed_in(owner).post(change(post), form(author=carol.pk))
    post.refresh_from_db()
    assert post.author == carol


def test_a_published_post_needs_no_date(desk, client):
    desk.post(ADD, form(act="publish", slug="now"))
    assert client.get("/posts/now/").status_code == 200


def test_the_form_takes_an_address_in_every_script(desk, client):
    for slug in ("हिन्दी-में", "مَسَاءُ", "คืนนี้"):
        desk.post(ADD, form(act="publish", slug=slug))
        assert client.get(f"/posts/{slug}/").status_code == 200
    assert "slug" in errors(desk.post(ADD, form(slug="a b")))


def test_typed_html_is_sanitised(desk):
    desk.post(ADD, form(body="<p>a</p><script>b</script>"))
    assert Post.objects.get().body == "<p>a</p>"


def test_a_scheduled_post_without_a_date_is_asked_for_one(desk):
    found = errors(desk.post(ADD, form(act="schedule")))
    assert found == {"published_at": ["A scheduled post needs a publish date."]}
    assert not Post.objects.exists()


@pytest.mark.parametrize("status", ["scheduled", "published"])
def test_saving_a_post_that_is_to_come_never_publishes_it(desk, published_post, status):
    """Only the buttons do: a date that is past or gone is an error at its field."""
    post = published_post(status=status, published_at=timezone.now() + timedelta(days=3))
    for date in (timezone.now() - timedelta(days=1), None):
        found = errors(desk.post(change(post), form(published_at=date)))
        assert list(found) == ["published_at"]
    post.refresh_from_db()
    assert post.is_to_come
    later = timezone.now() + timedelta(days=5)
    assert "Readers will see it from" in said(desk.post(change(post), form(published_at=later)))


@pytest.mark.parametrize("typed", ["8 pm", "8pm", "20:00", "20.00"])
def test_a_time_is_taken_as_people_write_it(desk, typed):
    data = form(act="schedule") | {"published_at_0": "2031-01-02", "published_at_1": typed}
    desk.post(ADD, data)
    assert Post.objects.get().published_at.isoformat() == "2031-01-02T20:00:00+00:00"


def test_an_error_at_the_date_opens_the_panel_and_has_the_focus(desk):
    data = form(act="schedule") | {"published_at_0": "2031-01-02", "published_at_1": "tonight"}
    page = BeautifulSoup(desk.post(ADD, data).text, "html.parser")
    assert page.select_one("details.desk-publish").has_attr("open")
    assert page.select_one("[name=when][checked]")["value"] == "later"
    assert page.select_one("[autofocus]")["name"].startswith("published_at")
    assert page.select_one(".field-published_at .errorlist")
    assert page.select_one(".errornote a")["href"] == "#id_published_at_0"


def test_a_date_that_was_not_touched_keeps_its_seconds(desk, published_post):
    post = published_post()
    shown = desk.get(change(post)).context["adminform"].form["published_at"].field.widget
    date, time = shown.decompress(post.published_at)
    desk.post(change(post), form(published_at_0=date, published_at_1=time))
    assert Post.objects.get().published_at == post.published_at


def test_folded_groups_say_what_they_hold_and_open_on_an_error(desk, published_post):
    post = published_post(excerpt="Short.", language="de")
    groups = {str(each["fieldset"].name): each for each in desk.get(change(post)).context["groups"]}
    assert groups["Image and excerpt"]["value"] == "Short."
    assert groups["Language and search engines"]["value"] == "de"
    assert groups["Content notes and help"]["value"] == "Not set"
    page = BeautifulSoup(desk.post(change(post), form(language="??")).text, "html.parser")
    assert page.select_one("details.has-error .desk-value").text == "1 error: Language"
    assert page.select_one("details.has-error").has_attr("open")


def test_a_title_typed_on_two_lines_is_one_line(desk):
    desk.post(ADD, form(title="A quiet\r\nday"))
    assert Post.objects.get().title == "A quiet day"


def test_dates_are_typed_in_the_blogs_own_time_zone(desk):
    blog = Blog.get()
    blog.time_zone = "Asia/Tokyo"
    blog.save()
    assert "Time zone: Asia/Tokyo" in desk.get(ADD).text
    data = form(act="schedule") | {"published_at_0": "2031-01-02", "published_at_1": "08:00:00"}
    desk.post(ADD, data)
    assert Post.objects.get().published_at.isoformat() == "2031-01-01T23:00:00+00:00"


def test_a_title_that_turns_around_what_stands_beside_it_is_refused(desk):
    found = errors(desk.post(ADD, form(title="By the \u202ekale")))
    assert list(found) == ["title"]
    assert "changes the text direction" in found["title"][0]
    assert desk.post(ADD, form(title="By the \u2068אגם\u2069")).status_code == 302


def test_a_reserved_word_is_refused_as_the_address_of_a_page(desk):
    found = errors(desk.post(ADD, form(kind="page", slug="admin")))
    assert found == {
        "slug": ["This slug is reserved for another part of the blog. Please choose another."]
    }


def test_an_address_that_is_taken_is_said_at_its_field(desk, published_post):
    published_post(slug="taken")
    assert "slug" in errors(desk.post(ADD, form(slug="taken")))


def test_a_page_cannot_be_its_own_parent(desk, published_post):
    top = published_post(kind="page")
    middle = published_post(kind="page", parent=top)
    below = published_post(kind="page", parent=middle)
    for parent in (top, middle, below):
        data = form(kind="page", slug=top.slug, parent=parent.pk)
        assert "under itself" in str(errors(desk.post(change(top), data))["parent"])


def test_a_post_cannot_have_a_parent_page(desk, published_post):
    data = form(parent=published_post(kind="page").pk)
    assert errors(desk.post(ADD, data)) == {"parent": ["Only pages can have a parent page."]}


def test_a_text_that_is_too_long_is_refused_kindly_and_kept(desk, monkeypatch):
    monkeypatch.setattr(markup, "MAX_LENGTH", 100)
    answer = desk.post(ADD, form(body="<p>" + "word " * 40))
    assert "This text has 202 characters; the limit is 100." in str(errors(answer)["body"])
    assert "word word" in answer.text


def test_the_list_shows_title_status_tags_mode_and_comments(desk, published_post):
    post = published_post(status="archived", comment_mode="moderated")
    post.tags.add(Tag.objects.create(name="Lake", slug="lake"))
    Post.objects.filter(pk=post.pk).update(comment_count=41)
    row = desk.get(LIST).text.partition('id="result_list"')[2]
    for shown in (post.title, "archived", "Lake", "moderated", "41"):
        assert shown in row


@pytest.mark.parametrize(
    "query", ["q=lake", "status__exact=draft", "kind__exact=page", "comment_mode__exact=open"]
)
def test_the_list_can_be_searched_and_filtered(desk, published_post, query):
    published_post(title="Elsewhere", slug="elsewhere", body="")
    wanted = published_post(title="By the lake", status="draft", kind="page", comment_mode="open")
    found = desk.get(f"{LIST}?{query}").context["cl"].result_list
    assert [post.pk for post in found] == [wanted.pk]


def test_more_posts_cost_the_list_no_more_queries(desk, published_post):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(LIST).status_code == 200
        return len(seen)

    tag = Tag.objects.create(name="Lake", slug="lake")
    published_post().tags.add(tag)
    cost()
    few = cost()
    for _ in range(8):
        published_post().tags.add(tag)
    assert cost() == few


@pytest.mark.parametrize(
    ("kind", "label"),
    [("post", "blog default"), ("page", "no comments (default for pages)")],
)
def test_the_default_for_comments_is_named_by_what_it_means_here(
    signed_in, alice, published_post, kind, label
):
    post = published_post(kind=kind)
    page = BeautifulSoup(signed_in(alice).get(change(post)).text, "html.parser")
    option = page.select_one("select[name=comment_mode] option[selected]")
    assert (option["value"], option.get_text(strip=True)) == ("default", label)


@pytest.mark.parametrize("typed", ["пирог", "ПИРОГ", "ЯБЛОКАМИ", "e mail", "one two " * 30])
@pytest.mark.both_databases("accounts.text.lookups")
def test_the_list_is_searched_in_any_spelling(signed_in, alice, published_post, typed):
    wanted = published_post(title="Пирог с яблоками", body="<p>e-mail, one two</p>")
    published_post(title="Other")
    page = signed_in(alice).get("/admin/blog/post/", {"q": typed})
    assert [post.pk for post in page.context["cl"].result_list] == [wanted.pk]
