"""What a check finds, ``newsgraph repair`` puts right as far as it follows from the rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from datasette_newsgraph import load
from datasette_newsgraph.cli import cli
from datasette_newsgraph.rdf import format_named
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.schema import TABLES

TEXT = "Ana Lee lives in Rome. “Yes”, Ana said. She knows Боб. Photo: Ana."
LONG = "\n".join(f"Line {number} of many about Ana." for number in range(900))
RECORDS = [
    {
        "id": "a",
        "publisher": "The Paper",
        "sections": ["News"],
        "published": "2021-07-18",
        "language": "en",
        "text": TEXT,
        "zones": [{"zone": "caption", "start": 54, "end": 65}],
        "entities": [
            {"id": "1", "type": "Person", "name": "Ana", "aliases": ["Ana Lee"],
             "mentions": [{"start": 0, "end": 3}, {"start": 61, "end": 64}]},
            {"id": "2", "type": "Place", "name": "Rome", "aliases": ["北京"],
             "mentions": [{"start": 17, "end": 21}]},
            {"id": "3", "type": "Person", "name": "Боб", "mentions": [{"start": 50, "end": 53}]},
        ],
        "relations": [
            {"subject": "1", "predicate": "lives in", "object": "2",
             "evidence": [{"start": 0, "end": 21}]},
        ],
        "quotes": [{"speaker": "1", "start": 24, "end": 27, "text": "Yes"}],
        "extractor": {"name": "tool"},
    },
    {
        "id": "b",
        "title": "Many lines",
        "text": LONG,
        "entities": [{"id": "1", "type": "Person", "name": "Ana",
                      "mentions": [{"start": 21, "end": 24}]}],
    },
]  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "news.db"
    load(path, RECORDS)
    return path


@pytest.fixture
def damaged(whole: Path, tmp_path: Path) -> Callable[[str], Path]:
    """``damaged("DELETE …")``: the news graph in which that was done."""

    def change(statements: str) -> Path:
        path = tmp_path / "news.db"
        path.write_bytes(whole.read_bytes())
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(statements)
        return path

    return change


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(cli, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def contents(path: Path) -> dict[str, Any]:
    """All that a database holds: its tables, what is found in it, and its export."""
    with open_store(path) as db:
        tables = {
            name: sorted(
                map(repr, db.conn.execute(f"SELECT {', '.join(table.columns)} FROM {name}"))
            )
            for name, table in TABLES.items()
        }
        found = [
            db.conn.execute(f"SELECT rowid FROM {name} WHERE {name} MATCH 'ana OR yes'").fetchall()
            for name in ("article_texts_fts", "entities_fts", "quotes_fts")
        ]
        views = db.conn.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY name"
        ).fetchall()
        return {**tables, "found": found, "views": views, "rdf": _rdf(db)}


def _rdf(db: Any) -> bytes:
    return b"".join(stream(db, format_named("ntriples"), with_text=True))


#: What is done to the graph, and the beginning of what a check says of it.
DAMAGE = [
    ("DROP INDEX idx_mentions_key; DROP INDEX idx_articles_month", "indexes: mentions has none on key"),
    ("DROP INDEX idx_mentions_key; CREATE INDEX idx_mentions_key ON mentions (id)",
     "indexes: mentions has none on key"),
    ("DROP INDEX idx_evidence_best", "indexes: evidence has none on relation_id, confidence"),
    ("DROP VIEW mention_index", "views: mention_index is missing"),
    ("DROP VIEW searched_quotes", "views: searched_quotes is missing"),
    ("DROP VIEW quote_index; CREATE VIEW quote_index AS SELECT 1", "views: the database has a view"),
    ("DROP VIEW searched_names; CREATE VIEW searched_names AS SELECT 1", "views: the database has"),
    ("DROP TABLE quotes_fts; CREATE VIRTUAL TABLE quotes_fts USING fts5 (surface, content=quotes)",
     "tables: the database has a table 'quotes_fts'"),
    ("DROP TABLE facet_rows; DROP TABLE folded_names; DROP TABLE text_parts", "tables: "),
    ("INSERT INTO entities_fts (entities_fts) VALUES ('delete-all')",
     "search: entities_fts lacks 3 rows"),
    ("INSERT INTO article_texts_fts (article_texts_fts) VALUES ('delete-all')",
     "search: article_texts_fts lacks 2 rows"),
    ("INSERT INTO quotes_fts (rowid, surface) VALUES (99, 'more')",
     "search: quotes_fts has too many 1 row"),
    ("DELETE FROM article_texts_fts_data WHERE id > 10", "search: article_texts_fts"),
    *(
        (f"DROP TABLE {table}_fts_{shadow}", f"search: {table}_fts_{shadow} is missing")
        for table in ("article_texts", "quotes")
        for shadow in ("data", "idx", "docsize", "config")
    ),
    ("DELETE FROM entities_fts_config; DROP TABLE quotes_fts", "search: quotes_fts is missing"),
    ("DROP VIEW mention_index; CREATE VIEW Mention_Index AS SELECT 1", "views: the database has"),
    ("UPDATE article_texts SET length = 5 WHERE article_id = 1", "texts: the length of article 1"),
    (f"UPDATE article_texts SET sha256 = '{'0' * 64}'", "texts: the sha256 of article 1"),
    ("UPDATE article_texts SET first_line = 'x'", "texts: the first_line of article 1"),
    ("DELETE FROM text_parts", "texts: the text_parts of article 2"),
    ("UPDATE evidence SET sentence_end = 3", "sentences: row 1 of evidence"),
    ("UPDATE appearances SET mentions = 7", "counts: 4 rows of appearances differ"),
    ("UPDATE appearances SET main_mentions = 7 WHERE id = 1", "counts: 1 row of appearances differs"),
    ("UPDATE appearances SET mentions_by_zone = '{}' WHERE id = 1", "counts: 1 row of appearances"),
    ("UPDATE entities SET name = 'Eve', alias_text = NULL", "names: the name of entity 1"),
    ("UPDATE entities SET type = NULL", "values: the type of row 1 of entities"),
    ("UPDATE entities SET basis = 'article' WHERE id = 2", "keys: the basis of entity 2"),
    ("UPDATE entities SET basis = NULL WHERE id = 2", "values: the basis of row 2 of entities"),
    ("UPDATE entities SET basis = 'guess' WHERE id = 2", "values: the basis of row 2 of entities"),
    ("UPDATE entity_counts SET mentions = 'many'", "values: the mentions of row 1 of entity_counts"),
    ("DELETE FROM relation_counts; INSERT INTO entity_counts (entity_id) VALUES (99)",
     "foreign keys: row 99 of entity_counts"),
    ("INSERT INTO entities (key, type, name) VALUES ('x-1', 'Place', 'Nowhere')", "orphans: 1 entity"),
    ("DELETE FROM facet_counts", "counts: "),
    ("UPDATE facet_rows SET rows = x'00'", "values: the rows of a row of facet_rows"),
    ("UPDATE folded_names SET alias_text = 'x'", "search: 1 row of folded_names"),
    ("INSERT INTO candidates VALUES (1, 'a', 'b', 7, '', '[]', '[]', 0)",
     "values: the score of row 1 of candidates"),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "found"), DAMAGE)
def test_what_follows_from_the_rest_is_put_right(
    damaged: Callable[[str], Path], whole: Path, statements: str, found: str
) -> None:
    path = damaged(statements)
    said = run("check", path)
    assert said.exit_code == 1
    assert any(line.startswith(found) for line in said.output.splitlines()), said.output
    said = run("repair", path)
    assert (said.exit_code, said.stderr) == (0, "All is well.\n"), said.output
    assert any(line.startswith(f"put right: {found}") for line in said.stdout.splitlines())
    assert run("check", path).exit_code == 0
    assert contents(path) == contents(whole)


#: What only the records of the articles can give again.
LOST = [
    ("UPDATE zones SET start_char = 64, end_char = 60", "zones: row 1 of zones is not a span"),
    ("UPDATE zones SET end_char = 6000", "zones: row 1 of zones is not a span"),
    ("UPDATE mentions SET confidence = 9 WHERE id = 1", "values: the confidence of row 1"),
    ("UPDATE mentions SET start_char = 5 WHERE id = 1", "spans: row 1 of mentions"),
    ("DELETE FROM article_texts WHERE article_id = 1", "spans: row 1 of mentions is unverified, and"),
    ("UPDATE articles SET authors = 'not json' WHERE id = 1", "values: the authors of row 1"),
    ("UPDATE articles SET published = 'May' WHERE id = 1", "dates: the published of row 1"),
    ("UPDATE entities SET key = 'a >'  WHERE id = 2", "values: the key of row 2 of entities"),
    ("DELETE FROM appearances WHERE id = 2", "orphans: 1 mention whose entity does not appear"),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "found"), LOST)
def test_what_cannot_be_put_right_is_told_with_what_to_do(
    damaged: Callable[[str], Path], whole: Path, statements: str, found: str
) -> None:
    path = damaged(statements)
    assert run("check", path).exit_code == 1
    said = run("repair", path)
    assert said.exit_code == 1
    left = [line for line in said.stdout.splitlines() if line.startswith(f"left: {found}")]
    assert left != [], said.output
    assert left[0].endswith("take the article out (newsgraph remove), then load its file again")
    # And that does it.
    assert run("remove", path, "--article", "a").exit_code == 0
    assert load(path, RECORDS).new == 1
    again = run("repair", path)
    assert (again.exit_code, again.stdout) == (0, ""), again.output
    with open_store(path) as db, open_store(whole) as other:
        assert _rdf(db) == _rdf(other)


def test_what_follows_from_an_error_that_is_left_is_told_apart(
    damaged: Callable[[str], Path],
) -> None:
    path = damaged("UPDATE articles SET published = x'ff' WHERE id = 1")
    follows = "; it follows from other errors: when these are gone, repair again"
    lines = run("repair", path).stdout.splitlines()
    assert [each.endswith(follows) for each in lines if each.startswith("left: ")] == [
        "_counts " in each for each in lines if each.startswith("left: ")
    ]
    assert follows in "".join(lines)
    assert run("remove", path, "--article", "a").exit_code == 0
    assert run("repair", path).exit_code == 0


def test_many_errors_of_a_kind_are_counted(damaged: Callable[[str], Path]) -> None:
    path = damaged(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
        " INSERT INTO zones (article_id, zone, start_char, end_char)"
        " SELECT 1, 'body', 0, 1000 + i FROM n; DROP VIEW quote_index"
    )
    line = "zones: row 2 of zones is not a span of the text of article 1"
    rest = "zones: 28 further errors of this kind"
    said = run("check", path)
    lines = [each for each in said.stdout.splitlines() if each.startswith("zones: ")]
    assert (lines[0], lines[-1], len(lines)) == (line, rest, 13)
    assert said.stderr == f"newsgraph repair {path} puts right what follows from the rest.\n"
    assert run("check", "-q", path).stderr == ""
    lines = run("repair", path).stdout.splitlines()
    assert (lines[0], lines[-1], len(lines)) == (
        "put right: views: quote_index is missing",
        f"left: {rest}",
        14,
    )


@pytest.mark.parametrize(
    ("statements", "left"),
    [
        ("UPDATE aliases SET alias = x'ff'", "values: the alias of row 1 of aliases"),
        ("UPDATE mentions SET confidence = 9", "values: the confidence of row 1 of mentions"),
        ("DROP INDEX idx_mentions_key; UPDATE mentions SET key = 'a'",
         "keys: several rows of mentions have the same key, 1 time"),
        ("UPDATE articles SET given_id = 'z' WHERE id = 1", "keys: the key of row 1 of articles"),
        ("UPDATE entities SET key = 'rome-aaaaaaaaaaaaa' WHERE id = 2",
         "keys: the key of row 2 of entities"),
        ("UPDATE extractions SET model = 'z'", "keys: the key of row 1 of extractions"),
        ("UPDATE relations SET predicate = 'z'", "keys: the key of row 1 of relations"),
        ("UPDATE mentions SET given_end = 9 WHERE id = 3", "keys: the key of row 3 of mentions"),
    ],
)  # fmt: skip
def test_what_is_left_keeps_nothing_else_from_being_put_right(
    damaged: Callable[[str], Path], statements: str, left: str
) -> None:
    path = damaged(f"{statements}; UPDATE appearances SET mentions_by_zone = '{{}}'")
    said = run("repair", path)
    assert (said.exit_code, said.stderr) == (1, "")
    lines = said.stdout.splitlines()
    assert [line for line in lines if line.startswith(f"left: {left}")] != [], lines
    assert lines[0].startswith("put right: counts: 4 rows of appearances")


def test_rows_of_no_article_can_go(damaged: Callable[[str], Path]) -> None:
    path = damaged("UPDATE mentions SET article_id = NULL WHERE id = 1")
    assert run("repair", path).exit_code == 0
    assert run("check", path).exit_code == 0


def test_references_of_a_users_tables_are_his(damaged: Callable[[str], Path]) -> None:
    path = damaged(
        "CREATE TABLE mine (a REFERENCES articles (id), b REFERENCES none (id));"
        "INSERT INTO mine VALUES (99, 99); CREATE TABLE other (id, a REFERENCES mine (a))"
    )
    assert run("check", path).exit_code == 0


def test_a_users_index_may_need_what_only_he_has(damaged: Callable[[str], Path]) -> None:
    path = damaged("DROP VIEW quote_index")
    with closing(sqlite3.connect(path)) as connection:
        connection.create_function("his", 1, abs, deterministic=True)
        connection.create_collation("his", lambda one, other: (one > other) - (one < other))
        connection.executescript(
            "CREATE TABLE mine (a, b COLLATE his); INSERT INTO mine VALUES (1, 'b'), (2, 'a');"
            "CREATE INDEX one ON mine (his(a)); CREATE INDEX other ON mine (b);"
        )
    assert run("check", path).stdout == "views: quote_index is missing\n"
    assert run("repair", path).exit_code == 0
    assert run("check", path).exit_code == 0


def test_a_repair_takes_nothing_of_the_users(damaged: Callable[[str], Path]) -> None:
    """A full-text table of his that has texts in it, and a trigger on a view, stay."""
    path = damaged(
        "DROP TABLE quotes_fts; CREATE VIRTUAL TABLE quotes_fts USING fts5 (mine);"
        "INSERT INTO quotes_fts VALUES ('kept'); DROP VIEW quote_index;"
        "CREATE VIEW quote_index AS SELECT 1 AS a;"
        "CREATE TRIGGER mine INSTEAD OF INSERT ON quote_index BEGIN SELECT 1; END"
    )
    assert run("repair", path).exit_code == 1
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT mine FROM quotes_fts").fetchall() == [("kept",)]
        triggers = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        assert connection.execute(triggers).fetchall() == [("mine", "quote_index")]
        assert connection.execute("SELECT count(*) FROM quote_index").fetchone() == (1,)


def test_what_an_article_gave_that_is_not_there_goes(damaged: Callable[[str], Path]) -> None:
    path = damaged("DELETE FROM articles WHERE given_id = 'a'")
    assert run("repair", path).exit_code == 0
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM entities").fetchall()
    assert names == [("Ana",)]
    assert load(path, RECORDS).new == 1
    assert run("check", path).exit_code == 0


def test_what_is_right_is_left_as_it_is(whole: Path) -> None:
    before = whole.read_bytes()
    said = run("repair", whole)
    assert (said.exit_code, said.stdout, said.stderr) == (0, "", "All is well.\n")
    assert run("repair", "-q", whole).output == ""
    assert whole.read_bytes() == before


def test_an_interrupted_load_is_for_a_load_to_complete(damaged: Callable[[str], Path]) -> None:
    path = damaged(
        "INSERT INTO unsettled (kind, row_id) VALUES ('entity', 1); DROP VIEW quote_index"
    )
    said = run("repair", path)
    assert said.exit_code == 1
    assert said.stdout.splitlines() == [
        "put right: views: quote_index is missing",
        "left: a load was interrupted; run the same command again to complete it",
    ]


def test_a_file_that_sqlite_cannot_read_is_no_work_for_a_repair(
    damaged: Callable[[str], Path],
) -> None:
    path = damaged("SELECT 1")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 3])
    said = run("repair", path)
    assert said.exit_code == 1
    assert said.output.count("\n") == 1
    assert "restore it from a copy" in said.output


@pytest.mark.parametrize(
    "statements",
    ["UPDATE articles SET authors = '{'", "DROP VIEW quote_index", "UPDATE zones SET zone = 'x'"],
)
def test_an_export_that_looks_first(damaged: Callable[[str], Path], statements: str) -> None:
    path = damaged(statements)
    out = path.with_name("graph.nt")
    said = run("export", "--check", path, "-o", out)
    assert (said.exit_code, said.output.count("\n"), out.exists()) == (1, 1, False)
    assert run("check", "--quick", path).exit_code == 1


def test_an_export_that_looks_first_at_what_is_right(whole: Path, tmp_path: Path) -> None:
    assert run("export", "-q", "--check", whole, "-o", tmp_path / "one.nt").exit_code == 0
    assert run("export", "-q", whole, "-o", tmp_path / "two.nt").exit_code == 0
    assert (tmp_path / "one.nt").read_bytes() == (tmp_path / "two.nt").read_bytes()
