"""GEXF 1.3: who is named together, and what is said of whom.

Specification: https://gexf.net/schema.html. Nodes are entities. An edge of the kind ``together`` has
the number of articles that name both as its weight; it is mutual, not undirected, as some programs
read no file with edges of both sorts. A statement is a directed edge with its predicate as the label.
``start`` and ``end`` of both are the days of the first and the last article. Values are a property of
their entity, one a line: as nodes they would be what most things are near to.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import Any

from datasette_newsgraph.property_graphs.columns import (
    ENTITY,
    STATEMENT,
    Column,
    Element,
    Type,
    chosen,
)
from datasette_newsgraph.property_graphs.rows import Row, Rows
from datasette_newsgraph.property_graphs.together import Pair, pairs
from datasette_newsgraph.property_graphs.xml_text import escaped

#: By this the file is known for ours.
CREATOR = "newsgraph export -f gexf"
_VALUES = (
    "(SELECT json_group_array(line) FROM (SELECT predicate || ': ' || value AS line FROM relations"
    f" WHERE subject_id = entities.id AND object_id IS NULL AND {chosen('relations')}"
    " ORDER BY predicate, value))"
)
#: What of an entity is a property of its node.
NODE = Element(
    ENTITY.label,
    ENTITY.table,
    ENTITY.joins,
    ENTITY.order,
    (*ENTITY.columns, Column("values", _VALUES, Type.STRINGS, ("relations",))),
)
_OF_STATEMENTS = ("confidence", "start_date", "end_date", "evidence_count")
_KIND = Column("kind", "")
_TYPES = {Type.INTEGER: "long", Type.NUMBER: "double"}
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d).*)?)?", re.ASCII | re.DOTALL)
_ROWS = 100
_IN_MEMORY = 1 << 20


def blocks(rows: Rows, together: int) -> Iterator[bytes]:
    """Yield the document in blocks; pairs need at least so many articles ``together``."""
    ends: set[int] = set() if rows.selection is None else set(rows.selection.entities)
    # Which nodes have an edge is known when all edges are made, but nodes stand before them.
    with SpooledTemporaryFile(_IN_MEMORY) as edges:
        for block in _in_blocks(_edges(rows, together, ends)):
            edges.write(block)
        edges.seek(0)
        yield _header(rows)
        yield from _in_blocks(_nodes(rows, ends))
        yield b"</nodes>\n<edges>\n"
        yield from iter(lambda: edges.read(1 << 16), b"")
    yield b"</edges>\n</graph>\n</gexf>\n"


def _in_blocks(lines: Iterator[str]) -> Iterator[bytes]:
    while block := "".join(islice(lines, _ROWS)):
        yield block.encode()


def _header(rows: Rows) -> bytes:
    edge_columns = (_KIND, *_edge_columns(rows))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
        f"<meta>\n<creator>{CREATOR}</creator>\n</meta>\n"
        '<graph defaultedgetype="directed" mode="dynamic" timeformat="date"'
        ' timerepresentation="interval">\n'
        f"{_declared('node', NODE.columns[2:])}{_declared('edge', edge_columns)}<nodes>\n"
    ).encode()


def _declared(class_: str, columns: Iterable[Column]) -> str:
    lines = (
        f'<attribute id="{each.name}" title="{each.name}" type="{_TYPES.get(each.type, "string")}"/>\n'
        for each in columns
    )
    return f'<attributes class="{class_}" mode="static">\n{"".join(lines)}</attributes>\n'


def _nodes(rows: Rows, numbers: Iterable[int]) -> Iterator[str]:
    """Yield the nodes of the entities with these numbers, by their keys."""
    sql = ", ".join(each.sql for each in NODE.columns)
    found = rows.execute(
        f"SELECT {sql} FROM {NODE.table} {NODE.joins}"
        f" WHERE entities.id IN (SELECT value FROM json_each(:1)) ORDER BY {NODE.order}",
        json.dumps(sorted(numbers)),
    )
    for id_, name, *values in rows.checked(found, NODE.columns, (NODE.table,)):
        yield (
            f'<node id="{escaped(id_)}" label="{escaped(name or "")}">'
            f"{_attvalues(NODE.columns[2:], values)}</node>\n"
        )


def _edges(rows: Rows, together: int, ends: set[int]) -> Iterator[str]:
    """Yield the edges, first of pairs, then of statements; the numbers of their ends go to ``ends``."""
    for pair in pairs(rows, together):
        ends.update(pair[:2])
        yield _edge_of_pair(pair)
    columns = (*_ends(), *STATEMENT.columns)
    known = Element(
        STATEMENT.label,
        STATEMENT.table,
        STATEMENT.joins,
        STATEMENT.order,
        columns,
        STATEMENT.tables,
    )
    names = [each.name for each in rows.columns(known)]
    for row in rows.of(known):
        value = dict(zip(names, row, strict=True))
        ends.update((value["subject"], value["object"]))
        yield _edge_of_statement(value, _edge_columns(rows))


def _ends() -> tuple[Column, ...]:
    return (
        Column("subject", "subjects.id", Type.INTEGER),
        Column("object", "objects.id", Type.INTEGER),
    )


def _edge_columns(rows: Rows) -> tuple[Column, ...]:
    return tuple(each for each in rows.columns(STATEMENT) if each.name in _OF_STATEMENTS)


def _edge_of_pair(pair: Pair) -> str:
    one, other = escaped(pair.one_key), escaped(pair.other_key)
    return (
        f'<edge id="together/{one}/{other}" source="entity/{one}" target="entity/{other}"'
        f' type="mutual" kind="together" weight="{pair.together}"{_dated(pair.first, pair.last)}>'
        '<attvalues><attvalue for="kind" value="together"/></attvalues></edge>\n'
    )


def _edge_of_statement(value: dict[str, Any], columns: tuple[Column, ...]) -> str:
    id_, source, target, label = (
        escaped(value[each] or "") for each in ("id", "source", "target", "predicate")
    )
    dated = _dated(value["first_seen"], value["last_seen"])
    values = ["statement", *(value[each.name] for each in columns)]
    return (
        f'<edge id="{id_}" source="{source}" target="{target}" label="{label}" kind="statement"'
        f' weight="{max(value["article_count"] or 0, 1)}"{dated}>'
        f"{_attvalues((_KIND, *columns), values)}</edge>\n"
    )


def _attvalues(columns: Iterable[Column], values: Row) -> str:
    found = "".join(
        f'<attvalue for="{each.name}" value="{escaped(_words(value))}"/>'
        for each, value in zip(columns, values, strict=True)
        if value is not None
    )
    return f"<attvalues>{found}</attvalues>" if found else ""


def _words(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value)


def _dated(first: str | None, last: str | None) -> str:
    """Return the attributes of the days of the first and the last article."""
    begin, end = first_day(first or ""), last_day(last or "")
    return (f' start="{begin}"' if begin else "") + (f' end="{end}"' if end else "")


def first_day(date: str) -> str | None:
    """Return the first day of a date, which may be a month or a year; None if it is no date.

    >>> first_day("2021-08"), first_day("2021"), first_day("soon")
    ('2021-08-01', '2021-01-01', None)
    """
    found = _DAY.fullmatch(date)
    return f"{found[1]}-{found[2] or '01'}-{found[3] or '01'}" if found else None


def last_day(date: str) -> str | None:
    """Return the last day of a date, which may be a month or a year; None if it is no date.

    >>> last_day("2021-02"), last_day("2021"), last_day("2021-08-05")
    ('2021-02-28', '2021-12-31', '2021-08-05')
    """
    found = _DAY.fullmatch(date)
    if found is None:
        return None
    year, month = found[1], found[2] or "12"
    if found[3]:
        return f"{year}-{month}-{found[3]}"
    if not (int(year) and 1 <= int(month) <= 12):
        return None
    return f"{year}-{month}-{monthrange(int(year), int(month))[1]}"
