"""The commands about a database: remove, stats, base-iri, vocabulary, shapes, schema."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from datasette_newsgraph.article import Article as ArticleStruct
from datasette_newsgraph.loading.load import load
from tests.cli.running import error_of

Article = dict[str, Any]
Run = Callable[..., Result]
Query = Callable[..., list[tuple[Any, ...]]]

BASE = "https://example.org/news/-/newsgraph/"


# remove -----------------------------------------------------------------------------------------


def test_remove(run: Run, loaded: Path, query: Query) -> None:
    result = run("remove", loaded, "--article", "a1")
    assert (result.exit_code, result.stderr) == (0, "1 article removed\n")
    assert query("SELECT count(*) FROM articles") == [(0,)]
    result = run("remove", loaded, "--source", "some/where/a.jsonl")
    assert (result.exit_code, result.stderr) == (0, "0 articles removed\n")


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        ([], 2, "Give either --article TITLE or --source FILE."),
        (["--article", "a1", "--source", "a.jsonl"], 2, "Give either"),
        (
            ["--article", "a2"],
            1,
            "there is no article with the title, id or key 'a2'; the table articles has all",
        ),
        (
            ["--source", "b.jsonl"],
            1,
            "no file of the name 'b.jsonl' was loaded; there are: a.jsonl",
        ),
    ],
)
def test_remove_what_is_not_there(
    run: Run, loaded: Path, options: list[str], code: int, message: str
) -> None:
    result = run("remove", loaded, *options)
    assert result.exit_code == code
    assert message in error_of(result)


# stats, base-iri, vocabulary --------------------------------------------------------------------


def test_stats(run: Run, loaded: Path) -> None:
    result = run("stats", loaded)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:8] == [
        f"base IRI  {BASE}",
        "        1  articles",
        "        5  entities",
        "        7  mentions",
        "        2  relations",
        "        2  evidence",
        "        1  quotes",
        "        0  rejects",
    ]
    assert "articles by publisher\n        1  Example Gazette\n" in result.stdout
    assert "mentions by offset status\n        7  exact\n" in result.stdout
    assert "rejects by source" not in result.stdout


def test_stats_gives_a_terminal_no_orders(run: Run, db_path: Path) -> None:
    titled = {"id": "a", "title": "T", "publisher": "P\x1b]0;pwn\x07\u202e"}
    load(
        db_path, [titled, *({"id": f"{n}", "title": "T", "publisher": f"Z{n}"} for n in range(30))]
    )
    printed = run("stats", db_path).stdout
    assert "        1  P\\x1b]0;pwn\\x07\\u202e\n" in printed
    assert "           and 11 more; --json has all\n" in printed


def test_stats_as_json(run: Run, loaded: Path, generated: Callable[[int], list[Article]]) -> None:
    load(loaded, generated(40))
    found = json.loads(run("stats", loaded, "--json").stdout)
    assert found["base_iri"] == BASE
    assert found["rows"]["articles"] == sum(found["articles_by_publisher"].values()) == 41
    assert found["rows"]["relations"] == sum(found["relations_by_predicate"].values())
    with closing(sqlite3.connect(loaded)) as connection:
        types = connection.execute("SELECT type, count(*) FROM entities GROUP BY type").fetchall()
    assert found["entities_by_type"] == dict(types)


def test_base_iri_shows_and_sets(run: Run, db_path: Path, article: Article) -> None:
    load(db_path, [article])
    assert run("base-iri", db_path).stdout == "http://127.0.0.1:8001/newsgraph/-/newsgraph/\n"
    result = run("base-iri", db_path, BASE)
    assert (result.exit_code, result.stdout) == (0, f"{BASE}\n")
    assert run("base-iri", db_path).stdout == f"{BASE}\n"


@pytest.mark.parametrize(
    "iri",
    [
        *("", "news", "example.org/", "ftp://example.org/", "urn:x/", "https://", "https://[::1/"),
        *("https://example.org/news", "https://a b/", "https://example.org/?x/"),
        *("https://example.org/#/", "https://example.org/?", "https://example.org/#"),
    ],
)
def test_what_cannot_be_a_base(run: Run, loaded: Path, iri: str) -> None:
    result = run("base-iri", loaded, iri)
    assert result.exit_code == 2
    assert "cannot be a base IRI" in error_of(result)
    assert run("base-iri", loaded).stdout == f"{BASE}\n"


@pytest.mark.parametrize(
    "path", ["/", "./", "../", "a//", "a/./b/", "a/../", "%2e/", "%2E%2e/a/", ".%2E/", "a/../../"]
)
def test_a_base_is_not_what_others_would_shorten(run: Run, loaded: Path, path: str) -> None:
    result = run("base-iri", loaded, f"https://example.org/{path}")
    assert result.exit_code == 2
    assert "make another of it" in error_of(result)


@pytest.mark.parametrize("path", ["a.b/", "..a/", ".../", "a./", "%2f/", "%2e%2e%2e/"])
def test_dots_in_names_are_no_parts_of_their_own(run: Run, loaded: Path, path: str) -> None:
    assert run("base-iri", loaded, f"https://example.org/{path}").exit_code == 0


@pytest.mark.parametrize("iri", ["http://[::1]:8001/", "https://me@example.org/", "HTTPS://E.ORG/"])
def test_what_can_be_a_base(run: Run, loaded: Path, iri: str) -> None:
    assert run("base-iri", loaded, iri).stdout == f"{iri}\n"


@pytest.mark.parametrize(
    ("arguments", "kinds"),
    [
        (["leader of", "https://schema.org/x"], [("predicate", "leader of")]),
        (["LeaderOf", "https://schema.org/x"], [("predicate", "leader of")]),
        (["Person", "https://schema.org/x"], [("type", "person")]),
        (["Ship", "https://schema.org/x", "--kind", "type"], [("type", "ship")]),
    ],
)
def test_vocabulary_set(
    run: Run, loaded: Path, query: Query, arguments: list[str], kinds: list[tuple[str, str]]
) -> None:
    for _ in range(2):
        result = run("vocabulary", loaded, "--set", *arguments)
        assert result.exit_code == 0
        assert (
            result.stderr
            == f"the term of the {kinds[0][0]} {arguments[0]!r} is now {arguments[1]}\n"
        )
        assert query("SELECT kind, label, iri FROM vocabulary") == [
            (*each, "https://schema.org/x") for each in kinds
        ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--set", "Ship", "https://schema.org/x"], 2),
        (["--set", "Person", "schema:"], 2),
        (["--set", "Person", "not an IRI"], 2),
        (["--set", "Person"], 2),
        (["--set", "Person", "https://schema.org/x", "--kind", "what"], 2),
        (["--format", "what"], 2),
    ],
)
def test_vocabulary_refuses(run: Run, loaded: Path, arguments: list[str], code: int) -> None:
    result = run("vocabulary", loaded, *arguments)
    assert result.exit_code == code
    assert error_of(result)


def test_vocabulary_needs_no_database_to_print(run: Run) -> None:
    result = run("vocabulary", "-f", "turtle")
    assert result.exit_code == 0
    assert "@prefix" in result.stdout
    assert run("vocabulary", "--set", "a", BASE).exit_code == 2


def test_shapes(run: Run) -> None:
    result = run("shapes")
    assert result.exit_code == 0
    assert "http://www.w3.org/ns/shacl#" in result.stdout
    assert "sh:targetClass oa:Annotation" in result.stdout
    assert "oa:" not in run("shapes", "--profile", "schema").stdout.partition("@prefix : ")[2]


@pytest.mark.parametrize("command", [("shapes",), ("export", "news.db")])
def test_a_profile_that_there_is_not(run: Run, command: tuple[str, ...]) -> None:
    result = run(*command, "--profile", "all")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "Error: there is no profile 'all'; choose full, core, nif or schema"
    ]


# schema -----------------------------------------------------------------------------------------


def test_the_schema_describes_the_example_and_nothing_less(run: Run, article: Article) -> None:
    schema = json.loads(run("schema").stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    definitions = schema["$defs"]

    def properties(name: str) -> dict[str, Any]:
        assert definitions[name]["additionalProperties"] is False
        found: dict[str, Any] = definitions[name]["properties"]
        return found

    assert schema["$ref"] == "#/$defs/Article"
    assert list(properties("Article")) == list(ArticleStruct.__struct_fields__)
    assert definitions["Article"]["required"] == ["id"]
    assert definitions["Entity"]["required"] == ["id", "type", "name"]
    assert definitions["Relation"]["required"] == ["subject", "predicate"]
    assert article.keys() <= properties("Article").keys()
    parts = {"entities": "Entity", "relations": "Relation", "quotes": "Quote", "zones": "Zone"}
    for field, name in parts.items():
        for part in article[field]:
            assert part.keys() <= properties(name).keys()
            for mention in part.get("mentions", []):
                assert mention.keys() <= properties("Mention").keys()
            for evidence in part.get("evidence", []):
                assert evidence.keys() <= properties("Evidence").keys()
    assert article["extractor"].keys() <= properties("Extractor").keys()


def test_the_designs_example_is_a_record(run: Run, db_path: Path, shared_corpora: Path) -> None:
    fields = set(json.loads(run("schema").stdout)["$defs"]["Article"]["properties"])
    with (shared_corpora / "wikinews.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            assert json.loads(line).keys() <= fields
