"""The extractor that asks a language model about each article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib.metadata import version

import llm

from datasette_newsgraph.article import Article
from datasette_newsgraph.dates import day_of, is_date
from datasette_newsgraph.errors import InputError, NewsgraphError, RecordError, UsageError
from datasette_newsgraph.extraction.extractor import Extracted, Options
from datasette_newsgraph.extraction.llm.answer import LONGEST
from datasette_newsgraph.extraction.llm.asking import TEXTS, ask
from datasette_newsgraph.extraction.llm.failing import failure
from datasette_newsgraph.extraction.llm.findings import BOUNDS, Findings
from datasette_newsgraph.extraction.llm.windows import OVERLAP, SIZE, windows

#: To be raised when the same answers make another record.
REVISION = "1"
#: At so many articles in a row a model fails before nothing more is asked of it.
_FAILURES = 3


class LanguageModel:
    """Asks one model, window by window. Nothing of it is logged in the database of ``llm``."""

    name = "llm"

    def __init__(self, model: llm.Model, options: Options) -> None:
        self.version = version("llm")
        self.model = model.model_id
        self._asked = model
        self._failures = 0
        parts = (REVISION, *TEXTS, model.supports_schema, SIZE, OVERLAP, LONGEST, *BOUNDS)
        self.digest = hashlib.sha256(repr((*parts, options)).encode()).hexdigest()

    def extract(self, articles: Iterable[Article]) -> Iterator[Extracted | RecordError]:
        """Yield what the model says of each article, as far as its text bears it out.

        Raises UsageError where the model can be asked about no article, as without a key, and
        InputError where it fails at several in a row.
        """
        for article in articles:
            yield self._extracted(article)

    def _extracted(self, article: Article) -> Extracted | RecordError:
        try:
            found = self._found(article)
        except RecordError as error:
            return error
        except Exception as error:
            failed = failure(self.model, error)
            return self._failed(failed)
        self._failures = 0
        return found

    def _found(self, article: Article) -> Extracted:
        text = article.text or ""
        published = article.published or ""
        day = day_of(published) if is_date(published) else None
        findings = Findings(text, article.language)
        for start, end in windows(text):
            if text[start:end].strip():
                findings.add(ask(self._asked, text[start:end], day), start, end)
        return findings.of(article)

    def _failed(self, error: NewsgraphError) -> RecordError:
        if not isinstance(error, RecordError):
            raise error
        self._failures += 1
        if self._failures >= _FAILURES:
            raise InputError(
                f"{error}; so it did at {_FAILURES} articles in a row, and no more are tried: run the"
                " same command again when it answers"
            )
        return error


def make(options: Options) -> LanguageModel:
    """Return the extractor for the model of the options, or llm's default model; raises UsageError."""
    for option, given in (("--lexicon", options.lexicons), ("--aliases", options.aliases)):
        if given:
            raise UsageError(f"{option} is not for the extractor llm: a model knows its own words")
    try:
        model = llm.get_model(options.model)
    except llm.UnknownModelError as error:
        name = f"no model {options.model!r}" if options.model else "no default model"
        raise UsageError(
            f"llm has {name} that can be asked: “llm models” lists those it has, and"
            " “llm install” adds others"
        ) from error
    return LanguageModel(model, options)
