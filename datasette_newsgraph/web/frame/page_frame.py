"""What stands around every page of a graph: its title, its place among the others, its address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from markupsafe import Markup
from sqlite_utils import Database

from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.kinds import ARTICLE, BY_NAME, ENTITY, RELATION, WITH_PAGE, Kind
from datasette_newsgraph.rdf.label_terms import read_vocabulary
from datasette_newsgraph.store import get_base
from datasette_newsgraph.vocabulary import Vocabulary
from datasette_newsgraph.web.access.sight import Sight
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.faults import Fault, report
from datasette_newsgraph.web.frame import linked_data
from datasette_newsgraph.web.frame.dataset import dataset
from datasette_newsgraph.web.links import Links
from datasette_newsgraph.web.page_contexts import (
    Around,
    ArticlePage,
    EntityPage,
    OverviewPage,
    Page,
    RelationPage,
)
from datasette_newsgraph.web.parts.headings import heading_of
from datasette_newsgraph.web.parts.typography import unturned
from datasette_newsgraph.web.responses import canonical

#: (label, address or None for what leads nowhere)
Crumb = tuple[str, str | None]

#: Characters of a title that are shown: tabs and bookmarks have no room for more.
_TITLE = 200
_PAGES = {each.name for each in WITH_PAGE}


async def around(visit: Visit, kind: str, context: Page, address: str) -> Around:
    """Return what stands around a page.

    ``kind`` is that of the thing which the page is about, or what else it is; ``context`` the page's
    own, which may bring a ``trail``, the crumbs behind the graph; ``address`` its path.
    """
    base = await visit.database.execute_fn(lambda connection: get_base(Database(connection)))
    one_address = canonical(base, visit.links.home, address)
    trail = context.get("trail", [])
    described = None
    if kind in _PAGES:
        label = label_of(kind, context)
        trail = trail or trail_of(visit.links, visit.sight, kind, label)
        row = cast(Mapping[str, Any], context)[kind]
        described = await linked_data.thing(visit, BY_NAME[kind], row, one_address)
    elif kind == "overview":
        seen = cast(OverviewPage, context)
        described = dataset(base, one_address, visit.graph.name, seen)
    return {
        "plain": plain,
        "crumb_trail": crumb_trail(visit.links, trail),
        # What is found for words has no address beside the one with the words, nor has an answer.
        "canonical": None if kind in ("search", "sparql") else one_address,
        "linked_data": linked_data.script(described) if described else None,
    }


async def vocabulary_of(visit: Visit) -> Vocabulary:
    """Return the terms of the graph, with its base; the user's own where they may be seen."""

    def read(connection: Any) -> Vocabulary:
        base = get_base(Database(connection))
        try:
            if visit.sight.sees("vocabulary"):
                return read_vocabulary(connection, base)
        except StoreError as error:
            # A term that is no IRI is for the download to complain of; a page can do without.
            report(Fault.UNSAID, visit.graph.name, error)
        return Vocabulary(base)

    vocabulary: Vocabulary = await visit.database.execute_fn(read)
    return vocabulary


def plain(heading: str) -> str:
    """Return a heading as the title of a page: one line, not too long, that turns no direction."""
    text = heading.unescape() if isinstance(heading, Markup) else heading
    text = unturned(text)
    return text if len(text) <= _TITLE else f"{text[: _TITLE - 1]}…"


def crumb_trail(links: Links, trail: list[Crumb]) -> list[Crumb]:
    """Return what stands behind Datasette's crumbs; of the last, which is the page, no link."""
    crumbs: list[Crumb] = [("News graph", links.home), *trail]
    return [*crumbs[:-1], (crumbs[-1][0], None)]


def trail_of(links: Links, sight: Sight, kind: str, label: str) -> list[Crumb]:
    """Return the crumbs of the page of a thing, behind the graph: all of its kind, and itself."""
    declared = BY_NAME[kind]
    listed = sight.first_listed(*declared.lists)
    return [(declared.title, links.rows(listed) if listed else None), (label, None)]


def label_of(kind: str, context: Mapping[str, Any]) -> str:
    """Return what the page of a thing calls it, from the page's context."""
    return LABELS[BY_NAME[kind]](context)


def _article_label(context: ArticlePage) -> str:
    return heading_of(context["article"]).plain


def _entity_label(context: EntityPage) -> str:
    return context["entity"]["name"] or "(without a name)"


def _relation_label(context: RelationPage) -> str:
    row = context["relation"]
    object_ = row["object"] if row["object_key"] else row["value"]
    return " ".join(str(each) for each in (row["subject"], row["predicate"], object_) if each)


#: What tells how the page of a thing calls it, by its kind.
LABELS: dict[Kind, Callable[[Any], str]] = {
    ARTICLE: _article_label,
    ENTITY: _entity_label,
    RELATION: _relation_label,
}
