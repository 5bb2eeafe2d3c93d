"""Serves avatars (/avatars/<hash>.svg) before sessions and the database are touched."""

from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import get_conditional_response

from comments import avatars as drawing

# A hash always gives the same picture; nothing in it may run or load.
FOR_EVER = "public, max-age=31536000, immutable"
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def avatars(get_response):
    """Middleware that answers requests below /avatars/."""

    def middleware(request):
        if not request.path_info.startswith(drawing.PATH):
            return get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return _answer(request, request.path_info.removeprefix(drawing.PATH))

    return middleware


def _answer(request, name):
    text = name.removesuffix(".svg")
    if text == name or not drawing.HASH.fullmatch(text):
        raise Http404
    response = HttpResponse(drawing.draw(text), content_type="image/svg+xml")
    response["Cache-Control"] = FOR_EVER
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = etag = f'"{text}"'
    return get_conditional_response(request, etag=etag, response=response)
