"""Reader of WordPress exports (WXR 1.0 to 1.2), as a stream of records.

The file is fed to expat piece by piece, and each item is returned when it ends, so that only one
item is in memory. Namespace prefixes are resolved by hand, because plugins write elements with
undeclared prefixes. Entity declarations are refused.
"""

import os
from collections.abc import Iterator
from html.entities import html5
from typing import BinaryIO
from xml.parsers import expat

from blog.importers import fields
from blog.importers.decoding import Source
from blog.importers.records import Author, ExportError, Item, Repairs, Site, Term

MAX_DEPTH = 100  # nested elements; WordPress itself writes six
MAX_FIELD = 64_000_000  # characters; limits memory
RECORDS = {"item", "wp:author", "wp:category", "wp:tag", "wp:term"}
SITE = {"title", "link", "language", "wp:base_site_url", "wp:base_blog_url"}
# The post meta that is read: the featured image, and the description of an attachment.
META = {"_thumbnail_id", "_wp_attachment_image_alt"}
UNREAD = {"wp:commentmeta", "wp:termmeta", "wp:comment_author_IP", "image"}
CUT_OFF = {
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
}
NO_EXPORT = "This isn’t a WordPress export: "


def read_export(
    path_or_file: str | os.PathLike | BinaryIO,
) -> Iterator[Site | Author | Term | Item | Repairs]:
    """Yield Site, then Author, Term and Item records in file order, and Repairs at the end.

    Takes a path or a file opened in binary mode; gzip is detected. Raises ExportError, possibly
    after some records: do not store anything before the end.
    """
    source = Source(path_or_file)
    reader = _Reader()
    for piece in source:
        reader.feed(piece)
        yield from reader.take()
        if reader.ended:
            break
    reader.finish()
    yield from reader.take()
    yield Repairs(source.control_characters, source.wrong_bytes)


class _Reader:
    """An expat handler that collects the fields of one record at a time."""

    def __init__(self):
        self.ended = False
        self._ready, self._early = [], []
        self._site, self._site_done, self._is_export = {}, False, False
        self._path, self._unread = [], 0
        self._record = self._comment = self._meta = self._field = None
        self._attributes, self._text, self._length = {}, [], 0
        self._prefixes = {}
        self._parser = self._expat()

    def _expat(self):
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
        # With a foreign DTD, expat reports &nbsp; as a skipped entity instead of failing.
        parser.UseForeignDTD(True)
        parser.ExternalEntityRefHandler = self._foreign
        parser.SkippedEntityHandler = self._entity
        parser.EntityDeclHandler = _refuse_entity
        parser.StartDoctypeDeclHandler = _doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        return parser

    def feed(self, text: str, last: bool = False) -> None:
        """Parse the next piece. Raises ExportError."""
        try:
            self._parser.Parse(text.encode("utf-8"), last)
        except expat.ExpatError as error:
            if not self.ended:
                raise ExportError(self._sentence(error)) from None

    def finish(self) -> None:
        """Check that the file is complete. Raises ExportError."""
        if not self.ended:
            self.feed("", last=True)
        if not self._is_export:
            raise ExportError(NO_EXPORT + "it has none of WordPress’s own fields.")

    def take(self) -> list:
        """Return the complete records, and drop them from the reader."""
        ready, self._ready = self._ready, []
        return ready

    def _sentence(self, error):
        if error.code in CUT_OFF and self._path:
            return f"The file ends too early, after line {error.lineno}. Please copy it again."
        if not self._path:
            return NO_EXPORT + "it’s not XML."
        reason = expat.ErrorString(error.code)
        return f"The file isn’t well-formed XML at line {error.lineno}: {reason}."

    def _start(self, name, attributes):
        name = self._known(name, attributes)
        self._path.append(name)
        depth = len(self._path)
        if depth > MAX_DEPTH:
            raise ExportError("Its elements are nested too deeply for an export.")
        if depth == 1 and name != "rss":
            raise ExportError(NO_EXPORT + f"its first element is {name[:40]}, not rss.")
        if self._unread or name in UNREAD:
            self._unread += 1
        elif depth == 3 and name in RECORDS:
            self._record = {"terms": [], "comments": []}
            if name == "item":
                self._close_site()
        elif depth == 4 and name == "wp:comment" and self._record is not None:
            self._comment = {}
        elif depth == 4 and name == "wp:postmeta" and self._record is not None:
            self._meta = {}
        elif self._meta is not None and not self._is_read(name):
            self._unread += 1
        elif self._field is None and depth == self._depth_of_fields():
            self._field, self._attributes, self._text, self._length = name, attributes, [], 0

    def _is_read(self, name):
        """Return whether to read this part of a ``wp:postmeta``: the key, or the value of META."""
        return name == "wp:meta_key" or self._meta.get("wp:meta_key", "").strip() in META

    def _depth_of_fields(self):
        if self._comment is not None or self._meta is not None:
            return 5
        return 3 if self._record is None else 4

    def _end(self, _name):
        name = self._path.pop()
        depth = len(self._path)
        if self._unread:
            self._unread -= 1
        elif self._field is not None and depth == self._depth_of_fields() - 1:
            self._put(name, "".join(self._text))
            self._field = None
        elif depth == 3 and name == "wp:comment" and self._comment is not None:
            self._record["comments"].append(self._comment)
            self._comment = None
        elif depth == 3 and self._meta is not None:
            key = self._meta.get("wp:meta_key", "").strip()
            if key in META:
                self._record[key] = self._meta.get("wp:meta_value", "")
            self._meta = None
        elif depth == 2 and self._record is not None:
            self._emit(name)
        elif depth == 0:
            self._close_site()
            self.ended = True

    def _put(self, name, text):
        self._is_export = self._is_export or name.startswith("wp:")
        if self._comment is not None:
            self._comment[name] = text
        elif self._meta is not None:
            self._meta[name] = text
        elif self._record is None:
            if name in SITE:
                self._site.setdefault(name, text)
        elif name == "category":
            self._record["terms"].append((self._attributes, text))
        else:
            self._record[name] = text

    def _emit(self, name):
        record, self._record = self._record, None
        if name == "item" and not self._is_export:
            raise ExportError(NO_EXPORT + "it’s the feed of another site.")
        made = fields.item(record) if name == "item" else fields.declared(name, record)
        (self._ready if self._site_done else self._early).append(made)

    def _close_site(self):
        """Emit the Site, then the authors and terms that were collected before it."""
        if not self._site_done:
            self._site_done = True
            self._ready += [fields.site(self._site), *self._early]
            self._early = []

    def _data(self, text):
        if self._field is not None and not self._unread:
            self._text.append(text)
            self._length += len(text)
            if self._length > MAX_FIELD:
                raise ExportError(f"One text in the file has more than {MAX_FIELD} characters.")

    def _foreign(self, context, _base, system_id, public_id):
        """Answer the request for the DTD with an empty one."""
        _refuse_other_file(system_id, public_id)
        return self._parser.ExternalEntityParserCreate(context).Parse(b"", True)

    def _entity(self, name, is_parameter):
        character = html5.get(name + ";")
        if is_parameter or character is None:
            line = self._parser.CurrentLineNumber
            raise ExportError(
                f"The file isn’t well-formed XML at line {line}: unknown entity {name[:40]}."
            )
        self._data(character)

    def _known(self, name, attributes):
        """Return ``name`` with the prefix that WordPress uses for its namespace."""
        for key, value in attributes.items():
            if key.startswith("xmlns:"):
                self._prefixes[key[6:]] = fields.usual_prefix(key[6:], value)
        prefix, colon, local = name.partition(":")
        return f"{self._prefixes.get(prefix, prefix)}:{local}" if colon else name


def _refuse_other_file(system_id, public_id):
    if system_id or public_id:
        raise ExportError(
            "The file refers to another file (an external entity), so it can’t be imported."
        )


def _refuse_entity(*_declaration):
    raise ExportError(
        "The file declares its own entities, which no export does, so it can’t be imported."
    )


def _doctype(name, system_id, public_id, _has_subset):
    if name != "rss":
        raise ExportError(NO_EXPORT + f"it says it’s {name[:40]}.")
    _refuse_other_file(system_id, public_id)
