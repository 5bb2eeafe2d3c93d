"""Texts that wait on disk, so that memory holds none of them for longer than it takes."""

import json
import tempfile


class Spool:
    """A file without a name that goes when it is closed; a context manager."""

    def __init__(self):
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._file.close()

    def put(self, *texts):
        """Keep these texts; return the ticket for :meth:`get`."""
        start = self._file.seek(0, 2)
        return start, self._file.write(json.dumps(texts).encode())

    def get(self, ticket):
        """Return the texts of a ticket as a list."""
        start, length = ticket
        self._file.seek(start)
        return json.loads(self._file.read(length))
