"""A question is answered in a thread of its own, which waits for a process, while the server goes on.

Datasette has three threads for SQL, which pages need.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from datasette_newsgraph.web.sparql.pool import Pool
from datasette_newsgraph.web.sparql.process import Call, Written
from datasette_newsgraph.web.sparql.question import Question, Shown

Receive = Callable[[], Awaitable[dict[str, Any]]]


async def answer(
    pool: Pool, question: Question, patience: float, receive: Receive
) -> Written | Shown:
    """Return the answer to a question. It ends when the client does; ``receive`` tells that.

    Raises what ``Pool.answer`` raises.
    """
    call, loop = Call(), asyncio.get_running_loop()
    future: asyncio.Future[Written | Shown] = loop.create_future()

    def work() -> None:
        try:
            found = pool.answer(question, call, patience)
        except BaseException as error:
            _tell(loop, future, error)
        else:
            _tell(loop, future, found)

    watch = asyncio.ensure_future(_watch(receive, call))
    try:
        threading.Thread(target=work, name="newsgraph-sparql", daemon=True).start()
        return await future
    finally:
        # Where it is answered, this does nothing; else the server is about to end.
        call.end()
        watch.cancel()


def _tell(
    loop: asyncio.AbstractEventLoop,
    future: asyncio.Future[Written | Shown],
    found: Written | Shown | BaseException,
) -> None:
    def settle() -> None:
        if future.done():
            if isinstance(found, Written):
                found.file.close()
        elif isinstance(found, BaseException):
            future.set_exception(found)
        else:
            future.set_result(found)

    # The loop may be gone when a server ends in the middle of a question.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(settle)


async def _watch(receive: Receive, call: Call) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    call.end()
