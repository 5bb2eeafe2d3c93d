"""Decoding of an export file: gzip, encodings, and characters that XML forbids.

Real exports contain pasted control characters, and Latin-1 bytes in files declared as UTF-8. Both
are repaired and counted here, before the XML parser sees them. The text comes in pieces, of which
only a few are in memory at once.
"""

import codecs
import os
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from blog.importers.records import ExportError

PIECE = 1 << 18  # bytes read at a time
HEAD = 1024  # the XML declaration is within these bytes
MAX_REFERENCE = 12  # characters of the longest "&#x10FFFF;", rounded up

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,7})|([0-9]{1,8}));")
WRONG_BYTE = re.compile(r"[\udc80-\udcff]")
DECLARATION = re.compile(r"\A<\?xml\b[^>]*\?>")
DECLARED = re.compile(rb"\A\s*<\?xml\b[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Declared Latin-1 is Windows-1252 in practice (WHATWG Encoding, "windows-1252").
LATIN = frozenset({"iso8859-1", "ascii", "cp1252"})


class Source:
    """The text of one export in pieces, with counts of the repairs."""

    def __init__(self, path_or_file: str | os.PathLike | BinaryIO) -> None:
        self.control_characters = 0
        self.wrong_bytes = 0
        self._given = path_or_file

    def __iter__(self) -> Iterator[str]:
        """Yield repaired text without its XML declaration. Raises ExportError."""
        if not isinstance(self._given, (str, os.PathLike)):
            yield from self._text(_raw(self._given))
            return
        try:
            with open(self._given, "rb") as file:
                yield from self._text(_raw(file))
        except OSError as error:
            raise ExportError(f"The file can’t be opened: {error.strerror or error}.") from None

    def _text(self, pieces):
        pieces = _head_first(_unpacked(pieces))
        head = next(pieces, b"")
        if not head.strip():
            raise ExportError("The file is empty.")
        decoder = codecs.getincrementaldecoder(_encoding(head))("surrogateescape")
        start = self._mended(decoder.decode(head)).lstrip("\ufeff \t\r\n")
        text = DECLARATION.sub("", start, count=1)
        for piece in pieces:
            text += self._mended(decoder.decode(piece))
            text, cut_off = _without_cut_reference(text)
            yield self._without_bad_references(text)
            text = cut_off
        text += self._mended(decoder.decode(b"", True))
        yield self._without_bad_references(text)

    def _mended(self, text):
        text, wrong = WRONG_BYTE.subn(_from_windows, text)
        text, controls = FORBIDDEN.subn("", text)
        self.wrong_bytes += wrong
        self.control_characters += controls
        return text

    def _without_bad_references(self, text):
        def kept(match):
            number = int(match[1], 16) if match[1] else int(match[2])
            if number <= 0x10FFFF and not FORBIDDEN.match(chr(number)):
                return match[0]
            self.control_characters += 1
            return ""

        return REFERENCE.sub(kept, text) if "&#" in text else text


def _raw(file):
    while piece := file.read(PIECE):
        if isinstance(piece, str):
            raise TypeError("read_export needs a file opened in binary mode")
        yield piece


def _head_first(pieces):
    """Yield the same bytes with a first piece that is long enough for the declaration."""
    head = b""
    for piece in pieces:
        head += piece
        if len(head.lstrip()) >= HEAD:
            break
    if head:
        yield head
    yield from pieces


def _unpacked(pieces):
    pieces = _head_first(pieces)
    head = next(pieces, b"")
    if head.startswith(b"PK\x03\x04"):
        raise ExportError("This is a zip archive. Unpack it and import the .xml file inside.")
    if head.startswith(b"\x1f\x8b"):
        yield from _gunzip(head, pieces)
        return
    if head:
        yield head
    yield from pieces


def _gunzip(head, pieces):
    unpacker = zlib.decompressobj(wbits=31)
    data = head
    try:
        while True:
            yield unpacker.decompress(data, PIECE)
            if unpacker.eof:
                data = unpacker.unused_data or next(pieces, b"")
                if not data.startswith(b"\x1f"):  # padding after the last member
                    return
                unpacker = zlib.decompressobj(wbits=31)
                continue
            data = unpacker.unconsumed_tail or next(pieces, b"")
            if not data:
                raise ExportError("The gzip file is incomplete. Please copy it again.")
    except zlib.error:
        raise ExportError("The gzip file is damaged and can’t be unpacked.") from None


def _encoding(head):
    for mark, name in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return name
    declared = DECLARED.match(head)
    label = declared[1].decode("ascii") if declared else "utf-8"
    try:
        name = codecs.lookup(label).name
        "".encode(name)
    except (LookupError, TypeError):
        raise ExportError(f"Unknown file encoding: {label}.") from None
    if name in LATIN:
        return "cp1252"
    # A file whose first bytes read as ASCII is not UTF-16, whatever it declares.
    return "utf-8" if name.startswith(("utf-16", "utf-32")) else name


def _from_windows(match):
    byte = ord(match[0]) - 0xDC00
    return bytes([byte]).decode("cp1252", "replace")


def _without_cut_reference(text):
    """Return ``text`` and a possibly incomplete character reference at its end, separately."""
    cut = text.rfind("&", max(0, len(text) - MAX_REFERENCE))
    return (text, "") if cut < 0 else (text[:cut], text[cut:])
