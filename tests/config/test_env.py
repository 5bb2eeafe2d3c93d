"""Reading environment variables: typed, and invalid values are refused in a sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


@pytest.mark.parametrize("word", ["1", "true", "YES", "on"])
def test_a_flag_can_be_on_in_several_words(monkeypatch, word):
    monkeypatch.setenv("LAMP", word)
    assert env.flag("LAMP", False) is True


@pytest.mark.parametrize("word", ["0", "false", "No", "off"])
def test_a_flag_can_be_off_in_several_words(monkeypatch, word):
    monkeypatch.setenv("LAMP", word)
    assert env.flag("LAMP", True) is False


@pytest.mark.parametrize("word", ["maybe", "2", "onn"])
def test_a_flag_refuses_any_other_word(monkeypatch, word):
    monkeypatch.setenv("LAMP", word)
    with pytest.raises(ImproperlyConfigured, match=r"LAMP is .* on or off"):
        env.flag("LAMP", True)


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("LAMP", "  ")
    assert env.flag("LAMP", True) is True
    assert env.number("LAMP", 7) == 7
    assert env.listing("LAMP", ("a",)) == ["a"]
    assert env.text("LAMP", "b") == "b"
    assert env.secret("LAMP") == ""


@pytest.mark.parametrize("word", ["ten", "1.5", "-1", "٣", "1_000", "99999999999"])
def test_a_number_is_whole_and_written_in_plain_digits(monkeypatch, word):
    monkeypatch.setenv("SIZE", word)
    with pytest.raises(ImproperlyConfigured, match="SIZE"):
        env.number("SIZE", 1)


@pytest.mark.parametrize("word", ["0", "65536"])
def test_a_number_stays_in_its_bounds(monkeypatch, word):
    monkeypatch.setenv("PORT", word)
    with pytest.raises(ImproperlyConfigured, match="from 1 to 65535"):
        env.number("PORT", 8000, least=1, most=65535)


def test_a_list_is_split_at_commas(monkeypatch):
    monkeypatch.setenv("PEOPLE", "alice, mia,bob")
    assert env.listing("PEOPLE") == ["alice", "mia", "bob"]


@pytest.mark.parametrize("words", ["alice,,bob", "alice mia", ","])
def test_a_list_refuses_gaps_and_missing_commas(monkeypatch, words):
    monkeypatch.setenv("PEOPLE", words)
    with pytest.raises(ImproperlyConfigured, match="separated by commas"):
        env.listing("PEOPLE")


def test_a_text_refuses_a_line_break(monkeypatch):
    monkeypatch.setenv("NAME", "one\ntwo")
    with pytest.raises(ImproperlyConfigured, match="line break"):
        env.text("NAME")


def test_a_secret_can_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("very secret\n")
    monkeypatch.setenv("KEY_FILE", str(tmp_path / "key"))
    assert env.secret("KEY") == "very secret"


def test_a_secret_cannot_be_given_twice(monkeypatch, tmp_path):
    monkeypatch.setenv("KEY", "one")
    monkeypatch.setenv("KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(ImproperlyConfigured, match="both set"):
        env.secret("KEY")


@pytest.mark.parametrize("content", [None, "", b"\xff\xfe"])
def test_a_secret_refuses_an_empty_or_missing_file(monkeypatch, tmp_path, content):
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    monkeypatch.setenv("KEY_FILE", str(path))
    with pytest.raises(ImproperlyConfigured, match="KEY_FILE names"):
        env.secret("KEY")


def test_a_generated_secret_is_made_once_and_readable_only_by_its_owner(tmp_path):
    path = tmp_path / "key"
    first = env.kept_secret(path)
    assert len(first) > 50
    assert env.kept_secret(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_the_environment_wins_over_the_file(monkeypatch, tmp_path):
    (tmp_path / "env").write_text("# words\n\nexport ONE='a b'\nTWO=x=y # z\nTHREE=\"\"\n")
    monkeypatch.setenv("ONE", "mine")
    for name in ("TWO", "THREE"):
        monkeypatch.setenv(name, "to be put back")
        monkeypatch.delenv(name)
    env.read_file(tmp_path / "env")
    assert env.text("ONE") == "mine"
    assert env.text("TWO") == "x=y # z"
    assert env.text("THREE", "empty") == "empty"


def test_an_invalid_line_is_named(tmp_path):
    (tmp_path / "env").write_text("DEBUG on\n")
    with pytest.raises(ImproperlyConfigured, match="env, line 1"):
        env.read_file(tmp_path / "env")
