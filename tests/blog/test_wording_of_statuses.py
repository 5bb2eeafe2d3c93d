"""Every post status has a wording wherever it is shown."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst

from accounts.privacy.registry import DataSubject
from blog.models import Post
from blog.privacy import export
from blog.publishing import publish
from tests.blog.admin_http import LIST, change

pytestmark = pytest.mark.django_db
Status = Post.Status
OUTSIDE_TRASH = [each for each in Status if each != Status.TRASH]


@pytest.fixture(params=OUTSIDE_TRASH, ids=lambda status: status.value)
def unlisted(request, published_post):
    """A post of each status that no list shows."""
    return published_post(status=request.param, published_at=timezone.now() + timedelta(days=1))


@pytest.mark.parametrize("status", Status, ids=lambda status: status.value)
def test_every_status_has_a_name_of_its_own_and_a_way_on(status):
    assert isinstance(status._label_, Promise), "Django made one up from the code"
    assert [each for each in Status if str(each.label) == str(status.label)] == [status]
    assert publish.offered_actions(Post(status=status))


def test_every_status_is_named_in_the_list_the_form_and_the_archive(signed_in, alice, unlisted):
    client, name = signed_in(alice), str(Status(unlisted.status).label)
    assert f'<td class="field-status">{name}</td>' in client.get(LIST).text
    assert f"<b>{capfirst(name)}</b>" in client.get(change(unlisted)).text
    (record,) = export.posts(DataSubject.from_user(alice))
    assert record["Status"] == name


def test_an_unlisted_post_tells_its_author_that_no_list_shows_it(signed_in, alice, unlisted):
    page = signed_in(alice).get(unlisted.get_absolute_url()).text
    assert f'<p class="notice">{unlisted.status_notice}</p>' in page
    assert len(unlisted.status_notice) > 40


def test_readers_are_not_told_the_status(client, published_post):
    archived = published_post(status=Status.ARCHIVED)
    for post in (archived, published_post()):
        assert 'class="notice"' not in client.get(post.get_absolute_url()).text
    assert published_post().status_notice == ""


@pytest.mark.parametrize("status", Status, ids=lambda status: status.value)
def test_only_archived_posts_and_the_trash_are_closed_to_comments(status):
    at_rest = {Status.ARCHIVED, Status.TRASH}
    assert Post(status=status).takes_activity == (status not in at_rest)
