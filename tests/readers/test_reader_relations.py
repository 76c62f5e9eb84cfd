"""Readers of corpora of relations: DocRED, SpERT, DyGIE++."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.readers.corpora import (
    counts,
    docred,
    load,
    mentions,
    parse,
    reasons,
    records,
    statements,
)

SHARED = Path(__file__).parents[2].parent / "shared"


SAMPLES, CORPORA = SHARED / "samples", SHARED / "corpora"


needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")


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
