"""The personal data in the tables of accounts, Django and django-allauth."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Exemption, PersonalData

_ACCOUNT = {
    "what": _(
        "Your account: username, display name, email addresses, and your password as a hash."
    ),
    "why": _("So that you can sign in, and no one else can sign in as you."),
    "how_long": _("Until you erase your account."),
    "erase": "accounts.privacy.erase.account",
}
_GUEST = {
    "what": _("The email address you gave as a guest, and whether you’ve confirmed it."),
    "why": _("So that the emails you asked for reach you, and no one else can ask for them."),
    "how_long": _("Until you erase everything."),
    "erase": "accounts.privacy.erase.addresses",
}
_LINKS = {
    "what": _("Links in emails to you, as hashes."),
    "why": _(
        "So that a link works for the person who got the email, and only as often as it should."
    ),
    "how_long": _("Until the link expires, after a year at most."),
    "not_exported_because": _(
        "They are secrets from individual emails. Anyone who has them could use them."
    ),
    "erase": "accounts.privacy.erase.addresses",
}
_SESSIONS = {
    "what": _("Your sign-in session in each of your browsers."),
    "why": _("So that you don’t have to sign in on every page."),
    "how_long": _("Until you sign out, two weeks at most."),
    "not_exported_because": _("It’s the key to your account in that browser, and nothing else."),
    "erase": "accounts.privacy.erase.account",
}

_ARCHIVE = {
    "what": _("An archive you asked for, with everything you can download."),
    "why": _("So that you can download it."),
    "how_long": _("24 hours."),
    "not_exported_because": _("It’s this archive."),
    "erase": "accounts.privacy.archives.erase",
    "goes_with_text": True,
}

# In the order in which they are erased: the account itself comes last.
DECLARATIONS = [
    PersonalData("accounts.Archive", "user address", **_ARCHIVE),
    PersonalData("accounts.ArchivePart", "content", **_ARCHIVE),
    PersonalData(
        "accounts.Mail",
        "to_address arguments written once",
        what=_(
            "Emails to you: where they go, which ones they are, and the text while it "
            "contains a link."
        ),
        why=_("So that an email arrives even if the email server is down, and none is sent twice."),
        how_long=_("One week after it was sent; one month if it couldn’t be delivered."),
        export="accounts.privacy.export.mails",
        erase="accounts.privacy.erase.mails",
    ),
    PersonalData(
        "admin.LogEntry",
        "user object_id object_repr change_message",
        what=_("What you changed in the blog’s dashboard, if you’re on its team."),
        why=_("So that the people who run the blog can see what happened."),
        how_long=_("Until you erase your account."),
        export="accounts.privacy.export.admin_log",
        erase="accounts.privacy.erase.admin_log",
    ),
    PersonalData(
        "accounts.Invitation",
        "email note made_by",
        what=_("That you were invited, at which email address, or whom you invited."),
        why=_("So that only the person who was invited can create an account."),
        how_long=_("Until the invitation is used or two weeks have passed."),
        not_exported_because=_("It’s the owner’s own note, and is deleted with the invitation."),
        erase="accounts.privacy.erase.invitations",
    ),
    PersonalData(
        "accounts.Address", "email key", export="accounts.privacy.export.addresses", **_GUEST
    ),
    PersonalData("accounts.EmailLink", "digest address arguments", **_LINKS),
    PersonalData(
        "accounts.User",
        "password username username_key first_name last_name email display_name bio website "
        "language open_notes source source_id",
        export="accounts.privacy.export.account",
        **_ACCOUNT,
    ),
    PersonalData(
        "accounts.User_groups",
        "user",
        what=_("Your permissions: whether you write, moderate comments or run the blog."),
        why=_("So that only the people who should do these things can do them."),
        how_long=_("Until they’re withdrawn, or you erase your account."),
        export="accounts.privacy.export.roles",
        erase="accounts.privacy.erase.account",
    ),
    PersonalData(
        "accounts.User_user_permissions",
        "user",
        what=_("Your permissions: whether you write, moderate comments or run the blog."),
        why=_("So that only the people who should do these things can do them."),
        how_long=_("Until they’re withdrawn, or you erase your account."),
        export="accounts.privacy.export.roles",
        erase="accounts.privacy.erase.account",
    ),
    PersonalData(
        "account.EmailAddress", "user email", export="accounts.privacy.export.account", **_ACCOUNT
    ),
    PersonalData(
        "accounts.SignIn",
        "user session_key device",
        what=_("Where you’re signed in: the name of the browser and its system, and the day."),
        why=_("So that you can see whether it was you, and sign out there."),
        how_long=_("Until you sign out there, two weeks at most."),
        export="accounts.auth.sessions.devices",
        erase="accounts.privacy.erase.account",
    ),
    PersonalData(
        "accounts.EmailChange",
        "user email",
        what=_("A new email address you asked for, until both addresses have confirmed it."),
        why=_("So that no one can take over your account by changing its email address."),
        how_long=_("Three days at most."),
        export="accounts.auth.email_change.address_change",
        erase="accounts.privacy.erase.account",
    ),
    PersonalData(
        "mfa.Authenticator",
        "user data",
        what=_("Your two-factor authentication: passkeys, authenticator app and recovery codes."),
        why=_("So that your password alone isn’t enough to sign in."),
        how_long=_("Until you remove it, or erase your account."),
        not_exported_because=_("They are secrets that work on this blog only."),
        erase="accounts.privacy.erase.account",
    ),
    PersonalData("account.EmailConfirmation", "key", **_LINKS),
    PersonalData(
        "accounts.ErasureRequest",
        "user address answers kept",
        what=_("That you asked for something to be erased, and what is hidden until then."),
        why=_("So that you can undo it for 24 hours."),
        how_long=_("24 hours. Then it’s deleted together with what is erased."),
        not_exported_because=_(
            "It holds what is hidden. If you undo the erasure, you get it with everything else."
        ),
        erase="accounts.privacy.erase.account",
    ),
    PersonalData(
        "accounts.ErasedKey",
        "digest",
        what=_("A list of keyed hashes of what was erased."),
        why=_("So that restoring a backup brings nothing back."),
        how_long=_("As long as the blog exists. No one can tell from a hash whose it was."),
        not_exported_because=_("No one can tell which of them are yours, not even us."),
        stays=_("It’s what keeps erased things erased."),
    ),
    PersonalData(
        "accounts.StoppedAddress",
        "digest",
        what=_("Keyed hashes of erased email addresses whose owners want no emails."),
        why=_("So that no one can have emails sent to you again without you."),
        how_long=_("Until you ask for emails again."),
        not_exported_because=_(
            "It’s a hash: only someone who types your address learns that you want no emails."
        ),
        stays=_("Without it, the next person to type your address could start emails again."),
    ),
    PersonalData("sessions.Session", "session_key session_data", **_SESSIONS),
]
EXEMPTIONS = [
    Exemption("accounts.EmailLink", "kind", "the name of what a link does, from the code"),
    Exemption("accounts.Mail", "name last_error", "names of a mail and of an error, from the code"),
    Exemption("accounts.ScrubSchedule", "seen", "numbers of changed rows, by table"),
    Exemption("auth.Group", "name", "roles of this blog"),
    Exemption("auth.Permission", "name codename", "from the code"),
    Exemption("contenttypes.ContentType", "app_label model", "names of tables"),
]
