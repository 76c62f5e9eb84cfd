"""What the tests of REBEL and FollowTheMoney share."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from datasette_newsgraph.article import Article
from datasette_newsgraph.labels import LabelMap
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats import FORMATS, Format, rebel
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.recognition import recognise

Json = dict[str, Any]


def format_of(name: str) -> Format:
    return next(each for each in FORMATS if each.name == name)


def parsed_from(path: Path, *, name: str, mapped: bool = True) -> list[Parsed]:
    """All records of a file, which must be recognised, with our labels."""
    with closing(Source(path)) as source:
        format_ = recognise(source)
        assert format_.name == name
        found = [format_.reader.parse(each.raw) for each in format_.reader.entries(source)]
    if mapped:
        labels = LabelMap.of(format_.labels)
        for parsed in found:
            labels.apply(parsed)
            assert not parsed.notes.unmapped
    return found


def statements(article: Article) -> list[tuple[str, str, Any]]:
    """Relations with the names of entities for their ids."""
    names = {each.id: each.name for each in article.entities}
    return [
        (names[each.subject], each.predicate, names.get(each.object or "", each.value))
        for each in article.relations
    ]


def counts(parsed: Parsed) -> tuple[int, int, int]:
    """Entities, mentions and relations."""
    article = parsed.article
    mentions = sum(len(each.mentions) for each in article.entities)
    return len(article.entities), mentions, len(article.relations)


# REBEL


def rebel_of(record: Any) -> Parsed:
    return rebel.parse(json.dumps(record).encode())


def span(uri: str, start: int, end: int, surface: str, **more: Any) -> Json:
    return {"uri": uri, "boundaries": [start, end], "surfaceform": surface, **more}


def triple(subject: Json, predicate: tuple[str, str], object_: Json, **more: Any) -> Json:
    of = {"uri": predicate[0], "boundaries": None, "surfaceform": predicate[1]}
    return {"subject": subject, "predicate": of, "object": object_, **more}


TEXT = "The Concorde first flew in 1969. It was built by France and Britain."
CONCORDE = span("Q6505", 4, 12, "Concorde")
YEAR = span('"1969-01-01T00:00:00Z"^^xsd:dateTime', 27, 31, "1969")
CORPUS: Json = {
    "docid": "7",
    "title": "Concorde",
    "uri": "Q6505",
    "text": TEXT,
    "entities": [CONCORDE, YEAR, span("Q142", 49, 55, "France")],
    "triples": [
        triple(CONCORDE, ("P606", "first flight"), YEAR, sentence_id=0, confidence=0.5),
        triple(CONCORDE, ("P495", "country of origin"), span("Q142", 49, 55, "France")),
    ],
}


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**20) | st.floats() | st.text(max_size=5)
    | st.sampled_from(["Q1", "p1", "o1", "a1", "Person", "Membership", "Mention", "Article"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, record: Any) -> Any:
    """A record with a part of it replaced or gone."""
    record = json.loads(json.dumps(record))
    for _ in range(draw(st.integers(1, 4))):
        place: Any = record
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            inner = place[key]
            if isinstance(inner, (dict, list)) and inner and draw(st.integers(0, 5)):
                place = inner
                continue
            if draw(st.booleans()):
                del place[key]
            else:
                place[key] = draw(_VALUES)
            break
    return record


def is_sound(parsed: Parsed) -> None:
    """Relations are of entities that are there, and the labels can be mapped."""
    LabelMap.of(("followthemoney", "wikidata")).apply(parsed)
    ids = {each.id for each in parsed.article.entities}
    for each in parsed.article.relations:
        assert each.subject in ids
        assert each.object is None or each.object in ids
    assert all(each.name for each in parsed.article.entities)
