"""Words in an address that no page reads make no new entry in any cache, and no other page."""

import gzip
import pickle
import random
import unicodedata

import pytest
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.utils.encoding import iri_to_uri

from blog.models import ChangeCounter, OldAddress, Post, Series, Tag
from comments.models import Comment, ConversationSettings, VisibilityEvent
from config.caching import page_cache, process_cache
from config.caching.process_cache import ProcessPageCache

pytestmark = pytest.mark.both_databases

APPROVED, PENDING = Comment.Status.APPROVED, Comment.Status.PENDING


@pytest.fixture
def post(transactional_db, published_post):
    """A post with two pages of threads, a thread with further replies, and all kinds of lists."""
    ConversationSettings.objects.update(threads_per_page=2, replies_shown=1)
    post = published_post(
        slug="café", comment_mode="open", series=Series.objects.create(title="S", slug="s")
    )
    post.tags.add(Tag.objects.create(name="Water", slug="water"))
    roots = [say(post) for _ in range(3)]
    for _ in range(3):
        say(post, parent=roots[2])
    published_post(slug="quiet", comment_mode="hidden")
    published_post(slug="about", kind="page")
    return post


def say(post, **fields):
    return Comment.objects.create(post=post, name="Ana", body="yes", status=APPROVED, **fields)


@pytest.fixture
def reader(post):
    """A visitor of a process with both caches: reader(path, **headers), and what they keep."""
    visitor = Visitor()
    yield visitor
    getattr(visitor.shelf.read_state, "close", lambda: None)()


class Visitor:
    def __init__(self):
        self.shelf = ProcessPageCache(WSGIHandler())

    def __call__(self, path, **headers):
        environ = RequestFactory(headers=headers).get(iri_to_uri(path)).environ
        environ |= {"HTTP_HOST": "localhost"} | environ
        environ["PATH_INFO"] = environ["PATH_INFO"].encode().decode("latin-1")  # PEP 3333
        environ.pop("HTTP_COOKIE", None)
        told = {}
        body = self.shelf(environ, lambda status, _headers: told.update(status=int(status[:3])))
        return told["status"], b"".join(body)

    @property
    def in_process(self):
        return len(self.shelf._pages), self.shelf._bytes


@pytest.fixture
def kept(monkeypatch):
    """{key: bytes} of all that pages and threads put into the cache."""
    found, cache = {}, caches["pages"]

    def listen(name):
        original = getattr(cache, name)

        def put(*args, **rest):
            entries = args[0] if name == "set_many" else {args[0]: args[1]}
            found.update({key: len(pickle.dumps(value)) for key, value in entries.items()})
            return original(*args, **rest)

        monkeypatch.setattr(cache, name, put)

    listen("set")
    listen("set_many")
    return found


def plain_addresses():
    further = [comment.pk for comment in Comment.objects.exclude(parent=None)[1:]]
    keys = [0, *Comment.objects.values_list("pk", flat=True)]
    for query in ("", "?page=2", "?order=newest", "?page=2&order=newest", "?order=author"):
        yield f"/posts/café/{query}"
    yield from (f"/posts/café/{query}" for query in ("?gone=yes", "?page=2&gone=yes"))
    yield from (f"/posts/café/?page=2&open={key}" for key in further)
    for key in keys:
        yield from (f"/posts/café/news/?after={key}{html}" for html in ("", "&as=html"))
    year = Post.objects.get(slug="café").published_at.year
    yield from f"/ /tags/water/ /archive/ /archive/{year}/ /feed/ /feed/json/ /about/".split()
    yield from "/posts/quiet/ /comments/feed/ /tags/water/feed/ /sitemap.xml".split()
    yield from (f"/sitemap-{section}.xml" for section in ("posts", "tags", "series"))
    yield "/posts/café/comments/feed/"
    for path in ("/posts/quiet/", "/about/"):
        yield from (f"{path}?{query}" for query in ("order=newest", "order=author", "gone=yes"))


NAMES = "page order open gone after place as p q utm_source in page_id Page %70age".split()
VALUES = "1 2 3 9 0 00 01 newest NEWEST author html yes x %00 %C3%A9 +1 -1 1.0 99999999".split()


def odd_queries(count):
    """Queries as somebody makes them who wants a page that is not kept yet; the same each time."""
    chance = random.Random(7)
    for number in range(count):
        names = chance.choices([*NAMES, f"x{number}"], k=chance.randint(1, 5))
        values = [chance.choice([*VALUES, str(number)]) for _ in names]
        yield "&".join(f"{name}={value}" for name, value in zip(names, values, strict=True))


def test_a_thousand_odd_addresses_grow_nothing(reader, kept):
    plain = list(plain_addresses())
    for address in plain:
        assert reader(address)[0] == 200, address
    assert reader.in_process[0] == len(plain)
    before = dict(kept), reader.in_process
    paths = sorted({address.partition("?")[0] for address in plain})
    answers = [
        reader(f"{paths[number % len(paths)]}?{query}")[0]
        for number, query in enumerate(odd_queries(1000))
    ]
    assert set(answers) <= {200, 400, 404}
    assert answers.count(200) > 500
    assert (kept, reader.in_process) == before


SAME = {
    "/posts/café/?page=1": "/posts/café/",
    "/posts/café/?order=NEWEST&order=oldest": "/posts/café/",
    "/posts/café/?order=newest&page=2": "/posts/café/?page=2&order=newest",
    "/posts/café/?page=9&page=2": "/posts/café/?page=2",
    "/posts/café/?page=2&order=": "/posts/café/?page=2",
    "/posts/café/?page=2&order=bogus": "/posts/café/?page=2",
    "/posts/café/?order=newest&page=": "/posts/café/?order=newest",
    "/posts/café/?open=1": "/posts/café/",
    "/posts/café/?open=123456789": "/posts/café/",
    "/posts/café/?order=newest&open=6": "/posts/café/?order=newest",
    "/posts/café/?order=newest&gone=yes": "/posts/café/?order=newest",
    "/posts/café/?gone=no": "/posts/café/",
    "/posts/café/?utm_source=letter": "/posts/café/",
    "/posts/caf%c3%a9/?p=7": "/posts/café/",
    unicodedata.normalize("NFD", "/posts/café/"): "/posts/café/",
    unicodedata.normalize("NFD", "/posts/café/comments/feed/"): "/posts/café/comments/feed/",
    "/posts/café/news/?after=0&place=77": "/posts/café/news/?after=0",
    "/posts/café/news/?as=xml&after=0": "/posts/café/news/?after=0",
    "/posts/café/news/?as=html&after=0": "/posts/café/news/?after=0&as=html",
    "/?p=999": "/",
    "/?p=x&page=1": "/",
    "/feed/?page=2": "/feed/",
    "/sitemap.xml?p=1": "/sitemap.xml",
    "/sitemap.xml?p=%2B1": "/sitemap.xml",
    "/sitemap.xml?page=2": "/sitemap.xml",
    "/sitemap.xml?p=2": "/sitemap.xml",
    "/sitemap-posts.xml?p=1": "/sitemap-posts.xml",
    "/sitemap-posts.xml?p=%2B1": "/sitemap-posts.xml",
    "/sitemap-posts.xml?page=2": "/sitemap-posts.xml",
}


def test_an_odd_address_is_answered_as_the_plain_one(reader, kept):
    for odd, plain in SAME.items():
        page = reader(plain)
        assert page[0] == 200, plain
        before = dict(kept), reader.in_process
        assert reader(odd) == page, odd
        assert (kept, reader.in_process) == before, odd


def test_an_odd_address_that_comes_first_makes_the_plain_page(reader, kept):
    for odd, plain in SAME.items():
        ChangeCounter.renew()
        kept.clear()
        page = reader(odd)
        pages = {key for key in kept if key.startswith("page:")}
        assert (page[0], len(pages), reader.in_process[0]) == (200, 1, 0), odd
        assert reader(plain) == page, odd
        assert {key for key in kept if key.startswith("page:")} == pages, odd
        assert reader.in_process[0] == 1, odd


def test_a_year_has_one_spelling(reader, kept, post):
    year = post.published_at.year
    plain = reader(f"/archive/{year}/")
    before = dict(kept), reader.in_process
    assert reader(f"/archive/000{year}/") == plain
    assert (kept, reader.in_process) == before


@pytest.mark.parametrize("path", ["/posts/quiet/", "/about/"])
def test_a_page_without_a_conversation_has_no_second_one(reader, kept, path):
    reader(path)
    before = dict(kept), reader.in_process
    for query in ("?page=2", "?page=2&order=author", "?page=77&order=newest"):
        assert reader(path + query)[0] == 404, query
    assert (kept, reader.in_process) == before


def test_what_is_no_value_is_refused_and_not_kept(reader, kept):
    for query in ("?open=x", "?open=01", "?page=01", "?page=", "?page=4"):
        assert reader(f"/posts/café/{query}")[0] == 404, query
    assert not [key for key in kept if key.startswith("page:")]
    assert reader.in_process == (0, 0)


def test_a_place_is_known_where_the_comment_became_visible_again(reader, kept, post):
    comment = Comment.objects.filter(parent=None).first()
    VisibilityEvent.note(comment.pk, post.pk, again=True)
    first, again = comment.appearances.order_by("pk").values_list("pk", flat=True)
    news = f"/posts/café/news/?after={comment.pk}"
    assert b'"count": 0' in reader(f"{news}&place={again}")[1]
    assert b'"count": 6' in reader(news)[1]  # with itself, as it became visible again
    before = dict(kept), reader.in_process
    for other in (first, again + 1, 10**17):
        assert reader(f"{news}&place={other}") == reader(news)
    assert (kept, reader.in_process) == before


def test_the_number_of_a_post_in_an_old_blog_redirects_from_the_cached_first_page(reader, post):
    OldAddress.objects.create(path="/?p=12", post=post)
    assert reader("/")[0] == 200
    assert reader("/?p=12&utm_source=x")[0] == 301
    assert reader("/?p=13") == reader("/")
    OldAddress.objects.create(path="/?page_id=5", post=post)
    assert reader("/folder/?page_id=5")[0] == 301  # the old blog lived in a folder


def test_hosts_and_schemes_that_mean_the_same_share_one_entry(reader, kept, settings):
    page = reader("/posts/café/")
    before = dict(kept), reader.in_process
    for host in ("localhost:80", "localhost:8000", "localhost:65535", "LOCALHOST", "localhost."):
        assert reader("/posts/café/", host=host) == page, host
    for scheme in ("https", "http", "gopher", "x" * 999):
        assert reader("/posts/café/", **{"x-forwarded-proto": scheme}) == page, scheme
    assert (kept, reader.in_process) == before


def test_behind_a_proxy_the_process_keeps_a_page_once_for_each_scheme(reader, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for scheme in ("https", "http", "HTTP", "https, http", "gopher", "x" * 999):
        assert reader("/posts/café/", **{"x-forwarded-proto": scheme})[0] == 200, scheme
    assert reader.in_process[0] == 2


def test_another_host_gets_no_page_from_the_process(reader):
    reader("/posts/café/")
    for host in ("elsewhere.example.org", "localhost:x", "localhost.example.org", "[::1]:80"):
        assert reader("/posts/café/", host=host)[0] == 400, host


def test_a_page_is_unpacked_once_for_those_who_accept_no_compression(reader, monkeypatch):
    packed = reader("/posts/café/", **{"accept-encoding": "gzip"})[1]
    small = reader.in_process
    page = reader("/posts/café/")[1]
    assert page == gzip.decompress(packed)
    assert reader.in_process == (1, small[1] + len(page))
    monkeypatch.setattr(page_cache.gzip, "decompress", lambda data: pytest.fail("again"))
    assert reader("/posts/café/")[1] == page
    assert reader.in_process == (1, small[1] + len(page))


def test_unpacked_pages_count_among_the_bytes_that_a_process_keeps(reader, monkeypatch):
    addresses = [address for address in plain_addresses() if "news" not in address]
    for address in addresses:
        reader(address, **{"accept-encoding": "br"})
    count, most = reader.in_process
    assert count == len(addresses)
    monkeypatch.setattr(process_cache, "MOST_BYTES", most)
    for address in addresses:
        reader(address)
        assert reader.in_process[1] <= most, address
    assert reader.in_process[0] < count
    reader.shelf.read_state = lambda: "changed"
    reader("/search/")
    assert reader.in_process == (0, 0)
