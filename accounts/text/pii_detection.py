"""Detection of personal data that a writer may not mean to publish: e-mail, phone, street.

Patterns only; a match makes the form ask, and never refuses a comment. Better to ask once too
rarely than to make people press twice for a date or a count.
"""

import re

EMAIL, PHONE, STREET = "email", "phone", "street"

ANY_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
DATE = re.compile(r"\b\d{1,4}([./-])\d{1,2}\1\d{1,4}\b")
# ITU-T E.123 in common spellings: with + or a leading 0, or in three groups.
PHONE_NUMBER = re.compile(
    r"(?<![\w.])(?:(?:\+|0)\d(?:[ ()./\u00a0-]{0,2}\d){7,13}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})(?!\w)"
)
# Begun where no word is going on, and no longer than words are: a search from each letter of a long
# one, or to the end of one that goes on and on, would take time by the square of its length.
NAME = r"[\w'’-]{0,60}"
WORD = rf"(?<![\w'’-])[^\W\d_]{NAME}"
ENGLISH = r"(?i:street|st|road|rd|avenue|ave|lane|ln|drive|boulevard|blvd|crescent|terrace)"
GERMAN = r"(?:straße|strasse|str\.|gasse|allee)"
STREETS = [
    re.compile(rf"\b\d{{1,5}}[a-z]?,? (?:[A-Z]{NAME} ){{1,3}}{ENGLISH}\b"),
    re.compile(rf"{WORD}{GERMAN} ?\d{{1,4}}\b|{WORD} {GERMAN} ?\d{{1,4}}\b", re.IGNORECASE),
    re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"),  # a British postcode
    re.compile(rf"{WORD}, [A-Z]{{2}} \d{{5}}\b"),  # a town, its state and ZIP code
]


def find_pii(text: str, name: str = "", email: str = "") -> list[str]:
    """Return which of EMAIL, PHONE and STREET the text or the name seems to contain.

    ``email`` is the writer's own address, or "" where it is unknown.
    """
    found = []
    own = email.strip().casefold()
    if (own and own in f"{name} {text}".casefold()) or ANY_EMAIL.search(name):
        found.append(EMAIL)
    without_dates = DATE.sub(" ", f"{name}\n{text}")
    if PHONE_NUMBER.search(without_dates):
        found.append(PHONE)
    if any(pattern.search(without_dates) for pattern in STREETS):
        found.append(STREET)
    return found
