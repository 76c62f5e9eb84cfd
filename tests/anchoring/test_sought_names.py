"""Names that a tool gives without places: all their occurrences in the text become mentions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.anchoring import anchor
from datasette_newsgraph.anchoring.sought_names import Sought, mention_all
from datasette_newsgraph.article import Article, Entity, Zone


def entities_of(*names: str | tuple[str, ...]) -> list[Entity]:
    called = [(each,) if isinstance(each, str) else each for each in names]
    return [
        Entity(id=f"e{number}", type="Thing", name=each[0], aliases=list(each[1:]))
        for number, each in enumerate(called)
    ]


def found(text: str, *names: str | tuple[str, ...]) -> list[list[tuple[str | None, str]]]:
    """By entity what the text reads at each mention, and what became of it."""
    entities = entities_of(*names)
    mention_all(text, [Sought(each) for each in entities])
    anchors = anchor(Article(id="a", text=text, entities=entities))
    assert not anchors.refused
    spans = [[anchors.spans[id(each)] for each in entity.mentions] for entity in entities]
    for each in (span for listed in spans for span in listed if span.start is not None):
        assert text[each.start : each.end] == each.surface
    return [[(each.surface, each.status) for each in listed] for listed in spans]


def test_all_occurrences_of_a_name_and_its_aliases_are_mentions() -> None:
    text = "Wangari Maathai won in Oslo. Maathai said: “Oslo is cold.”"
    assert found(text, ("Wangari Maathai", "Maathai"), "Oslo") == [
        [("Wangari Maathai", "moved"), ("Maathai", "moved")],
        [("Oslo", "moved"), ("Oslo", "moved")],
    ]


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("Ana\nSilva spoke.", "Ana Silva", ["Ana\nSilva"]),
        ("O’Neill and O'Neill", "O'Neill", ["O’Neill", "O'Neill"]),
        ("KENYA: Kenya votes", "Kenya", ["KENYA", "Kenya"]),
        (
            "Global warming is global warming.",
            "global warming",
            ["Global warming", "global warming"],
        ),
        # A capital letter says more than none.
        ("May may come in May.", "May", ["May", "May"]),
        ("They fear global warming.", "Global Warming", ["global warming"]),
        # Whole words, where a script has their borders.
        ("Omanis of Oman", "Oman", ["Oman"]),
        ("安娜说。安娜走了", "安娜", ["安娜", "安娜"]),
        ("U.S. and U.S. troops", "U.S.", ["U.S.", "U.S."]),
        ("C and C++", "C++", ["C++"]),
    ],
)
def test_what_reads_like_a_name_is_one(text: str, name: str, words: list[str]) -> None:
    (mentions,) = found(text, name)
    assert [surface for surface, _ in mentions] == words


@pytest.mark.parametrize(
    ("text", "name"),
    [("They told us.", "US"), ("Nothing of the kind", "Kenya"), ("Omanis", "Oma n"), ("x", "!?")],
)
def test_a_name_that_is_nowhere_stays_without_a_place(text: str, name: str) -> None:
    assert found(text, name) == [[(name, "unlocated")]]


def test_what_stands_in_a_longer_name_is_no_mention_of_a_shorter_one() -> None:
    text = "The Bank of England raised rates. England won."
    assert found(text, "England", "Bank of England") == [
        [("England", "moved")],
        [("Bank of England", "moved")],
    ]


def test_an_alias_that_is_the_name_of_another_is_that_ones() -> None:
    text = "The United Nations and the UN"
    assert found(text, ("United Nations", "UN"), "UN") == [
        [("United Nations", "moved")],
        [("UN", "moved")],
    ]


def test_names_in_capital_letters_are_found_if_all_are() -> None:
    text = "In Tehran, Iran and the US met; us they left out."
    assert found(text, "IRAN", "US", "TEHRAN") == [
        [("Iran", "normalised")],
        [("US", "moved")],
        [("Tehran", "normalised")],
    ]
    assert found("Who asks Iran?", "WHO") == [[("WHO", "unlocated")]]


def test_a_passage_is_where_names_are_looked_for() -> None:
    text = "Oslo is here. Oslo is there. Rome is not."
    oslo, rome = entities_of("Oslo", "Rome")
    mention_all(text, [Sought(oslo, 14, 28), Sought(rome, 0, 13), Sought(oslo, 10, 30)])
    assert [(each.start, each.end) for each in oslo.mentions] == [(14, 18)]
    assert [(each.start, each.end, each.text) for each in rome.mentions] == [(0, 13, "Rome")]


def test_mentions_have_the_zones_of_the_text() -> None:
    text = "Oslo wins\nOslo has won."
    (oslo,) = entities_of("Oslo")
    mention_all(text, [Sought(oslo)])
    article = Article(
        id="a", text=text, entities=[oslo], zones=[Zone(zone="title", start=0, end=9)]
    )
    spans = anchor(article).spans
    assert [spans[id(each)].start for each in oslo.mentions] == [0, 10]


def test_without_a_text_a_name_is_one_mention() -> None:
    (oslo,) = entities_of("Oslo")
    mention_all(None, [Sought(oslo)])
    assert [(each.text, each.start) for each in oslo.mentions] == [("Oslo", None)]


@pytest.mark.parametrize("names", [["the"] * 2000, ["the " * each for each in range(1, 700)]])
def test_the_work_is_bounded(names: list[str]) -> None:
    text = "the " * 200_000
    entities = entities_of(*names)
    began = time.process_time()
    mention_all(text, [Sought(each) for each in entities])
    assert time.process_time() - began < 20
    assert all(each.mentions for each in entities)


@given(
    st.text("aAbB .’'-\n\u0301äß安", max_size=60),
    st.lists(st.text("aAbB .’'-\u0301äß安", min_size=1, max_size=6), max_size=5),
)
def test_whatever_is_looked_for_reads_as_it_is_said(text: str, names: list[str]) -> None:
    wanted = [each for each in names if each.strip()]
    for listed in found(text, *wanted):
        assert listed
