"""What the occurrences of a name have in common: one type, and further occurrences of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from datasette_newsgraph.extraction.nlp.names.name import Board, Name, name_at
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.word_lists import word_list

_HONORIFICS = word_list("honorifics")
_SUFFIXES = frozenset(("Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"))
#: Types that the model gives to the full name of a person.
_TAKEN_FOR_PEOPLE = frozenset(("Organization", "Place", "Group", "Thing"))
#: Types that a further occurrence of a name may have.
_REPEATED = frozenset(
    ("Person", "Organization", "Place", "Event", "Group", "Product", "CreativeWork")
)


def agree_on_types(names: list[Name]) -> None:
    """Give the occurrences of one name one type, and a surname that of the person."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        counts[name.text][name.type] += 1 if name.known is None else 100
    _tell_people_by_surnames(names)
    surnames = {
        _surname(name.text.split())
        for name in names
        if name.type == "Person" and name.last - name.first > 1
    }
    for name in names:
        if name.known is not None:
            continue
        if name.last - name.first == 1 and name.text in surnames:
            name.type = "Person"
        else:
            name.type = counts[name.text].most_common(1)[0][0]


def _tell_people_by_surnames(names: list[Name]) -> None:
    """Take "Ana Ruiz" for a person if "Ruiz" is one in most places."""
    singles: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        if name.last - name.first == 1 and name.known is None:
            singles[name.text][name.type] += 1
    for name in names:
        words = name.text.split()
        if (
            len(words) == 2
            and name.known is None
            and name.type in _TAKEN_FOR_PEOPLE
            and all(map(str.isalpha, words))
            and singles[words[1]]["Person"] > max(1, singles[words[1]].total() / 2)
        ):
            name.type = "Person"


def _surname(words: list[str]) -> str:
    while len(words) > 1 and (words[-1] in _SUFFIXES or words[-1] in ("'s", "’s")):
        words = words[:-1]
    return words[-1]


def repeats(page: Page, board: Board) -> Iterator[Name]:
    """Yield further occurrences of the names that were found, and of the surnames of people."""
    known: dict[str, Name] = {}
    for name in board.names:
        if name.type in _REPEATED:
            known.setdefault(name.text, name)
            if name.type == "Person" and name.last - name.first > 1:
                surname = _surname(name.text.split())
                if len(surname) > 2 and surname[0].isupper():
                    known.setdefault(surname, name)
    index: defaultdict[str, list[tuple[tuple[str, ...], Name]]] = defaultdict(list)
    for surface, name in known.items():
        words = tuple(page.words[name.first : name.last]) if surface == name.text else (surface,)
        if words[0][:1].isupper() or len(words) > 1:
            index[words[0]].append((words[1:], name))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    for position, word in enumerate(page.words):
        if board.covered[position]:
            continue
        key = word.title() if len(word) > 3 and word.isupper() and word not in index else word
        for tail, name in index.get(key, ()):
            last = position + 1 + len(tail)
            words = tuple(page.words[position + 1 : last])
            if words == tail or (key != word and words == tuple(map(str.upper, tail))):
                if not tail and _is_within_longer(page, position, board):
                    continue
                found = name_at(page, position, last, name.type, "repeat")
                found.known = name.known if found.text == name.text else None
                yield found
                break


def _is_within_longer(page: Page, position: int, board: Board) -> bool:
    """Tell whether a single word stands beside another capitalised one that is no name by itself."""
    for beside in (position - 1, position + 1):
        if 0 <= beside < len(page.words):
            word = page.words[beside]
            if (
                word[:1].isupper()
                and not board.covered[beside]
                and page.doc[beside].pos_ == "PROPN"
            ):
                return word.lower().rstrip(".") not in _HONORIFICS
    return False
