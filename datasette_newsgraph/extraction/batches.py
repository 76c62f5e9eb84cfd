"""Batches of raw articles become records: in this process, or in several that are spawned for it.

Reading a page and extracting what a text says both run where the batch runs. In each process an
extractor is made once, and loads its model when the first article comes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from multiprocessing import get_context
from types import TracebackType
from typing import TypeVar

from datasette_newsgraph.article import Article, Relation
from datasette_newsgraph.dates import is_date
from datasette_newsgraph.dates.forms import read_day
from datasette_newsgraph.errors import ExtractionStopped, RecordError
from datasette_newsgraph.extraction.answers import Answer, answers
from datasette_newsgraph.extraction.extractor import Extractor, Options, make_extractor
from datasette_newsgraph.extraction.raw import RAW
from datasette_newsgraph.extraction.request import Extraction
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats import FORMATS
from datasette_newsgraph.spawned import begin_process, end_pool, without_interrupts

#: To be raised when the layout makes something else of the same text.
REVISION = "1"
_DIGITS = 32
_Result = TypeVar("_Result")
#: Waits for what was begun, and returns it.
Awaited = Callable[[], _Result]


class Running:
    """An extraction that runs: batches are begun, and what comes of them is waited for. To be used as
    a context manager. Raises UsageError where the extractor cannot be made.
    """

    def __init__(self, extraction: Extraction) -> None:
        self.extraction = extraction
        self.extractor = make_extractor(extraction.extractor, extraction.options)
        self._pool: ProcessPoolExecutor | None = None

    @property
    def digest(self) -> str:
        """What tells whether an extractor of the same kind has made a record of the same text."""
        options, extractor = self.extraction.options, self.extractor
        parts = (
            REVISION,
            *(extractor.name, extractor.version, extractor.model, extractor.digest),
            *(options.model, options.language, options.published, options.min_confidence),
            self.extraction.publisher,
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:_DIGITS]

    @property
    def limits(self) -> str:
        """What the extractor says that it does not find, in a line for people, or nothing."""
        return str(getattr(self.extractor, "limits", None) or "")

    @property
    def ahead(self) -> int:
        """How many batches are begun before the first one is waited for."""
        return 0 if self.extraction.jobs == 1 else 2 * self.extraction.jobs

    def parse(self, format_name: str, raws: list[bytes]) -> Awaited[list[Parsed | RecordError]]:
        """Begin to read records of a format."""
        if self.extraction.jobs == 1:
            return _done(parsed(format_name, raws))
        return self._begun(parsed, format_name, raws)

    def extract(self, articles: list[Article]) -> Awaited[list[Answer]]:
        """Begin to extract what articles say."""
        if self.extraction.jobs == 1:
            return _done(extracted(self.extraction, self.extractor, articles))
        return self._begun(_extracted, self.extraction, articles)

    def sure(self, relations: list[Relation]) -> list[Relation]:
        """Return the statements of which the extractor is as sure as the user asks for."""
        least = self.extraction.options.min_confidence
        return [each for each in relations if each.confidence is None or each.confidence >= least]

    def _begun(self, work: Callable[..., _Result], *arguments: object) -> Awaited[_Result]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.extraction.jobs, get_context("spawn"), begin_process
            )
        try:
            with without_interrupts():
                future = self._pool.submit(work, *arguments)
        except BrokenProcessPool as error:
            raise _stopped() from error
        return lambda: _waited(future)

    def __enter__(self) -> Running:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is None:
            return
        end_pool(self._pool, is_awaited=error is None)


def _done(result: _Result) -> Awaited[_Result]:
    return lambda: result


def _waited(future: Future[_Result]) -> _Result:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise _stopped() from error


def _stopped() -> ExtractionStopped:
    return ExtractionStopped(
        "a process that extracts has died, perhaps as memory is short; run the same command with"
        " fewer --jobs (a load goes on where it stopped)"
    )


def parsed(format_name: str, raws: list[bytes]) -> list[Parsed | RecordError]:
    """Return of each raw record its article, or why it is none."""
    format_ = next(each for each in (*RAW, *FORMATS) if each.name == format_name)
    found: list[Parsed | RecordError] = []
    for raw in raws:
        try:
            found.append(format_.reader.parse(raw))
        except RecordError as error:
            found.append(error)
    return found


def extracted(
    extraction: Extraction, extractor: Extractor, articles: list[Article]
) -> list[Answer]:
    """Return of each article the record that the extractor makes of it, or why there is none."""
    return answers(extractor, [_completed(article, extraction) for article in articles])


@lru_cache(maxsize=1)
def _made(name: str, options: Options) -> Extractor:
    """Return the extractor of a process that was spawned for it."""
    return make_extractor(name, options)


def _extracted(extraction: Extraction, articles: list[Article]) -> list[Answer]:
    return extracted(extraction, _made(extraction.extractor, extraction.options), articles)


def _completed(article: Article, extraction: Extraction) -> Article:
    """Return an article with what its layout tells, and then what the user said of all."""
    # A load without extraction has no use for it, and would begin later.
    from datasette_newsgraph.extraction.layout import lay_out

    article = lay_out(article)
    published = article.published or ""
    if not is_date(published):
        published = read_day(published) or extraction.options.published or published
    article.published = published or None
    article.publisher = article.publisher or extraction.publisher
    article.language = article.language or extraction.options.language
    return article
