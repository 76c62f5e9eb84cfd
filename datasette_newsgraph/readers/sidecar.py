"""``--articles FILE``: metadata and texts of articles, for formats that carry none.

The file is JSON (lines, an array, objects) or CSV or TSV with a header, also compressed; what its
fields may be called is told in ``sidecar_fields.py``. An article is found by whatever its record
knows of it: an address, an id, a title, the name of a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.identity import normalise_name
from datasette_newsgraph.readers import Parsed, cutting, delimited, shapes
from datasette_newsgraph.readers.original_text import set_original
from datasette_newsgraph.readers.sidecar_fields import ArticleData, article_data
from datasette_newsgraph.readers.source import Source

_FIELDS = ("url", "title", "published", "publisher", "authors", "sections", "language", "licence")


class Sidecar:
    """Rows about articles, by all that they may be known by.

    ``digest`` is the SHA-256 of the file (unpacked); ``missed`` counts the records without a row.
    """

    def __init__(self, rows: Iterable[ArticleData], digest: str) -> None:
        self.digest = digest
        self.missed = 0
        self._rows: list[ArticleData] = []
        self._used: set[int] = set()
        #: Ids and addresses, of which the last row counts.
        self._by_id: dict[str, int] = {}
        #: Names of files and titles, which count where no two rows have them: -1 then.
        self._by_name: dict[str, int] = {}
        for number, row in enumerate(rows):
            self._rows.append(row)
            for each in filter(None, (row.url, *row.ids)):
                self._by_id[_address(each)] = number
            for name in {*map(normalise_name, row.files), normalise_name(row.title or "")} - {""}:
                known = self._by_name.get(name)
                is_other = known is not None and (
                    known < 0 or row.iri is None or self._rows[known].iri != row.iri
                )
                self._by_name[name] = -1 if is_other else number

    @classmethod
    def open(cls, path: str | Path) -> Sidecar:
        """Read all rows; raises InputError that names the line which cannot be read."""
        with closing(Source(path)) as source:
            is_json = source.sample(1 << 16)[0].lstrip()[:1] in (b"{", b"[")
            found = list(_of_json(source) if is_json else _of_table(source))
            rows = [article_data(row) for row in found]
            if found and not any(row.ids or row.url or row.title or row.files for row in rows):
                raise InputError(
                    f"{source.path}: no row has an id, url, title or filename to join articles by"
                )
            return cls(rows, source.sha256 or "")

    @property
    def unused(self) -> int:
        """The number of rows that no record has asked for."""
        return len(self._rows) - len(self._used)

    def find(self, ids: Iterable[str]) -> ArticleData | None:
        """Return the row that any of ``ids`` tells, the first that tells one."""
        for each in ids:
            number = self._by_id.get(_address(each), -1)
            if number < 0:
                number = self._by_name.get(normalise_name(each), -1)
            if number >= 0:
                self._used.add(number)
                return self._rows[number]
        return None

    def join(self, parsed: Parsed, ids: Iterable[str]) -> Parsed:
        """Give a record what it has not and its row has.

        Its own text is kept unless it was joined from tokens; its id is the row's address, or the
        row's id where that is an IRI, unless the record tells its own.
        """
        row = self.find(ids)
        if row is None:
            self.missed += 1
            return parsed
        article = parsed.article
        if not article.id and not article.url:
            article.id = row.iri or ""
        for field in _FIELDS:
            if not getattr(article, field):
                value = getattr(row, field)
                setattr(article, field, list(value) if isinstance(value, list) else value)
        if row.text is not None and (not article.text or parsed.is_joined):
            set_original(parsed, row.text)
        return parsed


def _address(words: str) -> str:
    """Return an id, or an address in the form under which its variants are one."""
    words = words.strip()
    for scheme in ("https://", "http://"):
        if words.startswith(scheme):
            return "//" + words.removeprefix(scheme).partition("#")[0].rstrip("/")
    return words


def _of_json(source: Source) -> Iterator[dict[str, Any]]:
    for entry in cutting.records(source):
        place = f"{source.path}: row {entry.line}"
        if entry.fault is not None:
            raise InputError(f"{place}: {entry.fault}; take it out or mend it")
        try:
            row: object = shapes.decode(entry.raw, object)
        except (RecordError, RecursionError) as error:
            raise InputError(f"{place}: {error}; take it out or mend it") from error
        if not isinstance(row, dict):
            raise InputError(f"{place}: expected an object, got {type(row).__name__}")
        # JSON-LD has several things in a graph.
        graph = row.get("@graph")
        yield from (
            (each for each in graph if isinstance(each, dict))
            if isinstance(graph, list)
            else (row,)
        )


def _of_table(source: Source) -> Iterator[dict[str, Any]]:
    for entry in cutting.whole(source):
        try:
            text = entry.raw.decode("utf-8").replace("\0", "\ufffd")
        except UnicodeDecodeError as error:
            line = entry.raw.count(b"\n", 0, error.start) + 1
            raise InputError(
                f"{source.path}: line {line}: not UTF-8; convert the file first (iconv -t UTF-8)"
            ) from error
        header: list[str] = []
        for row in delimited.rows(text, delimited.delimiter_of(text.lstrip().partition("\n")[0])):
            if row.fault is None and header and len(row.cells) > len(header):
                row = row._replace(fault=f"{len(row.cells)} cells, but {len(header)} columns")
            if row.fault is not None:
                raise InputError(f"{source.path}: line {row.line}: {row.fault}; mend the row")
            if header:
                yield dict(zip(header, row.cells, strict=False))
            else:
                header = [cell.strip() for cell in row.cells]
