"""Read a table of statements: CSV or TSV with a header of subject, predicate, object.

The columns may have other usual names (head, relation, tail; source, type, target; s, p, o), in any
order and case, and be set apart by commas, semicolons or tabs. Further columns are taken where they
are there: `subject_type`, `object_type`, `subject_id`, `object_id` (Wikidata or absolute IRIs),
`value` with `datatype` for an object that is no entity, `confidence`, `start_date`, `end_date`,
`evidence` (the sentence), and of the article `article` (its id or address), `url`, `title`,
`published`, `language`, `text`. Rows of one article become one record, wherever they stand in the
file; without a column that tells articles apart the file is one. A row that has not as many cells
as the header is rejected by itself.

Offsets: `start` and `end`, if they are there, are those of the evidence, in code points of `text`,
end exclusive. Entities are looked for in their evidence, else in all of the text.

Example::

    article;title;subject;subject type;predicate;object;object type;evidence
    https://example.org/cop21;Talks open;Laurent Fabius;Person;chairs;COP21;Event;"Fabius chairs COP21."
    https://example.org/cop21;Talks open;COP21;Event;takes place in;Le Bourget;Place;
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.authorities import canonical_identifier, identifier_iri
from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Parsed, cutting, delimited, shapes
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.triples.columns import (
    Columns,
    cell,
    columns_of,
    lacking_column,
    misfit,
    unreadable,
)
from datasette_newsgraph.readers.sidecar_fields import calendar_date
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_DATATYPES = {
    "date": ("date", "datetime", "gyear", "gyearmonth", "time", "year"),
    "number": ("number", "integer", "int", "decimal", "float", "double", "quantity"),
    "boolean": ("boolean", "bool"),
    "IRI": ("iri", "uri", "anyuri", "url"),
}  # fmt: skip


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the rows of each article behind the header, by the first one's line.

    All are held, as the same article again would replace what was read of it before.
    """
    found: list[Entry] = []
    for whole in cutting.whole(source):
        found += _grouped(source.path, whole.raw.decode("utf-8", "surrogateescape"))
    yield from found


def _grouped(path: str, text: str) -> list[Entry]:
    header, rows = _table(text)
    columns = columns_of(header.cells)
    if lacking := lacking_column(columns):
        raise InputError(
            f"{path}: has no column {lacking}; its first line must name the columns"
            " (subject, predicate, object …)"
        )
    faults: list[Entry] = []
    lines: dict[str, int] = {}
    parts: dict[str, list[str]] = {}
    for row in rows:
        fault = row.fault or misfit(row.cells, header.cells) or unreadable(row.text)
        if fault is not None:
            faults.append(Entry(row.line, _bytes(row.text)[:4096], fault=fault))
            continue
        article = cell(row.cells, columns, "article") or cell(row.cells, columns, "url")
        lines.setdefault(article, row.line)
        parts.setdefault(article, [header.text]).append(row.text)
    whole = [Entry(line, _bytes("\n".join(parts.pop(name)))) for name, line in lines.items()]
    return sorted(faults + whole, key=lambda entry: entry.line)


def _table(text: str) -> tuple[delimited.Row, Iterator[delimited.Row]]:
    """Return the header and the rows behind it."""
    delimiter = delimited.delimiter_of(text.lstrip().partition("\n")[0])
    rows = delimited.rows(text, delimiter)
    return next(rows, delimited.Row(1, "", [])), rows


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def parse(raw: bytes) -> Parsed:
    """Make an article of the rows of one; raises RecordError where none of them states anything."""
    header, rows = _table(shapes.decode_text(raw))
    columns = columns_of(header.cells)
    if lacking := lacking_column(columns):
        raise RecordError(f"not a table of statements: it has no column {lacking}")
    given = [row for row in rows if row.fault is None]
    first = {column: _first(given, columns, column) for column in ("article", "url", "title")}
    # Not through _cell, which would shift offsets.
    texts = (
        row.cells[columns["text"]] for row in given if len(row.cells) > columns.get("text", 1 << 30)
    )
    reading = _Reading(next(filter(str.strip, texts), None))
    for number, row in enumerate(given, 1):
        fault = misfit(row.cells, header.cells)
        if fault is None:
            fault = reading.row({each: cell(row.cells, columns, each) for each in columns})
        if fault is not None:
            reading.building.fault(f"row {number} of this article: {fault}", row.text)
    if not reading.building.relations and reading.building.text is None:
        raise RecordError("no statement in it: each row needs a subject and an object")
    url = first["url"] or (first["article"] if "://" in first["article"] else "")
    return reading.building.finish(
        "table of statements",
        url=url or None,
        title=first["title"] or None,
        published=calendar_date(_first(given, columns, "published")),
        language=_first(given, columns, "language") or None,
        local_ids=(first["article"],) if first["article"] != url else (),
    )


def _first(rows: list[delimited.Row], columns: Columns, column: str) -> str:
    return next(filter(None, (cell(row.cells, columns, column) for row in rows)), "")


class _Reading:
    """Takes the rows of one article."""

    def __init__(self, text: str | None) -> None:
        self.building = Building(text)
        self._mentioned: set[tuple[str, int | None, int | None]] = set()

    def row(self, cells: dict[str, str]) -> str | None:
        """Take one statement; return why it cannot be taken."""
        value = cells.get("value", "")
        if cells.get("datatype") and not value:
            value, cells["object"] = cells.get("object", ""), ""
        if not cells["subject"] or not (cells.get("object") or value):
            return "it has no subject" if not cells["subject"] else "it has no object"
        start, end = _whole(cells.get("start")), _whole(cells.get("end"))
        words = cells.get("evidence") or None
        located = start is not None and end is not None
        evidence = [Evidence(start=start, end=end, text=words)] if words or located else []
        subject = self._entity(cells, "subject", evidence)
        is_entity = bool(cells.get("object"))
        self.building.relation(
            subject,
            cells["predicate"],
            self._entity(cells, "object", evidence) if is_entity else None,
            value=None if is_entity else value,
            datatype=None if is_entity else _datatype(cells.get("datatype", "")),
            confidence=_share(cells.get("confidence")),
            start_date=calendar_date(cells.get("start_date", "")),
            end_date=calendar_date(cells.get("end_date", "")),
            evidence=evidence,
        )
        return None

    def _entity(self, cells: dict[str, str], role: str, evidence: list[Evidence]) -> Entity:
        name, same_as = _named(cells[role])
        same_as += _identified(cells.get(f"{role}_id", ""))
        label = cells.get(f"{role}_type") or None
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


def _share(words: str | None) -> float | None:
    try:
        value = float(words or "")
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
