"""schema.org in JSON-LD within our pages: what they show, as search engines read it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.vocabulary import PREFIXES
from datasette_newsgraph.web.frame.linked_data import script
from tests.permissions.marked_news import IS_1_0
from tests.rdf import hostile

Serve = Callable[..., Any]
Parse = Callable[[str], Any]
Record = dict[str, Any]

BASE = "https://news.example/gazette/-/newsgraph/"
SCHEMA = PREFIXES["schema"]
HOME = "/gazette/-/newsgraph"


@pytest.fixture
def gazette(tmp_path: Path, article: Record) -> Path:
    """A graph that is published at ``BASE``."""
    path = tmp_path / "gazette.db"
    load(path, [article], base_iri=BASE)
    return path


def key_of(path: Path, table: str, condition: str = "1") -> str:
    with closing(sqlite3.connect(path)) as connection:
        (key,) = connection.execute(f"SELECT key FROM {table} WHERE {condition}").fetchone()
    return str(key)


def parsed(html: Any) -> Any:
    """The JSON-LD of a page."""
    (found,) = html.all("script", type="application/ld+json")
    return json.loads(found.text)


def expanded(data: Any) -> Any:
    """Its single node as a processor of JSON-LD reads it, which asks nobody for the context."""

    def load_document(url: str, _: Any) -> Record:
        raise AssertionError(f"{url} would be fetched")

    options = {"documentLoader": load_document, "base": "https://news.example/page"}
    (node,) = jsonld.expand(data, options)
    return node


def values(node: Any, name: str) -> list[Any]:
    """The values of a property of schema.org."""
    return [each.get("@value", each.get("@id")) for each in node.get(f"{SCHEMA}{name}", [])]


async def read(serve: Serve, page: Parse, path: Path, address: str, **options: Any) -> Any:
    response = await serve(path, **options).client.get(address)
    assert response.status_code == 200
    return expanded(parsed(page(response.text)))


@pytest.mark.asyncio
async def test_an_article(serve: Serve, gazette: Path, page: Parse, article: Record) -> None:
    key = key_of(gazette, "articles")
    node = await read(serve, page, gazette, f"{HOME}/article/{key}")
    assert node["@id"] == f"{BASE}id/article/{key}"
    assert node["@type"] == [f"{SCHEMA}NewsArticle"]
    expected = {
        "headline": "title",
        "datePublished": "published",
        "inLanguage": "language",
        "url": "url",
        "license": "licence",
    }
    for name, field in expected.items():
        assert values(node, name) == [article[field]]
    for name, class_, named in (
        ("publisher", "NewsMediaOrganization", [article["publisher"]]),
        ("author", "Person", article["authors"]),
    ):
        found = node[f"{SCHEMA}{name}"]
        assert [values(each, "name")[0] for each in found] == named
        assert all(each["@type"] == [f"{SCHEMA}{class_}"] for each in found)
        assert all(each["@id"].startswith(f"{BASE}id/{name}/") for each in found)
    assert values(node, "articleSection") == article["sections"]
    mentioned = {values(each, "name")[0]: each for each in node[f"{SCHEMA}mentions"]}
    kabul = mentioned["Kabul"]
    assert kabul["@type"] == [f"{SCHEMA}Place"]
    number = key_of(gazette, "entities", "name = 'Kabul'")
    assert kabul["@id"] == f"{BASE}id/entity/{number}"
    # A type without a published class is a thing.
    assert mentioned["Friday"]["@type"] == [f"{SCHEMA}Thing"]


@pytest.mark.asyncio
async def test_an_entity(serve: Serve, gazette: Path, page: Parse) -> None:
    key = key_of(gazette, "entities", "name = 'Hibatullah Akhundzada'")
    node = await read(serve, page, gazette, f"{HOME}/entity/{key}")
    assert node["@id"] == f"{BASE}id/entity/{key}"
    assert node["@type"] == [f"{SCHEMA}Person"]
    assert values(node, "name") == ["Hibatullah Akhundzada"]
    assert "Akhundzada" in values(node, "alternateName")
    assert values(node, "description") == ["leader of the Taliban"]
    assert values(node, "sameAs") == ["http://www.wikidata.org/entity/Q5750959"]
    place = key_of(gazette, "entities", "name = 'Kabul'")
    node = await read(serve, page, gazette, f"{HOME}/entity/{place}")
    assert values(node, "latitude") == ["34.5"]
    assert values(node, "longitude") == ["69.25"]


@pytest.mark.asyncio
async def test_a_relation(serve: Serve, gazette: Path, page: Parse) -> None:
    key = key_of(gazette, "relations", "object_id IS NOT NULL")
    node = await read(serve, page, gazette, f"{HOME}/relation/{key}")
    assert node["@id"] == f"{BASE}id/relation/{key}"
    assert node["@type"] == [f"{SCHEMA}Claim"]
    assert values(node, "name") == ["Hibatullah Akhundzada leader of Taliban"]
    names = {values(each, "name")[0] for each in node[f"{SCHEMA}about"]}
    assert names == {"Hibatullah Akhundzada", "Taliban"}
    (appearance,) = node[f"{SCHEMA}appearance"]
    assert appearance["@id"] == f"{BASE}id/article/{key_of(gazette, 'articles')}"
    assert values(appearance, "headline") == ["Kabul falls"]
    value = key_of(gazette, "relations", "object_id IS NULL")
    node = await read(serve, page, gazette, f"{HOME}/relation/{value}")
    assert values(node, "name") == ["Taliban won on 2021-08-15"]


@pytest.mark.asyncio
async def test_the_whole_graph(serve: Serve, gazette: Path, page: Parse) -> None:
    node = await read(serve, page, gazette, HOME)
    assert node["@id"] == BASE
    assert node["@type"] == [f"{SCHEMA}Dataset"]
    assert values(node, "name") == ["News graph gazette"]
    assert values(node, "url") == [BASE.rstrip("/")]
    assert values(node, "temporalCoverage") == ["2021-08-15"]
    assert values(node, "description") == [
        "News graph gazette: 1 article of 2021-08-15, with 5 entities, 2 relations and 1 quote found in"
        " them, as a knowledge graph."
    ]
    # Nobody has said who made it; what it is made of is somebody else's.
    assert not {f"{SCHEMA}creator", f"{SCHEMA}license"} & node.keys()
    (source,) = node[f"{SCHEMA}isBasedOn"]
    assert values(source, "name") == ["Articles of Example Gazette"]
    (publisher,) = source[f"{SCHEMA}publisher"]
    assert publisher["@type"] == [f"{SCHEMA}NewsMediaOrganization"]
    assert publisher["@id"].startswith(f"{BASE}id/publisher/example-gazette-")
    downloads = {
        values(each, "encodingFormat")[0]: values(each, "contentUrl")[0]
        for each in node[f"{SCHEMA}distribution"]
    }
    assert downloads == {each.media_type: f"{BASE.rstrip('/')}{each.ending}" for each in FORMATS}


@pytest.mark.asyncio
async def test_the_whole_graph_as_its_metadata_describes_it(
    serve: Serve, gazette: Path, page: Parse
) -> None:
    about = {"title": "The Gazette in a graph", "description": "All that the Gazette wrote."}
    about |= {"source": "Ana Lee", "source_url": "https://ana.example/"}
    about |= {"license": "CC BY 4.0", "license_url": "https://licences.example/by"}
    node = await read(serve, page, gazette, HOME, metadata={"databases": {"gazette": about}})
    assert values(node, "name") == [about["title"]]
    assert values(node, "description") == [about["description"]]
    (creator,) = node[f"{SCHEMA}creator"]
    assert creator["@type"] == [f"{SCHEMA}Organization"]
    assert values(creator, "name") == ["Ana Lee"]
    assert values(creator, "url") == ["https://ana.example/"]
    assert values(node, "license") == ["https://licences.example/by"]
    # What a browser must not open is no address; the licence still has its name.
    about |= {"source_url": "javascript:alert(1)", "license_url": "javascript:alert(1)"}
    node = await read(serve, page, gazette, HOME, metadata={"databases": {"gazette": about}})
    assert "javascript" not in json.dumps(node)
    (licence,) = node[f"{SCHEMA}license"]
    assert values(licence, "name") == ["CC BY 4.0"]


@pytest.mark.asyncio
async def test_canonical_addresses_of_a_published_graph(
    serve: Serve, gazette: Path, page: Parse
) -> None:
    html = page((await serve(gazette).client.get(HOME)).text)
    (link,) = html.all("link", rel="canonical")
    assert link.attributes["href"] == BASE.rstrip("/")


@pytest.mark.asyncio
async def test_terms_of_the_users(serve: Serve, gazette: Path, page: Parse) -> None:
    with closing(sqlite3.connect(gazette)) as connection:
        connection.executemany(
            "INSERT INTO vocabulary (kind, label, iri) VALUES (?, ?, ?)",
            [
                ("type", "person", "http://x.example/P"),
                ("type", "organization", f"{SCHEMA}PoliticalParty"),
                ("predicate", "leader of", f"{SCHEMA}worksFor"),
            ],
        )
        connection.commit()
    key = key_of(gazette, "entities", "name = 'Hibatullah Akhundzada'")
    node = await read(serve, page, gazette, f"{HOME}/entity/{key}")
    # Of the vocabularies that may be chosen, a page speaks schema.org.
    assert node["@type"] == [f"{SCHEMA}Thing"]
    (party,) = node[f"{SCHEMA}worksFor"]
    assert party["@type"] == [f"{SCHEMA}Thing", f"{SCHEMA}PoliticalParty"]
    assert values(party, "name") == ["Taliban"]
    # One written by hand that is none breaks no page.
    with closing(sqlite3.connect(gazette)) as connection:
        connection.execute("UPDATE vocabulary SET iri = 'no iri'")
        connection.commit()
    response = await serve(gazette).client.get(f"{HOME}/entity/{key}")
    assert response.status_code == 200
    assert not page(response.text).all("script", type="application/ld+json")


@pytest.mark.asyncio
async def test_what_is_hidden_is_not_there(serve: Serve, gazette: Path, page: Parse) -> None:
    settings = {"databases": {"gazette": {"tables": {"articles": {"allow": False}}}}}
    options = {"config" if IS_1_0 else "metadata": settings}
    relation = key_of(gazette, "relations", "object_id IS NOT NULL")
    node = await read(serve, page, gazette, f"{HOME}/relation/{relation}", **options)
    assert f"{SCHEMA}appearance" not in node
    node = await read(serve, page, gazette, HOME, **options)
    assert not {f"{SCHEMA}temporalCoverage", f"{SCHEMA}isBasedOn"} & node.keys()
    assert "article of" not in values(node, "description")[0]


@pytest.mark.asyncio
async def test_whatever_articles_hold(serve: Serve, tmp_path: Path, page: Parse) -> None:
    path = tmp_path / "gazette.db"
    strings = [*hostile.STRINGS.values(), "</script><script>alert(1)</script>", "<!--<script>"]
    load(path, [hostile.record_of(number, text) for number, text in enumerate(strings)])
    with closing(sqlite3.connect(path)) as connection:
        for kind, table in (("article", "articles"), ("entity", "entities")):
            for (key,) in connection.execute(f"SELECT key FROM {table}").fetchall():
                html = page((await serve(path).client.get(f"{HOME}/{kind}/{key}")).text)
                data = parsed(html)
                node = expanded(data)
                assert node["@id"].endswith(f"/id/{kind}/{key}")
                for address in (*values(node, "url"), *values(node, "sameAs")):
                    assert address.lower().startswith(("http://", "https://")) or ":" not in address


@given(st.text() | st.text("<>&/!-script\u2028\u2029\"'\\ \n"))
def test_a_script_holds_any_text(text: str) -> None:
    written = script({text: [text]})
    assert json.loads(written) == {text: [text]}
    assert not set("<>&\u2028\u2029") & set(written)
