"""What moderators type into a card: reasons, answers, notes, and what they look for."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import writers
from comments.forms import BodyField, TokenField, is_blank, prepare
from comments.models import ConversationSettings
from comments.queue.deciding import RefusedError
from comments.reasons import LONGEST_REASON, RemovalReason, SavedReply
from comments.status import Status

LONGEST_NOTE = 2000
# Of the posts in the filter's list: the newest, which are those that people write to.
POSTS_LISTED = 200


def checked(form):
    """Return what a form holds; raises RefusedError with its first fault in words."""
    if not form.is_valid():
        faults = [fault for found in form.errors.values() for fault in found]
        raise RefusedError(" ".join([faults[0], str(_("Nothing was changed."))]))
    return form.cleaned_data


class FilterForm(forms.Form):
    """What to look for among all comments; whatever cannot be understood filters nothing."""

    q = forms.CharField(label=_("Words or a name"), required=False, max_length=200)
    status = forms.TypedChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("any")), *Status.choices],
        coerce=int,
        empty_value=None,
    )
    post = forms.ModelChoiceField(None, label=_("Post"), required=False, empty_label=_("any"))

    def __init__(self, data, posts):
        super().__init__(data)
        newest = posts.order_by("-created_at", "-pk").values("pk")[:POSTS_LISTED]
        self.fields["post"].queryset = posts.filter(
            pk__in=list(newest.values_list("pk", flat=True))
        )

    def filtered(self, rows):
        """Return those of these comments that are looked for."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        if chosen.get("status") is not None:
            rows = rows.filter(status=chosen["status"])
        if chosen.get("post"):
            rows = rows.filter(post=chosen["post"])
        for word in chosen.get("q", "").split():
            rows = rows.filter(
                Q(body__icontains=word)
                | Q(name__icontains=word)
                | Q(user__username__icontains=word)
                | Q(user__display_name__icontains=word)
                | Q(post__title__icontains=word)
            )
        return rows


class RemovalForm(forms.Form):
    """Why a comment is removed, in words that its writer reads; a chosen reason unless changed."""

    kind = forms.ModelChoiceField(None, required=False)
    reason = forms.CharField(required=False, max_length=LONGEST_REASON)
    tell = forms.BooleanField(required=False)

    def __init__(self, data):
        super().__init__(data)
        self.fields["kind"].queryset = RemovalReason.objects.offered()

    def clean(self):
        data = super().clean()
        if not data.get("reason") and data.get("kind"):
            data["reason"] = data["kind"].text
        return data


class BanForm(forms.Form):
    """Until when somebody is banned, and why, for moderators alone."""

    until = forms.DateField(
        required=False, error_messages={"invalid": _("This is not a day in the calendar.")}
    )
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)

    def clean_until(self):
        """Return the end of that day where the blog is at home, or None for no end."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Please choose a later one, or none."))
        if day.year > timezone.localdate().year + writers.MOST_YEARS:
            raise forms.ValidationError(
                _("This is very long. Leave it empty for a ban without end.")
            )
        return writers.end_of(day)


class NoteForm(forms.Form):
    """A private note about a writer."""

    text = forms.CharField(required=False, max_length=LONGEST_NOTE)


class AnswerForm(forms.Form):
    """An answer from the card: typed, or a saved reply as it is."""

    body = BodyField(required=False)
    reply = forms.ModelChoiceField(SavedReply.objects.all(), required=False)
    submission = TokenField()

    def __init__(self, data, name):
        super().__init__(data)
        self.name = name
        prepare(self.fields["body"], ConversationSettings.get())
        # Whether there are words is seen below, together with the saved reply.
        self.fields["body"].validate = lambda value: None

    def clean(self):
        data = super().clean()
        if "body" in data and is_blank(data["body"]):
            if not data.get("reply"):
                raise forms.ValidationError(_("There is no text yet. A single word is enough."))
            data["body"] = data["reply"].to(self.name)
        return data
