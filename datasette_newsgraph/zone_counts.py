"""What is counted of the mentions of an entity in an article."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import NamedTuple

from datasette_newsgraph.article import MAIN_ZONES


class ZoneCounts(NamedTuple):
    """All mentions, those in title, standfirst and body, and those in each zone as a JSON object."""

    mentions: int
    main_mentions: int
    mentions_by_zone: str


@lru_cache(maxsize=4096)
def count_zones(zones: tuple[str | None, ...]) -> ZoneCounts:
    """Return the counts of mentions in these zones, one each; None is an unknown zone."""
    names = [zone or "unknown" for zone in zones]
    counts = {zone: names.count(zone) for zone in sorted(set(names))}
    main = sum(count for zone, count in counts.items() if zone in MAIN_ZONES)
    return ZoneCounts(len(zones), main, json.dumps(counts))
