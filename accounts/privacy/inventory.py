"""What is kept about people: every field that holds something personal is declared once.

Each app says it in its ``personal`` module, listed in ``settings.PRIVACY_SOURCES`` from the top of
the house down: comments, then posts, then the account itself. `/privacy/` shows what is declared,
the export and the erasure walk it, and tests/house/test_privacy_inventory.py fails where a field
that looks personal is neither declared nor exempted with a reason.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from accounts.email_normalization import email_key
from accounts.models import Address

# Whatever can hold words of or about somebody, unless it is one of a closed list of choices.
TEXTS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.BinaryField,
    models.GenericIPAddressField,
)
# Kinds of columns that hold no text, and may be personal by what they are called.
TELLING = re.compile(r"birth|born|phone|agent|latitude|longitude|gender|(^|_)ip($|_)")


@dataclass(frozen=True)
class DataSubject:
    """Whose things are meant: an account, proved addresses of guests, or both.

    ``user`` is the account or None, ``addresses`` are rows of ``Address`` that were proved. Which
    comments are hers follows from these two (``comments.privacy.inventory.comments_of``): all of
    them, or those that she had written ``until`` then.
    """

    user: Any = None
    addresses: tuple = ()
    until: datetime | None = None

    @classmethod
    def from_user(cls, user):
        """Return the ``Subject`` of an account: with all that she wrote as a guest under an
        address which was proved then and is proved to be this account's now.
        """
        keys = {email_key(email) for email in emails_of(user)}
        return cls(user, tuple(Address.objects.filter(key__in=keys, proved_at__isnull=False)))

    @classmethod
    def of_address(cls, address):
        """Return the ``Subject`` of a guest; of nothing while her address was never proved."""
        return cls(None, (address,) if address.proved_at else ())

    @property
    def emails(self):
        """All proved addresses of hers, as they are written; a list without doubles."""
        found = emails_of(self.user) if self.user else []
        return list(dict.fromkeys([*found, *(address.email for address in self.addresses)]))

    @property
    def address_keys(self):
        """The keys of her rows of ``Address``."""
        return [address.pk for address in self.addresses]


def emails_of(user):
    """Return the addresses of an account that allauth has verified, as a list of texts."""
    rows = user.emailaddress_set.filter(verified=True).order_by("-primary", "pk")
    return list(rows.values_list("email", flat=True))


class Event(Enum):
    """What may happen to a row that keeps its place, and takes some of its fields along."""

    ERASED = "its writer erases it"
    WITHDRAWN = "its writer takes it back"
    DISOWNED = "its writer takes their name off it"
    OUTDATED = "nobody needs its words any more"


@dataclass(frozen=True)
class PersonalData:
    """What one model holds about people, for whoever reads `/privacy/`, exports or erases.

    ``model`` is a label such as "accounts.User", ``fields`` are names of its fields, one text.
    ``what``, ``why`` and ``how_long`` are sentences for readers. Entries that share ``what`` are
    one paragraph there.

    ``export`` is the dotted path of a function that is given a :class:`Subject` and yields records:
    dicts of a label in words to a text, number, bool, date, None, or a list or dict of
    these; and never anything of another person. ``not_exported_because`` says why there is none.

    ``erase`` is the dotted path of a function that is given a :class:`Subject` and leaves nothing
    of hers in these fields; done twice, or after it died half-way, it ends the same. Several
    entries may name the same function. ``stays`` says why there is none. ``goes_with_text``: it
    also has its turn where only words are erased, and the account stays.

    ``leaves_on``: at which :class:`Event`s the fields are emptied in rows that keep their place
    (:func:`emptied`). ``labels``: those of the fields that an export gives as they are, each with
    its label there (:func:`labelled`).
    """

    model: str
    fields: str
    what: str | Promise
    why: str | Promise
    how_long: str | Promise
    export: str = ""
    not_exported_because: str | Promise = ""
    erase: str = ""
    stays: str | Promise = ""
    goes_with_text: bool = False
    leaves_on: frozenset[Event] = frozenset()
    labels: Mapping[str, str | Promise] = field(default_factory=dict)


@dataclass(frozen=True)
class Exemption:
    """Fields of a model that look personal and are not; ``reason`` is for who reads the code."""

    model: str
    fields: str
    reason: str


def modules():
    """Return the modules of ``settings.PRIVACY_SOURCES``, in their order."""
    return [import_module(path) for path in settings.PRIVACY_SOURCES]


def declarations():
    """Return every :class:`Personal`, in the order of ``settings.PRIVACY_SOURCES``."""
    return [entry for part in modules() for entry in part.DECLARATIONS]


def exemptions():
    """Return every :class:`Exempt`."""
    return [entry for part in modules() for entry in part.EXEMPTIONS]


def functions(kind, goes_with_text=False):
    """Return the functions that the entries name as ``kind``, "export" or "erase", each once.

    ``goes_with_text``: only those that have their turn when words alone are erased.
    """
    entries = [entry for entry in declarations() if entry.goes_with_text or not goes_with_text]
    paths = dict.fromkeys(getattr(entry, kind) for entry in entries)
    return [import_string(path) for path in paths if path]


def emptied(model: str, event: Event) -> dict[str, Any]:
    """Return ``{field: value}`` of what an event empties in a row of this model (a label).

    Each such field gets the value that it has in a new row.
    """
    fields = apps.get_model(model)._meta.get_field
    entries = [
        entry for entry in declarations() if entry.model == model and event in entry.leaves_on
    ]
    return {name: fields(name).get_default() for entry in entries for name in entry.fields.split()}


def labelled(model: str) -> dict[str, str | Promise]:
    """Return ``{field: label}`` of what an export gives of a row of this model as it is."""
    entries = [entry for entry in declarations() if entry.model == model]
    return {name: label for entry in entries for name, label in entry.labels.items()}


def missing_handlers(kind, otherwise):
    """Return the entries that name no function as ``kind`` and give no reason for it either.

    ``otherwise`` is the field of the reason: "not_exported_because" of "export", "stays" of
    "erase". An entry with both is wrong, too. Raises ImportError where a path leads nowhere.
    """
    entries = declarations()
    for path in {getattr(entry, kind) for entry in entries} - {""}:
        import_string(path)
    return [
        entry.model
        for entry in entries
        if bool(getattr(entry, kind)) == bool(getattr(entry, otherwise))
    ]


def fields_of(entry):
    """Return "app.Model.field" for each field of a declaration or exemption."""
    return [f"{entry.model}.{name}" for name in entry.fields.split()]


def looks_personal(field):
    """Return whether a field of a model may hold something about a person, by its kind or name."""
    if field.is_relation:
        return field.related_model in people()
    if field.primary_key and not isinstance(field, TEXTS):
        return False
    return (isinstance(field, TEXTS) and not field.choices) or bool(TELLING.search(field.name))


def people():
    """Return the models whose rows are persons: whatever points at one is about somebody."""
    return {apps.get_model(settings.AUTH_USER_MODEL), Address}


def undeclared_fields():
    """Return "app.Model.field" of all that looks personal in any table, also of libraries."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.concrete_fields
        if looks_personal(field)
    ]
