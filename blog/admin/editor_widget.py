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
    "toolbar": _("Tools for the text"),
    "style": _("Kind of paragraph"),
    "paragraph": _("Paragraph"),
    "heading2": _("Heading"),
    "heading3": _("Smaller heading"),
    "heading4": _("Smallest heading"),
    "codeBlock": _("Code, several lines"),
    "bold": _("Bold"),
    "italic": _("Italic"),
    "link": _("Link"),
    "bulletList": _("List"),
    "orderedList": _("1. List"),
    "blockquote": _("Quote"),
    "picture": _("Picture"),
    "table": _("Table"),
    "rule": _("Line"),
    "code": _("Code"),
    "undo": _("Undo"),
    "redo": _("Redo"),
    "quiet": _("Quiet"),
    "loud": _("Leave quiet"),
    "html": _("HTML"),
    "editor": _("Editor"),
    "rowAfter": _("Row below"),
    "columnAfter": _("Column after"),
    "deleteRow": _("Delete row"),
    "deleteColumn": _("Delete column"),
    "headerRow": _("Heading row"),
    "deleteTable": _("Delete table"),
    "rows": _("Rows"),
    "columns": _("Columns"),
    "address": _("Address"),
    "addressHelp": _("Such as https://example.org or /about/. Empty: no link any more."),
    "addressNowhere": _(
        "This leads nowhere. An address of another site begins with https://, one of this blog "
        "with / and an e-mail address has an @."
    ),
    "linkText": _("Words of the link"),
    "cancel": _("Cancel"),
    "done": _("Done"),
    "insert": _("Insert"),
    "chooseFile": _("Choose from this device"),
    "search": _("Search"),
    "library": _("Or from your pictures"),
    "noPictures": _("There is none here yet."),
    "more": _("Show more"),
    "untitled": _("Picture without a title"),
    "alt": _("What it shows"),
    "altHelp": _("For people who cannot see it: a sentence or two, as you would tell a friend."),
    "decorative": _("Decoration: it says nothing that the text does not say"),
    "altMissing": _(
        "Nobody who cannot see this picture knows yet what it shows. Describe it, or tick "
        "“Decoration”. It can also stay like this for now."
    ),
    "insertAnyway": _("Leave it like this"),
    "describe": _("Describe this picture"),
    "described": _("Shows: "),
    "silent": _("Decoration"),
    "remove": _("Remove"),
    "caption": _("Caption, if it needs one"),
    "storing": _("Storing the picture …"),
    "stored": _("The picture is stored."),
    "offline": _(
        "The picture could not be stored: the server did not answer as it should. Your text is "
        "as it was. Perhaps you were signed out; in another tab you can look."
    ),
    "closedLibrary": _(
        "The library does not open: the server did not answer as it should. Perhaps you were "
        "signed out; in another tab you can look."
    ),
    "leftOut": _(
        "Pictures in what you pasted were left out. Drop them into the text as files, one by one."
    ),
    "oneWord": _("1 word"),
    "words": _("%d words"),
    "oneMinute": _("1 minute to read"),
    "minutes": _("%d minutes to read"),
    "tooLong": _("This text has %d characters; a post can hold %m."),
    "loses": _(
        "This text has HTML that the editor would lose (%s). So you see it as HTML here, and it is "
        "stored as it is."
    ),
    "openAnyway": _("Open it in the editor all the same"),
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

    def _told(self):
        return {
            "prose": static("prose/editor.js"),
            "upload": reverse("admin:blog_image_upload"),
            "library": reverse("admin:blog_image_library"),
            "quotes": QUOTES,
            "elided": ELIDED,
            "words": WORDS,
            "maxAlt": MAX_ALT,
            "maxLength": markup.MAX_LENGTH,
            "wordsAMinute": WORDS_A_MINUTE,
        }
