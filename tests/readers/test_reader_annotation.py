"""Readers of what people have annotated by hand: Label Studio, Prodigy, doccano, brat."""

from __future__ import annotations

import gzip
import io
import json
import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.anchoring import anchor
from datasette_newsgraph.article import Entity
from datasette_newsgraph.errors import DamagedInput, InputError, RecordError, RecordLeftOut
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.formats import doccano, label_studio
from datasette_newsgraph.readers.formats.brat import reader as brat
from datasette_newsgraph.readers.formats.brat.standoff import read_standoff
from datasette_newsgraph.readers.formats.prodigy import reader as prodigy
from datasette_newsgraph.readers.limits import Limit
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.reading.recognition import recognise
from tests.cost import seconds_of_processor, steps_of

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT.parent / "shared" / "samples"
CORPORA = ROOT.parent / "shared" / "corpora"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")
needs_corpora = pytest.mark.skipif(not CORPORA.exists(), reason="needs the corpora")

READERS = {
    "label_studio": label_studio,
    "prodigy": prodigy,
    "doccano": doccano,
    "brat": brat,
}
Json = dict[str, Any]


def read(name: str, path: Path) -> list[Parsed]:
    """All articles of a file or folder, which must be recognised."""
    with closing(Folder(path) if path.is_dir() else Source(path)) as source:
        assert recognise(source).name == name
        return [READERS[name].parse(entry.raw) for entry in READERS[name].entries(source)]


def cut(name: str, path: Path, resume: tuple[int, int, str] | None = None) -> list[Entry]:
    with closing(Source(path)) as source:
        return list(READERS[name].entries(source, resume))


def parse(name: str, record: Any) -> Parsed:
    return READERS[name].parse(json.dumps(record).encode())


def refusal(name: str, record: Any) -> str:
    with pytest.raises(RecordError) as found:
        parse(name, record)
    return str(found.value)


def counts(parsed: list[Parsed]) -> tuple[int, int, int, int]:
    """Articles, entities, mentions and relations."""
    articles = [each.article for each in parsed]
    return (
        len(articles),
        sum(len(each.entities) for each in articles),
        sum(len(entity.mentions) for each in articles for entity in each.entities),
        sum(len(each.relations) for each in articles),
    )


def reasons(parsed: Parsed) -> list[str]:
    return [fault.reason for fault in parsed.faults]


def names(parsed: Parsed) -> list[tuple[str, str]]:
    return [(each.type, each.name) for each in parsed.article.entities]


def statements(parsed: Parsed) -> list[tuple[str, str, Any]]:
    """Relations with the names of their ends."""
    called = {each.id: each.name for each in parsed.article.entities}
    return [
        (called[each.subject], each.predicate, called[each.object] if each.object else each.value)
        for each in parsed.article.relations
    ]


def spans(parsed: Parsed) -> list[tuple[int | None, int | None, str | None]]:
    return [
        (mention.start, mention.end, mention.text)
        for entity in parsed.article.entities
        for mention in entity.mentions
    ]


def entity(parsed: Parsed, name: str) -> Entity:
    return next(each for each in parsed.article.entities if each.name == name)


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


def region(start: int, end: int, id_: str, *labels: str, text: str = SUMMIT, **more: Any) -> Json:
    value = {"start": start, "end": end, "text": text[start:end], "labels": list(labels)}
    return {"id": id_, "type": "labels", "to_name": "text", "value": value, **more}


GRETA, UN = region(0, 14, "a", "PER"), region(28, 42, "b", "ORG")


def arrow(direction: str | None, *labels: str, to: str = "b") -> Json:
    way = {} if direction is None else {"direction": direction}
    return {"type": "relation", "from_id": "a", "to_id": to, **way, "labels": list(labels)}


def task(*results: Json, text: str = SUMMIT, **fields: Any) -> Json:
    annotation = {"id": 1, "result": list(results)}
    return {"id": 9, "data": {"text": text}, "annotations": [annotation], **fields}


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("right", [("Greta Thunberg", "at", "United Nations")]),
        (None, [("Greta Thunberg", "at", "United Nations")]),
        ("left", [("United Nations", "at", "Greta Thunberg")]),
        (
            "bi",
            [
                ("Greta Thunberg", "at", "United Nations"),
                ("United Nations", "at", "Greta Thunberg"),
            ],
        ),
    ],
)
def test_label_studio_directions(direction: str | None, expected: Any) -> None:
    # A relation may come before its regions.
    found = parse("label_studio", task(arrow(direction, "at"), GRETA, UN))
    assert statements(found) == expected


def test_label_studio_relation_without_a_label_or_an_end() -> None:
    found = parse("label_studio", task(GRETA, UN, arrow("right"), arrow("right", "at", to="zz")))
    assert statements(found) == [("Greta Thunberg", "related to", "United Nations")]
    assert reasons(found) == ["result[3]: to_id 'zz' is no labelled span of this task"]


def test_label_studio_region_with_several_labels() -> None:
    found = parse("label_studio", task(region(0, 14, "a", "PER", "SPEAKER"), UN, arrow("right")))
    assert names(found) == [
        ("PER", "Greta Thunberg"),
        ("SPEAKER", "Greta Thunberg"),
        ("ORG", "United Nations"),
    ]
    assert len(found.article.relations) == 1


def test_label_studio_counts_utf16() -> None:
    text = "🌍🌍 Greta Thunberg spoke."
    given = {"start": 5, "end": 19, "labels": ["PER"]}
    found = parse("label_studio", task({"type": "labels", "value": given}, text=text))
    assert names(found) == [("PER", "Greta Thunberg")]
    assert spans(found) == [(5, 19, None)]
    assert found.unit == "UTF-16"


def test_label_studio_takes_one_annotation() -> None:
    def made(id_: int, label: str, **fields: Any) -> Json:
        return {"id": id_, "result": [region(0, 14, "a", label)], **fields}

    def taken(*annotations: Json) -> str:
        found = parse("label_studio", task(annotations=list(annotations)))
        (one,) = found.article.entities
        return one.type

    old, new = {"updated_at": "2024-01-01T10:00:00Z"}, {"updated_at": "2024-02-01T10:00:00Z"}
    assert taken(made(2, "OLD", **old), made(1, "NEW", **new)) == "NEW"
    assert taken(made(1, "FIRST"), made(2, "SECOND")) == "SECOND"
    assert taken(made(1, "TRUE", **old, ground_truth=True), made(2, "NEW", **new)) == "TRUE"
    assert taken(made(1, "OLD", **old), made(2, "NEW", **new, was_cancelled=True)) == "OLD"


def test_label_studio_cancelled() -> None:
    annotation = {"id": 1, "result": [GRETA], "was_cancelled": True}
    given = task(annotations=[annotation], predictions=[{"result": [GRETA]}])
    with pytest.raises(RecordLeftOut, match=r"^cancelled \(skipped\) in Label Studio$"):
        parse("label_studio", given)


def test_label_studio_predictions() -> None:
    old = {"result": [UN], "created_at": "2024-01-01", "model_version": "a"}
    new = {
        "result": [GRETA, {**UN, "score": 0.5}],
        "created_at": "2024-02-01",
        "model_version": "ner-2",
        "score": 0.75,
    }
    found = parse("label_studio", task(annotations=[], predictions=[new, old]))
    assert found.article.extractor is not None
    assert found.article.extractor.model == "ner-2"
    confidences = [each.mentions[0].confidence for each in found.article.entities]
    assert confidences == [0.75, 0.5]


def test_label_studio_of_before_version_1() -> None:
    given = task(completions=[{"id": 1, "result": [GRETA]}])
    del given["annotations"]
    assert names(parse("label_studio", given)) == [("PER", "Greta Thunberg")]


def test_label_studio_task_that_nobody_annotated() -> None:
    found = parse("label_studio", task(annotations=[], predictions=[12]))
    assert found.article.text == SUMMIT
    assert not found.article.entities


def test_label_studio_fields_of_the_article() -> None:
    data = {
        "id": "row-7",
        "article": SUMMIT,
        "url": "https://example.org/a",
        "title": "Summit",
        "date": "2019-09-23T15:00:00Z",
        "author": "Reporter",
    }
    fields: Json = {"data": data, "inner_id": 4, "file_upload": "f.csv"}
    found = parse("label_studio", {**task({**GRETA, "to_name": "article"}), **fields})
    article = found.article
    assert (article.id, article.url, article.title) == ("", "https://example.org/a", "Summit")
    assert (article.published, article.authors) == ("2019-09-23", ["Reporter"])
    assert (article.text, found.local_ids) == (SUMMIT, ("row-7", "9", "4", "f.csv"))


def test_label_studio_task_with_two_texts() -> None:
    title = region(10, 24, "t", "PER", text="Activist: Greta Thunberg", to_name="title")
    bare = {"id": "u", "type": "labels", "to_name": "title", "value": {"start": 0, "end": 8}}
    given = task(title, GRETA, UN, bare)
    given["data"]["title"] = "Activist: Greta Thunberg"
    found = parse("label_studio", given)
    assert found.article.text == SUMMIT
    assert spans(found) == [
        (None, None, "Greta Thunberg"),
        (0, 14, "Greta Thunberg"),
        (28, 42, "United Nations"),
    ]
    assert reasons(found) == ["result[3]: has no words"]


def test_label_studio_html() -> None:
    source = "<p>Ban &amp; <b>Greta Thunberg</b> met</p>" + "&#" + "9" * 5000 + ";"
    value = {
        "start": "/p[1]/b[1]/text()[1]",
        "end": "/p[1]/b[1]/text()[1]",
        "startOffset": 0,
        "endOffset": 14,
        "globalOffsets": {"start": 6, "end": 20},
        "text": "Greta Thunberg",
        "hypertextlabels": ["PER"],
    }
    found = parse("label_studio", task({"type": "hypertextlabels", "value": value}, text=source))
    assert (found.article.text or "").startswith("Ban & Greta Thunberg met")
    assert spans(found) == [(6, 20, "Greta Thunberg")]
    del value["globalOffsets"]
    found = parse("label_studio", task({"type": "hypertextlabels", "value": value}, text=source))
    assert spans(found) == [(None, None, "Greta Thunberg")]


@pytest.mark.parametrize("address", ["s3://bucket/a.txt", "https://example.org/a", "/data/a.txt"])
def test_label_studio_text_that_is_kept_elsewhere(address: str) -> None:
    found = parse("label_studio", task(GRETA, text=address))
    assert found.article.text is None
    assert names(found) == [("PER", "Greta Thunberg")]
    assert found.local_ids[-1] == address
    assert "no text" in refusal("label_studio", task(text=address))


def test_label_studio_line_breaks_as_two_letters() -> None:
    def surface(text: str) -> str | None:
        value = {"start": 0, "end": 5, "text": "Ban\\nKi", "labels": ["PER"]}
        return spans(parse("label_studio", task({"type": "labels", "value": value}, text=text)))[0][
            2
        ]

    assert surface("Ban\nKi spoke") == "Ban\nKi"
    assert surface("Ban\\nKi spoke") == "Ban\\nKi"


def test_label_studio_other_answers() -> None:
    value = {"start": 0, "end": 14, "text": ["a note"]}
    others = [
        {"id": "a", "type": "textarea", "to_name": "text", "value": value},
        {"id": "a", "type": "choices", "value": {"start": 0, "end": 14, "choices": ["Sure"]}},
        {"type": "taxonomy", "value": {"taxonomy": [["A", "B"]]}},
        {"type": "rectanglelabels", "value": {"x": 1.5, "rectanglelabels": ["Car"]}},
    ]
    found = parse("label_studio", task(*others, GRETA))
    assert names(found) == [("PER", "Greta Thunberg")]
    assert reasons(found) == ["result[3]: rectanglelabels are no spans of a text"]


@pytest.mark.parametrize(
    ("type_", "value", "iris"),
    [
        ("textarea", {"text": ["Q56434717"]}, ["http://www.wikidata.org/entity/Q56434717"]),
        ("textarea", {"text": "https://example.org/greta"}, ["https://example.org/greta"]),
        ("textarea", {"text": ["Q1 or Q2", "Q0", 7, None]}, []),
        ("choices", {"choices": [" Q56434717 "]}, ["http://www.wikidata.org/entity/Q56434717"]),
        # What the region reads is no answer.
        ("choices", {"text": "https://example.org/greta", "choices": ["Sure"]}, []),
        ("choices", {"choices": {"Q1": 1}}, []),
    ],
)
def test_label_studio_region_that_is_linked(type_: str, value: Json, iris: list[str]) -> None:
    answer = {
        "id": "a",
        "type": type_,
        "to_name": "text",
        "value": {"start": 0, "end": 14, **value},
    }
    found = parse("label_studio", task(GRETA, UN, answer))
    assert entity(found, "Greta Thunberg").same_as == iris
    assert entity(found, "United Nations").same_as == []


def test_label_studio_minimal() -> None:
    regions = [{"start": 0, "end": 14, "text": "Greta Thunberg", "labels": ["PER"]}]
    given = {
        "id": 5,
        "article": SUMMIT,
        "title": "Summit",
        "ner": regions,
        "mood": "calm",
        "annotator": 1,
        "annotation_id": 3,
        "created_at": "2024-01-01T10:00:00Z",
        "updated_at": "2024-01-01T10:00:00Z",
        "lead_time": 2.5,
    }
    found = parse("label_studio", given)
    assert (found.article.text, found.article.title, found.local_ids) == (SUMMIT, "Summit", ("5",))
    assert names(found) == [("PER", "Greta Thunberg")]
    assert "not of this format" in refusal("label_studio", {**given, "ner": [{"start": []}]})


# Prodigy ----------------------------------------------------------------------------------------

MALALA = "Malala Yousafzai was born in Mingora."


def asked(start: int, end: int, label: str = "X", text: str = MALALA, **fields: Any) -> Json:
    """A task with one span."""
    return {
        "text": text,
        "_input_hash": len(text),
        "_task_hash": start,
        "spans": [{"start": start, "end": end, "label": label}],
        "answer": "accept",
        **fields,
    }


def lines(*records: Any) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in records)


def prodigy_of(*tasks: Json) -> Parsed:
    return prodigy.parse(lines(*tasks))


def test_prodigy_tasks_about_one_text_are_one_article(tmp_path: Path) -> None:
    other = asked(0, 5, text="Kabul fell.")
    path = tmp_path / "a.jsonl"
    tasks = [asked(0, 16, "PER"), other, asked(29, 36, "GPE"), asked(0, 3, text="Rome burns.")]
    path.write_bytes(lines(*tasks))
    found = cut("prodigy", path)
    assert [each.line for each in found] == [2, 3, 4]
    assert [counts([prodigy.parse(each.raw)])[2] for each in found] == [1, 2, 1]
    # Behind the first a load could not go on, as a task before it waits for its article.
    assert [each.end is None for each in found] == [True, False, False]
    assert found[1].raw == path.read_bytes().split(b"\n")[0] + b"\n" + lines(tasks[2]).strip()


@pytest.mark.parametrize("seed", range(20))
def test_prodigy_goes_on_where_it_stopped(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    tasks = [asked(0, 4, text=f"Text {chance.randrange(12)}.") for _ in range(20)]
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(*tasks))
    whole = cut("prodigy", path)
    assert sum(each.raw.count(b"\n") + 1 for each in whole) == 20
    assert [each.line for each in whole] == sorted({each.line for each in whole})
    for number, entry in enumerate(whole):
        if entry.end is not None and entry.digest is not None:
            rest = cut("prodigy", path, (entry.line, entry.end, entry.digest))
            assert rest == whole[number + 1 :]


def test_prodigy_begins_again_if_an_article_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(asked(0, 16), asked(0, 5, text="Kabul fell.")))
    first, second = cut("prodigy", path)
    with path.open("ab") as file:
        file.write(lines(asked(29, 36)))
    assert first.end is not None
    assert first.digest is not None
    found = cut("prodigy", path, (first.line, first.end, first.digest))
    assert [each.line for each in found] == [2, 3]
    assert found[0].raw == second.raw
    assert found[1].raw.count(b"\n") == 1


@pytest.mark.parametrize("form", ["gzip", "array", "pretty array", "standard input"])
def test_prodigy_tasks_in_other_dress(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [asked(0, 16), asked(0, 5, text="Kabul fell."), asked(29, 36)]
    path = tmp_path / "a.json"
    if form == "standard input":
        stream = io.BufferedReader(io.BytesIO(lines(*tasks)))  # type: ignore[arg-type]
        monkeypatch.setattr(sys, "stdin", type("Input", (), {"buffer": stream}))
        path = Path("-")
    elif form == "gzip":
        path.write_bytes(gzip.compress(lines(*tasks)))
    else:
        path.write_text(json.dumps(tasks, indent=1 if form == "pretty array" else None))
    found = [prodigy.parse(each.raw) for each in cut("prodigy", path)]
    assert counts(found) == (2, 3, 3, 0)


def collect(entries: Iterator[Entry], found: list[Entry]) -> None:
    for entry in entries:
        found.append(entry)


def test_prodigy_keeps_what_comes_before_a_damage(tmp_path: Path) -> None:
    chance = random.Random(1)
    # Hardly to be compressed, so that a good part of the lines comes before the damage.
    tasks = [
        asked(number % 7, 7, text=f"Text {number // 2 % 30}.", note=chance.random())
        for number in range(300)
    ]
    data = gzip.compress(lines(*tasks))
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(data[: len(data) * 3 // 4])
    found: list[Entry] = []
    with closing(Source(path)) as source, pytest.raises(DamagedInput):
        collect(prodigy.entries(source), found)
    before: list[Entry] = []
    with closing(Source(path)) as source, pytest.raises(DamagedInput):
        collect(source.lines(), before)
    assert 100 < len(before) < 300
    assert len(found) == 30
    assert sorted(b"\n".join(each.raw for each in found).split(b"\n")) == sorted(
        each.raw for each in before
    )


def test_prodigy_paragraphs_of_one_address() -> None:
    meta = {"url": "https://example.org/a", "title": "Two", "date": "2014-10-10"}
    second = "She won a prize in 🇳🇴 Oslo."
    at = second.index("Oslo")
    tasks = [
        asked(0, 16, "PER", meta=meta),
        asked(at, at + 4, "GPE", text=second, meta=meta),
        asked(29, 36, "GPE", meta=meta),
    ]
    found = prodigy_of(*tasks)
    assert found.article.text == f"{MALALA}\n\n{second}"
    assert (found.article.url, found.article.title) == ("https://example.org/a", "Two")
    assert found.article.published == "2014-10-10"
    assert names(found) == [("PER", "Malala Yousafzai"), ("GPE", "Oslo"), ("GPE", "Mingora")]
    assert found.local_ids == (str(len(MALALA)), str(len(second)))


def test_prodigy_equal_spans_of_two_annotators_are_one() -> None:
    relation = {"label": "born in", "head": 1, "child": 5}
    ends = {
        "head_span": {"start": 0, "end": 16, "label": "PER"},
        "child_span": {"start": 29, "end": 36, "label": "GPE"},
    }
    both = [{"start": 0, "end": 16, "label": "PER"}, {"start": 29, "end": 36, "label": "GPE"}]
    one = asked(0, 1, spans=both, relations=[{**relation, **ends}], _session_id="one")
    found = prodigy_of(one, {**one, "_session_id": "two"})
    assert counts([found]) == (1, 2, 2, 1)
    # What one task has twice is kept, as it is the tool's own count.
    assert counts([prodigy_of({**one, "relations": one["relations"] * 2})]) == (1, 2, 2, 2)


@pytest.mark.parametrize(("answer", "reason"), [("reject", "rejected"), ("ignore", "ignored")])
def test_prodigy_answers(answer: str, reason: str) -> None:
    refused = asked(0, 16, answer=answer)
    with pytest.raises(RecordLeftOut, match=f"^{reason} in Prodigy$"):
        prodigy_of(refused)
    with pytest.raises(RecordError, match=r"^task 2 of 2: not of this format") as found:
        prodigy_of(refused, {"text": MALALA, "spans": 1})
    assert not isinstance(found.value, RecordLeftOut)
    assert names(prodigy_of(refused, asked(29, 36, "GPE"))) == [("GPE", "Mingora")]


def test_prodigy_input_that_nobody_has_answered(tmp_path: Path) -> None:
    spans_ = [{"start": 0, "end": 16, "label": "PERSON"}, {"start": 29, "end": 36, "label": "GPE"}]
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines({"text": "No spans."}, {"text": MALALA, "spans": spans_}))
    _, found = read("prodigy", path)
    assert names(found) == [("PERSON", "Malala Yousafzai"), ("GPE", "Mingora")]
    named = [{**each, "text": MALALA[each["start"] : each["end"]]} for each in spans_]  # type: ignore[misc, index]
    path.write_text(json.dumps([{"text": MALALA, "spans": named}]))
    (found,) = read("prodigy", path)
    assert spans(found) == [(0, 16, "Malala Yousafzai"), (29, 36, "Mingora")]


TOKENS = [
    {"text": "Malala", "start": 0, "end": 6, "id": 0, "ws": True},
    {"text": "Yousafzai", "start": 7, "end": 16, "id": 1, "ws": False},
    {"text": ",", "start": 16, "end": 17, "id": 2, "ws": True},
    {"text": "Mingora", "start": 18, "end": 25, "id": 3, "ws": False},
]


@pytest.mark.parametrize("text", ["Malala Yousafzai, Mingora", None])
def test_prodigy_spans_of_tokens_only(text: str | None) -> None:
    span = {"token_start": 0, "token_end": 1, "label": "PER"}
    given = {"text": text, "tokens": TOKENS, "spans": [span]}
    found = prodigy_of(given)
    assert found.article.text == "Malala Yousafzai, Mingora"
    assert spans(found) == [(0, 16, "Malala Yousafzai")]
    assert not found.is_joined
    bare = [{"text": each["text"]} for each in TOKENS]
    found = prodigy_of({**given, "text": None, "tokens": bare})
    assert found.is_joined
    assert spans(found) == [(0, 16, "Malala Yousafzai")]


def test_prodigy_ends_of_relations() -> None:
    token_span = {"token_start": 3, "token_end": 3, "start": 18, "end": 25, "label": None}
    relations = [
        {"head": 1, "child": 3, "label": "from", "child_span": token_span},
        {"head": 1, "child": 3, "label": "lives in"},
        {"head": 1, "child": 2, "label": "nowhere"},
        {"head": 1, "child": 77, "label": "nowhere", "child_span": {"token_start": 70}},
    ]
    span = {"start": 0, "end": 16, "token_start": 0, "token_end": 1, "label": "PER"}
    text = "Malala Yousafzai, Mingora"
    found = prodigy_of({"text": text, "tokens": TOKENS, "spans": [span], "relations": relations})
    assert statements(found) == [
        ("Malala Yousafzai", "from", "Mingora"),
        ("Malala Yousafzai", "lives in", "Mingora"),
    ]
    assert names(found)[1] == ("Thing", "Mingora")
    assert reasons(found) == [
        "relations[2]: child: no span ends at token 2",
        "relations[3]: child: has no words",
    ]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (["Q312545"], ["http://www.wikidata.org/entity/Q312545"]),
        (["https://example.org/emerson"], ["https://example.org/emerson"]),
        (["NIL_otherLink"], []),
        ([12], []),
        ([], []),
    ],
)
def test_prodigy_choices(accept: list[Any], expected: list[str]) -> None:
    options = [{"id": "Q312545"}, {"id": "NIL_otherLink"}]
    found = prodigy_of(asked(0, 16, options=options, accept=accept))
    assert found.article.entities[0].same_as == expected
    # A choice about the text says nothing of a span, if there are several.
    two = [{"start": 0, "end": 16, "label": "PER"}, {"start": 29, "end": 36, "label": "GPE"}]
    found = prodigy_of(asked(0, 1, spans=two, options=options, accept=accept))
    assert not any(each.same_as for each in found.article.entities)


def test_prodigy_link_and_span_in_two_tasks() -> None:
    link = asked(0, 16, "PER", options=[{"id": "Q32732"}], accept=["Q32732"])
    found = prodigy_of(asked(0, 16, "PER"), link)
    assert counts([found]) == (1, 1, 1, 0)
    assert found.article.entities[0].same_as == ["http://www.wikidata.org/entity/Q32732"]


def test_prodigy_one_task_of_several_is_broken() -> None:
    found = prodigy_of(asked(0, 16), asked(0, 1, spans=7))
    assert counts([found]) == (1, 1, 1, 0)
    assert reasons(found)[0].startswith("task 2 of 2: not of this format: ")


def test_prodigy_tasks_without_a_text_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"_input_hash": 1}\n{"_input_hash": 1}\n{broken\n{broken\n[1]\n')
    found = cut("prodigy", path)
    assert [each.line for each in found] == [1, 2, 3, 4, 5]
    for each in found:
        with pytest.raises(RecordError):
            prodigy.parse(each.raw)


# doccano ----------------------------------------------------------------------------------------

LIBERIA = "Ellen Johnson Sirleaf led Liberia."


@pytest.mark.parametrize(
    "record",
    [
        {"text": LIBERIA, "label": [[0, 21, "PER"]]},
        {"text": LIBERIA, "labels": [[0, 21, "PER"]]},
        {"text": LIBERIA, "entities": [[0, 21, "PER"]]},
        {"id": 1, "data": LIBERIA, "label": [[0, 21, "PER"]]},
        {"text": LIBERIA, "entities": [{"start_offset": 0, "end_offset": 21, "label": "PER"}]},
    ],
)
def test_doccano_of_all_versions(record: Json, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(record, {"id": 2, "text": "Nothing.", "label": []}))
    first, second = read("doccano", path)
    assert names(first) == [("PER", "Ellen Johnson Sirleaf")]
    assert spans(first) == [(0, 21, None)]
    assert second.article.text == "Nothing."


def test_doccano_labels_by_number() -> None:
    annotations = [{"label": 5, "start_offset": 0, "end_offset": 21, "user": 1}, {"label": 6}]
    found = parse("doccano", {"id": 1, "text": LIBERIA, "annotations": annotations})
    assert names(found) == [("5", "Ellen Johnson Sirleaf")]


@pytest.mark.parametrize("label", [["Positive"], "Positive", None, [], [None, 3]])
def test_doccano_labels_of_the_whole_text(label: Any) -> None:
    found = parse("doccano", {"id": 1, "text": LIBERIA, "label": label})
    assert not found.article.entities
    assert not found.faults


@pytest.mark.parametrize("of_whole", [{"entities": [], "relations": []}, {"label": []}])
def test_doccano_whose_first_texts_nobody_has_labelled(of_whole: Json, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    first = [{"id": number, "text": f"Text {number}.", **of_whole} for number in range(2000)]
    path.write_bytes(lines(*first))
    assert counts(read("doccano", path)) == (2000, 0, 0, 0)
    if "label" in of_whole:
        return
    # Ids that are words are those of article records.
    path.write_bytes(lines(*({**each, "id": str(each["id"])} for each in first)))
    with closing(Source(path)) as source:
        assert recognise(source).name == "record"


@pytest.mark.parametrize(
    "part",
    [["GPE", 0, 5], ["Paris", "GPE"], [0, 5], [0, "5", "GPE"], [0, 5, None], [], [[0], 5, "GPE"]],
)
def test_doccano_lists_that_are_no_spans(part: list[Any]) -> None:
    found = parse("doccano", {"text": "Paris is a city.", "entities": [part, [0, 5, "GPE"]]})
    assert names(found) == [("GPE", "Paris")]
    assert reasons(found) == ["entities[0]: expected [start, end, label]"]


def test_doccano_relations_and_columns() -> None:
    entities = [
        {"id": 11, "label": "PER", "start_offset": 0, "end_offset": 21},
        {"id": 12, "label": "GPE", "start_offset": 26, "end_offset": 33},
        {"id": 13, "label": "GPE", "start_offset": 33, "end_offset": 90},
    ]
    relations = [
        {"id": 1, "from_id": 11, "to_id": 12, "type": "led"},
        {"id": 2, "from_id": 11, "to_id": 13, "type": "led"},
    ]
    columns = {"url": "https://example.org/l", "meta": {"title": "Liberia"}}
    record = {"id": 3, "text": LIBERIA, "entities": entities, "relations": relations, **columns}
    found = parse("doccano", record)
    assert statements(found) == [("Ellen Johnson Sirleaf", "led", "Liberia")]
    assert reasons(found) == [
        "entities[2]: 33-90 is not a span of the text (34 long)",
        "relations[1]: to_id 13 is no entity of this text",
    ]
    assert (found.article.url, found.article.title) == ("https://example.org/l", "Liberia")
    assert found.local_ids == ("3",)
    assert "no text" in refusal("doccano", {"id": 3, "entities": entities})


LED = {
    "entities": [
        {"id": 11, "label": "PER", "start_offset": 0, "end_offset": 21},
        {"id": 12, "label": "GPE", "start_offset": 26, "end_offset": 33},
    ],
    "relations": [{"id": 1, "from_id": 11, "to_id": 12, "type": "led"}],
}
#: The same of another person, whose ids are others and who began with the place.
LED_TOO = {
    "entities": [{**LED["entities"][1], "id": 7}, {**LED["entities"][0], "id": 8}],
    "relations": [{"id": 5, "from_id": 8, "to_id": 7, "type": "led"}],
}


@pytest.mark.parametrize(
    ("others", "repeats"),
    [
        ([LED_TOO], 1),
        ([{**LED_TOO, "user": 3, "Comments": ["sure"]}, LED], 2),
        # The same said once more, and something else.
        ([{"label": [[0, 5, "NAME"], [0, 21, "PER"]]}, LED_TOO, {"label": [[0, 5, "NAME"]]}], 1),
        ([{"label": []}, {"label": None}], 1),
        # Who published it is something, too.
        ([{**LED_TOO, "publisher": "The Bush Chicken"}], 0),
    ],
)
def test_doccano_puts_records_of_one_text_together(
    others: list[Json], repeats: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    between = [{"id": 100 + n, "text": f"Text {n}.", "label": [[0, 4, "W"]]} for n in range(300)]
    same = [{"id": n, "text": LIBERIA, **each} for n, each in enumerate([LED, *others], 1)]
    path.write_bytes(lines(same[0], *between, *same[1:]))
    *alone, found = read("doccano", path)
    assert len(alone) == 300
    assert not found.faults
    assert statements(found) == [("Ellen Johnson Sirleaf", "led", "Liberia")]
    assert spans(found)[:2] == [(0, 21, None), (26, 33, None)]
    assert len(spans(found)) == (3 if "NAME" in str(others) else 2)
    # A table of articles may call it by any of its numbers.
    assert found.local_ids == tuple(str(each["id"]) for each in same)
    *_, entry = cut("doccano", path)
    assert (entry.line, entry.repeats) == (300 + len(same), repeats)


def test_doccano_counts_what_is_said_again_as_unchanged(tmp_path: Path, db_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    once = {"text": "1788.", "label": [[0, 4, "TIME"]]}
    path.write_bytes(lines(*({"id": number, **once} for number in range(3))))
    for new in (1, 0):
        summary = load_files(db_path, [path])
        assert (summary.read, summary.new, summary.unchanged) == (3, new, 3 - new)
        assert (summary.rejected, summary.changed) == (0, 0)
    path.write_bytes(lines(*({"id": number, **once, "relations": 7} for number in range(3))))
    summary = load_files(db_path, [path])
    assert (summary.read, summary.rejected) == (1, 1)


def test_doccano_joins_paragraphs_of_one_address(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    one = {"url": "https://example.org/l", "text": LIBERIA, **LED}
    other = {"url": one["url"], "text": f"So {LIBERIA}", "label": [[3, 24, "PER"]]}
    path.write_bytes(lines(one, other, {**one, "entities": "?"}, one))
    (found,) = read("doccano", path)
    assert found.article.text == f"{LIBERIA}\n\nSo {LIBERIA}"
    person, _ = found.article.entities
    assert [(each.start, each.end) for each in person.mentions] == [(0, 21), (39, 60)]
    assert found.article.text[39:60] == "Ellen Johnson Sirleaf"
    assert reasons(found)[0].startswith("record 3: not of this format: ")


# brat -------------------------------------------------------------------------------------------

NEWS = "Paul Kagame opened the summit in Kigali. He and the AU chair met.\n"


def annotated(*annotations: str, text: str | None = NEWS) -> Parsed:
    pair = {"name": "a", "txt": text, "ann": "\n".join(annotations) + "\n"}
    return brat.parse(json.dumps(pair).encode())


T1, T2 = "T1\tPerson 0 11\tPaul Kagame", "T2\tCity 33 39\tKigali"
T3 = "T3\tOpening 12 18\topened"


def test_brat_relation() -> None:
    found = annotated("R1\tSpoke Arg2:T2 Arg1:T1\t", T1, T2)
    assert statements(found) == [("Kigali", "Spoke", "Paul Kagame")]


def test_brat_events() -> None:
    found = annotated(T1, T2, T3, "E1\tOpening:T3 Who:T1 Place2:T2 Place:T9", "E2\tMeet:T8")
    event = entity(found, "opened")
    assert (event.type, event.local) == ("Opening", True)
    assert statements(found) == [
        ("opened", "Who", "Paul Kagame"),
        ("opened", "Place", "Kigali"),
    ]
    assert [each.text for each in found.article.relations[0].evidence] == ["opened"]
    assert reasons(found) == [
        "line 5: trigger T8 is no annotation of this text",
        "line 4: Place T9 is no annotation of this text",
    ]


def test_brat_event_in_an_event() -> None:
    found = annotated(T1, "E1\tMeeting:T4 Cause:E2", T3, "E2\tOpening:T3", "T4\tMeeting 61 64\tmet")
    assert statements(found) == [("met", "Cause", "opened")]


def test_brat_fragments() -> None:
    text = "North and South America\nUnited\nNations"
    found = annotated(
        "T1\tPlace 0 5;16 23\tNorth America",
        "T2\tPlace 10 23\tSouth America",
        # What brat makes of a span over the end of a line.
        "T3\tOrg 24 30;31 38\tUnited Nations",
        text=text,
    )
    assert names(found) == [
        ("Place", "North America"),
        ("Place", "South America"),
        ("Org", "United Nations"),
    ]
    assert spans(found) == [
        (0, 5, "North"),
        (16, 23, "America"),
        (10, 23, "South America"),
        (24, 38, "United Nations"),
    ]


OVER_LINES = "Ana: first words\r\n\r\nG20 summit. Bo"
SECOND = "T2\tPerson 33 35\tBo"


@pytest.mark.parametrize(
    ("text", "lines_of_words", "span"),
    [
        (
            OVER_LINES,
            ["first words\r", "\r", "G20 summit"],
            (5, 30, "first words\r\n\r\nG20 summit"),
        ),
        # The annotations may have other ends of lines than the text.
        (OVER_LINES, ["first words", "", "G20 summit"], (5, 30, "first words\r\n\r\nG20 summit")),
        (
            OVER_LINES.replace("\r", ""),
            ["first words", "", "G20 summit"],
            (5, 28, "first words\n\nG20 summit"),
        ),
        # Blanks at the edges, too.
        ("Ana: a\nb\n\nBo", ["a", "b", ""], (5, 9, "a\nb\n")),
        # Nothing but the length tells, where there is no text.
        (None, ["first words", "", "G20 summit"], (5, 28, "first words\n\nG20 summit")),
        (None, ["first words\r", "\r", "G20 summit\r"], (5, 30, "first words\r\n\r\nG20 summit")),
    ],
)
def test_brat_words_over_the_end_of_a_line(
    text: str | None, lines_of_words: list[str], span: tuple[int, int, str]
) -> None:
    first, *others = lines_of_words
    second = SECOND
    if text is not None:
        second = f"T2\tPerson {text.index('Bo')} {len(text)}\tBo"
    found = annotated(f"T1\tName {span[0]} {span[1]}\t{first}", *others, second, "x", text=text)
    assert not [each for each in spans(found) if each[2] == first]
    assert spans(found)[0] == span
    assert len(spans(found)) == 2
    assert found.article.entities[0].name == " ".join(span[2].split())
    assert (
        anchor(found.article)
        .spans.keys()
        .isdisjoint(() if text is None else map(id, found.article.entities[0].mentions))
    )
    # The number of a line is that of the file.
    number = len(lines_of_words) + 2
    assert reasons(found) == [f"line {number}: does not begin with the id of an annotation"]


@pytest.mark.parametrize(
    ("first", "others"),
    [
        # An annotation is none of the words, nor is the end of the file.
        ("T1\tName 5 36\tfirst words", [SECOND]),
        ("T1\tName 5 17\tfirst words", []),
        ("T1\tName 5 17\tfirst words", [SECOND, ""]),
        ("T1\tName 5 9\tfirst words", [SECOND]),
        # As long as nothing is, in numbers that nobody may count to.
        (f"T1\tName 5 {10**17}\tfirst words", [SECOND]),
    ],
)
def test_brat_words_that_end_with_their_line(first: str, others: list[str]) -> None:
    for text in (None, "Ana: first words. Another Bo told."):
        found = annotated(first, *others, text=text)
        assert {each[2] for each in spans(found)} == {"first words", *(["Bo"] if others else [])}
        assert not found.faults


def test_brat_words_that_may_go_on_are_looked_at_once() -> None:
    def steps(count: int) -> int:
        written = "\n".join(["T1\tName 0 900\tword", "x"] * count)
        return steps_of(lambda: read_standoff(written, None))

    assert steps(400) < 4.5 * steps(100)


def test_brat_fragments_whose_words_cannot_be_told_apart() -> None:
    line = "T1\tPlace 0 5;16 23\tNorth ... America"
    text = "North and South America"
    assert spans(annotated(line, text=text)) == [(0, 5, None), (16, 23, None)]
    assert spans(annotated(line, text=None)) == [(None, None, "North ... America")]
    bare = annotated("T1\tPlace 0 5;16 23", text=text)
    assert names(bare) == [("Place", "North America")]


def test_brat_equivalences() -> None:
    found = annotated(
        T1,
        "T2\tPerson 41 43\tHe",
        "T3\tPerson 48 60\tthe AU chair",
        "*\tCoreference T1 T2 T3 T9",
        "*\tCoreference T1 T3",
        "*\tCoreference T1",
    )
    assert len(found.article.entities) == 3
    assert entity(found, "Paul Kagame").aliases == ["the AU chair"]
    assert statements(found) == [
        ("Paul Kagame", "Coreference", "He"),
        ("Paul Kagame", "Coreference", "the AU chair"),
    ]
    assert reasons(found) == [
        "line 6: an equivalence needs two annotations",
        "line 4: Coreference T9 is no annotation of this text",
    ]


def test_brat_attributes() -> None:
    found = annotated(
        T1,
        T2,
        T3,
        "E1\tOpening:T3 Who:T1",
        "R1\tVisited Arg1:T1 Arg2:T2",
        "R2\tFled Arg1:T1 Arg2:T2",
        "A1\tNegation E1",
        "M2\tConfidence E1 Low",
        "A3\tNegation R2",
        "A4\tConfidence R1 High",
        "A5\tNegation E7",
    )
    assert statements(found) == [
        ("opened", "Who", "Paul Kagame"),
        ("Paul Kagame", "Visited", "Kigali"),
        ("opened", "Negation", True),
        ("opened", "Confidence", "Low"),
    ]
    # What is negated is in order, and not stated.
    assert reasons(found) == ["line 11: E7 is no annotation of this text"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("N1\tReference T2 Wikidata:Q3859\tKigali", ["http://www.wikidata.org/entity/Q3859"]),
        (
            "N1\tReference T2 Wikipedia:1234\tKigali City",
            ["https://en.wikipedia.org/wiki/Kigali_City"],
        ),
        ("N1\tReference T2 GeoNames:202061\tKigali", ["https://sws.geonames.org/202061/"]),
        ("N1\tReference T2 http://example.org/k", ["http://example.org/k"]),
        ("N1\tReference T2 DBpedia:http://dbpedia.org/resource/Kigali", None),
        ("#1\tAnnotatorNotes T2\thttps://example.org/k", ["https://example.org/k"]),
        ("#1\tAnnotatorNotes T2\tnot sure", []),
        ("N1\tReference T2 Wikidata:{0}", []),
        ("N1\tReference T2 Wikipedia:1234", []),
        ("N1\tReference T2 ISNI:1", []),
        ("N1\tReference T2 UniProt:P1", []),
        ("N1\tReference T2", []),
        ("N1\t", []),
        ("#1\t", []),
    ],
)
def test_brat_normalisations(line: str, expected: list[str] | None) -> None:
    found = annotated(T1, T2, line)
    if expected is None:
        expected = ["http://dbpedia.org/resource/Kigali"]
    assert entity(found, "Kigali").same_as == expected
    assert not found.faults


def test_brat_faults_tell_the_line() -> None:
    found = annotated(
        "\ufeff" + T1,
        "",
        "T1\tCity 33 39\tKigali",
        "T5\tCity thirty 39\tKigali",
        "T6\tCity 39 33",
        "T7\tCity 900 933",
        "T8\tCity 3 9;5 12\tabc",
        "R1\tSpoke Arg1:T1",
        "R2\tSpoke Arg1:T1 T2",
        "R3\t",
        "E1\t",
        "A1\tNegation",
        "X1\tSomething",
        "nonsense",
        "T9",
    )
    assert names(found) == [("Person", "Paul Kagame")]
    assert sorted(reasons(found), key=lambda each: int(each.split(":")[0][5:])) == [
        "line 3: T1 was there before",
        "line 4: a span needs a type, a start and an end",
        "line 5: 39-33 is not a span of the text (66 long)",
        "line 6: 900-933 is not a span of the text (66 long)",
        "line 7: the fragments of a span must follow one another",
        "line 8: a relation needs two arguments",
        "line 9: a part of the relation is not of the form Role:T1",
        "line 10: a relation needs two arguments",
        "line 11: a part of the event is not of the form Role:T1",
        "line 12: an attribute needs a name and an annotation",
        "line 13: X1 is no annotation that newsgraph knows",
        "line 14: does not begin with the id of an annotation",
        "line 15: does not begin with the id of an annotation",
    ]


def test_brat_either_file_of_a_pair(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"Paul Kagame\r\nspoke in Kigali.")
    (tmp_path / "a.ann").write_bytes(b"T1\tPerson 0 11\tPaul Kagame\r\nT2\tCity 22 28\tKigali\r\n")
    (by_text,) = cut("brat", tmp_path / "a.txt")
    (by_annotations,) = cut("brat", tmp_path / "a.ann")
    assert by_text == by_annotations
    found = brat.parse(by_text.raw)
    text = found.article.text or ""
    assert [text[start:end] for start, end, _ in spans(found)] == ["Paul Kagame", "Kigali"]
    (tmp_path / "a.txt").unlink()
    (alone,) = read("brat", tmp_path / "a.ann")
    assert alone.article.text is None
    assert spans(alone) == spans(found)


def test_brat_folder(tmp_path: Path) -> None:
    (tmp_path / "b" / "deep").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for stem in ("z", "b/deep/y", ".git/x"):
        (tmp_path / f"{stem}.ann").write_text(f"{T1}\n")
        (tmp_path / f"{stem}.txt").write_text(NEWS)
    (tmp_path / "README.txt").write_text("Not annotated.")
    (tmp_path / "c.ann").write_text("T1\tPerson 0 11\tPaul Kagame")
    (tmp_path / "d.ann").write_bytes(b"T1\tPerson 0 11\t\xff")
    folder = Folder(tmp_path)
    found = list(brat.entries(folder))
    assert [each.line for each in found] == [1, 2, 3, 4]
    assert found[2].fault == "d.ann is not UTF-8: byte 16"
    assert folder.sha256 is not None
    parsed = [brat.parse(each.raw) for each in found if each.fault is None]
    assert [each.local_ids for each in parsed] == [("b/deep/y", "y"), ("c",), ("z",)]
    assert [each.article.text for each in parsed] == [NEWS, None, NEWS]


def test_brat_where_tabs_became_blanks() -> None:
    found = annotated(
        "T1      Person 0 11     Paul Kagame", "T2  City 33 39", "R1  In Arg1:T1 Arg2:T2"
    )
    assert statements(found) == [("Paul Kagame", "In", "Kigali")]


def test_brat_spans_that_are_no_names() -> None:
    text = "word " * 1000
    found = annotated(
        "T1\tX 0 5000",
        f"T2\tX 0 2500\t{text[:2500]}",
        "T3\tX 0 2000;2005 4000",
        "T4\tX 0 4",
        "E1\tX:T1 A:T4",
        text=text,
    )
    assert names(found) == [("X", "word")]
    assert [each.split(": ", 1)[1] for each in reasons(found)] == (
        ["its words are too many for a name"] * 3
    )


def test_brat_empty() -> None:
    assert annotated("").article.text == NEWS
    with pytest.raises(RecordError, match="no entities in it"):
        annotated("", text="")


def test_folder(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"12345")
    folder = Folder(tmp_path)
    assert folder.names == ("a.csv",)
    assert folder.read("a.csv") == b"12345"
    assert (folder.head(9), folder.position(), folder.name) == (b"", 0, tmp_path.name)
    folder.close()
    with pytest.raises(InputError, match="longer"):
        Folder(tmp_path, Limit(4)).read("a.csv")
    with pytest.raises(InputError, match="has no file"):
        folder.read("../a.csv")
    (tmp_path / "a.csv").unlink()
    with pytest.raises(InputError, match="No such file"):
        folder.read("a.csv")
    with pytest.raises(InputError, match="check the folder's name"):
        Folder(tmp_path / "none")


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
