"""The tables that Label Studio exports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.label_studio_table import parse
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.reading.recognition import recognise
from tests.readers.recognisers import mentions

Read = Callable[..., list[Entry]]


def table(*rows: dict[str, Any], delimiter: str = ",") -> str:
    """A table as pandas writes it: numbers bare, all else in quotation marks."""
    file = io.StringIO()
    found = csv.DictWriter(
        file, list(rows[0]), delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n"
    )
    found.writeheader()
    found.writerows(rows)
    return file.getvalue()


def row(*regions: dict[str, Any], **cells: Any) -> dict[str, Any]:
    given = {"annotation_id": 1, "annotator": "2", "id": 3, "label": json.dumps(regions)}
    return {**given, "lead_time": 1.5, **cells}


def region(start: int, end: int, text: str, *labels: str) -> dict[str, Any]:
    return {"start": start, "end": end, "text": text, "labels": labels or ["PER"]}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def entries(data: str) -> list[Entry]:
        path = tmp_path / "export.csv"
        path.write_text(data, "utf-8")
        with closing(Source(path)) as source:
            found = recognise(source)
            assert found.name == "label_studio_table"
            return list(found.reader.entries(source))

    return entries


@pytest.fixture
def load(read: Read) -> Callable[[str], list[Parsed]]:
    return lambda data: [parse(each.raw) for each in read(data)]


Load = Callable[[str], list[Parsed]]


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_regions_and_what_is_said_of_the_article(load: Load, delimiter: str) -> None:
    text = "🕊️ Ana met\n“Bob”, in Rome."
    (found,) = load(
        table(
            row(
                region(4, 7, "Ana"),
                region(13, 16, "Bob", "PER", "VIP"),
                text=text,
                url="https://example.org/1",
                date="2001-02-03",
            ),
            delimiter=delimiter,
        )
    )
    assert found.article.text == text
    assert [each[0::3] for each in mentions(found)] == [
        ("PER", "Ana"), ("PER", "Bob"), ("VIP", "Bob"),
    ]  # fmt: skip
    assert (found.article.url, found.article.published) == ("https://example.org/1", "2001-02-03")
    assert found.local_ids == ("3",)


def test_the_text_is_where_the_regions_read_what_they_say(load: Load) -> None:
    found = load(
        table(
            row(
                region(4, 7, "Ana"), review="Dr. Ana left.", notes="A longer cell than the review."
            ),
            row(review="Nobody left.", notes="A longer cell than the review."),
        )
    )
    assert [each.article.text for each in found] == ["Dr. Ana left.", "Nobody left."]


def test_several_columns_of_regions_and_choices(load: Load) -> None:
    places = json.dumps([region(11, 15, "Rome", "LOC")])
    (found,) = load(
        table(
            row(
                region(0, 3, "Ana"),
                places=places,
                sentiment=json.dumps({"choices": ["good", "news"]}),
                text="Ana was in Rome.",
            )
        )
    )
    assert [each[0::3] for each in mentions(found)] == [("PER", "Ana"), ("LOC", "Rome")]
    assert found.article.text == "Ana was in Rome."


def test_a_broken_row_costs_no_other(read: Read) -> None:
    good = row(region(0, 3, "Ana"), text="Ana left.")
    broken = {**good, "label": '[{"start": 0, "end"'}
    lines = table(good, broken, {**good, "label": "[{'start': 0}]"}, good).splitlines()
    found = read("\n".join([*lines[:2], '1,2,3,"[]"', *lines[2:], ""]))
    assert [each.fault and each.fault[:34] for each in found] == [
        None,
        "the row has 4 cells, but the heade",
        "column label: its regions are not ",
        "column label: its regions are not ",
        None,
    ]
