"""Read TACRED, Re-TACRED and corpora of the same form: sentences with two marked names and a relation.

- The two names of a record (``subj_start``, ``obj_start``; also ``e1_start``, ``e2_start``) are
  mentions, under ``subj_type`` and ``obj_type``. Their relation has its sentence as evidence.
  ``no_relation`` is left out.
- ``stanford_ner`` tags further names of the sentence.
- Records of one ``docid`` are one article, of the sentences that they are about, each once. Records
  without it are one article if they have the same tokens. Rows of the articles file are joined by
  ``docid`` or ``id``.
- The text is the tokens, joined by blanks; brackets and quotation marks are as they stand in a text
  (``-LRB-``).

Offsets: tokens of the sentence, from 0, end inclusive.

Example::

    [{"id": "1", "docid": "nobel-2004", "relation": "per:city_of_birth",
      "token": ["Wangari", "Maathai", ",", "born", "in", "Nyeri", ",", "won", "."],
      "subj_start": 0, "subj_end": 1, "obj_start": 5, "obj_end": 5,
      "subj_type": "PERSON", "obj_type": "CITY",
      "stanford_ner": ["PERSON", "PERSON", "O", "O", "O", "CITY", "O", "O", "O"]}]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import field

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.columns.tags import OUTSIDE, spans, tag_of
from datasette_newsgraph.readers.grouping import decoded, grouped
from datasette_newsgraph.readers.penn_treebank import ESCAPED
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.tokens import JoinedText

__all__ = ["entries", "parse"]


class _Sentence(Shape):
    id: str | int | None = None
    docid: str | int | None = None
    relation: str | None = None
    token: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    subj_start: int | None = None
    subj_end: int | None = None
    subj_type: str | None = None
    obj_start: int | None = None
    obj_end: int | None = None
    obj_type: str | None = None
    e1_start: int | None = None
    e1_end: int | None = None
    e1_type: str | None = None
    e2_start: int | None = None
    e2_end: int | None = None
    e2_type: str | None = None
    stanford_ner: list[str | None] | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The tokens as they stand in a text."""
        return tuple(ESCAPED.get(each, each) for each in self.token or self.tokens)

    @property
    def ends(self) -> tuple[tuple[str, int | None, int | None, str | None], ...]:
        """Both names: what they are called here, first and last token, type."""
        if self.subj_start is None and self.e1_start is not None:
            return (
                ("e1", self.e1_start, self.e1_end, self.e1_type),
                ("e2", self.e2_start, self.e2_end, self.e2_type),
            )
        return (
            ("subj", self.subj_start, self.subj_end, self.subj_type),
            ("obj", self.obj_start, self.obj_end, self.obj_type),
        )


class _Key(Shape):
    docid: str | int | None = None
    token: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the records of each document together."""
    return grouped(source, resume, _document_of)


def _document_of(raw: bytes) -> str | None:
    key = decode(raw, _Key)
    return str(key.docid) if key.docid not in (None, "") else "\0".join(key.token or key.tokens)


def parse(raw: bytes) -> Parsed:
    """Make an article of the records of one document; raises RecordError where they have no tokens."""
    found, faults = decoded(raw, lambda line: decode(line, _Sentence), "record")
    reading = _Reading([each for _, each in found])
    reading.building.faults += faults
    for where, each in found:
        reading.take(where, each)
    for where, each in found:
        reading.further_names(where, each)
    one = found[0][1]
    parsed = reading.building.finish(
        "TACRED",
        local_ids=(one.docid, one.id if len(found) == 1 else None),
        passed_over=reading.passed_over,
    )
    parsed.is_joined = True
    return parsed


class _Reading:
    def __init__(self, given: list[_Sentence]) -> None:
        self._numbers: dict[tuple[str, ...], int] = {}
        for each in given:
            if each.words:
                self._numbers.setdefault(each.words, len(self._numbers))
        self._text = JoinedText(list(self._numbers))
        if not self._text.text:
            raise RecordError("no entities in it, and no tokens: not a sentence of TACRED")
        self.building = Building(self._text.text)
        self.passed_over: Counter[str] = Counter()
        #: The entities by sentence, first token, end and type; the tokens of each sentence in names.
        self._entities: dict[tuple[int, int, int, str | None], Entity | None] = {}
        self._taken: set[tuple[int, int]] = set()
        #: The ends of marked names by their sentence and first token.
        self._marked: dict[tuple[int, int], int] = {}
        self._tagged: set[int] = set()

    def take(self, where: str, given: _Sentence) -> None:
        """Take both names of a record, and their relation."""
        ends: list[Entity] = []
        number = self._numbers.get(given.words)
        if all(each[1:] == (None, None, None) for each in given.ends):
            # A sentence in which nobody is marked.
            return
        for name, first, last, label in given.ends:
            entity = None
            if number is None or first is None or last is None:
                self.building.fault(f"{where}{name}_start: {first} to {last} is no span", given.id)
            else:
                entity = self._name(f"{where}{name}_start", number, first, last + 1, label)
            if entity is not None:
                ends.append(entity)
        if len(ends) == 2 and number is not None:
            span = self._text.sentence(number)
            evidence = [Evidence(start=span.start, end=span.end, text=span.surface)] if span else []
            self.building.relation(ends[0], given.relation, ends[1], evidence=evidence)

    def _name(
        self, place: str, number: int, first: int, end: int, label: str | None
    ) -> Entity | None:
        key = (number, first, end, label)
        if key not in self._entities:
            span = self._text.span(first, end, number)
            if span is None:
                self.building.fault(f"{place}: {first} to {end - 1} is no span of its tokens", None)
                return None
            self._entities[key] = self.building.mention(place, None, label, *span)
            self._taken.update((number, each) for each in range(first, end))
            self._marked.setdefault((number, first), end)
        return self._entities[key]

    def further_names(self, where: str, given: _Sentence) -> None:
        """Take the tagged names of a sentence that are no ends of a relation, once."""
        number, tags = self._numbers.get(given.words), given.stanford_ner
        if number is None or not tags or number in self._tagged:
            return
        if len(tags) != len(given.words):
            reason = f"{len(tags)} tags of {len(given.words)} tokens"
            self.building.fault(f"{where}stanford_ner: {reason}", given.id)
            return
        self._tagged.add(number)
        found = (tag_of(tag or "O", "labels", ("O", "_")) or OUTSIDE for tag in tags)
        for first, end, label in spans(found):
            if not any((number, place) in self._taken for place in range(first, end)):
                self._name(f"{where}stanford_ner[{first}]", number, first, end, label)
            elif not self._is_marked(number, first, end):
                self.passed_over["names that overlap a marked one"] += 1

    def _is_marked(self, number: int, first: int, end: int) -> bool:
        """Tell whether tokens of one tag are a marked name, or several of them one behind the other."""
        while first < end:
            first = max(self._marked.get((number, first), end + 1), first + 1)
        return first == end
