"""What a language model answers is loaded: checked against the text, counted, asked for once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from datasette_newsgraph.cli import cli
from tests.extraction.models import Model, Registering, Says, answer, register

__all__ = ["register"]

TEXT = "Laurent Fabius opened the talks in Paris. They end in December.\n"
FABIUS = {"name": "Laurent Fabius", "type": "Person"}
PARIS = {"name": "Paris", "type": "Place"}
OPENED = {
    "subject": "Laurent Fabius",
    "predicate": "was in",
    "object": "Paris",
    "sentence": "Laurent Fabius opened the talks in Paris.",
}
INVENTED = OPENED | {"predicate": "was arrested in", "sentence": "Police took him away at night."}


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    return path


def load(db_path: Path, article: Path, *more: str) -> Result:
    given = ["load", str(db_path), str(article), "--extract", "--extractor", "llm"]
    return CliRunner().invoke(cli, [*given, "--model", "parrot", *more])


def registered(register: Registering, *says: Says) -> Model:
    model = Model(*says)
    register(model)
    return model


def test_a_model_extracts_on_the_way_in(
    register: Registering, article: Path, db_path: Path
) -> None:
    said = answer([FABIUS, PARIS, {"name": "Berlin", "type": "Place"}], [OPENED, INVENTED])
    registered(register, said)
    result = load(db_path, article)
    assert result.exit_code == 0, result.output
    assert "not used: names that the article does not have 1" in result.output
    assert rows(db_path, "SELECT name FROM entities ORDER BY name") == [
        ("Laurent Fabius",),
        ("Paris",),
    ]
    assert rows(db_path, "SELECT tool, model FROM extractions") == [("llm", "parrot")]
    statuses = (
        "SELECT r.predicate, e.offset_status FROM relations r"
        " JOIN evidence e ON e.relation_id = r.id"
    )
    assert dict(rows(db_path, statuses)) == {"was in": "exact", "was arrested in": "unlocated"}


def test_a_statement_whose_sentence_is_not_there_is_not_asserted(
    register: Registering, article: Path, db_path: Path
) -> None:
    registered(register, answer([FABIUS, PARIS], [OPENED, INVENTED]))
    assert load(db_path, article).exit_code == 0
    command = ["export", str(db_path), "--format", "ntriples"]
    result = CliRunner().invoke(cli, command)
    assert result.exit_code == 0, result.output
    stated = [
        line for line in result.output.splitlines() if line.split()[1].endswith("/ns#was-in>")
    ]
    assert len(stated) == 1
    assert not [
        line
        for line in result.output.splitlines()
        if line.split()[1].endswith("/ns#was-arrested-in>")
    ]


def test_an_article_is_asked_about_once(
    register: Registering, article: Path, db_path: Path
) -> None:
    model = registered(register, answer([FABIUS]))
    for _ in range(2):
        assert load(db_path, article).exit_code == 0
    assert len(model.prompts) == 1
    assert load(db_path, article, "--min-confidence", "0.5").exit_code == 0
    assert len(model.prompts) == 2


def test_an_article_without_an_answer_is_a_row_of_rejects(
    register: Registering, article: Path, db_path: Path
) -> None:
    registered(register, "I cannot do that.")
    assert "1 rejected" in load(db_path, article).output
    ((why,),) = rows(db_path, "SELECT reason FROM rejects")
    assert why == "the model parrot gave no answer that can be read: no JSON object in it"


def test_a_model_that_is_not_there_is_one_line(
    register: Registering, article: Path, db_path: Path
) -> None:
    result = load(db_path, article)
    assert result.exit_code == 2
    (line,) = [each for each in result.output.splitlines() if each.startswith("Error")]
    assert "llm has no model 'parrot' that can be asked" in line
    assert not db_path.exists()


def test_an_article_that_a_model_failed_at_is_tried_again(
    register: Registering, article: Path, db_path: Path
) -> None:
    registered(register, "no", "no", answer([FABIUS]))
    assert "1 rejected" in load(db_path, article).output
    assert "1 new" in load(db_path, article).output
    assert rows(db_path, "SELECT count(*) FROM rejects") == [(0,)]
