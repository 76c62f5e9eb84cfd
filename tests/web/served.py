"""``datasette serve`` in a process of its own, for what the tests ask over a real connection."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

STARTED = re.compile(rb"Uvicorn running on http://127\.0\.0\.1:(\d+)")


class Server:
    """``datasette serve`` in a process of its own."""

    def __init__(self, path: Path, *options: str) -> None:
        # It takes a port that is free and says which: one found here may be somebody else's by then.
        command = [sys.executable, "-m", "datasette", "serve", str(path), "-p", "0", *options]
        with tempfile.NamedTemporaryFile() as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
            deadline = time.monotonic() + 60
            while not (found := STARTED.search(Path(log.name).read_bytes())):
                assert time.monotonic() < deadline
                assert self.process.poll() is None
                time.sleep(0.05)
        self.port = int(found[1])
        self.get("/-/versions.json")

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return response.status, headers, response.read()

    def begin(self, path: str) -> tuple[socket.socket, int]:
        """Ask for something, and read no more than the status."""
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(30)
        client.connect(("127.0.0.1", self.port))
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        return client, int(client.recv(12).removeprefix(b"HTTP/1.1 "))

    def state(self) -> tuple[int, int]:
        """How many threads and open files it has."""
        process = Path("/proc") / str(self.process.pid)
        return len(os.listdir(process / "task")), len(os.listdir(process / "fd"))

    def settles(self, before: tuple[int, int]) -> bool:
        """Tell whether it soon has no more threads and open files than before."""
        for _ in range(600):
            if all(now <= then for now, then in zip(self.state(), before, strict=True)):
                return True
            time.sleep(0.1)
        return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)
