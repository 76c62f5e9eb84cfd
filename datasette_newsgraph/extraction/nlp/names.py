"""Find the names of a text: those of the model, put right and completed.

What is put right: where a name begins and ends, its type by lists and by the rest of the article, what
is no name. What is completed: names that the lists know, and further occurrences of names that were
found once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from datasette_newsgraph.extraction.nlp.lexicons import KnownName, Lexicon
from datasette_newsgraph.extraction.nlp.offices import OF_AN_OFFICE, behind_office, is_office
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.word_lists import word_list

#: The types of the labels of OntoNotes; what is not here is no name.
_TYPES = {
    "PERSON": "Person",
    "PER": "Person",
    "NORP": "Group",
    "FAC": "Place",
    "ORG": "Organization",
    "GPE": "Place",
    "LOC": "Place",
    "PRODUCT": "Product",
    "EVENT": "Event",
    "WORK_OF_ART": "CreativeWork",
    "LAW": "Law",
    "MISC": "Thing",
}
_EDGE = frozenset("\"'“”‘’„«»()[]{}<>-–—.,;:!?/|*#•…`") | {
    "--",
    "...",
    "''",
    "``",
    "'s",
    "’s",
    "’S",
    "'S",
}
_ARTICLES = frozenset(("the", "a", "an", "its", "their", "his", "her", "our", "this", "that"))
_HONORIFICS = word_list("honorifics")
#: Of an office that is named before a person: "Secretary of State", "Speaker of the House".
_PORTFOLIOS = word_list("portfolios")
#: Capitalised words that are no names.
_NO_NAMES = word_list("no names")
#: Names of the lists that are words, too: they are taken only where the model finds a name.
_WORDS_TOO = word_list("words too")
#: Small words that begin names.
_PARTICLES = word_list("particles")
#: Words before a credit, "Image: Ana Ruiz", which the model takes into names.
_CREDITS = frozenset(
    ("Image", "Images", "Photo", "Photos", "Photograph", "Picture", "File", "Credit", "Video")
)
_SUFFIXES = frozenset(("Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"))
#: Types that a further occurrence of a name may have.
_REPEATED = frozenset(
    ("Person", "Organization", "Place", "Event", "Group", "Product", "CreativeWork")
)


@dataclass(slots=True)
class Name:
    """An occurrence of a name: its tokens, its code points, what it names."""

    first: int
    last: int
    start: int
    end: int
    text: str
    type: str
    #: The name that the lists have for it, perhaps another than the words.
    known: KnownName | None = None
    #: "model", "list" or "repeat": how it was found.
    by: str = "model"

    @property
    def is_demonym(self) -> bool:
        """Tell whether the name is of the people of a place or its adjective."""
        return self.known is not None and self.known.kind == "demonym"


def find_names(page: Page, lexicon: Lexicon, given: Iterable[str] = ()) -> list[Name]:
    """Return the names of a text in order, none inside another. ``given`` are names that are known to
    be in the article, such as its publisher.
    """
    names = [name for name in _of_model(page, lexicon) if not _is_no_name(page, lexicon, name)]
    names = _without_headline_guesses(page, names)
    board = _Board(page, ())
    board.add(_longer_of_lists(page, lexicon, names))
    board.add(names)
    board.add(_of_lists(page, lexicon, given, board))
    _agree_on_types(board.names)
    board.add(_repeats(page, board))
    if page.doc.lang_ == "en":
        board.add(_proper_nouns(page, lexicon, board))
    _agree_on_types(board.names)
    return sorted(board.names, key=lambda name: name.start)


class _Board:
    """The names found so far, and which tokens they cover."""

    def __init__(self, page: Page, names: Iterable[Name]) -> None:
        self.names: list[Name] = []
        self.covered = bytearray(len(page.words))
        self.add(names)

    def add(self, names: Iterable[Name]) -> None:
        """Add names that cover no token of one that is there."""
        for name in names:
            if not any(self.covered[name.first : name.last]):
                self.covered[name.first : name.last] = b"\1" * (name.last - name.first)
                self.names.append(name)


def _name(page: Page, first: int, last: int, type_: str, by: str) -> Name:
    start, end = page.starts[first], page.end_of(last - 1)
    return Name(first, last, start, end, page.text[start:end], type_, None, by)


def _of_model(page: Page, lexicon: Lexicon) -> Iterator[Name]:
    for entity in page.doc.ents:
        type_ = _TYPES.get(entity.label_)
        if type_ is None:
            continue
        first, last = _trim(page.words, entity.start, entity.end)
        if first < last:
            first, last = _completed(page, lexicon, first, last, is_person=type_ == "Person")
            name = _name(page, first, last, type_, "model")
            _settle_type(page, lexicon, name)
            yield name


def _trim(words: list[str], first: int, last: int) -> tuple[int, int]:
    """Return a span of tokens without articles, marks and possessives at its edges."""
    while first < last and (words[first].lower() in _ARTICLES or _is_edge(words[first])):
        first += 1
    while first < last - 1 and words[first].islower() and words[first] not in _PARTICLES:
        first += 1
        while first < last and _is_edge(words[first]):
            first += 1
    while last > first and (
        _is_edge(words[last - 1])
        or (words[last - 1] in _CREDITS and words[last : last + 1] == [":"])
    ):
        last -= 1
    # A line end within: only what stands before it.
    for index in range(first, last):
        if "\n" in words[index]:
            return first, index
    return first, last


def _completed(
    page: Page, lexicon: Lexicon, first: int, last: int, *, is_person: bool
) -> tuple[int, int]:
    """Return a span with what belongs to the name: "University of" before it, "Ministry" behind."""
    words = page.words
    for gap in (1, 2):
        before = first - gap - 1
        if (
            before >= 0
            and words[first - gap : first] in (["of"], ["of", "the"])
            and words[before][:1].isupper()
            and words[before].lower() in lexicon.heads
            and not words[first].islower()
        ):
            first = before
            while first and words[first - 1][:1].isupper() and _is_proper(page, first - 1):
                first -= 1
            break
    if is_person:
        return _whole_person(page, lexicon, first, last)
    end = last
    while end < len(words) and words[end][:1].isupper() and _is_proper(page, end):
        end += 1
        if words[end - 1].lower() in lexicon.heads:
            last = end
    return first, last


def _whole_person(page: Page, lexicon: Lexicon, first: int, last: int) -> tuple[int, int]:
    """Return the span of a person's name with a given name before it and the rest of a hyphened one."""
    words = page.words
    while (
        first
        and words[first - 1][:1].isupper()
        and page.doc[first - 1].pos_ == "PROPN"
        and not page.doc[first - 1].ent_type_
        and words[first - 1].lower() not in lexicon.titles
        and _is_proper(page, first - 1)
    ):
        first -= 1
    while (
        last + 1 < len(words)
        and words[last] == "-"
        and not page.doc[last - 1].whitespace_
        and not page.doc[last].whitespace_
        and page.doc[last + 1].pos_ in ("PROPN", "NOUN", "ADJ")
    ):
        last += 2
    return first, last


def _is_proper(page: Page, index: int) -> bool:
    token = page.doc[index]
    return (
        token.pos_ in ("PROPN", "ADJ", "NOUN")
        and not token.is_sent_start
        and token.text.lower().rstrip(".") not in _HONORIFICS
        and token.text.lower() not in _NO_NAMES
    )


def _is_edge(word: str) -> bool:
    return word in _EDGE or word.isspace()


def _settle_type(page: Page, lexicon: Lexicon, name: Name) -> None:
    """Give a name the type that lists have for it, or for its last word; cut off what is an office."""
    words = page.words
    known = lexicon.names.get(name.text) or lexicon.names.get(
        name.text.title() if len(name.text) > 4 and name.text.isupper() else ""
    )
    if known is not None and not (
        name.type == "Person" and name.last - name.first == 1 and known.place == "capital"
    ):
        name.known, name.type = known, known.type
        return
    if name.type in OF_AN_OFFICE and (
        behind := behind_office(page.words, name.first, name.last, lexicon)
    ):
        _begin_at(page, name, behind)
        _settle_type(page, lexicon, name)
        return
    if (
        words[name.first] in _PORTFOLIOS
        and name.last - name.first > 1
        and _is_office(words, name.first)
    ):
        _begin_at(page, name, name.first + 1)
        name.type = "Person"
    while (
        name.type == "Person"
        and name.last - name.first > 1
        and words[name.first].lower().rstrip(".") in _HONORIFICS
    ):
        _begin_at(page, name, name.first + (2 if words[name.first + 1] == "." else 1))
    while name.type != "Person" and name.last - name.first > 1:
        # "NASA Administrator" is of the administrator; "Sweden 1" is a result.
        last_word = words[name.last - 1]
        rest = page.text[name.start : page.end_of(name.last - 2)]
        # "Pentagon Press Secretary" is of the Pentagon's press secretary.
        both = " ".join(words[name.last - 1 : name.last + 1]).lower()
        if (
            last_word.lower() not in lexicon.titles
            and both not in lexicon.titles
            and not (last_word.isdigit() and rest in lexicon.names)
        ):
            break
        name.last -= 1
        name.end, name.text = page.end_of(name.last - 1), rest
        name.known = lexicon.names.get(rest)
        name.type = name.known.type if name.known else name.type
    while (
        name.type == "Person"
        and name.last - name.first > 1
        and words[name.last - 1].lower().rstrip(".") in _HONORIFICS
    ):
        name.last -= 1
        name.end = page.end_of(name.last - 1)
        name.text = page.text[name.start : name.end]
    if name.type != "Person" and name.last - name.first > 1:
        head = name.last - 1
        for index in range(name.first + 1, name.last):
            if words[index].lower() in ("of", "for", "in", "on", "at"):
                head = index - 1
                break
        type_ = lexicon.heads.get(words[head].lower())
        if type_ is not None and words[head][:1].isupper():
            name.type = type_


def _is_office(words: list[str], index: int) -> bool:
    before = [word.lower() for word in words[max(0, index - 3) : index]]
    return "of" in before[-2:] and bool(before)


def _begin_at(page: Page, name: Name, first: int) -> None:
    if first < name.last:
        name.first, name.start = first, page.starts[first]
        name.text = page.text[name.start : name.end]


def _is_no_name(page: Page, lexicon: Lexicon, name: Name) -> bool:
    """Tell whether what the model took for a name is none: no capital, an address, a common word."""
    text = name.text
    if name.known is not None:
        return False
    if not any(map(str.isupper, text)) or "@" in text or "://" in text or len(text) > 150:
        return True
    if name.type in OF_AN_OFFICE and is_office(page.words[name.first : name.last], lexicon):
        return True
    if name.last - name.first == 1:
        token = page.doc[name.first]
        small = text.lower().rstrip(".")
        if (
            small in _NO_NAMES
            or len(text) == 1
            or (name.type == "Person" and (small in _HONORIFICS or small in lexicon.heads))
        ):
            return True
        if name.type == "Group" and token.pos_ == "ADJ":
            return True
    return False


def _without_headline_guesses(page: Page, names: list[Name]) -> list[Name]:
    """Leave out what the model finds in a title of capitalised words, unless the story has it, too; and
    single words that the text has in small letters more often.
    """
    zones = page.token_zones
    titled = {index for index, zone in enumerate(zones) if zone == "title"}
    in_capitals = titled and _is_in_capitals([page.words[index] for index in sorted(titled)])
    elsewhere = {
        word
        for name in names
        if zones[name.first] != "title"
        for word in page.words[name.first : name.last]
    }
    small = Counter(word for word in page.words if word.islower())
    found = []
    for name in names:
        words = page.words[name.first : name.last]
        if name.known is None:
            if in_capitals and name.first in titled and not any(w in elsewhere for w in words):
                continue
            if len(words) == 1 and small[name.text.lower()] and _is_common(page, name, small):
                continue
        found.append(name)
    return found


def _is_in_capitals(words: list[str]) -> bool:
    longer = [word for word in words if word.isalpha() and len(word) > 3]
    return len(longer) > 2 and sum(word[0].isupper() for word in longer) >= 0.8 * len(longer)


def _is_common(page: Page, name: Name, small: Counter[str]) -> bool:
    """Tell whether a single word is a common one: the text has it in small letters, and here it stands
    where any word has a capital, or it is small more often.
    """
    if page.token_zones[name.first] == "title" or page.doc[name.first].is_sent_start:
        return True
    return small[name.text.lower()] >= page.words.count(name.text)


def _longer_of_lists(page: Page, lexicon: Lexicon, names: list[Name]) -> Iterator[Name]:
    """Yield the names of the lists that have several words of which the model has found a part only."""
    of = {index: name for name in names for index in range(name.first, name.last)}
    for found in _of_lists(page, lexicon, (), _Board(page, ())):
        if found.last - found.first < 2:
            continue
        parts = [of[index] for index in range(found.first, found.last) if index in of]
        if parts and all(found.first <= p.first and p.last <= found.last for p in parts):
            yield found


def _of_lists(page: Page, lexicon: Lexicon, given: Iterable[str], board: _Board) -> Iterator[Name]:
    """Yield the names of the lists, and the given ones, that the model has not found."""
    index = _index_of_lists(page, lexicon)
    index.update(_index((name, KnownName(name, "Organization")) for name in given if name))
    zones = page.token_zones
    for position, word in enumerate(page.words):
        entries = index.get(word)
        if entries is None or board.covered[position]:
            continue
        for tail, known in entries:
            last = position + 1 + len(tail)
            if tuple(page.words[position + 1 : last]) != tail or any(board.covered[position:last]):
                continue
            surface = page.text[page.starts[position] : page.end_of(last - 1)]
            if surface in _WORDS_TOO and zones[position] not in ("caption", "dateline", "byline"):
                continue
            name = _name(page, position, last, known.type, "list")
            name.known = known
            yield name
            break


_Index = dict[str, list[tuple[tuple[str, ...], KnownName]]]
_indices: dict[str, _Index] = {}


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


def _agree_on_types(names: list[Name]) -> None:
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


def _repeats(page: Page, board: _Board) -> Iterator[Name]:
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
                found = _name(page, position, last, name.type, "repeat")
                found.known = name.known if found.text == name.text else None
                yield found
                break


def _proper_nouns(page: Page, lexicon: Lexicon, board: _Board) -> Iterator[Name]:
    """Yield runs of proper nouns that nothing else has found, within sentences of the story."""
    zones = page.token_zones
    index, count = 0, len(page.words)
    while index < count:
        word = page.words[index]
        if not word[:1].isupper() or board.covered[index] or not _may_be_name(page, index):
            index += 1
            continue
        last = index + 1
        while (
            last < count
            and not board.covered[last]
            and (page.words[last][:1].isupper() and _may_be_name(page, last))
        ):
            last += 1
        type_ = _guess(page, lexicon, index, last)
        if zones[index] in ("body", "standfirst", "caption") and type_ is not None:
            yield _name(page, index, last, type_, "guess")
        index = last


def _may_be_name(page: Page, index: int) -> bool:
    token = page.doc[index]
    small = token.text.lower().rstrip(".")
    return (
        token.pos_ == "PROPN"
        and len(token.text) > 1
        and small not in _NO_NAMES
        and small not in _HONORIFICS
        and token.text not in _CREDITS
    )


def _guess(page: Page, lexicon: Lexicon, first: int, last: int) -> str | None:
    """Return the type of a run of proper nouns by the words around it; None if it is to be left out."""
    words = page.words
    if last - first == 1:
        word = words[first]
        is_short = len(word) < 3 or (word.endswith(".") and len(word) < 6)
        if page.doc[first].is_sent_start or is_short or word.lower() in lexicon.titles:
            return None
    type_ = lexicon.heads.get(words[last - 1].lower())
    if type_ is not None:
        return type_ if last - first > 1 else None
    before = words[first - 1].lower() if first else ""
    behind = page.doc[last] if last < len(words) else None
    if before.rstrip(".") in _HONORIFICS or before in lexicon.titles:
        return "Person"
    if behind is not None and behind.lemma_ in lexicon.reporting and behind.pos_ == "VERB":
        return "Person"
    if before in ("in", "at", "near", "from", "to") and page.doc[first - 1].pos_ == "ADP":
        return "Place"
    return "Organization" if words[first].isupper() or before == "the" else "Thing"


def _is_within_longer(page: Page, position: int, board: _Board) -> bool:
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
