"""Forms for readers: content notes, and subscriptions by mail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.mail.forms import GuestMailPreferenceForm, MailPreferenceForm
from blog.models import ContentNote, Subscription

GONE = _("One of the topics you chose is no longer available. Your other choices are unchanged.")


class ContentNotesForm(forms.Form):
    """The content notes to open by themselves; ``back`` is the path the reader came from."""

    open = forms.MultipleChoiceField(
        label=_("Always show"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": GONE},
    )
    back = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._notes = list(ContentNote.objects.all())
        self.fields["open"].choices = [(note.pk, note.name) for note in self._notes]

    def boxes(self):
        """Return ``[(box, note)]`` in the order of the vocabulary."""
        return list(zip(self["open"], self._notes, strict=True))


class SubscribeForm(MailPreferenceForm):
    """Subscription preferences of somebody whose mailbox is known."""

    rhythm = forms.ChoiceField(
        label=_("How often"),
        choices=Subscription.Rhythm.choices,
        initial=Subscription.Rhythm.AT_ONCE,
        widget=forms.RadioSelect,
    )


class GuestSubscribeForm(GuestMailPreferenceForm, SubscribeForm):
    """Subscription preferences of a guest, with their e-mail address."""
