"""The lead image field of the post form: a select of titles, with thumbnails by JavaScript."""

from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from blog.models import Image

# Options of the select; the library dialog has all images, and a search.
OFFERED = 60
PARTS = ("main", "dialogs", "image-picker", "featured-image")


class _Newest(ModelChoiceIterator):
    def __iter__(self):
        yield ("", self.field.empty_label)
        for image in self.queryset[:OFFERED]:
            yield self.choice(image)


class LeadImageSelect(forms.Select):
    """A select whose options carry thumbnail and description as data attributes."""

    @property
    def media(self):
        parts = [Script(f"js/editor/{name}.js", type="module") for name in PARTS]
        return forms.Media(
            css={"all": ["css/editor/dialogs.css", "css/editor/featured-image.css"]}, js=parts
        )

    def get_context(self, name, value, attrs):
        labels = {
            "choose": _("Choose image"),
            "another": _("Change image"),
            "none": _("No image"),
        }
        attrs = {**(attrs or {}), **{f"data-{word}": text for word, text in labels.items()}}
        return super().get_context(name, value, attrs)

    def optgroups(self, name, value, attrs=None):
        groups = super().optgroups(name, value, attrs)
        wanted = next((each for each in value if str(each).isdecimal()), None)
        chosen = any(option["selected"] for _name, options, _at in groups for option in options)
        if wanted and not chosen and (image := self.choices.queryset.filter(pk=wanted).first()):
            key, label = self.choices.choice(image)
            option = self.create_option(name, key, label, True, len(groups), attrs=attrs)
            groups.append((None, [option], len(groups)))
        return groups

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if image := getattr(value, "instance", None):
            option["attrs"] |= {"data-thumbnail": image.thumbnail, "data-alt": image.alt}
        return option


class LeadImageField(forms.ModelChoiceField):
    """Accepts any image of the queryset, but lists only the newest."""

    widget = LeadImageSelect
    iterator = _Newest


def lead_image_field_for(person):
    """Return the form field options for a lead image: the images that ``person`` may use."""
    return {
        "queryset": Image.objects.visible_to(person),
        "form_class": LeadImageField,
        "widget": LeadImageSelect(),
        "empty_label": pgettext_lazy("image", "none"),
    }
