"""Read the lines of one document of CoNLL-2012: words, names in brackets and chains."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from datasette_newsgraph.authorities import wikipedia_page
from datasette_newsgraph.readers.chains import Link, Name, core, kind_of, plain_words
from datasette_newsgraph.readers.penn_treebank import ESCAPED

#: From so many columns on all of them are there: those of predicates stand before the last.
_WHOLE = 12
_WORD, _TAG, _NAMES = 3, 4, 10
#: The columns with numbers, of document parts and of words, are looked for in so many lines.
_LOOKED_AT = 50
#: So much of a cell is shown.
_SHOWN = 60
_NAME = re.compile(r"\(([^()*\s]+)|(\))|\*")
#: Links stand one behind the other, in some corpora with bars between them.
_LINK = re.compile(r"(\()?([^()|\s]+)(\))?\|?")
#: A chain of GUM is called by its type, and by the title of its page in the English Wikipedia.
_TYPED = re.compile(r"([^\W\d_]{2,})-\d+(?:-(\S+))?")
_BRACKETED = re.compile(r"\*\)?|\([A-Z_]+(?:\*|\))")
_NOTHING = frozenset({"-", "_", "*", ""})
_PRONOUNS = frozenset({"PRP", "PRP$", "WP", "WP$", "WDT", "PN"})
_PROPER = frozenset({"NNP", "NNPS", "NR"})
#: What a name has not in it: the genitive, a comma, verbs.
_NO_NAME = re.compile(r"POS|,|V.*")
#: Transcripts mark punctuation so.
_MARKED = re.compile(r"/([.?!,-])")


class _Place(NamedTuple):
    """The columns of a file, counted from 0; the last one has the chains."""

    word: int
    tag: int | None
    names: int | None


class _Mention(NamedTuple):
    chain: str
    first: int
    end: int


@dataclass
class Lines:
    """What the lines of a document say; ``faults`` are those that cannot be taken, with the reason."""

    sentences: list[list[str]] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    chains: dict[str, list[Link]] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)


def written(word: str) -> str:
    """Return a word as it stands in the text."""
    found = ESCAPED.get(word)
    if found is None and (marked := _MARKED.fullmatch(word)):
        return marked[1]
    return found or word


def is_border(line: str) -> bool:
    """Tell whether a document begins or ends with a line."""
    return line.startswith(
        ("#begin document", "#end document", "# begin document", "# end document")
    )


def read_lines(lines: Iterable[str]) -> Lines:
    """Read the lines of a document, of which the first is called line 1 in faults."""
    return _Reading().read(lines)


class _Reading:
    def __init__(self) -> None:
        self._found = Lines()
        self._known: dict[str, str] = {}
        self._words: list[str] = []
        self._tags: list[str] = []
        self._mentions: list[_Mention] = []
        #: Where the links of each chain that are open begin.
        self._open: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._names: list[tuple[int, str]] = []
        self._number = 0

    def read(self, lines: Iterable[str]) -> Lines:
        sentence: list[tuple[int, str]] = []
        for number, given in enumerate(lines, 1):
            line = given.rstrip("\r\n")
            if is_border(line) or not line.strip():
                self._sentence(sentence)
                sentence = []
            else:
                sentence.append((number, line))
        self._sentence(sentence)
        for chain, begun in self._open.items():
            for place, line in begun:
                reason = f"token {place + 1}: chain {chain[:_SHOWN]!r} is opened and not closed"
                self._found.faults.append((reason, line))
        self._found.chains = self._chains()
        return self._found

    def _fault(self, reason: str, line: str) -> None:
        self._found.faults.append((f"line {self._number} of this document: {reason}", line))

    def _sentence(self, lines: Sequence[tuple[int, str]]) -> None:
        rows = [(number, line, _cells(line)) for number, line in lines]
        if not rows:
            return
        # Predicates have a column each, so that sentences differ: but not the lines of one.
        width = Counter(len(cells) for *_, cells in rows).most_common(1)[0][0]
        place = _places(width, [cells for *_, cells in rows if len(cells) == width])
        words: list[str] = []
        for self._number, line, cells in rows:
            if place is None or len(cells) != width or not cells[place.word]:
                self._fault(f"its {len(cells)} columns are not those of CoNLL-2012", line)
                self._end_names(line)
                continue
            first = len(self._words)
            # A word that comes again is not held again.
            word, tag = written(cells[place.word]), "" if place.tag is None else cells[place.tag]
            words.append(self._known.setdefault(word, word))
            self._words.append(words[-1])
            self._tags.append("" if tag == "_" else self._known.setdefault(tag, tag))
            if place.names is not None:
                self._name(cells[place.names], first, line)
            self._links(cells[-1], first, line)
        self._end_names(rows[-1][1])
        if words:
            self._found.sentences.append(words)

    def _name(self, cell: str, place: int, line: str) -> None:
        if cell in _NOTHING:
            return
        rest = _NAME.sub("", cell)
        if rest:
            self._fault(f"{rest[:_SHOWN]!r} is no bracket of a name", line)
        for found in _NAME.finditer(cell):
            if found[1]:
                self._names.append((place, found[1]))
            elif found[2] and self._names:
                first, label = self._names.pop()
                self._found.names.append(Name(f"token {first + 1}", first, place + 1, label))
            elif found[2]:
                self._fault("a name is closed and was not opened", line)

    def _end_names(self, line: str) -> None:
        """A name does not go on behind its sentence, or over a line that is lost."""
        for first, label in self._names:
            reason = f"token {first + 1}: the name ({label[:_SHOWN]} is not closed in its sentence"
            self._found.faults.append((reason, line))
        self._names = []

    def _links(self, cell: str, place: int, line: str) -> None:
        if cell in _NOTHING:
            return
        if rest := _LINK.sub("", cell):
            self._fault(f"{rest[:_SHOWN]!r} is no link of a chain", line)
        for found in _LINK.finditer(cell):
            if not (found[1] or found[3]):
                self._fault(f"{found[2][:_SHOWN]!r} is no link of a chain", line)
                continue
            chain = found[2]
            if found[1]:
                self._open[chain].append((place, line))
            if found[3]:
                if not self._open[chain]:
                    self._fault(f"chain {chain[:_SHOWN]!r} is closed and was not opened", line)
                    continue
                first, _ = self._open[chain].pop()
                self._mentions.append(_Mention(chain, first, place + 1))

    # Chains -------------------------------------------------------------------------------------

    def _chains(self) -> dict[str, list[Link]]:
        plain = plain_words(self._words)
        chains: dict[str, list[Link]] = {}
        for each in sorted(self._mentions, key=lambda each: (each.first, -each.end)):
            chains.setdefault(each.chain, []).append(self._link(each, plain))
        return chains

    def _link(self, mention: _Mention, plain: frozenset[str]) -> Link:
        first, end = mention.first, mention.end
        place, name = f"token {first + 1}", core(self._words, first, end)
        tags = self._tags[name[0] : min(name[1], name[0] + 9)]
        if not all(tags):
            kind = kind_of(self._words, first, end, plain)
        elif end - first == 1 and tags[0] in _PRONOUNS:
            kind = "pronoun"
        elif {tags[0], tags[-1]} <= _PROPER and not any(map(_NO_NAME.fullmatch, tags)):
            kind = "name" if len(tags) < 6 else "words"
        else:
            kind = "words"
        typed = _TYPED.fullmatch(mention.chain)
        if typed is None:
            return Link(place, first, end, kind, name)
        same_as = (wikipedia_page(typed[2]),) if typed[2] else ()
        return Link(place, first, end, kind, name, typed[1], same_as)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("\t")] if "\t" in line else line.split()


def _places(width: int, rows: Sequence[Sequence[str]]) -> _Place | None:
    """Return where the columns are, None if they are not those of the format. Of corpora with fewer
    than OntoNotes the words stand behind the last column that numbers something.
    """
    if width < 2:
        return None
    numbers = list(_numbers(rows))
    if width >= _WHOLE:
        # Neither a word nor a speaker looks like that: one of the columns before is missing.
        is_shifted = any(_BRACKETED.fullmatch(cells[_NAMES - 1]) for cells in rows)
        return None if is_shifted or _WORD - 1 not in numbers else _Place(_WORD, _TAG, _NAMES)
    word = max(numbers, default=-1) + 1
    is_cut = any(_BRACKETED.fullmatch(cell) for cells in rows for cell in cells[word + 1 : -1])
    return None if is_cut else _Place(word, None, None)


def _numbers(rows: Sequence[Sequence[str]]) -> Iterator[int]:
    for place in range(min(3, len(rows[0]) - 2)):
        if all(cells[place].isdecimal() for cells in rows[:_LOOKED_AT]):
            yield place
