"""The rich-text editor of a post's body: a textarea that JavaScript turns into an editor.

It produces a subset of what ``blog.markup`` allows. If a text contains HTML that the editor cannot
represent, it says so and leaves the textarea as it is.
"""

import json

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.widgets import Script
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.text.plurals import plural_forms
from blog import markup
from blog.images.models import MAX_ALT
from blog.models.post import WORDS_A_MINUTE

# They do not import each other; what they share is on `window.desk`, created by the first one.
PARTS = (
    "main dialogs unsupported-content paste smart-quotes figure schema image-picker links toolbar "
    "mount"
).split()
STYLES = ["editor", "content", "dialogs"]
# Quotation marks by language: the outer two, the inner two. Other languages use English ones.
QUOTES = {
    "en": "“”‘’",
    "de": "„“‚‘",
    "fr": "«»‹›",
    "it": "«»“”",
    "es": "«»“”",
    "pt": "“”‘’",
    "pl": "„”‚’",
    "cs": "„“‚‘",
    "nl": "“”‘’",
    "sv": "””’’",
    "fi": "””’’",
    "da": "„“‚‘",
    "ru": "«»„“",
    "uk": "«»„“",
    "hu": "„”»«",
    "zh": "“”‘’",
    "ja": "“”‘’",
    "he": "“”‘’",
}
# Words that begin with an apostrophe, as ’twas, ’s war and ’s avonds do, by language.
ELIDED = {
    "en": "twas tis twere twill em til till cause bout n".split(),
    "de": "n ne nen nem ner nes s".split(),
    "nl": "t s n k m".split(),
}
WORDS = {
    "toolbar": _("Formatting"),
    "style": _("Paragraph style"),
    "paragraph": _("Paragraph"),
    "heading2": _("Heading"),
    "heading3": _("Subheading"),
    "heading4": _("Small subheading"),
    "codeBlock": _("Code block"),
    "bold": _("Bold"),
    "italic": _("Italic"),
    "link": _("Link"),
    "bulletList": _("Bulleted list"),
    "orderedList": _("Numbered list"),
    "blockquote": _("Quote"),
    "picture": _("Image"),
    "table": _("Table"),
    "rule": _("Divider"),
    "code": _("Code"),
    "undo": _("Undo"),
    "redo": _("Redo"),
    "quiet": _("Focus mode"),
    "html": _("HTML"),
    "editor": _("Editor"),
    "rowAfter": _("Add row below"),
    "columnAfter": _("Add column after"),
    "deleteRow": _("Delete row"),
    "deleteColumn": _("Delete column"),
    "headerRow": _("Header row"),
    "deleteTable": _("Delete table"),
    "rows": _("Rows"),
    "columns": _("Columns"),
    "address": _("URL"),
    "addressHelp": _("For example https://example.org or /about/. Leave empty to remove the link."),
    "addressNowhere": _(
        "This link leads nowhere. A link to another site starts with https://, a link "
        "within this blog with /, and an email address has an @."
    ),
    "linkText": _("Link text"),
    "cancel": _("Cancel"),
    "done": _("Done"),
    "insert": _("Insert"),
    "chooseFile": _("Upload from this device"),
    "search": _("Search"),
    "library": _("Or choose from your images"),
    "noPictures": _("No images yet."),
    "noneFound": _("No images found."),
    "more": _("Show more"),
    "untitled": _("Untitled image"),
    "alt": _("Description (alt text)"),
    "altHelp": _(
        "For people who can’t see it: a sentence or two, as you’d describe it to a friend."
    ),
    "decorative": _("Decorative: it adds nothing to the text"),
    "altMissing": _(
        "This image has no description yet. Describe it for people who can’t see it, or "
        "tick “Decorative”. You can also do this later."
    ),
    "insertAnyway": _("Skip for now"),
    "describe": _("Describe this image"),
    "described": _("Description: {text}"),
    "silent": _("Decorative"),
    "remove": _("Remove"),
    "caption": _("Caption (optional)"),
    "storing": _("Uploading the image…"),
    "stored": _("Image uploaded."),
    "offline": _(
        "The image couldn’t be uploaded. Your text is unchanged. You may have been signed "
        "out; check in another tab."
    ),
    "closedLibrary": _(
        "The image library couldn’t be loaded. You may have been signed out; check in another tab."
    ),
    "leftOut": _(
        "Images in the text you pasted were left out. Drop the files into the text one at a time."
    ),
    "tooLong": _("This text has {count} characters; the limit is {limit}."),
    "loses": _(
        "The editor can’t keep some of this HTML ({tags}). You see the HTML here instead, and "
        "it’s saved as is."
    ),
    "openAnyway": _("Open in editor anyway"),
}


class Editor(AdminTextareaWidget):
    """A textarea whose value is HTML, with and without JavaScript."""

    @property
    def media(self):
        parts = [Script(f"js/editor/{name}.js", type="module") for name in PARTS]
        styles = [f"css/editor/{name}.css" for name in STYLES]
        return forms.Media(css={"all": styles}, js=parts)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-editor"] = json.dumps(self._told(), cls=DjangoJSONEncoder)
        return context

    def _counts(self):
        """Return the phrases with a number; what fills them is in mount.js."""
        return {
            "count": plural_forms(lambda n: ngettext("%d word", "%d words", n)),
            "minutes": plural_forms(lambda n: ngettext("%d min read", "%d min read", n)),
        }

    def _told(self):
        return {
            "prose": static("prose/editor.js"),
            "upload": reverse("admin:blog_image_upload"),
            "library": reverse("admin:blog_image_library"),
            "quotes": QUOTES,
            "elided": ELIDED,
            "words": WORDS | self._counts(),
            "maxAlt": MAX_ALT,
            "maxLength": markup.MAX_LENGTH,
            "wordsAMinute": WORDS_A_MINUTE,
        }
