"""Every kind of mail has a name, shown to the owner in the outbox and to everybody in archives."""

from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.utils import timezone
from django.utils.functional import Promise

from accounts.mail import compose
from accounts.mail.compose import AccountMail
from accounts.models import Mail
from accounts.privacy import export
from accounts.privacy.registry import DataSubject

# Of the parts of allauth that this project uses.
THEIRS = ("account", "mfa")
NAMES = [*compose.email_functions(), *AccountMail.values]


def unnamed(comment):
    """A mail that somebody forgot to name."""


def test_every_kind_of_mail_has_a_name_of_its_own():
    names = [compose.label(name) for name in NAMES]
    assert len(set(names)) == len(NAMES)
    assert all(isinstance(kind._label_, Promise) for kind in AccountMail)
    assert all(
        isinstance(write.label, Promise) for _app, write in compose.email_functions().values()
    )


def test_every_mail_that_allauth_writes_is_known_by_name():
    folders = [Path(allauth.__file__).parent / "templates", settings.BASE_DIR / "templates"]
    found = [
        str(path.relative_to(folder)).removesuffix("_subject.txt")
        for folder in folders
        for app in THEIRS
        for path in folder.glob(f"{app}/email/*_subject.txt")
    ]
    assert set(found) == set(AccountMail.values)


@pytest.mark.django_db
def test_the_outbox_and_an_archive_name_every_kind(signed_in, owner, bob):
    now = timezone.now()
    mails = [Mail(name=name, to_address=bob.email, due_at=now) for name in NAMES]
    Mail.objects.bulk_create(mails)
    page, archive = signed_in(owner).get("/admin/accounts/mail/").text, DataSubject.from_user(bob)
    said = [record["Email"] for record in export.mails(archive)]
    assert said == [compose.label(name) for name in NAMES]
    for name in NAMES:
        assert f">{compose.label(name)}</a>" in page
    one = signed_in(owner).get(f"/admin/accounts/mail/{Mail.objects.last().pk}/change/").text
    assert compose.label(Mail.objects.last().name) in one
    assert Mail.objects.last().name not in one


def test_a_retired_kind_of_mail_is_shown_by_its_key():
    assert compose.label("account/email/a_mail_of_old") == "a mail of old"


def test_a_mail_without_a_name_fails_the_system_checks(settings):
    settings.EMAILS = [*settings.EMAILS, f"{__name__}.unnamed"]
    (error,) = [each for each in run_checks(tags=["hearth"]) if each.id == "hearth.E007"]
    assert f"{__name__}.unnamed" in error.msg
