"""Exports of real articles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from datasette_newsgraph import rdf_graph
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.mapping.profiles import PROFILES, Profile
from datasette_newsgraph.rdf import FORMATS, Format
from tests.rdf.exported_graphs import of_class
from tests.rdf.rdf_tools import (
    BASE,
    check_all_read,
    export,
    graph_of,
    iri,
    literal,
)

ROOT = Path(__file__).parents[2]
TYPE = iri("rdf:type")

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wikinews and RE3D, loaded, if they are there: they are not part of this project."""
    files = [
        ROOT.parent / "shared" / "corpora" / name for name in ("wikinews.jsonl", "re3d-us.jsonl")
    ]
    for file in files:
        if not file.is_file():
            pytest.skip(f"{file} is not there")
    path = tmp_path_factory.mktemp("corpora") / "corpora.db"
    load_files(path, files, base_iri=BASE)
    return path


def test_what_real_articles_hold(corpora: Path) -> None:
    graph = graph_of(corpora)
    annotations = of_class(graph, "oa:Annotation")
    mentions = {each for each in annotations if "/id/mention/" in each}
    unlocated, normalised, moved = (
        {each for each, p, o in graph if p == iri("ng:offsetStatus") and o == literal(status)}
        for status in ("unlocated", "normalised", "moved")
    )
    assert len(of_class(graph, "schema:NewsArticle")) == 69
    # Of 3,616 one names a blank.
    assert len(mentions) == 3615
    assert len(annotations - mentions) == 715
    # Three mentions and 72 pieces of evidence differ from their text in white space and quotes; the
    # places of 273 have blanks at their ends, which the words have not.
    assert len(unlocated) == 0
    assert len(normalised & mentions) == 3
    assert len(normalised - mentions) == 72
    assert len(moved) == 273


@every_format
def test_every_parser_reads_real_articles(corpora: Path, format_: Format) -> None:
    check_all_read(export(corpora, format_), format_, graph_of(corpora))


@pytest.mark.parametrize("with_text", [False, True], ids=["", "with text"])
@pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.name)
def test_real_articles_conform_to_the_shapes(
    corpora: Path,
    violations: Callable[..., set[tuple[str, str]]],
    profile: Profile,
    with_text: bool,
) -> None:
    graph = rdf_graph(corpora, profile=profile.name, with_text=with_text)
    assert violations(graph, profile.name) == set()
