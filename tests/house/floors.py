"""The floors of the package from the bottom to the top, and what each may import.

This is the one declaration of it: ``test_floors.py`` holds the code to it, and docs/contributing.md
shows it. A module may import its own room, the ground, and the floors that are named for its own; no
import leads up, and none from room to room of a floor above the ground. A room is a folder, or a
module that stands beside folders: in the package itself or in ``web``.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[2] / "datasette_newsgraph"


class Floor(NamedTuple):
    """A floor: its rooms are named by their paths in the package, without ``.py``; ``imports`` are
    floors below, by name.
    """

    name: str
    holds: str
    rooms: tuple[str, ...]
    imports: tuple[str, ...] = ()


#: The lowest floor, which all others may import.
GROUND = Floor(
    "ground",
    "What needs nothing of ours but its neighbours: errors, the article record, keys, IRIs, words.",
    (
        "abbreviations",
        "article",
        "authorities",
        "confidence",
        "cores",
        "errors",
        "identity",
        "iri",
        "journal_modes",
        "kinds",
        "mapping",
        "pronouns",
        "scripts",
        "search_form",
        "sentences",
        "slow_readers",
        "spawned",
        "spooling",
        "terminal",
        "verdicts",
        "whole_files",
        "wikidata_classes",
        "wikidata_properties",
        "wording",
        "zone_counts",
    ),
)
FLOORS = (
    GROUND,
    Floor("dates", "Dates as articles and tools write them.", ("dates",)),
    Floor("anchoring", "Finds the words of mentions in the text.", ("anchoring",)),
    Floor(
        "vocabulary", "Our types, predicates and prefixes of RDF.", ("vocabulary",), ("anchoring",)
    ),
    Floor(
        "profiles",
        "Choices of the mapping to RDF.",
        ("mapping/profiles",),
        ("vocabulary",),
    ),
    Floor(
        "notes",
        "What became of records, counted, with the words for it.",
        ("notes",),
        ("anchoring", "dates"),
    ),
    Floor(
        "readers",
        "What the readers of formats share: files, samples, spans, building a record.",
        ("readers",),
        ("anchoring", "dates", "vocabulary", "notes"),
    ),
    Floor(
        "authority",
        "Files and lists of names of things elsewhere: made, read, looked up.",
        ("authority",),
        ("readers",),
    ),
    Floor(
        "formats",
        "A reader for each input format, and the table of them.",
        ("readers/formats",),
        ("anchoring", "dates", "vocabulary", "readers", "notes"),
    ),
    Floor(
        "extraction",
        "Raw articles become records: read, laid out, and given to an extractor.",
        ("extraction",),
        ("dates", "anchoring", "readers", "formats"),
    ),
    Floor(
        "labels",
        "The labels of tools become our types and predicates.",
        ("labels",),
        ("vocabulary", "readers"),
    ),
    Floor(
        "reading",
        "Files become article records: opened, recognised, read, mapped, anchored.",
        ("reading",),
        ("anchoring", "dates", "labels", "readers", "formats", "extraction", "notes"),
    ),
    Floor(
        "store",
        "What the database is: schema, migrations, views, full-text search.",
        ("store",),
        ("anchoring",),
    ),
    Floor("facets", "Facets of the views and their counts.", ("facets",), ("store",)),
    Floor(
        "decisions",
        "What people decided about entities and articles, and the rows that follow from it.",
        ("decisions",),
        ("readers", "store", "facets"),
    ),
    Floor(
        "candidates",
        "Pairs of entities that may be one thing, with reasons in words.",
        ("candidates",),
        ("authority", "store", "decisions"),
    ),
    Floor(
        "drafting",
        "Records become rows, without a database.",
        ("drafting",),
        ("anchoring", "dates", "readers", "reading", "notes", "labels"),
    ),
    Floor(
        "trying",
        "Files are inspected and converted without a database.",
        ("inspection", "conversion"),
        ("anchoring", "readers", "reading", "drafting", "notes"),
    ),
    Floor(
        "loading",
        "Rows are written, counted and removed.",
        ("loading",),
        (
            "anchoring",
            "readers",
            "extraction",
            "reading",
            "store",
            "facets",
            "decisions",
            "drafting",
            "notes",
        ),
    ),
    Floor(
        "linking",
        "Entities are linked to what authorities know by their names.",
        ("linking",),
        ("authority", "decisions", "loading"),
    ),
    Floor(
        "checking",
        "A database is checked and repaired.",
        ("checking",),
        ("anchoring", "dates", "store", "facets", "decisions", "drafting", "loading"),
    ),
    Floor(
        "reconciling",
        "A reconciliation service is asked for the names of entities.",
        ("reconciling",),
        ("vocabulary", "decisions", "candidates"),
    ),
    Floor(
        "rdf",
        "Rows become RDF.",
        ("rdf",),
        ("dates", "vocabulary", "profiles", "store", "decisions"),
    ),
    Floor(
        "SPARQL",
        "Questions in SPARQL over the tables.",
        ("sparql",),
        ("vocabulary", "profiles", "store", "rdf"),
    ),
    Floor(
        "graph tools",
        "Rows become files of nodes and edges, for graph tools.",
        ("property_graphs",),
        ("store", "rdf"),
    ),
    Floor(
        "metadata",
        "Titles, descriptions and queries for Datasette.",
        ("metadata",),
        ("store", "facets"),
    ),
    Floor(
        "Datasette",
        "Datasette's two lines, its requests, and what of it is replaced.",
        ("web/__init__", "web/datasette"),
        ("store", "metadata"),
    ),
    Floor(
        "serving",
        "Settings, addresses, and faults that are logged.",
        ("web/settings", "web/links", "web/faults"),
        ("rdf", "Datasette"),
    ),
    Floor(
        "access",
        "Who may see what, and the visit that each request is.",
        ("web/access",),
        ("store", "metadata", "Datasette", "serving"),
    ),
    Floor(
        "responses",
        "What every answer carries in its headers.",
        ("web/responses",),
        ("store", "rdf", "serving", "access"),
    ),
    Floor(
        "parts",
        "What several pages show.",
        ("web/parts",),
        ("dates", "store", "facets", "access"),
    ),
    Floor(
        "deciding",
        "What is decided in the browser: forms, the log, and what pages say of it.",
        ("web/deciding",),
        ("store", "decisions", "candidates", "loading", "Datasette", "serving", "access", "parts"),
    ),
    Floor(
        "page contexts",
        "What the templates of pages are given, by name and type.",
        ("web/page_contexts",),
    ),
    Floor(
        "frame",
        "What stands around every page: navigation, citation, linked data, errors.",
        ("web/frame",),
        (
            "vocabulary",
            "store",
            "profiles",
            "rdf",
            "serving",
            "access",
            "responses",
            "parts",
            "page contexts",
        ),
    ),
    Floor(
        "answers in RDF",
        "RDF of pages, rows and whole graphs.",
        ("web/rdf",),
        (
            "vocabulary",
            "store",
            "decisions",
            "profiles",
            "rdf",
            "Datasette",
            "serving",
            "access",
            "responses",
            "page contexts",
        ),
    ),
    Floor(
        "graph files",
        "Files for graph tools, of whole graphs and around entities.",
        ("web/graph_files",),
        ("graph tools", "access", "responses", "answers in RDF"),
    ),
    Floor(
        "tables",
        "Our tables and views on Datasette's own pages.",
        ("web/tables",),
        ("store", "facets", "rdf", "metadata", "Datasette", "serving", "access", "parts"),
    ),
    Floor(
        "drawing",
        "The drawing of a neighbourhood.",
        ("web/drawing",),
        ("facets", "serving", "access", "parts"),
    ),
    Floor(
        "pages",
        "A folder for each page of ours.",
        (
            "web/article",
            "web/entity",
            "web/log",
            "web/merging",
            "web/overview",
            "web/relation",
            "web/review",
            "web/search",
        ),
        (
            "anchoring",
            "store",
            "facets",
            "decisions",
            "candidates",
            "drafting",
            "rdf",
            "metadata",
            "Datasette",
            "serving",
            "access",
            "responses",
            "parts",
            "deciding",
            "frame",
            "answers in RDF",
            "tables",
            "drawing",
            "page contexts",
        ),
    ),
    Floor(
        "rendering",
        "Pages in HTML: what each has of its own, in the frame of all.",
        ("web/rendering",),
        (
            "anchoring",
            "rdf",
            "serving",
            "access",
            "responses",
            "parts",
            "deciding",
            "frame",
            "pages",
            "page contexts",
        ),
    ),
    Floor(
        "questions in SPARQL",
        "Questions in SPARQL over HTTP, and the page to ask them on.",
        ("web/sparql",),
        (
            "vocabulary",
            "store",
            "rdf",
            "SPARQL",
            "serving",
            "access",
            "responses",
            "parts",
            "answers in RDF",
            "rendering",
            "page contexts",
        ),
    ),
    Floor(
        "reconciliation",
        "The reconciliation service over entities.",
        ("web/reconcile",),
        (
            "vocabulary",
            "store",
            "decisions",
            "serving",
            "access",
            "responses",
            "parts",
            "deciding",
            "answers in RDF",
            "pages",
        ),
    ),
    Floor(
        "routes",
        "The addresses of our pages.",
        ("web/routes",),
        (
            "store",
            "rdf",
            "Datasette",
            "serving",
            "access",
            "responses",
            "deciding",
            "frame",
            "answers in RDF",
            "graph files",
            "pages",
            "rendering",
            "questions in SPARQL",
            "reconciliation",
            "page contexts",
        ),
    ),
    Floor(
        "command line",
        "The commands of `newsgraph`.",
        ("cli",),
        (
            "profiles",
            "formats",
            "extraction",
            "reading",
            "store",
            "decisions",
            "trying",
            "authority",
            "linking",
            "loading",
            "candidates",
            "checking",
            "reconciling",
            "rdf",
            "SPARQL",
            "graph tools",
            "metadata",
            "notes",
        ),
    ),
    Floor(
        "hooks",
        "Datasette's hooks, the Python interface, and `python -m`.",
        ("__init__", "__main__"),
        (
            "facets",
            "loading",
            "rdf",
            "Datasette",
            "serving",
            "access",
            "deciding",
            "frame",
            "answers in RDF",
            "tables",
            "pages",
            "routes",
            "command line",
        ),
    ),
)
#: Where a library may be imported: folders or modules, by their paths in the package.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "datasette": ("web", "cli/serving"),
    "markupsafe": ("web",),
    "click": ("cli", "terminal", "__init__"),
    # An export does without it: it is slow to import, and holds a graph in memory.
    "rdflib": ("rdf/notebook", "readers/formats/nif/turtle_input", "sparql", "web/sparql"),
    # What reads files and drafts rows knows no database.
    "sqlite3": (
        "authority",
        "candidates",
        "store",
        "facets",
        "decisions",
        "loading",
        "checking",
        "property_graphs",
        "rdf",
        "sparql",
        "web",
    ),
    "trafilatura": ("extraction/raw/html",),
    "charset_normalizer": ("extraction/raw/guessing",),
    "llm": ("extraction/llm",),
    "sqlite_utils": (
        "store",
        "facets",
        "decisions",
        "candidates",
        "linking",
        "loading",
        "checking",
        "rdf",
        "web",
    ),
}


@cache
def modules() -> dict[str, Path]:
    """Return the modules of the package by their paths in it, without ``.py``."""
    return {
        path.relative_to(PACKAGE).with_suffix("").as_posix(): path
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def room_of(module: str) -> str | None:
    """Return the room in which a module stands, the innermost that is declared; None if it has none."""
    rooms = {room for floor in FLOORS for room in floor.rooms}
    steps = module.split("/")
    within = ("/".join(steps[:length]) for length in range(len(steps), 0, -1))
    return next((each for each in within if each in rooms), None)


def floor_of(room: str) -> Floor:
    """Return the floor that a room is on."""
    return next(floor for floor in FLOORS if room in floor.rooms)


class Imported(NamedTuple):
    """A name that a module imports: ``from of import name``; of ``import of`` the name is empty."""

    of: str
    name: str


@cache
def imported_by(path: Path) -> frozenset[Imported]:
    """Return what a module imports, wherever in it, but not for its annotations only."""
    tree = ast.parse(path.read_text("utf-8"))
    unread = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: set[Imported] = set()
    for node in ast.walk(tree):
        if id(node) in unread:
            continue
        if isinstance(node, ast.Import):
            found |= {Imported(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, f"{path} has a relative import"
            found |= {Imported(node.module, alias.name) for alias in node.names}
    return frozenset(found)


@cache
def imports() -> dict[str, frozenset[str]]:
    """Return of each module of the package the modules of the package that it imports."""
    found = {}
    for module, path in modules().items():
        targets = {module_of(each) for each in imported_by(path)}
        found[module] = frozenset(each for each in targets if each is not None)
    return found


def module_of(imported: Imported) -> str | None:
    """Return the module of the package that is meant, or None if it is of another package."""
    within = imported.of.removeprefix(PACKAGE.name)
    if within == imported.of or within[:1] not in ("", "."):
        return None
    steps = [each for each in within.split(".") if each]
    named = "/".join([*steps, imported.name])
    tried = (named, f"{named}/__init__", "/".join(steps), "/".join([*steps, "__init__"]))
    return next(each for each in tried if each in modules())
