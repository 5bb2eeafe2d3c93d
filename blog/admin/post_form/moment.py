"""The date and time of publication in the post form, as people write them."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MomentInput(forms.SplitDateTimeWidget):
    """A date from the calendar, and a time as text: "20:00" as well as "8 pm"."""

    def __init__(self):
        super().__init__(
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs={"type": "date", "class": "vDateField", "aria-label": _("Date")},
            time_attrs={
                "class": "vTimeField",
                "size": "8",
                "autocomplete": "off",
                "aria-label": _("Time"),
            },
        )

    def decompress(self, value):
        if isinstance(value, datetime) and timezone.is_aware(value):
            value = timezone.localtime(value)
        if isinstance(value, datetime):
            return [f"{value:%Y-%m-%d}", f"{value:%H:%M}"]
        return value if isinstance(value, list) else [None, None]


class MomentField(forms.SplitDateTimeField):
    """A moment to the minute; one that was shown and not changed keeps its seconds."""

    widget = MomentInput

    def has_changed(self, initial, data):
        if not isinstance(initial, datetime):
            return super().has_changed(initial, data)
        try:
            return self.clean(data) != initial.replace(second=0, microsecond=0)
        except forms.ValidationError:
            return True
