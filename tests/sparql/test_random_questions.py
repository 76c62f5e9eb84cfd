"""Questions that are made at random have the answers that another engine gives about the export.

Thousands are asked by ``make test-long``. The judge is Oxigraph. Where it takes more than some seconds,
a question is left out. It is known to take all integers for one datatype, to write numbers anew, and
to be of two minds about how often negated paths are met: no question is made that would show it.
"""

from __future__ import annotations

import json
import os
import pickle
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import settings

from datasette_newsgraph import load
from datasette_newsgraph.rdf.selection import EVERY_TABLE
from datasette_newsgraph.sparql.answer import Solutions, Truth
from datasette_newsgraph.sparql.asking import ask
from datasette_newsgraph.sparql.limits import Limits
from tests.sparql.asked_graphs import comparable, exported, reading, seen_without
from tests.sparql.random_questions import Questions

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles.jsonl"
#: Seconds of the judge, and solutions, beyond which a question is left out.
SECONDS, MANY = 3, 20_000
IS_LONG = settings.get_current_profile_name() == "long"
SEEDS = range(120 if IS_LONG else 4)
EACH = 25


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example articles without statements of numbers: the judge takes an integer for a count."""
    path = tmp_path_factory.mktemp("asked") / "asked.db"
    records = [json.loads(line) for line in EXAMPLES.read_text("utf-8").splitlines()]
    for record in records:
        stated = record.get("relations", ())
        record["relations"] = [each for each in stated if each.get("datatype") != "number"]
    load(path, records, base_iri="https://news.example.org/graph/")
    return path


def judged(store: ox.Store, question: str) -> Any:
    """What the judge finds, in a process of its own: it has no limit of time."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        _judge(store, question, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        found = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(found) if found else None


def _judge(store: ox.Store, question: str, writer: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        found = store.query(question)
        if isinstance(found, ox.QueryBoolean):
            answer: Any = bool(found)
        else:
            assert isinstance(found, ox.QuerySolutions)
            names = [each.value for each in found.variables]
            answer = names, [tuple(comparable(row[name]) for name in names) for row in found]
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(pickle.dumps(answer))
    finally:
        os._exit(0)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("hidden", [(), ("relations",)], ids=["all", "without relations"])
def test_answers_are_those_of_another_engine(
    graph: Path, seed: int, hidden: tuple[str, ...]
) -> None:
    tables = seen_without(*hidden) if hidden else EVERY_TABLE
    answered = 0
    with reading(graph) as (connection, base):
        document = exported(connection, base, tables)
        store = ox.Store()
        store.bulk_load(document, format=ox.RdfFormat.N_TRIPLES)
        triples = [
            (each.subject, each.predicate, each.object)
            for each in ox.parse(document, format=ox.RdfFormat.N_TRIPLES)
        ]
        questions = Questions(triples, Random(seed))  # type: ignore[arg-type]  # nothing is a triple
        for _ in range(EACH):
            question = questions.make()
            expected = judged(store, question)
            if expected is None or (not isinstance(expected, bool) and len(expected[1]) > MANY):
                continue
            answer = ask(connection, base, question, tables=tables, limits=Limits(seconds=60))
            if isinstance(answer, Truth):
                assert answer.holds == expected, question
            else:
                assert isinstance(answer, Solutions)
                names, rows = expected
                places = [answer.variables.index(name) for name in names]
                found = [tuple(comparable(row[place]) for place in places) for row in answer.rows]
                assert Counter(found) == Counter(rows), question
            answered += 1
    assert answered > EACH // 2
