"""What each table and view tells of: whoever may not see the one may not see the other.

One table says it for all: the hooks by which core's own pages are kept, our pages, facets and
searches, and the RDF, which leave out whatever reads a table that is hidden.
"""

from __future__ import annotations

from typing import NamedTuple

from datasette_newsgraph.metadata.queries import QUERIES
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
_LOADED: frozenset[str] = _CONTENT | {"extractions", "rejects", "article_faults", "vocabulary"}

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
    "candidates": _COUNTED | {"entity_counts", "aliases", "identifiers"},
    "facet_counts": _CONTENT | {"entity_counts", "relation_counts"},
    "facet_rows": _CONTENT | {"entity_counts", "relation_counts"},
    # The digest and the size of a file, and how far it was read, tell of all that it holds.
    "sources": _LOADED,
    # A line that was rejected holds whatever a record holds.
    "rejects": (_LOADED - {"rejects"}) | {"sources"},
    "article_faults": (_LOADED - {"article_faults"}) | {"sources"},
    # Keys spell names and identifiers out, and what is not shown is kept in full.
    # Who decided and why is kept besides: see ``hides_people``.
    "decisions": _CONTENT,
    # What holds of the log, and what is kept for it, say what stands in it.
    "decided": _CONTENT | {"decisions"},
    "as_given": _CONTENT | {"decisions"},
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

#: What entities tell of, in a graph that has such entities, and which they are.
ENTITIES_TELL: dict[str, str] = {
    # The key of an entity that is local to an article follows from the id of the article, too: who has
    # an id can make the key.
    "articles": "SELECT 1 FROM entities WHERE basis = 'article'",
    # A key spells the identifier out from which it follows.
    "identifiers": "SELECT 1 FROM identifiers",
    "aliases": "SELECT 1 FROM entities WHERE alias_text IS NOT NULL",
}


class Part(NamedTuple):
    """Some rows of a table: the SELECT of them, and one that is quicker to tell their number."""

    rows: str
    number: str


_LOCAL = "(SELECT id FROM main.entities WHERE basis = 'article')"
#: While a table is hidden of which only some entities tell, our pages and RDF leave out these, and the
#: relations with them: of each table, the part that is left.
LEFT: dict[str, dict[str, Part]] = {
    "articles": {
        "entities": Part(
            "SELECT * FROM main.entities WHERE basis <> 'article'",
            "SELECT count(*) FROM main.entities WHERE basis <> 'article'",
        ),
        "relations": Part(
            "SELECT * FROM main.relations WHERE NOT EXISTS (SELECT 1 FROM main.entities"
            " WHERE entities.id IN (subject_id, object_id) AND basis = 'article')",
            # Along the indexes to those that are left out, not from row to row.
            "SELECT (SELECT count(*) FROM main.relations)"
            f" - (SELECT count(*) FROM main.relations WHERE subject_id IN {_LOCAL})"
            f" - (SELECT count(*) FROM main.relations WHERE object_id IN {_LOCAL})"
            " + (SELECT count(*) FROM main.relations"
            f" WHERE subject_id IN {_LOCAL} AND object_id IN {_LOCAL})",
        ),
    }
}

#: All tables and views that may be denied for what they tell of.
GUARDED: frozenset[str] = frozenset({"entities", *TELLS})

#: What was decided of it, what may be decided, and what was given where something else is shown.
_DECIDED = frozenset({"decisions", "decided", "as_given", "candidates"})
#: The tables that hold what was loaded, and what was decided. While one of them is hidden from a
#: visitor, neither SQL of their own nor a copy of the file is for them: either would tell all.
SOURCES: frozenset[str] = _LOADED | _DECIDED | {"entity_counts", "relation_counts", "sources"}
#: The tables to ask about before anything is denied.
ASKED: frozenset[str] = SOURCES.union(*TELLS.values(), *(each.reads for each in QUERIES.values()))
#: What our own pages and RDF are made of.
SHOWN: frozenset[str] = (
    SOURCES
    | {"decisions", "decided", "as_given"}
    | {*VIEWS, "facet_counts", "text_parts", *FOLDED.values(), *SEARCHED.values()}
    | {f"{table}_fts" for table in FULL_TEXT}
)


# Of the functions, ``direct`` are the tables and views that their own permissions let be seen, and
# ``telling`` the hidden tables that the entities of the graph tell of.


def without_telling(direct: frozenset[str], telling: frozenset[str]) -> frozenset[str]:
    """Return what may be seen, whatever else it tells of, without entities that tell."""
    return direct - {"entities"} if telling else direct


def visible(direct: frozenset[str], telling: frozenset[str]) -> frozenset[str]:
    """Return the tables and views that may be seen."""
    seen = without_telling(direct, telling)
    return frozenset(name for name in seen if TELLS.get(name, frozenset()) <= seen)


def readable(direct: frozenset[str], telling: frozenset[str]) -> frozenset[str]:
    """Return the tables and views that our pages and RDF may be made of: of some a part, see ``LEFT``.

    The identifiers of an entity are its own, like its names: only which article gave them tells of
    articles, and that is neither shown nor written.
    """
    found = visible(direct, telling - LEFT.keys())
    return found | (direct & {"identifiers"}) if "entities" in found else found


def denied_tables(direct: frozenset[str], telling: frozenset[str]) -> frozenset[str]:
    """Return the tables and views to be denied for what they tell of."""
    seen = without_telling(direct, telling)
    return frozenset(name for name, told in TELLS.items() if not told <= seen) | (direct - seen)


def denied_queries(
    direct: frozenset[str], telling: frozenset[str], tables: frozenset[str]
) -> frozenset[str]:
    """Return the canned queries of ours that read what is hidden of the ``tables`` of a graph."""
    denied = denied_tables(direct, telling) | ((ASKED & tables) - direct)
    return frozenset(name for name, query in QUERIES.items() if query.reads & denied)
