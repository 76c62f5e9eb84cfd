"""The brackets of ``Entity=``: each opens a mention of an entity, closes one, or does both.

``(e1-person-1(e2-place-1)`` opens a mention of ``e1`` and is one of ``e2``; ``e1)`` closes the first.
``e3[1/2]`` is the first of two parts of one mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from datasette_newsgraph.authorities import identifier_iri, wikipedia_page
from datasette_newsgraph.errors import RecordError

_PIECE = re.compile(r"[()]|[^()]+")
_PART = re.compile(r"(.+?)\[(\d{1,4})/(\d{1,4})\]")
_ITEM = re.compile(r"Q[1-9]\d*", re.ASCII)
_IRI = re.compile(r"https?://\S+")
#: So much of a value is shown.
_SHOWN = 60
_UNSAID = frozenset({"", "_", "-"})
#: What the field with the entity's id is called.
_IDS = ("eid", "GRP")
#: And that with its type, first as it is called now.
_TYPES = ("etype", "entity")
#: Where nothing tells the order of the fields.
DEFAULT_FIELDS = ("eid", "etype")


class Opened(NamedTuple):
    """A mention of an entity, of tokens ``first`` to ``end``, and which part of it this is, if so."""

    id: str
    label: str | None
    same_as: tuple[str, ...]
    first: int
    end: int
    part: str
    place: str


def fields_of(line: str) -> tuple[str, ...]:
    """Return the names of the fields that a comment lists; raises RecordError if no entity is named."""
    fields = tuple(each.strip() for each in line.partition("=")[2].split("-"))
    if not any(name in fields for name in _IDS):
        raise RecordError("# global.Entity names no field eid: which of them names the entity?")
    return fields


def link_iri(value: str, key: str) -> str | None:
    """Return the IRI that a value of ``key`` stands for: an item of Wikidata, an address, or the
    title of a page of the English Wikipedia; None if it is none of these.
    """
    if _ITEM.fullmatch(value):
        return identifier_iri("Wikidata", value)
    if _IRI.fullmatch(value):
        return value
    if key in ("identity", "wikipedia") and value not in _UNSAID:
        return wikipedia_page(value)
    return None


class Brackets:
    """The mentions of a document, as its brackets open and close."""

    def __init__(self) -> None:
        self._open: dict[str, list[Opened]] = {}
        self.found: list[Opened] = []
        self.name_fields(DEFAULT_FIELDS)

    def name_fields(self, fields: Sequence[str]) -> None:
        """Say in which order the fields of an entity stand."""
        self._fields = fields
        self._id = next((fields.index(name) for name in _IDS if name in fields), 0)
        self._label = next((fields.index(name) for name in _TYPES if name in fields), None)
        self._identity = fields.index("identity") if "identity" in fields else None

    def read(self, value: str, place: str, first: int, end: int) -> Iterator[str]:
        """Take the brackets of a token, and yield what of them cannot be taken. What opens here begins
        at the token ``first``, what closes here ends before ``end``.
        """
        pieces = [*_PIECE.findall(value), "", ""]
        odd: list[str] = []
        at = 0
        while piece := pieces[at]:
            following, third = pieces[at + 1 : at + 3]
            if piece == "(" and following not in ("(", ")", ""):
                mention = self._opened(following, place, first, end)
                if third == ")":
                    self.found.append(mention)
                else:
                    self._open.setdefault(_closed_by(mention), []).append(mention)
                at += 3 if third == ")" else 2
            elif piece not in ("(", ")") and following == ")":
                if opened := self._opened_by(piece):
                    self.found.append(opened.pop()._replace(end=end))
                else:
                    yield f"{piece[:_SHOWN]!r} is closed and was not opened"
                at += 2
            else:
                odd.append(piece)
                at += 1
        if odd:
            yield f"{''.join(odd)[:_SHOWN]!r} is no bracket of an entity"

    def _opened_by(self, given: str) -> list[Opened]:
        """Return the mentions that a bracket may close: it has the id, in older files all fields."""
        if given not in self._open:
            cells = given.split("-", len(self._fields) - 1)
            given = _value(cells, self._id) or given
        return self._open.get(given, [])

    def unclosed(self) -> Iterator[Opened]:
        """Yield the mentions that nothing closes."""
        for opened in self._open.values():
            yield from opened

    def _opened(self, given: str, place: str, first: int, end: int) -> Opened:
        # Values have no hyphens but for the last one, which may be the title of a page.
        cells = given.split("-", len(self._fields) - 1)
        id_, part = _value(cells, self._id) or cells[0], ""
        if found := _PART.fullmatch(id_):
            id_, part = found[1], f"{found[2]}/{found[3]}"
        label = _value(cells, self._label)
        identity = _value(cells, self._identity)
        iri = link_iri(unquote(identity), "identity") if identity else None
        return Opened(id_, label, (iri,) if iri else (), first, end, part, place)


def _closed_by(mention: Opened) -> str:
    return f"{mention.id}[{mention.part}]" if mention.part else mention.id


def _value(cells: Sequence[str], place: int | None) -> str | None:
    if place is None or place >= len(cells) or cells[place] in _UNSAID:
        return None
    return cells[place]


class Tie(NamedTuple):
    """What one entity is to another."""

    subject: str
    label: str
    object: str


def ties_of(value: str, otherwise: str) -> Iterator[Tie | str]:
    """Yield what ``Bridge=`` or ``SplitAnte=`` says: ``e1<e5:part`` is ``e5 part e1``; without a label
    it is ``otherwise``. What is none is yielded itself.
    """
    for each in value.split(","):
        before, found, behind = each.partition("<")
        anaphor, _, label = behind.partition(":")
        if found and before and anaphor:
            yield Tie(anaphor, label or otherwise, before)
        else:
            yield each
