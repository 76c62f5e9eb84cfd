"""What a document says beside its text: the header, and registers of persons, places and so on."""

from __future__ import annotations

from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers.formats.tei.header import Header
from datasette_newsgraph.readers.formats.tei.register import KINDS, Entry, Register
from datasette_newsgraph.readers.xml_input import XML

#: So much is kept of the words of one element.
_LONGEST = 2000
#: Names are put together of these, which may stand side by side.
_PARTS_OF_NAMES = frozenset({"forename", "surname", "nameLink", "genName", "addName", "roleName"})


class _Open:
    """An element that has begun."""

    __slots__ = ("attributes", "name", "parts", "size")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes
        self.parts: list[str] = []
        self.size = 0

    def add(self, text: str) -> None:
        if self.size < _LONGEST:
            self.parts.append(text[:_LONGEST])
            self.size += len(text)


class Described:
    """Follows the elements of a header or a list, from its first one to its end."""

    def __init__(self, header: Header, register: Register) -> None:
        self._header, self._register = header, register
        self._open: list[_Open] = []
        #: Entries that have begun, with how many elements are open around what is in them.
        self._entries: list[tuple[Entry, int]] = []

    @property
    def is_open(self) -> bool:
        """Whether the end has not come yet."""
        return bool(self._open)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        self._open.append(_Open(name, attributes))
        id_ = attributes.get(f"{XML}id") or attributes.get("id")
        if name in KINDS and id_:
            self._entries.append((self._register.entry(name, id_, attributes), len(self._open)))
        elif name == "relation":
            self._register.relations.append(attributes)

    def words(self, text: str) -> None:
        """Take text."""
        self._open[-1].add(text)

    def end(self) -> None:
        """Take the end of the element that began last."""
        closed = self._open.pop()
        words = collapse("".join(closed.parts))
        if self._open:
            blank = " " if closed.name in _PARTS_OF_NAMES else ""
            self._open[-1].add(f"{blank}{words}{blank}" if closed.parts else "")
        if self._entries and len(self._open) < self._entries[-1][1]:
            self._entries.pop()
        elif self._entries:
            entry, depth = self._entries[-1]
            path = [each.name for each in self._open[depth : depth + 4]]
            self._register.take(entry, (*path, closed.name), closed.attributes, words)
        else:
            path = [each.name for each in self._open[:12]]
            self._header.take((*path, closed.name), closed.attributes, words)
