"""Whatever a service answers, its answers become candidates, or an error says what is wrong with it."""

from __future__ import annotations

import json
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.errors import ServiceError
from datasette_newsgraph.reconciling.asking import Connection
from datasette_newsgraph.reconciling.finding import Asked, found_by, json_line
from datasette_newsgraph.reconciling.service import read_service
from tests.reconcile.fake_service import DRAFT, MANIFEST

URL = "http://127.0.0.1:1/reconcile"
TEXTS = st.one_of(st.text(max_size=20), st.sampled_from(["Q5", "http://", "{{id}}", "\u202e", " "]))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)
CANDIDATES = st.fixed_dictionaries(
    {"id": TEXTS, "name": TEXTS},
    optional={
        "score": st.one_of(st.floats(), st.integers(), VALUES),
        "match": st.booleans(),
        "type": st.lists(st.one_of(TEXTS, st.fixed_dictionaries({"id": TEXTS, "name": TEXTS}))),
    },
)
LISTS = st.one_of(st.lists(CANDIDATES, max_size=3), VALUES)
MANIFESTS = st.one_of(
    VALUES,
    st.builds(
        lambda sound, others: sound | others,
        st.sampled_from([MANIFEST, DRAFT]),
        st.dictionaries(st.sampled_from([*MANIFEST, "batchSize"]), VALUES, max_size=2),
    ),
)


class Answering(Connection):
    """A connection to a service that answers with what it was given."""

    def __init__(self, manifest: bytes, answer: bytes) -> None:
        super().__init__()
        self.manifest, self.answer = manifest, answer

    def get(self, url: str) -> tuple[str, bytes]:
        return url, self.manifest

    def post(self, url: str, body: bytes, kind: str) -> bytes:
        assert body.isascii()
        return self.answer


@settings(max_examples=60)
@given(
    manifest=MANIFESTS,
    answer=st.one_of(
        st.binary(max_size=20),
        LISTS.map(lambda found: json.dumps({"q0": {"result": found}}).encode()),
        LISTS.map(lambda found: json.dumps({"results": [{"candidates": found}]}).encode()),
    ),
    name=st.text(),
)
def test_any_answer_is_candidates_or_an_error(manifest: Any, answer: bytes, name: str) -> None:
    connection = Answering(json.dumps(manifest).encode(), answer)
    asked = [Asked("some-key", name, "Person")]
    try:
        service = read_service(connection, URL)
        ((number, found),) = found_by(service, asked, 2, "http://127.0.0.1/graph/")
    except ServiceError as error:
        number, found, said = 1, [], str(error)
    else:
        said = URL
    assert said.startswith(URL)
    assert number == 1
    assert len(found) <= 2
    for each in found:
        told = cast("dict[str, Any]", json.loads(json_line(each)))
        assert told["left"] == "some-key" != told["right"]
        assert 0 <= told["score"] <= 1
        assert json_line(each).count(b"\n") == 1
