"""Read what Flair's ``Sentence.to_dict`` returns: a text with its labelled spans and relations.

One ``Sentence``, which may hold a whole article, is one article: one a line, in an array, or alone. A
span becomes one mention for each of its labels, the label's confidence is the mention's; a label that
is a Wikidata id is taken as what the entity is the same as. ``type`` and ``confidence`` beside the span
(before Flair 0.11) will do as well. A relation is stated for each of its labels; its ends are the
spans of its words, at its tokens if these are given. Labels of the sentence and of its tokens are
passed over. Spans without a sentence, ``Span.to_dict``, alone or in a list, are an article without
text.

Offsets: Unicode code points of ``text``, end exclusive. ``text`` of a span is checked against them.

Example::

    {"text": "Ellen Johnson Sirleaf was sworn in at Monrovia.", "labels": [],
     "entities": [{"text": "Ellen Johnson Sirleaf", "start_pos": 0, "end_pos": 21,
                   "labels": [{"value": "PER", "confidence": 0.999}]},
                  {"text": "Monrovia", "start_pos": 38, "end_pos": 46,
                   "labels": [{"value": "LOC", "confidence": 0.998}]}],
     "relations": [{"from_text": "Ellen Johnson Sirleaf", "to_text": "Monrovia",
                    "from_idx": 0, "to_idx": 7,
                    "labels": [{"value": "sworn in at", "confidence": 0.83}]}]}
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_newsgraph.article import Entity
from datasette_newsgraph.authorities import identifier_iri
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.bare_lists import documents, require_content
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_WIKIDATA = re.compile(r"Q[1-9]\d*")


class _Label(Shape):
    value: str | None = None
    confidence: float | None = None
    score: float | None = None


class _Span(Shape):
    text: str | None = None
    start_pos: int | None = None
    end_pos: int | None = None
    labels: list[_Label | str] | None = None
    type: str | None = None
    confidence: float | None = None


class _Token(Shape):
    start_pos: int | None = None


class _Relation(Shape):
    from_text: str | None = None
    to_text: str | None = None
    from_idx: int | None = None
    to_idx: int | None = None
    labels: list[_Label | str] | None = None


class _Sentence(_Span):
    entities: list[_Span] | None = None
    relations: list[_Relation] | None = None
    tokens: list[_Token] | None = None


#: The first entity of the words at a place, and (None) of the words anywhere.
_Ends = dict[tuple[str | None, int | None], Entity]


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the sentences, or a list of spans."""
    return documents(source, resume, frozenset({"entities", "tokens", "all labels"}))


def parse(raw: bytes) -> Parsed:
    """Make one sentence an article."""
    given = decode(raw, _Sentence | list[_Span])  # type: ignore[arg-type]
    if isinstance(given, list):
        sentence = _Sentence(entities=given)
    elif given.start_pos is not None and given.entities is None:
        sentence = _Sentence(entities=[given])
    else:
        sentence = given
    building = Building(sentence.text)
    ends: _Ends = {}
    for number, span in enumerate(sentence.entities or ()):
        _add_span(building, f"entities[{number}]", span, ends)
    tokens = sentence.tokens or []
    for number, relation in enumerate(sentence.relations or ()):
        _add_relation(building, f"relations[{number}]", relation, tokens, ends)
    require_content(building)
    return building.finish("Flair")


def _labels(given: _Span | _Relation) -> list[_Label]:
    return [each if isinstance(each, _Label) else _Label(each) for each in given.labels or ()]


def _add_span(building: Building, place: str, span: _Span, ends: _Ends) -> None:
    labels = _labels(span) or [_Label(span.type, span.confidence)]
    identifiers = [each.value for each in labels if each.value and _WIKIDATA.fullmatch(each.value)]
    types = [each for each in labels if each.value not in identifiers]
    for label in types or [_Label()]:
        confidence = label.score if label.confidence is None else label.confidence
        entity = building.mention(
            place,
            span,
            label.value,
            span.start_pos,
            span.end_pos,
            span.text,
            confidence=confidence,
            same_as=[identifier_iri("Wikidata", each) for each in identifiers],
        )
        if entity is None:
            return
        ends.setdefault((span.text, span.start_pos), entity)
        ends.setdefault((span.text, None), entity)


def _add_relation(
    building: Building, place: str, relation: _Relation, tokens: list[_Token], ends: _Ends
) -> None:
    found: list[Entity] = []
    for role, words, index in (
        ("from", relation.from_text, relation.from_idx),
        ("to", relation.to_text, relation.to_idx),
    ):
        start = None
        if index is not None and 0 <= index < len(tokens):
            start = tokens[index].start_pos
        entity = ends.get((words, start)) or ends.get((words, None))
        if entity is None:
            building.fault(f"{place}: {role}_text {words!r} is no span of this sentence", relation)
            return
        found.append(entity)
    for label in _labels(relation) or [_Label()]:
        confidence = label.score if label.confidence is None else label.confidence
        building.relation(found[0], label.value, found[1], confidence=confidence)
