"""The commands about the log of decisions: decide, decisions, undo; load with decisions."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

import datasette_newsgraph
from datasette_newsgraph import kinds
from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.files.formats import NAMES
from datasette_newsgraph.errors import DecisionError, UnknownKey, UsageError
from datasette_newsgraph.loading.load import load
from tests.cli.deciding_on import (
    ABSENT,
    ARTICLES,
    LONG,
    PERSON,
    PLACE,
    SHORT,
    UNION,
    key_in,
    log,
    run,
    told,
)
from tests.cli.running import error_of


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "news.db"
    load(path, ARTICLES, base_iri="https://example.org/news/-/newsgraph/")
    return path


@pytest.fixture
def news(graph: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(graph, tmp_path))


def file_of(path: Path, *decisions: dict[str, object]) -> Path:
    """Write decisions as a file beside a database."""
    file = path.with_name("decisions.jsonl")
    file.write_text("".join(f"{json.dumps(each)}\n" for each in decisions))
    return file


SAME = {"verdict": "same", "left": UNION, "right": LONG}
AT = "2026-01-01T00:00:00.000000Z"


# decide -----------------------------------------------------------------------------------------


def test_a_log_goes_out_and_into_another_database(news: Path, tmp_path: Path) -> None:
    run("merge", news, UNION, LONG, "--by", "ana")
    run("split", news, "EU", "--article", "a2", "--as", "The other one")
    run("correct", news, PERSON, "--name", "=Georgia", "--type", "Person")
    run("undo", news, log(news)[0]["batch"])
    for name in ("jsonl", "csv"):
        (tmp_path / name).write_bytes(run("decisions", news, "--format", name).stdout_bytes)
        other = tmp_path / f"{name}.db"
        load(other, ARTICLES)
        result = run("decide", other, tmp_path / name)
        assert result.exit_code == 0, result.stderr
        assert result.stderr.startswith(
            f"6 decisions read, 6 new; newsgraph decisions {other} lists the batches\n"
        )
        assert log(other) == log(news)
        again = run("decide", other, tmp_path / name)
        assert again.stderr == "6 decisions read, 0 new\n"


def test_a_file_without_times_is_decided_once(news: Path) -> None:
    batch = {"verdict": "undo", "left": "first", "kind": "batch"}
    file = file_of(news, SAME | {"batch": "first"}, {"verdict": "wrong", "left": PERSON}, batch)
    for new in (3, 1, 1):
        # What was taken back is decided again, and taken back again.
        assert f"3 decisions read, {new} new" in run("decide", news, file).stderr
    assert [verdict for (verdict,) in told(news, "verdict")].count("wrong") == 1


def test_two_people_who_contradict_each_other_are_listed(news: Path) -> None:
    run("merge", news, UNION, LONG, "--by", "ana")
    file = file_of(
        news,
        SAME | {"verdict": "different", "by": "ben"},
        {"verdict": "same", "left": LONG, "right": SHORT, "by": "ben"},
        {"verdict": "same", "left": UNION, "right": SHORT, "by": "ben"},
    )
    result = run("decide", news, file)
    assert result.exit_code == 0
    lines = result.stderr.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("conflict: same ")
    assert ": a later decision says different, and holds: different " in lines[1]
    assert " are different: different " in lines[2]
    listed = [each["conflict"].partition(":")[0] for each in log(news, "--conflicts")]
    assert len(listed) == 2


def test_an_edited_line_stands_in_the_place_of_the_other(news: Path) -> None:
    """Whatever it says: the time that stands in the line does not count against it."""
    run("correct", news, LONG, "--name", "First")
    for name in ("Beta", "Alpha", "Gamma"):
        (line,) = [each for each in log(news, "--in-force") if each["verdict"] == "name"][-1:]
        run("decide", news, file_of(news, line | {"value": name}))
        assert log(news, "--in-force")[-1]["value"] == name


def test_two_items_of_one_authority_are_listed(news: Path) -> None:
    wikidata = "http://www.wikidata.org/entity/"
    pairs = (
        file_of(news, {"verdict": "same", "left": LONG, "right": f"{wikidata}{item}"})
        for item in ("Q1", "Q2")
    )
    for file in pairs:
        assert run("decide", news, file).exit_code == 0
    (listed,) = log(news, "--conflicts")
    assert listed["conflict"] == f"Wikidata has 2 of it: {wikidata}Q1, {wikidata}Q2"


def test_an_older_decision_does_not_override_a_later_one(news: Path) -> None:
    run("merge", news, UNION, LONG)
    file = file_of(news, SAME | {"verdict": "different", "at": AT})
    assert run("decide", news, file).exit_code == 0
    assert told(news, "verdict") == [("different",), ("same",)]
    assert told(news, "at")[0] == (AT,)


def test_a_cycle_of_pairs_is_one_entity(news: Path) -> None:
    pairs = [(UNION, LONG), (LONG, SHORT), (SHORT, UNION)]
    file = file_of(news, *({"verdict": "same", "left": a, "right": b} for a, b in pairs))
    result = run("decide", news, file)
    assert "conflict" not in result.stderr
    assert run("check", news).exit_code == 0
    keys = (UNION, LONG, SHORT)
    exports = {run("export", news, "--entity", each, "-f", "ntriples").stdout for each in keys}
    assert len(exports) == 1


def test_keys_that_never_come_are_named(news: Path) -> None:
    result = run("decide", news, file_of(news, SAME | {"right": ABSENT}))
    assert result.stderr.endswith(f"not loaded, and decided on for when they come: {ABSENT}\n")


@pytest.mark.parametrize("kind", ["mention", "evidence", "quote", "relation", "entity"])
def test_what_is_wrong_and_not_loaded_is_named_too(news: Path, kind: str) -> None:
    wrong = {"verdict": "wrong", "kind": kind}
    key = key_in(news, f"(SELECT key FROM {kinds.BY_NAME[kind].table} ORDER BY id LIMIT 1)")
    file = file_of(news, wrong | {"left": "made-up-2"}, wrong | {"left": key})
    result = run("decide", news, file)
    assert "2 decisions read, 2 new" in result.stderr
    assert result.stderr.endswith("not loaded, and decided on for when they come: made-up-2\n")
    # What is not shown any more is there all the same.
    assert "not loaded" not in run("decide", news, file_of(news, wrong | {"left": key})).stderr


def test_what_is_taken_back_and_not_there_is_named(news: Path) -> None:
    undo = {"verdict": "undo"}
    file = file_of(
        news,
        SAME | {"batch": "first"},
        undo | {"kind": "batch", "left": "first"},
        undo | {"kind": "batch", "left": "second"},
        undo | {"kind": "decision", "left": "same-22"},
    )
    told = run("decide", news, file).stderr
    assert told.endswith("not in the log, and taken back for when they come: second, same-22\n")


def test_what_comes_with_a_load_is_not_called_absent(news: Path, tmp_path: Path) -> None:
    """Its decisions are in the log before the articles are."""
    articles = tmp_path / "articles.jsonl"
    articles.write_text("".join(f"{json.dumps(each)}\n" for each in ARTICLES))
    wrong = {"verdict": "wrong", "kind": "quote"}
    lines = (SAME, SAME | {"right": ABSENT}, wrong | {"left": key_in(news, "quotes")})
    result = run("load", tmp_path / "new.db", articles, "--decisions", file_of(news, *lines))
    assert f"not loaded, and decided on for when they come: {ABSENT}\n" in result.stderr


def test_a_line_that_stands_twice_in_a_file_is_one_decision(news: Path) -> None:
    other = SAME | {"verdict": "different"}
    result = run("decide", news, file_of(news, SAME, SAME, other, other, SAME))
    assert "5 decisions read, 3 new" in result.stderr
    assert [each for (each,) in told(news, "verdict")] == ["same", "different", "same"]


def test_lines_of_nomenklatura_that_decide_nothing_are_counted(news: Path) -> None:
    file = news.with_name("resolver.ijson")
    rows = [[UNION, LONG, "positive", None, "ana", None], [UNION, SHORT, "no_judgement", 1, "", AT]]
    file.write_text("\n".join(map(json.dumps, rows)))
    result = run("decide", news, file)
    assert "1 decision read, 1 new, and 1 line without a judgement left out;" in result.stderr
    exported = run("decisions", news, "--format", "nomenklatura").stdout
    assert [json.loads(line)[2] for line in exported.splitlines()] == ["positive"]


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ({"verdict": "merge"}, "'merge' is no verdict"),
        ({"at": "9999-01-01T00:00:00.000000Z"}, "which is in the future"),
        ({"right": ""}, "same needs right"),
    ],
)
def test_nothing_of_a_bad_file_is_taken(
    news: Path, decision: dict[str, object], words: str
) -> None:
    file = file_of(news, SAME, SAME | decision)
    for result in (run("decide", news, file), run("load", news, file, "--decisions", file)):
        assert result.exit_code == 1
        assert f"{file}: line 2: " in error_of(result)
        assert words in error_of(result)
    assert log(news) == []


@pytest.mark.parametrize("format_name", [*NAMES, None])
def test_a_file_that_is_not_there(news: Path, format_name: str | None) -> None:
    options = [] if format_name is None else ["--format", format_name]
    result = run("decide", news, news.with_name("none"), *options)
    assert result.exit_code == 1
    assert "No such file or directory" in error_of(result)


def test_two_who_decide_at_once_both_decide(news: Path) -> None:
    def merge(number: int) -> int:
        return len(datasette_newsgraph.decide(news, [Decision("same", UNION, f"other-{number}")]))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(merge, range(8))) == [1] * 8
    assert len({*told(news, "at")}) == len({*told(news, "batch")}) == 8


# decisions --------------------------------------------------------------------------------------


def test_decisions_are_lines_with_names_beside_keys(news: Path) -> None:
    assert run("decisions", news).output == ""
    run("merge", news, UNION, LONG, "--why", "same")
    run("merge", news, UNION, PERSON, "--not")
    first, second = log(news)
    assert {"verdict", "left", "right", "by", "at", "why", "batch"} <= first.keys()
    assert (first["verdict"], first["why"], second["verdict"]) == ("same", "same", "different")
    assert "Georgia" in (second["left_name"], second["right_name"])
    (header, *rows) = csv.reader(run("decisions", news, "--format", "csv").stdout.splitlines())
    assert header == list(first)
    assert [row[0] for row in rows] == ["same", "different"]


def test_a_thing_is_called_as_it_was_before_it_was_renamed(news: Path) -> None:
    run("split", news, PERSON, "--article", "a1", "--as", "Georgia Hale")
    split_off = log(news)[0]["right"]
    run("merge", news, UNION, LONG, "--keep", LONG)
    for key, name in ((LONG, "The Union"), (PLACE, "Sakartvelo"), (split_off, "G. Hale")):
        run("correct", news, key, "--name", name)
    called = {(each["verdict"], each["value"]): each["left_name"] for each in log(news)}
    assert called == {
        ("split", "Georgia Hale"): "Georgia",
        ("same", ""): called["same", ""],
        ("name", "The Union"): "European Union",
        ("name", "Sakartvelo"): "Georgia",
        ("name", "G. Hale"): "Georgia Hale",
    }
    (merged,) = [each for each in log(news) if each["verdict"] == "same"]
    assert {merged["left_name"], merged["right_name"]} == {"EU", "European Union"}


def test_decisions_in_force(news: Path) -> None:
    run("merge", news, UNION, LONG)
    run("merge", news, UNION, PERSON, "--not")
    run("undo", news, log(news)[0]["batch"])
    assert [each["verdict"] for each in log(news, "--in-force")] == ["different"]
    assert [each["verdict"] for each in log(news)] == ["same", "different", "undo"]


def test_a_format_that_has_pairs_only_says_what_it_leaves_out(news: Path) -> None:
    run("correct", news, UNION, "--name", "EU")
    result = run("decisions", news, "--format", "nomenklatura")
    assert result.stdout == ""
    assert result.stderr == "1 decision left out, as nomenklatura has pairs only\n"
    assert run("decisions", news, "--format", "nomenklatura", "-q").output == ""


@pytest.mark.parametrize(
    "change",
    [
        "articles = 'x'",
        "articles = '[1]'",
        "left_key = NULL",
        "keep = 'other-key'",
        "why = x'ff'",
        "decided_at = NULL",
        "verdict = 'x'",
    ],
)
def test_a_log_that_somebody_else_has_changed(news: Path, change: str) -> None:
    run("merge", news, UNION, LONG)
    with closing(sqlite3.connect(news)) as connection, connection:
        connection.execute(f"UPDATE decisions SET {change}")
    for options in ([], ["--conflicts"], ["--format", "csv"], ["--format", "nomenklatura"]):
        result = run("decisions", news, *options)
        if result.exit_code:
            assert "newsgraph check" in error_of(result)


# undo -------------------------------------------------------------------------------------------


def test_undo_a_batch_and_undo_that(news: Path) -> None:
    run("merge", news, UNION, LONG, SHORT)
    batch = log(news)[0]["batch"]
    result = run("undo", news, batch, "--why", "no", "--by", "ana")
    again = log(news)[-1]["batch"]
    assert result.stderr == (f"2 decisions taken back; newsgraph undo {news} {again} undoes that\n")
    assert told(news, "verdict", "kind", "left", "by", "why")[-1] == (
        *("undo", "batch", batch),
        *("ana", "no"),
    )
    assert run("undo", news, again).stderr.startswith("2 decisions in force again; ")
    assert len(log(news, "--in-force")) == 2


def test_undo_one_decision_of_a_batch(news: Path) -> None:
    run("merge", news, UNION, LONG, SHORT)
    first, second = log(news)
    assert run("undo", news, first["key"]).exit_code == 0
    assert [each["key"] for each in log(news, "--in-force")] == [second["key"]]


def test_what_cannot_be_undone(news: Path) -> None:
    result = run("undo", news, "none")
    assert result.exit_code == 1
    assert error_of(result) == (
        "there is no batch and no decision 'none'; newsgraph decisions lists them"
    )
    run("merge", news, UNION, LONG)
    batch = log(news)[0]["batch"]
    run("undo", news, batch)
    result = run("undo", news, batch)
    assert result.exit_code == 2
    assert f"nothing of {batch} holds that could be taken back" in error_of(result)
    assert len(log(news)) == 2


# load and Python --------------------------------------------------------------------------------


def test_decisions_come_with_a_load(tmp_path: Path) -> None:
    news, articles = tmp_path / "news.db", tmp_path / "articles.jsonl"
    articles.write_text("".join(f"{json.dumps(each)}\n" for each in ARTICLES))
    file = file_of(news, SAME)
    result = run("load", news, articles, "--decisions", file)
    assert result.exit_code == 0
    assert "\n1 decision read, 1 new; newsgraph undo " in result.stderr
    assert told(news, "verdict") == [("same",)]
    assert run("export", news, "--entity", LONG, "-f", "ntriples").stdout.count(f"/{UNION}>")
    assert run("check", news).exit_code == 0
    result = run("load", news, articles, "--decisions", file)
    assert "\n1 decision read, 0 new\n" in result.stderr
    result = run("load", tmp_path / "x.shard", articles, "--shard", "--decisions", file)
    assert result.exit_code == 2
    assert "give the file to newsgraph decide when the shard is combined" in error_of(result)
    result = run("load", news, "-", "--decisions", "-")
    assert result.exit_code == 2
    assert "standard input cannot be read for --decisions and for FILES" in error_of(result)


def test_decide_and_undo_in_python(news: Path) -> None:
    (made,) = datasette_newsgraph.decide(
        news, [SAME | {"right": "http://www.wikidata.org/entity/Q458", "by": "ana"}]
    )
    assert made.batch
    assert datasette_newsgraph.decide(news, [made]) == []
    undone = datasette_newsgraph.undo(news, made.batch, why="no")
    assert (undone.verdict, undone.left, undone.why) == ("undo", made.batch, "no")
    with pytest.raises(UnknownKey):
        datasette_newsgraph.undo(news, "none")
    with pytest.raises(DecisionError, match="'merge' is no verdict"):
        datasette_newsgraph.decide(news, [SAME | {"verdict": "merge"}])
    with pytest.raises(UsageError, match="as a list, not as one dict"):
        datasette_newsgraph.decide(news, SAME)  # type: ignore[arg-type]
