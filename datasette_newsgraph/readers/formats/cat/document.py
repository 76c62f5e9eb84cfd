"""A document of CAT: numbered tokens, what is marked in them, and what relates that."""

from __future__ import annotations

from bisect import bisect_right
from sys import intern

from datasette_newsgraph.readers.tokens import JoinedText, TokenSpan
from datasette_newsgraph.readers.xml_input import XML, local

#: The attributes of what is marked that are read: of others there may be a dozen.
_READ = (
    "TAG_DESCRIPTOR",
    "ent_type",
    "class",
    "external_ref",
    "syntactic_type",
    "type",
    "value",
    "functionInDocument",
    "polarity",
    "certainty",
)


#: So many tokens are no name, and no sentence that states something.
_MOST_TOKENS = 1000


class Marked:
    """Something that is marked in the text, or an instance of which mentions speak."""

    __slots__ = ("attributes", "id", "name", "tokens")

    def __init__(self, name: str, id_: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes
        #: By which relations name it.
        self.id = id_
        self.tokens: list[str] = []

    @property
    def place(self) -> str:
        """What it is called in a fault."""
        return f"{self.name}[{self.id}]"


class Related:
    """A relation of what is marked, by ids."""

    __slots__ = ("attributes", "name", "sources", "targets")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes
        self.sources: list[str] = []
        self.targets: list[str] = []

    @property
    def place(self) -> str:
        """What it is called in a fault."""
        return f"{self.name}[{self.attributes.get('r_id') or self.attributes.get('id') or ''}]"


class Document:
    """What is told of a document by ``xml_input.walk``."""

    def __init__(self) -> None:
        self.attributes: dict[str, str] = {}
        self.language: str | None = None
        self.marked: list[Marked] = []
        self.relations: list[Related] = []
        #: Tokens with the number of another.
        self.repeated = 0
        self._sentences: list[list[str]] = []
        self._sentence: str | None = None
        #: The number of each token among all of them, by its id.
        self._numbers: dict[str, int] = {}
        self._part = ""
        self._words: list[str] | None = None
        self._ids: set[str] = set()
        self._open: Marked | Related | None = None
        self._depth = 0

    def start(self, full: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        name = local(full)
        self._depth += 1
        if self._depth == 1:
            self.attributes = attributes
            self.language = attributes.get("lang") or attributes.get(f"{XML}lang")
        elif name == "token":
            self._words = []
            self._token(attributes)
        elif name in ("Markables", "Relations"):
            self._part = name
        elif name == "token_anchor":
            if isinstance(self._open, Marked):
                self._open.tokens.append(attributes.get("t_id") or attributes.get("id", ""))
        elif name in ("source", "target"):
            if isinstance(self._open, Related):
                ends = self._open.sources if name == "source" else self._open.targets
                ends.append(attributes.get("m_id") or attributes.get("id", ""))
        elif self._part == "Markables":
            id_ = attributes.get("m_id") or attributes.get("id") or f"no. {len(self.marked) + 1}"
            # An id that is given twice is that of the first.
            id_ = f"{id_} again ({len(self.marked) + 1})" if id_ in self._ids else id_
            self._ids.add(id_)
            kept = {each: attributes[each] for each in _READ if attributes.get(each)}
            self._open = Marked(name, id_, kept)
            self.marked.append(self._open)
        elif self._part == "Relations":
            self._open = Related(name, attributes)
            self.relations.append(self._open)

    def _token(self, attributes: dict[str, str]) -> None:
        sentence = attributes.get("sentence", "")
        if sentence != self._sentence or not self._sentences:
            self._sentence = sentence
            self._sentences.append([])
        number = len(self._numbers)
        id_ = attributes.get("t_id") or attributes.get("id", "")
        # A number that is given twice is that of its first token; the other has none.
        if id_ in self._numbers:
            self.repeated += 1
            id_ = f"{id_} again ({number})"
        self._numbers[id_] = number

    def words(self, text: str) -> None:
        """Take text."""
        if self._words is not None:
            self._words.append(text)

    def end(self, full: str) -> None:
        """Take the end of an element."""
        self._depth -= 1
        if self._words is not None and local(full) == "token":
            # The same words come again and again.
            self._sentences[-1].append(intern("".join(self._words).strip()))
            self._words = None

    def text(self) -> Text:
        """Return the text of the tokens; to be called when the document is at its end."""
        return Text(JoinedText(self._sentences), self._numbers)


class Text:
    """The text, and where tokens and their sentences stand in it."""

    def __init__(self, joined: JoinedText, numbers: dict[str, int]) -> None:
        self.text = joined.text
        self._joined, self._numbers = joined, numbers
        self._sentences: dict[int, TokenSpan | None] = {}

    def span(self, tokens: list[str]) -> TokenSpan | None:
        """Return the span from the first to the last of the tokens; None if one is not there."""
        found = [self._numbers[each] for each in tokens if each in self._numbers]
        if not found or len(found) < len(tokens):
            return None
        first, last = min(found), max(found)
        return self._joined.span(first, last + 1) if last - first < _MOST_TOKENS else None

    def sentence(self, tokens: list[str]) -> TokenSpan | None:
        """Return the sentence in which the first of the tokens is."""
        if not tokens or tokens[0] not in self._numbers:
            return None
        number = bisect_right(self._joined.first_tokens, self._numbers[tokens[0]]) - 1
        if number not in self._sentences:
            # Cut once: thousands of relations may be stated in one long sentence.
            first, beyond = self._joined.first_tokens[number : number + 2]
            is_long = beyond - first > _MOST_TOKENS
            self._sentences[number] = None if is_long else self._joined.sentence(number)
        return self._sentences[number]
