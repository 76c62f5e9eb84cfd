"""Each kind of thing is declared once, and no place that needs it has forgotten it."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib.resources import files

import pytest

from datasette_newsgraph import mapping
from datasette_newsgraph.kinds import BY_TABLE, KINDS, SEARCHED, WITH_PAGE, Kind, Place
from datasette_newsgraph.rdf.selection import Selection
from datasette_newsgraph.store.schema import FULL_TEXT, TABLES
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.web.frame.citation import CITED
from datasette_newsgraph.web.frame.page_frame import LABELS
from datasette_newsgraph.web.frame.shown_part import PARTS
from datasette_newsgraph.web.rdf.graph_rdf import SHOWN
from datasette_newsgraph.web.routes import PAGES
from datasette_newsgraph.web.search.finding import LISTINGS

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.name)
every_kind_with_page = pytest.mark.parametrize("kind", WITH_PAGE, ids=lambda each: each.name)
#: What has identifier IRIs of the form ``id/{name}/{key}``: any other node is a part of a thing.
_THING = re.compile(r"(\w+)/\{key\}")


#: Nodes of who decided what: they are in exports that ask for them, and have no page.
OF_DECISIONS = {"decision", "decider"}
#: Nodes of names that articles give: they are in no table, and their page is the list of articles.
OF_NAMES = {"publisher", "author"}
#: Tables with keys of whatever kinds.
OF_MANY_KINDS = {"decisions", "as_given", "decided"}


@pytest.mark.parametrize(
    "table",
    [name for name, each in TABLES.items() if "key" in each.columns and name not in OF_MANY_KINDS],
)
def test_a_table_with_keys_is_the_table_of_a_kind(table: str) -> None:
    assert [each.table for each in KINDS].count(table) == 1


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_the_view_of_a_kind(view: str) -> None:
    assert BY_TABLE[view].view == view


@pytest.mark.parametrize("node", mapping.NODES, ids=lambda each: each.kind)
def test_a_node_with_an_iri_of_its_own_is_the_node_of_a_kind(node: mapping.Node) -> None:
    found = None if node.kind in OF_DECISIONS | OF_NAMES else _THING.fullmatch(node.iri.path)
    named = [each.name for each in KINDS if each.node is node]
    assert named == ([found[1]] if found else [])


@every_kind
def test_what_is_said_of_a_kind_is_there(kind: Kind) -> None:
    assert {kind.table, *kind.needs} <= TABLES.keys()
    assert kind.node.rows.split()[0] == kind.table
    assert kind.view is None or kind.view in VIEWS
    if kind.heading:
        assert kind.view is not None
        assert kind.heading in VIEWS[kind.view][0]
    if kind.place is Place.PAGE:
        assert kind.heading in TABLES[kind.table].columns
    if kind.place is Place.SPAN:
        assert {"article_id", "start_char", "end_char"} <= TABLES[kind.table].columns.keys()


@every_kind
def test_rows_of_a_kind_can_be_chosen_and_served_as_rdf(kind: Kind) -> None:
    assert kind.table in {each.name for each in fields(Selection)}
    assert {table for table, (of, _) in SHOWN.items() if of == kind.table} >= set(kind.lists)


@every_kind_with_page
def test_a_kind_with_pages_has_what_they_are_made_of(kind: Kind) -> None:
    assert kind in PAGES
    assert files("datasette_newsgraph").joinpath(f"templates/newsgraph_{kind.name}.html").is_file()
    assert kind in PARTS
    assert kind in LABELS
    assert kind in CITED


def test_nothing_else_has_a_page() -> None:
    assert set(PAGES) == set(PARTS) == set(LABELS) == set(CITED) == set(WITH_PAGE)


def test_what_can_be_searched_is_listed() -> None:
    assert {each for each in KINDS if each.searched} == set(SEARCHED) == set(LISTINGS)
    assert {each.searched for each in SEARCHED} == set(FULL_TEXT)
