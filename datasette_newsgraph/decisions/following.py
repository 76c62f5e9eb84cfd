"""Bring the rows of a database to where the log of decisions has them.

What is shown of an article is a function of what its record gave and of what holds. So each article
that a decision concerns is read, as it was given and as it is shown, and what differs from what is to
be shown is changed, whatever was decided before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from sqlite_utils import Database

from datasette_newsgraph.decisions.appearances import arrange_appearances
from datasette_newsgraph.decisions.article_state import ArticleState, read_article, read_spans
from datasette_newsgraph.decisions.as_given import AsGiven
from datasette_newsgraph.decisions.bases import renew_bases_of
from datasette_newsgraph.decisions.concerned import all_concerned, articles_of, loaded_articles
from datasette_newsgraph.decisions.entity_rows import EntityRows
from datasette_newsgraph.decisions.intended import Intended
from datasette_newsgraph.decisions.log import logged
from datasette_newsgraph.decisions.span_rows import SpanRows
from datasette_newsgraph.decisions.spans import arrange_spans
from datasette_newsgraph.decisions.standing import Standing, standing_of
from datasette_newsgraph.decisions.state import renew
from datasette_newsgraph.facets.updating import tally
from datasette_newsgraph.store.migrations import is_filled
from datasette_newsgraph.store.unsettled import (
    ARTICLE,
    ENTITIES,
    ENTITY,
    NAMED,
    NOTE,
    RELATION,
    noted,
)

#: Whether anything is decided, or was.
_ANY = "SELECT EXISTS (SELECT 1 FROM decisions) OR EXISTS (SELECT 1 FROM decided)"
#: Articles that are held in memory at once.
_ARTICLES = 500


def follow(db: Database, *, everything: bool) -> None:
    """Have all rows follow the log, inside the caller's transaction, where decisions or articles are
    noted in ``unsettled``; note there what was touched. ``everything``: look at all articles of which
    something is decided.
    """
    connection = db.conn
    if not connection.execute(_ANY).fetchone()[0]:
        return
    standing = standing_of(logged(connection))
    changes = renew(connection, standing)
    rows = EntityRows(connection)
    loaded = (
        all_concerned(connection) if everything else loaded_articles(connection, noted(ARTICLE))
    )
    articles = sorted(loaded | articles_of(connection, changes))
    _arrange(db, articles, standing, rows)
    rows.entities |= _called(db, changes.renamed)
    renew_bases_of(connection, rows.entities | _with_others(db))
    for kind, numbers in (
        (ENTITY, rows.entities),
        # In how many relations the entities at the other ends are, may change with these.
        (NAMED, _ends(db, rows.relations)),
        (RELATION, rows.relations),
        (ARTICLE, articles),
    ):
        connection.executemany(f"{NOTE} VALUES (?, ?)", ((kind, each) for each in numbers))


def _arrange(db: Database, articles: Iterable[int], standing: Standing, rows: EntityRows) -> None:
    spans, as_given, is_counted = SpanRows(db), AsGiven(db.conn), is_filled(db)
    for numbers in _parts(articles):
        states = [state for number in numbers if (state := _read(db, number, standing))]
        intended = [Intended(state, standing) for state in states]
        both = [*zip(states, intended, strict=True)]
        counted = [state.id for state, shown in both if is_counted and shown.changes_numbers]
        tally(db.conn, json.dumps(counted), -1)
        for state, shown in both:
            arrange_appearances(state, shown, rows, as_given)
            arrange_spans(state, shown, rows, spans, as_given)
        as_given.write()
        spans.write()
        tally(db.conn, json.dumps(counted), 1)


def not_followed(db: Database, standing: Standing) -> int:
    """Return how many articles show something else than what holds."""
    count = 0
    for number in sorted(all_concerned(db.conn)):
        state = read_article(db.conn, number)
        read_spans(db.conn, state, None)
        intended = Intended(state, standing)
        count += any(
            given.shown_key != intended.entities[key] for key, given in state.entities.items()
        ) or any(span.shown != shown for span, shown in intended.spans)
    return count


def _read(db: Database, number: int, standing: Standing) -> ArticleState | None:
    """Return the state of an article, with the spans that may be shown otherwise; None if none may."""
    state = read_article(db.conn, number)
    if standing.is_of_spans:
        read_spans(db.conn, state, None)
        return state
    keys: set[str | None] = set()
    for given in state.entities.values():
        before = given.shown_key
        after = standing.shown(state.key, given.key)
        # An entity all of whose mentions were wrong is hidden, whatever holds of itself.
        if before != after or (given.kept is not None and given.kept.record is not None):
            keys |= {before, after}
    if not keys and not any(each.shown is None for each in state.kept.values()):
        return None
    rows = (each.shown for each in state.entities.values() if each.shown)
    read_spans(db.conn, state, {each.entity_id for each in rows if each.key in keys})
    return state


def _parts(articles: Iterable[int]) -> Iterator[list[int]]:
    coming = iter(articles)
    while part := list(islice(coming, _ARTICLES)):
        yield part


def _with_others(db: Database) -> set[int]:
    """Return the row numbers of the entities that show others, of which an article came or went."""
    query = (
        "SELECT id FROM entities WHERE id IN"
        f" ({ENTITIES}) AND EXISTS (SELECT 1 FROM decided WHERE decided.value = entities.key)"
    )
    return {row[0] for row in db.conn.execute(query)}


def _ends(db: Database, relations: Iterable[int]) -> set[int]:
    """Return the row numbers of the entities that some relations are between."""
    query = (
        "SELECT subject_id, object_id FROM relations WHERE id IN (SELECT value FROM json_each(?))"
    )
    rows = db.conn.execute(query, [json.dumps(sorted(relations))])
    return {number for row in rows for number in row if number is not None}


def _called(db: Database, keys: Iterable[str]) -> set[int]:
    """Return the row numbers of entities by keys."""
    query = "SELECT id FROM entities WHERE key IN (SELECT value FROM json_each(?))"
    return {row[0] for row in db.conn.execute(query, [json.dumps(sorted(keys))])}
