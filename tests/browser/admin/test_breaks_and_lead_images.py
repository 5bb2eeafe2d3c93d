"""In Chromium: breaks, answers from the author's dashboard, and lead images."""

import re

import pytest
from playwright.sync_api import expect

from blog.models import Image, Post
from comments.models import Comment, ConversationSettings
from tests.blog.image_files import drawn, file
from tests.browser.axe import violations
from tests.browser.editor import publish, unfold
from tests.browser.looks import look
from tests.comments.factories import say

ADD = "/admin/blog/post/add/"
BANNER = re.compile(r"Taking a break until \d+ \w+ \d{4}")


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def post(published_post):
    return published_post(title="By the lake", comment_mode="open")


def in_days(tab, days):
    """Return a day as a date field takes it."""
    moment = f"new Date(Date.now() + {days} * 864e5)"
    return tab.evaluate(f"{moment}.toISOString().slice(0, 10)")


def test_a_break_is_taken_shown_and_ended(page, owner, post):
    reader = page(post.get_absolute_url(), width=360)
    day = in_days(reader, 9)
    tab = page("/admin/", width=360, user=owner)
    tab.get_by_role("link", name="Take a break").click()
    tab.get_by_label("Back on").fill(day)
    tab.get_by_label("Message to readers (optional)").fill("I am by the sea.")
    tab.get_by_role("button", name="Start break").click()
    expect(tab.locator(".desk-rest")).to_contain_text("This blog is taking a break until")
    reader.get_by_role("link", name="Write a comment").first.click()
    expect(reader.get_by_role("alert")).to_contain_text("Comments are closed until")
    for address in ("/", post.get_absolute_url()):
        reader.goto(address)
        expect(reader.locator(".rest-head")).to_have_text(BANNER)
        expect(reader.locator(".rest")).to_contain_text("I am by the sea.")
        assert not violations(reader)
        look(reader, "break")
    tab.get_by_role("button", name="End break now").click()
    expect(tab.locator(".desk-rest")).to_have_count(0)
    assert ConversationSettings.get().current_break is None


def test_words_typed_before_the_break_are_refused_and_given_back(page, post):
    from datetime import timedelta

    from django.utils import timezone

    from comments.dashboard import breaks

    tab = page(post.get_absolute_url(), width=360)
    tab.get_by_role("link", name="Write a comment").first.click()
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_label("Your comment").fill("What I wrote on the train.")
    breaks.begin_break(timezone.localdate() + timedelta(days=9), holds=False)
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_role("alert")).to_contain_text("Comments are closed until")
    expect(tab.get_by_label("Your comment")).to_have_value("What I wrote on the train.")


def test_an_author_answers_from_the_dashboard(page, alice, post):
    say(post, name="Wren")
    tab = page("/admin/", width=360, user=alice)
    tab.locator("summary", has_text="Wren").first.click()
    look(tab, "desk-answer")
    tab.get_by_label("Reply to Wren").first.fill("I am glad.")
    tab.get_by_role("button", name="Send").first.click()
    expect(tab.locator(".messagelist")).to_contain_text("Replied to Wren’s comment.")
    assert Comment.objects.get(user=alice).body == "I am glad."


def test_a_lead_image_is_chosen_from_the_library_and_removed(page, alice):
    for height, alt in ((400, "A lake at dawn"), (500, "")):
        image = Image.keep(file(drawn(size=(600, height))), alice, f"picture {height}")
        Image.objects.filter(pk=image.pk).update(alt=alt)
    tab = page(ADD, width=360, user=alice)
    tab.locator("#id_title").fill("By the lake")
    unfold(tab, "Image and excerpt")
    tab.get_by_role("button", name="Choose image").click()
    tab.get_by_role("dialog").get_by_role("button", name="picture 400").click()
    expect(tab.locator("#id_lead_alt")).to_have_value("A lake at dawn")
    expect(tab.locator(".desk-lead-picture")).to_be_visible()
    look(tab, "lead-form")
    tab.get_by_role("button", name="Change image").click()
    tab.get_by_role("dialog").get_by_role("button", name="picture 500").click()
    expect(tab.locator("#id_lead_alt")).to_have_value("")
    tab.locator("#id_lead_alt").fill("Fog on the water")
    publish(tab)
    expect(tab.locator(".messagelist")).to_contain_text("Saved.")
    post = Post.objects.get()
    assert (post.lead_image.title, post.lead_alt) == ("picture 500", "Fog on the water")
    assert post.lead_image.alt == "Fog on the water"
    reader = page(post.get_absolute_url())
    expect(reader.get_by_role("img", name="Fog on the water")).to_be_visible()
    assert not violations(reader)
    look(reader, "lead")
    reader.goto("/")
    expect(reader.get_by_role("img", name="Fog on the water")).to_be_visible()
    look(reader, "lead-list")
    tab.goto(f"/admin/blog/post/{post.pk}/change/")
    tab.get_by_role("button", name="No image").click()
    expect(tab.locator(".desk-lead-picture")).to_be_hidden()
    tab.get_by_role("button", name="Update", exact=True).click()
    expect(tab.locator(".messagelist")).to_contain_text("Saved.")
    assert Post.objects.get().lead_image is None


def test_an_uploaded_picture_becomes_the_lead_image(page, alice):
    tab = page(ADD, user=alice)
    tab.locator("#id_title").fill("By the lake")
    unfold(tab, "Image and excerpt")
    tab.get_by_role("button", name="Choose image").click()
    chosen = {"name": "the lake.png", "mimeType": "image/png", "buffer": drawn("PNG", (80, 60))}
    tab.locator("#desk-file").set_input_files(chosen)
    expect(tab.locator(".desk-lead-picture")).to_be_visible()
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.locator(".messagelist")).to_contain_text("Saved.")
    assert Post.objects.get().lead_image.title == "the lake"
