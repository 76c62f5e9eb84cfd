"""The judgements of nomenklatura's resolver, one JSON array a line.

``[target, source, judgement, score, user, created_at]``, where target and source are two ids: keys of
ours, identifier IRIs, numbers of Wikidata's items, or ids that nomenklatura has made (``NK-…``). Of two
that are the same, an item of Wikidata stands for both. A line with a seventh value, the time at which
the judgement was deleted, and a line without a judgement say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone

from datasette_newsgraph.authorities import stated_iri
from datasette_newsgraph.decisions.decision import Decision, validated
from datasette_newsgraph.decisions.files.fields import NameOf, Written, on_line, text_of
from datasette_newsgraph.decisions.files.json_lines import encoded, parsed
from datasette_newsgraph.decisions.keys import item_of, key_meant
from datasette_newsgraph.errors import DecisionError
from datasette_newsgraph.identity import make_key
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.verdicts import ON_PAIRS, Verdict
from datasette_newsgraph.wording import listed

_VERDICTS: dict[str, Verdict] = {"positive": "same", "negative": "different", "unsure": "unsure"}
_JUDGEMENTS = {verdict: judgement for judgement, verdict in _VERDICTS.items()}
_NONE = "no_judgement"
_FORM = "[target, source, judgement, score, user, created_at]"
_OWN_ID = "NK-"
#: All judgements are of one batch: so a file that has grown can be read again.
BATCH = HOW = "nomenklatura"
# It keeps 28 characters of a time, which may be too few for all of the offset.
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?(?:Z|([+-]\d\d:?\d\d)|\+[0:]*)?",
    re.ASCII,
)


def read(source: Source) -> Iterator[Decision | None]:
    """Yield the decision of each line, None where it has none."""
    for entry in source.lines():
        with on_line(source, entry.line):
            row = parsed(entry)
            if not isinstance(row, list) or not 6 <= len(row) <= 7:
                raise DecisionError(f"is no array {_FORM}")
            yield _decision(row)


def write(decisions: Iterable[Written], name_of: NameOf) -> Iterator[bytes]:
    """Yield a line for each pair of entities, with the last that was decided on it."""
    last: dict[tuple[str, str], Decision] = {}
    for each, _ in decisions:
        if each.verdict in ON_PAIRS:
            # In the order of their times, as nomenklatura writes them.
            last.pop((each.left, each.right), None)
            last[each.left, each.right] = each
    for each in last.values():
        source, target = sorted(
            (item_of(key) or key for key in (each.left, each.right)),
            key=lambda id_: (id_ not in (each.left, each.right), id_),
        )
        yield encoded([target, source, _JUDGEMENTS[each.verdict], None, each.by, each.at])


def _decision(row: list[object]) -> Decision | None:
    target, source, judgement, _, user, created_at, *deleted_at = row
    if any(deleted_at) or judgement == _NONE:
        return None
    if not isinstance(judgement, str) or judgement not in _VERDICTS:
        known = listed([*_VERDICTS, _NONE])
        raise DecisionError(f"{str(judgement)[:80]!r} is no judgement; there are {known}")
    verdict = _VERDICTS[judgement]
    left, right = _key(source), _key(target)
    return validated(
        Decision(
            verdict,
            left,
            right,
            keep=_kept(str(target), left, right) if verdict == "same" else "",
            by=text_of("user", user),
            at=_time(created_at),
            how=HOW,
            batch=BATCH,
        )
    )


def _key(given: object) -> str:
    id_ = text_of("target or source", given)
    if id_.startswith(_OWN_ID):
        return make_key("nk", f"nomenklatura\n{id_}", "nk")
    return key_meant(stated_iri(id_) or id_)


def _kept(target: str, left: str, right: str) -> str:
    """Return the key that stands for both: never that of an id which only nomenklatura has."""
    if target.startswith(_OWN_ID):
        return left
    return right if stated_iri(target) else ""


def _time(given: object) -> str:
    """Return a time as decisions have it; nothing for none."""
    text = text_of("created_at", given).strip()
    if not text:
        return ""
    found = _TIME.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        date, time, fraction, offset = found.groups()
        there = datetime.fromisoformat(f"{date}T{time}.{(fraction or '').ljust(6, '0')}")
        utc = there - _offset(offset or "+00:00")
    except (ValueError, OverflowError) as error:
        raise DecisionError(f"created_at is {text[:80]!r}, and not a time") from error
    return utc.replace(tzinfo=timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _offset(text: str) -> timedelta:
    digits = text[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if text[0] == "-" else size
