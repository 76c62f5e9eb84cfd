"""Limits of the endpoint: no question runs past its time, takes the memory, or holds up the server."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import QueryStopped
from datasette_newsgraph.web.sparql import memory
from datasette_newsgraph.web.sparql.pool import Busy, Pool
from datasette_newsgraph.web.sparql.process import Call, Ended, Written
from datasette_newsgraph.web.sparql.protocol import QUERY
from datasette_newsgraph.web.sparql.question import Question
from tests.web.sparql_asked import ALL, COUNT, CROSSES, EXPLODES, Asking, configured

Serve = Callable[..., Any]
#: Seconds that a question may take here, and that it takes longer on a busy machine.
SECONDS = 2
LATE = 4.0
LIMITS = configured(sparql_time_limit_ms=SECONDS * 1000, sparql_at_once=1)


@pytest.mark.asyncio
@pytest.mark.parametrize("query", [EXPLODES, CROSSES], ids=["REGEX", "ORDER BY"])
async def test_a_question_ends_with_its_time_and_others_go_on(
    serve: Serve, example_db: Path, query: str
) -> None:
    ask = Asking(serve, example_db, **LIMITS)
    assert (await ask.get(COUNT)).status_code == 200
    began = time.monotonic()
    evil = asyncio.ensure_future(ask.get(query))
    await asyncio.sleep(0.2)
    page = await ask.client.get("/examples/-/newsgraph")
    assert (page.status_code, evil.done()) == (200, False)
    answer = await evil
    assert SECONDS <= time.monotonic() - began < SECONDS + LATE
    assert answer.status_code == 503
    assert answer.text.startswith(f"The question took longer than {SECONDS} s; ask for less")
    assert "etag" not in answer.headers
    # Another process is there for the next one.
    assert (await ask.get(COUNT)).status_code == 200
    assert len(ask.processes()) == 1


@pytest.mark.asyncio
async def test_an_answer_has_no_more_rows_than_it_may(serve: Serve, example_db: Path) -> None:
    ask = Asking(serve, example_db, **configured(sparql_rows=10))
    allowed = await ask.get("SELECT * WHERE { ?s ?p ?o } LIMIT 10")
    assert len(allowed.json()["results"]["bindings"]) == 10
    for query in ("SELECT * WHERE { ?s ?p ?o } LIMIT 11", ALL):
        answer = await ask.get(query)
        assert (answer.status_code, "more than 10 rows" in answer.text) == (503, True)
    assert (await ask.get(f"{ALL} LIMIT 10")).status_code == 200


@pytest.mark.asyncio
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="Linux alone holds to the limit")
async def test_a_question_takes_no_more_memory_than_it_may(serve: Serve, example_db: Path) -> None:
    ask = Asking(serve, example_db, **configured(sparql_memory_mb=192, sparql_at_once=1))
    assert memory.HAS_LIMIT
    assert (await ask.get(COUNT)).status_code == 200
    before = ask.processes()
    words = "REPLACE(?long, 'a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')"
    grows = f"BIND('aaaaaaaa' AS ?long) BIND({words} AS ?l1)"
    for number in range(1, 6):
        grows += f" BIND({words.replace('?long', f'?l{number}')} AS ?l{number + 1})"
    answer = await ask.get(f"SELECT (STRLEN(?l6) AS ?n) {{ {grows} }}")
    assert answer.status_code == 503
    assert answer.text.startswith("The question needs more than the 192 MB of memory")
    assert (await ask.get(COUNT)).status_code == 200
    assert ask.processes() != before


@pytest.mark.asyncio
async def test_ten_at_once_are_answered_one_after_the_other(serve: Serve, example_db: Path) -> None:
    ask = Asking(serve, example_db, **configured(sparql_at_once=2))
    answers = await asyncio.gather(*(ask.get(f"{COUNT} # {n}") for n in range(10)))
    assert {each.status_code for each in answers} == {200}
    assert len({each.text for each in answers}) == 1
    assert len(ask.processes()) == 2


@pytest.mark.asyncio
async def test_who_waits_too_long_is_told_to_come_again(serve: Serve, example_db: Path) -> None:
    ask = Asking(serve, example_db, **configured(sparql_time_limit_ms=500, sparql_at_once=1))
    answers = await asyncio.gather(*(ask.post(EXPLODES, QUERY) for _ in range(12)))
    refused = [each for each in answers if "Too many questions" in each.text]
    assert refused
    assert {each.status_code for each in answers} == {503}
    assert all(each.headers["retry-after"] == "10" for each in refused)


# --- The processes ---------------------------------------------------------------------------


def question(path: Path, text: str, seconds: float = 20.0) -> Question:
    """A question to a process, about all of a graph."""
    everything = frozenset(("articles", "entities", "mentions", "relations"))
    uri = f"file:{path}?mode=ro"
    return Question(uri, text, everything, {}, 0.5, seconds, 1000, "json", "turtle")


@pytest.fixture
def pool() -> Iterator[Pool]:
    """One process."""
    made = Pool(1, 512)
    yield made
    made.close()


def counted(pool: Pool, path: Path) -> bytes:
    """What a process says of the number of triples."""
    found = pool.answer(question(path, COUNT), Call(), 1)
    assert isinstance(found, Written)
    with found.file as file:
        return file.read()


def test_a_question_that_is_ended_ends_its_process(pool: Pool, example_db: Path) -> None:
    call = Call()
    assert b'"bindings"' in counted(pool, example_db)
    before = pool.numbers
    threading.Timer(0.5, call.end).start()
    with pytest.raises(Ended):
        pool.answer(question(example_db, EXPLODES), call, 1)
    assert len(pool.numbers) == 1
    assert pool.numbers != before


def test_a_question_that_is_answered_ends_nothing_any_more(pool: Pool, example_db: Path) -> None:
    call = Call()
    found = pool.answer(question(example_db, COUNT), call, 1)
    assert isinstance(found, Written)
    before = pool.numbers
    call.end()
    with found.file as file:
        assert file.read() == counted(pool, example_db)
    assert pool.numbers == before


def test_who_waits_may_go_or_is_sent_away(pool: Pool, example_db: Path) -> None:
    first, second = Call(), Call()

    def hold() -> None:
        with pytest.raises(Ended):
            pool.answer(question(example_db, EXPLODES), first, 1)

    holding = threading.Thread(target=hold)
    holding.start()
    while not pool.numbers:
        time.sleep(0.01)
    with pytest.raises(Busy):
        pool.answer(question(example_db, COUNT), Call(), 0)
    threading.Timer(0.5, second.end).start()
    with pytest.raises(Ended):
        pool.answer(question(example_db, COUNT), second, 30)
    first.end()
    holding.join()
    assert b'"bindings"' in counted(pool, example_db)


def test_a_process_that_dies_is_an_answer_and_another_takes_its_place(
    pool: Pool, example_db: Path
) -> None:
    before = counted(pool, example_db)
    threading.Timer(0.5, os.kill, [*pool.numbers, signal.SIGKILL]).start()
    with pytest.raises(QueryStopped, match="the process that answered the question has ended"):
        pool.answer(question(example_db, EXPLODES), Call(), 1)
    assert counted(pool, example_db) == before
