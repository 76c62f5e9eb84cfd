"""Labels: what presets and a user's map make of a tool's types and predicates."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.article import Article, Entity, Quote, Relation
from datasette_newsgraph.errors import InputError
from datasette_newsgraph.identity import normalise_label
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.labels import PRESETS, GivenMap, LabelMap
from datasette_newsgraph.labels.own import NUMERIC, TYPE_BY_LABEL
from datasette_newsgraph.labels.rules import Rule, rules_of
from datasette_newsgraph.labels.wikidata import DIRECT, PROPERTIES
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import NORMALISED_VALUE
from datasette_newsgraph.readers.formats import FORMATS
from tests.cost import steps_of

REDOCRED = Path(__file__).parents[2].parent / "shared" / "corpora" / "re-docred-dev.json"
DEFAULT = ("ontonotes", "conll", "ace")

Write = Callable[..., GivenMap]


@pytest.fixture
def given(tmp_path: Path) -> Write:
    """``given(text, "map.toml")``: the map in a file of this text."""

    def read(text: str | bytes, name: str = "map.toml") -> GivenMap:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return GivenMap.read(path)

    return read


def article(types: list[str], *relations: Relation, **fields: Any) -> Parsed:
    """An article with an entity of each type: e1 is "name 1", and so on."""
    entities = [
        Entity(id=f"e{number}", type=label, name=f"name {number}")
        for number, label in enumerate(types, 1)
    ]
    return Parsed(Article(id="a", entities=entities, relations=list(relations), **fields))


def types(parsed: Parsed) -> list[str]:
    return [each.type for each in parsed.article.entities]


def statements(parsed: Parsed) -> list[tuple[str, str, Any]]:
    return [
        (each.subject, each.predicate, each.value if each.object is None else each.object)
        for each in parsed.article.relations
    ]


def between(predicate: str) -> Relation:
    return Relation(subject="e1", predicate=predicate, object="e2")


def type_of(label: str, *presets: str) -> str | None:
    """What becomes of a type, None if entities of it are dropped."""
    parsed = article([label])
    LabelMap.of(presets).apply(parsed)
    return next(iter(types(parsed)), None)


# Presets


@pytest.mark.parametrize("name", PRESETS)
def test_presets_map_to_types_of_ours_and_are_free_of_contradiction(name: str) -> None:
    preset = PRESETS[name]
    for rules, kept in zip((preset.types, preset.predicates), rules_of(preset), strict=True):
        # No label is there twice in other letters with another meaning.
        assert len({normalise_label(label) for label in rules}) == len(kept)
    for rule in rules_of(preset)[0].values():
        assert rule.drop or (
            rule.label and TYPE_BY_LABEL[normalise_label(rule.label)] == rule.label
        )
        assert not rule.inverse
        assert not rule.alias
    for rule in rules_of(preset)[1].values():
        assert rule.iri is None or clean_iri(rule.iri) == rule.iri
        assert rule.label or rule.drop or rule.alias


def test_formats_name_presets_that_exist() -> None:
    assert {name for each in FORMATS for name in each.labels} <= set(PRESETS)


@pytest.mark.parametrize(
    ("label", "expected"),
    {
        "PERSON": "Person",
        "NORP": "Group",
        "FAC": "Place",
        "ORG": "Organization",
        "GPE": "Place",
        "LOC": "Place",
        "PRODUCT": "Product",
        "EVENT": "Event",
        "WORK_OF_ART": "CreativeWork",
        "LAW": "Law",
        "LANGUAGE": "Language",
        "DATE": "Date",
        "TIME": "Time",
        "PERCENT": None,
        "MONEY": None,
        "QUANTITY": None,
        "ORDINAL": None,
        "CARDINAL": None,
    }.items(),
)
def test_all_of_ontonotes(label: str, expected: str | None) -> None:
    assert type_of(label, "ontonotes") == expected


def test_a_scheme_that_a_record_tells_comes_before_the_presets_of_its_format(given: Write) -> None:
    def of_time(labels: LabelMap) -> list[str]:
        parsed = article(["TIME"])
        labels.led_by("hipe").apply(parsed)
        return types(parsed)

    assert of_time(LabelMap.of(["ontonotes"])) == ["Date"]
    # What a user says counts, be it a label or the presets.
    assert of_time(LabelMap.of(["ontonotes"], given('[types]\nTIME = "Epoch"\n'))) == ["Epoch"]
    assert of_time(LabelMap.of([], given('preset = "ontonotes"\n'))) == ["Time"]
    labels = LabelMap.of(["ontonotes"])
    assert labels.led_by(None) is labels


@pytest.mark.parametrize(
    ("preset", "label", "expected"),
    [
        ("conll", "PER", "Person"),
        ("conll", "MISC", "Thing"),
        ("ace", "VEH", "Vehicle"),
        ("docred", "TIME", "Date"),
        ("docred", "NUM", None),
        ("corenlp", "STATE_OR_PROVINCE", "Place"),
        ("corenlp", "TITLE", "JobTitle"),
        ("corenlp", "NUMBER", None),
        ("comprehend", "TITLE", "CreativeWork"),
        ("google", "CONSUMER_GOOD", "Product"),
        ("hipe", "loc.adm.town", "Place"),
        ("hipe", "time.date.abs", "Date"),
        ("conll04", "Peop", "Person"),
        ("crossre", "politicalparty", "Organization"),
        ("followthemoney", "PublicBody", "Organization"),
        ("followthemoney", "Address", "Place"),
        ("mrebel", "eve", "Event"),
        ("re3d", "Temporal", "Date"),
        ("plain", "company", "Organization"),
    ],
)
def test_types_of_other_schemes(preset: str, label: str, expected: str | None) -> None:
    assert type_of(label, preset) == expected


@pytest.mark.parametrize("label", ["PERSON", "Person", "person", " person ", "PER", "per"])
def test_letters_do_not_matter(label: str) -> None:
    assert type_of(label, *DEFAULT) == "Person"


@pytest.mark.parametrize("preset", PRESETS)
def test_our_own_types_stay_with_every_preset_and_numbers_go(preset: str) -> None:
    assert type_of("organisation", preset) == "Organization"
    assert type_of("creative_work", preset) == "CreativeWork"
    if preset != "docred":
        assert type_of("time", preset) in ("Time", "Date")
    for label in NUMERIC:
        assert type_of(label, preset) is None


def test_dates_are_no_numbers() -> None:
    assert {"quantity", "money", "percent", "ordinal", "cardinal"} == NUMERIC


def test_the_first_preset_counts() -> None:
    assert type_of("TIME", "docred", "ontonotes") == "Date"
    assert type_of("TIME", "ontonotes", "docred") == "Time"


def test_predicates_of_schemes() -> None:
    for preset, label, expected in (
        ("ace", "PART-WHOLE", "part of"),
        ("ace", "ORG-AFF.Employment", "works for"),
        ("kbp", "org:founded_by", "founded by"),
        ("kbp", "per:stateorprovince_of_birth", "place of birth"),
        ("conll04", "OrgBased_In", "based in"),
        ("crossre", "win-defeat", "won against"),
        ("re3d", "InChargeOf", "in charge of"),
        ("followthemoney", "Directorship", "director of"),
    ):
        parsed = article(["Person", "Organization"], between(label))
        LabelMap.of([preset]).apply(parsed)
        assert statements(parsed) == [("e1", expected, "e2")]
        assert not parsed.notes.unmapped


def test_docred_has_96_properties_with_their_terms() -> None:
    assert len(PROPERTIES) == len(set(PROPERTIES.values())) == 96
    for presets in (["docred"], ["wikidata"]):
        parsed = article(["LOC", "LOC"], *map(between, PROPERTIES))
        terms = LabelMap.of(presets).apply(parsed)
        assert [each.predicate for each in parsed.article.relations] == list(PROPERTIES.values())
        assert terms == {
            ("predicate", normalise_label(label)): DIRECT + id_ for id_, label in PROPERTIES.items()
        }


def test_a_property_by_its_label_has_its_term_too() -> None:
    parsed = article(["Place", "Place"], between("country"))
    terms = LabelMap.of(["wikidata"]).apply(parsed)
    assert statements(parsed) == [("e1", "country", "e2")]
    assert terms == {("predicate", "country"): f"{DIRECT}P17"}
    assert not parsed.notes.unmapped


@pytest.mark.skipif(not REDOCRED.exists(), reason="needs the corpora")
def test_all_labels_of_re_docred_are_mapped() -> None:
    documents = json.loads(REDOCRED.read_bytes())
    labels = LabelMap.of(["docred"])
    properties = {label["r"] for each in documents for label in each["labels"]}
    of_types = {one["type"] for each in documents for many in each["vertexSet"] for one in many}
    # 95 of the 96 occur in it (P1198 does not), 17,284 times, and all six types.
    assert properties == set(PROPERTIES) - {"P1198"}
    assert all(labels.rule("predicate", each) for each in properties)
    assert all(labels.rule("type", each) for each in of_types)


# What is dropped, and what becomes of its relations


def test_a_dropped_object_leaves_its_name_as_a_value() -> None:
    parsed = article(["ORG", "MONEY"], between("paid"))
    LabelMap.of(DEFAULT).apply(parsed)
    assert statements(parsed) == [("e1", "paid", "name 2")]
    assert parsed.article.relations[0].object is None
    assert parsed.notes.dropped == {"MONEY": 1}


def test_a_dropped_subject_takes_its_relations_along() -> None:
    parsed = article(
        ["CARDINAL", "ORG"],
        between("part of"),
        Relation(subject="e1", predicate=NORMALISED_VALUE, value="12"),
        Relation(subject="e2", predicate=NORMALISED_VALUE, value="x"),
    )
    given = GivenMap(types={"cardinal": Rule(drop=True)})
    LabelMap.of(DEFAULT, given).apply(parsed)
    assert statements(parsed) == [("e2", NORMALISED_VALUE, "x")]
    # Its normalised value says nothing without it, and is not counted.
    assert parsed.notes.dropped == {"CARDINAL": 1, "relations of CARDINAL": 1}
    assert parsed.places == {"entities": [1], "relations": [2]}


def test_a_number_that_something_is_said_of_stays() -> None:
    parsed = article(["CARDINAL", "ORG", "NUM", "CARDINAL"], between("part of"))
    LabelMap.of(("docred", *DEFAULT)).apply(parsed)
    assert [each.type for each in parsed.article.entities] == ["Cardinal", "Organization"]
    assert statements(parsed) == [("e1", "part of", "e2")]
    assert parsed.notes.dropped == {"NUM": 1, "CARDINAL": 1}


def test_places_stay_those_of_the_record() -> None:
    parsed = article(["CARDINAL", "ORG"])
    parsed.places["entities"] = [3, 7]
    LabelMap.of(DEFAULT).apply(parsed)
    assert parsed.places == {"entities": [7]}


def test_a_quote_of_a_dropped_speaker_stays() -> None:
    parsed = article(["NORP", "CARDINAL"], quotes=[Quote(speaker="e2"), Quote(speaker="e1")])
    LabelMap.of(DEFAULT).apply(parsed)
    assert [each.speaker for each in parsed.article.quotes] == [None, "e1"]


# What nothing maps


def test_what_is_not_mapped_keeps_its_label_and_is_counted() -> None:
    parsed = article(["Dish", "Dish", "PERSON"], between("tastes like"), between("Founded by"))
    LabelMap.of(DEFAULT).apply(parsed)
    assert types(parsed) == ["Dish", "Dish", "Person"]
    # "founded by" has a published term.
    assert parsed.notes.unmapped == {("type", "Dish"): 2, ("predicate", "tastes like"): 1}
    assert statements(parsed)[1] == ("e1", "Founded by", "e2")


def test_our_own_record_is_left_alone() -> None:
    parsed = article(["dish", "CARDINAL"], between("tastes_like"))
    LabelMap.of(()).apply(parsed)
    assert types(parsed) == ["dish", "CARDINAL"]
    assert not parsed.notes.unmapped
    assert not parsed.notes.dropped
    assert LabelMap.of(()).digest == ""


def test_our_own_record_with_a_map(given: Write) -> None:
    parsed = article(["Dish", "Cardinal", "Soup"])
    LabelMap.of((), given('[types]\nDish = "Meal"')).apply(parsed)
    assert types(parsed) == ["Meal", "Cardinal", "Soup"]
    assert parsed.notes.unmapped == {("type", "Soup"): 1}


# The user's map

TOML = """
[types]
PERSON = "Human being"
VEH = { type = "Vehicle", iri = "https://schema.org/Vehicle" }
MONEY = "Money"
ORG = { iri = "schema:Organization" }
LOC = "drop"

[predicates]
SEEN_WITH = "drop"
employs = { predicate = "works for", inverse = true }
"org:founded_by" = { predicate = "founded by", iri = "schema:founder" }
P17 = "http://example.org/ns#country"
aka = { alias = true }
"""
JSON = json.dumps(
    {
        "types": {
            "PERSON": "Human being",
            "VEH": {"type": "Vehicle", "iri": "https://schema.org/Vehicle"},
            "MONEY": "Money",
            "ORG": {"iri": "schema:Organization"},
            "LOC": {"drop": True},
        },
        "predicates": {
            "SEEN_WITH": "drop",
            "employs": {"predicate": "works for", "inverse": True},
            "org:founded_by": {"predicate": "founded by", "iri": "schema:founder"},
            "P17": {"iri": "http://example.org/ns#country"},
            "aka": {"alias": True},
        },
    }
)


def test_toml_and_json_say_the_same(given: Write) -> None:
    assert given(TOML) == given(JSON, "map.json") == given(JSON, "map") == given(TOML, "map")
    assert given(b"\xef\xbb\xbf" + TOML.replace("\n", "\r\n").encode()) == given(TOML)


def test_a_map_comes_before_presets(given: Write) -> None:
    parsed = article(
        ["PERSON", "veh", "MONEY", "ORG", "LOC", "GPE"],
        between("seen_with"),
        between("employs"),
        between("org:founded_by"),
        between("P17"),
        between("aka"),
        Relation(subject="e1", predicate="employs", value="many"),
    )
    terms = LabelMap.of((*DEFAULT, "docred"), given(TOML)).apply(parsed)
    assert types(parsed) == ["Human being", "Vehicle", "Money", "Organization", "Place"]
    assert statements(parsed) == [
        ("e2", "works for", "e1"),
        ("e1", "founded by", "e2"),
        # Only the term is the map's, the label the preset's.
        ("e1", "country", "e2"),
        # A value cannot become a subject.
        ("e1", "employs", "many"),
    ]
    assert parsed.article.entities[0].aliases == ["name 2"]
    assert terms == {
        ("type", "vehicle"): "https://schema.org/Vehicle",
        ("type", "organization"): "https://schema.org/Organization",
        ("predicate", "founded by"): "https://schema.org/founder",
        ("predicate", "country"): "http://example.org/ns#country",
    }
    assert parsed.notes.dropped == {"LOC": 1, "seen_with": 1}
    assert not parsed.notes.unmapped


def test_terms_are_those_of_labels_that_occur(given: Write) -> None:
    assert LabelMap.of(DEFAULT, given(TOML)).apply(article(["GPE"])) == {}


def test_a_synonym_is_an_alias_and_both_stay() -> None:
    parsed = article(["Organisation", "Organisation"], between("IsSynonymOf"))
    LabelMap.of(["re3d"]).apply(parsed)
    assert [(each.name, each.aliases) for each in parsed.article.entities] == [
        ("name 1", ["name 2"]),
        ("name 2", []),
    ]
    assert statements(parsed) == []


def test_an_alias_of_nobody_stays_a_relation() -> None:
    parsed = article(["PER"], Relation(subject="e1", predicate="IsSynonymOf", object="e9"))
    LabelMap.of(["re3d"]).apply(parsed)
    assert statements(parsed) == [("e1", "IsSynonymOf", "e9")]


def test_an_alias_can_be_a_value_or_a_dropped_name(given: Write) -> None:
    parsed = article(
        ["ORG", "CARDINAL"],
        between("aka"),
        Relation(subject="e1", predicate="aka", value="The Four"),
    )
    LabelMap.of(DEFAULT, given("[predicates]\naka = { alias = true }")).apply(parsed)
    assert parsed.article.entities[0].aliases == ["name 2", "The Four"]


def test_turning_a_relation_round_comes_before_dropping(given: Write) -> None:
    labels = LabelMap.of(DEFAULT, given("[predicates]\nof = { inverse = true, predicate = 'has' }"))
    parsed = article(["CARDINAL", "ORG"], between("of"))
    labels.apply(parsed)
    assert statements(parsed) == [("e2", "has", "name 1")]


def test_a_map_can_name_presets(given: Write) -> None:
    labels = LabelMap.of(DEFAULT, given('preset = ["docred"]'))
    parsed = article(["TIME", "GPE"])
    labels.apply(parsed)
    assert types(parsed) == ["Date", "GPE"]
    assert parsed.notes.unmapped == {("type", "GPE"): 1}
    money = article(["MONEY"])
    LabelMap.of(DEFAULT, given("preset = []")).apply(money)
    assert money.notes.dropped == {}


def test_the_digest_tells_maps_apart(given: Write) -> None:
    maps = [
        "",
        "preset = []",
        'preset = ["ace"]',
        '[types]\nA = "B"',
        '[types]\nA = "C"',
        '[predicates]\nA = "B"',
        '[types]\nA = { type = "B", iri = "https://example.org/b" }',
    ]
    digests = [LabelMap.of(DEFAULT, given(each)).digest for each in maps]
    assert len(set(digests)) == len(maps)
    assert "" not in digests
    # Comments and letters of labels are no change.
    assert given('# x\n[types]\na = "B"').digest == given('[types]\nA = "B"').digest


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("org:founded_by = 1", "is not TOML"),
        ('[tipes]\nA = "B"', "'tipes': is not known; a map has preset, [types]"),
        ('preset = "dockred"', "preset: 'dockred' is none; there are ontonotes, conll"),
        ("preset = 1", "preset: is no list of names"),
        ("preset = [1]", "preset: is no list of names"),
        ("types = 1", "types: is no table"),
        ("types = []", "types: is no table"),
        ("[types]\nA = 1", 'types."A": write a label, "drop", or { type'),
        ("[predicates]\nA = []", 'predicates."A": write a label, "drop", or { predicate'),
        ('[types]\nA = ""', "types.\"A\": '' is no label"),
        ("[types]\nA = { type = 1 }", 'types."A": 1 is no label'),
        ('[types]\nA = "B"\na = "C"', 'types."a": is there before, in other letters'),
        ('[types]\n"" = "C"', 'types."": is no label'),
        ('[types]\nA = { kind = "B" }', 'types."A".kind: is not known; there are type, iri, drop'),
        ("[types]\nA = { inverse = true }", 'types."A".inverse: is not known'),
        ("[predicates]\nA = { drop = 1 }", 'predicates."A".drop: is neither true nor false'),
        ("[predicates]\nA = {}", 'predicates."A": says nothing; write predicate'),
        ("[predicates]\nA = { drop = true, alias = true }", 'predicates."A": leaves the label out'),
        ('[types]\nA = { type = "B", drop = true }', 'types."A": leaves the label out'),
        ('[types]\nA = { iri = "B" }', 'types."A".iri: is not an absolute IRI'),
        ('[types]\nA = { iri = "foo:B" }', 'types."A".iri: is not an absolute IRI'),
        ('[types]\nA = { iri = "http:///x" }', 'types."A".iri: is not an absolute IRI'),
        ("[types]\nA = { iri = 1 }", 'types."A".iri: is not an absolute IRI'),
        ('[types]\nA = "http://[x]/"', 'types."A": is not an absolute IRI'),
        (
            '[types]\nA = { type = "C", iri = "http://x/1" }\nB = { type = "c", iri = "http://x/2" }',
            "types.\"B\": the label 'c' has the IRI http://x/1 already",
        ),
        (b"\xff", "byte 1 is not UTF-8"),
    ],
)
def test_what_is_wrong_with_a_map_is_said(
    given: Write, text: str | bytes, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as error:
        given(text)
    assert str(error.value).startswith(f"{tmp_path / 'map.toml'}: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "is no map"),
        ("[" * 100_000, "cannot be read"),
        ('{"types": {"A": "B", "A": "C"}}', "'A' is there twice"),
        ('{"types": {"A": null}}', 'types."A": write a label'),
        ('{"x": ' + "1" * 5000 + "}", "cannot be read"),
    ],
)
def test_what_is_wrong_with_json_is_said(given: Write, text: str, message: str) -> None:
    with pytest.raises(InputError, match=r"map\.json: ") as error:
        given(text, "map.json")
    assert message in str(error.value)


def test_a_map_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        GivenMap.read(tmp_path / "map.toml")


def test_mapping_is_a_look_up_a_label() -> None:
    def steps(number: int) -> int:
        parsed = article(["PERSON", "CARDINAL"] * number, *[between("works for")] * number)
        labels = LabelMap.of(DEFAULT)
        steps = steps_of(lambda: labels.apply(parsed))
        assert len(parsed.article.entities) == number
        return steps

    assert steps(8_000) < 8.5 * steps(1_000)


def test_endless_predicates_do_not_fill_memory() -> None:
    labels = LabelMap.of(DEFAULT)
    for number in range(20):
        labels.apply(
            article(["ORG", "ORG"], *(between(f"p{number} {each}") for each in range(1000)))
        )
    assert len(labels._remembered["predicate"]) <= 10_000
