"""Forms on a care card: handing the case over, and closing it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.care import cases, rota
from comments.models.care import Decision

# A few sentences for whoever reads it next.
LONGEST_NOTE = 2000


class ColleagueField(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.name


class HandOverForm(forms.Form):
    """A colleague, who is mailed at once without the comment's text."""

    to = ColleagueField(
        None,
        label=_("Hand over to"),
        empty_label=_("choose a colleague"),
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Please choose a colleague who moderates here.")
        ),
    )

    def __init__(self, data=None, *, case, who, **more):
        super().__init__(data, **more)
        others = rota.moderators().exclude(pk__in=[who.pk, case.handed_to_id or 0])
        self.fields["to"].queryset = others


class CloseForm(forms.Form):
    """What was done, and a note for moderators."""

    decision = forms.ChoiceField(
        label=_("What was done"),
        choices=[("", _("choose")), *Decision.choices],
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Please choose what was done.")
        ),
    )
    note = forms.CharField(
        label=_("Note (moderators only)"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


def panel(case, who):
    """Return the context of ``admin/queue/panels/_care.html`` for an open case and a moderator."""
    names = f"care-{case.pk}-%s"
    return {
        "case": case,
        "earlier": cases.earlier_of([case.comment]).get(case.comment_id, []),
        "hand_over": HandOverForm(case=case, who=who, auto_id=names),
        "close": CloseForm(auto_id=names),
    }
