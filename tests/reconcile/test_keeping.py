"""What a service answered, among the candidates of a graph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from datasette_newsgraph.candidates.candidate import Candidate
from datasette_newsgraph.candidates.keeping import keep_candidates, kept_candidates
from datasette_newsgraph.cli import cli
from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.log import decide
from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.identity import entity_key
from datasette_newsgraph.loading.carrying_out import carry_out
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.reconciling import keeping
from datasette_newsgraph.reconciling.finding import Found
from datasette_newsgraph.reconciling.keeping import keep_found, known_keys
from datasette_newsgraph.store import open_store
from tests.reconcile.conftest import articles_of
from tests.reconcile.fake_service import serving_things

Q30 = "http://www.wikidata.org/entity/Q30"
STATES = entity_key("", "", [(0, Q30)])
US, USA, AMERICA = (entity_key("Place", each) for each in ("US", "USA", "America"))


@pytest.fixture
def graph(db_path: Path) -> Path:
    load(
        db_path,
        articles_of(
            ("Place", "United States", [], Q30),
            ("Place", "US", [], None),
            ("Place", "USA", [], None),
            ("Place", "America", [], None),
        ),
    )
    return db_path


def found(left: str, right: str, score: float = 0.9, reason: str = "it says so") -> Found:
    return Found(left, right, "ours", "theirs", score, (reason,), Q30)


def candidate(left: str, right: str, score: float, *reasons: str) -> Candidate:
    return Candidate(left, right, "", "", score, "", reasons, (), 0)


def kept(path: Path) -> list[tuple[str, str, float, tuple[str, ...], int]]:
    with open_store(path) as db:
        every = list(kept_candidates(db.conn))
    return [(each.left, each.right, each.score, each.reasons, each.together) for each in every]


def test_a_pair_of_entities_is_kept_with_its_reason(graph: Path) -> None:
    nowhere = found(US, entity_key("", "", [(0, "http://www.wikidata.org/entity/Q1")]))
    with open_store(graph, write=True) as db:
        assert keep_found(db, [found(US, STATES, 0.7), nowhere, found(AMERICA, STATES, 0.8)]) == 2
    # What has an identifier is kept by default; the first article names them all.
    assert kept(graph) == [
        (STATES, AMERICA, 0.8, ("it says so",), 1),
        (STATES, US, 0.7, ("it says so",), 1),
    ]


def test_other_candidates_stay_and_get_further_reasons(graph: Path) -> None:
    with open_store(graph, write=True) as db:
        keep_candidates(db, [candidate(US, USA, 0.95, "ours"), candidate(US, STATES, 0.6, "ours")])
        for _ in range(2):
            assert keep_found(db, [found(US, STATES), found(AMERICA, USA, 0.3, "perhaps")]) == 2
    assert [each[:4] for each in kept(graph)] == [
        (US, USA, 0.95, ("ours",)),
        (US, STATES, 0.6, ("ours", "it says so")),
        (*sorted((AMERICA, USA)), 0.3, ("perhaps",)),
    ]


def test_what_is_decided_is_no_candidate(graph: Path) -> None:
    with open_store(graph, write=True) as db:
        decide(
            db,
            [
                Decision(verdict="same", left=USA, right=STATES, keep=STATES),
                Decision(verdict="different", left=STATES, right=AMERICA),
                Decision(verdict="unsure", left=AMERICA, right=US),
            ],
        )
        carry_out(db)
        assert known_keys(db) >= {US, USA, AMERICA, STATES}
        pairs = [found(each, STATES) for each in (US, USA, AMERICA)]
        assert keep_found(db, [*pairs, found(US, AMERICA)]) == 1
        # A former key leads to the entity of which it has become a part.
        assert keep_found(db, [found(US, USA)]) == 1
    assert [each[:2] for each in kept(graph)] == [(STATES, US)]


def test_the_command_keeps_what_is_in_the_graph(graph: Path) -> None:
    with serving_things() as things:
        things.manifest["identifierSpace"] = "http://www.wikidata.org/prop/"
        things.answers["US"] = [
            {"id": Q30, "name": "the United States of America", "score": 80},
            {"id": "http://www.wikidata.org/entity/Q16645", "name": "US Outlying Islands"},
        ]
        arguments = ["reconcile", str(graph), "--service", things.url]
        result = CliRunner().invoke(cli, arguments)
    assert result.stderr.splitlines()[-1] == "4 names asked for, 2 candidates, 1 of them kept"
    reason = "Things, asked for “US”, answers “the United States of America”, with a score of 80"
    assert kept(graph) == [(STATES, US, 0.8, (reason,), 1)]


def test_what_cannot_be_kept_is_printed(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise StoreError("g.db: attempt to write a readonly database; make the file writable")

    monkeypatch.setattr(keeping, "keep_found", fail)
    with serving_things() as things:
        things.manifest["identifierSpace"] = "http://www.wikidata.org/prop/"
        things.answers["US"] = [{"id": Q30, "name": "United States"}]
        result = CliRunner().invoke(cli, ["reconcile", str(graph), "--service", things.url])
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 1)
    assert result.stderr.splitlines()[-2:] == [
        "The pairs are not kept: g.db: attempt to write a readonly database; make the file writable",
        "4 names asked for, 1 candidate, 0 of them kept",
    ]


def test_nothing_is_kept_of_nothing(graph: Path, rows_of: Callable[[Path], object]) -> None:
    before = rows_of(graph)
    with open_store(graph, write=True) as db:
        assert keep_found(db, []) == 0
    assert rows_of(graph) == before
