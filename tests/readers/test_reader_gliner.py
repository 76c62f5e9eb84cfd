"""Readers of GLiNER, GLiNER-RelEx and GLiREL."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import InputError, RecordLeftOut
from datasette_newsgraph.readers import Parsed
from tests.readers.recognisers import mentions, parse, reasons, statements

Load = Callable[..., tuple[str, list[Parsed]]]


# spaCy ------------------------------------------------------------------------------------------

TEXT = "Ban Ki-moon met Emmanuel Macron in Paris."


# GLiNER and GLiREL ------------------------------------------------------------------------------

SPAN = {"start": 35, "end": 40, "text": "Paris", "label": "city", "score": 0.75}


@pytest.mark.parametrize(
    ("written", "documents"),
    [
        ([SPAN], 1),
        ([SPAN, SPAN], 1),
        ([[SPAN], [SPAN]], 2),
        ([[], [SPAN]], 2),
        ({"text": TEXT, "entities": [SPAN]}, 1),
        ([{"text": TEXT, "entities": [SPAN]}, {"text": TEXT, "entities": []}], 2),
        ({"text": TEXT, "entities": [{"start": 35, "end": 40, "label": "city"}]}, 1),
    ],
)
def test_gliner(load: Load, written: Any, documents: int) -> None:
    if written == [[], [SPAN]]:
        with pytest.raises(RecordLeftOut, match="no entities and no text"):
            load(written)
        return
    for name in ("a.json", "a"):
        found, parsed = load(json.dumps(written, indent=2), name)
        assert (found, len(parsed)) == ("gliner", documents)
        assert mentions(parsed[0])[0][:3] == ("city", 35, 40)


def test_long_lines_of_lists(load: Load, tmp_path: Path) -> None:
    # A first line longer than what is looked at.
    line = json.dumps([SPAN] * 20_000)
    for name in ("a.jsonl", "a.json"):
        found, parsed = load(f"{line}\n{line}\n", name)
        assert (found, len(parsed)) == ("gliner", 2)


def test_scores_that_are_no_numbers(load: Load) -> None:
    found, (parsed,) = load('[\n {"start": 35, "end": 40, "text": "Paris", "label": "city",'
                            ' "score": NaN},\n {"text": "x"}\n]')  # fmt: skip
    assert found == "gliner"
    assert mentions(parsed)[0] == ("Thing", None, None, "x")
    assert parsed.article.entities[0].mentions[0].confidence is None


def test_an_article_around_the_spans() -> None:
    wrapped = {
        "text": TEXT,
        "entities": [SPAN],
        "id": 17,
        "title": "A visit",
        "url": "https://example.org/visit",
        "published": "2015-11-30T08:00:00Z",
    }
    parsed = parse("gliner", wrapped)
    assert parsed.local_ids == ("17",)
    assert (parsed.article.id, parsed.article.published) == ("", "2015-11-30")
    assert (parsed.article.title, parsed.article.url) == ("A visit", "https://example.org/visit")


def test_relex_pairs_and_shared_spans(load: Load) -> None:
    head = {"start": 0, "end": 11, "text": "Ban Ki-moon", "type": "person", "entity_idx": 0}
    tail = {"start": 35, "end": 40, "text": "Paris", "type": "town", "entity_idx": 1}
    relation = {"head": head, "tail": tail, "relation": "was in", "score": 0.9}
    town = {**SPAN, "label": "town"}
    for written in (
        [[SPAN, town], [relation]],
        {"entities": [SPAN, town], "relations": [relation]},
    ):
        found, (parsed,) = load(written)
        assert found == "gliner_relex"
        assert statements(parsed) == [("Ban Ki-moon", "was in", "Paris")]
        types = {each.id: each.type for each in parsed.article.entities}
        assert types[parsed.article.relations[0].object or ""] == "town"
    broken = {"entities": [SPAN], "relations": [{"tail": tail}, {"head": {}, "tail": tail}]}
    assert reasons(parse("gliner_relex", broken)) == [
        "relations[0]: head is missing",
        "relations[1]: head: has no words",
    ]


@pytest.mark.parametrize(
    ("written", "tool", "surface"),
    [
        ({"text": TEXT, "entities": [{"text": "Paris", "label": "city"}]}, "annotations", "Paris"),
        ({"text": TEXT, "entities": [{"text": "Paris", "type": "city"}]}, "annotations", "Paris"),
        ({"id": 3, "text": TEXT, "entities": [{"text": "Paris", "type": "city"}]}, "annotations",
         "Paris"),
        ({"text": TEXT, "entities": [{"start": 35, "end": 40, "label": "city"}]}, "annotations",
         None),
        ({"text": TEXT, "entities": [SPAN]}, "GLiNER", "Paris"),
        ({"text": TEXT, "entities": {"person": [], "city": ["Paris"]}}, "GLiNER2", "Paris"),
        ({"entities": {"city": [{"text": "Paris", "confidence": 0.75}]}}, "GLiNER2", "Paris"),
    ],
)  # fmt: skip
def test_spans_of_another_form(load: Load, written: Any, tool: str, surface: str | None) -> None:
    for many in (written, [written, written]):
        found, parsed = load(many)
        assert found == "gliner"
        for one in parsed:
            assert one.article.extractor is not None
            assert one.article.extractor.name == tool
            assert [(each[0], each[3]) for each in mentions(one)] == [("city", surface)]
            assert one.article.text == written.get("text")


def test_posts_with_entities_of_their_own_are_no_gliner2(load: Load) -> None:
    with pytest.raises(InputError):
        load({"full_text": TEXT, "entities": {"hashtags": [], "urls": []}})


def test_relations_beside_plain_spans_are_told() -> None:
    parsed = parse("gliner", {"text": TEXT, "entities": [SPAN], "relations": [{"from": 1}]})
    assert reasons(parsed) == ["relations: not read beside entities like these"]


@pytest.mark.parametrize("name", ["gliner", "gliner_relex", "transformers", "flair"])
def test_a_document_in_which_nothing_was_found_is_left_out(name: str) -> None:
    empty: list[Any] = [[], []] if name == "gliner_relex" else []
    for value in (empty, {"entities": []}):
        with pytest.raises(RecordLeftOut, match="no entities and no text"):
            parse(name, value)
    assert parse(name, {"text": TEXT, "entities": []}).article.text == TEXT


def test_relex_of_many_texts_is_paired_by_document(load: Load) -> None:
    head = {"start": 0, "end": 11, "text": "Ban Ki-moon", "type": "person", "entity_idx": 0}
    tail = {"start": 35, "end": 40, "text": "Paris", "type": "city", "entity_idx": 1}
    relation = {"head": head, "tail": tail, "relation": "was in", "score": 0.9}
    for entities, relations, expected in (
        ([[SPAN], [SPAN]], [[relation], []], [1, 0]),
        ([[SPAN], [SPAN]], [[], []], [0, 0]),
        ([[SPAN]], [[relation]], [1]),
        ([[SPAN], [SPAN], [SPAN]], [[], [relation], [relation]], [0, 1, 1]),
    ):
        both = [entities, relations]
        line = json.dumps(both)
        for written in (line, json.dumps(both, indent=1), f"{line}\n{line}\n"):
            found, parsed = load(written)
            assert found == "gliner_relex"
            counted = [len(each.article.relations) for each in parsed]
            assert counted == (expected * 2 if written.count(line) == 2 else expected)
            assert {mentions(each)[-1][0] for each in parsed} == {"city"}
    # Pairs of lists, as they are given back of one text each.
    found, parsed = load([[[SPAN], [relation]], [[SPAN], []]])
    assert [len(each.article.relations) for each in parsed] == [1, 0]


GLIREL = {
    "head_pos": [3, 5],
    "tail_pos": [6, 7],
    "head_text": ["Emmanuel", "Macron"],
    "tail_text": ["Paris"],
    "label": "was in",
    "score": 0.9,
}


WORDS = ["Ban", "Ki-moon", "met", "Emmanuel", "Macron", "in", "Paris", "."]


def test_glirel_without_tokens_has_no_offsets(load: Load) -> None:
    for written, documents in (([GLIREL], 1), ([GLIREL, GLIREL], 1), ([[GLIREL], [GLIREL]], 2)):
        found, parsed = load(written)
        assert (found, len(parsed)) == ("glirel", documents)
        assert mentions(parsed[0]) == [
            ("Thing", None, None, "Emmanuel Macron"),
            ("Thing", None, None, "Paris"),
        ]


def test_glirel_ends_are_exclusive_and_those_of_ner_inclusive() -> None:
    ner = [
        [0, 1, "PERSON", "Ban Ki-moon"],
        [3, 4, "PERSON", "Emmanuel Macron"],
        [6, 6, "GPE", "Paris"],
    ]
    parsed = parse("glirel", {"tokens": WORDS, "ner": ner, "relations": [GLIREL]})
    assert mentions(parsed) == [
        ("PERSON", 0, 11, "Ban Ki-moon"),
        ("PERSON", 16, 31, "Emmanuel Macron"),
        ("GPE", 35, 40, "Paris"),
    ]
    assert statements(parsed) == [("Emmanuel Macron", "was in", "Paris")]
    assert parsed.is_joined
    # In the text that the tokens are of, the full stop is where it was.
    placed = parse("glirel", {"text": TEXT, "tokens": WORDS, "ner": ner, "relations": [GLIREL]})
    assert mentions(placed) == mentions(parsed)
    assert (placed.article.text, placed.is_joined) == (TEXT, False)


def test_glirel_training_data() -> None:
    relation = {
        "head": {"mention": "Emmanuel Macron", "position": [3, 4], "type": "PERSON"},
        "tail": {"mention": "Paris", "position": [6, 6], "type": "GPE"},
        "relation_text": "was in",
    }
    parsed = parse("glirel", {"tokenized_text": WORDS, "ner": [], "relations": [relation]})
    assert [each[:3] for each in mentions(parsed)] == [("PERSON", 16, 31), ("GPE", 35, 40)]


def test_glirel_faults() -> None:
    relations = [
        {**GLIREL, "tail_pos": [6, 60]},
        {**GLIREL, "label": "no relation"},
        {"label": "x", "head_pos": [-1, 2], "tail_pos": [0, 1]},
    ]
    parsed = parse("glirel", {"tokens": WORDS, "ner": [["x"]], "relations": relations})
    assert reasons(parsed) == [
        "ner[0]: has no first and last token",
        "relations[0]: tail: there are no tokens 6 to 59 (there are 8)",
        "relations[2]: head: there are no tokens -1 to 1 (there are 8)",
    ]
    assert statements(parsed) == []
