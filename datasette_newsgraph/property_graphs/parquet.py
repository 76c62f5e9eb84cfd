"""Parquet: a table for each kind of node and edge, and for mentions, evidence and quotes one by one.

Specification: https://parquet.apache.org/docs/file-format/. Needs pyarrow, the extra ``parquet``.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from typing import Any

from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.property_graphs.annotations import ANNOTATIONS
from datasette_newsgraph.property_graphs.columns import (
    ARTICLE,
    ENTITY,
    MENTION,
    STATEMENT,
    STATEMENT_OF_VALUE,
    VALUE,
    Element,
    Type,
)
from datasette_newsgraph.property_graphs.rows import Row, Rows

#: The tables by their names, without ``.parquet``.
TABLES: tuple[tuple[str, Element], ...] = (
    ("entities", ENTITY),
    ("articles", ARTICLE),
    ("values", VALUE),
    ("statements", STATEMENT),
    ("statements_of_values", STATEMENT_OF_VALUE),
    ("appearances", MENTION),
    *ANNOTATIONS,
)
#: The files of the folder.
NAMES = tuple(f"{name}.parquet" for name, _ in TABLES)
#: Rows that are written together: so many are in memory.
_ROWS = 5000


def files(rows: Rows) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the tables: their names and their bytes in blocks. Raises UsageError without pyarrow."""
    arrow = _arrow()
    for name, element in TABLES:
        yield f"{name}.parquet", _table(arrow, rows, element)


def _arrow() -> Any:
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError:
        raise UsageError(
            "writing Parquet needs pyarrow: pip install 'datasette-newsgraph[parquet]'"
        ) from None


def _table(arrow: Any, rows: Rows, element: Element) -> Iterator[bytes]:
    schema = _schema(arrow, rows, element)
    sink = _Sink()
    file = arrow.PythonFile(sink, mode="w")
    with arrow.parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        found = rows.of(element)
        while some := list(islice(found, _ROWS)):
            writer.write_batch(_batch(arrow, schema, some))
            yield sink.taken()
    yield sink.taken()


def _schema(arrow: Any, rows: Rows, element: Element) -> Any:
    types = {
        Type.STRING: arrow.string(),
        Type.INTEGER: arrow.int64(),
        Type.NUMBER: arrow.float64(),
        Type.STRINGS: arrow.list_(arrow.string()),
        Type.LINES: arrow.list_(arrow.string()),
    }
    return arrow.schema([(each.name, types[each.type]) for each in rows.columns(element)])


def _batch(arrow: Any, schema: Any, rows: list[Row]) -> Any:
    columns = zip(*rows, strict=True)
    arrays = [
        arrow.array(list(values), type=field.type)
        for field, values in zip(schema, columns, strict=True)
    ]
    return arrow.RecordBatch.from_arrays(arrays, schema=schema)


class _Sink:
    """A file that keeps what is written until it is taken."""

    closed = False

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._size = 0

    def write(self, block: Any) -> int:
        """Keep a block."""
        data = bytes(block)
        self._blocks.append(data)
        self._size += len(data)
        return len(data)

    def tell(self) -> int:
        """Return how much was written."""
        return self._size

    def flush(self) -> None:
        """Do nothing: all is kept."""

    def close(self) -> None:
        """Do nothing: what is kept can still be taken."""

    def taken(self) -> bytes:
        """Return what was written since it was last taken."""
        found = b"".join(self._blocks)
        self._blocks.clear()
        return found
