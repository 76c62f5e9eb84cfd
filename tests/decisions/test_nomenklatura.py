"""The judgements of nomenklatura's resolver, in and out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from datasette_newsgraph.decisions.decision import Decision, validated
from datasette_newsgraph.decisions.files.fields import Written
from datasette_newsgraph.decisions.files.formats import (
    GivenDecisions,
    format_named,
    read_decisions,
)
from datasette_newsgraph.decisions.standing import standing_of
from datasette_newsgraph.identity import entity_key

US, USA, GEORGIA = "us-a", "usa-b", "georgia-c"
Q30, Q230 = (
    entity_key("", "", [(0, f"http://www.wikidata.org/entity/{item}")]) for item in ("Q30", "Q230")
)
AT = "2026-11-28T17:20:01.123456Z"


def read(path: Path, *rows: list[object]) -> GivenDecisions:
    (path / "resolver.ijson").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return read_decisions(path / "resolver.ijson")


def written(*decisions: Decision) -> list[list[object]]:
    found = [
        Written(validated(replace(each, at=f"2026-01-01T00:00:00.{number:06}Z")))
        for number, each in enumerate(decisions)
    ]
    lines = format_named("nomenklatura").write(found, lambda kind, key: "")
    return [json.loads(each) for each in lines]


def test_a_line_is_a_decision(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        ["Q30", US, "positive", None, "ana", "2026-11-28T17:20:01.123456+0"],
        ["http://www.wikidata.org/entity/Q230", GEORGIA, "negative", None, "ana", None],
        [USA, GEORGIA, "unsure", 0.5, None, "2026-11-28T17:20:01"],
    )
    assert [
        (each.verdict, {each.left, each.right}, each.keep, each.by) for each in found.decisions
    ] == [
        ("same", {Q30, US}, Q30, "ana"),
        ("different", {Q230, GEORGIA}, "", "ana"),
        ("unsure", {USA, GEORGIA}, "", ""),
    ]
    assert [each.at for each in found.decisions] == [AT, "", "2026-11-28T17:20:01.000000Z"]
    assert {each.batch for each in found.decisions} == {"nomenklatura"}


def test_what_is_no_judgement_is_counted(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [USA, US, "no_judgement", 0.7, "xref", AT],
        [USA, US, "positive", None, "ana", AT, "2026-12-01T00:00:00.000000"],
        [USA, US, "negative", None, "ana", AT, None],
    )
    assert found.undecided == 2
    assert [each.verdict for each in found.decisions] == ["different"]


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ("2026-11-28T17:20:01.123456Z", AT),
        ("2026-11-28T17:20:01.123456+00:00", AT),
        ("2026-11-28 17:20:01.1234567", AT),
        ("2026-11-28T18:20:01.123456+01:00", AT),
        ("2026-11-28T17:20:01+00:00", "2026-11-28T17:20:01.000000Z"),
        ("2026-11-28T17:20:01.5", "2026-11-28T17:20:01.500000Z"),
    ],
)
def test_times_are_read_as_far_as_they_are_kept(tmp_path: Path, given: str, at: str) -> None:
    (found,) = read(tmp_path, [USA, US, "positive", None, "", given]).decisions
    assert found.at == at


def test_an_id_of_its_own_joins_and_never_stands_for_the_others(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        ["NK-a1b2", US, "positive", None, "ana", AT],
        ["NK-a1b2", USA, "positive", None, "ana", AT],
    )
    standing = standing_of(found.decisions)
    assert standing.canonical[US] == standing.canonical[USA]
    assert standing.canonical[US] in (US, USA)


def test_the_last_verdict_on_a_pair_is_written_and_nothing_else() -> None:
    assert written(
        Decision("same", US, USA, by="ana"),
        Decision("name", US, value="USA"),
        Decision("same", Q30, USA, by="ben"),
        Decision("unsure", US, GEORGIA),
        Decision("different", USA, US, by="ben"),
    ) == [
        ["Q30", USA, "positive", None, "ben", "2026-01-01T00:00:00.000002Z"],
        [US, GEORGIA, "unsure", None, "", "2026-01-01T00:00:00.000003Z"],
        [USA, US, "negative", None, "ben", "2026-01-01T00:00:00.000004Z"],
    ]


def test_what_is_written_is_read_as_the_same_pairs(tmp_path: Path) -> None:
    given = [
        Decision("same", Q30, Q230),
        Decision("different", US, GEORGIA),
        Decision("unsure", US, Q30),
    ]
    found = read(tmp_path, *written(*given)).decisions
    assert [(each.verdict, {each.left, each.right}) for each in found] == [
        (each.verdict, {each.left, each.right}) for each in given
    ]
