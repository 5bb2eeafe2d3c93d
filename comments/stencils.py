"""A comment's HTML from its template, which runs once for all comments that are of one kind.

``_comment.html`` asks some twenty questions about a comment, and on a page of 150 few sets of
answers occur. For each the template is rendered once, with marks where words of a comment
will stand: a stencil, which takes a thirtieth of the time to fill in. All HTML stays in the
template, and so does what is escaped. See docs/decisions/0018-stencils.md.
"""

import re
from functools import lru_cache
from html import escape
from operator import attrgetter

from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

TEMPLATE = "comments/_comment.html"
# What the template may ask a node. Of words, the stencil knows only whether there are any.
FLAGS = "tombstone withdrawn by_author by_account waiting edited supported says_by_place".split()
WORDS = (
    "pk alias label picture name person_url answers in_reply_to url iso when held_reason "
    "paragraph html reply_url support_url report_url receipt_url"
).split()
ASKED = (*FLAGS, *WORDS)
answers_of = attrgetter(*ASKED)
# Escaping changes the brackets, so a mark that comes out says whether its words are escaped.
# Nothing that anybody wrote is in a stencil, so nothing else is taken for a mark.
SIGN = "\x02"
MARK = re.compile(f"{SIGN}(?:<(\\w+)>|&lt;(\\w+)&gt;)")
# A page has half a dozen kinds of comments, a language fifty; beyond, some are rendered anew.
MOST = 512


def html_of(node):
    """Return the HTML of one comment: the bytes that TEMPLATE makes of it."""
    template = get_template(TEMPLATE).template
    if node.note:  # has words of its own, and is rare
        return _rendered(template, node)
    answers = answers_of(node)
    begin, places = stencil_of(template, get_language(), *map(bool, answers))
    pieces = [begin]
    for place, is_escaped, html in places:
        words = str(answers[place])
        pieces += escape(words) if is_escaped else words, html
    return mark_safe("".join(pieces))  # noqa: S308  escaped where the template does


@lru_cache(MOST)
def stencil_of(template, _language, *kind):
    """Return the HTML before the first words, and for all words ``(their place in ASKED, whether
    they are escaped, the HTML after them)``."""
    marked = _Marked(zip(ASKED, kind, strict=True))
    begin, *parts = MARK.split(_rendered(template, marked))
    marks = list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))
    known = {raw or escaped for raw, escaped, _html in marks} <= set(WORDS)
    if not known or SIGN in "".join([begin, *parts[2::3]]):
        raise ValueError(f"{TEMPLATE} changes words before it shows them; {__name__} cannot.")
    return begin, [(ASKED.index(raw or escaped), raw is None, html) for raw, escaped, html in marks]


def _rendered(template, node):
    return template.render(Context({"node": node}))


class _Marked(dict):
    """What stands for a node while a stencil is made: marks for words, and nothing unforeseen."""

    def __init__(self, kind):
        has = dict(kind)
        super().__init__(note=None, **{name: has[name] for name in FLAGS})
        self.update({name: f"{SIGN}<{name}>" if has[name] else "" for name in WORDS})

    def __missing__(self, name):
        raise NotImplementedError(f"{TEMPLATE} asks for {name}, which {__name__} does not know.")
