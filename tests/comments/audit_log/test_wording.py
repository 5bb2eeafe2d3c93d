"""Every reason to hold and every action of the log has a wording wherever it is shown."""

import csv
import inspect
import io
import sys

import pytest
from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from accounts.privacy.registry import DataSubject
from comments.audit_log import history as audit_log_history
from comments.audit_log import wording
from comments.models import ModerationAction, audit_log
from comments.models.audit_log import Act
from comments.models.hold_reasons import HoldReason
from comments.moderation import decisions
from comments.privacy import export
from comments.queue import actions
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import visit
from tests.comments.queue_http import cards, page, text

pytestmark = pytest.mark.django_db
LOG = "/admin/comments/moderationaction/"
# Actions of the writer, for which the queue has no button.
WRITERS = {Act.EDIT, Act.WITHDRAW, Act.DISOWN}


def file_of(client):
    content = b"".join(client.get(f"{LOG}csv/").streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def lines_of(client):
    """Return the cells of each line of the log without the first one (when)."""
    rows = visit(client, LOG).select("#result_list tbody tr")
    return [[text(cell) for cell in row.select("td")[1:]] for row in rows]


# -- checks ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", settings.COMMENT_CHECKS)
def test_the_log_says_in_words_which_check_held_a_comment(signed_in, mia, published_post, path):
    check = import_string(path)
    comment = say(published_post(), status=Status.PENDING, held_because="checks")
    verdict = f"checks, {check.name}"
    audit_log.add_action(comment, Act.HOLD, is_new=True, verdict=verdict)
    assert isinstance(check.label, Promise)
    assert str(check.label) != check.name or check.name == "links"
    [line] = lines_of(signed_in(mia))
    assert str(check.label) in line
    [row] = file_of(signed_in(mia))
    assert str(check.label) in row.values()


def test_a_check_without_a_name_is_read_by_its_code(published_post):
    comment = say(published_post(), status=Status.PENDING, held_because="checks")
    audit_log.add_action(comment, Act.HOLD, is_new=True, verdict="checks, of.a.plugin")
    assert wording.in_words(ModerationAction.objects.get()) == "of.a.plugin"


# -- reasons to hold ---------------------------------------------------------------------


@pytest.fixture(params=HoldReason, ids=lambda reason: reason.value)
def held(request, bob, published_post):
    """``(reason, comment)``: a comment by bob that is held for this reason alone."""
    fields = {"status": Status.PENDING, "held_because": request.param}
    comment = say(published_post(), user=bob, name="", **fields)
    audit_log.add_action(comment, Act.HOLD, is_new=True, verdict=request.param.value)
    return request.param, comment


def test_moderators_see_every_reason_in_words(signed_in, mia, held):
    reason, comment = held
    client, words = signed_in(mia), str(reason.to_moderators)
    assert words != reason.value
    card = cards(page(client))[comment.pk]
    assert [text(line) for line in card.select(".why li")] == [words]
    history = visit(client, f"/admin/queue/{comment.pk}/panels/").select_one(".history li")
    assert text(history).endswith(f"held: {words}")
    assert lines_of(client)[0][-1] == words
    assert [row["check result"] for row in file_of(client)] == [words]


def test_the_writer_sees_every_reason_in_other_words(signed_in, bob, held):
    reason, comment = held
    words = str(reason.to_writer)
    receipt = text(visit(signed_in(bob), f"/comments/{comment.pk}/receipt/"))
    assert words in receipt
    subject = DataSubject.from_user(bob)
    (mine,), (decision,) = list(export.comments(subject)), list(export.decisions(subject))
    assert mine["Why it’s waiting"] == words
    assert decision["Check verdict"] == words


@pytest.mark.parametrize("sentences", ["", ', _("It waits.")', ', _("It waits."), "untranslated"'])
def test_a_reason_without_both_sentences_cannot_be_written(sentences):
    source, names = inspect.getsource(HoldReason), vars(sys.modules[HoldReason.__module__])
    exec(f'{source}\n    NEW = "new", _("It waits."), _("waits")', dict(names))
    with pytest.raises(TypeError):
        exec(f'{source}\n    NEW = "new"{sentences}', dict(names))


def test_no_two_reasons_are_the_same_to_a_moderator_or_to_a_writer():
    assert len({str(reason.to_writer) for reason in HoldReason}) == len(HoldReason)
    assert len({str(reason.to_moderators) for reason in HoldReason}) == len(HoldReason)


# -- actions of the log ------------------------------------------------------------------


@pytest.mark.parametrize("act", Act, ids=lambda act: act.value)
def test_every_action_has_a_name_of_its_own(act):
    assert isinstance(act._label_, Promise), "Django made one up from the code"
    assert [each for each in Act if str(each.label) == str(act.label)] == [act]


def test_every_action_is_named_in_the_log_the_export_the_history_and_the_archive(
    signed_in, mia, bob, published_post
):
    comment = say(published_post(), user=bob, name="")
    for act in Act:
        audit_log.add_action(comment, act, mia)
    names, client = [str(act.label) for act in reversed(Act)], signed_in(mia)
    assert [line[0] for line in lines_of(client)] == names
    assert [row["action"] for row in file_of(client)] == names
    history = visit(client, f"/admin/queue/{comment.pk}/panels/").select(".history li")
    assert [text(line).partition(": ")[2] for line in history] == [
        f"{name} (Mia)" for name in names
    ]
    archive = export.decisions(DataSubject.from_user(bob))
    assert [record["Action"] for record in archive] == names[::-1]


@pytest.mark.parametrize("act", Act, ids=lambda act: act.value)
def test_a_later_moderator_is_told_of_every_relevant_action(act, mia, published_post):
    comment = say(published_post())
    row = audit_log.add_action(comment, act, mia)
    if act == Act.UNDO:
        row = audit_log.add_action(
            comment, act, mia, undoes=audit_log.add_action(comment, Act.HOLD, mia)
        )
    if ModerationAction.objects.filter(audit_log_history.WATCHED, pk=row.pk).exists():
        assert audit_log_history.describe(row) not in {"", str(audit_log_history.AS_IT_IS)}
    else:
        assert (act.by_somebody, act.by_itself) == ("", ""), "nobody reads them"


def test_every_button_has_a_label():
    assert {act for act in actions.WORDS if act in set(Act)} == set(Act) - WRITERS
    assert {act for act, words in actions.WORDS.items() if words.button} == set(
        decisions.MAY_FOLLOW
    )
    assert all(words.done for words in actions.WORDS.values())
