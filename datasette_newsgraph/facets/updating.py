"""Count the facets again after a small change, at the cost of what it touched.

The result is that of counting everything. Which values were touched, and their counts, each kind of
facet has in a way of its own:

- Entities are noted in ``unsettled``. The count of a frequent one is known: it is the size of its set,
  or a column has it, or it is added up. The others are counted by the indexes that begin with them.
- Where the rows of a value are kept, what its set says of the touched rows is put right; the size of
  the set is the count.
- Mentions and quotes, which are many and have one article each, are added and taken away with it.
- The rest is quick to count anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from datasette_newsgraph.facets.catalogue import all_facets
from datasette_newsgraph.facets.changed_sets import changed_sets, put_sets, sets_of_entities
from datasette_newsgraph.facets.counting import KEPT, count_list, types_with_lists
from datasette_newsgraph.facets.definition import OF_TYPE, Facet
from datasette_newsgraph.facets.kept_lists import VALUES, Kept, kept_lists, revise
from datasette_newsgraph.store.schema import into
from datasette_newsgraph.store.unsettled import ARTICLE, ENTITIES, noted

#: Where more than one of so many articles was touched, counting everything is as quick.
_SHARE = 10
#: Articles whose entities are held in memory.
_MOST = 5000
#: The SELECT of the articles that a parameter has as a JSON array.
IN_ARTICLES = "SELECT value FROM json_each(:articles)"
_TOUCHED = f"SELECT id, key, name, type FROM entities WHERE id IN ({ENTITIES})"
#: What is counted and no longer there.
_GONE = f"SELECT value FROM ({VALUES}) WHERE value NOT IN (SELECT key FROM entities)"
_GIVEN = "SELECT value FROM json_each(:entities)"


def tally(connection: sqlite3.Connection, articles: str, sign: int) -> None:
    """Add the mentions and quotes of some articles to the counts of their facets, or take them away
    (-1), inside the caller's transaction; ``articles`` are row numbers as a JSON array.

    Values that are no longer there stay with a count of 0 until the end of the load.
    """
    for view, facet in all_facets():
        if facet.given_by:
            given = facet.given_by.format(articles=IN_ARTICLES)
            connection.execute(
                f"{into('facet_counts')} SELECT '{view}', '{facet.name}', text, text,"
                f" {sign:d} * count(*) FROM (SELECT CAST(value AS TEXT) AS text FROM ({given}))"
                " WHERE text IS NOT NULL GROUP BY text"
                " ON CONFLICT (view, facet, value) DO UPDATE SET count = count + excluded.count",
                {"articles": articles},
            )


def are_few_touched(connection: sqlite3.Connection) -> bool:
    """Tell whether the articles noted in ``unsettled`` are so few that it is quicker to count what
    was touched than to count everything.
    """
    touched, articles = connection.execute(
        f"SELECT (SELECT count(*) FROM ({noted(ARTICLE)})), (SELECT count(*) FROM articles)"
    ).fetchone()
    return 0 < int(touched) <= min(int(articles) // _SHARE, _MOST)


def are_few_entities_touched(connection: sqlite3.Connection) -> bool:
    """Tell the same of the entities, where articles show others than before and nothing else changed:
    these may be many.
    """
    touched, entities = connection.execute(
        f"SELECT (SELECT count(*) FROM ({ENTITIES})), (SELECT count(*) FROM entities)"
    ).fetchone()
    return int(touched) <= int(entities) // _SHARE


def count_touched(
    connection: sqlite3.Connection, more_relations: Mapping[int, int], *, are_articles_new: bool
) -> None:
    """Count again what the rows noted in ``unsettled`` may have changed, inside the caller's
    transaction. Entities and relations have been settled and counted; ``more_relations`` has how many
    more relations than before each entity has, by row number, or fewer. ``are_articles_new``: articles
    came or went, and not only what they show is other than before.
    """
    types = types_with_lists(connection)
    for view, facet in all_facets():
        if facet.given_by:
            _end_tally(connection, view, facet)
        elif facet.of_entities:
            _count_entities(connection, view, facet, types, more_relations)
        elif view == "article_index" and not facet.links and not are_articles_new:
            # Their own columns say what they said.
            continue
        elif facet.pairs:
            _count_sets(connection, view, facet)
        else:
            count_list(connection, view, facet)


def _end_tally(connection: sqlite3.Connection, view: str, facet: Facet) -> None:
    names = [view, facet.name]
    where = "view = ? AND facet = ?"
    query = f"SELECT count(*) FROM facet_counts WHERE {where}"
    if connection.execute(query, names).fetchone()[0] >= KEPT:
        # Perhaps not all values are there, and what was added to one is not its count.
        count_list(connection, view, facet)
    else:
        connection.execute(f"DELETE FROM facet_counts WHERE {where} AND count = 0", names)


def _count_entities(
    connection: sqlite3.Connection,
    view: str,
    facet: Facet,
    types: Iterable[str],
    more_relations: Mapping[int, int],
) -> None:
    """Count the touched entities again, over all types and in each of the frequent ``types``."""
    names = {"view": view, "facet": facet.name}
    touched = connection.execute(_TOUCHED).fetchall()
    gone = [row[0] for row in connection.execute(_GONE, names)]
    lists = kept_lists(connection, names, [*(key for _, key, *_ in touched), *gone])
    kept = lists.pop(facet.name, Kept(0, 0))
    counts: dict[int, int] = {}
    sets: dict[int, int] = {}
    if facet.pairs:
        sets = sets_of_entities(connection, facet)
        counts = {entity: rows.bit_count() for entity, rows in sets.items()}
    elif facet.counts_relations:
        counts = {
            entity: kept.among[key][1] + more_relations.get(entity, 0)
            for entity, key, *_ in touched
            if key in kept.among
        }
    others = {"entities": json.dumps([row[0] for row in touched if row[0] not in counts])}
    counts |= dict(connection.execute(facet.counted_for(_GIVEN), others))
    again = {key: (name, counts.get(entity, 0)) for entity, key, name, _ in touched}
    again |= dict.fromkeys(gone, ("", 0))
    revise(connection, view, facet, kept, again)
    if facet.pairs:
        type_of = {key: type_ for _, key, _, type_ in touched}
        for type_ in types:
            of_type = {
                key: found if type_of.get(key) == type_ else ("", 0) for key, found in again.items()
            }
            # A type that has no list may be one that was not frequent before.
            list_of_type = lists.pop(f"{facet.name}{OF_TYPE}{type_}", None)
            revise(connection, view, facet, list_of_type, of_type, type_)
        connection.executemany(
            "DELETE FROM facet_counts WHERE view = ? AND facet = ?",
            ((view, name) for name in lists),
        )
        by_key = {key: sets[entity] for entity, key, *_ in touched if entity in sets}
        put_sets(connection, view, facet, by_key)


def _count_sets(connection: sqlite3.Connection, view: str, facet: Facet) -> None:
    names = {"view": view, "facet": facet.name}
    sets = changed_sets(connection, view, facet)
    kept = kept_lists(connection, names, sets).get(facet.name, Kept(0, 0))
    is_full = kept.size >= KEPT
    known = {value: rows for value, rows in sets.items() if not is_full or value in kept.among}
    again = {value: (value, rows.bit_count()) for value, rows in known.items()}
    # How many more rows go with a value that was not kept, no set tells.
    revise(connection, view, facet, kept if len(known) == len(sets) else None, again)
    put_sets(connection, view, facet, known)
