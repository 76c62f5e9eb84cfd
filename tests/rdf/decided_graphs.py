"""What the tests of decisions in RDF share: a small graph, and how something is decided in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette_newsgraph import load
from datasette_newsgraph.authorities import canonical_identifier
from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.log import decide
from datasette_newsgraph.identity import entity_key, relation_key
from datasette_newsgraph.loading.carrying_out import carry_out
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.transactions import transaction
from tests.rdf.rdf_tools import BASE, iri

WIKIDATA = "http://www.wikidata.org/entity/"
GEONAMES = "https://sws.geonames.org/"
#: An article gives the Paris of Texas the identifier of the other one, too.
THINGS: dict[str, dict[str, Any]] = {
    "us": {"type": "Place", "name": "US"},
    "usa": {
        "type": "Place",
        "name": "United States",
        "same_as": [f"{WIKIDATA}Q30", f"{GEONAMES}6252001/"],
    },
    "team": {"type": "Organization", "name": "US"},
    "ana": {"type": "Person", "name": "Ana Lima"},
    "lima": {"type": "Person", "name": "Lima"},
    "paris": {"type": "Place", "name": "Paris", "same_as": [f"{WIKIDATA}Q90"]},
    "texas": {"type": "Place", "name": "Paris", "same_as": [f"{WIKIDATA}Q830149"]},
}
NAMED: dict[str, list[str]] = {
    "a1": ["us", "ana", "paris", "team"],
    "a2": ["usa", "lima", "paris", "texas"],
    "a3": ["us", "lima"],
}


def key_of_iri(given: str) -> str:
    """The key of what has an identifier."""
    found = canonical_identifier(given)
    assert found is not None
    return entity_key("", "", [found])


def key_of_thing(thing: dict[str, Any]) -> str:
    """The key of an entity as a record gives it."""
    given = thing.get("same_as")
    return key_of_iri(given[0]) if given else entity_key(thing["type"], thing["name"])


KEYS = {name: key_of_thing(thing) for name, thing in THINGS.items()}
ENTITY = {name: iri(f"id:entity/{key}") for name, key in KEYS.items()}


def visits(first: str, second: str) -> str:
    """The key of the relation that the one visits the other."""
    return relation_key(KEYS[first], "visits", KEYS[second], "", "")


def visited(first: str, second: str) -> str:
    """The IRI of that relation."""
    return iri(f"id:relation/{visits(first, second)}")


def article(id_: str, names: list[str]) -> dict[str, Any]:
    """An article that names things, and states that the second visits the first."""
    text = " ".join(f"{THINGS[name]['name']} is here." for name in names)
    entities = []
    for name in names:
        thing = dict(THINGS[name])
        if name == "texas":
            thing["same_as"] = [*thing["same_as"], f"{WIKIDATA}Q90"]
        at = text.index(thing["name"])
        mention = {"start": at, "end": at + len(thing["name"])}
        entities.append({"id": name, **thing, "mentions": [mention]})
    stated = {"start": 0, "end": 5}
    return {
        "id": id_,
        "text": text,
        "entities": entities,
        "relations": [
            {"subject": names[1], "predicate": "visits", "object": names[0], "evidence": [stated]}
        ],
        "quotes": [{"speaker": names[1], "start": 1, "end": 4}],
    }


def load_things(path: Path) -> None:
    """Load the three articles."""
    load(path, [article(id_, names) for id_, names in NAMED.items()], base_iri=BASE)


def same(left: str, right: str, **more: Any) -> Decision:
    """That two are one, and the second stands for both."""
    return Decision("same", KEYS[left], KEYS[right], keep=KEYS[right], by="ana", **more)


def different(left: str, right: str) -> Decision:
    """That two are two."""
    return Decision("different", KEYS[left], KEYS[right], by="ana")


def carried_out(path: Path, *decisions: Decision) -> list[Decision]:
    """Decide, and bring the rows to where the log has them."""
    with open_store(path, write=True) as db:
        with transaction(db):
            stored = decide(db, decisions)
        assert carry_out(db) == len(decisions)
    return stored
