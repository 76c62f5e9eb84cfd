"""The rules by which an entity is linked to a thing of its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.authority.countries import Countries
from datasette_newsgraph.authority.things import Thing
from datasette_newsgraph.linking.link import Entity, Link
from datasette_newsgraph.linking.rules import link_of
from tests.linking.authorities import WIKIDATA, InMemory, thing

KNOWN = InMemory(
    thing("Q76", "Person", "Barack Obama", "Barack Hussein Obama", "Obama"),
    thing("Q90", "Place", "Paris", "City of Light", links=300),
    thing("Q830149", "Place", "Paris", "Paris, Texas"),
    thing("Q3114", "Place", "Canberra"),
    thing("Q1", "Person", "Jane Smith"),
    thing("Q2", "Person", "Jane Smith"),
    thing("Q3", "Person", "George Washington"),
    thing("Q4", "Organization", "George Washington", "George Washington University"),
    thing("Q312", "Organization", "Apple", "Apple Inc."),
    thing("Q7184", "Organization", "North Atlantic Treaty Organization", "NATO", "Nato"),
    thing("Q5", "Organization", "Supreme Court of Norland", "Supreme Court", "SC"),
    thing("Q6", "Organization", "United Artists", "UAX"),
    thing("Q7", "Person", "Ursula Anna Xaver", "UAX"),
    thing("Q8", "Place", "Springfield, Norland", "Springfield", "LAX"),
    thing("Q9", "Event", "Battle of Aville"),
    thing("Q10", "film", "Blue Sky"),
    thing("Q12", "Place", "Sedan", "Sudan"),
    thing("Q13", "Place", "Ontario", links=60),
    thing("Q14", "Place", "Armenia"),
    thing("Q15", "Place", "Genoa", "Genova", "Genoa on Sea", "White House"),
    thing("Q142", "Place", "France"),
    thing("Q230", "Place", "Georgia"),
    thing("Q21", "Place", "New Brunswick", links=19),
    thing("Q22", "Organization", "Norland Steel Works", "Norland Steel Company", links=1),
    thing("Q16", "Person", "Ana Jones", links=3),
    Thing("https://sws.geonames.org/17/", "Aville", (), "PPL NO", "Place", 499_999),
    Thing("https://sws.geonames.org/18/", "Beville", (), "PPL NO", "Place", 500_000),
    Thing("https://sws.geonames.org/19/", "Ceville", (), "PPLC NO", "Place", 20_000),
    Thing(f"{WIKIDATA}Q20", "Anvil", (), "", "Organization", 0, is_checked=True),
    thing("Q11", "", "Red Sky"),
)


def linked(type_: str, name: str, *aliases: str) -> Link | None:
    return link_of(Entity("a-key", type_, name, aliases), KNOWN)


@pytest.mark.parametrize(
    ("type_", "name", "aliases", "item"),
    [
        ("Person", "Barack Obama", (), "Q76"),
        ("Person", "barack Obama’s", (), "Q76"),
        ("Place", "Canberra", (), "Q3114"),
        ("City", "Canberra", (), "Q3114"),
        ("Place", "Paris, Texas", (), "Q830149"),
        ("Place", "Genoa on Sea", (), "Q15"),
        ("Place", "Beville", (), "18/"),
        ("Place", "France", (), "Q142"),
        ("Place", "Ceville", (), "19/"),
        ("Organization", "Anvil", (), "Q20"),
        ("Company", "Norland Steel Works", (), "Q22"),
        ("Organization", "NATO", (), "Q7184"),
        ("Organisation", "N.A.T.O.", (), "Q7184"),
        ("Company", "Apple Inc.", ("Apple",), "Q312"),
        ("Organization", "Apple", ("Apple Inc",), "Q312"),
        ("Organization", "the North Atlantic Treaty Organization", (), "Q7184"),
        ("Event", "the Battle of Aville", (), "Q9"),
    ],
)
def test_one_thing_of_the_name_and_type_is_meant(
    type_: str, name: str, aliases: tuple[str, ...], item: str
) -> None:
    found = linked(type_, name, *aliases)
    assert found is not None
    assert found.is_sure
    assert found.iri.endswith(f"/{item}")
    assert found.words.endswith("alone")


@pytest.mark.parametrize(
    ("type_", "name", "aliases", "words"),
    [
        ("Place", "Paris", (), "2 things are called “Paris”"),
        ("Place", "Paris", ("Paris, Texas",), "2 things are called “Paris”"),
        ("Place", "Sudan", (), "“Sudan” is the name of a country"),
        ("Place", "Georgia", (), "“Georgia” is the name of a country"),
        ("Place", "Armenia", (), "“Armenia” is the name of a country"),
        ("Place", "Ontario", (), "“Ontario” is one word, and Ontario not very well known"),
        ("Place", "Genova", (), "“Genova” is one word, and another name of Genoa"),
        ("Place", "White House", (), "“White House” has no word of “Genoa” in it"),
        ("Place", "New Brunswick", (), "New Brunswick is not very well known"),
        ("Company", "Norland Steel Company", (), "Norland Steel Works is not very well known"),
        ("Place", "Aville", (), "“Aville” is one word, and Aville not very well known"),
        ("Person", "Ana Jones", (), "Ana Jones is not very well known"),
        ("Person", "Jane Smith", (), "2 things are called “Jane Smith”"),
        ("Person", "George Washington", (), "something else is called “George Washington”, too"),
        ("Person", "Obama", (), "“Obama” is no full name"),
        ("Organization", "Apple", (), "“Apple” is one word"),
        ("Organization", "Nato", (), "“Nato” is one word"),
        ("Organization", "Supreme Court", (), "is a shorter form of “Supreme Court of Norland”"),
        ("Organization", "SC", (), "the letters “SC” may stand for something else"),
        ("Organization", "UAX", (), "the letters “UAX” may stand for something else"),
        ("Person", "Obama", ("Barack Obama",), "“Obama” is no full name"),
        ("Person", "The president", ("Barack Obama",), "only its other name “Barack Obama”"),
        ("Place", "Springfield", (), "is a shorter form of “Springfield, Norland”"),
        ("Place", "canberra", (), "“canberra” is not written like a name"),
        ("Place", "Canberra", ("City of Light",), "“City of Light” is one of Paris"),
        ("Place", "Capital", ("Canberra",), "only its other name “Canberra” is known"),
        ("Organization", "Canberra", (), "it is Organization here, and Place there"),
        ("Thing", "Canberra", (), "it is Thing here, and Place there"),
        ("Film", "Blue Sky", (), "rules decide about people, places"),
        ("Place", "Red Sky", (), "it is Place here, and of no known type there"),
    ],
)
def test_what_speaks_against_it_is_left_to_people(
    type_: str, name: str, aliases: tuple[str, ...], words: str
) -> None:
    found = linked(type_, name, *aliases)
    assert found is not None
    assert not found.is_sure
    assert words in found.words


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("Person", "Canberra"),
        ("Place", "Barack Obama"),
        ("Person", "Michelle Obama"),
        ("Place", "Canberra Airport"),
        ("Place", "..."),
        ("Organization", "nato"),
    ],
)
def test_another_name_and_a_person_that_is_none_are_no_link(type_: str, name: str) -> None:
    found = linked(type_, name)
    assert found is None or (name == "nato" and not found.is_sure)


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("US", "Q30"),
        ("the U.S.", "Q30"),
        ("France’s", "Q142"),
        ("IRAN", "Q794"),
        ("The Gambia", "Q1005"),
        ("Alemania", "Q183"),
        ("中国", "Q148"),
    ],
)
def test_countries_are_linked_by_their_shortest_names(name: str, item: str) -> None:
    found = link_of(Entity("a-key", "Place", name), Countries())
    assert found is not None
    assert found.is_sure
    assert found.iri.endswith(f"/{item}")


@pytest.mark.parametrize(
    ("type_", "name", "countries"),
    [
        ("Place", "Congo", 2),
        ("Place", "Korea", 2),
        ("Place", "Georgia", 1),
        ("Place", "us", 0),
        ("Organization", "France", 1),
        ("Nationality", "French", 0),
        ("Person", "Jordan", 0),
        ("Place", "New Mexico", 0),
    ],
)
def test_what_may_be_no_country_is_none(type_: str, name: str, countries: int) -> None:
    found = link_of(Entity("a-key", type_, name), Countries())
    assert (0 if found is None else len(found.things)) == countries
    assert found is None or not found.is_sure


_TYPES = st.sampled_from(["Person", "Place", "Organization", "Event", "Thing", "city", ""])
_NAMES = st.one_of(st.text(max_size=12), st.sampled_from(["Ana Bo", "ANA", "Ana", "the Ana Bo’s"]))


@given(
    st.lists(st.tuples(_TYPES, st.lists(_NAMES, min_size=1, max_size=3)), max_size=5),
    _TYPES,
    _NAMES,
    st.lists(_NAMES, max_size=3),
)
def test_a_sure_link_is_to_one_thing_of_the_type(
    known: list[tuple[str, list[str]]], type_: str, name: str, aliases: list[str]
) -> None:
    things = [
        Thing(f"https://example.org/{number}", names[0], tuple(names[1:]), "", thing_type)
        for number, (thing_type, names) in enumerate(known)
    ]
    found = link_of(Entity("a-key", type_, name, tuple(aliases)), InMemory(*things))
    if found is not None:
        assert found.things
        assert found.words
    if found is not None and found.is_sure:
        (meant,) = found.things
        assert meant.type in {"Person", "Place", "Organization", "Event"}
