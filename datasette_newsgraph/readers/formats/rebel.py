"""Read the corpus of REBEL, what REBEL and mREBEL generate, and corpora of the same form (T-REx).

In the corpus:

- Each of ``entities`` is a mention. Those of one Wikidata item are one entity, which that item
  identifies. The corpus does not give its type.
- A ``uri`` that is a date or an amount makes a ``Date`` or a ``Quantity``. Its name is the surface,
  and the date or number is its normalised value.
- A predicate that is a property which newsgraph knows is given by its id (``P123``), any other by
  its words.
- ``sentences_boundaries``, where a corpus has them, give the evidence. The number of a sentence
  alone does not say where it is.
- What T-REx found by coreference ("it") is a mention, but no name.

A list of generated triplets (``head``, ``type``, ``tail``) is one document. It may stand in an
object with the ``text``. mREBEL gives types, too (``head_type``, ``tail_type``).

Offsets: ``boundaries`` are code points of ``text``, end exclusive. Generated triplets have none:
their names are looked for in the text. ``spans`` of tokens in their ``meta`` are not read.

Example::

    {"docid": "20230", "title": "Mont Blanc Tunnel", "uri": "Q754962",
     "text": "The Mont Blanc Tunnel links France and Italy. It was opened in 1965.",
     "entities": [
       {"uri": "Q754962", "boundaries": [4, 21], "surfaceform": "Mont Blanc Tunnel", "annotator": "Me"},
       {"uri": "Q142", "boundaries": [28, 34], "surfaceform": "France", "annotator": "Me"}],
     "triples": [
       {"subject": {"uri": "Q754962", "boundaries": [4, 21], "surfaceform": "Mont Blanc Tunnel"},
        "predicate": {"uri": "P17", "boundaries": null, "surfaceform": "country"},
        "object": {"uri": "Q142", "boundaries": [28, 34], "surfaceform": "France"},
        "sentence_id": 0, "confidence": null}]}
"""

from __future__ import annotations

import re

from msgspec import field

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.authorities import identifier_iri
from datasette_newsgraph.dates.forms import read_day
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import lists as entries
from datasette_newsgraph.readers.plain_values import is_number
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.wikidata_properties import KNOWN

__all__ = ["entries", "parse"]

_ID = re.compile(r"(?:https?://www\.wikidata\.org/\S+/)?([QP][1-9]\d*)")
_LITERAL = re.compile(r'"?(?P<value>[^"^]*)"?\^\^<?\S*?(?P<type>\w+)>?')
_NUMBERS = re.compile(r"\d+")


class _Span(Shape):
    uri: str | None = None
    boundaries: list[int] | None = None
    surfaceform: str | None = None
    annotator: str | None = None

    @property
    def is_coreference(self) -> bool:
        """T-REx has pronouns for mentions."""
        return "coref" in (self.annotator or "").lower()


class _Triple(Shape):
    """A triple of the corpus, or a generated one."""

    subject: _Span | None = None
    predicate: _Span | None = None
    object: _Span | None = None
    sentence_id: int | None = None
    confidence: float | None = None
    head: str | None = None
    type: str | None = None
    tail: str | None = None
    head_type: str | None = None
    tail_type: str | None = None
    text: str | None = None


class _Document(_Triple):
    """A document, or a generated triplet that stands alone."""

    docid: str | int | None = None
    title: str | None = None
    entities: list[_Span] | None = None
    triples: list[_Triple] | None = None
    triplets: list[_Triple] | None = None
    sentences_boundaries: list[list[int]] = field(default_factory=list)

    @property
    def is_triplet(self) -> bool:
        return self.head is not None or self.tail is not None


#: For the type checker a union is no type.
_Either: type[list[_Triple] | _Document] = list[_Triple] | _Document  # type: ignore[assignment]


def parse(raw: bytes) -> Parsed:
    """Return the document of one record; raises RecordError."""
    given = decode(raw, _Either)
    document = _of_list(given) if isinstance(given, list) else given
    parts = (document.entities, document.triples, document.triplets)
    if all(each is None for each in parts) and not document.is_triplet:
        raise RecordError("no triples and no entities in it")
    return _Reading(document).parsed()


def _of_list(triples: list[_Triple]) -> _Document:
    texts = {each.text for each in triples if each.text}
    return _Document(triplets=triples, text=texts.pop() if len(texts) == 1 else None)


class _Reading:
    """The reading of one document."""

    def __init__(self, document: _Document) -> None:
        self._document = document
        self._building = Building(document.text)
        #: Mentions that are there: the ends of triples stand in ``entities`` as well.
        self._mentioned: dict[tuple[str | None, str | None, int | None, int | None], Entity] = {}
        self._items: dict[str, Entity] = {}

    def parsed(self) -> Parsed:
        document = self._document
        spans = list(enumerate(document.entities or ()))
        # Names first, so that a pronoun never names what has one.
        for number, span in sorted(spans, key=lambda numbered: numbered[1].is_coreference):
            self._entity(f"entities[{number}]", span)
        for key in ("triples", "triplets"):
            for number, triple in enumerate(getattr(document, key) or ()):
                self._triple(f"{key}[{number}]", triple)
        if document.is_triplet:
            self._triple("triplet", document)
        return self._building.finish(
            "REBEL", title=document.title or None, local_ids=(document.docid,)
        )

    def _triple(self, place: str, triple: _Triple) -> None:
        if triple.head is not None or triple.tail is not None:
            subject = self._generated(f"{place}.head", triple.head, triple.head_type, triple)
            object_ = self._generated(f"{place}.tail", triple.tail, triple.tail_type, triple)
            predicate = triple.type
        else:
            subject = self._end(f"{place}.subject", triple.subject, triple)
            object_ = self._end(f"{place}.object", triple.object, triple)
            predicate = _predicate(triple.predicate)
        if subject is not None and object_ is not None:
            self._building.relation(
                subject,
                predicate,
                object_,
                confidence=triple.confidence,
                evidence=self._evidence(triple.sentence_id),
            )

    def _generated(
        self, place: str, name: str | None, label: str | None, triple: _Triple
    ) -> Entity | None:
        """Return an end of a generated triplet, which has its name only; it is one mention."""
        if name is None or not name.strip():
            self._building.fault(f"{place}: has no words", triple)
            return None
        key = (label, name, None, None)
        known = self._mentioned.get(key)
        if known is None:
            label = label.strip("<> ") if label else None
            known = self._building.mention(place, triple, label, None, None, name)
            if known is not None:
                self._mentioned[key] = known
        return known

    def _end(self, place: str, span: _Span | None, triple: _Triple) -> Entity | None:
        if span is None:
            self._building.fault(f"{place}: is not there", triple)
            return None
        return self._entity(place, span)

    def _entity(self, place: str, span: _Span) -> Entity | None:
        bounds = span.boundaries or []
        start, end = bounds if len(bounds) == 2 else (None, None)
        key = (span.uri, span.surfaceform, start, end)
        known = self._mentioned.get(key)
        if known is None:
            known = self._mention(place, span, start, end)
            if known is not None:
                self._mentioned[key] = known
        return known

    def _mention(
        self, place: str, span: _Span, start: int | None, end: int | None
    ) -> Entity | None:
        uri, surface = (span.uri or "").strip(), span.surfaceform
        item = _ID.fullmatch(uri)
        label, value, datatype = (None, None, None) if item else _literal(uri, surface or "")
        named = self._items.get(item[1]) if item and span.is_coreference else None
        entity = self._building.mention(
            place,
            span,
            label,
            start,
            end,
            surface,
            name=named.name if named else None,
            id=item[1] if item else None,
            same_as=[identifier_iri("Wikidata", item[1])] if item else (),
        )
        if entity is not None and item is not None:
            self._items[item[1]] = entity
        if entity is not None and value is not None:
            self._building.value(entity, value, datatype)
        return entity

    def _evidence(self, sentence: int | None) -> list[Evidence]:
        sentences = self._document.sentences_boundaries
        if sentence is None or not 0 <= sentence < len(sentences) or len(sentences[sentence]) != 2:
            return []
        start, end = sentences[sentence]
        return [Evidence(start=start, end=end)]


def _predicate(given: _Span | None) -> str | None:
    """Return a property's id where it is a known one, else its words."""
    if given is None:
        return None
    found = _ID.fullmatch((given.uri or "").strip())
    if found and (found[1] in KNOWN or not given.surfaceform):
        return found[1]
    return given.surfaceform or given.uri


def _literal(uri: str, surface: str) -> tuple[str | None, str | None, str | None]:
    """Return the type, value and datatype of a URI that is a literal: `1965-07-16T00:00:00Z^^…`."""
    found = _LITERAL.fullmatch(uri[:200])
    if found is None:
        return None, None, None
    value, type_ = found["value"].strip(), found["type"].lower()
    if type_.startswith(("date", "gyear")):
        return "Date", _as_precise(read_day(value.lstrip("+")), surface), "date"
    if is_number(value):
        return "Quantity", value, "number"
    return "Thing", value or None, "string"


def _as_precise(date: str | None, surface: str) -> str | None:
    """Return a date no more precise than its words: Wikidata has the first of January for 1965."""
    if date is None or len(date) < 10:
        return date
    year, month, day = date.split("-")
    if _NUMBERS.findall(surface) == [year] and day == "01":
        return year if month == "01" and surface.strip().isdigit() else f"{year}-{month}"
    return date
