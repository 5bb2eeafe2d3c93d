"""Fields by which the checks tell people from programs. Nobody sees them, and no fault in them may
keep words from arriving.
"""

from django import forms
from django.template.loader import render_to_string

from comments import form_mark

# Like nothing that a browser or a password manager fills in by itself: neither in English nor
# in the lists of words by which they know a field.
LEAVE_EMPTY = "twilight"


class MarkField(forms.Field):
    """The mark of :mod:`comments.form_mark`. Its value is ``(when, told)``, or None."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)

    def to_python(self, value):
        return form_mark.read(value)


class LeaveEmpty(forms.Widget):
    """A field that only programs find: out of sight, out of the order of Tab, out of hearing.

    It comes with its label, which a browser without style sheets shows.
    """

    is_hidden = True

    def render(self, name, value, attrs=None, renderer=None):
        return render_to_string("comments/_leave_empty.html", {"name": name, "value": value or ""})


class LeaveEmptyField(forms.Field):
    """Its value is whether something stands in it."""

    widget = LeaveEmpty

    def __init__(self):
        super().__init__(required=False)

    def to_python(self, value):
        return bool(value and value.strip())
