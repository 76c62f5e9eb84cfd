"""The endpoint of a real server: clients that hang up, and what is left when the server ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.permissions.marked_news import IS_1_0
from tests.web.served import Server
from tests.web.sparql_asked import COUNT, EXPLODES, SPARQL, configured

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="sees processes by /proc"
)
SECONDS = 8


@pytest.fixture
def server(example_db: Path, tmp_path: Path) -> Iterator[Server]:
    """A server with one process for questions, each of which may take long."""
    (block,) = configured(sparql_time_limit_ms=SECONDS * 1000, sparql_at_once=1).values()
    given = tmp_path / "given.json"
    given.write_text(json.dumps(block))
    running = Server(example_db, "--config" if IS_1_0 else "--metadata", str(given))
    yield running
    running.process.kill()
    running.process.wait()


def children(server: Server) -> list[int]:
    """The processes that a server has started."""
    tasks = Path(f"/proc/{server.process.pid}/task")
    lists = (each / "children" for each in tasks.iterdir())
    return sorted(int(number) for each in lists for number in each.read_text().split())


def is_there(number: int) -> bool:
    """Tell whether there is a process that has not ended."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def soon(holds: Callable[[], bool], seconds: float = 10) -> bool:
    """Tell whether something holds in a while."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_a_client_that_hangs_up_ends_its_question(server: Server) -> None:
    assert children(server) == []
    assert server.get(f"{SPARQL}?query={quote(COUNT)}")[0] == 200
    before = children(server)
    assert len(before) == 1
    client = _begin(server, EXPLODES)
    time.sleep(1)
    assert server.get("/examples/-/newsgraph")[0] == 200
    assert children(server) == before
    client.close()
    assert soon(lambda: not is_there(before[0]), SECONDS / 2)
    assert server.get(f"{SPARQL}?query={quote(COUNT)}")[0] == 200
    assert len(children(server)) == 1


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_a_server_that_has_ended(server: Server, how: signal.Signals) -> None:
    assert server.get(f"{SPARQL}?query={quote(COUNT)}")[0] == 200
    left = children(server)
    assert len(left) == 1
    os.kill(server.process.pid, how)
    server.process.wait(30)
    assert soon(lambda: not any(map(is_there, left)))


def test_a_server_that_is_killed_leaves_no_question_past_its_time(server: Server) -> None:
    assert server.get(f"{SPARQL}?query={quote(COUNT)}")[0] == 200
    left = children(server)
    client = _begin(server, EXPLODES)
    time.sleep(1)
    server.process.kill()
    server.process.wait(30)
    assert soon(lambda: not any(map(is_there, left)), SECONDS + 5)
    client.close()


def _begin(server: Server, query: str) -> socket.socket:
    """Ask, and read nothing."""
    client = socket.create_connection(("127.0.0.1", server.port))
    request = f"GET {SPARQL}?query={quote(query)} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    client.sendall(request.encode())
    return client
