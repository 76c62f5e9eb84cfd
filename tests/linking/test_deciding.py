"""What the rules are sure of becomes decisions, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from datasette_newsgraph.authority.countries import Countries
from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.log import decide, logged
from datasette_newsgraph.identity import entity_key
from datasette_newsgraph.linking.deciding import decide_links
from datasette_newsgraph.linking.entities import links_of
from datasette_newsgraph.linking.link import key_of
from datasette_newsgraph.loading.carrying_out import carry_out
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.transactions import transaction

Q30 = "http://www.wikidata.org/entity/Q30"
US = entity_key("Place", "US")


def entity(id_: str, name: str, type_: str = "Place", **others: object) -> dict[str, object]:
    return {"id": id_, "type": type_, "name": name, "mentions": [{"text": name}], **others}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    entities = [
        entity("e1", "US"),
        entity("e2", "United States", same_as=[Q30]),
        entity("e3", "Congo"),
        entity("e4", "France", same_as=["https://en.wikipedia.org/wiki/France"]),
        entity("e5", "Friday", "Date"),
        entity("e6", "Iran", local=True),
        entity("e7", "Norland"),
    ]
    load(tmp_path / "news.db", [{"id": "a1", "text": "News.", "entities": entities}])
    with open_store(tmp_path / "news.db", write=True) as opened:
        yield opened


def test_names_of_entities_are_looked_up(db: Database) -> None:
    found = {each.entity.name: (each.is_sure, each.key) for each in links_of(db, Countries())}
    assert found == {
        "US": (True, key_of(Q30)),
        "Congo": (False, key_of("http://www.wikidata.org/entity/Q971")),
        "France": (True, key_of("http://www.wikidata.org/entity/Q142")),
    }


def test_what_is_sure_is_decided_as_one_batch(db: Database) -> None:
    made = decide_links(db, links_of(db, Countries()), "countries").new
    assert [each.value for each in made] == [Q30, "http://www.wikidata.org/entity/Q142"]
    assert len({each.batch for each in made}) == 1
    first = made[0]
    assert {first.left, first.right} == {US, key_of(Q30)}
    assert (first.keep, first.how, first.is_by_rule) == (key_of(Q30), "rule: authority", True)
    assert first.why == "“US” is a name of United States alone (countries)"
    assert list(logged(db.conn)) == made


def test_what_was_decided_before_is_left_as_it_is(db: Database) -> None:
    with transaction(db):
        decide(db, [Decision("different", US, key_of(Q30), by="ana")])
    made = decide_links(db, links_of(db, Countries()), "countries").new
    assert [each.keep for each in made] == [key_of("http://www.wikidata.org/entity/Q142")]
    with transaction(db):
        decide(db, [Decision("undo", made[0].batch, by="ana")])
    carry_out(db)
    assert decide_links(db, links_of(db, Countries()), "countries").new == []
