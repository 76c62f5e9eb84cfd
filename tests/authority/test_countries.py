"""The countries that come with the package."""

from __future__ import annotations

from collections import Counter
from importlib import resources

import pytest

from datasette_newsgraph.authority.countries import countries, country_names, peoples
from datasette_newsgraph.authority.folding import folded

WIKIDATA = "http://www.wikidata.org/entity/"


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("United States", "Q30"),
        ("U.S.", "Q30"),
        ("US", "Q30"),
        ("UNITED STATES", "Q30"),
        ("Netherlands", "Q55"),
        ("Cote d'Ivoire", "Q1008"),
        ("Democratic Republic of the Congo", "Q974"),
        ("Congo-Brazzaville", "Q971"),
        ("Republic of China", "Q865"),
        ("People’s Republic of China", "Q148"),
        ("Guinea", "Q1006"),
        ("Guinea-Bissau", "Q1007"),
        ("Equatorial Guinea", "Q983"),
    ],
)
def test_a_name_of_one_country_is_known(name: str, item: str) -> None:
    assert country_names()[folded(name)] == WIKIDATA + item


@pytest.mark.parametrize(
    "name", ["Congo", "Korea", "Georgia", "Macedonia", "Palestine", "America", "us", "Car", "Ussr"]
)
def test_a_name_of_several_is_not(name: str) -> None:
    assert folded(name) not in country_names()


@pytest.mark.parametrize(
    ("word", "item"),
    [("French", "Q142"), ("Frenchmen", "Q142"), ("American", "Q30"), ("North Korean", "Q423")],
)
def test_a_people_has_a_country(word: str, item: str) -> None:
    assert peoples()[folded(word)] == WIKIDATA + item


@pytest.mark.parametrize("word", ["Congolese", "Dominican", "Korean", "Samoan"])
def test_a_people_of_two_countries_has_none(word: str) -> None:
    assert folded(word) not in peoples()


def test_no_two_countries_have_a_name() -> None:
    names = Counter(form for each in countries() for form in {*map(folded, each.names)})
    assert [form for form, count in names.items() if count > 1] == []
    people = Counter(form for each in countries() for form in {*map(folded, each.people)})
    assert [form for form, count in people.items() if count > 1] == []


def test_no_people_is_a_name_and_no_shared_name_is_meant() -> None:
    assert not peoples().keys() & country_names().keys()
    shared = {folded(name) for each in countries() for name in each.shared}
    assert not shared & country_names().keys()


def test_each_country_is_there_once() -> None:
    assert len(countries()) > 200
    for names in ([each.iri for each in countries()], [each.name for each in countries()]):
        assert len(names) == len(set(names))


def test_no_name_has_an_article_or_blanks_around_it() -> None:
    for each in countries():
        for name in (*each.names, *each.shared, *each.people):
            assert name == name.strip(), name
            assert folded(name), name


def test_what_an_extraction_knows_of_countries_is_no_other() -> None:
    shared = {folded(name) for each in countries() for name in each.shared}
    folder = resources.files("datasette_newsgraph.extraction.nlp") / "data"
    lines = (folder / "places.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.startswith("country\t")]
    assert rows
    for _, name, others, people, _ in rows:
        found = {folded(each) for each in (name, *others.split("|"))} & country_names().keys()
        meant = {country_names()[form] for form in found}
        assert len(meant) == 1 or folded(name) in shared, name
        words = {folded(each) for each in people.split("|")} & peoples().keys()
        assert {peoples()[form] for form in words} <= meant or folded(name) in shared, name
