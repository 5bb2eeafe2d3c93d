"""Addresses of posts and pages: how slugs are made, and that none is used twice."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.urls import URLPattern, get_resolver

from blog.models import Post, Tag
from blog.permalinks import RESERVED, normalize_path, slug_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("blog.models.querysets", "blog.views"),
]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("An evening by the lake", "an-evening-by-the-lake"),
        ("Ein Abend für mich – und für dich…", "ein-abend-für-mich-und-für-dich"),
        ("ערב ליד האגם", "ערב-ליד-האגם"),
        ("湖畔の夕べ", "湖畔の夕べ"),
        ("🌙🌙", "post"),
        ("…", "post"),
        ("“Good talk”, she said", "good-talk-she-said"),
        ("e\u0301te\u0301", "été"),
        ("हिन्दी में", "हिन्दी-में"),
        ("शुभ संध्या, मित्रो", "शुभ-संध्या-मित्रो"),
        ("مَسَاءُ الخَيْرِ", "مَسَاءُ-الخَيْرِ"),
        ("คืนนี้ที่บ้าน", "คืนนี้ที่บ้าน"),
        ("தமிழ் மாலை", "தமிழ்-மாலை"),
        ("Đêm nay ở nhà", "đêm-nay-ở-nhà"),
        ("오늘 저녁", "오늘-저녁"),
        ("Вечер у озера №5", "вечер-у-озера-5"),
        ("Don’t wait, it's here", "dont-wait-its-here"),
        ("צה״ל וג׳ירפה", "צהל-וגירפה"),
        ("❤️ Quiet 👩🏽‍🌾 evening 1️⃣", "quiet-evening-1"),
        ("\u200fערב\u200e טוב", "ערב-טוב"),
        ("_a_ –- b--c__", "a_-b-c"),
        ("İstanbul", "i̇stanbul"),
    ],
)
def test_a_title_in_any_script_gives_a_working_address(client, published_post, title, slug):
    post = published_post(title=title, slug="")
    assert post.slug == slug
    assert client.get(post.get_absolute_url()).status_code == 200


def test_an_address_stays_what_it_is_when_it_is_made_again():
    for title in ("हिन्दी में", "İstanbul", "مَسَاءُ الخَيْرِ", "a--b_c", "\u0301a"):
        assert slug_of(slug_of(title)) == slug_of(title)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_an_address_typed_in_another_unicode_form_answers(client, published_post, form):
    post = published_post(slug="café-हिन्दी-में-क़")
    post.tags.add(Tag.objects.create(name="Été", slug="e\u0301te\u0301"))
    for path in (post.get_absolute_url(), "/posts/café-हिन्दी-में-क़/", "/tags/été/"):
        path = unicodedata.normalize(form, path)
        assert client.get(path).status_code == 200, path
    assert Tag.objects.get().slug == "été"


def test_an_old_address_typed_in_another_unicode_form_redirects(client, published_post):
    post = published_post(slug="café")
    post.slug = "tea"
    post.save()
    for form in ("NFC", "NFD"):
        moved = client.get(unicodedata.normalize(form, "/posts/café/"))
        assert (moved.status_code, moved["Location"]) == (301, "/posts/tea/")


@pytest.mark.parametrize("slug", ["हिन्दी-में", "مَسَاءُ", "คืนนี้", "Ábc_9", "été"])
def test_the_form_accepts_every_slug_made_from_a_title(alice, slug):
    post = Post(title="Quiet", slug=unicodedata.normalize("NFD", slug), author=alice)
    post.full_clean()
    post.save()
    assert post.slug == unicodedata.normalize("NFC", slug)


@pytest.mark.parametrize("slug", ["a b", "a/b", "a.b", "🌙", "a?b", "a%20b", "\u200fa", "a\x00"])
def test_the_form_refuses_what_cannot_stand_in_an_address(alice, slug):
    with pytest.raises(ValidationError) as refusal:
        Post(title="Quiet", slug=slug, author=alice).full_clean()
    assert set(refusal.value.message_dict) == {"slug"}


def test_a_taken_address_gets_a_number(published_post):
    posts = [published_post(title="The same words", slug="") for _ in range(3)]
    assert [post.slug for post in posts] == [
        "the-same-words",
        "the-same-words-2",
        "the-same-words-3",
    ]


def test_a_very_long_title_gives_an_address_that_fits(published_post):
    posts = [published_post(title="abc " * 75, slug="") for _ in range(2)]
    for post in posts:
        post.full_clean()
    assert posts[0].slug != posts[1].slug


def test_an_empty_address_is_valid_in_the_form(alice):
    post = Post(title="Quiet", author=alice)
    post.full_clean()
    post.save()
    assert post.slug == "quiet"


def first_words():
    for entry in get_resolver().url_patterns:
        parts = (
            [entry] if isinstance(entry, URLPattern) or str(entry.pattern) else entry.url_patterns
        )
        for part in parts:
            yield str(part.pattern).strip("^$").partition("/")[0].replace("\\", "")


def test_every_first_word_of_another_address_is_reserved():
    words = set(first_words())
    assert {"admin", "posts", "feed", "sitemap.xml", "comments", "account"} <= words
    assert {word for word in words if word and "<" not in word} <= RESERVED


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_a_page_may_not_take_a_reserved_word_and_a_post_may(alice, word):
    page = Post(kind="page", title="Mine", slug=word, author=alice)
    with pytest.raises(ValidationError) as refusal:
        page.full_clean()
    assert "slug" in refusal.value.message_dict
    if "." not in word:
        Post(kind="post", title="Mine", slug=word, author=alice).full_clean()


def test_a_page_named_like_a_reserved_word_gets_a_number(client, published_post):
    page = published_post(kind="page", title="Search", slug="")
    assert page.slug == "search-2"
    assert client.get("/search-2/").status_code == 200


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("https://old.example.org/2012/03/name/", "/2012/03/name"),
        ("/2012/03/name", "/2012/03/name"),
        ("/name/#comment-7", "/name"),
        ("/caf%C3%A9/", "/café"),
        ("https://old.example.org/?p=12", "/?p=12"),
        ("https://old.example.org", "/"),
    ],
)
def test_an_old_address_has_one_normal_form(address, form):
    assert normalize_path(address) == form
