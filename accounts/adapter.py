"""How Hearth wishes django-allauth to behave.

Mails go through the outbox; where a request came from is known to rate limits as a keyed
hash only.
"""

import unicodedata

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from django.contrib.auth import get_user_model
from django.contrib.sites.shortcuts import get_current_site
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import network, outbox


class AccountAdapter(DefaultAccountAdapter):
    def get_client_ip(self, request):
        """Return a keyed hash of the client's network: all that allauth ever sees of it."""
        forwarded = request.headers.get("X-Forwarded-For", "")
        return network.origin(request.META.get("REMOTE_ADDR", ""), forwarded)

    def get_http_user_agent(self, request):
        """Return nothing: mails do not need it, and so nobody keeps it."""
        return ""

    def clean_username(self, username, shallow=False):
        """Return the name in its one normal form; raises ValidationError when it is taken.

        Without the normal form, letters of another width would make a second "alice".
        """
        username = unicodedata.normalize("NFKC", username)
        return super().clean_username(username, shallow)

    def get_email_verification_redirect_url(self, email_address):
        """Return where somebody goes who has proved an address."""
        if allauth_context.request.user.is_authenticated:
            return reverse("account_email")
        return super().get_email_verification_redirect_url(email_address)

    def confirm_email(self, request, email_address):
        """Mark an address as proved, and take it from accounts that only claimed it.

        A claim without proof would otherwise keep its true owner from using the address.
        """
        with transaction.atomic():
            proved = super().confirm_email(request, email_address)
            if proved:
                _release_claims(email_address)
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
        html = render_to_string("accounts/mail/account-body.html", {"text": mail.body})
        outbox.post_written(template_prefix, email, subject=mail.subject, text=mail.body, html=html)


def _release_claims(address):
    """Take a proved address from everybody else; a proved one is nobody else's already."""
    EmailAddress.objects.filter(email__iexact=address.email).exclude(pk=address.pk).delete()
    others = get_user_model().objects.exclude(pk=address.user_id)
    others.filter(email__iexact=address.email).update(email="")
