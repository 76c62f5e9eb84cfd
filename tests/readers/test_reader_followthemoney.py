"""The reader of FollowTheMoney: entities, links, documents, and what damage costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.labels import LabelMap
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats import rebel
from datasette_newsgraph.readers.formats.followthemoney import reader as followthemoney
from datasette_newsgraph.readers.source import Source
from tests.cost import seconds_of_processor
from tests.readers.documents_and_links import (
    CORPUS,
    counts,
    damaged,
    format_of,
    is_sound,
    parsed_from,
    rebel_of,
    span,
    statements,
)

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")

Load = Callable[..., list[Parsed]]
Json = dict[str, Any]
TEXT = "The Concorde first flew in 1969. It was built by France and Britain."
CONCORDE = span("Q6505", 4, 12, "Concorde")
YEAR = span('"1969-01-01T00:00:00Z"^^xsd:dateTime', 27, 31, "1969")


# FollowTheMoney


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """``load(entity, …)``: what is read of a file with these entities, with our labels."""

    def parsed(*entities: Json, name: str = "a.jsonl", as_array: bool = False) -> list[Parsed]:
        path = tmp_path / name
        lines = "\n".join(map(json.dumps, entities))
        path.write_text(json.dumps(entities) if as_array else lines)
        return parsed_from(path, name="followthemoney")

    return parsed


def ftm(id_: str, schema: str, **properties: Any) -> Json:
    listed = {
        name: value if isinstance(value, list) else [value] for name, value in properties.items()
    }
    return {"id": id_, "schema": schema, "properties": listed}


ANA = ftm("p1", "Person", name=["Mary Robinson", "M. Robinson"], alias="Mary Bourke", country="ie")
UN = ftm("o1", "PublicBody", name="United Nations")
ROLE = {"member": "p1", "organization": "o1"}


@needs_samples
def test_sample_of_ftm() -> None:
    (parsed,) = parsed_from(SAMPLES / "ftm_entities.ijson", name="followthemoney")
    # Of the six lines five are things: an organisation, two people, two addresses.
    assert [each.type for each in parsed.article.entities] == [
        "Organization",
        "Place",
        "Person",
        "Place",
        "Person",
    ]
    # The payment, two people at their addresses, and the country of all but the organisation.
    found = statements(parsed.article)
    assert len(found) == 7
    assert ("Frau Lina Dachner", "paid", "MLPD") in found
    assert ("Frau Lina Dachner", "address", "Schillerstraße 19, 76135 Karlsruhe") in found
    assert ("Frau Lina Dachner", "country", "de") in found
    assert [each.start_date for each in parsed.article.relations if each.predicate == "paid"] == [
        "2011-12-29"
    ]
    assert not parsed.faults
    assert (parsed.article.title, parsed.article.url, parsed.article.text) == (None, None, None)


def test_names_and_identifiers(load: Load) -> None:
    thing = ftm(
        "Q7316",
        "Person",
        name=["Mary Robinson", "M. Robinson"],
        alias="Mary Bourke",
        weakAlias="Robinson",
        wikidataId="Q7316",
        wikipediaUrl="https://en.wikipedia.org/wiki/Mary_Robinson",
        summary="President of Ireland",
    )
    (entity,) = load(thing)[0].article.entities
    assert entity.name == "Mary Robinson"
    assert entity.aliases == ["M. Robinson", "Mary Bourke", "Robinson"]
    assert entity.same_as == [
        "http://www.wikidata.org/entity/Q7316",
        "https://en.wikipedia.org/wiki/Mary_Robinson",
    ]
    assert entity.description == "President of Ireland"


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        ({**ftm("1", "Thing"), "caption": "A thing"}, "A thing"),
        (ftm("1", "Contract", title="Contract 7"), "Contract 7"),
        (ftm("1", "Address", street="Rue Wiertz 60", city="Brussels"), "Rue Wiertz 60, Brussels"),
        (ftm("1", "Person", firstName="Mary", lastName="Robinson"), "Mary Robinson"),
        (ftm("1", "Company"), "1"),
    ],
)
def test_things_without_a_name(load: Load, thing: Json, name: str) -> None:
    assert [each.name for each in load(thing)[0].article.entities] == [name]


def test_an_address_is_a_place(load: Load) -> None:
    address = ftm("a", "Address", full="Rue Wiertz 60", latitude="50.84", longitude="4.37")
    (entity,) = load(address)[0].article.entities
    assert (entity.type, entity.latitude, entity.longitude) == ("Place", 50.84, 4.37)


@pytest.mark.parametrize(
    ("link", "predicate"),
    [
        (ftm("l", "Membership", **ROLE), "member of"),
        (ftm("l", "Membership", **ROLE, role="High Commissioner"), "High Commissioner"),
        (ftm("l", "Membership", **ROLE, role="x" * 61), "member of"),
        (ftm("l", "Directorship", director="p1", organization="o1"), "director of"),
        (ftm("l", "Ownership", owner="p1", asset="o1"), "owner of"),
        (ftm("l", "Employment", employee="p1", employer="o1"), "works for"),
        (ftm("l", "Representation", agent="p1", client="o1"), "represents"),
        (ftm("l", "UnknownLink", subject="p1", object="o1"), "linked to"),
        (ftm("l", "Debt", debtor="p1", creditor="o1"), "owes"),
        (ftm("l", "Succession", predecessor="p1", successor="o1"), "succeeded by"),
        (ftm("l", "Associate", person="p1", associate="o1", relationship="ally"), "ally"),
        (ftm("l", "Family", person="p1", relative="o1"), "relative"),
    ],
)
def test_links_become_relations(load: Load, link: Json, predicate: str) -> None:
    labels = LabelMap.of(format_of("followthemoney").labels)
    assert labels.rule("predicate", link["schema"])
    # A role in its own words is no label that anything could map.
    record = followthemoney.parse(envelope(entities=[ANA, UN], links=[link]))
    labels.apply(record)
    assert statements(record.article) == [
        ("Mary Robinson", "country", "ie"),
        ("Mary Robinson", predicate, "United Nations"),
    ]


def envelope(**record: Any) -> bytes:
    return json.dumps({"followthemoney": record}).encode()


def test_dates_of_links(load: Load) -> None:
    link = ftm(
        "l", "Membership", **ROLE, startDate=["1997-09-12T00:00:00", "1998"], endDate="2002-09"
    )
    (parsed,) = load(ANA, UN, link)
    relation = parsed.article.relations[-1]
    assert (relation.start_date, relation.end_date) == ("1997-09-12", "2002-09")


def test_remarks_are_statements(load: Load) -> None:
    (parsed,) = load(
        ANA,
        ftm("s", "Sanction", entity="p1", authority="None", startDate="2020"),
        ftm("i", "Passport", holder="p1", number="X1"),
    )
    assert statements(parsed.article)[1:] == [
        ("Mary Robinson", "sanctioned under", "None"),
        ("Mary Robinson", "identification number", "X1"),
    ]


ARTICLE = ftm(
    "a1",
    "Article",
    title="A new High Commissioner",
    sourceUrl="https://example.org/commissioner",
    publishedAt="1997-09-12T08:00:00",
    language="eng",
    bodyText=["Mary Robinson takes office.", "She leads the UN's work."],
)


def test_documents_are_articles(load: Load) -> None:
    link = ftm("l", "Membership", **ROLE, proof="a1")
    other = ftm("x", "Company", name="Reuters")
    # Whatever the order of lines.
    rest, parsed = load(link, UN, ANA, other, ARTICLE)
    article = parsed.article
    assert (article.title, article.url) == (
        "A new High Commissioner",
        "https://example.org/commissioner",
    )
    assert (article.published, article.language) == ("1997-09-12", "en")
    assert article.text == "Mary Robinson takes office.\nShe leads the UN's work."
    assert parsed.local_ids == ("a1",)
    assert statements(article) == [("Mary Robinson", "member of", "United Nations")]
    # Their names are looked for in the text.
    assert [(each.start, each.text) for entity in article.entities for each in entity.mentions] == [
        (None, "Mary Robinson"),
        (None, "United Nations"),
    ]
    # What no article is given for: the country, and who is in no article.
    assert statements(rest.article) == [("Mary Robinson", "country", "ie")]
    assert [each.name for each in rest.article.entities] == ["Mary Robinson", "Reuters"]
    assert rest.article.title is None


def test_a_thing_can_have_a_proof_itself(load: Load) -> None:
    (parsed,) = load(ARTICLE, ftm("p1", "Person", name="Mary Robinson", country="ie", proof="a1"))
    assert statements(parsed.article) == [("Mary Robinson", "country", "ie")]


def test_a_proof_that_is_not_there_or_no_document(load: Load) -> None:
    (parsed,) = load(ANA, UN, ftm("l", "Membership", **ROLE, proof="a9"))
    assert len(parsed.article.relations) == 2
    (parsed,) = load(
        ftm("f", "Folder", fileName="x"), ftm("p1", "Person", name="Mary Robinson", proof="f")
    )
    assert [each.name for each in parsed.article.entities] == ["Mary Robinson"]


def test_what_joins_things_to_documents(load: Load) -> None:
    (parsed,) = load(
        ARTICLE,
        ftm("p1", "Person", name="Mary Robinson"),
        ftm("p2", "Person", name="Kofi Annan"),
        ftm("d", "Documentation", document="a1", entity="p1"),
        ftm("m", "Mention", document="a1", resolved="p2", name="Mr Annan"),
        ftm("n", "Mention", document="a1", name="Geneva", detectedSchema="Address"),
    )
    assert [
        (each.type, each.name, [mention.text for mention in each.mentions])
        for each in parsed.article.entities
    ] == [
        ("Person", "Mary Robinson", ["Mary Robinson"]),
        ("Person", "Kofi Annan", ["Kofi Annan", "Mr Annan"]),
        ("Place", "Geneva", ["Geneva"]),
    ]
    assert not parsed.faults


def test_names_found_in_a_document(load: Load) -> None:
    document = ftm("a", "HyperText", bodyText="Kofi Annan", peopleMentioned=["Kofi Annan", "Annan"])
    (parsed,) = load(document)
    assert [(each.type, each.name) for each in parsed.article.entities] == [
        ("Person", "Kofi Annan"),
        ("Person", "Annan"),
    ]


def test_a_document_without_anything_is_an_article(load: Load) -> None:
    (parsed,) = load(ARTICLE)
    assert parsed.article.title == "A new High Commissioner"
    assert parsed.article.entities == []


def test_nested_entities_and_arrays(load: Load) -> None:
    nested = ftm("o1", "PublicBody", name="United Nations", addressEntity={"id": 7,
        "schema": "Address", "properties": {"full": ["New York"]}},
        membershipOrganization=ftm("l", "Membership", member=ANA, organization="o1"),
    )  # fmt: skip
    (parsed,) = load(nested, as_array=True)
    assert sorted(statements(parsed.article)) == [
        ("Mary Robinson", "country", "ie"),
        ("Mary Robinson", "member of", "United Nations"),
        ("United Nations", "address", "New York"),
    ]


def test_fragments_of_an_entity_are_one(load: Load) -> None:
    (parsed,) = load(
        ftm("p1", "LegalEntity", name="Mary Robinson"),
        ftm("p1", "Person", name="M. Robinson", country="ie"),
    )
    (entity,) = parsed.article.entities
    assert (entity.type, entity.aliases) == ("Person", ["M. Robinson"])


def test_dangling_ids_are_told(load: Load) -> None:
    (parsed,) = load(
        ftm("p1", "Person", name="Mary Robinson", addressEntity="a7"),
        ftm("l", "Membership", member="p1", organization="o9"),
        ftm("k", "Ownership", owner="p1"),
        ftm("s", "Sanction", entity="p1"),
        ftm("d", "Documentation", document="a9", entity="p1"),
    )
    assert [each.reason for each in parsed.faults] == [
        "Person p1: addressEntity 'a7' is no entity of the file",
        "Membership l: organization 'o9' is no entity of the file",
        "Ownership k: has no asset",
        "Sanction s: has none of program, authority, reason, summary",
        "Documentation d: document 'a9' is no document of the file",
    ]


def test_a_link_of_too_many_is_told(load: Load) -> None:
    people = [ftm(f"p{number}", "Person", name=f"{number}") for number in range(100)]
    ids = [each["id"] for each in people]
    (parsed,) = load(*people, ftm("l", "Associate", person=ids, associate=ids))
    assert [each.reason for each in parsed.faults] == [
        "Associate l: joins 100 things with 100, more than 1000 pairs"
    ]


def test_lines_that_are_no_entities_are_rejects(tmp_path: Path) -> None:
    path = tmp_path / "a.ftm.json"
    lines = [
        json.dumps(ANA),
        "{broken",
        json.dumps({"id": "x", "schema": "Person"}),
        json.dumps(UN),
    ]
    path.write_text("\n".join(lines))
    with closing(Source(path)) as source:
        found = list(followthemoney.entries(source))
    assert [each.line for each in found] == [1, 2, 3]
    assert counts(followthemoney.parse(found[0].raw)) == (2, 0, 1)
    for each, reason in zip(
        found[1:], ("not JSON", "it needs id, schema and properties"), strict=True
    ):
        with pytest.raises(RecordError, match=reason):
            followthemoney.parse(each.raw)


@pytest.mark.parametrize("id_", ["", " ", None])
def test_what_has_no_id_is_no_entity(id_: str | None) -> None:
    with pytest.raises(RecordError, match="it needs id, schema and properties"):
        followthemoney.parse(json.dumps({**ANA, "id": id_}).encode())


def test_entities_that_stand_alone_can_be_parsed() -> None:
    parsed = followthemoney.parse(json.dumps(ANA).encode())
    assert counts(parsed) == (1, 0, 1)


def test_reading_is_linear(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("w") as file:
        for number in range(20_000):
            person = ftm(f"p{number}", "Person", name=f"Person {number}", country="ie")
            file.write(json.dumps(person) + "\n")
            link = ftm(f"l{number}", "Membership", member=f"p{number}", organization="o1")
            file.write(json.dumps(link) + "\n")
        file.write(json.dumps(UN))
    with seconds_of_processor(60):
        (parsed,) = parsed_from(path, name="followthemoney")
    assert counts(parsed) == (20_001, 0, 40_000)


# Both


@pytest.mark.parametrize("name", ["rebel", "followthemoney"])
def test_the_example_of_the_documentation(name: str, tmp_path: Path) -> None:
    doc = format_of(name).reader.__doc__ or ""
    example = "\n".join(line[4:] for line in doc.partition("Example::\n\n")[2].splitlines())
    path = tmp_path / "example"
    path.write_text(example)
    found = parsed_from(path, name=name, mapped=False)
    assert sum(len(each.article.relations) for each in found) >= 1
    assert not any(each.faults for each in found)


FILE = [
    ARTICLE,
    ANA,
    UN,
    ftm("l", "Membership", **ROLE, proof="a1", role="chair"),
    ftm("s", "Sanction", entity="p1", program="x"),
    ftm("m", "Mention", document="a1", resolved="p1", name="Mary"),
    ftm("ad", "Address", full="Geneva", latitude="46.2", longitude="6.1"),
]


@settings(max_examples=300, deadline=None)
@given(damaged(FILE))
def test_damaged_ftm(tmp_path_factory: pytest.TempPathFactory, record: Any) -> None:
    path = tmp_path_factory.mktemp("ftm") / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, record)))
    with closing(Source(path)) as source:
        raws = [each.raw for each in followthemoney.entries(source)]
    for raw in raws:
        try:
            parsed = followthemoney.parse(raw)
        except RecordError:
            continue
        is_sound(parsed)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 2000))
def test_any_bytes(noise: bytes, cut: int) -> None:
    whole = json.dumps(CORPUS).encode(), envelope(entities=[ANA], links=[ftm("l", "Family")])
    for reader, raw in zip((rebel, followthemoney), whole, strict=True):
        for damaged_raw in (noise, raw[:cut], raw[:cut] + noise + raw[cut:]):
            try:
                reader.parse(damaged_raw)
            except RecordError:
                continue


def test_deep_nesting() -> None:
    deep = b"[" * 100_000
    for reader in (rebel, followthemoney):
        for raw in (deep, b'{"id": "x", "schema": "Person", "properties": ' + deep):
            with pytest.raises(RecordError):
                reader.parse(raw)


def test_a_million_characters() -> None:
    long = "x" * 1_000_000
    spans = [span(f"Q{number}", number, number + 1, "x") for number in range(1, 10_000)]
    with seconds_of_processor(60):
        parsed = rebel_of({**CORPUS, "text": long, "entities": spans, "triples": []})
        assert counts(parsed) == (9_999, 9_999, 0)
        parsed = rebel_of({"text": long, "entities": [span(long, 0, 1, long)], "triplets": [
            {"head": long, "type": long, "tail": "x"}]})  # fmt: skip
        assert len(parsed.faults) == 2
        parsed = followthemoney.parse(json.dumps(ftm(long, long, **{long: long})).encode())
        assert len(parsed.article.entities) == 1
