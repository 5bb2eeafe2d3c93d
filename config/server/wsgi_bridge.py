"""Between the server's interface, RSGI, and the WSGI application (PEP 3333).

RSGI is Granian's own interface; its specification is in Granian's documentation.
"""

import io
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO

# Bytes of an answer that are passed to the server from memory. It does not wait for slow clients
# otherwise, so a longer answer becomes a file, which it reads as fast as the client does.
IN_MEMORY = 2 * 1024 * 1024


@dataclass
class Answer:
    """What the application answered: the body is ``body``, or all that is in ``file``."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""
    file: BinaryIO | None = None

    @property
    def path(self) -> str:
        """The path by which this process can open ``file``, which may have no name."""
        return f"/dev/fd/{self.file.fileno()}"


def client_of(scope) -> str:
    """Return the address of who is connected, without the port."""
    return scope.client.rpartition(":")[0].strip("[]")


# What a page from memory depends on, by the names of WSGI.
SHORT = {
    "HTTP_HOST": "host",
    "HTTP_COOKIE": "cookie",
    "HTTP_X_FORWARDED_PROTO": "x-forwarded-proto",
    "HTTP_ACCEPT_ENCODING": "accept-encoding",
    "HTTP_IF_NONE_MATCH": "if-none-match",
}


def short_environ_of(scope) -> dict:
    """Return as much of the WSGI environment as a page from memory needs."""
    header = scope.headers.get
    environ = {name: value for name, sent in SHORT.items() if (value := header(sent)) is not None}
    environ["REQUEST_METHOD"] = scope.method
    environ["wsgi.url_scheme"] = scope.scheme
    environ["PATH_INFO"] = _native(scope.path)
    environ["QUERY_STRING"] = _native(scope.query_string)
    return environ


def environ_of(scope) -> dict:
    """Return the WSGI environment of an RSGI scope, without a body."""
    server, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _native(scope.path),
        "QUERY_STRING": _native(scope.query_string),
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client_of(scope),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        # X_Forwarded_For would become the same variable as X-Forwarded-For, which proxies check.
        if "_" not in name:
            _add(environ, name.upper().replace("-", "_"), value)
    return environ


def _native(text):
    return text if text.isascii() else text.encode().decode("latin-1")


def _add(environ, name, value):
    key = name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"
    if key in environ:  # RFC 9110, 5.3; and RFC 6265, 5.4 for cookies
        value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
    environ[key] = value


def answer_of(application: Callable, environ: dict) -> Answer:
    """Call the application, in a thread, and return its whole answer."""
    begun = []

    def start_response(status, headers, exc_info=None):
        begun[:] = [int(status[:3]), headers]

    result = application(environ, start_response)
    try:
        if environ["REQUEST_METHOD"] == "HEAD":
            return Answer(*begun)
        if file := _file_of(result, begun[1]):
            return Answer(*begun, file=file)
        return Answer(*begun, *_gathered(result))
    finally:
        if hasattr(result, "close"):
            result.close()


def _file_of(result, headers):
    """Return the file that is the whole of a long answer, opened once more, or None.

    That is a picture of ours (:class:`django.http.FileResponse`); copying it would cost a disk.
    """
    try:
        number = result.file_to_stream.fileno()
    except (AttributeError, io.UnsupportedOperation):
        return None
    size = os.fstat(number).st_size
    whole = dict(headers).get("Content-Length") == str(size) and size > IN_MEMORY
    return os.fdopen(os.dup(number), "rb") if whole else None


def _gathered(result: Iterable[bytes]) -> tuple[bytes, BinaryIO | None]:
    """Return ``(body, None)``, or ``(b"", file)`` for one that is too long for memory."""
    parts, length, file = [], 0, None
    for part in result:
        length += len(part)
        if file is None and length > IN_MEMORY:
            file = TemporaryFile()  # noqa: SIM115  the server closes it
            file.writelines(parts)
        if file is None:
            parts.append(part)
        else:
            file.write(part)
    if file is not None:
        file.flush()
        return b"", file
    return b"".join(parts), None
