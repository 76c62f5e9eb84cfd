"""Read the tables that Label Studio exports (CSV, TSV): a row for each annotation of a task.

- A cell with labelled regions, in JSON, gives the mentions, one for each label of a region. Its column
  has the name of the control tag (``label``). There may be several such columns.
- The text is in the column in which the regions read what they say, or else in ``text``, or else it is
  the longest cell.
- Tables have no relations and no predictions: the JSON export has them. Choices, ratings and what is
  said of the annotation (``annotator``, ``lead_time``) are left out.
- Columns called ``url``, ``title``, ``date`` and so on describe the article. Rows of the articles file
  are joined by ``id``.
- A row whose regions are not JSON, or that has other cells than the header, is rejected.

Offsets: UTF-16 code units (JavaScript's), end exclusive, as in Label Studio's JSON.

Example::

    annotation_id,annotator,created_at,id,label,lead_time,text,updated_at
    7,1,2019-09-24T08:00:00Z,12,"[{""start"": 0, ""end"": 14, ""text"": ""Greta Thunberg"",
    ""labels"": [""PER""]}]",31.5,"Greta Thunberg spoke in New York.",2019-09-24T08:01:00Z
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from datasette_newsgraph.anchoring.units import UTF16
from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.label_studio import parse
from datasette_newsgraph.readers.limits import KEPT
from datasette_newsgraph.readers.shapes import decode
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.table_rows import bytes_of, rows_of

__all__ = ["entries", "parse"]

#: Columns that are about the annotation, and those that Label Studio gives a task.
_NOT_DATA = frozenset(
    {"annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement", "id", ""}
)
#: How lists and objects begin in JSON, and what only regions have, also as Python writes them.
_JSON = ("[{", '{"', "[]", '["')
_REGION = re.compile(r"['\"](?:start|labels|hypertextlabels)['\"]\s*:")


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield each row as the task that Label Studio's JSON export has."""
    rows = rows_of(source)
    header = next(rows, None)
    if header is None:
        return
    names = [cell.strip() for cell in header.cells]
    if header.fault is not None or "annotation_id" not in names:
        raise InputError(
            f"{source.path}: has no column annotation_id; its first line must name the columns, as"
            " Label Studio writes them"
        )
    column: str | None = None
    for row in rows:
        fault = row.fault
        if fault is None:
            try:
                cells = dict(zip(names, row.cells, strict=False))
                task, column = _task(cells, column)
                yield Entry(row.line, msgspec.json.encode(task))
                continue
            except RecordError as error:
                fault = str(error)
        yield Entry(row.line, bytes_of(row, KEPT), fault=fault)


def _task(cells: Mapping[str, str], column: str | None) -> tuple[dict[str, Any], str | None]:
    """Return a row as a task, and the column of its text; that of a row without regions is the one of
    the rows before.
    """
    values: list[Any] = []
    data: dict[str, str] = {}
    for name, cell in cells.items():
        regions = _regions(name, cell)
        if regions is None and name not in _NOT_DATA:
            data[name] = cell
        values += regions or ()
    column = next((name for name in data if _reads(data[name], values)), column)
    if column in data and not values:
        # No region says what is labelled: it is found by the name that most texts have.
        data["text"] = data.pop(column)
    result = [
        {"type": "hypertextlabels" if "hypertextlabels" in each else "labels", "value": each,
         "to_name": column}
        for each in values
    ]  # fmt: skip
    task = {"id": cells.get("id"), "data": data, "annotations": [{"result": result}]}
    return task, column


def _regions(name: str, cell: str) -> list[Any] | None:
    """Return the regions of a cell, nothing of another list or object; None if it is neither. Raises
    RecordError where it is broken.
    """
    text = cell.strip()
    if not text.startswith(_JSON):
        return None
    try:
        given = decode(text.encode("utf-8", "replace"), object)
    except RecordError as error:
        if _REGION.search(text):
            raise RecordError(f"column {name}: its regions are {error}") from error
        return None
    listed = given if isinstance(given, list) else []
    return [each for each in listed if isinstance(each, dict) and "start" in each]


def _reads(cell: str, regions: list[Any]) -> bool:
    """Tell whether the first region with words reads them in a cell."""
    for each in regions:
        start, end, words = each.get("start"), each.get("end"), each.get("text")
        if isinstance(start, int) and isinstance(end, int) and isinstance(words, str) and words:
            return Building(cell, UTF16).words(start, end) == words
    return False
