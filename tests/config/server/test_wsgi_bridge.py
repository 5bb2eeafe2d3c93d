"""Answers pass from the WSGI application to the server whole; long files are not copied."""

import os
from io import BytesIO

import pytest
from django.http import FileResponse, HttpResponse

from config.server.wsgi_bridge import IN_MEMORY, answer_of

LONG = os.urandom(IN_MEMORY + 1)


def answer(response, method="GET"):
    def application(environ, start_response):
        start_response(f"{response.status_code} OK", list(response.items()))
        return response

    return answer_of(application, {"REQUEST_METHOD": method})


@pytest.fixture
def picture(tmp_path):
    picture = tmp_path / "lake.png"
    picture.write_bytes(LONG)
    return picture


def sent(answer):
    """What the server reads."""
    with answer.file, open(answer.path, "rb") as file:
        return file.read()


def test_a_long_file_is_not_copied_and_stays_readable_when_it_is_deleted(picture):
    found = answer(FileResponse(picture.open("rb")))
    assert os.path.samestat(os.fstat(found.file.fileno()), picture.stat())
    picture.unlink()
    assert sent(found) == LONG


def test_a_short_file_is_read(tmp_path):
    (tmp_path / "note.txt").write_bytes(b"by the sea")
    found = answer(FileResponse((tmp_path / "note.txt").open("rb")))
    assert (found.body, found.file) == (b"by the sea", None)


@pytest.mark.parametrize("response", [FileResponse, HttpResponse])
def test_a_long_answer_from_memory_is_whole(response):
    assert sent(answer(response(BytesIO(LONG)))) == LONG


def test_a_part_of_a_long_file_stays_a_part(picture):
    file = picture.open("rb")
    file.seek(IN_MEMORY)
    found = answer(FileResponse(file))
    assert (found.body, found.file) == (LONG[IN_MEMORY:], None)


def test_nothing_is_sent_where_only_the_headers_were_asked_for(picture):
    found = answer(FileResponse(picture.open("rb")), method="HEAD")
    assert (found.body, found.file) == (b"", None)
    assert dict(found.headers)["Content-Length"] == str(len(LONG))
