"""Read FewRel, and data of OpenNRE (Wiki80, NYT10, SemEval 2010): sentences with a relation each.

- FewRel has a list of sentences under each relation. Elsewhere each record has its ``relation``.
- ``h`` and ``t`` are entities without a type. Their names are the words of the sentence; a ``name``
  in other words is an alias. A Wikidata id or an IRI identifies them.
- Records of the same text are one article: what is said of a sentence stands in several of them.
- The relation goes from ``h`` to ``t``; one that ends in ``(e2,e1)``, as in SemEval, goes from ``t``
  to ``h``. ``NA``, ``None``, ``no_relation`` and ``Other`` state nothing. The evidence is the text.
- Properties of Wikidata (``P931``) and paths of Freebase (``/people/person/place_lived``) have the
  names that they are known by.

Offsets: ``pos`` counts code points of ``text``, or else tokens, from 0, end exclusive. In FewRel a
position is the list of all tokens of a mention. The text is the tokens, joined by blanks.

Example::

    {"P931": [{"tokens": ["Heathrow", "Airport", "lies", "west", "of", "London", "."],
               "h": ["heathrow airport", "Q8691", [[0, 1]]], "t": ["london", "Q84", [[5]]]}]}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import field

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.authorities import stated_iri
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse, normalise_name
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import in_objects, records
from datasette_newsgraph.readers.elements import Stream, Value, keyed_elements
from datasette_newsgraph.readers.grouping import Resume, decoded, grouped
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.table.corpora import BY_RELATION
from datasette_newsgraph.readers.tokens import JoinedText

__all__ = ["entries", "parse"]

_LOOKED_AT = 256 << 10
_BY_RELATION = re.compile(BY_RELATION)
#: What states that nothing is stated.
NOTHING = frozenset({"", "na", "none", "no_relation", "no relation", "other"})
#: No name has more tokens.
_LONGEST = 100
_DIRECTED = re.compile(r"(.+)\(e([12]),\s*e[12]\)")


class _Named(Shape):
    name: str | None = None
    id: str | None = None
    pos: list[Any] | None = None


class _Record(Shape):
    tokens: list[str] | None = None
    token: list[str] | None = None
    text: str | None = None
    h: _Named | list[Any] | None = None
    t: _Named | list[Any] | None = None
    relation: str | int | None = None

    @property
    def words(self) -> list[str] | None:
        """The tokens, if it has any."""
        return self.tokens or self.token

    @property
    def reading(self) -> str:
        """The text."""
        return self.text or " ".join(self.words or ())


class _Head(_Record):
    h: Any = None
    t: Any = None
    relation: Any = field(default=None)


class _Span(NamedTuple):
    start: int
    end: int
    surface: str | None


def entries(source: Source, resume: Resume | None = None) -> Iterator[Entry]:
    """Yield the records of each text together."""
    is_by_relation = _BY_RELATION.match(source.sample(_LOOKED_AT)[0]) is not None
    return grouped(source, resume, _text_of, _of_relations if is_by_relation else records)


def _text_of(raw: bytes) -> str | None:
    return decode(raw, _Head).reading or None


def _of_relations(source: Source, _: Resume | None = None) -> Iterator[Entry]:
    """Yield the records of FewRel, each with its relation in it, without holding the file."""
    return in_objects(source, _with_relations, "record")


def _with_relations(stream: Stream) -> Iterator[Value]:
    for key, (raw, fault) in keyed_elements(stream):
        if fault is None and raw.startswith(b"{"):
            more = b"" if raw[1:].lstrip().startswith(b"}") else b","
            raw = b'{"relation":' + key + more + raw[1:]
        yield Value(raw, fault)


def parse(raw: bytes) -> Parsed:
    """Make the records of one text an article. Raises RecordError if they have none."""
    found, faults = decoded(raw, lambda line: decode(line, _Record), "record")
    first = found[0][1]
    if not first.reading.strip():
        raise RecordError("no entities in it, and no text: not a record of FewRel or OpenNRE")
    reading = _Reading(first)
    reading.building.faults += faults
    for where, record in found:
        reading.add(where, record)
    parsed = reading.building.finish("OpenNRE")
    parsed.is_joined = first.text is None
    return parsed


class _Reading:
    """One text, and the entities in it."""

    def __init__(self, record: _Record) -> None:
        self._tokens = [] if record.text else record.words or []
        self._joined = JoinedText([self._tokens]) if self._tokens else None
        self.building = Building(record.text if self._joined is None else self._joined.text)
        self._mentioned: set[tuple[str, int, int]] = set()
        self._sought: set[str] = set()

    def add(self, where: str, record: _Record) -> None:
        """Add the two entities of a record, and what relates them."""
        ends = [self._entity(f"{where}{key}", getattr(record, key)) for key in ("h", "t")]
        subject, object_ = ends
        predicate = "" if record.relation is None else str(record.relation)
        directed = _DIRECTED.fullmatch(predicate)
        if directed is not None:
            predicate = directed[1]
            if directed[2] == "2":
                subject, object_ = object_, subject
        if subject is None or object_ is None or predicate.strip().casefold() in NOTHING:
            return
        text = self.building.text or ""
        evidence = Evidence(start=0, end=len(text), text=text)
        self.building.relation(subject, predicate, object_, evidence=[evidence])

    def _entity(self, place: str, given: _Named | list[Any] | None) -> Entity | None:
        named = _of_list(given) if isinstance(given, list) else given
        if named is None:
            self.building.fault(f"{place}: expected a name, an id and positions", given)
            return None
        iri = stated_iri(named.id or "")
        spans = list(self._spans(place, named))
        if not spans and not (named.name or "").strip():
            self.building.fault(f"{place}: has neither a position nor a name", given)
            return None
        called = next((each.surface for each in spans if each.surface), None) or named.name or ""
        name = collapse(called)
        entity = self.building.entity(None, name, same_as=[iri] if iri else ())
        for start, end, surface in spans:
            if (key := (entity.id, start, end)) not in self._mentioned:
                self._mentioned.add(key)
                self.building.mention(
                    place, given, None, start, end, surface, same_as=[iri] if iri else ()
                )
        if not spans and entity.id not in self._sought:
            self._sought.add(entity.id)
            self.building.seek(entity)
        self._alias(entity, named.name)
        return entity

    def _alias(self, entity: Entity, given: str | None) -> None:
        """Add the name of the knowledge base, unless it is another spelling of one that is there."""
        known = {normalise_name(each) for each in (entity.name, *entity.aliases)}
        squeezed = {each.replace(" ", "") for each in known}
        if given and normalise_name(given).replace(" ", "") not in squeezed:
            entity.aliases.append(collapse(given))

    def _spans(self, place: str, named: _Named) -> Iterator[_Span]:
        positions = named.pos or []
        is_pair = len(positions) == 2 and all(type(each) is int for each in positions)
        for each in [positions] if is_pair else positions:
            span = self._span(each, named.name, is_pair=is_pair)
            if span is not None:
                yield span
            else:
                self.building.fault(f"{place}: {each} is no span of the text", each)

    def _span(self, given: Any, name: str | None, *, is_pair: bool) -> _Span | None:
        if not isinstance(given, list) or not given or any(type(each) is not int for each in given):
            return None
        if self._joined is None:
            start, end = given[0], given[-1]
            words = self.building.words(start, end)
            # The name is what the text reads there, unless it is that of a knowledge base.
            said = name if words is not None and name == words else None
            return None if words is None else _Span(start, end, said)
        first, end = given[0], given[-1] + 1
        if is_pair and not self._reads(first, end, name):
            end = given[-1]
        span = self._joined.span(first, end)
        return None if span is None else _Span(*span)

    def _reads(self, first: int, end: int, name: str | None) -> bool:
        """Tell whether tokens are the name, with the last of them: some data has inclusive ends."""
        if not 0 <= first < end or end - first > _LONGEST:
            return False
        words = "".join(self._tokens[first:end])
        return words.casefold() == (name or "").replace(" ", "").casefold()


def _of_list(given: list[Any]) -> _Named | None:
    match given:
        case [str(name), str() | None as id_, list(positions)]:
            return _Named(name, id_, positions)
        case _:
            return None
