"""Forms to post and edit comments. They never change or lose what was typed."""

import re
import secrets

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts.mail.forms import DISCREET, DISCREET_HELP, AddressField
from accounts.text import names, pii_detection
from blog.models.content_notes import content_warning
from comments.markup import is_blank, shows_nothing
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
# Personal data the form asks about once, as found by accounts.text.pii_detection.
MEANT = {
    pii_detection.EMAIL: _("Your email address seems to be in the text that everyone will see."),
    pii_detection.PHONE: _("A phone number seems to be in the text that everyone will see."),
    pii_detection.STREET: _("A postal address seems to be in the text that everyone will see."),
}
# Translators: the button of every form for a comment.
SEND = _("Send")
MEANT_SO = _("To keep it there, choose %(button)s again.")
FURTHER = ["content_note", "follow", "discreet"]
NAME_LENGTH = Comment._meta.get_field("name").max_length
EMAIL_LENGTH = Comment._meta.get_field("email").max_length


class BodyField(forms.CharField):
    """A text kept as typed, except that CRLF becomes LF."""

    widget = forms.Textarea

    def __init__(self, **kwargs):
        super().__init__(strip=False, **kwargs)

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")

    def validate(self, value):
        if shows_nothing(value):
            raise forms.ValidationError(
                _("Please write something. A single word is enough."), code="required"
            )


class TokenField(forms.Field):
    """The id of one rendered form; a bad one is ignored, as nobody sees it."""

    widget = forms.HiddenInput
    pattern = re.compile(r"[\w-]{1,64}", re.ASCII)

    def __init__(self):
        super().__init__(required=False)

    def to_python(self, value):
        return value if self.pattern.fullmatch(value or "") else ""


class WordsForm(forms.Form):
    """Base of the forms for a public text.

    ``own_email`` is the writer's, if known; ``writer`` is their ``fields.writer_key``, if the text
    would appear under the name of whoever sends it.
    """

    mark = FormMarkField()

    def __init__(self, *args, own_email="", writer=None, settings=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.own_email = own_email
        if self.data.get("asked") == ASKED:
            self._remember_asking()
        settings = settings or models_settings.settings_and_notes()
        # The form has to name the spam service that reads the text.
        self.service_host = settings.spam_service_host
        self.initial.setdefault("mark", fields.make_mark(self.service_host, writer))
        prepare(self.fields["body"], settings)
        offer_notes(self, settings)

    @property
    def further_fields(self):
        """The fields that most writers leave alone; the form folds them away."""
        return [self[name] for name in FURTHER if name in self.fields]

    @property
    def shows_more(self):
        """Whether one of the ``further_fields`` has an error, or was used."""
        used = self.is_bound and any(
            self[name].value() for name in ("content_note", "follow") if name in self.fields
        )
        return used or any(field.errors for field in self.further_fields)

    @property
    def closed_behind(self):
        """The ``ContentWarning`` of the chosen note, or None."""
        field = self.fields.get("content_note")
        chosen = field and field.named(self["content_note"].value())
        return content_warning([chosen]) if chosen else None

    def sent_form(self):
        """Return the ``SentForm`` for the checks."""
        mark = self.cleaned_data["mark"]
        opened_at, service_host = (mark.opened_at, mark.service_host) if mark else (None, "")
        return SentForm(opened_at, service_host, self.cleaned_data.get(HONEYPOT, False))

    def clean(self):
        """Ask once about personal data in the text; the second press sends it."""
        data = super().clean()
        if "asked" in self.fields or "body" not in data:
            return data
        if found := self.find_pii(data):
            self.data = self.data.copy()
            self.data["asked"] = ASKED
            self._remember_asking()
            self.add_error(None, [*(MEANT[kind] for kind in found), MEANT_SO % {"button": SEND}])
        return data

    def find_pii(self, data):
        """Return the kinds of personal data to ask about (accounts.text.pii_detection)."""
        email = data.get("email") or self.own_email
        return pii_detection.find_pii(data["body"], data.get("name", ""), email)

    def _remember_asking(self):
        """Add the hidden field that marks a form which has asked."""
        self.fields["asked"] = forms.CharField(required=False, widget=forms.HiddenInput)


class ReplyForm(WordsForm):
    """The reply form of a signed-in person: a text, a content note if they like."""

    body = BodyField(label=_("Your comment"))
    content_note = NoteField()
    follow = forms.BooleanField(label=_("Email me when someone replies"), required=False)
    discreet = forms.BooleanField(label=DISCREET, required=False, help_text=DISCREET_HELP)
    submission = TokenField()
    twilight = HoneypotField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission", secrets.token_urlsafe(16))


def labelled(form: ReplyForm, parent: Comment | None) -> ReplyForm:
    """Call the text of a form that answers a comment a reply; return the form."""
    if parent is not None:
        form.fields["body"].label = _("Your reply")
    return form


def prepare(body, settings=None):
    """Give the text field its size and the owner's length limit."""
    longest = (settings or ConversationSettings.get()).max_length
    body.widget.attrs |= {"rows": 8, "dir": "auto", "data-limit": longest}
    body.validators.append(
        MaxLengthValidator(
            settings.max_length,
            _(
                "This is %(show_value)s characters long; a comment can have "
                "%(limit_value)s. You can send it in two parts."
            ),
        )
    )


class GuestReplyForm(ReplyForm):
    """The reply form of a guest: a name and a text; an e-mail address if they like."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        help_text=_("Any name you like."),
        error_messages={
            "required": _("Please choose a name; any name will do."),
            "max_length": _(
                "This name is %(show_value)s characters long; the limit is %(limit_value)s."
            ),
        },
    )
    email = AddressField(
        label=_("Email"),
        required=False,
        max_length=EMAIL_LENGTH,
        help_text=_("Never shown."),
        error_messages={
            "invalid": _("This doesn’t look like an email address. You can also leave it empty.")
        },
    )
    discreet = forms.BooleanField(
        label=DISCREET, required=False, initial=True, help_text=DISCREET_HELP
    )
    field_order = ["body", "name", "email", *FURTHER, "submission"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {"autocomplete": "nickname", "dir": "auto"}
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}
        self.fields["follow"].help_text = _(
            "Starts once you confirm the address above with the link we email you."
        )

    def clean(self):
        data = super().clean()
        if data.get("follow") and "email" in data and not data["email"]:
            self.add_error("email", _("Where should we send the emails? Or untick the box below."))
        return data

    def clean_name(self):
        name = self.cleaned_data["name"]
        if is_blank(name):
            raise forms.ValidationError(_("Please choose a name; any name will do."))
        if impersonation.imitates(name):
            raise forms.ValidationError(impersonation.REFUSED)
        if refusal := names.fault(name):
            raise forms.ValidationError(refusal)
        return names.one_line(name)


class EditForm(WordsForm):
    """The form to edit a comment's text and content note."""

    body = BodyField(label=_("Your comment"))
    content_note = NoteField()

    def __init__(self, comment, *args, **kwargs):
        own_email = comment.user.email if comment.user else comment.email
        settings = models_settings.settings_and_notes(comment.content_note_id)
        super().__init__(*args, own_email=own_email, settings=settings, **kwargs)
        self.fields["opened"] = opened = OpenedField(comment.pk)
        note = comment.content_note_id
        self.initial |= {"body": comment.body, "content_note": note, "opened": opened.mark(note)}

    def changes(self):
        """Return what ``own_comments.edit`` takes of this form, by name.

        An unchanged note is ``own_comments.KEEP``: a moderator may have set another one since.
        """
        opened, before = self.cleaned_data["opened"] or (None, own_comments.KEEP)
        note = self.cleaned_data.get("content_note", own_comments.KEEP)
        return {
            "text": self.cleaned_data["body"],
            "opened_at": opened,
            "note": own_comments.KEEP if note == before else note,
            "form": self.sent_form(),
        }

    def find_pii(self, data):
        """Return only what is new: the rest was asked about, or is public already."""
        before = pii_detection.find_pii(self.initial["body"], email=self.own_email)
        return [kind for kind in super().find_pii(data) if kind not in before]
