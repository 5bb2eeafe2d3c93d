"""Care phrases: which texts open a care case, and which do not."""

from types import SimpleNamespace

import pytest

from comments.models import ConversationSettings, Phrase
from comments.models.checks import Verdict
from comments.spam import text_checks
from tests.comments.care_cases import PHRASE, change_settings, switch_on

pytestmark = pytest.mark.django_db


def asked(text="Hello.", name="Wren", user=None):
    settings = ConversationSettings.get()
    return text_checks.care_phrases(
        SimpleNamespace(text=text, name=name, user=user, settings=settings)
    )


def listed(text, **fields):
    return Phrase.objects.create(kind=Phrase.Kind.CARE, text=text, **fields)


@pytest.mark.parametrize(
    "text",
    [
        "I am a lost lighthouse",
        "LOST LIGHTHOUSE",
        "lost\n\n   lighthouse",
        "lost… lighthouse!",
        "löst lìghthouse",
        "lo\u0301st light\u00adhouse",
        "l\u200bost light\u200dhouse",
        "lost *lighthouse*",
        "_lost lighthouse_",
        "__lost__ ~~lighthouse~~",
        "ｌｏｓｔ ｌｉｇｈｔｈｏｕｓｅ",
    ],
)
def test_a_phrase_is_found_in_any_spelling(text):
    switch_on()
    assert asked(text).verdict == Verdict.CARE
    assert asked(name=text).verdict == Verdict.CARE


@pytest.mark.parametrize(
    "text",
    ["almost lighthouse", "lost lighthouses", "lighthouse lost", "lost a lighthouse", "", "…"],
)
def test_a_phrase_is_not_found_inside_other_words_or_in_another_order(text):
    switch_on()
    assert asked(text) is None


def test_a_phrase_does_not_span_the_name_and_the_text():
    switch_on()
    assert asked("lighthouse", name="lost") is None


def test_the_name_of_an_account_is_checked_too(bob):
    switch_on()
    bob.display_name = PHRASE
    assert asked(user=bob, name="").verdict == Verdict.CARE


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("ich kann nicht mehr", "Ich kann NICHT mehr."),
        ("não aguento", "nao aguento"),
        ("больше не могу", "Я БОЛЬШЕ не могу"),
        ("δεν αντέχω", "ΔΕΝ ΑΝΤΕΧΩ"),
        ("*死にたい*", "もう死にたいです"),
        ("lantern*", "the lanterns"),
        ("*house", "a boathouse"),
        ("straße", "STRASSE"),
    ],
)
def test_phrases_of_all_languages_are_always_looked_for(phrase, text):
    switch_on()
    listed(phrase, language="xx")
    assert asked(text).verdict == Verdict.CARE


def test_a_pattern_of_stars_finds_nothing():
    switch_on()
    listed("*")
    listed("* **")
    assert asked("Any words at all, with a * and a **.") is None


def test_ten_thousand_characters_are_searched_to_the_end():
    switch_on()
    words = "a quiet word " * 765
    assert asked(words) is None
    assert asked(words + PHRASE).verdict == Verdict.CARE


def test_a_phrase_that_the_owner_switched_off_is_not_looked_for():
    switch_on()
    Phrase.objects.filter(text=PHRASE).update(is_active=False)
    assert asked(PHRASE) is None
    Phrase.objects.filter(text=PHRASE).update(is_active=True, kind=Phrase.Kind.HOLD)
    assert asked(PHRASE) is None


def test_nothing_is_looked_for_before_care_is_switched_on():
    assert not ConversationSettings.get().care_on
    assert asked("I want to die") is None
    change_settings(care_on=True)
    assert asked("I want to die") is not None


def test_the_reason_names_the_phrases_and_not_their_context():
    switch_on()
    for word in ("one", "two", "three"):
        listed(f"{word} " + "x" * 90)
    text = f"{PHRASE} of mine, " + " ".join(
        f"{word} {'x' * 90}" for word in ("one", "two", "three")
    )
    reason = str(asked(text).reason)
    assert PHRASE in reason
    assert "of mine" not in reason
    assert len(reason) <= 300 + 50


@pytest.mark.parametrize(
    "text",
    [
        "I don’t want to live any more",
        "i dont want to live",
        "sometimes I wish I were dead.",
        "I’ve been self-harming again",
        "I keep hurting myself",
        "They would be better off without me",
    ],
)
def test_the_shipped_phrases_find_what_they_are_for(text):
    change_settings(care_on=True)
    assert asked(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "My brother died by suicide in March, and I miss him.",
        "I could have died laughing.",
        "She killed the engine and we sat there.",
        "He did not take his own life lightly.",
        "Suicide is a word that nobody said at the funeral.",
        "I walked five kms and felt alive.",
    ],
)
def test_the_shipped_phrases_let_people_write_about_a_death(text):
    change_settings(care_on=True)
    assert asked(text) is None


def test_the_owner_can_shorten_the_shipped_phrases():
    shipped = Phrase.objects.filter(kind=Phrase.Kind.CARE)
    assert 20 < shipped.count() < 60
    assert set(shipped.values_list("language", flat=True)) == {"en"}
    change_settings(care_on=True)
    shipped.delete()
    assert asked("I want to die") is None
