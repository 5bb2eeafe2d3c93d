"""The image library: who may upload, who sees which images, and what the editor is told."""

import pytest

from blog.models import Image, Post
from tests.blog.admin_http import form
from tests.blog.image_files import ADD, LIBRARY, LIST, UPLOAD, drawn, file

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("blog.admin.images", "blog.images.models"),
]
SMALL = drawn("PNG", size=(60, 40))


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def desk(signed_in, alice):
    return signed_in(alice)


def sent(client, content=SMALL, name="the_lake-at dawn.png"):
    return client.post(UPLOAD, {"file": file(content, name)})


def of(person, **fields):
    number = Image.objects.count()
    name = f"pictures/ab/{number:032x}.png"
    return Image.objects.create(file=name, width=60, height=40, uploaded_by=person, **fields)


def change(image):
    return f"{LIST}{image.pk}/change/"


def delete(image):
    return f"{LIST}{image.pk}/delete/"


def test_an_author_uploads_a_picture_that_belongs_to_them(desk, alice):
    told = sent(desk).json()
    image = Image.objects.get()
    assert image.uploaded_by == alice
    assert told == {
        "key": image.pk,
        "src": image.url,
        "thumbnail": image.thumbnail,
        "title": "the lake at dawn",
        "alt": "",
        "decorative": False,
        "width": 60,
        "height": 40,
    }
    assert desk.get(told["src"]).status_code == 200


@pytest.mark.parametrize("who", ["guest", "bob", "mia"])
def test_only_authors_reach_the_library(client, signed_in, request, who):
    if who != "guest":
        signed_in(request.getfixturevalue(who))
    assert sent(client).status_code == 404
    assert client.get(LIBRARY).status_code == 404
    for address in (LIST, ADD):
        assert client.get(address).status_code in {302, 403}
    assert Image.objects.count() == 0


def test_a_form_on_another_site_cannot_upload(alice):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert sent(strict).status_code == 403
    assert Image.objects.count() == 0


def test_a_file_that_is_no_picture_is_refused_with_a_sentence(desk):
    answer = sent(desk, b"<svg xmlns='http://www.w3.org/2000/svg'/>", "lake.png")
    assert answer.status_code == 400
    assert "use JPEG, PNG, WebP, AVIF or GIF" in answer.json()["error"]
    assert "try again" in desk.post(UPLOAD).json()["error"]
    assert sent(desk, b"").status_code == 400


def test_the_addresses_for_the_editor_take_one_method_each(desk):
    assert desk.get(UPLOAD).status_code == 405
    assert desk.post(LIBRARY).status_code == 405


def test_an_author_chooses_from_their_own_and_from_imported_pictures(desk, alice, person):
    hers, imported = of(alice, title="Lake"), of(None, alt="The lake in winter")
    of(person("carol", group="Authors", is_staff=True), title="Lake of carol")
    assert [each["src"] for each in desk.get(LIBRARY).json()["pictures"]] == [
        imported.url,
        hers.url,
    ]
    found = desk.get(LIBRARY, {"q": "winter"}).json()["pictures"]
    assert [each["alt"] for each in found] == ["The lake in winter"]


def test_the_owner_sees_all_pictures(signed_in, owner, alice):
    of(alice)
    assert len(signed_in(owner).get(LIBRARY).json()["pictures"]) == 1


@pytest.mark.parametrize(
    "asked", [{"q": "\0%_'\""}, {"page": "x"}, {"page": "-1"}, {"page": "9" * 40}]
)
def test_an_odd_query_is_no_error(desk, alice, asked):
    of(alice)
    assert desk.get(LIBRARY, asked).status_code == 200


def test_the_library_is_paged_at_a_constant_cost(desk, alice, django_assert_max_num_queries):
    for _ in range(30):
        of(alice)
    with django_assert_max_num_queries(7):
        first = desk.get(LIBRARY).json()
    assert (len(first["pictures"]), first["next"]) == (24, 2)
    second = desk.get(LIBRARY, {"page": 2}).json()
    assert (len(second["pictures"]), second["next"]) == (6, None)


def test_a_picture_of_somebody_else_is_not_found(desk, person):
    other = of(person("carol", group="Authors", is_staff=True))
    assert desk.get(change(other)).status_code == 404
    assert desk.post(delete(other), {"post": "yes"}).status_code == 404
    assert Image.objects.count() == 1


def test_without_javascript_a_form_uploads_a_picture(desk, alice):
    answer = desk.post(
        ADD, {"upload": file(SMALL), "title": "Lake", "alt": "A <lake>", "decorative": ""}
    )
    assert answer.status_code == 302
    image = Image.objects.get()
    assert (image.uploaded_by, image.title, image.alt) == (alice, "Lake", "A <lake>")
    page = desk.get(change(image)).text
    assert "&lt;figure&gt;&lt;img src=&quot;" in page
    assert "A &amp;lt;lake&amp;gt;" in page


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_the_form_says_what_is_wrong_beside_the_field(desk, content):
    answer = desk.post(ADD, {"upload": file(content), "title": "", "alt": ""})
    assert list(answer.context["adminform"].form.errors) == ["upload"]
    assert Image.objects.count() == 0


def test_a_decorative_picture_loses_its_alt_text(desk, alice):
    image = of(alice, alt="A line of dots")
    desk.post(change(image), {"title": "", "alt": "A line of dots", "decorative": "on"})
    image.refresh_from_db()
    assert (image.decorative, image.alt) == (True, "")


def test_a_picture_in_use_cannot_be_deleted(desk, alice):
    image = of(alice)
    Post.objects.create(title="a", slug="a", author=alice, body=f'<img src="{image.url}">')
    answer = desk.post(delete(image), {"post": "yes"}, follow=True)
    assert "Remove it from the text first" in answer.text
    Post.objects.update(body="")
    desk.post(delete(image), {"post": "yes"})
    assert Image.objects.count() == 0


def test_five_megabytes_of_html_are_answered_with_a_sentence_and_nothing_is_lost(desk):
    body = "<p>" + "many words and more " * 250_000 + "</p>"
    answer = desk.post("/admin/blog/post/add/", form(body=body))
    assert answer.status_code == 200
    [sentence] = answer.context["adminform"].form.errors["body"]
    assert "5,000,007 characters; the limit is 2,000,000" in sentence
    assert body in answer.text.replace("&lt;", "<").replace("&gt;", ">")


def test_a_signed_out_visitor_cannot_send_that_much(client):
    answer = client.post("/account/login/", {"login": "a" * 3_000_000})
    assert answer.status_code == 413
    assert "2.0\xa0MB" in answer.text
