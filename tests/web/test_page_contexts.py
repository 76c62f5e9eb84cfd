"""What the templates of pages are given is declared: each name, and no name that nothing reads."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from datasette.app import Datasette

from datasette_newsgraph import decide
from datasette_newsgraph.web import page_contexts, routes
from datasette_newsgraph.web.page_contexts import CONTEXTS, Frame, Page
from datasette_newsgraph.web.settings import PLUGIN
from tests.permissions.marked_news import IS_1_0

PACKAGE = Path(page_contexts.__file__).parents[1]
TEMPLATES = PACKAGE / "templates"
HOME = "/examples/-/newsgraph"
ROWS = "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1"
#: Addresses of each kind of page, on which all that it can show is shown; ``{}`` is the key of a thing.
ADDRESSES = {
    "graphs": ["/-/newsgraph"],
    "overview": [HOME],
    "search": [f"{HOME}/search?q=France", f"{HOME}/search?q=France&in=entities"],
    "decisions": [f"{HOME}/decisions"],
    "review": [f"{HOME}/review", f"{HOME}/review?cluster={{}}"],
    "merge": [f"{HOME}/merge?key={{}}&q=France"],
    "split": [f"{HOME}/split?key={{}}&q=France"],
    "sparql": [
        f"{HOME}/sparql",
        *(f"{HOME}/sparql?{urlencode({'query': each})}" for each in ("ASK {}", "DESCRIBE", ROWS)),
    ],
    "terms": [f"{HOME}/ns"],
    **{kind.name: [f"{HOME}/{kind.name}/{{}}"] for kind in routes.PAGES},
    "gone": [f"{HOME}/entity/{{}}"],
}
ADDRESSES["article"] += [f"{HOME}/article/{{}}?correct=1"]
#: Of what kind the key is that an address takes, if it is not a page of that kind.
KEYS = dict.fromkeys(("merge", "split", "review", "gone"), "entity")
#: Everybody may decide: what pages are given for that is given, too.
FOR_ALL = {"plugins": {PLUGIN: {"decide": True}}}
#: What only some visitors and graphs are shown, and when.
SOMETIMES = {
    "overview.some_entities": "where counts are hidden",
    "review.accepted": "where a tier has pairs",
    "review.digest": "the same",
    "entity.is_slow": "where counting takes too long",
    "entity.together": "it is taken out again, for the drawing",
}


def names_in(context: type) -> set[str]:
    """The names that a context declares, those of its bases too."""
    return set(context.__annotations__)


def readers_of(kind: str) -> str:
    """What may read the context of a kind of page: its template, what that is made of, the frame."""
    templates = [TEMPLATES / f"newsgraph_{kind}.html", TEMPLATES / "newsgraph_page.html"]
    around = [*TEMPLATES.glob("_newsgraph*.html"), *(PACKAGE / "web" / "frame").glob("*.py")]
    return "\n".join(path.read_text("utf-8") for path in (*templates, *around))


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The names that each template of a page has been given, by the kind of page."""
    found: dict[str, set[str]] = {}
    render = Datasette.render_template

    async def noted(self: Any, template: Any, context: Any = None, **others: Any) -> str:
        if kind := re.fullmatch(r"newsgraph_(\w+)\.html", str(template)):
            found.setdefault(kind[1], set()).update(context)
        return await render(self, template, context, **others)

    monkeypatch.setattr(Datasette, "render_template", noted)
    return found


def test_every_template_of_a_page_has_a_context() -> None:
    templates = {
        path.stem.removeprefix("newsgraph_") for path in TEMPLATES.glob("newsgraph_*.html")
    }
    assert templates - {"page"} == CONTEXTS.keys() == ADDRESSES.keys()


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", CONTEXTS)
async def test_a_page_is_given_what_its_context_declares(
    kind: str,
    serve: Callable[..., Any],
    example_db: Path,
    given: dict[str, set[str]],
    tmp_path: Path,
) -> None:
    path = Path(shutil.copy(example_db, tmp_path / "examples.db"))
    client, key = serve(path, **{"config" if IS_1_0 else "metadata": FOR_ALL}).client, ""
    for address in ADDRESSES[kind]:
        if "{}" in address:
            rows = await client.get(
                f"/examples/{KEYS.get(kind, kind)}_index.json?_shape=array&_size=1"
            )
            key = rows.json()[0]["key"]
        if kind == "gone":
            decide(path, [{"verdict": "wrong", "left": key}])
        page = await client.get(address.format(key), headers={"Accept": "text/html"})
        assert page.status_code == (
            410 if kind == "gone" else 400 if "DESCRIBE" in address else 200
        )
    own = names_in(CONTEXTS[kind])
    frame = set() if kind == "graphs" else names_in(Frame)
    assert given[kind] - own - frame == set(), "declare it in web/page_contexts.py"
    assert frame - given[kind] == set()
    sometimes = {each.partition(".")[2] for each in SOMETIMES if each.startswith(f"{kind}.")}
    not_given = own - names_in(Page) - given[kind]
    assert not_given == sometimes, "give it to the template, or declare it no more"


@pytest.mark.parametrize(
    "name",
    [f"{kind}.{name}" for kind, context in CONTEXTS.items() for name in sorted(names_in(context))],
)
def test_what_a_context_declares_is_read(name: str) -> None:
    kind, _, key = name.partition(".")
    assert re.search(rf"\b{key}\b", readers_of(kind)), "nothing shows it"


@pytest.mark.parametrize("name", sorted(names_in(Frame)))
def test_what_every_page_has_is_read(name: str) -> None:
    templates = "\n".join(path.read_text("utf-8") for path in TEMPLATES.glob("*newsgraph*.html"))
    # Datasette's own footer reads this one.
    assert name == "metadata" or re.search(rf"\b{name}\b", templates)


def untyped(path: Path) -> list[str]:
    """The functions of a module that return a context without saying which names it has."""
    return [
        f"{path.stem}.{node.name}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.returns is not None
        and ast.unparse(node.returns).startswith(("dict[str, Any]", "Mapping[str, Any]"))
    ]


def test_what_a_page_is_given_is_typed() -> None:
    folders = {path.parent for path in (PACKAGE / "web").glob("*/*_page.py")}
    modules = [path for folder in folders for path in folder.glob("*.py")]
    assert modules
    found = {name for path in modules for name in untyped(path)}
    assert found == {
        # Hooks of Datasette's, which takes anything.
        "entrance.template_vars",
        "entrance._from_error",
    }, "declare a TypedDict in web/page_contexts.py"
