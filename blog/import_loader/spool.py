"""A temporary file for converted texts, so that they do not have to stay in memory."""

import json
import tempfile
from typing import Self


class Spool:
    """An anonymous temporary file, deleted on closing. Use it as a context manager."""

    def __init__(self):
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def put(self, *texts: str) -> tuple[int, int]:
        """Store these texts; return a ticket for :meth:`get`: offset and length in bytes."""
        start = self._file.seek(0, 2)
        return start, self._file.write(json.dumps(texts).encode())

    def get(self, ticket: tuple[int, int]) -> list[str]:
        """Return the texts of a ticket."""
        start, length = ticket
        self._file.seek(start)
        return json.loads(self._file.read(length))
