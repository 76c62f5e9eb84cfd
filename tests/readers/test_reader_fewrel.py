"""The readers of sentences with a relation each: FewRel, the data of OpenNRE, NYT."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.loading.load import load_files
from tests.readers.conftest import Load
from tests.readers.corpora import statements
from tests.readers.recognisers import mentions, parse, reasons, same_as

TOKENS = ["Lake", "Geneva", "lies", "in", "Switzerland", "."]
LAKE, COUNTRY = ["lake geneva", "Q6414", [[0, 1]]], ["switzerland", "Q39", [[4]]]


def fewrel(**changes: Any) -> dict[str, Any]:
    return {"tokens": TOKENS, "h": LAKE, "t": COUNTRY, **changes}


@pytest.mark.parametrize("indent", [None, 1])
def test_fewrel_has_a_list_for_each_relation(load: Load, indent: int | None) -> None:
    given = {"P17": [fewrel()], "P361": [fewrel(tokens=["x", *TOKENS[1:]])], "P4552": []}
    found, articles = load(json.dumps(given, indent=indent))
    assert found == "fewrel"
    assert [statements(each) for each in articles] == [
        [("Lake Geneva", "P17", "Switzerland")],
        [("x Geneva", "P361", "Switzerland")],
    ]
    assert same_as(articles[0]) == {
        "Lake Geneva": ["http://www.wikidata.org/entity/Q6414"],
        "Switzerland": ["http://www.wikidata.org/entity/Q39"],
    }
    assert articles[0].article.entities[0].aliases == []


def test_properties_have_their_names(tmp_path: Path, db_path: Path, query: Any) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"P931": [fewrel()], "P17": [fewrel()]}))
    assert load_files(db_path, [path]).new == 1
    predicates = query("SELECT predicate FROM relations ORDER BY 1")
    assert predicates == [("country",), ("place served by transport hub",)]


def test_what_is_said_of_one_sentence_is_one_article(load: Load) -> None:
    other = fewrel(h=COUNTRY, t=LAKE)
    _, (parsed,) = load({"P17": [fewrel()], "P206": [other]})
    assert [each[1] for each in statements(parsed)] == ["P17", "P206"]
    assert len(mentions(parsed)) == 2


def test_all_positions_are_mentions_and_another_name_is_an_alias() -> None:
    given = fewrel(h=["leman", "Q6414", [[0, 1], [1]]], relation="P17")
    lake = parse("fewrel", given).article.entities[0]
    assert [(each.start, each.end) for each in lake.mentions] == [(0, 11), (5, 11)]
    assert (lake.name, lake.aliases) == ("Lake Geneva", ["Geneva", "leman"])


# OpenNRE ----------------------------------------------------------------------------------------


def named(name: str, *pos: int, **others: Any) -> dict[str, Any]:
    return {"name": name, "pos": list(pos), **others}


@pytest.mark.parametrize("key", ["token", "tokens"])
def test_wiki80_and_its_like(load: Load, key: str) -> None:
    record = {
        key: TOKENS,
        "h": named("lake geneva", 0, 2, id="Q6414"),
        "t": named("switzerland", 4, 5, id="Q39"),
        "relation": "country",
    }
    found, (parsed,) = load(f"{json.dumps(record)}\n", "wiki80_train.txt")
    assert found == "fewrel"
    assert statements(parsed) == [("Lake Geneva", "country", "Switzerland")]


def test_inclusive_ends_are_seen_by_the_name() -> None:
    record = {"tokens": TOKENS, "h": named("Lake Geneva", 0, 1), "t": named("Switzerland", 4, 4)}
    assert [each[1:3] for each in mentions(parse("fewrel", record))] == [(0, 11), (20, 31)]


NYT10 = {
    "text": "Lake Geneva lies in Switzerland .",
    "h": named("Lake Geneva", 0, 11, id="/m/0dp90"),
    "t": named("Switzerland", 20, 31, id="/m/06mzp"),
    "relation": "/location/country/administrative_divisions",
}


def test_nyt10_counts_characters(load: Load) -> None:
    found, (parsed,) = load(f"{json.dumps(NYT10)}\n{json.dumps({**NYT10, 'relation': 'NA'})}")
    assert found == "fewrel"
    assert mentions(parsed) == [("Thing", 0, 11, "Lake Geneva"), ("Thing", 20, 31, "Switzerland")]
    assert [each[1] for each in statements(parsed)] == [NYT10["relation"]]
    assert not parsed.is_joined


@pytest.mark.parametrize("relation", ["NA", "None", "no_relation", "Other", "", None])
def test_no_relation_states_nothing(relation: Any) -> None:
    parsed = parse("fewrel", {**NYT10, "relation": relation})
    assert parsed.article.relations == []
    assert len(parsed.article.entities) == 2


@pytest.mark.parametrize(("order", "subject"), [("e1,e2", "Lake Geneva"), ("e2,e1", "Switzerland")])
def test_semeval_says_which_way_it_goes(order: str, subject: str) -> None:
    parsed = parse("fewrel", {**NYT10, "relation": f"Component-Whole({order})"})
    ((one, predicate, _),) = statements(parsed)
    assert (one, predicate) == (subject, "Component-Whole")


def test_names_without_positions_are_looked_for(tmp_path: Path, db_path: Path, query: Any) -> None:
    record = {"text": NYT10["text"], "h": {"name": "Lake Geneva"}, "t": {"name": "Switzerland"}}
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({**record, "relation": "country"}))
    load_files(db_path, [path])
    assert query("SELECT start_char, end_char FROM mentions ORDER BY 1") == [(0, 11), (20, 31)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"h": None}, "h: expected a name, an id and positions"),
        ({"h": ["x"]}, "h: expected a name, an id and positions"),
        ({"h": ["", "", []]}, "h: has neither a position nor a name"),
        ({"h": ["x", "Q1", [[9]]]}, "h: [9] is no span of the text"),
        ({"h": ["x", "Q1", [["a"]]]}, "h: ['a'] is no span of the text"),
    ],
)
def test_bad_ends_are_faults(changes: Any, reason: str) -> None:
    assert reasons(parse("fewrel", fewrel(relation="P17", **changes))) == [reason]


@pytest.mark.parametrize("given", [{}, {"tokens": []}, {"text": " "}, [], {"tokens": 3}])
@pytest.mark.parametrize("name", ["fewrel", "nyt"])
def test_without_a_text_it_is_rejected(name: str, given: Any) -> None:
    with pytest.raises(RecordError):
        parse(name, given)


# NYT --------------------------------------------------------------------------------------------


def nyt(text: str, article: str = "a", *relations: Any) -> dict[str, Any]:
    return {
        "sentText": text,
        "articleId": article,
        "sentId": "1",
        "relationMentions": list(relations),
        "entityMentions": [
            {"start": 0, "text": "Geneva", "label": "LOCATION"},
            {"start": 1, "text": "Annan", "label": "PERSON"},
        ],
    }


LIVED = {"em1Text": "Annan", "em2Text": "Geneva", "label": "/people/person/place_lived"}
NONE = {"em1Text": "Geneva", "em2Text": "Annan", "label": "None"}


def test_names_are_looked_for_in_their_sentence(tmp_path: Path, db_path: Path, query: Any) -> None:
    lines = [nyt("Annan left Geneva.\r\n", "a", LIVED, NONE), nyt("Geneva thanked Annan.", "a")]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in [*lines, nyt("Annan spoke.", "b")]))
    summary = load_files(db_path, [path])
    assert (summary.formats, summary.new) == ({"a.jsonl": "nyt"}, 2)
    spans = query("SELECT name, start_char FROM mentions JOIN entities ON entities.id = entity_id"
                  " WHERE start_char IS NOT NULL ORDER BY 1, 2")  # fmt: skip
    assert spans == [("Annan", 0), ("Annan", 0), ("Annan", 37), ("Geneva", 11), ("Geneva", 22)]
    assert query("SELECT predicate FROM relations") == [("residence",)]


def test_an_end_that_is_no_entity_is_looked_for_as_well() -> None:
    lived = {"em1Text": "Annan", "em2Text": "the city", "label": "/people/person/place_lived"}
    parsed = parse("nyt", nyt("Annan left the city.", "a", lived))
    assert statements(parsed) == [("Annan", "/people/person/place_lived", "the city")]
    assert parsed.local_ids == ("a",)


def test_an_entity_without_words_is_a_fault() -> None:
    given = {**nyt("Annan left."), "entityMentions": [{"label": "PERSON"}]}
    assert reasons(parse("nyt", given)) == ["entityMentions[0]: has no words"]
