"""What is typed in the editor arrives as it was meant: quotes, dashes, code, addresses of links."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from blog.models import Blog
from tests.browser.editor import ADD, TEXT, emptied, tool, written

TYPED = {
    "en": (
        ("back in the '80s and '90s", "back in the ’80s and ’90s"),
        ("the summer of '69 was", "the summer of ’69 was"),
        ("the 1990's and 80's", "the 1990’s and 80’s"),
        ("rock 'n' roll, fish 'n chips", "rock ’n’ roll, fish ’n chips"),
        ("'Twas late. 'Tis so; get 'em!", "’Twas late. ’Tis so; get ’em!"),
        ("they said 'never' and \"'no' too\"", "they said ‘never’ and “‘no’ too”"),
        ("he is 5'11\" or 180 cm", "he is 5′11″ or 180 cm"),
        ('"he is 5\'11" tall", they said', "“he is 5′11″ tall”, they said"),
        ('a 12" x 10" plate, 6\' high', "a 12″ x 10″ plate, 6′ high"),
        ("\"in 1999\" and 'in 1999'", "“in 1999” and ‘in 1999’"),
        ("run it with --help or -v", "run it with --help or -v"),
        ("git log --oneline --all", "git log --oneline --all"),
        ("it was -- as so often -- late", "it was – as so often – late"),
        ("late--too late", "late–too late"),
        ('"But I--" they said', "“But I–” they said"),
        ("late --- too late", "late — too late"),
        ("see https://example.org/a--b...c", "see https://example.org/a--b...c"),
        ("at xn--mller-kva.example now", "at xn--mller-kva.example now"),
        ('set lang="de" in it', 'set lang="de" in it'),
        ('`say "x" -- \'y\'` "so"', "<code>say \"x\" -- 'y'</code> “so”"),
        ('and/or "both"/"none" (—"yes"—)', "and/or “both”/“none” (—“yes”—)"),
        ("wait... what....", "wait… what…."),
    ),
    "de": (
        ("\"Ich hab's\", die '90er", "„Ich hab’s“, die ’90er"),
        ("so 'n Tag, 's war 'ne 'Wucht'", "so ’n Tag, ’s war ’ne ‚Wucht‘"),
        ("10'000 Franken", "10’000 Franken"),
    ),
    "nl": (("'s avonds om 't uur", "’s avonds om ’t uur"),),
    "fr": (("l'\"eau\" et l'été", "l’«eau» et l’été"),),
    "sv": (('han sa "ja" och "nej"', "han sa ”ja” och ”nej”"),),
    "zh": (
        ('中文"引用"，他说："好。"再', "中文“引用”，他说：“好。”再"),
        ("中文'引用'再", "中文‘引用’再"),
    ),
    "ja": (('これは"引用"です', "これは“引用”です"),),
    "he": (('צה"ל אמר "כן"', "צה״ל אמר “כן”"),),
}


@pytest.fixture
def tab(page, alice):
    return page(ADD, user=alice)


@pytest.mark.parametrize("language", TYPED)
def test_quotes_and_dashes_are_those_that_were_meant(tab, language):
    tab.locator("details:has(#id_language) > summary").click()
    tab.fill("#id_language", language)
    found = {}
    for typed, _becomes in TYPED[language]:
        emptied(tab)
        tab.keyboard.type(typed)
        found[typed] = written(tab).removeprefix("<p>").removesuffix("</p>")
    assert found == dict(TYPED[language])


def test_a_number_and_a_dot_begin_a_list(tab):
    for typed, becomes in (
        ("1. one\ntwo\n\nafter", "<ol><li>one</li><li>two</li></ol><p>after</p>"),
        ("3. three", '<ol start="3"><li>three</li></ol>'),
        ("1984. A year", "<p>1984. A year</p>"),
    ):
        text = emptied(tab)
        tab.keyboard.type(typed)
        assert "null" not in text.inner_html()
        assert written(tab) == becomes


def test_backspace_brings_back_what_was_typed(tab):
    for typed, before in (("in '90s", "in ‘90s"), ("a -- ", "a -- "), ("so...", "so...")):
        emptied(tab)
        tab.keyboard.type(typed)
        tab.keyboard.press("Backspace")
        assert written(tab) == f"<p>{before}</p>"


def test_a_line_after_a_break_begins_with_an_opening_quote(tab):
    emptied(tab)
    tab.keyboard.type("one")
    tab.keyboard.press("Shift+Enter")
    tab.keyboard.type('"two"')
    assert written(tab) == "<p>one<br>“two”</p>"


LINKS = {
    "me@example.org": "mailto:me@example.org",
    "jürgen@example.org": "mailto:jürgen@example.org",
    "me@example.org?subject=Hello you": "mailto:me@example.org?subject=Hello%20you",
    "müller.example/x": "https://müller.example/x",
    "example.org:8080/x": "https://example.org:8080/x",
    "www.example.org?a=b:c": "https://www.example.org?a=b:c",
    "//example.org/x": "https://example.org/x",
    "пример.рф": "https://пример.рф",
    "例え.テスト/道": "https://例え.テスト/道",
    "localhost:8000/x": "http://localhost:8000/x",
    "192.0.2.1:80": "http://192.0.2.1:80",
    "+49 30 / 12 34 56": "tel:+4930123456",
    "HTTPS://example.org/a b": "HTTPS://example.org/a%20b",
    "/about/": "/about/",
    "#part": "#part",
    "../other/": "../other/",
}
NOWHERE = (
    "about",
    "posts/x",
    "javascript:alert(1)",
    "ftp://example.org/",
    "me@",
    "3.14",
    "https://",
)


def test_an_address_is_made_whole_or_refused_with_a_sentence(tab):
    found = {}
    window = tab.get_by_role("dialog")
    for typed in LINKS:
        emptied(tab)
        tab.keyboard.type("word")
        tab.keyboard.press("ControlOrMeta+a")
        tab.keyboard.press("ControlOrMeta+k")
        window.get_by_label("URL").fill(typed)
        window.get_by_role("button", name="Done").click()
        found[typed] = written(tab)
    assert found == {typed: f'<p><a href="{href}">word</a></p>' for typed, href in LINKS.items()}
    tool(tab, "Link").click()
    for typed in NOWHERE:
        window.get_by_label("URL").fill("")
        window.get_by_label("URL").fill(typed)
        window.get_by_role("button", name="Done").click()
        assert "This link leads nowhere." in window.get_by_role("alert").inner_text()
    window.get_by_role("button", name="Cancel").click()


def test_a_stored_address_that_nobody_changes_stays(tab):
    for stored in ("posts/x/", "?x=1", "https://example.org/a"):
        tool(tab, "HTML").click()
        tab.fill("#id_body", f'<p><a href="{stored}">word</a></p>')
        tool(tab, "Editor").click()
        tool(tab, "Link").click()
        tab.get_by_role("dialog").get_by_role("button", name="Done").click()
        assert written(tab) == f'<p><a href="{stored}">word</a></p>'


def test_without_a_language_of_its_own_a_post_has_the_quotes_of_the_blog(page, alice):
    """Not those of the dashboard, which speaks the language of the account."""
    Blog.objects.update(language="de-AT")
    User.objects.filter(pk=alice.pk).update(language="en")
    tab = page(ADD, user=alice)
    tab.locator(TEXT).click()
    tab.keyboard.type('He said "no".')
    expect(tab.locator(f"{TEXT} p")).to_have_text("He said „no“.")
