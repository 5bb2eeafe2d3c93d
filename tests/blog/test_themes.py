"""The owner chooses a theme: every one can be read, and nothing of another one is loaded."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from blog.models import Blog

STATIC = Path(__file__).resolve().parents[2] / "static"
# Foreground, background, least contrast (WCAG 2.2: 1.4.3, 1.4.6 for words, 1.4.11 for edges).
PAIRS = [
    *(("ink", each, 7) for each in ("paper", "field", "wash", "raised", "tint")),
    *(("soft", each, 4.5) for each in ("paper", "field", "wash", "raised")),
    *(("accent", each, 4.5) for each in ("paper", "field", "wash", "tint")),
    *(("danger", each, 4.5) for each in ("paper", "field", "wash")),
    ("on-accent", "accent", 4.5),
    ("paper", "ink", 7),
    *(("edge", each, 3) for each in ("paper", "field", "wash")),
]
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{3,6}), (#[0-9a-f]{3,6})\)")


def colours(theme):
    """Return ``{token: (light, dark)}`` of a theme, beside those it leaves as they are."""
    basic = (STATIC / "css/base/tokens.css").read_text().partition("@media (prefers-contrast")[0]
    own = "" if theme == Blog.Theme.PAPER else (STATIC / f"themes/{theme}.css").read_text()
    return {name: (light, dark) for name, light, dark in PAIR.findall(basic + own)}


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", Blog.Theme.values)
def test_each_theme_can_be_read_by_day_and_by_night(theme, scheme):
    found, place = colours(theme), ["light", "dark"].index(scheme)
    low = {
        f"{front} on {back}": round(ratio, 2)
        for front, back, least in PAIRS
        if (ratio := contrast(found[front][place], found[back][place])) < least
    }
    assert low == {}


@pytest.mark.parametrize("theme", [each for each in Blog.Theme if each != Blog.Theme.PAPER])
def test_a_theme_loads_only_faces_that_come_with_it(theme):
    for address in re.findall(r'url\("([^"]+)"\)', (STATIC / f"themes/{theme}.css").read_text()):
        assert (STATIC / "themes" / address).is_file(), address
    assert (STATIC / "fonts/LICENSE-literata.txt").is_file()


def shown(client):
    return BeautifulSoup(client.get("/").content, "html.parser")


def sheets(page):
    return [link["href"] for link in page.select("link[rel=stylesheet]")]


@pytest.mark.django_db
def test_the_chosen_theme_scheme_and_footer_are_on_every_page_at_once(client, published_post):
    published_post()
    before = shown(client)
    assert not any("themes" in address for address in sheets(before))
    assert (before.html.get("data-theme"), before.html.get("data-scheme")) == (None, None)
    blog = Blog.get()
    blog.theme, blog.color_scheme, blog.footer_text = "linen", "dark", "© Ada <b>"
    blog.save()
    page = shown(client)
    assert sheets(page)[-1].endswith("themes/linen.css")
    assert (page.html["data-theme"], page.html["data-scheme"]) == ("linen", "dark")
    assert page.select_one("meta[name=color-scheme]")["content"] == "dark"
    assert page.footer.select_one("p").text == "© Ada <b>"


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"theme": "neon"}, {"color_scheme": "pink"}])
def test_an_unknown_look_is_refused_with_a_sentence(signed_in, owner, fields):
    sent = {"title": "A", "language": "en", "posts_per_page": "3", "time_zone": "UTC"}
    sent |= {"front_layout": "list", "theme": "paper", "color_scheme": ""} | fields
    answer = signed_in(owner).post("/admin/blog/blog/1/change/", sent)
    assert answer.status_code == 200
    assert next(iter(fields)) in answer.context["adminform"].form.errors
    assert Blog.get().theme == "paper"
