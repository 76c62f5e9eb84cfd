"""A graph on which the tests of the commands that decide decide."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from datasette_newsgraph.cli import cli
from datasette_newsgraph.identity import article_key, entity_key

UNION, SHORT, LONG, PERSON, PLACE = (
    entity_key(*each)
    for each in (
        ("Organization", "EU"),
        ("Organization", "E.U."),
        ("Organization", "European Union"),
        ("Person", "Georgia"),
        ("Place", "Georgia"),
    )
)
ITEM = "http://www.wikidata.org/entity/Q458"
IDENTIFIED = entity_key("", "", [(0, ITEM)])
ABSENT = entity_key("Person", "Nobody")
FIRST, SECOND = article_key("a1"), article_key("a2")
TEXT = "Georgia met the EU. “Yes,” she said."


def entity(type_: str, name: str, *same_as: str) -> dict[str, Any]:
    return {"id": f"{type_} {name}", "type": type_, "name": name, "same_as": list(same_as)}


ARTICLES = [
    {
        "id": "a1",
        "title": "First",
        "text": TEXT,
        "entities": [
            entity("Organization", "EU") | {"mentions": [{"start": 16, "end": 18, "text": "EU"}]},
            entity("Person", "Georgia") | {"mentions": [{"start": 0, "end": 7, "text": "Georgia"}]},
            entity("Place", "Georgia"),
        ],
        "relations": [
            {
                "subject": "Person Georgia",
                "predicate": "met",
                "object": "Organization EU",
                "evidence": [{"start": 0, "end": 19, "text": "Georgia met the EU."}],
            }
        ],
        "quotes": [{"start": 20, "end": 26, "text": "“Yes,”", "speaker": "Person Georgia"}],
    },
    {
        "id": "a2",
        "title": "Second",
        "entities": [
            entity("Organization", "EU"),
            entity("Organization", "E.U."),
            entity("Organization", "European Union"),
            entity("Organization", "Union", ITEM),
            entity("Place", "Georgia"),
        ],
    },
]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments])


def log(path: Path, *options: str) -> list[dict[str, Any]]:
    """What ``newsgraph decisions`` prints."""
    result = run("decisions", path, *options)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def told(path: Path, *fields: str) -> list[tuple[Any, ...]]:
    """Some fields of all decisions in the log."""
    return [tuple(each[field] for field in fields) for each in log(path)]


def key_in(path: Path, table: str) -> str:
    """The key of the only row of a table."""
    with closing(sqlite3.connect(path)) as connection:
        ((key,),) = connection.execute(f"SELECT key FROM {table}")
    return str(key)


def hold(path: Path, *rows: tuple[str, str, str, str]) -> None:
    """Let rows of ``decided`` hold: verdict, key, key of an article, value."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany("INSERT INTO decided VALUES (?, 'entity', ?, ?, ?)", rows)
