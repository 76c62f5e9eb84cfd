"""The kinds of things that a news graph is made of, each declared once.

A kind has a table, and each of its things an identifier IRI: ``{base}id/{kind.name}/{key}``. Pages,
RDF, searches and counts take the tables, views and words of a kind from here.
``tests/ground/test_kinds.py`` names the place where a kind is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from datasette_newsgraph import mapping


class Place(Enum):
    """Where a thing of a kind is shown to people."""

    #: It has a page of its own, under ``/{kind.name}/{key}``.
    PAGE = auto()
    #: It is a span of an article, marked on the page of the article.
    SPAN = auto()
    #: It belongs to the whole graph, and its IRI leads to the overview.
    OVERVIEW = auto()


# Each is there once: equal is what is the same, and so a kind can be a key.
@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of thing.

    ``name`` is the word for one, in sentences as in IRIs and addresses; ``plural`` the word for
    several. ``heading`` is the column of ``view``, and of ``table`` where the kind has pages, whose
    cells lead to the page or the span. ``needs`` are the tables that a visitor has to see, besides
    the kind's own, to be led to a thing. ``searched`` is the table whose full-text table finds it.
    """

    name: str
    plural: str
    table: str
    node: mapping.Node
    place: Place
    view: str | None = None
    heading: str | None = None
    needs: tuple[str, ...] = ()
    searched: str | None = None

    @property
    def title(self) -> str:
        """Return what several are called at the head of a list."""
        return self.plural.capitalize()

    @property
    def lists(self) -> tuple[str, ...]:
        """Return the view that lists the kind, and the table, which does where the view is hidden."""
        return (self.view, self.table) if self.view else (self.table,)


ARTICLE = Kind(
    "article",
    "articles",
    "articles",
    mapping.ARTICLE,
    Place.PAGE,
    view="article_index",
    heading="title",
    searched="article_texts",
)
ENTITY = Kind(
    "entity",
    "entities",
    "entities",
    mapping.ENTITY,
    Place.PAGE,
    view="entity_index",
    heading="name",
    searched="entities",
)
RELATION = Kind(
    "relation",
    "relations",
    "relations",
    mapping.RELATION,
    Place.PAGE,
    view="relation_index",
    heading="predicate",
    needs=("entities",),
)
EVIDENCE = Kind(
    "evidence", "evidence", "evidence", mapping.EVIDENCE, Place.SPAN, needs=("articles",)
)
MENTION = Kind(
    "mention",
    "mentions",
    "mentions",
    mapping.MENTION,
    Place.SPAN,
    view="mention_index",
    heading="surface",
    needs=("articles",),
)
QUOTE = Kind(
    "quote",
    "quotes",
    "quotes",
    mapping.QUOTE,
    Place.SPAN,
    view="quote_index",
    heading="quote",
    needs=("articles",),
    searched="quotes",
)
EXTRACTION = Kind("extraction", "extractions", "extractions", mapping.EXTRACTION, Place.OVERVIEW)

#: All kinds, in the order of their prefixes in Turtle.
KINDS: tuple[Kind, ...] = (ARTICLE, ENTITY, RELATION, EVIDENCE, MENTION, QUOTE, EXTRACTION)
#: The kinds of which people are told how many there are, in that order.
COUNTED: tuple[Kind, ...] = (ARTICLE, ENTITY, MENTION, RELATION, EVIDENCE, QUOTE)
#: The kinds that a search finds, in the order of its results.
SEARCHED: tuple[Kind, ...] = (ENTITY, ARTICLE, QUOTE)
#: The kinds with a page of their own.
WITH_PAGE = tuple(each for each in KINDS if each.place is Place.PAGE)
#: The kinds that are annotated in an article: each of their rows is a span of it.
ANNOTATED = tuple(each for each in COUNTED if each.place is Place.SPAN)

BY_NAME: dict[str, Kind] = {each.name: each for each in KINDS}
#: Each kind by its table and by its view.
BY_TABLE: dict[str, Kind] = {name: each for each in KINDS for name in each.lists}
