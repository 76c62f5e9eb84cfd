"""The mapping to RDF, by one small article of which every triple was written by hand.

``data/one_article.ttl`` is the documentation that these tests keep true.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from datasette_newsgraph import load
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.rdf import FORMATS, Format, format_named
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.chosen_terms import set_term
from tests.rdf.rdf_tools import (
    BASE,
    JUDGES,
    Graph,
    Reader,
    check_all_read,
    explain,
    export,
    graph_of,
    iri,
    literal,
    read_with_pyoxigraph,
)

DATA = Path(__file__).parents[1] / "data"
TURTLE = format_named("turtle")

ARMSTRONG = iri("id:entity/q1615-dqklth4bifwlw")
CREW = iri("id:entity/apollo-11-crew-7qxs7kr3r3gel")
COLUMBIA = iri("id:entity/columbia-lzjse4cvh3vzm")
COMMANDS = iri("id:relation/commands-v43rwogtqrm3a")
TEXT = iri("id:article/moon-1969-prlspmufqxasn/text")
SENTENCE = iri("id:article/moon-1969-prlspmufqxasn/text#char=82,120")
QUOTED = iri("id:article/moon-1969-prlspmufqxasn/text#char=121,146")
QUOTE = iri("id:quote/prlspmufqxasn-121-146-4rirv")

WORDS = (
    "Two men walk on the Moon\n\nNeil Armstrong and Buzz Aldrin have walked on the Moon."
    " Armstrong commands the Apollo 11 crew. “Magnificent desolation,” Aldrin told Houston.\n\n"
    "Photo: Columbia, which stayed in orbit."
)

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The article, loaded once."""
    path = tmp_path_factory.mktemp("one") / "one.db"
    load_files(path, [DATA / "one_article.jsonl"], base_iri=BASE)
    return path


@pytest.fixture
def database(loaded: Path, tmp_path: Path) -> Path:
    """The article in a database that a test may change."""
    return Path(shutil.copy(loaded, tmp_path))


@pytest.fixture(scope="module")
def by_hand() -> Graph:
    """The graph as it was written by hand."""
    return set(read_with_pyoxigraph((DATA / "one_article.ttl").read_bytes(), TURTLE))


def set_terms(database: Path, *terms: tuple[str, str]) -> None:
    """What ``newsgraph vocabulary --set`` does, for each label and IRI."""
    with open_store(database, write=True) as db:
        for label, term in terms:
            set_term(db, label, term)


@pytest.mark.parametrize("judge", JUDGES.values(), ids=JUDGES)
def test_the_hand_written_graph_is_the_same_to_every_judge(by_hand: Graph, judge: Reader) -> None:
    assert set(judge((DATA / "one_article.ttl").read_bytes(), TURTLE)) == by_hand


@every_format
def test_an_export_holds_what_was_written_by_hand(
    database: Path, by_hand: Graph, format_: Format
) -> None:
    check_all_read(export(database, format_), format_, by_hand)


@every_format
def test_with_text_adds_the_words_and_nothing_else(
    database: Path, by_hand: Graph, format_: Format
) -> None:
    words = {
        (TEXT, iri("nif:isString"), literal(WORDS)),
        (SENTENCE, iri("nif:anchorOf"), literal("Armstrong commands the Apollo 11 crew.")),
        (QUOTED, iri("nif:anchorOf"), literal("“Magnificent desolation,”")),
        (QUOTE, iri("schema:text"), literal("“Magnificent desolation,”")),
    }
    check_all_read(export(database, format_, with_text=True), format_, by_hand | words)


@every_format
@pytest.mark.parametrize(
    ("assert_from", "member_of", "commands"),
    [
        (0, True, True),
        (0.3, True, True),
        (0.31, True, False),
        (0.9, True, False),
        (1, False, False),
    ],
)
def test_assert_from_decides_about_plain_triples_only(
    database: Path,
    by_hand: Graph,
    format_: Format,
    assert_from: float,
    member_of: bool,
    commands: bool,
) -> None:
    """Evidence of 0.9 says “member of”, of 0.3 “commands”; the birth date's has no confidence."""
    of_the_crew = (ARMSTRONG, iri("schema:memberOf"), CREW)
    in_command = (ARMSTRONG, iri("term:commands"), CREW)
    expected = by_hand - {of_the_crew}
    expected |= {of_the_crew} if member_of else set()
    expected |= {in_command} if commands else set()
    found = set(read_with_pyoxigraph(export(database, format_, assert_from=assert_from), format_))
    assert found == expected, explain(found, expected)


@every_format
def test_a_term_of_the_users_takes_the_place_of_our_own(
    database: Path, by_hand: Graph, format_: Format
) -> None:
    set_terms(database, ("Commands", "https://vocabulary.example/commander"))
    found = set(read_with_pyoxigraph(export(database, format_), format_))
    ours = {
        (COMMANDS, iri("rdf:predicate"), iri("term:commands")),
        (iri("term:commands"), iri("rdf:type"), iri("rdf:Property")),
        (iri("term:commands"), iri("rdfs:label"), literal("commands")),
    }
    users = {(COMMANDS, iri("rdf:predicate"), "<https://vocabulary.example/commander>")}
    assert found == by_hand - ours | users, explain(found, by_hand - ours | users)


@every_format
def test_a_term_of_the_users_comes_before_the_published_one(
    database: Path, by_hand: Graph, format_: Format
) -> None:
    set_terms(database, ("member of", "https://vocabulary.example/crewOf"))
    found = set(read_with_pyoxigraph(export(database, format_), format_))
    published, users = iri("schema:memberOf"), "<https://vocabulary.example/crewOf>"
    expected = {tuple(users if term == published else term for term in each) for each in by_hand}
    assert (ARMSTRONG, users, CREW) in found
    assert found == expected, explain(found, expected)


@every_format
def test_a_class_of_the_users_takes_the_place_of_our_own(
    database: Path, by_hand: Graph, format_: Format
) -> None:
    set_terms(database, ("Spacecraft", "http://www.wikidata.org/entity/Q40218"))
    found = set(read_with_pyoxigraph(export(database, format_), format_))
    ours = {
        (COLUMBIA, iri("rdf:type"), iri("term:Spacecraft")),
        (iri("term:Spacecraft"), iri("rdf:type"), iri("rdfs:Class")),
        (iri("term:Spacecraft"), iri("rdfs:label"), literal("spacecraft")),
    }
    users = {(COLUMBIA, iri("rdf:type"), "<http://www.wikidata.org/entity/Q40218>")}
    assert found == by_hand - ours | users, explain(found, by_hand - ours | users)


def test_taking_the_term_back_by_giving_ours(database: Path, by_hand: Graph) -> None:
    """A label that was given the very term that it has stands for the same."""
    set_terms(database, ("member of", iri("schema:memberOf")[1:-1]))
    assert graph_of(database) == by_hand


@pytest.mark.parametrize(
    ("type_", "classes"),
    [
        ("Person", {"schema:Person"}),
        ("PERSON", {"schema:Person"}),
        ("Organisation", {"schema:Organization"}),
        ("Organization", {"schema:Organization"}),
        ("Place", {"schema:Place"}),
        ("Event", {"schema:Event"}),
        ("Thing", {"schema:Thing"}),
        ("Award", {"schema:Thing", "term:Award"}),
        ("military_platform", {"schema:Thing", "term:MilitaryPlatform"}),
        ("MilitaryPlatform", {"schema:Thing", "term:MilitaryPlatform"}),
    ],
)
def test_the_classes_of_an_entity(tmp_path: Path, type_: str, classes: set[str]) -> None:
    load(
        tmp_path / "types.db",
        [{"id": "a", "entities": [{"id": "e", "type": type_, "name": "It"}]}],
        base_iri=BASE,
    )
    found = {
        object_
        for subject, predicate, object_ in graph_of(tmp_path / "types.db")
        if "/id/entity/" in subject and predicate == iri("rdf:type")
    }
    assert found == {iri(name) for name in classes}
