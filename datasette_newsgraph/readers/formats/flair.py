"""Read what Flair's ``Sentence.to_dict`` returns: a text with its labelled spans and relations.

- One ``Sentence`` is one article, and may hold the text of a whole article. A file has one a line,
  several in an array, or one alone.
- A span becomes one mention for each of its labels, with the confidence of that label. ``type`` and
  ``confidence`` beside the span (before Flair 0.11) are read as well.
- A label that is a Wikidata id identifies the entity. So does a title of the English Wikipedia that
  Flair's linker gave beside a type (``Angela_Merkel`` beside ``PER``).
- A relation is stated once for each of its labels. Its ends are the spans that have its words, at
  its tokens if these are given.
- Labels of the sentence and of its tokens are left out.
- Spans without a sentence (``Span.to_dict``), alone or in a list, are an article without text.

Offsets: Unicode code points of ``text``, end exclusive. They are checked against the ``text`` of
the span.

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
from datasette_newsgraph.authorities import canonical_identifier, identifier_iri, wikipedia_page
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.bare_lists import documents
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.gliner import require_spans
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_WIKIDATA = re.compile(r"Q[1-9]\d*")
#: The labels of the models that Flair offers: of CoNLL-2003 and of OntoNotes.
_TYPES = frozenset(
    ("PER", "LOC", "ORG", "MISC", "PERSON", "NORP", "FAC", "GPE", "PRODUCT", "EVENT", "WORK_OF_ART",
     "LAW", "LANGUAGE", "DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL")
)  # fmt: skip
_LINKER = re.compile(r"nel|link|entity_?linking", re.IGNORECASE)
_TITLE = re.compile(r"[^\W_]\S*")
#: What the linker says where it knows no title.
_UNKNOWN = "<unk>"


class _Label(Shape):
    value: str | None = None
    confidence: float | None = None
    score: float | None = None
    #: The layer, where it is told.
    type: str | None = None
    typename: str | None = None


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
    require_spans(building, sentence.entities)
    return building.finish("Flair")


def _labels(given: _Span | _Relation) -> list[_Label]:
    return [each if isinstance(each, _Label) else _Label(each) for each in given.labels or ()]


def _add_span(building: Building, place: str, span: _Span, ends: _Ends) -> None:
    labels = _labels(span) or [_Label(span.type, span.confidence)]
    types, same_as = _told_apart(labels, span.text or "")
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
            same_as=same_as,
        )
        if entity is None:
            return
        ends.setdefault((span.text, span.start_pos), entity)
        ends.setdefault((span.text, None), entity)


def _told_apart(labels: list[_Label], words: str) -> tuple[list[_Label], list[str]]:
    """Return the labels that are types, and what the others say that the entity is."""
    has_type = any(each.value in _TYPES for each in labels)
    types: list[_Label] = []
    same_as: list[str] = []
    for label in labels:
        value = label.value or ""
        is_link = _LINKER.fullmatch(label.type or label.typename or "") is not None
        if _WIKIDATA.fullmatch(value):
            same_as.append(identifier_iri("Wikidata", value))
        elif value == _UNKNOWN and (is_link or has_type):
            continue
        elif is_link or (has_type and value not in _TYPES and _is_title_of(value, words)):
            found = canonical_identifier(wikipedia_page(value))
            same_as += [found[1]] if found and value else []
        else:
            types.append(label)
    return types, same_as


def _is_title_of(title: str, words: str) -> bool:
    """Tell whether a label must be the title of an article about what the words name: it has one of
    them, or its initials are the words.
    """
    parts = [each for each in re.split(r"[\W_]+", title) if each]
    if not _TITLE.fullmatch(title) or not parts or title.isupper() or not title[0].isupper():
        return False
    if len(parts) == 1:
        return title.casefold() == words.strip().casefold()
    names = {each.casefold() for each in re.split(r"[\W_]+", words) if len(each) > 2}
    initials = "".join(each[0] for each in parts if each[0].isupper())
    shares = not names.isdisjoint(each.casefold() for each in parts)
    return shares or (len(initials) > 1 and initials == words.replace(".", "").strip())


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
