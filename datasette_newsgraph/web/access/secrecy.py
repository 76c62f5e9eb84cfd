"""What each table and view tells of: whoever may not see the one may not see the other.

One table says it for all: the hooks by which core's own pages are kept, our pages, facets and
searches, and the RDF, which leave out whatever reads a table that is hidden.
"""

from __future__ import annotations

from datasette_newsgraph.queries import QUERIES
from datasette_newsgraph.store.schema import FOLDED, FULL_TEXT, SEARCHED
from datasette_newsgraph.store.views import VIEWS

_MENTIONED = frozenset({"articles", "entities"})
_IN_WORDS = frozenset({"articles", "article_texts"})
_COUNTED = _MENTIONED | {"appearances", "mentions"}
_STATED = _MENTIONED | {"relations", "evidence"}
_QUOTED = _IN_WORDS | {"entities"}
#: What articles are parsed into.
_CONTENT: frozenset[str] = (
    _STATED | _COUNTED | _QUOTED | {"zones", "aliases", "identifiers", "quotes"}
)
#: What comes from a file that is loaded.
_LOADED: frozenset[str] = _CONTENT | {"extractions", "rejects", "vocabulary"}

#: Tables and views → the tables that they tell of, themselves aside.
TELLS: dict[str, frozenset[str]] = {
    "article_texts": frozenset({"articles"}),
    "text_parts": _IN_WORDS,
    "zones": frozenset({"articles"}),
    "appearances": _MENTIONED | {"mentions"},
    "aliases": _MENTIONED | {"appearances"},
    "identifiers": _MENTIONED | {"appearances"},
    "mentions": _MENTIONED,
    "relations": frozenset({"entities"}),
    "evidence": _IN_WORDS | {"relations", "entities"},
    "quotes": _QUOTED,
    "entity_counts": _COUNTED,
    "relation_counts": _STATED,
    "facet_counts": _CONTENT | {"entity_counts", "relation_counts"},
    "facet_rows": _CONTENT | {"entity_counts", "relation_counts"},
    # The digest and the size of a file, and the line up to which it was read, tell of all that it holds.
    "sources": _LOADED,
    # A line that was rejected holds whatever a record holds.
    "rejects": (_LOADED - {"rejects"}) | {"sources"},
    "unsettled": frozenset({"articles"}),
    "article_index": frozenset({"articles"}),
    "entity_index": _COUNTED | {"entity_counts"},
    "mention_index": _MENTIONED | _IN_WORDS | {"mentions", "text_parts"},
    "relation_index": _STATED | {"relation_counts"},
    "quote_index": _QUOTED | {"quotes"},
}
# What ANALYZE leaves counts the rows of every table.
for _number in "1234":
    TELLS[f"sqlite_stat{_number}"] = _CONTENT
#: What FTS5 makes beside each of its tables.
_SHADOWS = ("", "_data", "_idx", "_docsize", "_config")
for _table in FULL_TEXT:
    _told = TELLS.get(_table, frozenset()) | {_table}
    TELLS[FOLDED[_table]] = _told
    TELLS[SEARCHED[_table]] = _told | {FOLDED[_table]}
    for _shadow in _SHADOWS:
        TELLS[f"{_table}_fts{_shadow}"] = _told | {FOLDED[_table]}

#: The tables that hold what was loaded. While one of them is hidden from a visitor, neither SQL of
#: their own nor a copy of the file is for them: either would tell all.
SOURCES: frozenset[str] = _LOADED | {"entity_counts", "relation_counts", "sources"}
#: The tables to ask about before anything is denied.
ASKED: frozenset[str] = SOURCES.union(*TELLS.values())
#: What our own pages and RDF are made of.
SHOWN: frozenset[str] = (
    SOURCES
    | {*VIEWS, "facet_counts", "text_parts", *FOLDED.values(), *SEARCHED.values()}
    | {f"{table}_fts" for table in FULL_TEXT}
)


def visible(direct: frozenset[str]) -> frozenset[str]:
    """Return what may be seen, of the tables and views that their own permissions let be seen."""
    return frozenset(name for name in direct if TELLS.get(name, frozenset()) <= direct)


def denied_tables(direct: frozenset[str]) -> frozenset[str]:
    """Return the tables and views to be denied for what they tell of."""
    return frozenset(name for name, told in TELLS.items() if not told <= direct)


def denied_queries(direct: frozenset[str]) -> frozenset[str]:
    """Return the canned queries of ours that read what is hidden."""
    denied = denied_tables(direct) | (ASKED - direct)
    return frozenset(name for name, query in QUERIES.items() if query.reads & denied)
