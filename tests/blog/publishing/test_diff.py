"""Diffs of two versions of a text: by paragraphs and words, in bounded time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.html_to_text import paragraphs
from blog.publishing import diff
from blog.publishing.diff import ADDED, CHANGED, LEFT_OUT, REMOVED, SAME, compare_html


def texts(blocks, *kinds):
    return [
        "".join(text for kind, text in block.parts if not kinds or kind in kinds)
        for block in blocks
    ]


def test_paragraphs_are_split_as_a_reader_sees_them():
    html = (
        "<h2>One</h2><p>Two <b>three</b><br>four</p><ul><li>five</li><li><p>six</p></li></ul>"
        '<blockquote><p>seven</p></blockquote><p><img src="/a.png" alt="a lake"></p>tail &amp; end'
    )
    assert paragraphs(html) == [
        "## One",
        "Two three ⏎ four",
        "• five",
        "• six",
        "> seven",
        "[a lake]",
        "tail & end",
    ]


def test_a_changed_word_leaves_the_rest_of_the_paragraph_unchanged():
    [block] = compare_html("<p>The lake was still.</p>", "<p>The lake was calm.</p>")
    assert block.kind == CHANGED
    assert block.parts == [
        (SAME, "The lake was "),
        (REMOVED, "still"),
        (ADDED, "calm"),
        (SAME, "."),
    ]


def test_a_rewritten_paragraph_is_one_removed_and_one_added():
    blocks = compare_html("<p>All of it is gone now.</p>", "<p>Nobody expected rain, yet here.</p>")
    assert [block.kind for block in blocks] == [REMOVED, ADDED]


def test_paragraphs_far_from_a_change_are_left_out_and_counted():
    many = [f"<p>Paragraph number {number}.</p>" for number in range(30)]
    new = [*many[:20], "<p>Something else.</p>", *many[20:]]
    blocks = compare_html("".join(many), "".join(new))
    assert [(block.kind, block.count) for block in blocks] == [
        (LEFT_OUT, 19),
        (SAME, 0),
        (ADDED, 0),
        (SAME, 0),
        (LEFT_OUT, 9),
    ]


def test_equal_words_are_no_change():
    assert not diff.has_changes(compare_html("<p>a <b>b</b></p>", "<p>a b</p>"))
    assert compare_html("", "") == []


HTML = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<li>", "<h2>", "the ", "lake ", "雨", "😀", "&amp;", ".", "<br>"]
    )
).map("".join)


@given(old=HTML, new=HTML)
def test_both_texts_can_be_read_in_their_difference(old, new):
    steps = []
    for kind, before, after in diff.steps_between(paragraphs(old), paragraphs(new)):
        steps += [(kind, before, after)]
    assert [text for _, before, _ in steps for text in before] == paragraphs(old)
    assert [text for _, _, after in steps for text in after] == paragraphs(new)
    blocks = compare_html(old, new)
    assert diff.has_changes(blocks) == (paragraphs(old) != paragraphs(new))
    seen = "".join(texts(blocks, SAME, ADDED))
    assert all(block.kind != LEFT_OUT for block in blocks) <= (seen == "".join(paragraphs(new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [("word " * 100_000, "other " * 100_000), ("<p>a b c</p>" * 20_000, "<p>a b d</p>" * 20_001)],
    ids=["one long paragraph", "many short ones"],
)
def test_very_long_texts_are_compared_as_a_whole(old, new, monkeypatch):
    steps = []
    matcher = diff.SequenceMatcher

    def counted(junk, a, b, **options):
        steps.append(len(a) * len(b))
        return matcher(junk, a, b, **options)

    monkeypatch.setattr(diff, "SequenceMatcher", counted)
    assert diff.has_changes(compare_html(old, new))
    assert max(steps, default=0) <= diff.MOST_STEPS
    assert sum(steps) <= 200 * diff.MOST_STEPS
