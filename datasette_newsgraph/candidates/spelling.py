"""How two names are alike, and what of them contradicts: from the names alone."""

from __future__ import annotations

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from datasette_newsgraph.candidates.evidence import Evidence
from datasette_newsgraph.candidates.names import Name, analysed
from datasette_newsgraph.candidates.nations import nation_of
from datasette_newsgraph.candidates.vocabulary import surname
from datasette_newsgraph.candidates.words import (
    ELDER,
    MEN,
    OPPOSITES,
    SMALL,
    TITLES,
    WOMEN,
    YOUNGER,
)

#: Letters of the longest name whose length says something: a longer one is as sure.
_LONG = 12
#: Letters of a name that may have a slip, and of one that may have two.
_ONE_SLIP, _TWO_SLIPS = 5, 9
_MOST_FURTHER = 3
_DIFFERENCES = (*OPPOSITES, YOUNGER | ELDER)
_SAID_BY_TITLE = TITLES | SMALL


def compare_names(found: Evidence, short: Name, long: Name) -> None:
    """Note in ``found`` how a name is like another of as many words, or more."""
    found.same_letters = short.joined == long.joined
    found.same_words = not found.same_letters and sorted(short.core) == sorted(long.core)
    _compare_nations(found, short, long)
    found.acronym = not found.same_country and (
        (short.acronym != "" and short.acronym in long.initials)
        or (long.acronym != "" and long.acronym in short.initials)
    )
    if short.telling and short.telling < long.telling:
        _compare_part(found, short, long)
    is_same = found.same_letters or found.same_words
    found.same_consonants = not is_same and short.sound == long.sound
    _compare_letters(found, short, long)
    found.initial_fits = initial_fits(short.core, long.core)
    found.has_title = bool(short.title or long.title)
    found.other_title = short.title != long.title
    found.title_only = any(_SAID_BY_TITLE.issuperset(each.core) for each in (short, long))
    found.indefinite = short.is_indefinite or long.is_indefinite
    found.lower_case = short.raw.islower() or long.raw.islower()


def _compare_nations(found: Evidence, short: Name, long: Name) -> None:
    one, other = nation_of(short.raw), nation_of(long.raw)
    if one is None or other is None or one.countries.isdisjoint(other.countries):
        return
    found.people_of_country = one.is_people != other.is_people
    found.same_country = not (one.is_people or other.is_people or found.same_letters)
    found.shared_country_name = one.is_shared or other.is_shared


def _compare_part(found: Evidence, short: Name, long: Name) -> None:
    if len(short.core) == 1:
        (word,) = short.core
        found.last_word = word == (surname(long) or long.core[-1])
        found.first_word = not found.last_word and word == long.core[0]
    found.other_part = not found.last_word and not found.first_word
    found.further_words = min(_MOST_FURTHER, len(long.telling) - len(short.telling))
    found.same_end = short.core[-1] == long.core[-1]
    found.behind_comma = "," in long.raw and short.core != analysed(long.raw.split(",")[0]).core


def _compare_letters(found: Evidence, short: Name, long: Name) -> None:
    one, other = short.joined, long.joined
    found.letters_alike = fuzz.ratio(one, other) / 100
    found.beginnings_alike = JaroWinkler.similarity(one, other)
    found.words_alike = fuzz.token_sort_ratio(" ".join(short.core), " ".join(long.core)) / 100
    found.letters = min(len(one), len(other))
    found.length = min(_LONG, found.letters) / _LONG
    found.one_word_each = len(short.core) == len(long.core) == 1
    found.slip = has_slip(one, other)


def has_slip(one: str, other: str) -> bool:
    """Tell whether two joined names differ in one letter or, if they are long, in two."""
    longest = max(len(one), len(other))
    if longest < _ONE_SLIP or one[:1] != other[:1]:
        return False
    most = 1 if longest < _TWO_SLIPS else 2
    return 0 < DamerauLevenshtein.distance(one, other, score_cutoff=most) <= most


def initial_fits(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether of two names, given in words, one has the other's first name as an initial."""
    if min(len(one), len(other)) < 2 or one[-1] != other[-1]:
        return False
    first, second = one[0], other[0]
    return first != second and first[0] == second[0] and 1 in (len(first), len(second))


def contradict(found: Evidence, short: Name, long: Name) -> None:
    """Note in ``found`` by what words two names are those of two things."""
    # What an acronym does not spell out is no difference.
    if not found.acronym and not found.same_country:
        different = short.telling ^ long.telling
        found.opposite_words = any(different & words for words in _DIFFERENCES)
    found.other_numbers = short.numbers != long.numbers
    found.other_middle = _other_middle(short.core, long.core)
    found.man_and_woman = {_sex(short), _sex(long)} == {"man", "woman"}


def _other_middle(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return (
        min(len(one), len(other)) > 2
        and (one[0], one[-1]) == (other[0], other[-1])
        and one[1][0] != other[1][0]
    )


def _sex(name: Name) -> str:
    said = {*name.title, *name.words[:1]}
    return "man" if said & MEN else "woman" if said & WOMEN else ""
