"""What somebody typed into a form that could not be taken, to be given back to them."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

# Form fields whose text is shown back to the person who typed it. Never a password or a key.
WORDS = {
    "name": _("Name"),
    "title": _("Title"),
    "body": _("Your words"),
    "excerpt": _("Excerpt"),
    "reason": _("Reason"),
}


def typed_words(request: HttpRequest) -> dict:
    """Return the context of ``forms/_typed_text.html`` and of a form around it.

    ``words`` is (name, label, text) of the fields that people write in; ``action``, where one
    press can send a comment again, and ``others``, (name, value) of the form's other fields, are
    empty for forms that are not the readers': they may hold a password.
    """
    posted = _posted(request)
    words = [(name, label, posted.get(name, "")) for name, label in WORDS.items()]
    words = [each for each in words if each[2].strip()]
    again = bool(words) and _is_for_readers(request)
    return {
        "words": words,
        "action": request.get_full_path() if again else "",
        "others": [each for each in posted.items() if again and each[0] not in WORDS],
    }


def _posted(request):
    try:
        return request.POST
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return {}  # no form that anybody could have filled in


def _is_for_readers(request):
    try:
        return "comments" in resolve(request.path_info).namespaces
    except Resolver404:
        return False
