"""The personal data in the tables of accounts, Django and django-allauth."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Exemption, PersonalData

_ACCOUNT = {
    "what": _("Your account: user name, shown name, addresses, and your password as a hash."),
    "why": _("So that you can sign in, and nobody else can in your name."),
    "how_long": _("Until you erase your account."),
    "erase": "accounts.privacy.erase.account",
}
_GUEST = {
    "what": _("The address that you gave as a guest, and whether you have confirmed it."),
    "why": _("So that mails that you asked for reach you, and nobody else can ask for them."),
    "how_long": _("Until you erase everything."),
    "erase": "accounts.privacy.erase.addresses",
}
_LINKS = {
    "what": _("Links in mails to you, as hashes."),
    "why": _("So that a link works for whoever got the mail, and only as often as it should."),
    "how_long": _("Until the link ends: after a year at most."),
    "not_exported_because": _("They are secrets of single mails: whoever has them could use them."),
    "erase": "accounts.privacy.erase.addresses",
}
_SESSIONS = {
    "what": _("That you are signed in, for each of your browsers."),
    "why": _("So that you need not sign in for each page."),
    "how_long": _("Until you sign out, two weeks at most."),
    "not_exported_because": _("It is the key to your account in that browser, and nothing else."),
    "erase": "accounts.privacy.erase.account",
}

_ARCHIVE = {
    "what": _("An archive that you asked for, with all that you can take along."),
    "why": _("So that you can fetch it."),
    "how_long": _("A day."),
    "not_exported_because": _("It is this archive."),
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
        what=_("Mails to you: where they go and which ones, and the text while it holds a link."),
        why=_("So that a mail arrives even if the mail server rests, and none goes twice."),
        how_long=_("A week after it left; a month if it could not be delivered."),
        export="accounts.privacy.export.mails",
        erase="accounts.privacy.erase.mails",
    ),
    PersonalData(
        "admin.LogEntry",
        "user object_id object_repr change_message",
        what=_("What you changed in the blog's own administration, if you work here."),
        why=_("So that those who run the blog can see what happened."),
        how_long=_("Until you erase your account."),
        export="accounts.privacy.export.admin_log",
        erase="accounts.privacy.erase.admin_log",
    ),
    PersonalData(
        "accounts.Invitation",
        "email note made_by",
        what=_("That you were invited, at which address, or whom you invited."),
        why=_("So that whoever was invited can make an account, and nobody else."),
        how_long=_("Until the invitation is used or two weeks are over."),
        not_exported_because=_("It is a note of the owner's, and leaves with the invitation."),
        erase="accounts.privacy.erase.invitations",
    ),
    PersonalData(
        "accounts.Address", "email key", export="accounts.privacy.export.addresses", **_GUEST
    ),
    PersonalData("accounts.EmailLink", "digest address arguments", **_LINKS),
    PersonalData(
        "accounts.User",
        "password username username_key first_name last_name email display_name bio website "
        "open_notes source source_id",
        export="accounts.privacy.export.account",
        **_ACCOUNT,
    ),
    PersonalData(
        "accounts.User_groups",
        "user",
        what=_("What you may do here: whether you write, decide about comments, or run the blog."),
        why=_("So that only those can who should."),
        how_long=_("Until it is taken back, or you erase your account."),
        export="accounts.privacy.export.roles",
        erase="accounts.privacy.erase.account",
    ),
    PersonalData(
        "accounts.User_user_permissions",
        "user",
        what=_("What you may do here: whether you write, decide about comments, or run the blog."),
        why=_("So that only those can who should."),
        how_long=_("Until it is taken back, or you erase your account."),
        export="accounts.privacy.export.roles",
        erase="accounts.privacy.erase.account",
    ),
    PersonalData(
        "account.EmailAddress", "user email", export="accounts.privacy.export.account", **_ACCOUNT
    ),
    PersonalData(
        "accounts.SignIn",
        "user session_key device",
        what=_("Where you are signed in: the name of the browser and its system, and the day."),
        why=_("So that you can see whether it was you, and end it."),
        how_long=_("Until you sign out there, two weeks at most."),
        export="accounts.auth.sessions.devices",
        erase="accounts.privacy.erase.account",
    ),
    PersonalData(
        "accounts.EmailChange",
        "user email",
        what=_("Another address that you asked for, until both have agreed."),
        why=_("So that nobody takes your account along by a change of its address."),
        how_long=_("Three days at most."),
        export="accounts.auth.email_change.address_change",
        erase="accounts.privacy.erase.account",
    ),
    PersonalData(
        "mfa.Authenticator",
        "user data",
        what=_("Your second factor: passkeys, codes of an app, and codes for an emergency."),
        why=_("So that your password alone opens nothing."),
        how_long=_("Until you remove it, or erase your account."),
        not_exported_because=_("They are secrets that are good for this blog alone."),
        erase="accounts.privacy.erase.account",
    ),
    PersonalData("account.EmailConfirmation", "key", **_LINKS),
    PersonalData(
        "accounts.ErasureRequest",
        "user address answers kept",
        what=_("That you wish to have something erased, and what is hidden until then."),
        why=_("So that you can take it back for a day."),
        how_long=_("A day. Then it goes with what is erased."),
        not_exported_because=_(
            "It holds what is hidden; take it back, and you get it with all the rest."
        ),
        erase="accounts.privacy.erase.account",
    ),
    PersonalData(
        "accounts.ErasedKey",
        "digest",
        what=_("A list of keyed hashes of what was erased."),
        why=_("So that a backup which is restored brings nothing back."),
        how_long=_("As long as the blog. Nobody can tell from a hash whose it was."),
        not_exported_because=_("Nobody can tell which of them are yours, not even we."),
        stays=_("It is what keeps erased things erased."),
    ),
    PersonalData(
        "accounts.StoppedAddress",
        "digest",
        what=_("Keyed hashes of erased addresses whose owners want no mails."),
        why=_("So that nobody can have mails sent to you again without you."),
        how_long=_("Until you ask for mails again."),
        not_exported_because=_(
            "It is a hash: only who types your address learns that you want no mails."
        ),
        stays=_("Without it, the next one who types your address would begin again."),
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
