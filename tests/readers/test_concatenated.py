"""Files put one behind the other (``cat a b``), each with its byte order mark; Excel's ``sep=;``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.loading.summary import LoadSummary
from datasette_newsgraph.readers import delimited
from datasette_newsgraph.readers.delimited import delimiter_of

BOM = "\ufeff"
Write = Callable[..., Path]


@pytest.fixture
def load(tmp_path: Path, db_path: Path) -> Callable[..., tuple[LoadSummary, list[str]]]:
    """``load("a.csv", words)``: the summary, and the names that are there, by the alphabet."""

    def load_words(name: str, words: str, **options: Any) -> tuple[LoadSummary, list[str]]:
        path = tmp_path / name
        path.write_text(words, "utf-8", newline="")
        summary = load_files(db_path, [path], **options)
        with closing(sqlite3.connect(db_path)) as connection:
            rows = connection.execute("SELECT name FROM entities ORDER BY name")
            return summary, [name for (name,) in rows]

    return load_words


# Byte order marks -------------------------------------------------------------------------------


def doccano(number: int, name: str) -> dict[str, Any]:
    return {"id": number, "text": f"{name} left.", "label": [[0, len(name), "PER"]]}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\n\n"])
def test_lines_of_json(load: Any, line_end: str) -> None:
    lines = [json.dumps(doccano(number, name)) for number, name in enumerate(("Ana", "Bo", "Cy"))]
    words = f"{BOM}{lines[0]}{line_end}{BOM}{lines[1]}{line_end}{BOM}{line_end}{BOM}{lines[2]}"
    summary, names = load("a.jsonl", words)
    assert (summary.new, summary.rejects) == (3, 0)
    assert names == ["Ana", "Bo", "Cy"]


def test_objects_on_several_lines(load: Any) -> None:
    objects = [json.dumps(doccano(n, name), indent=1) for n, name in enumerate(("Ana", "Bo"))]
    summary, names = load("a.json", BOM + f"\n{BOM}".join(objects) + f"\n{BOM}")
    assert (summary.new, summary.rejects, names) == (2, 0, ["Ana", "Bo"])


def test_columns(load: Any) -> None:
    one = "-DOCSTART- O\n\nAna B-PER\nleft O\nRome B-LOC\n. O\n\n"
    summary, names = load("a.conll", BOM + one + BOM + one.replace("Ana", "Bo"))
    assert (summary.new, summary.rejects) == (2, 0)
    assert names == ["Ana", "Bo", "Rome"]
    summary, names = load("b.conll", f"{BOM}Cy B-PER\nleft O\nBari B-LOC\n. O\n\n{BOM}Dee B-PER\n")
    assert (summary.rejects, names) == (0, ["Ana", "Bari", "Bo", "Cy", "Dee", "Rome"])


@pytest.mark.parametrize("mark", [BOM, ""])
def test_columns_that_are_named(load: Any, mark: str, query: Any) -> None:
    header = "TOKEN\tNE-COARSE-LIT\n"
    one = f"{mark}{header}# hipe2022:document_id = 1\nAna\tB-pers\nleft\tO\n\n"
    summary, names = load("a.tsv", one + one.replace("= 1", "= 2").replace("Ana", "Bo"))
    assert (summary.new, summary.rejects, names) == (2, 0, ["Ana", "Bo"])
    assert query("SELECT text FROM article_texts ORDER BY 1") == [("Ana left",), ("Bo left",)]


def test_standoff(tmp_path: Path, load: Any) -> None:
    (tmp_path / "a.txt").write_text("Ana met Bo.")
    summary, names = load("a.ann", f"{BOM}T1\tPerson 0 3\tAna\n{BOM}T2\tPerson 8 10\tBo\n")
    assert (summary.rejects, names) == (0, ["Ana", "Bo"])


HEADER = "subject,predicate,object\n"


@pytest.mark.parametrize("mark", [BOM, ""])
def test_tables_with_the_same_header(load: Any, mark: str) -> None:
    words = f"{mark}{HEADER}Ana,met,Bo\n{mark}{HEADER}Bo,met,Cy\n{mark}\nCy,met,Dee\n"
    summary, names = load("a.csv", words)
    assert (summary.rejects, names) == (0, ["Ana", "Bo", "Cy", "Dee"])


def test_a_table_with_other_columns_is_refused_row_by_row(load: Any) -> None:
    other = "object,predicate,subject\nEve,met,Flo\nGus,met,Hal\n"
    summary, names = load("a.csv", f"{HEADER}Ana,met,Bo\n{BOM}{other}{BOM}{HEADER}Bo,met,Cy\n")
    assert names == ["Ana", "Bo", "Cy"]
    assert summary.rejected == 3


def test_a_mark_within_a_cell_is_part_of_it() -> None:
    text = f'a,b\n"one\n{BOM}two",x\n'
    assert [row.cells for row in delimited.rows(text, ",")] == [["a", "b"], [f"one\n{BOM}two", "x"]]


def test_a_sidecar(tmp_path: Path, load: Any) -> None:
    articles = tmp_path / "articles.csv"
    rows = (f"text,title\n{name} left.,About {name}\n" for name in ("Ana", "Bo"))
    articles.write_text(BOM + BOM.join(rows), "utf-8")
    lines = "".join(json.dumps(doccano(n, name)) + "\n" for n, name in enumerate(("Ana", "Bo")))
    summary, _ = load("a.jsonl", lines, articles=articles)
    assert (summary.new, summary.rows_missed, summary.rows_unused) == (2, 0, 0)
    articles.write_text(f"text,title\nAna left.,Ana\n{BOM}title,text\nBo,Bo left.\n", "utf-8")
    with pytest.raises(InputError, match=r"line 3: .*the header of another file"):
        load("a.jsonl", lines, articles=articles)


# sep=; ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "delimiter"),
    [
        ("sep=;", ";"),
        ("SEP=,", ","),
        ('"sep=;"', ";"),
        ("sep=\t", "\t"),
        ("sep=|", "|"),
        ("sep=^ ", "^"),
        (f"{BOM}sep=;\r", ";"),
    ],
)
def test_a_first_line_states_the_delimiter(first: str, delimiter: str) -> None:
    text = f"{first}\na{delimiter}b,c;d\n"
    assert delimiter_of(text) == delimiter
    (row,) = delimited.rows(text, delimiter)
    assert (row.line, row.cells[0]) == (2, "a")


@pytest.mark.parametrize("first", ["sep=", "sep=ab", "sep=a", "sep=;;", "sep;x"])
def test_a_first_line_that_states_none(first: str) -> None:
    assert delimiter_of(f"{first}\n") != "a"
    assert [row.line for row in delimited.rows(f"{first}\nx", ",")] == [1, 2]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", BOM])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_relations_of_excel(load: Any, delimiter: str, mark: str, line_end: str) -> None:
    rows = [["subject", "predicate", "object"], ["Ana, the 1st", "met; left", "Bo"]]
    quoted = (delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    words = line_end.join([f"{mark}sep={delimiter}", *quoted, ""])
    summary, names = load("a.csv", words)
    assert (summary.rejects, names) == (0, ["Ana, the 1st", "Bo"])


def test_a_stated_delimiter_that_is_rarer_than_another(load: Any) -> None:
    words = "sep=;\nsubject;predicate;object;a,b,c,d\nAna;met;Bo;\nCy;met;Dee;\n"
    summary, names = load("a.csv", words)
    assert (summary.rejects, names) == (0, ["Ana", "Bo", "Cy", "Dee"])


def test_a_sidecar_of_excel(tmp_path: Path, load: Any) -> None:
    articles = tmp_path / "articles.csv"
    articles.write_text("sep=;\ntext;title\nAna left.;A, b, c\n", "utf-8")
    summary, _ = load("a.jsonl", json.dumps(doccano(1, "Ana")), articles=articles)
    assert (summary.new, summary.rows_missed) == (1, 0)
