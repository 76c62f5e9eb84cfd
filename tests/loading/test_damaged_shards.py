"""A shard that is damaged is refused by name, and one may have any name that the system allows."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.loading.combine import combine
from datasette_newsgraph.loading.shards.making import make_shard

Write = Callable[..., Path]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE records SET outcome = x'c1ff12'",
        "UPDATE records SET outcome = NULL",
        "UPDATE records SET outcome = 'text'",
        "UPDATE records SET raw = NULL",
        "UPDATE records SET line = NULL",
        "UPDATE records SET repeats = NULL",
        "DELETE FROM shard_settings",
        "DELETE FROM shard_sources",
        "DELETE FROM records",
        "DELETE FROM articles",
        "DELETE FROM appearances",
        "INSERT INTO entities (key) VALUES ('e')",
    ],
)
def test_a_damaged_shard_is_refused(
    tmp_path: Path, article: dict[str, Any], write: Write, damage: str
) -> None:
    shard = tmp_path / "a.shard"
    make_shard(shard, [write("a.jsonl", article)])
    with closing(sqlite3.connect(shard)) as connection:
        connection.execute(damage)
        connection.commit()
    with pytest.raises(StoreError, match=r"a\.shard: .*; make the shard again"):
        combine(tmp_path / "news.db", [shard])


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
@pytest.mark.parametrize("name", [b"b\xffd.shard", b"a ?#%41[x]*.shard"])
def test_a_shard_of_any_name(
    tmp_path: Path, article: dict[str, Any], write: Write, name: bytes
) -> None:
    shard = tmp_path / os.fsdecode(name)
    make_shard(shard, [write("a.jsonl", article)])
    assert combine(tmp_path / "news.db", [shard]).new == 1
