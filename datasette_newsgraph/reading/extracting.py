"""Entries of many inputs on their way through an extractor, in batches, some of them ahead.

::

    entries ── parse ──> named ── extract ──> extracted ── Pipeline.run ──> Ready

Parsing and extracting run where ``Running`` has them run. While one batch is written, the next ones
are on their way, those of the next files, too: a folder of pages is as fast as one file of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from datasette_newsgraph.errors import ExtractionStopped, InputError, RecordError
from datasette_newsgraph.extraction.answers import Answer
from datasette_newsgraph.extraction.batches import Awaited, Running
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.inputs import Input
from datasette_newsgraph.readers.source import Entry
from datasette_newsgraph.reading.pipeline import Named, Pipeline

#: Articles in a batch: so many may be lost when the program is killed.
BATCH_RECORDS = 8
BATCH_BYTES = 1 << 20
#: The same of files in which nothing is extracted.
_OTHER_RECORDS = 200
_OTHER_BYTES = 8 << 20

#: Given a pipeline and entries, returns those of them that are to be read.
Wanted = Callable[[Pipeline, list[Entry]], list[Entry]]


class Coming(NamedTuple):
    """An input with its entries in batches, each of which is ready to be run. The batches raise
    InputError where the input breaks off.
    """

    source: Input
    pipeline: Pipeline
    batches: Iterator[list[Entry]]


def everything(pipeline: Pipeline, entries: list[Entry]) -> list[Entry]:
    """Return all entries: each of them is wanted."""
    return entries


def ahead(
    inputs: Iterable[tuple[Input, Pipeline]], running: Running, wanted: Wanted = everything
) -> Iterator[Coming]:
    """Yield the inputs in order. The batches of one are to be taken before the next is asked for."""
    steps = _extracted(_steps(inputs, wanted), running.ahead)
    # The steps of each input, its first aside, are taken by its batches.
    while (first := next(steps, None)) is not None:
        yield Coming(first.source, first.pipeline, _to_last(first, steps))


def _to_last(step: _Step, steps: Iterator[_Step]) -> Iterator[list[Entry]]:
    """Yield the batches of the input of a step."""
    while True:
        if step.entries:
            yield step.entries
            for entry in step.entries:
                # One that was not run after all: another entry may come to be in its place.
                step.pipeline.extracted.pop(id(entry), None)
        if step.error is not None:
            raise step.error
        if step.is_last:
            return
        step = next(steps)


@dataclass
class _Step:
    """A batch of one input, or its end."""

    source: Input
    pipeline: Pipeline
    entries: list[Entry]
    wanted: list[Entry]
    error: InputError | None = None
    is_last: bool = False
    _whole: tuple[Entry, ...] = ()
    _named: tuple[tuple[Entry, Named], ...] = ()
    _parsing: Awaited[list[Parsed | RecordError]] | None = None
    _extracting: Awaited[list[Answer]] | None = None

    def parse(self) -> None:
        """Begin to parse the entries that can be read."""
        running = self.pipeline.extraction
        if running is None or not self.wanted:
            return
        whole = []
        for entry in self.wanted:
            try:
                self.pipeline.check(entry)
            except RecordError as error:
                self.pipeline.extracted[id(entry)] = error
            else:
                whole.append(entry)
        self._whole = tuple(whole)
        self._parsing = running.parse(self.pipeline.format.name, [each.raw for each in whole])

    def extract(self) -> None:
        """Wait for what was parsed, and begin to extract what it says."""
        running = self.pipeline.extraction
        if running is None or self._parsing is None:
            return
        extracted = self.pipeline.extracted
        for entry, parsed in zip(self._whole, self._parsing(), strict=True):
            try:
                extracted[id(entry)] = self.pipeline.name_it(entry, parsed)
            except RecordError as error:
                extracted[id(entry)] = error
        named = ((entry, extracted[id(entry)]) for entry in self._whole)
        self._named = tuple(
            (entry, each)
            for entry, each in named
            if isinstance(each, Named) and self.pipeline.is_raw(each.parsed.article)
        )
        if self._named:
            self._extracting = running.extract([each.parsed.article for _, each in self._named])

    def finish(self) -> None:
        """Wait for what was extracted."""
        if self._extracting is None:
            return
        try:
            answers = self._extracting()
        except ExtractionStopped as error:
            line = self._named[0][0].line
            raise ExtractionStopped(
                f"{self.source.path}: line {line} or behind: {error}"
            ) from error
        for (entry, named), answer in zip(self._named, answers, strict=True):
            try:
                self.pipeline.take(named, answer)
            except RecordError as error:
                self.pipeline.extracted[id(entry)] = error


def _extracted(steps: Iterable[_Step], most: int) -> Iterator[_Step]:
    """Yield the steps when they are extracted, ``most`` of them ahead in each of the two stages."""
    parsing: deque[_Step] = deque()
    extracting: deque[_Step] = deque()

    def move(limit: int, waiting: int) -> Iterator[_Step]:
        while len(parsing) > limit:
            step = parsing.popleft()
            step.extract()
            extracting.append(step)
        while len(extracting) > waiting:
            step = extracting.popleft()
            step.finish()
            yield step

    for step in steps:
        step.parse()
        parsing.append(step)
        yield from move(most, most)
    while parsing:
        yield from move(len(parsing) - 1, most)
    yield from move(0, 0)


def _steps(inputs: Iterable[tuple[Input, Pipeline]], wanted: Wanted) -> Iterator[_Step]:
    """Yield the batches of each input, and its end."""
    for source, pipeline in inputs:
        error = None
        batches = _cut(pipeline)(pipeline.format.reader.entries(source))
        while True:
            try:
                entries = next(batches, None)
            except InputError as reason:
                error, entries = reason, None
            if entries is None:
                break
            is_extracted = pipeline.extraction is not None
            chosen = wanted(pipeline, entries) if is_extracted else []
            yield _Step(source, pipeline, entries, chosen)
        yield _Step(source, pipeline, [], [], error, is_last=True)


def _cut(pipeline: Pipeline) -> Callable[[Iterable[Entry]], Iterator[list[Entry]]]:
    if pipeline.extraction is None:
        return lambda entries: batches_of(entries, _OTHER_RECORDS, _OTHER_BYTES)
    return lambda entries: batches_of(entries, BATCH_RECORDS, BATCH_BYTES)


def batches_of(entries: Iterable[Entry], records: int, size: int) -> Iterator[list[Entry]]:
    """Yield entries in batches of so many records or bytes; an InputError that comes between is raised
    behind those that came before it.
    """
    batch: list[Entry] = []
    held = 0
    try:
        for entry in entries:
            batch.append(entry)
            held += len(entry.raw)
            if len(batch) >= records or held >= size:
                yield batch
                batch, held = [], 0
    except InputError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
