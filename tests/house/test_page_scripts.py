"""Scripts of readers' pages: htmx and one bundled module, small, and only where needed."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from config.files.storage import SCRIPT, SCRIPTS, joined_scripts
from tests.house.budgets import zipped

MOST_MODULE, MOST_TOGETHER = 8_000, 25_000


@pytest.fixture
def collected(settings, served_data):
    """The folder of collected files, and settings as in production."""
    settings.STATIC_ROOT = str(served_data / "static")
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "config.files.storage.JoinedStatic"}
    }
    return served_data / "static"


def head(client, address):
    """The head of a page, without JSON-LD: that is data, which no browser runs."""
    found = BeautifulSoup(client.get(address).content, "html.parser").head
    for data in found.select("script[type='application/ld+json']"):
        data.decompose()
    return found


def test_every_part_of_the_bundle_is_listed_in_order(root):
    there = {f"js/site/{path.name}" for path in (root / "static/js/site").glob("*.js")}
    assert set(SCRIPTS) == there
    assert SCRIPTS[0] == "js/site/main.js"


def test_each_part_works_alone_and_can_be_bundled(root):
    for name in SCRIPTS:
        text = (root / "static" / name).read_text()
        assert not re.search(r"^\s*(import|export)\b", text, re.MULTILINE), name
        assert "/*" not in text, f"{name}: comments are lines that begin with //"
        assert not any(line.count("`") % 2 for line in text.splitlines()), name


def test_bundled_parts_keep_their_names_private():
    parts = ["// Why.\nconst a = 1;\n", "const a = 2;\n\n  f(a); // here\n"]
    assert joined_scripts(parts) == "{\nconst a = 1;\n}\n{\nconst a = 2;\nf(a); // here\n}"


def test_production_loads_htmx_and_one_bundle_and_both_are_small(client, published_post, collected):
    addresses = [
        script["src"].removeprefix("/static/")
        for script in head(client, published_post().get_absolute_url()).select("script")
    ]
    assert [re.sub(r"\.[0-9a-f]{12}\.", ".", name) for name in addresses] == [
        "htmx/htmx-2.min.js",
        SCRIPT,
    ]
    htmx, module = ((collected / name).read_bytes() for name in addresses)
    assert zipped(module) < MOST_MODULE
    assert zipped(module) + zipped(htmx) <= MOST_TOGETHER


def test_nothing_else_of_django_htmx_is_collected(collected):
    htmx = {path.name.split(".")[0] for path in collected.rglob("*htmx*") if path.is_file()}
    assert htmx == {"htmx-2"}


def test_no_script_blocks_rendering(client, published_post):
    for script in head(client, published_post().get_absolute_url()).select("script"):
        assert script.get("type") == "module" or script.has_attr("defer")


def test_htmx_evaluates_no_text_and_caches_no_page(client, published_post):
    meta = head(client, published_post().get_absolute_url()).select_one("[name=htmx-config]")
    config = json.loads(meta["content"])
    assert config["allowEval"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["selfRequestsOnly"] is True
    assert config["historyCacheSize"] == 0


def test_pages_without_a_conversation_load_no_script(client, published_post):
    hidden = published_post(comment_mode="hidden").get_absolute_url()
    for address in ("/", hidden, "/account/login/"):
        assert not head(client, address).select("script, [name=htmx-config]"), address
