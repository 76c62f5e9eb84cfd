"""Read DocRED, Re-DocRED and data in the same form: documents with clustered mentions.

- Each cluster of ``vertexSet`` is one entity with its mentions. Its name is the one that most
  mentions have, or a longer one that contains it: a surname alone would be the same entity as
  everybody else of that surname. Its other names are aliases. Its type is that of most mentions.
- ``labels`` are relations, under their Wikidata property (``P17``). Each sentence of ``evidence``
  is one piece of evidence. Distantly supervised data has no evidence, and test data has no
  ``labels``.
- The text is the tokens, joined by blanks. The title is that of the article; rows of the articles
  file are joined by it.

Offsets: ``pos`` counts tokens of the sentence ``sent_id``, from 0, end exclusive. ``name`` is the
words of the mention; it may be spaced otherwise than the tokens (``55%`` for ``55 %``).

Example::

    [{"title": "Treaty of Lisbon",
      "sents": [["The", "Treaty", "of", "Lisbon", "was", "signed", "in", "Lisbon", "."],
                ["The", "treaty", "changed", "how", "the", "European", "Union", "works", "."]],
      "vertexSet": [
        [{"name": "Treaty of Lisbon", "type": "MISC", "sent_id": 0, "pos": [1, 4]}],
        [{"name": "Lisbon", "type": "LOC", "sent_id": 0, "pos": [7, 8]}],
        [{"name": "European Union", "type": "ORG", "sent_id": 1, "pos": [5, 7]}]],
      "labels": [{"h": 0, "t": 1, "r": "P276", "evidence": [0]},
                 {"h": 0, "t": 2, "r": "P1001", "evidence": [0, 1]}]}]
"""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest

from msgspec import field

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.chains import fullest
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.tokens import JoinedText, TokenSpan

__all__ = ["entries", "parse"]


class _Mention(Shape):
    name: str | None = None
    type: str | None = None
    sent_id: int | None = None
    pos: list[int] = field(default_factory=list)


class _Label(Shape):
    h: int | None = None
    t: int | None = None
    r: str | None = None
    evidence: list[int] | None = None


class _Columns(Shape):
    """The labels as the Hugging Face data set has them: a list for each field."""

    head: list[int] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)
    relation_id: list[str] = field(default_factory=list)
    evidence: list[list[int]] = field(default_factory=list)


class _Document(Shape):
    title: str | None = None
    sents: list[list[str]] | None = None
    vertexSet: list[list[_Mention]] | None = None  # noqa: N815 - the format's name
    labels: list[_Label] | _Columns | None = None


def parse(raw: bytes) -> Parsed:
    """Make one document an article. Raises RecordError if it has neither sentences nor entities."""
    document = decode(raw, _Document)
    if not document.sents and not document.vertexSet:
        raise RecordError("no entities in it, and no sents: not a document of DocRED")
    joined = JoinedText(document.sents or [])
    building = Building(joined.text)
    entities = [
        _entity(building, joined, number, cluster)
        for number, cluster in enumerate(document.vertexSet or [])
    ]
    sentences = _sentences(joined)
    for number, label in enumerate(_labels(document)):
        _relation(building, sentences, entities, number, label)
    parsed = building.finish("DocRED", title=document.title, local_ids=(document.title,))
    parsed.is_joined = True
    return parsed


def _labels(document: _Document) -> list[_Label]:
    labels = document.labels
    if not isinstance(labels, _Columns):
        return labels or []
    columns = (labels.head, labels.tail, labels.relation_id, labels.evidence)
    return [_Label(*row) for row in zip_longest(*columns)]


def _sentences(joined: JoinedText) -> list[TokenSpan | None]:
    # Cut once: thousands of relations may be stated in one long sentence.
    return [joined.sentence(number) for number in range(len(joined.first_tokens) - 1)]


def _entity(
    building: Building, joined: JoinedText, number: int, cluster: list[_Mention]
) -> Entity | None:
    names = Counter(name for each in cluster if (name := collapse(each.name or "")))
    if not names:
        building.fault(f"vertexSet[{number}]: no mention of it has a name", cluster)
        return None
    types = Counter(each.type for each in cluster if each.type)
    label = types.most_common(1)[0][0] if types else None
    name = fullest(names)
    entity = building.entity(label, name, id=str(number))
    entity.aliases = [each for each in names if each != name]
    for place, each in enumerate(cluster):
        span = _span(joined, each)
        if span is None:
            reason = f"pos {each.pos} is no span of sentence {each.sent_id}"
            building.fault(f"vertexSet[{number}][{place}]: {reason}", each)
        else:
            surface = each.name or None
            building.mention(
                f"vertexSet[{number}][{place}]",
                each,
                label,
                *span,
                surface,
                name=name,
                id=str(number),
            )
    return entity


def _span(joined: JoinedText, mention: _Mention) -> tuple[int, int] | None:
    if len(mention.pos) != 2 or mention.sent_id is None:
        return None
    start, end = mention.pos
    span = joined.span(start, end, mention.sent_id)
    return None if span is None else (span.start, span.end)


def _relation(
    building: Building,
    sentences: list[TokenSpan | None],
    entities: list[Entity | None],
    number: int,
    label: _Label,
) -> None:
    ends: list[Entity] = []
    for key, place in (("h", label.h), ("t", label.t)):
        entity = entities[place] if place is not None and 0 <= place < len(entities) else None
        if entity is None:
            building.fault(f"labels[{number}]: {key} {place} is no entity of vertexSet", label)
            return
        ends.append(entity)
    evidence: list[Evidence] = []
    for sentence in dict.fromkeys(label.evidence or ()):
        span = sentences[sentence] if 0 <= sentence < len(sentences) else None
        if span is None:
            building.fault(f"labels[{number}]: evidence {sentence} is no sentence", label)
        else:
            evidence.append(Evidence(start=span.start, end=span.end, text=span.surface))
    building.relation(ends[0], label.r, ends[1], evidence=evidence)
