"""Read the dates of a record, once all dates of its file can be asked what comes first in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple, Protocol

from datasette_newsgraph.article import Article
from datasette_newsgraph.dates import day_of, is_date
from datasette_newsgraph.dates.forms import read_date
from datasette_newsgraph.dates.order import DateOrder, Given
from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Reader
from datasette_newsgraph.readers.inputs import Input
from datasette_newsgraph.readers.limits import Limit
from datasette_newsgraph.readers.source import Source


class Unread(NamedTuple):
    """Words in the place of a date, and why they are none."""

    reason: str
    words: str


def given_dates(article: Article) -> Iterator[Given]:
    """Yield the words of all dates of an article, with their fields."""
    if article.published:
        yield "published", article.published
    for relation in article.relations:
        if relation.start_date:
            yield "start_date", relation.start_date
        if relation.end_date:
            yield "end_date", relation.end_date


def read_dates(article: Article, order: DateOrder, *, with_time: bool) -> str:
    """Put dates as they are stored in the place of words that are dates, the time of day only if it is
    asked for.

    Return what the order of the file made of the dates that depend on it, nothing if there are none:
    a record is to be read again when that changes.
    """
    decided: set[str] = set()

    def read(field: str, words: str) -> str:
        found, first = order.read(field, words)
        if first is not None:
            decided.add(f"{field} {first}")
        if found is None:
            return words
        return found if with_time else day_of(found)

    if article.published:
        article.published = read("published", article.published)
    for relation in article.relations:
        if relation.start_date:
            relation.start_date = read("start_date", relation.start_date)
        if relation.end_date:
            relation.end_date = read("end_date", relation.end_date)
    return ", ".join(sorted(decided))


def unread_dates(article: Article) -> list[Unread]:
    """Return the words that stand where a date is to stand, when the dates have been read."""
    return [
        Unread(read_date(words).reason, words)
        for _, words in given_dates(article)
        if not is_date(words)
    ]


class HasReader(Protocol):
    """What says how a file is read: a format."""

    @property
    def reader(self) -> Reader:
        """The module that reads it."""


def order_in(source: Input, format_: HasReader) -> DateOrder:
    """Return the order of the dates in a file or folder, which is read once more when a date asks for
    it. Standard input and pipes, which can be read once only, decide nothing.
    """
    if isinstance(source, Source) and source.size is None:
        return DateOrder()
    # No closure: the order is sent to other processes, which read for this one.
    return DateOrder(partial(_dates_in, type(source), source.path, source.limit, format_))


def _dates_in(kind: type[Input], path: str, limit: Limit, format_: HasReader) -> Iterator[Given]:
    source: Input | None = None
    reader = format_.reader
    try:
        source = kind(path, limit)
        for entry in reader.entries(source):
            if entry.fault is not None:
                continue
            try:
                article = reader.parse(entry.raw).article
            except RecordError:
                continue
            yield from given_dates(article)
    except InputError:
        # Told with its line when the records themselves are read.
        return
    finally:
        if source is not None:
            source.close()
