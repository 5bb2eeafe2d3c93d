"""Fields by which the checks tell people from programs. Nobody sees them, and no fault in them may
keep words from arriving.
"""

from datetime import UTC, datetime
from math import floor

from django import forms
from django.core import signing
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from comments.moderation import content_notes

SALT = "comments.form"


def make_mark(told=""):
    """Return the mark of a form that is given out now. ``told``: the host of a service, or ""."""
    # Down to a tenth: rounded up it would come from the future for a moment.
    moment = floor(timezone.now().timestamp() * 10) / 10
    return signing.dumps([moment, told], salt=SALT)


def read_mark(mark):
    """Return ``(when, told)`` of a mark, or None where it is not ours."""
    try:
        moment, told = signing.loads(mark or "", salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return datetime.fromtimestamp(moment, UTC), told


# Like nothing that a browser or a password manager fills in by itself: neither in English nor
# in the lists of words by which they know a field.
HONEYPOT = "twilight"


class FormMarkField(forms.Field):
    """The mark of :mod:`comments.posting.fields`. Its value is ``(when, told)``, or None."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)

    def to_python(self, value):
        return read_mark(value)


class HoneypotWidget(forms.Widget):
    """A field that only programs find: out of sight, out of the order of Tab, out of hearing.

    It comes with its label, which a browser without style sheets shows.
    """

    is_hidden = True

    def render(self, name, value, attrs=None, renderer=None):
        return render_to_string(
            "comments/posting/_honeypot.html", {"name": name, "value": value or ""}
        )


class HoneypotField(forms.Field):
    """Its value is whether something stands in it."""

    widget = HoneypotWidget

    def __init__(self):
        super().__init__(required=False)

    def to_python(self, value):
        return bool(value and value.strip())


class SingleNoteSelect(forms.Select):
    """Tells when a form names two topics, of which a browser would let one win unseen."""

    def value_from_datadict(self, data, files, name):
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
        sent = list(dict.fromkeys(value for value in values if value))
        return sent if len(sent) > 1 else (sent or [""])[0]


class NoteField(forms.Field):
    """One topic of the blog's vocabulary, or none; its value is the key of a content note."""

    widget = SingleNoteSelect

    def __init__(self):
        super().__init__(
            label=_("Content note"),
            required=False,
            help_text=_("Your words are then closed behind this topic until a reader opens them."),
        )
        self.offered = {}

    def offer(self, names):
        """Let ``{key: name}`` be chosen."""
        self.offered = names
        self.widget.choices = [("", _("none")), *names.items()]

    def to_python(self, value):
        if isinstance(value, list):
            raise forms.ValidationError(content_notes.ONLY_ONE, code="two")
        if not value:
            return None
        found = self.named(value)
        if found is None:
            raise forms.ValidationError(content_notes.NOT_OFFERED, code="not offered")
        return found[0]

    def named(self, value):
        """Return ``(key, name)`` of the topic that a form sent, or None."""
        return next((pair for pair in self.offered.items() if str(pair[0]) == value), None)


def offer_notes(form, settings):
    """Fill the field of the content note; without a vocabulary the form has none.

    ``settings`` come from :func:`comments.models.settings.settings_and_notes`.
    """
    names = content_notes.note_choices(settings)
    form.fields["content_note"].offer(names)
    if not names and not form.data.get("content_note"):
        del form.fields["content_note"]


class OpenedField(forms.Field):
    """When the form of this comment was opened, and with which content note (its key, or None),
    signed. The value is a pair of them, or None when that is not certain.
    """

    widget = forms.HiddenInput
    salt = "comments.edit"

    def __init__(self, key):
        self.key = key
        super().__init__(required=False)

    def mark(self, note):
        """Return the mark of a form that is opened now, with this note (its key, or None)."""
        return signing.dumps([self.key, timezone.now().isoformat(), note], salt=self.salt)

    def to_python(self, value):
        try:
            key, moment, note = signing.loads(value or "", salt=self.salt)
        except (signing.BadSignature, ValueError):
            return None
        return (parse_datetime(moment), note) if key == self.key else None
