"""Every admin URL answers each role exactly as the table in docs/roles.md says.

A new URL without a line there fails here, and the failure prints the lines to add. Read them
before you copy them into the table: they grant permissions."""

import pytest
from django.apps import apps

from tests.house.admin_urls import ROLES, World, addresses, expanded, shape, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(root):
    return table((root / "docs" / "roles.md").read_text())


@pytest.fixture
def world(person, alice, mia, owner, bob, published_post):
    """A person of each role, and a row of each model."""
    from allauth.mfa.models import Authenticator
    from django.contrib.auth.models import Group

    from accounts.mail import address_proofs as mailboxes
    from accounts.mail import outbox
    from accounts.models import Invitation, SignupSettings
    from blog.models import Image, OldAddress, Series, Tag
    from blog.newsletter import subscribe
    from comments.models import ClassifierState, DutySlot, Phrase
    from comments.moderation import decisions, writers
    from comments.subscriptions.subscribe import SubscriptionRequest, subscribe_account

    both = person("both", group="Authors", is_staff=True)
    both.groups.add(Group.objects.get(name="Moderators"))
    people = dict(zip(ROLES, [alice, mia, both, owner, bob, None], strict=True))
    posts = {"another's": published_post(author=person("carol"))}
    for role, user in people.items():
        posts[role] = published_post(author=user) if user else posts["another's"]
    post = posts["another's"]
    Tag.objects.create(name="Water", slug="water")
    Series.objects.create(title="Walks", slug="walks")
    OldAddress.objects.create(path="/old/", post=post)
    Image.objects.create(file="lake.jpg", width=60, height=40, uploaded_by=owner)
    comment = _comment(published_post())
    decisions.decide([comment.pk], "approve", mia)
    subscribe_account(bob, SubscriptionRequest(post=post))
    subscribe.subscribe_account(bob, "at-once", discreet=False)
    mailboxes.get_or_create_address("ada@example.org")
    outbox.enqueue("proof", "ada@example.org", address=1)
    writers.ban(_comment(published_post(), user=bob, name="").pk, mia)
    DutySlot.objects.create(weekday=1, starts="20:00", ends="08:00", moderator=mia)
    Phrase.objects.create(kind="hold", text="a word")
    ClassifierState.get()
    SignupSettings.get()
    Invitation.objects.create(note="for carol")
    Authenticator.objects.create(user=bob, type="totp", data={"secret": "x"})
    return World(people, posts)


def _comment(post, **fields):
    from comments.models import Comment
    from comments.tree.status import Status

    own = {"name": "Wren", "body": "A word.", "status": Status.PENDING} | fields
    comment = Comment(post=post, **own)
    comment.save()
    return comment


def lines_to_add(world, missing):
    """Return lines for the table that describe what the URLs answer now."""
    lines = []
    for route in missing:
        address = route.replace("<>", "<key>")
        try:
            cells = [world.asked(role, "GET", address) for role in ROLES]
        except (AssertionError, AttributeError, LookupError) as error:
            lines.append(f"{address}: {error}")
        else:
            lines.append(f"| `{address}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def test_every_address_of_the_admin_has_a_line(written, world):
    there = {shape(address) for _method, address in written}
    missing = [route for route in addresses() if route not in there]
    assert not missing, "docs/roles.md says nothing of:\n" + lines_to_add(world, missing)


def test_every_line_has_an_address(written):
    known = set(addresses())
    assert [address for _method, address in written if shape(address) not in known] == []


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_exactly_what_the_table_says(written, world, role):
    wrong = {}
    for (method, address), cells in written.items():
        said, found = cells[role], world.asked(role, method, address)
        if said != found:
            wrong[f"{method} {address}"] = f"{said} in the table, and it is {found}"
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_page_closed_to_get_is_closed_to_post(written, world, role):
    closed = {"403", "404", "sign in"}
    opened = {}
    for (method, address), cells in written.items():
        if method == "GET" and cells[role] in closed and address != "/admin/login/":
            found = world.asked(role, "POST", address)
            if found not in closed | {"405"}:
                opened[address] = found
    assert opened == {}


def test_a_line_can_stand_for_several_addresses():
    assert expanded("/a/{,b/,<key>/c/}") == ["/a/", "/a/b/", "/a/<key>/c/"]
    assert expanded("/a/") == ["/a/"]


def test_a_wrong_line_is_found(written, world):
    """The table is really compared: none of our roles may see the accounts."""
    assert world.asked("moderator", "GET", "/admin/accounts/user/") == "403"
    assert world.asked("owner", "GET", "/admin/accounts/user/<key>/change/") == "open"
    assert apps.get_model("comments", "comment").objects.exists()
