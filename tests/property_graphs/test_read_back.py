"""What is exported for graph tools is loaded again, or refused by its name."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph import load
from datasette_newsgraph.errors import InputError
from datasette_newsgraph.property_graphs import FORMATS, GraphFormat
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.recognition import recognise, sample_of
from tests.property_graphs.graph_readers import exported
from tests.property_graphs.test_graph_formats import asked
from tests.rdf.exported_graphs import newsgraph

LOADED = [each for each in FORMATS if each.name not in ("gexf", "parquet")]
every_loaded_format = pytest.mark.parametrize("format_", LOADED, ids=lambda each: each.name)

STATED = (
    "SELECT subjects.name, relations.predicate, objects.name, relations.value, datatype, confidence,"
    " start_date, end_date, relation_counts.articles FROM relations"
    " JOIN relation_counts ON relation_id = relations.id"
    " JOIN entities AS subjects ON subjects.id = relations.subject_id"
    " LEFT JOIN entities AS objects ON objects.id = relations.object_id"
)
NAMED = (
    "SELECT url, entities.name, entities.type, entities.latitude, entities.description"
    " FROM articles"
    " JOIN appearances ON article_id = articles.id JOIN entities ON entities.id = entity_id"
)
ABOUT = "SELECT title, url, published, publisher, authors, language, licence FROM articles"


def loaded_again(database: Path, format_: GraphFormat, folder: Path, *options: str) -> Path:
    """What a load makes of an export."""
    path = exported(database, format_, folder, *options)
    result = newsgraph("load", folder / "again.db", path, "-q")
    assert result.exit_code == 0, result.stderr
    return folder / "again.db"


def same(one: Path, other: Path, sql: str) -> bool:
    """Whether two databases have the same rows."""

    def rows(path: Path) -> list[Any]:
        return sorted(asked(path, sql), key=repr)

    assert rows(one)
    return rows(one) == rows(other)


@every_loaded_format
def test_articles_entities_and_statements_are_loaded_again(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    again = loaded_again(examples, format_, tmp_path)
    assert same(examples, again, ABOUT)
    assert same(examples, again, NAMED)
    assert same(examples, again, STATED)
    assert asked(again, "SELECT count(*) FROM rejects") == [(0,)]


@every_loaded_format
def test_with_texts_names_are_found_again(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    again = loaded_again(examples, format_, tmp_path, "--with-text")
    assert same(examples, again, "SELECT text FROM article_texts")
    found = asked(again, "SELECT count(*) FROM mentions WHERE start_char IS NOT NULL")
    ((given,),) = asked(examples, "SELECT count(*) FROM mentions WHERE start_char IS NOT NULL")
    assert found[0][0] > 0.7 * given


@every_loaded_format
def test_a_statement_of_many_articles_keeps_all_of_them(
    tmp_path: Path, format_: GraphFormat
) -> None:
    """A list of their ids is longer than what is tried as a list of Python."""
    records = [
        {
            "id": f"a{number}",
            "url": f"https://example.org/{number}",
            "entities": [
                {"id": "e1", "type": "Person", "name": "Ana Lima"},
                {"id": "e2", "type": "Organization", "name": "United Nations"},
            ],
            "relations": [{"subject": "e1", "predicate": "member of", "object": "e2"}],
        }
        for number in range(150)
    ]
    load(tmp_path / "many.db", records)
    again = loaded_again(tmp_path / "many.db", format_, tmp_path)
    assert asked(again, "SELECT articles FROM relation_counts") == [(150,)]


@every_loaded_format
def test_an_export_is_recognised(examples: Path, tmp_path: Path, format_: GraphFormat) -> None:
    result = newsgraph("inspect", exported(examples, format_, tmp_path))
    assert result.exit_code == 0
    ((articles,),) = asked(examples, "SELECT count(*) FROM articles")
    assert f"articles        {articles}\n" in result.stdout


@pytest.mark.parametrize(
    ("ending", "title"),
    [
        (".gexf", "is newsgraph's own export for Gephi, of who is named together"),
        (".parquet", "is newsgraph's export to Parquet"),
    ],
)
@pytest.mark.parametrize("command", ["inspect", "load"])
def test_what_is_not_read_again_says_what_to_do(
    examples: Path, tmp_path: Path, ending: str, title: str, command: str
) -> None:
    path = tmp_path / f"graph{ending}"
    assert newsgraph("export", examples, "-q", "-o", path).exit_code == 0
    arguments = [path] if command == "inspect" else [tmp_path / "again.db", path]
    result = newsgraph(command, *arguments)
    assert result.exit_code == 1
    assert title in result.output
    assert "load the files that its database was made from, or its export as GraphML" in (
        result.output
    )


@pytest.mark.parametrize("options", [(), ("--with-text",), ("--entity", "Paris")])
@pytest.mark.parametrize("ending", [".ttl", ".jsonld", ".nt", ".nq", ".jsonld.gz"])
def test_every_rdf_export_of_ours_is_refused_in_the_same_words(
    examples: Path, tmp_path: Path, ending: str, options: tuple[str, ...]
) -> None:
    path = tmp_path / f"graph{ending}"
    assert newsgraph("export", examples, "-q", *options, "-o", path).exit_code == 0
    result = newsgraph("inspect", path)
    assert result.exit_code == 1
    assert (
        "is an RDF export of newsgraph, which newsgraph does not read;"
        " load the files that its database was made from\n"
    ) in result.output


def test_of_a_large_export_in_jsonld_only_the_beginning_is_read(
    examples: Path, tmp_path: Path
) -> None:
    path = tmp_path / "graph.jsonld"
    assert newsgraph("export", examples, "-q", "-o", path).exit_code == 0
    begin = path.read_bytes().partition(b'"@graph"')[0]
    path.write_bytes(begin + b'"@graph":[\n' + b'{"name":"Ana"},\n' * 200_000 + b"{}]}")
    with closing(Source(path)) as source:
        assert len(sample_of(source).head) < path.stat().st_size / 5
        with pytest.raises(InputError, match="is an RDF export of newsgraph"):
            recognise(source)
