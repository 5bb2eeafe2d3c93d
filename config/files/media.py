"""The middleware that serves uploaded files, before sessions and pages.

Uploads are never trusted: only images are shown inline, with the type of their extension and no
other, under a content security policy that forbids everything; all else is a download.
"""

import re
from collections.abc import Callable

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
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
# Folders and a name; no part begins with a dot, which excludes parent folders and draft files.
NAME = re.compile(r"(?:\w[\w.-]*/)*\w[\w.-]*", re.ASCII)
# Names by config.files.storage.Uploads: a hash of the content, or derived from such a file.
LASTING = re.compile(r"(?:.*/)?[0-9a-f]{2}/[0-9a-f]{32}(?:/\w+)?(?:\.\w+)?")
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"
# A file of up to so many bytes is passed to the server whole. A longer one keeps a thread busy
# until a slow client has it, which a buffering proxy in front prevents.
WHOLE = 2 * 1024 * 1024


def serve_uploads(get_response: Callable) -> Callable:
    """Middleware: serve files below MEDIA_URL."""

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
    """Open the file of that name. Raises Http404, also for a folder."""
    if not NAME.fullmatch(name):
        raise Http404
    try:
        return default_storage.open(name)
    except (OSError, ValueError) as error:
        raise Http404 from error
