"""What somebody typed into a form that could not be taken, to be given back to them."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

# Form fields whose text is shown back to the person who typed it. Never a password or a key.
WORDS = {
    "name": _("Name"),
    "email": _("Email"),
    "title": _("Title"),
    "body": _("Your text"),
    "excerpt": _("Excerpt"),
    "reason": _("Reason"),
    "text": _("In your own words"),
    "note": _("Note"),
    "words": _("Something you wrote"),
}
# Where one of these fields is a choice, and no words.
CHOICES = {("comments:report", "reason"), ("queue:note", "note")}
# Forms of the conversation, for readers and for the desk. None has a password.
OF_COMMENTS = ("comments:", "queue:", "desk:")
# The readers' forms outside the conversation. None has a password.
FOR_READERS = {"blog:subscribe", "blog:subscription", "blog:notes", "accounts:ask", "accounts:link"}


def typed_words(request: HttpRequest) -> dict:
    """Return the context of ``forms/_typed_text.html`` and of a form around it.

    ``words`` is (name, label, text) of the fields that people write in; ``action``, where one
    press can send the form again, and ``others``, (name, value) of the form's other fields, are
    empty for forms that are not listed above: they may hold a password.
    """
    posted, view = _posted(request), _view_name(request)
    labels = {name: WORDS[name] for name in WORDS if (view, name) not in CHOICES}
    words = [(name, label, posted.get(name, "")) for name, label in labels.items()]
    again = bool(posted) and (view.startswith(OF_COMMENTS) or view in FOR_READERS)
    values = [(name, value) for name, values in posted.lists() for value in values]
    return {
        "words": [each for each in words if each[2].strip()],
        "action": request.get_full_path() if again else "",
        "others": [each for each in values if again and each[0] not in labels],
    }


def _posted(request):
    try:
        return request.POST
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return QueryDict()  # no form that anybody could have filled in


def _view_name(request):
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
