"""Models about people: accounts, addresses, mails, sign-up, data archives and erasure."""

from accounts.models.address import Address
from accounts.models.archive import Archive, ArchivePart
from accounts.models.erasure import ErasedKey, ErasureRequest, StoppedAddress
from accounts.models.mail import EmailLink, Mail, MailServerAbility
from accounts.models.session import SignIn
from accounts.models.signup import Invitation, SignupSettings
from accounts.models.user import EmailChange, NameChangeCounter, User
from accounts.models.version_numbers import new_version
from accounts.retention import PurgeSchedule
from accounts.scrubbing.schedule import ScrubSchedule

__all__ = [
    "Address",
    "Archive",
    "ArchivePart",
    "EmailChange",
    "EmailLink",
    "ErasedKey",
    "ErasureRequest",
    "Invitation",
    "Mail",
    "MailServerAbility",
    "NameChangeCounter",
    "PurgeSchedule",
    "ScrubSchedule",
    "SignIn",
    "SignupSettings",
    "StoppedAddress",
    "User",
    "new_version",
]
