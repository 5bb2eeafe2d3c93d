"""Rows that Hearth writes by itself are read-only in the admin."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.base_admin import ReadOnlyAdmin, SingleRowAdmin

pytestmark = pytest.mark.django_db


def admins(kind):
    return [each for each in admin.site._registry.values() if isinstance(each, kind)]


def address(of, page, *args):
    return reverse(f"admin:{of.opts.app_label}_{of.opts.model_name}_{page}", args=args)


NAMES = sorted(str(each.opts) for each in admins(ReadOnlyAdmin))


def test_these_models_are_read_only():
    """Adding or removing one is a deliberate decision, so the list is spelt out."""
    assert NAMES == [
        "accounts.address",
        "accounts.mail",
        "blog.subscription",
        "comments.classifierstate",
        "comments.comment",
        "comments.moderationaction",
        "comments.reputation",
        "comments.subscription",
        "mfa.authenticator",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_nobody_adds_or_rewrites_a_row(rf, owner, signed_in, name):
    (of,) = (each for each in admins(ReadOnlyAdmin) if str(each.opts) == name)
    client = signed_in(owner)
    assert client.get(address(of, "add")).status_code == 403
    assert client.get(address(of, "changelist"), follow=True).status_code == 200
    request = rf.get("/")
    request.user = owner
    assert not of.has_change_permission(request)
    assert of.has_delete_permission(request) is of.can_be_deleted


def test_a_model_with_a_single_row_opens_it_and_accepts_no_second(owner, signed_in):
    client = signed_in(owner)
    for of in admins(SingleRowAdmin):
        found = client.get(address(of, "changelist"))
        assert found.status_code == 302, of
        assert client.get(found["Location"]).status_code == 200, of
        assert client.get(address(of, "add")).status_code == 403, of
