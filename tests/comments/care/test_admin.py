"""Care in the admin: the owner's settings, the weekly rota, each moderator's own settings."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core.checks import run_checks
from django.template.loader import render_to_string
from django.urls import reverse

from comments.care import cases, forms, rota
from comments.care import help_text as care_help
from comments.models import ConversationSettings, DutyPreference, DutySlot, care
from tests.comments.care_cases import change_settings, worry
from tests.comments.factories import say
from tests.comments.http import soup, visit

pytestmark = pytest.mark.django_db
WEEK = "/admin/comments/dutyslot/"
MINE = "/admin/comments/dutypreference/"


def settings_form(client):
    """The address of the owner's form and what a browser would send of it, unchanged."""
    address = reverse("admin:comments_conversationsettings_change", args=[1])
    page = visit(client, address)
    sent = {}
    for field in page.select("#conversationsettings_form :is(input, textarea, select)[name]"):
        if field.name == "textarea":
            sent[field["name"]] = field.text.removeprefix("\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]")
            sent[field["name"]] = chosen["value"] if chosen else ""
        elif field["type"] not in {"checkbox", "submit"}:
            sent[field["name"]] = field.get("value", "")
        elif field.has_attr("checked"):
            sent[field["name"]] = "on"
    return address, sent


@pytest.fixture
def desk(signed_in, owner):
    return signed_in(owner)


def test_the_form_shows_the_shipped_text_and_does_not_save_it_as_the_owners(desk):
    address, sent = settings_form(desk)
    assert sent["care_help"] == str(care_help.SHIPPED)
    assert desk.post(address, sent).status_code == 302
    assert ConversationSettings.get().care_help == ""


def test_the_owner_switches_care_on_with_a_text_of_their_own(desk):
    address, sent = settings_form(desk)
    sent |= {"care_on": "on", "care_help": "Call **Somebody**."}
    answer = desk.post(address, sent, follow=True)
    row = ConversationSettings.get()
    assert (row.care_on, row.care_help) == (True, "Call **Somebody**.")
    assert "please write your own" not in answer.text


def test_switching_care_on_without_a_text_of_ones_own_asks_for_one(desk):
    address, sent = settings_form(desk)
    assert "please write your own" in desk.post(address, sent | {"care_on": "on"}, follow=True).text
    assert ConversationSettings.get().care_on


def test_the_second_contact_is_chosen_from_those_who_moderate(desk, mia, bob, alice):
    page = visit(desk, settings_form(desk)[0])
    chosen = page.select_one("select[name=care_second_contact]")
    assert {option.text for option in chosen.select("option")} == {"---------", "Mia", "owner"}


@pytest.mark.parametrize(
    ("fields", "issues"),
    [
        ({}, []),
        ({"care_on": True}, ["hearth.W010"]),
        ({"care_on": True, "care_help": "Call Somebody."}, []),
    ],
)
def test_a_system_check_warns_when_care_is_on_without_a_text(fields, issues):
    change_settings(**fields)
    found = [issue.id for issue in run_checks(tags=["hearth"], databases=["default"])]
    assert [issue for issue in found if issue == "hearth.W010"] == issues


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Care is off"),
        ({"care_on": True}, "Care is on, but writers see the help text that came"),
        ({"care_on": True, "care_help": "Call Somebody."}, None),
        ({"care_help": "Call Somebody."}, None),
    ],
)
def test_a_notice_in_the_admin_asks_the_owner_for_a_text(desk, fields, says):
    change_settings(**fields)
    page = desk.get("/admin/").text
    assert ("Write a help text" in page) == bool(says)
    assert says is None or says in page


def test_nobody_else_sees_the_notice(signed_in, mia):
    assert "Write a help text" not in signed_in(mia).get("/admin/").text


# -- the weekly table --------------------------------------------------------------------


def rows(page):
    return {row.th.text: row.text for row in page.select("table.duty tbody tr")}


def test_the_owner_plans_a_night_and_sees_it_in_the_week(desk, mia):
    mia.display_name = "Mia of the nights"
    mia.save()
    sent = {"weekday": 6, "starts": "20:00", "ends": "08:00", "moderator": mia.pk}
    assert desk.post(f"{WEEK}add/", sent).status_code == 302
    week = rows(visit(desk, WEEK))
    assert list(week) == [str(day.label) for day in care.Weekday]
    assert "20:00–08:00 Mia of the nights" in week["Sunday"]
    assert "00:00–08:00 Mia of the nights (from the day before)" in week["Monday"]
    assert "08:00–24:00" in week["Monday"]
    assert "00:00–24:00" in week["Tuesday"]


def test_the_page_says_who_would_be_alerted_now(desk, mia):
    assert re.search(r"an email would go to:\s+Mia, owner", visit(desk, WEEK).text)


def test_the_page_says_when_nobody_could_be_alerted(signed_in, person):
    boss = person("boss", is_staff=True, is_superuser=True, verified=False)
    assert "no one could be notified" in visit(signed_in(boss), WEEK).text


def test_only_those_who_moderate_can_be_on_duty(desk, mia, bob):
    sent = {"weekday": 6, "starts": "20:00", "ends": "08:00", "moderator": bob.pk}
    assert desk.post(f"{WEEK}add/", sent).status_code == 200
    assert not DutySlot.objects.exists()
    page = visit(desk, f"{WEEK}add/?weekday=6")
    assert "bob" not in page.select_one("select[name=moderator]").text
    assert page.select_one("select[name=weekday] option[selected]")["value"] == "6"


@pytest.mark.parametrize("tail", ["", "add/"])
def test_only_the_owner_edits_the_rota(client, signed_in, mia, alice, bob, tail):
    for who in (mia, alice):
        assert signed_in(who).get(WEEK + tail).status_code == 403
        assert client.post(f"{WEEK}add/", {"weekday": 1}).status_code == 403
    assert signed_in(bob).get(WEEK + tail, follow=True).status_code == 403


# -- a moderator's own settings ----------------------------------------------------------


def test_a_moderator_sets_their_own_quiet_hours(signed_in, mia):
    DutySlot.objects.create(weekday=0, starts="20:00", ends="08:00", moderator=mia)
    client = signed_in(mia)
    address = client.get(MINE)["Location"]
    assert "Monday 20:00–08:00" in client.get(address).text
    sent = {"quiet_from": "22:00", "quiet_until": "07:00", "blurs": "False"}
    assert client.post(address, sent).status_code == 302
    wish = DutyPreference.objects.get(user=mia)
    assert (wish.quiet_from.hour, wish.quiet_until.hour, wish.blurs) == (22, 7, False)


def test_quiet_hours_have_a_beginning_and_an_end(signed_in, mia):
    client = signed_in(mia)
    answer = client.post(client.get(MINE)["Location"], {"quiet_from": "22:00", "blurs": ""})
    assert "Quiet hours need both a start and an end." in soup(answer).text
    assert DutyPreference.objects.get().quiet_from is None


def test_nobody_sees_or_changes_the_settings_of_others(client, signed_in, mia, owner, alice, bob):
    address = signed_in(mia).get(MINE)["Location"]
    assert signed_in(owner).get(address).status_code == 404
    assert client.post(address, {"blurs": "True"}).status_code == 404
    for who in (alice, bob):
        assert signed_in(who).get(address, follow=True).status_code in {403, 404}
        assert client.get(MINE, follow=True).status_code == 403
    assert DutyPreference.objects.get().blurs is None


@pytest.mark.parametrize(
    ("of_the_blog", "her_own", "blurred"),
    [(True, None, True), (False, None, False), (True, False, False), (False, True, True)],
)
def test_texts_are_blurred_by_the_blogs_setting_or_the_moderators_own(
    mia, of_the_blog, her_own, blurred
):
    change_settings(care_blurred=of_the_blog)
    assert rota.blurs(mia, ConversationSettings.get()) is of_the_blog
    DutyPreference.objects.create(user=mia, blurs=her_own)
    assert rota.blurs(mia, ConversationSettings.get()) is blurred


def test_the_help_text_on_the_settings_page_is_safe_html(desk):
    change_settings(care_help="</textarea><script>alert(1)</script>")
    page = BeautifulSoup(desk.get(settings_form(desk)[0]).content, "html.parser")
    assert "<script>alert(1)</script>" in page.select_one("[name=care_help]").text


# -- what the queue shows of a case ------------------------------------------------------


def test_a_case_is_handed_over_and_closed_with_what_was_done(published_post, mia, owner, bob):
    comment = say(published_post())
    cases.close_case(worry(comment).pk, owner, "She has a sister.", "passed-on")
    case = worry(comment)
    shown = render_to_string("admin/queue/panels/_care.html", forms.panel(case, mia))
    page = BeautifulSoup(shown, "html.parser")
    assert [each.text for each in page.select("select[name=to] option")][1:] == ["owner"]
    assert "She has a sister." in page.text
    assert not forms.HandOverForm({"to": bob.pk}, case=case, who=mia).is_valid()
    assert not forms.HandOverForm({"to": mia.pk}, case=case, who=mia).is_valid()
    assert forms.HandOverForm({"to": owner.pk}, case=case, who=mia).is_valid()
    assert not forms.CloseForm({"decision": "shrug"}).is_valid()
    assert not forms.CloseForm({"decision": ""}).is_valid()
    assert forms.CloseForm({"decision": "answered"}).is_valid()
