"""What docs/contributing.md says of files and tests is so."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.quick import CAMPAIGNS, SLOW, is_no_campaign, quick

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "datasette_newsgraph"
DOCS = ROOT / "docs"
PAGE = (DOCS / "contributing.md").read_text("utf-8")


def section(heading: str) -> str:
    """What stands under a heading of the third level."""
    return PAGE.partition(f"\n### {heading}\n")[2].partition("\n##")[0]


def files_named_in(text: str) -> set[str]:
    """The files of the package that a text links to, by their paths in it."""
    targets = re.findall(r"\]\(\.\./datasette_newsgraph/([^)#]+)\)", text)
    return set(targets)


#: Files that speak of the licence of a whole graph, which is no property of an article.
OF_DATA_SETS = {
    "cli/describing.py",
    "rdf/description/document.py",
    "rdf/description/nodes.py",
    "web/frame/dataset.py",
    "web/rdf/described_by.py",
}


def files_that_say(word: str, *endings: str) -> set[str]:
    """The files of the package in which a word stands, or which are called so."""
    said = re.compile(rf"\b{word}\b")
    return {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.suffix in endings and (path.stem == word or said.search(path.read_text("utf-8")))
    }


def test_a_format_is_its_module_and_an_entry() -> None:
    recipe = section("A new input format").partition("\n\nIf ")[0]
    assert files_that_say("spert", ".py") == files_named_in(recipe)


def test_a_syntax_is_its_module_and_an_entry() -> None:
    recipe = section("A new RDF syntax")
    assert files_that_say("JsonLd", ".py") == files_named_in(recipe) - {"rdf/syntax.py"}


def test_a_property_of_articles_is_in_each_file_of_the_recipe_and_in_no_other() -> None:
    recipe = section("A new property of articles")
    needed = files_named_in(recipe.partition("\n\nIf ")[0])
    assert len(needed) <= 6, "what is said of a property twice can follow from one of them"
    if_wanted = files_named_in(recipe) - needed
    found = files_that_say("licence", ".py", ".html")
    # What an older database lacks is added by a migration; this one was there from the first.
    assert needed - found == {"store/migrations.py"}
    assert found - OF_DATA_SETS <= needed | if_wanted


def test_a_page_is_its_module_a_template_its_context_and_an_address() -> None:
    recipe = section("A new page with permissions").partition("\n\nA new table")[0]
    named = files_named_in(recipe)
    found = files_that_say("relation_page", ".py") | files_that_say("CONTEXTS", ".py")
    assert found == {each for each in named if "web/" in each}
    assert {each for each in named if "templates/" in each} == {"templates/newsgraph_relation.html"}


def test_tests_that_are_named_exist() -> None:
    there = {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    named = set(re.findall(r"`(test_\w+)`", PAGE)) - {f"test_{each}" for each in CAMPAIGNS}
    assert named
    assert named - there == set()


@pytest.mark.parametrize("heading", re.findall(r"(?m)^### (.+)$", PAGE))
def test_a_recipe_says_what_fails_if_something_is_forgotten(heading: str) -> None:
    assert re.search(r"What you forget fails in `test_\w+`", section(heading))


def test_tests_stand_in_folders_and_a_module_of_them_is_not_long() -> None:
    assert [*(ROOT / "tests").glob("test_*.py")] == [], "put it into the folder of its stage"
    for path in (ROOT / "tests").rglob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 600, f"{path.name} is too long: cut it"


def test_the_way_of_the_data_names_rooms_that_are_there() -> None:
    picture = PAGE.partition("```text\n")[2].partition("```")[0]
    named = set(re.findall(r"(?m)^[ |+-]*((?:web|reading)/\w+|[a-z]+)(?=  )", picture))
    assert {"labels", "drafting", "loading", "facets", "rdf", "web", "web/access"} <= named
    for each in named:
        assert (PACKAGE / each).is_dir() or (PACKAGE / f"{each}.py").is_file(), each


def test_what_is_left_out_of_a_quick_run_is_there() -> None:
    for name in (*CAMPAIGNS, *SLOW):
        assert len([*(ROOT / "tests").rglob(f"test_{name}.py")]) == 1, name


def test_a_quick_run_is_of_one_case_of_each_test_but_of_those_that_take_long() -> None:
    def item(nodeid: str, *fixtures: str) -> Any:
        path = Path("tests", nodeid.partition("::")[0])
        return SimpleNamespace(nodeid=nodeid, path=path, fixturenames=fixtures)

    items = [
        item("test_load.py::test_one[a]"),
        item("test_load.py::test_one[b]"),
        item("test_load.py::test_other"),
        item("test_kills.py::test_one"),
        item("test_browser.py::test_one", "chromium"),
    ]
    assert [*quick(items)] == [items[0], items[2]]


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_a_campaign_tries_more_in_a_long_run(name: str) -> None:
    (module,) = (ROOT / "tests").rglob(f"test_{name}.py")
    assert 'get_current_profile_name() == "long"' in module.read_text("utf-8")


def test_a_long_run_is_of_the_campaigns_alone() -> None:
    modules = {path for path in (ROOT / "tests").rglob("*.py") if not is_no_campaign(path)}
    names = {path.stem for path in modules if path.name.startswith("test_")}
    assert names == {f"test_{name}" for name in CAMPAIGNS}
