"""Where a request comes from is told apart by network, and cannot be read back."""

import pytest

from accounts.rate_limit import UNKNOWN, network_key


def test_no_address_is_in_it():
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
def test_it_is_the_network_that_counts(one, other, same):
    assert (network_key(one) == network_key(other)) is same


def test_another_key_gives_another_text(settings):
    before = network_key("192.0.2.7")
    settings.SECRET_KEY = "another key, as long as it has to be for the house's checks"
    assert network_key("192.0.2.7") != before


def test_a_header_from_a_stranger_is_not_believed():
    assert network_key("192.0.2.7", "198.51.100.1") == network_key("192.0.2.7")


def test_behind_a_proxy_of_ours_the_header_says_who_it_is(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    client = network_key("198.51.100.1")
    assert network_key("10.0.0.1", "198.51.100.1") == client
    assert network_key("10.0.0.1", "198.51.100.1, 10.0.0.9") == client


def test_behind_a_proxy_of_ours_what_a_client_wrote_before_is_not_believed(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    client = network_key("198.51.100.1")
    assert network_key("10.0.0.1", "203.0.113.5, 198.51.100.1") == client
    assert network_key("10.0.0.1", "203.0.113.5, nonsense") == network_key("10.0.0.1")


def test_a_connection_without_an_address_has_a_name_too():
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
