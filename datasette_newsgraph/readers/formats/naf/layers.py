"""The layers of a NAF document, as they are told by ``xml_input.walk``."""

from __future__ import annotations

from collections import Counter

from datasette_newsgraph.readers.xml_input import XML, local

#: What annotations are held of: the elements that have spans, references or both.
_ITEMS = frozenset(
    [
        "entity",
        "coref",
        "predicate",
        "role",
        "timex3",
        "statement_target",
        "statement_source",
        "statement_cue",
    ]
)
#: Layers of which nothing is read, by the elements that are counted in them: their content is lost.
_COUNTED = {
    "factualities": "factVal",
    "factualitylayer": "factvalue",
    "opinions": "opinion",
    "temporalRelations": "tlink",
    "causalRelations": "clink",
    "topics": "topic",
    "features": "property",
    "markables": "mark",
}
#: Layers about words and sentences, which say nothing of names.
_PASSED_OVER = frozenset(("deps", "chunks", "constituency", "multiwords", "tunits"))
_IDS = ("id", "wid", "tid", "eid", "coid", "prid", "rid")


class Word:
    """A word form; ``start`` is where it says that it stands."""

    __slots__ = ("length", "sentence", "start", "words")

    def __init__(self, words: str, start: int | None, length: int, sentence: str) -> None:
        self.words, self.start, self.length, self.sentence = words, start, length, sentence


class Item:
    """An annotation: its spans, lists of the ids of terms or words, and what it refers to elsewhere."""

    __slots__ = ("attributes", "head", "kind", "number", "references", "roles", "spans")

    def __init__(self, kind: str, number: int, attributes: dict[str, str]) -> None:
        self.kind, self.number, self.attributes = kind, number, attributes
        self.spans: list[list[str]] = []
        self.head: str | None = None
        #: References with those within them, which say the same in other words.
        self.references: list[list[dict[str, str]]] = []
        self.roles: list[Item] = []

    @property
    def place(self) -> str:
        """What it is called in a fault."""
        return f"{self.kind}[{id_of(self.attributes) or self.number}]"


class Layers:
    """What is told of a document, layer by layer."""

    def __init__(self) -> None:
        self.language: str | None = None
        self.raw: str | None = None
        self.header: dict[str, dict[str, str]] = {}
        self.models: list[str] = []
        self.words_by_id: dict[str, Word] = {}
        #: The words of terms, by the ids of these.
        self.terms: dict[str, list[str]] = {}
        #: All items of a kind.
        self.items: dict[str, list[Item]] = {}
        self.statements: list[dict[str, Item]] = []
        self.passed_over: Counter[str] = Counter()
        self._skipped = 0
        self._counted: str | None = None
        self._text: list[str] | None = None
        self._word: dict[str, str] = {}
        self._term: list[str] | None = None
        self._open: list[Item] = []
        self._layer = ""
        self._references = 0

    def start(self, full: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if self._skipped:
            self._skipped += 1
            if local(full) == self._counted:
                self.passed_over[f"{self._counted} elements"] += 1
            return
        name = local(full)
        take = _STARTS.get(name)
        if name in _ITEMS:
            self._begin_item(name, attributes)
        elif take is not None:
            take(self, attributes)
        elif name in _PASSED_OVER or name in _COUNTED:
            self._skipped, self._counted = 1, _COUNTED.get(name)
        elif name in ("fileDesc", "public"):
            self.header[name] = attributes

    def words(self, text: str) -> None:
        """Take text."""
        if self._text is not None and not self._skipped:
            self._text.append(text)

    def end(self, full: str) -> None:
        """Take the end of an element."""
        if self._skipped:
            self._skipped -= 1
            return
        name = local(full)
        if name == "raw":
            self.raw = "".join(self._text or ())
            self._text = None
        elif name == "wf":
            self._end_word()
        elif name == "term":
            self._term = None
        elif name == "externalRef":
            self._references -= 1
        elif name in _ITEMS:
            self._open.pop()

    def _root(self, attributes: dict[str, str]) -> None:
        self.language = attributes.get(f"{XML}lang") or attributes.get("lang")

    def _begin_text(self, attributes: dict[str, str]) -> None:
        self._text, self._word = [], attributes

    def _end_word(self) -> None:
        given, words = self._word, "".join(self._text or ()).strip()
        self._text = None
        id_, start, length = (
            id_of(given),
            _number(given.get("offset")),
            _number(given.get("length")),
        )
        if id_ and words:
            length = len(words) if length is None else length
            self.words_by_id[id_] = Word(words, start, length, given.get("sent", ""))

    def _begin_term(self, attributes: dict[str, str]) -> None:
        self._term = self.terms.setdefault(id_of(attributes) or "", [])

    def _begin_item(self, name: str, attributes: dict[str, str]) -> None:
        of_kind = self.items.setdefault(name, [])
        item = Item(name, len(of_kind), attributes)
        of_kind.append(item)
        if name == "role" and self._open:
            self._open[-1].roles.append(item)
        elif name.startswith("statement") and self.statements:
            self.statements[-1][name] = item
        self._open.append(item)

    def _begin_statement(self, attributes: dict[str, str]) -> None:
        self.statements.append({})

    def _begin_span(self, attributes: dict[str, str]) -> None:
        if self._open:
            self._open[-1].spans.append([])

    def _target(self, attributes: dict[str, str]) -> None:
        id_ = attributes.get("id", "")
        if self._open and self._open[-1].spans:
            item = self._open[-1]
            item.spans[-1].append(id_)
            if attributes.get("head") == "yes":
                item.head = id_
        elif self._term is not None:
            self._term.append(id_)

    def _reference(self, attributes: dict[str, str]) -> None:
        self._references += 1
        if not self._open:
            return
        if self._references == 1 or not self._open[-1].references:
            self._open[-1].references.append([])
        self._open[-1].references[-1].append(attributes)

    def _begin_layer(self, attributes: dict[str, str]) -> None:
        self._layer = attributes.get("layer", "")

    def _model(self, attributes: dict[str, str]) -> None:
        if self._layer == "entities" and attributes.get("name"):
            self.models.append(attributes["name"])


_STARTS = {
    "NAF": Layers._root,
    "KAF": Layers._root,
    "raw": Layers._begin_text,
    "wf": Layers._begin_text,
    "term": Layers._begin_term,
    "span": Layers._begin_span,
    "target": Layers._target,
    "externalRef": Layers._reference,
    "statement": Layers._begin_statement,
    "linguisticProcessors": Layers._begin_layer,
    "lp": Layers._model,
}


def id_of(attributes: dict[str, str]) -> str | None:
    """Return the id of an element, as any version calls it."""
    return next((attributes[each] for each in _IDS if attributes.get(each)), None)


def _number(given: str | None) -> int | None:
    return (
        int(given) if given and given.isascii() and given.isdecimal() and len(given) < 16 else None
    )
