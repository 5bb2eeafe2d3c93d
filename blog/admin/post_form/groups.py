"""The folded groups beside the text: each says on its own line what it holds."""

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SHOWN = 60  # characters of a text field


def side_groups(adminform) -> list[dict]:
    """Return the folded groups of a form: fieldset, key, value, and whether it has errors."""
    return [
        _group(fieldset, adminform.form)
        for fieldset in adminform
        if "side" in fieldset.classes.split()
    ]


def _group(fieldset, form):
    names = [name for line in fieldset.fields for name in _flat(line) if name in form.fields]
    wrong = [form.fields[name].label for name in names if form[name].errors]
    values = [str(value) for name in names if (value := _value(form[name]))]
    return {
        "fieldset": fieldset,
        "key": "-".join(names),
        "value": " · ".join(values) or _("Not set"),
        "error": _error(wrong) if wrong else "",
    }


def _error(wrong):
    words = ngettext("%(count)d error: %(fields)s", "%(count)d errors: %(fields)s", len(wrong))
    return words % {"count": len(wrong), "fields": ", ".join(map(str, wrong))}


def _flat(line):
    return line if isinstance(line, (list, tuple)) else [line]


def _value(field):
    """Return what a bound field holds, in words; "" for what is empty or as usual."""
    value, widget = field.value(), field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return field.label if value and value != "False" else ""
    if value in (None, "", [], 0):
        return ""
    if isinstance(field.field, forms.SplitDateTimeField):
        return " ".join(part for part in widget.decompress(value) if part) if value else ""
    if choices := getattr(widget, "choices", None):
        chosen = {str(each) for each in (value if isinstance(value, (list, tuple)) else [value])}
        return ", ".join(str(label) for key, label in _pairs(choices) if str(key) in chosen)
    return Truncator(str(value)).chars(SHOWN)


def _pairs(choices):
    return [(key, label) for key, label in choices if not isinstance(label, (list, tuple))]
