"""Read what LangExtract saves: one document a line, with its extractions.

- An extraction becomes an entity. Its text is the name, its class is the type. Its attributes
  become values of the entity: the name of the attribute is the predicate, and a list gives several
  values.
- An extraction is a relation if its attributes name both ends: ``subject`` and ``object``, or
  ``head`` and ``tail``. If its class is called relation or relationship, ``source`` and ``target``,
  ``from`` and ``to``, and ``entity1`` and ``entity2`` count, too.
- The ends of a relation are the extractions of that text, or else new entities (of ``subject_type``
  and so on, if that is there). The predicate is ``type``, ``predicate``, ``relation``,
  ``relationship`` or ``label``, or else the class. The text of the relation itself is the evidence.
  ``confidence``, ``start_date`` and ``end_date`` are kept; other attributes are counted as unknown.
- A relationship that does not name both ends is an entity local to its article.
- All documents whose ``document_id`` is one web address, or else those of one text (several runs),
  are one article, wherever they stand in the file. Their texts are joined by blank lines in the
  order of the file, equal ones once. So are equal extractions from one text. The line of the
  article is that of the last of them.

Offsets: code points, end exclusive. If LangExtract did not find the model's words in the text,
``char_interval`` is null; then newsgraph looks for the words.

Example::

    {"document_id": "doc_1", "text": "Laurent Fabius opened the talks in Paris.", "extractions": [
      {"extraction_class": "person", "extraction_text": "Laurent Fabius",
       "char_interval": {"start_pos": 0, "end_pos": 14}, "alignment_status": "match_exact",
       "attributes": {"role": "president of the conference"}},
      {"extraction_class": "place", "extraction_text": "Paris",
       "char_interval": {"start_pos": 35, "end_pos": 40}, "alignment_status": "match_exact",
       "attributes": {}},
      {"extraction_class": "relationship", "extraction_text": "opened the talks in Paris",
       "char_interval": null, "alignment_status": null,
       "attributes": {"subject": "Laurent Fabius", "object": "Paris", "type": "was in"}}]}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.dates.forms import first_date
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse, normalise_label, normalise_name
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.grouping import BETWEEN_TEXTS, decoded, grouped
from datasette_newsgraph.readers.plain_values import is_number
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.sidecar_fields import words_of
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_RELATION = re.compile(r"\b(?:relation|triple|triplet)(?:s|ship|ships)?\b")
#: Names of the two ends, with what may be added to them: subject, subject_entity, subject_name.
_ENDS = (("subject", "object"), ("head", "tail"))
_ENDS_OF_RELATIONS = (
    *_ENDS,
    ("source", "target"),
    ("from", "to"),
    ("entity1", "entity2"),
    ("entity 1", "entity 2"),
)
_ADDED = ("", " entity", " name", " text")
_PREDICATES = ("type", "predicate", "relation", "relationship", "relation type", "label")


class _Interval(Shape):
    start_pos: int | None = None
    end_pos: int | None = None


class _Extraction(Shape):
    extraction_class: str | None = None
    extraction_text: str | int | float | bool | None = None
    char_interval: _Interval | None = None
    attributes: dict[str, Any] | None = None


class _Document(Shape):
    extractions: list[_Extraction] | None = None
    text: str | None = None
    document_id: str | int | None = None

    @property
    def address(self) -> str | None:
        """The document's id, if that is an address."""
        id_ = self.document_id
        return id_ if isinstance(id_, str) and id_.startswith(("http://", "https://")) else None


class _Head(_Document):
    """A document without its extractions."""

    extractions: Any = None


class _Ends(NamedTuple):
    """The attributes that name the ends of a relation."""

    subject: str
    object: str
    subject_type: str | None
    object_type: str | None


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the documents of each article together, one a line, at the line of the last one."""
    return grouped(source, resume, _article_of)


def _article_of(raw: bytes) -> str | None:
    head = decode(raw, _Head)
    return head.address or head.text


def parse(raw: bytes) -> Parsed:
    """Make the documents of one article, each a line, an article; raises RecordError."""
    documents, faults = decoded(raw, _decode, "document")
    text, begins = _joined([each for _, each in documents])
    reading = _Reading(Building(text))
    reading.building.faults += faults
    relations = []
    for place, extraction in _extractions(documents, begins):
        ends = _ends_of(extraction)
        if ends is None:
            reading.take_entity(place, extraction)
        else:
            relations.append((place, extraction, ends))
    # The ends may be extracted after it.
    for place, extraction, ends in relations:
        reading.take_relation(place, extraction, ends)
    if text is None and not reading.building.entities:
        raise RecordError("no entities in it, and no text")
    parsed = reading.building.finish(
        "LangExtract",
        url=next((each.address for _, each in documents if each.address), None),
        local_ids=dict.fromkeys(each.document_id for _, each in documents if not each.address),
    )
    parsed.notes.unknown_fields.update(reading.unknown)
    return parsed


def _decode(raw: bytes) -> _Document:
    return decode(raw, _Document)


def _joined(documents: list[_Document]) -> tuple[str | None, dict[str, int]]:
    """Return the text of the article, and where each document's begins in it."""
    begins: dict[str, int] = {}
    end = 0
    for each in documents:
        if each.text and each.text not in begins:
            begins[each.text] = end
            end += len(each.text) + len(BETWEEN_TEXTS)
    return BETWEEN_TEXTS.join(begins) if begins else documents[0].text, begins


def _extractions(
    documents: list[tuple[str, _Document]], begins: dict[str, int]
) -> Iterator[tuple[str, _Extraction]]:
    """Yield the extractions with their places, where they are in the article; what a document before
    has said of the same text is passed over.
    """
    #: By extraction the document that had it first.
    said: dict[bytes, int] = {}
    for document_number, (where, document) in enumerate(documents):
        text = document.text or ""
        for number, extraction in enumerate(document.extractions or ()):
            if len(begins) > 1 and text:
                extraction.char_interval = _shifted(
                    extraction.char_interval or _Interval(), begins[text], len(text)
                )
            if len(documents) > 1:
                key = msgspec.json.encode(extraction)
                if said.setdefault(key, document_number) != document_number:
                    continue
            yield f"{where}extractions[{number}]", extraction


def _shifted(span: _Interval, begin: int, length: int) -> _Interval:
    """Return where a span of a text is in the article; anywhere in that text if it is none of it."""
    start, end = span.start_pos, span.end_pos
    if start is None or end is None or not 0 <= start < end <= length:
        start, end = 0, length
    return _Interval(begin + start, begin + end)


class _Reading:
    def __init__(self, building: Building) -> None:
        self.building = building
        self.by_name: dict[str, Entity] = {}
        self.unknown: list[str] = []

    def take_entity(self, place: str, given: _Extraction) -> None:
        """Add an entity with its attributes."""
        words, span = _words(given), given.char_interval or _Interval()
        entity = self.building.mention(
            place, given, given.extraction_class, span.start_pos, span.end_pos, words
        )
        if entity is None:
            return
        if _is_relation(given):
            # Its text is a clause.
            entity.local = True
        self.by_name.setdefault(normalise_name(words), entity)
        evidence = Evidence(start=span.start_pos, end=span.end_pos, text=words)
        for name, value in (given.attributes or {}).items():
            for number, each in enumerate(value if isinstance(value, list) else [value]):
                if each is None or each == "":
                    continue
                if not isinstance(each, (str, int, float, bool)) or not normalise_label(name):
                    reason = f"{place}.attributes[{name!r}][{number}]: is no value with a name"
                    self.building.fault(reason, each)
                    continue
                self.building.relation(entity, name, value=each, evidence=[evidence])

    def take_relation(self, place: str, given: _Extraction, ends: _Ends) -> None:
        """Add a relation between two entities."""
        attributes = {
            normalise_label(name): each for name, each in (given.attributes or {}).items()
        }
        words, span = _words(given), given.char_interval or _Interval()
        known = {ends.subject, ends.object, ends.subject_type, ends.object_type}
        subject = self._end(f"{place}: {ends.subject}", given, attributes, *ends[0::2])
        object_ = self._end(f"{place}: {ends.object}", given, attributes, *ends[1::2])
        if subject is None or object_ is None:
            return
        predicate = next((key for key in _PREDICATES if isinstance(attributes.get(key), str)), None)
        start, end = (words_of(attributes.get(f"{key} date")) for key in ("start", "end"))
        self.building.relation(
            subject,
            attributes[predicate] if predicate else given.extraction_class,
            object_,
            confidence=_confidence(attributes.get("confidence")),
            start_date=first_date(filter(None, [start])),
            end_date=first_date(filter(None, [end])),
            evidence=[Evidence(start=span.start_pos, end=span.end_pos, text=words)]
            if words.strip()
            else [],
        )
        known |= {predicate, "confidence", "start date", "end date"}
        self.unknown += [
            f"extractions[].attributes.{name}" for name in attributes if name not in known
        ]

    def _end(
        self,
        place: str,
        given: _Extraction,
        attributes: dict[str, Any],
        name: str,
        type_: str | None,
    ) -> Entity | None:
        words = str(attributes[name])
        known = self.by_name.get(normalise_name(words))
        if known is None:
            # Somewhere in the words of the relation, if it is known where those are.
            span = given.char_interval or _Interval()
            label = attributes.get(type_) if type_ else None
            known = self.building.mention(
                place,
                given,
                label if isinstance(label, str) else None,
                span.start_pos,
                span.end_pos,
                words,
                name=words,
            )
            if known is not None:
                self.by_name[normalise_name(words)] = known
        return known


def _ends_of(given: _Extraction) -> _Ends | None:
    """Return the names of the attributes that name both ends of a relation, if they do."""
    attributes = {
        normalise_label(name): each for name, each in (given.attributes or {}).items() if name
    }
    if len(attributes) < 2:
        return None
    for pair in _ENDS_OF_RELATIONS if _is_relation(given) else _ENDS:
        for added in _ADDED:
            one, other = pair[0] + added, pair[1] + added
            if _is_name(attributes.get(one)) and _is_name(attributes.get(other)):
                types = (f"{pair[0]} type", f"{pair[1]} type")
                return _Ends(one, other, *(each if each in attributes else None for each in types))
    return None


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(collapse(value))


def _is_relation(given: _Extraction) -> bool:
    return _RELATION.search(normalise_label(given.extraction_class or "")) is not None


def _words(given: _Extraction) -> str:
    return "" if given.extraction_text is None else str(given.extraction_text)


def _confidence(value: Any) -> float | None:
    if isinstance(value, str):
        value = float(value) if is_number(value) else None
    return float(value) if isinstance(value, (int, float)) and 0 <= value <= 1 else None
