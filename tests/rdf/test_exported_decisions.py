"""Who decided what, in RDF: only where it is asked for, and only what holds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rdflib

from datasette_newsgraph import rdf_graph
from datasette_newsgraph.decisions.decision import Decision, split_key
from datasette_newsgraph.identity import article_key
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.schema import TABLES
from tests.rdf.decided_graphs import (
    ENTITY,
    KEYS,
    carried_out,
    different,
    load_things,
    same,
    visits,
)
from tests.rdf.exported_graphs import newsgraph, of_class, values
from tests.rdf.rdf_tools import (
    Graph,
    check_all_read,
    explain,
    export,
    graph_of,
    iri,
    literal,
    triples_of_rdflib,
)

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
TEAM = split_key(KEYS["us"], "The team")
SPLIT = Decision(
    "split",
    KEYS["us"],
    TEAM,
    articles=(article_key("a1"), article_key("a3")),
    value="The team",
    by="Bo “the” Desk\\",
    at="2026-03-01T10:20:30.000001Z",
    why="A match\nreport.",
)
DECIDED = (
    same("us", "usa", how="rule: surname", why="=)"),
    different("texas", "paris"),
    SPLIT,
    Decision("name", KEYS["usa"], value="United States of America"),
    Decision("type", KEYS["team"], value="Team", by="ana"),
    Decision("wrong", visits("lima", "usa"), kind="relation", by="ana"),
)


@pytest.fixture(scope="module")
def undecided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph before anybody decided anything."""
    path = tmp_path_factory.mktemp("things") / "things.db"
    load_things(path)
    return path


@pytest.fixture
def things(undecided: Path, tmp_path: Path) -> Path:
    """The same, for a test to decide in."""
    return Path(shutil.copy(undecided, tmp_path))


@pytest.fixture(scope="module")
def decided(undecided: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The graph in which all of ``DECIDED`` holds, and the IRIs of these decisions."""
    path = Path(shutil.copy(undecided, tmp_path_factory.mktemp("decided")))
    stored = carried_out(path, *DECIDED)
    return path, [iri(f"id:decision/{each.key}") for each in stored]


def decisions(path: Path, **options: Any) -> Graph:
    """What an export says of decisions and of who decided."""
    graph = graph_of(path, with_decisions=True, **options)
    ours = tuple(iri(f"id:{kind}/")[:-1] for kind in ("decision", "decider"))
    return {each for each in graph if each[0].startswith(ours)}


def verdicts(path: Path, **options: Any) -> list[str]:
    """The verdicts that are exported."""
    return sorted(o for _, p, o in decisions(path, **options) if p == iri("ng:verdict"))


def test_who_decided_what_is_written_where_it_is_asked_for(
    decided: tuple[Path, list[str]],
) -> None:
    path, (first, second, split, name, type_, wrong) = decided
    graph = graph_of(path, with_decisions=True)
    assert graph > graph_of(path)
    assert graph - graph_of(path) == decisions(path)
    assert values(graph, first, "prov:used") == {ENTITY["us"], ENTITY["usa"]}
    assert values(graph, first, "ng:decidedHow") == {literal("rule: surname")}
    assert values(graph, second, "ng:verdict") == {literal("different")}
    assert values(graph, name, "ng:decidedValue") == {literal("United States of America")}
    assert values(graph, name, "prov:wasAssociatedWith") == set()
    assert values(graph, type_, "prov:used") == {ENTITY["team"]}
    gone = iri(f"id:relation/{visits('lima', 'usa')}")
    assert values(graph, wrong, "prov:used") == {gone}
    assert {(p, o) for node, p, o in graph if node == split} >= {
        (iri("rdf:type"), iri("prov:Activity")),
        (iri("ng:verdict"), literal("split")),
        (iri("prov:used"), ENTITY["us"]),
        (iri("prov:used"), iri(f"id:article/{article_key('a1')}")),
        (iri("prov:used"), iri(f"id:article/{article_key('a3')}")),
        (iri("prov:generated"), iri(f"id:entity/{TEAM}")),
        (iri("ng:decidedValue"), literal("The team")),
        (iri("prov:endedAtTime"), literal("2026-03-01T10:20:30.000001Z", "xsd:dateTime")),
        (iri("rdfs:comment"), literal("A match\nreport.")),
    }


def test_who_decided_is_one_agent_for_all_decisions(decided: tuple[Path, list[str]]) -> None:
    path, (first, second, split, *_) = decided
    graph = graph_of(path, with_decisions=True)
    (ana,) = values(graph, first, "prov:wasAssociatedWith")
    assert values(graph, second, "prov:wasAssociatedWith") == {ana}
    (desk,) = values(graph, split, "prov:wasAssociatedWith")
    assert of_class(graph, "prov:Agent") == {ana, desk}
    assert values(graph, ana, "schema:name") == {literal("ana")}
    assert values(graph, desk, "schema:name") == {literal("Bo “the” Desk\\")}


@every_format
def test_every_parser_reads_the_same(decided: tuple[Path, list[str]], format_: Format) -> None:
    path, _ = decided
    document = export(path, format_, with_decisions=True)
    check_all_read(document, format_, graph_of(path, with_decisions=True))
    assert document == export(path, format_, with_decisions=True, jobs=2)
    # Nobody is named who did not ask.
    for told in (export(path, format_), export(path, format_, with_text=True)):
        assert b"decider" not in told
        assert b"Desk" not in told


def test_a_notebook_gets_them_as_an_export_does(decided: tuple[Path, list[str]]) -> None:
    path, _ = decided
    found = set(triples_of_rdflib(rdf_graph(path, with_decisions=True)))
    expected = graph_of(path, with_decisions=True)
    assert found == expected, explain(found, expected)


def test_the_command_writes_them(decided: tuple[Path, list[str]]) -> None:
    path, _ = decided
    result = newsgraph("export", path, "-f", "ntriples", "--with-decisions", "-q")
    assert result.stdout_bytes == export(path, FORMATS[2], with_decisions=True)


def test_they_conform_to_the_shapes(
    decided: tuple[Path, list[str]],
    violations: Callable[[rdflib.Graph], set[tuple[str, str]]],
) -> None:
    assert violations(rdf_graph(decided[0], with_decisions=True)) == set()


def test_where_nothing_was_decided_nothing_is_added(undecided: Path) -> None:
    for format_ in FORMATS:
        assert export(undecided, format_, with_decisions=True) == export(undecided, format_)


# --- What holds ------------------------------------------------------------------------------


def test_what_was_taken_back_is_not_written(things: Path) -> None:
    stored = carried_out(things, *DECIDED)
    carried_out(things, Decision("undo", stored[2].batch, by="bo"))
    assert verdicts(things) == []


def test_of_a_pair_the_last_verdict_is_written(things: Path) -> None:
    carried_out(things, same("us", "usa"))
    carried_out(things, different("us", "usa"))
    assert verdicts(things) == [literal("different")]
    carried_out(things, Decision("unsure", KEYS["us"], KEYS["usa"], by="ana"))
    assert verdicts(things) == []


def test_of_two_names_the_last_is_written(things: Path) -> None:
    carried_out(things, same("us", "usa"))
    carried_out(things, Decision("name", KEYS["us"], value="America"))
    carried_out(things, Decision("name", KEYS["usa"], value="The States"))
    found = {o for _, p, o in decisions(things) if p == iri("ng:decidedValue")}
    assert found == {literal("The States")}


def test_what_another_decision_bars_is_not_written(things: Path) -> None:
    """A is B, B is C, and A is not C."""
    carried_out(things, same("us", "usa"))
    carried_out(things, different("us", "lima"))
    carried_out(things, same("usa", "lima"))
    assert verdicts(things) == [literal("different"), literal("same")]


# --- A part, and what is hidden --------------------------------------------------------------


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({"entities": [KEYS["usa"]]}, ["name", "same"]),
        ({"entities": [KEYS["paris"]]}, ["different", "wrong"]),
        ({"articles": ["a1"]}, ["different", "split", "type"]),
    ],
    ids=str,
)
def test_a_part_has_the_decisions_about_what_is_in_it(
    decided: tuple[Path, list[str]], selection: dict[str, Any], expected: list[str]
) -> None:
    path, _ = decided
    assert set(verdicts(path, **selection)) >= {literal(each) for each in expected}
    assert len(verdicts(path, **selection)) < len(DECIDED)
    assert decisions(path, **selection) < decisions(path)


@pytest.mark.parametrize("hidden", ["decisions", "decided", "as_given"])
def test_who_may_not_read_of_decisions_gets_none(
    decided: tuple[Path, list[str]], hidden: str
) -> None:
    path, _ = decided
    assert decisions(path, tables={*TABLES} - {hidden}) == set()


def test_what_stands_in_the_log_by_hand_breaks_no_document(things: Path) -> None:
    (stored,) = carried_out(things, different("us", "usa"))
    with open_store(things, write=True) as db:
        db.conn.execute("UPDATE decisions SET left_key = 'a> <b' WHERE key = ?", [stored.key])
        db.conn.commit()
    result = newsgraph("export", things, "--with-decisions")
    assert result.exit_code == 1
    assert "newsgraph check" in result.stderr
