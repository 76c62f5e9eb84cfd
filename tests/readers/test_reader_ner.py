"""Readers of entity recognisers: spaCy, its DocBin, Stanza, Flair, GLiNER, GLiNER-RelEx, GLiREL."""

from __future__ import annotations

import gc
import importlib
import json
import sys
import textwrap
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.errors import InputError, RecordError, RecordLeftOut
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats import FORMATS
from datasette_newsgraph.readers.limits import Limit
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.recognition import format_called, recognise

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")

NAMES = ("spacy", "docbin", "stanza", "flair", "gliner", "transformers", "gliner_relex", "glirel")
JSON_NAMES = tuple(name for name in NAMES if name != "docbin")
WITH_RELATIONS = {"spacy", "flair", "gliner_relex", "glirel"}

Load = Callable[..., tuple[str, list[Parsed]]]


def load_path(path: Path) -> tuple[str, list[Parsed]]:
    """Recognise a file and parse all of it: the format's name and the articles."""
    with closing(Source(path)) as source:
        found = recognise(source)
        return found.name, [found.reader.parse(each.raw) for each in found.reader.entries(source)]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """``load(value, "a.json")``: the format found in a file, and its articles.

    ``value`` is the text of the file, or what is to be JSON.
    """

    def loaded(value: Any, name: str = "a.json") -> tuple[str, list[Parsed]]:
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return load_path(path)

    return loaded


def parse(name: str, value: Any) -> Parsed:
    return format_called(name).reader.parse(json.dumps(value).encode())


def example(name: str) -> str:
    """The example in the docstring of a reader."""
    doc = importlib.import_module(f"datasette_newsgraph.readers.formats.{name}").__doc__
    assert doc is not None
    return textwrap.dedent(doc.split("Example::\n")[1]).strip()


def mentions(parsed: Parsed) -> list[tuple[str, int | None, int | None, str | None]]:
    """(type, start, end, surface) of every mention, by place."""
    found = [
        (entity.type, each.start, each.end, each.text)
        for entity in parsed.article.entities
        for each in entity.mentions
    ]
    return sorted(found, key=lambda each: (each[1] or 0, each[2] or 0, each[0]))


def statements(parsed: Parsed) -> list[tuple[str, str, str]]:
    """(subject, predicate, object) by name."""
    names = {each.id: each.name for each in parsed.article.entities}
    return [
        (names[each.subject], each.predicate, names[each.object or ""])
        for each in parsed.article.relations
    ]


def same_as(parsed: Parsed) -> dict[str, list[str]]:
    return {each.name: each.same_as for each in parsed.article.entities if each.same_as}


def reasons(parsed: Parsed) -> list[str]:
    return [each.reason for each in parsed.faults]


def count(parsed: list[Parsed]) -> tuple[int, int, int]:
    """How many entities, mentions and relations there are."""
    entities = [each for one in parsed for each in one.article.entities]
    relations = sum(len(one.article.relations) for one in parsed)
    return len(entities), sum(len(each.mentions) for each in entities), relations


# Samples and examples ---------------------------------------------------------------------------

COUNTS = {
    # 8 "ents"; Syria is named three times and the United States twice.
    "spacy_doc_to_json.json": ("spacy", (5, 8, 0)),
    # The same Doc, packed; the pipeline that made it links nothing.
    "spacy_docbin.spacy": ("docbin", (5, 8, 0)),
    # One dict of an entity, of a span.
    "stanza_entity.json": ("stanza", (1, 1, 0)),
    "flair_span.json": ("flair", (1, 1, 0)),
    # One entity, and Microsoft from the relation's tail only.
    "gliner_relex.json": ("gliner_relex", (2, 2, 1)),
    # Head and tail of the one relation.
    "glirel_relations.json": ("glirel", (2, 2, 1)),
}


@needs_samples
@pytest.mark.parametrize("name", COUNTS)
def test_samples(name: str) -> None:
    if name.endswith(".spacy"):
        pytest.importorskip("spacy")
    found, parsed = load_path(SAMPLES / name)
    assert (found, count(parsed)) == COUNTS[name]
    assert [reasons(each) for each in parsed] == [[]]


@needs_samples
def test_the_doc_is_the_same_as_json_and_packed() -> None:
    pytest.importorskip("spacy")
    _, (from_json,) = load_path(SAMPLES / "spacy_doc_to_json.json")
    _, (packed,) = load_path(SAMPLES / "spacy_docbin.spacy")
    # The Doc's user data are in the DocBin only.
    assert packed.article.title == "Ambassador Robert Ford Returns to Syria"
    packed.article.title = None
    assert from_json.article == packed.article
    assert from_json.article.text is not None
    assert from_json.article.text[166:183] == "the United States"


@needs_samples
def test_samples_of_other_formats_are_not_taken() -> None:
    for path in SAMPLES.iterdir():
        if path.is_file() and path.name not in COUNTS:
            with closing(Source(path)) as source, suppress(InputError):
                assert recognise(source).name not in NAMES, path.name


@pytest.mark.parametrize("name", JSON_NAMES)
@pytest.mark.parametrize("ending", [".json", ".jsonl", ".txt"])
def test_examples(load: Load, name: str, ending: str) -> None:
    whole = json.loads(example(name))
    found, parsed = load(json.dumps(whole) if ending == ".jsonl" else example(name), f"a{ending}")
    assert found == name
    entities, named, relations = count(parsed)
    assert len(parsed) == 1
    assert entities == named >= 2
    assert (relations > 0) == (name in WITH_RELATIONS)
    assert reasons(parsed[0]) == []
    (one,) = parsed
    text = one.article.text
    assert text is not None
    for _, start, end, surface in mentions(one):
        assert surface in (None, text[start:end])
        assert text[start:end].strip() == text[start:end] != ""


@pytest.mark.parametrize("name", JSON_NAMES)
def test_many_documents(load: Load, name: str) -> None:
    one = json.loads(example(name))
    for many, indent in (([one, one], None), ([one, one], 1), ([one], None)):
        found, parsed = load(json.dumps(many, indent=indent))
        assert (found, len(parsed)) == (name, len(many))
        assert all(each.article == parse(name, one).article for each in parsed)
    for file in ("a.jsonl", "a.json"):
        found, parsed = load(f"{json.dumps(one)}\n{json.dumps(one)}\n", file)
        assert (found, len(parsed)) == (name, 2)


def test_records_that_look_alike(load: Load) -> None:
    for value in (
        {"text": "Doha", "entities": [{"id": 1, "start_offset": 0, "end_offset": 4, "label": "GPE"}]},
        {"text": "Doha", "spans": [{"start": 0, "end": 4, "label": "GPE", "token_start": 0}],
         "tokens": [{"text": "Doha", "start": 0, "end": 4, "id": 0}]},
        {"tokens": ["Doha"], "entities": [{"type": "Loc", "start": 0, "end": 1}], "relations": []},
        {"Entities": [{"BeginOffset": 0, "EndOffset": 4, "Text": "Doha", "Type": "LOCATION"}]},
        {"text": "Doha", "extractions": [{"extraction_class": "place", "extraction_text": "Doha",
                                          "char_interval": {"start_pos": 0, "end_pos": 4}}]},
        {"sentences": [{"index": 0, "tokens": [{"index": 1, "word": "Doha",
                                                "characterOffsetBegin": 0}]}]},
        {"id": 1, "data": {"text": "Doha"}, "annotations": [
            {"result": [{"value": {"start": 0, "end": 4, "text": "Doha", "labels": ["LOC"]}}]}]},
    ):  # fmt: skip
        try:
            found, _ = load(value)
        except (InputError, ModuleNotFoundError):
            continue  # the reader's own tests say what it is
        assert found not in NAMES


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


# Stanza -----------------------------------------------------------------------------------------


def tagged(*words: tuple[str, str, int | None], **more: Any) -> list[dict[str, Any]]:
    return [
        {"id": number, "text": text, "ner": tag, **more}
        | ({} if start is None else {"start_char": start, "end_char": start + len(text)})
        for number, (text, tag, start) in enumerate(words, 1)
    ]


def test_stanza_tags() -> None:
    sentences = [
        tagged(("Ban", "B-PER", 0), ("Ki-moon", "E-PER", 4), ("Paris", "S-LOC", 13)),
        tagged(("Oslo", "LOC", 20), ("Fjord", "LOC", 25), ("Rome", "B-LOC", 31), ("x", "O", 36)),
        tagged(("UN", "I-ORG", 40), ("Paris", "I-LOC", 43)),
    ]
    parsed = parse("stanza", sentences)
    assert mentions(parsed) == [
        ("PER", 0, 11, "Ban Ki-moon"),
        ("LOC", 13, 18, "Paris"),
        ("LOC", 20, 30, "Oslo Fjord"),
        ("LOC", 31, 35, "Rome"),
        ("ORG", 40, 42, "UN"),
        ("LOC", 43, 48, "Paris"),
    ]
    # The places are the original's, so the text has blanks where something is not known.
    assert parsed.article.text == "Ban Ki-moon  Paris  Oslo Fjord Rome x   UN Paris"
    assert not parsed.is_joined


def test_stanza_without_places() -> None:
    sentence = tagged(("Ban", "S-PER", None), ("Paris", "S-LOC", None), (".", "O", None))
    sentence[1]["misc"] = "SpaceAfter=No"
    parsed = parse("stanza", [sentence, sentence])
    assert parsed.article.text == "Ban Paris. Ban Paris."
    assert parsed.is_joined
    assert mentions(parsed)[2:] == [("PER", 11, 14, "Ban"), ("LOC", 15, 20, "Paris")]


def test_stanza_of_old_has_the_places_in_misc() -> None:
    sentence = [{"id": [1], "text": "Oslo", "ner": "S-LOC", "misc": "start_char=3|end_char=7"}]
    assert mentions(parse("stanza", [sentence])) == [("LOC", 3, 7, "Oslo")]


def test_stanza_tokens_of_several_words() -> None:
    sentence = [
        {"id": [1, 2], "text": "du", "ner": "O", "start_char": 0, "end_char": 2},
        {"id": 1, "text": "de"},
        {"id": 2, "text": "le"},
        {"id": [8, 1], "text": "nobody"},
        {"id": 3, "text": "Rhône", "ner": "S-LOC", "start_char": 3, "end_char": 8},
    ]
    parsed = parse("stanza", [sentence])
    assert parsed.article.text == "du Rhône"
    assert mentions(parsed) == [("LOC", 3, 8, "Rhône")]


@pytest.mark.parametrize("id_", [-1, 0, 1, 99, [2], "x"])
def test_stanza_loses_no_token_for_its_number(id_: Any) -> None:
    tokens = [
        {"id": 1, "text": "In", "ner": "O"},
        {"id": id_, "text": "Oslo", "ner": "S-GPE"},
        {"id": 3, "text": "today", "ner": "O"},
    ]
    parsed = parse("stanza", [tokens])
    assert parsed.article.text == "In Oslo today"
    assert mentions(parsed) == [("GPE", 3, 7, "Oslo")]


def test_stanza_tells_a_token_without_a_tag() -> None:
    tokens: list[dict[str, Any]] = [
        {"id": 1, "text": "Ban"},
        {"id": 2, "text": "Ki-moon", "ner": "E-PERSON"},
    ]
    parsed = parse("stanza", [tokens])
    assert [each.reason for each in parsed.faults] == ["sentences[0]: the token 'Ban' has no ner"]
    for token in tokens:
        token.pop("ner", None)
    assert parse("stanza", [tokens]).faults == []


def test_stanza_place_far_away() -> None:
    far = tagged(("Oslo", "S-LOC", 0), ("Rome", "S-LOC", 10**12))
    parsed = parse("stanza", [far])
    assert len(parsed.article.text or "") < 10_000


ENTITY = {"text": "Paris", "type": "GPE", "start_char": 35, "end_char": 40}


@pytest.mark.parametrize(
    "written",
    [
        {"text": TEXT, "sentences": [tagged(("Paris", "S-GPE", 35))], "comments": [[]]},
        {"text": TEXT, "entities": [ENTITY]},
        {"text": TEXT, "ents": [ENTITY]},
        {
            "text": TEXT,
            "sentences": [{"tokens": tagged(("Paris", "S-X", 35)), "entities": [ENTITY]}],
        },
        {"text": TEXT, "entities": [ENTITY], "sentences": [tagged(("Paris", "S-GPE", 35))]},
        [ENTITY],
        {"entities": [ENTITY]},
        [tagged(("Paris", "S-GPE", 35))],
    ],
)
def test_what_is_written_of_stanza(load: Load, written: Any) -> None:
    found, (parsed,) = load(written)
    assert found == "stanza"
    assert mentions(parsed) == [("GPE", 35, 40, "Paris")]


def test_stanza_coreference() -> None:
    sentence = tagged(("Ban", "S-PER", 0), ("Oslo", "S-LOC", 4), ("He", "O", 9))
    for token in sentence:
        token["coref_chains"] = [{"index": 0, "is_start": True, "is_end": True}]
    assert statements(parse("stanza", [sentence])) == [("Ban", "possibly same as", "Oslo")]


# Flair ------------------------------------------------------------------------------------------


def flair_span(text: str, start: int, *labels: str, **more: Any) -> dict[str, Any]:
    values = [{"value": each, "confidence": 0.9} for each in labels]
    return {"text": text, "start_pos": start, "end_pos": start + len(text), "labels": values} | more


def test_flair_labels() -> None:
    spans = [flair_span("Ban Ki-moon", 0, "PER", "Q1253"), flair_span("Paris", 35, "LOC", "GPE")]
    parsed = parse("flair", {"text": TEXT, "entities": spans})
    assert [each[0] for each in mentions(parsed)] == ["PER", "GPE", "LOC"]
    assert same_as(parsed) == {"Ban Ki-moon": ["http://www.wikidata.org/entity/Q1253"]}
    assert {each.mentions[0].confidence for each in parsed.article.entities} == {0.9}


def test_flair_links_beside_types() -> None:
    spans = [
        flair_span("Angela Merkel", 0, "PER", "Angela_Merkel"),
        flair_span("US", 20, "United_States", "GPE"),
        flair_span("Macron", 30, "PER", "<unk>"),
        # Who knows what these are.
        flair_span("Party of Labour", 40, "ORG", "Party", "LABOUR"),
        flair_span("Paris", 60, "Paris"),
        flair_span("Bonn", 70) | {"labels": [{"value": "Bonn", "type": "nel"}]},
    ]
    parsed = parse("flair", {"text": " " * 80, "entities": spans})
    assert [(each.type, each.name) for each in parsed.article.entities] == [
        ("PER", "Angela Merkel"),
        ("GPE", "US"),
        ("PER", "Macron"),
        ("ORG", "Party of Labour"),
        ("Party", "Party of Labour"),
        ("LABOUR", "Party of Labour"),
        ("Paris", "Paris"),
        ("Thing", "Bonn"),
    ]
    assert same_as(parsed) == {
        "Angela Merkel": ["https://en.wikipedia.org/wiki/Angela_Merkel"],
        "US": ["https://en.wikipedia.org/wiki/United_States"],
        "Bonn": ["https://en.wikipedia.org/wiki/Bonn"],
    }


def test_flair_of_old_and_spans_alone(load: Load) -> None:
    old = {"text": "Paris", "start_pos": 35, "end_pos": 40, "type": "LOC", "confidence": 0.8}
    for written in (
        {"text": TEXT, "labels": [], "entities": [old]},
        old,
        [old],
        flair_span("Paris", 35, "LOC"),
        {
            "text": TEXT,
            "all labels": [],
            "tokens": [],
            "entities": [flair_span("Paris", 35, "LOC")],
        },
    ):
        found, (parsed,) = load(written)
        assert found == "flair"
        assert mentions(parsed) == [("LOC", 35, 40, "Paris")]


def test_flair_relations_go_by_token_where_a_name_stands_twice() -> None:
    text = "Paris and Paris."
    sentence = {
        "text": text,
        "entities": [flair_span("Paris", 0, "PER"), flair_span("Paris", 10, "LOC")],
        "tokens": [{"start_pos": 0}, {"start_pos": 6}, {"start_pos": 10}],
        "relations": [
            {
                "from_text": "Paris",
                "to_text": "Paris",
                "from_idx": 0,
                "to_idx": 2,
                "labels": ["in"],
            },
            {"from_text": "Paris", "to_text": "Rome", "from_idx": 0, "to_idx": 2, "labels": []},
        ],
    }
    parsed = parse("flair", sentence)
    (relation,) = parsed.article.relations
    types = {each.id: each.type for each in parsed.article.entities}
    assert (types[relation.subject], relation.predicate) == ("PER", "in")
    assert types[relation.object or ""] == "LOC"
    assert reasons(parsed) == ["relations[1]: to_text 'Rome' is no span of this sentence"]


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


# Hostile input ----------------------------------------------------------------------------------

STRANGE: list[Any] = [
    None, True, "", "x", " ", "\0", "\ud800", -1, 0, 1.5, 10**30, 1e308, [], {}, [[]], [None],
    {"start": 1}, [1, 2, 3], "12", [[[[{}]]]], {"": ""},
]  # fmt: skip


def damaged(value: Any, random: Random) -> Any:
    """One thing in a JSON value left out, replaced or moved."""
    if isinstance(value, dict) and value and random.random() < 0.8:
        key = random.choice(sorted(value))
        found = dict(value)
        if random.random() < 0.2:
            del found[key]
        elif random.random() < 0.1:
            found[key + "x"] = found[key]
        else:
            found[key] = damaged(found[key], random)
        return found
    if isinstance(value, list) and value and random.random() < 0.8:
        place = random.randrange(len(value))
        if random.random() < 0.1:
            return value[:place] + value[place + 1 :]
        return [*value[:place], damaged(value[place], random), *value[place + 1 :]]
    if isinstance(value, int) and random.random() < 0.6:
        return value + random.choice((-(10**6), -7, -1, 1, 3, 10**9))
    return random.choice(STRANGE)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, deadline=None)
@given(random=st.randoms(use_true_random=False), times=st.integers(1, 6))
def test_damaged_records(name: str, random: Random, times: int) -> None:
    value = json.loads(example(name))
    for _ in range(times):
        value = damaged(value, random)
    try:
        parsed = parse(name, value)
    except RecordError:
        return
    known = {each.id for each in parsed.article.entities}
    for relation in parsed.article.relations:
        assert {relation.subject, relation.object} <= known


@pytest.mark.parametrize("name", NAMES)
def test_truncated_and_nested_records(name: str) -> None:
    raw = example(name).encode()
    reader = format_called(name).reader
    for data in (
        *(raw[:end] for end in range(0, len(raw), 7)),
        b"[" * 100_000,
        b'{"text":' * 100_000,
        b'{"text": "a", "x": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b"\xff\xfe",
        b"null",
        b"{}",
        b"[]",
        b'{"text": "' + b"a" * 1_000_000 + b'"}',
    ):
        with suppress(RecordError):
            reader.parse(data)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_it(name: str) -> None:
    for value in ({"text": ""}, {"text": None}, {}):
        with pytest.raises(RecordError, match="no entities and no text"):
            parse(name, value)
    assert parse(name, {"text": TEXT}).article.text == TEXT


def test_the_table() -> None:
    table = {each.name: each for each in FORMATS}
    assert table["docbin"].extra == "spacy"
    assert table["docbin"].endings == (".spacy",)
    assert all(table[name].signs for name in NAMES)
