"""Whatever is sent to the reconciliation service, it is answered: with results, or with one line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.permissions.visitors import serving
from tests.reconcile.conftest import ENTITIES, SERVICE

#: Names of the graph, cut and put together, and what SQL, FTS5 and templates take for orders.
_PIECES = [name for _, name, _, _ in ENTITIES] + [
    *('"', "'", "*", "^", "(", ")", ":", "-", "NEAR", "AND", "OR", "NOT", "%", "{{id}}", "{0}"),
    *("\0", "\n", "\\", "\u202e", "\u0301" * 40, "ﬁ", "ǅ", "🚀", "name :", "entities_fts", "กขค"),
]
NAMES = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(_PIECES), max_size=6).map(" ".join)
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), NAMES),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)
FIELDS = ("query", "type", "limit", "properties", "type_strict", "conditions", "matchType")
CONDITIONS = st.fixed_dictionaries(
    {"matchType": st.sampled_from(["name", "id"]), "propertyValue": st.one_of(NAMES, VALUES)},
    optional={"required": st.booleans(), "matchQuantifier": st.sampled_from(["any", "all"])},
)
QUERIES = st.one_of(
    st.fixed_dictionaries({"query": NAMES}, optional={"type": NAMES, "limit": st.integers(1, 60)}),
    st.fixed_dictionaries({"conditions": st.lists(CONDITIONS, min_size=1, max_size=3)}),
    st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4),
)
BODIES = st.one_of(
    st.binary(max_size=50),
    st.builds(
        lambda value: json.dumps(value).encode(),
        st.one_of(
            VALUES,
            st.dictionaries(NAMES, QUERIES, max_size=3),
            st.fixed_dictionaries({"queries": st.lists(QUERIES, max_size=3)}),
        ),
    ),
)


@pytest.fixture(scope="module")
def answer(names_db: Path) -> Any:
    """``answer(method, path, …)``: what a server answers, whose loop is its own."""
    loop = asyncio.new_event_loop()
    entered = serving(names_db)
    server = loop.run_until_complete(entered.__aenter__())

    def asked(method: str, path: str, **sent: Any) -> Any:
        sending = server.datasette.client.request(method, f"{SERVICE}{path}", **sent)
        return loop.run_until_complete(sending)

    yield asked
    loop.run_until_complete(entered.__aexit__(None, None, None))
    loop.close()


def check(answer: Any) -> None:
    """A result is as the specification has it, an error one line."""
    told = answer.json()
    if answer.status_code != 200:
        assert answer.status_code == 400, answer.text
        assert told.keys() == {"error"}
        assert "\n" not in told["error"]
        return
    if "versions" in told:
        return
    results = told["results"] if "results" in told else list(told.values())
    for result in results:
        for each in (
            result["candidates"] if isinstance(result, dict) and "candidates" in result else []
        ):
            assert {"id", "name", "type", "score", "match"} <= each.keys()
            assert 0 <= each["score"] <= 100


@settings(max_examples=40)
@given(body=BODIES)
def test_whatever_is_posted_is_answered(answer: Callable[..., Any], body: bytes) -> None:
    form = b"queries=" + quote_from_bytes(body).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    check(answer("POST", "", content=form, headers=headers))
    check(answer("POST", "", content=b"query=" + form[8:], headers=headers))
    check(answer("POST", "/match", content=body, headers={"Content-Type": "application/json"}))


@settings(max_examples=40)
@given(name=NAMES)
def test_whatever_name_is_asked_for_has_candidates_or_none(
    answer: Callable[..., Any], name: str
) -> None:
    batch = json.dumps({name: {"query": name}})
    told = answer("POST", "", data={"queries": batch}).json()
    # JSON gives back the very name that the client has given to its query.
    assert list(told) == [name]
    for each in told[name]["result"]:
        assert 50 <= each["score"] <= 100
    for path in ("/suggest/entity", "/suggest/type"):
        assert answer("GET", path, params={"prefix": name}).status_code == 200
    assert answer("GET", "/preview", params={"id": name}).status_code == 404
