"""A test that another line of Datasette can change is run with both."""

from __future__ import annotations

import pytest

from tests import line


@pytest.mark.parametrize(
    "module",
    [
        "web/test_pages.py",
        "permissions/test_permissions.py",
        "house/test_docs.py",
        "cli/test_cli.py",
        "permissions/visitors.py",
    ],
)
def test_it_names_datasette_or_imports_what_does(module: str) -> None:
    assert line._names_datasette(line.TESTS / module)


@pytest.mark.parametrize(
    "module",
    ["anchoring/test_anchoring.py", "readers/test_reader_nif.py", "loading/test_load.py"],
)
def test_readers_and_the_loader_do_not(module: str) -> None:
    assert not line._names_datasette(line.TESTS / module)


@pytest.mark.parametrize(
    "source",
    [
        "from datasette.app import Datasette",
        "import datasette_newsgraph.web.datasette.lines",
        "from datasette_newsgraph import web",
        "from tests.permissions.visitors import serving",
        "from tests.screen import browser",
        "run('datasette', 'news.db')",
    ],
)
def test_whatever_way_it_is_named(source: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    module = tmp_path_factory.mktemp("named") / "test_new.py"
    module.write_text(source)
    assert line._names_datasette(module)


def test_one_that_is_served_a_page_is(request: pytest.FixtureRequest, serve: object) -> None:
    assert line.is_of_datasette(request.node)
