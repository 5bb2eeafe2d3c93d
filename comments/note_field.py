"""The field in which a writer chooses a content note for her comment, or none."""

from django import forms
from django.utils.translation import gettext_lazy as _

from comments import notes


class OneNote(forms.Select):
    """Tells when a form names two topics, of which a browser would let one win unseen."""

    def value_from_datadict(self, data, files, name):
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
        sent = list(dict.fromkeys(value for value in values if value))
        return sent if len(sent) > 1 else (sent or [""])[0]


class NoteField(forms.Field):
    """One topic of the blog's vocabulary, or none; its value is the key of a content note."""

    widget = OneNote

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
            raise forms.ValidationError(notes.ONLY_ONE, code="two")
        if not value:
            return None
        found = self.named(value)
        if found is None:
            raise forms.ValidationError(notes.NOT_OFFERED, code="not offered")
        return found[0]

    def named(self, value):
        """Return ``(key, name)`` of the topic that a form sent, or None."""
        return next((pair for pair in self.offered.items() if str(pair[0]) == value), None)


def offer_notes(form, settings):
    """Fill the field of the content note; without a vocabulary the form has none.

    ``settings`` come from :func:`comments.notes.settings_and_notes`.
    """
    names = notes.offered_by(settings)
    form.fields["content_note"].offer(names)
    if not names and not form.data.get("content_note"):
        del form.fields["content_note"]
