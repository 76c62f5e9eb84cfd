"""The entities of a graph that can be linked."""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database

from datasette_newsgraph.authority.things import Authority
from datasette_newsgraph.identity import is_value_type
from datasette_newsgraph.linking.link import Entity, Link, rank_of
from datasette_newsgraph.linking.rules import link_of

#: Names that mean something in one article only are of nothing that an authority knows.
_NAMED = (
    "SELECT key, entities.type, name, coalesce(alias_text, ''), coalesce(articles, 0), basis"
    " FROM entities LEFT JOIN entity_counts ON entity_id = entities.id"
    " WHERE basis IN ('name', 'identifier') ORDER BY entities.id"
)
_IDENTIFIERS = (
    "SELECT DISTINCT iri FROM identifiers JOIN entities ON entities.id = entity_id WHERE key = ?"
)


def links_of(db: Database, authority: Authority) -> Iterator[Link]:
    """Yield the links of entities, in the order in which they were loaded; nothing of those whose names
    the authority does not know, and of those that have an identifier of it already.
    """
    for key, type_, name, aliases, articles, basis in db.conn.execute(_NAMED):
        if is_value_type(type_):
            continue
        others = tuple(each for each in aliases.split("\n") if each and each != name)
        found = link_of(Entity(key, type_, name, others, articles), authority)
        if found is None or found.key == key:
            continue
        if basis != "identifier" or not _is_known(db, found):
            yield found


def _is_known(db: Database, link: Link) -> bool:
    """Tell whether an entity has an identifier of the authority that gives the thing its IRI."""
    rank = rank_of(link.iri)
    return any(rank_of(iri) == rank for (iri,) in db.conn.execute(_IDENTIFIERS, [link.entity.key]))
