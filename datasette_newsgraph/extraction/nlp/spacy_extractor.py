"""The extractor: articles become windows, windows documents of spaCy, and documents records."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING

from datasette_newsgraph.article import Article, Extractor
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.extraction.extractor import Options
from datasette_newsgraph.extraction.layout.blocks import cut
from datasette_newsgraph.extraction.nlp.aliases import load_aliases
from datasette_newsgraph.extraction.nlp.invisible import restored, without_invisible
from datasette_newsgraph.extraction.nlp.languages import (
    language_name,
    other_language,
    stated_other,
)
from datasette_newsgraph.extraction.nlp.lexicons import lexicon_for
from datasette_newsgraph.extraction.nlp.model import Model, load_model
from datasette_newsgraph.extraction.nlp.records import Found, complete
from datasette_newsgraph.extraction.nlp.relations import PATTERNS
from datasette_newsgraph.extraction.nlp.windows import Window, harmless, windows_of
from datasette_newsgraph.extraction.nlp.word_lists import word_lists_digest

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from datasette_newsgraph.extraction.nlp.facts import Facts

#: Raised with each change of the rules that makes other records of the same text.
_RULES = 3
#: Code points of articles that are handed to the model together: its memory grows with them.
_TOGETHER = 40_000


class SpacyExtractor:
    """Finds entities, dates, quotes and relations with a model of spaCy.

    spaCy is imported, and the model loaded, with the first article.
    """

    name = "spacy"

    def __init__(self, options: Options) -> None:
        """Find the model and read the word lists; raises UsageError or InputError where one is not
        there.
        """
        self._options = options
        self._model = Model.find(options.model)
        self._language = self._model.language
        self._lexicon = lexicon_for(self._language, list(options.lexicons))
        self._aliases = load_aliases(options.aliases)
        self.version = version("spacy")
        self.model: str | None = self._model.title
        self.digest = self._digest()

    @cached_property
    def _nlp(self) -> Language:
        """The pipeline of the model, with our three components where they belong."""
        from datasette_newsgraph.extraction.nlp import components

        nlp, lexicons = load_model(self._model), list(self._options.lexicons)
        if components.LAYOUT not in nlp.pipe_names:
            nlp.add_pipe(components.LAYOUT, first=True)
        for name in (components.ENTITIES, components.FACTS):
            if name not in nlp.pipe_names:
                nlp.add_pipe(name, last=True, config={"lexicons": lexicons})
        return nlp

    @property
    def limits(self) -> str | None:
        """What the extractor does not find with this model, in a line for people; None if all."""
        if self._language == "en":
            return None
        return (
            f"the model {self.model} is of {language_name(self._language)}: entities, zones and"
            " quotes by their marks are found; speakers, dates and relations are found in English only"
        )

    def _digest(self) -> str:
        parts = (
            *(
                str(_RULES),
                word_lists_digest(),
                self._model.digest,
                self._lexicon.digest,
                self._aliases.digest,
            ),
            str(self._options.language or ""),
            *(f"{pattern.name} {pattern.confidence}" for pattern in PATTERNS),
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def extract(self, articles: Iterable[Article]) -> Iterator[Article | RecordError]:
        """Yield a record for each article, in order; a RecordError for one of another language."""
        waiting: deque[tuple[Article, list[int]]] = deque()

        def plain() -> Iterator[Article]:
            for article in articles:
                visible, places = without_invisible(article)
                waiting.append((article, places))
                yield visible

        for record in self._extract(plain()):
            article, places = waiting.popleft()
            if places and isinstance(record, Article):
                record = restored(record, article, places)
            yield record

    def _extract(self, articles: Iterable[Article]) -> Iterator[Article | RecordError]:
        together: list[Article | RecordError] = []
        size = 0
        for article in articles:
            together.append(self._refusal(article) or article)
            size += len(article.text or "")
            if size >= _TOGETHER:
                yield from self._records(together)
                together, size = [], 0
        yield from self._records(together)

    def _refusal(self, article: Article) -> RecordError | None:
        text = article.text or ""
        stated = article.language or self._options.language
        if (other := other_language(text, self._language)) is not None:
            what = f"the text is in {other}"
        elif text.strip() and (other := stated_other(text, stated, self._language)) is not None:
            what = f"the language of the article is {other} ({stated})"
        else:
            return None
        return RecordError(
            f"{what}, and the model {self.model} is of {language_name(self._language)}: name a model of"
            " its language with --model"
        )

    def _records(self, together: list[Article | RecordError]) -> Iterator[Article | RecordError]:
        windows = [
            list(windows_of(each.text or "", cut(each.text or "")))
            if isinstance(each, Article)
            else []
            for each in together
        ]
        docs = self._parsed(
            (article, window)
            for article, each in zip(together, windows, strict=True)
            for window in each
            if isinstance(article, Article)
        )
        for article, each in zip(together, windows, strict=True):
            if isinstance(article, RecordError):
                yield article
                continue
            found = [Found(window.start, next(docs)._.newsgraph) for window in each]
            yield complete(
                article,
                found,
                self._lexicon,
                self._aliases,
                Extractor(name=self.name, version=self.version, model=self.model),
            )

    def _parsed(self, windows: Iterable[tuple[Article, Window]]) -> Iterator[Doc]:
        """Yield the documents of windows, of which the model is given a few at a time: its memory grows
        with what it is given together.
        """
        taken: list[Doc] = []
        size = 0
        for article, window in windows:
            if taken and size + window.end - window.start > _TOGETHER:
                yield from self._nlp.pipe(taken)
                taken, size = [], 0
            taken.append(self._doc(article, window))
            size += window.end - window.start
        yield from self._nlp.pipe(taken)

    def _doc(self, article: Article, window: Window) -> Doc:
        """Return the document of a window, with the zones that the article has there."""
        assert article.text is not None
        doc = self._nlp.make_doc(harmless(article.text[window.start : window.end]))
        facts: Facts = {}
        doc._.newsgraph = facts
        facts["zones"] = [
            {
                "zone": zone.zone,
                "start": max(zone.start - window.start, 0),
                "end": min(zone.end, window.end) - window.start,
            }
            for zone in article.zones
            if zone.start < window.end and zone.end > window.start
        ]
        facts["published"] = (article.published or "")[:10] or None
        facts["publisher"] = article.publisher
        return doc
