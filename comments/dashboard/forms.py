"""The forms of the dashboard: a break, and a reply to a comment."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.settings import MOST_WORDS
from comments.posting.forms import BodyField, TokenField, prepare

# Catches a wrong year; for longer, comments can be closed in the settings.
LONGEST = timedelta(days=366)
CLOSES, HOLDS = "closes", "holds"


class BreakForm(forms.Form):
    """The end of a break, whether comments are held or closed, and the text of its banner."""

    day = forms.DateField(
        label=_("Back on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Everything returns to normal automatically at the start of this day."),
        error_messages={
            "required": _("Please choose the day you’ll be back."),
            "invalid": _("Please enter a valid date."),
        },
    )
    kind = forms.ChoiceField(
        label=_("Until then"),
        widget=forms.RadioSelect,
        initial=CLOSES,
        choices=[
            (CLOSES, _("comments are closed")),
            (
                HOLDS,
                _("comments are open, but all are held for review, even from people you trust"),
            ),
        ],
        error_messages={"required": _("Please choose one of the two.")},
    )
    words = forms.CharField(
        label=_("Message to readers (optional)"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Shown in the banner, between the date and what happens to comments."),
    )

    def clean_day(self):
        day, today = self.cleaned_data["day"], timezone.localdate()
        if day <= today:
            raise forms.ValidationError(_("That day has already begun. Please choose a later one."))
        if day > today + LONGEST:
            raise forms.ValidationError(_("That’s more than a year away. Please check the year."))
        return day


class DashboardReplyForm(forms.Form):
    """A reply to a comment. ``settings``: the row of ``ConversationSettings``."""

    body = BodyField(label=_("Your reply"))
    submission = TokenField()

    def __init__(self, data=None, *, settings, **kwargs):
        super().__init__(data, **kwargs)
        prepare(self.fields["body"], settings)
