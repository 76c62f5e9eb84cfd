"""The reader of REBEL: its corpus, and triplets as a model writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.labels import LabelMap
from datasette_newsgraph.readers.formats import rebel
from datasette_newsgraph.vocabulary import PREFIXES
from tests.readers.documents_and_links import (
    CORPUS,
    counts,
    damaged,
    format_of,
    is_sound,
    parsed_from,
    rebel_of,
    span,
    statements,
    triple,
)

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")

XSD = PREFIXES["xsd"]
Json = dict[str, Any]
TEXT = "The Concorde first flew in 1969. It was built by France and Britain."
CONCORDE = span("Q6505", 4, 12, "Concorde")
YEAR = span('"1969-01-01T00:00:00Z"^^xsd:dateTime', 27, 31, "1969")


@needs_samples
def test_sample_of_rebels_corpus() -> None:
    first, second = parsed_from(SAMPLES / "rebel_dataset.jsonl", name="rebel")
    # Two documents with 4 and 8 spans, each of an item of its own; the ends of the 1 and 3 triples
    # are among those spans.
    assert counts(first) == (4, 4, 1)
    assert counts(second) == (8, 8, 3)
    assert not first.faults + second.faults
    assert first.article.title == "Transportation Journal"
    assert first.local_ids == ("30113940",)
    assert first.article.id == ""
    assert statements(first.article) == [
        ("Transportation Journal", "publisher", "Penn State University Press")
    ]
    for parsed in (first, second):
        for each in parsed.article.entities:
            assert each.type == "Thing"
            assert each.same_as[0].startswith("http://www.wikidata.org/entity/Q")
            for mention in each.mentions:
                assert parsed.article.text
                assert parsed.article.text[mention.start : mention.end] == mention.text


@needs_samples
def test_sample_of_generated_triplets() -> None:
    (parsed,) = parsed_from(SAMPLES / "rebel_decoded.json", name="rebel")
    # Two triplets with one head and two tails; each name is one mention, to be looked for.
    assert counts(parsed) == (3, 3, 2)
    assert statements(parsed.article) == [
        (
            "Punta Cana",
            "located in the administrative territorial entity",
            "La Altagracia Province",
        ),
        ("Punta Cana", "country", "Dominican Republic"),
    ]


def test_known_properties_are_given_by_id_and_others_by_words() -> None:
    parsed = rebel_of(CORPUS)
    assert [each.predicate for each in parsed.article.relations if each.object] == [
        "first flight",
        "P495",
    ]
    terms = LabelMap.of(format_of("rebel").labels).apply(parsed)
    assert ("predicate", "country of origin") in terms


def test_a_date_is_an_entity_with_a_value_as_precise_as_its_words() -> None:
    parsed = rebel_of(CORPUS)
    date = parsed.article.entities[1]
    assert (date.type, date.name, date.same_as) == ("Date", "1969", [])
    assert statements(parsed.article)[:2] == [
        ("1969", "normalised value", "1969"),
        ("Concorde", "first flight", "1969"),
    ]
    assert parsed.article.relations[0].datatype == "date"
    assert parsed.article.relations[1].confidence == 0.5


@pytest.mark.parametrize(
    ("uri", "surface", "type_", "value"),
    [
        (f"1969-03-02T00:00:00Z^^{XSD}dateTime", "2 March", "Date", "1969-03-02"),
        ("+1969-03-01T00:00:00Z^^xsd:dateTime", "March 1969", "Date", "1969-03"),
        (f'"1969-01-01T00:00:00Z"^^<{XSD}dateTime>', "January 1969", "Date", "1969-01"),
        ("1969-01-01T00:00:00Z^^xsd:dateTime", "1 January 1969", "Date", "1969-01-01"),
        ("nonsense^^xsd:dateTime", "then", "Date", None),
        (f"14^^{XSD}decimal", "fourteen", "Quantity", "14"),
        ("en^^xsd:string", "English", "Thing", "en"),
        ("/m/0abc", "Concorde", "Thing", None),
        ("", "Concorde", "Thing", None),
    ],
)  # fmt: skip
def test_uris_that_are_no_items(uri: str, surface: str, type_: str, value: str | None) -> None:
    parsed = rebel_of({**CORPUS, "entities": [span(uri, 4, 12, surface)], "triples": []})
    (entity,) = parsed.article.entities
    assert (entity.type, entity.same_as) == (type_, [])
    assert [each.value for each in parsed.article.relations] == ([value] if value else [])


def test_amounts_become_values_of_relations() -> None:
    twenty = span("20^^xsd:decimal", 27, 31, "twenty")
    parsed = rebel_of({**CORPUS, "triples": [triple(CONCORDE, ("P1", "built"), twenty)]})
    LabelMap.of(format_of("rebel").labels).apply(parsed)
    assert ("Concorde", "built", "twenty") in statements(parsed.article)


def test_sentences_are_evidence_only_where_a_corpus_has_them() -> None:
    assert rebel_of(CORPUS).article.relations[1].evidence == []
    relation = rebel_of({**CORPUS, "sentences_boundaries": [[0, 32]]}).article.relations[1]
    assert [(each.start, each.end, each.text) for each in relation.evidence] == [(0, 32, None)]
    beyond = rebel_of({**CORPUS, "sentences_boundaries": [[]]}).article.relations[1]
    assert beyond.evidence == []


def test_what_coreference_found_names_nothing() -> None:
    it = span("http://www.wikidata.org/entity/Q6505", 33, 35, "It", annotator="Simple_Coreference")
    parsed = rebel_of({**CORPUS, "entities": [it, CONCORDE], "triples": []})
    (entity,) = parsed.article.entities
    assert (entity.name, entity.aliases, len(entity.mentions)) == ("Concorde", [], 2)


def test_other_names_of_an_item_are_aliases() -> None:
    also = span("Q6505", 0, 12, "The Concorde")
    (entity,) = rebel_of({**CORPUS, "entities": [CONCORDE, also], "triples": []}).article.entities
    assert (entity.name, entity.aliases) == ("Concorde", ["The Concorde"])


FLEW: Json = {"head": "Concorde", "type": "manufacturer", "tail": "Aérospatiale"}


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ([FLEW], None),
        ([{**FLEW, "text": TEXT}], TEXT),
        (FLEW, None),
        ({"text": TEXT, "triplets": [FLEW]}, TEXT),
        ({"text": TEXT, "triples": [FLEW]}, TEXT),
        ([{**FLEW, "meta": {"spans": [[0, 128]]}}], None),
        ([{**FLEW, "head_type": "<concept>", "tail_type": "org"}], None),
    ],
)
def test_forms_of_generated_triplets(record: Any, text: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(record))
    (parsed,) = parsed_from(path, name="rebel")
    assert parsed.article.text == text
    assert statements(parsed.article) == [("Concorde", "manufacturer", "Aérospatiale")]
    mentions = [each.mentions[0] for each in parsed.article.entities]
    assert [(each.start, each.text) for each in mentions] == [
        (None, "Concorde"),
        (None, "Aérospatiale"),
    ]


def test_lists_on_lines_are_documents(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{json.dumps([FLEW])}\n{json.dumps([FLEW, FLEW])}\n")
    assert [counts(each) for each in parsed_from(path, name="rebel")] == [(2, 2, 1), (2, 2, 2)]


def test_types_of_mrebel() -> None:
    parsed = rebel_of([{**FLEW, "head_type": "<concept>", "tail_type": "org"}])
    LabelMap.of(format_of("rebel").labels).apply(parsed)
    assert [each.type for each in parsed.article.entities] == ["Concept", "Organization"]


def test_parts_of_rebel_that_cannot_be_taken() -> None:
    parsed = rebel_of(
        {
            **CORPUS,
            "entities": [span("Q1", 500, 510, ""), span("Q2", 9, 4, " "), {"uri": "Q3"}],
            "triples": [{"subject": CONCORDE}, {"head": "Concorde", "tail": " "}, {}],
        }
    )
    assert [each.reason for each in parsed.faults] == [
        "entities[0]: has no words",
        "entities[1]: has no words",
        "entities[2]: has no words",
        "triples[0].object: is not there",
        "triples[1].tail: has no words",
        "triples[2].subject: is not there",
        "triples[2].object: is not there",
    ]
    assert parsed.article.relations == []


@pytest.mark.parametrize(
    "record", [{}, {"docid": "1", "text": TEXT}, {"entities": None}, 1, "x", [1]]
)
def test_what_is_no_rebel(record: Any) -> None:
    with pytest.raises(RecordError):
        rebel_of(record)


@settings(max_examples=300, deadline=None)
@given(damaged({**CORPUS, "sentences_boundaries": [[0, 32]], "triplets": [FLEW]}) | damaged([FLEW]))
def test_damaged_rebel(record: Any) -> None:
    try:
        parsed = rebel.parse(json.dumps(record).encode())
    except RecordError:
        return
    is_sound(parsed)
