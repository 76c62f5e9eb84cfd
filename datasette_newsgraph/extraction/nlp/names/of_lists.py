"""Names that the lists know, and those that are given with the article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from datasette_newsgraph.extraction.nlp.lexicons import KnownName, Lexicon
from datasette_newsgraph.extraction.nlp.names.name import Board, Name, name_at
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.word_lists import word_list

#: Names of the lists that are words, too: they are taken only where the model finds a name.
_WORDS_TOO = word_list("words too")


def longer_of_lists(page: Page, lexicon: Lexicon, names: list[Name]) -> Iterator[Name]:
    """Yield the names of the lists that have several words of which the model has found a part only."""
    of = {index: name for name in names for index in range(name.first, name.last)}
    for found in of_lists(page, lexicon, (), Board(page, ())):
        if found.last - found.first < 2:
            continue
        parts = [of[index] for index in range(found.first, found.last) if index in of]
        if parts and all(found.first <= p.first and p.last <= found.last for p in parts):
            yield found


def of_lists(page: Page, lexicon: Lexicon, given: Iterable[str], board: Board) -> Iterator[Name]:
    """Yield the names of the lists, and the given ones, that the model has not found."""
    index = _index_of_lists(page, lexicon)
    index.update(_index((name, KnownName(name, "Organization")) for name in given if name))
    zones = page.token_zones
    for position, word in enumerate(page.words):
        if board.covered[position]:
            continue
        entries = index.get(word)
        if entries is None:
            name = _in_capitals(page, index, position, board)
            if name is not None:
                yield name
            continue
        for tail, known in entries:
            last = position + 1 + len(tail)
            if tuple(page.words[position + 1 : last]) != tail or any(board.covered[position:last]):
                continue
            surface = page.text[page.starts[position] : page.end_of(last - 1)]
            if surface in _WORDS_TOO and zones[position] not in ("caption", "dateline", "byline"):
                continue
            name = name_at(page, position, last, known.type, "list")
            name.known = known
            yield name
            break


_Index = dict[str, list[tuple[tuple[str, ...], KnownName]]]
_indices: dict[str, _Index] = {}


def _in_capitals(page: Page, index: _Index, position: int, board: Board) -> Name | None:
    """Return a place that is written in capitals, as in titles and datelines: ``NORTHERN IRELAND``."""
    word = page.words[position]
    if len(word) < 4 or not (word.isalpha() and word.isupper()):
        return None
    for tail, known in index.get(word.title(), ()):
        last = position + 1 + len(tail)
        words = tuple(page.words[position + 1 : last])
        if (
            known.type == "Place"
            and words == tuple(each.upper() for each in tail)
            and word.title() not in _WORDS_TOO
            and not any(board.covered[position:last])
        ):
            name = name_at(page, position, last, known.type, "list")
            name.known = known
            return name
    return None


def _index_of_lists(page: Page, lexicon: Lexicon) -> _Index:
    """Return the names of the lists by their first word; made once for each set of lists."""
    key = lexicon.digest
    if key not in _indices:
        _indices[key] = _index(
            (surface, known)
            for surface, known in lexicon.names.items()
            # A short form of a state is no word by itself.
            if not (known.place == "state" and (surface.endswith(".") or len(surface) == 2))
        )
    return dict(_indices[key])


def _index(names: Iterable[tuple[str, KnownName]]) -> _Index:
    found: defaultdict[str, list[tuple[tuple[str, ...], KnownName]]] = defaultdict(list)
    for surface, known in names:
        for words in {tuple(surface.split()), tuple(_as_tokens(surface))}:
            found[words[0]].append((words[1:], known))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return dict(found)


def _as_tokens(surface: str) -> list[str]:
    """Return words as spaCy parts them in English: at hyphens, before a possessive."""
    return surface.replace("-", " - ").replace("'s ", " 's ").replace("’s ", " ’s ").split()
