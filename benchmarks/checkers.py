"""The job of checking a database with newsgraph."""

from __future__ import annotations

from collections.abc import Callable

from measure import run_job


def newsgraph(database: str) -> Callable[[], object]:
    """Check a database that has no faults; whatever it finds ends the benchmark."""
    from datasette_newsgraph.checking.check import check
    from datasette_newsgraph.store import open_store

    def work() -> None:
        with open_store(database) as db:
            faults = list(check(db))
        assert not faults, faults

    return work


if __name__ == "__main__":
    run_job({"newsgraph": newsgraph})
