"""After an import its pictures are adopted into the library; the texts stay unchanged."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from blog.images.drawing_queue import Busy
from blog.models import Image, PendingLeadImage, Post
from blog.publishing import image_adoption
from blog.publishing.image_adoption import NAME
from tests.blog.image_files import drawn, from_a_phone
from tests.blog.importing import move_in, post
from tests.blog.wxr_samples import ADDRESS, fields

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("blog.publishing.image_adoption")]
AT = f"{ADDRESS}/wp-content/uploads"


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "uploads"
    folder.mkdir()
    (folder / "lake.jpg").write_bytes(from_a_phone(size=(60, 90)))
    (folder / "moving.gif").write_bytes(drawn("GIF", size=(20, 20)))
    (folder / "damaged.png").write_bytes(drawn("PNG")[:2000])
    return folder


def adopt():
    out, err = StringIO(), StringIO()
    call_command("adopt_pictures", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_an_adopted_picture_has_sizes_and_no_location(uploads):
    picture = f'<img src="{AT}/lake.jpg" alt="Lake" width="30" height="45">'
    move_in(post(body=f'<a href="{AT}/lake.jpg">{picture}</a>'), media=uploads)
    before = Post.objects.get()
    [was] = set(NAME.findall(before.body))
    assert default_storage.exists(was)
    assert "1 text now has its images in the library." in adopt()[0]
    after, image = Post.objects.get(), Image.objects.get()
    assert (image.uploaded_by, image.width, image.height) == (None, 60, 90)
    assert f'href="{image.url}"' in after.body
    assert f'src="{image.url}"' in after.body
    assert 'alt="Lake" width="30" height="45"' in after.body
    assert "imported/" not in after.body
    assert not default_storage.exists(was)
    assert after.updated_at == before.updated_at < datetime(2020, 1, 1, tzinfo=UTC)
    assert after.revision != before.revision


def test_a_second_run_has_nothing_to_do(uploads):
    move_in(post(body=f'<img src="{AT}/lake.jpg" alt="Lake">'), media=uploads)
    adopt()
    body = Post.objects.get().body
    assert adopt() == ("0 texts now have their images in the library.\n", "")
    assert Post.objects.get().body == body


def test_animated_and_damaged_pictures_stay_as_they_are(uploads):
    body = f'<img src="{AT}/moving.gif" alt="a"><img src="{AT}/damaged.png" alt="b">'
    move_in(post(body=body), media=uploads)
    before = Post.objects.get().body
    said, problems = adopt()
    assert "0 texts" in said
    assert "damaged or incomplete" in problems
    assert Post.objects.get().body == before
    assert Image.objects.count() == 0


def test_a_picture_is_adopted_however_long_others_draw(uploads, monkeypatch):
    move_in(post(body=f'<img src="{AT}/lake.jpg" alt="Lake">'), media=uploads)
    keep, waits = Image.keep, iter(range(2_000))

    def busy(file, person):
        if next(waits, None) is not None:
            raise Busy
        return keep(file, person)

    monkeypatch.setattr(Image, "keep", busy)
    monkeypatch.setattr(image_adoption, "PAUSE", 0)
    assert "1 text now has its images in the library." in adopt()[0]


def meta(key, value):
    return f"<wp:postmeta>{fields(meta_key=key, meta_value=value)}</wp:postmeta>"


def featured(name, *more, post_id=1, **values):
    """A post whose featured image is ``name`` before its attachment, as in real exports."""
    about = [meta("_edit_last", "9"), meta("_thumbnail_id", str(post_id + 100)), *more]
    attachment = post(
        meta("_wp_attachment_image_alt", "A lake &amp; a hill"),
        post_id=post_id + 100,
        post_type="attachment",
        title="IMG_0815",
        attachment_url=f"{AT}/{name}",
        status="inherit",
    )
    return [post(*about, post_id=post_id, **values), attachment]


def test_a_featured_image_becomes_the_lead_image(uploads):
    report = move_in(*featured("lake.jpg"), media=uploads)
    before = Post.objects.get()
    assert before.lead_image is None
    assert report.texts["lead"] == 1
    was = PendingLeadImage.objects.get().file
    assert default_storage.exists(was)
    adopt()
    after, image = Post.objects.get(), Image.objects.get()
    assert (after.lead_image, after.lead_alt) == (image, "A lake & a hill")
    assert (image.uploaded_by, image.width, image.height) == (None, 60, 90)
    assert after.updated_at == before.updated_at
    assert after.touched_at > before.touched_at
    assert not PendingLeadImage.objects.exists()
    assert not default_storage.exists(was)
    assert adopt() == ("0 texts now have their images in the library.\n", "")


def test_one_picture_can_lead_two_posts_and_appear_in_a_text(uploads):
    body = f'<img src="{AT}/lake.jpg" alt="Lake">'
    parts = [*featured("lake.jpg", body=body), *featured("lake.jpg", post_id=2)]
    move_in(*parts, media=uploads)
    adopt()
    image = Image.objects.get()
    assert {each.lead_image for each in Post.objects.all()} == {image}
    assert image.url in Post.objects.get(source_id="1").body


def test_an_animated_lead_image_shows_its_first_frame(uploads):
    body = f'<img src="{AT}/moving.gif" alt="a">'
    move_in(*featured("moving.gif", body=body), media=uploads)
    before = Post.objects.get().body
    adopt()
    assert Post.objects.get().lead_image == Image.objects.get()
    assert Post.objects.get().body == before
    assert default_storage.exists(before.partition("/media/")[2].partition('"')[0])


def test_a_lead_image_that_an_author_chose_meanwhile_stays(uploads):
    move_in(*featured("lake.jpg"), media=uploads)
    chosen = Image.objects.create(file="pictures/aa/b.png", width=1, height=1)
    Post.objects.update(lead_image=chosen)
    adopt()
    assert Post.objects.get().lead_image == chosen
    assert not PendingLeadImage.objects.exists()


@pytest.mark.parametrize("media", [True, False])
def test_a_missing_featured_image_is_reported(uploads, media):
    report = move_in(*featured("no.jpg"), media=uploads if media else None)
    assert report.texts["no lead"] == 1
    assert not PendingLeadImage.objects.exists()


def test_a_damaged_featured_image_is_reported_and_tried_again(uploads):
    move_in(*featured("damaged.png"), media=uploads)
    for _time in range(2):
        assert "damaged or incomplete" in adopt()[1]
    assert Post.objects.get().lead_image is None


def test_other_metadata_of_plugins_is_ignored(uploads):
    long = meta("seo", "x" * 100) + meta("title", "Taken") + meta("content:encoded", "Taken")
    move_in(*featured("lake.jpg", long, title="Its own"), media=uploads)
    assert Post.objects.get().title == "Its own"
    assert "Taken" not in Post.objects.get().body
