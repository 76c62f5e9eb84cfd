"""``newsgraph reconcile``: what is asked of a service, what its answers become, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import ServiceError, UsageError
from datasette_newsgraph.identity import entity_key
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.reconciling import asking
from datasette_newsgraph.reconciling.addresses import check_address
from datasette_newsgraph.reconciling.asking import Connection
from tests.cli.running import error_of
from tests.permissions.marked_news import DATABASE
from tests.reconcile.conftest import articles_of
from tests.reconcile.fake_service import DRAFT, FakeService, serving_things
from tests.web.served import Server

Run = Callable[..., Result]
MERKEL = {
    "id": "Q567",
    "name": "Angela Merkel",
    "score": 97.5,
    "match": True,
    "type": [{"id": "Q5", "name": "human"}, "Q82955"],
}


@pytest.fixture
def things() -> Iterator[FakeService]:
    with serving_things() as service:
        yield service


@pytest.fixture
def run(names_db: Path, things: FakeService) -> Run:
    """``run("--limit", "3")``: the command, asking the fake service."""

    def reconcile(*options: str, service: str | None = None) -> Result:
        arguments = ["reconcile", str(names_db), "--service", service or things.url, *options]
        return CliRunner().invoke(cli, arguments)

    return reconcile


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(each) for each in result.stdout.splitlines()]


def test_an_answer_becomes_a_candidate(run: Run, things: FakeService) -> None:
    things.answers["Angela Merkel"] = [MERKEL]
    result = run()
    assert lines(result) == [
        {
            "left": entity_key("Person", "Angela Merkel"),
            "right": entity_key("", "", [(0, "http://www.wikidata.org/entity/Q567")]),
            "left_name": "Angela Merkel",
            "right_name": "Angela Merkel",
            "score": 0.975,
            "reasons": [
                "Things, asked for “Angela Merkel”, answers “Angela Merkel” (human, Q82955), with"
                " a score of 97.5 and calls it a match"
            ],
            "value": "http://www.wikidata.org/entity/Q567",
        }
    ]
    assert result.stderr.splitlines() == [
        f"asking {things.url}",
        "Things: 9 names to ask for",
        "9 names asked for, 1 candidate, 0 of them kept",
    ]


def test_what_is_asked_for(run: Run, things: FakeService) -> None:
    lines(run("--answers", "2"))
    (batch,) = things.batches
    # The most mentioned first; without dates, and without what has an identifier there.
    names = [each["query"] for each in batch.values()]
    assert "Angela Merkel" in names
    assert not {"Friday", "Washington", "United States"} & set(names)
    assert {each["limit"] for each in batch.values()} == {2}
    # The service has a type of this name, and none of the others.
    types = {each["query"]: each.get("type") for each in batch.values()}
    assert (types["Angela Merkel"], types["Łódź"]) == ("Q5", None)
    agents = {headers["user-agent"].partition("/")[0] for _, _, headers in things.requests}
    assert agents == {"datasette-newsgraph"}


def test_only_a_type_and_only_some(run: Run, things: FakeService) -> None:
    lines(run("--type", "PERSON"))
    lines(run("--type", "person", "--limit", "2"))
    every, two = ([each["query"] for each in batch.values()] for batch in things.batches)
    assert set(every) == {"Angela Merkel", "Angela Davis", "George Washington", "王毅"}
    assert two == every[:2]
    wrong = run("--type", "Persson")
    assert error_of(wrong) == (
        "no entity is of the type 'Persson'; there are: Date, Event, Organization, Person, Place"
    )
    assert wrong.exit_code == 2


def test_names_are_sent_in_batches(run: Run, things: FakeService) -> None:
    things.manifest["batchSize"] = 4
    lines(run())
    assert [len(each) for each in things.batches] == [4, 4, 1]


def test_a_service_of_the_draft(run: Run, things: FakeService) -> None:
    things.manifest = DRAFT
    things.answers["Łódź"] = [{"id": "a b", "name": "Lodz"}]
    result = run("--type", "place", "--answers", "1", service=f"{things.url}/?lang=en")
    (found,) = lines(result)
    assert (found["value"], found["score"]) == ("https://things.example/a%20b", 0.5)
    assert found["reasons"] == ["Things of the draft, asked for “Łódź”, answers “Lodz”"]
    assert [path for _, path, _ in things.requests] == [
        "/reconcile/?lang=en",
        "/reconcile/match?lang=en",
    ]
    conditions = [{"matchType": "name", "propertyValue": "United States"}]
    assert {"conditions": conditions, "limit": 1} in things.batches[0]


@pytest.mark.parametrize(
    ("space", "view", "id_", "iri"),
    [
        # VIAF's own address is in the view, that of the Deutsche Nationalbibliothek in the space.
        (
            "http://rdf.freebase.com/ns/viaf",
            "http://viaf.org/viaf/{{id}}",
            "75",
            "http://viaf.org/viaf/75",
        ),
        (
            "https://d-nb.info/gnd/",
            "https://lobid.org/gnd/{{id}}",
            "1-X",
            "https://d-nb.info/gnd/1-X",
        ),
        ("http://x.example/doc", "http://x.example/{{id}}", "a/b", "http://x.example/a%2Fb"),
        ("http://x.example/", "", "http://www.geonames.org/7", "https://sws.geonames.org/7/"),
        ("http://x.example/ids", "", "7 b", "http://x.example/ids/7%20b"),
        ("http://x.example/ids#", "", "7 b", "http://x.example/ids#7%20b"),
    ],
)
def test_an_answer_has_the_iri_that_its_authority_uses(
    run: Run, things: FakeService, space: str, view: str, id_: str, iri: str
) -> None:
    things.manifest |= {"identifierSpace": space, "view": {"url": view}}
    things.answers["Łódź"] = [{"id": id_, "name": "Lodz", "score": 300}]
    (found,) = lines(run())
    assert (found["value"], found["score"]) == (iri, 1.0)


def test_long_names_are_cut(run: Run, things: FakeService) -> None:
    things.manifest["name"] = "long " * 1_000
    things.answers["Łódź"] = [{"id": "Q1", "name": "x" * 9_000, "type": ["y" * 9_000] * 3}]
    (found,) = lines(run())
    assert len(found["right_name"]) == 500
    assert len(found["reasons"][0]) < 3_000


def test_an_answer_that_is_the_entity_itself_is_none(run: Run, things: FakeService) -> None:
    things.manifest |= {
        "identifierSpace": "https://news.example.org/graph/id/entity/",
        "view": None,
    }
    own, other = entity_key("Place", "Łódź"), entity_key("Person", "Angela Davis")
    things.answers["Łódź"] = [{"id": own, "name": "Łódź"}, {"id": other, "name": "Angela Davis"}]
    assert [each["right"] for each in lines(run())] == [other]


# What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1:8001/x", "http://localhost/x", "http://[::1]:80/", "https://127.8.9.1"),
        "HTTP://LOCALHOST:1/",
    ],
)
def test_this_machine_may_be_asked(url: str) -> None:
    assert check_address(f"{url}#part", may_be_remote=False).lower() == url.lower()


@pytest.mark.parametrize(
    "url",
    [
        *("https://wikidata.reconci.link/en/api", "http://10.0.0.1/", "http://0.0.0.0/"),
        *("http://127.0.0.1.example.org/", "http://localhost.example.org", "http://2130706433/"),
        "http://[::ffff:10.0.0.1]/",
    ],
)
def test_another_machine_is_asked_only_if_it_is_allowed(run: Run, url: str) -> None:
    result = run(service=url)
    assert result.exit_code == 2
    assert error_of(result).endswith("names of your entities; --allow-remote allows that")
    assert "asking" not in result.stderr
    assert check_address(url, may_be_remote=True) == url


@pytest.mark.parametrize(
    "url",
    [
        *("", "127.0.0.1:8001", "file:///etc/passwd", "ftp://localhost/", "http://", "http:///x"),
        *("http://me:secret@localhost/", "http://localhost:99999/", "http://[::1/"),
        *("http://localhost/a b", "http://localhost/\x1b", "http://localhost/ä"),
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as raised:
        check_address(url, may_be_remote=True)
    assert "\n" not in str(raised.value)


def test_a_redirect_leads_to_no_other_machine(run: Run, things: FakeService) -> None:
    things.replies = [(302, {"Location": "http://example.org/"}, b"")]
    result = run()
    assert (result.exit_code, len(things.requests)) == (1, 1)
    assert "leads to another address: 'http://example.org/' is on another machine" in error_of(
        result
    )
    things.replies = [(302, {"Location": "/moved"}, b"")]
    lines(run())
    assert [path for _, path, _ in things.requests[1:]] == ["/reconcile", "/moved", "/moved"]
    things.replies = [
        (307, {"Location": "/elsewhere"}, b""),
        (302, {"Location": "file:///etc/passwd"}, b""),
    ]
    with pytest.raises(ServiceError, match=r"leads to http://.*/elsewhere; give that address"):
        Connection().post(things.url, b"queries={}", "text/plain")
    with pytest.raises(ServiceError, match="'file:///etc/passwd' is not allowed"):
        Connection().get(things.url)


def test_no_proxy_learns_what_is_for_this_machine(
    run: Run, things: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_things() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        lines(run())
        assert proxy.requests == []
        assert len(things.requests) == 2


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ((200, {}, b"<html>"), "is not as the specification has it: JSON is malformed"),
        ((200, {}, b"[]"), "Expected `object`, got `array`"),
        ((200, {}, b"{}"), "no manifest of a reconciliation service"),
        ((200, {}, b'{"name": "x"}'), "does not say which IRIs its things have"),
        ((200, {}, b'{"name": "x", "identifierSpace": "x"}'), "does not say which IRIs"),
        ((200, {}, b"[" * 100_000), "is not as the specification has it"),
        ((404, {}, b"nobody\x1b[31m\nhere"), r"it answers 404 Not Found: nobody\x1b[31m here"),
        ((500, {}, b""), "it answers 500 Internal Server Error"),
    ],
)
def test_a_service_that_is_none_is_told_of_in_one_line(
    run: Run, things: FakeService, reply: Any, says: str
) -> None:
    things.replies = [reply]
    result = run()
    assert result.exit_code == 1
    assert says in error_of(result)
    assert things.url in error_of(result)


@pytest.mark.parametrize(
    ("manifest", "answer", "says"),
    [
        ({}, b"{}", "the answer has nothing for the query q0"),
        ({}, b'{"q0": {"result": [{"id": 5}]}}', "Expected `str`, got `int`"),
        (DRAFT, b'{"results": []}', "0 results for 11 queries"),
    ],
)
def test_an_answer_that_is_none_ends_the_command(
    run: Run, things: FakeService, manifest: dict[str, Any], answer: bytes, says: str
) -> None:
    things.manifest |= manifest
    if manifest:
        things.manifest = manifest | {"batchSize": 50}
    told = json.dumps(things.manifest).encode()
    things.replies = [(200, {}, told), (200, {}, answer)]
    result = run()
    assert (result.exit_code, result.stdout) == (1, "")
    assert says in error_of(result)


def test_nobody_there(run: Run) -> None:
    with serving_things() as gone:
        pass
    assert "check that the service runs" in error_of(run(service=gone.url))


def test_too_long_an_answer_is_given_up(
    things: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_LONGEST", 1_000)
    things.replies = [(200, {}, b" " * 1_001)]
    with pytest.raises(ServiceError, match="more than 1,000 bytes"):
        Connection().get(things.url)
    monkeypatch.setattr(asking, "_PATIENCE", -1.0)
    with pytest.raises(ServiceError, match="took more than"):
        Connection().get(things.url)


def test_a_busy_service_is_asked_again(things: FakeService) -> None:
    slept: list[float] = []
    connection = Connection(sleep=slept.append)
    things.replies = [(503, {}, b""), (429, {"Retry-After": "7"}, b"")]
    assert connection.get(things.url)[0] == things.url
    assert slept == [1.0, 7.0]
    things.replies = [(429, {"Retry-After": "99999"}, b"busy")] * 4
    with pytest.raises(ServiceError, match="429 Too Many Requests: busy"):
        connection.get(things.url)
    assert slept[2:] == [60.0, 60.0, 60.0]


# Both ways ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["", "/draft"])
def test_a_graph_asks_another_that_is_served(run: Run, tmp_path: Path, version: str) -> None:
    others = tmp_path / f"{DATABASE}.db"
    base = "https://others.example/graph/"
    load(others, articles_of(("Person", "Angela Davis", ["Merkel, Angela"], None)), base_iri=base)
    server = Server(others)
    try:
        service = f"http://127.0.0.1:{server.port}/{DATABASE}/-/newsgraph/reconcile{version}"
        found = {
            each["left_name"]: each for each in lines(run("--type", "Person", service=service))
        }
    finally:
        server.stop()
    key = entity_key("Person", "Angela Davis")
    home = f"http://127.0.0.1:{server.port}/{DATABASE}/-/newsgraph/entity/"
    assert found["Angela Davis"]["score"] == 1.0
    assert found["Angela Davis"]["reasons"] == [
        f"{DATABASE} (news graph), asked for “Angela Davis”, answers “Angela Davis” (Person), with a"
        " score of 100 and calls it a match"
    ]
    assert found["Angela Davis"]["value"] == (home if version else f"{base}id/entity/") + key
    # In another order it is like the other name.
    assert found["Angela Merkel"]["score"] == 0.99
