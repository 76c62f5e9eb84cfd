"""Draft the rows of one article: all their values but the row numbers, which only the database gives.

A draft refers to its own entities and statements by their place in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias, cast

from msgspec import Struct

from datasette_newsgraph.anchoring import Anchors
from datasette_newsgraph.article import MAIN_ZONES
from datasette_newsgraph.dates import date_and_words
from datasette_newsgraph.drafting.first_line import first_line
from datasette_newsgraph.drafting.plan import Appearance, Plan
from datasette_newsgraph.drafting.spans import SpanReader
from datasette_newsgraph.search_form import folded_row
from datasette_newsgraph.sentences import Sentences, borders_of

#: What a quote without a speaker is about, for its key.
NOBODY = "nobody-nobody-nobody"
#: The place of its words in the columns of a span, behind its key.
_SURFACE = 2


TextColumns: TypeAlias = "tuple[str | None, str | None, int | None, str | None, str | None]"


class Draft(Struct, gc=False):
    """The rows of an article, each a tuple in the order of its table's columns, without row numbers.

    ``entities`` are (key, type, name, description, latitude, longitude, basis) of the entities as the
    article gives them, ``appearances`` (mentions, main_mentions, mentions_by_zone, aliases,
    identifiers) of the same. ``statements`` are (key, subject, predicate, object, value, datatype).
    Rows of ``mentions`` begin with the place of their entity, of ``evidence`` with that of their
    statement, of ``quotes`` with that of their speaker or None.
    """

    key: str
    #: key, tool, version, model
    extraction: tuple[str, str, str | None, str | None] | None
    #: given_id … licence
    article: list[str | None]
    #: title, first_line, length, sha256, text
    text: TextColumns | None
    zones: list[tuple[str, int, int]]
    entities: list[tuple[Any, ...]]
    appearances: list[tuple[int, int, str, list[str], list[str]]]
    mentions: list[tuple[Any, ...]]
    statements: list[tuple[str, int, str, int | None, str | None, str | None]]
    evidence: list[tuple[Any, ...]]
    quotes: list[tuple[Any, ...]]
    faults: int
    #: What was given for the date of the article, if it is none.
    given_published: str | None
    #: title, text: as they are searched, where that is not as they are.
    folded_text: list[str | None] | None = None
    #: The numbers of quotes from 0, and their words in the same form, where they need it.
    folded_quotes: list[tuple[int, list[str | None]]] = []
    #: How many spans have which status, but the exact ones.
    statuses: dict[str, int] = {}
    spans: int = 0
    numbers_dropped: int = 0


def make_draft(plan: Plan, anchors: Anchors) -> Draft:
    """Return the rows of the article of ``plan``, its spans where ``anchors`` has them."""
    article, text = plan.article, plan.article.text
    published, given_published = date_and_words(article.published)
    extractor = article.extractor
    zones = [(zone, start, end) for start, end, zone in plan.zones]
    draft = Draft(
        key=plan.key,
        extraction=None
        if extractor is None or plan.extraction is None
        else (plan.extraction, extractor.name, extractor.version or None, extractor.model or None),
        article=[
            article.id,
            article.title or None,
            article.url or None,
            article.publisher or None,
            _json_array(tuple(article.authors)),
            _json_array(tuple(article.sections)),
            published,
            article.language or None,
            article.licence or None,
        ],
        text=_text_columns(article.title or None, text, zones),
        zones=zones,
        entities=[],
        appearances=[],
        mentions=[],
        statements=[],
        evidence=[],
        quotes=[],
        faults=len(plan.faults),
        given_published=given_published,
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


def _text_columns(
    title: str | None, text: str | None, zones: list[tuple[str, int, int]]
) -> TextColumns | None:
    """Return a row even for a headline alone, as that can be searched."""
    if text is not None:
        line = first_line(text, zones) if title is None else None
        return title, line, len(text), hashlib.sha256(text.encode()).hexdigest(), text
    return None if title is None else (title, None, None, None, None)


def _add_appearance(
    draft: Draft, appearance: Appearance, place: int, spans: SpanReader, taken: dict[str, int]
) -> None:
    key = appearance.key
    zones: list[str | None] = []
    add: Callable[[tuple[Any, ...]], None] = draft.mentions.append
    for record in appearance.records:
        if appearance.latitude is None and record.latitude is not None:
            draft.numbers_dropped += 1
        for mention in record.mentions:
            span = spans.read(mention, key, mention.confidence, taken)
            add((place, *span))
            zones.append(span[4])
    main, by_zone = _count_zones(tuple(zones))
    draft.entities.append(
        (
            key,
            appearance.type,
            appearance.name,
            appearance.description,
            appearance.latitude,
            appearance.longitude,
            appearance.basis,
        )
    )
    draft.appearances.append(
        (len(zones), main, by_zone, appearance.aliases, appearance.identifiers)
    )


def _add_statements(draft: Draft, plan: Plan, spans: SpanReader, places: dict[str, int]) -> None:
    taken: dict[str, int] = {}
    text = plan.article.text
    sentences = Sentences(text or "", plan.article.language, borders_of(plan.zones))
    for place, each in enumerate(plan.statements):
        relation = each.relation
        draft.statements.append(
            (
                each.key,
                places[each.subject],
                each.predicate,
                None if each.object is None else places[each.object],
                each.value,
                each.datatype,
            )
        )
        for evidence in each.evidence:
            span = spans.read(evidence, each.key, relation.confidence, taken)
            start_date, given_start = date_and_words(relation.start_date)
            end_date, given_end = date_and_words(relation.end_date)
            start, end = span[1:3]
            sentence: tuple[int | None, int | None] = (None, None)
            if text is not None and start is not None and end is not None:
                sentence = sentences.around(start, end)
            dates = (start_date, end_date, *span[1:], *sentence, given_start, given_end)
            draft.evidence.append((place, span[0], *dates))


def _add_quotes(draft: Draft, plan: Plan, spans: SpanReader, places: dict[str, int]) -> None:
    taken: dict[str, int] = {}
    for speaker, quote in plan.quotes:
        key, *columns = spans.read(quote, speaker or NOBODY, quote.confidence, taken)
        place = None if speaker is None else places[speaker]
        folded = folded_row((cast("str | None", columns[_SURFACE]),))
        if folded is not None:
            draft.folded_quotes.append((len(draft.quotes), folded))
        draft.quotes.append((place, key, quote.verb or None, quote.direct, *columns))


@lru_cache(maxsize=4096)
def _count_zones(zones: tuple[str | None, ...]) -> tuple[int, str]:
    """Return how many are main zones, and the count of each as JSON."""
    names = [zone or "unknown" for zone in zones]
    counts = {zone: names.count(zone) for zone in sorted(set(names))}
    main = sum(count for zone, count in counts.items() if zone in MAIN_ZONES)
    return main, json.dumps(counts)


@lru_cache(maxsize=1024)
def _json_array(items: tuple[str, ...]) -> str | None:
    given = [each for each in items if each]
    return json.dumps(given, ensure_ascii=False) if given else None
