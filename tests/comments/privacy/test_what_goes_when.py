"""Fields declared to be cleared at an event are cleared then, and no others."""

import pytest
from django.utils import timezone

from accounts.privacy import registry
from accounts.privacy.registry import Event
from blog.models import ContentNote
from comments.posting import own_comments
from comments.privacy import erase
from tests.comments.factories import say, stored
from tests.comments.mail import verified

ACTS = {
    Event.WITHDRAWN: own_comments.withdraw,
    Event.DISOWNED: own_comments.disown,
    Event.ERASED: lambda key: erase.erase([key]),
}


def filled(post, user):
    """A comment with a value in every declared field, and a reply."""
    now = timezone.now()
    comment = say(
        post,
        user=user,
        email="wren@example.org",
        verified_address=verified("wren@example.org"),
        content_note=ContentNote.objects.first(),
        held_because="first-comment",
        claimed_at=now,
        receipt="r",
        receipt_made_at=now,
        submission="s",
        same_words="w",
        source="elsewhere",
        source_id="7",
    )
    say(post, comment)
    return stored(comment)


@pytest.mark.parametrize("event", ACTS)
def test_fields_declared_for_an_event_are_cleared_and_the_rest_stays(published_post, bob, event):
    before = filled(published_post(), bob)
    ACTS[event](before.pk)
    after = stored(before)
    for entry in registry.declarations():
        for name in entry.fields.split() if entry.model == "comments.Comment" else ():
            had, has = getattr(before, name), getattr(after, name)
            assert had, f"{name} was empty before"
            assert (had != has) is (event in entry.leaves_on), name
            assert had == has or not has or name == "salt", f"{name} holds something else"
