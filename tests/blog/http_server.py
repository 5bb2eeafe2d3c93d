"""A local HTTP server for tests, which records the requests it gets."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Listener:
    """Records the body of each POST in ``told``, as text, and answers with ``status``.

    ``location`` is the address to which it redirects; paths of each GET are in ``asked``.
    """

    def __init__(self):
        self.told, self.asked, self.status, self.location = [], [], 204, ""
        around = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                around.told.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(around.status)
                if around.location:
                    self.send_header("Location", around.location)
                self.end_headers()

            def do_GET(self):
                around.asked.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *words):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self):
        """Shut the server down."""
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def listening():
    """A ``Listener`` while the block runs."""
    found = Listener()
    try:
        yield found
    finally:
        found.end()
