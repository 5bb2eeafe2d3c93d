"""How Hearth wishes django-allauth to behave.

Mails go through the outbox; where a request came from is known to rate limits as a keyed
hash only.
"""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import rate_limit
from accounts.auth import email_change, invitations, sessions, usernames
from accounts.mail import outbox

# Goes to an address of nobody here, because somebody typed it.
TO_STRANGERS = "account/email/unknown_account"
INVITATION = "invitation"  # in a session: the key of the one whose link led here


class AccountAdapter(DefaultAccountAdapter):
    def get_client_ip(self, request):
        """Return a keyed hash of the client's network: all that allauth ever sees of it."""
        return rate_limit.network_key_of(request.META)

    def get_http_user_agent(self, request):
        """Return nothing: mails do not need it, and so nobody keeps it."""
        return ""

    def is_open_for_signup(self, request):
        """Return whether who asks may make an account: the owner's rule, or an invitation."""
        return invitations.may_sign_up(request.session.get(INVITATION))

    def use_invitation(self, request):
        """Use up what lets somebody make an account, or lead her to the page that says so."""
        if not invitations.redeem(request.session.pop(INVITATION, None)):
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_signup")))

    def clean_username(self, username, shallow=False):
        """Return the name in its one normal form; raises ValidationError when it is taken."""
        username = usernames.normalize_username(username)
        if not shallow:
            usernames.check(username)
        return super().clean_username(username, shallow)

    def login(self, request, user):
        """Sign in, and note on which device and day for her own list."""
        super().login(request, user)
        sessions.record_sign_in(user, request.session, request.headers.get("User-Agent", ""))

    def logout(self, request):
        """Sign out, and forget that she was signed in here."""
        sessions.forget_session(request.session)
        super().logout(request)

    def get_email_verification_redirect_url(self, email_address):
        """Return where somebody goes who has proved an address."""
        if allauth_context.request.user.is_authenticated:
            return reverse("account_email")
        return super().get_email_verification_redirect_url(email_address)

    def confirm_email(self, request, email_address):
        """Mark an address as proved, and take it from accounts that only claimed it."""
        with transaction.atomic():
            proved = super().confirm_email(request, email_address)
            if proved:
                email_change.remove_from_other_accounts(email_address.email, email_address.user_id)
        return proved

    def format_email_subject(self, subject):
        """Return the subject as it is: this app does not know the blog's name."""
        return str(subject)

    def send_mail(self, template_prefix, email, context):
        """Write a mail and put it into the outbox: no request ever waits for a mail server."""
        request = allauth_context.request
        context = {
            "request": request,
            "email": email,
            "current_site": get_current_site(request),
            **context,
        }
        mail = self.render_mail(template_prefix, email, context)
        html = render_to_string("accounts/emails/account.html", {"text": mail.body})
        words = {"subject": mail.subject, "text": mail.body, "html": html}
        if template_prefix == TO_STRANGERS:
            words["once"] = outbox.daily_once_key(template_prefix, email)
        outbox.enqueue_rendered(template_prefix, email, **words)

    def get_reauthentication_methods(self, user):
        """Return the ways in which somebody can show again who she is, in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods]


class SecondFactorAdapter(DefaultMFAAdapter):
    def get_totp_label(self, user):
        """Return what an app for codes shows: the name to sign in with, and no address."""
        return user.username

    def build_totp_svg(self, url):
        """Return the drawing as an element of the page: our policy lets no data: address load."""
        return super().build_totp_svg(url).partition("?>")[2]

    def get_public_key_credential_user_entity(self, user):
        """Return whom a passkey is for: its dialog shows the name, and no address."""
        entity = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.username, "display_name": user.name}

    def generate_authenticator_name(self, user, kind):
        """Return the name of a new passkey until she gives it another: where it was made."""
        return sessions.device_name(allauth_context.request.headers.get("User-Agent", ""))
