"""What was decided, in RDF: one IRI of each thing, and former ones that lead to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rdflib

from datasette_newsgraph import load, rdf_graph
from datasette_newsgraph.decisions.decision import Decision, split_key
from datasette_newsgraph.identity import article_key, entity_key
from datasette_newsgraph.rdf import FORMATS, Format, ranges
from datasette_newsgraph.rdf.stream import GraphStream
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.schema import TABLES
from tests.cost import sql_steps_of
from tests.rdf.decided_graphs import (
    ENTITY,
    GEONAMES,
    KEYS,
    WIKIDATA,
    carried_out,
    different,
    key_of_iri,
    load_things,
    same,
    visited,
    visits,
)
from tests.rdf.exported_graphs import described_in, values
from tests.rdf.rdf_tools import (
    BASE,
    Graph,
    check_all_read,
    explain,
    export,
    graph_of,
    iri,
    read_quads,
    triples_of_rdflib,
)

SAME, APART = iri("owl:sameAs"), iri("owl:differentFrom")
every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)

#: Two pairs of one thing each, a pair of two, and a key that no record gives.
DECIDED = (
    same("us", "usa"),
    same("lima", "ana"),
    different("team", "us"),
    different("texas", "paris"),
    Decision("same", KEYS["ana"], "ana-lima-aaaaaaaaaaaaa", keep=KEYS["ana"], by="ana"),
    Decision("unsure", KEYS["paris"], KEYS["ana"], by="ana"),
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
def decided(undecided: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph in which all of ``DECIDED`` holds."""
    path = Path(shutil.copy(undecided, tmp_path_factory.mktemp("decided")))
    carried_out(path, *DECIDED)
    return path


def elsewhere(name: str) -> str:
    """The IRI of a thing of Wikidata."""
    return f"<{WIKIDATA}{name}>"


def of_property(graph: Graph, property_: str) -> set[tuple[str, str]]:
    """Subject and object of each triple of a property."""
    return {(subject, o) for subject, predicate, o in graph if predicate == property_}


# --- Identifiers of authorities --------------------------------------------------------------


def test_a_wrong_link_of_one_article_makes_nothing_the_same(undecided: Path) -> None:
    graph = graph_of(undecided)
    both = {elsewhere("Q90"), elsewhere("Q830149")}
    assert values(graph, ENTITY["texas"], "schema:sameAs") == both
    assert values(graph, ENTITY["texas"], "owl:sameAs") == {elsewhere("Q830149")}
    assert values(graph, ENTITY["paris"], "owl:sameAs") == {elsewhere("Q90")}


def test_only_the_identifier_that_decides_is_the_same(undecided: Path) -> None:
    graph = graph_of(undecided)
    geonames = f"<{GEONAMES}6252001/>"
    assert values(graph, ENTITY["usa"], "schema:sameAs") == {elsewhere("Q30"), geonames}
    assert values(graph, ENTITY["usa"], "owl:sameAs") == {elsewhere("Q30")}


def test_an_identifier_that_a_person_confirmed_is_the_same_too(things: Path) -> None:
    confirmed = key_of_iri(f"{GEONAMES}6252001/")
    carried_out(things, Decision("same", KEYS["usa"], confirmed, keep=KEYS["usa"], by="ana"))
    found = values(graph_of(things), ENTITY["usa"], "owl:sameAs")
    assert found == {elsewhere("Q30"), f"<{GEONAMES}6252001/>"}


def test_the_identifier_of_what_was_joined_is_that_of_both(things: Path) -> None:
    carried_out(things, Decision("same", KEYS["usa"], KEYS["us"], keep=KEYS["us"], by="ana"))
    assert values(graph_of(things), ENTITY["us"], "owl:sameAs") == {elsewhere("Q30")}


@pytest.mark.parametrize(("left", "right"), [("texas", "paris"), ("paris", "texas")])
def test_of_two_identifiers_of_one_authority_that_of_the_key_is_left(
    things: Path, left: str, right: str
) -> None:
    """It is a conflict: Wikidata says that they are two."""
    (q_number,) = {"paris": ["Q90"], "texas": ["Q830149"]}[right]
    carried_out(things, same(left, right))
    graph = graph_of(things)
    assert values(graph, ENTITY[right], "owl:sameAs") == {elsewhere(q_number)}
    assert values(graph, ENTITY[right], "schema:sameAs") == {elsewhere("Q90"), elsewhere("Q830149")}


def test_an_iri_that_was_decided_and_that_no_record_gives(things: Path) -> None:
    berlin = f"{GEONAMES}2950159/"
    lima = KEYS["lima"]
    linked = Decision("same", lima, key_of_iri(berlin), keep=lima, value=berlin, by="ana")
    (stored,) = carried_out(things, linked)
    assert values(graph_of(things), ENTITY["lima"], "owl:sameAs") == {f"<{berlin}>"}
    assert values(graph_of(things), ENTITY["lima"], "schema:sameAs") == {f"<{berlin}>"}
    carried_out(things, Decision("undo", stored.batch, by="ana"))
    assert values(graph_of(things), ENTITY["lima"], "schema:sameAs") == set()


def test_of_a_key_of_wikidatas_it_is_known_what_it_follows_from(things: Path) -> None:
    """Whoever decided may have given the key, or only the number of the item."""
    berlin = f"{WIKIDATA}Q64"
    carried_out(things, Decision("same", KEYS["lima"], key_of_iri(berlin), keep=KEYS["lima"]))
    for property_ in ("owl:sameAs", "schema:sameAs"):
        assert values(graph_of(things), ENTITY["lima"], property_) == {f"<{berlin}>"}


# --- Former keys -----------------------------------------------------------------------------


def test_former_keys_are_the_same_as_the_one_that_is_shown(decided: Path) -> None:
    graph = graph_of(decided)
    ours = iri("id:")[:-1]
    assert {pair for pair in of_property(graph, SAME) if pair[1].startswith(ours)} == {
        (ENTITY["us"], ENTITY["usa"]),
        (ENTITY["lima"], ENTITY["ana"]),
        (iri("id:entity/ana-lima-aaaaaaaaaaaaa"), ENTITY["ana"]),
        (visited("ana", "us"), visited("ana", "usa")),
        (visited("lima", "usa"), visited("ana", "usa")),
        (visited("lima", "us"), visited("ana", "usa")),
    }
    # Nothing else is said of them, or by them.
    for old in (ENTITY["us"], ENTITY["lima"], visited("ana", "us")):
        assert len([each for each in graph if old in each]) == 1


def test_a_former_key_of_what_is_not_loaded_is_not_written(things: Path) -> None:
    carried_out(things, Decision("same", "a-aaaaaaaaaaaaa", "b-aaaaaaaaaaaaa", by="ana"))
    assert b"aaaaaaaaaaaaa" not in export(things, FORMATS[0])


def test_a_statement_about_what_was_divided_is_the_same_as_none(things: Path) -> None:
    """Whoever said something of “US” in one article meant the team."""
    new = split_key(KEYS["us"], "The team")
    articles = (article_key("a1"),)
    carried_out(
        things, Decision("split", KEYS["us"], new, articles=articles, value="The team", by="ana")
    )
    graph = graph_of(things)
    assert described_in(graph, visited("ana", "us")) == set()
    assert {o for _, o in of_property(graph, SAME)} == {
        elsewhere(name) for name in ("Q30", "Q90", "Q830149")
    }


def test_what_is_different_is_said_once(decided: Path) -> None:
    graph = graph_of(decided)
    assert of_property(graph, APART) == {
        tuple(sorted((ENTITY["team"], ENTITY["usa"]))),
        tuple(sorted((ENTITY["texas"], ENTITY["paris"]))),
    }


def test_what_is_different_from_something_that_is_not_loaded_is_not_written(things: Path) -> None:
    carried_out(things, Decision("different", KEYS["us"], "b-aaaaaaaaaaaaa", by="ana"))
    assert of_property(graph_of(things), APART) == set()


def test_what_is_taken_back_leaves_nothing(undecided: Path, things: Path) -> None:
    batches = {each.batch for each in carried_out(things, *DECIDED)}
    carried_out(things, *(Decision("undo", batch, by="ana") for batch in batches))
    for format_ in FORMATS:
        assert export(things, format_) == export(undecided, format_)


def test_a_reasoner_finds_nothing_to_be_the_same_as_what_it_is_different_from(
    decided: Path,
) -> None:
    """All that owl:sameAs joins, whichever way it points, has one IRI of each authority."""
    graph = graph_of(decided)
    clusters: list[set[str]] = []
    for pair in of_property(graph, SAME):
        joined = [each for each in clusters if each & {*pair}]
        clusters = [each for each in clusters if each not in joined]
        clusters.append({*pair}.union(*joined))
    for one, other in of_property(graph, APART):
        assert not any({one, other} <= each for each in clusters)
    for each in clusters:
        assert len([node for node in each if WIKIDATA in node]) <= 1


# --- As every export -------------------------------------------------------------------------


@every_format
def test_every_parser_reads_the_same(decided: Path, format_: Format) -> None:
    document = export(decided, format_)
    check_all_read(document, format_, graph_of(decided))
    quads = read_quads(document, format_)
    assert len(quads) == len(set(quads))


def test_a_notebook_gets_the_same(decided: Path) -> None:
    found, expected = set(triples_of_rdflib(rdf_graph(decided))), graph_of(decided)
    assert found == expected, explain(found, expected)


def test_it_conforms_to_the_shapes(
    decided: Path, violations: Callable[[rdflib.Graph], set[tuple[str, str]]]
) -> None:
    assert violations(rdf_graph(decided)) == set()


@pytest.mark.parametrize("size", [1, 2, 3])
def test_parts_of_any_size_are_the_whole(
    decided: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    divided = {kind: (table, size) for kind, (table, _) in ranges._DIVIDED.items()}
    monkeypatch.setattr(ranges, "_DIVIDED", divided)
    for format_ in FORMATS:
        with open_store(decided) as db:
            graph = GraphStream(db.conn, format_.syntax(BASE))
            parts = list(ranges.divided(graph.rows))
            # Whoever writes a part has not written those before it.
            written = [b"".join(graph.part(each)) for each in reversed(parts)]
            document = b"".join(graph.document(reversed(written)))
        assert document == export(decided, format_)


def test_several_processes_write_the_same(decided: Path) -> None:
    for format_ in FORMATS:
        assert export(decided, format_, jobs=2) == export(decided, format_)


@pytest.mark.parametrize(
    "selection",
    [{"entities": [KEYS["usa"]]}, {"articles": ["a3"]}, {"relations": [visits("ana", "usa")]}],
    ids=lambda selection: next(iter(selection)),
)
def test_a_part_is_in_the_whole_and_can_be_read_alone(
    decided: Path, selection: dict[str, Any]
) -> None:
    part = graph_of(decided, **selection)
    assert part < graph_of(decided)
    assert (ENTITY["us"], SAME, ENTITY["usa"]) in part
    described = {node for node, _, _ in part}
    assert {o for _, _, o in part if o.startswith(iri("id:")[:-1])} <= described


def test_the_part_about_an_entity_says_what_it_is_different_from(decided: Path) -> None:
    for name in ("usa", "team"):
        part = graph_of(decided, entities=[KEYS[name]])
        pair = tuple(sorted((ENTITY["team"], ENTITY["usa"])))
        assert of_property(part, APART) == {pair}
        assert {values(part, each, "schema:name").pop() for each in pair}


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ({"entities": [KEYS["us"]]}, {"entities": [KEYS["usa"]]}),
        ({"relations": [visits("lima", "us")]}, {"relations": [visits("ana", "usa")]}),
    ],
    ids=["entity", "relation"],
)
def test_a_former_key_chooses_the_part_that_is_shown(
    decided: Path, former: dict[str, Any], now: dict[str, Any]
) -> None:
    assert graph_of(decided, **former) == graph_of(decided, **now)


def test_of_the_log_only_who_may_read_it_is_told(things: Path) -> None:
    berlin = f"{GEONAMES}2950159/"
    lima = KEYS["lima"]
    carried_out(things, Decision("same", lima, key_of_iri(berlin), keep=lima, value=berlin))
    assert berlin.encode() in export(things, FORMATS[0])
    assert berlin.encode() not in export(things, FORMATS[0], tables={*TABLES} - {"decisions"})


@pytest.mark.parametrize("hidden", ["decided", "as_given", "identifiers", "entities", "relations"])
def test_what_is_hidden_is_not_told(decided: Path, hidden: str) -> None:
    tables = {*TABLES} - {hidden}
    part, whole = graph_of(decided, tables=tables), graph_of(decided)
    assert part < whole
    said = of_property(part, SAME) | of_property(part, APART)
    kinds = {hidden.replace("ies", "y").rstrip("s")} & {"entity", "relation"}
    kinds |= {"decided": {"entity", "relation"}, "as_given": {"relation"}}.get(hidden, set())
    if hidden == "identifiers":
        assert not any(WIKIDATA in o for _, o in said)
    for kind in kinds:
        ours = iri(f"id:{kind}/")[:-1]
        assert not any(one.startswith(ours) and o.startswith(ours) for one, o in said)


def test_what_decisions_cost_grows_as_they_do(tmp_path: Path) -> None:
    """Of each entity it is looked up what was decided of it, and not all that was decided."""
    steps = []
    for count in (100, 200):
        path = tmp_path / f"{count}.db"
        names = [f"Name {number}" for number in range(2 * count)]
        things = [{"id": name, "type": "Person", "name": name} for name in names]
        load(path, [{"id": "a", "entities": things}])
        keys = [entity_key("Person", name) for name in names]
        pairs = zip(keys[::2], keys[1::2], strict=True)
        carried_out(path, *(Decision("same", *pair) for pair in pairs))
        with open_store(path) as db:
            graph = GraphStream(db.conn, FORMATS[0].syntax(BASE))
            steps.append(sql_steps_of(db.conn, lambda graph=graph: b"".join(graph)))
    assert steps[1] < 2.5 * steps[0]
