"""The field that carries along how a comment was when the form to edit it was opened."""

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.dateparse import parse_datetime


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
