"""The Link header of our pages: where programs find what a page is about (Signposting, FAIR profile,
https://signposting.org/FAIR/), with the relations of RFC 8288, RFC 8574 (``cite-as``) and RFC 6903.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from datasette_newsgraph.iri import web_address
from datasette_newsgraph.kinds import ARTICLE, ENTITY, RELATION, Kind
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.store import is_loopback
from datasette_newsgraph.vocabulary import ID_PATH, Vocabulary, expand
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.frame.citation import Citation
from datasette_newsgraph.web.frame.page_frame import vocabulary_of
from datasette_newsgraph.web.page_contexts import OverviewPage
from datasette_newsgraph.web.responses import in_header

#: Bytes of the header: proxies and servers refuse more than a few thousand in all.
LONGEST = 4_000
#: What a page is, beside what it is about.
_PAGE = expand("schema:AboutPage", "")
_TEXT = "text/plain"


class Post(NamedTuple):
    """A link: where it leads, by which relation, and to which media type."""

    target: str
    relation: str
    media_type: str | None = None

    def __str__(self) -> str:
        type_ = f'; type="{self.media_type}"' if self.media_type else ""
        return f'<{in_header(self.target)}>; rel="{self.relation}"{type_}'


async def of_thing(visit: Visit, kind: Kind, context: Mapping[str, Any]) -> str:
    """Return the Link header of the page of an article, an entity or a relation, from its context."""
    vocabulary, row = await vocabulary_of(visit), context[kind.name]
    posts = list(_cited(vocabulary.base, f"{ID_PATH}{kind.name}/{row['key']}"))
    posts += _each("describedby", context["formats"])
    classes = CLASSES[kind](vocabulary, row)
    posts += [Post(each, "type") for each in (_PAGE, *classes)]
    own = row["licence"] if kind is ARTICLE else None
    posts += _licensed(own, context["citation"])
    if kind is ARTICLE and context.get("text"):
        posts.append(Post(visit.links.text(row["key"]), "item", _TEXT))
    return header([*posts, *_each("alternate", context["formats"])])


async def of_graph(visit: Visit, context: OverviewPage, description: str) -> str:
    """Return the Link header of the overview of a graph, from its context; ``description`` is where it
    is described as a data set.
    """
    vocabulary = await vocabulary_of(visit)
    posts = list(_cited(vocabulary.base))
    posts += [Post(each, "type") for each in (_PAGE, expand("schema:Dataset", vocabulary.base))]
    posts += _licensed(None, context.get("citation"))
    posts.append(Post(description, "describedby", FORMATS[0].media_type))
    posts += _each("item", context["formats"])
    return header([*posts, *_each("alternate", context["formats"])])


def header(posts: Iterable[Post]) -> str:
    """Return links as a header, as many of the first as there is room for."""
    found, length = [], 0
    for post in map(str, posts):
        length += len(post) + 2
        if length <= LONGEST:
            found.append(post)
    return ", ".join(found)


def _cited(base: str, path: str = "") -> Iterator[Post]:
    """Yield by what to cite; nothing where that leads nowhere but on this machine."""
    if not is_loopback(base):
        yield Post(base + path, "cite-as")


def _each(relation: str, formats: Mapping[Format, str]) -> list[Post]:
    return [Post(address, relation, each.media_type) for each, address in formats.items()]


def _licensed(own: str | None, citation: Citation | None) -> Iterator[Post]:
    """Yield the licence of an article, or else that of the graph, where it has an address."""
    given = own or (citation.licence_url if citation else None)
    address = web_address(given) if given else None
    if address:
        yield Post(address, "license")


def _of_node(kind: Kind) -> Callable[[Vocabulary, Any], tuple[str, ...]]:
    return lambda vocabulary, _: tuple(expand(each, vocabulary.base) for each in kind.node.classes)


#: What gives the classes of a thing, as RDF has them, by its kind.
CLASSES: dict[Kind, Callable[[Vocabulary, Any], Iterable[str]]] = {
    ARTICLE: _of_node(ARTICLE),
    ENTITY: lambda vocabulary, row: vocabulary.classes(row["type"]),
    RELATION: _of_node(RELATION),
}
