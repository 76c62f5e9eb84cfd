"""The formats of files that authorities are made of."""

from __future__ import annotations

import bz2
import gzip
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.authority.formats import FORMATS, Choice, format_of
from datasette_newsgraph.authority.formats.wikidata_query import QUERY as ASKED
from datasette_newsgraph.authority.things import Fault, LeftOut, Thing
from datasette_newsgraph.errors import InputError, UsageError
from datasette_newsgraph.readers.source import Source
from tests.authority.given import GEONAMES, QUERY, RECONCILED, dump, item, read

WIKIDATA = "http://www.wikidata.org/entity/"
PARIS = item("Q90", "Paris", ["Q515"], links=300, aliases=["City of Light"])
EXAMPLES = {
    "wikidata_dump": dump(PARIS),
    "geonames": GEONAMES,
    "wikidata_query": QUERY,
    "reconciled": RECONCILED,
}


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_a_format_is_recognised(tmp_path: Path, each: object) -> None:
    path = tmp_path / "file"
    path.write_text(EXAMPLES[each.name], "utf-8")  # type: ignore[attr-defined]
    source = Source(path)
    assert format_of(source, None) is each
    source.close()


def test_rows_of_a_query_are_things(tmp_path: Path) -> None:
    first, second, third = read(tmp_path / "a.csv", QUERY)
    assert first == Thing(
        f"{WIKIDATA}Q90", "Paris", ("City of Light", "Paris (France)"), "", "Place", 300
    )
    assert second == Thing(f"{WIKIDATA}Q830149", "Paris", ("Paris, Texas",), "", "Place", 60)
    assert isinstance(third, Thing)
    assert third.type == "Organization"


def test_a_row_of_a_query_without_a_label_is_left_out(tmp_path: Path) -> None:
    rows = f"item,itemLabel\n{WIKIDATA}Q90,Q90\n{WIKIDATA}Q64,\n{WIKIDATA}Q5,Q90\n"
    assert read(tmp_path / "a.csv", rows) == [LeftOut(2), LeftOut(3), Thing(f"{WIKIDATA}Q5", "Q90")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Q90,Paris,many", "'many' is no number of sitelinks"),
        ("ninety,Paris,1", "'ninety' is neither an item of Wikidata nor an IRI"),
        ("Q90,Paris", "the row has 2 cells, but the header 3"),
        ('Q90,"Paris,1', "is not CSV: unexpected end of data"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path: Path, row: str, reason: str) -> None:
    found = read(tmp_path / "a.csv", f"item,itemLabel,sitelinks\n{row}\n")
    assert found == [Fault(2, reason)]


def test_rows_that_openrefine_matched_are_things(tmp_path: Path) -> None:
    assert read(tmp_path / "a.csv", RECONCILED) == [
        Thing(f"{WIKIDATA}Q2341", "Acme Anvils Ltd", type="Organization", is_checked=True),
        LeftOut(3),
    ]


def test_a_reconciled_name_may_have_any_iri(tmp_path: Path) -> None:
    rows = "Name;URI;Aliases\nAcme;https://example.org/acme;Acme Ltd|ACME\n"
    (found,) = read(tmp_path / "a.csv", rows)
    iri = "https://example.org/acme"
    assert found == Thing(iri, "Acme", ("Acme Ltd", "ACME"), is_checked=True)


def test_places_of_geonames_are_things_and_airports_are_not(tmp_path: Path) -> None:
    paris, airport = read(tmp_path / "cities15000.txt", GEONAMES)
    iri = "https://sws.geonames.org/2988507/"
    assert paris == Thing(iri, "Paris", ("Paris", "Lutece", "Paříž"), "PPLC FR", "Place", 2138551)
    assert airport == LeftOut(2)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (GEONAMES.replace("2988507", "x", 1), "'x' is no number of GeoNames"),
        (GEONAMES.replace("2138551", "most", 1), "'most' is no number of inhabitants"),
        ("1\tParis\n", "the line has 2 columns, and a line of GeoNames 19"),
    ],
)
def test_a_line_of_geonames_that_cannot_be_read_is_named(
    tmp_path: Path, wrong: str, reason: str
) -> None:
    assert read(tmp_path / "a.txt", wrong, "geonames")[0] == Fault(1, reason)


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress, bz2.compress])
def test_items_of_a_dump_are_things(tmp_path: Path, pack: object) -> None:
    content = pack(dump(PARIS).encode())  # type: ignore[operator]
    assert read(tmp_path / "dump", content) == [
        Thing(f"{WIKIDATA}Q90", "Paris", ("City of Light",), "what Paris is", "Place", 300)
    ]


@pytest.mark.parametrize(
    "other",
    [
        item("Q90", "Paris", ["Q515"], links=4),
        item("Q4167410", "Paris", ["Q4167410"]),
        item("Q90", "", ["Q515"]),
        item("Q90", "Paris", ["Q515"], labels={"de": {"value": "Paris"}}),
        item("Q90", "Paris", ["Q515"], labels=[]),
        item("Q90", "Paris", [], claims=[]),
        item("P31", "instance of", ["Q515"], type="property"),
    ],
)
def test_what_is_little_known_or_of_another_kind_is_left_out(
    tmp_path: Path, other: dict[str, object]
) -> None:
    assert read(tmp_path / "dump.json", dump(other), "wikidata-dump") == [LeftOut(2)]


def test_other_languages_and_fewer_sitelinks_are_asked_for(tmp_path: Path) -> None:
    labels = {"de": {"value": "Rom"}, "it": {"value": "Roma"}, "en": {"value": "Rome"}}
    rome = item("Q220", "", ["Q515"], links=1, labels=labels, aliases=["Eternal City"])
    (found,) = read(tmp_path / "a", dump(rome), sitelinks=1, languages=("it", "de"))
    assert found == Thing(f"{WIKIDATA}Q220", "Roma", ("Rom",), "", "Place", 1)


@pytest.mark.parametrize(
    ("claims", "type_"), [(("P625", "P1082"), "Place"), (("P159", "P625"), "Organization")]
)
def test_the_type_of_an_unknown_class_is_told_by_what_it_has(
    tmp_path: Path, claims: tuple[str, ...], type_: str
) -> None:
    village = item("Q12", "Aville", ["Q484170"])
    village["claims"] |= {claim: [{}] for claim in claims}
    (found,) = read(tmp_path / "a", dump(village))
    assert isinstance(found, Thing)
    assert found.type == type_


def test_a_class_that_somebody_took_back_does_not_count(tmp_path: Path) -> None:
    paris = item("Q90", "Paris", ["Q515"])
    paris["claims"]["P31"][0]["rank"] = "deprecated"
    assert read(tmp_path / "a", dump(paris)) == [LeftOut(2)]


def test_a_damaged_line_of_a_dump_costs_no_other(tmp_path: Path) -> None:
    lines = dump(PARIS, PARIS | {"labels": "none"}, PARIS).replace('"en"', '"en', 1)
    first, second, third = read(tmp_path / "a", lines)
    assert isinstance(first, Fault)
    assert isinstance(second, Fault)
    assert first.line == 2
    assert first.reason.startswith("not JSON")
    assert second.reason.startswith("not of this format")
    assert isinstance(third, Thing)


@pytest.mark.parametrize("content", ["", "a text", "name,other\nParis,1\n", "\x00\x01", "[]"])
def test_a_file_of_no_format_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match="is of no format that authorities are made of"):
        read(tmp_path / "a", content)


def test_an_archive_is_to_be_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "cities15000.zip", "w") as archive:
        archive.writestr("cities15000.txt", GEONAMES)
    content = (tmp_path / "cities15000.zip").read_bytes()
    with pytest.raises(InputError, match=r"cities15000.zip: is a zip archive.*unpack it"):
        read(tmp_path / "cities15000.zip", content)


def test_a_format_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--format csv: .*wikidata_query, reconciled"):
        read(tmp_path / "a.csv", QUERY, "csv")


def test_the_query_gives_the_columns_that_are_read() -> None:
    sparql = pytest.importorskip("rdflib.plugins.sparql")
    prefixes = {
        "wd": WIKIDATA,
        "wdt": "http://www.wikidata.org/prop/direct/",
        "wikibase": "http://wikiba.se/ontology#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
    }
    query = sparql.prepareQuery(ASKED, initNs=prefixes)
    columns = {str(each) for each in query.algebra.PV}
    assert columns == {"item", "itemLabel", "altLabel", "type", "sitelinks"}


@pytest.mark.parametrize("name", EXAMPLES)
@settings(max_examples=60)
@given(data=st.data())
def test_damage_costs_lines_only(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    whole = EXAMPLES[name].encode()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    damaged = whole[:start] + data.draw(st.binary(max_size=20)) + whole[end:]
    path = tmp_path_factory.mktemp("damaged") / "file"
    try:
        found = read(path, damaged, name)
    except InputError:
        # It is packed or UTF-16 now.
        return
    assert all(isinstance(each, Thing | Fault | LeftOut) for each in found)
    for each in found:
        if isinstance(each, Thing):
            assert each.label
            assert each.iri
            f"{each}".encode()


@given(st.binary(max_size=300))
def test_any_bytes_are_lines_that_cannot_be_read(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(content)
    for each in FORMATS:
        try:
            source = Source(path)
        except InputError:
            return
        list(each.things(source, Choice()))
        source.close()
