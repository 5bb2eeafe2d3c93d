"""What search engines are told."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from blog.models import Tag

pytestmark = pytest.mark.django_db
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def sitemap(client):
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    urls = ET.fromstring(answer.content).findall(f"{NS}url")
    return {url.findtext(f"{NS}loc"): url.findtext(f"{NS}lastmod") for url in urls}


def test_the_sitemap_names_what_is_published_and_nothing_else(client, published_post):
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


def test_a_scheduled_post_changed_on_the_day_it_appeared(client, published_post):
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


def test_robots_are_told_where_the_sitemap_is_and_what_is_not_theirs(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Sitemap: http://localhost/sitemap.xml" in lines
    for path in ("/admin/", "/account/", "/posts/*/reply/", "/comments/*/reply/"):
        assert f"Disallow: {path}" in lines
