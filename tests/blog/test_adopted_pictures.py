"""After an import its pictures come into the library, and the texts stay what they were."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from blog.models import Image, Post
from blog.picture_adoption import NAME
from tests.blog.moving import move_in, post
from tests.blog.pictures import drawn, from_a_phone
from tests.blog.wxr_samples import ADDRESS

pytestmark = pytest.mark.django_db
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


def test_a_picture_comes_in_sizes_and_says_no_longer_where_it_was_taken(uploads):
    picture = f'<img src="{AT}/lake.jpg" alt="Lake" width="30" height="45">'
    move_in(post(body=f'<a href="{AT}/lake.jpg">{picture}</a>'), media=uploads)
    before = Post.objects.get()
    [was] = set(NAME.findall(before.body))
    assert default_storage.exists(was)
    assert "1 text has its pictures in the library now." in adopt()[0]
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
    assert adopt() == ("0 texts have their pictures in the library now.\n", "")
    assert Post.objects.get().body == body


def test_what_moves_or_is_damaged_stays_as_it_is(uploads):
    body = f'<img src="{AT}/moving.gif" alt="a"><img src="{AT}/damaged.png" alt="b">'
    move_in(post(body=body), media=uploads)
    before = Post.objects.get().body
    said, problems = adopt()
    assert "0 texts" in said
    assert "damaged or was cut off" in problems
    assert Post.objects.get().body == before
    assert Image.objects.count() == 0
