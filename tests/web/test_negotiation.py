"""Identifier IRIs and our own terms: each client is led to the representation that it wants."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph import kinds
from datasette_newsgraph.cli import cli
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.vocabulary import OWN_NAMESPACE, OWN_TERMS, expand
from datasette_newsgraph.web.rdf import ontology_page
from datasette_newsgraph.web.rdf.negotiation import HTML, RDF_TYPES, TEXT, choose
from tests.cost import seconds_of_processor
from tests.permissions.addresses import GRAPH
from tests.permissions.visitors import private, serving
from tests.rdf.exported_graphs import of_class, values
from tests.rdf.rdf_tools import BASE, check_all_read, iri, read_with_pyoxigraph

Serve = Callable[..., Any]

OFFERS = (HTML, *(each.media_type for each in FORMATS))
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
HOME = "/examples/-/newsgraph"
every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


# --- choose ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, HTML),
        ("", HTML),
        ("  ", HTML),
        ("*/*", HTML),
        (BROWSER, HTML),
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle", "text/turtle"),
        ("text/turtle;charset=utf-8", "text/turtle"),
        ("application/ld+json;q=0.4, application/n-triples;q=0.5", "application/n-triples"),
        ("application/ld+json; profile=expanded; q=0.4, text/*;q=0.3", "application/ld+json"),
        (
            'application/ld+json;profile="http://www.w3.org/ns/json-ld#streaming";q=0.8, text/*;q=0.3',
            "application/ld+json",
        ),
        ("application/*;q=0.5", "application/ld+json"),
        # Between equals, the server's favourite.
        ("application/n-triples, text/turtle, text/html", HTML),
        # The most specific range counts, whatever the quality of a wider one.
        ("text/html;q=0.1, */*;q=0.9", "text/turtle"),
        ("text/*, text/html;q=0.1", "text/turtle"),
        ("text/html;q=0, text/*", "text/turtle"),
        ("*/*, text/html;q=0, text/turtle;q=0.0", "application/ld+json"),
        ("*/*;q=0", None),
        ("text/html;q=0", None),
        ("image/png", None),
        ("image/*, video/mp4", None),
        ("text/turtle;q=0, application/xml", None),
        # What is malformed counts for nothing.
        ("turtle", None),
        ("*/html", None),
        ("text/turtle text/html", None),
        (",,;q=1,text/turtle,", "text/turtle"),
        ("text/html;q=0.5, text/turtle;q=0.9", "text/turtle"),
        ("text/html;q=0.5, text/turtle; q = 0.9", "text/turtle"),
        ("text/turtle;q=0.9000, text/html;q=0.1", HTML),
        ("text/turtle;q=.9, text/html;q=0.1", HTML),
        # What is quoted divides nothing.
        ('application/ld+json;profile="a,b;q=0";q=0.5, text/html;q=0.4', "application/ld+json"),
        ('text/turtle;a="\\",text/html,"', "text/turtle"),
        # Who names RDF, whether we have it or not, and no page, is not given one for a wildcard.
        ("application/rdf+thrift, */*;q=0.1", "text/turtle"),
        ("application/rdf+thrift, application/xml;q=0.7, */*;q=0.09", "text/turtle"),
        ("application/x-trig, application/rdf+json, */*;q=0.1", "text/turtle"),
        ("text/n3, text/*;q=0.5", "text/turtle"),
        ("application/trix, */*, text/turtle;q=0", "application/ld+json"),
        ("application/n-triples;q=0.1, */*;q=0.2", "text/turtle"),
        ("application/rdf+xml;q=0.001, */*", "text/turtle"),
        # But if it is refused, or a page is asked for too.
        ("application/rdf+xml;q=0, */*;q=0.1", HTML),
        ("application/rdf+xml;q=x, */*;q=0.1", HTML),
        ("application/rdf+xml, text/html, */*;q=0.1", HTML),
        ("application/rdf+thrift, application/xhtml+xml, */*;q=0.1", HTML),
        ("application/trix, image/png", None),
    ],
)
def test_choose(accept: str | None, chosen: str | None) -> None:
    assert choose(accept, OFFERS) == chosen


_RANGES = st.sampled_from([*OFFERS, "*/*", "text/*", "application/*", "image/png", "*", "a/b/c"])
_QUALITIES = st.sampled_from(["", ";q=0", ";q=0.5", ";q=1", ";q=1.5", ";q=x", ";q", "; charset=a"])
_ACCEPT = st.lists(st.builds(lambda a, b: a + b, _RANGES, _QUALITIES)).map(", ".join)


@given(st.one_of(st.none(), st.text(), _ACCEPT))
def test_whatever_is_asked_for_something_offered_is_chosen_or_nothing(accept: str | None) -> None:
    assert choose(accept, OFFERS) in (*OFFERS, None)


@given(_ACCEPT, st.sampled_from(OFFERS))
def test_a_quality_of_nought_excludes(accept: str, excluded: str) -> None:
    others = [each for each in accept.split(", ") if not each.lower().startswith(excluded)]
    assert choose(", ".join([*others, f"{excluded};q=0"]), OFFERS) != excluded


@given(st.sampled_from(OFFERS), st.sampled_from(["*/*", "text/*;q=0.9", "image/png", ""]))
def test_the_only_one_that_is_named_in_full_is_chosen_over_ranges_of_less(
    wanted: str, wider: str
) -> None:
    others = [f"{each};q=0.1" for each in OFFERS if each != wanted]
    assert choose(", ".join([wider, wanted, *others]), OFFERS) == wanted


_QUALITY = st.integers(0, 1000).map(lambda each: each / 1000)
_RANGES_BUT_PAGES = st.sampled_from(
    [*sorted(RDF_TYPES), "*/*", "text/*", "application/*", "image/png"]
)


def written(ranges: dict[str, float]) -> str:
    return ", ".join(f"{name};q={quality:.3f}" for name, quality in ranges.items())


@given(st.dictionaries(_RANGES_BUT_PAGES, _QUALITY, min_size=1))
def test_who_names_rdf_is_given_a_page_only_where_nothing_else_is_as_welcome(
    ranges: dict[str, float],
) -> None:
    named = [each for each in ranges if each in RDF_TYPES and ranges[each] > 0]
    if named and choose(written(ranges), OFFERS) == HTML:
        page = ranges.get("text/*", ranges.get("*/*", 0.0))
        others = {
            each: ranges.get(each, ranges.get(f"{each.partition('/')[0]}/*")) for each in OFFERS[1:]
        }
        qualities = [ranges.get("*/*", 0.0) if q is None else q for q in others.values()]
        assert max(qualities) < page


@given(st.dictionaries(st.sampled_from(OFFERS), _QUALITY, min_size=1))
def test_of_what_is_named_the_most_welcome_is_chosen(ranges: dict[str, float]) -> None:
    chosen = choose(written(ranges), OFFERS)
    best = max(ranges.values())
    assert (ranges[chosen] == best) if chosen is not None else best == 0


@given(st.text('",;\\=q/*. 01textrl', max_size=200), st.sampled_from([1, 50]))
def test_a_header_of_any_length_is_read_in_time(accept: str, times: int) -> None:
    with seconds_of_processor(5):
        assert choose(accept * times, OFFERS) in (*OFFERS, None)


@pytest.mark.parametrize(
    "part", ['a"', '"', ";", ",", '"\\', "text/html,", "text/turtle;q=0.1,", "*/"]
)
@pytest.mark.asyncio
async def test_a_header_of_ten_thousand_characters_is_answered(
    serve: Serve, example_db: Path, part: str
) -> None:
    accept = (part * 10_000)[:10_000]
    response = await serve(example_db).client.get(
        f"{HOME}/id/entity/q90-7vjtwgbjzcbb3", headers={"Accept": accept, "Accept-Encoding": accept}
    )
    assert response.status_code in (303, 406)


# --- Identifier IRIs -------------------------------------------------------------------------


def one(path: Path, sql: str, *parameters: Any) -> Any:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, parameters).fetchone()


def described(path: Path, kind: str, home: str = HOME) -> tuple[str, str, str]:
    """Of a thing: the path of its IRI, its page, and where it is as RDF, without the ending."""
    spans = {each.name: each.table for each in kinds.ANNOTATED}
    tables = {each.name: each.table for each in kinds.WITH_PAGE}
    if kind in spans:
        key, article, start, end = one(
            path,
            f"SELECT {spans[kind]}.key, articles.key, start_char, end_char FROM {spans[kind]}"
            " JOIN articles ON articles.id = article_id WHERE start_char > 9",
        )
        page = f"{home}/article/{article}?at={start},{end}#char={start},{end}"
        return f"{kind}/{key}", page, f"{home}/{kind}/{key}"
    if kind == "extraction":
        number, key = one(path, "SELECT id, key FROM extractions")
        return f"extraction/{key}", home, f"{home.partition('/-/')[0]}/extractions/{number}"
    (key,) = one(path, f"SELECT key FROM {tables[kind.removesuffix(' text')]} LIMIT 1 OFFSET 3")
    if kind == "article text":
        return f"article/{key}/text", f"{home}/article/{key}", f"{home}/article/{key}"
    return f"{kind}/{key}", f"{home}/{kind}/{key}", f"{home}/{kind}/{key}"


KINDS = [each.name for each in kinds.KINDS]
every_kind = pytest.mark.parametrize("kind", [*KINDS, "article text"])
_ENDINGS = {each.media_type: each.ending for each in FORMATS}
#: An Accept header, and the ending of where it leads; "" is the page.
ACCEPTS = {
    None: "",
    BROWSER: "",
    "*/*": "",
    "text/html;q=0.5, text/turtle;q=0.4": "",
    "text/turtle": ".ttl",
    "application/n-triples": ".nt",
    "application/ld+json;q=0.9, text/html;q=0.2": ".jsonld",
    "application/*;q=0.5": ".jsonld",
    "text/*;q=0.5, text/html;q=0": ".ttl",
}


# Every header for one kind, and two of them for every other: what is wanted knows nothing of the kind.
@pytest.mark.parametrize(
    ("kind", "accept"),
    [
        *((KINDS[0], accept) for accept in ACCEPTS),
        *(
            (kind, accept)
            for kind in [*KINDS[1:], "article text"]
            for accept in (BROWSER, "text/turtle")
        ),
    ],
)
@pytest.mark.asyncio
async def test_an_iri_leads_to_what_describes_its_thing(
    serve: Serve, example_db: Path, kind: str, accept: str | None
) -> None:
    iri, page, rdf = described(example_db, kind)
    datasette = serve(example_db)
    headers = {} if accept is None else {"Accept": accept}
    response = await datasette.client.get(f"{HOME}/id/{iri}", headers=headers)
    assert response.status_code == 303
    ending = ACCEPTS[accept]
    assert response.headers["location"] == (rdf + ending if ending else page)
    assert "accept" in response.headers["vary"].lower()
    there = await datasette.client.get(response.headers["location"])
    assert there.status_code == 200
    media_type = there.headers["content-type"].partition(";")[0]
    assert _ENDINGS.get(media_type, "") == ending


@every_kind
@pytest.mark.asyncio
async def test_all_descriptions_are_named_wherever_one_is_led_to(
    serve: Serve, example_db: Path, kind: str
) -> None:
    iri, page, rdf = described(example_db, kind)
    response = await serve(example_db).client.get(f"{HOME}/id/{iri}")
    links = dict(
        re.findall(r'<([^>]*)>; rel="alternate"; type="([^"]*)"', response.headers["link"])
    )
    expected = {f"{rdf}{each.ending}": each.media_type for each in FORMATS} | {page: HTML}
    words = {f"{rdf}.txt": TEXT} if kind == "article text" else {}
    assert links == expected | words


@every_kind
@pytest.mark.parametrize("accept", ["image/png", "turtle", "*/*;q=0", "application/xml"])
@pytest.mark.asyncio
async def test_what_there_is_not_is_not_acceptable(
    serve: Serve, example_db: Path, kind: str, accept: str
) -> None:
    iri, _, _ = described(example_db, kind)
    path = f"{HOME}/id/{iri}"
    response = await serve(example_db).client.get(path, headers={"Accept": accept})
    assert response.status_code == 406
    assert "location" not in response.headers
    assert "accept" in response.headers["vary"].lower()
    assert all(each in response.text for each in OFFERS)


UNKNOWN = {
    "another": "entity/nobody",
    "another kind": "person/q90-7vjtwgbjzcbb3",
    "no kind": "q90",
    "two slashes": "entity//evil.example",
    "slashes in the key": "entity/%2F%2Fevil.example",
    "a backslash": "entity/%5C%5Cevil.example",
    "dots": "entity/%2E%2E/%2E%2E/evil",
    "dots, in Datasette's way": "entity/~2E~2E~2F~2E~2E",
    "quotes": "entity/%22%27%3E%3Cscript%3E",
    "a line end": "entity/a%0D%0ALocation:%20//evil.example",
    "a line end, in Datasette's way": "entity/a~0D~0ALocation~3A",
    "a letter of ours": "entity/Нургалиев",
    "no UTF-8": "entity/%FF%FE",
    "an address": "https://evil.example/",
    "NUL": "entity/%00",
    "long": f"entity/{'a' * 20_000}",
    "a text of an entity": "entity/q90-7vjtwgbjzcbb3/text",
    "a text of a text": "article/ex-2023-nobel-peace-z5wfjypc7wma5/text/text",
}


@pytest.mark.parametrize("path", UNKNOWN.values(), ids=UNKNOWN)
@pytest.mark.asyncio
async def test_an_unknown_thing_leads_nowhere(serve: Serve, example_db: Path, path: str) -> None:
    path = f"{HOME}/id/{quote(path, safe='/%~:')}"
    response = await serve(example_db).client.get(path)
    assert response.status_code == 404
    assert "location" not in response.headers
    assert "accept" in response.headers["vary"].lower()
    assert "<script>" not in response.text or "html" in response.headers["content-type"]


@pytest.mark.parametrize("name", ['odd; "name" €\'', "a b", "evil.example", "~x~", "<b>&amp;"])
@pytest.mark.asyncio
async def test_a_location_is_a_path_of_ours_whatever_the_file_is_called(
    serve: Serve, example_db: Path, tmp_path: Path, name: str
) -> None:
    path = Path(shutil.copy(example_db, tmp_path / f"{name}.db"))
    datasette = serve(path)
    home = f"{datasette.urls.database(name)}/-/newsgraph"
    assert re.fullmatch(r"/[A-Za-z0-9~_+-]+/-/newsgraph", home)
    for kind in KINDS:
        iri, page, _ = described(path, kind, home)
        response = await datasette.client.get(f"{home}/id/{iri}")
        assert (response.status_code, response.headers["location"]) == (303, page)


@every_kind
@pytest.mark.asyncio
async def test_links_have_the_servers_own_prefix(serve: Serve, example_db: Path, kind: str) -> None:
    datasette = serve(example_db, settings={"base_url": "/prefix/"})
    iri, page, rdf = described(example_db, kind, f"/prefix{HOME}")
    # The client puts the prefix before what it is asked for.
    for accept, expected in (("text/html", page), ("text/turtle", f"{rdf}.ttl")):
        response = await datasette.client.get(f"{HOME}/id/{iri}", headers={"Accept": accept})
        assert response.headers["location"] == expected
        links = re.findall(r"<([^>]*)>", response.headers["link"])
        assert len(links) == len(OFFERS) + (kind == "article text")
        assert all(each.startswith("/prefix/examples/") for each in links)
        there = await datasette.client.get(expected.removeprefix("/prefix"))
        assert there.status_code == 200


# --- Methods ---------------------------------------------------------------------------------

PLACES = [
    "/-/newsgraph",
    HOME,
    f"{HOME}.ttl",
    f"{HOME}/ns",
    f"{HOME}/id/entity/q90-7vjtwgbjzcbb3",
    f"{HOME}/entity/q90-7vjtwgbjzcbb3",
    f"{HOME}/entity/q90-7vjtwgbjzcbb3.nt",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.asyncio
async def test_other_methods_are_not_allowed(
    serve: Serve, example_db: Path, place: str, method: str
) -> None:
    response = await getattr(serve(example_db).client, method)(place)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("cors", [False, True])
@pytest.mark.asyncio
async def test_options(serve: Serve, example_db: Path, place: str, cors: bool) -> None:
    response = await serve(example_db, cors=cors).client.options(place)
    assert response.status_code == 200
    assert response.headers.get("access-control-allow-origin") == ("*" if cors else None)


@pytest.mark.parametrize("accept", ["text/turtle", "image/png"])
@pytest.mark.asyncio
async def test_other_sites_may_follow_an_iri_where_datasette_lets_them(
    serve: Serve, example_db: Path, accept: str
) -> None:
    for place in PLACES[3:5]:
        for cors in (False, True):
            client = serve(example_db, cors=cors).client
            response = await client.get(place, headers={"Accept": accept})
            assert response.headers.get("access-control-allow-origin") == ("*" if cors else None)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.asyncio
async def test_head_is_get_without_the_body(serve: Serve, example_db: Path, place: str) -> None:
    client = serve(example_db).client
    head, get = await client.head(place), await client.get(place)
    assert head.status_code == get.status_code
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers.get("link") == get.headers.get("link")


# --- Our own terms ---------------------------------------------------------------------------


@every_format
@pytest.mark.asyncio
async def test_our_terms_are_those_of_the_command(
    serve: Serve, example_db: Path, format_: Format
) -> None:
    headers = {"Accept": f"{format_.media_type}, */*;q=0.1"}
    response = await serve(example_db).client.get(f"{HOME}/ns", headers=headers)
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == format_.media_type
    assert "accept" in response.headers["vary"].lower()
    printed = CliRunner().invoke(cli, ["vocabulary", str(example_db), "-f", format_.name])
    assert response.content == printed.stdout_bytes
    check_all_read(response.content, format_, set(read_with_pyoxigraph(response.content, format_)))


@every_format
@pytest.mark.asyncio
async def test_our_terms_have_an_address_for_each_format(
    serve: Serve, example_db: Path, format_: Format
) -> None:
    client = serve(example_db).client
    negotiated = await client.get(f"{HOME}/ns", headers={"Accept": format_.media_type})
    response = await client.get(f"{HOME}/ns{format_.ending}")
    assert response.content == negotiated.content
    assert response.headers["content-type"] == negotiated.headers["content-type"]
    assert (await client.get(f"{HOME}/ns.xml")).status_code == 404


@pytest.mark.parametrize("accept", [None, "*/*", "application/*"])
@pytest.mark.asyncio
async def test_a_program_that_names_no_format_is_given_our_terms_as_rdf(
    serve: Serve, example_db: Path, accept: str | None
) -> None:
    headers = {} if accept is None else {"Accept": accept}
    response = await serve(example_db).client.get(f"{HOME}/ns", headers=headers)
    types = {each.media_type for each in FORMATS}
    assert response.headers["content-type"].partition(";")[0] in types


@pytest.mark.parametrize("accept", [BROWSER, "text/html"])
@pytest.mark.asyncio
async def test_a_browser_is_shown_a_page_of_our_terms(
    serve: Serve, example_db: Path, page: Callable[[str], Any], accept: str
) -> None:
    client = serve(example_db).client
    response = await client.get(f"{HOME}/ns", headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert "accept" in response.headers["vary"].lower()
    html = page(response.text)
    assert html.all("form", role="search")
    shown = {each.attributes["id"]: each.text for each in html.all("dt")}
    for each in OWN_TERMS:
        assert each.label in shown[each.name]
        assert any(found.text.startswith(each.comment) for found in html.all("dd"))
        # What else a term is leads to where that is defined.
        for name in filter(None, (each.domain, each.range_, each.above)):
            assert html.href(expand(name, "")), name
    # Each IRI of ours leads to its place on the page: the fixed ones, and those of this graph.
    lines = (await client.get(f"{HOME}/ns.nt")).text
    for namespace, name in ((OWN_NAMESPACE, "offsetStatus"), (f"{BASE}ns#", "head-of")):
        named = set(re.findall(f"^<{re.escape(namespace)}([^>]*)>", lines, re.M))
        assert name in named <= shown.keys()
    assert {"schema:NewsArticle", "schema:memberOf"} <= shown.keys()
    assert html.href("https://schema.org/NewsArticle")
    for each in FORMATS:
        assert html.link(each.title) == f"{HOME}/ns{each.ending}"
        assert f"{HOME}/ns{each.ending}" in response.headers["link"]


@every_format
@pytest.mark.asyncio
async def test_an_ontology_of_our_terms_alone(
    serve: Serve, example_db: Path, format_: Format
) -> None:
    response = await serve(example_db).client.get(f"{HOME}/ns{format_.ending}")
    graph = set(read_with_pyoxigraph(response.content, format_))
    ontologies = {f"<{OWN_NAMESPACE.rstrip('#')}>", f"<{BASE}ns>"}
    assert of_class(graph, "owl:Ontology") == ontologies
    for subject in {subject for subject, _, _ in graph} - ontologies:
        assert subject.startswith((f"<{OWN_NAMESPACE}", f"<{BASE}ns#"))
        assert values(graph, subject, "rdfs:isDefinedBy") == {f"{subject.partition('#')[0]}>"}
    quoted = f"<{OWN_NAMESPACE}quoteVerb>"
    assert values(graph, quoted, "rdfs:domain") == {iri("schema:Quotation")}
    assert values(graph, quoted, "rdfs:range") == {iri("xsd:string")}
    assert values(graph, f"<{BASE}ns#Date>", "rdfs:subClassOf") == {iri("schema:Thing")}


@pytest.mark.asyncio
async def test_a_page_of_very_many_terms_says_where_all_are(
    serve: Serve, tmp_path: Path, page: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ontology_page, "LISTED", 3)
    path = tmp_path / "many.db"
    entity = {"id": "e", "type": "Law <b>", "name": "Law"}
    relations = [
        {"subject": "e", "predicate": predicate, "value": "1"}
        for predicate in ("a" * 10_000, "<odd>", "b", "c")
    ]
    load(path, [{"id": "a", "entities": [entity], "relations": relations}])
    response = await serve(path).client.get("/many/-/newsgraph/ns", headers={"Accept": BROWSER})
    assert response.status_code == 200
    assert "<odd>" not in response.text
    assert "&lt;odd&gt;" in response.text
    assert "2 further terms" in response.text
    assert "a" * 10_000 in response.text


@pytest.mark.asyncio
async def test_who_takes_neither_a_page_nor_rdf_is_told_what_there_is(
    serve: Serve, example_db: Path
) -> None:
    refused = await serve(example_db).client.get(f"{HOME}/ns", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/html" in refused.text
    assert "accept" in refused.headers["vary"].lower()


@pytest.mark.parametrize(
    ("hidden", "gone"), [("relations", "predicatemark"), ("entities", "predicatemark Typemark")]
)
@pytest.mark.asyncio
async def test_the_page_of_our_terms_has_no_label_that_is_hidden(
    news: Path, hidden: str, gone: str
) -> None:
    async with serving(news, private(hidden)) as server:
        shown = (await server.anybody.get(f"{GRAPH}/ns", Accept=BROWSER)).text
        to_alice = await server.alice.get(f"{GRAPH}/ns", Accept=BROWSER)
    for word in gone.split():
        assert word not in shown
        assert word.lower() in to_alice.text.lower()
    assert "private" in to_alice.headers["cache-control"]
    assert "offsetStatus" in shown


@pytest.mark.asyncio
async def test_an_identifier_that_is_not_there_is_a_page_for_a_browser(
    serve: Serve, example_db: Path
) -> None:
    client = serve(example_db).client
    shown = await client.get(f"{HOME}/id/entity/nobody", headers={"Accept": BROWSER})
    told = await client.get(f"{HOME}/id/entity/nobody")
    assert (shown.status_code, told.status_code) == (404, 404)
    assert shown.headers["content-type"].startswith("text/html")
    assert "Overview of the news graph" in shown.text
    assert told.headers["content-type"].startswith("text/plain")
    assert "accept" in shown.headers["vary"].lower()
