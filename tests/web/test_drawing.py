"""The drawing of a neighbourhood: readable whatever the names are, and SVG whatever is in them."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.web.drawing.layout import (
    NARROW,
    NODES,
    WIDE,
    Box,
    Form,
    Neighbour,
    Node,
    Statement,
    Tie,
    lay_out,
)
from datasette_newsgraph.web.drawing.lettering import (
    LONGEST,
    NAMELESS,
    cleaned,
    cut,
    isolated,
    lines,
    width,
)
from datasette_newsgraph.web.drawing.svg import draw

FORMS = pytest.mark.parametrize("form", [WIDE, NARROW], ids=lambda form: form.name)

HOSTILE = [
    "",
    " \n\t ",
    "\u200b\u200d",
    "<script>alert(1)</script>",
    '" onload="alert(1)',
    "]]><!-- &amp; &nosuch;",
    "\u202eright to left\u202c\u2066",
    "\x00\x01\x1b[31m\x85\ufffe\uffff",
    "W" * 10_000,
    "Z" + "\u0301" * 500,
    "北京市人民政府" * 20,
    "👩‍👩‍👧‍👦" * 50,
    "هبة الله آخندزاده",
    "\u2069\u2069Kabul",
]


def node(number: int | str, name: str = "Kabul", type_: str = "Place") -> Node:
    return Node(f"k{number}", cleaned(name), cleaned(type_), f"/entity/k{number}")


def stated(predicate: str = "leaderOf", articles: int | None = 1) -> Statement:
    key = f"{''.join(re.findall('[A-Za-z]', predicate))[:9]}-{articles}"
    return Statement(key, cleaned(predicate), articles, lambda key: f"/relation/{key}")


def elements(svg: str, tag: str, class_: str = "") -> list[Any]:
    found = ElementTree.fromstring(svg).iter(f"{{http://www.w3.org/2000/svg}}{tag}")
    return [each for each in found if class_ in each.get("class", "").split() or not class_]


def texts(svg: str, class_: str) -> list[str]:
    return [re.sub("[\u2068\u2069]", "", each.text or "") for each in elements(svg, "text", class_)]


TALIBAN = node("m", "Taliban", "Organization")
LEADER = Neighbour(node(1, "Hibatullah Akhundzada", "Person"), inward=(stated("leaderOf", 3),))
KABUL = Neighbour(node(2), outward=(stated("took", 12), stated("holds", 2)), shared=9)
BESIDE = Neighbour(node(3, "Friday", "Date"), shared=4)
SAID = Tie("k1", "k2", (stated("lives in", 2),))


# --- What is drawn ---------------------------------------------------------------------------


@FORMS
def test_each_entity_is_a_link_with_its_name_and_the_sign_of_its_type(form: Form) -> None:
    svg = draw(TALIBAN, [KABUL, LEADER, BESIDE], [SAID], form)
    links = {each.get("href"): each for each in elements(svg, "a", "ng-node")}
    assert links.keys() == {"/entity/km", "/entity/k1", "/entity/k2", "/entity/k3"}
    assert next(iter(links)) == "/entity/km"
    title = links["/entity/k1"].find("{http://www.w3.org/2000/svg}title").text
    assert title == f"{isolated('Hibatullah Akhundzada')}, {isolated('Person')}"
    assert set(texts(svg, "ng-name")) == {"Hibatullah Akhundzada", "Kabul", "Friday"}
    assert sorted(texts(svg, "ng-sign")) == ["Da", "Or", "Pe", "Pl"]


def test_the_foremost_predicate_stands_under_a_name_with_its_direction() -> None:
    svg = draw(TALIBAN, [KABUL, LEADER, BESIDE], [], NARROW)
    assert texts(svg, "ng-note") == [
        "→ took +1 · 12 articles",
        "← leaderOf · 3 articles",
        "in 4 articles together",
    ]


def test_whom_it_says_something_of_stands_on_the_right_and_who_of_it_on_the_left() -> None:
    places = lay_out(TALIBAN, [KABUL, LEADER], WIDE).places
    assert {place.neighbour.node.key: place.side for place in places} == {"k1": -1, "k2": 1}


def test_a_line_leads_to_its_relation_and_says_all_of_it() -> None:
    svg = draw(TALIBAN, [KABUL, LEADER], [SAID], WIDE)
    said = {
        each.get("href"): each[0].text.replace("\u2068", "").replace("\u2069", "")
        for each in elements(svg, "a", "ng-line")
    }
    assert said == {
        "/relation/took-12": "Taliban took Kabul (12 articles); Taliban holds Kabul (2 articles)",
        "/relation/leaderOf-3": "Hibatullah Akhundzada leaderOf Taliban (3 articles)",
        "/relation/livesin-2": "Hibatullah Akhundzada lives in Kabul (2 articles)",
    }


def test_lines_are_the_thicker_the_more_articles_and_dashed_without_relations() -> None:
    svg = draw(TALIBAN, [KABUL, LEADER, BESIDE], [], WIDE)
    thickness = {
        each.get("href"): float(each[1].get("stroke-width"))
        for each in elements(svg, "a", "ng-line")
    }
    assert thickness["/relation/took-12"] > thickness["/relation/leaderOf-3"]
    assert len(elements(svg, "g", "ng-together")) == 1


def test_without_counts_no_number_of_articles_is_said() -> None:
    svg = draw(TALIBAN, [Neighbour(node(1), outward=(stated("took", None),))], [], WIDE)
    assert "article" not in svg


@FORMS
def test_lines_need_no_keyboard_and_no_colour_is_in_the_drawing(form: Form) -> None:
    svg = draw(TALIBAN, [KABUL, LEADER, BESIDE], [SAID], form)
    assert {each.get("tabindex") for each in elements(svg, "a", "ng-line")} == {"-1"}
    assert {each.get("tabindex") for each in elements(svg, "a", "ng-node")} == {None}
    assert not re.search(r"fill=|stroke=|style=|#[0-9a-f]{3}", svg)


@FORMS
def test_an_entity_alone_is_drawn_too(form: Form) -> None:
    assert len(elements(draw(TALIBAN, [], [], form), "a")) == 1


# --- Whatever the names are ------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
@FORMS
def test_a_name_breaks_nothing(form: Form, name: str) -> None:
    neighbours = [
        Neighbour(node(1, name, name), outward=(stated(name, 3),), inward=(stated(name, 2),)),
        Neighbour(node(2, name, name), shared=1),
    ]
    svg = draw(node("m", name, name), neighbours, [Tie("k1", "k2", (stated(name),))], form)
    tags = {each.tag.rpartition("}")[2] for each in ElementTree.fromstring(svg).iter()}
    assert tags == {"svg", "g", "a", "path", "rect", "circle", "text", "title"}
    assert not re.search("[\u202a-\u202e\u2066\u2067]", svg)
    assert svg.count("\u2068") == svg.count("\u2069")
    assert len(svg) < 20_000


def test_a_name_that_cannot_be_seen_is_said_to_be_none() -> None:
    assert cleaned(None) == cleaned(" \u200b\u202e\n") == NAMELESS


def test_a_name_is_cut_to_what_it_has_room_for() -> None:
    assert cut("Kabul", 10) == "Kabul"
    assert cut("Kabul " * 9, 8).startswith("Kabul Kabul")
    assert cut("Kabul " * 9, 8).endswith("…")
    # Ideographs take twice the room.
    assert len(cut("北京" * 20, 10)) < len(cut("be" * 20, 10))
    assert len(cleaned("x" * 10_000)) == LONGEST + 1


def test_a_long_name_in_the_middle_goes_over_lines() -> None:
    found = lines("Islamic State of Iraq and the Levant", 9, 3)
    assert found == ["Islamic State of", "Iraq and the", "Levant"]
    assert len(lines("word " * 99, 9, 3)) == 3


names = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE))
weights = st.one_of(st.none(), st.integers(0, 10**9))
statements = st.lists(st.builds(stated, names, weights), max_size=3).map(tuple)


@st.composite
def neighbourhoods(draw_: st.DrawFn) -> tuple[Node, list[Neighbour], list[Tie]]:
    count = draw_(st.integers(0, NODES + 5))
    neighbours = [
        Neighbour(node(nth, draw_(names), draw_(names)), *draw_(st.tuples(statements, statements)))
        for nth in range(count)
    ]
    keys = st.sampled_from([each.node.key for each in neighbours] or ["k0"])
    tie = st.builds(Tie, keys, keys, statements.filter(bool))
    return node("m", draw_(names)), neighbours, draw_(st.lists(tie, max_size=8))


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@FORMS
def test_a_name_of_three_lines_is_beside_nothing(form: Form) -> None:
    middle = node("m", "ＷＩＤＥ " * 12, "Place")
    layout = lay_out(middle, [Neighbour(KABUL.node)], form)
    assert len(layout.name) == 3
    assert not overlap(layout.middle, layout.places[0].label)


@FORMS
@settings(max_examples=30)
@given(neighbourhoods())
def test_labels_never_overlap_and_nothing_is_outside(
    form: Form, given_: tuple[Node, list[Neighbour], list[Tie]]
) -> None:
    middle, neighbours, ties = given_
    layout = lay_out(middle, neighbours, form)
    boxes = [layout.middle, *(place.label for place in layout.places)]
    assert len(boxes) == min(len(neighbours) + 1, NODES)
    assert not any(overlap(one, other) for one, other in combinations(boxes, 2))
    for box in boxes:
        assert 0 <= box.x <= box.x + box.width <= form.width
        assert 0 <= box.y <= box.y + box.height <= layout.height
    for place in layout.places:
        assert width(place.name) * 14 <= place.label.width
    svg = draw(middle, neighbours, ties, form)
    assert svg == draw(middle, neighbours, ties, form)
    assert len(elements(svg, "a", "ng-node")) == len(boxes)
    within_and_beside_labels(svg, form, layout.height, boxes[1:])


def within_and_beside_labels(svg: str, form: Form, height: float, labels: list[Box]) -> None:
    """A Bézier curve stays within its points, and so do the others: none is where a label is."""
    for line in elements(svg, "path"):
        numbers = [float(each) for each in re.findall(r"-?[\d.]+", line.get("d"))]
        xs = numbers[::2] if "V" not in line.get("d") else numbers[:1]
        ys = numbers[1::2]
        assert all(0 <= y <= height for y in ys), line.get("d")
        for x in xs:
            assert 0 <= x <= form.width
            assert not any(box.x <= x <= box.x + box.width for box in labels)
