"""An author's whole journey in Chromium.

Write, lose the tab, go on, show a friend, schedule, publish, be read, be found, be fetched by a
feed reader, change a word and undo the change."""

import re
from datetime import timedelta

import feedparser
import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from blog.models import Image, Post
from tests.blog.image_files import from_a_phone
from tests.browser.editor import ADD, TEXT, editor, hand_over, publish, tool, unfold

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = re.compile(r"Autosaved \d\d:\d\d$")
A_MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def test_a_post_goes_from_its_first_word_to_its_readers(page, alice, live_server):
    tab = page(ADD, user=alice, width=360)
    write(tab)
    tab = crash_and_go_on(tab)
    post = keep_as_draft(tab)
    show_a_friend(tab, page, post)
    schedule_and_wait(tab, page, post)
    reader = page("/", width=360)
    read(reader)
    find(reader)
    validate(reader, live_server.url)
    change_and_take_back(tab, reader, post)


def write(tab):
    """Headings, a quote, a list, a link and a picture by drop."""
    tab.clock.install()
    tab.reload()
    tab.fill("#id_title", "A day by the lake")
    unfold(tab, "Image and excerpt")
    tab.fill("#id_excerpt", "What one hears before six.")
    editor(tab)
    tab.get_by_label("Paragraph style").select_option("heading2")
    tab.keyboard.type("The first hour\n")
    tab.keyboard.type("Nobody was awake but the herons.\n")
    tool(tab, "Bulleted list").click()
    tab.keyboard.type("bread\nwater\n\n")
    tool(tab, "Quote").click()
    tab.keyboard.type("She said nothing.\n\n")
    tool(tab, "Link").click()
    window = tab.get_by_role("dialog")
    window.get_by_label("Link text").fill("The map")
    window.get_by_label("URL").fill("example.org/map")
    window.get_by_role("button", name="Done").click()
    expect(tab.locator(TEXT).get_by_role("link", name="The map")).to_be_visible()
    hand_over(tab, "drop", ("lake.jpg", "image/jpeg", from_a_phone(size=(300, 450))))
    window.get_by_label("Description (alt text)").fill("The lake before sunrise")
    window.get_by_role("button", name="Done").click()
    expect(tab.locator(f"{TEXT} figure")).to_have_count(1)
    assert Image.objects.get().uploaded_by.username == "alice"


def crash_and_go_on(tab):
    """The draft is autosaved, the tab crashes, and the words come back in another."""
    tab.clock.run_for(21_000)
    expect(tab.locator("#autosave-says")).to_have_text(KEPT)
    assert not Post.objects.exists()
    context = tab.context
    tab.close(run_before_unload=False)
    again = context.new_page()
    again.goto(ADD)
    offered = again.locator(".desk-draft")
    expect(offered).to_contain_text("Unsaved draft from")
    offered.get_by_role("link", name="Open").click()
    expect(again.locator("#id_title")).to_have_value("A day by the lake")
    expect(again.locator(TEXT).get_by_role("heading", name="The first hour")).to_be_visible()
    expect(again.locator(f"{TEXT} blockquote")).to_have_text("She said nothing.")
    return again


def keep_as_draft(tab):
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.locator(".success")).to_be_visible()
    return Post.objects.get()


def show_a_friend(tab, page, post):
    """By a preview link, in a browser without cookies; without the link nothing is found."""
    tab.goto(f"/admin/blog/post/{post.pk}/links/")
    tab.get_by_role("button", name="Create link").click()
    field = tab.locator("input.desk-link")
    expect(field).to_be_visible()
    friend = page("/" + field.input_value().split("/", 3)[3], width=360)
    expect(friend.locator("h1")).to_have_text(post.title)
    expect(friend.get_by_role("img", name="The lake before sunrise")).to_be_visible()
    assert friend.goto(post.get_absolute_url()).status == 404


def schedule_and_wait(tab, page, post):
    """A minute ahead; nothing runs meanwhile but the clock. Then taken back, and published."""
    form, now = f"/admin/blog/post/{post.pk}/change/", timezone.now().replace(microsecond=0)
    due, stranger = (now + A_MINUTE).replace(second=0), page("/", width=360)
    with time_machine.travel(now, tick=False) as clock:
        tab.goto(form)
        tab.locator(".desk-publish > summary").click()
        tab.get_by_label("Later").check()
        tab.fill("[name=published_at_0]", f"{due:%Y-%m-%d}")
        tab.fill("[name=published_at_1]", f"{due:%H:%M}")
        publish(tab, "Schedule")
        expect(tab.locator(".messagelist")).to_contain_text("Readers will see it from")
        assert stranger.goto(post.get_absolute_url()).status == 404
        clock.shift(A_MINUTE)
        stranger.goto("/")
        stranger.get_by_role("link", name=post.title).click()
        expect(stranger.get_by_role("heading", level=1)).to_have_text(post.title)
        tab.goto(form)
        tab.get_by_role("button", name="Unpublish").click()
        expect(tab.locator(".messagelist .success")).to_be_visible()
        assert stranger.goto(post.get_absolute_url()).status == 404
    tab.goto(form)
    publish(tab)
    expect(tab.locator(".messagelist .success")).to_be_visible()


def read(reader):
    """As it was written, from the first page on."""
    reader.goto("/")
    expect(reader.get_by_text("What one hears before six.")).to_be_visible()
    reader.get_by_role("link", name="A day by the lake").click()
    prose = reader.locator(".prose")
    expect(prose.get_by_role("heading", name="The first hour")).to_be_visible()
    expect(prose.locator("li")).to_have_text(["bread", "water"])
    expect(prose.locator("blockquote")).to_have_text("She said nothing.")
    link = prose.get_by_role("link", name="The map")
    expect(link).to_have_attribute("href", "https://example.org/map")
    picture = prose.get_by_role("img", name="The lake before sunrise")
    shown = picture.evaluate("each => each.decode().then(() => each.currentSrc)")
    assert shown.endswith("300w.avif")
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert reader.context.cookies() == []


def find(reader):
    reader.get_by_role("link", name="Search").click()
    reader.get_by_role("searchbox", name="Search this blog").fill("HERONS nobody")
    reader.get_by_role("button", name="Search").click()
    expect(reader.locator(".result")).to_have_count(1)
    expect(reader.locator("mark")).to_have_text(["Nobody", "herons"])


def validate(reader, home):
    """Check the feeds with an independent parser, and against JSON Feed 1.1."""
    atom = reader.request.get("/feed/")
    about = {"content-type": atom.headers["content-type"], "content-location": f"{home}/"}
    parsed = feedparser.parse(atom.body(), response_headers=about)
    assert not parsed.bozo, parsed.get("bozo_exception")
    (entry,) = parsed.entries
    assert entry.title == "A day by the lake"
    assert "<blockquote><p>She said nothing.</p></blockquote>" in entry.content[0].value
    feed = reader.request.get("/feed/json/").json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["title"] for item in feed["items"]] == [entry.title]


def change_and_take_back(tab, reader, post):
    """One word more; the difference says so; the version before comes back to the readers."""
    form = f"/admin/blog/post/{post.pk}/change/"
    tab.goto(form)
    tab.locator(TEXT).get_by_text("Nobody was awake").click()
    tab.keyboard.press("End")
    tab.keyboard.type(" And the moon.")
    tab.get_by_role("button", name="Update", exact=True).click()
    expect(tab.locator(".messagelist")).to_contain_text("Saved.")
    reader.goto(post.get_absolute_url())
    expect(reader.get_by_text("And the moon.")).to_be_visible()
    versions = tab.locator(".desk-versions a")
    tab.goto(f"/admin/blog/post/{post.pk}/versions/")
    versions.first.click()
    expect(tab.locator(".difference ins")).to_contain_text("And the moon.")
    tab.goto(f"/admin/blog/post/{post.pk}/versions/")
    versions.nth(1).click()
    expect(tab.locator(".difference del")).to_contain_text("And the moon.")
    tab.get_by_role("button", name="Restore this version").click()
    expect(tab.locator(".messagelist .success")).to_be_visible()
    expect(tab.locator(TEXT)).not_to_contain_text("And the moon.")
    reader.reload()
    expect(reader.get_by_text("Nobody was awake but the herons.")).to_be_visible()
    expect(reader.get_by_text("And the moon.")).to_have_count(0)
