"""Readers of what people have annotated by hand: examples, samples, dates, and what damage costs."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from copy import deepcopy
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.article_metadata import about_article
from tests.cost import seconds_of_processor
from tests.readers.annotations import (
    READERS,
    TOKENS,
    arrow,
    counts,
    entity,
    parse,
    read,
    region,
    spans,
    statements,
    task,
)

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT.parent / "shared" / "samples"
CORPORA = ROOT.parent / "shared" / "corpora"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")
needs_corpora = pytest.mark.skipif(not CORPORA.exists(), reason="needs the corpora")
Json = dict[str, Any]


# The docstrings ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READERS)
def test_example_of_the_docstring(name: str, tmp_path: Path) -> None:
    doc = READERS[name].__doc__ or ""
    assert "\nOffsets: " in doc
    path = tmp_path / "example"
    path.write_text(dedent(doc.split("Example::\n")[1]).strip() + "\n")
    (found,) = read(name, path)
    assert found.article.entities
    assert found.article.relations
    assert not found.faults


# Samples ----------------------------------------------------------------------------------------


@needs_samples
def test_label_studio_sample() -> None:
    found = read("label_studio", SAMPLES / "label_studio.json")
    # Five tasks of 4, 3, 3, 3 and 2 spans, all of other words, so as many entities; and 3, 2, 2, 3
    # and 1 relations, each with one label and pointing right.
    assert counts(found) == (5, 15, 15, 11)
    assert not any(each.faults for each in found)
    assert Counter(each.type for one in found for each in one.article.entities) == {
        "PER": 4,
        "ORG": 4,
        "DATE": 2,
        "CITY": 2,
        "STATE/PROVINCE": 2,
        "TITLE": 1,
    }
    assert statements(found[4]) == [("The United Nations", "org:founded", "1945")]
    assert found[4].local_ids[:3] == ("5", "483", "5")
    assert {each.unit for each in found} == {"UTF-16"}


def counted_in_prodigy(path: Path) -> tuple[int, int, int, int]:
    """What is in a file of whole texts, each with one task, counted on the JSON itself."""
    tasks = [json.loads(line) for line in path.read_text().splitlines()]
    assert len({task["text"] for task in tasks}) == len(tasks)
    assert {task["answer"] for task in tasks} == {"accept"}
    entities = sum(len({each["text"].lower() for each in task["spans"]}) for task in tasks)
    mentions = sum(len(task["spans"]) for task in tasks)
    return len(tasks), entities, mentions, sum(len(task.get("relations", ())) for task in tasks)


@needs_samples
def test_prodigy_sample() -> None:
    path = SAMPLES / "prodigy_relations.jsonl"
    found = read("prodigy", path)
    # Two texts with 5 and 10 spans, all of type GGP; "Id1" is named twice, so 4 entities in the
    # first. 4 and 9 relations, both of "Smad" to "Id1" among them, as they are of two spans.
    assert counts(found) == (2, 14, 15, 13) == counted_in_prodigy(path)
    assert not any(each.faults for each in found)
    assert statements(found[0])[:2] == [("Smad", "Pos-Reg", "Id1")] * 2


@needs_samples
def test_prodigy_entity_linking_sample() -> None:
    (found,) = read("prodigy", SAMPLES / "prodigy_entity_linking.jsonl")
    # One span, of which the third option was chosen: the tennis player.
    assert counts([found]) == (1, 1, 1, 0)
    assert entity(found, "Emerson").same_as == ["http://www.wikidata.org/entity/Q312545"]
    assert entity(found, "Emerson").mentions[0].confidence == 1


@needs_corpora
def test_prodigy_corpus() -> None:
    path = CORPORA / "prodigy-relations.jsonl"
    found = read("prodigy", path)
    # 149 texts (the last line has no line feed), 466 spans, 267 relations, whose ends are all spans;
    # four of them are given twice.
    assert counts(found) == counted_in_prodigy(path)
    assert counts(found)[0::2] == (149, 466)
    assert counts(found)[3] == 267
    assert not any(each.faults for each in found)
    for each in found:
        text = each.article.text or ""
        assert all(text[start:end] == surface for start, end, surface in spans(each))


@needs_samples
def test_doccano_sample() -> None:
    (found,) = read("doccano", SAMPLES / "doccano_relation.jsonl")
    # Four spans of other words, three relations from the first.
    assert counts([found]) == (1, 4, 4, 3)
    assert statements(found)[2] == ("Google", "foundedBy", "Sergey Brin")
    assert {surface for _, _, surface in spans(found)} == {None}


@needs_samples
@pytest.mark.parametrize(
    ("stem", "count"),
    [
        # 10 spans that read 5 names, each twice; 1 relation; an equivalence of three, which is 2.
        ("brat_060-relation_annotation", (1, 5, 10, 3)),
        # 17 spans of organisations that read 6 names, and 4 triggers, each an event of its own;
        # these have 1, 2, 4 and 3 participants.
        ("brat_080-event-annotation", (1, 10, 21, 10)),
    ],
)
def test_brat_samples(stem: str, count: tuple[int, ...], tmp_path: Path) -> None:
    (found,) = read("brat", SAMPLES / f"{stem}.ann")
    assert counts([found]) == count
    assert not found.faults
    text = found.article.text or ""
    assert all(text[start:end] == surface for start, end, surface in spans(found))


@needs_samples
def test_brat_folder_of_samples(tmp_path: Path) -> None:
    for path in SAMPLES.glob("brat_*"):
        shutil.copyfile(path, tmp_path / path.name)
    found = read("brat", tmp_path)
    assert counts(found) == (2, 15, 31, 13)
    assert [each.local_ids for each in found] == [
        ("brat_060-relation_annotation",),
        ("brat_080-event-annotation",),
    ]
    joanne = entity(found[0], "Joanne Rowling")
    assert joanne.aliases == ["Jo Rowling", "J. K. Rowling"]
    # Two events of one type read "merged": their participants tell them apart.
    assert [each.name for each in found[1].article.entities if each.local] == [
        "merger",
        "merged: YouTube, Google",
        "merged: Amazon, Apple, Google, Facebook",
        "reports",
    ]


# Label Studio -----------------------------------------------------------------------------------

SUMMIT = "Greta Thunberg spoke at the United Nations."


GRETA, UN = region(0, 14, "a", "PER"), region(28, 42, "b", "ORG")


# doccano ----------------------------------------------------------------------------------------

LIBERIA = "Ellen Johnson Sirleaf led Liberia."


# brat -------------------------------------------------------------------------------------------

NEWS = "Paul Kagame opened the summit in Kigali. He and the AU chair met.\n"


T1, T2 = "T1\tPerson 0 11\tPaul Kagame", "T2\tCity 33 39\tKigali"


T3 = "T3\tOpening 12 18\topened"


@pytest.mark.parametrize(
    ("given", "published"),
    [
        ("2021", "2021"),
        ("2021-07", "2021-07"),
        (" 2021-07-18T10:00:00Z", "2021-07-18"),
        ("2021-07-18 10:00", "2021-07-18"),
        ("18 July 2021", "2021-07-18"),
        ("20210718", "2021-07-18"),
        (2021, "2021"),
        ("18/07/2021", "18/07/2021"),
        ("yesterday", "yesterday"),
        ("", None),
        (True, None),
    ],
)
def test_dates_of_an_article(given: Any, published: str | None) -> None:
    assert about_article({"date": given}).get("published") == published


# Damage -----------------------------------------------------------------------------------------


def undamaged(name: str) -> Any:
    """A record with all that the reader knows."""
    if name == "label_studio":
        given = task(
            GRETA, UN, arrow("bi", "at"), region(15, 20, "c"), predictions=[{"result": []}]
        )
        given["meta"] = {"url": "https://example.org/a"}
        return given
    if name == "prodigy":
        span = {"start": 0, "end": 16, "token_start": 0, "token_end": 1, "label": "PER"}
        end = {"start": 18, "end": 25, "token_start": 3, "token_end": 3, "label": "GPE"}
        relation = {"head": 1, "child": 3, "head_span": span, "child_span": end, "label": "from"}
        return {
            "text": "Malala Yousafzai, Mingora",
            "tokens": TOKENS,
            "spans": [span, end],
            "relations": [relation],
            "options": [{"id": "Q1"}],
            "accept": ["Q1"],
            "meta": {"url": "https://example.org/a"},
            "_input_hash": 5,
            "answer": "accept",
        }
    if name == "doccano":
        entities = [
            {"id": 1, "label": "PER", "start_offset": 0, "end_offset": 21},
            {"id": 2, "label": "GPE", "start_offset": 26, "end_offset": 33},
        ]
        relations = [{"from_id": 1, "to_id": 2, "type": "led"}]
        label = [[0, 21, "PER"]]
        return {"text": LIBERIA, "entities": entities, "relations": relations, "label": label}
    return {"name": "a", "txt": NEWS, "ann": "\n".join(LINES)}


LINES = [
    T1,
    T2,
    T3,
    "T4\tPlace 0 5;7 9\tPaul_ ga",
    "E1\tOpening:T3 Who:T1",
    "E2\tOpening:T3 Who:T1",
    "R1\tIn Arg1:T1 Arg2:T2",
    "*\tAlias T1 T2",
    "A1\tSure E1 yes",
    "N1\tReference T2 Wikidata:Q3859\tKigali",
    "#1\tNotes T2\thttps://example.org/",
]

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 60),
    st.sampled_from([2**31, 2**63, -(2**70), 1.5, 1e300, 3.0]),
    st.text(max_size=8),
    st.sampled_from(["", " ", "12", "a", "T1", "\0", "\ud800", "🌍" * 3, "x" * 3000]),
    st.sampled_from([[], {}, [[]], [{}], [None], {"a": 1}, [[0, 2, "X"], [1]], [[[]]]]),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all parts of a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = [path] if path else []
    if isinstance(value, (dict, list)):
        for key, each in inner:
            found += (
                places(each, (*path, key)) if isinstance(each, (dict, list)) else [(*path, key)]
            )
    return found


def check_whole(parsed: Parsed) -> None:
    """What holds of every article that is made."""
    ids = [each.id for each in parsed.article.entities]
    assert len(set(ids)) == len(ids)
    assert all(each.mentions and each.name for each in parsed.article.entities)
    for relation in parsed.article.relations:
        assert relation.subject in ids
        assert (relation.object is None) != (relation.value is None)
        assert relation.object is None or relation.object in ids
    json.dumps([each.reason for each in parsed.faults]).encode()


def take(name: str, raw: bytes) -> None:
    try:
        parsed = READERS[name].parse(raw)
    except RecordError:
        return
    check_whole(parsed)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=400)
@given(data=st.data())
def test_parts_that_are_something_else(name: str, data: st.DataObject) -> None:
    record = deepcopy(undamaged(name))
    for _ in range(data.draw(st.integers(1, 3))):
        everywhere = places(record)
        if not everywhere:
            break
        *way, key = data.draw(st.sampled_from(everywhere))
        part = record
        for each in way:
            part = part[each]
        if data.draw(st.booleans()):
            part[key] = deepcopy(data.draw(VALUES))
        else:
            del part[key]
    take(name, json.dumps(record).encode())


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=300)
@given(
    cut_at=st.integers(0, 3000),
    changes=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=4),
)
def test_bytes_that_are_something_else(
    name: str, cut_at: int, changes: list[tuple[int, int]]
) -> None:
    raw = bytearray(json.dumps(undamaged(name)).encode())
    for place, byte in changes:
        raw[place % len(raw)] = byte
    take(name, bytes(raw[:cut_at]) if cut_at else bytes(raw))


@settings(max_examples=400)
@given(data=st.data())
def test_lines_that_are_something_else(data: st.DataObject) -> None:
    given = "\n".join(data.draw(st.lists(st.sampled_from(LINES), max_size=14)))
    for _ in range(data.draw(st.integers(0, 6))):
        place = data.draw(st.integers(0, len(given)))
        word = data.draw(
            st.sampled_from(["", "\t", " ", "\n", "T1", "E1", "9", ";", ":", "é", "-"])
        )
        given = given[:place] + word + given[place + data.draw(st.integers(0, 5)) :]
    text = data.draw(st.sampled_from([NEWS, "", None, "🌍"]))
    take("brat", json.dumps({"name": "a", "txt": text, "ann": given}).encode())


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "raw",
    [b"", b" ", b"null", b"1", b'"a"', b"[]", b"{}", b"[" * 100_000, b'{"data":' * 5000, b"\xff{}"],
)
def test_what_is_no_record(name: str, raw: bytes) -> None:
    with pytest.raises(RecordError):
        READERS[name].parse(raw)


@pytest.mark.parametrize("name", READERS)
def test_large_records(name: str) -> None:
    many = 20_000
    text = "Ana met Bo. " * many
    record = undamaged(name)
    if name == "label_studio":
        found = [region(12 * n, 12 * n + 3, str(n), "PER", text=text) for n in range(many)]
        ties = [{**arrow("right", "met", to=str(n)), "from_id": "0"} for n in range(many)]
        record = task(*found, *ties, text=text)
    elif name == "prodigy":
        found = [{"start": 12 * n, "end": 12 * n + 3, "label": "PER"} for n in range(many)]
        ends = {"head_span": found[0], "child_span": found[-1]}
        ties = [{"head": 0, "child": n, "label": str(n), **ends} for n in range(many)]
        record |= {"text": text, "spans": found, "relations": ties, "options": None}
    elif name == "doccano":
        found = [[12 * n, 12 * n + 3, "PER"] for n in range(many)]
        record |= {"text": text, "label": found, "entities": []}
    else:
        found = [f"T{n}\tPerson {12 * n} {12 * n + 3}\tAna{n}" for n in range(many)]
        ties = [f"*\tAlias T0 {' '.join(f'T{n}' for n in range(many))}"]
        events = [f"E{n}\tPerson:T{n} With:T0 With2:T1" for n in range(5, many, 2)]
        record |= {"txt": text, "ann": "\n".join(found + ties + events)}
    with seconds_of_processor(60):
        parsed = parse(name, record)
    assert counts([parsed])[2] >= many
