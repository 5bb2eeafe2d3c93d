"""Words that must not come back (docs/words.md), and catalogues that can be read."""

import gettext
import re

import pytest

# What is not said any more, and why it would be wrong; as regular expressions without case.
GONE = {
    r"\banswer\w*": "reply",
    r"(?<![-\w])mails?\b(?! server)": "email",
    r"\be-mail": "email",
    r"\bproved?\b": "verified, confirm",
    r"\bpress(es|ed)?\b": "choose, or the button’s own name",
    r"\btak\w+ along\b": "download",
    r"\b(she|hers?|herself)\b": "they",
    r"\bnot any more\b": "no longer",
    r"\bat once\b": "right away",
    r"\b(somebody|nobody)\b": "someone, no one",
    r"\bwish(es|ed)?\b": "want",
    r"\breceipts?\b": "status page, private link",
    r"\bstandings?\b": "trust, ban",
    r"\bthe desk\b": "dashboard",
    r"\blead images?\b": "featured image",
    r"\btaken? back\b": "deleted",
    r"\w'\w": "’",
}


def messages(root):
    """Return the English sentences that a catalogue knows."""
    text = (root / "locale/de/LC_MESSAGES/django.po").read_text()
    found = re.findall(r'^msgid(?:_plural)? ((?:".*"\n)+)', text, re.MULTILINE)
    return {"".join(re.findall(r'"(.*)"', each)) for each in found}


def test_there_are_messages_to_look_at(root):
    assert len(messages(root)) > 2000


@pytest.mark.parametrize("term", GONE)
def test_a_term_that_was_given_up_does_not_come_back(root, term):
    found = [each for each in messages(root) if re.search(term, each, re.IGNORECASE)]
    assert found == [], f"say: {GONE[term]}"


@pytest.mark.parametrize("language", ["ar", "de"])
def test_a_catalogue_can_be_read_and_its_plurals_counted(root, language):
    with (root / f"locale/{language}/LC_MESSAGES/django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    one = catalogue.ngettext("%(count)s result", "%(count)s results", 1)
    many = catalogue.ngettext("%(count)s result", "%(count)s results", 5)
    assert len({one, many, "%(count)s result"}) == 3


def test_an_address_is_called_verified_in_code_too(root):
    """Only a column keeps its name: to change it, SQLite would write its table anew."""
    kept = ('db_column="proved_address_id"',)
    found = []
    for folder in ("accounts", "bench", "blog", "comments", "config", "templates", "tests"):
        for path in (root / folder).rglob("*"):
            if path.suffix not in {".py", ".html", ".txt", ".js"} or "migrations" in path.parts:
                continue
            for line in path.read_text().splitlines():
                if re.search(r"(?<![a-z])(un)?proved(?![a-z])", line, re.IGNORECASE):
                    found.append(f"{path.relative_to(root)}: {line.strip()}")
    found = [line for line in found if not any(word in line for word in kept)]
    assert [line for line in found if not line.startswith("tests/house/test_words.py")] == []
