"""Tell which names of an article name one thing: surnames, acronyms, parts of names, countries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from datasette_newsgraph.extraction.nlp.aliases import Aliases
from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.names import Name
from datasette_newsgraph.extraction.nlp.word_lists import word_list
from datasette_newsgraph.identity import normalise_name

_SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))
#: Last words that names of companies and parties are often without.
_KINDS = word_list("kinds")
_SMALL = frozenset(("of", "the", "and", "for", "in", "on", "at", "de", "la", "&", "to"))


@dataclass
class Thing:
    """What several names of an article name."""

    name: str
    type: str
    mentions: list[int] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    same_as: list[str] = field(default_factory=list)


def link(names: Sequence[Name], lexicon: Lexicon, aliases: Aliases | None = None) -> list[Thing]:
    """Return the things that the names of an article name, in the order in which they come first."""
    aliases = aliases or Aliases()
    groups = _Groups()
    keys = [_key(name, aliases) for name in names]
    words_of = {key: tuple(key.split()) for key in keys}
    types: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, key in zip(names, keys, strict=True):
        types[key][name.type] += 1
    type_of = {key: counted.most_common(1)[0][0] for key, counted in types.items()}
    _join_acronyms(groups, words_of, names, keys, type_of)
    _join_parts(groups, words_of, type_of, lexicon)
    _join_people(groups, words_of, type_of)
    roots = [groups.root(key) for key in keys]
    _place_surnames(groups, names, keys, roots, words_of, type_of)
    return _things(names, roots, aliases)


def _key(name: Name, aliases: Aliases) -> str:
    key = normalise_name(name.text)
    other = aliases.names.get(key)
    if other is not None:
        return normalise_name(other)
    if name.known is not None:
        key = normalise_name(name.known.name)
        return normalise_name(aliases.names.get(key, key))
    for article in ("the ",):
        key = key.removeprefix(article)
    for ending in ("'s", "’s"):
        key = key.removesuffix(ending)
    return key


class _Groups:
    """Keys that are of one thing, by a union of sets."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def root(self, key: str) -> str:
        while (parent := self._parents.get(key, key)) != key:
            key = parent
        return key

    def join(self, key: str, to: str) -> None:
        """Make ``key`` one with ``to``, whose name stands for both."""
        one, other = self.root(key), self.root(to)
        if one != other:
            self._parents[one] = other


def _join_acronyms(
    groups: _Groups,
    words_of: dict[str, tuple[str, ...]],
    names: Sequence[Name],
    keys: Sequence[str],
    type_of: dict[str, str],
) -> None:
    """Join "WHO" to "World Health Organization", by the first letters, with small words or without."""
    letters: dict[str, str] = {}
    for key, words in words_of.items():
        if len(words) > 1 and type_of[key] != "Person":
            letters.setdefault("".join(word[0] for word in words), key)
            letters.setdefault("".join(word[0] for word in words if word not in _SMALL), key)
    for name, key in zip(names, keys, strict=True):
        plain = name.text.replace(".", "")
        is_acronym = len(words_of[key]) == 1 and plain.isupper() and 2 <= len(plain) <= 8
        long = letters.get(plain.lower()) if is_acronym and name.known is None else None
        if long is not None and long != key and len(plain) > 1:
            groups.join(key, long)


def _join_parts(
    groups: _Groups,
    words_of: dict[str, tuple[str, ...]],
    type_of: dict[str, str],
    lexicon: Lexicon,
) -> None:
    """Join "Warhol Foundation" to "Andy Warhol Foundation for the Visual Arts", if it is part of one
    name only.
    """
    heads = lexicon.heads
    longer: defaultdict[str, list[str]] = defaultdict(list)
    for key, words in words_of.items():
        if len(words) > 1:
            for word in set(words):
                longer[word].append(key)
    for key, words in words_of.items():
        if type_of[key] not in ("Organization", "Event", "Product", "CreativeWork", "Place"):
            continue
        # One word of a place is another place: "York" of "New York".
        if len(words) < 2 and type_of[key] == "Place":
            continue
        found = [
            other
            for other in min((longer[word] for word in words), key=len)
            if len(words_of[other]) > len(words)
            and type_of[other] == type_of[key]
            and _is_part(words, words_of[other], heads)
        ]
        if len(found) == 1:
            groups.join(key, found[0])


def _is_part(words: tuple[str, ...], longer: tuple[str, ...], heads: dict[str, str]) -> bool:
    """Tell whether words are a short form of a longer name: they keep its kind ("Foundation"), or leave
    out nothing but its kind ("Acme" of "Acme Inc").
    """
    if longer[: len(words)] == words and all(
        word.rstrip(".") in _KINDS for word in longer[len(words) :]
    ):
        return True
    head = words[words.index("of") - 1] if "of" in words[1:] else words[-1]
    if head not in heads or len(words) < 2:
        return False
    rest = iter(longer)
    return all(word in rest for word in words)


def _join_people(
    groups: _Groups, words_of: dict[str, tuple[str, ...]], type_of: dict[str, str]
) -> None:
    """Join full names of one person: first and last word the same, or the first an initial."""
    people = [key for key, words in words_of.items() if type_of[key] == "Person" and len(words) > 1]
    by_last: defaultdict[str, list[str]] = defaultdict(list)
    for key in people:
        by_last[_last(words_of[key])].append(key)
    for same in by_last.values():
        for key in same:
            first = words_of[key][0]
            for other in same:
                other_first = words_of[other][0]
                is_one = first == other_first or (
                    len(first.rstrip(".")) == 1 and other_first.startswith(first.rstrip("."))
                )
                if other != key and is_one and len(other) >= len(key):
                    groups.join(key, other)


def _last(words: tuple[str, ...]) -> str:
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words = words[:-1]
    return words[-1]


def _place_surnames(
    groups: _Groups,
    names: Sequence[Name],
    keys: Sequence[str],
    roots: list[str],
    words_of: dict[str, tuple[str, ...]],
    type_of: dict[str, str],
) -> None:
    """Give each single name of a person to the full name that has it: of several, to the one that was
    named first.
    """
    full: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    first_names: defaultdict[str, set[str]] = defaultdict(set)
    for position, key in enumerate(keys):
        words = words_of[key]
        if type_of[key] == "Person" and len(words) > 1:
            full[_last(words)].append((position, roots[position]))
            # A compound surname: "Al-Maeena", "Ben Ali", "van Gogh".
            for cut in range(1, len(words) - 1):
                full[" ".join(words[cut:])].append((position, roots[position]))
            first_names[words[0]].add(roots[position])
    for position, key in enumerate(keys):
        if type_of[key] != "Person" or names[position].known is not None:
            continue
        words = words_of[key]
        candidates = full.get(key, []) if len(words) < 3 else []
        candidates = [each for each in candidates if each[1] != roots[position]]
        if len(words) > 1 and key in (root for _, root in candidates):
            continue
        if candidates:
            # Articles name the others of a family in full.
            roots[position] = candidates[0][1]
        elif len(words) == 1 and len(first_names[key]) == 1:
            roots[position] = next(iter(first_names[key]))


def _things(names: Sequence[Name], roots: Sequence[str], aliases: Aliases) -> list[Thing]:
    mentions: dict[str, list[int]] = {}
    for position, root in enumerate(roots):
        mentions.setdefault(root, []).append(position)
    return [
        _thing(root, [names[each] for each in found], found, aliases)
        for root, found in mentions.items()
    ]


def _thing(root: str, named: list[Name], mentions: list[int], aliases: Aliases) -> Thing:
    known = next((name.known for name in named if name.known is not None), None)
    surfaces = list(dict.fromkeys(name.text for name in named if not name.is_demonym))
    surfaces = [" ".join(each.split()) for each in surfaces]
    if known is not None:
        chosen, type_ = known.name, known.type
    else:
        chosen = max(
            surfaces, key=lambda each: (not _is_shouted(each), len(each.split()), len(each))
        )
        weights: Counter[str] = Counter()
        for name in named:
            weights[name.type] += 1 + (name.last - name.first > 1)
        type_ = weights.most_common(1)[0][0]
    given = [normalise_name(each) for each in (chosen, *surfaces, root)]
    for surface, other in aliases.names.items():
        if normalise_name(other) == root:
            chosen = other
            given.append(surface)
    type_ = next((aliases.types[each] for each in given if each in aliases.types), type_)
    return Thing(
        name=chosen,
        type=type_,
        mentions=mentions,
        aliases=[each for each in dict.fromkeys(surfaces) if each != chosen],
        same_as=list(
            dict.fromkeys(
                aliases.identifiers[each] for each in given if each in aliases.identifiers
            )
        ),
    )


def _is_shouted(words: str) -> bool:
    """Tell whether a name is in capitals, as in titles, and longer than acronyms are."""
    return words.isupper() and len(words) > 6
