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
        label=_("I am back on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("All is as before from the beginning of this day on, by itself."),
        error_messages={
            "required": _("A break needs the day on which it ends."),
            "invalid": _("This is not a day in the calendar."),
        },
    )
    kind = forms.ChoiceField(
        label=_("Until then"),
        widget=forms.RadioSelect,
        initial=CLOSES,
        choices=[
            (CLOSES, _("no comments are taken")),
            (HOLDS, _("comments are taken, and all of them wait, of people you trust too")),
        ],
        error_messages={"required": _("Please choose one of the two.")},
    )
    words = forms.CharField(
        label=_("A word of yours to readers"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("If you like. It stands in the banner, between the day and what happens."),
    )

    def clean_day(self):
        day, today = self.cleaned_data["day"], timezone.localdate()
        if day <= today:
            raise forms.ValidationError(_("This day has begun already. Please choose a later one."))
        if day > today + LONGEST:
            raise forms.ValidationError(_("This is more than a year away. Is the year right?"))
        return day


class DashboardReplyForm(forms.Form):
    """A reply to a comment. ``settings``: the row of ``ConversationSettings``."""

    body = BodyField(label=_("Your answer"))
    submission = TokenField()

    def __init__(self, data=None, *, settings, **kwargs):
        super().__init__(data, **kwargs)
        prepare(self.fields["body"], settings)
