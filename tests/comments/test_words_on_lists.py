"""The owner's words: what they find, what they must not, and how she tries them in the admin."""

import time

import pytest

from comments import phrases
from comments.models import ConversationSettings
from comments.phrases import Phrase, found_in
from comments.status import Lane

from .judged import TENDER, found, is_held, is_public, listed, newest
from .pages import send, soup

pytestmark = pytest.mark.django_db
HOLD, SPAM, CARE = Phrase.Kind.HOLD, Phrase.Kind.SPAM, Phrase.Kind.CARE
TRY = "/admin/comments/phrase/try/"
ADD = "/admin/comments/phrase/add/"


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="open")


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("casino", "A CASINO, no less."),
        ("casino", "one-casino-two"),
        ("cafe", "Im Café um die Ecke"),
        ("Straße", "auf der STRASSE"),
        ("casino*", "many casinos"),
        ("*coin", "they sell bitcoin here"),
        ("*medic*", "in der Notfallmedicin"),
        ("free money", "Free – money!"),
        ("free mone*", "free moneys"),
        ("don't", "I don’t"),
        ("ｆｒｅｅ", "free"),
        ("casino", "cas\u200bino"),
        ("казино", "Казино онлайн"),
    ],
)
def test_a_phrase_is_found(phrase, text):
    assert found_in(text, [Phrase(text=phrase)])


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("casino", "casinos"),
        ("ass", "the class passed"),
        ("free money", "money for free"),
        ("free money", "free of money"),
        ("casino*", "a cas ino"),
        ("*", "anything"),
        ("* *", "anything at all"),
        ("", "anything"),
        ("!!", "anything!!"),
        ("cas*no", "casino"),
        ("(a+)+b", "aaaaaaaaaaaa"),
        (".*", "anything"),
    ],
)
def test_a_phrase_is_not_found(phrase, text):
    assert not found_in(text, [Phrase(text=phrase)])


def test_no_pattern_can_run_away():
    """Counted in CPU time of the whole process: a pattern that ran away would take minutes."""
    worst = [f"{'*' * 20}a* *a{'*' * 20} *b{number}*" for number in range(300)]
    text = "a" * 30 + " a" * 5000
    began = time.process_time()
    assert found_in(text, [Phrase(text=each) for each in worst]) == []
    assert found_in(text, [Phrase(text="*a* *a* *a*")])
    assert time.process_time() - began < 5


def test_words_hold_and_say_which(client, post):
    listed(HOLD, "replica*", "watches")
    send(client, post, "Replicas of watches.")
    assert is_held(newest(), "words")
    assert found(newest())["words"] == "words: replica*, watches"


def test_words_of_spam_wait_behind_the_others(client, post):
    listed(HOLD, "watches")
    listed(SPAM, "replica*")
    send(client, post, "Replicas of watches.")
    assert is_held(newest(), "words", lane=Lane.SUSPECT)
    send(client, post, "I have two watches, and both were his.", name="Wren")
    assert is_held(newest(), "words")
    assert found(newest())["words"] == "word: watches"


def test_a_tender_comment_and_words_of_care_are_not_for_this_check(client, post):
    listed(SPAM, "casino")
    listed(CARE, "two cups")
    send(client, post, TENDER)
    assert "words" not in found(newest())


def test_switched_off_or_of_another_language_it_holds_nothing(client, post, published_post):
    listed(HOLD, "march", is_active=False)
    listed(HOLD, "mother", language="de")
    send(client, post, TENDER)
    assert is_public(newest())
    send(client, published_post(comment_mode="open", language="de-AT"), f"{TENDER} 2")
    assert found(newest()) == {"words": "word: mother"}


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.delete(),
        lambda row: Phrase.objects.filter(pk=row.pk).delete(),
        lambda row: Phrase.objects.filter(pk=row.pk).update(is_active=False),
        lambda row: Phrase(pk=row.pk, kind=HOLD, text="something else").save(),
    ],
)
def test_a_change_counts_from_the_next_comment_on(client, post, change):
    [row] = listed(HOLD, "watches")
    send(client, post, "Watches.")
    assert is_held(newest(), "words")
    change(row)
    send(client, post, "Watches again.")
    assert is_public(newest())
    Phrase.objects.bulk_create([Phrase(kind=HOLD, text="again")])
    send(client, post, "And again.")
    assert is_held(newest(), "words")


def test_what_is_remembered_is_read_once(client, post, django_assert_num_queries):
    from comments.checks import remembered

    stamp = ConversationSettings.get().checks_stamp
    remembered.at(stamp)
    with django_assert_num_queries(0):
        remembered.at(stamp)
    ConversationSettings.get().save()
    assert ConversationSettings.get().checks_stamp != stamp


# -- in the admin ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["*", "**", "!!", "cas*no", "*a*", "a* *b", " "])
def test_what_could_match_nothing_or_everything_is_refused(signed_in, owner, text):
    answer = signed_in(owner).post(ADD, {"kind": "hold", "text": text, "is_active": "on"})
    assert answer.status_code == 200
    assert soup(answer).select(".errorlist")
    assert not Phrase.objects.filter(kind=HOLD).exists()


@pytest.mark.parametrize("text", ["casino", "*coin", "free  money", "a* night", "казино*"])
def test_what_is_of_use_is_taken(signed_in, owner, text):
    fields = {"kind": "hold", "text": text, "language": "de-AT", "is_active": "on"}
    assert signed_in(owner).post(ADD, fields).status_code == 302
    phrase = Phrase.objects.get(kind=HOLD)
    assert (phrase.text, phrase.language) == (" ".join(text.split()), "de")


def test_a_text_is_tried_against_the_lists_and_nothing_is_kept(signed_in, owner):
    listed(HOLD, "watches")
    listed(SPAM, "replica*")
    listed(CARE, "lighthouse")
    before = Phrase.objects.count()
    page = soup(
        signed_in(owner).post(TRY, {"text": "Replicas, by a lighthouse", "phrase": "*light*"})
    )
    shown = page.select_one("[role=status]").text
    assert "“*light*” is found in this text." in shown
    assert "replica* (probably spam)" in shown
    assert "lighthouse (care)" in shown
    assert "watches" not in shown
    assert Phrase.objects.count() == before


def test_trying_says_when_nothing_is_found_and_what_is_wrong(signed_in, owner):
    page = soup(signed_in(owner).post(TRY, {"text": TENDER, "phrase": "casino"})).text
    assert "“casino” is not found in this text." in page
    assert "Nothing of your lists is found in it." in page
    page = soup(signed_in(owner).post(TRY, {"text": "", "phrase": "*"}))
    assert len(page.select(".errorlist")) == 2


def test_the_list_leads_to_the_trial(signed_in, owner):
    page = soup(signed_in(owner).get("/admin/comments/phrase/"))
    assert page.select_one(f'a[href="{TRY}"]')


@pytest.mark.parametrize("who", ["alice", "mia", "bob"])
def test_the_lists_are_the_owners_alone(request, signed_in, who):
    client = signed_in(request.getfixturevalue(who))
    for address in (TRY, ADD, "/admin/comments/phrase/", "/admin/comments/learned/"):
        for answer in (client.get(address), client.post(address, {"text": TENDER})):
            assert answer.status_code in {302, 403, 405}, address
            assert "Sample text" not in answer.text


def test_folding_is_the_same_for_both_sides():
    assert phrases.folded("  Für\u00a0IMMER – ＆ ewig ") == "fur immer ewig"
