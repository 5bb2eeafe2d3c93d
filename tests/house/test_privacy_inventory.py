"""The inventory of personal data is complete: it is checked against every table."""

from collections import Counter
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import models

from accounts.models import Address, User
from accounts.privacy import registry

DECLARED = [name for entry in registry.declarations() for name in registry.fields_of(entry)]
EXEMPT = [name for entry in registry.exemptions() for name in registry.fields_of(entry)]


def test_every_field_that_looks_personal_is_declared_or_exempted():
    known = {*DECLARED, *EXEMPT}
    missing = [name for name in registry.undeclared_fields() if name not in known]
    assert not missing, f"neither declared nor exempted in a personal.py: {missing}"


def test_every_declared_field_exists_and_is_declared_once():
    for name in [*DECLARED, *EXEMPT]:
        label, field = name.rsplit(".", 1)
        assert apps.get_model(label)._meta.get_field(field)
    assert not [name for name, count in Counter(DECLARED + EXEMPT).items() if count > 1]
    assert all(entry.reason for entry in registry.exemptions())


def test_every_entry_is_exported_or_says_why_not():
    assert registry.missing_handlers("export", "not_exported_because") == []
    assert all(callable(function) for function in registry.functions("export"))


def test_every_entry_is_erased_or_says_why_it_stays():
    assert registry.missing_handlers("erase", "stays") == []
    assert all(callable(function) for function in registry.functions("erase"))
    assert all(entry.what and entry.why and entry.how_long for entry in registry.declarations())


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"erase": ""}, ["accounts.Mail"]),
        ({"stays": "It is needed."}, ["accounts.Mail"]),
        ({"erase": "accounts.privacy.erase.nothing_of_the_kind"}, ImportError),
    ],
    ids=["no function", "a function and a reason", "no such function"],
)
def test_an_entry_that_nothing_erases_is_found(monkeypatch, change, fault):
    entry = next(each for each in registry.declarations() if each.model == "accounts.Mail")
    monkeypatch.setattr(registry, "declarations", lambda: [replace(entry, **change)])
    if isinstance(fault, list):
        assert registry.missing_handlers("erase", "stays") == fault
    else:
        with pytest.raises(fault):
            registry.missing_handlers("erase", "stays")


def named(field, name):
    field.set_attributes_from_name(name)
    return field


@pytest.mark.parametrize(
    ("field", "is_personal"),
    [
        (named(models.EmailField(), "mail"), True),
        (named(models.TextField(), "anything"), True),
        (named(models.JSONField(), "anything"), True),
        (named(models.GenericIPAddressField(), "seen_from"), True),
        (named(models.DateField(), "birthday"), True),
        (named(models.BinaryField(), "user_agent"), True),
        (named(models.CharField(max_length=4, choices=[("a", "b")]), "kind"), False),
        (named(models.PositiveIntegerField(), "count"), False),
        (named(models.DateTimeField(), "shipped_at"), False),
    ],
)
def test_what_counts_as_personal(field, is_personal):
    assert registry.looks_personal(field) is is_personal


def test_a_foreign_key_to_a_person_counts_as_personal():
    found = registry.undeclared_fields()
    for model in (User, Address):
        pointing = [each for each in model._meta.related_objects if each.concrete]
        for relation in pointing:
            assert f"{relation.related_model._meta.label}.{relation.field.name}" in found
    assert {"admin.LogEntry.user", "account.EmailAddress.user", "accounts.EmailLink.address"} <= {
        *found
    }
