"""What a check of a graph costs in which much was decided."""

from __future__ import annotations

from pathlib import Path

from datasette_newsgraph import decide, load
from datasette_newsgraph.checking.check import check
from datasette_newsgraph.identity import entity_key
from datasette_newsgraph.store import open_store
from tests.cost import sql_steps_of


def test_a_check_takes_as_much_longer_as_more_is_decided(tmp_path: Path) -> None:
    """Of each entity it is looked up whether anything was decided; not all that was is read."""
    path = tmp_path / "news.db"
    names = [f"Name {number}" for number in range(300)]
    things = [{"id": name, "type": "Person", "name": name} for name in names]
    load(path, [{"id": "a", "entities": things}])
    steps = []
    for count in (200, 2_000):
        split = {
            "verdict": "split",
            "left": entity_key("Person", names[0]),
            "right": entity_key("Person", names[1]),
            "articles": [f"to-come-{count}-{number}" for number in range(count)],
        }
        decide(path, [split])
        with open_store(path) as db:
            faults: list[object] = []
            steps.append(sql_steps_of(db.conn, lambda db=db, to=faults: to.extend(check(db))))
            assert faults == []
    assert steps[1] < 4 * steps[0]
