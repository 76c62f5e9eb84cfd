"""What the occurrences of a name have in common: one type, and further occurrences of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from datasette_newsgraph.extraction.nlp.names.name import Board, Name, name_at
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.word_lists import word_list

_HONORIFICS = word_list("honorifics")
_SUFFIXES = frozenset(("Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"))
#: Types that a further occurrence of a name may have.
_REPEATED = frozenset(
    ("Person", "Organization", "Place", "Event", "Group", "Product", "CreativeWork")
)


def agree_on_types(names: list[Name]) -> None:
    """Give the occurrences of one name one type, and a surname that of the person."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        counts[name.text][name.type] += 1 if name.known is None else 100
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
        if word not in index or board.covered[position]:
            continue
        for tail, name in index[word]:
            last = position + 1 + len(tail)
            if tuple(page.words[position + 1 : last]) == tail:
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
