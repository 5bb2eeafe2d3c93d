"""Readers' and authors' pages work without JavaScript."""

import pytest

from blog.models import ContentNote, Image, Post, Series, Subscription
from comments.models import Comment
from comments.tree.status import Status
from tests.blog.image_files import drawn, file
from tests.comments.mail import links_in, run_due
from tests.http import PlainBrowser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("patient")]
ADD = "/admin/blog/post/add/"
WORDS = "Hard words, said once."


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def comment(published_post):
    """A comment behind a content note, on a post behind the same one."""
    grief = ContentNote.objects.get(name="grief")
    post = published_post(slug="lake", comment_mode="open")
    post.content_notes.add(grief)
    fields = {"name": "Wren", "body": WORDS, "status": Status.APPROVED, "content_note": grief}
    return Comment.objects.create(post=post, **fields)


def is_open(reader, words):
    """Return whether these words are visible at once: no <details> around them is closed."""
    (place,) = [each for each in reader.all("p") if words in each.text]
    return all(each.has_attr("open") for each in place.find_parents("details"))


def test_a_post_is_found_and_one_reads_on_in_its_series(published_post):
    walks = Series.objects.create(title="Walks", slug="walks")
    published_post(title="The first café", slug="first", series=walks)
    published_post(title="The second walk", slug="second", series=walks)
    reader = PlainBrowser("/")
    reader.follow("Search")
    reader.fill("Search this blog", "CAFE")
    reader.press("Search", reader.one("main form"))
    assert [each.text for each in reader.all("mark")] == ["café"]
    reader.follow("The first café")
    reader.follow("The second walk")
    assert reader.heading == "The second walk"


def test_texts_behind_a_note_open_for_a_reader_who_chose_so(comment):
    reader = PlainBrowser("/posts/lake/")
    text = "The water was quite still."
    assert not is_open(reader, WORDS)
    assert not is_open(reader, text)
    assert not reader.cookies
    reader.follow("Content notes")
    reader.check("grief")
    reader.press("Save")
    reader.follow("Back to where you were")
    assert is_open(reader, WORDS)
    assert is_open(reader, text)
    reader.follow("Choose which content notes to always show")
    reader.press("Reset")
    assert not reader.checked("grief")
    assert not is_open(reader.goto("/posts/lake/"), WORDS)
    assert "hearth_notes" not in reader.cookies


def test_a_permalink_shows_the_writers_name_and_opens_no_note(comment):
    reader = PlainBrowser(comment.get_absolute_url())
    assert reader.url.endswith(f"#comment-{comment.pk}")
    head = reader.one(f"#comment-{comment.pk} h3")
    assert not head.find_parent("details", open=False)
    assert not is_open(reader, WORDS)


def test_a_writer_gives_words_a_note(comment):
    guest = PlainBrowser("/posts/lake/reply/")
    guest.fill("Name", "Ada")
    guest.fill("Your comment", "Mine are hard as well.")
    guest.choose("Content note", "illness")
    guest.press("Preview")
    preview = guest.one(".preview")
    assert "Content note: illness" in preview.text
    assert "Mine are hard as well." in preview.text
    assert all(each.has_attr("open") for each in preview.select("details"))
    guest.press("Send")
    own = guest.one("article.comment", "Ada")
    assert "Content note: illness" in own.text
    assert not is_open(guest, "Mine are hard as well.")


def test_a_reader_subscribes_gets_a_mail_and_unsubscribes(published_post, alice, post_office):
    published_post(title="An evening by the lake", slug="lake")
    reader = PlainBrowser("/posts/lake/")
    reader.follow("Subscribe")
    reader.fill("Email", "ada@example.org")
    reader.check("Weekly, on Sunday evening")
    reader.press("Subscribe")
    assert reader.heading == "Check your inbox"
    run_due()
    reader.goto(links_in(post_office.mails[-1])[0])
    reader.press("Confirm")
    assert reader.checked("Weekly, on Sunday evening")
    assert "How often: Weekly, on Sunday evening" in reader.text
    reader.check("Right away")
    reader.check("Discreet emails", on=False)
    reader.press("Yes, subscribe")
    assert "You’re subscribed" in reader.heading

    desk = PlainBrowser(ADD, user=alice)
    desk.fill("Title", "Her coat")
    desk.fill("Text", "It hung there for a year.")
    assert "Subscribers: 1 right away" in desk.text
    desk.check("Email it to 1 subscriber")
    written = desk.page
    desk.press("Send test email")
    assert "on its way to alice@example.org" in desk.text
    desk.page, desk.url = written, ADD  # the answer came in a tab of its own
    desk.press("Publish now")
    assert "Sending by email now." in desk.text
    run_due()
    assert post_office.to() == ["ada@example.org", "alice@example.org", "ada@example.org"]
    assert post_office.mails[-1]["Subject"] == "Her coat"

    [way_out] = [path for path in links_in(post_office.mails[-1]) if path.startswith("/m/")]
    reader.goto(way_out)
    reader.press("Change preferences")
    assert "How often would you like new posts?" in reader.text
    assert reader.checked("Right away")
    reader.goto(way_out)
    reader.press("Unsubscribe")
    assert reader.heading == "You’ve been unsubscribed"
    assert not Subscription.objects.exists()


def test_a_text_is_written_as_html_and_its_lead_image_is_a_list(alice):
    Image.keep(file(drawn(size=(600, 400))), alice, "the lake")
    desk = PlainBrowser(ADD, user=alice)
    desk.fill("Title", "Plain")
    desk.fill("Text", "One <em>evening</em>.\n\nAnother.")
    desk.choose("Featured image", "the lake")
    desk.press("Save")
    assert "Saved" in desk.one(".desk-state").text
    post = Post.objects.get()
    assert post.body == "<p>One <em>evening</em>.</p>\n\n<p>Another.</p>"
    assert post.lead_image.title == "the lake"


def test_the_unsaved_form_is_seen_as_readers_would(alice, published_post):
    post = published_post(title="As it was", body="<p>Before.</p>")
    desk = PlainBrowser(f"/admin/blog/post/{post.pk}/change/", user=alice)
    desk.fill("Title", "How it may look")
    assert desk.button("Preview (new tab)")["formtarget"] == "_blank"
    desk.press("Preview (new tab)")
    frames = [each["src"] for each in desk.all("iframe")]
    assert len(frames) == 2
    for frame in frames:
        assert desk.goto(frame).heading == "How it may look"
    post.refresh_from_db()
    assert post.title == "As it was"


def test_a_friend_reads_by_a_link_until_it_ends(alice, published_post):
    post = published_post(title="As it was", status="draft")
    desk = PlainBrowser(f"/admin/blog/post/{post.pk}/links/", user=alice)
    desk.press("Create link")
    path = "/" + desk.one("input.desk-link")["value"].split("/", 3)[3]
    friend = PlainBrowser(path)
    assert friend.heading == "As it was"
    assert "This link works until" in friend.one(".notice").text
    assert not friend.cookies
    desk.press("Delete link")
    assert "Delete link" not in desk.text
    assert friend.goto(path).status == 404


def test_versions_are_compared_and_brought_back(alice, published_post):
    post = published_post(title="As it was", body="<p>Before.</p>")
    desk = PlainBrowser(f"/admin/blog/post/{post.pk}/change/", user=alice)
    desk.fill("Text", "<p>Before and after.</p>")
    desk.press("Update")
    desk.follow("Versions")
    desk.goto(desk.all(".desk-versions a")[-1]["href"])
    assert "and after" in desk.one(".difference del").text
    desk.press("Restore this version")
    assert desk.value("Text") == "<p>Before.</p>"
