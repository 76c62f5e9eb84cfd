"""The first line of a text, by which an article without a title is called: which it is, how it is
cut, and where it is kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.drafting.first_line import ELLIPSIS, LENGTH, first_line
from datasette_newsgraph.loading.load import load

Query = Callable[[str], list[Any]]

PAGE = "News > World\nBy Ana O'Neil\n\nKabul has fallen.\nThe caption."
ZONES = [
    ("breadcrumb", 0, 12),
    ("byline", 13, 26),
    ("caption", PAGE.index("The caption"), len(PAGE)),
]


@pytest.mark.parametrize(
    ("text", "zones", "line"),
    [
        ("Kabul falls\n\nIt fell on Sunday.", [], "Kabul falls"),
        ("\n \t\n\u2028  Kabul \t falls \r\nIt fell.", [], "Kabul falls"),
        ("* * *\n————\n“Kabul” falls\n", [], "“Kabul” falls"),
        ("喀布尔陷落\n周日", [], "喀布尔陷落"),
        ("سقوط كابول\nيوم الأحد", [], "سقوط كابول"),
        ("", [], None),
        (" \n\n", [], None),
        ("* * *", [], None),
        (PAGE, ZONES, "Kabul has fallen."),
        # A zone may end in the middle of a line, and begin there.
        ("KABUL, Sunday | It fell. Photo: AP", [("breadcrumb", 0, 15)], "It fell. Photo: AP"),
        ("It fell. Photo: AP", [("caption", 9, 18)], "It fell."),
        ("Subscribe now\nKabul falls", [("promotion", 0, 13)], "Kabul falls"),
        # What is not passed over is the article's own.
        ("Kabul falls\nIt fell.", [("title", 0, 11), ("body", 12, 20)], "Kabul falls"),
        # Better a caption than nothing.
        ("A caption.", [("caption", 0, 10)], "A caption."),
    ],
)
def test_the_first_line_with_a_word(
    text: str, zones: list[tuple[str, int, int]], line: str | None
) -> None:
    assert first_line(text, zones) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("word " * 50, "word " * 23 + ELLIPSIS),
        ("x" * LENGTH, "x" * LENGTH),
        ("x" * (LENGTH + 1), "x" * (LENGTH - 2) + ELLIPSIS),
        ("喀布尔陷落" * 30, ("喀布尔陷落" * 30)[: LENGTH - 2] + ELLIPSIS),
        # Not between a letter and its mark, or what is joined to one picture.
        ("x" * (LENGTH - 3) + "e\u0301" * 9, "x" * (LENGTH - 3) + ELLIPSIS),
        ("x" * (LENGTH - 4) + "\U0001f469\u200d\U0001f4bb" * 9, "x" * (LENGTH - 4) + ELLIPSIS),
        ("x" * (LENGTH - 3) + "\U0001f1e6\U0001f1eb" * 2, "x" * (LENGTH - 3) + ELLIPSIS),
        ("a" + " " * 9_000_000 + "b", "a" + ELLIPSIS),
    ],
)
def test_a_long_line_is_cut(text: str, line: str) -> None:
    assert first_line(text) == line


@given(
    st.text(st.characters(exclude_categories=["Cs"]))
    | st.text("a é\u0301\u200d\n\u2028", max_size=900),
    st.lists(
        st.tuples(st.sampled_from(["caption", "body"]), st.integers(0, 50), st.integers(0, 900)),
        max_size=3,
    ),
)
def test_any_text_has_a_short_first_line_of_its_own_words_or_none(
    text: str, zones: list[tuple[str, int, int]]
) -> None:
    line = first_line(text, zones)
    if line is None:
        assert not any(each.isalnum() for each in text)
        return
    assert 0 < len(line) <= LENGTH
    assert len(line.splitlines()) == 1
    words = line.removesuffix(ELLIPSIS).rstrip()
    assert words in " ".join(text.split())
    if line != words and not words.endswith("\u200d"):
        rest = " ".join(text.split()).partition(words)[2]
        assert not rest or not unicodedata.combining(rest[0]) or len(words) == 1


def test_it_is_kept_with_a_text_without_a_title(db_path: Path, query: Query) -> None:
    zones = [{"zone": zone, "start": start, "end": end} for zone, start, end in ZONES]
    load(
        db_path,
        [
            {"id": "a", "text": PAGE, "zones": zones},
            {"id": "b", "text": PAGE, "zones": zones, "title": "Its title"},
            {"id": "c", "title": "No text"},
            {"id": "d", "text": " "},
            {"id": "e"},
        ],
    )
    kept = query(
        "SELECT given_id, articles.title, first_line FROM articles"
        " LEFT JOIN article_texts ON article_id = id ORDER BY id"
    )
    assert kept == [
        ("a", None, "Kabul has fallen."),
        ("b", "Its title", None),
        ("c", "No text", None),
        ("d", None, None),
        ("e", None, None),
    ]
    # What is shown of an article is found without reading its text.
    columns = [row[1] for row in query("PRAGMA table_info(article_texts)")]
    assert columns.index("first_line") < columns.index("text") == len(columns) - 1
