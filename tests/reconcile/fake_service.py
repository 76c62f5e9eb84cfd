"""A reconciliation service on this machine that says what a test wants, and keeps what it is asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

MANIFEST = {
    "versions": ["0.1", "0.2"],
    "name": "Things",
    "identifierSpace": "http://www.wikidata.org/entity/",
    "schemaSpace": "http://www.wikidata.org/prop/direct/",
    "view": {"url": "https://www.wikidata.org/wiki/{{id}}"},
    "defaultTypes": [{"id": "Q5", "name": "person"}],
}
DRAFT = {
    "versions": ["1.0-draft"],
    "name": "Things of the draft",
    "view": {"url": "https://things.example/{id}"},
}


@dataclass
class FakeService:
    """``answers`` has the candidates of a name; what is not in it has none. ``replies`` are given
    first, each once: (status, headers, body).
    """

    url: str
    manifest: Any = field(default_factory=lambda: dict(MANIFEST))
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    replies: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    batches: list[Any] = field(default_factory=list)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def reply(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        self.requests.append((method, path, headers))
        if self.replies:
            return self.replies.pop(0)
        if method == "GET":
            return 200, {}, json.dumps(self.manifest).encode()
        if path.partition("?")[0].endswith("/match"):
            queries = json.loads(body)["queries"]
            self.batches.append(queries)
            names = [each["conditions"][0]["propertyValue"] for each in queries]
            told: Any = {"results": [{"candidates": self.answers.get(each, [])} for each in names]}
        else:
            batch = json.loads(parse_qs(body.decode())["queries"][0])
            self.batches.append(batch)
            told = {
                name: {"result": self.answers.get(each["query"], [])}
                for name, each in batch.items()
            }
        return 200, {}, json.dumps(told).encode()


@contextmanager
def serving_things() -> Iterator[FakeService]:
    """A service at a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, extra, told = service.reply(self.command, self.path, headers, body)
            self.send_response(status)
            for name, value in (extra | {"Content-Length": str(len(told))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = answer  # noqa: N815

        log_message: Callable[..., None] = lambda *_: None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = FakeService(f"http://127.0.0.1:{server.server_port}/reconcile")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
