"""The form in which somebody answers. Nothing that was typed is changed or lost by it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.mail.forms import GuestMailPreferenceForm, MailPreferenceForm
from comments.models import Subscription
from comments.subscriptions.subscribe import SubscriptionRequest


class SubscriptionForm(MailPreferenceForm):
    """How somebody with an account wishes to hear of answers."""

    rhythm = forms.ChoiceField(
        label=_("How often"),
        choices=Subscription.Rhythm.choices,
        initial=Subscription.Rhythm.AT_ONCE,
        widget=forms.RadioSelect,
    )

    def wish(self, **what):
        """Return the ``Wish`` for this post, this comment or (neither) everything."""
        return SubscriptionRequest(
            rhythm=self.cleaned_data["rhythm"], discreet=self.cleaned_data["discreet"], **what
        )


class GuestSubscriptionForm(GuestMailPreferenceForm, SubscriptionForm):
    """The same of a guest, who has to say where the mails go."""
