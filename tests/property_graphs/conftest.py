"""Fixtures that several modules of this folder share."""

from __future__ import annotations

from pathlib import Path

import pytest

from datasette_newsgraph.loading.load import load_files
from tests.rdf.exported_graphs import EXAMPLES


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example articles, loaded."""
    path = tmp_path_factory.mktemp("examples") / "examples.db"
    load_files(path, [EXAMPLES])
    return path
