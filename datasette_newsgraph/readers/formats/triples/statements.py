"""Take statements, cell by cell, into an article."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.authorities import canonical_identifier, identifier_iri
from datasette_newsgraph.dates.forms import first_date
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import is_blank, normalise_name
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.triples.named import Named
from datasette_newsgraph.readers.plain_values import is_number

_DATATYPES = {
    "date": ("date", "datetime", "gyear", "gyearmonth", "time", "year"),
    "number": ("number", "integer", "int", "decimal", "float", "double", "quantity"),
    "boolean": ("boolean", "bool"),
    "IRI": ("iri", "uri", "anyuri", "url"),
}  # fmt: skip
#: What Gephi has in the column Type.
_DIRECTIONS = frozenset({"Directed", "Undirected", "Mutual"})


class Statements:
    """Takes the statements of one article; their cells have our names of columns."""

    def __init__(self, text: str | None) -> None:
        self.building = Building(text)
        #: The labels of entities that are told apart from statements, by name.
        self._labels: dict[str, str] = {}
        #: Their names and labels, by the ids that statements may give for them.
        self._by_id: dict[str, tuple[str, str]] = {}
        self._mentioned: set[tuple[str, int | None, int | None]] = set()

    def entity(self, given: Named) -> None:
        """Take an entity that is told apart from the statements."""
        if given.fault is not None:
            self.building.fault(f"{given.place}: {given.fault}", given.part)
            return
        entity = self.building.mention(
            given.place, given.part, given.label, given.start, given.end, given.name or None
        )
        if entity is None:
            return
        self._labels.setdefault(normalise_name(entity.name), given.label)
        if given.id:
            self._by_id.setdefault(given.id, (entity.name, given.label))
        # Said with a place, it need not be looked for as well.
        self._mentioned.add((entity.id, None, None))

    def statement(self, cells: dict[str, str], *, is_edge: bool = False) -> str | None:
        """Take one statement; return what of it, or why all of it, cannot be taken.

        ``is_edge`` says that what is called the predicate may be a direction.
        """
        if is_edge and cells["predicate"] in _DIRECTIONS:
            if cells["subject"].isdecimal() and cells.get("object", "").isdecimal():
                return (
                    "its ends are numbers of nodes; give the folder that has the table of nodes, too,"
                    " or write their names instead"
                )
            cells = {**cells, "predicate": cells.get("label", "")}
        value = cells.get("value", "")
        if value in self._by_id and cells["subject"] in self._by_id:
            # Ids that are numbers.
            value, cells = "", {**cells, "object": value, "datatype": ""}
        if self._is_number_of_entity(cells["subject"]):
            return f"its subject {cells['subject']} is no name; write that of the entity"
        if cells.get("datatype") and not value:
            value, cells = cells.get("object", ""), {**cells, "object": ""}
        if is_blank(cells["subject"]) or is_blank(cells.get("object") or value):
            return "it has no subject" if is_blank(cells["subject"]) else "it has no object"
        start, end = _whole(cells.get("start")), _whole(cells.get("end"))
        words = cells.get("evidence") or None
        located = start is not None and end is not None
        evidence = [Evidence(start=start, end=end, text=words)] if words or located else []
        subject = self._entity(cells, "subject", evidence)
        is_entity = bool(cells.get("object"))
        confidence, fault = _share(cells.get("confidence", ""))
        self.building.relation(
            subject,
            cells["predicate"],
            self._entity(cells, "object", evidence) if is_entity else None,
            value=None if is_entity else value,
            datatype=None if is_entity else _datatype(cells.get("datatype", "")),
            confidence=confidence,
            start_date=first_date([cells.get("start_date", "")]),
            end_date=first_date([cells.get("end_date", "")]),
            evidence=evidence,
        )
        return fault

    def _is_number_of_entity(self, words: str) -> bool:
        """Tell whether an end is a number, where entities are told apart by names."""
        return (
            bool(self._labels)
            and words.isdecimal()
            and words not in self._by_id
            and (normalise_name(words) not in self._labels)
        )

    def finish(self, tool: str, about: Mapping[str, str]) -> Parsed:
        """Return the article, of which ``about`` has the cells; raises RecordError if it is empty."""
        if not self.building.relations and self.building.text is None:
            first = f": {self.building.faults[0].reason}" if self.building.faults else ""
            raise RecordError(f"no statement in it{first}")
        self._seek_what_has_no_place()
        article = about.get("article", "")
        url = about.get("url") or (article if "://" in article else "")
        return self.building.finish(
            tool,
            url=url or None,
            title=about.get("title") or None,
            published=first_date([about.get("published", "")]),
            language=about.get("language") or None,
            local_ids=(article,) if article != url else (),
        )

    def _seek_what_has_no_place(self) -> None:
        """Have entities looked for in all of the text of which nothing says where they stand."""
        for entity in self.building.entities:
            if all(each.start is None and each.end is None for each in entity.mentions):
                entity.mentions.clear()
                self.building.seek(entity)

    def _entity(self, cells: Mapping[str, str], role: str, evidence: list[Evidence]) -> Entity:
        words, label = self._by_id.get(cells[role], (cells[role], ""))
        if normalise_name(cells[role]) in self._labels:
            # A name first: the id of one may be the name of another.
            words, label = cells[role], ""
        name, same_as = _named(words)
        same_as += _identified(cells.get(f"{role}_id", ""))
        label = cells.get(f"{role}_type") or label or self._labels.get(normalise_name(name), "")
        start = evidence[0].start if evidence else None
        end = evidence[0].end if evidence else None
        entity = self.building.entity(label, name, same_as=same_as)
        if (entity.id, start, end) not in self._mentioned:
            self._mentioned.add((entity.id, start, end))
            self.building.mention(role, cells, label, start, end, name, same_as=same_as)
        return entity


def _named(words: str) -> tuple[str, list[str]]:
    """Return the name of an entity that may be given as an IRI, and that IRI."""
    known = canonical_identifier(words) if "://" in words else None
    if known is None:
        return words, []
    last = unquote(words.rstrip("/#").replace("#", "/").rpartition("/")[2])
    return last.replace("_", " ").strip() or words, [known[1]]


def _identified(words: str) -> list[str]:
    if words[:1] == "Q" and words[1:].isdecimal():
        return [identifier_iri("Wikidata", words)]
    known = canonical_identifier(words) if "://" in words else None
    return [] if known is None else [known[1]]


def _datatype(words: str) -> Any:
    name = words.casefold().rpartition("#")[2].rpartition(":")[2].strip()
    return next((each for each, names in _DATATYPES.items() if name in names), "string")


def _whole(words: str | None) -> int | None:
    return int(words) if words and len(words) < 16 and words.isascii() and words.isdigit() else None


def _share(words: str) -> tuple[float | None, str | None]:
    """Return a confidence, which may be written 0.9, 0,9 or 90%, and why it is none."""
    if not words:
        return None, None
    number = words.removesuffix("%").rstrip().replace(",", ".", 1)
    if is_number(number):
        value = float(number) / (100 if words.endswith("%") else 1)
        if 0 <= value <= 1:
            return value, None
    return None, f"its confidence {words[:40]!r} is no number from 0 to 1 and no percentage"
