"""Candidates in the database: kept, read, and left out where somebody has decided."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from datasette_newsgraph.candidates.candidate import Candidate
from datasette_newsgraph.candidates.finding import find_candidates
from datasette_newsgraph.candidates.judged import judged_pairs
from datasette_newsgraph.candidates.keeping import keep_candidates, kept_candidates
from datasette_newsgraph.checking.check import check
from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.log import decide, logged
from datasette_newsgraph.loading.carrying_out import carry_out
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.loading.removal import remove_article
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.transactions import transaction
from tests.candidates.graphs import records

ARTICLES = records(
    [
        ["Person: Ana Lee", "Person: Lee", "Place: US"],
        ["Person: Ana Lee", "Place: United States", "Person: Ana Leé"],
    ]
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    load(tmp_path / "news.db", ARTICLES)
    return tmp_path / "news.db"


def test_what_is_kept_is_read_as_it_was_found(path: Path) -> None:
    with open_store(path, write=True) as db:
        found = list(find_candidates(db))
        assert len(found) > 2
        assert keep_candidates(db, found) == len(found)
        assert list(kept_candidates(db.conn)) == found
        assert list(check(db)) == []


def test_what_is_kept_stands_in_the_place_of_what_was(path: Path) -> None:
    with open_store(path, write=True) as db:
        keep_candidates(db, find_candidates(db))
        assert keep_candidates(db, []) == 0
        assert list(kept_candidates(db.conn)) == []


def test_all_are_kept_or_nothing(path: Path) -> None:
    def broken(first: Candidate) -> Iterator[Candidate]:
        yield first
        raise ZeroDivisionError

    with open_store(path, write=True) as db:
        found = list(find_candidates(db))
        keep_candidates(db, found)
        with pytest.raises(ZeroDivisionError):
            keep_candidates(db, broken(found[1]))
        assert list(kept_candidates(db.conn)) == found


def test_nobody_waits_while_candidates_are_found(path: Path) -> None:
    """Whoever writes in the meantime does."""

    def found() -> Iterator[Candidate]:
        with open_store(path, write=True, timeout=0) as other, transaction(other):
            pass
        yield from ()

    with open_store(path, write=True) as db:
        keep_candidates(db, found())


def test_candidates_go_with_an_entity_and_stay_where_it_is_shown_as_another(path: Path) -> None:
    with open_store(path, write=True) as db:
        keep_candidates(db, find_candidates(db))
        every = list(kept_candidates(db.conn))
        (us,) = (each for each in every if each.tier == "country")
        with transaction(db):
            decide(db, [Decision("same", us.left, us.right, batch="one")])
        carry_out(db)
        assert us not in list(kept_candidates(db.conn))
        with transaction(db):
            decide(db, [Decision("undo", "one", kind="batch")])
        carry_out(db)
        assert list(kept_candidates(db.conn)) == every
        remove_article(db, "a0")
        assert "Lee" not in {each.right_name for each in kept_candidates(db.conn)}
        (left,) = db.conn.execute("SELECT count(*) FROM candidates").fetchone()
        assert left == len(list(kept_candidates(db.conn))) > 0


@pytest.mark.parametrize("verdict", ["same", "different", "unsure"])
def test_no_pair_is_asked_for_twice(path: Path, verdict: str) -> None:
    with open_store(path, write=True) as db:
        first, *_ = found = list(find_candidates(db))
        with transaction(db):
            decide(db, [Decision(verdict, first.left, first.right)])  # type: ignore[arg-type]
        carry_out(db)
        again = list(find_candidates(db, judged=judged_pairs(logged(db.conn))))
    pairs = [{each.left, each.right} for each in again]
    assert {first.left, first.right} not in pairs
    assert len(again) < len(found)


def test_what_was_taken_back_is_asked_for_again() -> None:
    log = [
        Decision("different", "a", "b", at="2026-01-01T00:00:00.000000Z", batch="one"),
        Decision("undo", "one", kind="batch", at="2026-01-02T00:00:00.000000Z", batch="two"),
    ]
    assert judged_pairs(log[:1]) == {("a", "b")}
    assert judged_pairs(log) == frozenset()


def test_a_verdict_holds_of_what_the_two_are_shown_as() -> None:
    log = [
        Decision("same", "b", "c", keep="c", at="2026-01-01T00:00:00.000000Z"),
        Decision("different", "a", "b", at="2026-01-02T00:00:00.000000Z"),
    ]
    assert judged_pairs(log) == {("a", "b"), ("b", "c"), ("a", "c")}


def test_what_was_split_off_is_judged() -> None:
    split = Decision("split", "paris", "conference", articles=("a1",), at="1")
    assert judged_pairs([split]) == {("conference", "paris")}
