"""Uploaded files, answered before sessions and pages are thought of.

What somebody uploaded is never trusted: only pictures are shown, with the type that their
ending says and no other, under a policy that lets them do nothing; all else is a download.
"""

import re

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotAllowed

PICTURES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
POLICY = "default-src 'none'; sandbox"
# Folders and a name; no part begins with a dot, so that nothing leads upwards or is a draft.
NAME = re.compile(r"(?:\w[\w.-]*/)*\w[\w.-]*", re.ASCII)
# What config.files.storage.Uploads wrote: the name tells the content, or what it was made from.
LASTING = re.compile(r"(?:.*/)?[0-9a-f]{2}/[0-9a-f]{32}(?:/\w+)?(?:\.\w+)?")
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"
# A file of up to so many bytes is handed to the server whole. A longer one keeps a thread busy
# until a slow reader has it, which a buffering proxy in front prevents.
WHOLE = 2 * 1024 * 1024


def serve_uploads(get_response):
    """Middleware: answer what is below MEDIA_URL."""

    def middleware(request):
        if not request.path_info.startswith(settings.MEDIA_URL):
            return get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return _answer(request.path_info.removeprefix(settings.MEDIA_URL))

    return middleware


def _answer(name):
    file = _opened(name)
    kind = PICTURES.get(name.rpartition(".")[2].lower())
    response = FileResponse(
        file,
        as_attachment=kind is None,
        filename=name.rpartition("/")[2],
        content_type=kind or "application/octet-stream",
    )
    if file.size <= WHOLE:
        response = HttpResponse(b"".join(response.streaming_content), headers=response.headers)
        file.close()
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = FOR_EVER if LASTING.fullmatch(name) else FOR_A_WHILE
    return response


def _opened(name):
    """Return the open file of that name. Raises Http404 for a folder, too."""
    if not NAME.fullmatch(name):
        raise Http404
    try:
        return default_storage.open(name)
    except (OSError, ValueError) as error:
        raise Http404 from error
