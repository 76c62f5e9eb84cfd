"""Read spaCy's ``Doc.to_json``: entities, span groups, and relations in custom attributes.

Every entity becomes a mention, and so does every labelled span of a span group, unless an entity has
its place and label already (then only its ``kb_id`` is taken: ``to_json`` drops that of entities).
Spans without a label are passed over; of the groups of spaCy's coreference component (``coref…``) the
entities of one group that are named differently are related as "possibly same as". A ``kb_id`` that is
a Wikidata id or an IRI is what the entity is the same as.

Relations are read from ``_.rel``, scores by label for pairs of first tokens, ``{"(0, 5)": {"founded":
0.9}}``, of which those of 0.5 and more are taken, and from ``_.relations``, where GLiREL's component
puts them. ``title``, ``url``, ``published`` and ``language`` among the custom attributes are the
article's. What displaCy takes, and entities written with ``start_char``, ``end_char`` and ``label_``,
are read as well.

Offsets: Unicode code points, end exclusive; ``start_char`` and ``end_char`` are preferred, as ``start``
beside them counts tokens. ``to_json`` does not say what the text reads there, so they cannot be
checked. Relations count tokens, by the places of ``tokens``.

Example::

    {"text": "Jacinda Ardern met Emmanuel Macron in Paris.",
     "ents": [{"start": 0, "end": 14, "label": "PERSON"}, {"start": 19, "end": 34, "label": "PERSON"},
              {"start": 38, "end": 43, "label": "GPE"}],
     "spans": {"linked": [{"start": 38, "end": 43, "label": "GPE", "kb_id": "Q90"}]},
     "tokens": [{"id": 0, "start": 0, "end": 7}, {"id": 1, "start": 8, "end": 14},
                {"id": 2, "start": 15, "end": 18}, {"id": 3, "start": 19, "end": 27},
                {"id": 4, "start": 28, "end": 34}, {"id": 5, "start": 35, "end": 37},
                {"id": 6, "start": 38, "end": 43}, {"id": 7, "start": 43, "end": 44}],
     "_": {"rel": {"(0, 3)": {"met": 0.94, "married to": 0.01}}}}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from datasette_newsgraph.article import Entity
from datasette_newsgraph.authorities import identifier_iri
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.about import about_article
from datasette_newsgraph.readers.bare_lists import require_content
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.coreference import relate_chain
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.shapes import Shape, decode

__all__ = ["entries", "parse"]

#: The score from which the relation component of spaCy's projects takes a label as stated.
_THRESHOLD = 0.5
_PAIR = re.compile(r"\D*(\d{1,9})\D+(\d{1,9})\D*")
_WIKIDATA = re.compile(r"Q[1-9]\d*")
_IRI = re.compile(r"(?:https?://|urn:)\S+", re.IGNORECASE)
_CHAINS = "coref"


class _Span(Shape):
    start: int | None = None
    end: int | None = None
    start_char: int | None = None
    end_char: int | None = None
    label: str | int | None = None
    label_: str | None = None
    text: str | None = None
    kb_id: str | int | None = None
    kb_id_: str | None = None
    kb_url: str | None = None

    @property
    def place(self) -> tuple[int | None, int | None]:
        """First character and the one behind."""
        if self.start_char is not None and self.end_char is not None:
            return self.start_char, self.end_char
        return self.start, self.end

    @property
    def type(self) -> str | None:
        """The label as a word, not as a hash of spaCy's."""
        return self.label_ or (self.label if isinstance(self.label, str) else None) or None

    @property
    def same_as(self) -> tuple[str, ...]:
        """The IRI that the entity is linked to, if any."""
        for given in (self.kb_id_, self.kb_id, self.kb_url):
            if isinstance(given, str) and _WIKIDATA.fullmatch(given.strip()):
                return (identifier_iri("Wikidata", given),)
            if isinstance(given, str) and _IRI.fullmatch(given.strip()):
                return (given.strip(),)
        return ()


class _Token(Shape):
    start: int | None = None
    end: int | None = None


class _Doc(Shape, rename={"custom": "_"}):
    text: str | None = None
    title: str | None = None
    ents: list[_Span] | None = None
    entities: list[_Span] | None = None
    spans: dict[str, list[_Span] | None] | list[_Span] | None = None
    tokens: list[_Token | str] | None = None
    custom: Any = None


class _GlirelRelation(Shape):
    head_pos: list[int] | None = None
    tail_pos: list[int] | None = None
    label: str | None = None
    score: float | None = None


def parse(raw: bytes) -> Parsed:
    """Make one Doc an article."""
    doc = decode(raw, _Doc)
    groups = doc.spans if isinstance(doc.spans, dict) else {"spans": doc.spans}
    reading = _Reading(doc)
    reading.add_all(doc, groups)
    for name, spans in groups.items():
        if name.startswith(_CHAINS):
            reading.add_chain(spans or [])
    custom = doc.custom if isinstance(doc.custom, dict) else {}
    reading.add_scored(custom.get("rel"))
    reading.add_glirel(custom.get("relations"))
    require_content(reading.building)
    about: dict[str, Any] = about_article({**custom, "title": custom.get("title") or doc.title})
    return reading.building.finish("spaCy", **about)


class _Reading:
    """What has been read of one Doc: its entities by their places."""

    def __init__(self, doc: _Doc) -> None:
        self.building = Building(doc.text)
        #: Where each token begins.
        self.tokens = [None if isinstance(each, str) else each.start for each in doc.tokens or ()]
        self.at: dict[tuple[int | None, int | None], Entity] = {}
        #: The first entity of those that begin at a character.
        self.from_start: dict[int | None, Entity] = {}

    def add_all(self, doc: _Doc, groups: dict[str, Any]) -> None:
        """Add entities and labelled spans; those of one place and label once."""
        listed = [(f"ents[{n}]", each) for n, each in enumerate(doc.ents or ())]
        listed += [(f"entities[{n}]", each) for n, each in enumerate(doc.entities or ())]
        grouped = [
            (f"spans.{name}[{n}]", each)
            for name, spans in groups.items()
            if not name.startswith(_CHAINS)
            for n, each in enumerate(spans or ())
            if each.type
        ]
        links = {(each.place, each.type): each.same_as for _, each in grouped if each.same_as}
        seen = set()
        for place, span in listed + grouped:
            key = (span.place, span.type)
            if key in seen:
                continue
            if span.place != (None, None):
                seen.add(key)
            same_as = span.same_as or links.get(key, ())
            start, end = span.place
            entity = self.building.mention(
                place, span, span.type, start, end, span.text, same_as=same_as
            )
            if entity is not None:
                self.at.setdefault(span.place, entity)
                self.from_start.setdefault(span.place[0], entity)

    def add_chain(self, spans: list[_Span]) -> None:
        """Relate the entities of a coreference chain."""
        found = [self.at[each.place] for each in spans if each.place in self.at]
        relate_chain(self.building, found)

    def add_scored(self, pairs: Any) -> None:
        """Add relations from scores by label: by pairs of first tokens."""
        if not isinstance(pairs, dict):
            return
        for pair, scores in pairs.items():
            numbers = _PAIR.fullmatch(pair)
            if numbers is None or not isinstance(scores, dict):
                self.building.fault(f"_.rel[{pair}]: is no pair of tokens with scores", scores)
                continue
            for label, score in _stated(scores):
                ends = self._ends(f"_.rel[{pair}]", scores, int(numbers[1]), int(numbers[2]))
                if ends is None:
                    break
                self.building.relation(ends[0], label, ends[1], confidence=score)

    def add_glirel(self, relations: Any) -> None:
        """Add the relations of GLiREL's component."""
        if not isinstance(relations, list):
            return
        for number, given in enumerate(relations):
            place = f"_.relations[{number}]"
            try:
                relation = msgspec.convert(given, _GlirelRelation)
            except msgspec.ValidationError as error:
                self.building.fault(f"{place}: {error}", given)
                continue
            if not relation.head_pos or not relation.tail_pos:
                self.building.fault(f"{place}: has no head_pos and tail_pos", given)
                continue
            ends = self._ends(place, given, relation.head_pos[0], relation.tail_pos[0])
            if ends is not None:
                self.building.relation(ends[0], relation.label, ends[1], confidence=relation.score)

    def _ends(self, place: str, part: Any, *tokens: int) -> tuple[Entity, Entity] | None:
        found = []
        for token in tokens:
            start = self.tokens[token] if 0 <= token < len(self.tokens) else None
            entity = None if start is None else self.from_start.get(start)
            if entity is None:
                self.building.fault(f"{place}: no entity begins at token {token}", part)
                return None
            found.append(entity)
        return found[0], found[1]


def _stated(scores: dict[str, Any]) -> Iterator[tuple[str, float | None]]:
    """Yield the labels that are stated: by their scores, or by name (``{"relation": "founded"}``)."""
    if isinstance(scores.get("relation"), str):
        yield scores["relation"], None
        return
    for label, score in scores.items():
        if isinstance(score, (int, float)) and score >= _THRESHOLD:
            yield label, float(min(score, 1))
