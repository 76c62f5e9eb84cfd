"""The raw examples are read with what they say of themselves, before anything is extracted."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from datasette_newsgraph.extraction.layout import lay_out
from datasette_newsgraph.readers.inputs import Source
from datasette_newsgraph.reading.recognition import recognise

RAW = Path(__file__).parents[2] / "examples" / "raw"
#: Of each example: format, title, date, publisher, sections.
EXPECTED = {
    "2020-hayabusa2-capsule.html": (
        *("html", "Capsule with dust of an asteroid lands in Australia", "2020-12-06"),
        *("Example Gazette", ["Space"]),
    ),
    "2021-ever-given-afloat.txt": (
        *("text", "Ship that blocked the Suez Canal is afloat again", "2021-03-29"),
        *("Example Gazette", ["News", "Shipping"]),
    ),
    "2023-croatia-euro-schengen.txt": (
        *("text", "Croatia adopts the euro and opens its borders", "2023-01-01", None, []),
    ),
}


def test_every_raw_example_is_expected() -> None:
    assert {path.name for path in RAW.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_raw_example_describes_itself(name: str) -> None:
    with closing(Source(RAW / name)) as source:
        format_ = recognise(source, raw_too=True)
        (entry,) = format_.reader.entries(source)
    article = lay_out(format_.reader.parse(entry.raw).article)
    assert EXPECTED[name] == (
        *(format_.name, article.title, article.published, article.publisher, article.sections),
    )
