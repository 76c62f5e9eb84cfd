"""The layout of raw pages: zones, and what they tell of the article."""

from __future__ import annotations

import doctest
import importlib
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.article import Article, Zone
from datasette_newsgraph.extraction.layout import blocks, lay_out

PAGE = """Home > World > Peru

Flood closes mountain road near Lima

Rescue teams reach forty families as rain goes on for a third day

By Ana Ruiz and Tom Li, The Lima Courier
Published 18 July 2021 4:55 PM GMT | Updated 19 July 2021

FILE PHOTO: A bridge over the Rimac river in Lima, Peru, May 3, 2020. Agency/Ana Foto/File Photo

LIMA, July 18 (Reuters) - Peru's government closed the central road on Sunday, officials said.

Read more: Ten years of floods

Officials in hard hats at the bridge on Sunday. (Photo by AFP)

Rain will continue on Monday.

(Reporting by Ana Ruiz; Editing by Jo Ott)

© 2021 The Lima Courier. All rights reserved.
Follow us on Twitter
Contact
"""


def zones_of(text: str) -> list[tuple[str, str]]:
    """The zones of a page, each with the beginning of its words."""
    article = lay_out(Article(id="a", text=text))
    return [(zone.zone, text[zone.start : zone.end][:24].rstrip()) for zone in article.zones]


def test_a_page_has_its_zones() -> None:
    assert zones_of(PAGE) == [
        ("breadcrumb", "Home > World > Peru"),
        ("title", "Flood closes mountain ro"),
        ("standfirst", "Rescue teams reach forty"),
        ("byline", "By Ana Ruiz and Tom Li,"),
        ("dateline", "Published 18 July 2021 4"),
        ("caption", "FILE PHOTO: A bridge ove"),
        ("dateline", "LIMA, July 18 (Reuters)"),
        ("promotion", "Read more: Ten years of"),
        ("caption", "Officials in hard hats a"),
        ("byline", "(Reporting by Ana Ruiz;"),
        ("footer", "© 2021 The Lima Courier."),
        ("footer", "Follow us on Twitter"),
        ("footer", "Contact"),
    ]


def test_a_page_tells_of_the_article() -> None:
    article = lay_out(Article(id="a", text=PAGE))
    assert article.title == "Flood closes mountain road near Lima"
    assert article.authors == ["Ana Ruiz", "Tom Li"]
    assert article.publisher == "The Lima Courier"
    assert article.published == "2021-07-18"
    assert article.sections == ["World", "Peru"]
    assert article.text == PAGE


def test_what_the_record_says_is_kept() -> None:
    given_ = Article(
        id="a",
        text=PAGE,
        title="Another title",
        publisher="P",
        authors=["A B"],
        sections=["S"],
        published="2020",
        zones=[Zone(zone="footer", start=3, end=9)],
    )
    assert lay_out(given_) == given_


def test_a_given_title_is_found_in_the_text() -> None:
    text = "Menu here\nSomething else\n“Road” closed\nThe road is closed, the city said.\n"
    article = lay_out(Article(id="a", text=text, title='"Road" closed'))
    assert [(zone.zone, text[zone.start : zone.end]) for zone in article.zones] == [
        ("title", "“Road” closed")
    ]


class Line(NamedTuple):
    """A line above or among paragraphs, and the zone that it has there."""

    words: str
    zone: str | None


STORY = "The council voted on Tuesday. It will vote again."


@pytest.mark.parametrize(
    "line",
    [
        Line("News / Afghanistan", "breadcrumb"),
        Line("News \u00a0 / \u00a0 Asia", "breadcrumb"),
        Line("Sport", "breadcrumb"),
        Line("The Lima Courier", "breadcrumb"),
        Line(
            "Sunday, 18 July 2021 4:55 PM [ Last Update: Sunday, 18 July 2021 5:33 PM ]", "dateline"
        ),
        Line("2021-07-18T16:55:00Z", "dateline"),
        Line("By Ana Ruiz", "byline"),
        Line("A street in Lima in May. Photograph: Ana Foto/AFP", "caption"),
        Line("A street in Lima in May [Reuters]", "caption"),
        Line("Ana Ruiz (L) meets Tom Li (R) in Lima on May 3, 2021.", "caption"),
    ],
    ids=lambda line: line.words[:20],
)
def test_lines_above_a_title(line: Line) -> None:
    found = zones_of(f"{line.words}\n\nCouncil votes on the road\n\n{STORY}\n\n{STORY}\n")
    assert found == [(line.zone, line.words[:24].rstrip()), ("title", "Council votes on the roa")]


@pytest.mark.parametrize(
    "line",
    [
        Line("Image: City of Lima.", "caption"),
        Line("File photo: the road in May", "caption"),
        Line("ALSO READ: Ten years of floods", "promotion"),
        Line("Sign up for our newsletter", "promotion"),
        Line("Advertisement", "promotion"),
        Line("By then the road was closed, and nobody had seen the mayor.", None),
        Line("What the mayor said", None),
        Line("He said the photo was by a friend.", None),
        Line("Everybody admired the photo by Ana Ruiz.", None),
        Line("She read more books than he/she had to.", None),
        Line("The council has all rights to the road.", None),
    ],
    ids=lambda line: line.words[:20],
)
def test_lines_among_paragraphs(line: Line) -> None:
    text = f"Council votes on the road\n\n{STORY}\n\n{STORY}\n\n{line.words}\n\n{STORY}\n"
    expected = [(line.zone, line.words[:24].rstrip())] if line.zone else []
    assert zones_of(text)[1:] == expected


@pytest.mark.parametrize(
    ("paragraph", "dateline"),
    [
        ("LIMA — The council voted.", "LIMA —"),
        ("LIMA, Peru (AP) — The council voted.", "LIMA, Peru (AP) —"),
        ("NEW YORK, July 18 (Reuters) - The council voted.", "NEW YORK, July 18 (Reuters) -"),
        ("Lima (AFP) – The council voted.", "Lima (AFP) –"),
        ("Thursday, May 7, 2015 On Tuesday the council voted.", "Thursday, May 7, 2015"),
        ("NATO said that it had voted.", None),
        ("COVID-19 has closed the council.", None),
    ],
)
def test_the_place_before_a_first_paragraph(paragraph: str, dateline: str | None) -> None:
    text = f"Council votes on the road\n\n{paragraph}\n\n{STORY}\n"
    article = lay_out(Article(id="a", text=text))
    found = [text[each.start : each.end] for each in article.zones if each.zone == "dateline"]
    assert found == ([dateline] if dateline else [])


@pytest.mark.parametrize(
    "dateline",
    [
        "LIMA, Peru, 4 June 2023 -",
        "LIMA, 4 June 2023 –",
        "(LIMA) 4 June 2023 –",
        "Lima, Peru – Sunday, June 4, 2023 –",
        "LIMA (June 4, 2023) –",
        "(4th June 2023) LIMA –",
        "4 June 2023, Lima –",
        "NEW YORK & LIMA, June 4, 2023 /AcmeWire/ --",
        "CAMBRIDGE, Mass.--(ACME WIRE)--June 4, 2023--",
        "CAMBRIDGE, Mass., June 4, 2023 (ACME WIRE) --",
    ],
)
def test_the_place_and_date_before_a_press_release(dateline: str) -> None:
    text = f"Council votes on the road\n\n{dateline} {STORY}\n\n{STORY}\n"
    article = lay_out(Article(id="a", text=text))
    found = [text[each.start : each.end] for each in article.zones if each.zone == "dateline"]
    assert (found, article.published) == ([dateline], "2023-06-04")


@pytest.mark.parametrize(
    "beginning",
    [
        "On Sunday, 4 June 2023 - the Council's first day -",
        "The Beatles Museum, 4 June 2023 -",
        "Ana Ruiz (4 June 1923 – 3 May 2010)",
        "Ana Ruiz, 4 June 1923 – 3 May 2010,",
    ],
)
def test_a_sentence_with_a_date_is_no_dateline(beginning: str) -> None:
    text = f"Council votes on the road\n\n{beginning} {STORY}\n\n{STORY}\n"
    article = lay_out(Article(id="a", text=text))
    assert ([each.zone for each in article.zones], article.published) == (["title"], None)


def test_lines_broken_at_a_width_are_one_paragraph() -> None:
    text = (
        "Flood closes road\n\n"
        "The Lima government closed the central road on Sunday after the worst\n"
        "flood in a decade, officials said, and asked people to stay at home\n"
        "until Tuesday.\n\nThe mayor was ready.\n"
    )
    assert [block.words.split()[-1] for block in blocks.cut(text)] == ["road", "Tuesday.", "ready."]


def test_a_text_of_one_paragraph_is_body() -> None:
    assert zones_of("The council voted. It will vote again.") == []


@given(st.text() | st.lists(st.sampled_from(PAGE.split("\n"))).map("\n".join))
def test_any_text_has_zones_inside_that_do_not_overlap(text: str) -> None:
    article = lay_out(Article(id="a", text=text))
    assert article.text == text
    ends = 0
    for zone in article.zones:
        assert ends <= zone.start < zone.end <= len(text)
        ends = zone.end


@given(st.text(alphabet="aB .\n\r\t\u00a0\u2028(/", max_size=60))
def test_blocks_leave_out_white_space_alone(text: str) -> None:
    end = 0
    for block in blocks.cut(text):
        assert not text[end : block.start].strip()
        assert len(block.words) == block.end - block.start
        end = block.end
    assert not text[end:].strip()


@pytest.mark.parametrize(
    "module", ["bylines", "captions", "date_lines", "navigation", "press_datelines"]
)
def test_examples_in_the_code_are_right(module: str) -> None:
    found = importlib.import_module(f"datasette_newsgraph.extraction.layout.{module}")
    assert doctest.testmod(found).failed == 0
