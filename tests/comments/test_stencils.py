"""A comment that is filled into a stencil is, byte for byte, the one that its template makes."""

from datetime import UTC, datetime
from itertools import product
from types import SimpleNamespace

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.utils import dateformat

from blog.notes import Closed
from comments import dates, stencils
from comments.nodes import Node

# Whatever looks like markup, a template, a format, or one of the marks themselves.
NASTY = "Ö<b>&\"'{{ node.pk }}{0}%s%(name)s\x02<html>\x02&lt;pk&gt;\x03"
MOMENT = datetime(2026, 3, 1, 7, 5, 9, tzinfo=UTC)


def node(**more):
    usual = {"pk": 1234567, "name": NASTY, "html": f"<p>One &amp; {NASTY}</p>", "thread_number": 7}
    return Node(**usual | {"url": "/comments/1/", "created_at": MOMENT} | more)


CHOICES = {
    "by_account": [False, True],
    "answers": ["", NASTY],
    "in_reply_to": ["", "/comments/5/"],
    "says_by_place": [False, True],
    "reply_url": [None, "/comments/1/reply/?a=1&b=2"],
    "support_url": [None, "/comments/1/reaction/"],
    "supported": [False, True],
    "receipt_url": [None, "/comments/1/receipt/"],
}
RARE = [
    {"number": 7},
    {"by_author": True},
    {"tombstone": True},
    {"tombstone": True, "withdrawn": True, "alias": "77"},
    {"alias": "77"},
    {"edited": True},
    {"waiting": True},
    {"waiting": True, "held_reason": NASTY},
    {"picture": "/avatars/abc.svg"},
    {"html": "<p>One.</p><p>Two.</p>"},
    {"html": ""},
    {"note": Closed(NASTY, "3", 1)},
    {"whom": NASTY, "thread_number": 3, "in_reply_to": "/comments/5/"},
]


def by_template(given):
    return render_to_string(stencils.TEMPLATE, {"node": given})


@pytest.mark.parametrize("rare", [{}, *RARE], ids=str)
def test_a_comment_of_any_kind_is_the_one_that_its_template_makes(rare):
    for choice in product(*CHOICES.values()):
        given = node(**dict(zip(CHOICES, choice, strict=True)) | rare)
        assert stencils.html_of(given) == by_template(given)


def test_a_stencil_keeps_no_word_of_the_comment_it_was_made_for():
    stencils.stencil_of.cache_clear()
    stencils.html_of(node(name="Ada", html="<p>mine</p>", picture="/avatars/ada.svg"))
    second = stencils.html_of(node(name="Bea", html="<p>hers</p>", picture="/avatars/bea.svg"))
    assert stencils.stencil_of.cache_info().currsize == 1
    assert second == by_template(node(name="Bea", html="<p>hers</p>", picture="/avatars/bea.svg"))


@pytest.mark.parametrize(
    "source",
    ["{{ node.words_unknown }}", "{% if node.depth %}{% endif %}"],
)
def test_a_template_that_asks_for_more_fails_at_once(monkeypatch, source):
    use(monkeypatch, source)
    with pytest.raises(NotImplementedError):
        stencils.html_of(node())


@pytest.mark.parametrize("source", ["{{ node.name|truncatechars:3 }}", "{{ node.name|upper }}"])
def test_a_template_that_changes_words_fails_at_once(monkeypatch, source):
    use(monkeypatch, source)
    with pytest.raises(ValueError, match=stencils.TEMPLATE):
        stencils.html_of(node())


def use(monkeypatch, source):
    template = SimpleNamespace(template=engines["django"].from_string(source).template)
    monkeypatch.setattr(stencils, "get_template", lambda name: template)


FORMS = ["j M Y, H:i", "d.m.Y G:i", "Y-m-d", "n/j", "D j. F Y", r"\Y Y", "{j} Y", "H\u6642i"]


@pytest.mark.parametrize("form", FORMS)
def test_a_date_is_written_as_django_writes_it(form):
    for month, hour in product(range(1, 13), (0, 9, 23)):
        moment = MOMENT.replace(month=month, hour=hour)
        assert dates.in_form(moment, form) == dateformat.format(moment, form)
