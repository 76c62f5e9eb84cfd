"""Questions from other sites: answered as to anybody, and nothing else is let through with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datasette.plugins import pm

from datasette_newsgraph.web.access.anybody import as_anybody, is_question
from tests.permissions.marked_news import DATABASE, IS_1_0
from tests.permissions.visitors import private, serving
from tests.reconcile.conftest import SERVICE

Serve = Callable[..., Any]
#: What a browser says of what a page of another site posts.
ELSEWHERE = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
QUESTION = {"queries": json.dumps({"q": {"query": "Łódź"}})}
DRAFT = {"queries": [{"conditions": [{"matchType": "name", "propertyValue": "Łódź"}]}]}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "sent"),
    [("", {"data": QUESTION}), ("/match", {"json": DRAFT}), ("/draft/match", {"json": DRAFT})],
)
async def test_another_site_may_ask(
    serve: Serve, names_db: Path, path: str, sent: dict[str, Any]
) -> None:
    for cors in (False, True):
        client = serve(names_db, cors=cors).client
        for headers in (ELSEWHERE, ELSEWHERE | {"Cookie": "ds_csrftoken=wrong"}):
            answer = await client.post(f"{SERVICE}{path}", headers=headers, **sent)
            assert (answer.status_code, '"match": true' in answer.text) == (200, True)
            # It may read the answer only where the server lets it.
            allowed = answer.headers.get("access-control-allow-origin")
            assert allowed == ("*" if cors else None)
            assert "set-cookie" not in answer.headers


@pytest.mark.asyncio
async def test_a_browser_is_told_what_it_may_post(serve: Serve, names_db: Path) -> None:
    client = serve(names_db, cors=True).client
    asked = ELSEWHERE | {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = await client.request("OPTIONS", f"{SERVICE}/draft/match", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "Content-Type" in answer.headers["access-control-allow-headers"]
    silent = await serve(names_db).client.request("OPTIONS", SERVICE, headers=asked)
    assert not any(name.startswith("access-control") for name in silent.headers)


@pytest.mark.asyncio
async def test_who_is_logged_in_is_answered_as_anybody(names_db: Path) -> None:
    async with serving(names_db, private("entities")) as server:
        client, alice = server.datasette.client, server.alice.headers
        assert (await client.get(f"{SERVICE}?query=Lodz", headers=alice)).status_code == 200
        for headers in (alice, alice | ELSEWHERE):
            for path, sent in (("", {"data": QUESTION}), ("/match", {"json": DRAFT})):
                answer = await client.post(f"{SERVICE}{path}", headers=headers, **sent)
                assert answer.status_code == 403
                assert "match" not in answer.text


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    [
        *(f"/{DATABASE}", f"/{DATABASE}/-/newsgraph", f"/{DATABASE}/-/newsgraph/search"),
        *(f"{SERVICE}/", f"{SERVICE}/match/", f"{SERVICE}/matches", f"{SERVICE}/draft/match/x"),
        *(f"/x{SERVICE}", f"/-/permissions?{SERVICE}", f"/{DATABASE}/-/newsgraph%2Freconcile"),
    ],
)
async def test_no_other_address_is_let_through(serve: Serve, names_db: Path, path: str) -> None:
    alice = {"Cookie": "ds_csrftoken=wrong"}
    answer = await serve(names_db).client.post(path, data=QUESTION, headers=ELSEWHERE | alice)
    assert answer.status_code == 403, "Datasette's own check"


def scope(path: str, method: str = "POST", **others: Any) -> dict[str, Any]:
    """A request as ASGI has it."""
    return {"type": "http", "method": method, "path": path, "headers": [], **others}


@pytest.mark.parametrize(
    ("asked", "is_one"),
    [
        (scope(SERVICE), True),
        (scope(SERVICE, raw_path=f"{SERVICE}?queries=1".encode()), True),
        (scope(SERVICE, raw_path=b"/%FF/elsewhere"), False),
        (scope("/elsewhere", raw_path=SERVICE.encode()), True),
        (scope(f"{SERVICE}\n"), False),
        (scope(f"/{DATABASE}/-/newsgraph/sparql"), True),
        (scope(f"/{DATABASE}/-/newsgraph/sparql/"), False),
        (scope(f"/{DATABASE}/-/newsgraph/sparql", "DELETE"), False),
        (scope(SERVICE, "GET"), False),
        (scope(SERVICE, "PUT"), False),
        ({"type": "lifespan"}, False),
        ({"type": "websocket", "path": SERVICE}, False),
    ],
)
def test_a_question_is_known_by_its_method_and_path(asked: dict[str, Any], is_one: bool) -> None:
    assert is_question(asked) is is_one
    if not IS_1_0:
        # Where another plugin has put cookies back, 0.65 asks.
        assert pm.hook.skip_csrf(datasette=None, scope=asked) == [is_one]


@pytest.mark.asyncio
async def test_what_a_browser_sends_by_itself_is_taken_away() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append([name for name, _ in scope["headers"]])

    seen: list[list[bytes]] = []
    of_browser = [(each, b"x") for each in (b"Origin", b"sec-fetch-site", b"COOKIE", b"accept")]
    for password in (b"Basic eDp5", b"Bearer dstok_x"):
        headers = [*of_browser, (b"authorization", password)]
        for path in (SERVICE, "/elsewhere"):
            asked = scope(path) | {"headers": headers}
            await as_anybody(app)(asked, None, None)
            assert asked["headers"] == headers, "others may read the same scope"
    of_all = [name for name, _ in of_browser] + [b"authorization"]
    assert seen == [[b"accept"], of_all, [b"accept", b"authorization"], of_all]
