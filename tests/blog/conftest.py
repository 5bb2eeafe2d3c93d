"""Fixtures for tests of the author's pages."""

import pytest


@pytest.fixture
def desk(signed_in, alice):
    return signed_in(alice)


@pytest.fixture
def carol(person):
    """Another author."""
    return person("carol", group="Authors", is_staff=True)
