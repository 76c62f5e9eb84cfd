"""What stands around our pages: titles, crumbs, addresses, headers, colours; and arguments."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.utils import MultiParams
from datasette.utils.asgi import BadRequest
from markupsafe import Markup

import datasette_newsgraph
from datasette_newsgraph.kinds import WITH_PAGE
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.web.access import arguments
from datasette_newsgraph.web.frame.page_frame import plain
from datasette_newsgraph.web.responses import canonical
from tests.permissions.marked_news import IS_1_0

Serve = Callable[..., Any]
Parse = Callable[[str], Any]

HOME = "/examples/-/newsgraph"
#: Where the example graph is published, by its base IRI.
PUBLISHED = "https://news.example.org/graph/"
#: What takes settings of tables and queries.
SETTINGS = "config" if IS_1_0 else "metadata"
KINDS = {each.name: each.table for each in WITH_PAGE}


def rows(path: Path, sql: str, *parameters: Any) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, parameters).fetchall()


def address_of(path: Path, kind: str, home: str = HOME) -> str:
    ((key,),) = rows(path, f"SELECT key FROM {KINDS[kind]} ORDER BY id LIMIT 1")
    return f"{home}/{kind}/{key}"


# --- Titles, crumbs, addresses ---------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.asyncio
async def test_the_frame_of_a_page(serve: Serve, example_db: Path, page: Parse, kind: str) -> None:
    address = address_of(example_db, kind)
    response = await serve(example_db).client.get(f"{address}?evidence=&at=")
    html = page(response.text)
    (main,) = html.all("main")
    assert main.attributes["id"] == "newsgraph"
    heading = " ".join(html.all("h1")[-1].text.split())
    assert html.all("title")[0].text == f"{heading} – examples"
    # The path alone: the base of this graph is none of our addresses.
    assert [each.attributes["href"] for each in html.all("link", rel="canonical")] == [address]
    alternates = {
        each.attributes["type"]: each.attributes["href"]
        for each in html.all("link", rel="alternate")
    }
    for format_ in FORMATS:
        assert alternates[format_.media_type] == f"{address}{format_.ending}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.asyncio
async def test_crumbs_lead_back(serve: Serve, example_db: Path, page: Parse, kind: str) -> None:
    client = serve(example_db).client
    html = page((await client.get(address_of(example_db, kind))).text)
    (crumbs,) = html.all("ol", class_="crumbs")
    assert crumbs.attributes["aria-label"] == "Breadcrumb"
    words = [each.strip() for each in crumbs.text.split("\n") if each.strip()]
    several = {"article": "Articles", "entity": "Entities", "relation": "Relations"}[kind]
    heading = " ".join(html.all("h1")[-1].text.split())
    assert words == ["home", "examples", "News graph", several, heading]
    (here,) = [each for each in html.elements if each.attributes.get("aria-current") == "page"]
    assert here.text == heading
    for word in words[:-1]:
        assert (await client.get(html.link(word))).status_code == 200


@pytest.mark.asyncio
async def test_a_crumb_leads_to_nothing_hidden(serve: Serve, example_db: Path, page: Parse) -> None:
    hidden = {"allow": False}
    tables = {"entity_index": hidden}
    settings = {"databases": {"examples": {"tables": tables}}}
    datasette = serve(example_db, **{SETTINGS: settings})
    html = page((await datasette.client.get(address_of(example_db, "entity"))).text)
    assert html.link("Entities") == "/examples/entities"
    assert not [each for each in html.all("a") if "entity_index" in each.attributes["href"]]


@pytest.mark.parametrize(
    ("base", "path", "expected"),
    [
        (
            "https://news.example/graph/-/newsgraph/",
            "/g/-/newsgraph/entity/a~2Eb",
            "https://news.example/graph/-/newsgraph/entity/a~2Eb",
        ),
        (
            "https://news.example/-/newsgraph/",
            "/g/-/newsgraph",
            "https://news.example/-/newsgraph",
        ),
        (PUBLISHED, "/g/-/newsgraph/entity/a", "/g/-/newsgraph/entity/a"),
        ("http://127.0.0.1:8001/g/-/newsgraph/", "/g/-/newsgraph/search", "/g/-/newsgraph/search"),
        ("http://localhost/g/-/newsgraph/", "/g/-/newsgraph", "/g/-/newsgraph"),
    ],
)
def test_the_one_address_of_a_page(base: str, path: str, expected: str) -> None:
    assert canonical(base, "/g/-/newsgraph", path) == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Kabul falls", "Kabul falls"),
        (" a\n\tb\u2028c ", "a b c"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u2067שלום\u2069", "שלום"),
        ("x" * 500, "x" * 199 + "…"),
        (Markup("A &lt;b&gt; &amp; C"), "A <b> & C"),
    ],
)
def test_a_title_is_one_plain_line(heading: str, expected: str) -> None:
    assert plain(heading) == expected


@pytest.mark.asyncio
async def test_headers_of_a_page(serve: Serve, example_db: Path) -> None:
    for path in (HOME, address_of(example_db, "relation"), "/-/newsgraph"):
        headers = (await serve(example_db).client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "base-uri 'none'" in headers["content-security-policy"]
        # Datasette's own inline scripts, and those of other plugins, go on as they do elsewhere.
        assert "script-src" not in headers["content-security-policy"]
        assert "default-src" not in headers["content-security-policy"]


SCRIPT = "/-/static-plugins/datasette_newsgraph/newsgraph-search.js"


@pytest.mark.asyncio
async def test_nothing_of_ours_is_another_script_or_from_elsewhere(
    serve: Serve, example_db: Path, page: Parse
) -> None:
    client = serve(example_db).client
    theirs = page((await client.get("/examples")).text)
    sources = {each.attributes.get("src") for each in theirs.all("script")}
    for kind in KINDS:
        html = page((await client.get(address_of(example_db, kind))).text)
        for each in html.all("script"):
            is_data = each.attributes.get("type") == "application/ld+json"
            # Our one script is a file beside the style sheets.
            assert is_data or each.attributes.get("src") in {*sources, SCRIPT}
        for each in html.all("link", rel="stylesheet"):
            assert each.attributes["href"].startswith("/-/static")
        assert not [
            each for each in html.elements if "style" in each.attributes and each.tag != "svg"
        ]


# --- Canned queries --------------------------------------------------------------------------

#: What each query is asked for, so that it finds something among the examples.
ASKED = {
    "named_together": "name=Paris+Agreement&type=",
    "relations_between": "name=Paris+Agreement&other=",
    "quotes_by_name": "name=Obama&words=",
    "one_publisher": "name=Paris+Agreement",
    "several_publishers": "predicate=",
    "first_named": "month=2021-08&type=",
}


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.asyncio
async def test_every_key_that_a_query_gives_leads_to_its_page(
    serve: Serve, example_db: Path, page: Parse, query: str
) -> None:
    client = serve(example_db).client
    asked = ASKED.get(query, "")
    html = page((await client.get(f"/examples/{query}?{asked}")).text)
    found = (await client.get(f"/examples/{query}.json?{asked}&_shape=array")).json()
    ours = {each.attributes["href"] for each in html.all("a") if HOME in each.attributes["href"]}
    for row in found:
        for column, key in row.items():
            if column.endswith("key") and key:
                assert any(address.endswith(f"/{key}") for address in ours), (column, key)
    for address in sorted(ours)[:12]:
        response = await client.get(address, follow_redirects=True)
        assert response.status_code == 200, address


@pytest.mark.parametrize("as_object", [True, False], ids=["an object", "a string"])
@pytest.mark.asyncio
async def test_a_query_of_a_user_that_is_ours_to_the_word_keeps_its_links(
    serve: Serve, example_db: Path, page: Parse, as_object: bool
) -> None:
    # As "newsgraph metadata" prints it, with the user's own title and line breaks.
    sql = " ".join(QUERIES["same_name"].sql.split()) + "\n"
    given = {"sql": sql, "title": "Who is who"} if as_object else sql
    settings = {"databases": {"examples": {"queries": {"same_name": given}}}}
    client = serve(example_db, **{SETTINGS: settings}).client
    html = page((await client.get("/examples/same_name")).text)
    assert html.href(f"{HOME}/entity/")
    assert any("Who is who" in each.text for each in html.all("h1")) == as_object


@pytest.mark.asyncio
async def test_queries_of_a_user_are_left_alone(example_db: Path, page: Parse) -> None:
    sql = "SELECT name, key AS entity_key FROM entities LIMIT 1"
    settings = {
        "databases": {"examples": {"queries": {"same_name": {"sql": sql}, "other": {"sql": sql}}}}
    }
    datasette = Datasette([str(example_db)], **{SETTINGS: settings})
    for query in ("/same_name", "/other", "/-/query" if IS_1_0 else ""):
        response = await datasette.client.get(f"/examples{query}", params={"sql": sql})
        assert page(response.text).all("td")
        assert f"{HOME}/entity" not in response.text


# --- Arguments -------------------------------------------------------------------------------


def asked_for(**given: list[str]) -> Any:
    return SimpleNamespace(args=MultiParams(given))


def test_arguments_that_are_not_given() -> None:
    for request in (asked_for(), asked_for(x=[""])):
        assert arguments.text_argument(request, "x") is None
        assert arguments.number_argument(request, "x", 7) == 7
        assert arguments.choice_argument(request, "x", ["a"], "b") == "b"
        assert arguments.span_argument(request, "x") is None


def test_arguments_that_are_right() -> None:
    assert arguments.number_argument(asked_for(x=["012"]), "x", 7) == 12
    assert arguments.choice_argument(asked_for(x=["a"]), "x", ["a"], "b") == "a"
    assert arguments.span_argument(asked_for(at=["3,12"]), "at") == (3, 12)


@pytest.mark.parametrize("given", [["x"], ["1", "2"], ["-1"], ["1" * 19], ["١"], ["1\n"], [" 1"]])
def test_a_number_that_is_none(given: list[str]) -> None:
    with pytest.raises(BadRequest, match=r"^page .*\.$"):
        arguments.number_argument(asked_for(page=given), "page", 1)


def test_a_choice_that_is_none() -> None:
    with pytest.raises(BadRequest, match=r"^order has to be one of: newest, oldest\.$"):
        arguments.choice_argument(asked_for(order=["<b>"]), "order", ["newest", "oldest"], "newest")


@pytest.mark.parametrize("given", ["5,1", "1", "1,2,3", "1, 2", "a,b", ",", "1,2\n"])
def test_a_span_that_is_none(given: str) -> None:
    with pytest.raises(BadRequest, match=r"^at has to be two whole numbers"):
        arguments.span_argument(asked_for(at=[given]), "at")


# --- Colours ---------------------------------------------------------------------------------

CSS = (Path(datasette_newsgraph.__file__).parent / "static" / "newsgraph.css").read_text()
TYPES = [f"type-{number}" for number in range(1, 9)]


def modes() -> Iterator[tuple[str, dict[str, str]]]:
    """The variables of each mode: those of a mode stand over the light ones."""
    light: dict[str, str] = {}
    for name, start in {
        "light": ":root {",
        "dark": "@media (prefers-color-scheme: dark) {",
        "print": "@media print {",
    }.items():
        block = CSS[CSS.index(start) :]
        block = block[: block.index("}")]
        found = dict(re.findall(r"--ng-([\w-]+): (#[0-9a-f]{6});", block))
        light = light or found
        assert found.keys() == light.keys(), name
        yield name, found


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("mode", "colours"), list(modes()), ids=lambda each: str(each)[:5])
def test_colours_pass_contrast(mode: str, colours: dict[str, str]) -> None:
    for background in ("background", "panel", "mark", *TYPES):
        for text in ("text", "muted", "link"):
            ratio = contrast(colours[text], colours[background])
            assert ratio >= 4.5, (mode, text, background, ratio)
    assert contrast(colours["header-text"], colours["header"]) >= 4.5
    # Lines that say something, and the focus.
    for edge in ("mark-edge", *(f"{each}-edge" for each in TYPES)):
        for background in ("background", "panel"):
            assert contrast(colours[edge], colours[background]) >= 3, (mode, edge)


def test_every_colour_is_a_variable() -> None:
    """In our style sheets, beside the definitions."""
    for path in (Path(datasette_newsgraph.__file__).parent / "static").glob("*.css"):
        text = re.sub(r"--ng-[\w-]+: #[0-9a-f]{6};", "", path.read_text())
        # A mask takes from a colour only how much of it there is.
        text = re.sub(r"/\*.*?\*/|mask-image: [^;]*;", "", text, flags=re.S)
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", text), path.name
        # Nothing is read from elsewhere.
        assert not re.findall(r"url\(|@import", text), path.name


@pytest.mark.asyncio
async def test_long_names_widen_nothing(serve: Serve, tmp_path: Path, page: Parse) -> None:
    name = "Rindfleischetikettierungsüberwachungs" * 300
    path = tmp_path / "long.db"
    entity = {"id": "e", "type": "Law", "name": name}
    relation = {"subject": "e", "predicate": "x" * 3000, "value": name}
    load(path, [{"id": "a", "title": name, "entities": [entity], "relations": [relation]}])
    for kind in KINDS:
        address = address_of(path, kind, "/long/-/newsgraph")
        html = page((await serve(path).client.get(address)).text)
        assert len(html.all("title")[0].text) < 220
        assert name in html.all("h1")[-1].text
