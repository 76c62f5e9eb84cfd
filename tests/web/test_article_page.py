"""The page of an article: its text with what was found in it, and what stands beside."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.article import APART_ZONES
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.web.article import text as article_text
from datasette_newsgraph.web.article.text import LENGTH, NEAR, cut_before, pages_of
from datasette_newsgraph.web.parts.type_colours import type_number, type_sign
from tests.conftest import TEXT, Page, span
from tests.permissions.addresses import GRAPH, Shape
from tests.permissions.marked_news import DATABASE, make_news, on_supported_versions
from tests.permissions.visitors import private, serving

Article = dict[str, Any]
Show = Callable[..., Any]


@pytest.fixture
def show(serve: Callable[..., Any], tmp_path: Path) -> Show:
    """``await show(record, "?at=0,5")``: the page of an article that is loaded for it."""

    async def show_article(record: Article, query: str = "", status: int = 200) -> Page:
        path = tmp_path / "shown.db"
        if not path.exists():
            load(path, [record])
        client = serve(path).client
        rows = (await client.get("/shown/articles.json?_shape=array")).json()
        response = await client.get(f"/shown/-/newsgraph/article/{rows[0]['key']}{query}")
        assert response.status_code == status, response.text
        return Page(response.text)

    return show_article


def entity(name: str, *mentions: dict[str, Any], type_: str = "Place") -> dict[str, Any]:
    return {"id": name, "type": type_, "name": name, "mentions": list(mentions)}


def of_class(page: Page, tag: str, name: str) -> list[Any]:
    return [each for each in page.all(tag) if name in each.attributes.get("class", "").split()]


def shown_text(page: Page) -> str:
    return "\n".join(each.text for each in page.all("p", dir="auto"))


# --- The text --------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_every_mention_leads_to_its_entity_and_says_what_it_is(
    show: Show, article: Article
) -> None:
    page = await show(article)
    assert shown_text(page) == "\n".join(line for line in TEXT.split("\n") if line)
    mentions = [
        (each.text, each.attributes["title"], each.attributes["data-sign"])
        for each in of_class(page, "a", "mention")
    ]
    assert mentions == [
        ("Kabul", "Kabul, Place", "Pl"),
        ("Hibatullah Akhundzada", "Hibatullah Akhundzada, Person", "Pe"),
        ("Taliban", "Taliban, Organization", "Or"),
        ("he said", "he, Person", "Pe"),
        ("Friday", "Friday, Date", "Da"),
        ("Kabul", "Kabul, Place", "Pl"),
        ("Kabul", "Kabul, Place", "Pl"),
    ]
    for each in of_class(page, "a", "mention"):
        assert "/-/newsgraph/entity/" in each.attributes["href"]


@pytest.mark.asyncio
async def test_the_legend_counts_the_types_on_the_page(show: Show, article: Article) -> None:
    page = await show(article)
    swatches = [
        (each.text, each.attributes["data-sign"]) for each in of_class(page, "span", "swatch")
    ]
    assert swatches[:4] == [
        ("Place", "Pl"),
        ("Person", "Pe"),
        ("Date", "Da"),
        ("Organization", "Or"),
    ]
    (legend,) = page.all("ul", class_="legend")
    assert re.sub(r"\s+", " ", legend.text).startswith(" Place 3 Person 2 Date 1 Organization 1")


@pytest.mark.parametrize("zone", sorted(APART_ZONES))
@pytest.mark.asyncio
async def test_captions_and_the_like_are_set_apart_with_a_label(
    show: Show, article: Article, zone: str
) -> None:
    article["zones"][2]["zone"] = zone
    page = await show(article)
    (apart,) = page.all("div", role="group")
    label, words = page.all("p", class_="zone")[0], page.all("p", class_=zone)[0]
    assert apart.attributes["aria-labelledby"] == label.attributes["id"]
    assert (label.text, words.text) == (zone.capitalize(), "Photo: a street of Kabul.")
    assert [each.text for each in page.all("p", class_="title")] == ["Kabul falls"]


@pytest.mark.asyncio
async def test_nested_and_equal_mentions_can_all_be_reached(show: Show) -> None:
    text = "The University of Kabul is open."
    outer, inner = span("University of Kabul", text=text), span("Kabul", text=text)
    entities = [
        entity("University of Kabul", outer, type_="Organization"),
        entity("Kabul", inner),
        entity("Kabul team", inner, type_="Organization"),
    ]
    page = await show({"id": "a", "text": text, "entities": entities})
    assert [each.text for each in of_class(page, "a", "mention")] == ["University of ", "Kabul"]
    (marker,) = of_class(page, "a", "sign")
    assert marker.attributes["aria-label"] == "Kabul team, Organization"
    assert marker.text == ""
    # The outer one has been reached; its sign is no second link.
    (sign,) = of_class(page, "span", "sign")
    assert sign.attributes["data-sign"] == "Or"


@pytest.mark.parametrize(
    ("mention", "sign", "words"),
    [
        ({"start": 0, "end": 6, "text": "Geneva"}, "Pl", "Geneva, Place"),
        ({"start": 3, "end": 9, "text": "Geneva"}, "Pl→", "Geneva, Place (span moved by -3)"),
        ({"start": 0, "end": 6, "text": "GENEVA"}, "Pl≈", "Geneva, Place (span normalised)"),
    ],
)
@pytest.mark.asyncio
async def test_a_span_that_is_not_exact_says_so(
    show: Show, mention: dict[str, Any], sign: str, words: str
) -> None:
    page = await show({"id": "a", "text": "Geneva met.", "entities": [entity("Geneva", mention)]})
    (link,) = of_class(page, "a", "mention")
    assert (link.attributes["data-sign"], link.attributes["title"]) == (sign, words)
    (legend,) = page.all("ul", class_="legend")
    assert ("span" in legend.text) == (sign != "Pl")


UNVERIFIED = "The tool gave only the positions of these words"


@pytest.mark.asyncio
async def test_that_no_words_were_given_is_said_once(tmp_path: Path) -> None:
    path = tmp_path / f"{DATABASE}.db"
    text = "Geneva met. Geneva left."
    spans = [{"start": 0, "end": 6}, {"start": 12, "end": 18}]
    places = [{"id": "e", "type": "Place", "name": "Geneva", "mentions": spans}]
    relation = {"subject": "e", "predicate": "is", "value": "there", "evidence": spans}
    record = {"id": "a", "text": text, "entities": places, "relations": [relation]}
    moved = [{"start": 3, "end": 9, "text": "Geneva"}]
    load(
        path,
        [
            record,
            {"id": "b", "text": text, "entities": [places[0] | {"mentions": moved}]},
            {"id": "c", "entities": places},
        ],
    )
    shape = Shape(path)
    async with serving(path) as server:
        for kind in ("article", "entity", "relation"):
            for number, key in enumerate(shape.keys[kind]):
                html = (await server.anybody.get(f"{GRAPH}/{kind}/{key}")).text
                # Of what was moved it is said as before; without a text there is nothing to check.
                is_said = 0 if kind == "article" and number > 0 else 1
                assert html.count(UNVERIFIED) == is_said, (kind, number)
                assert "span unverified" not in html
                assert 'data-sign="Pl?"' not in html
                assert ("span moved" in html) == (
                    kind == "entity" or (kind, number) == ("article", 1)
                )


@pytest.mark.asyncio
async def test_what_is_not_in_the_text_is_listed_beside_it(show: Show) -> None:
    lost = {"text": "Léopoldville"}
    page = await show({"id": "a", "text": "Kinshasa.", "entities": [entity("Kinshasa", lost)]})
    assert not of_class(page, "a", "mention")
    assert "Not found in the text" in [each.text for each in page.all("h2")]
    assert [each.text for each in page.all("q")] == ["Léopoldville"]


# --- What is asked for -----------------------------------------------------------------------


@pytest.mark.asyncio
async def test_a_span_is_marked_across_mentions_lines_and_zones(
    show: Show, article: Article
) -> None:
    start, end = TEXT.index("falls"), TEXT.index("leads")
    page = await show(article, f"?at={start},{end}")
    marks = page.all("mark")
    assert [each.text for each in marks] == ["falls", "Hibatullah Akhundzada "]
    assert marks[0].attributes["id"] == f"char={start},{end}"
    assert "id" not in marks[1].attributes
    # A mention in it still leads to its entity.
    assert len(of_class(page, "a", "mention")) == 7


@pytest.mark.parametrize("query", ["?at=x", "?at=5,1", "?at=-1,5", "?at=1", "?page=x", "?page=-1"])
@pytest.mark.asyncio
async def test_a_malformed_question_is_refused(show: Show, article: Article, query: str) -> None:
    await show(article, query, status=400)


@pytest.mark.parametrize("query", ["?at=", "?at=900,999", "?at=5,5", "?page=99", "?page=0"])
@pytest.mark.asyncio
async def test_what_is_not_there_is_not_marked(show: Show, article: Article, query: str) -> None:
    page = await show(article, query)
    assert not page.all("mark")
    assert shown_text(page).startswith("Kabul falls\nHibatullah")


# --- Beside the text -------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_entities_statements_and_quotes_lead_to_their_words(
    show: Show, article: Article
) -> None:
    page = await show(article)
    about = page.all("div", class_="article-beside")[0].text
    assert "since 2016-05" in about
    assert "confidence 0.93" in about
    for words in ("Hibatullah Akhundzada leads the Taliban.", "“We have won,”"):
        place = next(each for each in page.all("a") if each.text == words)
        target = await show(article, "?" + place.attributes["href"].partition("?")[2].split("#")[0])
        assert "".join(each.text for each in target.all("mark")) == words
    first = page.all("a", class_="count")[0]
    assert first.text == "3 mentions, the first in the text"
    assert first.attributes["href"].endswith("?at=0,5#char=0,5")


@pytest.mark.asyncio
async def test_source_section_and_language_lead_to_their_articles(
    show: Show, article: Article, serve: Callable[..., Any], tmp_path: Path
) -> None:
    page = await show(article)
    client = serve(tmp_path / "shown.db").client
    for words in ("Example Gazette", "News", "Afghanistan", "en"):
        address = page.link(words)
        path, _, query = address.partition("?")
        response = await client.get(f"{path}.json?{query}&_shape=array")
        assert [row["title"] for row in response.json()] == ["Kabul falls"], words
    for table in ("mentions", "statements", "quotes"):
        response = await client.get(page.link(f"All {table} as a table"))
        assert response.status_code == 200


@pytest.mark.asyncio
async def test_what_is_not_there_has_no_heading(show: Show) -> None:
    page = await show({"id": "a"})
    assert [each.text for each in page.all("h2")] == ["About this article"]
    assert "No text was loaded with this article." in [each.text for each in page.all("p")]


@pytest.mark.asyncio
async def test_a_text_without_mentions_is_a_text(show: Show) -> None:
    page = await show({"id": "a", "title": "T", "text": "One.\n \n\nTwo."})
    assert shown_text(page) == "One.\nTwo."
    assert not page.all("ul", class_="legend")


# --- Long and hostile texts ------------------------------------------------------------------


#: Code points of a page, near its end, and mentions on it, so that a long text need not be very long.
SHORT, NEAR_END, FEW = 1000, 40, 50


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article_text, "LENGTH", SHORT)
    monkeypatch.setattr(article_text, "NEAR", NEAR_END)
    monkeypatch.setattr(article_text, "MARKED", FEW)


def test_a_page_ends_at_a_line_end_or_space_if_one_is_near() -> None:
    assert cut_before("one two\nthree four", 15) == 8
    assert cut_before("one two three", 10) == 8
    assert cut_before("x" * 10, 7) == 7
    far = "one\n" + "x" * (NEAR + 10)
    assert cut_before(far, len(far)) == len(far)


def test_the_last_page_is_not_a_few_words() -> None:
    assert [pages_of(each) for each in (1, LENGTH, LENGTH + 10, 2 * LENGTH, 10**7)] == [
        1,
        1,
        1,
        2,
        200,
    ]


@pytest.mark.parametrize("part", ["word ", "x", "two words\n", "\u202eword\U0001f600 ", "a\rb"])
@pytest.mark.usefixtures("short_pages")
@pytest.mark.asyncio
async def test_the_pages_of_a_long_text_are_the_text(show: Show, part: str) -> None:
    text = (part * (3 * SHORT))[: 3 * SHORT + 100]
    seen = ""
    page = await show({"id": "a", "text": text})
    for _ in range(4):
        seen += "".join(each.text for each in page.all("p", dir="auto"))
        further = page.all("a", rel="next")
        if not further:
            break
        page = await show({}, further[0].attributes["href"])
        assert page.all("a", rel="prev")
    assert seen.replace("\n", "") == text.replace("\n", "")


@pytest.mark.usefixtures("short_pages")
@pytest.mark.asyncio
async def test_every_place_of_a_long_text_is_on_the_page_that_is_asked_for(show: Show) -> None:
    text = "word word\n" * (SHORT // 3)
    record = {"id": "a", "text": text, "entities": [entity("All", {"start": 3, "end": len(text)})]}
    for start in (0, SHORT - 2, SHORT, 2 * SHORT - 7, 2 * SHORT + 3, len(text) - 12):
        page = await show(record, f"?at={start},{start + 9}")
        marked = "".join(each.text for each in page.all("mark"))
        assert marked
        assert text[start : start + 9].replace("\n", "").startswith(marked)
        # The one that is over all of it leads to its entity from each page.
        assert of_class(page, "a", "mention")
    page = await show(record, f"?page=1&at={SHORT - 100},{2 * SHORT}")
    assert page.all("mark")
    page = await show(record, page.all("a", rel="next")[0].attributes["href"])
    assert page.all("mark")[0].attributes["id"] == f"char={SHORT - 100},{2 * SHORT}"


@pytest.mark.usefixtures("short_pages")
@pytest.mark.asyncio
async def test_more_mentions_than_anybody_reads_are_not_all_highlighted(show: Show) -> None:
    count = FEW + 10
    mentions = [{"start": 3 * each, "end": 3 * each + 2, "text": "ab"} for each in range(count)]
    record = {"id": "a", "text": "ab " * count, "entities": [entity("Ab", *mentions)]}
    page = await show(record)
    assert len(of_class(page, "a", "mention")) == FEW
    assert any("Only the first 50" in each.text for each in page.all("p", class_="note"))
    assert shown_text(page) == "ab " * count
    last = 3 * (count - 1)
    page = await show(record, f"?at={last},{last + 2}")
    assert [each.text for each in page.all("mark")] == ["ab"]


@pytest.mark.asyncio
async def test_what_a_text_holds_is_neither_html_nor_direction(show: Show) -> None:
    text = "<script>alert(1)</script> \u202eevil\u2066 & \"<mark id='char=0,5'>\" " + "x" * 10_000
    name = '"><img src=x onerror=alert(1)>\u202e'
    mention = {"start": 0, "end": 8, "text": "<script>"}
    found = {"id": "e", "type": '"><b>', "name": name, "mentions": [mention]}
    page = await show(
        {"id": "a", "text": text, "language": '"><i>', "entities": [found]}, "?at=2,30"
    )
    assert shown_text(page) == text
    assert not page.all("img")
    (link,) = of_class(page, "a", "mention")[:1]
    assert link.attributes["title"] == '"><img src=x onerror=alert(1)>, "><b>'
    assert "".join(each.text for each in page.all("mark")) == text[2:30]
    assert "lang" not in page.all("div", class_="text")[0].attributes


# --- What may be seen ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hidden", "headings", "marked"),
    [
        ("", ["Text", "Entities", "Not found in the text", "What it states", "Quotes"], True),
        ("article_texts", ["Entities", "Not found in the text"], False),
        ("mentions", ["Text", "What it states", "Quotes"], False),
        ("entities", ["Text"], False),
        ("appearances", ["Text", "Not found in the text", "What it states", "Quotes"], True),
        ("zones", ["Text", "Entities", "Not found in the text", "What it states", "Quotes"], True),
        ("evidence", ["Text", "Entities", "Not found in the text", "Quotes"], True),
        ("quotes", ["Text", "Entities", "Not found in the text", "What it states"], True),
    ],
)
@on_supported_versions
@pytest.mark.asyncio
async def test_what_is_hidden_is_left_out(
    tmp_path: Path, hidden: str, headings: list[str], marked: bool
) -> None:
    path = make_news(tmp_path / "news.db")
    key = Shape(path).keys["article"][0]
    async with serving(path, private(*hidden.split())) as server:
        page = Page((await server.anybody.get(f"{GRAPH}/article/{key}?at=20,30")).text)
    assert [each.text for each in page.all("h2")] == [*headings, "About this article"]
    assert bool(of_class(page, "a", "mention")) == marked
    assert bool(page.all("mark")) == ("Text" in headings)
    assert bool(page.all("div", role="group")) == (hidden not in ("zones", "article_texts"))
    if hidden == "article_texts":
        # Nor is there a way to where the text was.
        assert not [each for each in page.all("a") if "?at=" in each.attributes.get("href", "")]


# --- Kinds of entities -----------------------------------------------------------------------


def test_a_type_has_one_colour_and_a_sign() -> None:
    assert [type_number(each) for each in ("Person", "Organization", "Place", "Event")] == [
        1,
        2,
        3,
        4,
    ]
    assert {type_number(each) for each in ("Date", "Work", "Vehicle", "", "人", "Law")} <= {
        5,
        6,
        7,
        8,
    }
    assert [type_sign(each) for each in ("Person", "Organization", "Place", "Event", "Date")] == [
        *("Pe", "Or", "Pl", "Ev", "Da")
    ]
    assert type_sign("MilitaryPlatform") == "MP"
    assert type_sign("Percentage") == "Per"
    assert type_sign("<b>") == "B"
    assert type_sign("\u202e") == "?"
    assert type_sign("团体") == "团体"
