"""The forms of the queue: removal, ban, note, reply, and the search among all comments."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.refusal import Refused
from comments.markup import shows_nothing
from comments.models import ConversationSettings, RemovalReason, SavedReply
from comments.models.moderation import LONGEST_REASON
from comments.moderation import writers
from comments.posting.forms import BodyField, TokenField, prepare
from comments.tree.status import Status

LONGEST_NOTE = 2000
# Only the newest posts are listed in the filter: those are the ones people comment on.
POSTS_LISTED = 200
# Words that are looked for: each is compared with every text.
MOST_WORDS = 8


def checked(form):
    """Return a form's cleaned data; raises Refused with its first error."""
    if not form.is_valid():
        first = next(iter(form.errors.values()))[0]
        raise Refused(" ".join([first, str(_("Nothing was changed."))]))
    return form.cleaned_data


class FilterForm(forms.Form):
    """Search and filter among all comments; invalid values filter nothing."""

    q = forms.CharField(label=_("Text or name"), required=False, max_length=200)
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
        """Return the comments with this status, on this post."""
        if (status := self._chosen("status")) is not None:
            rows = rows.filter(status=status)
        return rows.filter(post=post) if (post := self._chosen("post")) else rows

    def matching(self):
        """Return the condition for comments with all the words, or None if there are none."""
        words = list(dict.fromkeys((self._chosen("q") or "").split()))[:MOST_WORDS]
        return Q(*map(_holds, words)) if words else None

    def _chosen(self, name):
        self.is_valid()
        return getattr(self, "cleaned_data", {}).get(name)


def _holds(word):
    return (
        Q(body__finds=word)
        | Q(name__finds=word)
        | Q(user__username__finds=word)
        | Q(user__display_name__finds=word)
        | Q(post__title__finds=word)
    )


class RemovalForm(forms.Form):
    """Why a comment is removed, as its writer reads it: typed, or a chosen reason's text."""

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
    """When a ban ends, and why it was imposed, for moderators alone."""

    until = forms.DateField(
        required=False, error_messages={"invalid": _("Please enter a valid date.")}
    )
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)

    def clean_until(self):
        """Return the end of that day in the blog's time zone, or None for no end."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if day < timezone.localdate():
            raise forms.ValidationError(
                _("That day has passed. Please choose a later one, or leave it empty.")
            )
        if day.year > timezone.localdate().year + writers.MOST_YEARS:
            raise forms.ValidationError(
                _("That’s too far ahead. Leave it empty for a ban with no end date.")
            )
        return writers.end_of(day)


class NoteForm(forms.Form):
    """A private note about a writer."""

    text = forms.CharField(required=False, max_length=LONGEST_NOTE)


class AnswerForm(forms.Form):
    """A reply from the card: typed, or a saved reply as it is."""

    body = BodyField(required=False)
    reply = forms.ModelChoiceField(SavedReply.objects.all(), required=False)
    submission = TokenField()

    def __init__(self, data, name):
        super().__init__(data)
        self.name = name
        prepare(self.fields["body"], ConversationSettings.get())
        # Whether there is text is checked in clean(), together with the saved reply.
        self.fields["body"].validate = lambda value: None

    def clean(self):
        data = super().clean()
        if "body" in data and shows_nothing(data["body"]):
            if not data.get("reply"):
                raise forms.ValidationError(_("Please write something. A single word is enough."))
            data["body"] = data["reply"].to(self.name)
        return data
