"""Pairs that may be one thing: by tiers that are accepted at once, in pages, or as a cluster."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from datasette.utils.asgi import BadRequest, NotFound

from datasette_newsgraph.candidates.tiers import TIERS, Tier
from datasette_newsgraph.web.access.arguments import number_argument, text_argument
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.deciding.candidates import (
    COUNTED,
    Member,
    Pair,
    cluster_of,
    counted,
    digest,
    linked_with,
    may_not_accept,
    of_tier,
    open_pairs,
)
from datasette_newsgraph.web.deciding.sides import Side, sides_of
from datasette_newsgraph.web.deciding.standing_now import Now, standing_now
from datasette_newsgraph.web.page_contexts import ReviewPage

#: Pairs on a page, and those that are shown of a tier before all of it is accepted.
PAIRS, SAMPLE = 20, 10
_BY_NAME = {each.name: each for each in TIERS}


@dataclass(frozen=True)
class TierShown:
    """A tier with the number of its pairs that are still to be decided."""

    tier: Tier
    count: int


@dataclass(frozen=True)
class PairShown:
    """A pair as it is shown: both sides, the address of the articles that name both, and that of the
    cluster of which it is a part.
    """

    pair: Pair
    left: Side
    right: Side
    both: str | None
    cluster: str | None


@dataclass(frozen=True)
class MemberShown:
    """An entity of a cluster as it is shown."""

    member: Member
    side: Side


async def review(visit: Visit) -> ReviewPage:
    """Return what the page shows: the pairs of a tier (``tier``), or of none, behind a number
    (``after``); ten of a tier, if all of it is to be accepted (``accept``); or the cluster of an entity
    (``cluster``). Raises Forbidden, BadRequest, NotFound.
    """
    visit.require("candidates", "decisions")
    tier, accepted = text_argument(visit.request, "tier"), text_argument(visit.request, "accept")
    for each in (tier, accepted):
        if each is not None and each not in _BY_NAME:
            raise BadRequest(f"a tier has to be one of: {', '.join(_BY_NAME)}.")
    key = text_argument(visit.request, "cluster")
    now = await standing_now(visit)
    if key:
        return await _cluster(visit, now, key)
    if accepted:
        return await _sample(visit, now, _BY_NAME[accepted])
    return await _list(visit, now, tier, number_argument(visit.request, "after", 0))


async def _list(visit: Visit, now: Now, tier: str | None, after: int) -> ReviewPage:
    counts = await visit.read_at_leisure(lambda each: counted(each, now))
    reason = await visit.read(may_not_accept)
    # Where no tier may be accepted as one, its pairs stand with all others.
    among = "tier = :tier" if reason is None or tier else "true"

    def read(connection: sqlite3.Connection) -> list[Pair]:
        condition = f"{among} AND candidates.id > :after"
        found = open_pairs(connection, now, condition, tier=tier or "", after=after)
        return list(islice(found, PAIRS + 1))

    pairs = await visit.read_at_leisure(read)
    in_tiers = sum(counts.get(each.name, 0) for each in TIERS)
    return {
        "tiers": [TierShown(each, counts[each.name]) for each in TIERS if each.name in counts],
        "tier": _BY_NAME[tier] if tier else None,
        "others": counts.get("", 0) + (in_tiers if reason else 0),
        "is_counted": sum(counts.values()) < COUNTED,
        "not_at_once": reason,
        "pairs": await _shown(visit, now, pairs[:PAIRS]),
        "after": after,
        "last_pair": pairs[min(len(pairs), PAIRS) - 1].number if pairs else after,
        "has_more": len(pairs) > PAIRS,
        "trail": [("Review", None)],
    }


async def _sample(visit: Visit, now: Now, tier: Tier) -> ReviewPage:
    pairs = await visit.read_at_leisure(lambda each: of_tier(each, now, tier.name))
    if not pairs:
        return await _list(visit, now, tier.name, 0)
    # From the likeliest to the least likely.
    last, count = len(pairs) - 1, min(SAMPLE, len(pairs))
    places = [round(nth * last / max(1, count - 1)) for nth in range(count)]
    return {
        "tier": tier,
        "accepted": len(pairs),
        "digest": digest(pairs),
        "not_at_once": await visit.read(may_not_accept),
        "pairs": await _shown(visit, now, [pairs[place] for place in places]),
        "trail": [("Review", f"{visit.links.home}/review"), (tier.title, None)],
    }


async def _cluster(visit: Visit, now: Now, key: str) -> ReviewPage:
    members = await visit.read_at_leisure(lambda each: cluster_of(each, now, key))
    sides = await sides_of(visit, [each.key for each in members])
    shown = [MemberShown(each, sides[each.key]) for each in members if each.key in sides]
    if not shown:
        raise NotFound("There is no such entity")
    return {
        "cluster": shown,
        "kept": max((each.side for each in shown if each.member.is_sure), key=_weight).key,
        "trail": [("Review", f"{visit.links.home}/review"), ("A cluster", None)],
    }


def _weight(side: Side) -> tuple[bool, int, int, str]:
    return side.weight


async def _shown(visit: Visit, now: Now, pairs: list[Pair]) -> list[PairShown]:
    keys = {key for each in pairs for key in (each.keep, each.other)}
    sides = await sides_of(visit, keys)
    links = await visit.read_at_leisure(lambda each: linked_with(each, now, keys))
    return [
        PairShown(
            each,
            sides[each.keep],
            sides[each.other],
            _both(visit, each),
            _cluster_link(visit, each, links[each.keep] + links[each.other]),
        )
        for each in pairs
        if each.keep in sides and each.other in sides
    ]


def _both(visit: Visit, pair: Pair) -> str | None:
    if not pair.together or not visit.sight.sees("article_index"):
        return None
    return visit.links.rows("article_index", _entity=[pair.keep, pair.other], _zones="all")


def _cluster_link(visit: Visit, pair: Pair, links: Iterable[Pair]) -> str | None:
    """Return where a pair is listed with others, if it is linked with any."""
    likely = (each for each in links if not each.against)
    others = {key for each in likely for key in (each.keep, each.other)} - {pair.keep, pair.other}
    return f"{visit.links.home}/review?cluster={pair.keep}" if others else None
