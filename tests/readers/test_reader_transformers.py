"""The reader of what the pipelines of transformers give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from datasette_newsgraph.readers import Parsed
from tests.readers.recognisers import mentions, parse

Load = Callable[..., tuple[str, list[Parsed]]]


# spaCy ------------------------------------------------------------------------------------------

TEXT = "Ban Ki-moon met Emmanuel Macron in Paris."


# Transformers -----------------------------------------------------------------------------------


def token(entity: str, word: str, start: int | None, end: int | None, **more: Any) -> Any:
    return {"entity": entity, "word": word, "start": start, "end": end, "score": 0.5} | more


def group(label: str, word: str, start: int | None, end: int | None) -> Any:
    return {"entity_group": label, "word": word, "start": start, "end": end, "score": 0.9}


def test_transformers_groups(load: Load) -> None:
    spans = [group("PER", "ban ki - moon", 0, 11), group("LOC", "Paris", 35, 40)]
    for written, documents in ((spans, 1), ([spans, spans], 2), ({"entities": spans}, 1)):
        found, parsed = load(written)
        assert (found, len(parsed)) == ("transformers", documents)
        assert mentions(parsed[0]) == [
            ("PER", 0, 11, "ban ki - moon"),
            ("LOC", 35, 40, "Paris"),
        ]
    # With the text at hand, the tokeniser's spacing is of no use; other words are.
    found, (one,) = load({"text": TEXT, "entities": [*spans, group("LOC", "Rome", 35, 40)]})
    assert found == "transformers"
    assert mentions(one) == [
        ("PER", 0, 11, None),
        ("LOC", 35, 40, "Paris"),
        ("LOC", 35, 40, "Rome"),
    ]
    assert one.article.entities[0].name == "Ban Ki-moon"


@pytest.mark.parametrize("with_index", [True, False])
def test_transformers_tokens_are_joined(load: Load, with_index: bool) -> None:
    tokens = [
        token("B-PER", "Ban", 0, 3, index=1),
        token("I-PER", "Ki", 4, 6, index=2),
        token("I-PER", "-", 6, 7, index=3),
        token("I-PER", "mo", 7, 9, index=4),
        # A piece belongs to its word, whatever its label.
        token("B-ORG", "##on", 9, 11, index=5, score=1.0),
        token("O", "met", 12, 15, index=6),
        token("I-PER", "Emmanuel", 16, 24, index=7),
        token("B-PER", "Macron", 25, 31, index=8),
        token("I-LOC", "Paris", 35, 40, index=10),
    ]
    if not with_index:
        tokens = [{key: each[key] for key in each if key != "index"} for each in tokens]
    found, (parsed,) = load(tokens)
    assert found == "transformers"
    assert mentions(parsed) == [
        ("PER", 0, 11, "Ban Ki-moon"),
        ("PER", 16, 24, "Emmanuel"),
        ("PER", 25, 31, "Macron"),
        ("LOC", 35, 40, "Paris"),
    ]
    assert parsed.article.entities[0].mentions[0].confidence == 0.6


def test_transformers_tokens_without_places() -> None:
    tokens = [
        token("B-LOC", "\u2581New", None, None, index=1),
        token("I-LOC", "\u2581Yo", None, None, index=2),
        token("I-LOC", "rk", None, None, index=3),
        token("S-LOC", "Pa", None, None, index=5),
        token("S-LOC", "##ris", None, None, index=6),
        token("LABEL_1", "x", None, None),
    ]
    parsed = parse("transformers", tokens)
    assert sorted(each.name for each in parsed.article.entities) == ["New York", "Paris", "x"]
