"""What collectstatic leaves for the server to send: nothing is compressed twice."""

import gzip

import brotli
import pytest

from config.files.storage import JoinedStatic

TEXT = "The lake was still. " * 200


@pytest.fixture
def storage(tmp_path):
    return JoinedStatic(location=tmp_path, base_url="/static/")


def compressed(storage, *names):
    return sorted(made for _, made in storage.compress_files(names))


def test_a_file_is_compressed_once_and_again_when_it_changes(storage, tmp_path):
    file = tmp_path / "lake.css"
    file.write_text(TEXT)
    assert compressed(storage, "lake.css") == ["lake.css.br", "lake.css.gz"]
    file.write_text(TEXT)  # as at each start
    assert compressed(storage, "lake.css") == []
    file.write_text(TEXT.upper())
    assert compressed(storage, "lake.css") == ["lake.css.br", "lake.css.gz"]
    assert gzip.decompress((tmp_path / "lake.css.gz").read_bytes()).decode() == TEXT.upper()
    assert brotli.decompress((tmp_path / "lake.css.br").read_bytes()).decode() == TEXT.upper()


@pytest.mark.parametrize("left", [0, 5, 40])
def test_what_a_crash_cut_off_is_compressed_again(storage, tmp_path, left):
    (tmp_path / "lake.css").write_text(TEXT)
    compressed(storage, "lake.css")
    half = tmp_path / "lake.css.gz"
    half.write_bytes(half.read_bytes()[:left])
    assert compressed(storage, "lake.css") == ["lake.css.br", "lake.css.gz"]


def test_two_names_of_one_content_cost_one_compression(storage, tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr(
        "whitenoise.compress.brotli.compress", lambda data: given.append(data) or b"small"
    )
    text = TEXT + str(tmp_path)  # nobody has compressed it before
    names = ("lake.js", "lake.0123456789ab.js")
    for name in names:
        (tmp_path / name).write_text(text)
    assert len(compressed(storage, *names)) == 4
    assert given == [text.encode()]
