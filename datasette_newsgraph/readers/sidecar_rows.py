"""The rows of what is given with ``--articles``: a file, or the files in a folder.

A file is JSON (lines, an array, objects), CSV or TSV with a header, a feed (RSS, Atom) or a web page
with JSON-LD; also compressed. Objects of JSON may be articles of schema.org or items of ninjs.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import cutting, delimited, packing, shapes
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.limits import Limit
from datasette_newsgraph.readers.published import ninjs, schema_org
from datasette_newsgraph.readers.published.feeds import FEED, rows_of_feed
from datasette_newsgraph.readers.published.pages import articles_of_page, text_of_html
from datasette_newsgraph.readers.sidecar_fields import article_data, file_names, is_known
from datasette_newsgraph.readers.source import Source

_HEAD = 1 << 16
_NO_ARTICLE = (
    "is neither a feed nor a web page with JSON-LD of an article; give its data as JSON or CSV"
)
_UNKNOWN = "no row has a text, url, id, title or filename to join articles by"


@dataclass
class Row:
    """What is said of an article, and by what names of files it is known."""

    fields: dict[str, Any]
    files: list[str] = field(default_factory=list)


@dataclass
class Rows:
    """All rows, the hash of the files, and why some of these have none, by path."""

    rows: list[Row] = field(default_factory=list)
    digest: str = ""
    unread: dict[str, str] = field(default_factory=dict)


def rows_of(path: str | Path, limit: Limit) -> Rows:
    """Return the rows of a file, or of all files in a folder. Raises InputError, of a folder only if no
    file in it has a row.
    """
    if str(path) == "-" or not os.path.isdir(path):
        with closing(Source(path, limit)) as source:
            rows = [Row(each) for each in _rows_of_file(source)]
            return Rows(rows, source.sha256 or "")
    return _rows_of_folder(Folder(path, limit))


def _rows_of_folder(folder: Folder) -> Rows:
    found = Rows()
    digest = hashlib.sha256()
    for name in folder.names:
        path = os.path.join(folder.path, name)
        try:
            with closing(Source(path, folder.limit)) as source:
                rows = [Row(each) for each in _rows_of_file(source)]
                digest.update(f"{name}\n{source.sha256}\n".encode("utf-8", "surrogateescape"))
        except InputError as error:
            found.unread[path] = str(error).removeprefix(f"{path}: ")
            continue
        if not any(is_known(article_data(each.fields)) for each in rows):
            found.unread[path] = _UNKNOWN
            continue
        if len(rows) == 1:
            # The file of one article is known by its name, as the file of its text is.
            rows[0].files = file_names(name)
        found.rows += rows
    if not found.rows:
        first = next(iter(found.unread.items()), None)
        why = f": {os.path.basename(first[0])} {first[1]}" if first is not None else ""
        raise InputError(f"{folder.path}: no file in it says anything of an article{why}")
    found.digest = digest.hexdigest()
    return found


def _rows_of_file(source: Source) -> Iterator[dict[str, Any]]:
    packing.refuse(source.head(packing.HEAD), source.path, zip_too=True)
    head = source.sample(_HEAD)[0].lstrip()
    if head[:1] in (b"{", b"["):
        return _of_json(source)
    if FEED.match(head):
        return _of_feed(source)
    if head.startswith(b"<"):
        return _of_page(source)
    return _of_table(source)


def _of_json(source: Source) -> Iterator[dict[str, Any]]:
    for entry in cutting.records(source):
        place = f"{source.path}: row {entry.line}"
        if entry.fault is not None:
            raise InputError(f"{place}: {entry.fault}; correct it or take it out")
        try:
            row: object = shapes.decode(entry.raw, object)
        except (RecordError, RecursionError) as error:
            raise InputError(f"{place}: {error}; correct it or take it out") from error
        articles = [schema_org.row_of(each) for each in schema_org.articles_in(row)]
        if articles:
            yield from articles
            continue
        if not isinstance(row, dict):
            raise InputError(f"{place}: expected an object, got {type(row).__name__}")
        if ninjs.is_item(row):
            yield _with_text(ninjs.row_of(row))
            continue
        # JSON-LD has several things in a graph.
        graph = row.get("@graph")
        yield from (
            (each for each in graph if isinstance(each, dict))
            if isinstance(graph, list)
            else (row,)
        )


def _with_text(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with the text of its HTML, if it has no other."""
    page = row.pop("html", None)
    if not row.get("text") and isinstance(page, str):
        row["text"] = text_of_html(page)
    return row


def _whole(source: Source) -> bytes:
    return b"".join(entry.raw for entry in cutting.whole(source))


def _of_feed(source: Source) -> Iterator[dict[str, Any]]:
    try:
        yield from rows_of_feed(_whole(source))
    except RecordError as error:
        raise InputError(f"{source.path}: {error}; get the feed again") from error


def _of_page(source: Source) -> Iterator[dict[str, Any]]:
    found = [schema_org.row_of(each) for each in articles_of_page(_whole(source))]
    if not found:
        raise InputError(f"{source.path}: {_NO_ARTICLE}")
    yield from found


def _of_table(source: Source) -> Iterator[dict[str, Any]]:
    head = source.sample(1 << 20)[0].decode("utf-8", "replace")
    header: list[str] = []
    for row in delimited.rows(_lines(source), delimited.delimiter_of(head), source.limit):
        if row.fault is None and header and len(row.cells) > len(header):
            row = row._replace(fault=f"{len(row.cells)} cells, but {len(header)} columns")
        if row.fault is not None:
            raise InputError(f"{source.path}: line {row.line}: {row.fault}; correct the row")
        if header:
            yield dict(zip(header, row.cells, strict=False))
        else:
            header = [cell.strip() for cell in row.cells]


def _lines(source: Source) -> Iterator[delimited.Line]:
    for entry in source.lines(as_they_are=True):
        try:
            # What is left of a line that is too long may end within a character.
            text = entry.raw.decode("utf-8", "strict" if entry.fault is None else "replace")
        except UnicodeDecodeError as error:
            raise InputError(
                f"{source.path}: line {entry.line}: not UTF-8; convert the file first"
                " (iconv -t UTF-8)"
            ) from error
        yield text.replace("\0", "\ufffd"), entry.fault
