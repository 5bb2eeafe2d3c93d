"""The inventory of personal data: every field that holds some is declared once.

Each app has a module with declarations, listed in ``settings.PRIVACY_SOURCES`` in the order of
erasure: comments, then posts, then the account itself. `/privacy/` shows the declarations, export
and erasure follow them, and tests/house/test_privacy_inventory.py fails where a field that looks
personal is neither declared nor exempted with a reason.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from importlib import import_module
from types import ModuleType
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from accounts.models import Address
from accounts.text.email_normalization import email_key

# Fields that can hold text by or about a person, unless it is one of a closed list of choices.
TEXTS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.BinaryField,
    models.GenericIPAddressField,
)
# Names that make other fields personal, too.
TELLING = re.compile(r"birth|born|phone|agent|latitude|longitude|gender|(^|_)ip($|_)")


@dataclass(frozen=True)
class DataSubject:
    """A person whose data is meant: an account, verified guest addresses, or both.

    ``user`` is the account or None, ``addresses`` are rows of ``Address`` that were verified. These
    two determine the person's comments (``comments.privacy.inventory.comments_of``): all of them,
    or with ``until`` only those written by then.
    """

    user: Any = None
    addresses: tuple = ()
    until: datetime | None = None

    @classmethod
    def from_user(cls, user: Any) -> Self:
        """Return the person with this account.

        That includes their guest addresses that were verified then and are the account's now.
        """
        keys = {email_key(email) for email in emails_of(user)}
        return cls(user, tuple(Address.objects.filter(key__in=keys, verified_at__isnull=False)))

    @classmethod
    def of_address(cls, address: Address) -> Self:
        """Return the guest with this address; an empty subject if it was never verified."""
        return cls(None, (address,) if address.verified_at else ())

    @property
    def emails(self) -> list[str]:
        """All verified addresses of the person, as written, without duplicates."""
        found = emails_of(self.user) if self.user else []
        return list(dict.fromkeys([*found, *(address.email for address in self.addresses)]))

    @property
    def address_keys(self) -> list[int]:
        """The pks of the person's rows of ``Address``."""
        return [address.pk for address in self.addresses]


def emails_of(user: Any) -> list[str]:
    """Return the verified addresses of an account, the primary one first."""
    rows = user.emailaddress_set.filter(verified=True).order_by("-primary", "pk")
    return list(rows.values_list("email", flat=True))


class Event(Enum):
    """An event after which a row stays, and some of its fields are emptied."""

    ERASED = "its writer erases it"
    WITHDRAWN = "its writer deletes it"
    DISOWNED = "its writer removes their name from it"
    OUTDATED = "no one needs its text any longer"


@dataclass(frozen=True)
class PersonalData:
    """The declaration of personal data in one model, for `/privacy/`, export and erasure.

    ``model`` is a label such as "accounts.User", ``fields`` the names of its fields, separated by
    spaces. ``what``, ``why`` and ``how_long`` are sentences for readers. Entries with the same
    ``what`` are shown as one paragraph.

    ``export`` is the dotted path of a function that is given a :class:`DataSubject` and yields
    records: dicts from a readable label to a text, number, bool, date, None, or a list or dict of
    these; and never anything about another person. ``not_exported_because`` says why there is none.

    ``erase`` is the dotted path of a function that is given a :class:`DataSubject` and removes the
    person's data from these fields; it has to be idempotent, also after an interruption. Several
    entries may name the same function. ``stays`` says why there is none. ``goes_with_text``: it is
    also called where only the person's texts are erased and the account stays.

    ``leaves_on``: the :class:`Event`s at which the fields are emptied in rows that stay
    (:func:`emptied`). ``labels``: the fields that an export contains unchanged, each with its
    label there (:func:`labelled`).
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
    """Fields of a model that look personal and are not; ``reason`` is for readers of the code."""

    model: str
    fields: str
    reason: str


def modules() -> list[ModuleType]:
    """Return the modules of ``settings.PRIVACY_SOURCES``, in order."""
    return [import_module(path) for path in settings.PRIVACY_SOURCES]


def declarations() -> list[PersonalData]:
    """Return every declaration, in the order of ``settings.PRIVACY_SOURCES``."""
    return [entry for part in modules() for entry in part.DECLARATIONS]


def exemptions() -> list[Exemption]:
    """Return every exemption, in the order of ``settings.PRIVACY_SOURCES``."""
    return [entry for part in modules() for entry in part.EXEMPTIONS]


def functions(kind: str, goes_with_text: bool = False) -> list[Callable[[DataSubject], Any]]:
    """Return the functions that the entries name as ``kind``, "export" or "erase", each once.

    ``goes_with_text``: only those that are called where only texts are erased.
    """
    entries = [entry for entry in declarations() if entry.goes_with_text or not goes_with_text]
    paths = dict.fromkeys(getattr(entry, kind) for entry in entries)
    return [import_string(path) for path in paths if path]


def emptied(model: str, event: Event) -> dict[str, Any]:
    """Return ``{field: default}`` of the fields of a model (a label) that an event empties."""
    fields = apps.get_model(model)._meta.get_field
    entries = [
        entry for entry in declarations() if entry.model == model and event in entry.leaves_on
    ]
    return {name: fields(name).get_default() for entry in entries for name in entry.fields.split()}


def labelled(model: str) -> dict[str, str | Promise]:
    """Return ``{field: label}`` of the fields of a model that an export contains unchanged."""
    entries = [entry for entry in declarations() if entry.model == model]
    return {name: label for entry in entries for name, label in entry.labels.items()}


def missing_handlers(kind: str, otherwise: str) -> list[str]:
    """Return the models of entries that name no function as ``kind`` and give no reason for it.

    ``otherwise`` is the field of the reason: "not_exported_because" for "export", "stays" for
    "erase". An entry with both is wrong, too. Raises ImportError for a path that leads nowhere.
    """
    entries = declarations()
    for path in {getattr(entry, kind) for entry in entries} - {""}:
        import_string(path)
    return [
        entry.model
        for entry in entries
        if bool(getattr(entry, kind)) == bool(getattr(entry, otherwise))
    ]


def fields_of(entry: PersonalData | Exemption) -> list[str]:
    """Return "app.Model.field" for each field of a declaration or exemption."""
    return [f"{entry.model}.{name}" for name in entry.fields.split()]


def looks_personal(field: models.Field) -> bool:
    """Return whether a model field may hold personal data, by its type or name."""
    if field.is_relation:
        return field.related_model in people()
    if field.primary_key and not isinstance(field, TEXTS):
        return False
    return (isinstance(field, TEXTS) and not field.choices) or bool(TELLING.search(field.name))


def people() -> set[type[models.Model]]:
    """Return the models whose rows are people: a relation to one of them is personal data."""
    return {apps.get_model(settings.AUTH_USER_MODEL), Address}


def undeclared_fields() -> list[str]:
    """Return "app.Model.field" of every field that looks personal, also in libraries' tables."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.concrete_fields
        if looks_personal(field)
    ]
