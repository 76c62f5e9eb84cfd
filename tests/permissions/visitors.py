"""Visitors to a server: who is answered what, and which words they are told."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from tests.permissions.marked_news import DATABASE, IS_1_0

# ----------------------------------------------------------------------------------- visitors

ALICE = {"id": "alice"}
Config = dict[str, Any]
#: Who alone may see what is private.
ONLY_ALICE: Config = {"allow": {"id": "alice"}}


def private(*tables: str) -> Config:
    """The configuration of a server on which only Alice may see these tables."""
    return {"databases": {DATABASE: {"tables": {each: dict(ONLY_ALICE) for each in tables}}}}


_JSON = {"content-type": "application/json"}


class Visitor:
    """Asks a server for pages, as an actor or as nobody."""

    def __init__(self, datasette: Any, actor: dict[str, Any] | None) -> None:
        self.datasette = datasette
        self.headers: dict[str, str] = {}
        if actor is not None:
            self.headers["cookie"] = f"ds_actor={datasette.sign({'a': actor}, 'actor')}"

    async def get(self, address: str, **headers: str) -> Any:
        """The answer to GET."""
        return await self.datasette.client.get(address, headers=self.headers | headers)

    async def post(self, address: str, body: Any) -> Any:
        """The answer to POST, of JSON."""
        return await self.datasette.client.post(
            address, content=json.dumps(body), headers=self.headers | _JSON
        )


class Server:
    """A Datasette with one news graph, and who visits it."""

    def __init__(self, datasette: Any) -> None:
        self.datasette = datasette
        self.anybody = Visitor(datasette, None)
        self.alice = Visitor(datasette, ALICE)

    def visitor(self, actor: dict[str, Any] | None) -> Visitor:
        return Visitor(self.datasette, actor)


class _CompiledOnce(BytecodeCache):
    """Templates as they were compiled for the first of many servers."""

    __name__ = "compiled_once"
    compiled: ClassVar[dict[str, bytes]] = {}

    @hookimpl
    def prepare_jinja2_environment(self, env: Any) -> None:
        env.bytecode_cache = self

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key + bucket.checksum in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


@asynccontextmanager
async def serving(
    path: Path, config: Config | None = None, *, immutable: bool = False, **options: Any
) -> AsyncIterator[Server]:
    """A server of the database, which is closed in the end."""
    settings = {"sql_time_limit_ms": 10_000, "facet_time_limit_ms": 10_000}
    given = {"config" if IS_1_0 else "metadata": json.loads(json.dumps(config or {}))}
    files, immutables = ([], [str(path)]) if immutable else ([str(path)], [])
    templates = _CompiledOnce()
    pm.register(templates)
    try:
        datasette = Datasette(files, immutables=immutables, settings=settings, **given, **options)
        await datasette.invoke_startup()
    finally:
        pm.unregister(templates)
    try:
        yield Server(datasette)
    finally:
        if IS_1_0:
            datasette.close()
        else:
            for database in datasette.databases.values():
                for connection in database._all_file_connections:
                    connection.close()


def text_of(answer: Any) -> str:
    """All that an answer says, headers included."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{answer.status_code}\n{headers}\n{answer.text}"


def words_in(answer: Any, words: Iterable[str], address: str) -> set[str]:
    """Those of the words that an answer tells, other than by giving back the address."""
    text, asked = text_of(answer).lower(), address.lower()
    return {each for each in words if each.lower() not in asked and _holds(text, each.lower())}


async def answers(visitor: Visitor, pages: Iterable[str]) -> dict[str, tuple[int, str]]:
    """What a visitor is told at each address, but for what differs from one moment to the next."""
    found = {}
    for page in pages:
        answer = await visitor.get(page)
        assert answer.status_code < 500, page
        headers = answer.headers
        # The rest of the headers tells of the request or, as the ETag, of the file.
        told = [headers.get(name, "") for name in ("link", "location", "cache-control")]
        found[page] = (answer.status_code, "\n".join([*told, timeless(answer.text)]))
    return found


def differences(one: dict[str, tuple[int, str]], other: dict[str, tuple[int, str]]) -> list[str]:
    """The addresses at which two servers do not answer the same."""
    return [page for page, answer in one.items() if other.get(page) != answer]


def timeless(text: str) -> str:
    """An answer without what differs from one moment to the next."""
    return re.sub(r'[0-9.e-]+ ?ms|"query_ms": [0-9.e-]+|"duration[^,]*|set-cookie.*', "", text)


def _holds(text: str, word: str) -> bool:
    if word.isdigit():
        # Not a part of a digest or a longer number; pages have commas in it. What is looked for comes
        # first in the pattern, and what is before it after, as that is many times quicker.
        first, *others = f"{int(word):,}".split(",")
        digits = "".join(f",?{each}" for each in others)
        return re.search(rf"{first}(?<![0-9a-z]{first}){digits}(?![0-9a-z])", text) is not None
    return word in text
