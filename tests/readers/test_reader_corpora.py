"""Readers of corpora and graphs: DocRED, SpERT, DyGIE++, LangChain, GraphRAG."""

from __future__ import annotations

import csv
import importlib
import json
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.formats import FORMATS
from datasette_newsgraph.readers.inputs import open_input
from datasette_newsgraph.reading.recognition import format_called, recognise
from tests.cost import seconds_of_processor
from tests.readers.damage import damaged

SHARED = Path(__file__).parents[2].parent / "shared"
SAMPLES, CORPORA = SHARED / "samples", SHARED / "corpora"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")

JSON_NAMES = ("docred", "spert", "dygie", "langchain")


def load(path: Path) -> tuple[str, list[Parsed]]:
    """Recognise a file or folder and parse all of it; what is rejected is left out."""
    with closing(open_input(path)) as source:
        found = recognise(source)
        given = found.reader.entries(source)
        return found.name, [found.reader.parse(each.raw) for each in given if not each.fault]


def parse(name: str, value: Any) -> Parsed:
    return format_called(name).reader.parse(json.dumps(value).encode())


def example(name: str) -> str:
    doc = format_called(name).reader.__doc__
    assert doc is not None
    return textwrap.dedent(doc.split("Example::\n")[1]).strip()


def records(name: str) -> list[Any]:
    value = json.loads(example(name))
    return value if isinstance(value, list) else [value]


def reasons(parsed: Parsed) -> list[str]:
    return [each.reason for each in parsed.faults]


def statements(parsed: Parsed) -> list[tuple[str, str, Any]]:
    names = {each.id: each.name for each in parsed.article.entities}
    return [
        (
            names[each.subject],
            each.predicate,
            each.value if each.object is None else names[each.object],
        )
        for each in parsed.article.relations
    ]


def mentions(parsed: Parsed) -> list[tuple[str, int | None, int | None, str | None]]:
    return [
        (entity.name, each.start, each.end, each.text)
        for entity in parsed.article.entities
        for each in entity.mentions
    ]


def counts(articles: list[Parsed]) -> Counter[str]:
    found: Counter[str] = Counter(articles=len(articles))
    for parsed in articles:
        article = parsed.article
        found["entities"] += len(article.entities)
        found["mentions"] += sum(len(each.mentions) for each in article.entities)
        found["relations"] += len(article.relations)
        found["evidence"] += sum(len(each.evidence) for each in article.relations)
        found["faults"] += len(parsed.faults)
    return found


def is_sound(parsed: Parsed) -> None:
    """What holds of all that a reader returns: ids are there, spans read what they say."""
    article = parsed.article
    ids = {each.id for each in article.entities}
    assert len(ids) == len(article.entities)
    for relation in article.relations:
        assert relation.subject in ids
        assert (relation.object in ids) != (relation.value is not None)
    assert article.id == ""


# All ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", JSON_NAMES)
@pytest.mark.parametrize("form", ["as it is", "lines", "one array"])
def test_the_example_is_recognised_and_read(name: str, form: str, tmp_path: Path) -> None:
    values = records(name)
    text = {
        "as it is": example(name),
        "lines": "".join(json.dumps(each) + "\n" for each in values),
        "one array": json.dumps(values),
    }[form]
    path = tmp_path / ("a.jsonl" if form == "lines" else "a.json")
    path.write_text(text, encoding="utf-8")
    found, articles = load(path)
    assert found == name
    assert len(articles) == len(values)
    for each in articles:
        is_sound(each)
        assert each.article.entities
        assert each.article.relations
        assert not each.faults


@pytest.mark.parametrize("name", JSON_NAMES)
def test_records_without_anything_are_rejected(name: str) -> None:
    for empty in ({}, {"title": "x"}, {"doc_key": "x"}, {"source": {"metadata": {}}}):
        with pytest.raises(RecordError, match="no entities in it"):
            parse(name, empty)


@pytest.mark.parametrize("name", JSON_NAMES)
def test_what_is_no_object_is_rejected(name: str) -> None:
    for raw in (
        b"",
        b"[]",
        b"3",
        b'"x"',
        b"null",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'{"a":' * 50_000,
    ):
        with pytest.raises(RecordError):
            format_called(name).reader.parse(raw)


@pytest.mark.parametrize("name", JSON_NAMES)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_only_record_errors_come_of_damage(name: str, data: st.DataObject) -> None:
    value = data.draw(st.sampled_from(DAMAGED[name]))
    raw = data.draw(damaged(json.dumps(value).encode()))
    for line in raw.split(b"\n"):
        try:
            parsed = format_called(name).reader.parse(line)
        except RecordError:
            continue
        is_sound(parsed)


# DocRED ------------------------------------------------------------------------------------------


@needs_samples
def test_docred_sample() -> None:
    name, articles = load(SAMPLES / "redocred.json")
    assert name == "docred"
    # One document: 29 clusters of 32 mentions, 51 labels, of which 25 have 27 sentences for evidence.
    assert counts(articles) == Counter(
        articles=1, entities=29, mentions=32, relations=51, evidence=27, faults=0
    )
    article = articles[0].article
    assert article.title == "Willi Schneider (skeleton racer)"
    assert articles[0].local_ids == (article.title,)
    # Three mentions are "Schneider", one has his whole name.
    assert article.entities[0].name == 'Wilfried " Willi " Schneider'
    assert article.entities[0].aliases == ["Schneider"]
    assert articles[0].is_joined


@needs_samples
def test_redocred_has_every_relation_with_its_evidence_sentences() -> None:
    path = CORPORA / "re-docred-dev.json"
    documents = json.loads(path.read_bytes())
    name, articles = load(path)
    assert name == "docred"
    labels = [label for document in documents for label in document["labels"]]
    clusters = [cluster for document in documents for cluster in document["vertexSet"]]
    expected = Counter(
        articles=500,
        entities=len(clusters),
        mentions=sum(map(len, clusters)),
        relations=len(labels),
        evidence=sum(len(label["evidence"]) for label in labels),
        faults=0,
    )
    assert (expected["entities"], expected["mentions"]) == (9_684, 13_189)
    assert (expected["relations"], expected["evidence"]) == (17_284, 12_524)
    assert counts(articles) == expected
    differing = 0
    for document, parsed in zip(documents, articles, strict=True):
        text, sentences = parsed.article.text, [" ".join(each) for each in document["sents"]]
        assert text == " ".join(sentences)
        for label, relation in zip(document["labels"], parsed.article.relations, strict=True):
            assert relation.predicate == label["r"]
            assert [each.text for each in relation.evidence] == [
                sentences[number] for number in label["evidence"]
            ]
            assert all(text[each.start : each.end] == each.text for each in relation.evidence)
        given = [each for cluster in document["vertexSet"] for each in cluster]
        for each, (_, start, end, surface) in zip(given, mentions(parsed), strict=True):
            tokens = document["sents"][each["sent_id"]][each["pos"][0] : each["pos"][1]]
            assert text[start:end] == " ".join(tokens)
            assert surface == each["name"]
            differing += surface != text[start:end]
    # "July 3, 1954" of the tokens "July 3 , 1954".
    assert differing == 284


def docred(**changes: Any) -> dict[str, Any]:
    return {**records("docred")[0], **changes}


def test_docred_without_labels_or_evidence() -> None:
    document = docred()
    del document["labels"]
    assert counts([parse("docred", document)])["relations"] == 0
    distant = parse("docred", docred(labels=[{"h": 0, "t": 1, "r": "P276"}]))
    assert statements(distant) == [("Treaty of Lisbon", "P276", "Lisbon")]
    assert distant.article.relations[0].evidence == []


def test_docred_labels_in_columns() -> None:
    columns = {"head": [0], "tail": [2], "relation_id": ["P1001"], "relation_text": ["applies to"]}
    parsed = parse("docred", docred(labels={**columns, "evidence": [[1]]}))
    assert statements(parsed) == [("Treaty of Lisbon", "P1001", "European Union")]
    assert [each.text for each in parsed.article.relations[0].evidence] == [
        "The treaty changed how the European Union works ."
    ]


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (["Angela Merkel", "Merkel", "Merkel"], "Angela Merkel"),
        (["Germany", "Germany", "German"], "Germany"),
        (["EU", "European Union"], "European Union"),
        (["1954", "July 3 , 1954"], "July 3 , 1954"),
    ],
)
def test_docred_names_an_entity_in_full(names: list[str], name: str) -> None:
    cluster = [{"name": each, "type": "X", "sent_id": 0, "pos": [1, 2]} for each in names]
    entity = parse("docred", docred(vertexSet=[cluster], labels=[])).article.entities[0]
    assert entity.name == name
    assert sorted([name, *entity.aliases]) == sorted(set(names))


def test_docred_faults_name_their_place() -> None:
    sentence = {"name": "Lisbon", "type": "LOC"}
    broken = [
        {**sentence, "sent_id": 0, "pos": [7, 8]},
        {**sentence, "sent_id": 9, "pos": [7, 8]},
        {**sentence, "sent_id": 0, "pos": [8, 7]},
        {**sentence, "sent_id": 1, "pos": [0, 99]},
        {**sentence, "sent_id": 0, "pos": [-1, 1]},
        {**sentence, "sent_id": 0, "pos": []},
    ]
    labels = [
        {"h": 0, "t": 1, "r": "P1"},
        {"h": -1, "t": 0, "r": "P1"},
        {"h": 0, "t": 0, "r": "P2", "evidence": [0, 9, -1]},
    ]
    parsed = parse("docred", docred(vertexSet=[broken, []], labels=labels))
    assert reasons(parsed) == [
        "vertexSet[0][1]: pos [7, 8] is no span of sentence 9",
        "vertexSet[0][2]: pos [8, 7] is no span of sentence 0",
        "vertexSet[0][3]: pos [0, 99] is no span of sentence 1",
        "vertexSet[0][4]: pos [-1, 1] is no span of sentence 0",
        "vertexSet[0][5]: pos [] is no span of sentence 0",
        "vertexSet[1]: no mention of it has a name",
        "labels[0]: t 1 is no entity of vertexSet",
        "labels[1]: h -1 is no entity of vertexSet",
        "labels[2]: evidence 9 is no sentence",
        "labels[2]: evidence -1 is no sentence",
    ]
    assert counts([parsed])["mentions"] == counts([parsed])["relations"] == 1


# SpERT -------------------------------------------------------------------------------------------


@needs_samples
def test_spert_sample() -> None:
    name, articles = load(SAMPLES / "conll04_spert.json")
    assert name == "spert"
    # Three sentences of 2, 5 and 2 entities with one relation each, whose evidence is the sentence.
    assert counts(articles) == Counter(
        articles=3, entities=9, mentions=9, relations=3, evidence=3, faults=0
    )
    assert statements(articles[0]) == [("John Wilkes Booth", "Kill", "President Lincoln")]
    assert [each.local_ids for each in articles] == [("5178",), ("1755",), ("4596",)]


@needs_samples
def test_token_tags_are_not_read_but_known() -> None:
    with pytest.raises(InputError, match=r"tokens with a tag each .*; write its tags as"):
        load(SAMPLES / "conll04_tablert_tags.json")


def test_spert_faults_name_their_place() -> None:
    sentence = {
        "tokens": ["Merkel", "met", "Merkel"],
        "entities": [
            {"type": "Peop", "start": 0, "end": 1},
            {"type": "Peop", "start": 2, "end": 3},
            {"type": "Peop", "start": 2, "end": 4},
            {"type": "Peop", "start": 1, "end": 1},
        ],
        "relations": [
            {"type": "Kill", "head": 0, "tail": 2},
            {"type": "Kill", "head": 0, "tail": 7},
            {"type": "Kill", "tail": 0},
        ],
    }
    parsed = parse("spert", sentence)
    assert [each.name for each in parsed.article.entities] == ["Merkel"]
    assert mentions(parsed) == [("Merkel", 0, 6, "Merkel"), ("Merkel", 11, 17, "Merkel")]
    assert reasons(parsed) == [
        "entities[2]: 2-4 is no span of 3 tokens",
        "entities[3]: 1-1 is no span of 3 tokens",
        "relations[0]: tail 2 is no entity of the record",
        "relations[1]: tail 7 is no entity of the record",
        "relations[2]: head None is no entity of the record",
    ]


# DyGIE++ -----------------------------------------------------------------------------------------


@needs_samples
def test_crossre_sample() -> None:
    name, articles = load(SAMPLES / "crossre_news.jsonl")
    assert name == "dygie"
    # Five sentences: 2 + 2 + 3 + 2 + 4 spans, 1 + 1 + 3 + 1 + 2 relations, each with its sentence.
    assert counts(articles) == Counter(
        articles=5, entities=13, mentions=13, relations=8, evidence=8, faults=0
    )
    assert mentions(articles[1]) == [
        ("AL-AIN", 0, 6, "AL-AIN"),
        ("United Arab Emirates", 9, 29, "United Arab Emirates"),
    ]
    # "defeat" is what the annotator quoted, to be found within the sentence.
    evidence = articles[3].article.relations[0].evidence[0]
    assert (evidence.start, evidence.end, evidence.text) == (
        0,
        len(articles[3].article.text or ""),
        "defeat",
    )
    assert articles[3].local_ids == ("news-test-5",)
    assert articles[3].article.extractor.name == "CrossRE"  # type: ignore[union-attr]


def test_dygie_reads_entities_events_and_chains() -> None:
    parsed = parse("dygie", records("dygie")[0])
    assert statements(parsed) == [
        ("Maria Ressa", "founder of", "Rappler"),
        ("Rappler", "based in", "Manila"),
        ("founded", "event type", "Business.Start-Org"),
        ("founded", "Agent", "Maria Ressa"),
        ("founded", "Org", "Rappler"),
        ("Maria Ressa", "possibly same as", "Ressa"),
    ]
    ressa, event = parsed.article.entities[0], parsed.article.entities[-1]
    assert ressa.aliases == ["Ressa"]
    assert (event.type, event.local) == ("Event", True)
    assert parsed.article.relations[0].evidence[0].text == "Maria Ressa founded Rappler in Manila ."
    assert parsed.article.extractor.model == "news"  # type: ignore[union-attr]
    assert parsed.local_ids == ("nobel-2021",)


def test_dygie_chains_take_no_pronouns_and_need_a_name() -> None:
    document = {
        "doc_key": "a",
        "sentences": [["Ressa", "said", "she", "won", "."], ["The", "editor", "smiled", "."]],
        "ner": [[[0, 0, "PER"]], []],
        "clusters": [[[2, 2], [5, 6], [0, 0]], [[1, 1], [3, 3]]],
    }
    parsed = parse("dygie", document)
    assert statements(parsed) == []
    assert [(each.name, each.aliases) for each in parsed.article.entities] == [
        ("Ressa", ["The editor"])
    ]


def test_dygie_predictions_count_where_nothing_is_annotated() -> None:
    document = {
        "doc_key": "a",
        "sentences": [["Ressa", "founded", "Rappler", "."]],
        "ner": [[]],
        "predicted_ner": [[[0, 0, "PER", 12.3, 0.99], [2, 2, "ORG", 3.1, 1.7]]],
        "predicted_relations": [[[0, 0, 2, 2, "founder of", 4.5, 0.75]]],
        "predicted_events": [[[[1, "Start-Org", 8.0, 0.5], [0, 0, "Agent", 2.0, 0.25]]]],
        "predicted_clusters": [],
    }
    parsed = parse("dygie", document)
    assert [each.confidence for entity in parsed.article.entities for each in entity.mentions] == [
        0.99,
        None,
        0.5,
    ]
    assert [each.confidence for each in parsed.article.relations] == [0.75, None, 0.25]
    annotated = parse("dygie", {**document, "ner": [[[2, 2, "NEWS"]]]})
    assert [each.type for each in annotated.article.entities] == ["NEWS"]
    assert statements(annotated) == []


def test_dygie_events_with_several_tokens_or_alike() -> None:
    document = {
        "doc_key": "a",
        "sentences": [["Troops", "opened", "fire", ",", "then", "fire", "ceased", "."]],
        "events": [[[[1, 2, "Attack"], [0, 0, "Attacker"]], [[5, "Attack"]]]],
    }
    parsed = parse("dygie", document)
    # What no span of ner names has no type; each event is one of its own.
    assert [(each.name, each.type) for each in parsed.article.entities] == [
        ("opened fire", "Event"),
        ("Troops", "Thing"),
        ("fire", "Event"),
    ]
    assert statements(parsed)[1] == ("opened fire", "Attacker", "Troops")


def test_dygie_faults_name_their_place() -> None:
    document = {
        "doc_key": "a",
        "sentences": [["Ressa", "won", "."], ["She", "smiled", "."]],
        "ner": [
            [[0, 0, "PER"], [0, 6, "PER"], [1, 0, "PER"], [0, 0], ["a", "b", "c"]],
            [[-1, 0, "X"]],
        ],
        "relations": [[[0, 0, 9, 9, "won"], [0, 0, 1, 1]], [[0, 0, 1, 1, None]]],
        "events": [[[], [["x", "T"]], [[1, "Win"], [7, 7, "Who"], ["x"]]]],
        "clusters": [[[0, 0], [99, 99], "x"]],
    }
    parsed = parse("dygie", document)
    assert [each.partition(":")[0] for each in reasons(parsed)] == [
        *("ner[0][1]", "ner[0][2]", "ner[0][3]", "ner[0][4]", "ner[1][0]"),
        *("relations[0][0]", "relations[0][1]", "relations[1][0]"),
        *("events[0][0]", "events[0][1]", "events[0][2][1]", "events[0][2][2]"),
        *("clusters[0][1]", "clusters[0][2]"),
    ]
    assert statements(parsed) == [("won", "event type", "Win")]


# LangChain ---------------------------------------------------------------------------------------


@needs_samples
def test_langchain_sample() -> None:
    name, articles = load(SAMPLES / "langchain_graphdocument.json")
    assert name == "langchain"
    # Two nodes with a mention each, one relationship, one property (country of Doha).
    assert counts(articles) == Counter(
        articles=1, entities=2, mentions=2, relations=2, evidence=0, faults=0
    )
    assert statements(articles[0]) == [("Doha", "country", "Qatar"), ("Taliban", "MET_IN", "Doha")]
    article = articles[0].article
    assert (article.url, article.text) == ("http://example.org/a1", "(source text here)")
    assert (article.relations[1].start_date, article.relations[1].end_date) == (
        "2021-07-17",
        "2021-07-17",
    )
    assert mentions(articles[0]) == [
        ("Taliban", None, None, "Taliban"),
        ("Doha", None, None, "Doha"),
    ]


NODES = [
    {
        "id": "Q36740",
        "type": "Person",
        "properties": {
            "name": "Maria Ressa",
            "description": "journalist",
            "aliases": ["Ressa"],
            "wikidata_id": "Q36740",
            "born": "1963-10-02",
            "awards": ["Nobel Peace Prize", {"x": 1}, None],
            "is_editor": True,
            "embedding": [0.1, 0.2],
            "confidence": 0.9,
        },
    },
    {"id": "Rappler", "type": "Organization", "properties": None},
]
RELATIONSHIP = {
    "source": {"id": "Q36740", "type": "Person"},
    "target": {"id": "Rappler", "type": "Organization"},
    "type": "FOUNDED",
    "properties": {
        "start": "2012-01-01T00:00:00Z",
        "end": "unknown",
        "weight": 9,
        "score": 0.5,
        "evidence": "Ressa  founded rappler",
        "description": "not in the text at all",
    },
}
GRAPH = {
    "nodes": NODES,
    "relationships": [RELATIONSHIP],
    "source": {
        "id": "doc-7",
        "page_content": "In 2012 Ressa founded Rappler.",
        "metadata": {
            "source": "news/a.txt",
            "url": "https://example.org/a",
            "title": "A",
            "date": "2021-10-08T10:00:00",
            "language": "en",
            "author": ["B", "B"],
        },
    },
}


def test_langchain_understands_properties_and_metadata() -> None:
    parsed = parse("langchain", GRAPH)
    entity, relation = parsed.article.entities[0], parsed.article.relations[-1]
    assert (entity.name, entity.aliases, entity.description) == (
        "Maria Ressa",
        ["Ressa"],
        "journalist",
    )
    assert entity.same_as == ["http://www.wikidata.org/entity/Q36740"]
    assert entity.mentions[0].confidence == 0.9
    assert statements(parsed) == [
        ("Maria Ressa", "born", "1963-10-02"),
        ("Maria Ressa", "awards", "Nobel Peace Prize"),
        ("Maria Ressa", "is_editor", True),
        ("Maria Ressa", "FOUNDED", "Rappler"),
    ]
    assert [each.datatype for each in parsed.article.relations[:3]] == ["date", "string", "boolean"]
    assert (relation.start_date, relation.end_date, relation.confidence) == (
        "2012-01-01",
        None,
        0.5,
    )
    assert [each.text for each in relation.evidence] == ["Ressa  founded rappler"]
    article = parsed.article
    assert (article.url, article.title, article.published, article.language, article.authors) == (
        "https://example.org/a",
        "A",
        "2021-10-08",
        "en",
        ["B"],
    )
    assert parsed.local_ids == ("doc-7", "news/a.txt")


def serialised(value: Any, kind: str) -> dict[str, Any]:
    return {"lc": 1, "type": "constructor", "id": ["langchain", kind], "kwargs": value}


def test_langchain_serialised_is_the_same(tmp_path: Path) -> None:
    relationship = {
        **RELATIONSHIP,
        "source": serialised(RELATIONSHIP["source"], "Node"),
        "target": serialised(RELATIONSHIP["target"], "Node"),
    }
    parts = {
        "nodes": [serialised(each, "Node") for each in NODES],
        "relationships": [serialised(relationship, "Relationship")],
        "source": serialised(GRAPH["source"], "Document"),
    }
    plain = parse("langchain", GRAPH)
    for form in (serialised(parts, "GraphDocument"), parts):
        path = tmp_path / "a.json"
        path.write_text(json.dumps([form]))
        assert load(path) == ("langchain", [plain])
    with pytest.raises(RecordError, match="could not serialise it"):
        parse(
            "langchain",
            {"lc": 1, "type": "not_implemented", "id": ["x"], "repr": "GraphDocument()"},
        )


def chunk(text: str, *edges: tuple[str, str, str], **metadata: Any) -> dict[str, Any]:
    """A graph of LangChain's, every end of which is a person."""
    names = dict.fromkeys(name for source, _, target in edges for name in (source, target))
    return {
        "nodes": [{"id": name, "type": "Person", "properties": {"seen": True}} for name in names],
        "relationships": [
            {
                "source": {"id": source, "type": "Person"},
                "target": {"id": target, "type": "Person"},
                "type": kind,
            }
            for source, kind, target in edges
        ],
        "source": {"page_content": text, "metadata": metadata},
    }


def write_lines(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in records))
    return path


FIRST, SECOND = "Ban met Ressa.", "Later Ressa met Ban and Annan."
MET = ("Ban", "MET", "Ressa")


@pytest.mark.parametrize("form", ["lines", "array"])
def test_langchain_chunks_of_one_document_are_one_article(form: str, tmp_path: Path) -> None:
    address = "https://example.org/a"
    chunks = [
        chunk(FIRST, MET, source=address, title="A"),
        chunk("Kabul fell.", source="https://example.org/b"),
        chunk(SECOND, ("Ressa", "MET", "Annan"), MET, source=address, date="2021-10-08"),
        # The same once more.
        chunk(FIRST, MET, source=address),
    ]
    path = write_lines(tmp_path / "a.json", *chunks)
    if form == "array":
        path.write_text(json.dumps(chunks, indent=1))
    name, (other, one) = load(path)
    assert name == "langchain"
    assert other.article.text == "Kabul fell."
    article = one.article
    assert article.text == f"{FIRST}\n\n{SECOND}"
    assert (article.url, article.title, article.published) == (address, "A", "2021-10-08")
    assert mentions(one) == [
        ("Ban", 0, 14, "Ban"),
        ("Ban", 16, 46, "Ban"),
        ("Ressa", 0, 14, "Ressa"),
        ("Ressa", 16, 46, "Ressa"),
        ("Annan", 16, 46, "Annan"),
    ]
    assert statements(one) == [
        ("Ban", "seen", True),
        ("Ressa", "seen", True),
        ("Ban", "MET", "Ressa"),
        ("Annan", "seen", True),
        ("Ressa", "MET", "Annan"),
        ("Ban", "MET", "Ressa"),
    ]
    assert [
        (each.start, each.end) for relation in article.relations for each in relation.evidence
    ] == [(0, 14), (16, 46), (16, 46)]
    assert not reasons(one)


def test_langchain_what_is_not_one_document(tmp_path: Path) -> None:
    def texts(*chunks: Any) -> list[str | None]:
        found = load(write_lines(tmp_path / "a.jsonl", *chunks))[1]
        return [each.article.text for each in found]

    # A file, a row of which is a document, and a newspaper's own address.
    for source in ("news.csv", "https://example.org", "https://example.org/"):
        chunks = [chunk(FIRST, MET, source=source), chunk(SECOND, MET, source=source)]
        assert texts(*chunks) == [FIRST, SECOND]
    # Two runs over one text.
    assert texts(chunk(FIRST, MET), chunk(FIRST, ("Ban", "KNOWS", "Ressa"))) == [FIRST]


def test_langchain_one_id_for_two_things(tmp_path: Path) -> None:
    def numbered(text: str, name: str) -> dict[str, Any]:
        node = {"id": "0", "type": "Person", "properties": {"name": name}}
        return {**chunk(text, source="https://example.org/a"), "nodes": [node]}

    chunks = numbered(FIRST, "Ban"), numbered(SECOND, "Annan"), numbered("Ban left.", "Ban")
    _, (one,) = load(write_lines(tmp_path / "a.jsonl", *chunks))
    assert [(each.name, len(each.mentions)) for each in one.article.entities] == [
        ("Ban", 2),
        ("Annan", 1),
    ]


def test_langchain_a_broken_chunk_is_a_fault(tmp_path: Path) -> None:
    address = "https://example.org/a"
    broken = {**chunk(SECOND, MET, source=address), "nodes": 7}
    _, (one,) = load(write_lines(tmp_path / "a.jsonl", chunk(FIRST, MET, source=address), broken))
    assert one.article.text == FIRST
    (reason,) = reasons(one)
    assert reason.startswith("graph 2: not of this format: ")


def test_langchain_as_a_model_writes_it(tmp_path: Path) -> None:
    given = {
        "nodes": [
            {"id": "Ressa", "type": "Person", "properties": [{"key": "born", "value": "1963"}, 1]}
        ],
        "relationships": [
            {
                "source_node_id": "Ressa",
                "source_node_type": "Person",
                "target_node_id": "Rappler",
                "target_node_type": "Organization",
                "type": "FOUNDED",
                "properties": [{"key": "start_date", "value": "2012"}],
            },
            {"source_node_id": "Rappler", "target_node_id": "Manila", "type": "IN"},
            {"source_node_id": "Rappler", "type": "IN"},
        ],
    }
    name, (parsed,) = load(write_lines(tmp_path / "a.json", given))
    assert name == "langchain"
    assert [(each.type, each.name) for each in parsed.article.entities] == [
        ("Person", "Ressa"),
        ("Organization", "Rappler"),
        ("Thing", "Manila"),
    ]
    assert statements(parsed) == [
        ("Ressa", "born", "1963"),
        ("Ressa", "FOUNDED", "Rappler"),
        ("Rappler", "IN", "Manila"),
    ]
    assert parsed.article.relations[1].start_date == "2012"
    assert reasons(parsed) == ["relationships[2]: has not two ends"]


def test_llama_index_documents_of_one_address(tmp_path: Path) -> None:
    store = llama_store()
    for node in ("c1", "c2", "c3"):
        store["nodes"][node]["properties"]["url"] = "https://example.org/a"
    name, (one, rest) = load(write_lines(tmp_path / "a.json", store))
    assert name == "langchain"
    first = "Ressa founded Rappler.\nRessa lives in Manila."
    assert one.article.text == f"{first}\n\nManila is a capital."
    assert ("Manila", 23, 45, "Manila") in mentions(one)
    assert ("Manila", 47, 67, "Manila") in mentions(one)
    assert [each.name for each in rest.article.entities] == ["stray"]


def test_neo4j_graphrag_with_its_chunks(tmp_path: Path) -> None:
    def edge(start: str, kind: str, end: str) -> dict[str, Any]:
        return {"start_node_id": start, "end_node_id": end, "type": kind, "properties": {}}

    graph = {
        "nodes": [
            {"id": "c1:0", "label": "Person", "properties": {"name": "Maria Ressa"}},
            {"id": "c1:1", "label": "Organization", "properties": {"name": "Rappler"}},
            {"id": "c1", "label": "Chunk", "properties": {"text": "Ressa founded Rappler."}},
            {"id": "c2", "label": "Chunk", "properties": {"text": "Rappler is news."}},
            {"id": "d", "label": "Document", "properties": {"path": "https://example.org/a"}},
        ],
        "relationships": [
            edge("c1:0", "FOUNDED", "c1:1"),
            edge("c1:0", "FROM_CHUNK", "c1"),
            edge("c1:1", "FROM_CHUNK", "c1"),
            edge("c1:1", "FROM_CHUNK", "c2"),
            edge("c1", "NEXT_CHUNK", "c2"),
            edge("c1", "FROM_DOCUMENT", "d"),
            edge("c1:0", "KNOWS", "gone"),
        ],
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps(graph))
    name, (parsed,) = load(path)
    assert name == "langchain"
    assert parsed.article.text == "Ressa founded Rappler.\nRappler is news."
    assert parsed.article.url == "https://example.org/a"
    assert parsed.article.extractor.name == "neo4j-graphrag"  # type: ignore[union-attr]
    assert mentions(parsed) == [
        ("Maria Ressa", 0, 22, "Maria Ressa"),
        ("Rappler", 0, 22, "Rappler"),
        ("Rappler", 23, 39, "Rappler"),
    ]
    assert statements(parsed) == [("Maria Ressa", "FOUNDED", "Rappler")]
    assert reasons(parsed) == ["relationships[6]: 'gone' is the id of no node"]


def llama_store() -> dict[str, Any]:
    def chunk(key: str, document: str, text: str) -> dict[str, Any]:
        properties = {"ref_doc_id": document, "file_name": f"{document}.txt"}
        return {"label": "text_chunk", "properties": properties, "text": text, "id_": key}

    def entity(name: str, key: str) -> dict[str, Any]:
        properties = {"triplet_source_id": key, "file_name": "x", "role": "?"}
        return {"label": "entity", "name": name, "properties": properties, "embedding": None}

    def relation(source: str, label: str, target: str, key: str) -> dict[str, Any]:
        properties = {"triplet_source_id": key}
        return {"label": label, "source_id": source, "target_id": target, "properties": properties}

    return {
        "nodes": {
            "c1": chunk("c1", "d1", "Ressa founded Rappler."),
            "c2": chunk("c2", "d1", "Ressa lives in Manila."),
            "c3": chunk("c3", "d2", "Manila is a capital."),
            "Ressa": entity("Ressa", "c1"),
            "Rappler": entity("Rappler", "c1"),
            # Found in the second document last.
            "Manila": entity("Manila", "c3"),
            "stray": entity("stray", "gone"),
        },
        "relations": {
            "a": relation("Ressa", "FOUNDED", "Rappler", "c1"),
            "b": relation("Ressa", "LIVES_IN", "Manila", "c2"),
            "c": relation("Ressa", "HAS_SOURCE", "c1", ""),
            "d": relation("c1", "NEXT", "c2", ""),
        },
        "triplets": [["Ressa", "a", "Rappler"]],
    }


def test_llama_index_store_is_an_article_a_document(tmp_path: Path) -> None:
    path = tmp_path / "property_graph_store.json"
    path.write_text(json.dumps(llama_store()))
    name, (first, second, rest) = load(path)
    assert name == "langchain"
    assert first.article.text == "Ressa founded Rappler.\nRessa lives in Manila."
    assert second.article.text == "Manila is a capital."
    assert (first.local_ids, second.local_ids) == (("d1", "d1.txt"), ("d2", "d2.txt"))
    assert mentions(first) == [
        ("Ressa", 0, 22, "Ressa"),
        ("Ressa", 23, 45, "Ressa"),
        ("Rappler", 0, 22, "Rappler"),
        ("Manila", 23, 45, "Manila"),
    ]
    assert [(each.start, each.end) for each in first.article.relations[-1].evidence] == [(23, 45)]
    assert [each.name for each in second.article.entities] == ["Manila"]
    assert [each.name for each in rest.article.entities] == ["stray"]
    assert not reasons(first) + reasons(second) + reasons(rest)


DAMAGED: dict[str, list[Any]] = {
    "docred": [
        *records("docred"),
        docred(labels={"head": [0], "tail": [1], "relation_id": ["P1"]}),
    ],
    "spert": records("spert"),
    "dygie": [
        *records("dygie"),
        {
            "doc_key": 1,
            "sentence": ["Ressa", "won", "."],
            "ner": [[0, 0, "person"]],
            "relations": [[0, 0, 0, 0, "social", "won", False, False]],
        },
        {
            "sentences": [["Ressa", "won", "."]],
            "predicted_ner": [[[0, 0, "person", 1.0, 0.5]]],
            "predicted_events": [[[[1, 1, "Win", 1.0, 0.5], [0, 0, "Who", 1.0, 0.5]]]],
        },
    ],
    "langchain": [*records("langchain"), GRAPH, serialised(GRAPH, "GraphDocument"), llama_store()],
}


@settings(max_examples=200, deadline=None)
@given(damaged(json.dumps(llama_store()).encode()))
def test_a_damaged_store_is_cut_or_left_whole(raw: bytes) -> None:
    from datasette_newsgraph.readers.formats.langchain.graph_documents import documents_of

    for each in documents_of(raw) or [raw]:
        try:
            is_sound(format_called("langchain").reader.parse(each))
        except RecordError:
            continue


# GraphRAG ----------------------------------------------------------------------------------------

Tables = dict[str, list[dict[str, Any]]]


def graphrag_example() -> Tables:
    """The tables of the docstring."""
    tables: Tables = {}
    lines: dict[str, list[str]] = {}
    name = ""
    for line in example("graphrag").splitlines():
        if line.startswith(" "):
            lines[name].append(line.strip())
        else:
            name = line.removesuffix(".csv")
            lines[name] = []
    for name, rows in lines.items():
        tables[name] = list(csv.DictReader(rows))
    return tables


def write_csv(folder: Path, tables: Tables, prefix: str = "") -> Path:
    for name, rows in tables.items():
        with open(folder / f"{prefix}{name}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else ["id"])
            writer.writeheader()
            writer.writerows(rows)
    return folder


def write_parquet(folder: Path, tables: Tables) -> Path:
    arrow = pytest.importorskip("pyarrow")
    parquet = importlib.import_module("pyarrow.parquet")
    for name, rows in tables.items():
        parquet.write_table(arrow.Table.from_pylist(rows), folder / f"{name}.parquet")
    return folder


def read_parquet(folder: Path) -> Tables:
    pytest.importorskip("pyarrow")
    parquet = importlib.import_module("pyarrow.parquet")
    return {each.stem: parquet.read_table(each).to_pylist() for each in folder.glob("*.parquet")}


def faults_of(path: Path) -> list[str]:
    source = Folder(path)
    return [each.fault for each in recognise(source).reader.entries(source) if each.fault]


def test_graphrag_example(tmp_path: Path) -> None:
    name, (parsed,) = load(write_csv(tmp_path, graphrag_example()))
    is_sound(parsed)
    assert name == "graphrag"
    assert statements(parsed) == [
        ("MARIA RESSA", "related to", "RAPPLER"),
        ("MARIA RESSA", "relationship description", "Maria Ressa founded Rappler"),
        ("MARIA RESSA", "AWARD", "Ressa shared the prize"),
    ]
    whole = len(parsed.article.text or "")
    assert mentions(parsed) == [
        ("MARIA RESSA", 0, whole, "MARIA RESSA"),
        ("RAPPLER", 0, whole, "RAPPLER"),
    ]
    evidence = [each for relation in parsed.article.relations for each in relation.evidence]
    assert [(each.start, each.end, each.text) for each in evidence] == [
        (0, whole, None),
        (0, whole, "She shared the prize in 2021."),
    ]
    assert parsed.local_ids == ("d1", "ressa.txt")
    assert not parsed.faults


@needs_samples
def test_graphrag_sample() -> None:
    pytest.importorskip("pyarrow")
    name, articles = load(SAMPLES / "graphrag")
    assert name == "graphrag"
    tables = read_parquet(SAMPLES / "graphrag")
    units = {each["id"] for each in tables["text_units"]}
    ids = [unit for each in tables["entities"] for unit in each["text_unit_ids"]]
    # The sample is the first 8 rows of each table: 11 + 7 of the text units named are not in it.
    # Two ends of relationships or claims are not among the 8 entities.
    assert counts(articles) == Counter(
        articles=1,
        entities=8 + 2,
        mentions=sum(each in units for each in ids) + 2,
        relations=2 * 8 + 8,
        evidence=20,
        faults=11 + 7,
    )
    assert all("is not in text_units" in each for each in reasons(articles[0]))


@needs_samples
def test_graphrag_corpus() -> None:
    pytest.importorskip("pyarrow")
    tables = read_parquet(CORPORA / "graphrag")
    name, articles = load(CORPORA / "graphrag")
    parsed = articles[0]
    is_sound(parsed)
    assert (name, len(articles)) == ("graphrag", 1)
    titles = {each["title"] for each in tables["entities"]}
    rows = tables["relationships"]
    # 25 claims came out of the model without fields, 2 say that there is none (type NONE).
    claims = [each for each in tables["covariates"] if each["type"] not in (None, "NONE")]
    assert (len(titles), len(rows), len(claims)) == (529, 978, 379)
    ends = {row[end] for row in rows for end in ("source", "target")}
    ends |= {each["subject_id"] for each in claims}
    ends |= {each["object_id"] for each in claims} - {None, "NONE"}
    assert {each.name for each in parsed.article.entities} == titles | ends
    assert len(parsed.article.entities) == len(titles | ends) == 602
    assert len(parsed.faults) == 27
    found = counts(articles)
    assert found["relations"] == 2 * len(rows) + len(claims) == 2_335
    of_table = [
        each
        for entity in parsed.article.entities
        if entity.name in titles
        for each in entity.mentions
    ]
    assert len(of_table) == sum(len(each["text_unit_ids"]) for each in tables["entities"]) == 779
    # All 42 text units are found, behind the title that GraphRAG puts before each.
    text = parsed.article.text or ""
    spans = {(each.start, each.end) for each in of_table}
    given = {
        each["text"].removeprefix("title: a-christmas-carol.txt.\n")
        for each in tables["text_units"]
    }
    assert {text[start:end] for start, end in spans} == given
    assert len(given) == 42
    # Where a name is not in its unit GraphRAG has made it up, or says it otherwise.
    words = {
        each["id"]: each["text"].partition("\n")[2].casefold() for each in tables["text_units"]
    }
    expected = sum(
        each["title"].casefold() in words[unit]
        for each in tables["entities"]
        for unit in each["text_unit_ids"]
    )
    located = sum(
        (each.text or "").casefold() in text[each.start : each.end].casefold() for each in of_table
    )
    assert located == expected == 592
    units = [
        each for relation in parsed.article.relations for each in relation.evidence if not each.text
    ]
    assert len(units) == sum(len(each["text_unit_ids"]) for each in rows) == 1_101


@needs_samples
def test_graphrag_csv_is_the_same_as_parquet(tmp_path: Path) -> None:
    folder = CORPORA / "graphrag"
    assert load(write_csv(tmp_path, read_parquet(folder))) == load(folder)


def test_graphrag_tables_of_older_versions(tmp_path: Path) -> None:
    tables = graphrag_example()
    renamed = {
        "documents": {"text": "raw_content"},
        "text_units": {"document_id": "document_ids"},
        "entities": {"title": "name"},
    }
    older = {
        name: [
            {renamed.get(name, {}).get(key, key): cell for key, cell in row.items()} for row in rows
        ]
        for name, rows in tables.items()
    }
    older["text_units"][0]["document_ids"] = ["d1"]
    now, before = tmp_path / "now", tmp_path / "project"
    artifacts = before / "output" / "20240701" / "artifacts"
    now.mkdir()
    artifacts.mkdir(parents=True)
    write_csv(artifacts, older, "create_final_")
    assert load(before) == load(write_csv(now, tables))
    write_csv(before / "output", tables)
    with pytest.raises(InputError, match="several outputs of GraphRAG"):
        load(before)


def test_graphrag_several_documents(tmp_path: Path) -> None:
    tables = graphrag_example()
    tables["documents"].append({"id": "d2", "title": "b.txt", "text": "Rappler reports. Empty."})
    tables["text_units"].append(
        {"id": "u2", "text": "source: b.\nRappler reports.", "document_id": "d2"}
    )
    tables["text_units"].append({"id": "u3", "text": "not in the text", "document_id": "d2"})
    tables["entities"][1]["text_unit_ids"] = "['u1' 'u2'\n 'u3']"
    tables["entities"].append({"title": "LOST", "text_unit_ids": "['u9']"})
    _, (first, second) = load(write_csv(tmp_path, tables))
    assert [each.name for each in first.article.entities] == ["MARIA RESSA", "RAPPLER"]
    assert mentions(second) == [("RAPPLER", 0, 16, "RAPPLER"), ("RAPPLER", None, None, "RAPPLER")]
    assert faults_of(tmp_path) == ["entities[2]: its text units are of no document"]


def test_graphrag_claims(tmp_path: Path) -> None:
    tables = graphrag_example()
    claim = tables["covariates"][0]
    changes: list[dict[str, str]] = [
        {"status": "SUSPECTED"},
        {"status": "FALSE", "object_id": "RAPPLER", "start_date": "2021-10-08T00:00:00"},
        {"type": "NONE"},
        {"subject_id": ""},
        {"subject_id": "THE JURY", "end_date": "NONE"},
        {"source_text": "Maria Ressa founded; in 2021."},
        {"source_text": "Maria Ressa founded; nowhere."},
        {"description": ""},
    ]
    for each in changes:
        tables["covariates"].append({"start_date": "", "end_date": "", **claim, **each})
    tables["covariates"][0] = {"start_date": "", "end_date": "", **claim}
    _, (parsed,) = load(write_csv(tmp_path, tables))
    assert statements(parsed)[3:] == [
        ("MARIA RESSA", "AWARD (suspected)", "Ressa shared the prize"),
        ("MARIA RESSA", "AWARD (false)", "RAPPLER"),
        ("THE JURY", "AWARD", "Ressa shared the prize"),
        ("MARIA RESSA", "AWARD", "Ressa shared the prize"),
        ("MARIA RESSA", "AWARD", "Ressa shared the prize"),
    ]
    assert [
        [each.text for each in relation.evidence] for relation in parsed.article.relations[6:]
    ] == [
        ["Maria Ressa founded", "in 2021."],
        ["Maria Ressa founded; nowhere."],
    ]
    assert parsed.article.relations[4].start_date == "2021-10-08"
    assert reasons(parsed) == [
        "covariates[3]: has no subject or no type",
        "covariates[4]: has no subject or no type",
        "covariates[8]: has neither an object nor a description",
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda tables: tables.pop("documents"),
            r"has no documents\.parquet \(or \.csv\); copy it",
        ),
        (lambda tables: tables.pop("relationships") and tables.pop("covariates"), None),
        (
            lambda tables: [row.pop("title") for row in tables["entities"]],
            r"entities\.csv has no column title \(it has type, description, text_unit_ids\)",
        ),
        (
            lambda tables: tables.update(text_units=[]),
            r"text_units\.csv has no column text \(it has id\)",
        ),
    ],
)
def test_graphrag_tables_and_columns_that_are_missing(
    change: Callable[[Tables], Any], message: str | None, tmp_path: Path
) -> None:
    tables = graphrag_example()
    change(tables)
    write_csv(tmp_path, tables)
    if message is None:
        assert load(tmp_path)[1][0].article.relations == []
    else:
        with pytest.raises(InputError, match=message):
            load(tmp_path)


def test_graphrag_broken_csv(tmp_path: Path) -> None:
    write_csv(tmp_path, graphrag_example())
    limit = csv.field_size_limit()
    (tmp_path / "relationships.csv").write_bytes(b"source,target,text_unit_ids\n\xff")
    with pytest.raises(InputError, match=r"relationships\.csv is not UTF-8: byte 29"):
        load(tmp_path)
    assert csv.field_size_limit() == limit


def test_graphrag_long_cells(tmp_path: Path) -> None:
    tables = graphrag_example()
    text = "Ressa won. " * 50_000
    tables["documents"][0]["text"] = tables["text_units"][0]["text"] = text
    _, (parsed,) = load(write_csv(tmp_path, tables))
    assert parsed.article.text == text
    assert mentions(parsed)[0][1:3] == (0, len(text))


def test_a_single_table_is_no_input(tmp_path: Path) -> None:
    write_parquet(tmp_path, graphrag_example())
    assert load(tmp_path)[0] == "graphrag"
    with pytest.raises(InputError, match="is one table; give the folder"):
        load(tmp_path / "entities.parquet")


def test_a_folder_without_all_tables_says_which_is_missing(tmp_path: Path) -> None:
    write_parquet(tmp_path, graphrag_example())
    (tmp_path / "text_units.parquet").unlink()
    with pytest.raises(InputError, match=r"has no text_units\.parquet \(or \.csv\)"):
        load(tmp_path)


def test_parquet_needs_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_parquet(tmp_path, graphrag_example())
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        InputError, match=r"needs pyarrow: pip install 'datasette-newsgraph\[parquet\]'"
    ):
        load(tmp_path)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_parquet_is_an_input_error(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = write_parquet(tmp_path_factory.mktemp("tables"), graphrag_example())
    path = folder / f"{data.draw(st.sampled_from(sorted(graphrag_example())))}.parquet"
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(raw[: data.draw(st.sampled_from((len(raw), len(raw) // 2, 8, 0)))])
    try:
        _, articles = load(folder)
    except (InputError, RecordError):
        return
    for each in articles:
        is_sound(each)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_graphrag_survives_damage(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = write_csv(tmp_path_factory.mktemp("tables"), graphrag_example())
    (entry,) = format_called("graphrag").reader.entries(Folder(folder))
    with suppress(RecordError):
        is_sound(format_called("graphrag").reader.parse(data.draw(damaged(entry.raw))))
    path = folder / f"{data.draw(st.sampled_from(sorted(graphrag_example())))}.csv"
    path.write_bytes(data.draw(damaged(path.read_bytes())))
    with suppress(InputError, RecordError):
        for parsed in load(folder)[1]:
            is_sound(parsed)


# Time --------------------------------------------------------------------------------------------


def large(name: str, count: int) -> Iterator[dict[str, Any]]:
    """Records of which a part comes ``count`` times: what would show a reader that is not linear."""
    tokens = [f"w{number}" for number in range(count)]
    if name == "docred":
        mention = [{"name": each, "sent_id": 0, "pos": [0, 1]} for each in tokens]
        labels = [{"h": 0, "t": 0, "r": "P1", "evidence": [0]}] * count
        yield {"sents": [tokens[:100]], "vertexSet": [mention], "labels": labels}
        yield {"sents": [tokens], "vertexSet": [[each] for each in mention], "labels": []}
    elif name == "spert":
        spans = [{"type": "X", "start": each, "end": each + 1} for each in range(count)]
        yield {"tokens": tokens, "entities": spans, "relations": []}
    elif name == "dygie":
        spans_ = [[each, each, "X"] for each in range(count)]
        yield {"sentences": [tokens], "ner": [spans_], "clusters": [[each[:2] for each in spans_]]}
        yield {
            "sentences": [tokens],
            "ner": [spans_[:1]],
            "clusters": [[each[:2] for each in spans_]],
        }
    else:
        nodes = [{"id": each, "type": "X", "properties": {each: each}} for each in tokens]
        yield {"nodes": nodes, "source": {"page_content": " ".join(tokens)}}
        edges = [
            {
                "source": {"id": each},
                "target": {"id": "w0"},
                "properties": {"evidence": f"{each} x"},
            }
            for each in tokens
        ]
        yield {"relationships": edges, "source": {"page_content": " ".join(tokens)}}


@pytest.mark.parametrize("name", JSON_NAMES)
def test_time_is_linear_in_the_size_of_a_record(name: str) -> None:
    for value in large(name, 20_000):
        raw = json.dumps(value).encode()
        # A second or two; if it were quadratic, minutes.
        with seconds_of_processor(60):
            format_called(name).reader.parse(raw)


def test_graphrag_units_that_are_not_in_their_document_cost_little() -> None:
    from datasette_newsgraph.readers.formats.graphrag.table_documents import Document, place_units

    text = "The court sat again. " * 200_000
    document = Document("d", None, text)
    rows = [
        {"id": f"u{number}", "text": f"title: x.\nno such words {number}", "of": "d"}
        for number in range(5_000)
    ]
    with seconds_of_processor(60):
        place_units([document], rows)
    assert all(each.start is None for each in document.units)


def test_the_formats_are_in_the_table() -> None:
    given = {each.name: each for each in FORMATS}
    assert given["graphrag"].extra == "parquet"
    assert given["graphrag"].takes_folders
    for name in (*JSON_NAMES, "graphrag"):
        assert given[name].signs
