"""Image processing: uploads are checked, redrawn, and kept in several sizes."""

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from accounts.refusal import Refused
from blog.images import files as images_files
from blog.images import processing
from blog.models import Image
from tests.blog.image_files import (
    drawn,
    file,
    from_a_phone,
    opened,
    png_of_depth,
    png_that_says,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def kept(content, name="lake.jpg", person=None):
    return Image.keep(file(content, name), person)


def stored():
    found = []
    for folder in default_storage.listdir("pictures")[0]:
        inside, files = default_storage.listdir(f"pictures/{folder}")
        found += files
        for each in inside:
            found += default_storage.listdir(f"pictures/{folder}/{each}")[1]
    return found


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "JPEG"), ("AVIF", "JPEG"), ("GIF", "PNG")],
)
def test_each_format_is_accepted_whatever_the_file_name_says(kind, becomes):
    image = kept(drawn(kind, size=(60, 40)), "holiday.svg")
    assert (image.width, image.height) == (60, 40)
    assert opened(default_storage, image.file).format == becomes


def test_a_photograph_is_turned_upright_and_loses_its_location():
    image = kept(from_a_phone(size=(1000, 1600)))
    assert (image.width, image.height) == (1000, 1600)
    for name in [image.file, *(n for found in files_of(image) for n in found)]:
        picture = opened(default_storage, name)
        assert picture.width < picture.height
        assert dict(picture.getexif()) == {}
        with default_storage.open(name) as raw:
            assert b"A Maker Of Phones" not in raw.read()
        # Turned by a quarter, what was the left half is above.
        assert picture.convert("RGB").getpixel((20, 5))[2] > 90


def files_of(image):
    return [list(each.values()) for each in images_files.sizes(image.file, image.width).values()]


def test_a_picture_is_kept_in_sizes_for_small_and_sharp_screens():
    image = kept(drawn(size=(1600, 1000)))
    assert {kind: list(found) for kind, found in image.sizes.items()} == {
        "AVIF": [560, 840, 1120],
        "WEBP": [560, 840, 1120],
    }
    for kind, names in zip(image.sizes, files_of(image), strict=True):
        for width, name in zip(image.sizes[kind], names, strict=True):
            picture = opened(default_storage, name)
            assert (picture.format, picture.width) == (kind, width)


@pytest.mark.parametrize(("width", "sizes"), [(1, [1]), (300, [300]), (700, [560, 700])])
def test_a_small_picture_is_never_enlarged(width, sizes):
    image = kept(drawn("PNG", size=(width, 20)))
    assert list(image.sizes["WEBP"]) == sizes
    assert [opened(default_storage, name).width for name in files_of(image)[1]] == sizes


def test_a_large_picture_is_reduced_to_the_largest_useful_size():
    assert kept(drawn(size=(6000, 3000))).width == processing.LARGEST[0]


def test_transparency_is_kept():
    image = kept(drawn("WEBP", size=(60, 40), mode="RGBA", color=(9, 9, 9, 0)))
    assert opened(default_storage, image.file).getpixel((5, 5))[3] == 0
    assert opened(default_storage, files_of(image)[1][0]).getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_all_colour_modes_are_understood(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    into = io.BytesIO()
    Pillow.new(mode, (30, 20)).save(into, kind)
    assert kept(into.getvalue()).width == 30


@pytest.mark.parametrize(
    ("bits", "kind", "clear", "pixels"),
    [
        # Grey of 16 bits, as scanners write it: pixel as stored, and how it has to look.
        (16, 0, "", {"0000": (0, 255), "00ff": (1, 255), "8080": (128, 255), "ffff": (255, 255)}),
        (16, 0, "8080", {"807f": (128, 255), "8080": (128, 0), "8081": (128, 255)}),
        # One clear colour, in pictures of fewer and of more bits than eight.
        (1, 0, "0001", {"00": (0, 255), "80": (255, 0)}),
        (2, 0, "0002", {"40": (85, 255), "80": (170, 0), "c0": (255, 255)}),
        (4, 0, "000a", {"50": (85, 255), "a0": (170, 0), "f0": (255, 255)}),
        (8, 0, "00a0", {"9f": (159, 255), "a0": (160, 0)}),
        (16, 2, "123480009abc", {"123480009abc": (18, 0), "ffff80009abc": (255, 255)}),
        # A channel of its own for what is clear.
        (16, 4, "", {"8080ffff": (128, 255), "ffff0000": (255, 0)}),
        (16, 6, "", {"808000000000ffff": (128, 255), "ffff000000008080": (255, 128)}),
    ],
)
def test_a_drawing_of_any_depth_keeps_its_shades_and_its_clear_colour(bits, kind, clear, pixels):
    for pixel, (shade, alpha) in pixels.items():
        image = kept(png_of_depth(bits, kind, pixel, clear), "scan.png")
        seen = opened(default_storage, image.file).convert("RGBA").getpixel((0, 0))
        assert abs(seen[0] - shade) <= 1, pixel
        assert seen[3] == alpha, pixel


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("further", [1, 3])
def test_a_photograph_with_further_pictures_inside_stays_a_photograph(mode, further):
    inside = [Pillow.new(mode, (20, 10)) for _each in range(further)]
    content = drawn("MPO", mode=mode, color=90, save_all=True, append_images=inside)
    with Pillow.open(io.BytesIO(content)) as sent:
        assert (sent.format, sent.n_frames) == ("MPO", further + 1)
    image = kept(content)
    picture = opened(default_storage, image.file)
    assert image.file.endswith(".jpg")
    assert (picture.format, picture.size) == ("JPEG", (1600, 1000))
    assert getattr(picture, "n_frames", 1) == 1


def test_a_broken_colour_profile_is_ignored():
    assert kept(drawn(size=(30, 20), icc_profile=b"nonsense" * 40)).width == 30


def test_an_animated_picture_shows_its_first_frame():
    frames = [Pillow.new("RGB", (30, 20), color) for color in ("red", "blue")]
    into = io.BytesIO()
    frames[0].save(into, "GIF", save_all=True, append_images=frames[1:])
    picture = opened(default_storage, kept(into.getvalue()).file)
    assert getattr(picture, "n_frames", 1) == 1
    assert picture.convert("RGB").getpixel((3, 3)) == (255, 0, 0)


def test_data_appended_to_a_picture_is_dropped():
    hidden = b"<script>alert(1)</script>PK\x03\x04 a second file"
    image = kept(drawn(size=(60, 40), comment=b"<?php hidden ?>") + hidden)
    for name in [image.file, *files_of(image)[0], *files_of(image)[1]]:
        with default_storage.open(name) as raw:
            content = raw.read()
        assert b"script" not in content
        assert b"php" not in content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "JPEG, PNG"),
        (b"\x89PNG\r\n\x1a\n<svg xmlns='http://www.w3.org/2000/svg'/>", "JPEG, PNG"),
        (b"GIF89a/*<svg>*/=1;alert(1)", "JPEG, PNG"),
        (b"\xff\xd8\xff<html>", "JPEG, PNG"),
        (b"%PDF-1.7", "JPEG, PNG"),
        (drawn("BMP", size=(4, 4)), "JPEG, PNG"),
        (drawn("TIFF", size=(4, 4)), "JPEG, PNG"),
        (drawn("ICO", size=(16, 16)), "JPEG, PNG"),
        (drawn()[:3000], "damaged or incomplete"),
        (drawn("PNG")[:3000], "damaged or incomplete"),
        (drawn("WEBP")[:300], "JPEG, PNG|damaged or incomplete"),
        (drawn("AVIF")[:400], "JPEG, PNG|damaged or incomplete"),
        (png_that_says(10_000, 10_000), "50 megapixels"),
        (png_that_says(20_000, 20_000), "50 megapixels"),
        (png_that_says(60_000, 60_000), "50 megapixels"),
        (png_that_says(5000, 5000), "damaged or incomplete"),
        (b"\0" * 30_000_000, "MB"),
    ],
)
def test_a_file_that_is_no_picture_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(Refused, match=sentence):
        kept(content, "lake.png")
    assert Image.objects.count() == 0
    assert not default_storage.exists("pictures")


def test_a_hundred_megapixels_are_refused_before_they_are_read():
    into = io.BytesIO()
    Pillow.new("1", (10_000, 10_001)).save(into, "PNG")
    with pytest.raises(Refused, match="50 megapixels"):
        kept(into.getvalue())


def test_the_same_picture_is_stored_once_and_listed_in_each_library(alice, owner):
    first = kept(drawn(size=(60, 40)), person=alice)
    again = kept(drawn(size=(60, 40)), "other name.jpg", person=alice)
    other = kept(drawn(size=(60, 40)), person=owner)
    assert first == again
    assert other != first
    assert other.file == first.file
    assert len(stored()) == 3


def test_files_are_deleted_with_the_last_picture_that_uses_them(
    alice, owner, django_capture_on_commit_callbacks
):
    first, last = (kept(drawn(size=(60, 40)), person=each) for each in (alice, owner))
    with django_capture_on_commit_callbacks(execute=True):
        first.delete()
    assert len(stored()) == 3
    with django_capture_on_commit_callbacks(execute=True):
        last.delete()
    assert stored() == []


def test_image_files_are_cached_for_a_year_under_the_policy_of_uploads(client):
    image = kept(drawn(size=(60, 40)))
    for address in (image.url, image.thumbnail, *image.sizes["AVIF"].values()):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Content-Type"].startswith("image/")
