"""The JSON-LD within a page says of its thing what an export in the profile ``schema`` says, and no
more: of every article, entity and relation of several graphs.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.utils.asgi import Request
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.identity import normalise_name
from datasette_newsgraph.kinds import WITH_PAGE, Kind
from datasette_newsgraph.loading.load import load, load_files
from datasette_newsgraph.mapping.profiles import profile_named
from datasette_newsgraph.rdf import format_named
from datasette_newsgraph.web.access.visit import Visit, begin
from datasette_newsgraph.web.frame import linked_data
from datasette_newsgraph.web.frame.compact import IRI, Compact, Object
from datasette_newsgraph.web.frame.linked_data import ADDRESSES, NAMING, script
from datasette_newsgraph.web.frame.shown_part import LISTED
from tests.rdf import hostile
from tests.rdf.decided_graphs import WIKIDATA
from tests.rdf.rdf_tools import BASE, Graph, Triple, export, iri, read_with_pyoxigraph
from tests.web.linked_data_read import OF_PAGES, PAGE, triples_of

Serve = Callable[..., Any]

ROOT = Path(__file__).parents[2]
NTRIPLES = format_named("ntriples")
PROFILE = profile_named("schema")
NAMES = {f"<{each}>" for each in NAMING} | {iri("rdf:type")}
#: More of everything than a page has room for.
MANY = LISTED + 20

every_kind = pytest.mark.parametrize("kind", WITH_PAGE, ids=lambda each: each.name)


def crowd() -> dict[str, Any]:
    """An article that names more than a page does, and says more of one entity."""
    people = [
        {"id": f"e{n}", "type": "Person", "name": f"Ana {n}", "aliases": [f"A. {n}"]}
        for n in range(MANY)
    ]
    return {
        "id": "crowd",
        "text": " ".join(each["name"] for each in people),
        "entities": people,
        "relations": [
            {"subject": "e0", "predicate": "sibling", "object": f"e{n}"} for n in range(1, MANY)
        ],
    }


def zoned() -> dict[str, Any]:
    """An article whose caption and footer name people that its body does not."""
    text = "Kabul falls\nThe Taliban came.\nNancy Pelosi at a rally\nMore about Ilhan Omar"
    zones, start = [], 0
    for zone, line in zip(("title", "body", "caption", "footer"), text.split("\n"), strict=True):
        zones.append({"zone": zone, "start": start, "end": start + len(line)})
        start += len(line) + 1
    named = {"Kabul": "Place", "Taliban": "Organization", "Nancy Pelosi": "Person"}
    entities = [
        {"id": name, "type": type_, "name": name, "mentions": [{"text": name}]}
        for name, type_ in (named | {"Ilhan Omar": "Person"}).items()
    ]
    return {"id": "zoned", "text": text, "zones": zones, "entities": entities}


def examples(path: Path) -> None:
    load_files(path, [ROOT / "examples" / "articles.jsonl"], base_iri=BASE)


def corpora(path: Path) -> None:
    files = [
        ROOT.parent / "shared" / "corpora" / name for name in ("wikinews.jsonl", "re3d-us.jsonl")
    ]
    if not all(each.is_file() for each in files):
        pytest.skip("the corpora are not there: they are not part of this project")
    load_files(path, files, base_iri=BASE)


def made_up(path: Path) -> None:
    load(path, [*hostile.records(), crowd(), zoned()], base_iri=BASE)


GRAPHS: dict[str, Callable[[Path], None]] = {
    each.__name__: each for each in (examples, corpora, made_up)
}


@pytest.fixture(scope="module", params=GRAPHS)
def graph(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp(request.param) / "graph.db"
    GRAPHS[request.param](path)
    return path


def about(triples: Graph) -> dict[str, list[Triple]]:
    found: dict[str, list[Triple]] = {}
    for each in triples:
        found.setdefault(each[0], []).append(each)
    return found


def with_what_it_names(thing: str, exported: dict[str, list[Triple]]) -> Graph:
    """What is said of a thing, and what names the things that it names."""
    found: Graph = set()
    seen, names = {thing}, list(exported[thing])
    while names:
        _, _, object_ = triple = names.pop()
        if not is_said(triple):
            continue
        found.add(triple)
        if object_ in exported and object_ not in seen:
            seen.add(object_)
            names += [each for each in exported[object_] if each[1] in NAMES]
    return found


def is_said(triple: Triple) -> bool:
    """Tell whether a page says it: what is no address of the web is not said as one."""
    _, predicate, object_ = triple
    if object_.startswith("<") and predicate != iri("rdf:type"):
        return object_.lower().startswith(("<http://", "<https://"))
    return predicate[1:-1] not in ADDRESSES or ":" not in json.loads(object_)


def spelt_alike(triples: Graph) -> Graph:
    """The same with publishers and authors in one spelling: an article calls them as it does, a whole
    graph as most articles do.
    """
    return {
        (subject, predicate, normalise_name(json.loads(object_)))
        if re.search("/id/(publisher|author)/", subject) and predicate == iri("schema:name")
        else (subject, predicate, object_)
        for subject, predicate, object_ in triples
    }


async def visit_to(serve: Serve, path: Path) -> Visit:
    """Return a visit of nobody in particular to a graph."""
    server = serve(path)
    await server.invoke_startup()
    request = Request.fake("/", url_vars={"database": path.stem})
    request.scope["actor"] = None
    return await begin(server, request)


async def said(serve: Serve, path: Path, kind: Kind) -> list[tuple[str, Graph]]:
    """The IRI of each thing of a kind, and what its page says."""
    visit = await visit_to(serve, path)
    found = []
    for row in await visit.rows(f"SELECT * FROM {kind.table}"):
        data = await linked_data.thing(visit, kind, row, PAGE)
        assert data is not None
        assert data["@context"]["@vocab"] == iri("schema:")[1:-1]
        read = triples_of(json.loads(script(data)))
        found.append((f"<{data['@id']}>", {each for each in read if each[1] not in OF_PAGES}))
    return found


@pytest.mark.asyncio
@every_kind
async def test_pages_say_what_an_export_says(serve: Serve, graph: Path, kind: Kind) -> None:
    everything = set(read_with_pyoxigraph(export(graph, NTRIPLES, profile=PROFILE), NTRIPLES))
    exported, everything = about(everything), spelt_alike(everything)
    things = await said(serve, graph, kind)
    assert things
    for thing, read in things:
        assert spelt_alike(read) <= everything
        expected = with_what_it_names(thing, exported)
        of_thing = [each for each in expected if each[0] == thing]
        if len(of_thing) <= LISTED:
            assert spelt_alike(read) == spelt_alike(expected)
        else:
            assert len([each for each in read if each[0] == thing]) >= LISTED


@pytest.mark.asyncio
async def test_only_whom_the_article_itself_names(
    serve: Serve, tmp_path: Path, page: Callable[[str], Any]
) -> None:
    path = tmp_path / "zoned.db"
    load(path, [zoned()], base_iri=BASE)
    with closing(sqlite3.connect(path)) as connection:
        (key,) = connection.execute("SELECT key FROM articles").fetchone()
    response = await serve(path).client.get(f"/zoned/-/newsgraph/article/{key}")
    html = page(response.text)
    # The page shows all of them, each in its place.
    assert "Nancy Pelosi" in response.text
    (found,) = html.all("script", type="application/ld+json")
    mentioned = json.loads(found.text)["mentions"]
    assert [each["name"] for each in mentioned] == ["Kabul", "Taliban"]


@pytest.mark.asyncio
async def test_where_an_article_is_from(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    address = "https://gazette.example/kabul"
    load(path, [{"id": "a", "url": address}, {"id": "b", "url": "gazette, page 3"}], base_iri=BASE)
    visit = await visit_to(serve, path)
    (kind,) = (each for each in WITH_PAGE if each.table == "articles")
    taken, printed = await visit.rows("SELECT * FROM articles ORDER BY id")
    data = await linked_data.thing(visit, kind, taken, PAGE)
    assert data is not None
    assert (data["isBasedOn"], data["mainEntityOfPage"]) == (address, address)
    # Of one whose original is nowhere on the web, ours is the page.
    data = await linked_data.thing(visit, kind, printed, PAGE)
    assert data is not None
    assert "isBasedOn" not in data
    assert data["mainEntityOfPage"] == PAGE


IRIS = st.sampled_from(
    [f"{BASE}id/x/{n}" for n in range(5)] + [f"{WIKIDATA}Q{n}" for n in range(3)]
)
TERMS = st.sampled_from(
    [iri(f"schema:{name}")[1:-1] for name in ("name", "about", "a:b", "@id", "")]
    + ["https://example.org/ns#a", iri("rdf:type")[1:-1]]
)
#: Indonesian has the tag that JSON-LD has for IRIs.
KINDS = st.sampled_from(
    [
        None,
        ("@language", "id"),
        ("@language", "en-gb"),
        ("@type", iri("xsd:date")[1:-1]),
        ("@type", iri("xsd:double")[1:-1]),
    ]
)
OBJECTS = st.builds(Object, IRIS, st.just(IRI)) | st.builds(Object, st.text(max_size=5), KINDS)


@settings(max_examples=200)
@given(st.dictionaries(IRIS, st.dictionaries(TERMS, st.lists(OBJECTS, min_size=1, max_size=3))))
def test_any_triples_are_read_as_they_were(triples: dict[str, dict[str, list[Object]]]) -> None:
    type_ = iri("rdf:type")[1:-1]
    for properties in triples.values():
        if type_ in properties:
            properties[type_] = [each for each in properties[type_] if each.kind == IRI]
    for thing in triples:
        data = Compact(triples, frozenset(name for of in triples.values() for name in of))
        read = triples_of(json.loads(script(data.object_(thing))))
        expected = {
            (f"<{subject}>", f"<{name}>", term(each))
            for subject in reached(thing, triples)
            for name, objects in triples[subject].items()
            for each in objects
        }
        assert read == expected


def reached(thing: str, triples: dict[str, dict[str, list[Object]]]) -> Iterator[str]:
    """The things that are found inside a thing, and itself."""
    seen, left = {thing}, [thing]
    while left:
        subject = left.pop()
        yield subject
        for name, objects in triples[subject].items():
            inner = [] if name == iri("rdf:type")[1:-1] else objects
            for each in inner:
                if each.kind == IRI and each.text in triples and each.text not in seen:
                    seen.add(each.text)
                    left.append(each.text)


def term(object_: Object) -> str:
    if object_.kind == IRI:
        return f"<{object_.text}>"
    quoted = json.dumps(object_.text, ensure_ascii=False)
    if object_.kind is None:
        return quoted
    kind, of = object_.kind
    return f"{quoted}@{of}" if kind == "@language" else f"{quoted}^^<{of}>"
