"""Read NYT as CoType has it: sentences with the entities and the relations in them.

- Sentences of one ``articleId`` are one article, with a blank line between them.
- ``entityMentions`` are looked for in their sentence, as ``start`` counts the entities, not
  characters. Those of one label and the same words are one.
- ``relationMentions`` relate the entities of ``em1Text`` and ``em2Text``, under the path that the
  relation has in Freebase. ``None`` states nothing. The evidence is the sentence.
- Rows of the articles file are joined by ``articleId``.

Offsets: none. Names are looked for in the sentence.

Example::

    {"sentText": "Wim Kok was prime minister of the Netherlands until 2002.",
     "articleId": "nyt/2002/1397.xml", "sentId": "1",
     "relationMentions": [{"em1Text": "Wim Kok", "em2Text": "Netherlands",
                           "label": "/people/person/nationality"}],
     "entityMentions": [{"start": 0, "text": "Wim Kok", "label": "PERSON"},
                        {"start": 1, "text": "Netherlands", "label": "LOCATION"}]}
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import field

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import is_blank, normalise_name
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.fewrel import NOTHING
from datasette_newsgraph.readers.grouping import decoded, grouped, joined
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_Passage = tuple[int, int]


class _Entity(Shape):
    text: str | None = None
    label: str | None = None


class _Relation(Shape):
    em1Text: str | None = None  # noqa: N815 - the format's name
    em2Text: str | None = None  # noqa: N815 - the format's name
    label: str | None = None


class _Head(Shape):
    sentText: str | None = None  # noqa: N815 - the format's name
    articleId: str | int | None = None  # noqa: N815 - the format's name


class _Sentence(_Head):
    entityMentions: list[_Entity] = field(default_factory=list)  # noqa: N815 - the format's name
    relationMentions: list[_Relation] = field(default_factory=list)  # noqa: N815 - the format's name


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the sentences of each article together."""
    return grouped(source, resume, _article_of)


def _article_of(raw: bytes) -> str | None:
    head = decode(raw, _Head)
    return head.sentText if head.articleId in (None, "") else f"article {head.articleId}"


def parse(raw: bytes) -> Parsed:
    """Make the sentences of one article an article. Raises RecordError if none has a text."""
    found, faults = decoded(raw, lambda line: decode(line, _Sentence), "sentence")
    text, begins = joined(each.sentText for _, each in found)
    if not (text or "").strip():
        raise RecordError("no entities in it, and no sentText: not a sentence of NYT")
    reading = _Reading(Building(text))
    reading.building.faults += faults
    for where, sentence in found:
        words = sentence.sentText or ""
        begin = begins.get(words, 0)
        reading.add(where, sentence, (begin, begin + len(words)))
    return reading.building.finish("CoType", local_ids=(found[0][1].articleId,))


class _Reading:
    """One article as its sentences are read."""

    def __init__(self, building: Building) -> None:
        self.building = building
        self._sought: set[tuple[str, _Passage]] = set()

    def add(self, where: str, sentence: _Sentence, passage: _Passage) -> None:
        """Add what is in a sentence, which is a passage of the text."""
        by_words: dict[str, Entity] = {}
        for number, each in enumerate(sentence.entityMentions):
            place = f"{where}entityMentions[{number}]"
            entity = self._entity(place, each.label, each.text, passage)
            if entity is not None:
                by_words.setdefault(normalise_name(each.text or ""), entity)
        for number, given in enumerate(sentence.relationMentions):
            place = f"{where}relationMentions[{number}]"
            ends = [
                by_words.get(normalise_name(words or ""))
                or self._entity(f"{place}.{key}", None, words, passage)
                for key, words in (("em1Text", given.em1Text), ("em2Text", given.em2Text))
            ]
            subject, object_ = ends
            is_stated = (given.label or "").strip().casefold() not in NOTHING
            if is_stated and subject is not None and object_ is not None:
                start, end = passage
                evidence = Evidence(start=start, end=end, text=sentence.sentText)
                self.building.relation(subject, given.label, object_, evidence=[evidence])

    def _entity(
        self, place: str, label: str | None, words: str | None, passage: _Passage
    ) -> Entity | None:
        if words is None or is_blank(words):
            self.building.fault(f"{place}: has no words", words)
            return None
        entity = self.building.entity(label, words)
        if (entity.id, passage) not in self._sought:
            self._sought.add((entity.id, passage))
            self.building.seek(entity, passage)
        return entity
