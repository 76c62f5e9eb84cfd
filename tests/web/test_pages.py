"""The pages: a visitor's way by links alone, whatever the articles hold and whatever is asked for."""

from __future__ import annotations

import gc
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.web.parts.sentence_around import WINDOW, sentence_around
from datasette_newsgraph.web.rendering import safe_url
from tests.rdf import hostile

Serve = Callable[..., Any]
Parse = Callable[[str], Any]

HOME = "/examples/-/newsgraph"


def rows(path: Path, sql: str, *parameters: Any) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, parameters).fetchall()


def key_of(path: Path, name: str) -> str:
    return str(rows(path, "SELECT key FROM entities WHERE name = ?", name)[0][0])


@pytest.fixture
def read(serve: Serve, example_db: Path, page: Parse) -> Callable[[str], Any]:
    """``await read("/examples")``: the page at an address, which must be there."""

    async def read_page(path: str) -> Any:
        response = await serve(example_db).client.get(path.partition("#")[0])
        assert response.status_code == 200, path
        return page(response.text)

    return read_page


# --- A visitor's way -------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_from_the_front_page_to_the_sentence_by_links_alone(
    read: Callable[[str], Any],
) -> None:
    front = await read("/")
    graphs = await read(front.link("News graphs"))
    assert graphs.link("examples") == HOME
    database = await read(front.link("examples"))
    overview = await read(database.href(HOME))
    entity = await read(overview.link("Paris"))
    assert entity.all("h1")[-1].text == "Paris"
    mention = next(each for each in entity.all("a") if "?at=" in each.attributes["href"])
    article = await read(mention.attributes["href"])
    marked = article.all("mark")
    assert [each.text for each in marked] == [mention.text]
    fragment = mention.attributes["href"].partition("#")[2]
    assert marked[0].attributes["id"] == fragment
    relation = await read(article.href("/relation/"))
    evidence = next(each for each in relation.all("a") if "?at=" in each.attributes["href"])
    source = await read(evidence.attributes["href"])
    words = "".join(each.text for each in source.all("mark"))
    assert words == evidence.text.replace("\n", "")
    assert source.link("News graph") == HOME


@pytest.mark.asyncio
async def test_the_overview_counts_what_there_is(
    read: Callable[[str], Any], example_db: Path
) -> None:
    overview = await read(HOME)
    for table in ("articles", "entities", "mentions", "relations", "quotes"):
        count = rows(example_db, f"SELECT count(*) FROM {table}")[0][0]
        listed = await read(overview.link(f"{count:,} {table}"))
        assert listed.all("table")
    titles = [row[0] for row in rows(example_db, "SELECT title FROM articles")]
    assert {each.text for each in overview.all("a")} >= set(titles)
    (form,) = overview.all("form", method="get")
    hits = await read(f"{form.attributes['action']}?q=Paris")
    assert hits.link("Paris").startswith(f"{HOME}/entity/")
    for format_ in FORMATS:
        assert overview.link(format_.title) == f"{HOME}{format_.ending}"


@pytest.mark.asyncio
async def test_an_entity_with_all_that_is_known_of_it(
    read: Callable[[str], Any], example_db: Path
) -> None:
    key = key_of(example_db, "Paris Agreement")
    entity = await read(f"{HOME}/entity/{key}")
    text = " ".join(each.text for each in entity.all("main", class_="newsgraph"))
    for expected in ("Accord de Paris", "巴黎协定", "international treaty on climate change", key):
        assert expected in text
    assert entity.link("http://www.wikidata.org/entity/Q21707860").startswith("http://www.wiki")
    assert (
        "noopener"
        in entity.all("a", href="https://en.wikipedia.org/wiki/Paris_Agreement")[0].attributes[
            "rel"
        ]
    )
    for table, links in (("relations", {each.attributes["href"] for each in entity.all("a")}),):
        keys = rows(
            example_db,
            f"SELECT relations.key FROM {table} JOIN entities ON entities.id IN"
            " (subject_id, object_id) WHERE entities.key = ?",
            key,
        )
        assert keys
        assert {f"{HOME}/relation/{each}" for (each,) in keys} <= links
    spans = rows(
        example_db,
        "SELECT articles.key, start_char, end_char, surface, text FROM mentions"
        " JOIN entities ON entities.id = entity_id JOIN articles ON articles.id = article_id"
        " JOIN article_texts USING (article_id) WHERE entities.key = ?",
        key,
    )
    quoted = {each.text for each in entity.all("span", class_="line")}
    for article, start, end, surface, whole in spans:
        link = f"{HOME}/article/{article}?at={start},{end}#char={start},{end}"
        assert entity.all("a", href=link)[0].text == surface
        line = " ".join(whole.split())
        assert any(surface in each and each.strip("… ") in line for each in quoted)


@pytest.mark.asyncio
async def test_an_article_with_its_text_entities_statements_and_quotes(
    read: Callable[[str], Any], example_db: Path
) -> None:
    for key, title, text in rows(
        example_db,
        "SELECT key, articles.title, text FROM articles JOIN article_texts ON article_id = id",
    ):
        article = await read(f"{HOME}/article/{key}")
        assert article.all("h1")[-1].text == title
        shown = "\n".join(each.text for each in article.all("p", dir="auto"))
        assert shown == "\n".join(line for line in text.split("\n") if line.strip())
        assert not article.all("mark")
        headings = [each.text for each in article.all("h2")]
        assert headings[:4] == ["Text", "Entities", "What it states", "Quotes"]
        linked = {each.attributes["href"] for each in article.all("a")}
        entities = rows(
            example_db,
            "SELECT entities.key FROM appearances JOIN entities ON entities.id = entity_id"
            " JOIN articles ON articles.id = article_id WHERE articles.key = ?",
            key,
        )
        assert {f"{HOME}/entity/{each}" for (each,) in entities} <= linked


@pytest.mark.asyncio
async def test_mentions_on_several_pages(
    serve: Serve, tmp_path: Path, page: Parse, article: dict[str, Any]
) -> None:
    text = "Kabul. " * 70
    mentions = [{"start": 7 * n, "end": 7 * n + 5, "text": "Kabul"} for n in range(70)]
    entity = {"id": "e", "type": "Place", "name": "Kabul", "mentions": mentions}
    path = tmp_path / "many.db"
    load(path, [{"id": "a", "text": text, "entities": [entity]}])
    client = serve(path).client
    address = f"/many/-/newsgraph/entity/{key_of(path, 'Kabul')}"
    seen: list[str] = []
    query = ""
    for _ in range(5):
        html = page((await client.get(f"{address}{query}")).text)
        found = [
            each.attributes["href"] for each in html.all("a") if "?at=" in each.attributes["href"]
        ]
        assert 0 < len(found) < 70
        seen += found
        more = html.all("a", rel="next")
        if not more:
            break
        query = more[0].attributes["href"]
    assert len(seen) == len(set(seen)) == 70


@pytest.mark.parametrize("number", ["-1", "x", "1e3", "٣", "9" * 30, "1;2", "0x1", "1&evidence=2"])
@pytest.mark.asyncio
async def test_a_page_of_evidence_that_is_no_number_is_refused(
    serve: Serve, example_db: Path, number: str
) -> None:
    ((key,),) = rows(example_db, "SELECT key FROM relations LIMIT 1")
    address = f"{HOME}/relation/{key}?evidence={quote(number, safe='&=')}"
    response = await serve(example_db).client.get(address)
    assert response.status_code == 400
    assert "evidence " in error_of(response)


@pytest.mark.parametrize("number", ["", "0", "99999999"])
@pytest.mark.asyncio
async def test_a_page_of_evidence_behind_the_last_is_empty(
    read: Callable[[str], Any], example_db: Path, number: str
) -> None:
    ((key,),) = rows(example_db, "SELECT key FROM relations LIMIT 1")
    html = await read(f"{HOME}/relation/{key}?evidence={number}")
    assert bool(html.all("ul", class_="evidence")) == (number != "99999999")


@pytest.mark.asyncio
async def test_every_link_of_ours_leads_somewhere(
    serve: Serve, example_db: Path, page: Parse
) -> None:
    client = serve(example_db).client
    waiting = ["/-/newsgraph", HOME, *(f"/examples/{view}?_size=5" for view in VIEWS)]
    seen: set[str] = set()
    endings = tuple(each.ending for each in FORMATS)
    while waiting and len(seen) < 160:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        response = await client.get(path)
        assert response.status_code < 400, path
        if "html" in response.headers["content-type"] and "/-/newsgraph" in path:
            links = [each.attributes.get("href", "") for each in page(response.text).all("a")]
            links = [each.partition("#")[0] for each in links if each.startswith("/")]
            # Of each kind a few; the endings are tested elsewhere.
            links = [each for each in links if not each.endswith(endings)]
            kinds: dict[str, int] = {}
            for each in links:
                kind = re.sub(r"[^/?]*$", "", each)
                kinds[kind] = kinds.get(kind, 0) + 1
                if kinds[kind] < 8:
                    waiting.append(each)
    assert len([path for path in seen if "/entity/" in path]) > 20
    assert len([path for path in seen if "?at=" in path]) > 20


# --- What articles hold ----------------------------------------------------------------------

URLS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//evil.example/",
    "http://ok.example/\" onmouseover=alert(1) x='",
    "https://ok.example/\x00",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("address", URLS)
def test_only_plain_web_addresses_are_linked(address: str) -> None:
    assert safe_url(address) is None


@given(st.text())
def test_what_is_linked_is_a_web_address(text: str) -> None:
    found = safe_url(text) or safe_url(f"https://{text}")
    assert found is None or re.fullmatch(r"(?i)https?://[^\x00- ]*", found)


@pytest.fixture(scope="module")
def hostile_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every string, and every address, that may break a page, wherever a record takes one."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    strings = [*hostile.STRINGS.values(), *URLS, "<img src=x onerror=alert(1)>", "{{ 7*7 }}"]
    records = [hostile.record_of(number, text) for number, text in enumerate(strings)]
    for record, address in zip(records, [*hostile.IRIS, *URLS], strict=False):
        record["entities"][0]["same_as"] = [address, *URLS]
        record["authors"] = record["sections"] = [address, "<script>alert(1)</script>"]
    load(path, records)
    return path


_SCHEMES = ("", "http", "https")


def check_harmless(html: Any, path: str) -> None:
    """Fail if anything in a page would be run, or leads to what would."""
    for each in html.elements:
        assert each.tag not in ("iframe", "object", "embed", "base", "math"), (path, each)
        assert not [name for name in each.attributes if name.startswith("on")], (path, each)
        assert not [name for name in each.attributes if re.search(r"[^a-z0-9:_.-]", name, re.I)]
        for name in ("href", "src", "action", "formaction", "xlink:href", "data"):
            address = each.attributes.get(name, "")
            assert urlsplit(address.strip()).scheme in _SCHEMES, (path, each)
            assert not address.startswith(("//", "/\\")), (path, each)
        if each.tag == "img":
            raise AssertionError((path, each))
        if each.tag == "script" and each.attributes.get("type") == "application/ld+json":
            assert not set("<>&") & set(each.text), path
            json.loads(each.text)
        elif each.tag == "script":
            assert "alert(1)" not in each.text, path
            assert "src" not in each.attributes or each.attributes["src"].startswith("/-/static")


@pytest.mark.parametrize("kind", ["article", "entity", "relation"])
@pytest.mark.asyncio
async def test_nothing_that_an_article_holds_is_run(
    serve: Serve, hostile_db: Path, page: Parse, kind: str
) -> None:
    client = serve(hostile_db).client
    tables = {"article": "articles", "entity": "entities", "relation": "relations"}
    for (key,) in rows(hostile_db, f"SELECT key FROM {tables[kind]}"):
        path = f"/hostile/-/newsgraph/{kind}/{key}"
        response = await client.get(path)
        assert response.status_code == 200, path
        check_harmless(page(response.text), path)
        assert "49" not in re.findall(r"<h1.*?</h1>", response.text, re.S)[0]


@pytest.mark.parametrize("place", ["-/newsgraph", *VIEWS, "articles", "entities", "relations"])
@pytest.mark.asyncio
async def test_nothing_in_lists_is_run(
    serve: Serve, hostile_db: Path, page: Parse, place: str
) -> None:
    response = await serve(hostile_db).client.get(f"/hostile/{place}?_size=200")
    assert response.status_code == 200
    html = page(response.text)
    for each in html.all("a"):
        # Datasette links what looks like an address; it leads to the web, too.
        assert urlsplit(each.attributes.get("href", "").strip()).scheme in _SCHEMES
    assert not [each for each in html.all("script") if each.text.startswith("alert")]
    assert not [each for each in html.all("img") if each.attributes.get("src") == "x"]


@pytest.mark.asyncio
async def test_names_come_out_to_the_letter(serve: Serve, hostile_db: Path, page: Parse) -> None:
    client = serve(hostile_db).client
    for key, name in rows(hostile_db, "SELECT key, name FROM entities"):
        html = page((await client.get(f"/hostile/-/newsgraph/entity/{key}")).text)
        shown = html.all("h1")[-1].text
        # No page can hold some control characters, and a carriage return becomes a line end.
        assert shown == unescape(name.replace("\r", "\n")) or shown == name
        assert html.all("bdi")


# --- Text and sentences ----------------------------------------------------------------------

_NUMBERS = st.integers(-5, 60) | st.integers(0, 10**9)
_TEXTS = st.text("ab \n\r\t.!?\u2028é\U0001f600", max_size=50) | st.text(max_size=50)


@given(_TEXTS | st.text("ab. \n", max_size=1500), _NUMBERS, _NUMBERS)
def test_a_sentence_has_its_words_whatever_the_span(part: str, start: int, end: int) -> None:
    start = max(0, start)
    end = max(start, end)
    found = sentence_around(part[:start], part[start:end], part[end:])
    assert found.words == part[start:end]
    assert found.before.removeprefix("… ") in part
    assert found.after.removesuffix(" …") in part


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two *three* four. Five.", ("Two ", "three", " four.")),
        ("Dr. Who met *J. Doe* in the U.S. capital. Then", ("Dr. Who met ", "J. Doe", None)),
        ("他说。*北京*很大。再见。", ("", "北京", "很大。")),
        ("Title\n\n*Kabul* fell.", ("", "Kabul", " fell.")),
        ("*All*", ("", "All", "")),
    ],
)
def test_a_sentence(text: str, expected: tuple[str, str, str | None]) -> None:
    start = text.index("*")
    end = text.index("*", start + 1) - 1
    text = text.replace("*", "")
    found = sentence_around(text[:start], text[start:end], text[end:])
    assert found[:2] == expected[:2]
    assert expected[2] is None or found.after == expected[2]


def test_a_sentence_that_is_too_long_is_cut_at_a_word() -> None:
    part = "word " * 200
    found = sentence_around(part[:WINDOW], "word", part[WINDOW + 4 :])
    assert found.before.startswith("… word ")
    assert found.after.endswith(" word …")
    assert len(found.before) < 260 > len(found.after)


def test_a_sentence_is_found_in_no_time_however_long_the_span() -> None:
    """It is looked for in front of a span and behind it, not in it."""
    words = "A. " * 1_000_000
    assert sentence_around("So. ", words, " End. Then").after == " End."


@pytest.mark.parametrize(
    "span",
    ["1", "a,b", "-1,5", "5,1", "1,2,3", "1.5,2", "5,%00", "<b>,</b>", "٣,٤", "9" * 50 + ",1"],
)
@pytest.mark.asyncio
async def test_a_span_that_is_none_is_refused(serve: Serve, example_db: Path, span: str) -> None:
    ((key,),) = rows(example_db, "SELECT key FROM articles LIMIT 1")
    response = await serve(example_db).client.get(f"{HOME}/article/{key}?at={quote(span, '%,')}")
    assert response.status_code == 400
    assert "at has to be two whole numbers" in error_of(response)


@pytest.mark.parametrize("span", ["", "0,0", "999999999,999999999", "0,999999999"])
@pytest.mark.asyncio
async def test_a_span_marks_nothing_that_is_not_there(
    read: Callable[[str], Any], example_db: Path, span: str
) -> None:
    key, text = rows(
        example_db, "SELECT key, text FROM articles JOIN article_texts ON article_id = id LIMIT 1"
    )[0]
    article = await read(f"{HOME}/article/{key}?at={span}")
    marked = "".join(each.text for each in article.all("mark"))
    assert marked == (text.replace("\n", "") if span == "0,999999999" else "")
    assert "\n".join(each.text for each in article.all("p", dir="auto")) == "\n".join(
        line for line in text.split("\n") if line.strip()
    )


# --- What is asked for -----------------------------------------------------------------------

BAD = {
    "/nothing/-/newsgraph": 404,
    "/nothing/-/newsgraph.ttl": 404,
    "/nothing/-/newsgraph/ns": 404,
    "/~00/-/newsgraph": 404,
    "/~FF~FE/-/newsgraph": 404,
    f"{HOME}.xml": 404,
    f"{HOME}/person/x": 404,
    f"{HOME}/entity": 404,
    f"{HOME}/entity/": 404,
    f"{HOME}/entity/nobody": 404,
    f"{HOME}/entity/nobody.ttl": 404,
    f"{HOME}/entity/.ttl": 404,
    f"{HOME}/entity/..ttl": 404,
    f"{HOME}/entity/q90-7vjtwgbjzcbb3.json": 404,
    f"{HOME}/entity/Q90-7vjtwgbjzcbb3": 404,
    f"{HOME}/entity/%00": 404,
    f"{HOME}/entity/%FF": 404,
    f"{HOME}/entity/~": 404,
    f"{HOME}/entity/~ZZ": 404,
    f"{HOME}/entity/~D8~00": 404,
    f"{HOME}/entity/'; DROP TABLE entities": 404,
    f"{HOME}/entity/{'x' * 30_000}": 404,
    f"{HOME}/article/nobody": 404,
    f"{HOME}/relation/nobody.jsonld": 404,
    f"{HOME}/id": 404,
    f"{HOME}/id/": 404,
    f"{HOME}/id/entity": 404,
    f"{HOME}/id/entity/": 404,
    "/examples/entity_index?_facet_counted=nobody": 400,
    "/examples/articles?_facet_counted=publisher": 400,
    '/examples/entity_index?_facet_counted={"simple": "nobody"}': 400,
    '/examples/entity_index?_facet_counted={"column": ["type"]}': 400,
    '/examples/entity_index?_facet_counted={"nothing": 1}': 400,
    "/examples/mention_index.ttl?_nocol=id": 400,
    "/examples/entities.ttl?_size=lots": 400,
    "/examples/nothing.ttl": 404,
    "/examples/mentions/x.ttl": 404,
}


@pytest.mark.parametrize(("path", "status"), BAD.items(), ids=lambda each: str(each)[:70])
@pytest.mark.asyncio
# Where a facet is refused, Datasette forgets what it was to do about the others.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
async def test_what_is_wrong_is_said(
    serve: Serve, example_db: Path, path: str, status: int
) -> None:
    path = quote(path, safe="/%?=&~")
    # Datasette redirects from an address with a slash at its end to the one without.
    response = await serve(example_db).client.get(path, follow_redirects=True)
    assert response.status_code == status, error_of(response)
    assert "Traceback" not in response.text
    gc.collect()


def error_of(response: Any) -> str:
    """What a page says that went wrong."""
    found = re.search(r'<p class="panel"><bdi>(.*?)</bdi>', response.text, re.S)
    return found[1] if found else response.text[:300]


#: Datasette answers some of these itself, each line in its way.
ODD = [
    "/_internal/-/newsgraph",
    "/examples/-/newsgraphs",
    f"{HOME}/",
    f"{HOME}.",
    f"{HOME}.ttl.gz",
    f"{HOME}?_search=<script>&x[]=1&_trace=1",
    f"{HOME}/ns?at=1,2",
    f"{HOME}.nt?_size=1&sql=select",
    "/-/newsgraph?x=%FF",
    "/examples/article_index?_entity=",
    "/examples/article_index?_entity=%00&_entity='&_entity=%FF",
    "/examples/article_index?" + "&".join(f"_entity=e{number}" for number in range(40)),
    "/examples/entity_index?_entity=q90-7vjtwgbjzcbb3",
    "/examples/entities?_entity=x",
    "/examples/entity_index?_search=" + quote('" OR (* NEAR'),
    "/examples/quote_index?_search=*&_searchmode=raw",
    "/examples/mention_index?_search=Paris",
    "/examples/mentions.ttl?_shape=objects&_labels=off&_col=key",
    "/examples/mention_index.nt?_where=1=1",
]


@pytest.mark.parametrize("path", ODD)
@pytest.mark.asyncio
async def test_odd_questions_are_no_accidents(serve: Serve, example_db: Path, path: str) -> None:
    response = await serve(example_db).client.get(path, follow_redirects=True)
    assert response.status_code < 500, error_of(response)
    assert "<script>&x" not in response.text


@pytest.mark.asyncio
async def test_a_table_of_somebody_elses_keeps_its_own_page(
    serve: Serve, tmp_path: Path, example_db: Path
) -> None:
    path = tmp_path / "own.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entities (key TEXT, name TEXT, type TEXT)")
        connection.execute("INSERT INTO entities VALUES ('a', 'Ana', '[\"x\"]')")
        connection.execute("CREATE VIEW article_index AS SELECT key, name AS title FROM entities")
        connection.commit()
    # Beside a graph, and on a server of its own.
    beside = serve(Path(shutil.copy(example_db, tmp_path / "graph.db")), path)
    alone = serve(path)
    for datasette in (beside, alone):
        for place in ("/own/entities", "/own/article_index"):
            response = await datasette.client.get(place)
            assert response.status_code == 200
            assert "/own/-/newsgraph" not in response.text
            assert "newsgraph.css" not in response.text
            assert "Browse" not in response.text
        assert (await datasette.client.get("/own/entities.ttl")).status_code == 404
