"""Invitations to sign up: mailing one, the action of its link, and redeeming it."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.mail import links, outbox
from accounts.mail.compose import EmailContent, named
from accounts.models import Invitation, SignupSettings
from accounts.models.signup import INVITED_FOR

SALT = "accounts.auth.invitations"
# The time between the press on the link and the redirect to the form.
CARRIED_FOR = 60 * 60  # seconds


def make_link(invitation: Invitation) -> str:
    """Return an absolute URL to send or copy; it cannot be retrieved again later."""
    return links.make_link(AcceptInvitation.name, invitation=invitation.pk)


def send_invitation(invitation: Invitation) -> None:
    """Put the mail with an invitation into the outbox."""
    outbox.enqueue("invitation", invitation.email, invitation=invitation.pk)


@named(_("invitation"))
def invitation(invitation: int) -> EmailContent | None:
    """Compose the mail of an invitation. One of ``settings.EMAILS``."""
    found = Invitation.objects.working().filter(pk=invitation).first()
    if found is None:
        return None
    # The address is unverified: the mail contains no names and nothing that anybody wrote.
    context = {"link": make_link(found), "site": settings.SITE_URL.partition("://")[2]}
    return EmailContent(context, discreet=True)


class AcceptInvitation(links.LinkAction):
    """Redirects to the sign-up form. It works until an account was created with it.

    One of ``settings.LINK_ACTIONS``.
    """

    name = "invitation"
    lifetime = INVITED_FOR
    once = False
    title = _("You’re invited")
    question = _("Next, you pick a name and a password.")
    button = _("Continue")

    def works(self, link):
        return Invitation.objects.working().filter(pk=link.arguments["invitation"]).exists()

    def act(self, link):
        carried = signing.dumps(link.arguments["invitation"], salt=SALT)
        return reverse("accounts:invited", args=[carried])


def invitation_key(text: str) -> int | None:
    """Return the pk of the invitation in a signed text, or None if it is invalid or too old."""
    try:
        return signing.loads(text, salt=SALT, max_age=CARRIED_FOR)
    except signing.BadSignature:
        return None


def are_needed() -> bool:
    """Return whether accounts are created by invitation only."""
    return SignupSettings.get().sign_up == SignupSettings.SignUp.INVITED


def may_sign_up(key: int | None) -> bool:
    """Return whether a visitor may sign up: registration is open, or they hold an invitation.

    ``key`` is the pk of their invitation, or None.
    """
    rule = SignupSettings.get().sign_up
    if rule == SignupSettings.SignUp.OPEN:
        return True
    if rule == SignupSettings.SignUp.CLOSED or key is None:
        return False
    return Invitation.objects.working().filter(pk=key).exists()


def redeem(key: int | None) -> bool:
    """Use up an invitation where one is needed; return whether the visitor may sign up.

    Of two concurrent sign-ups with one invitation, only one succeeds.
    """
    rule = SignupSettings.get().sign_up
    if rule != SignupSettings.SignUp.INVITED:
        return rule == SignupSettings.SignUp.OPEN
    mine = Invitation.objects.working().filter(pk=key)
    return bool(mine.update(used_at=timezone.now(), email=""))
