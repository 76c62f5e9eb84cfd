"""Decide what the rules are sure of, and leave what was decided before as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlite_utils import Database

from datasette_newsgraph.decisions.adding import Added
from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.linking.link import Link, key_of
from datasette_newsgraph.loading.deciding import decide_in

#: How these decisions came about.
HOW = "rule: authority"
_PAIRS = "SELECT left_key, right_key FROM decisions WHERE right_key IS NOT NULL"


def undecided(db: Database, links: Iterable[Link]) -> Iterator[Link]:
    """Yield links without the things on which, together with the entity, the log has a verdict, even if
    it was taken back; those of which no thing is left are passed over.
    """
    decided = {*db.conn.execute(_PAIRS)}
    for link in links:
        key = link.entity.key
        left = tuple(
            each for each in link.things if tuple(sorted((key, key_of(each.iri)))) not in decided
        )
        if left:
            yield replace(link, things=left)


def decide_links(db: Database, links: Iterable[Link], authority: str) -> Added:
    """Decide that each entity of a sure link and the thing are the same, in one batch, carry it out,
    and return what became of it; ``authority`` is the name of what the things are known by.
    """
    found = list(links)
    # Somebody may have decided since the links were found.
    added = decide_in(
        db,
        lambda: [_decision(each, authority) for each in undecided(db, found) if each.is_sure],
    )
    # The keys of things are seldom loaded before.
    return added._replace(absent=[])


def _decision(link: Link, authority: str) -> Decision:
    return Decision(
        "same",
        link.entity.key,
        link.key,
        value=link.iri,
        keep=link.key,
        how=HOW,
        why=f"{link.words} ({authority})",
    )
