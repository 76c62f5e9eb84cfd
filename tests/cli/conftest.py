"""Fixtures that several modules of this folder share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from datasette_newsgraph.cli import cli
from datasette_newsgraph.loading.load import load

Article = dict[str, Any]
Run = Callable[..., Result]

BASE = "https://example.org/news/-/newsgraph/"


@pytest.fixture
def run() -> Run:
    """``run("stats", path)``: the result of ``newsgraph stats path``."""
    return lambda *arguments: CliRunner().invoke(cli, [str(each) for each in arguments])


@pytest.fixture
def loaded(db_path: Path, article: Article) -> Path:
    """A database with the article made by hand."""
    load(db_path, [article], source="a.jsonl", base_iri=BASE)
    return db_path
