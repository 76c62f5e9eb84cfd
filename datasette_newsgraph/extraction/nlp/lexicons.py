"""The word lists: data files of this package, and those that a user adds (``--lexicon FILE``).

Each line has fields with a tab between; the first says what it is. A line that begins with ``#`` is for
people::

    reporting verb     say           indirect            (or: direct)
    title              warlord       leader of
    verb               invade        invaded             Organization Place    Place
    verb preposition   work for      works for           Person                Organization
    name head          ministry      Organization
    name               Press TV      Organization        PressTV|Press Television

The places (``country``, ``region``, ``state``) have their name, other names, names of their people, and
the capital; lists have bars between, and ``-`` is an empty field.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.extraction.nlp.given_files import is_entry, text_of

_BUILT_IN = "datasette_newsgraph.extraction.nlp"
_FILES = (
    "places.tsv",
    "names.tsv",
    "name_heads.tsv",
    "reporting.tsv",
    "titles.tsv",
    "verbs.tsv",
    "verbs_with_prepositions.tsv",
)


class KnownName(NamedTuple):
    """A name that is known before an article is read: of what, and how it was written."""

    name: str
    type: str
    #: "name", or "demonym" of the people of a place and their adjective.
    kind: str = "name"
    #: Of a place: country, region, state, capital.
    place: str = ""


class Verb(NamedTuple):
    """A verb, perhaps with a preposition: its predicate, and the types on both sides of it."""

    predicate: str
    subjects: frozenset[str]
    objects: frozenset[str]


@dataclass
class Lexicon:
    """All word lists, by the words as they stand in a text (names) or their lemma in small letters."""

    reporting: dict[str, bool] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    verbs: dict[str, Verb] = field(default_factory=dict)
    prepositions: dict[tuple[str, str], Verb] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    names: dict[str, KnownName] = field(default_factory=dict)
    #: The capital of a country, and the country of a capital.
    capitals: dict[str, str] = field(default_factory=dict)
    digest: str = ""


def load_lexicon(files: Iterable[str] = (), *, is_english: bool = True) -> Lexicon:
    """Return the word lists of the package with those of ``files``, which come last and win. The lists
    of the package are for English only.

    Raises InputError for a file that cannot be read, naming file and line.
    """
    given = tuple((path, text_of(path, "the lexicon", "--lexicon")) for path in files)
    return _load(given, _FILES if is_english else ())


def lexicon_for(language: str | None, files: list[str]) -> Lexicon:
    """Return the word lists for a language: they are English; of others, the user's files alone."""
    return load_lexicon(files, is_english=language == "en")


@lru_cache(maxsize=8)
def _load(given: tuple[tuple[str, str], ...], own: tuple[str, ...]) -> Lexicon:
    folder = resources.files(_BUILT_IN) / "data"
    texts = [(name, (folder / name).read_text("utf-8")) for name in own]
    lexicon = Lexicon()
    for name, text in [*texts, *given]:
        for number, line in enumerate(text.splitlines(), 1):
            if is_entry(line):
                _add(lexicon, line.split("\t"), f"{name}:{number}")
    hashed = hashlib.sha256("\n".join(text for _, text in [*texts, *given]).encode())
    lexicon.digest = hashed.hexdigest()[:16]
    return lexicon


def _add(lexicon: Lexicon, fields: list[str], place: str) -> None:
    kind = fields[0].strip()
    if kind not in _LINES:
        raise InputError(f"{place}: no line of a lexicon begins with {kind!r}: {', '.join(_LINES)}")
    count, add = _LINES[kind]
    values = ["" if value.strip() == "-" else value.strip() for value in fields[1:]]
    if not count[0] <= len(values) <= count[1] or not values[0]:
        raise InputError(
            f"{place}: a line of {kind!r} has {count[0]} to {count[1]} fields behind it, with tabs"
            f" between, not {len(values)}"
        )
    add(lexicon, values + [""] * (count[1] - len(values)))


def _list(words: str) -> list[str]:
    return [each.strip() for each in words.split("|") if each.strip()]


def _add_reporting(lexicon: Lexicon, values: list[str]) -> None:
    lexicon.reporting[values[0].lower()] = values[1] != "direct"


def _add_title(lexicon: Lexicon, values: list[str]) -> None:
    lexicon.titles[values[0].lower()] = values[1]


def _add_head(lexicon: Lexicon, values: list[str]) -> None:
    lexicon.heads[values[0].lower()] = values[1]


def _add_verb(lexicon: Lexicon, values: list[str]) -> None:
    lexicon.verbs[values[0].lower()] = _verb(values)


def _add_preposition(lexicon: Lexicon, values: list[str]) -> None:
    verb, _, preposition = values[0].lower().partition(" ")
    lexicon.prepositions[verb, preposition] = _verb(values)


def _verb(values: list[str]) -> Verb:
    return Verb(values[1], frozenset(values[2].split()), frozenset(values[3].split()))


def _add_name(lexicon: Lexicon, values: list[str]) -> None:
    for surface in (values[0], *_list(values[2])):
        lexicon.names[surface] = KnownName(values[0], values[1])


def _add_place(kind: str) -> Callable[[Lexicon, list[str]], None]:
    def add(lexicon: Lexicon, values: list[str]) -> None:
        name, others, people, capitals = values
        known = KnownName(name, "Place", "name", kind)
        for surface in (name, *_list(others)):
            # A country comes before a state of its name, such as Georgia.
            lexicon.names.setdefault(surface, known)
        for surface in _list(people):
            lexicon.names.setdefault(surface, KnownName(name, "Place", "demonym", kind))
        for surface in _list(capitals):
            first = _list(capitals)[0]
            lexicon.names.setdefault(surface, KnownName(first, "Place", "name", "capital"))
            lexicon.capitals[first] = name

    return add


#: What a line may begin with: the least and most fields behind it, and what takes them.
_LINES: dict[str, tuple[tuple[int, int], Callable[[Lexicon, list[str]], None]]] = {
    "reporting verb": ((1, 2), _add_reporting),
    "title": ((2, 2), _add_title),
    "verb": ((4, 4), _add_verb),
    "verb preposition": ((4, 4), _add_preposition),
    "name head": ((2, 2), _add_head),
    "name": ((2, 3), _add_name),
    "country": ((4, 4), _add_place("country")),
    "region": ((4, 4), _add_place("region")),
    "state": ((4, 4), _add_place("state")),
}
