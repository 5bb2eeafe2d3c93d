"""Wrong passwords and codes are counted where nobody can push the counters out, each for itself."""

import pytest
from allauth.core.internal import ratelimit
from django.core.cache import cache, caches
from django.test import Client

from accounts.auth import guesses
from tests.accounts import totp
from tests.conftest import PASSWORD
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("accounts.auth.guesses")]
WRONG = "another walk by the lake"
HERE, NEARBY, ELSEWHERE = "203.0.113.5", "203.0.113.77", "198.51.100.9"


def sign_in(login, password=PASSWORD, place=HERE, client=None):
    client = client or Client()
    return client.post("/account/login/", {"login": login, "password": password}, REMOTE_ADDR=place)


def is_refused(answer):
    """Whether it asks to wait, as it should."""
    if answer.status_code != 429:
        return False
    assert int(answer["Retry-After"]) > 0
    assert "no-store" in answer["Cache-Control"]
    return True


def test_reading_does_not_push_out_what_protects(bob, published_post, settings):
    """The attack: 700 pages that are kept, and ten further guesses."""
    settings.PAGE_CACHE = True
    for _ in range(5):
        assert not is_refused(sign_in("bob", WRONG))
    reader = Client()
    for number in range(700):
        reader.get(f"/?order={number}")
        caches["pages"].set(f"page-{number}", "x", 3600)  # also where such pages are kept once
    assert all(is_refused(sign_in("bob", WRONG)) for _ in range(10))
    assert is_refused(sign_in("bob"))


def test_the_form_comes_back_with_the_name_and_without_the_password(bob):
    for _ in range(5):
        sign_in("bob", WRONG)
    answer = sign_in("bob", WRONG)
    assert is_refused(answer)
    assert answer["Retry-After"] == "300"
    assert 'value="bob"' in answer.text
    assert WRONG not in answer.text
    assert "Too many failed" in answer.text


def test_five_minutes_later_one_may_try_again(bob, time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    for _ in range(5):
        sign_in("bob", WRONG)
    time_machine.shift(299)
    assert is_refused(sign_in("bob"))
    time_machine.shift(2)
    assert sign_in("bob").status_code == 302


def test_right_passwords_count_for_nothing(bob, person):
    for number in range(12):
        person(f"pupil{number}")
        assert sign_in(f"pupil{number}").status_code == 302
    for _ in range(6):
        assert sign_in("bob").status_code == 302


def test_wrong_passwords_of_one_account_do_not_stop_another_on_the_same_network(bob, alice):
    for _ in range(25):
        sign_in("bob", WRONG)
    assert is_refused(sign_in("bob"))
    assert sign_in("alice", place=NEARBY).status_code == 302


def test_a_network_that_tries_many_accounts_is_slowed_and_another_is_not(bob):
    for number in range(10):
        assert not is_refused(sign_in(f"somebody{number}", WRONG))
    assert is_refused(sign_in("bob", place=NEARBY))
    assert sign_in("bob", place=ELSEWHERE).status_code == 302


def test_an_account_is_protected_from_many_networks(bob):
    for number in range(5):
        assert not is_refused(sign_in("bob", WRONG, place=f"198.51.{number}.1"))
    assert is_refused(sign_in("bob", place="198.51.99.1"))
    assert is_refused(sign_in("BOB", place="198.51.98.1"))


def test_all_spellings_of_a_name_that_open_an_account_are_counted_together(person):
    """PostgreSQL takes the long s, and the i without a dot, for the plain letters."""
    person("missi")
    spelled = ["missi", "MISSI", "miſsi", "mısſi", "Mıſſı"]
    found = [name for name in spelled if sign_in(name).status_code == 302]
    assert len(found) >= 2
    for number in range(5):
        assert not is_refused(sign_in(found[number % len(found)], WRONG))
    assert all(is_refused(sign_in(name, place=ELSEWHERE)) for name in found)


def test_spellings_of_a_name_without_an_account_are_counted_together_too(db):
    """Otherwise the limit would tell which names have one."""
    for number in range(5):
        assert not is_refused(sign_in(("missi", "Missi")[number % 2], WRONG))
    assert is_refused(sign_in("MISSI", WRONG, place=ELSEWHERE))


def test_the_limit_does_not_tell_whose_an_address_is(bob):
    for _ in range(5):
        sign_in("bob", WRONG)
    assert not is_refused(sign_in("bob@example.org", WRONG, place=ELSEWHERE))


def test_who_chose_a_new_password_signs_in_at_once(bob, mailoutbox, link_in, client):
    for _ in range(5):
        sign_in("bob", WRONG)
        sign_in("bob@example.org", WRONG, place=ELSEWHERE)
    client.post("/account/password/reset/", {"email": "bob@example.org"})
    form = client.get(link_in(mailoutbox[0]), follow=True)
    new = {"password1": "a slow boat on the lake", "password2": "a slow boat on the lake"}
    client.post(form.redirect_chain[-1][0], new)
    assert sign_in("bob", "a slow boat on the lake").status_code == 302
    assert sign_in("bob@example.org", "a slow boat on the lake").status_code == 302


def test_reauthentication_counts_as_well(bob, signed_in):
    client = signed_in(bob)
    for _ in range(5):
        client.post("/account/reauthenticate/", {"password": WRONG})
    assert is_refused(client.post("/account/reauthenticate/", {"password": PASSWORD}))


# -- at the same moment --------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_right_passwords_at_the_same_moment_are_no_guesses(bob, monkeypatch):
    """Eight windows of one person, or a class that begins: what refused a first right password."""
    monkeypatch.setattr(guesses, "PATIENCE", 60)  # a busy machine
    assert at_once(*[lambda: sign_in("bob").status_code] * 8) == [302] * 8
    assert sign_in("bob").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_wrong_passwords_at_the_same_moment_are_all_counted(bob, monkeypatch):
    monkeypatch.setattr(guesses, "PATIENCE", 60)
    monkeypatch.setattr(guesses, "UNDER_WAY", 60)
    looked_at = []
    check = type(bob).check_password

    def check_password(self, given):
        looked_at.append(given)
        return check(self, given)

    monkeypatch.setattr(type(bob), "check_password", check_password)

    answers = at_once(*[lambda: sign_in("bob", WRONG).status_code] * 12)
    most = guesses.OF_AN_ACCOUNT.most
    assert sorted(answers) == [200] * most + [429] * (12 - most)
    # Both of django-allauth's backends look at each.
    assert len(looked_at) == 2 * most
    assert is_refused(sign_in("bob"))


def test_a_killed_worker_leaves_no_attempt_that_counts(bob, time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    for _ in range(5):
        assert guesses.begin("bob", "a network")  # and never heard of again
    time_machine.shift(guesses.UNDER_WAY + 1)
    assert sign_in("bob").status_code == 302


def test_a_killed_worker_leaves_no_lock_that_refuses_the_first_right_password(bob):
    """django-allauth's other limits hold a lock in the cache while they count."""
    names = []
    add = cache.add
    sign_in("nobody", WRONG, place=ELSEWHERE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            caches["default"],
            "add",
            lambda key, *given, **more: names.append(key) or add(key, *given, **more),
        )
        sign_in("nobody", WRONG)
    locks = [name for name in names if name.endswith(":lock")]
    assert locks
    for name in locks:
        assert cache.add(name, True, ratelimit.CACHE_LOCK_TIMEOUT)
    assert sign_in("bob").status_code == 302


def test_the_wait_for_a_lock_is_longer_than_a_lock_lives():
    assert ratelimit.CACHE_LOCK_TIMEOUT < ratelimit.CACHE_LOCK_WAIT_TIMEOUT


# -- codes ---------------------------------------------------------------------------------


def test_wrong_codes_of_one_account_do_not_stop_another_on_the_same_network(person, bob):
    totp.set_up_app(person("vera"))
    client = Client()
    sign_in("vera", client=client)
    answers = [
        client.post("/account/2fa/authenticate/", {"code": "000000"}, REMOTE_ADDR=HERE)
        for _ in range(15)
    ]
    assert not is_refused(answers[4])
    assert is_refused(answers[5])
    assert is_refused(answers[14])
    assert sign_in("bob", place=NEARBY).status_code == 302
    secret, window = totp.set_up_app(person("wren")), Client()
    sign_in("wren", client=window, place=NEARBY)
    answer = window.post(
        "/account/2fa/authenticate/", {"code": totp.code(secret)}, REMOTE_ADDR=NEARBY
    )
    assert answer.status_code == 302


def test_a_right_code_does_not_wipe_the_tries_of_its_network(person):
    secret, client = totp.set_up_app(person("vera")), Client()
    for number in range(10):
        sign_in(f"somebody{number}", WRONG)
    sign_in("vera", client=client, place=ELSEWHERE)
    client.post("/account/2fa/authenticate/", {"code": totp.code(secret)}, REMOTE_ADDR=HERE)
    assert is_refused(sign_in("bob"))


@pytest.mark.parametrize(
    ("path", "most"), [("/account/password/reset/", 5), ("/account/login/code/", 3)]
)
def test_mails_asked_for_one_address_do_not_stop_another_on_the_network(bob, alice, path, most):
    bobs = {"email": "bob@example.org"}
    answers = [Client().post(path, bobs, REMOTE_ADDR=HERE) for _ in range(30)]
    assert not is_refused(answers[most - 1])
    assert is_refused(answers[most])
    answer = Client(REMOTE_ADDR=NEARBY).post(path, {"email": "alice@example.org"})
    assert answer.status_code == 302
