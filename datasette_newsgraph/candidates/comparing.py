"""Compare two entities: all evidence of a pair."""

from __future__ import annotations

from math import log

from datasette_newsgraph.authorities import AUTHORITIES, canonical_identifier
from datasette_newsgraph.candidates.company import Company
from datasette_newsgraph.candidates.evidence import Evidence
from datasette_newsgraph.candidates.graph import Graph
from datasette_newsgraph.candidates.names import Name
from datasette_newsgraph.candidates.spelling import compare_names, contradict
from datasette_newsgraph.candidates.types import Kind
from datasette_newsgraph.candidates.vocabulary import Vocabulary


class Comparison:
    """Compares pairs of entities of a graph."""

    def __init__(self, graph: Graph, vocabulary: Vocabulary) -> None:
        self._graph, self._vocabulary = graph, vocabulary
        self._company = Company(graph, vocabulary)

    def compare(self, one: int, other: int) -> Evidence | None:
        """Return what is known of a pair, None where nothing speaks for it."""
        first, second = self._graph.name(one), self._graph.name(other)
        is_in_order = len(first.telling) <= len(second.telling)
        found = Evidence(one, other) if is_in_order else Evidence(other, one)
        short, long = (first, second) if is_in_order else (second, first)
        compare_names(found, short, long)
        self._compare_other_names(found)
        self._compare_identifiers(found)
        if not found.is_alike:
            return None
        self._compare_types(found)
        contradict(found, short, long)
        found.several = found.people and "and" in {*long.words} - {*short.words}
        self._count_others(found, short)
        self._company.compare(found)
        return found

    def _compare_other_names(self, found: Evidence) -> None:
        others = self._graph.others
        if found.same_letters or not (others[found.short] or others[found.long]):
            return
        one, other = (
            {each.joined for each in self._graph.all_names(entity)}
            for entity in (found.short, found.long)
        )
        found.other_name = not one.isdisjoint(other)

    def _compare_identifiers(self, found: Evidence) -> None:
        given = self._graph.identifiers
        one, other = given.get(found.short), given.get(found.long)
        if one and other:
            found.shared_identifier = not set(one).isdisjoint(other)
            if not found.shared_identifier:
                found.two_identifiers = _conflict(one, other)

    def _compare_types(self, found: Evidence) -> None:
        types = self._graph.types
        one, other = self._graph.kinds[found.short], self._graph.kinds[found.long]
        kinds = {one, other}
        found.same_type = types[found.short] == types[found.long] and one is not Kind.OTHER
        found.type_unknown = Kind.OTHER in kinds
        found.types_differ = not found.type_unknown and one is not other
        found.people = kinds == {Kind.PERSON}
        found.places = kinds == {Kind.PLACE}
        if found.is_part:
            found.part_of_place = found.places
            found.part_of_person = found.people
            found.part_of_organisation = Kind.ORGANISATION in kinds and Kind.PERSON not in kinds

    def _count_others(self, found: Evidence, short: Name) -> None:
        """Note how many names it could be."""
        word = short.core[-1]
        if found.last_word or found.initial_fits:
            found.endings = self._vocabulary.names_ending_with(word)
            found.ambiguity = log(1 + found.endings)
        elif found.is_part:
            found.ambiguity = log(1 + self._vocabulary.names_with(word))
        elif found.acronym:
            found.ambiguity = 1.0


def _conflict(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    """Return the authority that gives two things two identifiers, "" if none does."""
    first, second = _by_authority(one), _by_authority(other)
    return next((name for name, iris in first.items() if second.get(name, iris) != iris), "")


def _by_authority(iris: tuple[str, ...]) -> dict[str, set[str]]:
    """Return the identifiers of each authority, of a Wikipedia for each language."""
    found: dict[str, set[str]] = {}
    for iri in iris:
        given = canonical_identifier(iri)
        if given is None or given[0] >= len(AUTHORITIES):
            continue
        authority = AUTHORITIES[given[0]]
        host = f" ({iri.split('/')[2]})" if authority.is_title else ""
        found.setdefault(f"{authority.name}{host}", set()).add(iri)
    return found
