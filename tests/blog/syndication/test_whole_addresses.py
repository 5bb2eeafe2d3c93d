"""Every address in feeds and mails is absolute: what a browser makes of it on the post's page."""

import json
import re
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup

from blog.models import Blog
from blog.permalinks import with_whole_addresses
from tests.accounts.smtp_server import html_of, text_of
from tests.blog.mail import reads
from tests.comments.mail import run_due

pytestmark = pytest.mark.django_db
SITE = "https://blog.example.org"
PAGE = f"{SITE}/posts/tom/"
CONTENT = "{http://www.w3.org/2005/Atom}content"
# An address as an author wrote it, and what a browser makes of it on the page.
ADDRESSES = {
    "../other/": f"{SITE}/posts/other/",
    "../../about/": f"{SITE}/about/",
    "./": PAGE,
    "#part": f"{PAGE}#part",
    "?page=2": f"{PAGE}?page=2",
    "?a=1&b=2#c": f"{PAGE}?a=1&b=2#c",
    "": PAGE,
    "posts/tom/": f"{PAGE}posts/tom/",
    "/about/": f"{SITE}/about/",
    " /about/ ": f"{SITE}/about/",
    "/ab\nout/": f"{SITE}/about/",
    "//example.com/x": "https://example.com/x",
    "///example.com/x": "https://example.com/x",
    "\\\\example.com\\x": "https://example.com/x",
    "..\\other\\": f"{SITE}/posts/other/",
    "?a=\\": f"{PAGE}?a=\\",
    "/a:b": f"{SITE}/a:b",
    "/müller/": f"{SITE}/müller/",
    "https://example.com/": "https://example.com/",
    "HTTP://example.com/../x": "HTTP://example.com/../x",
    "mailto:me@example.org": "mailto:me@example.org",
    "tel:+4930123456": "tel:+4930123456",
}
BODY = (
    '<p><a href="../other/" title="a > b">b</a> <a href="#part">c</a> <a href="?x=1">d</a> '
    '<a href="posts/x/">a</a></p><blockquote cite="../other/"><p>q</p></blockquote>'
    '<h2>Part</h2><p><img src="/media/lake.jpg" alt="A lake"></p>'
)
WHOLE = {
    f"{SITE}/posts/other/",
    f"{PAGE}#part",
    f"{PAGE}?x=1",
    f"{PAGE}posts/x/",
    f"{SITE}/media/lake.jpg",
}


@pytest.mark.parametrize("written", ADDRESSES)
def test_an_address_is_resolved_as_a_browser_does(written):
    link = BeautifulSoup("<a>x</a>", "html.parser").a
    link["href"] = written
    made = with_whole_addresses(str(link), PAGE)
    assert BeautifulSoup(made, "html.parser").a["href"] == ADDRESSES[written]


def test_words_that_look_like_an_address_stay():
    html = '<p title="href=&quot;/x&quot;">&lt;a href="/x"&gt;</p>'
    assert with_whole_addresses(html, PAGE) == html


@pytest.fixture
def post(settings, published_post):
    settings.SITE_URL = SITE
    Blog.get().save()
    return published_post(slug="tom", body=BODY, by_mail=True)


def addresses(html):
    tags = BeautifulSoup(html, "html.parser").select("[href], [src], [cite]")
    return {tag.get(name) for tag in tags for name in ("href", "src", "cite")} - {None}


def test_every_address_in_both_feeds_is_whole(client, post):
    [item] = json.loads(client.get("/feed/json/").content)["items"]
    assert addresses(item["content_html"]) == WHOLE
    [content] = ET.fromstring(client.get("/feed/").content).iter(CONTENT)
    assert addresses(content.text) == WHOLE


def test_every_address_in_both_parts_of_a_mail_is_whole(post, post_office):
    reads()
    run_due()
    sent = post_office.mails[-1]
    found = addresses(html_of(sent))
    assert found >= WHOLE
    assert all(each.startswith(f"{SITE}/") for each in found)
    told = set(re.findall(r"<([^<>\s]+)>", text_of(sent)))
    assert told == {each for each in WHOLE if "/media/" not in each}
