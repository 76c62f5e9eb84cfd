"""Files of decisions: what is written is read again, and what is no decision is refused in one line."""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from datasette_newsgraph.decisions.decision import Decision, split_key, validated
from datasette_newsgraph.decisions.files.fields import FIELDS, Written
from datasette_newsgraph.decisions.files.formats import (
    FORMATS,
    NAMES,
    format_named,
    read_decisions,
)
from datasette_newsgraph.errors import DecisionError, InputError, UsageError
from datasette_newsgraph.identity import entity_key, is_blank

US, UNITED_STATES, GEORGIA = "us-a", "united-states-b", "georgia-c"
AT = "2026-11-28T17:20:01.123456Z"
Q30 = entity_key("", "", [(0, "http://www.wikidata.org/entity/Q30")])
#: Formats that hold all that there is of decisions.
WHOLE = [each.name for each in FORMATS if not each.on_pairs]


def written(decisions: Iterable[Decision], format_name: str) -> bytes:
    written_ = (Written(each) for each in decisions)
    names = {US: "=US", UNITED_STATES: "United\nStates"}
    return b"".join(format_named(format_name).write(written_, lambda kind, key: names.get(key, "")))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("decisions")


def read(directory: Path, data: bytes | str, format_name: str | None = None) -> list[Decision]:
    path = directory / "decisions"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_decisions(path, format_name).decisions


ONE_OF_EACH = [
    Decision(
        "same", US, UNITED_STATES, keep=UNITED_STATES, by="ana", why="the same, “really”\n\tyes"
    ),
    Decision("different", US, GEORGIA, why=' begins with a blank, "and" ends with one '),
    Decision("unsure", UNITED_STATES, GEORGIA, why="=1+1"),
    Decision("split", GEORGIA, split_key(GEORGIA, "State"), articles=("a-1", "a-2"), value="State"),
    Decision("type", US, value="-Place"),
    Decision("name", US, value="'@US"),
    Decision("wrong", "abc-1-2-def", kind="mention"),
    Decision("undo", "20261128-172001123456", kind="batch"),
    Decision("undo", "same-abc", kind="decision"),
]


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("decision", ONE_OF_EACH, ids=lambda each: each.verdict)
def test_what_is_written_is_read_again(directory: Path, name: str, decision: Decision) -> None:
    logged = validated(replace(decision, at=AT, batch="b"))
    data = written([logged], name)
    assert read(directory, data) == [logged]
    # As programs for spreadsheets end lines, and where they put what says that it is UTF-8.
    data = b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") if b"\n\t" not in data else data
    assert read(directory, data) == [logged]


def test_a_line_has_names_for_the_reader(directory: Path) -> None:
    decision = validated(Decision("same", US, UNITED_STATES, at=AT, batch="b"))
    values = json.loads(written([decision], "jsonl"))
    assert tuple(values) == FIELDS
    assert (values["right_name"], values["key"]) == ("=US", decision.key)
    values |= {"left_name": "another", "key": "none", "conflict": "some"}
    assert read(directory, json.dumps(values)) == [decision]


def test_no_name_becomes_a_formula_of_a_spreadsheet() -> None:
    rows = written([validated(Decision("wrong", US, by="+1", at=AT, batch="b"))], "csv").decode()
    assert ',"\'=US",' in rows
    assert ',"\'+1",' in rows


def test_a_table_of_no_decisions_has_its_columns(directory: Path) -> None:
    data = written([], "csv")
    assert data.decode().count(",") == len(FIELDS) - 1
    assert read(directory, data) == read(directory, b"") == read(directory, b"\n \n") == []


@pytest.mark.parametrize(
    "text",
    [
        '{"verdict": "same", "left": "us-a", "right": "georgia-c"}',
        '\n  {"verdict":"same","left":"us-a","right":"georgia-c","articles":[],"value":null}\n\n',
        "verdict,left,right\nsame,us-a,georgia-c\n",
        "left;right;verdict\r\n us-a ;georgia-c;same;\r\n;;\r\n",
        "sep=;\nleft;right;verdict\nus-a;georgia-c;same\n",
        "left\tright\tverdict\nus-a\tgeorgia-c\tsame",
        '["us-a", "georgia-c", "positive", 0.9, null, null]',
    ],
)
def test_a_file_that_people_wrote_needs_few_fields(directory: Path, text: str) -> None:
    (found,) = read(directory, text)
    assert (found.verdict, found.left, found.right) == ("same", GEORGIA, US)
    assert found.kind == "entity"


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("http://www.wikidata.org/entity/Q30", Q30),
        (" https://www.wikidata.org/wiki/Q30 ", Q30),
        (f"https://example.org/news/-/newsgraph/id/entity/{Q30}", Q30),
        (f"http://127.0.0.1:8001/news/-/newsgraph/entity/{Q30}?_next=2", Q30),
        ("urn:isbn:1", entity_key("", "", [(99, "urn:isbn:1")])),
    ],
)
def test_an_iri_stands_for_the_key_of_an_entity(directory: Path, given: str, key: str) -> None:
    line = {"verdict": "same", "left": given, "right": US, "keep": given}
    (found,) = read(directory, json.dumps(line))
    assert {found.left, found.right, found.keep} == {key, US, key} - {""}
    (found,) = read(directory, f"verdict,left,value\nname,{given},United States")
    assert (found.left, found.value) == (key, "United States")


def test_a_file_may_be_packed_or_come_through_a_pipe(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = written([validated(replace(each, at=AT, batch="b")) for each in ONE_OF_EACH], "jsonl")
    assert len(read(directory, gzip.compress(data))) == len(ONE_OF_EACH)
    monkeypatch.setattr(sys, "stdin", piped(data))
    assert len(read_decisions("-").decisions) == len(ONE_OF_EACH)
    monkeypatch.setattr(sys, "stdin", piped(data + b"{"))
    with pytest.raises(DecisionError, match="standard input: line 10: is not JSON"):
        read_decisions("-")


def piped(data: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedReader(io.BytesIO(data)))


GOOD = '{"verdict":"same","left":"us-a","right":"georgia-c"}\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD + '{"verdict":"same","left":"us-a","rig', "line 2: is not JSON, or breaks off"),
        (GOOD + "[1]", "line 2: is no JSON object"),
        (GOOD + GOOD.replace("same", "merge"), "line 2: 'merge' is no verdict; there are same"),
        (GOOD.replace('"us-a"', "5"), "line 1: left is no text: 5"),
        (GOOD.replace('"us-a"', "null"), "line 1: same needs left"),
        (GOOD.replace('"us-a"', '"U S"'), "'U S' is no key"),
        (GOOD.replace('"us-a"', '"\\ud800"'), "left has half a character"),
        (GOOD.replace('"right"', '"left"'), "has 'left' twice"),
        (GOOD.replace('"right"', '"other"'), "there is no field 'other'; there are verdict, left"),
        (GOOD.replace('"}', '","at":"9999-01-01T00:00:00.000000Z"}'), "is in the future"),
        (GOOD.replace('"}', '","at":"yesterday"}'), "at is 'yesterday', and not a time"),
        (GOOD.replace('"}', '","keep":"other-d"}'), "neither left nor right"),
        ('{"verdict":"same","left":"us-a","right":"us-a"}', "left and right are both 'us-a'"),
        ('{"verdict":"split","left":"us-a","right":"b-c","articles":7}', "articles is no text"),
        ('{"verdict":"split","left":"us-a","right":"b-c","articles":[7]}', "articles is no text"),
        ('{"a":' * 100_000, "nested too deep"),
        ("\ufeff" + GOOD.replace("us-a", "\x00"), "is not JSON"),
        ("verdict,left,right\nsame,us-a\n", "line 2: the row has 2 cells, but the header 3"),
        ("verdict,left,why\nwrong,us-a,\n\nwrong,us-b,\"half\n", "line 4: is not CSV"),
        ("verdict,left,whom\n", "line 1: there is no column 'whom'; there are verdict"),
        ("left,left\n", "line 1: two columns have one name"),
        ("what is this", "line 1: there is no column 'what is this'"),
        ('["us-a", "georgia-c", "maybe", 1, "ana", null]', "'maybe' is no judgement"),
        ('["us-a", "us-a", "positive", 1, "ana", null]', "both 'us-a'"),
        ('["us-a", 5, "positive", 1, "ana", null]', "target or source is no text: 5"),
        ('["us-a", "georgia-c", "positive", 1, "ana", "soon"]', "created_at is 'soon'"),
        ('["us-a", "georgia-c"]', "is no array [target, source, judgement"),
        ('[{"verdict": "same"}]', "is no array [target, source, judgement"),
    ],
)  # fmt: skip
def test_what_is_no_decision_is_refused_with_file_line_and_remedy(
    directory: Path, text: str, words: str
) -> None:
    with pytest.raises(DecisionError, match=r"^[^\n]+$") as refused:
        read(directory, text)
    assert words in str(refused.value)
    assert str(refused.value).startswith(f"{directory / 'decisions'}: line ")
    assert str(refused.value).endswith(
        "nothing of the file was taken: correct it and give it again"
    )


def test_a_file_that_is_not_there_or_no_text(directory: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_decisions(directory / "none")
    with pytest.raises(InputError):
        read(directory, "{}".encode("utf-16"))
    with pytest.raises(UsageError, match="there is no format 'xml' of decisions"):
        read(directory, "", "xml")


lines = st.dictionaries(
    st.sampled_from(FIELDS),
    st.one_of(st.sampled_from([US, "same", "split", AT]), st.text(max_size=8)),
)
odd = st.one_of(
    st.binary(max_size=60),
    st.lists(lines.map(json.dumps), max_size=3).map(lambda each: "\n".join(each).encode()),
    st.builds(lambda line, size: json.dumps(line).encode()[:size], lines, st.integers(0, 80)),
    st.lists(st.lists(st.text(max_size=5), max_size=3), max_size=3).map(
        lambda rows: "\n".join(["verdict,left,right", *map(",".join, rows)]).encode(
            "utf-8", "replace"
        )
    ),
    st.lists(st.one_of(st.none(), st.text(max_size=9), st.floats()), min_size=5, max_size=8).map(
        lambda row: json.dumps(row).encode()
    ),
)


@given(odd, st.sampled_from([None, *NAMES]))
@example(b'verdict,left,right\n"same","\xff', None)
@example(b'["us-a","us-b","positive",0,"","0000-00-00T00:00:00+9999"]', None)
@example(b'["us-a","us-b","positive",0,"","0001-01-01T00:00:00+23:59"]', None)
def test_any_bytes_are_decisions_or_one_clear_line(
    directory: Path, data: bytes, format_name: str | None
) -> None:
    refused = ""
    found: list[Decision] = []
    try:
        found = read(directory, data, format_name)
    except (DecisionError, InputError) as error:
        refused = str(error)
    assert "\n" not in refused
    assert not refused or str(directory) in refused
    assert found == [validated(each) for each in found]
    assert all(each.key for each in found)


def _decision(verdict: Any, texts: list[str], pair: list[str]) -> Decision:
    by, why, value = texts
    fields: dict[str, Any] = {"by": by.replace("\n", " "), "why": why, "at": AT, "batch": "b"}
    if verdict == "name":
        name = "x" if is_blank(value) else value.replace("\n", " ")
        return Decision("name", pair[0], value=name, **fields)
    return Decision(verdict, *pair, **fields)


# In a table, lines end in either way, and marks of byte order stand at their beginning.
texts = st.text(
    st.characters(exclude_characters="\0\r\ufeff", exclude_categories=["Cs"]), max_size=12
)
decisions = st.builds(
    lambda verdict, given, pair: validated(_decision(verdict, given, pair)),
    st.sampled_from(["same", "different", "name"]),
    st.lists(texts, min_size=3, max_size=3),
    st.permutations([US, UNITED_STATES, GEORGIA]).map(lambda each: list(each[:2])),
)


@given(st.lists(decisions, max_size=4), st.sampled_from(WHOLE))
def test_whatever_is_decided_is_written_and_read_again(
    directory: Path, given: list[Decision], name: str
) -> None:
    assert read(directory, written(given, name), name) == given
