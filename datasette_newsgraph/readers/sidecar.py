"""``--articles FILE``: metadata and texts of articles, for formats that carry none.

What the file, or a folder of files, may be is told in ``sidecar_rows.py``, and what its fields may be
called in ``sidecar_fields.py``. An article is found by its text, or else by
whatever its record knows of it: an address, an id, a title, the name of a file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasette_newsgraph.article import Article
from datasette_newsgraph.dates import day_of, is_date
from datasette_newsgraph.dates.order import DateOrder
from datasette_newsgraph.errors import InputError
from datasette_newsgraph.identity import normalise_name
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.limits import DEFAULT, Limit
from datasette_newsgraph.readers.original_text import set_original
from datasette_newsgraph.readers.sidecar_fields import (
    ArticleData,
    article_data,
    is_known,
    joined_by,
)
from datasette_newsgraph.readers.sidecar_rows import rows_of

_FIELDS = ("url", "title", "published", "publisher", "authors", "sections", "language", "licence")
#: To be raised when a row may come to be of another record than before.
REVISION = "3"
#: Rows of which the columns are told, examples of an id that are, and code points of one.
_LOOKED_AT, _EXAMPLES, _EXAMPLE = 20, 6, 60


@dataclass
class Usage:
    """What was asked of a sidecar.

    ``missed`` counts the records without a row, ``undecided`` those of them whose text several rows
    have; ``used`` are the numbers of rows that were found, ``by_text`` those found by their texts, each
    with the number of records.
    """

    missed: int = 0
    undecided: int = 0
    #: What the first record without a row is known by.
    first_missed: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    by_text: Counter[int] = field(default_factory=Counter)

    @property
    def shared(self) -> int:
        """The number of records that have the text of another one, and so its row."""
        return self.by_text.total() - len(self.by_text)

    def add(self, other: Usage) -> None:
        """Add what was asked elsewhere, of records that come behind those asked for here."""
        self.first_missed = self.first_missed if self.missed else other.first_missed
        self.missed += other.missed
        self.undecided += other.undecided
        self.used |= other.used
        self.by_text.update(other.by_text)


class Sidecar:
    """Rows about articles, by all that they may be known by.

    ``digest`` is the SHA-256 of the file (unpacked); ``columns`` are those by which rows are known,
    each with a value; ``usage`` tells what was asked.
    """

    def __init__(
        self, rows: Iterable[ArticleData], digest: str, columns: Mapping[str, str] | None = None
    ) -> None:
        self.digest = digest
        self.usage = Usage()
        #: Why files of a folder have no rows, by path.
        self.unread: dict[str, str] = {}
        self._columns = columns or {}
        self._rows: list[ArticleData] = []
        #: By the hash of the text, like names.
        self._by_text: dict[bytes, int] = {}
        #: Ids and addresses, of which the last row counts.
        self._by_id: dict[str, int] = {}
        #: Names of files and titles, which count where no two rows have them: -1 then.
        self._by_name: dict[str, int] = {}
        for number, row in enumerate(rows):
            self._rows.append(row)
            for each in filter(None, (row.url, *row.ids)):
                self._by_id[_address(each)] = number
            for name in {*map(normalise_name, row.files), normalise_name(row.title or "")} - {""}:
                self._note(self._by_name, name, number)
            if row.text is not None:
                self._note(self._by_text, _text_hash(row.text), number)

    def _note(self, known_by: dict[Any, int], value: object, number: int) -> None:
        """Note what a row is known by, if no row of another article is known by the same."""
        known, iri = known_by.get(value), self._rows[number].iri
        is_other = known is not None and (known < 0 or iri is None or self._rows[known].iri != iri)
        known_by[value] = -1 if is_other else number

    @classmethod
    def open(cls, path: str | Path, limit: Limit = DEFAULT) -> Sidecar:
        """Read all rows of a file, or of the files in a folder, none of which may be over the limit of
        an article; raises InputError that names the line which cannot be read.
        """
        found = rows_of(path, limit)
        rows = [article_data(row.fields) for row in found.rows]
        for row, article in zip(found.rows, rows, strict=True):
            article.files += [each for each in row.files if each not in article.files]
        _read_dates(rows)
        columns: dict[str, str] = {}
        for each in found.rows[:_LOOKED_AT]:
            columns = {**joined_by(each.fields), **columns}
        if rows and not any(map(is_known, rows)):
            names = ", ".join(map(str, found.rows[0].fields)) or "none"
            raise InputError(
                f"{path}: no row has a text, url, id, title or filename to join articles by;"
                f" the columns are {names}"
            )
        sidecar = cls(rows, found.digest, columns)
        sidecar.unread = found.unread
        return sidecar

    def begin_usage(self) -> Usage:
        """Count from now on anew what is asked, and return the counts."""
        self.usage = Usage()
        return self.usage

    @property
    def unused(self) -> int:
        """The number of rows that no record has asked for."""
        return len(self._rows) - len(self.usage.used)

    def find(self, ids: Iterable[str]) -> ArticleData | None:
        """Return the row that any of ``ids`` tells, the first that tells one."""
        for each in ids:
            number = self._by_id.get(_address(each), -1)
            if number < 0:
                number = self._by_name.get(normalise_name(each), -1)
            if number >= 0:
                self.usage.used.add(number)
                return self._rows[number]
        return None

    @property
    def reason(self) -> str:
        """Say what the first record without a row is known by, and what the rows; nothing if all have
        one.
        """
        if not self.usage.missed:
            return ""
        known = ", ".join(self.usage.first_missed) or "nothing"
        rows = ", ".join(f"{name} ({value})" for name, value in self._columns.items())
        return f"the first is known by {known}; rows by {rows or 'nothing'}"

    def _find_by_text(self, article: Article) -> ArticleData | None:
        """Return the one row that has the text of an article, unless both have addresses that differ:
        then it is the same text in another place.
        """
        number = self._by_text.get(_text_hash(article.text or ""), -1) if self._by_text else -1
        if number < 0:
            return None
        row = self._rows[number]
        own, other = _address(article.url or article.id), _address(row.iri or "")
        if other and own.startswith(("//", "urn:")) and own != other:
            return None
        self.usage.by_text[number] += 1
        self.usage.used.add(number)
        return row

    def _miss(self, article: Article, ids: Iterable[str]) -> None:
        has_text = bool((article.text or "").strip())
        usage = self.usage
        usage.undecided += has_text and self._by_text.get(_text_hash(article.text or "")) == -1
        if not usage.missed:
            told = [_example(each) for each in dict.fromkeys(ids)][:_EXAMPLES]
            usage.first_missed = [*told, "its text"] if has_text else told
        usage.missed += 1

    def join(self, parsed: Parsed, ids: Iterable[str]) -> Parsed:
        """Give a record what it has not and its row has.

        The row is that of its text, as no two articles have one by chance; then that of its ``ids``, in
        their order: an id of a tool may be a number that means something else here. The record's own
        text is kept unless it was joined from tokens; its id is the row's address, or the row's id
        where that is an IRI, unless the record tells its own.
        """
        article, ids = parsed.article, list(ids)
        row = self._find_by_text(article) or self.find(ids)
        if row is None:
            self._miss(article, ids)
            return parsed
        if not article.id and not article.url:
            article.id = row.iri or ""
        parsed.notes.passed_over.update(row.passed_over)
        if row.published and is_date(row.published) and not is_date(article.published or ""):
            article.published = row.published
        for name in _FIELDS:
            if not getattr(article, name):
                value = getattr(row, name)
                setattr(article, name, list(value) if isinstance(value, list) else value)
        if row.text is not None and (not article.text or parsed.is_joined):
            set_original(parsed, row.text)
        return parsed


def _read_dates(rows: list[ArticleData]) -> None:
    """Put dates in the place of the words that are dates, among all of the file."""
    order = DateOrder(lambda: (("published", row.published) for row in rows if row.published))
    dates = [order.read("published", row.published or "")[0] for row in rows]
    for row, date in zip(rows, dates, strict=True):
        row.published = day_of(date) if date else row.published


def _text_hash(text: str) -> bytes:
    """Return what tells whether two texts are one, whatever their white space.

    Tools strip it and collapse it, files end their lines in other ways, and readers join tokens by
    blanks: no two articles differ in nothing else.
    """
    return hashlib.sha256("".join(text.split()).encode("utf-8", "replace")).digest()


def _example(words: str) -> str:
    return words if len(words) <= _EXAMPLE else f"{words[: _EXAMPLE - 1]}…"


def _address(words: str) -> str:
    """Return an id, or an address in the form under which its variants are one."""
    words = words.strip()
    for scheme in ("https://", "http://"):
        if words.startswith(scheme):
            return "//" + words.removeprefix(scheme).partition("#")[0].rstrip("/")
    return words
