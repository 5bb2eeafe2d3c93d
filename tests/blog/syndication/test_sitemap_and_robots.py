"""The sitemap and robots.txt."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from blog.models import ContentNote, Image, Series, Tag
from blog.syndication import sitemaps

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("blog.syndication.sitemaps")]
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"


def sitemap(client, address="/sitemap.xml"):
    answer = client.get(address)
    assert answer["Content-Type"] == "application/xml"
    urls = ET.fromstring(answer.content).findall(f"{NS}url")
    return {url.findtext(f"{NS}loc"): url.findtext(f"{NS}lastmod") for url in urls}


def test_the_sitemap_lists_only_what_is_published(client, published_post):
    tag, unused = Tag.objects.create(name="Lake", slug="lake"), Tag(name="Sea", slug="sea")
    unused.save()
    post, page = published_post(slug="see-für-mich"), published_post(kind="page", slug="about")
    post.tags.add(tag)
    hidden = [
        published_post(status="draft"),
        published_post(status="archived"),
        published_post(status="scheduled", published_at=timezone.now() + timedelta(days=1)),
        published_post(kind="page", status="draft"),
    ]
    for one in hidden:
        one.tags.add(unused)
    assert page.is_public
    assert set(sitemap(client)) == {
        "http://localhost/posts/see-f%C3%BCr-mich/",
        "http://localhost/about/",
        "http://localhost/tags/lake/",
    }


def test_each_address_says_when_it_changed(client, published_post):
    post = published_post()
    type(post).objects.update(
        touched_at=timezone.now() - timedelta(days=5), published_at="2020-01-01T12:00Z"
    )
    assert list(sitemap(client).values()) == [
        (timezone.now() - timedelta(days=5)).date().isoformat()
    ]


def test_a_scheduled_post_is_dated_by_the_day_it_appeared(client, published_post):
    post = published_post(status="scheduled", published_at=timezone.now() - timedelta(hours=1))
    type(post).objects.update(touched_at=timezone.now() - timedelta(days=90))
    assert list(sitemap(client).values()) == [post.published_at.date().isoformat()]


def test_the_sitemap_is_the_same_whatever_host_is_asked(client, published_post, settings):
    settings.ALLOWED_HOSTS = ["*"]
    published_post()
    assert all(
        address.startswith("http://localhost/")
        for address in ET.fromstring(
            client.get("/sitemap.xml", headers={"host": "mirror.example.net"}).content
        ).itertext()
        if "://" in address
    )


@pytest.fixture
def many_posts(published_post, monkeypatch):
    """Five posts, where a file of the sitemap takes two."""
    monkeypatch.setattr(sitemaps.PostSitemap, "limit", 2)
    tag = Tag.objects.create(name="Lake", slug="lake")
    for number in range(5):
        published_post(slug=f"post-{number}").tags.add(tag)


def test_a_large_blog_has_an_index_of_several_files(client, many_posts):
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    index = ET.fromstring(answer.content)
    assert index.tag == f"{NS}sitemapindex"
    parts = [part.findtext(f"{NS}loc") for part in index]
    posts = "http://localhost/sitemap-posts.xml"
    others = [f"http://localhost/sitemap-{section}.xml" for section in ("tags", "series")]
    assert parts == [posts, f"{posts}?p=2", f"{posts}?p=3", *others]
    found = [sitemap(client, part.removeprefix("http://localhost")) for part in parts]
    assert [len(each) for each in found] == [2, 2, 1, 1, 0]
    listed = {address for each in found for address in each}
    assert listed == {f"http://localhost/posts/post-{number}/" for number in range(5)} | {
        "http://localhost/tags/lake/"
    }


def test_a_file_that_is_no_part_of_the_sitemap_is_not_found(client, many_posts):
    for address in ("/sitemap-posts.xml?p=4", "/sitemap-tags.xml?p=2", "/sitemap-people.xml"):
        assert client.get(address).status_code == 404, address


def test_a_new_post_moves_no_other_to_another_file(client, many_posts, published_post):
    first = sitemap(client, "/sitemap-posts.xml")
    published_post(slug="new")
    assert sitemap(client, "/sitemap-posts.xml").keys() == first.keys()


def test_robots_txt_names_the_sitemap_and_the_disallowed_paths(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Sitemap: http://localhost/sitemap.xml" in lines
    for path in ("/admin/", "/account/", "/posts/*/reply/", "/comments/*/reply/"):
        assert f"Disallow: {path}" in lines


def test_the_sitemap_lists_a_series_as_soon_as_it_has_a_public_post(client, published_post):
    walks = Series.objects.create(title="Walks", slug="walks")
    post = published_post(series=walks, series_position=1, status="draft")
    assert "http://localhost/series/walks/" not in sitemap(client)
    post.status = "published"
    post.save()
    assert sitemap(client)["http://localhost/series/walks/"]


def test_pictures_are_listed_with_the_post_that_shows_them(client, published_post):
    picture = '<img src="/media/pictures/ab/{}.jpg" alt="a &amp; b">'
    body = "".join(map(picture.format, ["one", "two&amp;half", "one"]))
    published_post(slug="lake", body=f"<figure>{body}</figure>")
    published_post(slug="plain", body="<p>&lt;img src=&quot;no.jpg&quot;&gt;</p>")
    published_post(slug="secret", status="draft", body=picture.format("three"))
    published_post(slug="apart", noindex=True, body=picture.format("four"))
    closed = published_post(slug="closed", body=picture.format("five"))
    closed.content_notes.add(ContentNote.objects.first())
    lead = Image.objects.create(file="pictures/ab/lead.jpg", width=9, height=9)
    published_post(slug="led", lead_image=lead, body=picture.format("six"))
    urls = ET.fromstring(client.get("/sitemap.xml").content).findall(f"{NS}url")
    found = {
        url.findtext(f"{NS}loc").split("/")[-2]: [
            image.findtext(f"{IMAGE}loc") for image in url.findall(f"{IMAGE}image")
        ]
        for url in urls
    }
    folder = "http://localhost/media/pictures/ab"
    assert found == {
        "lake": [f"{folder}/one.jpg", f"{folder}/two&half.jpg"],
        "plain": [],
        "closed": [],
        "led": [f"{folder}/lead.jpg", f"{folder}/six.jpg"],
    }


def test_pictures_cost_the_sitemap_no_query(
    client, published_post, django_assert_max_num_queries, without_page_cache
):
    for _ in range(5):
        published_post(body='<p><img src="/media/pictures/ab/one.jpg" alt=""></p>')
    with django_assert_max_num_queries(6):
        assert client.get("/sitemap.xml").text.count("<image:loc>") == 5
