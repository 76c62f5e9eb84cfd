"""Make article records of a file, so that loading them is loading the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from datasette_newsgraph.drafting.plan import plan_article
from datasette_newsgraph.errors import RecordError, RecordLeftOut
from datasette_newsgraph.notes import Notes
from datasette_newsgraph.readers.inputs import Input
from datasette_newsgraph.readers.source import Entry
from datasette_newsgraph.reading.pipeline import REPEATED, Pipeline


@dataclass
class Conversion:
    """What came of one record of a file: its JSON, or None if it is none or is there already;
    ``rejected`` says what of it cannot be taken.
    """

    line: int
    json: bytes | None = None
    rejected: list[str] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)


def convert(
    source: Input, pipeline: Pipeline, entries: Iterable[Entry] | None = None
) -> Iterator[Conversion]:
    """Yield what comes of the records of ``source`` that are meant to be loaded, in order; ``entries``
    are all of them, if they have been read already.

    Raises InputError where reading breaks off.
    """
    #: The articles of a tool's file by key, each with the hash of the record that it is of.
    taken: dict[str, str] = {}
    for entry in pipeline.format.reader.entries(source) if entries is None else entries:
        found = Conversion(entry.line)
        try:
            ready = pipeline.run(entry)
        except RecordLeftOut:
            continue
        except RecordError as error:
            found.rejected.append(str(error))
            yield found
            continue
        plan = plan_article(ready.parsed)
        found.notes = ready.parsed.notes
        if not pipeline.is_record:
            # Of records of ours the last one of an article counts, of a tool's the first one.
            hash_ = pipeline.hash(entry)
            if plan.key in taken:
                if taken[plan.key] != hash_:
                    found.rejected.append(REPEATED)
                yield found
                continue
            taken[plan.key] = hash_
        found.rejected += [fault.reason for fault in plan.faults]
        found.json = msgspec.json.encode(ready.as_record())
        yield found
