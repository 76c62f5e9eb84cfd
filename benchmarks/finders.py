"""The job of finding candidates with newsgraph."""

from __future__ import annotations

from collections.abc import Callable

from measure import run_job


def newsgraph(database: str) -> Callable[[], object]:
    """Find the pairs of entities that may be one thing, and keep them."""
    from datasette_newsgraph.candidates.finding import find_candidates
    from datasette_newsgraph.candidates.keeping import keep_candidates
    from datasette_newsgraph.store import open_store

    def work() -> None:
        with open_store(database, write=True) as db:
            assert keep_candidates(db, find_candidates(db))

    return work


if __name__ == "__main__":
    run_job({"newsgraph": newsgraph})
