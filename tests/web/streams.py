"""What the tests of downloads share."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from click.testing import CliRunner

from datasette_newsgraph.cli import cli
from datasette_newsgraph.rdf import Format
from datasette_newsgraph.web.rdf import downloads
from datasette_newsgraph.web.rdf.downloads import Turnstile


def first_key(path: Path, table: str) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute(f"SELECT key FROM {table} LIMIT 1 OFFSET 2").fetchone()[0])


def exported(path: Path, format_: Format, *options: str) -> bytes:
    """What the command writes to its standard output."""
    result = CliRunner().invoke(cli, ["export", str(path), "-f", format_.name, *options])
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


Blocks = Generator[bytes, None, None]


async def until(condition: Callable[[], bool], seconds: float = 30.0) -> bool:
    for _ in range(int(seconds / 0.05)):
        if condition():
            return True
        await asyncio.sleep(0.05)
    return condition()


def writers() -> int:
    """How many threads write downloads."""
    return sum(each.name == "newsgraph-download" for each in threading.enumerate())


async def forever() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


def is_free(turnstile: Turnstile) -> bool:
    """Tell whether a turnstile for one has its place."""
    if not turnstile.enter():
        return False
    turnstile.leave()
    return True


async def start(
    database: Any,
    blocks: Callable[[Any], Blocks],
    turnstile: Turnstile,
    *,
    first_at_once: bool = True,
) -> Any:
    request = SimpleNamespace(method="GET", receive=forever, headers={})
    return await downloads.respond(
        request, database, blocks, turnstile, {}, "text/plain", {}, first_at_once=first_at_once
    )
