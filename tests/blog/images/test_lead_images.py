"""The lead image of a post: chosen in the admin, shown to readers, and in feeds and metadata."""

import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.management import call_command
from django.db.models import ProtectedError
from django.utils import timezone

from blog.admin.post_form.lead_image_field import OFFERED
from blog.models import ContentNote, Image, Post, PostRevision
from tests.blog.admin_http import ADD, change, errors, form, said, typed
from tests.blog.image_files import drawn, file
from tests.house.budgets import queries

pytestmark = pytest.mark.django_db
SITE = settings.SITE_URL


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def keep(person, height=400, alt="A lake at dawn", **fields):
    image = Image.keep(file(drawn(size=(1600, height))), person, f"picture {height}")
    Image.objects.filter(pk=image.pk).update(alt=alt, **fields)
    return Image.objects.get(pk=image.pk)


@pytest.fixture
def lake(alice):
    return keep(alice)


@pytest.fixture
def post(published_post, lake):
    return published_post(slug="lake", lead_image=lake)


def page(client, address):
    return BeautifulSoup(client.get(address).content, "html.parser")


# -- for readers -------------------------------------------------------------------------


def test_a_lead_image_stands_above_the_text_with_sizes_and_alt_text(client, post, lake):
    shown = page(client, "/posts/lake/")
    img = shown.select_one("article figure.featured img")
    assert img.find_parent("figure").find_next_sibling("div", class_="e-content")
    assert (img["src"], img["alt"]) == (lake.url, "A lake at dawn")
    assert (img["width"], img["height"]) == ("1600", "400")
    assert img["srcset"].count(".webp") == 3
    assert shown.select_one("figure.featured source[type='image/avif']")["srcset"].count("w") >= 3
    assert "loading" not in img.attrs
    assert client.get(img["src"]).status_code == 200


def test_in_a_list_it_is_small_and_lazy_except_the_first(client, post, alice, published_post):
    published_post(lead_image=keep(alice, 500), published_at=timezone.now() - timedelta(days=1))
    published_post(title="Words alone", published_at=timezone.now() - timedelta(days=2))
    shown = page(client, "/").select(".entry .picture")
    assert [img.get("loading") for img in shown] == [None, "lazy"]
    assert {img["sizes"] for img in shown} == {
        "(min-width: 68rem) 600px, 100vw",
        "(min-width: 48rem) 176px, 88px",
    }


def test_lead_images_cost_lists_and_posts_no_query(
    client, post, alice, published_post, without_page_cache
):
    def cost(address):
        queries(client, address)  # what every page shows is remembered from now on
        return queries(client, address)[1]

    plain = cost(published_post(slug="plain").get_absolute_url())
    few = cost("/")
    for height in range(410, 460, 10):
        published_post(lead_image=keep(alice, height))
    assert cost("/") == few
    assert cost("/posts/lake/") == plain


def test_a_lead_image_replaces_the_drawn_card_on_other_sites(client, post, lake):
    shown = page(client, "/posts/lake/")
    told = {tag["property"]: tag["content"] for tag in shown.select("meta[property^=og]")}
    assert told["og:image"] == f"{SITE}{lake.url}"
    assert (told["og:image:width"], told["og:image:height"]) == ("1600", "400")
    assert told["og:image:alt"] == "A lake at dawn"
    data = json.loads(shown.select_one("script[type='application/ld+json']").string)
    assert data["image"] == told["og:image"]


def test_feeds_show_the_lead_image_before_the_text(client, post, lake):
    item = client.get("/feed/json/").json()["items"][0]
    assert item["image"] == f"{SITE}{lake.url}"
    assert item["content_html"].startswith(f'<p><img src="{SITE}{lake.url}" alt="A lake at dawn"')
    assert f"{SITE}{lake.url}" in client.get("/feed/").text


def test_a_content_note_hides_the_lead_image_everywhere(client, post, lake):
    post.content_notes.add(ContentNote.objects.first())
    assert (
        page(client, "/posts/lake/").select_one("details.note .featured img")["loading"] == "lazy"
    )
    assert page(client, "/").select("details.note .picture")
    shown = page(client, "/posts/lake/")
    assert lake.url not in shown.select_one("meta[property='og:image']")["content"]
    assert lake.url not in shown.select_one("script[type='application/ld+json']").string
    item = client.get("/feed/json/").json()["items"][0]
    assert "image" not in item
    assert item["content_html"].index("<details") < item["content_html"].index(lake.url)


def test_a_changed_lead_image_is_shown_on_the_next_request(client, post, alice):
    for address in ("/", "/posts/lake/"):
        assert "/pictures/" in client.get(address).text
    other = keep(alice, 500, alt="Another")
    post.lead_image, post.lead_alt = other, ""
    post.save()
    for address in ("/", "/posts/lake/", "/feed/"):
        assert other.url in client.get(address).text
    post.lead_image = None
    post.save()
    for address in ("/", "/posts/lake/", "/feed/"):
        assert "/pictures/" not in client.get(address).text


# -- in the admin ------------------------------------------------------------------------


def test_an_author_chooses_a_lead_image_with_the_alt_text_of_the_library(desk, lake):
    assert desk.post(ADD, form(lead_image=lake.pk)).status_code == 302
    post = Post.objects.get()
    assert (post.lead_image, post.lead_alt) == (lake, "A lake at dawn")
    chosen = page(desk, change(post)).select_one("#id_lead_image option[selected]")
    assert (chosen["value"], chosen["data-alt"]) == (str(lake.pk), "A lake at dawn")


def test_its_own_alt_text_stays_until_another_picture_is_chosen(desk, alice, lake):
    other = keep(alice, 500, alt="A kitchen")
    desk.post(ADD, form(lead_image=lake.pk, lead_alt="Our lake"))
    post = Post.objects.get()
    assert post.lead_alt == "Our lake"
    sent = form(version=post.version, slug=post.slug, lead_alt="Our lake")
    desk.post(change(post), sent | {"lead_image": other.pk})
    post.refresh_from_db()
    assert (post.lead_image, post.lead_alt) == (other, "A kitchen")
    desk.post(change(post), sent | {"version": post.version, "lead_image": "", "lead_alt": "x"})
    post.refresh_from_db()
    assert (post.lead_image, post.lead_alt) == (None, "")


def test_alt_text_for_an_undescribed_picture_goes_to_the_library(desk, alice, carol):
    silent, told = keep(alice, 410, alt=""), keep(alice, 420, alt="As it was")
    ornament, lead = keep(alice, 430, alt="", decorative=True), keep(alice, 440, alt="")
    carols = Image.objects.create(file=silent.file, width=9, height=9, uploaded_by=carol)
    pictures = [(silent, "Two &amp; three boats"), (told, "Other words"), (ornament, "A leaf")]
    body = "".join(f'<p><img src="{image.url}" alt="{alt}"></p>' for image, alt in pictures)
    desk.post(ADD, form(body=body, lead_image=lead.pk, lead_alt="Fog"))
    alts = [Image.objects.get(pk=row.pk).alt for row in (silent, told, ornament, lead, carols)]
    assert alts == ["Two & three boats", "As it was", "", "Fog", ""]


def test_somebody_elses_picture_is_neither_offered_nor_accepted(desk, carol):
    hers = keep(carol, alt="Secret")
    assert "Secret" not in desk.get(ADD).text
    answer = desk.post(ADD, form(lead_image=hers.pk))
    assert "lead_image" in errors(answer)
    assert "lead_image" in errors(desk.post(ADD, form(lead_image="x")))
    assert not Post.objects.exists()


def test_a_chosen_picture_older_than_the_list_stays_chosen(desk, lake, alice):
    desk.post(ADD, form(lead_image=lake.pk))
    for number in range(OFFERED + 5):
        Image.objects.create(file=f"{number}.jpg", width=9, height=9, uploaded_by=alice)
    options = page(desk, change(Post.objects.get())).select("#id_lead_image option")
    assert len(options) == OFFERED + 2
    assert [o["value"] for o in options if o.has_attr("selected")] == [str(lake.pk)]


def test_the_checklist_names_an_undescribed_lead_image(desk, alice):
    silent, ornament = keep(alice, 410, alt=""), keep(alice, 420, alt="", decorative=True)
    hint = "One image has no description"
    for fields, hinted in (
        ({"lead_image": silent.pk}, True),
        ({"lead_image": silent.pk, "lead_alt": "Fog"}, False),
        ({"lead_image": ornament.pk}, False),
        ({"lead_image": "nonsense"}, False),
    ):
        told = desk.post("/admin/blog/post/autosave/", typed(**fields)).json()["to_look_at"]
        assert any(line.startswith(hint) for line in told) == hinted, fields


def test_a_preview_shows_the_lead_image_and_the_help_block(desk, lake):
    sent = typed(title="Not yet", lead_image=lake.pk, show_help="on")
    answer = desk.post("/admin/blog/post/preview/", sent)
    row = PostRevision.objects.get()
    assert answer["Location"].endswith(f"/{row.pk}/")
    shown = page(desk, f"/admin/blog/post/preview/{row.pk}/page/")
    assert shown.select_one(".featured img")["alt"] == "A lake at dawn"
    assert shown.select_one(".help h2")


def test_a_duplicated_post_keeps_the_lead_image(desk, post, lake):
    post.show_help = True
    post.save()
    desk.post(f"/admin/blog/post/{post.pk}/copy/")
    copy = Post.objects.latest("pk")
    assert (copy.lead_image, copy.lead_alt, copy.show_help) == (lake, "A lake at dawn", True)


def test_a_lead_image_counts_as_used_and_is_not_deleted(desk, post, lake, capsys):
    Image.objects.update(created_at=timezone.now() - timedelta(days=90))
    call_command("unused_pictures", "--delete")
    assert "0 unused" in capsys.readouterr().out
    answer = desk.post(f"/admin/blog/image/{lake.pk}/delete/", {"post": "yes"})
    assert "can’t be deleted" in said(answer)
    with pytest.raises(ProtectedError):
        lake.delete()
    assert Image.objects.filter(pk=lake.pk).exists()
