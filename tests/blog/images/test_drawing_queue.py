"""Pictures are drawn one at a time, within bounded memory, and an odd one stops nothing."""

import io
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from PIL import Image as Pillow

from accounts.refusal import Refused
from blog.images import drawing_queue, processing
from blog.models import Image
from config.files.storage import Uploads
from tests.blog.image_files import ADD, LIST, UPLOAD, drawn, file, from_a_phone, png_that_says

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(drawing_queue, "PATIENCE", 0)


HOLD = """
import fcntl, sys
file = open(sys.argv[1], "a")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
input()
"""


@pytest.fixture
def another_machine_process(tmp_path):
    """Another process that has the turn, until the test ends."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / drawing_queue.FILE)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        process.stdout.readline()
        yield process
        process.kill()


@pytest.mark.usefixtures("impatient", "another_machine_process")
def test_who_has_to_wait_too_long_is_told_when_to_come_again(signed_in, alice):
    answer = signed_in(alice).post(UPLOAD, {"file": file(drawn(size=(30, 20)))})
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "Nothing else is lost" in answer.json()["error"]
    form = {"upload": file(drawn(size=(30, 20))), "title": "The lake", "alt": "Still water"}
    answer = signed_in(alice).post(ADD, form)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "Still water" in answer.text
    assert "Nothing else is lost" in answer.text
    assert not Image.objects.exists()
    assert signed_in(alice).get(LIST).status_code == 200


@pytest.mark.usefixtures("impatient", "another_machine_process")
def test_a_social_card_waits_too(client, published_post):
    from blog.images import social_card
    from blog.models.settings import Blog

    address = social_card.path(published_post(), Blog.get())
    answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")


def test_a_social_card_that_another_request_has_just_drawn_is_not_drawn_again(
    published_post, monkeypatch
):
    from blog.images import social_card
    from blog.models.settings import Blog

    post, blog, drew = published_post(), Blog.get(), []
    monkeypatch.setattr(social_card, "draw", lambda *names: drew.append(names) or b"a card")
    alone = drawing_queue.turn

    @contextmanager
    def after_another():
        monkeypatch.setattr(drawing_queue, "turn", alone)
        social_card.png(post, blog)
        with alone():
            yield

    monkeypatch.setattr(drawing_queue, "turn", after_another)
    assert social_card.png(post, blog) == b"a card"
    assert drew == [(post.title, blog.title)]


def test_the_turn_passes_on_when_its_process_is_killed(another_machine_process, monkeypatch):
    monkeypatch.setattr(drawing_queue, "PATIENCE", 60)
    threading.Timer(0.2, another_machine_process.kill).start()
    assert Image.keep(file(drawn(size=(30, 20))), None).width == 30


def test_few_threads_wait_and_the_others_are_for_readers(another_machine_process, monkeypatch):
    monkeypatch.setattr(drawing_queue, "PATIENCE", 60)
    waiting = []

    def wait():
        with drawing_queue.turn():
            waiting.append("drew")

    threads = [threading.Thread(target=wait) for _ in range(drawing_queue.MOST_THREADS)]
    for thread in threads:
        thread.start()
    while drawing_queue.places.acquire(blocking=False):
        drawing_queue.places.release()
    with pytest.raises(drawing_queue.Busy), drawing_queue.turn():
        pass
    another_machine_process.kill()
    for thread in threads:
        thread.join()
    assert waiting == ["drew"] * drawing_queue.MOST_THREADS
    with drawing_queue.turn():
        pass


def in_mode(mode, kind="PNG", size=(30, 20), **options):
    into = io.BytesIO()
    Pillow.new(mode, size).save(into, kind, **options)
    return into.getvalue()


ODD = {
    **{f"{kind} one pixel high": drawn(kind, (5000, 1)) for kind in ("JPEG", "PNG", "GIF", "WEBP")},
    **{
        f"{kind} one pixel wide": drawn(kind, (1, 5000)) for kind in ("JPEG", "PNG", "AVIF", "WEBP")
    },
    "1 x 1": drawn("PNG", (1, 1)),
    "1 x 20000": drawn("PNG", (1, 20_000)),
    "20000 x 1": drawn("PNG", (20_000, 1)),
    "2 x 15000, turned": from_a_phone((15_000, 2)),
    "CMYK": in_mode("CMYK", "JPEG"),
    "16 bit": in_mode("I;16", size=(3000, 2)),
    "a palette with transparency": in_mode("P", transparency=0),
    "a palette with some transparency": in_mode("P", transparency=bytes(range(256))),
    "animated": drawn("WEBP", (9, 9), save_all=True, append_images=[Pillow.new("RGB", (9, 9))] * 3),
    "cut off": drawn()[:-2000],
    "another kind's name": drawn("GIF", (30, 20)),
    "zero bytes": b"",
    "a bomb": png_that_says(65_000, 65_000),
    "orientation 99": from_a_phone((30, 20), orientation=99),
    "a broken profile": drawn("PNG", (30, 20), icc_profile=b"\0" * 200),
}


@pytest.mark.parametrize("what", ODD)
def test_an_odd_picture_is_drawn_or_refused_with_a_sentence(signed_in, alice, what):
    answer = signed_in(alice).post(UPLOAD, {"file": file(ODD[what], "odd.png")})
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        assert answer.json()["error"].endswith((".", "can."))
        assert not default_storage.exists("pictures")
        return
    image = Image.objects.get()
    for names in image.sizes.values():
        for address in names.values():
            assert default_storage.size(address.removeprefix(default_storage.url("")))


def test_a_picture_without_sizes_leaves_no_file(monkeypatch):
    def fail(*_given):
        raise ZeroDivisionError

    monkeypatch.setattr(processing.Rendition, "resize", fail)
    with pytest.raises(Refused):
        Image.keep(file(drawn(size=(30, 20))), None)
    assert not default_storage.exists("pictures")


@pytest.mark.usefixtures("impatient")
def test_others_draw_while_a_picture_is_sent_to_its_storage(monkeypatch):
    sent, save = [], Uploads.save

    def slow(self, name, content, max_length=None):
        with drawing_queue.turn():  # which raises Busy if nobody else may draw now
            sent.append(name)
        return save(self, name, content, max_length)

    monkeypatch.setattr(Uploads, "save", slow)
    Image.keep(file(drawn(size=(700, 20))), None)
    assert len(sent) == 5


def test_a_storage_that_fails_on_the_way_keeps_no_part_of_a_picture(monkeypatch, tmp_path):
    sent, save = [], Uploads.save

    def failing(self, name, content, max_length=None):
        sent.append(name)
        if len(sent) == 3:
            raise OSError(28, "No space left on device")
        return save(self, name, content, max_length)

    monkeypatch.setattr(Uploads, "save", failing)
    with pytest.raises(OSError, match="No space left"):
        Image.keep(file(drawn(size=(30, 20))), None)
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []
    assert not Image.objects.exists()


# 49 megapixels took 540 MB as a photograph and 650 as PNG. What Python itself takes is not counted.
MEMORY = """
import io, resource, sys
import django; django.setup()
from django.core.files.base import ContentFile
from PIL import Image
from blog.images import processing
kind, mode, file = sys.argv[1], sys.argv[2], sys.argv[3]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open(file, "rb") as content:
    processing.drawn(ContentFile(content.read()))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "I;16")])
def test_a_picture_of_49_megapixels_is_drawn_in_512_megabytes(tmp_path, kind, mode):
    path = tmp_path / "large"
    path.write_bytes(in_mode(mode, kind, (7000, 7000)))
    command = [sys.executable, "-c", MEMORY, kind, mode, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 512


def test_a_picture_that_fails_as_nobody_foresaw_does_not_end_the_command(
    monkeypatch, published_post, capsys
):
    names = [default_storage.save("imported/x.png", file(drawn("PNG", (n, 20)))) for n in (30, 40)]
    post = published_post(body="".join(f'<img src="/media/{name}" alt="a">' for name in names))
    real, failed = processing.drawn, []

    def once(content):
        if not failed:
            failed.append(content)
            raise TypeError("nobody foresaw this")
        return real(content)

    monkeypatch.setattr(processing, "drawn", once)
    call_command("adopt_pictures")
    said = capsys.readouterr()
    assert "nobody foresaw this" in said.err
    post.refresh_from_db()
    assert post.body.count("/media/pictures/") > 1
    assert post.body.count("/media/imported/") == 1


def test_a_file_that_cannot_be_deleted_does_not_end_the_command(monkeypatch, capsys):
    for width in (30, 40):
        Image.keep(file(drawn("PNG", (width, 20))), None)
    real, failed = Image.delete, []

    def once(self, *given):
        if not failed:
            failed.append(self)
            raise OSError("read-only")
        return real(self, *given)

    monkeypatch.setattr(Image, "delete", once)
    call_command("unused_pictures", "--delete", "--days=-1")
    said = capsys.readouterr()
    assert "read-only" in said.err
    assert "1 unused image was deleted." in said.out
    assert Image.objects.get() == failed[0]
