"""Responsive images: srcset and sizes of library pictures; storing a text twice changes nothing."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog import markup
from blog.images import responsive
from blog.images.models import SHOWN_AT
from blog.models import Image, Post, post_validation
from tests.blog.test_markup import PIECES, dangers

pytestmark = pytest.mark.django_db
NAME = f"pictures/ab/{'c' * 32}.jpg"
SMALL = f"pictures/ab/{'d' * 32}.png"


@pytest.fixture
def lake(db):
    """A picture of the library; these tests need only its row."""
    return Image.objects.create(file=NAME, width=1600, height=1000, alt="The lake")


def stored(body, title="The lake"):
    """Return the text as it is stored."""
    post = Post(title=title, body=body)
    post_validation.prepare(post)
    return post.body


def test_a_library_picture_gets_sizes_and_dimensions(lake):
    body = stored(f'<figure><img src="{lake.url}" alt="A lake"><figcaption>b</figcaption></figure>')
    folder = lake.url.removesuffix(".jpg")
    at = SHOWN_AT
    avif, webp = (
        ", ".join(f"{folder}/{width}w.{kind} {width}w" for width in (560, 840, 1120))
        for kind in ("avif", "webp")
    )
    assert body == (
        f'<figure><picture><source type="image/avif" srcset="{avif}" sizes="{at}">'
        f'<img src="{lake.url}" srcset="{webp}" sizes="{at}" alt="A lake" width="1600" '
        'height="1000"></picture><figcaption>b</figcaption></figure>'
    )


def test_only_pictures_far_down_are_loaded_lazily(lake):
    picture = f'<img src="{lake.url}" alt="">'
    many = f"<p>{'words ' * 400}</p>"
    for body, waits in (
        (f"<p>{picture}</p>{many}<p>{picture}</p>", [False, True]),
        (f"{many}<p>{picture}</p>", [True]),
    ):
        assert [" loading=" in tag for tag in re.findall("<img[^>]*>", stored(body))] == waits


def test_a_smaller_display_size_can_be_chosen(lake):
    body = stored(f'<p><img src="{lake.url}" alt="" width="320" height="7"></p>')
    assert 'width="320" height="200"' in body
    assert body.count('sizes="320px"') == 2


@pytest.mark.parametrize("width", ["0", "9999", "-3", "50%", "x"])
def test_a_width_that_means_nothing_is_replaced(lake, width):
    assert 'width="1600"' in stored(f'<img src="{lake.url}" width="{width}">')


def test_a_picture_from_elsewhere_on_this_site_is_left_alone(lake):
    html = '<p><img src="/media/imported/ab/lake.jpg" alt="a" width="3" height="2"></p>'
    assert stored(html) == html


def test_handwritten_sizes_are_replaced_by_the_existing_ones(lake):
    body = stored(
        '<picture><source srcset="/elsewhere/a.avif 5w">'
        f'<img src="{lake.url}" srcset="/elsewhere/b.webp 7w" alt=""></picture>'
    )
    assert "elsewhere" not in body
    assert body.count("<picture>") == 1


def test_a_text_without_pictures_costs_no_query(django_assert_num_queries, lake):
    with django_assert_num_queries(0):
        responsive.responsive_images("<p>Words.</p>")
    with django_assert_num_queries(1):
        responsive.responsive_images(f'<p><img src="{lake.url}"><img src="{lake.url}"></p>')


def test_a_long_text_with_many_pictures_can_be_stored_again(lake, monkeypatch):
    picture = f'<p><img src="{lake.url}" alt=""></p>'
    body = stored(picture * 40)
    monkeypatch.setattr(markup, "MAX_LENGTH", len(picture) * 40 + 2000)
    assert len(body) > markup.MAX_LENGTH
    assert stored(body) == body


@pytest.mark.parametrize("depth", [98, 99, 100, 101, 150, 600])
def test_a_picture_at_the_deepest_place_can_be_stored_again(lake, depth):
    body = stored("<b>" * depth + f'a<img src="{lake.url}" alt="">')
    assert body.count("<picture>") == body.count("</picture>") == 1
    assert stored(body) == markup.clean(body) == body


def test_feeds_have_the_picture_once_with_its_whole_address(lake, published_post, client, settings):
    published_post(body=f'<p><img src="{lake.url}" alt=""></p>')
    for address in ("/feed/", "/feed/json/"):
        text = client.get(address).text
        assert text.count(f"{settings.SITE_URL}{lake.url}") == text.count("/media/") == 1
        assert "srcset" not in text


PICTURES = st.sampled_from(
    [
        f'<img src="/media/{NAME}" alt="a">',
        f'<img alt="" width="300" src="/media/{NAME}">',
        f'<figure><a href="/b/"><img src="/media/{SMALL}"></a><figcaption>c</figcaption></figure>',
        f'<img src="/media/{SMALL}" srcset="/x 1w" loading="lazy" title="<picture>&quot;">',
        "<picture>",
        "</picture>",
        '<source srcset="/a 1w">',
        "<figure>",
        "</figure>",
        "<figcaption>",
        "<table><tr><td>",
        "</table>",
        "<pre>&lt;img&gt; <picture>",
        "word " * 250,
    ]
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(html=st.lists(PICTURES | PIECES | st.text(max_size=12), max_size=10).map("".join))
def test_a_stored_text_is_safe_and_comes_back_unchanged(lake, html):
    Image.objects.get_or_create(file=SMALL, defaults={"width": 300, "height": 200})
    once = stored(html)
    assert stored(once) == once
    assert markup.clean(once) == once
    assert list(dangers(once)) == []
