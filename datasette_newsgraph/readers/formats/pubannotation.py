"""Read PubAnnotation JSON, which TextAE and PubAnnotation's own services write, too.

- ``denotations`` become mentions. An ``obj`` that is an IRI of a class of schema.org or of an
  ontology gives the type by its last word; any other IRI identifies the entity, as ``namespaces``
  write it out.
- ``attributes`` identify the entity if their ``pred`` says so (``Wikidata``, ``same_as``) or their
  ``obj`` is an IRI; ``confidence`` or ``score`` is the confidence; others are values of the entity.
- ``relations`` go from ``subj`` to ``obj``. One that is negated (``modifications``) is not taken.
- Each of ``tracks`` has annotations of a project. Records of one document (``sourcedb`` with
  ``sourceid``, or ``target``) are one article, with their texts one behind the other.
- ``blocks`` that are called as our zones are zones. Other blocks are counted.
- Rows of the articles file are joined by ``sourceid``. ``project`` is given as the model.

Offsets: Unicode code points, end exclusive. The format does not give the words of a span. If a span
has several pieces, or is a chain (``_lexicallyChainedTo``, ``_FRAGMENT``), each piece is a mention,
and the entity has all the words for its name.

Example::

    [{"sourcedb": "news", "sourceid": "2016-0313", "project": "elections",
      "text": "Htin Kyaw was elected president of Myanmar in Naypyidaw.",
      "denotations": [{"id": "T1", "span": {"begin": 0, "end": 9}, "obj": "Person"},
                      {"id": "T2", "span": {"begin": 35, "end": 42}, "obj": "Country"},
                      {"id": "T3", "span": {"begin": 46, "end": 55}, "obj": "City"}],
      "attributes": [{"id": "A1", "subj": "T2", "pred": "Wikidata", "obj": "Q836"}],
      "relations": [{"id": "R1", "subj": "T1", "pred": "head of state", "obj": "T2"}]}]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, cast

from msgspec import field

from datasette_newsgraph.article import ZONES, Entity, Zone, ZoneName
from datasette_newsgraph.authorities import stated_iri
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.grouping import decoded, grouped, joined
from datasette_newsgraph.readers.named_keys import CONFIDENCES, IDENTIFIERS, folded, folded_all
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_CHAINED, _FRAGMENT = "_lexicallyChainedTo", "_FRAGMENT"
_SURE, _IDENTIFIES = frozenset(folded_all(CONFIDENCES)), frozenset(folded_all(IDENTIFIERS))
_TYPE, _NEGATION = "type", "negati"
#: What leads to a class rather than to a thing.
_OF_CLASSES = (
    "://schema.org/",
    "://www.schema.org/",
    "/ontology/",
    "/ontologies/",
    "/ns#",
    "/owl#",
)
_LONGEST_NAME = 1000


class _Span(Shape):
    begin: int | None = None
    end: int | None = None


class _Denotation(Shape):
    id: str | int | None = None
    span: _Span | list[_Span] | None = None
    obj: Any = None

    @property
    def pieces(self) -> list[_Span]:
        """The pieces of the span, mostly one."""
        return self.span if isinstance(self.span, list) else [self.span or _Span()]


class _Tie(Shape):
    """A relation, an attribute or a modification."""

    id: str | int | None = None
    subj: str | int | None = None
    pred: str | None = None
    obj: Any = None


class _Namespace(Shape):
    prefix: str | None = None
    uri: str | None = None


class _Track(Shape):
    """The annotations of a project."""

    project: str | None = None
    denotations: list[_Denotation] = field(default_factory=list)
    blocks: list[_Denotation] = field(default_factory=list)
    attributes: list[_Tie] = field(default_factory=list)
    relations: list[_Tie] = field(default_factory=list)
    modifications: list[_Tie] = field(default_factory=list)
    namespaces: list[_Namespace] = field(default_factory=list)


class _Head(Shape):
    """What tells the document."""

    target: str | None = None
    sourcedb: str | None = None
    sourceid: str | int | None = None
    text: str | None = None

    @property
    def key(self) -> str | None:
        """What records of one document have in common."""
        if self.sourceid not in (None, ""):
            return f"{self.sourcedb}:{self.sourceid}"
        return (self.target or "").partition("/divs/")[0] or self.text


class _Document(_Track):
    target: str | None = None
    sourcedb: str | None = None
    sourceid: str | int | None = None
    source_url: str | None = None
    section: str | None = None
    text: str | None = None
    tracks: list[_Track] = field(default_factory=list)


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the records of each document together."""
    return grouped(source, resume, lambda raw: decode(raw, _Head).key)


def parse(raw: bytes) -> Parsed:
    """Make the records of one document an article. Raises RecordError if it has no text and nothing
    is denoted.
    """
    found, faults = decoded(raw, lambda line: decode(line, _Document), "record")
    documents = [each for _, each in found]
    text, begins = joined(each.text for each in documents)
    building = Building(text)
    building.faults += faults
    passed_over: Counter[str] = Counter()
    seen: set[tuple[str, int, int]] = set()
    for where, document in found:
        begin = begins.get(document.text or "", 0)
        numbered = ((f"tracks[{number}].", each) for number, each in enumerate(document.tracks))
        for inside, track in (("", document), *numbered):
            _Reading(building, f"{where}{inside}", begin, seen, passed_over).add_all(track)
    if not (text or "").strip() and not building.entities:
        raise RecordError("no entities in it, and no text: not a document of PubAnnotation")
    first = documents[0]
    titles = (each.text for each in documents if (each.section or "").casefold() == "title")
    return building.finish(
        "PubAnnotation",
        model=", ".join(_projects(documents)) or None,
        local_ids=(first.sourceid, f"{first.sourcedb}:{first.sourceid}" * bool(first.sourceid)),
        passed_over=passed_over,
        url=next(filter(None, (each.source_url or each.target for each in documents)), None),
        title=next(titles, None),
    )


def _projects(documents: list[_Document]) -> dict[str, None]:
    tracks = (track for each in documents for track in (each, *each.tracks))
    return dict.fromkeys(each.project for each in tracks if each.project)


class _Reading:
    """The annotations of one project, whose text begins at ``begin`` of the article's."""

    def __init__(
        self,
        building: Building,
        where: str,
        begin: int,
        seen: set[tuple[str, int, int]],
        passed_over: Counter[str],
    ) -> None:
        self._building = building
        self._where = where
        self._begin = begin
        #: Mentions that another project has, too.
        self._seen = seen
        self._passed_over = passed_over
        self._entities: dict[str, Entity] = {}
        self._attributes: dict[str, list[_Tie]] = {}
        self._prefixes: dict[str, str] = {}

    def add_all(self, track: _Track) -> None:
        """Add what is denoted, and then what is said of it."""
        for space in track.namespaces:
            if space.prefix and space.uri:
                self._prefixes.setdefault(space.prefix, space.uri)
        for attribute in track.attributes:
            self._attributes.setdefault(str(attribute.subj), []).append(attribute)
        chained = {str(each.subj): str(each.obj) for each in track.relations if _is_link(each)}
        by_id = {str(each.id): each for each in track.denotations if each.obj == _FRAGMENT}
        for number, each in enumerate(track.denotations):
            if each.obj != _FRAGMENT:
                pieces = [*each.pieces, *_chain(str(each.id), chained, by_id)]
                self._denote(f"{self._where}denotations[{number}]", each, pieces)
        for number, each in enumerate(track.denotations):
            if each.obj == _FRAGMENT and str(each.id) in by_id:
                place = f"{self._where}denotations[{number}]"
                self._building.fault(f"{place}: is a fragment of no other", each)
        blocks = {str(each.id) for each in track.blocks}
        self._relate(track, blocks)
        self._add_blocks(track.blocks)

    def _denote(self, place: str, given: _Denotation, pieces: list[_Span]) -> None:
        spans = [
            (each.begin + self._begin, each.end + self._begin)
            for each in pieces
            if each.begin is not None and each.end is not None
        ]
        if len(spans) < len(pieces):
            self._building.fault(f"{place}: its span has no begin and end", given)
            return
        words = [self._building.words(*each) for each in spans]
        name = " ".join(filter(None, words)) if len(spans) > 1 else None
        if name is not None and len(name) > _LONGEST_NAME:
            self._building.fault(
                f"{place}: its words are too many for a name", name[:_LONGEST_NAME]
            )
            return
        attributes = self._attributes.pop(str(given.id), [])
        label, same_as = self._meaning(given.obj)
        label = label or next((str(a.obj) for a in attributes if _folded(a) == _TYPE), None)
        same_as += [iri for each in attributes for iri in self._links(each)]
        sure = next(filter(None, map(_confidence, attributes)), None)
        for start, end in spans:
            if (key := (f"{label} {same_as[:1]}", start, end)) in self._seen:
                # Another project says the same.
                called = name or self._building.words(start, end) or ""
                found: Entity | None = self._building.entity(label, called, same_as=same_as)
            else:
                found = self._building.mention(
                    place, given, label, start, end, name=name, confidence=sure, same_as=same_as
                )
                self._seen.add(key)
            if found is not None:
                self._entities.setdefault(str(given.id), found)
        self._value(str(given.id), attributes)

    def _meaning(self, obj: Any) -> tuple[str | None, list[str]]:
        """Return the type and the identifiers that the object of a denotation is."""
        if not isinstance(obj, str):
            return None, []
        iri = self._iri(obj)
        if iri is None:
            return obj, []
        if any(each in iri for each in _OF_CLASSES):
            return iri.rstrip("/#").replace("#", "/").rpartition("/")[2], []
        return None, [iri]

    def _iri(self, words: str) -> str | None:
        prefix, colon, local = words.partition(":")
        if colon and local and prefix in self._prefixes:
            words = self._prefixes[prefix] + local
        return stated_iri(words)

    def _links(self, attribute: _Tie) -> Iterable[str]:
        iri = self._iri(attribute.obj) if isinstance(attribute.obj, str) else None
        is_said = _folded(attribute) in _IDENTIFIES
        if iri is not None and (is_said or "://" in str(attribute.obj)):
            yield iri

    def _value(self, id_: str, attributes: list[_Tie]) -> None:
        entity = self._entities.get(id_)
        for each in attributes:
            is_used = _folded(each) == _TYPE or _confidence(each) is not None
            if entity is None or is_used or any(self._links(each)):
                continue
            if isinstance(each.obj, (str, int, float, bool)) and each.obj != "":
                self._building.relation(entity, each.pred, value=each.obj)
            else:
                place = f"{self._where}attributes of {id_}"
                self._building.fault(f"{place}: {each.pred} has no value", each)

    def _relate(self, track: _Track, blocks: set[str]) -> None:
        negated = {str(e.obj) for e in track.modifications if _folded(e).startswith(_NEGATION)}
        others = sum(not _folded(each).startswith(_NEGATION) for each in track.modifications)
        self._count("modifications that are no negations", others)
        for number, each in enumerate(track.relations):
            if _is_link(each):
                continue
            if str(each.id) in negated:
                self._count("relations that are negated")
            elif {str(each.subj), str(each.obj)} & blocks:
                self._count("relations of blocks of text")
            else:
                self._add_relation(f"{self._where}relations[{number}]", each)
        for id_, attributes in self._attributes.items():
            reason = f"{self._where}attributes: {id_} is no denotation and no relation"
            self._building.fault(reason, attributes[0])

    def _add_relation(self, place: str, given: _Tie) -> None:
        attributes = self._attributes.pop(str(given.id), [])
        sure = next(filter(None, map(_confidence, attributes)), None)
        self._count(
            "attributes of relations", sum(_confidence(each) is None for each in attributes)
        )
        ends: list[Entity] = []
        for key, id_ in (("subj", given.subj), ("obj", given.obj)):
            entity = self._entities.get(str(id_))
            if entity is None:
                self._building.fault(f"{place}: {key} {id_} is no denotation", given)
                return
            ends.append(entity)
        self._building.relation(ends[0], given.pred, ends[1], confidence=sure)

    def _add_blocks(self, blocks: list[_Denotation]) -> None:
        for each in blocks:
            name = str(each.obj).casefold()
            piece = each.pieces[0] if len(each.pieces) == 1 else _Span()
            if name in ZONES and piece.begin is not None and piece.end is not None:
                start, end = piece.begin + self._begin, piece.end + self._begin
                zone = Zone(zone=cast(ZoneName, name), start=start, end=end)
                self._building.zones.append(zone)
            else:
                self._count("blocks of text")

    def _count(self, what: str, count: int = 1) -> None:
        if count:
            self._passed_over[what] += count


def _is_link(relation: _Tie) -> bool:
    return relation.pred == _CHAINED


def _chain(id_: str, chained: dict[str, str], fragments: dict[str, _Denotation]) -> Iterator[_Span]:
    """Yield the pieces that a denotation is chained to; no fragment is one of two."""
    while (fragment := fragments.pop(chained.get(id_, ""), None)) is not None:
        yield from fragment.pieces
        id_ = str(fragment.id)


def _folded(tie: _Tie) -> str:
    return folded((tie.pred or "").strip())


def _confidence(attribute: _Tie) -> float | None:
    if _folded(attribute) not in _SURE:
        return None
    try:
        sure = float(attribute.obj)
    except (TypeError, ValueError):
        return None
    return sure if 0 <= sure <= 1 else None
