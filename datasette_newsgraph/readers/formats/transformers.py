"""Read what ``pipeline("ner")`` of Hugging Face Transformers returns: a list of groups or of tokens.

The pipeline does not give the text back. Wrap the list as ``{"text": …, "entities": […]}``, one
document a line, or give the texts with ``--articles``.

- A list is one document. A list of lists and lines are several.
- With an ``aggregation_strategy``, each group is a mention, and its ``entity_group`` is the label.
- Without one, each token has an ``entity`` such as ``B-PER``. Tokens that follow each other (by
  ``index``, or else by their offsets) are put together. The confidence of the mention is the mean
  of their scores.
- An empty list is left out, if there is no text.

Offsets: Unicode code points, end exclusive. The tokeniser puts ``word`` together, often in other
spacing or case than the text has, and in pieces (``##ent``). So ``word`` counts as the words of the
mention only if the text has others there, or there is no text. If there are no offsets, it is
looked for in the text.

Example::

    {"text": "Mary Robinson spoke at the United Nations in Geneva.", "entities": [
      {"entity_group": "PER", "score": 0.998, "word": "Mary Robinson", "start": 0, "end": 13},
      {"entity_group": "ORG", "score": 0.996, "word": "United Nations", "start": 27, "end": 41},
      {"entity_group": "LOC", "score": 0.999, "word": "Geneva", "start": 45, "end": 51}]}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.bare_lists import Wrapped, documents
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.gliner import require_spans
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_TAG = re.compile(r"([BIESLU])-(.+)", re.DOTALL)
#: What begins a word in the tokens of some models.
_WORD_BEGINS = re.compile("[\u2581\u0120]")


class _Token(Shape):
    """A group, or a token."""

    entity_group: str | None = None
    entity: str | None = None
    score: float | None = None
    index: int | None = None
    word: str | None = None
    start: int | None = None
    end: int | None = None

    @property
    def is_piece(self) -> bool:
        """Whether the token goes on with the word of the token before it."""
        return (self.word or "").startswith("##")


class _Document(Wrapped):
    entities: list[_Token] | None = None


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the documents: lists of groups or tokens, or objects with such a list."""
    return documents(source, resume, frozenset({"entities"}))


def parse(raw: bytes) -> Parsed:
    """Make one list of groups or tokens an article."""
    given = decode(raw, _Document | list[_Token])  # type: ignore[arg-type]
    document = _Document(entities=given) if isinstance(given, list) else given
    building = Building(document.text)
    for number, label, tokens in _grouped(document.entities or ()):
        _add(building, f"entities[{number}]", label, tokens)
    require_spans(building, document.entities)
    return building.finish("Hugging Face Transformers", **document.about)


def _grouped(tokens: Iterable[_Token]) -> Iterator[tuple[int, str | None, list[_Token]]]:
    """Yield the number of the first token, the label and the tokens of each mention."""
    group: list[_Token] = []
    first, label, is_closed = 0, None, True
    for number, token in enumerate(tokens):
        part, own = _part_and_label(token)
        if own == "O":
            continue
        goes_on = bool(group) and _is_next(group[-1], token)
        if goes_on and (token.is_piece or (part in "IEL" and own == label and not is_closed)):
            group.append(token)
        else:
            if group:
                yield first, label, group
            first, label, group = number, own, [token]
        is_closed = part in "ELSU"
    if group:
        yield first, label, group


def _part_and_label(token: _Token) -> tuple[str, str | None]:
    if token.entity_group is not None or token.entity is None:
        return "S", token.entity_group
    found = _TAG.fullmatch(token.entity)
    return (found[1], found[2]) if found else ("I", token.entity)


def _is_next(before: _Token, token: _Token) -> bool:
    if token.entity_group is not None:
        return False
    if before.index is not None and token.index is not None:
        return token.index == before.index + 1
    if before.end is not None and token.start is not None:
        return 0 <= token.start - before.end <= 1
    return token.is_piece


def _add(building: Building, place: str, label: str | None, tokens: list[_Token]) -> None:
    start, end = tokens[0].start, tokens[-1].end
    surface: str | None = _words(tokens)
    reads = building.words(start, end)
    if reads is not None and reads != surface and _folded(reads) == _folded(surface or ""):
        # The tokeniser's spacing and case are not the text's.
        surface = None
    scores = [token.score for token in tokens if token.score is not None]
    building.mention(
        place,
        tokens,
        label,
        start,
        end,
        surface,
        confidence=sum(scores) / len(scores) if scores else None,
    )


def _words(tokens: list[_Token]) -> str:
    """Return what tokens read, without the marks of their pieces."""
    parts: list[str] = []
    before: _Token | None = None
    marks_words = _WORD_BEGINS.match(tokens[0].word or "") is not None
    for token in tokens:
        word = token.word or ""
        is_apart = not token.is_piece and before is not None
        if before is not None and before.end is not None and token.start is not None:
            is_apart = token.start > before.end
        elif marks_words:
            is_apart = _WORD_BEGINS.match(word) is not None
        plain = _WORD_BEGINS.sub(" ", word).replace(" ##", "").removeprefix("##").strip()
        parts += [" ", plain] if is_apart else [plain]
        before = token
    return "".join(parts).strip()


def _folded(words: str) -> str:
    return "".join(words.split()).casefold()
