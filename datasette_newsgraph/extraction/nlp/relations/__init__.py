"""Statements between names, by patterns: one table says what each is called and how good it is.

A pattern's confidence is the share of its statements that were right when a person read them beside
their sentences (docs/extraction.md), drawn towards 0.8 where few were read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from datasette_newsgraph.extraction.nlp.relations import nouns, people, places, titles, verbs
from datasette_newsgraph.extraction.nlp.relations.statement import Scene, Statement


class Pattern(NamedTuple):
    """A pattern: its name in records, its measured precision, and what finds it."""

    name: str
    confidence: float
    find: Callable[[Scene], Iterator[Statement]]


PATTERNS: tuple[Pattern, ...] = (
    Pattern("title-before", 0.86, titles.before_person),
    Pattern("title-behind", 0.75, titles.behind_person),
    Pattern("person-of", 0.87, people.person_of),
    Pattern("kin", 0.85, people.kin),
    Pattern("party", 0.85, people.party),
    Pattern("nationality", 0.85, people.nationality),
    Pattern("city-country", 0.95, places.city_and_country),
    Pattern("name-in-place", 0.8, places.name_in_place),
    Pattern("kind-in-place", 0.85, places.kind_in_place),
    Pattern("capital", 0.9, places.capital),
    Pattern("of-country", 0.75, places.of_country),
    Pattern("country-in-name", 0.87, places.country_in_name),
    Pattern("place-of-place", 0.75, places.place_of_place),
    Pattern("based-in", 0.8, places.based_in),
    Pattern("verb-object", 0.85, verbs.with_object),
    Pattern("verb-preposition", 0.77, verbs.with_preposition),
    Pattern("between", 0.85, nouns.between),
    Pattern("with-other", 0.75, nouns.with_other),
    Pattern("together", 0.8, nouns.together),
    Pattern("in-picture", 0.75, nouns.in_picture),
    Pattern("apposed-part", 0.75, nouns.apposed_part),
)


#: The pattern of statements about events without a name, and of what a date means.
EVENT, DATE = "event", "date"
CONFIDENCES = {pattern.name: pattern.confidence for pattern in PATTERNS} | {EVENT: 0.75, DATE: 0.88}


def find_statements(scene: Scene) -> list[Statement]:
    """Return the statements of a page in the order of the text, each triple once a sentence."""
    found: dict[tuple[int, str, int], Statement] = {}
    for pattern in PATTERNS:
        for statement in pattern.find(scene):
            statement.pattern, statement.confidence = pattern.name, pattern.confidence
            found.setdefault((statement.subject, statement.predicate, statement.object), statement)
    return sorted(found.values(), key=lambda each: (each.token, each.subject, each.object))
