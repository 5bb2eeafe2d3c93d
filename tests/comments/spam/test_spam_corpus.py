"""The checks on the project's labelled corpus, with the numbers of docs/moderation.md."""

import pytest

from bench.spam import __main__ as command
from bench.spam import corpus

LEAST_PRECISION, LEAST_RECALL = 0.98, 0.55


@pytest.fixture(scope="module")
def texts():
    return corpus.own()


def test_the_corpus_is_the_same_each_time_and_large_enough(texts):
    assert corpus.own() == texts
    spam = [text.words for text in texts if text.spam]
    kind = [text.words for text in texts if not text.spam]
    assert len(spam) >= 300
    assert len(kind) >= 180
    assert not set(spam) & set(kind)
    assert not any("{" in words or "|" in words for words in spam + kind)


def test_the_classifier_holds_spam_and_hardly_anything_else(texts):
    from bench.spam.measuring import measured

    found = measured(texts)
    assert found["like spam"].precision >= LEAST_PRECISION
    assert found["like spam"].recall >= LEAST_RECALL
    assert found["both"].recall >= found["like spam"].recall


def test_the_link_check_alone_holds_no_genuine_comment(texts):
    from bench.spam.measuring import measured

    assert measured(texts)["links"].held_kept == 0


def test_the_command_prints_the_table(texts, capsys, tmp_path):
    command.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{len(texts)} texts, {sum(text.spam for text in texts)} of them spam"
    assert [line.split("|")[1].strip() for line in lines[4:]] == ["links", "like spam", "both"]
    path = tmp_path / "others.txt"
    path.write_text("ham\tGood evening\nspam\tBuy now\nnothing of both\n")
    command.main(path)
    assert capsys.readouterr().out.startswith("2 texts, 1 of them spam")
