"""What the tests of anchoring share: an article with spans, and what became of each."""

import re

from datasette_newsgraph.anchoring import (
    anchor,
)
from datasette_newsgraph.anchoring.units import CODE_POINTS
from datasette_newsgraph.article import Article, Entity, Evidence, Mention, Quote, Relation

TEXT = (
    "The Paris conference opened on Monday. Laurent Fabius presides over the talks in Paris, "
    "and Ban Ki-moon spoke first. Paris agreed."
)


def article(text, *mentions, evidence=(), quotes=(), zones=()):
    """Return an article with one entity for each surface."""
    entities = {}
    for start, end, surface in mentions:
        entity = entities.setdefault(
            surface, Entity(id=f"e{len(entities)}", type="Thing", name=str(surface))
        )
        entity.mentions.append(Mention(start=start, end=end, text=surface))
    return Article(
        id="a",
        text=text,
        zones=list(zones),
        entities=list(entities.values()),
        relations=[
            Relation(subject="e0", predicate="p", evidence=[Evidence(start=s, end=e, text=w)])
            for s, e, w in evidence
        ],
        quotes=[Quote(start=s, end=e, text=w) for s, e, w in quotes],
    )


def spans_of(one):
    for entity in one.entities:
        yield from entity.mentions
    for relation in one.relations:
        yield from relation.evidence
    yield from one.quotes


def anchored(text, *mentions, unit=CODE_POINTS, **more):
    """Return the anchors of the spans, None for those that are right, and the unit."""
    one = article(text, *mentions, **more)
    anchors = anchor(one, unit)
    return [anchors.spans.get(id(each)) for each in spans_of(one)], anchors.unit


def at(text, surface, nth=0):
    return [match.start() for match in re.finditer(re.escape(surface), text)][nth]


def span(text, surface, nth=0):
    start = at(text, surface, nth)
    return start, start + len(surface), surface
