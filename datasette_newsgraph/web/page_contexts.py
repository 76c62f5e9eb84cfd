"""What the templates of our pages are given, by name and type.

A page is filled part by part, as far as its visitor may see the parts; a part that is not there has
no key. What stands around a page, such as its citation and its JSON-LD, reads the same keys.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from markupsafe import Markup

    from datasette_newsgraph.candidates.tiers import Tier
    from datasette_newsgraph.decisions.identifier_conflicts import IdentifierConflict
    from datasette_newsgraph.facets.among_rows import Value
    from datasette_newsgraph.property_graphs import GraphFormat
    from datasette_newsgraph.rdf import Format
    from datasette_newsgraph.web.access.deciding import Deciding
    from datasette_newsgraph.web.article.article_page import Group
    from datasette_newsgraph.web.article.text import ShownText
    from datasette_newsgraph.web.deciding.known_under import Former
    from datasette_newsgraph.web.deciding.notice import Notice
    from datasette_newsgraph.web.deciding.sides import Side
    from datasette_newsgraph.web.deciding.taken_out import TakenOut
    from datasette_newsgraph.web.drawing.neighbourhood import Neighbourhood
    from datasette_newsgraph.web.entity.contexts import Choice, Context
    from datasette_newsgraph.web.entity.mentioned import Chip, Source
    from datasette_newsgraph.web.entity.namesakes import Namesakes
    from datasette_newsgraph.web.entity.quotations import Quotations
    from datasette_newsgraph.web.frame.citation import Citation
    from datasette_newsgraph.web.frame.page_frame import Crumb
    from datasette_newsgraph.web.links import Links
    from datasette_newsgraph.web.log.decisions_page import Batch, Clash, TwoOfOne
    from datasette_newsgraph.web.log.gone_page import Gone
    from datasette_newsgraph.web.merging.split_page import Naming
    from datasette_newsgraph.web.overview.graph_list import ListedGraph
    from datasette_newsgraph.web.overview.overview_page import TopType
    from datasette_newsgraph.web.parts.headings import Heading
    from datasette_newsgraph.web.parts.passages import Passage
    from datasette_newsgraph.web.parts.relation_words import Direction
    from datasette_newsgraph.web.parts.timeline import Timeline
    from datasette_newsgraph.web.parts.totals import Count
    from datasette_newsgraph.web.rdf.ontology_page import OwnTermShown
    from datasette_newsgraph.web.review.review_page import MemberShown, PairShown, TierShown
    from datasette_newsgraph.web.search import search_page
    from datasette_newsgraph.web.search.suggestions import Suggestion
    from datasette_newsgraph.web.sparql.cells import Cell, Column
    from datasette_newsgraph.web.sparql.sparql_page import Download, ExampleShown

#: A row of a query, whose columns go by name.
Row = Any


class Around(TypedDict):
    """What stands around a page and depends on what the page is about."""

    plain: Callable[[str], str]
    crumb_trail: list[Crumb]
    #: The one address of the page; None for one that has none.
    canonical: str | None
    linked_data: Markup | None


class Frame(Around):
    """What every page of a graph has: what stands around it, and what its template calls."""

    database: str
    links: Links
    #: Whether the visitor may see all of some tables and views.
    sees: Callable[..., bool]
    deciding: Deciding
    #: What is said to those who may decide.
    notice: Notice | None
    #: The place of the page and its arguments, for forms that lead back to it.
    here: str
    names_while_typing: bool
    graphs_page: str
    safe_url: Callable[[str | None], str | None]
    language_tag: Callable[[str | None], str]
    status_meanings: Mapping[str, str]
    unremarked: Collection[str]
    day_of: Callable[[str | None], str | None]
    direction_of: Callable[[str | None], str]
    heading_of: Callable[[Row], Heading]
    doubt: Callable[[float | None], str | None]
    assert_from: float
    #: What Datasette's footer says of where the data comes from.
    metadata: dict[str, str]


class Page(TypedDict, total=False):
    """What a page of a graph may have, whatever it is about."""

    #: Where it is as RDF, by format.
    formats: dict[Format, str]
    #: Where it is for graph tools, by format.
    graph_files: dict[GraphFormat, str]
    #: The crumbs behind that of the graph.
    trail: list[Crumb]
    citation: Citation


class ThingPage(Page, total=False):
    """What the pages of all things have besides. ``formats`` are of a part of what is about the thing,
    ``wholes`` of all.
    """

    identifier: str
    wholes: dict[Format, str]


class ArticlePage(ThingPage, total=False):
    """The page of an article. Lists hold one more than are shown, where there are more."""

    article: Row
    authors: list[str]
    sections: list[str]
    limit: int
    status_words: Callable[[Row], str | None]
    extraction: Row
    #: The text with its marks, or None for an article that has none.
    text: ShownText | None
    #: The address of the span of a row, where it has one.
    place: Callable[[Row], str | None]
    entities: list[Row]
    groups: list[Group]
    lost: list[Row]
    statements: list[Row]
    quotes: list[Row]
    is_unverified: bool
    #: What was decided to be wrong of it.
    taken_out: TakenOut | None
    #: Its mentions, while somebody corrects it.
    mentions: list[Row]
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
    known_under: list[Former]
    #: Of which authorities it has two identifiers, since it was merged.
    doubles: list[IdentifierConflict]
    #: Types of the graph, for those who may correct this one.
    types: list[str]
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
    #: Evidence that was decided to be wrong.
    taken_out: TakenOut | None
    next_evidence: int | None
    articles_link: str
    extractions: list[Row]


class OverviewPage(Page, total=False):
    """The front page of a graph. Rows of values have a ``value`` and its ``count``."""

    counts: list[Count]
    #: How the metadata describes the graph.
    description: str | None
    #: What those who may decide can look at: label and address.
    to_decide: list[tuple[str, str]]

    # Of the articles: the first and the last day, where they are from, and the newest of them.
    period: tuple[str, str] | None
    publishers: list[Row]
    #: How many publishers there are besides, in words; empty for none.
    more_publishers: str
    languages: list[Row]
    latest: list[Row]
    timeline: Timeline
    #: Of each bar of the timeline, by its first period: None and the address of its articles.
    bar_links: dict[str, tuple[str | None, str | None]]

    # Of the entities: those mentioned most, by type; or some, where counts are hidden.
    top_types: list[TopType]
    #: Other types, each with its number of entities and their address.
    more_types: list[tuple[str, int, str | None]]
    some_entities: list[Row]

    predicates: list[Row]

    # Where to go on: title, description and address of each.
    views: list[tuple[str, str, str]]
    queries: list[tuple[str, str, str]]
    #: Where those who may ask in SPARQL do.
    sparql: str | None
    #: Of each kind of span: how many have which status, with its meaning and the address of the rows.
    spans: list[tuple[str, list[tuple[str, str, int, str]]]]


class SearchPage(Page, total=False):
    """The page of a search: of all kinds of things, or of one."""

    #: Whether there is anything yet in which this visitor may search.
    is_indexed: bool
    typed: str
    asked: search_page.Search
    #: The number of words that count.
    most_words: int
    groups: list[search_page.Group]
    has_hits: bool
    suggestions: list[Suggestion]
    has_short_stem: bool
    #: The number of letters that have to stand before a star.
    stem: int

    # On the pages of one kind only.
    all_kinds: str
    earlier: str | None
    #: The number of hits at which pages end, on the last one if there are more.
    beyond: int | None


class DecisionsPage(Page, total=False):
    """The page of what was decided."""

    batches: list[Batch]
    #: Whether the visitor is told who decided and why.
    sees_people: bool
    #: What the list is kept to: a batch, or what is decided of one key, with its name.
    batch: str | None
    of: str | None
    of_name: str
    #: The address of what was decided before.
    earlier: str | None
    conflicts: list[Clash]
    doubles: list[TwoOfOne]


class GonePage(Page, total=False):
    """What stands in place of the page of a thing that was decided to be wrong."""

    gone: Gone


class MergePage(Page, total=False):
    """The page on which two entities are merged."""

    #: The entity, and the other one as soon as that is chosen.
    pair: list[Side]
    #: The key that is to stand for both, if nobody says otherwise.
    kept: str
    #: What was typed to find the other one, and what was found.
    asked_for: str
    hits: list[Row]


class SplitPage(Page, total=False):
    """The page on which an entity is split."""

    split: Row
    naming: list[Naming]
    #: The entity that these articles mean, if one is chosen that is there.
    into: Side | None
    #: What was typed to find it, and what was found.
    asked_for: str
    hits: list[Row]
    #: How many articles stand before this page, and before the next.
    skipped: int
    next_articles: int | None


class ReviewPage(Page, total=False):
    """The page of pairs that may be one thing."""

    # What there is to decide: in tiers, and besides.
    tiers: list[TierShown]
    others: int
    #: Whether all pairs were counted.
    is_counted: bool
    #: Why no tier may be accepted as one, if so.
    not_at_once: str | None

    # The pairs of a page: of which tier, behind which number, up to which, and whether there are more.
    tier: Tier | None
    pairs: list[PairShown]
    after: int
    last_pair: int
    has_more: bool

    # Of a tier that is accepted as one: how many pairs, and what tells these from any others.
    accepted: int
    digest: str

    # A cluster, and the key that is to stand for it, if nobody says otherwise.
    cluster: list[MemberShown]
    kept: str


class SparqlPage(Page, total=False):
    """The page on which a graph is asked in SPARQL."""

    #: The question in the form.
    typed: str
    examples: list[ExampleShown]
    #: Lines that declare the prefixes of the graph.
    prefixes: str

    # What became of a question: why there is no answer, with the number and the words of a line of it,
    error: str
    error_line: tuple[int, str] | None
    # or how long it took, and the answer in other formats,
    seconds: str
    downloads: list[Download]
    # which is truth, or a table of rows or of triples: all, or the first.
    truth: bool
    is_graph: bool
    columns: list[Column]
    rows: list[list[Cell | None]]
    is_part: bool


class TermsPage(Page, total=False):
    """The page of the terms that a graph uses."""

    #: The namespace of the terms that labels stand for.
    namespace: str
    own_namespace: str
    #: The fixed terms of ours by their kind, in words.
    own: list[tuple[str, list[OwnTermShown]]]
    #: Anchor, name and title of each profile of exports.
    profiles: list[tuple[str, str, str]]
    #: By their kind, in words: name and label of each term that a label stands for.
    labels: list[tuple[str, list[tuple[str, str]]]]
    #: How many of these are not listed.
    more_labels: int
    #: By vocabulary, prefix and namespace: prefixed name, IRI and comments of each published term.
    used: list[tuple[str, str, list[tuple[str, str, list[str]]]]]


class GraphsPage(TypedDict):
    """The list of the graphs on a server."""

    graphs: list[ListedGraph]
    canonical: str


#: What the template ``newsgraph_NAME.html`` is given, by that name: all but the last in a ``Frame``.
CONTEXTS: dict[str, type] = {
    "article": ArticlePage,
    "entity": EntityPage,
    "relation": RelationPage,
    "overview": OverviewPage,
    "search": SearchPage,
    "decisions": DecisionsPage,
    "gone": GonePage,
    "merge": MergePage,
    "split": SplitPage,
    "review": ReviewPage,
    "sparql": SparqlPage,
    "terms": TermsPage,
    "graphs": GraphsPage,
}
