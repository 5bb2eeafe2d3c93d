"""Which language pages, emails and the dashboard speak, and in which direction it is written."""

from datetime import time

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext

from accounts.mail import outbox
from accounts.models import Invitation, User
from accounts.text import languages
from blog.models import Blog
from config import due_work

pytestmark = pytest.mark.django_db

SKIP = "Skip to content"


def speak(code):
    blog = Blog.get()
    blog.language = code
    blog.save()


def page(client, address, **headers):
    return BeautifulSoup(client.get(address, headers=headers).content, "html.parser")


def in_language(code, text):
    with translation.override(code):
        translated = gettext(text)
    assert translated != text, "the catalogue lacks it"
    return translated


@pytest.mark.parametrize(
    ("code", "spoken"),
    [
        ("en", "en"), ("de", "de"), ("de-AT", "de"), ("DE", "de"), ("ar", "ar"), ("ar-eg", "ar"),
        ("fr", "en"), ("xh", "en"), ("", "en"), ("de-x-odd", "de"), ("no language", "en"),
    ],
)  # fmt: skip
def test_a_blog_is_spoken_in_the_nearest_language_of_ours(code, spoken):
    assert languages.spoken(code) == spoken


@pytest.mark.parametrize(
    ("code", "way"),
    [
        ("en", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("fa-IR", "rtl"), ("yi", "rtl"),
        ("ckb", "rtl"), ("pa-Arab", "rtl"), ("az", "ltr"), ("", "ltr"), ("x", "ltr"),
    ],
)  # fmt: skip
def test_a_language_has_a_direction(code, way):
    assert languages.direction(code) == way


def test_readers_pages_are_in_the_blogs_language(client, published_post):
    address = published_post().get_absolute_url()
    assert SKIP in page(client, address).text
    speak("de-AT")
    german = page(client, address)
    assert (german.html["lang"], german.html.get("dir")) == ("de", None)
    assert in_language("de", SKIP) in german.text
    assert german.select_one("article.post")["lang"] == "de-AT"
    speak("ar")
    arabic = page(client, address)
    assert (arabic.html["lang"], arabic.html["dir"]) == ("ar", "rtl")
    assert in_language("ar", SKIP) in arabic.text


def test_what_a_browser_prefers_changes_nothing(client, published_post):
    address = published_post().get_absolute_url()
    usual = client.get(address).content
    for preferred in ("de", "ar;q=0.9", "xx-klingon", "*", ",;,", "de-" * 900):
        answer = client.get(address, headers={"accept-language": preferred})
        assert answer.content == usual
        assert "Accept-Language" not in answer.get("Vary", "")


def test_a_blog_in_a_language_that_hearth_does_not_speak_marks_its_texts(client, published_post):
    speak("fa")
    shown = page(client, published_post().get_absolute_url())
    assert (shown.html["lang"], shown.html.get("dir")) == ("en", None)
    article = shown.select_one("article.post")
    assert (article["lang"], article["dir"]) == ("fa", "rtl")
    listed = page(client, "/").select_one("article.entry")
    assert (listed["lang"], listed["dir"]) == ("fa", "rtl")


def test_a_post_has_its_own_language_and_direction_in_lists_too(client, published_post):
    post = published_post(language="he")
    for article in (
        page(client, post.get_absolute_url()).select_one("article.post"),
        page(client, "/").select_one("article.entry"),
    ):
        assert (article["lang"], article["dir"]) == ("he", "rtl")


def test_the_dashboard_speaks_each_accounts_language(signed_in, mia, owner, published_post):
    speak("ar")
    User.objects.filter(pk=mia.pk).update(language="de")
    assert page(signed_in(mia), "/admin/queue/").html["lang"] == "de"
    assert page(signed_in(mia), published_post().get_absolute_url()).html["lang"] == "ar"
    desk = page(signed_in(owner), "/admin/")
    assert (desk.html["lang"], desk.html["dir"]) == ("ar", "rtl")


def test_a_language_that_is_offered_no_longer_leaves_the_account_usable(signed_in, mia):
    User.objects.filter(pk=mia.pk).update(language="tlh")
    assert page(signed_in(mia), "/admin/queue/").html["lang"] == "en"


def test_the_team_chooses_a_language_in_the_profile_and_readers_do_not(signed_in, mia, bob):
    fields = {"display_name": "", "bio": "", "website": "", "rhythm": "at-once", "language": "de"}
    for user, chosen in ((mia, "de"), (bob, "")):
        form = page(signed_in(user), "/account/profile/")
        assert bool(form.select("select[name=language]")) == bool(chosen)
        signed_in(user).post("/account/profile/", fields)
        user.refresh_from_db()
        assert user.language == chosen
    refused = signed_in(mia).post("/account/profile/", fields | {"language": "klingon"})
    assert refused.status_code == 422
    mia.refresh_from_db()
    assert mia.language == "de"


def test_language_and_time_zone_are_chosen_from_lists(signed_in, owner):
    speak("gsw-CH")  # as an earlier version let people type it
    form = page(signed_in(owner), "/admin/blog/blog/1/change/")
    chosen = form.select("select[name=language] option[selected]")
    assert [option["value"] for option in chosen] == ["gsw-CH"]
    ours = form.select_one("select[name=language] optgroup:nth-of-type(2)")
    assert [option.text for option in ours.select("option")] == ["العربية", "Deutsch", "English"]
    assert form.select("select[name=time_zone] option[value='Europe/Vienna']")
    assert form.select("select[name=time_zone] option[value='UTC'][selected]")


@pytest.mark.parametrize(
    ("blogs", "own", "spoken"),
    [("de", "", "de"), ("de", "ar", "ar"), ("xh", "", "en"), ("de", "tlh", "de")],
)
def test_an_email_is_in_the_language_of_its_reader_or_of_the_blog(
    mia, post_office, blogs, own, spoken
):
    speak(blogs)
    User.objects.filter(pk=mia.pk).update(language=own)
    invitation = Invitation.objects.create(email=mia.email)
    outbox.enqueue("invitation", mia.email, invitation=invitation.pk)
    assert due_work.do_due() == []
    [mail] = post_office.mails
    shown = BeautifulSoup(mail.get_body(("html",)).get_content(), "html.parser")
    assert (shown.html["lang"], shown.html.get("dir", "ltr")) == (
        spoken, languages.direction(spoken),
    )  # fmt: skip


def test_a_time_is_understood_as_people_type_it():
    field = forms.TimeField()
    for typed in ("20:00", "8:00 pm", "8:00PM", "8 pm", "8pm", "20.00", "20:00:00"):
        assert field.clean(typed) == time(20), typed
    with translation.override("de"):
        assert forms.TimeField().clean("20 Uhr") == time(20)
    for typed in ("25:00", "8:00 xm", "pm", "8:61"):
        with pytest.raises(ValidationError):
            field.clean(typed)


def test_a_language_that_is_removed_leaves_posts_readable(client, published_post, settings):
    speak("de")
    post = published_post(language="de", body="<p>Am See war es still.</p>")
    settings.LANGUAGES = [("en", "English")]
    html = page(client, post.get_absolute_url())
    assert html.html["lang"] == "en"
    assert "Am See war es still." in html.select_one("article[lang=de]").text
