"""Read what spaCy is trained with: the JSON of spaCy 2, and dictionaries of spaCy 3's examples.

- In the JSON of spaCy 2 each of ``paragraphs`` is an article, as each is a ``Doc`` to spaCy. The
  names are those of the tags of ``ner`` (BILUO or BIO), or else those of the paragraph's
  ``entities``.
- In a dictionary of an example, which ``Example.to_dict`` returns, the names are the tags of
  ``doc_annotation.entities``, or offsets. Labelled spans of ``spans`` are mentions, too.
- A ``kb_id`` and a link of 0.5 or more identify the entity if they are an IRI or a Wikidata id.
- Training pairs, ``["Ardern met …", {"entities": …}]``, are read as ``spacy``.

Offsets: tokens. ``entities`` and ``spans`` count code points, end exclusive. The text is ``raw`` or
``text``, or else the tokens with the blanks that are told; without these they are joined by blanks.

Example::

    [{"id": 0, "paragraphs": [{"raw": "Sanna Marin (Finland) spoke.", "sentences": [{"tokens": [
       {"id": 0, "orth": "Sanna", "ner": "B-PERSON"}, {"id": 1, "orth": "Marin", "ner": "L-PERSON"},
       {"id": 2, "orth": "(", "ner": "O"}, {"id": 3, "orth": "Finland", "ner": "U-GPE"},
       {"id": 4, "orth": ")", "ner": "O"}, {"id": 5, "orth": "spoke", "ner": "O"},
       {"id": 6, "orth": ".", "ner": "O"}], "brackets": []}]}]}]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import field

from datasette_newsgraph.authorities import stated_iri
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.columns.tags import OUTSIDE, OUTSIDE_MARKS, Tag, spans, tag_of
from datasette_newsgraph.readers.cutting import elements_under, records
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.tokens import JoinedText, find_tokens

__all__ = ["entries", "parse"]

#: Within a string the quotation marks would have a backslash before them.
_PARAGRAPHS = re.compile(rb'"paragraphs"\s*:\s*\[')
_LOOKED_AT = 1 << 16
_MARKS = tuple(OUTSIDE_MARKS)
_PAIR = re.compile(r"\D*(\d{1,9})\D+(\d{1,9})\D*")
_THRESHOLD = 0.5


class _Token(Shape):
    orth: str = ""
    ner: str | None = None
    space: str | None = None


class _Sentence(Shape):
    tokens: list[_Token] = field(default_factory=list)


class _OfTokens(Shape):
    orth: list[str] | None = field(name="ORTH", default=None)
    words: list[str] | None = None
    spacy: list[bool] | None = field(name="SPACY", default=None)
    spaces: list[bool | str | None] | None = None


class _OfDoc(Shape):
    entities: list[Any] | None = None
    spans: dict[str, list[Any]] | None = None
    links: Any = None


class _Given(Shape):
    """A paragraph of spaCy 2, or an example."""

    raw: str | None = None
    text: str | None = None
    sentences: list[_Sentence] | None = None
    entities: list[Any] | None = None
    links: Any = None
    token_annotation: _OfTokens | None = None
    doc_annotation: _OfDoc | None = None


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the paragraphs of the documents of spaCy 2, or the examples."""
    if _PARAGRAPHS.search(source.sample(_LOOKED_AT)[0]):
        return elements_under(source, "paragraphs")
    return records(source, resume)


def parse(raw: bytes) -> Parsed:
    """Make one paragraph, or one example, an article. Raises RecordError if it has no tokens."""
    given = decode(raw, _Given)
    if given.token_annotation is not None:
        return _of_example(given, given.token_annotation, given.doc_annotation or _OfDoc())
    tokens = [each for sentence in given.sentences or () for each in sentence.tokens]
    blanks = [bool(each.space) for each in tokens]
    has_blanks = any(each.space is not None for each in tokens)
    reading = _Reading(given.raw, [each.orth for each in tokens], blanks if has_blanks else None)
    reading.link(given.links)
    if any(each.ner for each in tokens):
        reading.add_tags("ner", [each.ner for each in tokens])
    else:
        reading.add_spans("entities", given.entities or ())
    return reading.finish()


def _of_example(given: _Given, tokens: _OfTokens, doc: _OfDoc) -> Parsed:
    blanks = tokens.spaces if tokens.spacy is None else tokens.spacy
    if blanks is not None and None in blanks:
        blanks = None
    words = tokens.words if tokens.orth is None else tokens.orth
    reading = _Reading(given.text, words or [], None if blanks is None else list(map(bool, blanks)))
    reading.link(doc.links)
    for listed in (doc.spans or {}).values():
        reading.link_spans(listed)
    entities = doc.entities or []
    if all(each is None or isinstance(each, str) for each in entities):
        reading.add_tags("doc_annotation.entities", entities)
    else:
        reading.add_spans("doc_annotation.entities", entities)
    for name, listed in (doc.spans or {}).items():
        reading.add_spans(f"doc_annotation.spans.{name}", listed)
    return reading.finish()


class _Reading:
    """One Doc as it is read."""

    def __init__(self, text: str | None, tokens: list[str], blanks: list[bool] | None) -> None:
        if blanks is not None and len(blanks) != len(tokens):
            blanks = None
        joined = JoinedText([tokens], None if blanks is None else [blanks])
        self._words = tokens
        self._places: Sequence[tuple[int, int]] | None = joined.tokens
        self._is_joined = not text and blanks is None
        if text:
            self._places = find_tokens(text, tokens)
        self._building = Building(text or joined.text)
        self._linked: dict[tuple[int, int], str] = {}
        self._seen: set[tuple[int | None, int | None, str]] = set()

    def link(self, given: Any) -> None:
        """Note what spans are linked to: ``{"(0, 13)": {"Q567": 1.0}}``, or a list of such."""
        for links in given if isinstance(given, list) else (given,):
            for place, scores in links.items() if isinstance(links, dict) else ():
                pair = _PAIR.fullmatch(place)
                for kb_id, score in scores.items() if pair and isinstance(scores, dict) else ():
                    if pair and isinstance(score, (int, float)) and score >= _THRESHOLD:
                        self._linked.setdefault((int(pair[1]), int(pair[2])), kb_id)

    def link_spans(self, given: Iterable[Any]) -> None:
        """Note the ids behind spans, as the tags of the same place have none."""
        for each in given:
            match each:
                case [int(start), int(end), str(), str(kb_id), *_] if kb_id:
                    self._linked.setdefault((start, end), kb_id)

    def add_tags(self, place: str, cells: list[str | None]) -> None:
        """Add the names that the tags of the tokens make."""
        if cells and len(cells) != len(self._words):
            reason = f"{place}: {len(cells)} tags for {len(self._words)} tokens"
            self._building.fault(reason, cells[:20])
            return
        for first, end, label in spans(list(self._tags(place, cells))):
            start = beyond = None
            if self._places is not None:
                start, beyond = self._places[first][0], self._places[end - 1][1]
            words = self._building.words(start, beyond) or " ".join(self._words[first:end])
            self._add(f"{place}[{first}]", cells[first], start, beyond, label, words)

    def _tags(self, place: str, cells: list[str | None]) -> Iterator[Tag]:
        for number, cell in enumerate(cells):
            tag = tag_of(cell or "", "prefixed", _MARKS)
            if tag is None:
                self._building.fault(f"{place}[{number}]: is no tag", cell)
            yield tag or OUTSIDE

    def add_spans(self, place: str, given: Iterable[Any]) -> None:
        """Add what is listed as ``[start, end, label]``, a ``kb_id`` maybe behind it."""
        for number, each in enumerate(given):
            where = f"{place}[{number}]"
            match each:
                case [int(start), int(end), str(label), *_] if label:
                    self._add(where, each, start, end, label)
                case [int(), int(), "", *_]:
                    pass  # A span without a label says nothing.
                case _:
                    self._building.fault(f"{where}: expected [start, end, label]", each)

    def _add(
        self,
        place: str,
        part: Any,
        start: int | None,
        end: int | None,
        label: str,
        surface: str | None = None,
    ) -> None:
        kb_id = ""
        if start is not None and end is not None:
            kb_id = self._linked.get((start, end), "")
            if (start, end, label) in self._seen:
                return
            self._seen.add((start, end, label))
        same_as = filter(None, [stated_iri(kb_id)])
        self._building.mention(place, part, label, start, end, surface, same_as=same_as)

    def finish(self) -> Parsed:
        """Return the article; raises RecordError where there is neither text nor name."""
        if not (self._building.text or "").strip():
            raise RecordError("no entities in it, and no tokens: not training data of spaCy")
        parsed = self._building.finish("spaCy training data")
        parsed.is_joined = self._is_joined
        return parsed
