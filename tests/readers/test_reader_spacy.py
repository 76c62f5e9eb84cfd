"""Readers of spaCy: its JSON, lists of entities, and DocBin."""

from __future__ import annotations

import gc
import importlib
import json
import sys
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.limits import Limit
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.recognition import format_called, recognise
from tests.readers.recognisers import (
    count,
    example,
    load_path,
    mentions,
    parse,
    reasons,
    same_as,
    statements,
)

Load = Callable[..., tuple[str, list[Parsed]]]


# spaCy ------------------------------------------------------------------------------------------

TEXT = "Ban Ki-moon met Emmanuel Macron in Paris."
BAN = {"start": 0, "end": 11, "label": "PERSON"}
MACRON = {"start": 16, "end": 31, "label": "PERSON"}
PARIS = {"start": 35, "end": 40, "label": "GPE"}
TOKENS = [
    {"id": number, "start": start, "end": end}
    for number, (start, end) in enumerate(
        [(0, 3), (4, 11), (12, 15), (16, 24), (25, 31), (32, 34), (35, 40), (40, 41)]
    )
]


DOC = {"text": TEXT, "ents": [BAN, MACRON, PARIS], "tokens": TOKENS}


def test_spacy_says_no_surface() -> None:
    assert [each[3] for each in mentions(parse("spacy", DOC))] == [None, None, None]


def test_span_groups() -> None:
    groups = {
        "sc": [{**PARIS, "kb_id": "Q90"}, {**BAN, "label": "DIPLOMAT"}],
        "unlabelled": [{"start": 0, "end": 15, "label": ""}],
        "coref_clusters_1": [BAN, {"start": 16, "end": 31, "label": ""}, {"start": 12, "end": 15}],
    }
    parsed = parse("spacy", {**DOC, "spans": groups})
    # Paris of the group is the entity, now with its id; the diplomat is a further label.
    assert [each[:3] for each in mentions(parsed)] == [
        ("DIPLOMAT", 0, 11),
        ("PERSON", 0, 11),
        ("PERSON", 16, 31),
        ("GPE", 35, 40),
    ]
    assert same_as(parsed) == {"Paris": ["http://www.wikidata.org/entity/Q90"]}
    assert statements(parsed) == [("Ban Ki-moon", "possibly same as", "Emmanuel Macron")]


@pytest.mark.parametrize("pair", ["(0, 3)", "0, 3", "[0,3]", "0-3"])
def test_scored_relations(pair: str) -> None:
    rel = {pair: {"met": 0.5, "hired": 0.49}, "(3, 0)": {"married to": 0.01}, "(9, 8)": {"a": 0}}
    parsed = parse("spacy", {**DOC, "_": {"rel": rel}})
    assert statements(parsed) == [("Ban Ki-moon", "met", "Emmanuel Macron")]
    assert parsed.article.relations[0].confidence == 0.5
    assert reasons(parsed) == []


def test_scored_relations_without_an_end() -> None:
    rel = {"(0, 2)": {"met": 1}, "(0, 99)": {"met": 1.0}, "x": {"met": 1}, "(0, 3)": "met"}
    parsed = parse("spacy", {**DOC, "_": {"rel": rel}})
    assert statements(parsed) == []
    assert reasons(parsed) == [
        "_.rel[(0, 2)]: no entity begins at token 2",
        "_.rel[(0, 99)]: no entity begins at token 99",
        "_.rel[x]: is no pair of tokens with scores",
        "_.rel[(0, 3)]: is no pair of tokens with scores",
    ]


def test_relations_of_glirel_in_a_doc() -> None:
    relations = [
        {"head_pos": [0, 2], "tail_pos": [3, 5], "label": "met", "score": 0.9},
        {"head_pos": [0, 2], "tail_pos": "there"},
        {"head_pos": [0, 2]},
    ]
    parsed = parse("spacy", {**DOC, "_": {"relations": relations}})
    assert statements(parsed) == [("Ban Ki-moon", "met", "Emmanuel Macron")]
    assert len(parsed.faults) == 2


@pytest.mark.parametrize(
    "written",
    [
        {"text": TEXT, "ents": [PARIS], "title": "A visit"},
        {"text": TEXT, "ents": [{**PARIS, "kb_id": "Q90", "kb_url": "#"}]},
        {"text": TEXT, "ents": [
            {"start": 6, "end": 7, "start_char": 35, "end_char": 40, "label_": "GPE", "label": 384,
             "text": "Paris"}]},
        {"text": TEXT, "entities": [
            {"text": "Paris", "start_char": 35, "end_char": 40, "label": "GPE"}]},
        {"text": TEXT, "tokens": ["Ban"], "spans": [
            {"start_token": 6, "end_token": 7, "start": 35, "end": 40, "label": "GPE"}]},
    ],
)  # fmt: skip
def test_what_else_is_written_of_spacy(load: Load, written: Any) -> None:
    found, (parsed,) = load(written)
    assert found == "spacy"
    assert [each[:3] for each in mentions(parsed)] == [("GPE", 35, 40)]


PARIS_AND_BAN = [("PERSON", 0, 11), ("GPE", 35, 40)]


@pytest.mark.parametrize(
    "ents",
    [
        [["Ban Ki-moon", 0, 11, "PERSON"], ["Paris", 35, 40, "GPE"]],
        [[0, 11, "PERSON"], [35, 40, "GPE", "Q90"]],
    ],
)
def test_spacy_entities_as_lists(load: Load, ents: Any) -> None:
    found, (parsed,) = load({"text": TEXT, "ents": ents})
    assert found == "spacy"
    assert [each[:3] for each in mentions(parsed)] == PARIS_AND_BAN
    surfaces = [each[3] for each in mentions(parsed)]
    assert surfaces == ([None, None] if ents[0][0] == 0 else ["Ban Ki-moon", "Paris"])


def test_spacy_lists_that_are_no_entities() -> None:
    wrong = [["GPE", 35, 40], [35, 40], [35, "40", "GPE"], [], [1, 2, 3], ["a", "b", "c"], [[], {}]]
    parsed = parse("spacy", {"text": TEXT, "ents": [*wrong, ["Paris", "GPE"]]})
    assert mentions(parsed) == [("GPE", None, None, "Paris")]
    reason = "expected [start, end, label] or [text, start, end, label]"
    assert reasons(parsed) == [f"ents[{number}]: {reason}" for number in range(len(wrong))]


@pytest.mark.parametrize("form", ["lines", "array", "pretty array"])
def test_spacy_training_pairs(load: Load, form: str) -> None:
    annotations = {"entities": [[0, 11, "PERSON"], [35, 40, "GPE"]], "cats": {"NEWS": 1.0}}
    links = {"(0, 11)": {"Q1253": 1.0, "Q1": 0.0}, "35,40": {"Q90": 0.1}, "x": 1}
    pairs = [["Nothing.", {"entities": []}], [TEXT, {**annotations, "links": links}]]
    if form == "lines":
        found, parsed = load("".join(json.dumps(each) + "\n" for each in pairs), "a.jsonl")
    else:
        found, parsed = load(json.dumps(pairs, indent=1 if form == "pretty array" else None))
    assert found == "spacy"
    assert [each.article.text for each in parsed] == ["Nothing.", TEXT]
    assert [each[:3] for each in mentions(parsed[1])] == PARIS_AND_BAN
    assert same_as(parsed[1]) == {"Ban Ki-moon": ["http://www.wikidata.org/entity/Q1253"]}
    assert not parsed[1].faults


@pytest.mark.parametrize(
    "pair", [[], [TEXT], [1, {}], [TEXT, []], [TEXT, {"entities": 1}], [TEXT, {"entities": ["a"]}]]
)
def test_what_is_no_training_pair(pair: Any) -> None:
    with pytest.raises(RecordError, match="not of this format"):
        parse("spacy", pair)


@pytest.mark.parametrize(
    ("kb_id", "iri"),
    [
        ("Q90", ["http://www.wikidata.org/entity/Q90"]),
        ("https://dbpedia.org/resource/Paris", ["https://dbpedia.org/resource/Paris"]),
        ("NIL", []),
        ("", []),
        (1234, []),
        ("javascript:alert(1)", []),
    ],
)
def test_knowledge_base_ids(kb_id: Any, iri: list[str]) -> None:
    parsed = parse("spacy", {"text": TEXT, "ents": [{**PARIS, "kb_id": kb_id}]})
    assert parsed.article.entities[0].same_as == iri


# DocBin -----------------------------------------------------------------------------------------


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A DocBin of two Docs with links, a span group, a relation and a title."""
    tokens = pytest.importorskip("spacy.tokens")
    vocab = importlib.import_module("spacy.vocab").Vocab()
    words = ["Ban", "Ki-moon", "met", "Emmanuel", "Macron", "in", "Paris", "."]
    docs = []
    for ends in (["Q90"], ["https://dbpedia.org/resource/Paris"]):
        doc = tokens.Doc(vocab, words=words, spaces=[True] * 6 + [False] * 2)
        doc.ents = [
            tokens.Span(doc, 0, 2, "PERSON"),
            tokens.Span(doc, 3, 5, "PERSON"),
            tokens.Span(doc, 6, 7, "GPE", kb_id=ends[0]),
        ]
        doc.spans["sc"] = [tokens.Span(doc, 6, 7, "CAPITAL", kb_id="Q90")]
        doc.user_data["._.", "rel", None, None] = {(0, 3): {"met": 0.9}, (3, 0): {"met": 0.2}}
        doc.user_data["title"] = "A visit"
        doc.user_data["embedding"] = [0.5]
        docs.append(doc)
    docs.append(tokens.Doc(vocab, words=["Nobody", "came", "."]))
    path = tmp_path / "a.spacy"
    tokens.DocBin(store_user_data=True, docs=docs).to_disk(path)
    return path


def test_docbin(packed: Path) -> None:
    found, parsed = load_path(packed)
    first, second, third = parsed
    assert found == "docbin"
    assert first.article.text == TEXT
    assert first.article.title == "A visit"
    assert [each[:3] for each in mentions(first)] == [
        ("PERSON", 0, 11),
        ("PERSON", 16, 31),
        ("CAPITAL", 35, 40),
        ("GPE", 35, 40),
    ]
    assert same_as(first) == {"Paris": ["http://www.wikidata.org/entity/Q90"]}
    assert [each.same_as for each in second.article.entities if each.type == "GPE"] == [
        ["https://dbpedia.org/resource/Paris"]
    ]
    assert statements(first) == [("Ban Ki-moon", "met", "Emmanuel Macron")]
    assert not first.is_joined
    # Made without spaces, and without entities.
    assert third.article.text == "Nobody came . "
    assert third.is_joined
    assert count([third]) == (0, 0, 0)


def test_docbin_whatever_it_is_called(packed: Path) -> None:
    other = packed.rename(packed.with_name("a.json"))
    assert load_path(other)[0] == "docbin"


def test_docbin_example() -> None:
    parsed = parse("docbin", json.loads(example("docbin")))
    assert len(same_as(parsed)) == 2


@pytest.mark.parametrize(
    "data", [b"", b"not packed", b"\x81\xa5attrs" + b"x" * 300, b'{"text": "a"}']
)
def test_other_zlib_files_are_not_docbins(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.spacy"
    path.write_bytes(zlib.compress(data))
    with closing(Source(path)) as source:
        if data.startswith(b"\x81"):
            pytest.importorskip("spacy")
            with pytest.raises(InputError, match="is not a DocBin of spaCy"):
                list(recognise(source).reader.entries(source))
        else:
            with pytest.raises(InputError, match="not of a format that newsgraph recognises"):
                recognise(source)


def test_docbin_without_spacy(packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy.tokens", None)
    with pytest.raises(InputError, match=r"datasette-newsgraph\[spacy\]"):
        load_path(packed)


def test_docbin_that_grows_without_end(packed: Path) -> None:
    packed.write_bytes(zlib.compress(b"\x81\xa5attrs" + bytes(1 << 23)))
    reader = format_called("docbin").reader
    with (
        closing(Source(packed, Limit(1 << 20))) as source,
        pytest.raises(InputError, match=r"is larger than 4 MiB.* split it .* raise --max-article"),
    ):
        list(reader.entries(source))


def test_docbin_with_one_damaged_doc(packed: Path) -> None:
    msgspec = importlib.import_module("msgspec")
    given = msgspec.msgpack.decode(zlib.decompress(packed.read_bytes()))
    given["span_groups"][0] = b"\xff\xff"
    packed.write_bytes(zlib.compress(msgspec.msgpack.encode(given)))
    with closing(Source(packed)) as source:
        found = list(format_called("docbin").reader.entries(source))
    assert [each.line for each in found] == [1, 2, 3]
    assert "spaCy cannot read this Doc" in (found[0].fault or "")
    assert found[1].fault is None


def test_damaged_docbins(packed: Path) -> None:
    whole = zlib.decompress(packed.read_bytes())
    random = Random(7)
    read = 0
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(random.choice((1, 4, 20))):
            damaged[random.randrange(len(damaged))] = random.randrange(256)
        packed.write_bytes(zlib.compress(bytes(damaged)))
        with closing(Source(packed)) as source:
            try:
                for entry in format_called("docbin").reader.entries(source):
                    if entry.fault is None:
                        format_called("docbin").reader.parse(entry.raw)
                        read += 1
            except (InputError, RecordError):
                pass
    assert read > 50
    assert gc.isenabled()
