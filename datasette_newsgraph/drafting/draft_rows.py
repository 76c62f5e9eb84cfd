"""The rows of a draft: their columns by name, without those of row numbers.

A field has the name of the column that it becomes, unless it says otherwise. A row that follows from
one part of the record alone is made of it here, by ``of``. An empty string is as good as none.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import NamedTuple

from datasette_newsgraph.article import Article, Extractor, Quote
from datasette_newsgraph.dates import date_and_words
from datasette_newsgraph.zone_counts import ZoneCounts


class SpanColumns(NamedTuple):
    """The columns that mentions, evidence and quotes share."""

    key: str
    start_char: int | None
    end_char: int | None
    surface: str | None
    zone: str | None
    confidence: float | None
    offset_status: str
    given_start: int | None
    given_end: int | None
    moved: int | None
    given_surface: str | None


class ExtractionRow(NamedTuple):
    """A row of ``extractions``."""

    key: str
    tool: str
    version: str | None
    model: str | None

    @classmethod
    def of(cls, extractor: Extractor, key: str) -> ExtractionRow:
        """Return the row of an extractor."""
        return cls(
            key=key,
            tool=extractor.name,
            version=extractor.version or None,
            model=extractor.model or None,
        )


class ArticleRow(NamedTuple):
    """The columns of an article that its record gives; ``authors`` and ``sections`` are JSON arrays."""

    given_id: str
    title: str | None
    url: str | None
    publisher: str | None
    authors: str | None
    sections: str | None
    published: str | None
    language: str | None
    licence: str | None
    given_published: str | None

    @classmethod
    def of(cls, article: Article) -> ArticleRow:
        """Return the row of the record of an article."""
        published, given_published = date_and_words(article.published)
        return cls(
            given_id=article.id,
            title=article.title or None,
            url=article.url or None,
            publisher=article.publisher or None,
            authors=_json_array(tuple(article.authors)),
            sections=_json_array(tuple(article.sections)),
            published=published,
            language=article.language or None,
            licence=article.licence or None,
            given_published=given_published,
        )


class TextRow(NamedTuple):
    """A row of ``article_texts``."""

    title: str | None
    first_line: str | None
    length: int | None
    sha256: str | None
    text: str | None


class ZoneRow(NamedTuple):
    """A row of ``zones``."""

    zone: str
    start_char: int
    end_char: int


class EntityRow(NamedTuple):
    """An entity as the article gives it."""

    key: str
    type: str
    name: str
    description: str | None
    latitude: float | None
    longitude: float | None
    basis: str


class AppearanceRow(NamedTuple):
    """What an article has of the entity of the same place in the draft, besides its ``EntityRow``."""

    counts: ZoneCounts
    aliases: list[str]
    identifiers: list[str]


class MentionRow(NamedTuple):
    """A mention; ``entity`` is the place of its entity in the draft."""

    entity: int
    span: SpanColumns


class StatementRow(NamedTuple):
    """A row of ``relations``; ``subject`` and ``object`` are places of entities in the draft."""

    key: str
    subject: int
    predicate: str
    object: int | None
    value: str | None
    datatype: str | None


class EvidenceColumns(NamedTuple):
    """The columns of evidence besides those of its span."""

    start_date: str | None
    end_date: str | None
    sentence_start: int | None
    sentence_end: int | None
    given_start_date: str | None
    given_end_date: str | None
    pattern: str | None


class EvidenceRow(NamedTuple):
    """Evidence; ``statement`` is the place of its statement in the draft."""

    statement: int
    columns: EvidenceColumns
    span: SpanColumns


class QuoteColumns(NamedTuple):
    """The columns of a quote besides those of its span."""

    verb: str | None
    direct: bool | None

    @classmethod
    def of(cls, quote: Quote) -> QuoteColumns:
        """Return these columns of a quote of the record."""
        return cls(verb=quote.verb or None, direct=quote.direct)


class QuoteRow(NamedTuple):
    """A quote; ``speaker`` is the place of its speaker in the draft, if it has one."""

    speaker: int | None
    columns: QuoteColumns
    span: SpanColumns


@lru_cache(maxsize=1024)
def _json_array(items: tuple[str, ...]) -> str | None:
    given = [each for each in items if each]
    return json.dumps(given, ensure_ascii=False) if given else None
