"""Kinds of due work take turns: none waits for another, and one that fails keeps up no other."""

from types import SimpleNamespace

import pytest

from accounts.due_rows import Turn
from config import due_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """A clock that is moved by hand, in seconds."""
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr("accounts.due_rows.monotonic", lambda: clock.now)
    return clock


@pytest.fixture
def kinds(monkeypatch, clock):
    """A function that replaces the kinds of work by some that each note the steps they take.

    ``steps`` is how many steps a kind has to do, of a second each.
    """
    done = []

    def kind(name, steps):
        left = [steps]

        def do_due(going):
            while left[0] and going():
                left[0] -= 1
                clock.now += 1
                done.append(name)

        return SimpleNamespace(__name__=name, do_due=do_due)

    def use(*more, **steps):
        made = [*more, *(kind(name, number) for name, number in steps.items())]
        monkeypatch.setattr(due_work, "modules", lambda: made)
        return done

    return use


def test_an_alert_waits_for_the_turns_of_others_and_not_for_their_work(kinds):
    done = kinds(letters=50_000, alert=1)
    assert due_work.do_round().unfinished
    assert done == ["letters"] * due_work.LONGEST_TURN + ["alert"]


def test_all_work_is_done_in_rounds(kinds):
    done = kinds(letters=5, fan_out=3, alert=1)
    assert due_work.do_due() == []
    assert "".join(name[0] for name in done) == "llffallfl"


def test_a_round_that_finishes_everything_says_so(kinds):
    kinds(letters=1, alert=1)
    assert not due_work.do_round().unfinished


def test_a_kind_may_have_longer_turns(kinds, clock):
    done = kinds(purge=5, alert=1)
    due_work.modules()[0].LONGEST_TURN = 4
    due_work.do_round()
    assert done == ["purge"] * 4 + ["alert"]


def test_a_round_may_begin_anywhere(kinds):
    done = kinds(a=1, b=1, c=1)
    due_work.do_round(first=2)
    assert done == ["c", "a", "b"]


def test_a_kind_that_fails_after_its_turn_is_reported_once_and_stops_no_other(kinds):
    def fail(going):
        raise ZeroDivisionError

    done = kinds(SimpleNamespace(__name__="fails", do_due=fail), letters=5)
    assert due_work.do_due() == ["fails"]
    assert len(done) == 5


def test_who_is_told_to_stop_begins_nothing_more_and_comes_to_an_end(kinds):
    done = kinds(letters=50_000, alert=1)
    assert due_work.do_due(going=lambda: len(done) < 3) == []
    assert len(done) == 3


def test_a_turn_that_was_stopped_does_not_come_again(clock):
    turn = Turn(lambda: False, seconds=2)
    clock.now = 5
    assert not turn()
    assert not turn.comes_again
