"""Cut a file of bare lists: tools that give the annotations of a document as a list, ``[{…}, {…}]``.

Such a list is one document, where an array of objects is many for others. What people wrap
(``{"text": …, "entities": […]}``) may stand on lines or in an array as well.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

import msgspec

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import is_json, records, whole
from datasette_newsgraph.readers.elements import NotJson, Stream, Value, elements
from datasette_newsgraph.readers.packing import without_ending
from datasette_newsgraph.readers.shapes import Shape
from datasette_newsgraph.readers.source import Entry, Source

_decode_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode

_PEEK = 1 << 20
#: So many elements are looked at to tell what an array is one of.
_FEW = 20


class Wrapped(Shape):
    """What people add to a tool's annotations: the text, and what they know of the article."""

    text: str | None = None
    id: Any = None
    title: Any = None
    url: Any = None
    publisher: Any = None
    published: Any = None
    date: Any = None
    language: Any = None
    lang: Any = None
    authors: Any = None

    @property
    def about(self) -> dict[str, Any]:
        """The fields of ``Article`` and the ``local_ids`` that are told here."""
        local = (self.id,) if isinstance(self.id, (str, int)) else ()
        known = {name: getattr(self, name) for name in Wrapped.__struct_fields__}
        return {"local_ids": local, **about_article(known)}


def documents(
    source: Source,
    resume: tuple[int, int, str] | None,
    keys: frozenset[str],
    depth: int = 1,
) -> Iterator[Entry]:
    """Yield the documents of a file: its lines, or the elements of an array if these are documents,
    or else the array itself.

    A document is an object with one of the ``keys``, or a list in so many lists (``depth``): the
    objects of a GLiNER document are in one, the tokens of a Stanza document in two.
    """
    head = source.sample(_PEEK)[0].lstrip()
    if not head.startswith(b"["):
        return records(source, resume)
    line, newline, rest = head.partition(b"\n")
    if newline:
        is_lines = bool(rest.strip()) and is_json(line)
    else:
        is_lines = without_ending(source.name).endswith((".jsonl", ".ndjson"))
    if is_lines:
        return source.lines(resume)
    return _of_array(source, keys, re.compile(rb"\s*(?:\[\s*){%d}" % depth))


def _of_array(source: Source, keys: frozenset[str], lists: re.Pattern[bytes]) -> Iterator[Entry]:
    for entry in whole(source, is_article=False):
        try:
            # All are looked at and few kept: there may be a great many small ones.
            cut = _elements(entry.raw, source)
            first = [each.raw for each in islice(cut, _FEW)]
            deque(cut, maxlen=0)
        except NotJson:
            # Long lines, after all, or damage, which then is told line by line.
            for number, line in enumerate(BytesIO(entry.raw), 1):
                if line := line.removeprefix(b"\xef\xbb\xbf").strip():
                    yield Entry(number, line)
            return
        if any(_is_document(raw, keys, lists) for raw in first):
            for number, (raw, fault) in enumerate(_elements(entry.raw, source), 1):
                yield Entry(number, raw, fault=fault)
        elif first:
            yield entry


def _elements(array: bytes, source: Source) -> Iterator[Value]:
    return elements(Stream(BytesIO(array).read, limit=source.limit))


def _is_document(raw: bytes, keys: frozenset[str], lists: re.Pattern[bytes]) -> bool:
    if lists.match(raw):
        return True
    try:
        return raw.startswith(b"{") and not keys.isdisjoint(_decode_object(raw))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def require_content(building: Building) -> None:
    """Raise RecordError where there is nothing to make an article of."""
    if not building.entities and not (building.text and building.text.strip()):
        first = f": {building.faults[0].reason}" if building.faults else ""
        raise RecordError(f"no entities and no text in it{first}")
