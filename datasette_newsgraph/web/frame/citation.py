"""How to cite a graph, or one of its pages: from what its metadata says, and what is in it. Nothing
here is of the day on which somebody looks: that is for who cites to add.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasette.utils import tilde_encode
from sqlite_utils import Database

from datasette_newsgraph.kinds import ARTICLE, ENTITY, RELATION, Kind
from datasette_newsgraph.store import get_base, is_loopback
from datasette_newsgraph.vocabulary import ID_PATH
from datasette_newsgraph.web.access.origin import origin_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.frame.bibtex import bibtex, several
from datasette_newsgraph.web.frame.page_frame import label_of, plain
from datasette_newsgraph.web.page_contexts import ArticlePage, EntityPage, RelationPage
from datasette_newsgraph.web.parts.headings import heading_of
from datasette_newsgraph.web.parts.totals import counts, period
from datasette_newsgraph.web.responses import canonical

#: What is said of the title of an article that has none.
_FIRST_LINE = "first line of the text"
#: Tools, and authors, that are named.
_TOOLS, _AUTHORS = 5, 3


@dataclass(frozen=True)
class Citation:
    """A sentence to cite a graph or a page by, and the same as BibTeX; links for those who read it
    here.
    """

    #: What the graph is called.
    title: str
    sentence: str
    bibtex: str
    description: str | None
    source: str | None
    source_url: str | None
    licence: str | None
    licence_url: str | None


@dataclass(frozen=True)
class _Graph:
    """What all citations in a graph have in common; ``base`` is empty where it leads nowhere."""

    title: str
    given: Mapping[str, str]
    base: str


async def cite(visit: Visit) -> Citation:
    """Return how to cite a graph, as far as its visitor may see it."""
    graph = await _graph(visit)
    note = "; ".join(each for each in (await _extent(visit), await _tools_of_graph(visit)) if each)
    source, licence = graph.given.get("source"), graph.given.get("license")
    parts = [graph.title, source, _capital(note), licence and f"Licence: {licence}"]
    fields = {
        "title": graph.title,
        "author": source,
        "howpublished": "News graph (data set)",
        "note": _noted(note, licence),
        "url": graph.base,
    }
    return _citation(graph, parts, bibtex([visit.graph.name], fields), graph.base, licence)


async def cite_page(visit: Visit, kind: Kind, key: str, context: Mapping[str, Any]) -> Citation:
    """Return how to cite the page of a thing, from what it shows and what the graph is called."""
    graph = await _graph(visit)
    label, own = plain(label_of(kind.name, context)), await CITED[kind](visit, context)
    named = kind is ARTICLE and heading_of(context["article"]).is_first_line and _FIRST_LINE
    source, licence = graph.given.get("source"), own.licence or graph.given.get("license")
    within, address = f"In: {graph.title}", _address(visit, graph.base, kind.name, key)
    parts = [
        ", ".join(_few(own.authors, _AUTHORS)),
        *(f"{label} ({named})" if named else label, own.about, within, source),
        _capital(own.tools),
        licence and f"Licence: {licence}",
    ]
    fields = {
        "title": label,
        "author": several(own.authors, _AUTHORS) or ("" if kind is ARTICLE else source),
        "howpublished": f"{within} (news graph, data set)",
        # Whoever made the graph has not written its articles.
        "note": _noted(
            f"title: {named}" if named else "",
            *(own.about, source if kind is ARTICLE else "", own.tools, licence),
        ),
        "url": address,
    }
    return _citation(graph, parts, bibtex([visit.graph.name, key], fields), address, licence)


@dataclass(frozen=True)
class _Own:
    """What is cited of a page besides its heading."""

    about: str
    tools: str
    authors: Sequence[str] = ()
    licence: str = ""


async def _of_article(_visit: Visit, context: ArticlePage) -> _Own:
    article, extraction = context["article"], context.get("extraction")
    authors, publisher = context["authors"], article["publisher"] or ""
    return _Own(
        _joined(publisher if authors else "", (article["published"] or "")[:10]),
        _extracted([extraction] if extraction else []),
        [plain(each) for each in authors or [publisher] if each],
        plain(article["licence"] or ""),
    )


async def _of_entity(visit: Visit, context: EntityPage) -> _Own:
    counted = _named_in(context["counts"]) if context.get("counts") else ""
    return _Own(_joined(context["entity"]["type"], counted), await _tools_of_graph(visit))


async def _of_relation(_visit: Visit, context: RelationPage) -> _Own:
    counted = _stated_in(context["relation"]) if context["is_counted"] else ""
    return _Own(counted, _extracted(context.get("extractions") or []))


#: What reads from the context of a page what is cited of it, by its kind.
CITED: dict[Kind, Callable[[Visit, Any], Awaitable[_Own]]] = {
    ARTICLE: _of_article,
    ENTITY: _of_entity,
    RELATION: _of_relation,
}


def _citation(
    graph: _Graph, parts: Sequence[str | None], entry: str, address: str, licence: str | None
) -> Citation:
    sentences = [f"{part.rstrip('.')}." for part in parts if part]
    return Citation(
        graph.title,
        " ".join([*sentences, address] if address else sentences),
        entry,
        graph.given.get("description"),
        graph.given.get("source"),
        graph.given.get("source_url"),
        licence,
        graph.given.get("license_url") if licence == graph.given.get("license") else None,
    )


async def _graph(visit: Visit) -> _Graph:
    name = visit.graph.name
    given = await origin_of(visit)
    base = await visit.database.execute_fn(lambda connection: get_base(Database(connection)))
    title = given.get("title") or f"News graph {name}"
    return _Graph(title, given, "" if is_loopback(base) else base)


def _address(visit: Visit, base: str, kind: str, key: str) -> str:
    """Return where a page is published; where the base is no address of pages, what identifies the
    thing.
    """
    path = visit.links.page(kind, key)
    published = canonical(base, visit.links.home, path) if base else ""
    return f"{base}{ID_PATH}{kind}/{tilde_encode(key)}" if published == path else published


async def _extent(visit: Visit) -> str:
    """Return how many articles there are, and from when."""
    found = [each async for each in counts(visit, ARTICLE)]
    if not found:
        return ""
    days = await period(visit)
    return _joined(_counted(found[0].count, "article"), _from_to(*days) if days else "")


def _named_in(counted: Any) -> str:
    """Return how often an entity is mentioned, and when."""
    mentions, articles = counted["mentions"], counted["articles"]
    if not articles:
        return ""
    named = f"{_counted(mentions, 'mention')} in " if mentions else ""
    days = _from_to(counted["first_seen"], counted["last_seen"])
    return _joined(f"{named}{_counted(articles, 'article')}", days)


def _stated_in(counted: Any) -> str:
    """Return how many articles state a relation, and when."""
    if not counted["articles"]:
        return ""
    days = _from_to(counted["first_seen"], counted["last_seen"])
    return _joined(f"Stated in {_counted(counted['articles'], 'article')}", days)


async def _tools_of_graph(visit: Visit) -> str:
    """Return what the articles were parsed by."""
    if not visit.sight.sees("extractions"):
        return ""
    return _extracted(
        await visit.rows(
            "SELECT DISTINCT tool, version, model FROM extractions WHERE tool IS NOT NULL"
            f" ORDER BY id LIMIT {_TOOLS + 1}"
        )
    )


def _extracted(extractions: Iterable[Any]) -> str:
    named = [_tool(each) for each in extractions if each["tool"]]
    return f"extracted by {', '.join(_few(named, _TOOLS))}" if named else ""


def _tool(row: Any) -> str:
    version, model = row["version"], row["model"]
    words = f"{row['tool']}{f' {version}' if version else ''}{f' ({model})' if model else ''}"
    return plain(words)


def _few(named: Sequence[str], most: int) -> Sequence[str]:
    """Return so many names, and that there are more."""
    return named if len(named) <= most else [*named[: most - 1], f"{named[most - 1]} and others"]


def _counted(count: int, singular: str) -> str:
    return f"{count:,} {singular}{'' if count == 1 else 's'}"


def _from_to(first: str | None, last: str | None) -> str:
    first, last = (first or "")[:10], (last or "")[:10]
    return first if first == last else f"{first} to {last}"


def _joined(*parts: str | None) -> str:
    return ", ".join(plain(part) for part in parts if part)


def _noted(*parts: str | None) -> str:
    return "; ".join(part for part in parts if part)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
