"""Cut elements out of a file of XML, each a document of its own, whatever the size of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from datasette_newsgraph.errors import DamagedInput, RecordError
from datasette_newsgraph.readers.cutting import DAMAGE, Blocks, damaged
from datasette_newsgraph.readers.limits import KEPT
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.xml_parser import (
    MAX_DEPTH,
    TOO_DEEP,
    local,
    new_parser,
    not_well_formed,
    place_of,
)

#: Declarations around elements are written into each of them: so much is enough for people.
_MOST_CARRIED = 1 << 16
_BLOCK = 1 << 20
_LANGUAGE = "http://www.w3.org/XML/1998/namespace}lang"
_TAG = re.compile(rb"<[^\s/>]+")


class Elements:
    """A file from which the outermost elements of some names are cut out.

    ``_held`` is what may still be needed of it, from the byte ``_begin`` on.
    """

    def __init__(self, source: Source, names: frozenset[str]) -> None:
        self._source, self._names, self._limit = source, names, source.limit
        self._held = bytearray()
        self._begin = 0
        #: What is declared around the next element, once for each that is open.
        self._around: list[dict[str, str]] = []
        #: What was declared in the tag that is being read.
        self._declared: dict[str, str] = {}
        self._number = 0
        self._found: list[Entry] = []
        self._first_line, self._encoding = b"", "utf-8"
        #: The element that is being cut out: how deep it is in it, where it begins in the file, what
        #: is written into its tag, and why it is not taken.
        self._depth, self._start, self._given = 0, 0, b""
        self._fault: str | None = None
        self._kept = b""
        parser = self._parser = new_parser()
        parser.XmlDeclHandler = self._on_first_line
        parser.StartNamespaceDeclHandler = self._on_namespace
        parser.StartElementHandler, parser.EndElementHandler = self._on_start, self._on_end

    def entries(self) -> Iterator[Entry]:
        """Yield the elements; raises DamagedInput."""
        reading = Blocks(self._source)
        try:
            while block := reading.read(_BLOCK):
                self._held += block
                yield from self._parse(block)
                self._let_go()
        except DAMAGE as error:
            raise damaged(self._source, f"element {self._number + 1}", error) from error
        yield from self._parse(b"", is_last=True)
        reading.finish()

    def _parse(self, block: bytes, *, is_last: bool = False) -> Iterator[Entry]:
        reason: Exception | None = None
        said = ""
        try:
            self._parser.Parse(block, is_last)
        except expat.ExpatError as error:
            reason, said = error, not_well_formed(error, self._parser)
        except RecordError as error:
            reason, said = error, str(error)
        yield from self._found
        self._found.clear()
        if reason is not None:
            before = "; what comes before was read" if self._number else ""
            raise DamagedInput(f"{self._source.path}: {said}{before}") from reason

    def _let_go(self) -> None:
        """Keep the element that is being cut out, up to the limit, and a tag that has just begun."""
        end = self._begin + len(self._held)
        place = self._parser.CurrentByteIndex
        if end - place > self._limit.article:
            where = f"{self._source.path}: {place_of(self._parser)}"
            raise DamagedInput(f"{where}: {self._limit.too_long('a tag or comment')}")
        if self._depth and self._fault is None:
            if end - self._start > self._limit.article:
                self._spoil(self._limit.too_long("the element"))
            else:
                place = self._start
        del self._held[: place - self._begin]
        self._begin = place

    def _spoil(self, fault: str) -> None:
        start = self._start - self._begin
        self._fault, self._kept = fault, bytes(self._held[start : start + KEPT])

    def _on_first_line(self, _: str, encoding: str | None, __: int) -> None:
        if encoding is not None:
            self._encoding = encoding
            self._first_line = f'<?xml version="1.0" encoding="{encoding}"?>'.encode("ascii")

    def _on_namespace(self, prefix: str | None, iri: str | None) -> None:
        if not self._depth:
            self._declared["xmlns" if prefix is None else f"xmlns:{prefix}"] = iri or ""

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth:
            self._depth += 1
            if self._depth > MAX_DEPTH and self._fault is None:
                self._spoil(TOO_DEEP)
            return
        own, self._declared = self._declared, {}
        if _LANGUAGE in attributes:
            own["xml:lang"] = attributes[_LANGUAGE]
        around = self._around[-1] if self._around else {}
        if local(name) in self._names:
            self._depth, self._fault = 1, None
            self._start = self._parser.CurrentByteIndex
            given = (f" {each}={quoteattr(around[each])}" for each in around if each not in own)
            self._given = "".join(given).encode(self._encoding, "xmlcharrefreplace")
            return
        self._around.append({**around, **own} if own else around)
        if len(self._around) > MAX_DEPTH:
            raise RecordError(f"{place_of(self._parser)}: {TOO_DEEP}")
        if own and sum(map(len, (*own, *own.values(), *around, *around.values()))) > _MOST_CARRIED:
            raise RecordError(
                f"{place_of(self._parser)}: declares too many namespaces; take away those that are of"
                " no use"
            )

    def _on_end(self, _: str) -> None:
        if not self._depth:
            self._around.pop()
            return
        self._depth -= 1
        if self._depth:
            return
        self._number += 1
        if self._fault is None:
            raw = self._cut()
            if len(raw) <= self._limit.article:
                self._found.append(Entry(self._number, raw))
                return
            self._spoil(self._limit.too_long("the element"))
        self._found.append(Entry(self._number, self._kept, fault=self._fault))

    def _cut(self) -> bytes:
        start, end = (each - self._begin for each in (self._start, self._parser.CurrentByteIndex))
        found = _TAG.match(self._held, start)
        tag = found[0] if found else b"<"
        # The end of <TEI/> is told behind it, that of <TEI></TEI> before its second tag.
        if self._held.startswith(b"</" + tag[1:], end):
            end = self._held.index(b">", end) + 1
        rest = memoryview(self._held)[start + len(tag) : end]
        return b"".join((self._first_line, tag, self._given, rest))
