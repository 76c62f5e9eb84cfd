"""Loads into a graph that is served, downloaded and exported meanwhile.

No load fails, no page is an error, and what is exported is one state of the graph. ``make test-long``
loads 20 times, the other runs a few times.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.loading import ending
from datasette_newsgraph.loading import load as loading
from datasette_newsgraph.store import open_store
from tests.loading.processes import COMMAND
from tests.web.served import Server

IS_LONG = settings.get_current_profile_name() == "long"
LOADS = 20 if IS_LONG else 2
#: Articles that are there, and that each load brings.
THERE, EACH = (300, 20) if IS_LONG else (150, 5)

Generated = Callable[[int], list[dict[str, Any]]]
LINK = re.compile(r'href="(/[^"#]*)"')


class Crawl:
    """Asks for pages, and for those that they link to, until it is stopped; counts what it gets."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.statuses: Counter[int] = Counter()
        self.errors: list[tuple[int, str]] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> Crawl:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join(60)

    def _ask(self) -> None:
        begin = ["/", "/news", "/news/-/newsgraph", "/news/entities", "/news/article_index"]
        waiting, seen = list(begin), set(begin)
        while not self._stopped.is_set():
            path = waiting.pop(0) if waiting else begin[len(seen) % len(begin)]
            status, headers, body = self.server.get(path)
            self.statuses[status] += 1
            if status >= 500:
                self.errors.append((status, path))
            if not waiting:
                waiting = list(begin)
            if headers.get("content-type", "").startswith("text/html") and len(seen) < 2000:
                for link in LINK.findall(body.decode())[:40]:
                    new = link.replace("&amp;", "&")
                    if new not in seen and not re.search(r"\.(css|js|db)\b|logout|\.(ttl|nt)", new):
                        seen.add(new)
                        waiting.append(new)


class Exports:
    """Exports again and again into a file, and keeps what each was."""

    def __init__(self, database: Path, output: Path) -> None:
        self.command = [*COMMAND, "export", str(database), "-q", "-o", str(output)]
        self.output = output
        self.codes: list[int] = []
        self.digests: list[str] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Exports:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join(120)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self.codes.append(subprocess.run(self.command, check=False).returncode)
            self.digests.append(hashlib.sha256(self.output.read_bytes()).hexdigest())


class SlowDownload:
    """Takes a little of a download every now and then, and the rest when ``rest`` is asked for."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        self._connection.request("GET", "/news/-/newsgraph.nt")
        self._answer = self._connection.getresponse()
        self._taken = self._answer.read(100)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._take, daemon=True)

    def __enter__(self) -> SlowDownload:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join(60)
        self._connection.close()

    def _take(self) -> None:
        # He who takes nothing for a minute is given up.
        while not self._stopped.wait(2):
            self._taken += self._answer.read(100_000)

    def rest(self) -> bytes:
        self._stopped.set()
        self._thread.join(60)
        return self._taken + self._answer.read()


def exported(database: Path, ending: str) -> bytes:
    output = database.with_name(f"state.{ending}")
    subprocess.run([*COMMAND, "export", str(database), "-q", "-o", str(output)], check=True)
    return output.read_bytes()


def snapshots(database: Path, sources: list[Path]) -> Iterator[str]:
    """Load these files one by one, and yield what each state was that others could see: a load commits
    its articles, then what follows from all of them.
    """
    seen = [digest(database)]
    with pytest.MonkeyPatch.context() as patched:
        settle = ending._settle

        def settle_later(db: Any) -> None:
            seen.append(digest(database))
            settle(db)

        patched.setattr(ending, "_settle", settle_later)
        for source in sources:
            loading.load_files(database, [source])
            seen.append(digest(database))
    yield from seen


def digest(database: Path) -> str:
    return hashlib.sha256(exported(database, "ttl")).hexdigest()


def test_loads_go_through_beside_all_who_read(generated: Generated, tmp_path: Path) -> None:
    records = generated(THERE + LOADS * EACH)
    database, states = tmp_path / "news.db", tmp_path / "states.db"
    loading.load(database, records[:THERE])
    shutil.copy(database, states)
    triples = exported(states, "nt")
    sources: list[Path] = []
    server = Server(database)
    still = subprocess.Popen(
        [*COMMAND, "export", str(database), "-q", "-f", "ntriples"], stdout=subprocess.PIPE
    )
    assert still.stdout
    try:
        with (
            Crawl(server) as crawl,
            SlowDownload(server) as slow,
            Exports(database, tmp_path / "a.ttl") as a,
            Exports(database, tmp_path / "b.ttl") as b,
        ):
            begun = still.stdout.read(100)
            for number in range(LOADS):
                first = THERE + number * EACH
                given = records[first : first + EACH]
                sources.append(tmp_path / f"{number}.jsonl")
                sources[-1].write_text("".join(f"{json.dumps(each)}\n" for each in given))
                done = subprocess.run(
                    [*COMMAND, "load", str(database), str(sources[-1])],
                    capture_output=True,
                    check=False,
                )
                assert done.returncode == 0, done.stderr
                assert f"{EACH} new".encode() in done.stderr
            assert slow.rest() == triples
            assert begun + still.stdout.read() == triples
        assert still.wait(60) == 0
    finally:
        still.stdout.close()
        still.kill()
        server.stop()
    exports = [*a.digests, *b.digests]
    print(
        f"{LOADS} loads, {dict(crawl.statuses)} pages, {len(exports)} exports of {len(set(exports))}"
    )
    assert crawl.errors == []
    assert set(a.codes) | set(b.codes) == {0}
    assert set(exports) <= set(snapshots(states, sources))
    assert exported(database, "nt") == exported(states, "nt")
    with open_store(database) as db:
        assert list(check(db)) == []
