"""The reader of Prodigy: tasks about one text are one article."""

from __future__ import annotations

import gzip
import io
import json
import random
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import DamagedInput, RecordError, RecordLeftOut
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.prodigy import reader as prodigy
from datasette_newsgraph.readers.source import Entry, Source
from tests.readers.annotations import (
    TOKENS,
    counts,
    cut,
    lines,
    names,
    read,
    reasons,
    spans,
    statements,
)

Json = dict[str, Any]
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
