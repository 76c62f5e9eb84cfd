"""The readers of articles in which publishers name whom and what they are about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.loading.load import load_files
from tests.readers.conftest import Load
from tests.readers.recognisers import parse, reasons, same_as

TEXT = "Michelle Bachelet opened a plant in Antofagasta. Bachelet spoke."
PERSON = {
    "@type": "Person",
    "@id": "https://www.wikidata.org/wiki/Q320",
    "name": "Michelle Bachelet",
    "alternateName": ["Bachelet"],
    "sameAs": ["https://viaf.org/viaf/1", "http://dbpedia.org/resource/Michelle_Bachelet"],
}
CITY = {
    "@type": ["Thing", "City"],
    "name": "Antofagasta",
    "url": "https://example.org/topics/antofagasta",
    "geo": {"@type": "GeoCoordinates", "latitude": "-23.6", "longitude": -70.4},
}


def article(**changes: Any) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": "https://example.org/a",
        "headline": "A plant",
        "articleBody": TEXT,
        "about": PERSON,
        "mentions": [CITY],
        "keywords": "plants, copper",
        **changes,
    }


def test_names_are_looked_for_in_the_text(tmp_path: Path, db_path: Path, query: Any) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text(json.dumps(article()))
    summary = load_files(db_path, [path])
    assert (set(summary.formats.values()), summary.new) == ({"schema_org"}, 1)
    assert summary.passed_over == {"keywords": 1}
    rows = "SELECT name, type, start_char FROM mentions JOIN entities ON entities.id = entity_id"
    assert query(f"{rows} ORDER BY 3") == [
        ("Michelle Bachelet", "Person", 0),
        ("Antofagasta", "Place", 36),
        ("Michelle Bachelet", "Person", 49),
    ]
    assert query("SELECT given_id, title FROM articles") == [("https://example.org/a", "A plant")]


def test_what_identifies_is_taken_and_pages_are_not() -> None:
    parsed = parse("schema_org", article())
    person, city = parsed.article.entities
    assert person.same_as == [*PERSON["sameAs"], PERSON["@id"]]
    assert (city.type, city.same_as) == ("City", [])
    assert (city.latitude, city.longitude) == (-23.6, -70.4)


def test_what_else_is_said_of_an_entity_is_counted() -> None:
    person = {**PERSON, "jobTitle": "High Commissioner", "image": "", "geo": None}
    parsed = parse(
        "schema_org", article(about=person, mentions=[{"name": "Chile", "startDate": "x"}])
    )
    assert parsed.notes.passed_over == {
        "keywords": 1,
        "jobTitle of about": 1,
        "startDate of mentions": 1,
    }


def test_objects_of_a_graph(load: Load) -> None:
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {**PERSON, "@id": "#bachelet"},
            article(about={"@id": "#bachelet"}, mentions=[]),
            {"@type": "NewsArticle", "articleBody": "Nothing named."},
            {"@type": "WebPage", "name": "Page"},
        ],
    }
    found, articles = load(graph, "a.jsonld")
    assert found == "schema_org"
    assert [[each.name for each in one.article.entities] for one in articles] == [
        ["Michelle Bachelet"],
        [],
    ]


@pytest.mark.parametrize(
    "given",
    [article(about=[], mentions=[]), article(about="copper", mentions=[{"@id": "#x"}])],
    ids=["nothing", "words"],
)
def test_an_article_that_names_nothing_is_raw(load: Load, given: Any) -> None:
    with pytest.raises(InputError, match="with --extract"):
        load(given, "a.jsonld")


def test_words_are_things_in_a_file_with_names(load: Load) -> None:
    _, articles = load([article(), article(about="copper", mentions=[])])
    assert [(each.type, each.name) for each in articles[1].article.entities] == [
        ("Thing", "copper")
    ]


@pytest.mark.parametrize("named", [{"@type": "Person"}, {"name": " "}, "", "https://x.org/", 3, []])
def test_what_has_no_name_is_a_fault(named: Any) -> None:
    parsed = parse("schema_org", article(mentions=[named]))
    assert reasons(parsed) == ["mentions[0]: has no name"]


def test_a_text_may_come_from_the_articles_file(tmp_path: Path, db_path: Path, query: Any) -> None:
    path, rows = tmp_path / "a.jsonld", tmp_path / "rows.json"
    path.write_text(json.dumps(article(articleBody=None)))
    rows.write_text(json.dumps({"url": "https://example.org/a", "text": TEXT}))
    load_files(db_path, [path], articles=rows)
    assert query("SELECT start_char FROM mentions ORDER BY 1") == [(0,), (36,), (49,)]


# ninjs ------------------------------------------------------------------------------------------


def item(**changes: Any) -> dict[str, Any]:
    return {
        "uri": "urn:x:1",
        "type": "text",
        "headline": "A plant",
        "versioncreated": "2015-06-01T10:00:00Z",
        "body_text": TEXT,
        "person": [{"name": "Michelle Bachelet", "uri": "http://www.wikidata.org/entity/Q320"}],
        "place": [
            {
                "name": "Antofagasta",
                "confidence": 80,
                "geojson": {"type": "Point", "coordinates": [-70.4, -23.6]},
            }
        ],
        "subject": [
            {"name": "mining", "scheme": "http://cv.iptc.org/newscodes/mediatopic", "code": "1"}
        ],
        **changes,
    }


def test_an_item_of_ninjs(load: Load) -> None:
    found, (parsed,) = load([item()])
    assert found == "ninjs_entities"
    person, city, subject = parsed.article.entities
    assert (person.type, person.name) == ("Person", "Michelle Bachelet")
    assert (city.latitude, city.longitude) == (-23.6, -70.4)
    assert same_as(parsed) == {
        "Michelle Bachelet": ["http://www.wikidata.org/entity/Q320"],
        "mining": ["http://cv.iptc.org/newscodes/mediatopic/1"],
    }
    assert subject.type == "Concept"
    assert parsed.article.sections == ["mining"]
    assert [each.confidence for each in parsed.sought] == [None, 0.8, None]
    assert parsed.article.id == "urn:x:1"


def test_version_2_and_a_body_in_html(load: Load) -> None:
    given = {
        "uri": "urn:x:1",
        "headlines": [{"value": "A plant"}],
        "versionCreated": "2015-06-01T10:00:00Z",
        "bodies": [{"contentType": "text/html", "value": f"<p>{TEXT}</p>"}],
        "people": [{"name": "Michelle Bachelet"}],
    }
    found, (parsed,) = load([given])
    assert found == "ninjs_entities"
    assert (parsed.article.text, parsed.article.title) == (TEXT, "A plant")


def test_an_item_with_subjects_only_is_raw(load: Load) -> None:
    with pytest.raises(InputError, match="with --extract"):
        load(item(person=[], place=[]))


def test_what_an_item_does_not_name_is_a_fault() -> None:
    parsed = parse("ninjs_entities", item(person=[{"rel": "about"}], place=["Antofagasta"]))
    assert reasons(parsed) == ["person[0]: has no name"]
    assert [each.name for each in parsed.article.entities] == ["Antofagasta", "mining"]


@pytest.mark.parametrize("name", ["schema_org", "ninjs_entities"])
@pytest.mark.parametrize("given", [{}, {"headline": "x"}, [], "x", 3])
def test_without_text_and_names_it_is_rejected(name: str, given: Any) -> None:
    with pytest.raises(RecordError):
        parse(name, given)
