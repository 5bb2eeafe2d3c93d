"""A site whose Redis goes away, hangs, is full or slow: readers, writers and moderators go on."""

import re
import shutil

import pytest

from tests.conftest import PASSWORD
from tests.faults.redis_server import OwnRedis, SlowWay
from tests.house.server import Site, Visitor
from tests.waits import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
MODERATOR = """
import django
django.setup()
from django.contrib.auth.models import Group
from accounts.models import User
bob = User.objects.get(username="bob")
bob.is_staff = True
bob.save()
bob.groups.add(Group.objects.get(name="Moderators"))
"""


def away(server, site):
    server.kill()


def back_from_away(server):
    server.start()


def hanging(server, site):
    server.hang()


def back_from_hanging(server):
    server.go_on()


def full(server, site):
    server.client.config_set("maxmemory", 1)


def back_from_full(server):
    server.client.config_set("maxmemory", 0)


FAULTS = {
    "away": (away, back_from_away),
    "hanging": (hanging, back_from_hanging),
    "full": (full, back_from_full),
}


@pytest.fixture(scope="module")
def server():
    """A Redis of one's own, which refuses what does not fit."""
    server = OwnRedis("--maxmemory-policy", "noeviction")
    yield server
    server.go_on()
    server.kill()


@pytest.fixture(scope="module")
def site(server, served_data, tmp_path_factory):
    """Two workers with this Redis, and bob, who moderates."""
    folder = shutil.copytree(served_data, tmp_path_factory.mktemp("faults") / "data")
    site = Site(folder, CACHE_URL=server.url, COMMENTS_A_MINUTE="600")
    site.fill(slug="lake", password=PASSWORD)
    site.run(MODERATOR)
    site.start()
    yield site
    assert site.stop() == 0


def sign_in(site):
    bob = Visitor()
    bob.send(f"{site.url}/account/login/", login="bob", password=PASSWORD)
    return bob


def is_signed_in(visitor, site):
    return "/account/logout/" in visitor.page(f"{site.url}/posts/lake/")


def write(visitor, site, words, **fields):
    """Write a comment, and see it with the eyes of everybody."""
    visitor.send(f"{site.url}/posts/lake/reply/", body=words, **fields)
    wait_until(lambda: words in Visitor().page(f"{site.url}/posts/lake/"))


@pytest.mark.parametrize("fault", FAULTS)
def test_everybody_goes_on_while_redis_fails(site, server, fault):
    break_it, mend_it = FAULTS[fault]
    bob, leaving = sign_in(site), sign_in(site)
    for path in ("/", "/posts/lake/", "/feed/"):
        Visitor().page(site.url + path)
    break_it(server, site)
    try:
        # Readers, on either worker.
        for path in ("/", "/posts/lake/", "/feed/", "/comments/feed/", "/search/?q=lake") * 3:
            Visitor().page(site.url + path)
        # Somebody who is signed in, somebody who signs in, and somebody who leaves.
        assert is_signed_in(bob, site)
        assert is_signed_in(sign_in(site), site)
        session = next(each.value for each in leaving.jar if each.name == "sessionid")
        leaving.send(f"{site.url}/account/logout/", yes="1")
        assert not is_signed_in(leaving, site)
        # Writers: each word is kept and shown.
        write(bob, site, f"Words while it is {fault}.")
        write(bob, site, f"More words while it is {fault}.")
        # Moderators.
        assert "/admin/queue/" in bob.page(f"{site.url}/admin/")
        # A balancer leaves the machine where it is.
        assert site.health() == (200, "late")
    finally:
        mend_it(server)
    wait_until(lambda: site.health() == (200, "ok"))
    for words in (f"Words while it is {fault}.", f"More words while it is {fault}."):
        assert words in Visitor().page(f"{site.url}/posts/lake/")
    assert is_signed_in(bob, site)
    # Who left meanwhile does not come back with the old entries of Redis.
    ghost = Visitor()
    ghost.opener.addheaders = [("Cookie", f"sessionid={session}")]
    assert "/account/logout/" not in ghost.page(f"{site.url}/posts/lake/")


def test_wrong_passwords_stay_counted_while_redis_fails(site, server):
    for _ in range(3):
        wrong(site)
    server.kill()
    try:
        answers = [wrong(site) for _ in range(3)]
    finally:
        server.start()
    assert answers == [200, 200, 429]
    assert wrong(site) == 429
    wait_until(lambda: site.health() == (200, "ok"))


def wrong(site):
    visitor = Visitor()
    form = visitor.page(f"{site.url}/account/login/").split("<main", 1)[1]
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    fields = hidden | {"login": "somebody", "password": "another walk by the lake"}
    return visitor.open(f"{site.url}/account/login/", fields)[0]


def test_a_slow_redis_is_asked_three_times_and_then_left_alone(server, served_data, tmp_path):
    way = SlowWay(server.port, 0.08)
    folder = shutil.copytree(served_data, tmp_path / "data")
    site = Site(folder, CACHE_URL=way.url, WORKERS="1", RUN_DUE="off")
    site.fill(slug="lake", password=PASSWORD)
    site.start()
    try:
        Visitor().page(f"{site.url}/posts/lake/")
        before = way.commands
        for number in range(30):
            Visitor().page(f"{site.url}/posts/lake/?page=1&n={number}")
        assert way.commands - before <= 30  # instead of some five for each page
    finally:
        assert site.stop() == 0
        way.close()
