"""What each format holds is what the tables hold, as other programs read it."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.property_graphs import FORMATS, GraphFormat, format_of_name
from datasette_newsgraph.property_graphs.gexf import first_day, last_day
from tests.property_graphs.graph_readers import Read, exported, read, rows_of
from tests.rdf.exported_graphs import newsgraph

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
WHOLE = [each for each in FORMATS if each.name != "gexf"]
every_whole_format = pytest.mark.parametrize("format_", WHOLE, ids=lambda each: each.name)
GEXF = format_of_name("gexf")
PARQUET = format_of_name("parquet")
assert GEXF is not None
assert PARQUET is not None


def asked(database: Path, sql: str) -> list[tuple[Any, ...]]:
    """What SQL finds in a database."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql).fetchall()


@every_whole_format
def test_nodes_and_edges_are_as_many_as_rows(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    graph = read(exported(examples, format_, tmp_path), format_)
    ((entities, articles, values, statements, mentions),) = asked(
        examples,
        "SELECT (SELECT count(*) FROM entities), (SELECT count(*) FROM articles),"
        " (SELECT count(*) FROM relations WHERE value IS NOT NULL),"
        " (SELECT count(*) FROM relations), (SELECT count(*) FROM appearances)",
    )
    assert Counter(each["kind"] for each in graph.nodes.values()) == {
        "Entity": entities,
        "Article": articles,
        "Value": values,
    }
    assert Counter(each["kind"] for *_, each in graph.edges) == {
        "statement": statements,
        "mention": mentions,
    }
    assert min(entities, articles, values, statements, mentions) > 0


@every_format
def test_every_edge_leads_from_a_node_to_a_node(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    graph = read(exported(examples, format_, tmp_path), format_)
    ends = {end for source, target, _ in graph.edges for end in (source, target)}
    assert ends <= graph.nodes.keys()


@every_format
def test_entities_have_their_properties(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    graph = read(exported(examples, format_, tmp_path), format_)
    names = ("name", "type", "description", "mention_count", "article_count", "first_seen")
    expected = {
        f"entity/{key}": tuple(values)
        for key, *values in asked(
            examples,
            "SELECT key, name, entities.type, description, mentions, articles, first_seen"
            " FROM entities JOIN entity_counts ON entity_id = id",
        )
    }
    found = {
        id_: tuple(each.get(name) for name in names)
        for id_, each in graph.of_kind("Entity").items()
    }
    assert found == expected


@every_whole_format
def test_statements_have_their_properties_and_sources(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    graph = read(exported(examples, format_, tmp_path), format_)
    expected = Counter(
        asked(
            examples,
            "SELECT 'entity/' || subjects.key, relations.predicate, confidence, start_date,"
            " coalesce(objects.name, relations.value), datatype,"
            " (SELECT group_concat('article/' || key) FROM (SELECT DISTINCT articles.key AS key"
            " FROM evidence JOIN articles ON articles.id = article_id"
            " WHERE relation_id = relations.id ORDER BY 1))"
            " FROM relations JOIN relation_counts ON relation_id = relations.id"
            " JOIN entities AS subjects ON subjects.id = relations.subject_id"
            " LEFT JOIN entities AS objects ON objects.id = relations.object_id",
        )
    )
    found = Counter(
        (
            source,
            data["predicate"],
            data.get("confidence"),
            data.get("start_date"),
            graph.nodes[target].get("name", graph.nodes[target].get("value")),
            graph.nodes[target].get("datatype"),
            ",".join(data["sources"]),
        )
        for source, target, data in graph.edges_of_kind("statement")
    )
    assert found == expected


@every_whole_format
def test_texts_are_written_where_they_are_asked_for(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    graph = read(exported(examples, format_, tmp_path, "--with-text"), format_)
    texts = {each["text"] for each in graph.of_kind("Article").values()}
    assert texts == {text for (text,) in asked(examples, "SELECT text FROM article_texts")}
    words = {each for *_, data in graph.edges for each in data.get("evidence", ())}
    assert words
    without = read(exported(examples, format_, tmp_path), format_)
    assert not any("text" in each for each in without.nodes.values())
    assert not any("evidence" in each for *_, each in without.edges)


def _together(database: Path) -> Counter[tuple[str, str]]:
    """In how many articles each pair of entities is named, counted in Python."""
    named: dict[int, set[str]] = {}
    for article, key in asked(
        database, "SELECT article_id, key FROM appearances JOIN entities ON entity_id = entities.id"
    ):
        named.setdefault(article, set()).add(f"entity/{key}")
    return Counter(pair for keys in named.values() for pair in combinations(sorted(keys), 2))


@pytest.mark.parametrize("least", [1, 2, 3])
def test_gexf_joins_who_is_named_together_often_enough(
    examples: Path, tmp_path: Path, least: int
) -> None:
    assert GEXF is not None
    graph = read(exported(examples, GEXF, tmp_path, "--together", str(least)), GEXF)
    expected = {pair: n for pair, n in _together(examples).items() if n >= least}
    found = {
        (source, target): data["weight"] for source, target, data in graph.edges_of_kind("together")
    }
    assert found == expected
    stated = graph.edges_of_kind("statement")
    assert len(stated) == len(
        asked(examples, "SELECT 1 FROM relations WHERE object_id IS NOT NULL")
    )
    ends = {end for source, target, _ in graph.edges for end in (source, target)}
    assert graph.nodes.keys() == ends


def test_gexf_dates_edges_by_the_first_and_the_last_article(examples: Path, tmp_path: Path) -> None:
    assert GEXF is not None
    graph = read(exported(examples, GEXF, tmp_path), GEXF)
    published = {
        (f"entity/{one}", f"entity/{other}"): (first_day(first), last_day(last))
        for one, other, first, last in asked(
            examples,
            "SELECT one.key, other.key, min(published), max(published) FROM articles"
            " JOIN appearances a ON a.article_id = articles.id"
            " JOIN appearances b ON b.article_id = articles.id"
            " JOIN entities one ON one.id = a.entity_id JOIN entities other ON other.id = b.entity_id"
            " WHERE one.key < other.key GROUP BY one.key, other.key",
        )
    }
    found = {
        (source, target): (data["start"], data["end"])
        for source, target, data in graph.edges_of_kind("together")
    }
    assert found == published
    assert all(data["label"] and data["start"] for *_, data in graph.edges_of_kind("statement"))


def test_gexf_has_values_as_lines_of_their_entity(examples: Path, tmp_path: Path) -> None:
    assert GEXF is not None
    graph = read(exported(examples, GEXF, tmp_path), GEXF)
    expected = {
        f"entity/{key}": lines
        for key, lines in asked(
            examples,
            "SELECT key, group_concat(line, char(10)) FROM (SELECT entities.key,"
            " predicate || ': ' || value AS line FROM relations"
            " JOIN entities ON entities.id = subject_id WHERE value IS NOT NULL"
            " ORDER BY predicate, value) GROUP BY key",
        )
    }
    found = {id_: each["values"] for id_, each in graph.nodes.items() if "values" in each}
    assert expected
    assert {id_: found[id_] for id_ in expected if id_ in graph.nodes} == found


@pytest.mark.parametrize("table", ["mentions", "evidence", "quotes"])
def test_parquet_has_what_lies_in_texts(examples: Path, tmp_path: Path, table: str) -> None:
    assert PARQUET is not None
    folder = exported(examples, PARQUET, tmp_path)
    found = {(each["id"], each.get("start_char")) for each in rows_of(folder / f"{table}.parquet")}
    name = {"mentions": "mention", "evidence": "evidence", "quotes": "quote"}[table]
    expected = asked(examples, f"SELECT '{name}/' || key, start_char FROM {table}")
    assert found == set(expected)


def _part(graph: Read, ids: set[str]) -> Read:
    """The nodes with these ids, and what is between them."""
    nodes = {id_: each for id_, each in graph.nodes.items() if id_ in ids}
    return Read(nodes, [each for each in graph.edges if {*each[:2]} <= ids])


@every_whole_format
def test_a_part_is_what_rdf_writes_of_it(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    """What is about an article: itself, what it names, and what it states."""
    ((key, number),) = asked(examples, "SELECT key, id FROM articles ORDER BY key LIMIT 1")
    part = read(exported(examples, format_, tmp_path, "--article", key), format_)
    named = asked(
        examples,
        "SELECT 'entity/' || key FROM appearances JOIN entities ON entities.id = entity_id"
        f" WHERE article_id = {number}",
    )
    assert part.of_kind("Article").keys() == {f"article/{key}"}
    assert part.of_kind("Entity").keys() == {each for (each,) in named}
    stated = asked(
        examples, f"SELECT count(DISTINCT relation_id) FROM evidence WHERE article_id = {number}"
    )
    assert [(len(part.edges_of_kind("statement")),)] == stated
    assert all(
        data["sources"] == [f"article/{key}"] for *_, data in part.edges_of_kind("statement")
    )


@every_format
@pytest.mark.parametrize("option", ["entities", "articles", "relations"])
def test_a_part_is_in_the_whole(
    examples: Path, tmp_path: Path, format_: GraphFormat, option: str
) -> None:
    ((key,),) = asked(examples, f"SELECT max(key) FROM {option}")
    singular = {"entities": "entity", "articles": "article", "relations": "relation"}[option]
    whole = read(exported(examples, format_, tmp_path), format_)
    part = read(exported(examples, format_, tmp_path, f"--{singular}", key), format_)
    assert part.nodes.keys() < whole.nodes.keys()
    among = _part(whole, set(part.nodes))
    ends = Counter((*each[:2], each[2]["kind"]) for each in part.edges)
    assert not ends - Counter((*each[:2], each[2]["kind"]) for each in among.edges)
    assert part.edges
    if option != "relations":
        assert f"{singular}/{key}" in part.nodes or format_ is GEXF


@every_format
def test_what_was_decided_is_followed(examples: Path, tmp_path: Path, format_: GraphFormat) -> None:
    """Entities that are one thing are one node, and what is wrong is left out."""
    database = Path(shutil.copy(examples, tmp_path / "decided.db"))
    (kept,), (former,) = asked(
        database, "SELECT key FROM entities WHERE type = 'Person' ORDER BY key LIMIT 2"
    )
    ((wrong, subject, predicate),) = asked(
        database,
        "SELECT relations.key, subjects.key, predicate FROM relations"
        " JOIN entities AS subjects ON subjects.id = subject_id WHERE object_id IS NOT NULL"
        f" AND subjects.key NOT IN ('{kept}', '{former}') ORDER BY relations.key LIMIT 1",
    )
    before = read(exported(database, format_, tmp_path), format_)
    assert newsgraph("merge", database, kept, former, "--keep", kept, "-q").exit_code == 0
    assert newsgraph("correct", database, wrong, "--wrong", "-q").exit_code == 0
    after = read(exported(database, format_, tmp_path), format_)
    assert before.of_kind("Entity").keys() - after.of_kind("Entity").keys() == {f"entity/{former}"}

    def stated(graph: Read) -> int:
        return sum(
            source == f"entity/{subject}"
            and predicate in (each.get("predicate"), each.get("label"))
            for source, _, each in graph.edges_of_kind("statement")
        )

    assert stated(after) == stated(before) - 1
    of_former = [each for each in before.edges if f"entity/{former}" in each[:2]]
    assert of_former
    assert not [each for each in after.edges if f"entity/{former}" in each[:2]]
