"""Whatever a record holds, every format is well-formed and says it to the letter.

The tables are in ``hostile.py``; hypothesis makes up what they forget.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasette_newsgraph import load, rdf_graph
from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import NewsgraphError, UsageError
from datasette_newsgraph.identity import is_blank, normalise_name
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.rdf import FORMATS, Format, format_named
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.rdf.literals import date_datatype, language_tag
from datasette_newsgraph.rdf.xml_names import element_name
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.chosen_terms import set_term
from tests.rdf.any_article import anything, articles
from tests.rdf.exported_graphs import key_of
from tests.rdf.hostile import (
    DATES,
    HYPHENS,
    IRIS,
    LANGUAGES,
    STRINGS,
    VALUES,
    collapsed,
    record_of,
    records,
    stored,
)
from tests.rdf.rdf_tools import (
    BASE,
    Graph,
    check_all_read,
    explain,
    export,
    graph_of,
    iri,
    literal,
    of_xml,
    read_quads,
    read_with_pyoxigraph,
    triples_of_rdflib,
)

NTRIPLES = format_named("ntriples")
every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
KEY = re.compile(r"[a-z0-9-]{1,80}")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All hostile records, loaded."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    load(path, records(), base_iri=BASE)
    return path


@pytest.fixture(scope="module")
def graph(database: Path) -> Graph:
    """What is said of them, by the first format."""
    return graph_of(database, with_text=True)


@pytest.fixture(scope="module")
def about(graph: Graph) -> dict[str, dict[str, set[str]]]:
    """The objects by subject and property."""
    found: dict[str, dict[str, set[str]]] = {}
    for subject, predicate, object_ in graph:
        found.setdefault(subject, {}).setdefault(predicate, set()).add(object_)
    return found


def exports(connection: sqlite3.Connection, given: list[dict[str, Any]]) -> dict[str, bytes]:
    """Load some articles; return the document of each format."""
    with closing(connection):
        load(connection, given, base_iri=BASE)
        with open_store(connection) as db:
            return {each.name: b"".join(stream(db, each, with_text=True)) for each in FORMATS}


@every_format
def test_every_parser_reads_the_same_in_every_format(
    database: Path, graph: Graph, format_: Format
) -> None:
    document = export(database, format_, with_text=True)
    check_all_read(document, format_, graph)
    quads = read_quads(document, format_)
    assert len(quads) == len(set(quads))


def test_a_notebook_gets_the_same(database: Path, graph: Graph) -> None:
    found = set(triples_of_rdflib(rdf_graph(database, with_text=True)))
    assert found == graph, explain(found, graph)


def test_every_iri_of_ours_has_a_plain_key(graph: Graph) -> None:
    keys = {
        term.removesuffix(">").partition("#")[0].split("/")[-1]
        for each in graph
        for term in each
        if term.startswith(iri("id:")[:-1])
        and not term.partition("#")[0].rstrip(">").endswith("/text")
    }
    assert len(keys) > 500
    assert [key for key in keys if not KEY.fullmatch(key)] == []


# --- Strings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "text"), list(enumerate(STRINGS.values())), ids=list(STRINGS))
def test_a_string_comes_out_to_the_letter(
    about: dict[str, dict[str, set[str]]], number: int, text: str
) -> None:
    def with_value(name: str, value: str) -> dict[str, set[str]]:
        (node,) = [each for each in about if value in about[each].get(iri(name), ())]
        return about[node]

    # An empty string says nothing.
    expected = {literal(stored(text))} if text else set()
    article = with_value("schema:identifier", literal(stored(f"{number} {text}")))
    for name in ("schema:headline", "rdfs:label"):
        assert article.get(iri(name), set()) == expected
    for name in ("articleSection", "url", "license"):
        assert article.get(iri(f"schema:{name}"), set()) == expected
    # Whoever has a name is a thing of that name; nobody has a blank one.
    for name in ("publisher", "author"):
        (*found,) = article.get(iri(f"schema:{name}"), ())
        names = [
            normalise_name(json.loads(spelling))
            for each in found
            for term in ("schema:name", "rdfs:label")
            for spelling in about[each][iri(term)]
        ]
        assert names == ([] if is_blank(text) else [normalise_name(stored(text))] * 2)
    if text != STRINGS["a number"]:
        assert article.get(iri("schema:datePublished"), set()) == expected
    agent = with_value("schema:name", literal(stored(f"{number} {text}")))
    assert agent.get(iri("schema:softwareVersion"), set()) == expected
    assert agent.get(iri("ng:modelName"), set()) == expected
    name = literal(collapsed(f"Name {number} {text}"))
    entity = with_value("schema:name", name)
    assert entity[iri("rdfs:label")] == {name}
    assert entity[iri("skos:altLabel")] == {literal(collapsed(f"Alias {text}"))}
    assert entity.get(iri("schema:description"), set()) == {
        literal(each) for each in [stored(text).strip()] if each
    }
    # What is not asserted without words to find in the text has no plain triple.
    plain = [each for each in entity if each.startswith(iri("term:predicate")[:-1])]
    assert len(plain) == bool(text.strip())
    assert all(entity[each] == {literal(stored(text))} for each in plain)
    (encoding,) = article[iri("schema:encoding")]
    assert about[encoding][iri("nif:isString")] == {literal(stored(f"{number}{text}"))}
    anchors = {
        anchor
        for each in about.values()
        if each.get(iri("nif:referenceContext")) == {encoding}
        for anchor in each.get(iri("nif:anchorOf"), ())
    }
    assert literal(stored(f"{number}{text}")) in anchors


def test_labels_that_differ_have_terms_that_differ(graph: Graph) -> None:
    labels: dict[str, set[str]] = {}
    for subject, predicate, object_ in graph:
        if predicate == iri("rdfs:label") and subject.startswith(iri("term:")[:-1]):
            labels.setdefault(subject, set()).add(object_)
    assert len(labels) > 50
    assert all(len(each) == 1 for each in labels.values())


# --- IRIs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"), list(enumerate(IRIS)), ids=[ascii(each) for each in IRIS]
)
def test_an_iri_comes_out_as_one_or_not_at_all(
    about: dict[str, dict[str, set[str]]], number: int, text: str
) -> None:
    expected = IRIS[text]
    terms = set() if expected is None else {f"<{expected}>"}
    (entity,) = [
        each
        for each in about.values()
        if each.get(iri("schema:name")) == {literal(f"IRI {number}")}
    ]
    assert entity.get(iri("schema:sameAs"), set()) == terms
    assert entity.get(iri("term:homepage"), set()) == terms
    (article,) = [
        each
        for each in about.values()
        if each.get(iri("schema:identifier")) == {literal(f"iri {number}")}
    ]
    of_the_web = expected is not None and re.match("[A-Za-z0-9+.-]+://", expected)
    expected_url = terms if of_the_web else {literal(stored(text))} if text else set()
    assert article.get(iri("schema:url"), set()) == expected_url
    assert article.get(iri("schema:license"), set()) == expected_url


@pytest.mark.parametrize(
    "text",
    [
        "CC-BY-4.0: https://creativecommons.org/licenses/by/4.0/",
        "Source: https://ex.org/",
        "see:https://ex.org/",
        "© https://ex.org/",
    ],
)
def test_a_note_with_an_address_in_it_is_no_address(tmp_path: Path, text: str) -> None:
    load(tmp_path / "a.db", [{"id": "a", "url": text, "licence": text}], base_iri=BASE)
    found = {
        o
        for _, predicate, o in graph_of(tmp_path / "a.db")
        if predicate in (iri("schema:url"), iri("schema:license"))
    }
    assert found == {literal(text)}


@pytest.fixture(scope="module")
def with_terms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which each IRI of the table is the term of a predicate and of a type."""
    path = tmp_path_factory.mktemp("terms") / "terms.db"
    numbers = [number for number, given in enumerate(IRIS) if IRIS[given] is not None]
    entities = [
        {"id": f"e{number}", "type": f"Type {number}", "name": f"Thing {number}"}
        for number in numbers
    ]
    relations = [
        {"subject": f"e{number}", "predicate": f"predicate {number}", "value": f"Value {number}"}
        for number in numbers
    ]
    load(path, [{"id": "a", "entities": entities, "relations": relations}], base_iri=BASE)
    with open_store(path, write=True) as db:
        for number, given in enumerate(IRIS):
            if number in numbers:
                # As from the command line, where bytes that are no UTF-8 come as surrogates.
                set_term(db, f"predicate {number}", stored(given))
                set_term(db, f"Type {number}", stored(given))
    return path


@pytest.mark.parametrize(
    "format_", [each for each in FORMATS if each.name != "rdfxml"], ids=lambda each: each.name
)
def test_an_iri_may_be_the_term_of_a_predicate_and_of_a_type(
    with_terms: Path, format_: Format
) -> None:
    graph = graph_of(with_terms)
    for number, expected in enumerate(IRIS.values()):
        if expected is not None:
            (thing,) = {subject for subject, _, o in graph if o == literal(f"Thing {number}")}
            assert (thing, f"<{expected}>", literal(f"Value {number}")) in graph
            assert (thing, iri("rdf:type"), f"<{expected}>") in graph
    check_all_read(export(with_terms, format_), format_, graph)


def test_in_rdf_xml_the_term_of_a_predicate_ends_in_a_name(with_terms: Path) -> None:
    format_, refused = format_named("rdfxml"), 0
    for number, expected in enumerate(IRIS.values()):
        if expected is None:
            continue
        part = {"entities": [key_of(with_terms, "entities", f"thing-{number}")]}
        if element_name(expected):
            document = export(with_terms, format_, **part)
            check_all_read(document, format_, graph_of(with_terms, **part))
        else:
            refused += 1
            with pytest.raises(UsageError, match=re.escape(expected)):
                export(with_terms, format_, **part)
    # Most of these do not, such as those that end in a character of another script.
    assert 0 < refused < len(IRIS)


@every_format
@pytest.mark.parametrize(
    "term", ["x> <http://evil/p> <http://evil/o> .\n<y", "member", "http://ex.org/a b", ""]
)
def test_a_term_that_was_written_into_the_table_by_hand_cannot_break_an_export(
    tmp_path: Path, format_: Format, term: str
) -> None:
    """The table ``vocabulary`` is the user's: rows may come by SQL."""
    load(
        tmp_path / "a.db",
        [
            {
                "id": "a",
                "entities": [{"id": "e", "type": "Gadget", "name": "It"}],
                "relations": [{"subject": "e", "predicate": "does", "value": "Hum"}],
            }
        ],
        base_iri=BASE,
    )
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute(
            "INSERT INTO vocabulary (kind, label, iri) VALUES ('predicate', 'does', ?)", [term]
        )
        connection.commit()
    try:
        document = export(tmp_path / "a.db", format_)
    except NewsgraphError as error:
        assert "vocabulary" in str(error)  # noqa: PT017  # to refuse is as good as to repair
    else:
        triples = read_with_pyoxigraph(document, format_)
        assert not any("evil" in predicate for _, predicate, _ in triples if "%" not in predicate)
        assert all(re.match("<[A-Za-z]+:", predicate) for _, predicate, _ in triples)


@pytest.mark.parametrize("table", HYPHENS)
def test_a_key_that_begins_with_a_hyphen_is_no_local_name(
    example_db: Path, tmp_path: Path, table: str
) -> None:
    path = tmp_path / "hyphens.db"
    shutil.copyfile(example_db, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(HYPHENS[table])
        if table == "as_given":
            # Nothing is looked for there unless something was decided.
            connection.execute(
                "INSERT INTO decided (kind, key, verdict, value) VALUES ('entity', 'x', 'same', 'y')"
            )
    triples = export(path, NTRIPLES)
    assert b"/-" in triples.replace(b"/-/", b"")
    expected = set(read_with_pyoxigraph(triples, NTRIPLES))
    for format_ in FORMATS:
        check_all_read(export(path, format_), format_, expected)
    assert b"@prefix entity:" not in export(path, FORMATS[0])
    assert b"@prefix entity:" in export(example_db, FORMATS[0])


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(st.characters(exclude_categories=()), max_size=12),
        st.text(st.characters(exclude_categories=()), max_size=12).map("http://ex.org/".__add__),
        st.text("aé:/?#[]@%4. {}\u2003\u202e\ufdd0\ud800", max_size=12).map("http://".__add__),
    )
)
def test_an_iri_that_is_let_in_is_one_to_those_who_read_it(text: str) -> None:
    found = clean_iri(text)
    if found is not None:
        assert pyoxigraph.NamedNode(found).value == found
        assert clean_iri(found) == found
        assert not any(each.isspace() for each in found)


# --- Languages -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES, ids=ascii)
def test_a_headline_has_a_language_where_it_is_one(
    new_database: Callable[[], sqlite3.Connection], language: str
) -> None:
    documents = exports(new_database(), [{"id": "a", "title": "Title", "language": language}])
    for format_ in FORMATS:
        triples = read_with_pyoxigraph(documents[format_.name], format_)
        said = {predicate: object_ for _, predicate, object_ in triples}
        assert said[iri("schema:headline")] == literal("Title", language=LANGUAGES[language])
        assert said.get(iri("schema:inLanguage")) == (literal(language) if language else None)


@settings(max_examples=200, deadline=None)
@given(st.from_regex(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,5}", fullmatch=True))
def test_a_language_tag_is_well_formed_to_those_who_read_it(text: str) -> None:
    tag = language_tag(text)
    if tag:
        assert pyoxigraph.Literal("x", language=tag).language == tag == text.lower()


# --- Dates and numbers -----------------------------------------------------------------------


#: What is read in another form where a date is meant; a value is as it is given.
READ_AS = {
    "2024-5-1": ("2024-05-01", "xsd:date"),
    "20240501": ("2024-05-01", "xsd:date"),
    " 2024-05-01 ": ("2024-05-01", "xsd:date"),
    "2024-05-01\n": ("2024-05-01", "xsd:date"),
    "May 2024": ("2024-05", "xsd:gYearMonth"),
    "2016-12-31T23:59:60Z": ("2016-12-31", "xsd:date"),
    "2024-05-01T10:00Z": ("2024-05-01T10:00:00Z", "xsd:dateTime"),
    "2024-05-01T10:00:00+0500": ("2024-05-01T10:00:00+05:00", "xsd:dateTime"),
    "2024-05-01 10:00:00": ("2024-05-01T10:00:00", "xsd:dateTime"),
    "2024-05-01t10:00:00z": ("2024-05-01T10:00:00Z", "xsd:dateTime"),
}


@pytest.mark.parametrize(
    ("number", "text"), list(enumerate(DATES)), ids=[ascii(each)[:40] for each in DATES]
)
def test_a_date_is_typed_where_it_is_one(
    about: dict[str, dict[str, set[str]]], number: int, text: str
) -> None:
    expected = {literal(text, DATES[text])}
    (article,) = [
        each
        for each in about.values()
        if each.get(iri("schema:identifier")) == {literal(f"date {number}")}
    ]
    read, datatype = READ_AS.get(text, (text, DATES[text]))
    said = {literal(read, datatype)} if text else set()
    assert article.get(iri("schema:datePublished"), set()) == said
    (node,) = [
        each for each in about if about[each].get(iri("schema:name")) == {literal(f"Date {number}")}
    ]
    assert about[node][iri("schema:birthDate")] == expected
    (statement,) = [each for each in about if about[each].get(iri("rdf:subject")) == {node}]
    (evidence,) = [each for each in about.values() if each.get(iri("oa:hasBody")) == {statement}]
    assert evidence.get(iri("ng:validFrom"), set()) == said
    assert evidence.get(iri("ng:validUntil"), set()) == said


@pytest.mark.parametrize("text", ["2024-05-01Z", "2024-05-01+02:00", "2024-05Z", "2024Z"])
def test_a_day_with_a_time_zone_is_of_its_type_or_of_none(text: str) -> None:
    """XSD allows it, but hardly anybody expects it: a plain string is right too."""
    datatypes = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
    length = len(re.split("Z|[+]", text)[0])
    assert date_datatype(text) in (None, datatypes[length])


@given(st.one_of(st.dates(), st.datetimes(timezones=st.timezones() | st.none())))
def test_what_python_takes_for_a_date_is_one(day: date | datetime) -> None:
    text = day.isoformat()
    datatype = "xsd:dateTime" if isinstance(day, datetime) else "xsd:date"
    # Before standard time, zones were off by seconds or by more than 14 hours: not so in XSD.
    if not re.search(r"[+-](\d\d:\d\d:\d\d|14:\d[1-9]|14:[1-9]\d|15:\d\d)", text[19:]):
        assert date_datatype(text) == datatype


@given(st.from_regex(r"\A-?\d{4,6}(-\d\d(-\d\d(T\d\d:\d\d:\d\d)?)?)?\Z"))
def test_what_is_typed_as_a_date_is_one_to_python(text: str) -> None:
    if date_datatype(text) is not None and re.match("[0-9]{4}(-|$)", text):
        padded = text + "0001-01-01"[len(text) :]
        datetime.fromisoformat(re.sub("T24:00:00$", "T00:00:00", padded))


@pytest.mark.parametrize(
    ("number", "value", "datatype", "text", "expected"),
    [(number, *each) for number, each in enumerate(VALUES)],
    ids=[f"{value!r:.20} as {datatype}" for value, datatype, _, _ in VALUES],
)
def test_a_value_is_typed_where_it_is_in_the_types_range(
    about: dict[str, dict[str, set[str]]],
    number: int,
    value: Any,
    datatype: str | None,
    text: str,
    expected: str | None,
) -> None:
    (entity,) = [
        each
        for each in about.values()
        if each.get(iri("schema:name")) == {literal(f"Value {number}")}
    ]
    assert entity[iri("term:score")] == {literal(text, expected)}


@pytest.mark.parametrize("confidence", [-0.1, 1.1, 1e400, -1e400, 10**400])
def test_a_confidence_out_of_range_is_left_out(tmp_path: Path, confidence: float) -> None:
    mention = {"start": 0, "end": 1, "confidence": confidence}
    entity = {"id": "e", "type": "Person", "name": "A", "mentions": [mention]}
    line = repr({"id": "a", "text": "A", "entities": [entity]}).replace("'", '"')
    (tmp_path / "a.jsonl").write_text(line.replace("inf", "1e400"), "utf-8")
    load_files(tmp_path / "a.db", [tmp_path / "a.jsonl"], base_iri=BASE)
    graph = graph_of(tmp_path / "a.db")
    assert any("/id/mention/" in subject for subject, _, _ in graph)
    assert iri("itsrdf:taConfidence") not in {predicate for _, predicate, _ in graph}


@pytest.mark.parametrize("confidence", [0, 0.0, -0.0, 1, 1.0, 5e-324, 0.1 + 0.2, 1 - 2**-53])
def test_a_confidence_comes_out_as_the_same_number(tmp_path: Path, confidence: float) -> None:
    mention = {"start": 0, "end": 1, "confidence": confidence}
    entity = {"id": "e", "type": "Person", "name": "A", "mentions": [mention]}
    load(tmp_path / "a.db", [{"id": "a", "text": "A", "entities": [entity]}], base_iri=BASE)
    for format_ in FORMATS:
        triples = read_with_pyoxigraph(export(tmp_path / "a.db", format_), format_)
        (found,) = [o for _, predicate, o in triples if predicate == iri("itsrdf:taConfidence")]
        assert float(found.split('"')[1]) == confidence
        assert found == literal(found.split('"')[1], "xsd:double")


# --- Names that are nothing but space ----------------------------------------------------------


def test_a_name_of_white_space_is_no_empty_name(tmp_path: Path) -> None:
    same = {"type": "Person", "same_as": ["http://ex.org/1"]}
    load(
        tmp_path / "a.db",
        [
            {"id": "a", "entities": [{"id": "e", "name": "\n", **same}]},
            {"id": "b", "entities": [{"id": "e", "name": "Ana", "mentions": [{}], **same}]},
        ],
        base_iri=BASE,
    )
    names = {iri("schema:name"), iri("skos:prefLabel"), iri("skos:altLabel")}
    for format_ in FORMATS:
        quads = read_quads(export(tmp_path / "a.db", format_), format_)
        found = [o for _, predicate, o, _ in quads if predicate in names]
        assert literal("Ana") in found
        assert literal("") not in found
        assert len(quads) == len(set(quads))


# --- Anything --------------------------------------------------------------------------------


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(articles, min_size=1, max_size=2))
def test_any_article_gives_the_same_graph_in_every_format(
    new_database: Callable[[], sqlite3.Connection], given_articles: list[dict[str, Any]]
) -> None:
    documents = exports(new_database(), given_articles)
    first, *_ = FORMATS
    graph = set(read_with_pyoxigraph(documents[first.name], first))
    titles = {o for _, predicate, o in graph if predicate == iri("schema:headline")}
    expected = {
        literal(stored(each["title"]), language=language_tag(each["language"]))
        for each in given_articles
        if each["title"] is not None
    }
    assert titles <= expected
    for format_ in FORMATS:
        check_all_read(documents[format_.name], format_, graph)


@settings(max_examples=100, deadline=None)
@given(anything, st.integers(0, 9))
def test_any_string_comes_out_to_the_letter(
    new_database: Callable[[], sqlite3.Connection], text: str, number: int
) -> None:
    documents = exports(new_database(), [record_of(number, text)])
    for format_ in FORMATS:
        triples = set(read_with_pyoxigraph(documents[format_.name], format_))
        objects = {(predicate, object_) for _, predicate, object_ in triples}
        said = {
            ("", iri("rdf:object"), literal(stored(text))),
            ("", iri("schema:name"), literal(collapsed(f"Name {number} {text}"))),
            ("", iri("nif:isString"), literal(stored(f"{number}{text}"))),
        }
        headline = {("", iri("schema:headline"), literal(stored(text)))}
        if format_.name == "rdfxml":
            said, headline = of_xml(said), of_xml(headline)
        assert {each[1:] for each in said} <= objects
        # An empty headline says nothing.
        assert ({each[1:] for each in headline} <= objects) == bool(text)


def every_string(value: Any) -> Iterator[str]:
    """All strings of a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from every_string(each)
    elif isinstance(value, list):
        for each in value:
            yield from every_string(each)


def test_the_record_of_a_string_has_it_in_every_place() -> None:
    """So that a field that is added to the article record is tested from that day."""
    record = record_of(1, "text")
    # What terms of labels may be, test_conversion tries.
    assert record.keys() | {"zones", "language", "vocabulary"} == set(Article.__struct_fields__)
    assert all("text" in each for each in every_string(record))
    msgspec.convert(record, Article)
