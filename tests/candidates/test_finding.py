"""Which pairs are found, with what reasons, and in which tiers."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.candidates import blocking, graph
from datasette_newsgraph.candidates.evidence import Evidence
from datasette_newsgraph.candidates.finding import find_candidates
from datasette_newsgraph.candidates.keeping import keep_candidates, kept_candidates
from datasette_newsgraph.candidates.scoring import score, weights
from datasette_newsgraph.candidates.tiers import TIERS
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.store import open_store
from tests.candidates.graphs import found_in, names, records, the_pair

# Beside the names at hand, so that rules about the only one have something to count.
OTHERS = ["Place: Kabul", "Organization: Reuters"]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Person: Al-Zawahiri", "Person: al Zawahiri", "differ in articles, titles, marks"),
        ("Person: Mr. Ana Lee", "Person: Ana Lee", "differ in articles, titles, marks"),
        ("Person: Lee, Ana", "Person: Ana Lee", "same words in another order"),
        ("Place: US", "Place: United States", "usual names of one country"),
        ("Place: France", "Place: French", "a word for its people"),
        ("Organization: NATO", "Organization: North Atlantic Treaty Organization", "initials of"),
        ("Person: A. Lee", "Person: Ana Lee", "the initial fits"),
        ("Person: Muammar Qaddafi", "Person: Muammar Gadhafi", "the same consonants"),
        ("Person: Hibatullah Akhundzada", "Person: Hibatullah Akhunzada", "one letter or two"),
        ("Person: Ana Lee = Bo Chan", "Person: Bo Chan", "gives one thing both names"),
        ("Organization: Lee Bank", "Organization: Bank of Ana Lee", "All words of"),
    ],
)
def test_why_two_may_be_one(one: str, other: str, reason: str) -> None:
    found = the_pair([one, *OTHERS], [other, *OTHERS])
    assert any(reason in each for each in found.reasons), found


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("Organization: Harbour Post", "Place: Harbour Post", "an organisation, the other a place"),
        ("Event: Games of 2012", "Event: Games of 2016", "numbered differently"),
        ("Organization: Group F", "Organization: Group G", "numbered differently"),
        ("Person: Pope Pius XII", "Person: Pope Pius XIII", "numbered differently"),
        ("Place: North Harbour", "Place: Harbour", "A word tells them apart"),
        ("Person: Martin King Jr", "Person: Martin King", "A word tells them apart"),
        ("Person: Ana B. Lee", "Person: Ana C. Lee", "middle names differ"),
        ("Person: Mr Lee", "Person: Mrs Lee", "a man, the other a woman"),
        ("Person: Ana Lee", "Person: Ana Lee and Bo Chan", "several people"),
        (
            "Person: Ana Lee @ http://www.wikidata.org/entity/Q1",
            "Person: Dr Ana Lee @ http://www.wikidata.org/entity/Q2",
            "two identifiers of Wikidata",
        ),
    ],
)
def test_what_contradicts_is_told_and_bars_from_tiers(one: str, other: str, words: str) -> None:
    found = the_pair([one, *OTHERS], [other, *OTHERS])
    assert any(words in each for each in found.against), found
    assert found.tier == ""


@pytest.mark.parametrize(
    ("tier", "articles"),
    [
        ("surname", [["Person: Ana Lee", "Person: Lee"], ["Person: Ana Lee"]]),
        ("letters", [["Organization: the Kabul Post"], ["Organization: Kabul-Post"]]),
        ("country", [["Place: the U.S."], ["Place: United States"]]),
        ("acronym", [["Organization: World Trade Fair", "Organization: WTF"]]),
    ],
)
def test_a_pair_in_each_tier(tier: str, articles: list[list[str]]) -> None:
    assert the_pair(*articles).tier == tier


def test_every_tier_is_tried() -> None:
    assert {each.name for each in TIERS} == {"surname", "letters", "country", "acronym"}


@pytest.mark.parametrize(
    "articles",
    [
        # Another of that surname; one article without the long name; a place.
        [["Person: Ana Lee", "Person: Lee"], ["Person: Bo Lee"]],
        [["Person: Ana Lee", "Person: Lee"], ["Person: Lee"]],
        [["Place: Fisht in Sochi", "Place: Sochi"]],
        # Of other types, or of none.
        [["Organization: the Kabul Post"], ["Place: Kabul Post"]],
        [["Thing: the Kabul Post"], ["Thing: Kabul Post"]],
        # Of a company a title is a part of the name.
        [["Organization: General Motors"], ["Organization: Motors"]],
        [["Event: the World Cup"], ["Event: a World Cup"]],
        # Never named together; two letters.
        [["Organization: World Trade Fair"], ["Organization: WTF"]],
        [["Organization: Trade Fair", "Organization: TF"]],
        # A name that means two continents, too.
        [["Place: America"], ["Place: United States"]],
    ],
)
def test_what_is_in_no_tier(articles: list[list[str]]) -> None:
    assert not any(each.tier for each in found_in(articles))


def test_a_surname_is_told_with_whose_it_is() -> None:
    found = the_pair(["Person: Hibatullah Akhundzada", "Person: Akhundzada"])
    assert found.reasons[:2] == (
        "Akhundzada is the surname of Hibatullah Akhundzada; the only such name in the graph.",
        "Of Akhundzada, its only article names the other, too.",
    )
    assert found.together == 1


@pytest.mark.parametrize(
    ("articles", "kept"),
    [
        # An identifier first, then more articles, then the longer name.
        (
            [["Person: Lee @ https://lee.example/1"], ["Person: Ana Lee"], ["Person: Ana Lee"]],
            "Lee",
        ),
        ([["Person: Ana Lee"], ["Person: Lee"], ["Person: Lee"]], "Lee"),
        ([["Person: Ana Lee"], ["Person: Lee"]], "Ana Lee"),
    ],
)
def test_which_is_the_one_to_keep(articles: list[list[str]], kept: str) -> None:
    assert the_pair(*articles).left_name == kept


def test_an_identifier_in_common_says_most() -> None:
    """One that is not the key of either."""
    both = " @ https://lee.example/1"
    articles = records([["Person: Ana Lee" + both], ["Person: Eve Stone" + both]])
    for number, record in enumerate(articles):
        record["entities"][0]["same_as"].append(f"http://www.wikidata.org/entity/Q{number + 1}")
    with closing(sqlite3.connect(":memory:")) as connection:
        load(connection, articles)
        with open_store(connection) as db:
            (found,) = find_candidates(db)
    assert found.reasons[0] == "They share an identifier."
    assert found.score > 0.9


def test_what_is_of_one_article_only_is_like_nothing() -> None:
    assert found_in([["Date: Friday", "Person: he"], ["Date: Fridays", "Person: He"]]) == []


def test_pairs_on_which_somebody_has_decided_are_left_out() -> None:
    articles = [["Person: Ana Lee", "Person: Lee"], ["Person: Ana Leé"]]
    every = found_in(articles)
    (first, *others) = every
    judged = frozenset({(min(first.left, first.right), max(first.left, first.right))})
    assert found_in(articles, judged=judged | {("a", "b")}) == others


def test_candidates_are_in_order_and_the_same_in_any_order_of_articles() -> None:
    articles = [
        ["Person: Ana Lee", "Person: Lee"],
        ["Person: A. Lee", "Place: US"],
        ["Place: U.S.", "Place: United States", "Person: Lee"],
    ]
    found = found_in(articles)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert sorted(map(repr, found)) == sorted(map(repr, found_in(articles[::-1])))


def test_of_many_of_one_name_all_hang_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocking, "LARGEST_BLOCK", 4)
    found = found_in([[f"Type{letter}: Kabul Post"] for letter in "abcdefghijkl"])
    joined = {found[0].left}
    for _ in found:
        for each in found:
            if joined & {each.left, each.right}:
                joined |= {each.left, each.right}
    assert len(joined) == 12
    assert len(found) < 12 * 11 / 2


def test_a_short_name_is_compared_with_those_beside_it_first() -> None:
    """Of more of that surname than are compared with it."""
    others = [
        f"{chr(97 + number // 26)}{chr(97 + number % 26)}na Lee".title() for number in range(30)
    ]
    apart = [[f"Person: {name}"] for name in others]
    found = found_in([["Person: Lee", "Person: Zoe Lee"], *apart])
    of_lee = [each for each in found if "Lee" in (each.left_name, each.right_name)]
    assert len(of_lee) == 12
    assert names(of_lee[:1]) == {frozenset(("Lee", "Zoe Lee"))}


def test_a_list_of_names_says_nothing_of_who_is_named_with_whom(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    articles = [["Person: Ana Lee", "Person: Bo Chan"], ["Person: A. Lee", "Person: Bo Chan"]]
    told = "Much the same others are named with both."
    assert told in found_in(articles)[0].reasons
    monkeypatch.setattr(graph, "LONGEST_LIST", 1)
    assert told not in found_in(articles)[0].reasons


_WORDS = st.sampled_from(
    ["Lee", "Ana", "A.", "the", "Mr", "US", "of", "2012", "Bank", "王毅", "É", "'s"]
)
_NAMES = st.lists(_WORDS, min_size=1, max_size=4).map(" ".join) | st.text(min_size=1, max_size=30)
_ENTITIES = st.tuples(st.sampled_from(["Person", "Place", "Thing", ""]), _NAMES)


@given(st.lists(st.lists(_ENTITIES, max_size=6), max_size=5))
@settings(max_examples=60)
def test_whatever_the_names_are_each_pair_is_two_with_a_reason(
    articles: list[list[tuple[str, str]]],
) -> None:
    given_records = [
        {"id": f"a{number}", "entities": [
            {"id": f"e{place}", "type": type_, "name": name}
            for place, (type_, name) in enumerate(named)
        ]} for number, named in enumerate(articles)
    ]  # fmt: skip
    with closing(sqlite3.connect(":memory:")) as connection:
        load(connection, given_records)
        with open_store(connection) as db:
            keys = {key for (key,) in db.conn.execute("SELECT key FROM entities")}
            found = list(find_candidates(db, above=0))
            keep_candidates(db, found)
            assert list(kept_candidates(db.conn)) == found
    pairs = [frozenset((each.left, each.right)) for each in found]
    assert len({*pairs}) == len(pairs)
    for each in found:
        assert each.left != each.right
        assert {each.left, each.right} <= keys
        assert 0 <= each.score <= 1
        assert each.reasons
        assert not (each.tier and each.against)


def test_nothing_is_found_in_an_empty_graph() -> None:
    assert found_in([]) == []


def test_weights_are_of_what_is_known() -> None:
    constant, fields, products = weights()
    known = Evidence(0, 1)
    for name in (*fields, *(each for pair in products for each in pair)):
        assert not getattr(known, name)
    assert score(known) == pytest.approx(1 / (1 + 2.718281828**-constant), rel=1e-6)
    assert score(Evidence(0, 1, shared_identifier=True)) == 0.97
    likely = Evidence(0, 1, same_letters=True, letters_alike=1, length=1, rarer=9)
    assert (
        score(likely)
        > 10
        * score(
            Evidence(
                0, 1, same_letters=True, letters_alike=1, length=1, rarer=9, two_identifiers="VIAF"
            )
        )
        / 1.01
    )


# --- A corpus, with its links hidden ---------------------------------------------------------

WIKINEWS = Path(__file__).parents[3] / "shared" / "corpora" / "wikinews.jsonl"


@pytest.mark.skipif(not WIKINEWS.exists(), reason="the corpus is not here")
def test_links_that_are_hidden_are_found_again() -> None:
    from tests.candidates.bench_script import hidden_links

    measured = [quality for _, quality in hidden_links.measure(WIKINEWS, as_given=False)]
    before, tiers, judged = measured
    assert before.precision > 0.97
    assert before.recall < 0.15
    assert tiers.precision > 0.985
    assert tiers.recall > 0.42
    assert judged.precision > 0.99
    assert judged.recall > 0.84


def test_links_are_hidden(tmp_path: Path) -> None:
    from tests.candidates.bench_script import hidden_links

    articles = records([["Person: Ana Lee @ https://lee.example/1"]] * 2)
    for record in articles:
        text = "Ana Lee said that Lee left."
        spans = [{"start": 0, "end": 7, "text": "Ana Lee"}, {"start": 18, "end": 21, "text": "Lee"}]
        record |= {"text": text}
        record["entities"][0]["mentions"] = spans
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in articles), "utf-8")
    before, tiers, judged = (each for _, each in hidden_links.measure(path, as_given=False))
    assert before == (2, 6, 2)
    assert tiers == judged == (6, 6, 6)
    (given, *_) = (each for _, each in hidden_links.measure(path, as_given=True))
    assert given == (1, 1, 1)
