"""What is decided in the browser: who may, what a form writes, and what is refused."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.log import decide, waiting
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.transactions import transaction
from datasette_newsgraph.web.deciding import writing
from tests.permissions.marked_news import IS_1_0
from tests.permissions.visitors import Server, private
from tests.web.deciders import (
    ANA_DECIDES,
    HOME,
    Browser,
    copied,
    deciding,
    forms,
    log,
    rows,
    settled,
    value,
)


def record(number: int, *names: str) -> dict[str, Any]:
    """An article that names some people, each in a sentence."""
    text = " ".join(f"{name} spoke on day {number}." for name in names)
    entities = [
        {
            "id": name,
            "type": "Person",
            "name": name,
            "mentions": [{"start": text.index(name), "end": text.index(name) + len(name)}],
        }
        for name in names
    ]
    return {"id": f"a{number}", "title": f"Day {number}", "text": text, "entities": entities}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four articles that call three people by five names."""
    path = tmp_path_factory.mktemp("people") / "people.db"
    load(
        path,
        [
            record(1, "Ann Lee", "Bo Dahl"),
            record(2, "Lee", "B. Dahl"),
            record(3, "Ann Lee", "Cy"),
            record(4, "Bo Dahl", "Lee"),
        ],
    )
    return path


@pytest.fixture
def news(people: Path, tmp_path: Path) -> Path:
    return copied(people, tmp_path)


def key_of(path: Path, name: str) -> str:
    return str(value(path, "SELECT key FROM entities WHERE name = ?", name))


def form_of(path: Path, **fields: str) -> dict[str, str]:
    """The fields of a form that says that Ann Lee and Lee are the same, but for what is given."""
    pair = f"pair.{key_of(path, 'Ann Lee')}.{key_of(path, 'Lee')}"
    return {"do": "pairs", "back": "decisions", pair: "same", **fields}


async def token(browser: Browser, address: str = f"{HOME}/decisions?done=1") -> dict[str, str]:
    """The token of this browser, on the line that wants one."""
    found = re.search(r'name="csrftoken" value="([^"]*)"', await browser.get(address))
    return {"csrftoken": found[1]} if found else {}


async def sent(path: Path, **fields: str) -> Any:
    """What Ana's browser is answered to a form."""
    async with deciding(path) as (server, ana):
        # A form is on the page as soon as something has been decided.
        if not IS_1_0:
            with open_store(path, write=True) as db, transaction(db):
                decide(db, [Decision("unsure", "x-0", "y-0")])
        answer = await ana.post(f"{HOME}/decide", form_of(path, **fields) | await token(ana))
        await settled(server.datasette)
        return answer


# --- Written and carried out -----------------------------------------------------------------


@pytest.mark.asyncio
async def test_a_form_is_written_into_the_log_and_carried_out_behind_the_page(news: Path) -> None:
    answer = await sent(news, why="Read it.", back="entity/lee-0?order=oldest")
    assert answer.status_code == 303
    batch = rows(news, "SELECT batch FROM decisions ORDER BY id DESC")[0][0]
    assert answer.headers["location"] == f"{HOME}/entity/lee-0?order=oldest&done={batch}"
    left, right = sorted((key_of(news, "Ann Lee"), value(news, _GONE)))
    assert log(news)[-1] == {
        "verdict": "same",
        "kind": "entity",
        "left_key": left,
        "right_key": right,
        "keep": key_of(news, "Ann Lee"),
        "decided_by": "ana",
        "how": "browser",
        "why": "Read it.",
    }
    assert value(news, "SELECT count(*) FROM entities WHERE name = 'Lee'") == 0
    articles = "SELECT articles FROM entity_counts JOIN entities ON id = entity_id WHERE name = ?"
    assert value(news, articles, "Ann Lee") == 4


_GONE = "SELECT key FROM decided WHERE verdict = 'same' AND key <> value"


@pytest.mark.asyncio
async def test_a_batch_is_taken_back_and_given_again(news: Path) -> None:
    before = rows(news, "SELECT key, name FROM entities ORDER BY key")
    await sent(news)
    merged = rows(news, "SELECT key, name FROM entities ORDER BY key")
    async with deciding(news) as (_, ana):
        for expected in (before, merged):
            page = await ana.get(f"{HOME}/decisions")
            after = await ana.decide(forms(page, "undo")[0])
            assert "1 decision was made." in after
            assert rows(news, "SELECT key, name FROM entities ORDER BY key") == expected
    assert merged != before


@pytest.mark.asyncio
async def test_a_form_that_is_sent_twice_decides_once(news: Path) -> None:
    form = form_of(news)
    await sent(news)
    count = len(log(news))
    async with deciding(news) as (_, ana):
        answer = await ana.post(f"{HOME}/decide", form | await token(ana))
    assert answer.headers["location"] == f"{HOME}/decisions"
    assert len(log(news)) == count


@pytest.mark.asyncio
async def test_the_page_answers_before_the_rows_follow(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong then is logged, and is done at the next start."""

    def fail(db: Any) -> int:
        raise writing.NewsgraphError("no")

    with monkeypatch.context() as patched:
        patched.setattr(writing, "carry_out", fail)
        assert (await sent(news)).status_code == 303
        async with deciding(news) as (_, ana):
            page = await ana.get(f"{HOME}/decisions")
            assert re.search(r"\d decisions? (is|are) being applied", page)
            with open_store(news) as db:
                assert waiting(db.conn) >= 1
    assert value(news, "SELECT count(*) FROM entities WHERE name = 'Lee'") == 1
    async with deciding(news) as (_, ana):
        assert "being applied" not in await ana.get(f"{HOME}/decisions")
    assert value(news, "SELECT count(*) FROM entities WHERE name = 'Lee'") == 0


@pytest.mark.asyncio
async def test_nobody_waits_to_read_while_much_is_carried_out(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, may_end = threading.Event(), threading.Event()

    def slow(db: Any) -> int:
        with transaction(db):
            db.execute("DELETE FROM facet_counts")
            started.set()
            assert may_end.wait(60)
        return 1

    monkeypatch.setattr(writing, "carry_out", slow)
    async with deciding(news) as (server, ana):
        form = form_of(news) | await token(ana, f"{HOME}/entity/{key_of(news, 'Cy')}")
        answer = await ana.post(f"{HOME}/decide", form)
        assert answer.status_code == 303
        assert await asyncio.to_thread(started.wait, 60)
        try:
            assert "1 decision is being applied" in await ana.get(answer.headers["location"])
            for page in (f"{HOME}/entity/{key_of(news, 'Cy')}", "/news/facet_counts.json"):
                assert (await server.anybody.get(page)).status_code == 200
        finally:
            may_end.set()


@pytest.mark.asyncio
async def test_what_cannot_follow_is_logged(
    news: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(db: Any) -> int:
        raise writing.NewsgraphError("a secret")

    monkeypatch.setattr(writing, "carry_out", fail)
    await sent(news)
    assert "'news': decisions could not be carried out" in caplog.text
    assert "a secret" not in caplog.text


@pytest.mark.asyncio
async def test_while_somebody_writes_nothing_is_decided(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "BUSY_TIMEOUT", 0.2)
    async with deciding(news) as (_, ana):
        given = form_of(news) | await token(ana, f"{HOME}/entity/{key_of(news, 'Cy')}")
        with closing(sqlite3.connect(news, isolation_level=None)) as load_under_way:
            load_under_way.execute("BEGIN IMMEDIATE")
            answer = await ana.post(f"{HOME}/decide", given)
            load_under_way.execute("ROLLBACK")
        assert answer.status_code == 503
        assert "The database is being written to" in answer.text
        assert log(news) == []
        assert (await ana.post(f"{HOME}/decide", given)).status_code == 303


@pytest.mark.asyncio
async def test_a_server_starts_though_what_waits_cannot_be_carried_out(
    news: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with open_store(news, write=True) as db, transaction(db):
        decide(db, [Decision("type", key_of(news, "Cy"), value="Ship")])
    monkeypatch.setattr(writing, "BUSY_TIMEOUT", 0.2)
    with closing(sqlite3.connect(news, isolation_level=None)) as load_under_way:
        load_under_way.execute("BEGIN IMMEDIATE")
        async with deciding(news) as (server, _):
            assert (await server.anybody.get(HOME)).status_code == 200
            load_under_way.execute("ROLLBACK")
    assert "decisions could not be carried out" in caplog.text
    async with deciding(news):
        pass
    assert value(news, "SELECT type FROM entities WHERE name = 'Cy'") == "Ship"


@pytest.mark.asyncio
async def test_whatever_is_written_somewhere_is_shown_as_it_is(
    news: Path, page: Callable[[str], Any]
) -> None:
    evil = "<script>alert(1)</script>\"' onload=x"
    cy, bo = key_of(news, "Cy"), key_of(news, "Bo Dahl")
    with open_store(news, write=True) as db, transaction(db):
        decide(db, [Decision("name", cy, value=evil, by=evil, why=evil, how=evil)])
        decide(
            db,
            [
                Decision("type", cy, value=evil),
                Decision("split", bo, "z-0", articles=("a-0",), value=evil),
            ],
        )
        db.execute(
            "INSERT INTO candidates (left_key, right_key, score, tier, reasons, against, together)"
            " VALUES (?, ?, 0.9, '', json_array(?), json_array(?), 0)",
            [cy, bo, evil, evil],
        )
    async with deciding(news) as (_, ana):
        for address in (
            *("decisions", f"decisions?of={cy}", "review", f"review?cluster={cy}"),
            *(f"entity/{cy}", f"merge?key={cy}&with={bo}", f"split?key={cy}"),
        ):
            html = await ana.get(f"{HOME}/{address}")
            assert "&lt;script&gt;alert(1)" in html, address
            assert "<script>alert" not in html, address
            elements = page(html).elements
            assert not any("onload" in each.attributes for each in elements), address


@pytest.mark.asyncio
async def test_under_a_prefix_a_form_leads_back_under_it(news: Path) -> None:
    given = {"config" if IS_1_0 else "metadata": ANA_DECIDES}
    datasette = Datasette([str(news)], settings={"base_url": "/data/"}, **given)
    await datasette.invoke_startup()
    ana = Browser(Server(datasette))
    try:
        html = await ana.get(f"{HOME}/entity/{key_of(news, 'Cy')}?order=oldest")
        form = forms(html, "name")[0]
        assert form.action == f"/data{HOME}/decide"
        # The client of the tests puts it before the address, too.
        form.action = form.action.removeprefix("/data")
        answer = await ana.send(form, value="Cyrus")
        assert answer.headers["location"].startswith(f"/data{HOME}/entity/")
        assert "?order=oldest&done=" in answer.headers["location"]
        await settled(datasette)
    finally:
        for database in datasette.databases.values():
            database.close()


# --- Refused ---------------------------------------------------------------------------------


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"do": "nothing"}, "do has to be one of: pair, pairs,"),
        ({"do": ""}, "do has to be given."),
        ({"do": "wrong", "kind": "batch", "key": "a-0"}, "kind has to be one of: entity,"),
        ({"do": "wrong", "kind": "mention"}, "key has to be given."),
        ({"do": "wrong", "kind": "mention", "key": "A key"}, "is no key"),
        ({"do": "undo", "key": "no batch!"}, "There is no batch and no decision 'no batch!'"),
        ({"do": "name", "key": "lee-0", "value": " \u200b "}, "The name is blank"),
        ({"do": "name", "key": "lee-0", "value": "x" * 2001}, "more than 2000 characters"),
        ({"do": "take-out", "key": "lee-0"}, "Lee-0 is not merged into another entity."),
        ({"do": "split", "key": "lee-0", "value": "Lee"}, "Tick at least one article."),
        ({"do": "split", "key": "lee-0", "value": "Lee", "article": "a-0"}, "does not name lee-0"),
        ({"pair.lee-0": "same"}, "A pair has two keys"),
        ({"pair.lee-0.lee-0": "same"}, "Left and right are both"),
        ({"pair.lee-0.lee-1": "maybe"}, "A pair has two keys"),
        ({"why": "x" * 2001}, "more than 2000 characters"),
        ({"back": "https://evil.example/"}, "back has to be the place"),
        ({"back": "//evil.example"}, "back has to be the place"),
        ({"back": "../../other"}, "back has to be the place"),
        ({"back": "entity/lee-0\r\nX: y"}, "back has to be the place"),
    ],
    ids=lambda each: str(each)[:40],
)
async def test_a_form_that_cannot_be_taken_is_refused_in_a_sentence(
    news: Path, fields: dict[str, str], message: str
) -> None:
    answer = await sent(news, **fields)
    assert answer.status_code == 400
    assert message in answer.text.replace("&#39;", "'")
    assert [each for each in log(news) if each["left_key"] != "x-0"] == []


@pytest.mark.asyncio
async def test_a_form_has_to_be_one(news: Path) -> None:
    async with deciding(news) as (_, ana):
        if not IS_1_0:
            # Without cookies, 0.65 asks for no token, and knows nobody either.
            ana = Browser(_, None)
        for body, kind in ((b"{}", "application/json"), (b"do=%ff", None), (b"&a" * 9000, None)):
            answer = await ana._client.post(
                f"{HOME}/decide",
                content=body,
                headers=ana._headers
                | {"content-type": kind or "application/x-www-form-urlencoded"},
            )
            assert answer.status_code == (400 if IS_1_0 else 403)
        assert (await ana._client.get(f"{HOME}/decide", headers=ana._headers)).status_code == 405
    assert log(news) == []


@pytest.mark.asyncio
@pytest.mark.parametrize("actor", [None, {"id": "bob"}, {"id": "ANA"}])
async def test_nobody_else_decides(news: Path, actor: Any) -> None:
    with open_store(news, write=True) as db, transaction(db):
        decide(db, [Decision("unsure", "x-0", "y-0")])
    async with deciding(news) as (server, ana):
        other = Browser(server, actor)
        for address in (f"{HOME}/decisions", f"{HOME}/entity/{key_of(news, 'Lee')}", HOME):
            assert forms(await other.get(address)) == []
            assert 'method="post"' not in await other.get(address) or actor
        answer = await other.post(f"{HOME}/decide", form_of(news) | await token(ana))
        assert answer.status_code == 403
    assert len(log(news)) == 1


@pytest.mark.asyncio
async def test_no_other_site_sends_a_form_for_somebody(news: Path) -> None:
    evil = {"sec_fetch_site": "cross-site", "origin": "https://evil.example"}
    async with deciding(news) as (_, ana):
        answer = await ana.post(f"{HOME}/decide", form_of(news), **evil)
        assert answer.status_code == 403
        # On 1.0, an older browser says where it comes from, and no more.
        answer = await ana.post(f"{HOME}/decide", form_of(news) | {"csrftoken": "guessed"}, **evil)
        assert answer.status_code == 403
    assert log(news) == []


@pytest.mark.asyncio
async def test_whoever_may_not_see_all_does_not_decide(news: Path) -> None:
    for table in ("articles", "aliases", "quotes", "decisions"):
        async with deciding(news, config=private(table) | ANA_DECIDES) as (_, ana):
            answer = await ana._visitor.get(f"{HOME}/decisions")
            assert answer.status_code == 403, table
            assert forms(await ana.get(HOME)) == []
            answer = await ana.post(f"{HOME}/decide", form_of(news), cookie="")
            assert answer.status_code == 403


@pytest.mark.asyncio
async def test_an_immutable_graph_has_no_forms_and_says_why(news: Path) -> None:
    with open_store(news, write=True) as db, transaction(db):
        decide(db, [Decision("unsure", "x-0", "y-0")])
    async with deciding(news, immutable=True) as (server, ana):
        page = await ana.get(f"{HOME}/decisions")
        assert forms(page) == []
        assert "Nobody can decide here: the database is served as immutable" in page
        assert "immutable" not in await Browser(server, None).get(f"{HOME}/decisions")
        if IS_1_0:
            answer = await ana.post(f"{HOME}/decide", form_of(news))
            assert answer.status_code == 409
            assert "served as immutable" in answer.text


@pytest.mark.asyncio
async def test_a_file_that_is_read_only_has_no_forms_and_says_why(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datasette_newsgraph.web.access import deciding as access

    monkeypatch.setattr(access.os, "access", lambda path, mode: Path(path) != news)
    async with deciding(news) as (_, ana):
        page = await ana.get(f"{HOME}/decisions")
        assert forms(page) == []
        assert "Nobody can decide here: the file of the database is read-only." in page


# --- The page of decisions -------------------------------------------------------------------


@pytest.mark.asyncio
async def test_what_was_decided_is_listed_with_names(news: Path) -> None:
    ann, lee, bo = (key_of(news, name) for name in ("Ann Lee", "Lee", "Bo Dahl"))
    with open_store(news, write=True) as db:
        mention = value(news, "SELECT key FROM mentions WHERE surface = 'Cy'")
        for each in (
            [Decision("same", ann, lee, keep=ann, by="bob", why="One of them.")],
            [Decision("different", bo, ann), Decision("type", bo, value="Sailor")],
            [Decision("wrong", mention, kind="mention"), Decision("name", bo, value="Bo D.")],
            [Decision("split", bo, "bo-2", articles=("day-1",), value="Bo II")],
        ):
            with transaction(db):
                decide(db, each)
    async with deciding(news) as (server, ana):
        page = await ana.get(f"{HOME}/decisions")
        public = await Browser(server, None).get(f"{HOME}/decisions")
    text = " ".join(re.sub("<[^>]*>", "", page).split())
    for said in (
        "Ann Lee and Lee are the same",
        "Ann Lee and Bo Dahl are not the same",
        "Bo Dahl is of the type Sailor",
        "the mention Cy is wrong",
        "Bo Dahl is called Bo D.",
        "in 1 article Bo Dahl is another one: Bo II",
    ):
        assert said in text, text
    assert "by bob" in text
    assert "One of them." in text
    for hidden in ("bob", "One of them."):
        assert hidden not in public
    assert "Who decided and why is shown to those who may decide." in public


@pytest.mark.asyncio
async def test_conflicts_are_listed_and_solved(news: Path) -> None:
    ann, lee, bo = (key_of(news, name) for name in ("Ann Lee", "Lee", "Bo Dahl"))
    with open_store(news, write=True) as db, transaction(db):
        decide(db, [Decision("same", ann, lee), Decision("different", ann, bo)])
        decide(db, [Decision("same", lee, bo)])
    async with deciding(news) as (_, ana):
        page = await ana.get(f"{HOME}/decisions")
        assert "Conflicts" in page
        solving = next(each for each in forms(page) if "Undo the first" in each.text)
        after = await ana.decide(solving)
        assert "Conflicts" not in after


@pytest.mark.asyncio
async def test_a_large_batch_is_listed_in_part_and_alone(news: Path) -> None:
    with open_store(news, write=True) as db, transaction(db):
        decide(db, [Decision("unsure", "x-0", f"y-{number}") for number in range(30)])
        decide(db, [Decision("unsure", "x-0", "z-0")])
    async with deciding(news) as (_, ana):
        page = await ana.get(f"{HOME}/decisions")
        assert page.count("<code>x-0</code>") == 7
        link = re.search(r'href="(\?batch=[^"]*)">All 30', page)
        assert link
        alone = await ana.get(f"{HOME}/decisions{link[1]}")
        assert alone.count("<code>x-0</code>") == 30
        of = await ana.get(f"{HOME}/decisions?of=y-7")
        assert of.count("<code>x-0</code>") == 1


@pytest.mark.asyncio
async def test_batches_are_paged(news: Path) -> None:
    with open_store(news, write=True) as db, transaction(db):
        for number in range(45):
            decide(db, [Decision("unsure", "x-0", f"y-{number}")])
    seen: list[str] = []
    async with deciding(news) as (_, ana):
        address = f"{HOME}/decisions"
        while address:
            page = await ana.get(address)
            seen += re.findall(r"<code>(y-\d+)</code>", page)
            found = re.search(r'href="([^"]*)" rel="next"', page)
            address = found[1].replace("&amp;", "&") if found else ""
    assert seen == [f"y-{number}" for number in range(44, -1, -1)]
