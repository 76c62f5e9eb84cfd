"""The entries of a file of graphs: each article of each graph is one, all of one source together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import msgspec

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers.grouping import Resume, grouped
from datasette_newsgraph.readers.property_graphs.articles import articles_of
from datasette_newsgraph.readers.property_graphs.graph import Graph
from datasette_newsgraph.readers.shapes import Shape
from datasette_newsgraph.readers.source import Entry, Source

#: The records of a file.
Records = Callable[[Source, Resume | None], Iterator[Entry]]
#: The graphs that a record holds; raises RecordError if it is none.
Read = Callable[[bytes], Iterable[Graph]]
#: What a file holds: its graphs, each with the record that it is from, and records that are faults.
Graphs = Callable[[Source, Resume | None], Iterator[tuple[Entry, list[Graph]]]]

#: The articles of a smaller file are held, so that it is cut once.
_SMALL = 4 << 20


class _Head(Shape):
    key: str | None = None


def graph_entries(
    source: Source, resume: Resume | None, graphs: Graphs, *, is_whole: bool = False
) -> Iterator[Entry]:
    """Yield the articles of all graphs as JSON of ``ArticleGraph``, those of one source together.

    ``is_whole`` says that all of the file is held to make one graph of it: so its articles may be.
    """

    def cut(source: Source, resume: Resume | None) -> Iterator[Entry]:
        last = 0
        for entry, found in graphs(source, resume):
            written = deque([entry] if entry.fault is not None else _written(entry, found))
            # While an article is parsed, nothing is held of the graph but the bytes of the others.
            del entry
            while written:
                each = written.popleft()
                last = max(each.line, last + 1)
                yield each if each.line == last else replace(each, line=last)

    if resume is None and (is_whole or _is_small(source)):
        return grouped(source, None, _key, _Replayed(cut))
    return grouped(source, resume, _key, cut)


def _is_small(source: Source) -> bool:
    return source.size is not None and source.size <= _SMALL and not source.packing


class _Replayed:
    """The entries of a file, which grouping reads twice, cut once."""

    def __init__(self, cut: Records) -> None:
        self._cut = cut
        self._held: deque[Entry] | None = None
        self._damage: InputError | None = None

    def __call__(self, source: Source, resume: Resume | None) -> Iterator[Entry]:
        if self._held is None:
            self._held = deque()
            try:
                self._held.extend(self._cut(source, resume))
            except InputError as error:
                self._damage = error
            yield from self._held
        else:
            while self._held:
                yield self._held.popleft()
        if self._damage is not None:
            raise self._damage


def of_each_record(records: Records, read: Read) -> Graphs:
    """Return how to read a file of which each record is a graph, or holds several."""

    def graphs(source: Source, resume: Resume | None) -> Iterator[tuple[Entry, list[Graph]]]:
        for entry in records(source, resume):
            if entry.fault is not None:
                yield entry, []
                continue
            try:
                yield entry, list(read(entry.raw))
            except RecordError as error:
                yield replace(entry, fault=str(error)), []

    return graphs


def _written(entry: Entry, graphs: list[Graph]) -> Iterator[Entry]:
    """Yield the articles of the graphs of a record, which are let go."""
    articles: list[bytes] = []
    while graphs:
        articles += map(msgspec.json.encode, articles_of(graphs.pop(0)))
    if len(articles) == 1:
        yield replace(entry, raw=articles[0])
        return
    for each in articles:
        # There is no going on from within one record.
        yield Entry(entry.line, each)


def _key(raw: bytes) -> str | None:
    return msgspec.json.decode(raw, type=_Head).key
