"""What came of a record, but its rows, in the form in which a shard keeps it."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from datasette_newsgraph.drafting.draft import Draft, ShelvedDraft
from datasette_newsgraph.drafting.records import PartRejected, Reading
from datasette_newsgraph.notes import Notes


class Outcome(Struct, gc=False, omit_defaults=True):
    """The fields of a ``Reading``: ``terms`` as (kind, label, IRI), ``notes`` as ``Notes.packed``."""

    draft: ShelvedDraft | None = None
    reason: str = ""
    left_out: str = ""
    former_key: str | None = None
    parts_rejected: list[PartRejected] = []
    dates_decided: str = ""
    terms: list[tuple[str, str, str]] = []
    notes: dict[str, Any] = {}

    def reading(self) -> Reading:
        """Return what the record was read as; its draft, if it has one, is in the shard."""
        return Reading(
            draft=self.draft,
            reason=self.reason,
            left_out=self.left_out,
            former_key=self.former_key,
            parts_rejected=self.parts_rejected,
            dates_decided=self.dates_decided,
            terms={(kind, label): iri for kind, label, iri in self.terms},
            notes=Notes.unpacked(self.notes),
        )


def outcome_of(reading: Reading, row: int) -> Outcome:
    """Return what a shard keeps of a reading, whose article has the number ``row`` in it."""
    draft = reading.draft
    if isinstance(draft, Draft):
        draft = ShelvedDraft(draft.key, draft.tool, row, draft.statuses, draft.spans)
    return Outcome(
        draft,
        reading.reason,
        reading.left_out,
        reading.former_key,
        reading.parts_rejected,
        reading.dates_decided,
        [(kind, label, iri) for (kind, label), iri in reading.terms.items()],
        reading.notes.packed(),
    )


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Outcome).decode
