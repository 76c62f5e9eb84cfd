"""Read Stanza's ``Document.to_dict``: sentences of tokens, with or without the lists of entities.

These forms are read:

- the list of sentences, each a list of tokens, that ``to_dict`` returns;
- the object of ``to_serialized`` (``text``, ``sentences``);
- objects with ``entities`` or ``ents``, of the document or of each of its ``sentences``;
- a list of entities alone (``to_dict`` of each), which is one document.

If there are no lists of entities, the entities are put together from the ``ner`` of the tokens
(``B-``, ``I-``, ``E-``, ``S-``). Entities of one coreference chain that have different names are
related as "possibly same as".

Offsets: Unicode code points, end exclusive (``start_char``, ``end_char``; in ``misc`` before Stanza
1.4). If there is no text, it is made of the tokens, each at its place, with blanks between them; so
the offsets are also right in the original text. If there are no places, the tokens are joined by
blanks, except after ``SpaceAfter=No``.

Example::

    [[{"id": 1, "text": "Ruth", "ner": "B-PERSON", "start_char": 0, "end_char": 4},
      {"id": 2, "text": "Bader", "ner": "I-PERSON", "start_char": 5, "end_char": 10},
      {"id": 3, "text": "Ginsburg", "ner": "E-PERSON", "start_char": 11, "end_char": 19},
      {"id": 4, "text": "studied", "ner": "O", "start_char": 20, "end_char": 27},
      {"id": 5, "text": "at", "ner": "O", "start_char": 28, "end_char": 30},
      {"id": 6, "text": "Cornell", "ner": "S-ORG", "start_char": 31, "end_char": 38},
      {"id": 7, "text": ".", "ner": "O", "start_char": 38, "end_char": 39}]]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from datasette_newsgraph.anchoring.units import CODE_POINTS
from datasette_newsgraph.article import Entity
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.bare_lists import Wrapped, documents, require_content
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.placed_text import Piece, blanks_allowed, place
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.tokens import JoinedText

__all__ = ["entries", "parse"]


class _Chain(Shape):
    index: int | None = None
    is_start: bool = False
    is_end: bool = False


class _Token(Shape):
    """A token; an entity has the same fields, and ``type``."""

    id: int | str | list[int] | None = None
    text: str | None = None
    start_char: int | None = None
    end_char: int | None = None
    ner: str | None = None
    misc: str | None = None
    type: str | None = None
    coref_chains: list[_Chain] | None = None


class _Sentence(Shape):
    tokens: list[_Token] | None = None
    entities: list[_Token] | None = None
    ents: list[_Token] | None = None


class _Document(Wrapped):
    sentences: list[_Sentence | list[_Token]] | None = None
    entities: list[_Token] | None = None
    ents: list[_Token] | None = None


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the documents: lists of sentences, lists of entities, or objects with these."""
    return documents(source, resume, frozenset({"sentences", "entities", "ents"}), depth=2)


def parse(raw: bytes) -> Parsed:
    """Make one document an article."""
    given = decode(raw, _Document | list[_Token | list[_Token]])  # type: ignore[arg-type]
    document = _of_list(given) if isinstance(given, list) else given
    sentences = [
        each if isinstance(each, list) else each.tokens or [] for each in document.sentences or ()
    ]
    words = [_words(each) for each in sentences]
    text, is_joined = document.text, False
    if text is None and any(words):
        text = _placed(words, len(raw))
        if text is None:
            text, is_joined = _join(words), True
    building = Building(text)
    _tell_untagged(building, document, words)
    at: dict[tuple[int | None, int | None], Entity] = {}
    for name, span in _entities(document, words):
        entity = building.mention(name, span, span.type, span.start_char, span.end_char, span.text)
        if entity is not None:
            at[span.start_char, span.end_char] = entity
    _relate_chains(building, sentences, at)
    require_content(building)
    parsed = building.finish("Stanza", **document.about)
    parsed.is_joined = is_joined
    return parsed


def _tell_untagged(building: Building, document: _Document, words: list[list[_Token]]) -> None:
    """Note the tokens without a tag in a sentence whose others have one: a name may be cut there."""
    if document.entities or document.ents:
        return
    for number, sentence in enumerate(words):
        untagged = [each for each in sentence if each.ner is None]
        if len(untagged) < len(sentence):
            for each in untagged:
                building.fault(f"sentences[{number}]: the token {each.text!r} has no ner", each)


def _of_list(given: list[_Token | list[_Token]]) -> _Document:
    return _Document(
        sentences=[each for each in given if isinstance(each, list)],
        ents=[each for each in given if not isinstance(each, list)],
    )


def _words(tokens: list[_Token]) -> list[_Token]:
    """Return the tokens as written: the words that one token is split into ("du": "de", "le") are
    left out, and places in ``misc`` are taken from there.
    """
    found: list[_Token] = []
    split = range(0)
    for token in tokens:
        # 3, or [3] of old; [3, 4] is a token of two words; [8, 1] a word that is not in the text.
        numbers = _numbers(token.id) or [split.stop]
        first, last = (*numbers, *numbers)[:2]
        if first in split or last < first:
            continue
        if last > first:
            split = range(first, last + 1)
        if token.start_char is None and token.misc and "start_char=" in token.misc:
            places = dict(each.split("=", 1) for each in token.misc.split("|") if "=" in each)
            token.start_char = _number(places.get("start_char"))
            token.end_char = _number(places.get("end_char"))
        if token.text:
            found.append(token)
    return found


def _numbers(given: int | str | list[int] | None) -> list[int]:
    if isinstance(given, str):
        return [number for each in given.split("-") if (number := _number(each)) is not None]
    return [given] if isinstance(given, int) else given or []


def _number(digits: str | None) -> int | None:
    return int(digits) if digits and len(digits) < 16 and digits.isdecimal() else None


def _placed(sentences: list[list[_Token]], record_size: int) -> str | None:
    """Return the text with each token at its place; None if a place is missing."""
    tokens = [each for sentence in sentences for each in sentence]
    if any(each.start_char is None or each.start_char < 0 for each in tokens):
        return None
    pieces = (Piece(each.start_char or 0, each.text or "") for each in tokens)
    return place(pieces, CODE_POINTS, blanks_allowed(record_size)).text


def _join(sentences: list[list[_Token]]) -> str:
    """Join the tokens, and give each its place there."""
    joined = JoinedText(
        [[each.text or "" for each in sentence] for sentence in sentences],
        [["SpaceAfter=No" not in (each.misc or "") for each in one] for one in sentences],
    )
    tokens = (each for sentence in sentences for each in sentence)
    for token, (start, end) in zip(tokens, joined.tokens, strict=True):
        token.start_char, token.end_char = start, end
    return joined.text


def _entities(document: _Document, words: list[list[_Token]]) -> Iterator[tuple[str, _Token]]:
    """Yield the entities of the document, or else of each sentence, or else of the tokens' tags."""
    own = [*(document.entities or ()), *(document.ents or ())]
    if own:
        yield from ((f"entities[{number}]", each) for number, each in enumerate(own))
        return
    for number, sentence in enumerate(document.sentences or ()):
        place = f"sentences[{number}]"
        listed = [] if isinstance(sentence, list) else sentence.entities or sentence.ents or []
        if listed:
            yield from ((f"{place}.entities[{n}]", each) for n, each in enumerate(listed))
        else:
            for span in _tagged(words[number]):
                yield f"{place}: {span.text}", span


def _tagged(tokens: list[_Token]) -> Iterator[_Token]:
    """Put entities together from tags: B and S begin one, E and S end it."""
    label, parts = None, list[_Token]()
    for token in tokens:
        tag, _, kind = (token.ner or "O").partition("-")
        if tag not in tuple("BIES") or not kind:
            # Some models have bare labels.
            tag, kind = ("O", "") if token.ner in (None, "", "O", "_") else ("I", token.ner or "")
        if parts and (tag in ("O", "B", "S") or kind != label):
            yield _span(label, parts)
            parts = []
        if tag != "O":
            label = kind
            parts.append(token)
            if tag in ("E", "S"):
                yield _span(label, parts)
                parts = []
    if parts:
        yield _span(label, parts)


def _span(label: str | None, tokens: list[_Token]) -> _Token:
    words: list[str] = []
    beyond = None
    for token in tokens:
        if words and (beyond is None or beyond != token.start_char):
            words.append(" ")
        words.append(token.text or "")
        beyond = token.end_char
    first, last = tokens[0], tokens[-1]
    return _Token(
        text="".join(words), start_char=first.start_char, end_char=last.end_char, type=label
    )


def _relate_chains(
    building: Building,
    sentences: list[list[_Token]],
    at: dict[tuple[int | None, int | None], Entity],
) -> None:
    chains: dict[int | None, list[Entity]] = defaultdict(list)
    for sentence in sentences:
        begun: dict[int | None, list[int | None]] = defaultdict(list)
        for token in sentence:
            for chain in token.coref_chains or ():
                if chain.is_start:
                    begun[chain.index].append(token.start_char)
                if chain.is_end and begun[chain.index]:
                    entity = at.get((begun[chain.index].pop(), token.end_char))
                    if entity is not None:
                        chains[chain.index].append(entity)
    for entities in chains.values():
        building.relate_chain(entities)
