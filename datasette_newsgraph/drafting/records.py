"""Read a record into a draft: the part of a load that needs no database."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from datasette_newsgraph.drafting.draft import Draft, ShelvedDraft, make_draft
from datasette_newsgraph.drafting.plan import plan_article
from datasette_newsgraph.drafting.rejects import MOST_PARTS, rest_of
from datasette_newsgraph.errors import RecordError, RecordLeftOut
from datasette_newsgraph.identity import article_key
from datasette_newsgraph.labels import Terms
from datasette_newsgraph.notes import Notes
from datasette_newsgraph.readers import Fault
from datasette_newsgraph.readers.source import Entry
from datasette_newsgraph.reading.pipeline import Pipeline

RAW_BYTES = 2048


class PartRejected(Struct, gc=False):
    """A part of a record that cannot be taken: the reason, and the part as JSON, None if an earlier
    one of the record has the same. ``parts`` is 1, or the number of parts that it stands for.
    """

    reason: str
    raw: str | None
    parts: int = 1


class Reading(Struct, gc=False):
    """What came of one record: a draft, or the reason why there is none."""

    draft: Draft | ShelvedDraft | None = None
    reason: str = ""
    #: Why the record is not meant to be loaded, if so.
    left_out: str = ""
    #: The key of the article if it was loaded before without a sidecar.
    former_key: str | None = None
    parts_rejected: list[PartRejected] = []
    #: What all dates of the file made of those of this record that depend on them.
    dates_decided: str = ""
    #: IRIs of terms by (kind, normalised label).
    terms: Terms = {}
    notes: Notes = msgspec.field(default_factory=Notes)


def read_record(pipeline: Pipeline, entry: Entry) -> Reading:
    """Read one record; never raises for what is in it."""
    try:
        ready = pipeline.run(entry)
    except RecordLeftOut as error:
        found = Reading(left_out=str(error))
        found.notes.left_out += 1
        return found
    except RecordError as error:
        return Reading(reason=str(error))
    plan = plan_article(ready.parsed)
    draft = make_draft(plan, ready.anchors)
    notes = ready.parsed.notes
    if draft.numbers_dropped:
        notes.numbers_dropped += draft.numbers_dropped
    return Reading(
        draft=draft,
        former_key=None if ready.former_id is None else article_key(ready.former_id),
        parts_rejected=_rejected(plan.faults),
        dates_decided=ready.dates_decided,
        terms=ready.terms,
        notes=notes,
    )


def _rejected(faults: list[Fault]) -> list[PartRejected]:
    """Return the first faults with their parts, each part once, and how many more there are."""
    told = faults[:MOST_PARTS]
    # Many faults may be of one large part, which is written once.
    raws = {id(fault.part): fault.part for fault in told}
    texts = {number: shortened(msgspec.json.encode(part)) for number, part in raws.items()}
    found: list[PartRejected] = []
    seen: set[str] = set()
    for fault in told:
        raw = texts[id(fault.part)]
        found.append(PartRejected(fault.reason, None if raw in seen else raw))
        seen.add(raw)
    rest = len(faults) - len(told)
    if rest:
        found.append(PartRejected(rest_of(rest), None, rest))
    return found


def shortened(raw: bytes) -> str:
    """Return at most 2 kB (in UTF-8) of ``raw`` as text that can be stored."""
    text = raw[:RAW_BYTES].decode("utf-8", "replace").replace("\0", "\ufffd")
    # A character that was cut in two stands for more bytes than it had.
    return text.encode()[:RAW_BYTES].decode("utf-8", "ignore")
