"""The form in which somebody answers. Nothing that was typed is changed or lost by it."""

import re
import secrets

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts import pii_detection
from accounts.email_normalization import normalize_email
from accounts.mail.forms import DISCREET, DISCREET_HELP
from blog.models.content_notes import content_warning
from comments.markup import is_blank
from comments.models import Comment, ConversationSettings
from comments.models import settings as models_settings
from comments.posting import fields, impersonation, own_comments
from comments.posting.fields import (
    HONEYPOT,
    FormMarkField,
    HoneypotField,
    NoteField,
    OpenedField,
    offer_notes,
)
from comments.spam.submission import SentForm

ASKED = "yes"
# What the form asks about once, by what accounts.pii_detection found.
MEANT = {
    pii_detection.EMAIL: _("Your e-mail address seems to stand in what everybody will read."),
    pii_detection.PHONE: _("A phone number seems to stand in what everybody will read."),
    pii_detection.STREET: _("A postal address seems to stand in what everybody will read."),
}
MEANT_SO = _("If you want it to stay there, press Send once more.")
TOO_QUICK = _("Many comments came from here in a short time. Wait a little.")
NAME_LENGTH = Comment._meta.get_field("name").max_length
EMAIL_LENGTH = Comment._meta.get_field("email").max_length


class BodyField(forms.CharField):
    """A text that is kept as it was typed, but for CRLF, which becomes LF."""

    widget = forms.Textarea

    def __init__(self, **kwargs):
        super().__init__(strip=False, **kwargs)

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")

    def validate(self, value):
        if is_blank(value):
            raise forms.ValidationError(
                _("There is no text yet. A single word is enough."), code="required"
            )


class TokenField(forms.Field):
    """The mark of one form. Nobody sees it, so that no fault in it may keep words from arriving."""

    widget = forms.HiddenInput
    pattern = re.compile(r"[\w-]{1,64}", re.ASCII)

    def __init__(self):
        super().__init__(required=False)

    def to_python(self, value):
        return value if self.pattern.fullmatch(value or "") else ""


class WordsForm(forms.Form):
    """A text that everybody will read. ``own_email`` is its writer's, as far as it is known."""

    mark = FormMarkField()

    def __init__(self, *args, own_email="", settings=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.own_email = own_email
        if self.data.get("asked") == ASKED:
            self._remember_asking()
        settings = settings or models_settings.settings_and_notes()
        # Which service on the net reads the words, too; the form has to say so.
        self.told = settings.spam_service_host
        self.initial.setdefault("mark", fields.make_mark(self.told))
        prepare(self.fields["body"], settings)
        offer_notes(self, settings)

    @property
    def closed_behind(self):
        """The ``Closed`` of the topic as it was sent, or None."""
        field = self.fields.get("content_note")
        chosen = field and field.named(self["content_note"].value())
        return content_warning([chosen]) if chosen else None

    def sent_form(self):
        """Return the ``SentForm`` for the checks."""
        opened_at, told = self.cleaned_data["mark"] or (None, "")
        return SentForm(opened_at, told, self.cleaned_data.get(HONEYPOT, False))

    def clean(self):
        """Ask once about what may not be meant for everybody; the second press sends it."""
        data = super().clean()
        if "asked" in self.fields or "body" not in data:
            return data
        if found := self.leaks(data):
            self.data = self.data.copy()
            self.data["asked"] = ASKED
            self._remember_asking()
            self.add_error(None, [*(MEANT[each] for each in found), MEANT_SO])
        return data

    def leaks(self, data):
        """Return what of :mod:`accounts.pii_detection` the form has to ask about."""
        email = data.get("email") or self.own_email
        return pii_detection.find_pii(data["body"], data.get("name", ""), email)

    def _remember_asking(self):
        """Only a form that has asked carries the mark of it."""
        self.fields["asked"] = forms.CharField(required=False, widget=forms.HiddenInput)


class ReplyForm(WordsForm):
    """What a signed-in person sends: a text, closed behind a topic if she likes."""

    body = BodyField(label=_("Your answer"))
    content_note = NoteField()
    follow = forms.BooleanField(label=_("Tell me when someone answers"), required=False)
    discreet = forms.BooleanField(label=DISCREET, required=False, help_text=DISCREET_HELP)
    submission = TokenField()
    twilight = HoneypotField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission", secrets.token_urlsafe(16))


def prepare(body, settings=None):
    """Give the field of a text its size and the owner's limit.

    ``settings``: the row of ``ConversationSettings`` where it was read already.
    """
    longest = (settings or ConversationSettings.get()).max_length
    body.widget.attrs |= {"rows": 8, "dir": "auto", "data-limit": longest}
    body.validators.append(
        MaxLengthValidator(
            settings.max_length,
            _(
                "This is %(show_value)s characters long; %(limit_value)s fit into one answer. "
                "You can send it in two parts."
            ),
        )
    )


class GuestReplyForm(ReplyForm):
    """What a guest sends: a name and a text; an address only if she likes."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        help_text=_("Any name you like. It is shown beside your words."),
        error_messages={
            "required": _("Please choose a name; any name will do."),
            "max_length": _(
                "This name is %(show_value)s characters long; %(limit_value)s are possible."
            ),
        },
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=EMAIL_LENGTH,
        help_text=_("Never shown. Mails come only if you ask for them."),
        error_messages={
            "invalid": _("This does not look like an e-mail address. It may also stay empty.")
        },
    )
    discreet = forms.BooleanField(
        label=DISCREET, required=False, initial=True, help_text=DISCREET_HELP
    )
    field_order = ["name", "email", "body", "content_note", "follow", "discreet", "submission"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {"autocomplete": "nickname", "dir": "auto"}
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}
        self.fields["follow"].help_text = _(
            "By e-mail, once you have confirmed the address above in a first mail."
        )

    def clean_email(self):
        """Return the address in its one normal form: what a proof of it is compared with."""
        email = self.cleaned_data["email"]
        return normalize_email(email) if email else ""

    def clean(self):
        data = super().clean()
        if data.get("follow") and "email" in data and not data["email"]:
            self.add_error("email", _("Where should the mails go? Or untick the box below."))
        return data

    def clean_name(self):
        name = self.cleaned_data["name"]
        if is_blank(name):
            raise forms.ValidationError(_("Please choose a name; any name will do."))
        if impersonation.imitates(name):
            raise forms.ValidationError(impersonation.REFUSED)
        return name


class EditForm(WordsForm):
    """Other words for a comment, and another content note."""

    body = BodyField(label=_("Your comment"))
    content_note = NoteField()

    def __init__(self, comment, *args, **kwargs):
        own_email = comment.user.email if comment.user else comment.email
        settings = models_settings.settings_and_notes(comment.content_note_id)
        super().__init__(*args, own_email=own_email, settings=settings, **kwargs)
        self.fields["opened"] = opened = OpenedField(comment.pk)
        note = comment.content_note_id
        self.initial |= {"body": comment.body, "content_note": note, "opened": opened.mark(note)}

    def opened_and_note(self):
        """Return when the form was opened, or None, and the note that she chose in it.

        A note that she left as it was is ``ownership.KEEP``: a moderator may have put another one
        there since.
        """
        opened, before = self.cleaned_data["opened"] or (None, own_comments.KEEP)
        note = self.cleaned_data.get("content_note", own_comments.KEEP)
        return opened, own_comments.KEEP if note == before else note

    def leaks(self, data):
        """Only what was not there before: about that she was asked already, or it is public."""
        before = pii_detection.find_pii(self.initial["body"], email=self.own_email)
        return [each for each in super().leaks(data) if each not in before]
