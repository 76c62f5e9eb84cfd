"""Which pairs are compared: those that have a key in common, of all that could be one thing.

The keys of all entities stand in a temporary table of SQLite's: there are a dozen for each, and memory
is for more than them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from heapq import nlargest
from itertools import combinations, groupby
from operator import itemgetter

from rapidfuzz import fuzz

from datasette_newsgraph.candidates.graph import Graph
from datasette_newsgraph.candidates.keys import Rule, keys_of
from datasette_newsgraph.candidates.parts import likeliest, longer_names
from datasette_newsgraph.candidates.spelling import has_slip, initial_fits
from datasette_newsgraph.candidates.vocabulary import Vocabulary

#: Entities under one key: what more have in common says nothing of likeness.
LARGEST_BLOCK = 40
#: In a larger block of a rule by which they are the same, all are compared with so many, the most
#: mentioned: enough to join all of them, and not the square.
_CENTRE = 5
_SAME = frozenset({Rule.IDENTIFIER, Rule.LETTERS, Rule.WORDS, Rule.COUNTRY})
#: Rules under whose keys many names stand that are not alike.
_LOOSE = frozenset({Rule.CONSONANTS, Rule.SLIP, Rule.FIRST_NAME, Rule.SURNAME})
#: How alike, of 100, two names are to be that have the same consonants.
_ALIKE = 50
#: A pair is one number: the smaller entity, then the larger.
_BITS = 32
_SECOND = (1 << _BITS) - 1

#: The smaller and the larger of two entities.
Pair = tuple[int, int]


def paired(beside: sqlite3.Connection, graph: Graph, vocabulary: Vocabulary) -> Iterator[Pair]:
    """Yield the pairs that are compared, each once, in ascending order; ``beside`` is a temporary
    database for what is found on the way.
    """
    beside.execute("CREATE TABLE keys (key INTEGER, rule INTEGER, entity INTEGER)")
    beside.execute("CREATE TABLE pairs (pair INTEGER)")
    beside.executemany("INSERT INTO keys VALUES (?, ?, ?)", _keys(graph))
    for found in (_in_blocks(beside, graph), longer_names(graph, vocabulary)):
        beside.executemany("INSERT INTO pairs VALUES (?)", _numbered(found))
    beside.execute("DROP TABLE keys")
    for (number,) in beside.execute("SELECT DISTINCT pair FROM pairs ORDER BY pair"):
        yield number >> _BITS, number & _SECOND


def _numbered(pairs: Iterable[Pair]) -> Iterator[tuple[int]]:
    for one, other in pairs:
        smaller, larger = (one, other) if one < other else (other, one)
        yield ((smaller << _BITS) | larger,)


def _keys(graph: Graph) -> Iterator[tuple[int, int, int]]:
    for entity in range(len(graph)):
        for key in keys_of(graph, entity):
            yield key.number, key.rule, entity


def _in_blocks(beside: sqlite3.Connection, graph: Graph) -> Iterator[Pair]:
    """Yield the pairs under each key that has several entities."""
    # Not analysed once more for each pair: there are ten times as many as names.
    joined = [graph.name(entity).joined for entity in range(len(graph))]
    rows = beside.execute("SELECT key, rule, entity FROM keys ORDER BY key, rule")
    for _, group in groupby(rows, key=itemgetter(0)):
        first, *others = group
        if not others:
            continue
        rule = first[1]
        if rule in (Rule.INITIALS, Rule.ACRONYM):
            yield from _acronyms(graph, [first, *others])
            continue
        pairs = _of_block(graph, rule, [entity for _, _, entity in (first, *others)])
        if rule in _LOOSE:
            yield from (each for each in pairs if _is_near(graph, rule, joined, *each))
        else:
            yield from pairs


def _of_block(graph: Graph, rule: int, block: list[int]) -> Iterable[Pair]:
    if len(block) <= LARGEST_BLOCK:
        return combinations(block, 2)
    if rule not in _SAME:
        return ()
    known = nlargest(_CENTRE, block, key=lambda each: (graph.fame(each), -each))
    return ((centre, each) for centre in known for each in block if each != centre)


def _acronyms(graph: Graph, rows: list[tuple[int, int, int]]) -> Iterator[Pair]:
    """Yield each acronym with what it may stand for; of much, with what its articles name first."""
    acronyms = [entity for _, rule, entity in rows if rule == Rule.ACRONYM]
    spelt_out = [entity for _, rule, entity in rows if rule == Rule.INITIALS]
    for acronym in acronyms if spelt_out else ():
        for each in likeliest(graph, acronym, spelt_out):
            if each != acronym:
                yield acronym, each


def _is_near(graph: Graph, rule: int, joined: list[str], one: int, other: int) -> bool:
    """Tell whether two under a key of spelling are spelt nearly so."""
    if rule == Rule.CONSONANTS:
        return fuzz.ratio(joined[one], joined[other], score_cutoff=_ALIKE) > 0
    if has_slip(joined[one], joined[other]):
        return True
    return rule == Rule.SURNAME and initial_fits(graph.name(one).core, graph.name(other).core)
