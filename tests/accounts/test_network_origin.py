"""The network a request comes from: a keyed hash, which cannot be turned back into an address."""

import pytest

from accounts.rate_limit import UNKNOWN, network_key


def test_the_hash_contains_no_address():
    assert "192.0.2" not in network_key("192.0.2.7")
    assert len(network_key("192.0.2.7")) == 32


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.200", True),
        ("192.0.2.7", "192.0.3.7", False),
        ("2001:db8:1:2::3", "2001:db8:1:ffff::9", True),
        ("2001:db8:1::3", "2001:db8:2::3", False),
        ("::ffff:192.0.2.7", "192.0.2.9", True),
    ],
)
def test_neighbours_in_one_network_have_the_same_hash(one, other, same):
    assert (network_key(one) == network_key(other)) is same


def test_another_key_gives_another_hash(settings):
    before = network_key("192.0.2.7")
    settings.SECRET_KEY = "another key, as long as it has to be for the house's checks"
    assert network_key("192.0.2.7") != before


def test_a_forwarding_header_is_not_believed_without_a_trusted_proxy():
    assert network_key("192.0.2.7", "198.51.100.1") == network_key("192.0.2.7")


def test_behind_a_trusted_proxy_its_header_names_the_client(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    client = network_key("198.51.100.1")
    assert network_key("10.0.0.1", "198.51.100.1") == client
    assert network_key("10.0.0.1", "198.51.100.1, 10.0.0.9") == client


def test_behind_a_trusted_proxy_what_the_client_wrote_itself_is_not_believed(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    client = network_key("198.51.100.1")
    assert network_key("10.0.0.1", "203.0.113.5, 198.51.100.1") == client
    assert network_key("10.0.0.1", "203.0.113.5, nonsense") == network_key("10.0.0.1")


def test_a_connection_without_an_address_has_a_hash_too():
    assert network_key("") == UNKNOWN


def test_signing_in_keeps_no_address(client, bob, monkeypatch):
    """Neither the session nor any key of the cache names where somebody came from."""
    from django.contrib.sessions.models import Session
    from django.core.cache import cache

    keys = []
    kept = cache.set
    monkeypatch.setattr(
        cache, "set", lambda key, *rest, **more: keys.append(key) or kept(key, *rest, **more)
    )
    client.post(
        "/account/login/",
        {"login": "bob", "password": "a long walk by the lake"},
        REMOTE_ADDR="192.0.2.7",
    )
    assert any(":ip:" in key for key in keys)
    assert not any("192.0.2" in key for key in keys)
    assert "192.0.2" not in str(Session.objects.get().get_decoded())
