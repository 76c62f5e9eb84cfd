"""``newsgraph sparql``: a question in, an answer out."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from click.testing import CliRunner, Result

from datasette_newsgraph import terminal
from datasette_newsgraph.cli import cli
from datasette_newsgraph.sparql.prologue import as_given, declarations
from tests.cli.running import error_of

Run = Callable[..., Result]

NAMES = "SELECT ?name { ?thing a schema:Person ; schema:name ?name } ORDER BY ?name"
ALL = "CONSTRUCT WHERE { ?thing schema:name ?name }"
CROSS = (
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
    " FILTER(STR(?a) = CONCAT(STR(?d), STR(?g))) }"
)


def names_in(printed: str) -> list[str]:
    return [each["name"]["value"] for each in json.loads(printed)["results"]["bindings"]]


def test_an_answer_is_json_where_no_terminal_is(run: Run, loaded: Path) -> None:
    result = run("sparql", loaded, "-q", NAMES)
    assert result.exit_code == 0, result.output
    names = names_in(result.stdout)
    assert names
    assert names == sorted(names)


def test_a_question_may_be_in_a_file_or_in_standard_input(
    run: Run, loaded: Path, tmp_path: Path
) -> None:
    expected = run("sparql", loaded, "-q", NAMES).stdout
    file = tmp_path / "question.rq"
    file.write_bytes(b"\xef\xbb\xbf# All people\n" + NAMES.encode())
    assert run("sparql", loaded, file).stdout == expected
    piped = CliRunner().invoke(cli, ["sparql", str(loaded), "-"], input=NAMES)
    assert piped.stdout == expected


@pytest.mark.parametrize("arguments", [(), ("question.rq", "-q", "ASK {}")])
def test_a_question_is_given_once(run: Run, loaded: Path, arguments: tuple[str, ...]) -> None:
    result = run("sparql", loaded, *arguments)
    assert result.exit_code == 2
    assert error_of(result) == "Give a question: either FILE, or -q QUERY."


def test_the_ending_of_a_file_tells_the_format(run: Run, loaded: Path, tmp_path: Path) -> None:
    expected = names_in(run("sparql", loaded, "-q", NAMES).stdout)
    output = tmp_path / "answer.csv"
    assert run("sparql", loaded, "-q", NAMES, "-o", output).exit_code == 0
    rows = list(csv.DictReader(io.StringIO(output.read_bytes().decode(), newline="")))
    assert [each["name"] for each in rows] == expected
    output = tmp_path / "answer.json"
    assert run("sparql", loaded, "-q", NAMES, "-o", output).exit_code == 0
    assert names_in(output.read_text("utf-8")) == expected
    result = run("sparql", loaded, "-q", NAMES, "-o", tmp_path / "answer")
    assert "its ending is none of .srj, .srx, .csv, .tsv" in error_of(result)


def test_triples_are_turtle_unless_another_syntax_is_chosen(run: Run, loaded: Path) -> None:
    turtle = rdflib.Graph().parse(data=run("sparql", loaded, "-q", ALL).stdout, format="turtle")
    lines = run("sparql", loaded, "-q", ALL, "-f", "ntriples").stdout
    assert set(turtle) == set(rdflib.Graph().parse(data=lines, format="nt"))
    assert len(turtle) > 1


def test_a_format_that_cannot_hold_the_answer_is_refused(run: Run, loaded: Path) -> None:
    for question, format_, told in (
        (NAMES, "turtle", "Turtle cannot hold the rows of SELECT; choose json, xml, csv, tsv or"),
        ("ASK {}", "rdfxml", "RDF/XML cannot hold the answer of ASK; choose json"),
        (ALL, "csv", "CSV cannot hold triples; choose turtle, jsonld"),
        (NAMES, "yaml", "there is no format 'yaml'; choose json"),
    ):
        result = run("sparql", loaded, "-q", question, "-f", format_)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert error_of(result).startswith(told)


def test_an_error_names_the_file_and_the_place_in_it(
    run: Run, loaded: Path, tmp_path: Path
) -> None:
    file = tmp_path / "question.rq"
    file.write_text("SELECT ?x\n{ ?x nope ?y }")
    result = run("sparql", loaded, file)
    assert result.exit_code == 2
    assert error_of(result).startswith(f"{file}: Expected ")
    assert "(line:2, " in error_of(result)
    in_line = error_of(run("sparql", loaded, "-q", "SELECT ?x { ?x nope ?y }"))
    # Before the question stand declarations that nobody typed.
    assert int(in_line.partition("(line:1, col:")[2].partition(")")[0]) < 30


def test_places_in_later_lines_stay() -> None:
    declared = declarations("https://example.org/")
    assert "\n" not in declared
    moved = f"(at char {len(declared) + 12}), (line:2, col:3)"
    assert as_given(moved, declared) == "(at char 12), (line:2, col:3)"


def test_a_prefix_that_a_question_declares_counts(run: Run, loaded: Path) -> None:
    question = "PREFIX schema: <urn:other:> SELECT (STR(schema:name) AS ?name) {}"
    assert names_in(run("sparql", loaded, "-q", question).stdout) == ["urn:other:name"]


def test_what_cannot_be_read_is_named(run: Run, loaded: Path, tmp_path: Path) -> None:
    absent, binary = tmp_path / "absent.rq", tmp_path / "binary.rq"
    binary.write_bytes(b"ASK { \xff }")
    assert error_of(run("sparql", loaded, absent)) == f"{absent}: No such file or directory"
    assert error_of(run("sparql", loaded, binary)).startswith(f"{binary}: a question is text in")
    assert "there is no such database" in error_of(run("sparql", absent, "-q", "ASK {}"))


def test_neither_the_database_nor_the_question_is_written_over(
    run: Run, loaded: Path, tmp_path: Path
) -> None:
    file = tmp_path / "question.rq"
    file.write_text(NAMES)
    before = loaded.read_bytes()
    for output, told in ((loaded, "in the database's place"), (file, "is the question")):
        result = run("sparql", loaded, file, "-o", output, "-f", "csv")
        assert told in error_of(result)
    assert (file.read_text(), loaded.read_bytes()) == (NAMES, before)


def test_an_answer_of_too_many_rows_is_not_begun(run: Run, loaded: Path, tmp_path: Path) -> None:
    output = tmp_path / "answer.csv"
    for more in ((), ("-o", output)):
        result = run("sparql", loaded, "-q", "SELECT * { ?a ?b ?c }", "--max-rows", 3, *more)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert error_of(result).startswith("the answer has more than 3 rows")
    assert not output.exists()
    few = run("sparql", loaded, "-q", "SELECT * { ?a ?b ?c } LIMIT 3", "--max-rows", 3)
    assert len(json.loads(few.stdout)["results"]["bindings"]) == 3


# What the alarm raises in a function that SQLite calls ends the query, and is then reported as lost.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "question",
    [
        CROSS,
        'SELECT (REGEX(CONCAT(?n, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), "(a+)+$b") AS ?x)'
        " { ?a schema:name ?n }",
    ],
)
def test_a_question_that_takes_too_long_is_given_up(run: Run, loaded: Path, question: str) -> None:
    began = time.monotonic()
    result = run("sparql", loaded, "-q", question, "--time-limit", 0.5)
    assert error_of(result).startswith("the question took longer than 0.5 s")
    assert result.stdout == ""
    assert time.monotonic() - began < 20


def test_rdflib_prints_no_orders_for_the_terminal(run: Run, loaded: Path) -> None:
    result = run("sparql", loaded, "-q", r'SELECT (IRI("a b\u001b]0;x") AS ?x) {}')
    assert result.exit_code == 0
    assert "\x1b" not in result.output


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


def test_lines_of_csv_end_as_lines_on_a_terminal() -> None:
    out = Terminal()
    terminal.write_to(out, [b"a\r\nb\rc\r\n"])
    assert out.getvalue() == b"a\r\nb\\u000dc\r\n"


@pytest.mark.parametrize(
    ("number", "told"), [(signal.SIGINT, "Interrupted.\n"), (signal.SIGTERM, "")]
)
def test_a_question_ends_by_a_signal(loaded: Path, number: int, told: str) -> None:
    """Also while SQLite calls functions of ours, which is all that this question does."""
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from datasette_newsgraph.cli import cli;"
        "sys.exit(cli(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "sparql", str(loaded), "-q", CROSS]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        time.sleep(3)
        running.send_signal(number)
        assert running.communicate(timeout=60)[1] == told
    assert running.returncode == 128 + number
