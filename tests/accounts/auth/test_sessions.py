"""The list of sessions: device and day, nothing else, and each can be ended."""

import pytest
from django.db import connection
from django.test import Client

from accounts.auth import sessions
from accounts.models import SignIn
from tests.conftest import PASSWORD
from tests.house.purging import purge

pytestmark = pytest.mark.both_databases("accounts.auth.sessions")

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"
)


def browser(user_agent, login="bob"):
    client = Client(headers={"User-Agent": user_agent}, REMOTE_ADDR="203.0.113.77")
    client.post("/account/login/", {"login": login, "password": PASSWORD})
    assert is_in(client)
    return client


def is_in(client):
    return client.get("/account/sessions/").status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        (EDGE, "Edge on Mac"),
        ("curl/8.9", "Unknown device"),
        ("", "Unknown device"),
        ("<script>" * 1000, "Unknown device"),
    ],
)
def test_a_device_has_a_name_that_people_recognise(user_agent, name):
    assert sessions.device_name(user_agent) == name


def test_the_list_names_devices_and_says_which_one_is_here(bob):
    here, _there = browser(FIREFOX), browser(SAFARI)
    page = here.get("/account/sessions/").content.decode()
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert page.count(">This device<") == 1
    assert page.count(">Sign out</button>") == 1


def test_no_session_row_stores_a_network_address(bob):
    browser(FIREFOX)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_signin")
        kept = str(cursor.fetchall())
    for told in ("203.0.113", "Mozilla", "140"):
        assert told not in kept
    assert {field.name for field in SignIn._meta.get_fields()} == {
        *("id", "user", "session_key", "device", "day")
    }


def test_one_session_is_ended_and_the_others_go_on(bob):
    here, there, third = browser(FIREFOX), browser(SAFARI), browser(EDGE)
    row = SignIn.objects.get(device="Safari on iPhone")
    here.post("/account/sessions/", {"end": row.pk})
    assert [is_in(each) for each in (here, there, third)] == [True, False, True]
    assert not SignIn.objects.filter(pk=row.pk).exists()


def test_ending_all_others_also_ends_sessions_on_no_list(bob):
    here, there = browser(FIREFOX), browser(SAFARI)
    unlisted = Client()
    unlisted.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    here.post("/account/sessions/", {"end": "others"})
    assert [is_in(each) for each in (here, there, unlisted)] == [True, False, False]
    assert [row.device for row in sessions.list_sessions(bob)] == ["Firefox on Windows"]
    assert ">This device<" in here.get("/account/sessions/").content.decode()
    # And it can be done once more.
    again = browser(SAFARI)
    here.post("/account/sessions/", {"end": "others"})
    assert [is_in(each) for each in (here, again)] == [True, False]


@pytest.mark.parametrize("end", ["", "0", "-1", "x", "9" * 30, "²", "others'--"])
def test_an_unknown_session_key_ends_no_session(bob, end):
    here, there = browser(FIREFOX), browser(SAFARI)
    here.post("/account/sessions/", {"end": end})
    assert is_in(here)
    assert is_in(there)


def test_a_strangers_session_is_not_ended(bob, person):
    person("carol")
    here, hers = browser(FIREFOX), browser(SAFARI, "carol")
    row = SignIn.objects.get(device="Safari on iPhone")
    here.post("/account/sessions/", {"end": row.pk})
    assert is_in(hers)


def test_signing_out_deletes_the_session_row(bob):
    client = browser(FIREFOX)
    client.post("/account/logout/")
    assert not SignIn.objects.exists()


def test_expired_session_rows_are_deleted(bob, time_machine):
    browser(FIREFOX)
    purge()
    assert SignIn.objects.exists()
    from datetime import timedelta

    from django.utils import timezone

    time_machine.move_to(timezone.now() + timedelta(days=15))
    purge()
    assert not SignIn.objects.exists()


def test_a_new_password_ends_every_session(bob, link_in, mailoutbox):
    there = browser(SAFARI)
    stranger = Client()
    stranger.post("/account/password/reset/", {"email": "bob@example.org"})
    form = stranger.get(link_in(mailoutbox[0]), follow=True).redirect_chain[-1][0]
    new = "a slow boat on the lake"
    stranger.post(form, {"password1": new, "password2": new})
    assert not is_in(there)
