"""A document as it is read: its text grows, and what is marked in it is noted with its place."""

from __future__ import annotations

from collections import Counter

from datasette_newsgraph.article import ZoneName
from datasette_newsgraph.readers.formats.tei import elements
from datasette_newsgraph.readers.formats.tei.described import Described
from datasette_newsgraph.readers.formats.tei.flow import Break, Flow, Span
from datasette_newsgraph.readers.formats.tei.header import Header
from datasette_newsgraph.readers.formats.tei.name import Name
from datasette_newsgraph.readers.formats.tei.references import References
from datasette_newsgraph.readers.formats.tei.register import Register
from datasette_newsgraph.readers.xml_input import XML, local

#: So many quotes may stand within each other: a thousand would each be of the whole text.
_MOST_QUOTES = 8


class Quoted:
    """What somebody says: who, and where."""

    __slots__ = ("attributes", "span")

    def __init__(self, attributes: dict[str, str], span: Span) -> None:
        self.attributes, self.span = attributes, span


class _Open:
    """An element that has begun, and what is to be done when it ends."""

    __slots__ = ("alternatives", "broken", "flow", "glued", "is_taken", "marked", "name", "zone")

    def __init__(self, name: str) -> None:
        self.name = name
        self.broken = Break.NONE
        self.glued = False
        #: The text that goes on behind it, where it is a note.
        self.flow: Flow | None = None
        self.marked: list[tuple[Name | Quoted | None, Span]] = []
        self.zone: ZoneName | None = None
        #: Of an element of alternatives: those not to be read, and whether one has been.
        self.alternatives: frozenset[str] | None = None
        self.is_taken = False


class Document:
    """What is told of a document by ``xml_input.walk``."""

    def __init__(self) -> None:
        self.references = References()
        self.header = Header(self.references)
        self.register = Register(self.references)
        self.text, self.notes = Flow(), Flow()
        self.id: str | None = None
        self.names: list[Name] = []
        self.quotes: list[Quoted] = []
        self.zones: list[tuple[ZoneName, Span]] = []
        self.passed_over: Counter[str] = Counter()
        self._described: Described | None = None
        #: How deep it is in what is not read.
        self._skipped = 0
        self._open: list[_Open] = []
        self._flow = self.text
        self._in_text = 0
        self._zones_open = 0
        self._quotes_open = 0
        self._numbers: Counter[str] = Counter()

    def start(self, full: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        name = local(full)
        if self._skipped:
            self._skipped += 1
        elif self._described is not None:
            self._described.start(name, attributes)
        elif not self._open:
            self._root(name, attributes)
        elif (
            name == "teiHeader"
            or name == "standOff"
            or name in elements.LISTS
            or self._is_works(name)
        ):
            self._described = Described(self.header, self.register)
            self._described.start(name, attributes)
        elif name in elements.SKIPPED or self._is_passed_by(name):
            self._skipped = 1
        elif name in elements.MILESTONES:
            self._milestone(attributes)
        elif name == "include":
            # Another file, which is read by itself.
            self.passed_over["files included"] += 1
            self._skipped = 1
        else:
            self._begin(name, attributes)

    def words(self, text: str) -> None:
        """Take text."""
        if self._skipped:
            return
        if self._described is not None:
            self._described.words(text)
        elif self._in_text:
            self._flow.words(text)

    def end(self, full: str) -> None:
        """Take the end of an element."""
        if self._skipped:
            self._skipped -= 1
        elif self._described is not None:
            self._described.end()
            if not self._described.is_open:
                self._described = None
        elif local(full) not in elements.MILESTONES:
            self._finish(self._open.pop())

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        self._open.append(_Open(name))
        self.id = attributes.get(f"{XML}id") or attributes.get("id")
        self._language(attributes)

    def _language(self, attributes: dict[str, str]) -> None:
        given = attributes.get(f"{XML}lang") or attributes.get("lang")
        self.header.language = given or self.header.language

    def _is_works(self, name: str) -> bool:
        """Whether it is a register of works, and no bibliography to be read."""
        return name == "listBibl" and any(each.name == "back" for each in self._open)

    def _is_passed_by(self, name: str) -> bool:
        """Whether it is an alternative to what is read."""
        around = self._open[-1]
        if around.alternatives is None:
            return False
        is_passed = around.is_taken or name in around.alternatives
        if not is_passed or (around.name == "app" and not around.is_taken):
            # Without a lemma the first reading is read.
            around.is_taken = True
            return False
        return True

    def _milestone(self, attributes: dict[str, str]) -> None:
        if attributes.get("break") == "no":
            self._flow.glue()
        else:
            self._flow.break_at(Break.SPACE)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        opened = _Open(name)
        if name in ("text", "back"):
            if name == "text" and not self._in_text:
                self._language(attributes)
            self._in_text += 1
        around = self._open[-1].name
        self._open.append(opened)
        if name == "note":
            self._note(opened, around, attributes)
        opened.broken = elements.BREAKS.get(name, Break.NONE)
        if name == "seg" and around == "u":
            opened.broken = Break.PARAGRAPH
        if opened.broken:
            self._flow.break_at(opened.broken)
        if name in elements.TOKENS:
            self._token(opened, attributes)
        elif name in elements.NAMES:
            self._mark(opened, name, attributes)
        elif name in elements.QUOTES and (name in elements.SAID or attributes.get("who")):
            self._quote(opened, attributes)
        elif name == "title" and (attributes.get("ref") or attributes.get("key")):
            self._mark(opened, name, attributes)
        if name in ("choice", "app"):
            opened.alternatives = elements.ALTERNATIVES[name]
        zone = self._zone(name, around, attributes)
        if zone is not None and not self._zones_open:
            opened.zone = zone
            self._zones_open += 1
            opened.marked.append((None, Span(self._flow)))

    def _note(self, opened: _Open, around: str, attributes: dict[str, str]) -> None:
        """Read a note behind the text, if it stands within a sentence."""
        if around in elements.INLINE:
            opened.flow = self._flow
            self._flow = self.notes
        self._flow.break_at(Break.PARAGRAPH)

    def _token(self, opened: _Open, attributes: dict[str, str]) -> None:
        join = attributes.get("join")
        if join in ("left", "both"):
            self._flow.glue()
        opened.glued = join in ("right", "both")

    def _zone(self, name: str, around: str, attributes: dict[str, str]) -> ZoneName | None:
        if name == "head":
            if around == "figure":
                return "caption"
            # The first words of the text are its title.
            is_first = self._flow is self.text and not self.text.length
            return "title" if is_first and attributes.get("type") != "sub" else None
        if name == "note":
            # All notes that are read behind the text are one zone.
            is_apart = self._flow is self.text and attributes.get("place") in elements.APART
            return "footer" if is_apart else None
        return elements.ZONES.get(name)

    def _mark(self, opened: _Open, name: str, attributes: dict[str, str]) -> None:
        self._numbers[name] += 1
        found = Name.of(name, self._numbers[name], attributes, self.references)
        opened.marked.append((found, Span(self._flow)))

    def _quote(self, opened: _Open, attributes: dict[str, str]) -> None:
        if self._quotes_open >= _MOST_QUOTES:
            self.passed_over["quotes within quotes within quotes"] += 1
            return
        self._quotes_open += 1
        span = Span(self._flow)
        opened.marked.append((Quoted(attributes, span), span))

    def _finish(self, closed: _Open) -> None:
        for marked, span in reversed(closed.marked):
            has_words = span.close()
            if isinstance(marked, Name):
                self._add(marked, span)
            elif isinstance(marked, Quoted):
                self._quotes_open -= 1
                if has_words:
                    self.quotes.append(marked)
            elif has_words and closed.zone is not None:
                self.zones.append((closed.zone, span))
        self._zones_open -= closed.zone is not None
        if closed.broken:
            self._flow.break_at(closed.broken)
        if closed.glued:
            self._flow.glue()
        if closed.name == "note":
            self._flow.break_at(Break.PARAGRAPH if closed.flow else Break.SPACE)
        if closed.flow is not None:
            self._flow = closed.flow
        if closed.name in ("text", "back"):
            self._in_text -= 1

    def _add(self, name: Name, span: Span) -> None:
        name.start, name.end, name.in_notes = span.start, span.end, span.flow is self.notes
        # A name that is all of another one ends right before it.
        last = self.names[-1] if self.names else None
        if last is None or not last.is_all_of(name) or not last.take_over(name):
            self.names.append(name)
