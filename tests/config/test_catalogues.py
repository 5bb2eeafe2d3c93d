"""A translation that would break a page is left out; people read the English there."""

import gettext
import io

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from config.management.commands.messages import leave_out_faulty

ONE, MANY = "%(count)s post by %(name)s", "%(count)s posts by %(name)s"


@pytest.mark.parametrize(
    ("english", "german", "is_faulty"),
    [
        ("Read %(title)s", "%(title)s lesen", False),
        ("Read %(title)s", "Lies %(titel)s", True),
        ("Read %(title)s", "Lesen", True),
        ("{n} words", "{n} von {m} Wörtern", True),
        ((ONE, MANY), ("Ein Beitrag von %(name)s", "%(count)s Beiträge von %(name)s"), False),
        ((ONE, MANY), ("%(count)s Beitrag von %(name)s", "%(count)s Beiträge"), True),
        ((ONE, MANY), ("%(count)s Beitrag von %(name)s", ""), False),
        ((ONE, MANY), ("", ""), False),
    ],
)
def test_a_faulty_or_unfinished_translation_falls_back_to_english(english, german, is_faulty):
    catalog = Catalog(locale="de")
    catalog.add(english, german)
    assert bool(leave_out_faulty(catalog)) is is_faulty
    file = io.BytesIO()
    write_mo(file, catalog)
    file.seek(0)
    said = gettext.GNUTranslations(file)
    whole = all(german) and not is_faulty
    if isinstance(english, str):
        assert said.gettext(english) == (german if whole else english)
    else:
        assert [said.ngettext(*english, n) for n in (1, 5)] == list(german if whole else english)
