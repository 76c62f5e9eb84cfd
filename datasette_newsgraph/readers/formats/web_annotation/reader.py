"""Read W3C Web Annotations in JSON-LD: one, an array, one a line, a page or a collection.

- An annotation that *identifies* something is a mention. Its body, or the annotation itself, has
  the purpose ``identifying``, ``linking`` or ``tagging`` and the IRI of a thing, or has the purpose
  ``classifying``.
- The words are those of the ``TextQuoteSelector``. The type is the body that classifies, or a tag
  beside an IRI.
- Comments, highlights, and tags without an IRI are left out and counted.
- All annotations of one source are one article, whose id is the IRI of the source. So the whole
  file is read into memory.
- The file is read as JSON in the form that the model's own context (``anno.jsonld``) gives it. No
  context is fetched or applied.
- The format holds no text of the article. Give that with ``--articles``.

Offsets: Unicode code points, end exclusive, of a ``TextPositionSelector`` or of ``char=`` in a
``FragmentSelector`` (RFC 5147). Positions inside another fragment, such as an XPointer, are not
taken. If there are no offsets, the words are looked for in the text.

Example::

    {"@context": "http://www.w3.org/ns/anno.jsonld",
     "type": "AnnotationPage",
     "items": [
       {"id": "https://example.org/annotations/1", "type": "Annotation",
        "motivation": "identifying",
        "body": [
          {"type": "SpecificResource", "purpose": "identifying",
           "source": "http://www.wikidata.org/entity/Q90"},
          {"type": "TextualBody", "purpose": "classifying", "value": "Place"}],
        "target": {
          "source": "https://example.org/cop21",
          "selector": [
            {"type": "TextPositionSelector", "start": 31, "end": 36},
            {"type": "TextQuoteSelector", "exact": "Paris", "prefix": "the talks in "}]}}]}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from datasette_newsgraph.article import Mention
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import records
from datasette_newsgraph.readers.formats.web_annotation.parts import Thing, objects, targets, things
from datasette_newsgraph.readers.gathering import Gathered, Gathering, in_order
from datasette_newsgraph.readers.limits import KEPT, OBJECT
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

#: One annotation of more sources, or making more mentions by its targets and things, is not taken.
_MAX_SOURCES = 100
_MAX_MENTIONS = 100_000

_CONTEXT = re.compile(r"https?://www\.w3\.org/ns/anno\.jsonld")
_TYPE = re.compile(r"(?:.*[#/:])?Annotation")
_NOTHING = (
    "no entities in it: these are Web Annotations, but none of them identifies anything"
    " (purpose identifying, linking or tagging with an IRI, or classifying)"
)


class _Annotation(Shape, rename={"context": "@context", "at_type": "@type", "at_id": "@id"}):
    context: Any = None
    id: Any = None
    at_id: Any = None
    type: Any = None
    at_type: Any = None
    motivation: Any = None
    generator: Any = None
    body: Any = None
    bodyValue: Any = None  # noqa: N815 - the model's name
    target: Any = None

    @property
    def is_one(self) -> bool:
        types = self.type if self.type is not None else self.at_type
        return any(isinstance(each, str) and _TYPE.fullmatch(each) for each in objects(types))

    @property
    def has_foreign_context(self) -> bool:
        return self.context is not None and not any(
            isinstance(each, str) and _CONTEXT.fullmatch(each) for each in objects(self.context)
        )

    def things(self) -> list[Thing]:
        return things(self.body, self.bodyValue, self.motivation)


class _Page(Shape):
    items: list[Any] | None = None
    first: Any = None


class _Group(Shape):
    """The annotations of one source, as ``entries`` puts them together."""

    source: str | None = None
    annotations: list[Any] | None = None
    #: Of the file, told with its first source: annotations that identify nothing.
    passed: int = 0


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the annotations of each source that has some which identify; one that cannot be read
    alone; and all of them where none identifies anything, for parsing to say so. All by their lines.
    """
    groups: Gathering[bytes] = Gathering(source.path, source.limit)
    #: Those that identify nothing are told of together, if there are no others.
    passed: Gathering[bytes] = Gathering(source.path, source.limit)
    count = 0
    unread: list[Entry] = []
    for entry in records(source):
        if entry.fault is not None:
            unread.append(entry)
            continue
        items = _items(entry.raw)
        for number, raw in enumerate(items, 1):
            line = entry.line if len(items) == 1 else number
            try:
                annotation = decode(raw, _Annotation)
            except RecordError:
                unread.append(Entry(line, raw))
                groups.held.add(len(raw) + 8 * OBJECT)
                continue
            if not annotation.things():
                passed.add("", line, raw)
                count += 1
                continue
            sources = dict.fromkeys(each.source for each in targets(annotation.target))
            if len(sources) > _MAX_SOURCES:
                fault = f"one annotation has {len(sources)} sources, more than {_MAX_SOURCES}"
                unread.append(Entry(line, raw[:KEPT], fault=fault))
                continue
            for target in sources:
                groups.add(target, line, raw)
    told = b',"passed":%d' % count if count and groups else b""
    first = next(iter(groups), None)

    def written(each: Gathered[bytes]) -> bytes:
        start = b'{"source":' + msgspec.json.encode(each.name)
        start += (told if each is first else b"") + b',"annotations":['
        return start + b",".join(each.pieces) + b"]}"

    yield from in_order(unread, groups if unread or groups else passed, written)


def _items(raw: bytes) -> list[bytes]:
    """Return the annotations of a page or a collection, or else what is given, as it is."""
    try:
        page = decode(raw, _Page)
        if page.items is None and isinstance(page.first, dict):
            page = msgspec.convert(page.first, _Page)
    except (RecordError, msgspec.ValidationError):
        return [raw]
    return [raw] if page.items is None else list(map(msgspec.json.encode, page.items))


def parse(raw: bytes) -> Parsed:
    """Make the annotations of one source an article; raises RecordError if none identifies."""
    building = Building()
    group = decode(raw, _Group)
    if group.annotations is None:
        annotations = [decode(each, _Annotation) for each in _items(raw)]
    else:
        annotations = _annotations(building, group.annotations)
    named = [target for each in annotations for target in targets(each.target)]
    source = group.source if group.source is not None else named[0].source if named else ""
    generators = set()
    for number, annotation in enumerate(annotations, 1):
        given = annotation.id if isinstance(annotation.id, str) else annotation.at_id
        place = given[:200] if isinstance(given, str) and given else f"annotation {number}"
        if not annotation.is_one or annotation.has_foreign_context:
            other = "@context" if annotation.is_one else "type"
            building.fault(f"{place}: is none of the model's annotations, by its {other}", place)
        elif _take(building, place, annotation, source):
            generators.add(_generator(annotation.generator))
    if not building.entities:
        raise RecordError(building.faults[0].reason if building.faults else _NOTHING)
    iri = clean_iri(source)
    parsed = building.finish(
        (generators.pop() if len(generators) == 1 else None) or "Web Annotation",
        id=iri,
        url=iri if iri is not None and iri.startswith(("http://", "https://")) else None,
        local_ids=() if iri else (source,),
        language=next((each.language for each in named if each.source == source), None),
    )
    if group.passed:
        parsed.notes.passed_over["annotations that identify nothing"] += group.passed
    return parsed


def _annotations(building: Building, given: list[Any]) -> list[_Annotation]:
    found = []
    for number, each in enumerate(given, 1):
        try:
            found.append(msgspec.convert(each, _Annotation))
        except msgspec.ValidationError:
            building.fault(f"annotation {number}: is no object", each)
    return found


def _take(building: Building, place: str, annotation: _Annotation, source: str) -> bool:
    """Add the mentions that an annotation is in this source; tell whether it is any."""
    here = [each for each in targets(annotation.target) if each.source == source]
    things = annotation.things()
    if len(here) * len(things) > _MAX_MENTIONS:
        building.fault(f"{place}: {len(things)} things at {len(here)} targets are too many", place)
        return False
    for target in here if things else ():
        if target.fault is not None:
            building.fault(f"{place}: {target.fault}", place)
        for thing in things:
            name = thing.name or target.exact or thing.local_name
            if name is None or not name.strip():
                building.fault(f"{place}: has no words", place)
                continue
            entity = building.entity(thing.label, name, same_as=thing.same_as)
            if target.exact or (target.start is not None and target.end is not None):
                entity.mentions.append(
                    Mention(start=target.start, end=target.end, text=target.exact)
                )
    return bool(here and things)


def _generator(given: Any) -> str | None:
    name = given.get("name") if isinstance(given, dict) else None
    return name if isinstance(name, str) and name.strip() else None
