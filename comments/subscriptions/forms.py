"""The forms for subscribing to comments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.mail.forms import GuestMailPreferenceForm, MailPreferenceForm
from comments.models import Subscription
from comments.subscriptions.subscribe import SubscriptionRequest


class SubscriptionForm(MailPreferenceForm):
    """How somebody with an account is notified."""

    rhythm = forms.ChoiceField(
        label=_("How often"),
        choices=Subscription.Rhythm.choices,
        initial=Subscription.Rhythm.AT_ONCE,
        widget=forms.RadioSelect,
    )

    def subscription_request(self, **target):
        """Return the ``SubscriptionRequest`` for a post, a comment or (neither) everything."""
        return SubscriptionRequest(
            rhythm=self.cleaned_data["rhythm"], discreet=self.cleaned_data["discreet"], **target
        )


class GuestSubscriptionForm(GuestMailPreferenceForm, SubscriptionForm):
    """The same for a guest, who also gives an address."""
