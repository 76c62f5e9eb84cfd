"""RDF as a stream: written in a thread of its own, sent as fast as the client reads.

Datasette has three threads for SQL. A download that held one while its client is slow would keep all
other pages waiting, so each has its own thread and its own connection, with one snapshot. There may
be so many at a time, and no more.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from datasette.utils.asgi import Response
from sqlite_utils import Database

from datasette_newsgraph.spooling import as_taken
from datasette_newsgraph.store.journal import is_awaited
from datasette_newsgraph.web.access.narrowing import narrow
from datasette_newsgraph.web.faults import Fault, report
from datasette_newsgraph.web.rdf.negotiation import takes_gzip
from datasette_newsgraph.web.rdf.packing import gzipped
from datasette_newsgraph.web.settings import settings_of

Blocks = Callable[[Database], Generator[bytes, None, None]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

#: Blocks that are written ahead of the client.
_AHEAD = 8
#: Seconds after which a client that was refused may ask again.
_RETRY_AFTER = 30
#: Seconds between looks at whether the client has gone.
_PATIENCE = 0.5
#: Seconds after which a reader who takes nothing is given up.
_STANDSTILL = 60
#: Bytes that are sent at once: a message for each block of rows would cost more than the rows.
_PIECE = 64 * 1024

_END = object()


class Turnstile:
    """Lets so many streams through at a time."""

    def __init__(self, limit: int) -> None:
        self._places = threading.BoundedSemaphore(limit)

    def enter(self) -> bool:
        """Take a place; False if there is none."""
        return self._places.acquire(blocking=False)

    def leave(self) -> None:
        """Give the place back."""
        self._places.release()


@dataclass(frozen=True)
class Turnstiles:
    """The turnstiles of a server: whole graphs take minutes and a processor each; parts of them are
    small, or nearly always.
    """

    whole: Turnstile
    part: Turnstile


_of_servers: WeakKeyDictionary[Any, Turnstiles] = WeakKeyDictionary()


def turnstiles_of(datasette: Any) -> Turnstiles:
    """Return the turnstiles of a server, as wide as its settings have them."""
    if datasette not in _of_servers:
        settings = settings_of(datasette, None)
        _of_servers[datasette] = Turnstiles(
            Turnstile(settings.downloads_at_once), Turnstile(settings.small_downloads_at_once)
        )
    return _of_servers[datasette]


def busy(headers: dict[str, str]) -> Response:
    """Return the answer to who finds no place; of the ``headers`` those that are not of the graph."""
    of_graph = ("ETag", "Content-Disposition", "Link")
    headers = {name: value for name, value in headers.items() if name not in of_graph}
    return Response.text(
        "Too many downloads are under way; try again later.\n",
        status=503,
        headers={**headers, "Retry-After": str(_RETRY_AFTER), "Cache-Control": "no-store"},
    )


class Download:
    """One stream. ``blocks`` makes it of a connection, which holds a read transaction; of some tables
    it reads ``parts`` only. ``is_packed``: it is sent as gzip.

    ``start`` gives the first block, or raises what went wrong before it; then ``send`` the rest.
    """

    def __init__(
        self,
        database: Any,
        blocks: Blocks,
        turnstile: Turnstile,
        parts: Mapping[str, str],
        *,
        first_at_once: bool = False,
        is_packed: bool = False,
    ) -> None:
        self._database = database
        self._is_packed = is_packed
        self._first_at_once = first_at_once
        self._blocks = blocks
        self._parts = parts
        self._turnstile = turnstile
        self._queue: queue.Queue[Any] = queue.Queue(_AHEAD)
        self._ready = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._stopped = threading.Event()
        self._is_given_up = False
        self._full_since: float | None = None
        self._is_begun = False
        self._is_ended = False

    async def start(self) -> bytes:
        """Begin to write, and return the first block. The place in the turnstile must be taken."""
        thread = threading.Thread(target=self._write, name="newsgraph-download", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            # There are too many threads already; this one will not give its place back.
            self._turnstile.leave()
            raise
        try:
            return await self._next() or b""
        except BaseException:
            self._stopped.set()
            raise

    def stop(self) -> None:
        """Stop writing: nobody will read on."""
        self._stopped.set()

    async def send(self, first: bytes, send: Send, receive: Receive) -> None:
        """Send the body, until its end or the client's. Raises what the writing thread met, upon
        which the server cuts the connection: the client sees that something is missing.
        """
        watch = asyncio.ensure_future(self._watch(receive))
        try:
            block: bytes | None = first
            while block is not None and not self._stopped.is_set():
                await send({"type": "http.response.body", "body": block, "more_body": True})
                block = await self._next()
        finally:
            self._stopped.set()
            watch.cancel()
        if self._is_given_up:
            report(Fault.STILL, self._database.name)
            raise ConnectionAbortedError(f"the reader took nothing for {_STANDSTILL} seconds")

    async def _watch(self, receive: Receive) -> None:
        # An ASGI server says nothing to who sends to a client that has gone.
        while (await receive())["type"] != "http.disconnect":
            pass
        self._stopped.set()
        self._ready.set()

    async def _next(self) -> bytes | None:
        """Return the next block, or None at the end; raises what the writing thread met."""
        while not self._is_ended:
            self._ready.clear()
            with suppress(queue.Empty):
                found = self._queue.get_nowait()
                if found is _END:
                    self._is_ended = True
                    return None
                if isinstance(found, BaseException):
                    raise found
                return bytes(found)
            if self._stopped.is_set():
                return None
            await self._ready.wait()
        return None

    def _write(self) -> None:
        try:
            with self._connected() as connection:
                connection.set_progress_handler(self._stopped.is_set, 100_000)
                narrow(connection, self._parts)
                with closing(self._blocks(Database(connection))) as blocks:
                    self._put_all(blocks)
            self._put(_END)
        except BaseException as error:
            # Who has gone is no fault; what is wrong before the first block, is said in the answer.
            if self._is_begun and not self._stopped.is_set():
                report(Fault.BROKEN_OFF, self._database.name, error)
            # Whatever it is: the task that waits for blocks is the one to raise it.
            self._put(error)
        finally:
            self._turnstile.leave()

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        connection: sqlite3.Connection = self._database.connect()
        connection.isolation_level = None
        try:
            yield connection
        finally:
            connection.close()
            # Datasette keeps the connections that it opens, to close them at its end.
            with suppress(AttributeError, ValueError):
                self._database._all_file_connections.remove(connection)

    def _put_all(self, blocks: Generator[bytes, None, None]) -> None:
        path = self._database.path
        pieces = self._pieces(blocks)
        if self._is_packed:
            pieces = gzipped(pieces)
        for piece in as_taken(
            pieces, self._has_room, lambda: path is not None and is_awaited(path)
        ):
            self._put(piece)
            self._is_begun = True
            if self._stopped.is_set():
                return

    def _pieces(self, blocks: Generator[bytes, None, None]) -> Iterator[bytes]:
        piece = bytearray()
        is_first = True
        for block in blocks:
            piece += block
            # The first at once, so that the client knows that it comes; of what is small, all at once,
            # so that what is wrong with it can still be said.
            if (is_first and self._first_at_once) or len(piece) >= _PIECE:
                yield bytes(piece)
                piece.clear()
                is_first = False
        if piece:
            yield bytes(piece)

    def _has_room(self) -> bool:
        """Wait a little until the client takes something; tell whether it did, or does not any more."""
        if self._stopped.is_set() or not self._queue.full():
            self._full_since = None
            return True
        self._full_since = self._full_since or time.monotonic()
        with self._queue.not_full:
            self._queue.not_full.wait(_PATIENCE)
        return time.monotonic() > self._full_since + _STANDSTILL

    def _put(self, item: object) -> None:
        """Put a block behind the others; stop for good if none is taken for too long.

        A reader who stands still would keep a place, and with it writers from the database.
        """
        deadline = (self._full_since or time.monotonic()) + _STANDSTILL
        while not self._stopped.is_set():
            with suppress(queue.Full):
                self._queue.put(item, timeout=_PATIENCE)
                self._full_since = None
                # The loop may be gone when a server shuts down in the middle of a download.
                with suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._ready.set)
                return
            if time.monotonic() > deadline:
                self._is_given_up = True
                self._stopped.set()
                with suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._ready.set)
                return


class RdfStream(Response):  # type: ignore[misc]  # datasette has no annotations
    """A response that is streamed. Datasette's own stream takes text, which it would encode again, and
    no output renderer may return one.
    """

    def __init__(self, download: Download, first: bytes, receive: Receive, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._download, self._first, self._receive = download, first, receive

    async def asgi_send(self, send: Send) -> None:
        """Send headers and body."""
        headers = {**self.headers, "content-type": self.content_type}
        listed = [
            [key.encode("latin-1"), value.encode("latin-1")] for key, value in headers.items()
        ]
        try:
            await send({"type": "http.response.start", "status": self.status, "headers": listed})
            await self._download.send(self._first, send, self._receive)
        finally:
            self._download.stop()
        await send({"type": "http.response.body", "body": b""})


def varying_with_packing(headers: Mapping[str, str]) -> str:
    """Return what a response depends on in the request, besides whether the client takes gzip."""
    return ", ".join(filter(None, (headers.get("Vary"), "Accept-Encoding")))


async def respond(
    request: Any,
    database: Any,
    blocks: Blocks,
    turnstile: Turnstile,
    headers: dict[str, str],
    content_type: str,
    parts: Mapping[str, str],
    *,
    first_at_once: bool = False,
) -> Any:
    """Return a streamed response, an empty one to HEAD, or 503 if there is no place. ``parts`` are the
    tables of which the visitor may see some rows only, with the SELECT of these. It is packed for a
    client that takes gzip.

    Raises what goes wrong before the first block is sent: at once where ``first_at_once``, as for what
    takes minutes, else when there is a good piece, or all.
    """
    is_packed = takes_gzip(request)
    sent = {**headers, "Vary": varying_with_packing(headers)}
    if is_packed:
        sent["Content-Encoding"] = "gzip"
    if request.method == "HEAD":
        return Response("", headers=sent, content_type=content_type)
    if not turnstile.enter():
        report(Fault.BUSY, database.name)
        return busy(headers)
    download = Download(
        database, blocks, turnstile, parts, first_at_once=first_at_once, is_packed=is_packed
    )
    first = await download.start()
    return RdfStream(download, first, request.receive, headers=sent, content_type=content_type)
