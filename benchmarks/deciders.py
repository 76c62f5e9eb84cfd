"""The jobs of carrying out decisions with newsgraph: entities are said to be the same."""

from __future__ import annotations

from collections.abc import Callable

from measure import run_job

#: People by the number of their articles: SELECTs of the keys of those that become one, two and two.
_PEOPLE = (
    "SELECT key FROM entities JOIN entity_counts ON entity_id = entities.id"
    " WHERE entities.type = 'Person' "
)
_TWO = f"{_PEOPLE} AND articles >= 2 ORDER BY articles, key LIMIT 2"
_FREQUENT = f"{_PEOPLE} ORDER BY articles DESC, key LIMIT 2"
_MANY = f"{_PEOPLE} AND articles >= 2 ORDER BY articles, key LIMIT 3000"


def _deciding(query: str) -> Callable[[str], Callable[[], object]]:
    def prepare(database: str) -> Callable[[], object]:
        from datasette_newsgraph.decisions.decision import Decision
        from datasette_newsgraph.decisions.log import decide
        from datasette_newsgraph.loading.carrying_out import carry_out
        from datasette_newsgraph.store import open_store
        from datasette_newsgraph.store.transactions import transaction

        with open_store(database) as db:
            keys = [row[0] for row in db.conn.execute(query)]
        pairs = zip(keys[::2], keys[1::2], strict=False)
        decisions = [Decision("same", left, right, keep=left) for left, right in pairs]

        def work() -> None:
            with open_store(database, write=True) as db:
                with transaction(db):
                    decide(db, decisions)
                assert carry_out(db) == len(decisions)

        return work

    return prepare


if __name__ == "__main__":
    jobs = {"two": _TWO, "frequent": _FREQUENT, "many": _MANY}
    run_job({name: _deciding(query) for name, query in jobs.items()})
