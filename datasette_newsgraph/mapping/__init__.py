"""The mapping from tables to RDF, as data: the one place where a column meets a term.

A ``Node`` is a kind of thing: the rows it comes from, its IRI, its classes, and its properties with
column, term and kind of value. A ``Profile`` is a choice of these. The writers of all syntaxes, the
JSON-LD context, the published vocabulary, the pages and the documentation derive from it.
"""

from __future__ import annotations

from datasette_newsgraph.mapping.articles import (
    ARTICLE,
    EVIDENCE,
    MENTION,
    OF_ARTICLE,
    PHRASE,
    QUOTE,
    SPAN,
    TEXT,
    ZONE,
)
from datasette_newsgraph.mapping.decisions import DECIDER, DECISION
from datasette_newsgraph.mapping.model import Constant, Node, Property, Ref, Value
from datasette_newsgraph.mapping.sources import AGENT, AUTHOR, AUTHOR_CLASSES, EXTRACTION, PUBLISHER
from datasette_newsgraph.mapping.things import ENTITY, GEOMETRY, RELATION

__all__ = [
    "AGENT",
    "ARTICLE",
    "AUTHOR",
    "AUTHOR_CLASSES",
    "DECIDER",
    "DECISION",
    "ENTITY",
    "EVIDENCE",
    "EXTRACTION",
    "GEOMETRY",
    "MENTION",
    "NODES",
    "NOT_EXPORTED",
    "OF_ARTICLE",
    "OF_PEOPLE",
    "PHRASE",
    "PUBLISHER",
    "QUOTE",
    "RELATION",
    "SPAN",
    "TEXT",
    "ZONE",
    "Constant",
    "Node",
    "Property",
    "Ref",
    "Value",
]

NODES: tuple[Node, ...] = (
    EXTRACTION,
    AGENT,
    ENTITY,
    GEOMETRY,
    RELATION,
    PUBLISHER,
    AUTHOR,
    ARTICLE,
    TEXT,
    ZONE,
    SPAN,
    PHRASE,
    MENTION,
    EVIDENCE,
    QUOTE,
    DECIDER,
    DECISION,
)
#: What names people, and is exported only when asked for.
OF_PEOPLE: tuple[Node, ...] = (DECIDER, DECISION)

#: Columns that are in no export, and why.
NOT_EXPORTED = {
    "given_start, given_end, moved": "Offsets that the text does not confirm point at the wrong words.",
    "appearances": "What each article calls an entity is exported as its names and as mentions.",
    "entity_counts, relation_counts, facet_counts, facet_rows": "Counts follow from what is exported.",
    "candidates": "Nobody has decided whether the two are one thing.",
    "folded_texts, folded_names, folded_quotes": "They are what is exported once more, for search.",
    "decided, as_given": "Exports show what was decided: what is the same or different, and"
    " former keys. They do not show what was there before.",
    "keep, batch": "They say how decisions are carried out and taken back.",
    "basis": "It says what a key comes from, and the key is in the IRI.",
    "sources, rejects, article_faults, record_hash": "They describe files and loads, not what articles"
    " say.",
}
