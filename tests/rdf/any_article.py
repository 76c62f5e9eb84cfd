"""Strategies for hypothesis: any article record, whatever its strings, spans and numbers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.rdf.hostile import DATES, IRIS, LANGUAGES

anything = st.text(st.characters(exclude_categories=()), max_size=8)
offsets = st.none() | st.integers(-3, 12) | st.integers()
iris = anything | anything.map("http://ex.org/".__add__) | st.sampled_from(list(IRIS))
dates = anything | st.sampled_from(list(DATES)) | st.dates().map(str)


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


spans = {"start": offsets, "end": offsets, "text": optional(anything)}
confidences = optional(st.floats(0, 1) | st.sampled_from([-1.0, 2.0]))
ids = st.sampled_from(["e1", "e2", "schema:x", "id:1"])
entities = st.fixed_dictionaries(
    {
        "id": ids,
        "type": st.sampled_from(["Person", "Date"]) | anything,
        "name": st.sampled_from(["Ana", "he"]) | anything,
        "aliases": st.lists(anything, max_size=2),
        "same_as": st.lists(iris, max_size=2),
        "description": optional(anything),
        "latitude": optional(st.floats(-100, 100)),
        "longitude": optional(st.floats(-200, 200)),
        "mentions": st.lists(
            st.fixed_dictionaries({**spans, "confidence": confidences}), max_size=2
        ),
    }
)
relations = st.fixed_dictionaries(
    {"subject": ids, "predicate": anything, "confidence": confidences},
    optional={
        "object": ids,
        "value": anything
        | st.integers(-(2**63), 2**63)
        | st.floats(allow_nan=False)
        | st.booleans(),
        "datatype": st.sampled_from(["string", "date", "number", "boolean", "IRI"]),
        "start_date": dates,
        "end_date": dates,
        "pattern": anything,
        "evidence": st.lists(st.fixed_dictionaries(spans), max_size=2),
    },
)
quotes = st.fixed_dictionaries(
    {
        "speaker": optional(ids),
        **spans,
        "verb": optional(anything),
        "direct": optional(st.booleans()),
        "confidence": confidences,
    }
)
zones = st.fixed_dictionaries(
    {
        "zone": st.sampled_from(["title", "body", "caption", "footer", "promotion"]),
        "start": st.integers(-1, 10),
        "end": st.integers(-1, 10),
    }
)
articles = st.fixed_dictionaries(
    {
        "id": anything,
        "url": optional(iris),
        "title": optional(anything),
        "publisher": optional(anything),
        "authors": st.lists(anything, max_size=2, unique=True),
        "sections": st.lists(anything, max_size=2, unique=True),
        "published": optional(dates),
        "language": optional(anything | st.sampled_from(list(LANGUAGES))),
        "licence": optional(iris),
        "text": optional(anything),
        "zones": st.lists(zones, max_size=2),
        "entities": st.lists(entities, max_size=2),
        "relations": st.lists(relations, max_size=2),
        "quotes": st.lists(quotes, max_size=1),
        "extractor": optional(
            st.fixed_dictionaries(
                {"name": anything, "version": optional(anything), "model": optional(anything)}
            )
        ),
    }
)
