"""Read one table of a folder, from Parquet or CSV, as rows of plain values."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers.delimited import delimiter_of, stated_line
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.limits import Held, Limit

_ENDINGS = (".parquet", ".csv")
#: Rows of Parquet that are read at once.
_BATCH = 256
_LISTED = re.compile(r"[^\s\[\]'\",]+")

#: For a column the names that it has had, the newest first.
Columns = Mapping[str, tuple[str, ...]]
Rows = list[dict[str, Any]]


def find_table(names: Iterable[str], stems: Iterable[str]) -> str | None:
    """Return the file of a folder that is a table called one of ``stems``, the first preferred."""
    given = frozenset(names)
    wanted = (stem + ending for stem in stems for ending in _ENDINGS)
    return next((name for name in wanted if name in given), None)


def read_table(folder: Folder, name: str, columns: Columns, required: Iterable[str]) -> Rows:
    """Return the rows of a table as dicts of ``columns``, those that are absent as None.

    Raises InputError where the file cannot be read or has no column that is ``required``.
    """
    data = folder.read(name, is_whole=True)
    place = f"{folder.path}: {name}"
    read = _parquet if name.endswith(".parquet") else _csv
    wanted = {each for names in columns.values() for each in names}
    header, rows = read(place, data, wanted, folder.limit)
    called = {
        column: next((each for each in names if each in header), None)
        for column, names in columns.items()
    }
    for column in required:
        if called[column] is None:
            raise InputError(
                f"{place} has no column {columns[column][0]} (it has {', '.join(header) or 'none'});"
                " write the table again with GraphRAG"
            )
    return [
        {column: None if each is None else row.get(each) for column, each in called.items()}
        for row in rows
    ]


def words(cell: Any) -> str | None:
    """Return a cell as text; None if there is none in it."""
    text = "" if cell is None or isinstance(cell, (list, dict)) or cell != cell else str(cell)
    return text if text.strip() else None


def listed(cell: Any) -> list[str]:
    """Return a cell that holds ids: a list, or a list as CSV has it (``['a' 'b']``, ``a,b``)."""
    if isinstance(cell, list):
        return [str(each) for each in cell if each is not None]
    return _LISTED.findall(cell) if isinstance(cell, str) else []


def _parquet(place: str, data: bytes, wanted: set[str], limit: Limit) -> tuple[list[str], Rows]:
    try:
        arrow: Any = import_module("pyarrow")
        parquet: Any = import_module("pyarrow.parquet")
    except ImportError as error:
        raise InputError(
            f"{place}: reading Parquet needs pyarrow: pip install 'datasette-newsgraph[parquet]'"
        ) from error
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        header = list(file.schema_arrow.names)
        # Not the embeddings.
        columns = [each for each in header if each in wanted]
        held, rows = Held(place, limit), []
        for batch in file.iter_batches(_BATCH, columns=columns):
            # A value that is there once in the file may be that of a million rows.
            held.add(batch.nbytes)
            rows += batch.to_pylist()
    except (arrow.ArrowException, OSError, ValueError, KeyError, OverflowError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"{place} is no Parquet file, or damaged ({reason})") from error
    return header, rows


def _csv(place: str, data: bytes, wanted: set[str], limit: Limit) -> tuple[list[str], Rows]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{place} is not UTF-8: byte {error.start + 1}") from error
    # The text of a document is one cell; the limit of the module is one for the whole process.
    usual = csv.field_size_limit(limit.article)
    try:
        stated = stated_line(text)
        delimiter = delimiter_of(text) if stated else ","
        # Not StringIO, which takes four bytes for each character.
        data = text.removeprefix(stated).encode()
        lines = io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="")
        reader = csv.reader(lines, delimiter=delimiter)
        header = next(reader, [])
        rows = list(_csv_rows(header, reader, wanted))
    except csv.Error as error:
        if "field limit" in str(error):
            raise InputError(limit.too_long(f"{place}: a cell")) from error
        raise InputError(f"{place} is not CSV ({error})") from error
    finally:
        csv.field_size_limit(usual)
    return header, rows


def _csv_rows(
    header: list[str], lines: Iterator[list[str]], wanted: set[str]
) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line:
            cells = zip(header, line, strict=False)
            yield {column: cell or None for column, cell in cells if column in wanted}
