"""What a client is told where an answer takes longer than a search may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from datasette.database import QueryInterrupted
from datasette.views.base import DatasetteError

from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.faults import Fault, report


@contextmanager
def answering_slow(visit: Visit) -> Iterator[None]:
    """Answer what takes too long with 503, and log that: to leave it out would tell a client that
    there is nothing.
    """
    try:
        yield
    except QueryInterrupted as error:
        report(Fault.SLOW, visit.graph.name)
        raise too_slow() from error


def too_slow() -> DatasetteError:
    """Return the answer to a question that takes too long."""
    return DatasetteError("This took longer than the server allows a search.", status=503)
