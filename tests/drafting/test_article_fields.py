"""Whatever a record says of its article is in the row of the article, and on the page of the article.

A field that is added to the record is tried the day it is added: what it is not written to fails here
by its name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from datasette_newsgraph import load
from datasette_newsgraph.article import Article, PartialDate
from datasette_newsgraph.identity import article_key

#: Fields whose values go into other tables.
ELSEWHERE = {"text", "zones", "entities", "relations", "quotes", "vocabulary", "extractor"}
#: Fields whose values are of a form of their own.
OF_A_FORM = {
    "url": "https://example.org/urlmark",
    "licence": "https://example.org/licencemark",
    "language": "gsw-LI",
}
#: What people do not read on a page, as it means something to the tool alone.
NOT_ON_PAGES = {"id"}


def a_value(number: int, field: Any) -> Any:
    """A value of a field that no other field has."""
    if field.name in OF_A_FORM:
        return OF_A_FORM[field.name]
    if field.type == PartialDate:
        return f"19{number:02}-03-04"
    return [f"{field.name}mark"] if field.type == list[str] else f"{field.name}mark"


FIELDS = {
    field.name: a_value(number, field)
    for number, field in enumerate(msgspec.structs.fields(Article), 40)
    if field.name not in ELSEWHERE
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("told") / "news.db"
    load(path, [FIELDS])
    return path


def words(value: Any) -> str:
    return value[0] if isinstance(value, list) else value


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_is_in_the_row_of_its_article(told: Path, name: str) -> None:
    with closing(sqlite3.connect(told)) as connection:
        (row,) = connection.execute("SELECT * FROM articles").fetchall()
    assert any(words(FIELDS[name]) in str(each) for each in row), "put it into a column"


@pytest.mark.asyncio
@pytest.mark.parametrize("name", [each for each in FIELDS if each not in NOT_ON_PAGES])
async def test_a_field_is_on_the_page_of_its_article(
    told: Path, serve: Callable[..., Any], name: str
) -> None:
    address = f"/news/-/newsgraph/article/{article_key(FIELDS['id'])}"
    page = await serve(told).client.get(address)
    assert page.status_code == 200
    # Not in JSON-LD or the citation, which are made of the same row.
    shown = page.text.partition("<main")[2].partition('<details class="citation"')[0]
    assert words(FIELDS[name]) in shown, "show it in templates/newsgraph_article.html"
