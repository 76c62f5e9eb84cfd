"""Mentions in context: every one of them once, in the order and with the filters asked for."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.web.entity import contexts
from datasette_newsgraph.web.parts.sentence_around import WINDOW, line_around
from datasette_newsgraph.web.parts.typography import direction_of

Serve = Callable[..., Any]
Parse = Callable[[str], Any]
Read = Callable[..., Awaitable[Any]]

SOURCES = ("Reuters", "Le Monde", "新华社")
DATES = (
    None,
    "yesterday",
    "'twas",
    "2019",
    "2020-02",
    "2020-02-29",
    "2021-08-15",
    "2021-08-15T09:30:00Z",
    "2021-12-31",
)


def articles() -> list[dict[str, Any]]:
    """Articles of several sources and dates, many of the same, that name Kabul up to three times."""
    chance = random.Random(5)
    found = []
    for number in range(40):
        text = "".join(f"Kabul {word}. " for word in range(chance.randrange(4))) + "Photo: Kabul."
        places = [place for place in range(len(text)) if text.startswith("Kabul", place)]
        mentions = [{"start": place, "end": place + 5, "text": "Kabul"} for place in places]
        caption = {"zone": "caption", "start": text.index("Photo"), "end": len(text)}
        article = {
            "id": f"a{number}",
            "text": text,
            "publisher": chance.choice(SOURCES),
            "zones": [caption],
            "entities": [{"id": "e", "type": "Place", "name": "Kabul", "mentions": mentions}],
        }
        if date := chance.choice(DATES):
            article["published"] = date
        found.append(article)
    # Words that are nowhere in the text have no zone.
    found[0]["entities"][0]["mentions"].append({"text": "Caboul"})
    return found


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("contexts") / "news.db"
    load(path, articles())
    return path


@pytest.fixture(params=["through the articles", "sorted"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of finding the mentions of a page, on pages of seven."""

    async def is_frequent(*_: Any) -> bool:
        return bool(request.param == "through the articles")

    monkeypatch.setattr(contexts, "is_frequent", is_frequent)
    monkeypatch.setattr(contexts, "PAGE", 7)


@pytest.fixture
def read(serve: Serve, path: Path, page: Parse) -> Read:
    """``await read(zone="caption")``: the page of Kabul, with these arguments."""

    async def read_page(status: int = 200, **arguments: str) -> Any:
        (key,) = rows(path, "SELECT key FROM entities WHERE name = 'Kabul'")[0]
        address = f"/news/-/newsgraph/entity/{key}?{urlencode(arguments)}"
        response = await serve(path).client.get(address)
        assert response.status_code == status, address
        return page(response.text)

    return read_page


def rows(path: Path, sql: str, **parameters: Any) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, parameters).fetchall()


def expected(path: Path, order: str, **chosen: str) -> list[str]:
    """The links to the mentions, by plain SQL and Python."""
    found = rows(
        path,
        "SELECT published, articles.id, mentions.id, articles.key, start_char, end_char, zone,"
        " publisher FROM mentions JOIN articles ON articles.id = article_id",
    )
    start, end = chosen.get("from", ""), chosen.get("to", "")
    kept = [
        row
        for row in found
        if chosen.get("zone") in (None, row[6])
        and chosen.get("source") in (None, row[7])
        and (not (start or end) or (row[0] or "")[:2] == "20")
        and (row[0] or "") >= start
        and (not end or (row[0] or "")[: len(end)] <= end)
    ]
    kept.sort(key=lambda row: row[2])
    kept.sort(key=lambda row: (row[0] or "", row[1]), reverse=order == "newest")
    kept.sort(key=lambda row: row[0] is None)
    return [
        f"/news/-/newsgraph/article/{row[3]}"
        + (f"?at={row[4]},{row[5]}#char={row[4]},{row[5]}" if row[4] is not None else "")
        for row in kept
    ]


def links_in(html: Any) -> list[str]:
    """Where the mentions on a page lead, in order."""
    marked = [
        each.attributes["href"] for each in html.all("a") if "?at=" in each.attributes["href"]
    ]
    return marked + [each.attributes["href"] for each in html.all("a", class_="words")]


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"zone": "caption"},
        {"source": "新华社"},
        {"from": "2020"},
        {"to": "2020"},
        {"from": "2020-02", "to": "2021-08"},
        {"source": "Reuters", "zone": "body", "to": "2021-08"},
        {"source": "nobody"},
        {"zone": "footer"},
        {"from": "2022", "to": "2022-06"},
    ],
    ids=str,
)
@pytest.mark.usefixtures("way")
@pytest.mark.asyncio
async def test_page_by_page_every_mention_is_shown_once(
    read: Read, path: Path, order: str, chosen: dict[str, str]
) -> None:
    arguments: dict[str, str] = {"order": order, **chosen}
    seen: list[str] = []
    while True:
        html = await read(**arguments)
        found = links_in(html)
        assert len(found) <= 7
        seen += found
        following = html.all("a", rel="next")
        if not following:
            break
        address = urlsplit(following[0].attributes["href"])
        assert address.fragment == "mentions"
        arguments = {name: value for name, (value,) in parse_qs(address.query).items()}
        assert chosen.items() <= arguments.items()
    # On its page, the mention without a place is behind those that have one.
    assert sorted(seen) == sorted(expected(path, order, **chosen))
    assert [each for each in seen if "?at=" in each] == [
        each for each in expected(path, order, **chosen) if "?at=" in each
    ]
    count = html.all("h2")[-1].text.removeprefix("Mentions in context ")
    assert int(count) == len(seen)


@pytest.mark.asyncio
async def test_the_numbers_beside_sources_and_zones_are_what_their_links_show(
    read: Read, path: Path
) -> None:
    for chosen in ({}, {"zone": "body"}, {"from": "2020", "source": "Reuters"}):
        html = await read(**chosen)
        narrower = [
            each for each in html.all("li") if "articles" in each.text or "mentions" in each.text
        ]
        assert len(narrower) > 2 or chosen
        for item in narrower:
            if item.text.split()[-1] not in ("articles", "mentions"):
                continue
            *words, count, unit = item.text.split()
            name = " ".join(words)
            wanted = {**chosen, ("source" if unit == "articles" else "zone"): name}
            found = expected(path, "newest", **wanted)
            shown = found if unit == "mentions" else {each.partition("?")[0] for each in found}
            assert int(count) == len(shown)


@pytest.mark.asyncio
async def test_chosen_filters_can_be_taken_off_one_by_one(read: Read) -> None:
    html = await read(source="Reuters", zone="body", order="oldest")
    chips = [each for each in html.all("a") if "Remove the filter" in str(each.attributes)]
    assert [each.text for each in chips] == ["source: Reuters ✖", "zone: body ✖"]
    assert [each.attributes["href"] for each in chips] == [
        "?zone=body&order=oldest#mentions",
        "?source=Reuters&order=oldest#mentions",
    ]
    hidden = {each.attributes["name"] for each in html.all("input", type="hidden")}
    assert {"source", "zone"} <= hidden


BROKEN = [
    {"from": "2021-8"},
    {"to": "21"},
    {"from": "yesterday"},
    {"to": "2021-08-15"},
    {"from": "2021-13"},
    {"to": "2021-00"},
    {"from": "2023", "to": "2020"},
    {"from": "2021", "to": "2020-12"},
    {"from": "2021-09", "to": "2021-08"},
    {"order": "random"},
    *({"before": each} for each in ("x", "1", "~1", "1~x", "2021-08~1~2", "1~" + "9" * 19)),
    {"before": "1~2'"},
    {"before": "١~٢"},
    # There is no such article.
    {"before": "99999~1"},
    {"order": "oldest", "after": "~"},
]


@pytest.mark.parametrize("arguments", BROKEN, ids=str)
@pytest.mark.asyncio
async def test_what_is_malformed_is_refused(read: Read, arguments: dict[str, str]) -> None:
    await read(status=400, **arguments)


@pytest.mark.asyncio
async def test_a_period_that_ends_before_it_begins_is_named_in_a_sentence(read: Read) -> None:
    html = await read(status=400, **{"from": "2023", "to": "2020"})
    (body,) = html.all("body")
    assert "from has to be no later than to" in body.text


@pytest.mark.parametrize("arguments", [{"source": "Agence Nowhere"}, {"zone": "nowhere"}], ids=str)
@pytest.mark.asyncio
async def test_a_source_or_zone_that_is_nowhere_leaves_none(
    read: Read, arguments: dict[str, str]
) -> None:
    (listed,) = (await read(**arguments)).all("section", id="mentions")
    assert "None of the mentions is like that." in listed.text


@pytest.mark.parametrize(
    "arguments",
    [
        {"before": "1~99999"},
        {"before": "40~0"},
        {"source": "'; DROP TABLE mentions; --"},
        {"zone": "\x00"},
        {"from": "", "to": "", "source": "", "zone": "", "order": ""},
        {"from": "0000", "to": "9999-12"},
        {"from": "2021-08", "to": "2021"},
        {"from": "2021", "to": "2021-01"},
    ],
    ids=str,
)
@pytest.mark.asyncio
async def test_what_is_nowhere_is_an_empty_list_or_the_first_page(
    read: Read, arguments: dict[str, str]
) -> None:
    html = await read(**arguments)
    assert html.all("section", id="mentions")


# --- A line ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "words", "after", "expected_line"),
    [
        ("Title\n\nThe ", "fall", " of\n Kabul. ", ("Title The ", "fall", " of Kabul.")),
        ("", "Kabul", ".", ("", "Kabul", ".")),
        ("(", "Kabul\nfell", ")", ("(", "Kabul fell", ")")),
    ],
)
def test_a_line_has_the_text_around_with_its_spaces(
    before: str, words: str, after: str, expected_line: tuple[str, str, str]
) -> None:
    assert tuple(line_around(before, words, after)) == expected_line


def test_a_line_is_cut_at_a_word_or_where_there_are_none_anywhere() -> None:
    found = line_around("word " * 80, "Kabul", " word" * 80)
    assert found.before.startswith("… word ")
    assert found.after.endswith(" word …")
    assert len(line_around("北" * WINDOW, "京", "很" * WINDOW).before) > 50


def test_a_line_runs_in_the_direction_of_its_language() -> None:
    languages = {None: "auto", "en": "ltr", "fa-IR": "rtl", "AR": "rtl", "ur-Latn": "ltr"}
    assert {each: direction_of(each) for each in languages} == languages


@given(st.text(max_size=WINDOW), st.text(max_size=50), st.text(max_size=WINDOW))
def test_a_line_loses_no_letter_of_what_it_shows(before: str, words: str, after: str) -> None:
    found = line_around(before, words, after)
    assert found.words == " ".join(words.split())
    joined = "".join(before.split())
    assert joined.endswith("".join(found.before.removeprefix("… ").split()))
    joined = "".join(after.split())
    assert joined.startswith("".join(found.after.removesuffix(" …").split()))
    assert "\n" not in found.before + found.after
