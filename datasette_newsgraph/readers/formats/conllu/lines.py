"""Read the lines of one document of CoNLL-U: words, their names and brackets, and comments."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.chains import Name, plain_words
from datasette_newsgraph.readers.columns.lines import each_line
from datasette_newsgraph.readers.columns.tags import OUTSIDE, Tag, spans, tag_of
from datasette_newsgraph.readers.formats.conllu.brackets import (
    Brackets,
    Tie,
    fields_of,
    link_iri,
    ties_of,
)
from datasette_newsgraph.readers.formats.conllu.layout import Layout, Unit, unescaped

_WIDTH = 10
#: So much of a value is shown.
_SHOWN = 60
_COMMENT = re.compile(
    r"#[ \t]*(?:(newdoc)(?:[ \t]+id)?|(global\.Entity)|(text)|meta::([\w.-]+)"
    r"|(title|date|language|lang|url|publisher|authors?|licen[cs]e))[ \t]*=[ \t]*(.*)"
)
_PARAGRAPH = re.compile(r"#[ \t]*newpar(?![\w-])")
_RANGE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_EMPTY = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}")
#: What the attributes of the last column are to us, as the files call them.
_ATTRIBUTES = {
    **dict.fromkeys(("NE", "NER", "ne", "ner", "NamedEntity", "namedentity"), "name"),
    **dict.fromkeys(("Entity", "entity"), "entity"),
    **dict.fromkeys(
        ("wikidata", "Wikidata", "WikidataID", "QID", "EntityLink", "Link"), "wikidata"
    ),
    **dict.fromkeys(("identity", "Identity", "wikipedia", "Wikipedia"), "identity"),
    "SpaceAfter": "space",
    "SpacesAfter": "after",
    "SpacesBefore": "before",
    "SpacesInToken": "within",
    "Bridge": "bridging",
    "SplitAnte": "part of",
}
_UNSAID = ("O", "_", "-", "")
#: NameTag numbers the names of a document; of names in names both stand there: ``P_1-pf_2``.
_NUMBERED = re.compile(r"[^\W\d_][\w<+]*_\d+(?:-[^\W\d_][\w<+]*_\d+)*")


class Stated(NamedTuple):
    """A tie of two entities and where it is said."""

    tie: Tie
    place: str
    sentence: int


class Document:
    """What the lines of a document say; ``faults`` are those that cannot be taken, with the reason."""

    def __init__(self) -> None:
        self.layout = Layout()
        self.words: list[str] = []
        self.tags: list[str] = []
        #: The number of the head of each word among all, -1 of a root, -2 where nothing tells it.
        self.heads = array("q")
        self.names: list[Name] = []
        self.brackets = Brackets()
        #: What identifies the name or mention that begins at a word.
        self.links: dict[int, str] = {}
        self.ties: list[Stated] = []
        self.about: dict[str, str] = {}
        self.faults: list[tuple[str, str]] = []
        self.passed_over: Counter[str] = Counter()

    @cached_property
    def plain(self) -> frozenset[str]:
        """The words that stand somewhere without a capital letter."""
        return plain_words(self.words)


def read_document(text: str) -> Document:
    """Read the lines of a document behind the first, which may tell the fields of entities."""
    return _Reading().read(text)


class _Reading:
    def __init__(self) -> None:
        self._found = Document()
        self._known: dict[str, str] = {}
        self._number = -1
        self._said: str | None = None
        self._is_paragraph = False
        self._begin()

    def _begin(self) -> None:
        self._units: list[Unit] = []
        self._heads: list[str] = []
        self._tags: list[Tag] = []
        self._links: dict[int, str] = {}
        self._numbered: dict[str, list[int]] = {}
        #: The unit of the range that is being read, and the number of its last word.
        self._range: tuple[Unit, int, list[str]] | None = None
        #: The line before was not taken: a name must not go on over it.
        self._is_cut = False

    def read(self, text: str) -> Document:
        for self._number, given in enumerate(each_line(text)):
            line = given.rstrip("\r")
            if line.startswith("#"):
                reason = self._comment(line)
            elif not line.strip():
                self._end_sentence()
                continue
            else:
                reason = self._line(line)
            if reason:
                self._fault(reason, line)
        self._end_sentence()
        found = self._found
        for each in found.brackets.unclosed():
            found.faults.append(
                (f"{each.place}: {each.id[:_SHOWN]!r} is opened and not closed", each.id)
            )
        return found

    def _fault(self, reason: str, line: str) -> None:
        self._found.faults.append((f"line {self._number} of this document: {reason}", line))

    # Comments -----------------------------------------------------------------------------------

    def _comment(self, line: str) -> str | None:
        if _PARAGRAPH.match(line):
            self._is_paragraph = True
        found = _COMMENT.match(line)
        if found is None:
            return None
        document, fields, text, described, known, value = found.groups()
        value = value.strip()
        if fields:
            try:
                self._found.brackets.name_fields(fields_of(line))
            except RecordError as error:
                return str(error)
        elif text:
            self._said = value
        elif value:
            self._found.about.setdefault("newdoc" if document else described or known, value)
        return None

    # Words --------------------------------------------------------------------------------------

    def _line(self, line: str) -> str | None:
        cells = line.split("\t")
        if len(cells) != _WIDTH:
            self._is_cut = True
            return f"has {len(cells)} columns, not {_WIDTH}"
        id_, form = cells[0], cells[1]
        if id_.isdecimal():
            self._word(cells)
        elif range_ := _RANGE.fullmatch(id_):
            self._begin_range(cells, int(range_[1]), int(range_[2]))
        elif _EMPTY.fullmatch(id_):
            place = len(self._found.words)
            self._attributes(cells[9], place, place)
        else:
            self._is_cut = True
            return f"{id_[:_SHOWN]!r} is no number of a word"
        return None if form else "has no form"

    def _begin_range(self, cells: list[str], first: int, last: int) -> None:
        self._end_range()
        unit, tag = self._attributes(cells[9], None, None)
        self._range = (unit._replace(surface=unit.surface or cells[1]), last, [])
        if tag is not None and 0 <= last - first < 100:
            # The name is of the range: its words say nothing of their own.
            self._tags += _spread(tag, last - first + 1)

    def _end_range(self) -> None:
        if self._range is not None:
            unit, _, words = self._range
            self._range = None
            del self._tags[len(self._heads) :]
            if words:
                self._units.append(unit._replace(words=tuple(words)))

    def _word(self, cells: list[str]) -> None:
        found = self._found
        place = len(found.words)
        inside = self._range is not None and int(cells[0][:9]) <= self._range[1]
        if not inside:
            self._end_range()
        # A word that comes again is not held again.
        form = self._known.setdefault(cells[1], cells[1])
        found.words.append(form)
        found.tags.append("" if cells[3] == "_" else self._known.setdefault(cells[3], cells[3]))
        unit, tag = self._attributes(cells[9], place, place + 1)
        self._heads.append(cells[6])
        if self._range is not None:
            self._range[2].append(cells[1])
        else:
            surface = unit.surface or form
            self._units.append(unit._replace(words=(surface,), surface=surface))
        if len(self._tags) < len(self._heads):
            taken = OUTSIDE if tag is None else tag
            self._tags.append(taken.beginning() if self._is_cut else taken)
        self._is_cut = False

    def _attributes(self, misc: str, first: int | None, end: int | None) -> tuple[Unit, Tag | None]:
        """Read the last column of a line; of a range of words there is no ``first``."""
        unit = _PLAIN
        tag = None
        if misc == "_":
            return unit, tag
        for each in misc.split("|"):
            if each == "SpaceAfter=No":
                unit = unit if unit.is_exact else _CLOSE
                continue
            key, _, value = each.partition("=")
            meaning = _ATTRIBUTES.get(key)
            if meaning is None or not value:
                continue
            if meaning == "after":
                unit = unit._replace(after=unescaped(value), is_exact=True)
            elif meaning == "before":
                unit = unit._replace(before=unescaped(value))
            elif meaning == "within":
                unit = unit._replace(surface=unescaped(value))
            elif meaning == "name" or (meaning == "entity" and not _is_bracket(value)):
                tag = self._tag(value)
            elif first is None or end is None:
                continue
            elif meaning == "entity":
                self._entity(value, first, end)
            elif meaning in ("bridging", "part of"):
                self._tie(value, meaning)
            elif iri := link_iri(value, meaning):
                self._links[first] = iri
            elif value not in _UNSAID:
                self._found.passed_over["links of no known authority"] += 1
        return unit, tag

    def _entity(self, value: str, first: int, end: int) -> None:
        place = f"token {first + 1}"
        for reason in self._found.brackets.read(value, place, first, end):
            self._fault(reason, value)

    def _tie(self, value: str, otherwise: str) -> None:
        sentence = len(self._found.layout.first_words) - 1
        for tie in ties_of(value, otherwise):
            if isinstance(tie, Tie):
                self._found.ties.append(Stated(tie, f"line {self._number}", sentence))
            else:
                self._fault(f"{tie[:_SHOWN]!r} is no tie of two entities", value)

    # Names --------------------------------------------------------------------------------------

    def _tag(self, value: str) -> Tag | None:
        if value in _UNSAID:
            return OUTSIDE
        if _NUMBERED.fullmatch(value):
            for each in value.split("-"):
                self._numbered.setdefault(each, []).append(len(self._heads))
            return OUTSIDE
        for scheme in ("prefixed", "suffixed", "labels"):
            if tag := tag_of(value, scheme, ()):
                return tag
        self._fault(f"{value[:_SHOWN]!r} is no tag of a name", value)
        return None

    def _end_sentence(self) -> None:
        self._end_range()
        if self._units:
            found = self._found
            first = found.layout.first_words[-1]
            found.layout.add(self._units, self._said, is_paragraph=self._is_paragraph)
            for each in self._heads:
                is_number = each.isdecimal() and len(each) < 10
                found.heads.append(first + int(each) - 1 if is_number and each != "0" else -1)
                if not is_number:
                    found.heads[-1] = -2
            for begin, end, label in self._named():
                link = self._links.get(first + begin)
                found.names.append(
                    Name(
                        f"token {first + begin + 1}",
                        first + begin,
                        first + end,
                        label,
                        (link,) if link else (),
                    )
                )
            found.links.update(self._links)
            self._is_paragraph, self._said = False, None
        self._begin()

    def _named(self) -> Iterator[tuple[int, int, str]]:
        yield from spans(self._tags)
        for each, places in self._numbered.items():
            yield min(places), max(places) + 1, each.rpartition("_")[0]


_PLAIN = Unit((), "")
_CLOSE = Unit((), "", after="")


def _spread(tag: Tag, count: int) -> list[Tag]:
    """Return the tags of the words of a range that has one tag."""
    if count == 1:
        return [tag]
    first = {"S": "B", "U": "B", "E": "I", "L": "I"}.get(tag.part, tag.part)
    last = {"S": "E", "U": "E", "B": "I"}.get(tag.part, tag.part)
    inside = "I" if tag.part else ""
    parts = (first, *[inside] * (count - 2), last)
    return [Tag(part, tag.label) for part in parts]


def _is_bracket(value: str) -> bool:
    return "(" in value or ")" in value
