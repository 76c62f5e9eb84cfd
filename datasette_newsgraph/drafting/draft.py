"""Draft the rows of one article: all their values but the row numbers, which only the database gives.

A draft refers to its own entities and statements by their place in it.
"""

from __future__ import annotations

import hashlib

from msgspec import Struct

from datasette_newsgraph.anchoring import Anchors
from datasette_newsgraph.dates import date_and_words
from datasette_newsgraph.drafting.draft_rows import (
    AppearanceRow,
    ArticleRow,
    EntityRow,
    EvidenceColumns,
    EvidenceRow,
    ExtractionRow,
    MentionRow,
    QuoteColumns,
    QuoteRow,
    StatementRow,
    TextRow,
    ZoneRow,
)
from datasette_newsgraph.drafting.first_line import first_line
from datasette_newsgraph.drafting.plan import Appearance, Plan
from datasette_newsgraph.drafting.spans import SpanReader
from datasette_newsgraph.search_form import folded_row
from datasette_newsgraph.sentences import Sentences, borders_of
from datasette_newsgraph.zone_counts import count_zones

#: What a quote without a speaker is about, for its key.
NOBODY = "nobody-nobody-nobody"


class Draft(Struct, gc=False):
    """The rows of an article, without row numbers: places in ``entities`` and ``statements`` stand for
    those. The appearance of an entity has the place of the entity.
    """

    key: str
    extraction: ExtractionRow | None
    article: ArticleRow
    text: TextRow | None
    zones: list[ZoneRow]
    entities: list[EntityRow]
    appearances: list[AppearanceRow]
    mentions: list[MentionRow]
    statements: list[StatementRow]
    evidence: list[EvidenceRow]
    quotes: list[QuoteRow]
    faults: int
    #: title, text: as they are searched, where that is not as they are.
    folded_text: list[str | None] | None = None
    #: The numbers of quotes from 0, and their words in the same form, where they need it.
    folded_quotes: list[tuple[int, list[str | None]]] = []
    #: How many spans have which status, but the exact ones.
    statuses: dict[str, int] = {}
    spans: int = 0
    numbers_dropped: int = 0

    @property
    def tool(self) -> str | None:
        """The name of the tool that made the annotations, if the record says it."""
        return self.extraction and self.extraction.tool


class ShelvedDraft(Struct, gc=False):
    """A draft whose rows lie in a shard: ``row`` is the number of its article there. The other fields
    are those of ``Draft``.
    """

    key: str
    tool: str | None
    row: int
    statuses: dict[str, int] = {}
    spans: int = 0


def make_draft(plan: Plan, anchors: Anchors) -> Draft:
    """Return the rows of the article of ``plan``, its spans where ``anchors`` has them."""
    article, text = plan.article, plan.article.text
    extractor = article.extractor
    zones = [ZoneRow(zone, start, end) for start, end, zone in plan.zones]
    draft = Draft(
        key=plan.key,
        extraction=None
        if extractor is None or plan.extraction is None
        else ExtractionRow.of(extractor, plan.extraction),
        article=ArticleRow.of(article),
        text=_text_row(article.title or None, text, zones),
        zones=zones,
        entities=[],
        appearances=[],
        mentions=[],
        statements=[],
        evidence=[],
        quotes=[],
        faults=len(plan.faults),
        folded_text=folded_row((article.title or None, text)),
    )
    spans = SpanReader(plan.hash, anchors, plan.zones)
    places = {key: place for place, key in enumerate(plan.appearances)}
    taken: dict[str, int] = {}
    for place, appearance in enumerate(plan.appearances.values()):
        _add_appearance(draft, appearance, place, spans, taken)
    _add_statements(draft, plan, spans, places)
    _add_quotes(draft, plan, spans, places)
    draft.statuses, draft.spans = spans.statuses, spans.count
    draft.numbers_dropped += spans.dropped
    return draft


def _text_row(title: str | None, text: str | None, zones: list[ZoneRow]) -> TextRow | None:
    """Return a row even for a headline alone, as that can be searched."""
    if text is not None:
        return TextRow(
            title=title,
            first_line=first_line(text, zones) if title is None else None,
            length=len(text),
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            text=text,
        )
    return None if title is None else TextRow(title, None, None, None, None)


def _add_appearance(
    draft: Draft, appearance: Appearance, place: int, spans: SpanReader, taken: dict[str, int]
) -> None:
    key = appearance.key
    zones: list[str | None] = []
    add = draft.mentions.append
    for record in appearance.records:
        if appearance.latitude is None and record.latitude is not None:
            draft.numbers_dropped += 1
        for mention in record.mentions:
            span = spans.read(mention, key, mention.confidence, taken)
            add(MentionRow(place, span))
            zones.append(span.zone)
    draft.entities.append(
        EntityRow(
            key=key,
            type=appearance.type,
            name=appearance.name,
            description=appearance.description,
            latitude=appearance.latitude,
            longitude=appearance.longitude,
            basis=appearance.basis,
        )
    )
    counts = count_zones(tuple(zones))
    draft.appearances.append(AppearanceRow(counts, appearance.aliases, appearance.identifiers))


def _add_statements(draft: Draft, plan: Plan, spans: SpanReader, places: dict[str, int]) -> None:
    taken: dict[str, int] = {}
    text = plan.article.text
    sentences = Sentences(text or "", plan.article.language, borders_of(plan.zones))
    for place, each in enumerate(plan.statements):
        relation = each.relation
        draft.statements.append(
            StatementRow(
                key=each.key,
                subject=places[each.subject],
                predicate=each.predicate,
                object=None if each.object is None else places[each.object],
                value=each.value,
                datatype=each.datatype,
            )
        )
        for evidence in each.evidence:
            span = spans.read(evidence, each.key, relation.confidence, taken)
            start_date, given_start = date_and_words(relation.start_date)
            end_date, given_end = date_and_words(relation.end_date)
            start, end = span.start_char, span.end_char
            sentence: tuple[int | None, int | None] = (None, None)
            if text is not None and start is not None and end is not None:
                sentence = sentences.around(start, end)
            columns = EvidenceColumns(
                start_date=start_date,
                end_date=end_date,
                sentence_start=sentence[0],
                sentence_end=sentence[1],
                given_start_date=given_start,
                given_end_date=given_end,
                pattern=relation.pattern or None,
            )
            draft.evidence.append(EvidenceRow(place, columns, span))


def _add_quotes(draft: Draft, plan: Plan, spans: SpanReader, places: dict[str, int]) -> None:
    taken: dict[str, int] = {}
    for speaker, quote in plan.quotes:
        span = spans.read(quote, speaker or NOBODY, quote.confidence, taken)
        place = None if speaker is None else places[speaker]
        folded = folded_row((span.surface,))
        if folded is not None:
            draft.folded_quotes.append((len(draft.quotes), folded))
        draft.quotes.append(QuoteRow(place, QuoteColumns.of(quote), span))
