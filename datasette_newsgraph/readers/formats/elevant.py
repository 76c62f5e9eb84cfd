"""Read ELEVANT: benchmarks of entity linking, and what linkers found in their articles.

- The ``labels`` of a benchmark become mentions of the entity ``entity_id``, which is called ``name``.
  Its other words are aliases, but not those of coreference (``coref``).
- Of the Wikidata classes in ``type`` the one is taken that tells most of our types. ``optional``
  labels and those in others (``parent``) are taken like any other.
- In results, ``entity_mentions`` are taken and not the labels beside them, which only say what a
  found entity is called and of which type it is. ``linked_by`` is given as the model. Candidates are
  left out.
- Unknown entities (``Unknown12``, ``<NIL>``) have no identifier. Those of one unknown id are one.
- A title that is a web address is the address of the article.

Offsets: Unicode code points, end exclusive. The format does not give the words of a span.
``evaluation_span`` says what has been annotated, and is left out.

Example::

    {"id": 7, "title": "Vaccine approved", "text": "Britain approved the vaccine of BioNTech first.",
     "evaluation_span": [0, 47],
     "labels": [{"id": 0, "span": [0, 7], "entity_id": "Q145", "name": "United Kingdom",
                 "parent": null, "children": [], "optional": false, "type": "Q27096213|Q43229"},
                {"id": 1, "span": [32, 40], "entity_id": "Q18288247", "name": "BioNTech",
                 "type": "Q43229"}]}
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from datasette_newsgraph.authorities import stated_iri
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.wikidata_classes import most_telling

__all__ = ["entries", "parse"]

_ADDRESS = re.compile(r"https?://\S+\Z")
_NIL = frozenset({"", "<nil>", "nil", "none", "null", "unknown"})


class _Label(Shape):
    span: list[int] | None = None
    entity_id: str | None = None
    name: str | None = None
    type: str | None = None
    coref: bool | None = None


class _Mention(Shape):
    span: list[int] | None = None
    id: str | None = None
    linked_by: str | None = None
    recognized_by: str | None = None
    #: What it refers to, if it is no name.
    referenced_span: list[int] | None = None


class _Article(Shape):
    id: str | int | None = None
    title: str | None = None
    url: str | None = None
    text: str | None = None
    labels: list[_Label] | None = None
    entity_mentions: list[_Mention] | None = None
    hyperlinks: list[Any] | None = None


def parse(raw: bytes) -> Parsed:
    """Make one article of a benchmark, or one with results, an article. Raises RecordError if it has
    no text and nothing is labelled.
    """
    article = decode(raw, _Article)
    reading = _Reading(Building(article.text), article.labels or [])
    model = None
    if article.entity_mentions is None:
        reading.add_labels(article.labels or [])
    else:
        reading.add_mentions(article.entity_mentions)
        makers = Counter(each.linked_by or each.recognized_by for each in article.entity_mentions)
        model = next((name for name, _ in makers.most_common() if name), None)
    if not (article.text or "").strip() and not reading.building.entities:
        raise RecordError("no entities in it, and no text: not an article of ELEVANT")
    title = (article.title or "").strip()
    is_address = _ADDRESS.match(title) is not None
    return reading.building.finish(
        "ELEVANT",
        model=model,
        url=article.url or (title if is_address else None),
        title=None if is_address else title or None,
        local_ids=(article.id,),
        passed_over=_passed_over(article),
    )


def _passed_over(article: _Article) -> dict[str, int]:
    counts = {
        "hyperlinks": len(article.hyperlinks or ()),
        "labels of a benchmark": len(article.labels or ()) if article.entity_mentions else 0,
    }
    return {what: count for what, count in counts.items() if count}


class _Reading:
    """One article, with what its labels say of entities."""

    def __init__(self, building: Building, labels: list[_Label]) -> None:
        self.building = building
        #: What the entities are called that something has been a mention of.
        self._called: dict[str, str] = {}
        self._labels = {each.entity_id: each for each in labels if each.entity_id}

    def add_labels(self, labels: list[_Label]) -> None:
        """Add what people have labelled, names first: a pronoun never names what has a name."""
        for number, each in sorted(enumerate(labels), key=lambda numbered: bool(numbered[1].coref)):
            self._add(
                f"labels[{number}]", each, each.span, each.entity_id, each, is_name=not each.coref
            )

    def add_mentions(self, mentions: list[_Mention]) -> None:
        """Add what a linker has found."""

        def is_name(mention: _Mention) -> bool:
            return mention.referenced_span is None

        numbered = sorted(enumerate(mentions), key=lambda each: not is_name(each[1]))
        for number, each in numbered:
            label = self._labels.get(each.id or "")
            place = f"entity_mentions[{number}]"
            self._add(place, each, each.span, each.id, label, is_name=is_name(each))

    def _add(
        self,
        place: str,
        part: Any,
        span: list[int] | None,
        id_: str | None,
        label: _Label | None,
        *,
        is_name: bool,
    ) -> None:
        start, end = span if span is not None and len(span) == 2 else (None, None)
        words = collapse(self.building.words(start, end) or "")
        iri = stated_iri(id_ or "")
        key = None if iri or (id_ or "").strip().casefold() in _NIL else id_
        name = label.name if label is not None and iri else None
        if not is_name:
            name = name or self._called.get(iri or key or "")
        classes = (label.type or "").split("|") if label is not None else []
        entity = self.building.mention(
            place,
            part,
            most_telling(filter(None, classes)),
            start,
            end,
            name=name,
            id=key,
            same_as=[iri] if iri else (),
        )
        if entity is None:
            return
        self._called.setdefault(iri or key or "", entity.name)
        if is_name and words not in (entity.name, *entity.aliases):
            entity.aliases.append(words)
