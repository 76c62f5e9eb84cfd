"""The page to ask in SPARQL: the question stays as it was typed, and every term is read as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from datasette.utils.asgi import NotFound, Request
from rdflib import RDF, XSD, BNode, Literal, URIRef
from sqlite_utils import Database

from datasette_newsgraph.sparql.answer import Solutions
from datasette_newsgraph.sparql.asking import ask
from datasette_newsgraph.store import get_base
from datasette_newsgraph.web.access.visit import Visit, begin
from datasette_newsgraph.web.sparql.asked import Asked, Table
from datasette_newsgraph.web.sparql.cells import LONGEST
from datasette_newsgraph.web.sparql.sparql_page import IN_ADDRESS, SHOWN, sparql_page
from tests.rdf.hostile import MARKUP

BASE = "https://news.example.org/graph/"
HOME = "/examples/-/newsgraph"
ADDRESS = f"{HOME}/sparql"
PAIR = ("one", "other")

Show = Callable[..., Any]


@pytest.fixture
def visit(serve: Callable[..., Any], example_db: Path) -> Callable[[str], Any]:
    """``await visit("?example=all-of")``: somebody's visit to the page."""

    async def made(query: str = "") -> Visit:
        request = Request.fake(f"{ADDRESS}{query}", url_vars={"database": "examples"})
        # What stands before the routes of 0.65 gives this to a request.
        request.scope["csrftoken"] = str
        datasette = serve(example_db)
        await datasette.invoke_startup()
        return await begin(datasette, request)

    return made


@pytest.fixture
def show(visit: Callable[..., Any], page: Callable[[str], Any]) -> Show:
    """``await show(outcome)``: the page with what became of a question."""

    async def shown(outcome: Any, text: str = "ASK {}", query: str = "", **more: Any) -> Any:
        asked = Asked(text, outcome, seconds=0.25, **more)
        response = await sparql_page(await visit(query), asked)
        assert response.status == asked.status
        return page(response.body)

    return shown


@pytest.fixture
def start(visit: Callable[..., Any], page: Callable[[str], Any]) -> Callable[..., Any]:
    """``await start("?example=all-of")``: the page before anything is asked."""

    async def shown(query: str = "") -> Any:
        response = await sparql_page(await visit(query), None)
        assert response.status == 200
        return page(response.body)

    return shown


def cells(html: Any) -> list[str]:
    return [each.text for each in html.all("td")]


# --- The question ----------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_examples_fill_the_form_and_are_asked_at_once(start: Callable[..., Any]) -> None:
    first = await start()
    assert first.all("textarea")[0].text.strip() == ""
    looks = [
        each.attributes["href"]
        for each in first.all("a")
        if f"{ADDRESS}?example=" in each.attributes.get("href", "")
    ]
    asks = [each.attributes["href"] for each in first.all("a", class_="ng-at-once")]
    assert len(looks) == len(asks) >= 18
    for look, at_once in zip(looks, asks, strict=True):
        filled = await start(look.removeprefix(ADDRESS))
        (asked,) = parse_qs(urlsplit(at_once).query)["query"]
        assert filled.all("textarea")[0].text == f"\n{asked}"
        assert asked.startswith("# ")


@pytest.mark.asyncio
async def test_the_form_works_without_javascript(start: Callable[..., Any]) -> None:
    html = await start()
    (form,) = html.all("form", class_="ng-sparql")
    assert form.attributes["action"] == ADDRESS
    assert form.attributes["method"] == "get"
    assert html.all("textarea")[0].attributes["name"] == "query"
    assert html.all("label", **{"for": html.all("textarea")[0].attributes["id"]})
    assert (
        "PREFIX schema: <https://schema.org/>"
        in html.all("pre", **{"aria-label": "Prefixes"})[0].text
    )


@pytest.mark.asyncio
async def test_an_example_that_is_not_there(visit: Callable[..., Any]) -> None:
    with pytest.raises(NotFound, match="no such example"):
        await sparql_page(await visit("?example=two-publishers"), None)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "text", [*MARKUP.values(), "\n\nASK {}\n", "</textarea><script>1</script>", "&lt;"]
)
async def test_the_question_stays_as_it_was_typed(show: Show, text: str) -> None:
    html = await show(True, text)
    # HTML takes the first line end for its own.
    assert html.all("textarea")[0].text == f"\n{text}"
    assert all(
        "src" in each.attributes or not each.text or "datasette" in each.text.lower() for each in []
    )


# --- Answers ---------------------------------------------------------------------------------


@pytest.mark.asyncio
@pytest.mark.parametrize(("holds", "word"), [(True, "true"), (False, "false")])
async def test_true_or_false(show: Show, holds: bool, word: str) -> None:
    html = await show(holds)
    assert [each.text for each in html.all("b")] == [word]
    assert "0.25 s" in html.all("p", class_="ng-truth")[0].text


@pytest.mark.asyncio
async def test_things_of_the_graph_lead_to_their_pages_by_name(
    visit: Callable[..., Any], page: Callable[[str], Any]
) -> None:
    here = await visit()
    text = f"""PREFIX schema: <https://schema.org/>
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?mention ?entity ?span ?article ?publisher ?class ?relation ?term WHERE {{
  ?entity schema:name "Barack Obama" ; a ?class .
  ?mention oa:hasBody ?entity ; oa:hasTarget ?span ; schema:isPartOf ?article .
  ?article schema:publisher ?publisher .
  ?relation <{RDF.subject}> ?entity ; <{RDF.predicate}> ?term
}} LIMIT 1"""

    def answered(connection: Any) -> Table:
        assert get_base(Database(connection)) == BASE
        found = ask(connection, BASE, text)
        assert isinstance(found, Solutions)
        return Table(found.variables, list(found.rows))

    table = await here.read_at_leisure(answered)
    html = page((await sparql_page(here, Asked(text, table))).body)
    links = {
        each.text: each.attributes["href"]
        for each in html.all("a")
        if "Barack" in each.text or "href" in each.attributes
    }
    assert links["Barack Obama"].startswith(f"{HOME}/entity/q76-")
    (span,) = [name for name in links if name.startswith("characters ")]
    start, end = re.findall(r"\d+", span)
    assert links[span].endswith(f"?at={start},{end}#char={start},{end}")
    (publisher,) = [name for name in links if name.startswith("publisher:")]
    assert links[publisher].startswith(f"{HOME}/id/publisher/example-gazette-")
    assert links["schema:Person"] == "https://schema.org/Person"
    assert links["Barack Obama president of United States"].startswith(f"{HOME}/relation/")
    assert links["term:president-of"] == f"{HOME}/ns#president-of"
    assert any(href.startswith(f"{HOME}/mention/") for href in links.values())


@pytest.mark.asyncio
async def test_numbers_stand_right_and_types_small(show: Show) -> None:
    many = Literal(12), Literal("Paris", lang="fr")
    none = Literal("1.5", datatype=XSD.decimal), None
    html = await show(Table(PAIR, [many, none]))
    assert cells(html) == ["12 xsd:integer", "Paris @fr", "1.5 xsd:decimal", ""]
    assert [each.attributes.get("class") for each in html.all("td")] == ["number", None] * 2
    assert html.all("bdi", lang="fr")[0].text == "Paris"
    # What all have stands in the head.
    html = await show(Table(PAIR, [many, (Literal(3), Literal("x"))]))
    assert cells(html) == ["12", "Paris @fr", "3", "x"]
    assert [each.text for each in html.all("th")] == ["one xsd:integer", "other"]


@pytest.mark.asyncio
async def test_triples_are_a_table_with_downloads_of_graphs(show: Show) -> None:
    triple = (URIRef("urn:a"), RDF.type, BNode("b1"))
    html = await show([triple], "DESCRIBE <urn:a>")
    assert [each.text for each in html.all("th")] == ["subject", "predicate", "object"]
    assert cells(html) == ["urn:a", "rdf:type", "_:b1"]
    assert "1 triple." in html.all("p", class_="note")[0].text
    assert parse_qs(urlsplit(html.link("Turtle")).query) == {
        "query": ["DESCRIBE <urn:a>"],
        "format": ["turtle"],
    }


@pytest.mark.asyncio
async def test_rows_can_be_downloaded(show: Show) -> None:
    text = "SELECT * { ?s ?p '&format=xml#' }"
    html = await show(Table(PAIR, []), text)
    assert html.all("table") == []
    asked = parse_qs(urlsplit(html.link("CSV")).query)
    assert asked == {"query": [text], "format": ["csv"]}
    offered = [each.text for each in html.all("a") if "format=" in each.attributes.get("href", "")]
    # A table is for terminals.
    assert offered == ["SPARQL JSON", "SPARQL XML", "CSV", "TSV"]


@pytest.mark.asyncio
async def test_what_is_too_long_for_an_address_says_so(show: Show) -> None:
    text = "ASK {} #" + "x" * 100_000
    html = await show(True, text)
    assert html.all("textarea")[0].text == f"\n{text}"
    assert html.all("p", class_="downloads") == []
    assert len(text) > IN_ADDRESS
    assert any("too long for the address" in each.text for each in html.all("p"))


@pytest.mark.asyncio
async def test_a_page_shows_the_beginning_of_a_long_answer(show: Show) -> None:
    html = await show(Table(("n",), [(Literal(each),) for each in range(SHOWN + 1)]))
    assert cells(html) == [str(each) for each in range(SHOWN)]
    assert f"The first {SHOWN:,} rows" in html.all("p", class_="note")[0].text
    html = await show(Table(("n",), [(Literal(1),)]), is_cut=True)
    assert "The first 1 row;" in html.all("p", class_="note")[0].text
    html = await show(Table(("n",), [(Literal("x" * 3 * LONGEST),)]))
    assert len(cells(html)[0]) == LONGEST


# --- Bad questions, hostile answers ----------------------------------------------------------


@pytest.mark.asyncio
async def test_an_error_shows_the_line_that_it_names(show: Show) -> None:
    text = "SELECT ?x WHERE {\n  ?x <script> <b>\n}"
    error = "Expected '}' <b>, found 'b'  (at char 20), (line:2, col:3)"
    html = await show(None, text, error=error, status=400)
    (alert,) = html.all("section", role="alert")
    assert "Expected '}' <b>" in alert.text
    assert html.all("pre")[0].text == "  ?x <script> <b>"
    assert html.all("table") == html.all("b") == []


@pytest.mark.asyncio
@pytest.mark.parametrize("named", ["(line:9, col:1)", "line 0", "line", "line:99999999", ""])
async def test_an_error_that_names_no_line_of_the_question(show: Show, named: str) -> None:
    html = await show(None, "ASK", error=f"the answer has too many rows {named}", status=503)
    assert [each.attributes["aria-label"] for each in html.all("pre")] == ["Prefixes"]


@pytest.mark.asyncio
async def test_errors_are_kept_by_nobody(visit: Callable[..., Any]) -> None:
    response = await sparql_page(await visit(), Asked("ASK", None, "it is wrong", 400))
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Vary"] == "Accept"
    assert "form-action 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.asyncio
@pytest.mark.parametrize("words", MARKUP.values(), ids=list(MARKUP))
async def test_whatever_an_answer_has_is_read_as_it_is(show: Show, words: str) -> None:
    row = Literal(words), Literal("x", datatype=URIRef(words))
    html = await show(Table((words, "other"), [row]))
    most = LONGEST - 1
    assert words[:most].split() == cells(html)[0][:most].split()
    assert " ".join(words.split())[:20] in " ".join(html.all("th")[0].text.split())
    assert html.all("img") == html.all("iframe") == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "iri",
    [
        "javascript:alert(1)",
        "data:text/html,<script>1</script>",
        "//example.org/",
        "https://",
        "",
        "\x00",
        "urn:isbn:123",
    ],
)
async def test_only_the_web_is_linked_to(show: Show, iri: str) -> None:
    html = await show(Table(PAIR, [(URIRef(iri), URIRef('https://example.org/a?b=<">'))]))
    addresses = [each.attributes.get("href", "") for each in html.all("a")]
    assert iri not in addresses
    (outward,) = [each for each in addresses if each.startswith("https://example.org/")]
    assert outward == "https://example.org/a?b=%3C%22%3E"
    assert "noopener noreferrer" in html.all("a", href=outward)[0].attributes["rel"]


@pytest.mark.asyncio
async def test_a_key_that_is_no_key_leads_nowhere_else(show: Show) -> None:
    iri = URIRef(f'{BASE}id/entity/"><script>.%2e%2e?x#y')
    html = await show([(iri, RDF.type, URIRef(f"{BASE}id/article/a/text#char=1,2"))])
    assert html.all("script", text="") == []
    for each in html.all("a"):
        assert "<" not in each.attributes.get("href", "")
