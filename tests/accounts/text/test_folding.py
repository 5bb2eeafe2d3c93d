"""Folding: names are compared as they look, tags by their letters, words without accents."""

import pytest

from accounts.text.folding import caseless, seen, unaccented

RLO, LRO, PDF = "\u202e", "\u202d", "\u202c"
RLE, RLI, FSI, PDI = "\u202b", "\u2067", "\u2068", "\u2069"
RLM, ALM, LRI = "\u200f", "\u061c", "\u2066"
ROLES = frozenset({"author"})

# Each is shown as "Alice", in some font or line at least.
SEEN_AS_ALICE = {
    "turned around": f"{RLO}ecilA",
    "turned around and back": f"{RLO}ecilA{PDF}",
    "turned around in part": f"Al{RLO}eci{PDF}",
    "turned around twice": f"{RLO}e{LRO}ic{PDF}lA",
    "turned around in an isolate": f"{FSI}{RLO}ecilA{PDF}{PDI}",
    "turned around behind its role": f"(author) {RLO}ecilA",
    "turned around with its role": f"{RLO})rohtua( ecilA",
    "in two parts in an isolate": f"{RLI}ice{RLM}Al{PDI}",
    "in two parts in an embedding": f"{RLE}ice{RLM}Al{PDF}",
    "in two parts behind a mark": f"{RLM}ice{RLM}Al",
    "in two parts behind an Arabic mark": f"{ALM}ice{ALM}Al",
    "marked all over": f"A{LRI}l{RLM}i{PDI}ce",
    "with a joiner": "Al\u034fice",
    "with a filler": "A\u3164lice",
    "with a blank of braille": "A\u2800lice",
    "with a tag": "Ali\U000e0063ce",
    "in a circle": "A\u20ddlice",
    "with a soft hyphen": "Al\xadice",
    "with accents": "Ālĭçè",
    "without a dot": "Alıce",
    "with strokes and hooks": "Ⱥłiçɇ",
    "Cyrillic": "Аlісе",
    "Greek": "Αlιϲe",
    "Cherokee": "ᎪᏞᎥᏟᎬ",
    "Lisu": "ꓮꓡꓲꓚꓰ",
    "a letter of Hebrew": "A\u05d5ice",
    "small capitals": "ᴀʟɪᴄᴇ",
    "Fraktur": "𝔄𝔩𝔦𝔠𝔢",
    "wide": "Ａｌｉｃｅ",
    "circles": "Ⓐⓛⓘⓒⓔ",
    "emoji": "🅐🅛🅘🅒🅔",
    "flags": "🇦🇱🇮🇨🇪",
    "beside a flag": "Alice 🇩🇪",
    "digits": "@l1c3",
    "apart": "A. l. i. c. e",
}
OTHERS = [
    "Alicia",
    "Ecila",
    "ecilA",
    f"{RLO}Alice",
    "Leila",
    "Malice",
    "אליס",
    "عليس",
    "Алиса",
    "李",
]


@pytest.mark.parametrize("name", SEEN_AS_ALICE.values(), ids=SEEN_AS_ALICE)
def test_names_that_look_alike_are_equal(name):
    assert seen(name, ROLES) & seen("Alice", ROLES)


@pytest.mark.parametrize("name", OTHERS, ids=ascii)
def test_names_that_look_different_are_different(name):
    assert not seen(name, ROLES) & seen("Alice", ROLES)


# Each pair is shown alike, in some font at least.
ALIKE = {
    "Cyrillic with Latin letters": ("Марина", "Mapинa"),
    "Cyrillic, all capitals": ("Нина", "НИНА"),
    "Cyrillic with small capitals": ("Света", "Сʙета"),
    "Cyrillic fita": ("Θέκλα", "Ѳέκλα"),
    "Ukrainian": ("Іванка", "lванка"),
    "Greek with Latin letters": ("Νίκος", "Nίκoς"),
    "Greek without accents": ("Ελένη", "ΕΛΕΝΗ"),
    "Armenian": ("Օսան", "Oսան"),
    "Cherokee": ("Ꭺnna", "Anna"),
    "Hebrew with points": ("שלום", "שָׁלוֹם"),
    "Arabic yeh": ("علي", "علی"),
    "Arabic kaf": ("مالك", "مالک"),
    "Arabic hamza": ("أحمد", "احمد"),
    "Arabic with vowels": ("محمد", "مُحَمَّد"),
    "an ideograph for katakana": ("カナ", "力ナ"),
    "hiragana for katakana": ("ヘレナ", "へレナ"),
    "a long stroke": ("一郎", "ー郎"),
    "an ideograph of a radical": ("口", "ロ"),
    "Devanagari of presentation": ("नीता", "नीता‍"),
    "Georgian capitals": ("ნინო", "ᲜᲘᲜᲝ"),
    "a tower of marks": ("Olga", "O̵̸ḷġ̈a̲"),
    "a mark of another script": ("Olga", "Olंga゙"),
}
# Their marks are letters, and their letters are their own.
APART = [
    ("कमल", "कमाल"),
    ("कुमार", "कमार"),
    ("राम", "रमा"),
    ("かき", "がき"),
    ("はな", "ぱな"),
    ("นก", "นัก"),
    ("มา", "ม้า"),
    ("ராமன்", "ரமன்"),
    ("שרה", "שירה"),
    ("Иван", "Инна"),
    ("Νίκος", "Νίκη"),
    ("김민", "김미"),
    ("佐藤", "伊藤"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE)
def test_names_of_all_scripts_are_compared_as_they_are_seen(one, other):
    assert seen(one) & seen(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_marks_that_make_another_letter_count(one, other):
    assert not seen(one) & seen(other)


def test_an_invisible_name_equals_no_other():
    assert not seen("")
    assert not seen(f"\u3164{RLO}")


def test_names_in_other_scripts_are_told_apart():
    names = ["Ольга", "Ольза", "משה", "משהו", "محمد", "محمود", "李", "王"]
    folds = [seen(name) for name in names]
    assert all(not a & b for at, a in enumerate(folds) for b in folds[:at])


@pytest.mark.parametrize(
    ("one", "other"), [("Ölga", "o\u0308LGA"), ("STRASSE", "straße"), ("Am  See", "am see")]
)
def test_tag_names_are_equal_in_any_case(one, other):
    assert caseless(one) == caseless(other)
    assert caseless("Olga") != caseless("Ölga")


def test_words_are_folded_without_accents_and_case():
    assert unaccented("Für ＩＭＭＥＲ\u200b") == "fur immer"
