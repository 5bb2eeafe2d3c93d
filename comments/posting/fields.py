"""Form fields of comments: the honeypot, the signed form mark, the content note.

The hidden ones help the checks to recognise bots; a fault in them never keeps a comment from
being sent.
"""

from datetime import UTC, datetime
from math import floor
from typing import NamedTuple

from django import forms
from django.core import signing
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from comments.moderation import content_notes

SALT = "comments.form"


class FormMark(NamedTuple):
    """What a form's mark says: when it was opened, the spam service's host, and by whom.

    ``writer`` is a :func:`writer_key`, or None where it does not matter.
    """

    opened_at: datetime
    service_host: str
    writer: int | None


def writer_key(user):
    """Return the key of whoever would be the writer: that of a signed-in user, or 0 for a guest."""
    return user.pk or 0


def make_mark(service_host="", writer=None):
    """Return the signed ``FormMark`` of a form rendered now."""
    # Rounded down to a tenth: rounded up it would come from the future for a moment.
    moment = floor(timezone.now().timestamp() * 10) / 10
    return signing.dumps([moment, service_host, writer], salt=SALT)


def read_mark(mark):
    """Return the ``FormMark`` of a mark, or None if it is not ours."""
    try:
        moment, service_host, writer = signing.loads(mark or "", salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return FormMark(datetime.fromtimestamp(moment, UTC), service_host, writer)


# A name that no browser or password manager fills in by itself.
HONEYPOT = "twilight"


class FormMarkField(forms.Field):
    """The signed mark of a form; its value is a ``FormMark``, or None."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)

    def to_python(self, value):
        return read_mark(value)


class HoneypotWidget(forms.Widget):
    """A field that only bots find: hidden from sight, from the Tab order and from screen readers.

    Its label is for browsers without style sheets.
    """

    is_hidden = True

    def render(self, name, value, attrs=None, renderer=None):
        return render_to_string(
            "comments/posting/_honeypot.html", {"name": name, "value": value or ""}
        )


class HoneypotField(forms.Field):
    """Its value is whether it was filled in."""

    widget = HoneypotWidget

    def __init__(self):
        super().__init__(required=False)

    def to_python(self, value):
        return bool(value and value.strip())


class SingleNoteSelect(forms.Select):
    """A select that notices two values, where Django would silently take the last."""

    def value_from_datadict(self, data, files, name):
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
        sent = list(dict.fromkeys(value for value in values if value))
        return sent if len(sent) > 1 else (sent or [""])[0]


class NoteField(forms.Field):
    """A choice of the blog's content notes, or none; its value is a key."""

    widget = SingleNoteSelect

    def __init__(self):
        super().__init__(
            label=_("Content note"),
            required=False,
            help_text=_(
                "Readers will see this topic first and choose whether to open your comment."
            ),
        )
        self.offered = {}

    def offer(self, names):
        """Offer ``{key: name}`` as choices."""
        self.offered = names
        self.widget.choices = [("", _("none")), *names.items()]

    def to_python(self, value):
        if isinstance(value, list):
            raise forms.ValidationError(content_notes.ONLY_ONE, code="two")
        if not value:
            return None
        choice = self.named(value)
        if choice is None:
            raise forms.ValidationError(content_notes.NOT_OFFERED, code="not offered")
        return choice[0]

    def named(self, value):
        """Return the offered ``(key, name)`` for a sent value, or None."""
        return next((pair for pair in self.offered.items() if str(pair[0]) == value), None)


def offer_notes(form, settings):
    """Fill the content note field; a blog without content notes has none.

    ``settings`` come from :func:`comments.models.settings.settings_and_notes`.
    """
    names = content_notes.note_choices(settings)
    form.fields["content_note"].offer(names)
    if not names and not form.data.get("content_note"):
        del form.fields["content_note"]


class OpenedField(forms.Field):
    """The signed time an edit form was opened at, with the comment's content note then.

    Its value is ``(when, key of the note or None)``, or None when that is not certain.
    """

    widget = forms.HiddenInput
    salt = "comments.edit"

    def __init__(self, key):
        self.key = key
        super().__init__(required=False)

    def mark(self, note):
        """Return the mark of a form opened now, with this note (its key, or None)."""
        return signing.dumps([self.key, timezone.now().isoformat(), note], salt=self.salt)

    def to_python(self, value):
        try:
            key, moment, note = signing.loads(value or "", salt=self.salt)
        except (signing.BadSignature, ValueError):
            return None
        return (parse_datetime(moment), note) if key == self.key else None
