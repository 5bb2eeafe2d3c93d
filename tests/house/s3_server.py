"""A local server with the part of the S3 API that uploads need."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Bucket(BaseHTTPRequestHandler):
    """PUT, GET, HEAD and DELETE of /bucket/key, for requests signed with the known key."""

    def log_message(self, *_args):
        pass

    def _answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _serve(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        self.server.asked.append((self.command, self.path))
        if "Credential=the-key/" not in self.headers.get("Authorization", ""):
            return self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        return getattr(self, f"_{self.command.lower()}")(self.path.partition("?")[0], body)

    do_GET = do_HEAD = do_PUT = do_DELETE = do_POST = _serve

    def _put(self, path, body):
        self.server.files[path] = body
        self._answer(200, ETag='"0"')

    def _delete(self, path, _body):
        self.server.files.pop(path, None)
        self._answer(204)

    def _get(self, path, _body):
        content = self.server.files.get(path)
        if content is None:
            return self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        part = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        told = {"ETag": '"0"', "Last_Modified": "Mon, 23 Nov 2026 08:00:00 GMT"}
        if part:
            start, end = int(part[1]), int(part[2] or len(content) - 1)
            told["Content_Range"] = f"bytes {start}-{end}/{len(content)}"
            return self._answer(206, content[start : end + 1], **told)
        return self._answer(200, content, **told)

    _head = _get


def serve():
    """Start a server; tests read ``files``, ``asked`` and ``url``, and end it by ``shutdown()``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    server.files, server.asked = {}, []
    server.url = f"s3+http://the-key:the%2Fsecret@127.0.0.1:{server.server_port}/pictures/blog"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
