"""A Datasette that serves one database, in a process of its own, and its clients."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from datasette.utils import tilde_encode

HOST = "127.0.0.1"
#: Seconds in which Datasette is to start, to answer, and to end.
_PATIENCE = 60
_BLOCK = 1 << 20


class Answer(NamedTuple):
    """What came, and the seconds until its end."""

    status: int
    body: bytes
    seconds: float


class Server:
    """``python -m datasette serve`` with its default settings; ``with`` starts and ends it."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.root = f"/{tilde_encode(database.stem)}"
        with socket.create_server((HOST, 0)) as free:
            self.port: int = free.getsockname()[1]

    def __enter__(self) -> Server:
        command = [sys.executable, "-m", "datasette", "serve", str(self.database)]
        self._process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._wait()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def _wait(self) -> None:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(OSError):
                self.get("/-/versions.json")
                return
            time.sleep(0.05)
        raise SystemExit(f"Datasette does not serve {self.database}")

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @contextmanager
    def _asked(self, path: str) -> Iterator[tuple[http.client.HTTPResponse, Callable[[], float]]]:
        """Send a request; give the response, and a clock that began before it."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=_PATIENCE)
        begin = time.perf_counter()
        try:
            connection.request("GET", path)
            yield connection.getresponse(), lambda: time.perf_counter() - begin
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        """Get a page."""
        with self._asked(path) as (response, clock):
            body = response.read()
            return Answer(response.status, body, clock())

    def begin(self, path: str) -> float:
        """Get the first byte of a download's body, and hang up; return the seconds it took."""
        with self._asked(path) as (response, clock):
            _require(path, response.status, response.read(1))
            return clock()

    def transfer(self, path: str) -> float:
        """Get a download to its end and keep nothing of it; return the seconds it took."""
        block = bytearray(_BLOCK)
        with self._asked(path) as (response, clock):
            _require(path, response.status, response.read(1))
            # Raises if the end does not come.
            while response.readinto(block):
                pass
            return clock()


def _require(path: str, status: int, first: bytes) -> None:
    if status != 200 or not first:
        raise SystemExit(f"{path} is no download: {status}")


class Reader(threading.Thread):
    """A client that reads a download bit by bit, until it is told to stop."""

    def __init__(self, server: Server, path: str, size: int, pause: float, buffer: int = 0) -> None:
        super().__init__(daemon=True)
        self._path = path
        self._request = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
        self._address = HOST, server.port
        self._size, self._pause, self._buffer = size, pause, buffer
        self._stopped = threading.Event()
        self._answered = threading.Event()
        self._head = b""

    def run(self) -> None:
        """Read until ``stop`` or the end."""
        block = bytearray(self._size)
        with socket.socket() as client:
            if self._buffer:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._buffer)
            client.settimeout(_PATIENCE)
            client.connect(self._address)
            client.sendall(self._request)
            with suppress(OSError):
                while (count := client.recv_into(block)) and not self._stopped.wait(self._pause):
                    self._head = self._head or bytes(block[:count])
                    self._answered.set()

    def wait(self) -> None:
        """Wait until the download has begun."""
        self._answered.wait(_PATIENCE)
        status = self._head.partition(b" ")[2][:3]
        _require(self._path, int(status or 0), self._head)

    def stop(self) -> None:
        """Hang up."""
        self._stopped.set()
        self.join()
