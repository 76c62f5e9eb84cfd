"""What the tests of exports share: records, and what a graph says of a thing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from datasette_newsgraph.cli import cli
from datasette_newsgraph.store import open_store
from tests.rdf.rdf_tools import (
    Graph,
    iri,
)

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "articles.jsonl"
TYPE = iri("rdf:type")


def newsgraph(*arguments: str | Path) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli, [str(each) for each in arguments])


def records() -> list[dict[str, Any]]:
    """The example articles as they are in the file."""
    return [json.loads(line) for line in EXAMPLES.read_text("utf-8").splitlines()]


def of_class(graph: Graph, name: str) -> set[str]:
    """The nodes of a class."""
    return {subject for subject, predicate, o in graph if predicate == TYPE and o == iri(name)}


def values(graph: Graph, node: str, name: str) -> set[str]:
    """What a property of a node has for objects."""
    return {o for subject, predicate, o in graph if subject == node and predicate == iri(name)}


def described_in(graph: Graph, node: str) -> Graph:
    """What the graph says of a node."""
    return {each for each in graph if each[0] == node}


def key_of(database: Path, table: str, slug: str) -> str:
    """The key that begins with a slug."""
    with open_store(database) as db:
        ((key,),) = db.execute(
            f"SELECT key FROM {table} WHERE key LIKE ?", [f"{slug}-_____________"]
        )
    assert isinstance(key, str)
    return key
