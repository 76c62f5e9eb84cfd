"""One decision: its fields, which of them a verdict needs, its key, and the order of decisions."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import get_args

from datasette_newsgraph.authorities import canonical_identifier
from datasette_newsgraph.errors import DecisionError
from datasette_newsgraph.identity import HASH_LENGTH, entity_key, is_blank, make_key, slug
from datasette_newsgraph.verdicts import ON_PAIRS, VERDICTS, Kind, Verdict
from datasette_newsgraph.wording import listed

_KEY = re.compile(r"[a-z0-9-]{1,120}")
#: What a time looks like that is stored: as text it sorts as the times do.
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
#: By how much the clocks of two machines may differ.
_AHEAD = timedelta(hours=1)
#: Characters of a name, a type or a reason.
LONGEST = 2000
_BATCH = re.compile(r"[\w.:@+-]{1,120}")


@dataclass(frozen=True, order=False)
class Decision:
    """A decision of a person, or by a rule.

    ``left`` and ``right`` are keys, of a pair in code-point order; ``kind`` says what ``left`` is the
    key of. ``articles`` are keys of articles. ``at`` is a time in UTC with microseconds, such as
    ``2026-11-28T17:20:01.123456Z``; it is empty until the decision is in a log. What the other fields
    hold for each verdict, ``verdicts.VERDICTS`` says.
    """

    verdict: Verdict
    left: str
    right: str = ""
    kind: Kind | None = None
    articles: tuple[str, ...] = ()
    value: str = ""
    keep: str = ""
    by: str = ""
    at: str = ""
    how: str = ""
    why: str = ""
    batch: str = ""

    @cached_property
    def key(self) -> str:
        """The key of the decision: a function of all its fields, so that copies of a log agree."""
        values = (getattr(self, each.name) for each in fields(self))
        text = "\n".join(
            "\t".join(each) if isinstance(each, tuple) else str(each) for each in values
        )
        return make_key(self.verdict, f"decision\n{text}", "decision")

    @property
    def order(self) -> tuple[str, str]:
        """By this, decisions are in the order in which they count, the last one most."""
        return self.at, self.key

    @property
    def is_on_pair(self) -> bool:
        """Whether it is a verdict on a pair of entities."""
        return self.verdict in ON_PAIRS

    @property
    def is_by_rule(self) -> bool:
        """Whether a rule decided, and no person looked at this very decision."""
        return self.how.startswith("rule")


def validated(decision: Decision) -> Decision:
    """Return the decision with its usual kind, its pair in order and its articles sorted.

    Raises DecisionError where a field is missing, has no place there, or is not what it should be.
    """
    if decision.verdict not in get_args(Verdict):
        raise DecisionError(
            f"{decision.verdict!r} is no verdict; there are {listed(get_args(Verdict))}"
        )
    says = VERDICTS[decision.verdict]
    kind = decision.kind or says.kinds[0]
    if kind not in says.kinds:
        raise DecisionError(
            f"{decision.verdict} is said of {' or '.join(says.kinds)}, not of {kind!r}"
        )
    _check_fields(decision, kind)
    left, right = decision.left, decision.right
    if right and left == right:
        raise DecisionError(f"left and right are both {left!r}")
    if decision.keep and decision.keep not in (left, right):
        raise DecisionError(f"keep is {decision.keep!r}, which is neither left nor right")
    value = decision.value
    if decision.verdict == "same" and value:
        value = _identifier(decision)
    if decision.verdict in ON_PAIRS:
        left, right = sorted((left, right))
    return replace(
        decision,
        kind=kind,
        left=left,
        right=right,
        articles=tuple(sorted({*decision.articles})),
        value=value,
    )


def _identifier(decision: Decision) -> str:
    """Return the identifier from which one key of a pair follows, as its authority writes it."""
    identifier = canonical_identifier(decision.value)
    if identifier is None or entity_key("", "", [identifier]) not in (
        decision.left,
        decision.right,
    ):
        raise DecisionError(
            f"value is {decision.value[:80]!r}: neither left nor right is the key of this identifier"
        )
    return identifier[1]


def _check_fields(decision: Decision, kind: str) -> None:
    says = VERDICTS[decision.verdict]
    for name in ("right", "articles", "value", "keep"):
        if getattr(decision, name):
            if name not in (*says.needed, *says.allowed):
                raise DecisionError(f"{decision.verdict} has no {name}")
        elif name in says.needed:
            raise DecisionError(f"{decision.verdict} needs {name}")
    keys = (decision.left, decision.right, decision.keep, *decision.articles)
    if not decision.left:
        raise DecisionError(f"{decision.verdict} needs left")
    for key in keys[1:] if kind == "batch" else keys:
        if key and not _KEY.fullmatch(key):
            raise DecisionError(f"{key[:80]!r} is no key: letters a-z, digits and hyphens")
    for batch in (decision.batch, decision.left if kind == "batch" else ""):
        if batch and not _BATCH.fullmatch(batch):
            raise DecisionError(f"{batch[:80]!r} is no name of a batch: letters, digits and .:@+-_")
    for name in ("value", "by", "how", "why"):
        text = getattr(decision, name)
        if len(text) > LONGEST or "\x00" in text:
            raise DecisionError(f"{name} has more than {LONGEST} characters, or a NUL")
        if name in ("value", "by") and "\n" in text:
            raise DecisionError(f"{name} has more than one line")
    if decision.value and is_blank(decision.value):
        raise DecisionError("value is blank; give one that can be read")
    if decision.at:
        check_time(decision.at)


def check_time(at: str) -> None:
    """Raise DecisionError for what is no time as decisions have it, and for one in the future."""
    try:
        time = datetime.strptime(at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    except ValueError:
        time = None
    if time is None or not _AT.fullmatch(at):
        raise DecisionError(
            f"at is {at[:80]!r}, and not a time in UTC such as 2026-11-28T17:20:01.123456Z"
        )
    if time > datetime.now(timezone.utc) + _AHEAD:
        raise DecisionError(f"at is {at}, which is in the future")


def time_after(last: str) -> str:
    """Return the present time, or the one behind ``last`` if that is later."""
    now = datetime.now(timezone.utc)
    if last:
        before = datetime.strptime(last, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
        now = max(now, before + timedelta(microseconds=1))
    return now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def split_key(key: str, name: str) -> str:
    """Return the key of what is split off the entity of a ``key`` under a ``name``."""
    return make_key(name, f"split\n{key}\n{name}", slug(key[: -HASH_LENGTH - 1]) or "entity")
