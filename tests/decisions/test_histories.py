"""Decisions, loads and removals in any order lead to what loading all and then deciding leads to."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from datasette_newsgraph import load
from datasette_newsgraph.decisions.decision import Decision, split_key
from datasette_newsgraph.decisions.log import decide
from datasette_newsgraph.facets import updating
from datasette_newsgraph.identity import article_key
from datasette_newsgraph.loading.carrying_out import carry_out
from datasette_newsgraph.loading.combine import combine
from datasette_newsgraph.loading.removal import remove_article
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.transactions import transaction
from tests.loading.rows_of_a_load import faults
from tests.rdf.rdf_tools import export

Contents = Callable[..., dict[str, Any]]
TURTLE, *_ = FORMATS
WIKIDATA = "https://www.wikidata.org/wiki/"
#: Ids of articles; each has two versions.
ARTICLES = ("a1", "a2", "a3")
THINGS: dict[str, dict[str, Any]] = {
    "us": {"type": "Place", "name": "US", "aliases": ["the States"]},
    "usa": {"type": "Place", "name": "United States", "same_as": [f"{WIKIDATA}Q30"]},
    "team": {"type": "Organization", "name": "US", "description": "a team"},
    "ana": {"type": "Person", "name": "Ana Lima", "aliases": ["Lima"]},
    "lima": {"type": "Person", "name": "Lima", "description": "a minister"},
    "now": {"type": "Date", "name": "Friday"},
}
NAMES = {"us": "US", "usa": "United States", "team": "US", "ana": "Ana Lima", "lima": "Lima"} | {
    "now": "Friday"
}


def record(id_: str, names: list[str], title: str, *, is_stated: bool) -> dict[str, Any]:
    """An article that names things in its order, and states that the first met each other one."""
    text = title
    entities = []
    for number, name in enumerate(names):
        text += f"\n\nOn {number}: {NAMES[name]} came, and {NAMES[name]} left."
        places = [at for at in range(len(text)) if text.startswith(NAMES[name], at)][-2:]
        mentions = [{"start": at, "end": at + len(NAMES[name])} for at in places]
        entities.append({"id": name, **THINGS[name], "mentions": mentions[: 1 + number % 2]})
    relations: list[dict[str, Any]] = [
        {
            "subject": names[0],
            "predicate": "met",
            "object": each,
            "evidence": [{"start": 0, "end": 4}],
        }
        for each in names[1:]
    ]
    relations.append({"subject": names[-1], "predicate": "age", "value": "7"})
    quotes = [{"speaker": names[-1], "start": 1, "end": 5, "verb": "said"}, {"start": 2, "end": 5}]
    return {
        "id": id_,
        "title": title,
        "text": text,
        "published": "2021-03-01" if is_stated else "2020",
        "publisher": "The Daily" if is_stated else "The Weekly",
        "entities": entities,
        "relations": relations if is_stated else [],
        "quotes": quotes,
        "extractor": {"name": "tool"},
    }


VERSIONS = {
    (id_, version): record(
        id_,
        [[*THINGS], [*THINGS][::2], [*THINGS][1::2], ["us", "usa"]][(number + 2 * version) % 4],
        f"Title {number} {version}",
        is_stated=(number + version) % 2 == 0,
    )
    for number, id_ in enumerate(ARTICLES)
    for version in (0, 1)
}


def keys_of(kind: str) -> list[str]:
    """The keys of all things of a kind that some version gives."""
    table = {"entity": "entities", "relation": "relations", "evidence": "evidence"}.get(
        kind, f"{kind}s"
    )
    found: set[str] = set()
    for version in (0, 1):
        with closing(sqlite3.connect(":memory:")) as connection:
            load(Database(connection), [VERSIONS[id_, version] for id_ in ARTICLES])
            found.update(row[0] for row in connection.execute(f"SELECT key FROM {table}"))
    return sorted(found)


KEYS = {kind: keys_of(kind) for kind in ("entity", "mention", "relation", "evidence", "quote")}
OTHER = split_key(KEYS["entity"][0], "Another")

entities = st.sampled_from([*KEYS["entity"], OTHER])
pairs = st.tuples(entities, entities).filter(lambda pair: pair[0] != pair[1])
decisions = st.one_of(
    st.builds(
        lambda pair, keep: Decision("same", *pair, keep=pair[keep]), pairs, st.sampled_from([0, 1])
    ),
    st.builds(lambda pair: Decision("different", *pair), pairs),
    st.builds(
        lambda key, articles: Decision(
            "split", key, OTHER, articles=tuple(map(article_key, articles)), value="Another"
        ),
        st.sampled_from(KEYS["entity"]),
        st.sets(st.sampled_from(ARTICLES), min_size=1),
    ),
    st.builds(lambda key: Decision("type", key, value="Country"), entities),
    st.builds(lambda key: Decision("name", key, value="America"), entities),
    st.sampled_from([*KEYS]).flatmap(
        lambda kind: st.builds(
            lambda key: Decision("wrong", key, kind=kind),  # type: ignore[arg-type]
            st.sampled_from(KEYS[kind]),
        )
    ),
)
steps = st.one_of(
    decisions,
    st.builds(lambda number: ("undo", number), st.integers(0, 5)),
    st.builds(lambda *version: ("load", version), st.sampled_from(ARTICLES), st.integers(0, 1)),
    st.builds(lambda id_: ("remove", id_), st.sampled_from(ARTICLES)),
)


@pytest.fixture(
    params=[False, True], ids=["counted anew", "added up"], scope="module", autouse=True
)
def is_added_up(request: pytest.FixtureRequest) -> Iterator[None]:
    """What is counted is counted anew in such small graphs, and added up in large ones: try both."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param:
            patch.setattr(updating, "_SHARE", 1)
        yield


class History:
    """A database to which things happen one after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log: list[Decision] = []
        self.loaded: dict[str, int] = {}
        load(path, [])

    def decide(self, *given: Decision) -> None:
        with open_store(self.path, write=True) as db:
            with transaction(db):
                self.log += decide(db, given)
            carry_out(db)

    def take(self, step: Any) -> None:
        if isinstance(step, Decision):
            self.decide(step)
        elif step[0] == "undo":
            if step[1] < len(self.log):
                self.decide(Decision("undo", self.log[step[1]].key, kind="decision"))
        elif step[0] == "load":
            load(self.path, [VERSIONS[step[1]]])
            id_, version = step[1]
            self.loaded[id_] = version
        elif step[1] in self.loaded:
            del self.loaded[step[1]]
            with open_store(self.path, write=True) as db:
                remove_article(db, step[1])


def directly(path: Path, loaded: dict[str, int], log: list[Decision]) -> Path:
    """A database into which all is loaded, and then decided."""
    history = History(path)
    load(path, [VERSIONS[each] for each in loaded.items()])
    history.decide(*log)
    return path


@settings(max_examples=30)
@given(st.lists(steps, min_size=1, max_size=12))
def test_any_history_leads_where_loading_all_and_then_deciding_leads(
    contents: Contents, history: list[Any]
) -> None:
    with TemporaryDirectory() as folder:
        one = History(Path(folder) / "one.db")
        for step in history:
            one.take(step)
        other = directly(Path(folder) / "other.db", one.loaded, one.log)
        assert faults(one.path) == []
        assert contents(one.path, provenance=False) == contents(other, provenance=False)
        assert export(one.path, TURTLE) == export(other, TURTLE)
        # What is taken back again was never decided.
        one.decide(*(Decision("undo", each.key, kind="decision") for each in one.log))
        never = directly(Path(folder) / "never.db", one.loaded, [])
        assert faults(one.path) == []
        found, right = (contents(each, provenance=False) for each in (one.path, never))
        found.pop("decisions")
        right.pop("decisions")
        assert found == right
        assert export(one.path, TURTLE) == export(never, TURTLE)


@pytest.mark.parametrize("kind", KEYS)
def test_there_is_something_of_each_kind(kind: str) -> None:
    assert KEYS[kind]


@settings(max_examples=10)
@given(
    st.lists(st.tuples(st.sampled_from([*VERSIONS]), st.booleans()), max_size=4),
    st.lists(st.tuples(decisions, st.booleans()), min_size=1, max_size=8),
)
def test_two_databases_with_logs_of_their_own_become_one_in_either_order(
    contents: Contents, loads: list[Any], decided: list[Any]
) -> None:
    """Of different articles: the same article of two databases is that of the later one."""
    with TemporaryDirectory() as folder:
        first, second = (History(Path(folder) / f"{number}.db") for number in (1, 2))
        for (id_, version), is_second in {each[0][0]: each for each in loads}.values():
            (second if is_second else first).take(("load", (id_, version)))
        for decision, is_second in decided:
            (second if is_second else first).decide(decision)
        one, other = Path(folder) / "one.db", Path(folder) / "other.db"
        combine(one, [first.path, second.path])
        combine(other, [second.path, first.path])
        right = directly(
            Path(folder) / "right.db", first.loaded | second.loaded, first.log + second.log
        )
        assert faults(one) == []
        assert contents(one, provenance=False) == contents(right, provenance=False)
        assert contents(other, provenance=False) == contents(right, provenance=False)
        # What they were made of is as it was.
        assert faults(first.path) == []
