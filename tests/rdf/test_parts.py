"""Parts of the graph: what is said of an article or of an entity."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph import rdf_graph
from datasette_newsgraph.article import ZONES
from datasette_newsgraph.errors import UnknownKey
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.store import open_store
from datasette_newsgraph.vocabulary import zone_class
from tests.rdf.exported_graphs import described_in, key_of, newsgraph, of_class, records, values
from tests.rdf.rdf_tools import (
    Graph,
    explain,
    export,
    graph_of,
    iri,
    literal,
    read_with_pyoxigraph,
)

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "articles.jsonl"
ONE_ARTICLE = Path(__file__).parents[1] / "data" / "one_article.jsonl"
TYPE = iri("rdf:type")

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


@every_format
def test_a_part_is_in_the_whole(examples: Path, graph: Graph, format_: Format) -> None:
    selections: list[dict[str, list[str]]] = [
        {"entities": [key_of(examples, "entities", "q1065")]},
        {"articles": [key_of(examples, "articles", "ex-2011-south-sudan")]},
        {
            "entities": [key_of(examples, "entities", "q142")],
            "articles": [key_of(examples, "articles", "ex-2023-nobel-peace")],
        },
    ]
    for selection in selections:
        part = set(read_with_pyoxigraph(export(examples, format_, **selection), format_))
        assert part < graph


def test_two_parts_together_are_what_is_in_each(examples: Path) -> None:
    keys = [key_of(examples, "entities", each) for each in ("q142", "q90")]
    each = [graph_of(examples, entities=[key]) for key in keys]
    assert graph_of(examples, entities=keys) >= each[0] | each[1]


def test_all_articles_are_the_whole(examples: Path, graph: Graph) -> None:
    with open_store(examples) as db:
        keys = [row[0] for row in db.execute("SELECT key FROM articles")]
    found = graph_of(examples, articles=keys)
    assert found == graph, explain(found, graph)


def test_the_part_about_an_entity(examples: Path, graph: Graph) -> None:
    """Omar al-Bashir: one article names him twice, with two relations, and quotes him once."""
    key = key_of(examples, "entities", "omar-al-bashir")
    part = graph_of(examples, entities=[key])
    himself = iri(f"id:entity/{key}")
    others = {
        iri(f"id:entity/{key_of(examples, 'entities', slug)}")
        for slug in ("independence-of-south-sudan", "q1049")
    }
    assert described_in(part, himself) == described_in(graph, himself) != set()
    (article,) = of_class(part, "schema:NewsArticle")
    assert values(part, article, "schema:identifier") == {literal("ex-2011-south-sudan")}
    assert values(part, article, "schema:headline")
    # It mentions many more, but this part is not about them.
    assert values(part, article, "schema:mentions") == {himself, *others}
    named = {
        node for node, p, _ in part if p == iri("rdfs:label") and iri("id:entity/")[:-1] in node
    }
    assert named == {himself, *others}
    labels = {
        label
        for each in of_class(part, "rdf:Statement")
        for label in values(part, each, "rdfs:label")
    }
    assert labels == {
        literal("Independence of South Sudan participant Omar al-Bashir"),
        literal("Omar al-Bashir president of Sudan"),
    }
    annotations = of_class(part, "oa:Annotation")
    assert len([each for each in annotations if "/id/mention/" in each]) == 2
    assert len([each for each in annotations if "/id/evidence/" in each]) == 2
    (quote,) = of_class(part, "schema:Quotation")
    assert values(part, quote, "schema:spokenByCharacter") == {himself}
    # Two mentions, two sentences, a quotation; no zones.
    spans = of_class(part, "nif:RFC5147String")
    assert len(spans) == 5
    assert zones_of(part) == []
    # Terms of ours that the part uses, and no others.
    assert of_class(part, "rdf:Property") == {iri("term:participant"), iri("term:president-of")}


def test_the_part_about_an_entity_of_which_nothing_is_stated(one: Path) -> None:
    """Columbia: a caption names it, and no relation."""
    columbia = key_of(one, "entities", "columbia")
    part, node = graph_of(one, entities=[columbia]), iri(f"id:entity/{columbia}")
    assert described_in(part, node) == described_in(graph_of(one), node) != set()
    assert {each for each, p, _ in part if p == iri("skos:altLabel")} <= {node}
    assert len(of_class(part, "oa:Annotation")) == 1
    assert of_class(part, "rdf:Statement") == set()


def test_the_part_about_an_entity_of_several_articles(examples: Path) -> None:
    """Barack Obama is in three articles; the caption of one is all that it says of him."""
    obama = key_of(examples, "entities", "q76")
    part = graph_of(examples, entities=[obama])
    identifiers = {o for _, predicate, o in part if predicate == iri("schema:identifier")}
    assert identifiers == {
        literal(each)
        for each in ("ex-2015-paris-climate", "ex-2011-south-sudan", "ex-2022-world-cup-final")
    }
    mentioning = {
        identifier
        for article, predicate, o in part
        if predicate == iri("schema:mentions") and o == iri(f"id:entity/{obama}")
        for identifier in values(part, article, "schema:identifier")
    }
    assert mentioning == {literal("ex-2015-paris-climate"), literal("ex-2011-south-sudan")}


def zones_of(graph: Graph) -> list[str]:
    """The spans that are zones."""
    classes = {iri(zone_class(each)) for each in ZONES}
    return [node for node, p, o in graph if p == iri("rdf:type") and o in classes]


@pytest.mark.parametrize("record", records(), ids=lambda record: record["id"])
def test_the_part_of_an_article(examples: Path, graph: Graph, record: dict[str, Any]) -> None:
    key = key_of(examples, "articles", record["id"])
    part = graph_of(examples, articles=[key])
    (article,) = of_class(part, "schema:NewsArticle")
    assert described_in(part, article) == described_in(graph, article)
    named = {
        kind: {o for node, p, o in part if p == iri("schema:name") and f"/id/{kind}/" in node}
        for kind in ("entity", "publisher", "author")
    }
    assert len(named["entity"]) == len({entity["name"] for entity in record["entities"]})
    assert named["publisher"] == {literal(record["publisher"])}
    assert named["author"] == {literal(name) for name in record.get("authors", ())}
    counts = {
        "/id/mention/": sum(len(entity["mentions"]) for entity in record["entities"]),
        "/id/evidence/": sum(len(relation["evidence"]) or 1 for relation in record["relations"]),
    }
    annotations = of_class(part, "oa:Annotation")
    assert {kind: len([each for each in annotations if kind in each]) for kind in counts} == counts
    assert len(of_class(part, "schema:Quotation")) == len(record["quotes"])
    assert len(zones_of(part)) == len(record["zones"])
    statements = {
        (relation["subject"], relation["predicate"], relation.get("object"), relation.get("value"))
        for relation in record["relations"]
    }
    assert len(of_class(part, "rdf:Statement")) == len(statements)
    # It can be read alone: whatever it says something with is described in it.
    described = {node for node, _, _ in part}
    ours = iri("id:")[:-1]
    assert {o for _, _, o in part if o.startswith(ours)} <= described


@pytest.mark.parametrize("option", ["--entity", "--article"])
def test_an_unknown_key_is_told_before_anything_is_written(
    one: Path, tmp_path: Path, option: str
) -> None:
    output = tmp_path / "part.ttl"
    result = newsgraph("export", one, option, "no-such-key", "-o", output)
    assert result.exit_code == 1
    assert result.stdout == ""
    (message,) = [line for line in result.stderr.splitlines() if line.startswith("Error")]
    assert re.search(f"no {option[2:]} .*'no-such-key'", message)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one.db"]


def test_an_unknown_key_is_an_error_in_python_too(one: Path) -> None:
    with pytest.raises(UnknownKey, match="no entity 'no-such-key'"):
        rdf_graph(one, entities=["no-such-key"])
    with (
        open_store(one) as db,
        closing(stream(db, FORMATS[0], articles=["x"])) as blocks,
        pytest.raises(UnknownKey, match="no article 'x'"),
    ):
        next(blocks)
