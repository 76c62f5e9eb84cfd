"""Decide what the rules are sure of, and leave what was decided before as it is."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.log import decide
from datasette_newsgraph.linking.link import Link
from datasette_newsgraph.store.transactions import transaction

#: How these decisions came about.
HOW = "rule: authority"
_PAIRS = "SELECT left_key, right_key FROM decisions WHERE right_key IS NOT NULL"


def decide_links(db: Database, links: Iterable[Link], authority: str) -> list[Decision]:
    """Decide that each entity of a sure link and the thing are the same, as one batch, and return these
    decisions; ``authority`` is the name of what the things are known by. Nothing is carried out.

    A pair of which the log has any verdict is passed over, also one that was taken back.
    """
    with transaction(db):
        decided = {*db.conn.execute(_PAIRS)}
        new = (
            _decision(each, authority)
            for each in links
            if each.is_sure and tuple(sorted((each.entity.key, each.key))) not in decided
        )
        return decide(db, new)


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
