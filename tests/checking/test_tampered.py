"""A database into which somebody else has written: it is refused by name, or its wrong values are told,
on the command line, in exports and on pages.
"""

from __future__ import annotations

import html
import re
import sqlite3
import zlib
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from datasette.app import Datasette

from datasette_newsgraph import load
from datasette_newsgraph.checking.check import check
from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import SchemaMismatch, StoreError
from datasette_newsgraph.rdf import FORMATS, Format, format_named
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.column_values import wrong_iris, wrong_values
from tests.permissions.visitors import private, serving

TEXT = "Ana lives in Rome. “Yes”, she said."
ANA = {
    "id": "a",
    "title": "Ana",
    "authors": ["A. Writer"],
    "sections": ["News"],
    "publisher": "The Paper",
    "published": "2021-07-18",
    "text": TEXT,
    "zones": [{"zone": "body", "start": 0, "end": len(TEXT)}],
    "entities": [
        {"id": "1", "type": "Person", "name": "Ana", "aliases": ["Anna"],
         "same_as": ["http://www.wikidata.org/entity/Q1"], "latitude": 1, "longitude": 2,
         "mentions": [{"start": 0, "end": 3, "text": "Ana", "confidence": 0.5}]},
        {"id": "2", "type": "Place", "name": "Rome", "mentions": [{"start": 13, "end": 17}]},
    ],
    "relations": [
        {"subject": "1", "predicate": "lives in", "object": "2", "start_date": "2021",
         "evidence": [{"start": 0, "end": 18}]},
        {"subject": "1", "predicate": "page", "value": "http://x.org/", "datatype": "IRI"},
    ],
    "quotes": [{"speaker": "1", "start": 20, "end": 23, "text": "Yes", "direct": True}],
    "extractor": {"name": "tool"},
}  # fmt: skip
#: A view that has no end.
ENDLESS = "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT {} FROM n"
GRAPH = "/news/-/newsgraph"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "news.db"
    load(path, [ANA])
    return path.read_bytes()


@pytest.fixture
def tampered(whole: bytes, tmp_path: Path) -> Callable[[str], Path]:
    """``tampered("UPDATE …")``: a news graph in which that was done."""

    def change(statements: str) -> Path:
        path = tmp_path / "news.db"
        path.write_bytes(whole)
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(statements)
        return path

    return change


def run(*arguments: object) -> tuple[int, str]:
    """Run a command; return its exit code and all that it says, which has to be a line of an error."""
    result = CliRunner().invoke(cli, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


# The base IRI ---------------------------------------------------------------------------------------

BASES = [
    "'http://x/> <http://evil/p> <http://evil/o> .' || char(10) || '<http://x/'",
    "'http://x/' || char(13, 10)",
    "'javascript:alert(1)/'",
    "'http://x/no-slash'",
    "'http://x/{a b}/'",
    "x'ff00'",
    "42",
    "NULL",
    "''",
]


@pytest.mark.parametrize("base", BASES)
def test_a_base_iri_that_cannot_be_one(tampered: Callable[[str], Path], base: str) -> None:
    path = tampered(f"INSERT OR REPLACE INTO settings (name, value) VALUES ('base_iri', {base})")
    for command in ("export", "stats", "base-iri", "vocabulary"):
        code, said = run(command, path)
        assert (code, said.count("\n")) == (1, 1)
        assert said.startswith(f"Error: {path}: the base IRI of the database")
        assert "newsgraph base-iri DATABASE" in said
    code, said = run("check", path)
    assert code == 1
    assert "the base IRI of the database" in said
    assert run("base-iri", path, "https://example.org/news/-/newsgraph/")[0] == 0
    assert run("export", "-q", path)[0] == 0
    assert run("check", path)[0] == 0


# Names ------------------------------------------------------------------------------------------------

FOREIGN = [
    (f"DROP VIEW mention_index; CREATE VIEW mention_index AS {ENDLESS.format('id')}", "mention_index"),
    (f"DROP TABLE mentions; CREATE VIEW mentions AS {ENDLESS.format('*')}", "mentions"),
    ("DROP VIEW searched_names; CREATE TABLE searched_names (id, name, alias_text)", "searched_names"),
    ("DROP TABLE quotes_fts; CREATE VIRTUAL TABLE quotes_fts USING fts5 (surface)", "quotes_fts"),
    ("DROP TABLE zones; CREATE VIRTUAL TABLE zones USING fts5 (article_id)", "zones"),
    ("CREATE TABLE notes (x); CREATE INDEX Entity_Index_ ON notes (x);"
     "DROP VIEW entity_index; CREATE INDEX entity_index ON notes (x)", "entity_index"),
    ("CREATE TRIGGER mentions AFTER INSERT ON zones BEGIN DELETE FROM articles; END", "mentions"),
    ("ALTER TABLE quotes RENAME COLUMN verb TO other", "quotes"),
    ("ALTER TABLE quotes DROP COLUMN verb;"
     "ALTER TABLE quotes ADD COLUMN verb TEXT AS (surface || surface)", "quotes"),
    ("DROP TABLE zones", "zones"),
    ("CREATE TABLE copy AS SELECT * FROM zones; DROP TABLE zones; PRAGMA legacy_alter_table = ON;"
     "ALTER TABLE copy RENAME TO zones", "the primary key id"),
    ("DROP TABLE text_parts", "text_parts"),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "name"), FOREIGN)
def test_what_is_not_ours_under_a_name_of_ours_is_refused_by_name(
    tampered: Callable[[str], Path], statements: str, name: str
) -> None:
    views = "DROP VIEW quote_index; DROP VIEW searched_quotes;" if "COLUMN" in statements else ""
    path = tampered(views + statements)
    for command in ("export", "stats", "base-iri", "vocabulary", "decisions"):
        code, said = run(command, path)
        assert (code, said.count("\n")) == (1, 1)
        assert said.startswith(f"Error: {path}: has ")
        assert name in said
    code, said = run("check", path)
    assert code == 1
    assert name in said
    with pytest.raises(SchemaMismatch, match=name):
        load(path, [ANA])
    with pytest.raises(SchemaMismatch, match=name), closing(sqlite3.connect(path)) as connection:
        load(connection, [ANA])


@pytest.mark.asyncio
async def test_pages_of_a_graph_with_a_view_that_is_not_ours(
    tampered: Callable[[str], Path],
) -> None:
    statements, name = FOREIGN[1]
    datasette = Datasette([str(tampered(statements))])
    await datasette.invoke_startup()
    for address in (GRAPH, f"{GRAPH}.nt", f"{GRAPH}/search?q=Ana"):
        answer = await datasette.client.get(address)
        assert answer.status_code == 409
        assert f"has a view &#39;{name}&#39; that is not newsgraph&#39;s" in answer.text
    assert (await datasette.client.get("/-/newsgraph")).status_code == 200


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (FOREIGN[0][0], "has a view 'mention_index' that is not newsgraph's; newsgraph repair"
         " DATABASE puts newsgraph's in its place."),
        (FOREIGN[9][0], "has no table 'zones'; restore it from a copy"),
        ("ALTER TABLE sources RENAME COLUMN sha256 TO other",
         "has a table 'sources' without sha256; restore it from a copy"),
    ],
)  # fmt: skip
@pytest.mark.asyncio
async def test_what_is_wrong_with_a_graph_is_a_sentence_wherever_it_is_said(
    ask: Callable[..., Awaitable[dict[str, tuple[int, str]]]], statements: str, said: str
) -> None:
    pages = (GRAPH, "/-/newsgraph", "/", "/news")
    for address, (_, text) in (await ask(statements, *pages)).items():
        words = " ".join(re.sub("<[^>]+>", " ", html.unescape(text)).split())
        subject = "It" if address in ("/", "/-/newsgraph") else "The news graph in news"
        assert f"{subject} {said}" in words, address


@pytest.mark.asyncio
async def test_a_base_iri_and_a_date_on_pages_that_cannot_be_shown(
    ask: Callable[..., Awaitable[dict[str, tuple[int, str]]]],
) -> None:
    found = await ask(
        "UPDATE articles SET published = x'ff';"
        " INSERT OR REPLACE INTO settings (name, value) VALUES ('base_iri', 'x')",
        *(GRAPH, f"{GRAPH}/ns", "/-/newsgraph"),
    )
    assert "The base IRI of the database, &#39;x&#39;, cannot be one;" in found[f"{GRAPH}/ns"][1]
    assert "a value in the column published of articles is not text" in found["/-/newsgraph"][1]
    assert "xff" not in found["/-/newsgraph"][1]


# Values ----------------------------------------------------------------------------------------------

WRONG = [
    ("mentions", "start_char", "'abc'"),
    ("mentions", "start_char", "-1"),
    ("mentions", "end_char", "x'00ff'"),
    ("mentions", "surface", "x'fffe'"),
    ("mentions", "confidence", "'high'"),
    ("mentions", "confidence", "9"),
    ("mentions", "offset_status", "'\" <http://evil/p> <http://evil/o> .'"),
    ("mentions", "offset_status", "NULL"),
    ("mentions", "zone", "'kitchen'"),
    ("mentions", "key", "'a> <http://evil/p'"),
    ("articles", "key", "NULL"),
    ("articles", "key", "'A B'"),
    ("entities", "key", "key || '>'"),
    ("relations", "key", "''"),
    ("extractions", "key", "x'61'"),
    ("evidence", "key", "key || char(10)"),
    ("quotes", "key", "'Ω'"),
    ("articles", "authors", "'not json'"),
    ("articles", "authors", "'[1, null]'"),
    ("articles", "sections", "'{\"a\": 1}'"),
    ("articles", "title", "x'ff'"),
    ("articles", "published", "x'ff'"),
    ("article_texts", "length", "'long'"),
    ("article_texts", "sha256", "'\" <x>'"),
    ("article_texts", "text", "x'ffee'"),
    ("zones", "zone", "'x> <http://evil/p'"),
    ("zones", "start_char", "'x'"),
    ("entities", "name", "NULL"),
    ("entities", "alias_text", "x'ff'"),
    ("entities", "latitude", "'north'"),
    ("entities", "longitude", "1e999"),
    ("entity_counts", "mentions", "'many'"),
    ("relation_counts", "articles", "'many'"),
    ("facet_counts", "count", "'many'"),
    ("facet_rows", "rows", "x'0102'"),
    ("quotes", "direct", "'maybe'"),
    ("evidence", "start_date", "x'ff'"),
    ("identifiers", "iri", "'no iri'"),
    ("relations", "value", "'no iri'"),
    ("vocabulary", "iri", "x'ff'"),
    # SQL's own functions see a text up to the first NUL only.
    ("article_texts", "sha256", "sha256 || char(0) || '\" <http://evil/> .'"),
    ("mentions", "key", "key || char(0) || '> <http://evil/p'"),
    ("articles", "authors", "x'ff'"),
    ("articles", "sections", "sections || char(0) || ']'"),
    # Sets of rows have a bit for each number up to the highest.
    ("articles", "id", "-1"),
    ("articles", "id", "1 << 40"),
    ("appearances", "article_id", "1 << 62"),
    ("appearances", "mentions", "(1 << 63) - 1"),
    ("appearances", "mentions_by_zone", "'[3]'"),
    # One without the other.
    ("mentions", "end_char", "NULL"),
    ("evidence", "start_char", "NULL"),
    ("relations", "datatype", "NULL"),
    ("relations", "object_id", "NULL"),
    ("entities", "basis", "'guess'"),
    ("entities", "basis", "NULL"),
]
_IN_RDF = {"articles", "article_texts", "entities", "evidence", "extractions", "mentions", "quotes"}
_IN_RDF |= {"relations", "zones", "identifiers"}
#: Columns of these tables that no document has.
_NOT_WRITTEN = {
    *(("mentions", "zone"), ("articles", "id"), ("entities", "basis")),
    *(("relations", "object_id"), ("relations", "datatype")),
}


def values(table: str, column: str, value: str) -> str:
    if table == "vocabulary":
        return f"INSERT INTO vocabulary (kind, label, iri) VALUES ('type', 'person', {value})"
    where = " WHERE datatype = 'IRI'" if (table, column) == ("relations", "value") else ""
    if column == "key":
        # Each key is another's, too.
        where = f" WHERE id = (SELECT max(id) FROM {table})"
    return f"UPDATE {table} SET {column} = {value}{where}"


@pytest.mark.parametrize(("table", "column", "value"), WRONG)
def test_a_value_that_a_column_may_not_hold(
    tampered: Callable[[str], Path], table: str, column: str, value: str
) -> None:
    """A check names its column, and no document has it."""
    path = tampered(values(table, column, value))
    with open_store(path, damaged=True) as db:
        found = list(check(db, quick=True))
    assert [each for each in found if re.match(f"values: the {column} of (a )?row ", each)] != []
    if table in _IN_RDF and (table, column) not in _NOT_WRITTEN:
        said = f"the {column} of row .* of {table}|not an absolute IRI"
        with pytest.raises(StoreError, match=said), open_store(path) as db:
            list(stream(db, format_named("ntriples"), with_text=True))


@pytest.mark.parametrize("format_", FORMATS)
def test_a_value_that_breaks_out_of_a_document(
    tampered: Callable[[str], Path], format_: Format
) -> None:
    path = tampered(values(*WRONG[9]))
    out = path.with_name("out")
    code, said = run("export", path, "-f", format_.name, "-o", out)
    assert (code, said.count("\n"), out.exists()) == (1, 1, False)
    assert said.startswith(f"Error: {path}: the key of row 2 of mentions is not a key;")


def test_what_may_stand_in_a_column_is_wrong_nowhere(example_db: Path) -> None:
    with open_store(example_db) as db:
        assert [each for table in _IN_RDF for each in wrong_values(db.conn, table)] == []
        assert list(wrong_iris(db.conn)) == []


def test_an_error_of_ours_is_no_damage(whole: bytes, tmp_path: Path) -> None:
    """Nor is one of the program that uses us: where all values are right, it is what it was."""
    path = tmp_path / "news.db"
    path.write_bytes(whole)
    with pytest.raises(TypeError, match="ours"), open_store(path):
        raise TypeError("ours")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE mentions SET start_char = 'x'")
        connection.commit()
    with pytest.raises(StoreError, match="the start_char of row 1 of mentions"), open_store(path):
        raise TypeError("ours")


@pytest.fixture
def ask(tampered: Callable[[str], Path]) -> Callable[..., Awaitable[dict[str, tuple[int, str]]]]:
    async def answers(statement: str, *addresses: str) -> dict[str, tuple[int, str]]:
        datasette = Datasette([str(tampered(statement))])
        await datasette.invoke_startup()
        found = {}
        for address in addresses:
            answer = await datasette.client.get(address)
            found[address] = answer.status_code, answer.text
        return found

    return answers


#: Of which pages are made in the most different ways.
ON_PAGES = [
    ("mentions", "start_char", "'abc'"),
    ("articles", "authors", "'not json'"),
    ("articles", "title", "x'ff'"),
    ("articles", "key", "NULL"),
    ("entities", "name", "NULL"),
    ("article_texts", "text", "x'ffee'"),
    ("zones", "start_char", "'x'"),
    ("facet_counts", "count", "'many'"),
    ("facet_rows", "rows", "x'0102'"),
]


@pytest.mark.parametrize(("table", "column", "value"), ON_PAGES)
@pytest.mark.asyncio
async def test_no_page_fails_for_a_wrong_value(
    ask: Callable[..., Awaitable[dict[str, tuple[int, str]]]],
    keys: dict[str, str],
    table: str,
    column: str,
    value: str,
) -> None:
    pages = [
        *("/news", GRAPH, "/-/newsgraph", f"{GRAPH}/search?q=Ana", f"{GRAPH}/ns"),
        *(f"{GRAPH}/{kind}/{keys[kind]}" for kind in ("article", "entity", "relation")),
        *(f"{GRAPH}/{kind}/{keys[kind]}.ttl" for kind in ("article", "entity", "relation")),
        f"{GRAPH}/id/mention/{keys['mention']}",
        *(f"/news/{each}_index" for each in ("article", "entity", "mention", "relation", "quote")),
        *("/news/mention_index.nt", "/news/article_index.json", f"/news/{table}"),
    ]
    for address, (status, text) in (await ask(values(table, column, value), *pages)).items():
        assert status in (200, 302, 303, 400, 404, 409), address
        if status == 409:
            assert "newsgraph check" in text or "SQLite" in text or "absolute IRI" in text, address


@pytest.mark.asyncio
async def test_pages_of_rows_whose_article_is_not_there(
    ask: Callable[..., Awaitable[dict[str, tuple[int, str]]]],
) -> None:
    pages = [GRAPH, *(f"/news/{each}_index" for each in ("mention", "quote", "relation"))]
    answers = await ask("DELETE FROM articles", *pages)
    assert {status for status, _ in answers.values()} == {200}


@pytest.fixture(scope="module")
def keys(whole: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    path = tmp_path_factory.mktemp("keys") / "news.db"
    path.write_bytes(whole)
    tables = {"article": "articles", "entity": "entities", "relation": "relations"}
    tables["mention"] = "mentions"
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT key FROM {} ORDER BY id LIMIT 1"
        return {
            kind: connection.execute(query.format(table)).fetchone()[0]
            for kind, table in tables.items()
        }


@pytest.mark.asyncio
async def test_a_page_names_no_column_that_is_hidden(tampered: Callable[[str], Path]) -> None:
    path = tampered(
        "UPDATE articles SET title = x'ff'; UPDATE facet_rows SET rows = x'0102';"
        " UPDATE entities SET name = NULL, type = NULL"
    )
    async with serving(path, private("articles")) as server:
        for address in (GRAPH, "/news/entity_index", "/-/newsgraph", f"{GRAPH}/search?q=Ana"):
            answers = [await server.anybody.get(address), await server.alice.get(address)]
            assert {each.status_code for each in answers} <= {200, 403, 409}
            assert "of articles" not in answers[0].text


@pytest.mark.parametrize("command", ["check", "repair"])
def test_no_row_number_takes_all_memory(tampered: Callable[[str], Path], command: str) -> None:
    path = tampered("UPDATE articles SET id = 1 << 40; UPDATE appearances SET article_id = 1 << 40")
    code, said = run(command, path)
    assert code == 1
    assert "the id of row 1099511627776 of articles is not a row number" in said
    with pytest.raises(StoreError, match=r"the id of row 1099511627776 of articles .*is not a row"):
        load(path, [{"id": "b", "text": "Bob"}])


def test_no_packed_set_takes_all_memory(tampered: Callable[[str], Path]) -> None:
    """A set of a few kilobytes may stand for many gigabytes: not all of it is unpacked."""
    path = tampered("SELECT 1")
    packing = zlib.compressobj(9)
    zeros = bytes(1 << 24)
    bomb = b"".join([*(packing.compress(zeros) for _ in range(9)), packing.flush()])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE facet_rows SET rows = ?", [bomb])
        connection.commit()
    code, said = run("check", "--quick", path)
    assert (code, said.count("is not a packed set of rows")) == (1, 1)
    assert run("repair", path)[0] == 0
    assert run("check", path)[0] == 0


def test_a_part_of_the_graph_is_refused_likewise(tampered: Callable[[str], Path]) -> None:
    path = tampered(values("mentions", "key", "'a b'"))
    with open_store(path) as db, pytest.raises(StoreError, match="key of row 2 of mentions"):
        list(stream(db, format_named("turtle"), articles=["a"]))
