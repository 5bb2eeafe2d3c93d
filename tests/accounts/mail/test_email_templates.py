"""Each email is one template with a subject, a plain text and an HTML part."""

import pytest
from django.template.loader import render_to_string

from accounts.mail import compose

ADA = {"title": "Tom & Ada", "name": "Ada", "text": "<b>"}
CONTEXT = {"line": ADA, "lines": [ADA], "count": 1, "link": "/m/a&b/"}


def written(template, part):
    return render_to_string(template, CONTEXT | {"part": part})


@pytest.mark.parametrize("part", compose.PARTS)
@pytest.mark.parametrize("name", compose.email_functions())
def test_every_mail_has_a_subject_a_text_and_html(name, part):
    frame = written("accounts/emails/base.html", part)
    found = written(compose.template_name(name), part)
    assert found.strip() != frame.strip()
    assert ("<body>" in found) == (part == "html")


def test_a_subject_and_a_plain_text_have_no_entities():
    assert written("comments/emails/answer.html", "subject").strip() == "Ada commented on Tom & Ada"
    text = written("comments/emails/answer.html", "text")
    assert "“Tom & Ada”" in text
    assert "<b>" in text


def test_html_in_a_value_is_escaped():
    html = written("comments/emails/answer.html", "html")
    assert "“Tom &amp; Ada”" in html
    assert "<b>" not in html
