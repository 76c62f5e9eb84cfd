"""Read Microsoft GraphRAG: the folder of tables (Parquet or CSV) that indexing writes.

- Each document is an article with its text. The ``text_units`` are looked up in it.
- ``entities`` become entities of the documents that their text units are from. They have one
  mention for each unit: the title (in capitals), which is looked for in the unit.
- ``relationships`` become relations with the predicate ``related to``, because GraphRAG has no
  predicates. Their evidence is the text units. The description of a relationship becomes the value
  of ``relationship description`` of its source.
- ``covariates`` (claims) become relations with their type as the predicate. They lead to their
  object or, as most have none, have their description as a value. Their evidence is
  ``source_text``. A claim that is not confirmed says so in its predicate (``FRAUD (suspected)``,
  ``FRAUD (false)``).
- If an end of a relationship or claim is no row of ``entities``, it becomes an entity without a
  type.
- The tables of older versions (``create_final_entities``, ``name`` for ``title``, ``raw_content``
  for ``text``) are read, too. Weights, ranks, embeddings, communities and their reports are left
  out.

Offsets: none. Mentions and evidence are looked for within the text unit that they are from.

Example::

    documents.csv
        id,title,text
        d1,ressa.txt,"Maria Ressa founded Rappler. She shared the prize in 2021."
    text_units.csv
        id,text,document_id
        u1,"Maria Ressa founded Rappler. She shared the prize in 2021.",d1
    entities.csv
        title,type,description,text_unit_ids
        MARIA RESSA,PERSON,A journalist,"['u1']"
        RAPPLER,ORGANIZATION,A news site,"['u1']"
    relationships.csv
        source,target,description,weight,text_unit_ids
        MARIA RESSA,RAPPLER,Maria Ressa founded Rappler,9.0,"['u1']"
    covariates.csv
        subject_id,object_id,type,status,description,source_text,text_unit_id
        MARIA RESSA,NONE,AWARD,TRUE,Ressa shared the prize,She shared the prize in 2021.,u1
"""

from __future__ import annotations

import re

from datasette_newsgraph.article import Entity, Evidence, Mention
from datasette_newsgraph.dates.forms import first_date
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.graphrag.table_documents import (
    Claim,
    Document,
    EntityRow,
    Relationship,
    Row,
    entries,
)
from datasette_newsgraph.readers.shapes import decode

__all__ = ["entries", "parse"]

_NOTHING = ("", "NONE")
#: Of a claim whose status is another the predicate says so.
_CONFIRMED = ("TRUE", "")
_DESCRIPTION = "relationship description"
#: A claim may quote several passages.
_BETWEEN_QUOTED = re.compile(r";\s|\.\.\.|\n")
_MOST_QUOTED = 8
_LONGEST_UNIT = 50_000
_FILE_NAME = re.compile(r"\S\.(?:txt|md|csv|tsv|json|jsonl|html?|pdf|xml)\Z", re.IGNORECASE)


def parse(raw: bytes) -> Parsed:
    """Make one document an article. Raises RecordError if it has neither text nor entities."""
    document = decode(raw, Document)
    if not document.text and not document.entities:
        raise RecordError("no entities in it, and no text")
    reading = _Reading(document)
    for row in document.entities:
        reading.entity(row)
    for relationship in document.relationships:
        reading.relationship(relationship)
    for claim in document.covariates:
        reading.claim(claim)
    # Of plain text GraphRAG makes the file's name a title.
    is_file = _FILE_NAME.search(document.title or "") is not None
    return reading.building.finish(
        "GraphRAG",
        title=None if is_file else document.title,
        local_ids=(document.id, document.title),
    )


class _Reading:
    """One document as its rows are read."""

    def __init__(self, document: Document) -> None:
        self.building = Building(document.text)
        self._units = {unit.id: (unit.start, unit.end) for unit in document.units}
        self._by_title: dict[str, Entity] = {}
        self._folded: dict[str, str] = {}

    def entity(self, row: EntityRow) -> None:
        """Take a row of ``entities``."""
        place = f"entities[{row.row}]"
        title = collapse(row.title or "")
        if not title:
            self.building.fault(f"{place}: has no title", row)
            return
        # The same title may have two types; what relationships name is the first.
        entity = self.building.entity(
            row.type, title, id=f"{title} {row.row}", description=row.description
        )
        self._by_title.setdefault(title, entity)
        self._mention(entity, self._known(place, row))

    def relationship(self, row: Relationship) -> None:
        """Take a row of ``relationships``."""
        place = f"relationships[{row.row}]"
        source, target = collapse(row.source or ""), collapse(row.target or "")
        if not source or not target:
            self.building.fault(f"{place}: has no source or no target", row)
            return
        units = self._known(place, row)
        subject, obj = self._called(source, units), self._called(target, units)
        evidence = [
            Evidence(start=start, end=end)
            for start, end in map(self._units.__getitem__, units)
            if start is not None
        ]
        self.building.relation(subject, None, obj, evidence=evidence)
        if row.description:
            self.building.relation(subject, _DESCRIPTION, value=row.description)

    def claim(self, row: Claim) -> None:
        """Take a row of ``covariates``."""
        place = f"covariates[{row.row}]"
        subject, label, object_ = (_given(each) for each in (row.subject, row.type, row.object))
        if not subject or not label:
            self.building.fault(f"{place}: has no subject or no type", row)
            return
        status = collapse(row.status or "")
        if status.upper() not in _CONFIRMED:
            label = f"{label} ({status.lower()})"
        units = self._known(place, row)
        about = self._called(subject, units)
        dates = [first_date([_given(each)]) for each in (row.start_date, row.end_date)]
        said = None if object_ else row.description
        if not object_ and not said:
            self.building.fault(f"{place}: has neither an object nor a description", row)
            return
        self.building.relation(
            about,
            label,
            self._called(object_, units) if object_ else None,
            value=said,
            start_date=dates[0],
            end_date=dates[1],
            evidence=self._quoted(_given(row.source_text), units),
        )

    def _known(self, place: str, row: Row) -> list[str]:
        for unit in row.units:
            if unit not in self._units:
                self.building.fault(f"{place}: text unit {unit} is not in text_units", row)
        return [unit for unit in row.units if unit in self._units]

    def _called(self, title: str, units: list[str]) -> Entity:
        """Return the entity of a title; one that is no row of ``entities`` is made, of no type."""
        known = self._by_title.get(title)
        if known is None:
            known = self.building.entity(None, title, id=title)
            self._by_title[title] = known
            self._mention(known, units)
        return known

    def _mention(self, entity: Entity, units: list[str]) -> None:
        for start, end in map(self._units.__getitem__, units):
            entity.mentions.append(Mention(start=start, end=end, text=entity.name))
        if not units:
            entity.mentions.append(Mention(text=entity.name))

    def _quoted(self, text: str, units: list[str]) -> list[Evidence]:
        """Return the words that a claim quotes: in pieces, if each of them is in the text unit."""
        if not text:
            return []
        start, end = self._units[units[0]] if units else (None, None)
        pieces = [piece for each in _BETWEEN_QUOTED.split(text) if (piece := each.strip())]
        unit = self._folded_unit(units[0]) if units else ""
        is_whole = not 1 < len(pieces) <= _MOST_QUOTED or _folded(text) in unit
        if is_whole or not all(_folded(piece) in unit for piece in pieces):
            pieces = [text]
        return [Evidence(start=start, end=end, text=piece) for piece in pieces]

    def _folded_unit(self, unit: str) -> str:
        if unit not in self._folded:
            text = self.building.words(*self._units[unit]) or ""
            self._folded[unit] = _folded(text) if len(text) <= _LONGEST_UNIT else ""
        return self._folded[unit]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _given(cell: str | None) -> str:
    """Return a cell's words; GraphRAG writes NONE where it has none."""
    text = collapse(cell or "")
    return "" if text.upper() in _NOTHING else text
