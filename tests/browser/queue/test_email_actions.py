"""In Chromium: a moderator decides from a mail on the phone."""

import pytest
from playwright.sync_api import expect

from comments.digests import emails
from comments.models import Comment
from comments.tree.status import Status
from tests.browser.axe import violations
from tests.browser.looks import look, too_wide


@pytest.fixture
def waits(published_post):
    post = published_post(comment_mode="moderated")
    comment = Comment(post=post, name="Wren", body="I read this *by the window*.")
    comment.save()
    return comment


def path_for(user, comment):
    items = emails.to_decide(user.pk).context["items"]
    return next(item.link for item in items if item.key == comment.pk).removeprefix(
        "http://localhost"
    )


def test_the_decision_is_three_presses_away_from_the_mail(page, mia, waits):
    tab = page(path_for(mia, waits), width=360, dark=True)
    assert "Wren" not in tab.content()
    look(tab, "mail-1")
    tab.get_by_role("button", name="View").click()
    expect(tab.get_by_text("by the window")).to_be_visible()
    look(tab, "mail-2")
    assert too_wide(tab) == []
    for button in tab.get_by_role("button").all():
        assert button.bounding_box()["height"] >= 44
    assert not violations(tab)
    tab.get_by_label("Reason, if you remove it").fill("It tells where somebody lives.")
    tab.get_by_role("button", name="Remove").click()
    expect(tab.get_by_text("Removed. Readers can no longer see the comment.")).to_be_visible()
    look(tab, "mail-3")
    assert not violations(tab)
    waits.refresh_from_db()
    assert waits.status == Status.REMOVED
    assert not tab.context.cookies()


def test_the_moderators_own_page_has_no_violation(page, mia):
    tab = page("/account/moderating/", user=mia, width=360)
    look(tab, "own-page")
    assert not violations(tab)
    tab.get_by_role("button", name="Turn off").click()
    tab.get_by_role("button", name="Turn on").wait_for()
    assert not violations(tab)
