"""A load by several processes that is killed ends as it would have when it is run again.

It is run again by any number of processes.
``make test-long`` kills 50 times, the other runs twice.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import settings

from datasette_newsgraph.loading.load import load_files
from tests.loading.processes import command_of, faults, run

pytestmark = pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")
ROUNDS = range(50) if settings.get_current_profile_name() == "long" else (0, 1)
Contents = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def articles(
    generated: Callable[[int], list[dict[str, Any]]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A file of a few pieces, in which some articles come again."""
    records = generated(2400)
    again = [{**each, "title": "again"} for each in records[900:1100]]
    path = tmp_path_factory.mktemp("articles") / "a.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in [*records, "broken", *again]))
    return path


@pytest.fixture(scope="module")
def whole(articles: Path, contents: Contents) -> dict[str, Any]:
    """What a load that is not killed gives."""
    database = articles.with_name("whole.db")
    load_files(database, [articles])
    return contents(database)


def children_of(process: int) -> list[int]:
    """The processes that a process has started."""
    try:
        path = Path(f"/proc/{process}/task/{process}/children")
        return [int(each) for each in path.read_text().split()]
    except OSError:
        return []


@pytest.mark.parametrize("number", ROUNDS)
def test_what_is_killed_ends_as_it_would_have(
    number: int, articles: Path, whole: dict[str, Any], tmp_path: Path, contents: Contents
) -> None:
    chance = Random(number)
    database = tmp_path / "news.db"
    command = command_of(("load", database, articles, "--jobs", "2", "-q"), 0)
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(chance.uniform(0.3, 4))
    children = children_of(process.pid)
    if number % 3 == 0:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        # A process that reads alone, or that which has started it.
        os.kill(chance.choice(children) if number % 3 == 1 and children else process.pid, 9)
    process.wait(60)
    jobs = chance.choice([1, 2, 3])
    found = run("load", database, articles, "--jobs", str(jobs))
    assert found.returncode == 0, found.stderr
    assert contents(database) == whole
    assert faults(database) == []
    assert [each.name for each in tmp_path.iterdir()] == ["news.db"]
    assert not any(Path(f"/proc/{each}").exists() for each in children)
