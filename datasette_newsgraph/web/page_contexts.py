"""What the templates of the pages of things are given, by name and type.

A page is filled part by part, as far as its visitor may see the parts; a part that is not there has
no key. What stands around a page, such as its citation and its JSON-LD, reads the same keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from datasette_newsgraph.facets.among_rows import Value
    from datasette_newsgraph.rdf import Format
    from datasette_newsgraph.web.article.article_page import Group
    from datasette_newsgraph.web.drawing.neighbourhood import Neighbourhood
    from datasette_newsgraph.web.entity.contexts import Choice, Context
    from datasette_newsgraph.web.entity.entity_page import Chip, Source
    from datasette_newsgraph.web.entity.namesakes import Namesakes
    from datasette_newsgraph.web.entity.quotations import Quotations
    from datasette_newsgraph.web.frame.citation import Citation
    from datasette_newsgraph.web.parts.passages import Passage
    from datasette_newsgraph.web.parts.relation_words import Direction
    from datasette_newsgraph.web.parts.timeline import Timeline

#: A row of a query, whose columns go by name.
Row = Any


class ThingPage(TypedDict, total=False):
    """What the pages of all things have: downloads by format, the identifier IRI, how to cite it."""

    formats: dict[Format, str]
    identifier: str
    citation: Citation


class ArticlePage(ThingPage, total=False):
    """The page of an article. Lists hold one more than are shown, where there are more."""

    article: Row
    authors: list[str]
    sections: list[str]
    limit: int
    status_words: Callable[[Row], str | None]
    extraction: Row
    #: The text with its marks, or None for an article that has none.
    text: dict[str, Any] | None
    #: The address of the span of a row, where it has one.
    place: Callable[[Row], str | None]
    entities: list[Row]
    groups: list[Group]
    lost: list[Row]
    statements: list[Row]
    quotes: list[Row]
    is_unverified: bool
    #: The addresses of the rows that are annotated in the article, by table.
    tables: dict[str, str]


class EntityPage(ThingPage, total=False):
    """The page of an entity."""

    entity: Row
    names: list[str]
    #: The names by which no mention calls it.
    other_names: list[str]
    type_number: Callable[[str], int]
    type_sign: Callable[[str], str]
    identifiers: list[str]
    namesakes: Namesakes | None
    counts: Row
    #: The fragment and the label of each part of the page.
    parts: list[tuple[str, str]]

    # Among the articles that name it.
    is_slow: bool
    #: Of other entities, by key, how many articles name both.
    together: dict[str, int]
    #: By type: other entities, and the address of the articles that name both.
    beside: dict[str, list[Any]]
    publishers: list[Value] | None
    timeline: Timeline
    #: Of each bar of the timeline: the addresses of its mentions and its articles.
    bar_links: dict[str, tuple[str | None, str | None]]

    # What is stated and said.
    directions: list[Direction]
    sentences: dict[int, Passage]
    drawing: Neighbourhood | None
    about: Quotations
    said: Quotations

    # Mentions in context.
    contexts: list[list[Context]]
    choice: Choice
    #: The same choice, from its first mention on.
    first: Choice
    following: str | None
    chosen_mentions: int
    chips: list[Chip]
    zones: list[Source]
    sources: list[Source]
    surfaces: list[Row]
    surfaces_of: int
    is_surfaces_part: bool


class RelationPage(ThingPage, total=False):
    """The page of a relation."""

    relation: Row
    #: How much evidence stands before this page.
    skipped: int
    limit: int
    is_counted: bool
    others: list[Row]
    both_link: str
    between_link: str
    evidence: list[Passage]
    next_evidence: int | None
    articles_link: str
    extractions: list[Row]
