"""Fixtures that several modules of this folder share."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import lru_cache
from pathlib import Path

import pytest
import rdflib

from datasette_newsgraph import load
from datasette_newsgraph.loading.load import load_files
from tests.rdf.exported_graphs import newsgraph
from tests.rdf.rdf_tools import (
    BASE,
    Graph,
    graph_of,
)

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "articles.jsonl"
ONE_ARTICLE = Path(__file__).parents[1] / "data" / "one_article.jsonl"


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example articles, loaded."""
    path = tmp_path_factory.mktemp("examples") / "examples.db"
    load_files(path, [EXAMPLES], base_iri=BASE)
    return path


@pytest.fixture(scope="module")
def graph(examples: Path) -> Graph:
    """The graph of the examples."""
    return graph_of(examples)


@pytest.fixture(scope="module")
def new_database(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[], sqlite3.Connection]]:
    """``new_database()``: an empty news graph in memory, as making the tables takes longest."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    load(path, [], base_iri=BASE)

    def copy() -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:")
        empty.backup(connection)
        return connection

    with closing(sqlite3.connect(path)) as empty:
        yield copy


@pytest.fixture(scope="module")
def one_loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small article of ``data``, loaded once."""
    path = tmp_path_factory.mktemp("one") / "one.db"
    load_files(path, [ONE_ARTICLE], base_iri=BASE)
    return path


@pytest.fixture
def one(one_loaded: Path, tmp_path: Path) -> Path:
    """The small article of ``data``, in a database that a test may change."""
    return Path(shutil.copy(one_loaded, tmp_path))


@pytest.fixture(scope="session")
def violations() -> Callable[..., set[tuple[str, str]]]:
    """``violations(graph, profile)``: what ``newsgraph shapes`` finds in a graph: (node, property) of
    each violation.
    """
    import pyshacl

    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")

    @lru_cache
    def shapes(profile: str) -> rdflib.Graph:
        printed = newsgraph("shapes", "--profile", profile).stdout
        return rdflib.Graph().parse(data=printed, format="turtle")

    def find(data: rdflib.Graph, profile: str = "full") -> set[tuple[str, str]]:
        conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes(profile))
        found = {
            (
                str(report.value(result, shacl.focusNode)),
                str(report.value(result, shacl.resultPath)),
            )
            for result in report.subjects(rdflib.RDF.type, shacl.ValidationResult)
        }
        assert conforms == (not found)
        return found

    return find
