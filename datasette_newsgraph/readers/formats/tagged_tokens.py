"""Read tokens with a tag each in JSON: datasets of Hugging Face, TablERT, and answers for their rows.

- Each record is one sentence, with ``tokens`` (or ``words``) and as many ``ner_tags`` (or ``tags``,
  ``ner``, ``labels``), which are names of tags: IOB1, IOB2, IOBES, BILOU, or only labels.
- Datasets often have numbers for tags. They are read where the file says what they mean, as the rows do
  that the datasets server answers (``features``, ``rows``). Other files with numbers are refused.
- ``relations`` of TablERT refer to the names by their place in the text. Their evidence is the
  sentence.
- The text is ``text`` or ``sentence``, if that has the words of the tokens, or else the tokens, joined
  by blanks (Chinese, Japanese, Thai without). Rows of the articles file are joined by ``id`` or
  ``orig_id``. A record whose lists are of different lengths is rejected.

Offsets: none; they are counted from the tokens, in code points, end exclusive.

Example::

    {"id": "0", "tokens": ["Wangari", "Maathai", "planted", "trees", "in", "Nairobi", "."],
     "ner_tags": ["B-PER", "I-PER", "O", "O", "O", "B-LOC", "O"],
     "relations": [{"head": 0, "tail": 1, "type": "Live_In"}]}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import field

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.columns.tag_lists import add_names, check_lengths, joined
from datasette_newsgraph.readers.cutting import records, whole
from datasette_newsgraph.readers.original_text import set_original
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.tag_list_signs import TAGS, TOKENS

__all__ = ["entries", "parse"]

_ANSWER = 1 << 12


class _Relation(Shape):
    type: str | None = None
    head: int | None = None
    tail: int | None = None


class _Sentence(Shape):
    id: int | str | None = None
    orig_id: int | str | None = None
    text: str | None = None
    sentence: str | None = None
    relations: list[_Relation] | None = None
    tokens: list[str] | None = None
    words: list[str] | None = None
    ner_tags: list[Any] | None = None
    tags: list[Any] | None = None
    ner: list[Any] | None = None
    labels: list[Any] | None = None
    ner_labels: list[Any] | None = None
    bio_tags: list[Any] | None = None


class _Feature(Shape):
    name: str | None = None
    type: Any = None


class _Row(Shape):
    row: dict[str, Any] = field(default_factory=dict)


class _Answer(Shape):
    """What the datasets server answers about rows: ``features`` say what their numbers mean."""

    features: list[_Feature] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the sentences; of an answer of the datasets server its rows, with names for numbers."""
    head = source.sample(_ANSWER)[0].lstrip()
    if not (head.startswith(b"{") and b'"features"' in head):
        yield from records(source, resume)
        return
    for entry in whole(source):
        try:
            answer = decode(entry.raw, _Answer)
        except RecordError as error:
            yield Entry(entry.line, entry.raw[:_ANSWER], fault=str(error))
            continue
        names = {each.name: _names_in(each.type) for each in answer.features}
        for number, each in enumerate(answer.rows, 1):
            yield Entry(number, msgspec.json.encode(_named(each.row, names)))


def _names_in(type_: Any) -> list[Any]:
    """Return the names of the numbers of a feature, nothing if it has none."""
    for _ in range(2):
        if isinstance(type_, list) and type_:
            type_ = type_[0]
        if isinstance(type_, dict):
            if isinstance(names := type_.get("names"), list):
                return names
            type_ = type_.get("feature")
    return []


def _named(row: dict[str, Any], names: dict[str | None, list[Any]]) -> dict[str, Any]:
    found = dict(row)
    for name, values in row.items():
        known = names.get(name)
        if known and isinstance(values, list):
            found[name] = [
                known[each] if isinstance(each, int) and 0 <= each < len(known) else each
                for each in values
            ]
    return found


def parse(raw: bytes) -> Parsed:
    """Make one sentence an article. Raises RecordError unless it has tokens, and a tag for each."""
    sentence = decode(raw, _Sentence)
    tokens: list[str] = next(filter(None, (getattr(sentence, name) for name in TOKENS)), [])
    text = joined(tokens)
    building = Building(text.text)
    called = next((name for name in TAGS if getattr(sentence, name)), "ner_tags")
    tags: list[Any] = getattr(sentence, called) or []
    check_lengths(tokens, tags, called)
    if all(isinstance(each, int) for each in tags):
        raise RecordError(
            f"{called} are numbers, and nothing says what they mean; write their names"
        )
    words = [each if isinstance(each, str) or each is None else str(each) for each in tags]
    entities = add_names(building, text, words, called)
    for number, relation in enumerate(sentence.relations or ()):
        _relation(building, entities, number, relation)
    parsed = building.finish("tags of tokens", local_ids=(sentence.orig_id, sentence.id))
    parsed.is_joined = True
    if given := sentence.text or sentence.sentence:
        if "".join(given.split()) == "".join("".join(tokens).split()):
            set_original(parsed, given)
        else:
            parsed.notes.passed_over["texts of other words than the tokens"] += 1
    return parsed


def _relation(
    building: Building, entities: list[Entity | None], number: int, given: _Relation
) -> None:
    ends: list[Entity] = []
    for key, place in (("head", given.head), ("tail", given.tail)):
        entity = entities[place] if place is not None and 0 <= place < len(entities) else None
        if entity is None:
            building.fault(f"relations[{number}]: {key} {place} is no name of the record", given)
            return
        ends.append(entity)
    text = building.text or ""
    building.relation(
        ends[0], given.type, ends[1], evidence=[Evidence(start=0, end=len(text), text=text)]
    )
