"""Stage 2: verify every span against its text, and put right what can be put right.

``anchor`` finds what the offsets of an article count, converts them to code points, and looks for
the words of those that still are wrong. A span that is right is never moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from datasette_newsgraph.anchoring.conventions import Convention, hinted
from datasette_newsgraph.anchoring.detection import Detected, Triple, detect
from datasette_newsgraph.anchoring.repairing import Right, repair
from datasette_newsgraph.anchoring.statuses import (
    CONVERTED,
    EXACT,
    FUZZY,
    MOVED,
    NORMALISED,
    STATUSES,
    UNLOCATED,
    UNVERIFIED,
    Anchor,
)
from datasette_newsgraph.anchoring.units import CODE_POINTS, Unit
from datasette_newsgraph.anchoring.wanted import Wanted
from datasette_newsgraph.article import Article, Evidence, Mention, Quote, Zone

__all__ = [
    "CONVERTED",
    "EXACT",
    "FUZZY",
    "MOVED",
    "NORMALISED",
    "STATUSES",
    "UNLOCATED",
    "UNVERIFIED",
    "Anchor",
    "Anchors",
    "anchor",
]

Given: TypeAlias = "Mention | Evidence | Quote"
#: A span with the number of what it is of: an entity, a relation, a speaker.
Grouped: TypeAlias = "tuple[int, Given]"


@dataclass
class Anchors:
    """What became of the spans of an article."""

    #: What its offsets count: "code points", "UTF-16, end inclusive", "tokens" …
    unit: str
    #: By ``id()`` of the mention, evidence or quote: those that are not exact as they are given.
    spans: dict[int, Anchor]
    #: The zones in code points; None where they are as given.
    zones: list[Zone] | None = None


#: What most articles get. It is shared, so nobody may change it.
_ALL_RIGHT = Anchors(CODE_POINTS, {})


def anchor(article: Article, unit: Unit = CODE_POINTS) -> Anchors:
    """Return where the spans of an article are in its text.

    ``unit`` is what the format says that offsets count; where the words of the spans tell otherwise,
    they are believed. Never raises, whatever the offsets are, and takes time linear in the article.
    """
    text = article.text
    if text is None:
        spans = {
            id(each): Anchor(None, None, each.text, UNVERIFIED) for _, each in _grouped(article)
        }
        return Anchors(unit, spans) if spans else _ALL_RIGHT
    if _is_all_right(article, text) and (unit == CODE_POINTS or not article.zones):
        return _ALL_RIGHT
    return _anchor(article, text, unit)


def _is_all_right(article: Article, text: str) -> bool:
    """Tell whether all spans read their surface as they are. Nearly all articles end here."""
    reads = text.startswith
    for entity in article.entities:
        for each in entity.mentions:
            start, end, surface = each.start, each.end, each.text
            if (
                start is None
                or end is None
                or not surface
                or start < 0
                or end - start != len(surface)
                or not reads(surface, start)
            ):
                return False
    for relation in article.relations:
        for evidence in relation.evidence:
            if not _is_right(text, evidence):
                return False
    return all(_is_right(text, quote) for quote in article.quotes)


def _is_right(text: str, each: Given) -> bool:
    start, end, surface = each.start, each.end, each.text
    return (
        start is not None
        and end is not None
        and bool(surface)
        and surface is not None
        and start >= 0
        and end - start == len(surface)
        and start <= len(text)
        and text.startswith(surface, start)
    )


def _grouped(article: Article) -> Iterator[Grouped]:
    """Return all spans. Entities of one type and name are one group."""
    groups: dict[object, int] = {}
    for entity in article.entities:
        if entity.mentions:
            group = groups.setdefault((entity.type, entity.name), len(groups))
            for mention in entity.mentions:
                yield group, mention
    for number, relation in enumerate(article.relations):
        if relation.evidence:
            group = groups.setdefault(number, len(groups))
            for evidence in relation.evidence:
                yield group, evidence
    for quote in article.quotes:
        yield groups.setdefault(("quotes", quote.speaker, quote.text), len(groups)), quote


def _anchor(article: Article, text: str, unit: Unit) -> Anchors:
    right: list[Grouped] = []
    wrong: list[Grouped] = []
    unsaid: list[Given] = []
    for group, each in _grouped(article):
        if each.text is None:
            unsaid.append(each)
        elif _is_right(text, each):
            right.append((group, each))
        else:
            wrong.append((group, each))
    convention, expected = _detected(text, right, wrong, unit)
    spans = {id(each): _unverified(text, each, expected) for each in unsaid}
    placed: list[Right] = [
        (group, each.start or 0, each.end or 0, isinstance(each, Mention)) for group, each in right
    ]
    wanted: list[Wanted] = []
    for group, each in wrong:
        assert each.text is not None
        is_mention = isinstance(each, Mention)
        found = _convert(convention, each.start, each.end)
        if found is not None and text[found[0] : found[1]] == each.text:
            spans[id(each)] = Anchor(*found, each.text, CONVERTED, 0)
            placed.append((group, *found, is_mention))
        else:
            start, end = found or convention.locate(each.start, each.end)
            wanted.append(Wanted(each.text, group, start, end, is_mention, [id(each)]))
    if wanted:
        for one in repair(text, wanted, placed):
            anchored = one.anchor(text)
            spans.update(dict.fromkeys(one.ids, anchored))
    return Anchors(expected.name, spans, _zones(article.zones, expected, len(text)))


def _detected(text: str, right: list[Grouped], wrong: list[Grouped], unit: Unit) -> Detected:
    if not right and not wrong:
        convention = hinted(text, unit)
        return Detected(convention, convention)
    return detect(text, _triples(right), _triples(wrong), unit)


def _triples(spans: list[Grouped]) -> list[Triple]:
    return [
        (each.start, each.end, each.text)
        for _, each in spans
        if each.start is not None and each.end is not None and each.text
    ]


def _convert(convention: Convention, start: int | None, end: int | None) -> tuple[int, int] | None:
    return None if start is None or end is None else convention.convert(start, end)


def _unverified(text: str, each: Given, convention: Convention) -> Anchor:
    start, end = each.start, each.end
    if start is None and end is None:
        return Anchor(None, None, None, UNVERIFIED)
    found = _convert(convention, start, end)
    if found is None or found[1] > len(text):
        return Anchor(None, None, None, UNLOCATED)
    return Anchor(*found, text[found[0] : found[1]], UNVERIFIED, 0)


def _zones(zones: list[Zone], convention: Convention, length: int) -> list[Zone] | None:
    if convention.name == CODE_POINTS or not zones:
        return None
    converted = []
    for zone in zones:
        found = convention.convert(zone.start, zone.end)
        start, end = found or convention.locate(zone.start, zone.end)
        start, end = max(start or 0, 0), min(length if end is None else end, length)
        converted.append(Zone(zone=zone.zone, start=start, end=end))
    return converted
