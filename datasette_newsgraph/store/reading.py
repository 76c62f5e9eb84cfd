"""Read a record into a draft: the part of a load that needs no database."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Reader
from datasette_newsgraph.store.draft import Draft, make_draft
from datasette_newsgraph.store.plan import plan_article

RAW_BYTES = 2048


class PartRejected(Struct, gc=False):
    """A part of a record that cannot be taken: the reason, and the part as JSON."""

    reason: str
    raw: str


class Reading(Struct, gc=False):
    """What came of one record: a draft, or the reason why there is none."""

    draft: Draft | None = None
    reason: str = ""
    parts_rejected: list[PartRejected] = []
    unknown_fields: dict[str, int] = {}
    numbers_dropped: int = 0


def read_record(reader: Reader, raw: bytes) -> Reading:
    """Read one record; never raises for what is in it."""
    try:
        parsed = reader.parse(raw)
    except RecordError as error:
        return Reading(reason=str(error))
    if not parsed.article.id.strip():
        return Reading(reason="the article's id is empty")
    plan = plan_article(parsed)
    draft = make_draft(plan)
    return Reading(
        draft=draft,
        parts_rejected=[
            PartRejected(fault.reason, shortened(msgspec.json.encode(fault.part)))
            for fault in plan.faults
        ],
        unknown_fields=parsed.unknown_fields,
        numbers_dropped=parsed.numbers_dropped + draft.numbers_dropped,
    )


def shortened(raw: bytes) -> str:
    """Return at most 2 kB (in UTF-8) of ``raw`` as text that can be stored."""
    text = raw[:RAW_BYTES].decode("utf-8", "replace").replace("\0", "\ufffd")
    # A character that was cut in two stands for more bytes than it had.
    return text.encode()[:RAW_BYTES].decode("utf-8", "ignore")
