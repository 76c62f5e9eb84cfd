"""Read relations: a table of subject, predicate and object (CSV, TSV), or the same in JSON.

In a table:

- The columns may have other usual names (head, relation, tail; source, type, target; s, p, o), in
  any order and case. They may be separated by commas, semicolons or tabs.
- These columns are read, too, if they are there: ``subject_type``, ``object_type``; ``subject_id``,
  ``object_id`` (Wikidata or absolute IRIs); ``value`` with ``datatype``, for an object that is no
  entity; ``confidence`` (0.9, 0,9 or 90%); ``start_date``, ``end_date``; ``evidence`` (the
  sentence); and of the article ``article`` (its id or address), ``url``, ``title``, ``published``,
  ``language``, ``text``.
- Rows of one article become one record, wherever they stand in the file. If no column tells
  articles apart, the file is one article.
- A row that does not have as many cells as the header is rejected by itself.
- In a table of edges (Gephi: Source, Target, Type) the directions in ``Type`` are no predicates.
  The predicate is ``Label``, or else ``related to``.

In JSON:

- A relation is an object with the same names as keys. A file has one a line, or an array of them.
- A document holds relations with their text: ``{"text": …, "triples": [{"subject": …, "predicate":
  …, "object": …}]}``. There, a list of three is a relation, too.
- ``entities`` beside the relations may give the types, and names without a relation: objects with
  ``text`` and ``type``, lists of names by type (``{"Person": ["…"]}``), or types by name
  (``{"…": "Person"}``). If neither the relations nor the text show which word is the name, the
  entity is rejected. The ends of relations may be names or the ids of entities.

Offsets: ``start`` and ``end``, if they are there, are those of the evidence, in code points of
``text``, end exclusive. Entities are looked for in their evidence; those that have none, everywhere
in the text.

Example::

    article;title;subject;subject type;predicate;object;object type;evidence
    https://example.org/cop21;Talks open;Laurent Fabius;Person;chairs;COP21;Event;"Fabius chairs COP21."
    https://example.org/cop21;Talks open;COP21;Event;takes place in;Le Bourget;Place;
"""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Parsed, delimited, shapes
from datasette_newsgraph.readers.formats.triples import json_statements
from datasette_newsgraph.readers.formats.triples.columns import (
    Columns,
    cell,
    columns_of,
    has_edges,
    lacking_column,
    misfit,
    unreadable,
)
from datasette_newsgraph.readers.formats.triples.statements import Statements
from datasette_newsgraph.readers.gathering import Gathered, Gathering
from datasette_newsgraph.readers.limits import KEPT, OBJECT
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_JSON = (b"{", b"[")
_PEEK = 1 << 12
#: The header of a table is looked for in so much of it.
_HEAD = 1 << 20


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the rows of each article behind the header, by the first one's line.

    All are held, as the same article again would replace what was read of it before.
    """
    if source.sample(_PEEK)[0].lstrip()[:1] in _JSON:
        yield from json_statements.entries(source, resume)
        return
    head = source.sample(_HEAD)[0].decode("utf-8", "surrogateescape")
    lines = (
        (entry.raw.decode("utf-8", "surrogateescape"), entry.fault)
        for entry in source.lines(as_they_are=True)
    )
    rows = delimited.rows(lines, delimited.delimiter_of(head), source.limit)
    if (header := next(rows, None)) is not None:
        yield from _grouped(source, delimited.stated_line(head), header, rows)


def _grouped(
    source: Source, stated: str, header: delimited.Row, rows: Iterator[delimited.Row]
) -> Iterator[Entry]:
    columns = columns_of(header.cells)
    if lacking := lacking_column(columns):
        raise InputError(
            f"{source.path}: has no column {lacking}; its first line must name the columns"
            " (subject, predicate, object …)"
        )
    faults: list[Entry] = []
    articles: Gathering[str] = Gathering(source.path, source.limit)
    for row in rows:
        fault = row.fault or misfit(row.cells, header.cells) or unreadable(row.text)
        if fault is not None:
            faults.append(Entry(row.line, _bytes(row.text)[:KEPT], fault=fault))
            # Of each fault there are some objects.
            articles.held.add(len(faults[-1].raw) + 8 * OBJECT)
            continue
        article = cell(row.cells, columns, "article") or cell(row.cells, columns, "url")
        articles.add(article, row.line, row.text)
    # An article's record is made when it is its turn: each has the header.
    found: list[Entry | Gathered[str]] = [*faults, *articles]
    for each in sorted(found, key=lambda each: each.line):
        if isinstance(each, Entry):
            yield each
        else:
            text = "\n".join([stated + header.text, *each.pieces])
            raw = _bytes(text) if each.fault is None else _bytes(text[:KEPT])
            yield Entry(each.line, raw, fault=each.fault)


def _table(text: str) -> tuple[delimited.Row, Iterator[delimited.Row]]:
    """Return the header and the rows behind it."""
    rows = delimited.rows(text, delimited.delimiter_of(text))
    return next(rows, delimited.Row(1, "", [])), rows


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def parse(raw: bytes) -> Parsed:
    """Make an article of the rows of one; raises RecordError where none of them states anything."""
    if raw.lstrip()[:1] in _JSON:
        return json_statements.parse(raw)
    header, rows = _table(shapes.decode_text(raw))
    columns = columns_of(header.cells)
    if lacking := lacking_column(columns):
        raise RecordError(f"not a table of statements: it has no column {lacking}")
    given = [row for row in rows if row.fault is None]
    # Not through _cell, which would shift offsets.
    texts = (
        row.cells[columns["text"]] for row in given if len(row.cells) > columns.get("text", 1 << 30)
    )
    may_be_edge = has_edges(header.cells, columns)
    statements = Statements(next(filter(str.strip, texts), None))
    for number, row in enumerate(given, 1):
        fault = misfit(row.cells, header.cells)
        if fault is None:
            cells = {each: cell(row.cells, columns, each) for each in columns}
            fault = statements.statement(cells, is_edge=may_be_edge)
        if fault is not None:
            statements.building.fault(f"row {number} of this article: {fault}", row.text)
    about = {each: _first(given, columns, each) for each in columns}
    return statements.finish("table of statements", about)


def _first(rows: list[delimited.Row], columns: Columns, column: str) -> str:
    return next(filter(None, (cell(row.cells, columns, column) for row in rows)), "")
