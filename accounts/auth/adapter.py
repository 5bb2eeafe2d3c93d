"""Hearth's adapters for django-allauth.

Mails go through the outbox; rate limits see the client's network only as a keyed hash.
"""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sites.shortcuts import get_current_site
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import rate_limit
from accounts.auth import email_change, guesses, invitations, sessions, usernames, wording
from accounts.mail import outbox, refusals

# Goes to an address without an account here, because somebody typed it.
TO_STRANGERS = "account/email/unknown_account"
INVITATION = "invitation"  # session key for the pk of the invitation whose link led here


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | wording.ERRORS

    def get_client_ip(self, request):
        """Return a keyed hash of the client's network in place of its IP address."""
        return rate_limit.network_key_of(request.META)

    def get_http_user_agent(self, request):
        """Return "": mails do not need the user agent, so it is not kept."""
        return ""

    def is_open_for_signup(self, request):
        """Return True if this visitor may sign up: registration is open, or they are invited.

        Raises ImmediateHttpResponse otherwise, with a page that says which of the two is needed.
        """
        if invitations.may_sign_up(request.session.get(INVITATION)):
            return True
        context = {"by_invitation": invitations.are_needed()}
        raise ImmediateHttpResponse(render(request, "account/signup_closed.html", context))

    def use_invitation(self, request):
        """Redeem the session's invitation where one is needed.

        Raises ImmediateHttpResponse, a redirect to the sign-up page, where that fails.
        """
        if not invitations.redeem(request.session.pop(INVITATION, None)):
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_signup")))

    def clean_username(self, username, shallow=False):
        """Return the user name in normal form; raise ValidationError if it is refused or taken."""
        username = usernames.normalize_username(username)
        if not shallow:
            usernames.check(username)
            if get_user_model().objects.named(username).exists():
                raise self.validation_error("username_taken")
        return super().clean_username(username, shallow)

    def pre_authenticate(self, request, **credentials):
        """Count nothing: :meth:`authenticate` has counted the attempt by itself."""

    def authenticate(self, request, **credentials):
        """Return the user of a name or an address with this password, or None.

        Raises ValidationError after too many wrong ones.
        """
        login = credentials.get("email", credentials.get("username", ""))
        attempt = guesses.begin(login, self.get_client_ip(request))
        if attempt is None:
            raise self.validation_error("too_many_login_attempts")
        was_wrong = False
        try:
            user = super().authenticate(request, **credentials)
            was_wrong = user is None
        finally:
            attempt.was_wrong() if was_wrong else attempt.give_back()
        return user

    def login(self, request, user):
        """Sign in, and record device and day for the user's own list of sessions."""
        super().login(request, user)
        sessions.record_sign_in(user, request.session, request.headers.get("User-Agent", ""))

    def logout(self, request):
        """Sign out, and delete the record of this session."""
        sessions.forget_session(request.session)
        super().logout(request)

    def get_email_verification_redirect_url(self, email_address):
        """Return the URL to go to after an address was verified."""
        if allauth_context.request.user.is_authenticated:
            return reverse("account_email")
        return super().get_email_verification_redirect_url(email_address)

    def confirm_email(self, request, email_address):
        """Mark an address as verified, and remove it from accounts that only claimed it."""
        with transaction.atomic():
            verified = super().confirm_email(request, email_address)
            if verified:
                refusals.forget(email_address.email)
                email_change.remove_from_other_accounts(email_address.email, email_address.user_id)
        return verified

    def format_email_subject(self, subject):
        """Return the subject without a prefix: this app does not know the blog's name."""
        return str(subject)

    def send_mail(self, template_prefix, email, context):
        """Render a mail and put it into the outbox: no request ever waits for a mail server."""
        request = allauth_context.request
        context = {
            "request": request,
            "email": email,
            "current_site": get_current_site(request),
            "takes_replies": bool(settings.EMAIL_REPLY_TO),
            **context,
        }
        mail = self.render_mail(template_prefix, email, context)
        # The text says already whether replies are read.
        html = render_to_string(
            "accounts/emails/account.html", {"text": mail.body, "takes_replies": True}
        )
        words = {"subject": mail.subject, "text": mail.body, "html": html}
        if template_prefix == TO_STRANGERS:
            words["once"] = outbox.daily_once_key(template_prefix, email)
        outbox.enqueue_rendered(template_prefix, email, **words)

    def get_reauthentication_methods(self, user):
        """Return the available ways to reauthenticate, with Hearth's labels."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods]


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | wording.SECOND_FACTOR_ERRORS

    def get_totp_label(self, user):
        """Return the label shown in an authenticator app: the user name, and no address."""
        return user.username

    def build_totp_svg(self, url):
        """Return the QR code as inline SVG: the content security policy blocks data: URLs."""
        return super().build_totp_svg(url).partition("?>")[2]

    def get_public_key_credential_user_entity(self, user):
        """Return the user entity of a passkey: its dialog shows the name, and no address."""
        entity = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.username, "display_name": user.name}

    def generate_authenticator_name(self, user, kind):
        """Return the default name of a new passkey: the device on which it was created."""
        return sessions.device_name(allauth_context.request.headers.get("User-Agent", ""))
