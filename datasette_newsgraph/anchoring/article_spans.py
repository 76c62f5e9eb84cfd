"""Anchor the spans of one article: in its unit, then by their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from datasette_newsgraph.anchoring.claims import Claims, take_without_text
from datasette_newsgraph.anchoring.conventions import Convention, hinted
from datasette_newsgraph.anchoring.detection import Detected, Triple, detect
from datasette_newsgraph.anchoring.repairing import Right, repair
from datasette_newsgraph.anchoring.statuses import CONVERTED, UNLOCATED, UNVERIFIED, Anchor
from datasette_newsgraph.anchoring.units import CODE_POINTS, Unit
from datasette_newsgraph.anchoring.wanted import Wanted
from datasette_newsgraph.article import Article, Evidence, Mention, Quote, Zone

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
    #: What the offsets of a span count as given, by the same ``id()``, where it is not code points.
    units: dict[int, str] = field(default_factory=dict)
    #: Of how many spans the record said what the text does not bear out.
    refused: int = 0


#: What most articles get. It is shared, so nobody may change it.
_ALL_RIGHT = Anchors(CODE_POINTS, {})


def anchor(article: Article, unit: Unit = CODE_POINTS) -> Anchors:
    """Return where the spans of an article are in its text.

    ``unit`` is what the format says that offsets count; where the words of the spans tell otherwise,
    they are believed. What spans are said to be (``Mention.anchored``) is taken from them, and those
    for which it holds become again what the tool gave. Never raises, whatever the offsets are, and
    takes time linear in the article.
    """
    text = article.text
    if text is None:
        units, refused = take_without_text(span for _, span in _grouped(article))
        spans = {
            id(span): Anchor(None, None, span.text, UNVERIFIED) for _, span in _grouped(article)
        }
        return Anchors(unit, spans, None, units, refused) if spans else _ALL_RIGHT
    if _is_all_right(article, text) and (unit == CODE_POINTS or not article.zones):
        return _ALL_RIGHT
    grouped = list(_grouped(article))
    if all(span.anchored is None for _, span in grouped):
        return _anchor(article, text, unit, {})
    claims = Claims(text, (span for _, span in grouped))
    if claims.conventions:
        claims.compare(_anchor_again(article, text, claims.conventions))
    found = _anchor(article, text, unit, claims.believed)
    found.spans.update(claims.believed)
    found.units.update(claims.units)
    found.unit = claims.unit or found.unit
    found.refused = claims.refused
    return found


def _is_all_right(article: Article, text: str) -> bool:
    """Tell whether all spans read their surface as they are. Nearly all articles end here."""
    reads = text.startswith
    for entity in article.entities:
        for span in entity.mentions:
            start, end, surface = span.start, span.end, span.text
            if (
                start is None
                or end is None
                or not surface
                or start < 0
                or end - start != len(surface)
                or not reads(surface, start)
                or span.anchored is not None
            ):
                return False
    for relation in article.relations:
        for evidence in relation.evidence:
            if not _is_right(text, evidence):
                return False
    return all(_is_right(text, quote) for quote in article.quotes)


def _is_right(text: str, span: Given) -> bool:
    start, end, surface = span.start, span.end, span.text
    return (
        start is not None
        and end is not None
        and bool(surface)
        and surface is not None
        and start >= 0
        and end - start == len(surface)
        and start <= len(text)
        and text.startswith(surface, start)
        and span.anchored is None
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


def _anchor(article: Article, text: str, unit: Unit, known: Mapping[int, Anchor]) -> Anchors:
    """Anchor all spans but those that are known by their ``id()``."""
    right: list[Grouped] = []
    wrong: list[Grouped] = []
    unsaid: list[Given] = []
    placed: list[Right] = []
    vouching: list[Triple] = []
    for group, span in _grouped(article):
        anchored = known.get(id(span))
        if anchored is not None:
            if anchored.start is not None and anchored.status != UNVERIFIED:
                start, end = anchored.start, anchored.end or 0
                placed.append((group, start, end, isinstance(span, Mention)))
                vouching.append((start, end, anchored.surface or ""))
        elif span.text is None:
            unsaid.append(span)
        elif _is_right(text, span):
            right.append((group, span))
        else:
            wrong.append((group, span))
    convention, expected = _detected(text, [*vouching, *_triples(right)], _triples(wrong), unit)
    spans = {id(span): _unverified(text, span, expected) for span in unsaid}
    units = {}
    if expected.name != CODE_POINTS:
        units.update(dict.fromkeys(spans, expected.name))
    placed += _placed(right)
    found = _find(text, [(group, span, convention) for group, span in wrong], placed)
    if convention.name != CODE_POINTS:
        units.update(dict.fromkeys(found, convention.name))
    spans.update(found)
    return Anchors(expected.name, spans, _zones(article.zones, expected, len(text)), units)


def _anchor_again(
    article: Article, text: str, conventions: Mapping[int, Convention]
) -> dict[int, Anchor]:
    """Return where the spans are of which the convention is known, or which are right as they are."""
    right: list[Grouped] = []
    wrong: list[tuple[int, Given, Convention]] = []
    for group, span in _grouped(article):
        if span.text is None:
            continue
        if _is_right(text, span):
            right.append((group, span))
        elif id(span) in conventions:
            wrong.append((group, span, conventions[id(span)]))
    return _find(text, wrong, _placed(right))


def _placed(right: list[Grouped]) -> list[Right]:
    return [
        (group, span.start or 0, span.end or 0, isinstance(span, Mention)) for group, span in right
    ]


def _find(
    text: str, wrong: Iterable[tuple[int, Given, Convention]], placed: list[Right]
) -> dict[int, Anchor]:
    """Return by ``id()`` where the words of spans are that are not right as code points."""
    spans: dict[int, Anchor] = {}
    wanted: list[Wanted] = []
    for group, span, convention in wrong:
        assert span.text is not None
        is_mention = isinstance(span, Mention)
        found = _convert(convention, span.start, span.end)
        if found is not None and text[found[0] : found[1]] == span.text:
            spans[id(span)] = Anchor(*found, span.text, CONVERTED, 0)
            placed.append((group, *found, is_mention))
        else:
            start, end = found or convention.locate(span.start, span.end)
            wanted.append(Wanted(span.text, group, start, end, is_mention, [id(span)]))
    if wanted:
        for one in repair(text, wanted, placed):
            anchored = one.anchor(text)
            spans.update(dict.fromkeys(one.ids, anchored))
    return spans


def _detected(text: str, right: list[Triple], wrong: list[Triple], unit: Unit) -> Detected:
    if not right and not wrong:
        convention = hinted(text, unit)
        return Detected(convention, convention)
    return detect(text, right, wrong, unit)


def _triples(spans: list[Grouped]) -> list[Triple]:
    return [
        (span.start, span.end, span.text)
        for _, span in spans
        if span.start is not None and span.end is not None and span.text
    ]


def _convert(convention: Convention, start: int | None, end: int | None) -> tuple[int, int] | None:
    return None if start is None or end is None else convention.convert(start, end)


def _unverified(text: str, span: Given, convention: Convention) -> Anchor:
    start, end = span.start, span.end
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
