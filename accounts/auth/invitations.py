"""Invitations: how one is mailed, what its link does, and how a sign-up uses it up."""

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
# Between the press on the link and the form.
CARRIED_FOR = 60 * 60  # seconds


def make_link(invitation):
    """Return the whole address to send or to copy; nobody can read it again later."""
    return links.make_link(AcceptInvitation.name, invitation=invitation.pk)


def send_invitation(invitation):
    """Put the mail with an invitation into the outbox."""
    outbox.enqueue("invitation", invitation.email, invitation=invitation.pk)


@named(_("invitation"))
def invitation(invitation):
    """The mail that invites somebody. One of ``settings.EMAILS``."""
    found = Invitation.objects.working().filter(pk=invitation).first()
    if found is None:
        return None
    # Nobody has proved the address yet: no name and no words of anybody.
    context = {"link": make_link(found), "site": settings.SITE_URL.partition("://")[2]}
    return EmailContent(context, discreet=True)


class AcceptInvitation(links.LinkAction):
    """Pressing leads to the form. It can be pressed again until an account was made with it."""

    name = "invitation"
    lifetime = INVITED_FOR
    once = False
    title = _("You are invited")
    question = _("Press the button to choose a name and a password for yourself.")
    button = _("Go on")

    def works(self, link):
        return Invitation.objects.working().filter(pk=link.arguments["invitation"]).exists()

    def act(self, link):
        carried = signing.dumps(link.arguments["invitation"], salt=SALT)
        return reverse("accounts:invited", args=[carried])


def invitation_key(text):
    """Return the key of the invitation that a signed text carries, or None."""
    try:
        return signing.loads(text, salt=SALT, max_age=CARRIED_FOR)
    except signing.BadSignature:
        return None


def may_sign_up(key):
    """Return whether somebody with this invitation (a key or None) may make an account now."""
    rule = SignupSettings.get().sign_up
    if rule == SignupSettings.SignUp.OPEN:
        return True
    if rule == SignupSettings.SignUp.CLOSED or key is None:
        return False
    return Invitation.objects.working().filter(pk=key).exists()


def redeem(key):
    """Use an invitation up where one is needed; return whether an account may be made.

    Of two sign-ups at once with one invitation, one finds it used.
    """
    rule = SignupSettings.get().sign_up
    if rule != SignupSettings.SignUp.INVITED:
        return rule == SignupSettings.SignUp.OPEN
    mine = Invitation.objects.working().filter(pk=key)
    return bool(mine.update(used_at=timezone.now(), email=""))
