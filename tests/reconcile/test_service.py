"""The reconciliation service: its manifests, what it finds for names, suggestions and previews.

What is asked and answered is checked against the sections of the specification that say so, version
0.2 and the draft of 1.0 (https://reconciliation-api.github.io/specs/).
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.log import decide
from datasette_newsgraph.identity import entity_key
from datasette_newsgraph.loading.carrying_out import carry_out
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.store import open_store
from datasette_newsgraph.web.reconcile import service
from tests.permissions.marked_news import DATABASE
from tests.permissions.visitors import private, serving
from tests.reconcile.conftest import SERVICE, Ask, articles_of

pytestmark = pytest.mark.asyncio

Serve = Callable[..., Any]
HOME = f"http://localhost/{DATABASE}/-/newsgraph"


# Section "Service Manifest" -----------------------------------------------------------------------


async def test_the_manifest_of_0_2(serve: Serve, names_db: Path) -> None:
    answer = await serve(names_db).client.get(SERVICE)
    told = answer.json()
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert told["versions"] == ["0.2"]
    assert told["identifierSpace"] == "https://news.example.org/graph/id/entity/"
    assert told["schemaSpace"] == "https://news.example.org/graph/ns#"
    assert told["view"] == {"url": f"{HOME}/entity/{{{{id}}}}"}
    assert told["preview"]["url"] == f"{HOME}/reconcile/preview?id={{{{id}}}}"
    assert {type(told["preview"][each]) for each in ("width", "height")} == {int}
    services = {name: "".join(each.values()) for name, each in told["suggest"].items()}
    assert services == {each: f"{HOME}/reconcile/suggest/{each}" for each in ("entity", "type")}
    assert told["defaultTypes"][0] == {"id": "Event", "name": "Event"}
    assert told["batchSize"] == 50


async def test_the_manifest_of_the_draft(serve: Serve, names_db: Path) -> None:
    told = (await serve(names_db).client.get(f"{SERVICE}/draft")).json()
    assert told["versions"] == ["1.0-draft"]
    # A URI template (RFC 6570) with the one variable id.
    assert told["view"] == {"url": f"{HOME}/entity/{{id}}"}
    assert told["suggest"] == {"entity": True, "property": False, "type": True}
    assert told["preview"].keys() == {"width", "height"}
    assert told["standardizedScore"] is True
    assert told.keys() & {"identifierSpace", "schemaSpace"} == set()


async def test_what_the_manifest_leads_to_is_there(serve: Serve, names_db: Path) -> None:
    client = serve(names_db).client
    told = (await client.get(SERVICE)).json()
    (found,) = (await client.get(SERVICE, params={"query": "Łódź"})).json()["result"]
    for address in (told["view"]["url"], told["preview"]["url"], told["documentation"]):
        path = address.replace("{{id}}", found["id"]).removeprefix("http://localhost")
        answer = await client.get(path)
        assert answer.status_code == 200, path
        assert "Łódź" in answer.text
    for each in told["suggest"].values():
        path = (each["service_url"] + each["service_path"]).removeprefix("http://localhost")
        assert (await client.get(f"{path}?prefix=a")).status_code == 200


async def test_addresses_begin_with_the_prefix_of_the_server(serve: Serve, names_db: Path) -> None:
    client = serve(names_db, settings={"base_url": "/data/"}).client
    told = (await client.get(SERVICE)).json()
    assert told["view"]["url"] == f"http://localhost/data/{DATABASE}/-/newsgraph/entity/{{{{id}}}}"
    answer = await client.post(
        SERVICE, data={"query": "Łódź"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.json()["result"][0]["match"] is True


# Sections "Reconciliation Queries" and "Match Service" --------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *("Angela Merkel", "ANGELA  MERKEL", "angela merkel!", "Merkel"),
        *("Łódź", "Lodz", "LODZ", "王毅", "Ministry of Finance"),
        *("USA", "U.S.A.", "u.s.", "US", "us", "U. S.", "u s"),
    ],
)
async def test_a_name_that_one_entity_has_is_a_match(ask: Ask, name: str) -> None:
    first, *others = await ask(name)
    assert (first["score"], first["match"]) == (100.0, True)
    assert not any(each["match"] for each in others)


async def test_a_candidate_tells_what_it_is(ask: Ask) -> None:
    (found,) = await ask("United States")
    assert found.pop("id").startswith("q30-")
    assert found == {
        "name": "United States",
        "description": "the place United States; in 2 articles",
        "type": [{"id": "Place", "name": "Place"}],
        "score": 100.0,
        "match": True,
    }


async def test_a_name_of_several_is_no_match_unless_the_type_tells_them_apart(ask: Ask) -> None:
    found = await ask("Washington")
    assert {each["name"] for each in found} == {"Washington", "George Washington"}
    assert [each["score"] for each in found] == [100.0, 100.0]
    assert not any(each["match"] for each in found)
    for wanted in ("Place", "place", ["Event", "Place"]):
        (place,) = await ask("Washington", type=wanted)
        assert (place["type"][0]["id"], place["match"]) == ("Place", True)
    assert await ask("Washington", type="Vehicle") == []


async def test_initials_are_one_name_however_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / f"{DATABASE}.db"
    load(path, articles_of(*(("Place", name, [], None) for name in ("US", "U.S.", "U.K.", "Usa"))))
    async with serving(path) as server:
        for name, same in (("us", {"US", "U.S."}), ("U S", {"US", "U.S."}), ("UK", {"U.K."})):
            answer = await server.anybody.get(f"{SERVICE}?{urlencode({'query': name})}")
            found = [each for each in answer.json()["result"] if each["score"] == 100]
            assert {each["name"] for each in found} == same
            assert {each["match"] for each in found} == {len(same) == 1}


@pytest.mark.parametrize(
    ("name", "likeliest"),
    [
        ("Merkel, Angela", "Angela Merkel"),
        ("Angela Merkle", "Angela Merkel"),
        ("Angela Dorothea Merkel", "Angela Merkel"),
        ("The Ministry for Finance", "Ministry of Finance"),
        ("Minestry of Finance", "Ministry of Finance"),
        ("Ministry of Fianance", "Ministry of Finance"),
        ("Angelina Merkelova", "Angela Merkel"),
        ("Albania", "Bank of <b>Albania</b> & Sons"),
    ],
)
async def test_a_name_that_nothing_has_has_candidates(ask: Ask, name: str, likeliest: str) -> None:
    first, *others = await ask(name)
    assert first["name"] == likeliest
    assert not any(each["match"] for each in (first, *others))
    scores = [each["score"] for each in (first, *others)]
    assert scores == sorted(scores, reverse=True)
    assert all(50 <= each < 100 for each in scores)


@pytest.mark.parametrize("name", ["", "!!!", "Zyzzyva", "Friday", "Angela " * 200, "\0"])
async def test_some_names_find_nothing(ask: Ask, name: str) -> None:
    assert await ask(name) == []


async def test_limit_keeps_the_likeliest(ask: Ask) -> None:
    every = await ask("Ministry", limit=50)
    assert {each["name"] for each in every} == {"Ministry of Health", "Ministry of Finance"}
    assert await ask("Ministry", limit=1) == every[:1]


async def test_a_key_finds_its_entity(serve: Serve, names_db: Path, ask: Ask) -> None:
    (place,) = await ask("Washington", type="Place")
    assert await ask(place["id"]) == [place]
    # Whatever the type: the key says it.
    assert await ask(place["id"], type="Person") == [place]
    conditions = [{"matchType": "id", "propertyValue": {"id": place["id"], "name": "W."}}]
    answer = await serve(names_db).client.post(
        f"{SERVICE}/draft/match", json={"queries": [{"conditions": conditions}]}
    )
    assert answer.json()["results"][0]["candidates"] == [place]


async def test_a_former_key_finds_what_it_has_become(tmp_path: Path) -> None:
    path = tmp_path / f"{DATABASE}.db"
    load(path, articles_of(*(("Place", name, [], None) for name in ("Burma", "Myanmar"))))
    burma, myanmar = (entity_key("Place", each) for each in ("Burma", "Myanmar"))
    with open_store(path, write=True) as db:
        decide(db, [Decision(verdict="same", left=burma, right=myanmar, keep=myanmar)])
        carry_out(db)
    async with serving(path) as server:
        for asked in (burma, myanmar):
            query = urlencode({"query": asked})
            (found,) = (await server.anybody.get(f"{SERVICE}?{query}")).json()["result"]
            assert (found["id"], found["match"]) == (myanmar, True)
            listed = await server.anybody.get(f"{SERVICE}/suggest/entity?prefix={asked}")
            assert [each["id"] for each in listed.json()["result"]] == [myanmar]
            assert "Myanmar" in (await server.anybody.get(f"{SERVICE}/preview?id={asked}")).text


async def test_results_go_by_the_names_and_the_order_of_queries(
    serve: Serve, names_db: Path
) -> None:
    client = serve(names_db).client
    names = ["Łódź", "nobody", "Merkel"]
    batch = {f"q{place}": {"query": name} for place, name in enumerate(names)}
    by_post = await client.post(SERVICE, data={"queries": json.dumps(batch)})
    by_get = await client.get(SERVICE, params={"queries": json.dumps(batch)})
    assert by_post.json() == by_get.json()
    found = [each["result"] for each in by_post.json().values()]
    assert list(by_post.json()) == ["q0", "q1", "q2"]
    assert [each[0]["name"] if each else None for each in found] == ["Łódź", None, "Angela Merkel"]
    conditions = [[{"matchType": "name", "propertyValue": name}] for name in names]
    queries = [{"conditions": each} for each in conditions]
    draft = await client.post(f"{SERVICE}/draft/match", json={"queries": queries})
    assert [each["candidates"] for each in draft.json()["results"]] == found


async def test_a_single_query_needs_no_batch(serve: Serve, names_db: Path) -> None:
    client = serve(names_db).client
    plain = await client.get(SERVICE, params={"query": "Lodz"})
    assert plain.json()["result"][0]["match"] is True
    asked = json.dumps({"query": "Washington", "type": "Place"})
    for answer in (
        await client.get(SERVICE, params={"query": asked}),
        await client.post(SERVICE, data={"query": asked}),
    ):
        assert [each["match"] for each in answer.json()["result"]] == [True]


async def test_what_the_draft_says_of_conditions(serve: Serve, names_db: Path) -> None:
    client = serve(names_db).client

    async def asked(**condition: Any) -> Any:
        query = {"conditions": [{"matchType": "name", **condition}], "lang": "en", "limit": 5}
        answer = await client.post(f"{SERVICE}/match", json={"queries": [query]})
        if answer.status_code != 200:
            return answer.json()["error"]
        return [each["name"] for each in answer.json()["results"][0]["candidates"]]

    both = await asked(propertyValue=["Lodzz", "Łódź"], matchQualifier="any")
    assert both == ["Łódź"]
    assert await asked(propertyValue="Łódź", matchQuantifier="all") == ["Łódź"]
    assert "matchQuantifier" in await asked(propertyValue=["a", "b"], matchQuantifier="all")
    assert "matchQuantifier" in await asked(propertyValue="a", matchQuantifier="none")
    property_ = {"matchType": "property", "propertyId": "born", "propertyValue": 1954}
    assert await asked(**property_) == []
    assert "properties" in await asked(**property_, required=True)


# Sections "Suggest Services" and "Preview Service" ------------------------------------------------


async def test_entities_are_suggested(serve: Serve, names_db: Path) -> None:
    client = serve(names_db).client

    async def suggested(**arguments: Any) -> Any:
        answer = await client.get(f"{SERVICE}/suggest/entity", params=arguments)
        assert answer.status_code == 200
        return answer.json()["result"]

    (merkel,) = await suggested(prefix="angela mer")
    assert merkel.pop("id").startswith("angela-merkel-")
    assert merkel == {
        "name": "Angela Merkel",
        "description": "the person Angela Merkel; in 1 article",
        "notable": [{"id": "Person", "name": "Person"}],
    }
    every = await suggested(prefix="minis")
    assert len(every) == 3
    assert await suggested(prefix="minis", limit=2) == every[:2]
    for skipping in ("cursor", "offset"):
        assert await suggested(prefix="minis", **{skipping: 1}) == every[1:]
    assert await suggested(prefix=every[0]["id"]) == every[:1]
    assert await suggested(prefix="") == await suggested(prefix="zyzzyva") == []


async def test_types_are_suggested(serve: Serve, names_db: Path) -> None:
    client = serve(names_db).client

    async def suggested(prefix: str) -> list[str]:
        answer = await client.get(f"{SERVICE}/suggest/type", params={"prefix": prefix})
        return [each["name"] for each in answer.json()["result"]]

    assert await suggested("p") == ["Person", "Place"]
    # What means something in its article only comes last.
    assert await suggested("") == ["Event", "Organization", "Person", "Place", "Date"]


async def test_a_preview_is_inert(serve: Serve, names_db: Path, ask: Ask) -> None:
    client = serve(names_db).client
    (bank,) = await ask("Albania")
    answer = await client.get(f"{SERVICE}/preview", params={"id": bank["id"]})
    assert "Bank of &lt;b&gt;Albania&lt;/b&gt; &amp; Sons" in answer.text
    assert "<p>Organization</p>" in answer.text
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    states = (
        await client.get(f"{SERVICE}/preview", params={"id": (await ask("USA"))[0]["id"]})
    ).text
    assert re.findall(r"<p dir=\"auto\">(.*?)</p>", states) == [
        "the place United States; in 2 articles",
        "also called U.S., USA",
    ]
    for nobody in ({"id": "nobody"}, {"id": "\0"}, {}):
        assert (await client.get(f"{SERVICE}/preview", params=nobody)).status_code == 404


async def test_the_overview_leads_to_the_service(serve: Serve, names_db: Path) -> None:
    overview = await serve(names_db).client.get(f"/{DATABASE}/-/newsgraph")
    assert f'<a href="{SERVICE}">Reconciliation service</a>' in overview.text
    async with serving(names_db, private("entities")) as server:
        assert SERVICE not in (await server.anybody.get(f"/{DATABASE}/-/newsgraph")).text


# Limits -------------------------------------------------------------------------------------------


async def test_a_name_in_very_many_names_is_found_and_no_match(tmp_path: Path) -> None:
    many: list[tuple[str, str, list[str], str | None]] = [
        *(("Thing", f"Bank of {number}", [], None) for number in range(2_100)),
        ("Thing", "Bank", [], None),
    ]
    path = tmp_path / f"{DATABASE}.db"
    load(path, articles_of(*many))
    async with serving(path) as server:
        first, *others = (await server.anybody.get(f"{SERVICE}?query=bank")).json()["result"]
        assert (first["name"], first["score"]) == ("Bank", 100.0)
        # Another one may stand among those that were not looked at.
        assert (first["match"], len(others)) == (False, 4)
        (of_7,) = (await server.anybody.get(f"{SERVICE}?query=bank+of+7")).json()["result"]
        assert of_7["match"] is True


async def test_what_takes_too_long_is_no_answer(
    serve: Serve, names_db: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    monkeypatch.setattr(
        service, "candidates", lambda _, connection, *__: connection.execute(endless)
    )
    answer = await serve(names_db).client.post(SERVICE, data={"query": "Merkel"})
    assert answer.status_code == 503
    assert "longer than the server allows" in answer.json()["error"]
    assert "a query took longer than its time limit" in caplog.text


async def test_names_wait_for_the_first_load(names_db: Path, tmp_path: Path) -> None:
    path = tmp_path / f"{DATABASE}.db"
    shutil.copy(names_db, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE entities_fts")
    async with serving(path) as server:
        for page in ("?query=Merkel", "/suggest/entity?prefix=Mer"):
            answer = await server.anybody.get(f"{SERVICE}{page}")
            assert (answer.status_code, "first load" in answer.json()["error"]) == (503, True)
        assert (await server.anybody.get(SERVICE)).status_code == 200


@pytest.mark.parametrize(
    ("path", "sent", "status", "says"),
    [
        ("", {"data": {"queries": "{"}}, 400, "queries is not JSON"),
        ("", {"data": {"queries": "[]"}}, 400, "Expected `object`, got `array`"),
        ("", {"data": {"queries": '{"q": {"query": 5}}'}}, 400, "$[...].query"),
        ("", {"data": {"queries": '{"q": {}}'}}, 400, "field query"),
        ("", {"data": {"queries": '{"q": {"query": "a", "limit": 0}}'}}, 400, "limit"),
        ("", {"data": {"queries": '{"q": {"query": "a", "limit": 1.5}}'}}, 400, "limit"),
        (
            "",
            {"data": {"queries": '{"q": {"query": "a", "type": ["t"' + ', "x"' * 20}},
            400,
            "JSON",
        ),
        ("", {"data": {"others": "{}"}}, 400, "field queries"),
        ("", {"json": {}}, 400, "application/x-www-form-urlencoded"),
        ("", {"content": b"queries=%ff", "headers": {}}, 400, "cannot be read"),
        ("", {"content": b"queries=1&queries=2", "headers": {}}, 400, "once"),
        ("", {"content": b"q=1&" * 30, "headers": {}}, 400, "cannot be read"),
        ("", {"content": b"q=" + b"1" * 1_000_001, "headers": {}}, 413, "1,000,000 bytes"),
        (
            "",
            {"data": {"queries": json.dumps({str(n): {"query": "a"} for n in range(51)})}},
            413,
            "50",
        ),
        ("/draft", {"data": {"query": "a"}}, 400, "/match"),
        ("/draft/match", {"content": b"{"}, 400, "JSON"),
        ("/draft/match", {"content": b"[" * 100_000}, 400, "JSON"),
        ("/draft/match", {"json": {"queries": [{"conditions": []}]}}, 400, "length >= 1"),
        ("/draft/match", {"json": [{"query": "a"}]}, 400, "Expected `object`, got `array`"),
        ("/draft/match", {"json": {"queries": [{"query": "a"}]}}, 400, "`conditions`"),
    ],
)
async def test_what_is_wrong_is_said_in_one_line(
    serve: Serve, names_db: Path, path: str, sent: dict[str, Any], status: int, says: str
) -> None:
    if sent.get("headers") == {}:
        sent = sent | {"headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    answer = await serve(names_db).client.post(f"{SERVICE}{path}", **sent)
    assert answer.status_code == status
    assert says in answer.json()["error"]
    assert "\n" not in answer.json()["error"]
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("get", "/match", "POST, OPTIONS"),
        ("get", "/draft/match", "POST, OPTIONS"),
        ("post", "/suggest/entity", "GET, HEAD, OPTIONS"),
        ("post", "/preview", "GET, HEAD, OPTIONS"),
        ("put", "", "GET, HEAD, POST, OPTIONS"),
        ("delete", "", "GET, HEAD, POST, OPTIONS"),
    ],
)
async def test_other_methods_are_refused(
    serve: Serve, names_db: Path, method: str, path: str, allowed: str
) -> None:
    answer = await getattr(serve(names_db).client, method)(f"{SERVICE}{path}")
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
