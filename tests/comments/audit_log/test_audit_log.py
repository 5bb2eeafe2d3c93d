"""The audit log in the admin: filters, search, CSV export, and what an erasure blanks."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Post
from comments.models import Comment, ModerationAction, audit_log
from comments.moderation import decisions, locked_threads, writers
from comments.posting import own_comments
from comments.tree.status import Status
from tests.comments.factories import say, stored
from tests.comments.http import soup, visit

pytestmark = pytest.mark.django_db
LOG = "/admin/comments/moderationaction/"


def decide(comment, act, who, reason=""):
    return decisions.decide([comment.pk], act, who, reason).actions[comment.pk]


def lines(page):
    """Return the cells of each line, without the first column (when)."""
    return [
        [" ".join(cell.text.split()) for cell in row.select("td")[1:]]
        for row in page.select("#result_list tbody tr")
    ]


def numbers(page):
    return {int(cells[2].split()[0].strip("#")) for cells in lines(page)}


@pytest.fixture
def three(mia, owner, published_post):
    """Three actions on comments of two posts, by two people."""
    one, two = say(published_post(title="By the lake")), say(published_post(title="In the wood"))
    decide(one, "remove", mia, "It names somebody.")
    decide(one, "restore", owner)
    decide(two, "spam", mia)
    return one, two


def test_a_line_says_who_did_what_when_why_and_the_change_of_status(signed_in, mia, three):
    one, _two = three
    page = visit(signed_in(mia), LOG)
    removed = lines(page)[2]
    assert removed == [
        "removed", "mia", f"#{one.pk} open", "By the lake", "approved → removed",
        "It names somebody.",
    ]  # fmt: skip
    assert "3 moderation log entries" in " ".join(page.select_one(".paginator").text.split())


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("act__exact=spam", 1),
        ("who__id__exact={mia}", 2),
        ("comment={one}", 2),
        ("post={lake}", 2),
        ("q=names", 1),
        ("q=owner", 1),
        ("q={two}", 1),
        ("created_at__year=2001", 0),
        ("act__exact=remove&who__id__exact={mia}&comment={one}", 1),
    ],
)
def test_the_log_can_be_filtered_and_the_export_holds_the_same(signed_in, mia, three, query, count):
    one, two = three
    query = query.format(mia=mia.pk, one=one.pk, two=two.pk, lake=one.post_id)
    client = signed_in(mia)
    page = visit(client, f"{LOG}?{query}")
    assert len(lines(page)) == count
    link = page.select_one(".object-tools a")["href"]
    assert link.endswith(f"?{query}")
    assert len(rows(client.get(link))) == count


@pytest.mark.parametrize("query", ["comment=x", "post=1;", "comment=-1", "post=" + "9" * 30])
def test_an_invalid_filter_redirects_to_the_whole_list(signed_in, mia, three, query):
    client = signed_in(mia)
    assert client.get(f"{LOG}?{query}").status_code == 302
    assert client.get(f"{LOG}csv/?{query}").status_code == 302


def test_filters_can_be_cleared(signed_in, mia, three):
    page = visit(signed_in(mia), f"{LOG}?comment={three[0].pk}")
    chosen = page.select_one("#changelist-filter").text
    assert f"comment #{three[0].pk}" in chosen


def test_more_actions_cost_no_more_queries(signed_in, mia, owner, person, published_post):
    client, costs = signed_in(mia), {}
    for size in (2, 12):
        for number in range(size):
            comment = say(published_post(), status=Status.PENDING)
            decide(comment, "approve", mia if number % 2 else owner)
        for address in (LOG, f"{LOG}csv/"):
            with CaptureQueriesContext(connection) as captured:
                b"".join(client.get(address))
            costs.setdefault(address, []).append(len(captured))
    for address, (few, many) in costs.items():
        assert few == many, address
    assert costs[LOG][0] <= 12


def test_only_its_author_sees_the_title_of_a_draft(signed_in, mia, owner, three):
    Post.objects.update(status=Post.Status.DRAFT)
    for address in (LOG, f"{LOG}csv/"):
        assert "By the lake" not in whole(signed_in(mia).get(address))
        assert "By the lake" in whole(signed_in(owner).get(address))


def test_findings_are_worded_on_the_card_in_the_log_and_in_the_export(
    signed_in, mia, published_post
):
    comment = say(published_post(), status=Status.PENDING)
    audit_log.add_action(
        comment, audit_log.Act.HOLD, is_new=True, verdict="first-comment, links, somebodys.check"
    )
    audit_log.add_action(
        comment, audit_log.Act.NOTE, mia, verdict="links"
    )  # the name of a content note
    client, words = signed_in(mia), "first comment, links, somebodys.check"
    assert lines(visit(client, LOG))[1][-1] == words
    file = rows(client.get(f"{LOG}csv/"))
    assert [row["check result"] for row in file] == ["links", words]
    assert file[1]["before"] == ""
    panels = visit(client, f"/admin/queue/{comment.pk}/panels/")
    history = [" ".join(line.text.split()) for line in panels.select(".history li")]
    assert history[0].endswith("(Mia): links")
    assert history[1].endswith(f"held: {words}")


def test_a_check_that_held_a_comment_alone_is_named_once(signed_in, mia, published_post):
    comment = say(published_post(), status=Status.PENDING)
    audit_log.add_action(comment, audit_log.Act.HOLD, is_new=True, verdict="checks, rate")
    audit_log.add_action(comment, audit_log.Act.HOLD, verdict="care, care")
    found = [line[-1] for line in lines(visit(signed_in(mia), LOG))]
    assert found == ["care phrase", "many comments in a short time"]


# -- the export --------------------------------------------------------------------------


def whole(response):
    content = getattr(response, "streaming_content", None)
    return (b"".join(content) if content else response.content).decode()


def rows(response):
    assert response.status_code == 200
    text = whole(response)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_export_has_every_action_and_no_text_of_a_comment(signed_in, mia, published_post):
    comment = say(published_post(title="By the lake"), body="Unsaid words.", name="Nightjar")
    decide(comment, "remove", mia, 'Two\nlines, a "quote" and – 🌱')
    decisions.undo_action(ModerationAction.objects.get().pk, mia)
    response = signed_in(mia).get(f"{LOG}csv/")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="moderation-log-')
    assert response.streaming
    undo, removal = found = rows(response)
    assert removal["reason"] == 'Two\nlines, a "quote" and – 🌱'
    assert (removal["person"], removal["action"], removal["post"]) == (
        "mia",
        "removed",
        "By the lake",
    )
    assert (removal["before"], removal["after"]) == ("approved", "removed")
    assert undo["undoes number"] == removal["number"]
    assert "Unsaid" not in str(found)
    assert "Nightjar" not in str(found)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_the_export_is_a_formula(signed_in, mia, published_post, formula):
    post = published_post(title=formula.strip() or "x")
    decide(say(post), "remove", mia, formula)
    (row,) = rows(signed_in(mia).get(f"{LOG}csv/"))
    assert row["reason"] == f"'{formula}"
    assert row["post"].startswith("'")


def test_the_log_is_for_moderators_and_the_owner(signed_in, alice, bob, mia, owner, three):
    for address in (LOG, f"{LOG}csv/"):
        assert Client().get(address).status_code == 302
        for other in (alice, bob):
            answer = signed_in(other).get(address, follow=True)
            assert answer.status_code == 403 or "It names" not in whole(answer)
        for reader in (mia, owner):
            assert signed_in(reader).get(address).status_code == 200
    assert signed_in(mia).post(f"{LOG}csv/").status_code == 405


# -- what stays, and what erasure blanks -------------------------------------------------


def test_the_log_outlives_the_text_and_the_comment(signed_in, mia, published_post):
    comment = say(published_post())
    decide(comment, "remove", mia, "because")
    own_comments.withdraw(comment.pk)
    Comment.objects.purge(stored(comment))
    cells = [line[2] for line in lines(visit(signed_in(mia), LOG))]
    assert cells == [f"#{comment.pk} (deleted)"] * 2
    assert numbers(visit(signed_in(mia), f"{LOG}?comment={comment.pk}")) == {comment.pk}


def test_erasing_a_moderator_blanks_who_and_why_and_nothing_else(mia, owner, published_post):
    post = published_post()
    hers, his = say(post), say(post)
    decide(hers, "remove", mia, "Mia's words")
    decide(his, "remove", owner, "The owner's words")
    before = list(ModerationAction.objects.order_by("pk").values())
    audit_log.blank_account_text(mia)
    after = list(ModerationAction.objects.order_by("pk").values())
    assert after == [before[0] | {"who_id": None, "reason": ""}, before[1]]


def test_erasing_a_writer_blanks_the_reasons_given_about_their_comments(mia, bob, published_post):
    post = published_post()
    his, other = say(post, user=bob, name=""), say(post)
    for comment in (his, other):
        decide(comment, "remove", mia, "Dear Bob")
    audit_log.blank_account_text(bob)
    found = ModerationAction.objects.order_by("pk").values_list("reason", "who")
    assert list(found) == [("", mia.pk), ("Dear Bob", mia.pk)]


def test_sentences_still_read_well_without_an_erased_moderator(mia, owner, published_post):
    comment = say(published_post())
    action = decide(comment, "remove", mia)
    audit_log.blank_account_text(mia)
    outcome = decisions.decide([comment.pk], "remove", owner)
    assert outcome.sentences[comment.pk] == "Someone removed it just now."
    assert decisions.undo_action(action, owner) is False


def test_every_kind_of_action_has_a_line(signed_in, mia, bob, published_post):
    comment = say(published_post(), user=bob, name="")
    writers.trust(comment.pk, mia)
    writers.untrust(comment.pk, mia)
    writers.ban(comment.pk, mia, timezone.now() + timedelta(days=1), "A pause.")
    writers.unban(comment.pk, mia)
    locked_threads.lock(comment.pk, mia)
    locked_threads.unlock(comment.pk, mia)
    decide(comment, "keep", mia)
    page = visit(signed_in(mia), LOG)
    assert {line[1] for line in lines(page)} == {"mia"}
    assert [line[0] for line in lines(page)] == [
        "kept as is",
        "thread unlocked",
        "thread locked",
        "writer no longer banned",
        "writer banned",
        "writer no longer trusted",
        "writer trusted",
    ]
    assert soup(signed_in(mia).get(f"{LOG}{ModerationAction.objects.last().pk}/change/"))


def test_the_sidebar_names_what_the_list_is_limited_to(signed_in, mia, three):
    one, _two = three
    client = signed_in(mia)

    def chosen(query):
        sidebar = visit(client, LOG + query).select_one("#changelist-filter")
        return [" ".join(each.text.split()) for each in sidebar.select("li.selected a")]

    assert f"comment #{one.pk}" in chosen(f"?comment={one.pk}")
    assert "“By the lake”" in chosen(f"?post={one.post_id}")
    Post.objects.filter(pk=one.post_id).update(status="draft")
    assert "another post" in chosen(f"?post={one.post_id}")


def test_a_line_without_a_moderator_says_who_it_was(signed_in, mia, published_post):
    comment = say(published_post())
    decide(comment, "hold", mia)
    audit_log.blank_account_text(mia)
    audit_log.add_action(comment, audit_log.Act.EDIT)
    audit_log.add_action(comment, audit_log.Act.HOLD, verdict="reported")
    people = [line[1] for line in lines(visit(signed_in(mia), LOG))]
    assert people == ["automatic", "the writer", "deleted account"]
