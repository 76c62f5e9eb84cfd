"""The endpoint speaks the SPARQL 1.1 Protocol: what may be asked, and in which form it is answered."""

from __future__ import annotations

import html
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyoxigraph
import pytest
from datasette.app import Datasette
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import RDF, VOID

from datasette_newsgraph import rdf
from datasette_newsgraph.web.access.posted import FORM, LONGEST
from datasette_newsgraph.web.datasette import lines
from datasette_newsgraph.web.sparql.pool import pool_of
from datasette_newsgraph.web.sparql.protocol import OF_SOLUTIONS, OF_TRIPLES, QUERY, SENT
from datasette_newsgraph.web.sparql.sparql_page import SHOWN
from tests.web.sparql_asked import ALL, COUNT, NAMES, SPARQL, Asking, configured

pytestmark = pytest.mark.asyncio
Serve = Callable[..., Any]
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
BASE = URIRef("https://news.example.org/graph/")


@pytest.fixture
def ask(serve: Serve, example_db: Path) -> Asking:
    return Asking(serve, example_db, cors=True)


def names_in(answer: Any) -> list[str]:
    """The names in an answer in JSON."""
    assert answer.status_code == 200, answer.text
    return sorted(each["name"]["value"] for each in answer.json()["results"]["bindings"])


# --- Asking ----------------------------------------------------------------------------------


async def test_a_question_is_asked_in_three_ways_and_has_one_answer(ask: Asking) -> None:
    got = names_in(await ask.get(NAMES))
    assert len(got) > 3
    assert names_in(await ask.post(NAMES, QUERY)) == got
    assert names_in(await ask.post(NAMES, f"{QUERY}; charset=utf-8")) == got
    assert names_in(await ask.post(urlencode({"query": NAMES}), FORM)) == got


async def test_head_is_get_without_a_body(ask: Asking) -> None:
    got = await ask.get(COUNT)
    head = await ask.client.head(SPARQL, params={"query": COUNT})
    assert (head.status_code, head.text) == (200, "")
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.headers["etag"] == got.headers["etag"]


@pytest.mark.parametrize("format_", OF_SOLUTIONS, ids=lambda each: each.name)
async def test_solutions_and_truth_come_in_each_format(ask: Asking, format_: Any) -> None:
    for query in (COUNT, "ASK { ?s ?p ?o }"):
        if query == COUNT or format_.name in ("json", "xml"):
            named = await ask.get(query, format=format_.name)
            assert named.status_code == 200
            assert named.headers["content-type"] == format_.content_type
            assert format_.ending in named.headers["content-disposition"]
            for media_type in format_.media_types:
                accepted = await ask.get(query, accept=media_type)
                assert accepted.text == named.text
                assert accepted.headers["content-type"] == format_.content_type
                assert "content-disposition" not in accepted.headers


@pytest.mark.parametrize("format_", OF_TRIPLES, ids=lambda each: each.name)
async def test_triples_come_in_each_syntax(ask: Asking, format_: Any) -> None:
    query = "CONSTRUCT WHERE { ?s a <https://schema.org/NewsArticle> }"
    answer = await ask.get(query, accept=format_.syntax.media_type)
    assert answer.headers["content-type"] == format_.content_type
    found = graph_in(answer.text, format_.syntax)
    assert len(found) > 1
    assert set(found.predicates()) == {RDF.type}


def graph_in(text: str, syntax: rdf.Format) -> Graph:
    """What pyoxigraph reads, as a graph of rdflib."""
    parser = pyoxigraph.RdfFormat.from_media_type(syntax.media_type)
    assert parser is not None
    triples = (each.triple for each in pyoxigraph.parse(text.encode(), format=parser))
    lines = "".join(f"{each.subject} {each.predicate} {each.object} .\n" for each in triples)
    return Graph().parse(data=lines, format="nt")


async def test_all_that_is_asked_for_is_all_that_is_exported(ask: Asking) -> None:
    answer = await ask.get(ALL, format="ntriples")
    whole = await ask.client.get("/examples/-/newsgraph.nt")
    assert set(answer.text.splitlines()) == set(whole.text.splitlines())


async def test_clients_of_sparql_are_sent_what_they_prefer(ask: Asking) -> None:
    both = "application/sparql-results+xml;q=0.9, text/turtle, application/json;q=0.5"
    solutions, triples = await ask.get(COUNT, both), await ask.get(ALL, both)
    assert solutions.headers["content-type"] == "application/sparql-results+xml"
    assert triples.headers["content-type"].startswith("text/turtle")


# --- Refusing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELEC", "Expected {SelectQuery | ConstructQuery | DescribeQuery | AskQuery}"),
        ("SELECT * { ?s ?p", "found '?'"),
        ("SELECT * { ?s nowhere:p ?o }", "nowhere"),
        (
            "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
            "SERVICE: this service asks no other",
        ),
        (
            "ASK { FILTER EXISTS { SERVICE ?x { ?s ?p ?o } } }",
            "SERVICE: this service asks no other",
        ),
        ("SELECT * FROM <a:b> { ?s ?p ?o }", "FROM is not done here"),
        ("DESCRIBE <a:b> FROM NAMED <a:c>", "FROM is not done here"),
        ("ASK { GRAPH <a:b> { ?s ?p ?o } }", "GRAPH: the default graph is the union"),
        ("INSERT DATA { <a:b> <a:c> <a:d> }", "Updates are not done here"),
        (f"ASK {{{'{' * 2000}{'}' * 2000}}}", "nested too deeply"),
    ],
)
async def test_what_is_no_question_is_refused_in_words(ask: Asking, query: str, words: str) -> None:
    for answer in (await ask.get(query), await ask.post(query, QUERY)):
        assert (answer.status_code, answer.text.count("\n")) == (400, 1)
        assert words in answer.text
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        (("query=ASK{}&update=CLEAR+ALL", FORM), 400, "Updates are not done here"),
        (("CLEAR ALL", "application/sparql-update"), 400, "Updates are not done here"),
        (("query=ASK{}&default-graph-uri=a:b", FORM), 400, "leave default-graph-uri out"),
        (("query=ASK{}&named-graph-uri=a:b", FORM), 400, "leave named-graph-uri out"),
        (("query=ASK{}&query=ASK{}", FORM), 400, "query may be given once only"),
        (("", FORM), 400, "There is no question"),
        (("", QUERY), 400, "There is no question"),
        (("query=%FF", FORM), 400, "The form cannot be read"),
        (("{}", "application/json"), 415, f"posted as {QUERY} or {FORM}"),
        (("x" * (LONGEST + 1), QUERY), 413, "up to 1,000,000 bytes"),
    ],
)
async def test_what_may_not_be_posted(
    ask: Asking, sent: tuple[str, str], status: int, words: str
) -> None:
    answer = await ask.post(*sent)
    assert (answer.status_code, answer.text.count("\n")) == (status, 1)
    assert words in answer.text
    assert answer.headers.get("accept-post") == (f"{QUERY}, {FORM}" if status == 415 else None)


async def test_other_graphs_are_refused_by_get_too(ask: Asking) -> None:
    for name in ("default-graph-uri", "named-graph-uri", "update"):
        answer = await ask.get("ASK {}", **{name: "https://example.org/"})
        assert answer.status_code == 400
    twice = await ask.client.get(f"{SPARQL}?query=ASK{{}}&query=ASK{{}}")
    assert "query may be given once only" in twice.text


async def test_who_takes_no_format_is_told_which_there_are(ask: Asking) -> None:
    nothing = await ask.get(COUNT, "image/png")
    no_triples = await ask.get(ALL, "text/csv")
    no_solutions = await ask.get(COUNT, "text/turtle")
    for answer in (nothing, no_triples, no_solutions, await ask.get(ALL, format="csv")):
        assert answer.status_code == 406
    assert all(each.media_types[0] in nothing.text for each in SENT)
    assert "json" not in no_triples.text.replace("ld+json", "")
    assert "turtle" not in no_solutions.text
    unknown = await ask.get(COUNT, format="table")
    assert unknown.status_code == 400
    assert "there are json, xml, csv, tsv, turtle" in unknown.text


async def test_other_methods_are_told_which_there_are(ask: Asking) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        answer = await ask.client.request(method, SPARQL, headers={"authorization": "Bearer x"})
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"


# --- Other sites -----------------------------------------------------------------------------

ELSEWHERE = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}


async def test_another_site_may_ask_and_reads_the_answer_where_the_server_lets_it(
    serve: Serve, example_db: Path
) -> None:
    for cors in (True, False):
        ask = Asking(serve, example_db, cors=cors)
        asked = ELSEWHERE | {"Access-Control-Request-Method": "POST"}
        options = await ask.client.request("OPTIONS", SPARQL, headers=asked)
        answer = await ask.post(COUNT, QUERY, **ELSEWHERE, Cookie="ds_csrftoken=wrong")
        assert (options.status_code, answer.status_code) == (200, 200)
        for each in (options, answer):
            allowed = each.headers.get("access-control-allow-methods")
            assert allowed == ("GET, HEAD, POST, OPTIONS" if cors else None)
            assert each.headers.get("access-control-allow-origin") == ("*" if cors else None)


# --- What the service says of itself ---------------------------------------------------------


@pytest.mark.parametrize("format_", OF_TRIPLES, ids=lambda each: each.name)
async def test_asked_nothing_it_describes_itself(ask: Asking, format_: Any) -> None:
    answer = await ask.get(accept=format_.syntax.media_type)
    found = graph_in(answer.text, format_.syntax)
    (service,) = found.subjects(RDF.type, SD.Service)
    assert str(service) == "https://news.example.org/graph/sparql" or SPARQL in str(service)
    assert found.value(service, SD.endpoint) == service
    assert found.value(service, SD.supportedLanguage) == SD.SPARQL11Query
    assert found.value(service, SD.feature) == SD.UnionDefaultGraph
    formats = {str(each) for each in found.objects(service, SD.resultFormat)}
    assert len(formats) == len(SENT)
    assert "http://www.w3.org/ns/formats/SPARQL_Results_JSON" in formats
    data_set = found.value(service, SD.defaultDataset)
    assert found.value(data_set, SD.defaultGraph) == BASE
    assert (BASE, RDF.type, VOID.Dataset) in found


async def test_who_takes_no_rdf_has_asked_nothing(ask: Asking) -> None:
    for answer in (await ask.get(accept="text/csv"), await ask.get(format="csv")):
        assert answer.status_code == 400
        assert "There is no question" in answer.text


async def test_the_description_of_the_graph_names_the_endpoint(
    serve: Serve, example_db: Path
) -> None:
    for block, is_named in ((None, True), (False, False), ({"id": "ana"}, False)):
        client = serve(example_db, **configured(sparql=block) if block is not None else {}).client
        answer = await client.get("/examples/-/newsgraph/void.nt")
        found = Graph().parse(data=answer.text, format="nt")
        endpoints = {str(each) for each in found.objects(BASE, VOID.sparqlEndpoint)}
        assert len(endpoints) == is_named
        assert all(each.endswith("/-/newsgraph/sparql") for each in endpoints)
        assert ("DataService" in answer.text) == is_named


# --- Caches ----------------------------------------------------------------------------------


async def test_a_client_that_has_the_answer_is_not_sent_it_again(ask: Asking) -> None:
    first = await ask.get(COUNT)
    assert first.headers["cache-control"] == "max-age=5"
    again = {"if-none-match": first.headers["etag"], "accept": "*/*"}
    unchanged = await ask.client.get(SPARQL, params={"query": COUNT}, headers=again)
    assert (unchanged.status_code, unchanged.text) == (304, "")
    other = await ask.client.get(SPARQL, params={"query": NAMES}, headers=again)
    assert (other.status_code, other.headers["etag"] != first.headers["etag"]) == (200, True)
    changing = await ask.get("SELECT (NOW() AS ?now) {}")
    assert "etag" not in changing.headers


# --- Who may ask -----------------------------------------------------------------------------


async def test_a_setting_says_whether_questions_are_answered(
    serve: Serve, example_db: Path
) -> None:
    ask = Asking(serve, example_db, **configured(sparql=False))
    for answer in (await ask.get(COUNT), await ask.get(), await ask.post(COUNT, QUERY)):
        assert answer.status_code == 404
    assert ask.processes() == []


async def test_a_setting_says_who_may_ask(serve: Serve, example_db: Path) -> None:
    ask = Asking(serve, example_db, **configured(sparql={"id": "ana"}))
    assert (await ask.get(COUNT)).status_code == 403
    cookie = f"ds_actor={ask.datasette.sign({'a': {'id': 'ana'}}, 'actor')}"
    headers = {"cookie": cookie, "accept": "*/*"}
    answer = await ask.client.get(SPARQL, params={"query": COUNT}, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    # What a browser sends of itself says nothing of who posts.
    posted = await ask.post(COUNT, QUERY, cookie=cookie)
    assert posted.status_code == 403


async def test_a_graph_in_memory_is_refused_by_name(example_db: Path) -> None:
    datasette = Datasette([], memory=True)
    await datasette.invoke_startup()
    database = datasette.add_memory_database("held")

    def fill(connection: sqlite3.Connection) -> None:
        with closing(sqlite3.connect(example_db)) as file:
            file.backup(connection)

    await lines.write(database, fill)
    answer = await datasette.client.get("/held/-/newsgraph/sparql", params={"query": COUNT})
    assert answer.status_code == 501
    assert "in the memory of the server" in answer.text
    assert pool_of(datasette).numbers == []


# --- In a browser ----------------------------------------------------------------------------

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def test_a_browser_is_shown_the_answer_on_a_page(ask: Asking, page: Any) -> None:
    empty, answer = await ask.get(accept=BROWSER), await ask.get(NAMES, accept=BROWSER)
    for each in (empty, answer):
        assert (each.status_code, each.headers["vary"][:6]) == (200, "Accept")
        assert page(each.text).all("textarea")
    name = names_in(await ask.get(NAMES))[0]
    assert name in answer.text
    assert (await ask.get(NAMES, format="html")).status_code == 200


async def test_a_page_says_what_is_wrong_with_a_question(serve: Serve, example_db: Path) -> None:
    ask = Asking(serve, example_db, **configured(sparql_rows=10))
    wrong, long = await ask.get("SELEC", BROWSER), await ask.get(ALL, BROWSER)
    assert (wrong.status_code, long.status_code) == (400, 503)
    assert "Expected {SelectQuery" in html.unescape(wrong.text)
    assert "more than 10 rows" in html.unescape(long.text)
    for each in (wrong, long):
        assert each.headers["content-type"].startswith("text/html")
        assert each.headers["cache-control"] == "private, no-store"


async def test_a_page_shows_the_beginning_of_a_long_answer(ask: Asking, page: Any) -> None:
    every = "SELECT ?s ?o WHERE { ?s ?p ?o }"
    whole = len((await ask.get(every)).json()["results"]["bindings"])
    shown = (await ask.get(every, BROWSER)).text
    assert whole > SHOWN
    assert len(page(shown).all("tr")) == SHOWN + 1
