"""Fixtures that several modules of this folder share."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from datasette_newsgraph.cli import cli
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.limits import DEFAULT, Limit
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.reading.recognition import recognise
from tests.readers.recognisers import load_path

Load = Callable[..., tuple[str, list[Parsed]]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """``load(value, "a.json")``: the format found in a file, and its articles.

    ``value`` is the text of the file, or what is to be JSON.
    """

    def loaded(value: Any, name: str = "a.json") -> tuple[str, list[Parsed]]:
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return load_path(path)

    return loaded


Read = Callable[..., list[Entry]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """``read(triples, "…")``: the entries of a file of this text, which must be recognised."""

    def entries(
        reader: Any, text: str | bytes, name: str = "a.txt", limit: Limit = DEFAULT
    ) -> list[Entry]:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with closing(Source(path, limit)) as source:
            assert recognise(source).reader is reader
            return list(reader.entries(source))

    return entries


Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    return lambda *arguments: CliRunner().invoke(cli, [str(each) for each in arguments])
