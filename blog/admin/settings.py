"""The admin of the blog's settings."""

import zoneinfo
from itertools import groupby

from django import forms
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.base_admin import SingleRowAdmin
from accounts.text import languages
from blog.models import Blog


class BlogForm(forms.ModelForm):
    """The blog's settings, with language and time zone chosen from lists."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in (("language", language_choices()), ("time_zone", zone_choices())):
            if field := self.fields.get(name):
                kept = self.instance and getattr(self.instance, name)
                if kept and not any(
                    kept == code for _group, each in choices for code, _name in each
                ):
                    choices = [(_("As it is"), [(kept, kept)]), *choices]
                field.widget = forms.Select(choices=choices)


def language_choices() -> list:
    """Return all languages by their own names, first those that Hearth itself speaks."""
    ours = dict(settings.LANGUAGES)
    others = [pair for pair in languages.choices() if pair[0] not in ours]
    return [
        (_("Pages and emails are in this language"), list(ours.items())),
        (_("You write in this language; buttons and emails are in English"), others),
    ]


def zone_choices() -> list:
    """Return the time zones of the IANA database by region: Europe, then its cities."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name)
    cities = [name for name in names if not name.startswith(("Etc/", "SystemV/", "posix/"))]
    regions = groupby(cities, key=lambda name: name.partition("/")[0])
    return [
        ("UTC", [("UTC", "UTC")]),
        *(
            (region, [(name, name.partition("/")[2].replace("_", " ")) for name in found])
            for region, found in regions
        ),
    ]


@admin.register(Blog)
class BlogAdmin(SingleRowAdmin):
    """The settings of the blog."""

    form = BlogForm
