"""Cut the tables of a GraphRAG output into documents, each with its rows of the other tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from msgspec import field

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers.chunks import place_chunks
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.formats.graphrag.tables import (
    Columns,
    find_table,
    listed,
    read_table,
    words,
)
from datasette_newsgraph.readers.shapes import Shape
from datasette_newsgraph.readers.source import Entry, Source

#: Of each table the columns that are read and what they have been called.
_TABLES: dict[str, Columns] = {
    "documents": {"id": ("id",), "title": ("title",), "text": ("text", "raw_content")},
    "text_units": {"id": ("id",), "text": ("text", "chunk"), "of": ("document_id", "document_ids")},
    "entities": {
        "title": ("title", "name"),
        "type": ("type",),
        "description": ("description",),
        "units": ("text_unit_ids",),
    },
    "relationships": {
        "source": ("source",),
        "target": ("target",),
        "description": ("description",),
        "units": ("text_unit_ids",),
    },
    "covariates": {
        "subject": ("subject_id",),
        "object": ("object_id",),
        "type": ("type",),
        "description": ("description",),
        "status": ("status",),
        "start_date": ("start_date",),
        "end_date": ("end_date",),
        "source_text": ("source_text",),
        "units": ("text_unit_id",),
    },
}
_REQUIRED = {
    "documents": ("id", "text"),
    "text_units": ("id", "text", "of"),
    "entities": ("title", "units"),
    "relationships": ("source", "target", "units"),
    "covariates": ("subject", "type", "units"),
}
_OPTIONAL = ("relationships", "covariates")


class Unit(Shape):
    """A text unit: where it lies in its document, if it was found."""

    id: str
    start: int | None = None
    end: int | None = None


class Row(Shape, kw_only=True):
    """A row of a table, from 0, with the ids of its text units."""

    row: int = 0
    units: list[str] = field(default_factory=list)
    description: str | None = None


class EntityRow(Row, kw_only=True):
    """A row of ``entities``."""

    title: str | None = None
    type: str | None = None


class Relationship(Row, kw_only=True):
    """A row of ``relationships``."""

    source: str | None = None
    target: str | None = None


class Claim(Row, kw_only=True):
    """A row of ``covariates``."""

    subject: str | None = None
    object: str | None = None
    type: str | None = None
    status: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    source_text: str | None = None


class Document(Shape):
    """A document: all that its article is made of."""

    id: str | None = None
    title: str | None = None
    text: str | None = None
    units: list[Unit] = field(default_factory=list)
    entities: list[EntityRow] = field(default_factory=list)
    relationships: list[Relationship] = field(default_factory=list)
    covariates: list[Claim] = field(default_factory=list)


def entries(source: Folder | Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield each document as JSON of ``Document``, and as a fault each row that is of none.

    Raises InputError for a single file, or where a table or a column that is needed is not there.
    """
    if not isinstance(source, Folder):
        raise InputError(
            f"{source.path}: is one table; give the folder that has it together with GraphRAG's"
            " other tables (documents, text_units, entities …)"
        )
    tables = _read(source)
    documents = [
        Document(words(row["id"]), words(row["title"]), words(row["text"]))
        for row in tables["documents"]
    ]
    of_unit = place_units(documents, tables["text_units"])
    strays: list[str] = []
    kinds: tuple[tuple[str, type[Row], Callable[[Document], list[Any]]], ...] = (
        ("entities", EntityRow, lambda document: document.entities),
        ("relationships", Relationship, lambda document: document.relationships),
        ("covariates", Claim, lambda document: document.covariates),
    )
    for name, kind, rows_of in kinds:
        for number, cells in enumerate(tables[name]):
            row = _row(kind, number, cells)
            units = _by_document(row.units, of_unit, len(documents))
            if not units:
                strays.append(f"{name}[{number}]: its text units are of no document")
            for place, ids in units.items():
                rows_of(documents[place]).append(msgspec.structs.replace(row, units=ids))
    for number, document in enumerate(documents, 1):
        yield Entry(number, msgspec.json.encode(document))
    for number, fault in enumerate(strays, len(documents) + 1):
        yield Entry(number, fault.encode(), fault=fault)


def _read(folder: Folder) -> dict[str, list[dict[str, Any]]]:
    place = _place_of_tables(folder)
    tables: dict[str, list[dict[str, Any]]] = {}
    for name, columns in _TABLES.items():
        file = find_table(folder.names, (place + name, f"{place}create_final_{name}"))
        if file is not None:
            tables[name] = read_table(folder, file, columns, _REQUIRED[name])
        elif name in _OPTIONAL:
            tables[name] = []
        else:
            raise InputError(
                f"{folder.path}: has no {place}{name}.parquet (or .csv); copy it there from"
                " GraphRAG's output"
            )
    return tables


def _place_of_tables(folder: Folder) -> str:
    """Return the folder within that has the tables: the root of a project may be given."""
    found = sorted(
        {
            name[: -len(file)]
            for name in folder.names
            for stem in ("entities", "create_final_entities")
            for file in (f"{stem}.parquet", f"{stem}.csv")
            if name == file or name.endswith(f"/{file}")
        }
    )
    if len(found) > 1:
        listed_ones = ", ".join(each or "./" for each in found[:5])
        raise InputError(
            f"{folder.path}: has several outputs of GraphRAG ({listed_ones}); give one of them"
        )
    return found[0] if found else ""


def _row(kind: type[Row], number: int, cells: dict[str, Any]) -> Row:
    texts = {name: words(cell) for name, cell in cells.items() if name != "units"}
    return kind(row=number, units=list(dict.fromkeys(listed(cells["units"]))), **texts)


def _by_document(
    units: list[str], of_unit: dict[str, list[int]], documents: int
) -> dict[int, list[str]]:
    """Return the units of a row by their documents; unknown ones go with the first, which faults
    them, and a row without units to the document if there is only one.
    """
    found: dict[int, list[str]] = {}
    for unit in units:
        for document in of_unit.get(unit, ()):
            found.setdefault(document, []).append(unit)
    unknown = [unit for unit in units if unit not in of_unit]
    if not found and documents == 1:
        return {0: unknown}
    if found and unknown:
        next(iter(found.values())).extend(unknown)
    return found


def place_units(documents: list[Document], rows: Iterable[dict[str, Any]]) -> dict[str, list[int]]:
    """Give the documents their text units; return the documents of each by its id."""
    numbers = {document.id: number for number, document in enumerate(documents)}
    of_unit: dict[str, list[int]] = {}
    texts: list[list[tuple[str, str]]] = [[] for _ in documents]
    for row in rows:
        name = words(row["id"])
        if name is None:
            continue
        for each in dict.fromkeys(listed(row["of"])):
            if (number := numbers.get(each)) is not None:
                of_unit.setdefault(name, []).append(number)
                texts[number].append((name, words(row["text"]) or ""))
    for document, given in zip(documents, texts, strict=True):
        placed = place_chunks(document.text or "", given)
        document.units = [Unit(name, *(span or ())) for name, span in placed]
    return of_unit
