"""Structured data of a post: JSON-LD, Open Graph, its drawn card, profiles and robots tags."""

import io
import json

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from PIL import Image

from blog.images import social_card
from blog.models import Blog, ContentNote, Tag

pytestmark = pytest.mark.django_db


def page(client, address):
    return BeautifulSoup(client.get(address).content, "html.parser")


def meta(shown):
    named = shown.select("meta[property], meta[name]")
    return {tag.get("property") or tag["name"]: tag["content"] for tag in named}


def json_ld(shown):
    return json.loads(shown.select_one("script[type='application/ld+json']").string)


@pytest.fixture
def blog():
    blog = Blog.get()
    blog.title = "Kitchen <light>"
    blog.language = "pt-BR"
    blog.save()
    return blog


def test_a_post_carries_json_ld_and_open_graph_data(client, blog, published_post):
    post = published_post(title="Quiet & “deep”", slug="quiet", excerpt="A <short> one")
    post.tags.add(Tag.objects.create(name="Water", slug="water"))
    shown = page(client, "/posts/quiet/")
    found = meta(shown)
    assert found["og:type"] == "article"
    assert found["og:title"] == "Quiet & “deep”"
    assert found["og:url"] == "http://localhost/posts/quiet/"
    assert found["og:description"] == "A <short> one"
    assert found["og:site_name"] == "Kitchen <light>"
    assert found["og:locale"] == "pt_BR"
    assert found["twitter:card"] == "summary_large_image"
    data = json_ld(shown)
    assert data["@type"] == "BlogPosting"
    assert data["headline"] == "Quiet & “deep”"
    assert data["mainEntityOfPage"] == found["og:url"]
    assert data["author"] == {"@type": "Person", "name": "Alice"}
    assert data["datePublished"] == post.published_at.isoformat()
    assert data["inLanguage"] == "pt-BR"
    assert data["keywords"] == ["Water"]
    assert data["image"] == found["og:image"]


@pytest.mark.parametrize(
    "title",
    ["</script><script>alert(1)</script>", "<!--<script>", "]]>&lt;", "\u2028 \\ \" ' </SCRIPT >"],
)
def test_no_title_can_break_out_of_the_json_ld(client, published_post, title):
    answer = client.get(published_post(title=title, excerpt=title).get_absolute_url())
    shown = BeautifulSoup(answer.content, "html.parser")
    assert json_ld(shown)["headline"] == title
    assert meta(shown)["og:title"] == title
    inside = answer.text.partition('"application/ld+json">')[2].partition("</script>")[0]
    assert not set("<>&\u2028") & set(inside)
    assert len(shown.select("script:not([src])")) == 1


def test_a_draft_carries_no_structured_data(client, signed_in, alice, published_post):
    draft = published_post(status="draft")
    shown = page(signed_in(alice), draft.get_absolute_url())
    assert not shown.select("[property^='og:'], script[type='application/ld+json']")


def card(client, post):
    address = meta(page(client, post.get_absolute_url()))["og:image"]
    assert address.startswith("http://localhost/")
    return address.removeprefix("http://localhost")


@pytest.mark.parametrize("title", ["Quiet", "湖の冬", "🌙", "W" * 300, "many words " * 27, "שלום"])
def test_a_post_has_a_drawn_card_of_the_size_it_states(client, published_post, title):
    post = published_post(title=title)
    answer = client.get(card(client, post))
    assert answer["Content-Type"] == "image/png"
    image = Image.open(io.BytesIO(answer.content))
    found = meta(page(client, post.get_absolute_url()))
    assert [str(each) for each in image.size] == [found["og:image:width"], found["og:image:height"]]
    assert len(answer.content) < 60_000


def test_a_card_has_the_letters_that_come_along():
    """Pillow takes a font of this name from the system where the path leads nowhere."""
    assert social_card.FONT.is_file()


def test_a_card_may_be_kept_for_ever_and_is_drawn_once(client, published_post, monkeypatch):
    address = card(client, published_post())
    answer = client.get(address)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not answer.cookies
    monkeypatch.setattr(social_card, "draw", lambda *words: pytest.fail("drawn again"))
    assert client.get(address).content == answer.content
    assert client.head(address).status_code == 200


def test_a_changed_title_gives_a_new_card_and_the_old_address_redirects(client, published_post):
    post = published_post()
    old, first = card(client, post), client.get(card(client, post)).content
    post.title = "Another title"
    post.save()
    new = card(client, post)
    assert new != old
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (302, new)
    assert answer["Cache-Control"] == "no-store"
    assert client.get(new).content != first


def test_a_post_that_nobody_may_read_has_no_card(client, published_post):
    post = published_post()
    address = card(client, post)
    post.status = "draft"
    post.save()
    assert client.get(address).status_code == 404
    assert client.get("/posts/nothing/card/01234567890123456789.png").status_code == 404
    assert client.post(address).status_code in {404, 405}


def test_the_owners_profiles_are_linked_from_the_first_page(client, blog, published_post):
    client.get("/")
    blog.profiles = "https://social.example.org/@alice\nhttps://example.net/\n"
    blog.full_clean()
    blog.save()
    shown = page(client, "/")
    assert [link["href"] for link in shown.select("link[rel=me]")] == blog.profiles.split()
    assert not page(client, published_post().get_absolute_url()).select("link[rel=me]")


@pytest.mark.parametrize(
    "fields",
    [
        {"profiles": "javascript:alert(1)"},
        {"profiles": "https://example.org/ ftp://x.org/"},
        {"hub": "javascript:alert(1)"},
        {"hub": "hub"},
    ],
)
def test_only_absolute_web_addresses_are_accepted(blog, fields):
    for name, value in fields.items():
        setattr(blog, name, value)
    with pytest.raises(ValidationError):
        blog.full_clean()


def test_a_noindex_post_is_not_in_the_sitemap(client, published_post):
    published_post(slug="shown")
    published_post(slug="left-out", noindex=True)
    published_post(slug="page-left-out", kind="page", noindex=True)
    sitemap = client.get("/sitemap.xml").text
    assert "/posts/shown/" in sitemap
    assert "left-out" not in sitemap


def test_a_post_with_a_content_note_is_described_by_the_note(client, published_post):
    post = published_post(excerpt="Words to be closed")
    post.content_notes.add(ContentNote.objects.create(name="loss"))
    post.touch()
    shown = page(client, post.get_absolute_url())
    assert meta(shown)["og:description"] == "Content note: loss"
    assert json_ld(shown)["description"] == "Content note: loss"
    [item] = client.get("/feed/json/").json()["items"]
    assert item["summary"] == "Content note: loss"
    assert "<summary>Content note: loss</summary>" in item["content_html"]
