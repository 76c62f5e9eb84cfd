"""The annotations of brat's files (`.ann`), told apart but not yet understood.

A line is an id, what it says and sometimes words, with tabs between; where an editor has made blanks
of the tabs, those are taken. Lines that cannot be read are faults.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from datasette_newsgraph.authorities import (
    AUTHORITIES,
    OTHER,
    canonical_identifier,
    identifier_iri,
    wikipedia_page,
)
from datasette_newsgraph.readers import Fault
from datasette_newsgraph.readers.formats.brat.annotation_lines import annotations_of

#: The authority of a title without a language; brat's examples link to this one.

_ID = re.compile(r"(\*|[A-Za-z#]\d+\S*)[ \t]+", re.ASCII)
_SPANS = re.compile(
    r"(\S+)[ \t]+(\d{1,18} \d{1,18}(?:;\d{1,18} \d{1,18})*)(?:[ \t](?s:(.*)))?", re.ASCII
)
_ADDRESS = re.compile(r"(?:https?://|urn:)\S+")
_AUTHORITIES = {each.name.casefold(): each.name for each in AUTHORITIES}
_KINDS = {"T": "span", "R": "relation", "E": "event", "A": "attribute", "M": "attribute"}


class Line(NamedTuple):
    """Where a line stands, and the whole of it."""

    number: int
    id: str
    words: str

    @property
    def place(self) -> str:
        """The line as faults call it."""
        return f"line {self.number}"


class Span(NamedTuple):
    """``T``: a span of the text, in one fragment or several."""

    line: Line
    label: str
    fragments: list[tuple[int, int]]
    surface: str | None


class Tie(NamedTuple):
    """``R``, ``E`` or ``*``: ids that are tied together, each in its role.

    The first pair of an event is its type and its trigger.
    """

    line: Line
    label: str
    arguments: list[tuple[str, str]]


class Attribute(NamedTuple):
    """``A`` or ``M``: something that is said of an annotation, with a value or without."""

    line: Line
    name: str
    target: str
    value: str | None


class Standoff:
    """The annotations of one text, in the order of their lines."""

    def __init__(self) -> None:
        self.spans: dict[str, Span] = {}
        self.events: dict[str, Tie] = {}
        self.relations: dict[str, Tie] = {}
        self.equivalences: list[Tie] = []
        self.attributes: list[Attribute] = []
        #: The identifiers of each annotation elsewhere.
        self.links: dict[str, list[str]] = {}
        self.faults: list[Fault] = []


def read_standoff(written: str, text: str | None) -> Standoff:
    """Read the annotations of ``text``, if it is there, as they are written."""
    standoff = Standoff()
    for number, words in annotations_of(written, text):
        found = _ID.match(words)
        reason = (
            "does not begin with the id of an annotation"
            if found is None
            else _take(standoff, Line(number, found[1], words), words[found.end() :])
        )
        if reason:
            standoff.faults.append(Fault(f"line {number}: {reason}", words))
    return standoff


def _take(standoff: Standoff, line: Line, rest: str) -> str | None:
    """Take one line; return why it cannot be taken."""
    kind = line.id[0]
    if kind == "T":
        return _take_span(standoff, line, rest)
    if kind in "RE*":
        return _take_tie(standoff, line, rest)
    if kind in "AM":
        name, target, *value = [*rest.split(maxsplit=2), "", "", ""][:3]
        if not target:
            return "an attribute needs a name and an annotation"
        standoff.attributes.append(Attribute(line, name, target, value[0].strip() or None))
        return None
    if kind in "N#":
        _take_link(standoff, kind, rest)
        return None
    return f"{line.id} is no annotation that newsgraph knows"


def _take_span(standoff: Standoff, line: Line, rest: str) -> str | None:
    found = _SPANS.fullmatch(rest)
    if found is None:
        return "a span needs a type, a start and an end"
    if line.id in standoff.spans:
        return f"{line.id} was there before"
    pairs = [pair.split(" ") for pair in found[2].split(";")]
    fragments = [(int(start), int(end)) for start, end in pairs]
    if any(end > start for (_, end), (start, _) in pairwise(fragments)):
        return "the fragments of a span must follow one another"
    surface = found[3] if "\t" in line.words else (found[3] or "").strip()
    standoff.spans[line.id] = Span(line, found[1], fragments, surface or None)
    return None


def _take_tie(standoff: Standoff, line: Line, rest: str) -> str | None:
    kind = line.id[0]
    label, *parts = rest.split() or [""]
    if kind == "*":
        if len(parts) < 2:
            return "an equivalence needs two annotations"
        standoff.equivalences.append(Tie(line, label, [("", part) for part in parts]))
        return None
    pairs = [part.rpartition(":") for part in ([label, *parts] if kind == "E" else parts)]
    if not all(role and target for role, _, target in pairs):
        return f"a part of the {_KINDS[kind]} is not of the form Role:T1"
    arguments = [(role, target) for role, _, target in pairs]
    if kind == "R" and len(arguments) < 2:
        return "a relation needs two arguments"
    ties = standoff.events if kind == "E" else standoff.relations
    if line.id in ties:
        return f"{line.id} was there before"
    ties[line.id] = Tie(line, arguments[0][0] if kind == "E" else label, arguments)
    return None


def _take_link(standoff: Standoff, kind: str, rest: str) -> None:
    """Take a normalisation or a note, if it has an IRI: all others are for people."""
    if kind == "#":
        _, target, note = [*rest.split(maxsplit=2), "", "", ""][:3]
        iri = note.strip() if _ADDRESS.fullmatch(note.strip()) else None
    else:
        _, target, reference, title = [*rest.split(maxsplit=3), "", "", "", ""][:4]
        iri = _iri(reference, title.strip())
    if iri and target:
        standoff.links.setdefault(target, []).append(iri)


def _iri(reference: str, title: str) -> str | None:
    """Return the IRI of what a normalisation refers to: ``Wikidata:Q90``, ``Wikipedia:22989``."""
    database, _, identifier = reference.partition(":")
    for each in (reference, identifier):
        if _ADDRESS.fullmatch(each):
            return each
    if database.casefold() in ("wikipedia", "enwiki"):
        # A number is that of a page, which only the title beside it makes an address.
        name = title if identifier.isdecimal() else identifier
        return wikipedia_page(name) if name else None
    authority = _AUTHORITIES.get(database.casefold())
    if authority is None:
        return None
    try:
        canonical = canonical_identifier(identifier_iri(authority, identifier))
    except KeyError:
        # It has more than one part, or none.
        return None
    return canonical[1] if canonical is not None and canonical[0] != OTHER else None
