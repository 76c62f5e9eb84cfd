"""Read the JSON of spaCy's ``Doc.to_json``, what people write of its entities, and its training pairs.

- Every entity becomes a mention. So does every labelled span of a span group, unless an entity has
  its place and label already; then only the ``kb_id`` of the span is taken, because ``to_json``
  leaves out that of entities. Spans without a label are left out.
- A ``kb_id`` that is a Wikidata id or an IRI identifies the entity.
- The groups ``coref…`` are those of spaCy's coreference component. Entities of one group that have
  different names are related as "possibly same as".
- Relations are read from two custom attributes. ``_.rel`` has scores by label for pairs of first
  tokens, ``{"(0, 5)": {"founded": 0.9}}``; those of 0.5 and more are taken. ``_.relations`` is
  where GLiREL's component puts its relations.
- The custom attributes ``title``, ``url``, ``published`` and ``language`` describe the article.

These are read as well:

- the input of displaCy;
- entities written with ``start_char``, ``end_char`` and ``label_``;
- entities written as lists: ``["Paris", 38, 43, "GPE"]``, ``[38, 43, "GPE"]`` (a ``kb_id`` may
  follow) and ``["Paris", "GPE"]``;
- training pairs, ``["Ardern met …", {"entities": [[0, 6, "PERSON"]]}]``. Each is an article. Of its
  ``links`` those of 0.5 and more are taken; its other parts are left out.

Offsets: Unicode code points, end exclusive. ``start_char`` and ``end_char`` are preferred, because
``start`` beside them counts tokens. ``to_json`` does not give the words of a span, so its offsets
cannot be checked. Relations count tokens, by the places of ``tokens``.

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
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from datasette_newsgraph.article import Entity
from datasette_newsgraph.authorities import stated_iri
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.bare_lists import require_content
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.shapes import Shape, decode

__all__ = ["entries", "parse"]

#: The score from which the relation component of spaCy's projects takes a label as stated.
_THRESHOLD = 0.5
_PAIR = re.compile(r"\D*(\d{1,9})\D+(\d{1,9})\D*")
_CHAINS = "coref"

_Offsets = tuple[int | None, int | None]


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
    def place(self) -> _Offsets:
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
            if isinstance(given, str) and (iri := stated_iri(given)):
                return (iri,)
        return ()


class _Token(Shape):
    start: int | None = None
    end: int | None = None


class _Doc(Shape, rename={"custom": "_"}):
    text: str | None = None
    title: str | None = None
    ents: list[_Span | list[Any]] | None = None
    entities: list[_Span | list[Any]] | None = None
    spans: dict[str, list[_Span] | None] | list[_Span] | None = None
    tokens: list[_Token | str] | None = None
    custom: Any = None


class _Annotations(Shape):
    """The second part of a training pair."""

    entities: list[_Span | list[Any]] | None = None
    links: Any = None


class _GlirelRelation(Shape):
    head_pos: list[int] | None = None
    tail_pos: list[int] | None = None
    label: str | None = None
    score: float | None = None


def parse(raw: bytes) -> Parsed:
    """Make one Doc, or one training pair, an article."""
    links: dict[_Offsets, str] = {}
    if raw.lstrip().startswith(b"["):
        doc, links = _of_pair(decode(raw, list[Any]))
    else:
        doc = decode(raw, _Doc)
    groups = doc.spans if isinstance(doc.spans, dict) else {"spans": doc.spans}
    reading = _Reading(doc)
    reading.add_all(doc, groups, links)
    for name, spans in groups.items():
        if name.startswith(_CHAINS):
            reading.add_chain(spans or [])
    custom = doc.custom if isinstance(doc.custom, dict) else {}
    reading.add_scored(custom.get("rel"))
    reading.add_glirel(custom.get("relations"))
    require_content(reading.building)
    about: dict[str, Any] = about_article({**custom, "title": custom.get("title") or doc.title})
    return reading.building.finish("spaCy", **about)


def _of_pair(pair: list[Any]) -> tuple[_Doc, dict[_Offsets, str]]:
    """Return the text and entities of a training pair, and to what places are linked."""
    text, given = (*pair, None, None)[:2]
    if not isinstance(text, str) or not isinstance(given, dict):
        raise RecordError("not of this format: neither a Doc nor a pair of a text and its entities")
    try:
        annotations = msgspec.convert(given, _Annotations, strict=False)
    except msgspec.ValidationError as error:
        raise RecordError(f"not of this format: {error} of the pair") from error
    links: dict[_Offsets, str] = {}
    for place, scores in annotations.links.items() if isinstance(annotations.links, dict) else ():
        # As a tuple becomes words: "(38, 43)".
        numbers = _PAIR.fullmatch(place)
        stated = [*_stated(scores)] if numbers and isinstance(scores, dict) else []
        if numbers and stated:
            links[int(numbers[1]), int(numbers[2])] = stated[0][0]
    return _Doc(text=text, entities=annotations.entities), links


def _of_list(given: list[Any]) -> _Span | None:
    """Return a span that is written as ``(text, start, end, label)`` or ``(start, end, label)``, an id
    behind it, or as ``(text, label)``; None if it is none of these.
    """
    offsets = [number for number, each in enumerate(given) if type(each) is int]
    words = [each if isinstance(each, str) else None for each in given]
    if not offsets and len(given) == 2 and all(words):
        return _Span(text=words[0], label=words[1])
    if len(offsets) < 2 or offsets[1] != offsets[0] + 1 or offsets[0] > 1:
        return None
    surface = words[0] if offsets[0] else None
    label, kb_id, *_ = (*words[offsets[1] + 1 :], None, None)
    if not label or (offsets[0] and not surface):
        return None
    return _Span(given[offsets[0]], given[offsets[1]], text=surface, label=label, kb_id=kb_id)


class _Reading:
    """What has been read of one Doc: its entities by their places."""

    def __init__(self, doc: _Doc) -> None:
        self.building = Building(doc.text)
        #: Where each token begins.
        self.tokens = [None if isinstance(each, str) else each.start for each in doc.tokens or ()]
        self.at: dict[_Offsets, Entity] = {}
        #: The first entity of those that begin at a character.
        self.from_start: dict[int | None, Entity] = {}

    def add_all(
        self,
        doc: _Doc,
        groups: dict[str, Any],
        linked: Mapping[_Offsets, str],
    ) -> None:
        """Add entities and labelled spans; those of one place and label once."""
        listed = [*self._listed("ents", doc.ents), *self._listed("entities", doc.entities)]
        for _, each in listed:
            each.kb_id = each.kb_id or linked.get(each.place)
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

    def _listed(
        self, name: str, given: list[_Span | list[Any]] | None
    ) -> Iterator[tuple[str, _Span]]:
        """Yield entities with their places in the file."""
        for number, each in enumerate(given or ()):
            span = _of_list(each) if isinstance(each, list) else each
            if span is not None:
                yield f"{name}[{number}]", span
            else:
                reason = "expected [start, end, label] or [text, start, end, label]"
                self.building.fault(f"{name}[{number}]: {reason}", each)

    def add_chain(self, spans: list[_Span]) -> None:
        """Relate the entities of a coreference chain."""
        found = [self.at[each.place] for each in spans if each.place in self.at]
        self.building.relate_chain(found)

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
