"""All that is found in one parsed text, as plain lists and dicts.

Spans are code points of the text of the document; names are meant by their number in ``names``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from datasette_newsgraph.article import Zone
from datasette_newsgraph.extraction.layout.blocks import Block
from datasette_newsgraph.extraction.nlp.date_values import speaks_of_future, value_of
from datasette_newsgraph.extraction.nlp.date_words import find_dates
from datasette_newsgraph.extraction.nlp.lexicons import KnownName, Lexicon
from datasette_newsgraph.extraction.nlp.names import Name, find_names
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.quote_marks import Part, find_quotations
from datasette_newsgraph.extraction.nlp.quotes import NamesByToken, find_quotes
from datasette_newsgraph.extraction.nlp.relations import find_statements
from datasette_newsgraph.extraction.nlp.relations.dating import add_dates, dated_words
from datasette_newsgraph.extraction.nlp.relations.events import find_happenings
from datasette_newsgraph.extraction.nlp.relations.statement import Scene, Statement
from datasette_newsgraph.extraction.nlp.tenses import is_announced

#: Zones in which a date is none of the story's.
_UNDATED = frozenset(("breadcrumb", "footer", "promotion"))
#: Units of a time of day.
_HOURS = ("second", "minute", "hour")


class Facts(TypedDict, total=False):
    """What ``doc._.newsgraph`` holds."""

    zones: list[dict[str, Any]]
    published: str | None
    publisher: str | None
    names: list[dict[str, Any]]
    dates: list[dict[str, Any]]
    quotes: list[dict[str, Any]]
    relations: list[dict[str, Any]]
    events: list[dict[str, Any]]


def zones_of(facts: Facts) -> list[Zone]:
    """Return the zones that were found, or given."""
    return [Zone(**zone) for zone in facts.get("zones", [])]


def names_in(page: Page, lexicon: Lexicon, given: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return the names of a page as dicts."""
    return [_as_dict(name) for name in find_names(page, lexicon, given)]


def _as_dict(name: Name) -> dict[str, Any]:
    return {
        "first": name.first,
        "last": name.last,
        "start": name.start,
        "end": name.end,
        "text": name.text,
        "type": name.type,
        "known": list(name.known) if name.known is not None else None,
        "by": name.by,
    }


def as_name(found: dict[str, Any]) -> Name:
    """Return a name that was made a dict."""
    known = KnownName(*found["known"]) if found["known"] is not None else None
    return Name(**{**found, "known": known})


def facts_in(
    page: Page,
    names: Sequence[Name],
    lexicon: Lexicon,
    blocks: Sequence[Block],
    published: str | None,
) -> Facts:
    """Return dates, quotes and relations of a page whose names are known."""
    text, is_english = page.text, page.doc.lang_ == "en"
    parts = [_part(page, block) for block in blocks]
    dates = _dates(page, names, published) if is_english else []
    quoted = bytearray(len(page.words) + 1)
    for each in find_quotations(text, parts):
        first, last = page.token_at(each.outer_start), page.token_at(each.outer_end)
        quoted[first:last] = b"\1" * (last - first)
    scene = Scene(page, names, lexicon, NamesByToken(page, names), quoted)
    is_parsed = is_english and page.doc.has_annotation("DEP")
    statements = find_statements(scene) if is_parsed else []
    dated = dated_words(scene, dates) if is_parsed else {}
    add_dates(scene, statements, dated)
    happenings = find_happenings(scene, statements, dated) if is_parsed else ()
    quotes = find_quotes(page, names, lexicon, parts, _titled(scene, statements))
    return {
        "dates": dates,
        "quotes": [
            {
                "start": quote.start,
                "end": quote.end,
                "direct": quote.direct,
                "verb": quote.verb,
                "speaker": quote.speaker,
                "confidence": round(quote.confidence, 2),
            }
            for quote in quotes
        ],
        "relations": [_relation(page, each) for each in statements],
        "events": [
            {
                "name": each.name,
                "participants": each.participants,
                "place": each.place,
                "start_date": each.start_date,
                "end_date": each.end_date,
                "span": page.sentence_span(each.token),
            }
            for each in happenings
        ],
    }


def _part(page: Page, block: Block) -> Part:
    """Return the part of a text that a block is, without a dateline that it begins with."""
    start, name = block.start, page.zone_at(block.start)
    if name == "dateline":
        end = max(zone.end for zone in page.zones if zone.zone == name and zone.start <= start)
        behind = page.text[end : block.end].lstrip()
        start = block.end - len(behind) if behind else start
    return Part(start, block.end, name == "title")


def _relation(page: Page, statement: Statement) -> dict[str, Any]:
    start, end = page.sentence_span(statement.token)
    return {
        "subject": statement.subject,
        "predicate": statement.predicate,
        "object": statement.object,
        "pattern": statement.pattern,
        "confidence": statement.confidence,
        "start_date": statement.start_date,
        "end_date": statement.end_date,
        "start": start,
        "end": end,
    }


def _dates(page: Page, names: Sequence[Name], published: str | None) -> list[dict[str, Any]]:
    covered = {index for name in names for index in range(name.start, name.end)}
    text, found = page.text, []
    for words in find_dates(text):
        if words.start in covered or page.zone_at(words.start) in _UNDATED:
            continue
        if (
            words.form == "ago"
            and not words.words.endswith("ago")
            and any(u in words.words for u in _HOURS)
        ):
            continue
        before = (
            text[max(0, words.start - 80) : words.start].rsplit("\n", 1)[-1].rsplit(". ", 1)[-1]
        )
        is_future = speaks_of_future(before) or (
            words.form == "rel_day" and is_announced(page, words.start)
        )
        value = value_of(words, published, is_future=is_future)
        found.append(
            {
                "start": words.start,
                "end": words.end,
                "text": text[words.start : words.end],
                "form": words.form,
                "value": value.start,
                "until": value.end,
                "length": value.length,
            }
        )
    return found


def _titled(scene: Scene, statements: Sequence[Statement]) -> dict[int, int]:
    """Return the people whom a title stands for that has no name beside it, by its token: "Acme leader
    says", where another sentence names Acme's leader.
    """
    holders: dict[tuple[str, str], int] = {}
    for each in statements:
        if each.pattern.startswith("title"):
            holders.setdefault((each.predicate, _meant(scene.names[each.object])), each.subject)
    if not holders:
        return {}
    found = {}
    for name in scene.names:
        if name.type not in ("Organization", "Place"):
            continue
        for index in range(name.last, min(name.last + 3, len(scene.words))):
            predicate = scene.lexicon.titles.get(scene.words[index].lower())
            holder = holders.get((predicate, _meant(name))) if predicate else None
            if holder is not None:
                found[index] = holder
    return found


def _meant(name: Name) -> str:
    return name.known.name if name.known is not None else name.text
