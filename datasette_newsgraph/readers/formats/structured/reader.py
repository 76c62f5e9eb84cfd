"""Read what a language model was asked for: entities and relations by name, as JSON.

- There is a list of things with their names (``entities``, ``named_entities`` …), lists by type
  (``{"PERSON": ["…"]}``, or ``persons`` and ``locations`` beside the text), or objects by name; and
  maybe a list of links whose ends name things (``relationships``, ``relations`` …), and one of quotes.
- Every prompt has other keys. The table below says which are taken for what. All else is counted as
  an unknown field. A map (``--map``) can say what keys mean: ``[keys]`` with ``who = "name"``, and
  ``remark = "drop"`` for one that is passed over. ``newsgraph inspect`` tells what was taken for what.
- If two keys of one list may be the name, the record is rejected, with both of them.
- The ends of links are names, aliases or ids of things, numbers or dates. A link with an end that is
  none of these is rejected, unless the record has no list of things at all.
- What is around the JSON is opened: chat completions and calls of tools (OpenAI, Anthropic, Google,
  Mistral, Ollama, Bedrock), their batches, the logs of ``llm``, what LangChain and Haystack keep,
  JSON in a string, in fences, or between words. What a model has thought (``<think>``) is passed
  over, and so are comments and commas too many. Of several answers to one question the first is
  taken. Of JSON that is broken off, all whole members of its lists are taken; the rest is rejected.
- An object with a list of articles (``articles``, ``results`` …) is as many articles; so is an answer
  that is an array of them, or has each in a fence of its own with its id or title. Passages of one
  article (``sentences``, ``paragraphs`` …) are one: its text is beside them, or that of them all.
- The text stands beside the lists, comes from the articles file, or is missing. All occurrences of
  a name and its aliases become mentions; a name that is nowhere stays without a place.
- A quoted sentence (``evidence``, ``quote`` …) is the evidence of its link, found or not. Without
  one a link has no evidence but its article.
- A confidence is a number from 0 to 1, or a percentage.

Offsets: none, or those that the model gives: code points, end exclusive. They are often wrong, and
put right as those of all tools.

Example::

    {"text": "Jacinda Ardern resigned as prime minister of New Zealand in January 2023.",
     "entities": [{"name": "Jacinda Ardern", "type": "Person"},
                  {"name": "New Zealand", "type": "Country", "description": "a state"}],
     "relationships": [{"source": "Jacinda Ardern", "target": "New Zealand",
                        "relation": "prime minister of", "confidence": 0.9,
                        "evidence": "Jacinda Ardern resigned as prime minister of New Zealand"}]}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from datasette_newsgraph.errors import DamagedInput, RecordError
from datasette_newsgraph.readers import Parsed, shapes
from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.bare_lists import documents
from datasette_newsgraph.readers.cutting import whole
from datasette_newsgraph.readers.formats.structured.links import Links
from datasette_newsgraph.readers.formats.structured.quotes import take_quotes
from datasette_newsgraph.readers.formats.structured.things import Things
from datasette_newsgraph.readers.limits import KEPT
from datasette_newsgraph.readers.named_keys import folded
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.structured.answers import (
    DOCUMENTS,
    PASSAGES,
    WRAPPERS,
    Found,
    articles_in,
    found_in,
)
from datasette_newsgraph.readers.structured.around import about, text_of, unknown_fields
from datasette_newsgraph.readers.structured.keys import NO_KEYS, GivenKeys
from datasette_newsgraph.readers.structured.lists import LINK_LISTS, THING_LISTS, TYPE_LISTS
from datasette_newsgraph.readers.structured.loose_json import is_loose, values_in

__all__ = ["entries", "parse"]

_PEEK = 1 << 18
#: What an object has whose answers may be about several articles: a list of them, or JSON in a string.
_LISTS = re.compile(rb'(?i)"(?:%s)"\s*:|\\"' % "|".join(DOCUMENTS).encode())
_EXAMPLE = 80


def _spelled(names: tuple[str, ...]) -> Iterator[str]:
    """Yield names as they are written in JSON: ``named_entities``, ``namedEntities`` …"""
    for name in names:
        first, *rest = name.split("_")
        yield from (name, first + "".join(map(str.capitalize, rest)), name.replace("_", " "))


#: What an object has that is a document, and no thing.
_OF_DOCUMENTS = frozenset(
    _spelled((*THING_LISTS, *LINK_LISTS, *TYPE_LISTS, *{*WRAPPERS, *PASSAGES} - {"text", "value"}))
) - {"entity", "relation", "person", "place", "event", "date"}


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the answers of a file: its lines, the members of its array, its objects; or the whole file
    if it is a list of things, if words stand around the JSON, or if that is broken off.
    """
    head, is_all = source.sample(_PEEK)
    text = head.lstrip()
    if text[:1] not in (b"{", b"[") or (is_all and is_loose(text.decode("utf-8", "replace"))):
        yield from _each_in_words(whole(source))
        return
    cut = documents(source, resume, _OF_DOCUMENTS)
    try:
        first = next(cut, None)
    except DamagedInput:
        # A long answer that is one object: what is whole of it is taken when it is parsed.
        if source.size is None:
            raise
        source.rewind()
        yield from whole(source)
        return
    if first is not None:
        yield from _each_article(first, cut)


def _each_in_words(entries: Iterator[Entry]) -> Iterator[Entry]:
    """Yield the words that stand around the JSON as one record, or each of the articles in them."""
    for entry in entries:
        articles = None if entry.fault else articles_in(entry.raw.decode("utf-8", "replace"))
        if articles is None:
            yield entry
        else:
            yield from _numbered(articles, entry.line)


def _each_article(first: Entry, others: Iterator[Entry]) -> Iterator[Entry]:
    """Yield all entries; if there is one alone, each of the articles in it."""
    second, error = None, None
    try:
        second = next(others, None)
    except DamagedInput as damage:
        error = damage
    articles = None
    if second is None and error is None and first.fault is None and _LISTS.search(first.raw):
        with suppress(RecordError):
            articles = articles_in(shapes.decode(first.raw, Any))
    if articles is None:
        yield first
    else:
        yield from _numbered(articles, first.line)
    if error is not None:
        raise error
    if second is not None:
        yield second
        yield from others


def _numbered(articles: Iterator[Any], first: int) -> Iterator[Entry]:
    return (Entry(number, msgspec.json.encode(each)) for number, each in enumerate(articles, first))


def parse(raw: bytes, keys: GivenKeys = NO_KEYS) -> Parsed:
    """Make an answer an article; raises RecordError where there are no lists in it, or where either of
    two keys may be the name.
    """
    found = _found(raw, keys)
    text, found, others = _of_one_text(found, keys)
    # What stands around several answers is one object.
    around = list({id(fields): fields for each in found for fields in _around(each)}.values())
    things = Things(text, keys)
    building = things.building
    things.take([member for each in found for member in each.lists.things])
    links = Links(things, has_things=any(each.lists.has_things for each in found))
    links.take([member for each in found for member in each.lists.links])
    take_quotes(things, [member for each in found for member in each.lists.quotes])
    for rest in filter(None, (each.rest for each in found)):
        building.fault("the JSON is broken off here", rest[:KEPT])
    if building.text is None and not building.entities:
        first = f": {building.faults[0].reason}" if building.faults else ""
        raise RecordError(f"no entities in it, and no text{first}")
    for each in others:
        building.fault(
            "is about another text, and one record is one article", dict(each.lists.fields)
        )
    known = about(around)
    parsed = building.finish(
        "language model",
        model=known.model,
        local_ids=known.ids,
        **about_article(known.fields),
    )
    notes = parsed.notes
    notes.keys_taken.update(things.told)
    notes.key_examples.update(things.examples)
    notes.unknown_fields.update(things.unknown)
    notes.unknown_fields.update(unknown_fields(around, keys))
    if further := sum(each.others for each in found):
        notes.passed_over["further answers to the same question"] += further
    return parsed


def _around(found: Found) -> tuple[Mapping[str, Any], ...]:
    return (found.lists.fields, *reversed(found.around))


def _of_one_text(
    found: Sequence[Found], keys: GivenKeys
) -> tuple[str | None, list[Found], list[Found]]:
    """Return the text, the answers that are about it, and those that are about another one."""
    # Each object is looked at once, however many answers it is around.
    parts = {id(part): part for each in found for part in _around(each)}
    own = {at: text_of((part,), keys) for at, part in parts.items()}
    texts = [
        each.text or next(filter(None, (own[id(part)] for part in _around(each))), None)
        for each in found
    ]
    text = next(filter(None, texts), None)
    return (
        text,
        [each for each, its in zip(found, texts, strict=True) if its in (None, text)],
        [each for each, its in zip(found, texts, strict=True) if its not in (None, text)],
    )


def _found(raw: bytes, keys: GivenKeys) -> list[Found]:
    value: Any = None
    with suppress(RecordError):
        value = shapes.decode(raw, Any)
    if value is None:
        value = shapes.decode_text(raw)
    found = list(found_in(value, keys=keys, is_said=True))
    if not found:
        raise RecordError(_nothing(value))
    return found


def _nothing(value: Any) -> str:
    """Say that there are no lists, and what the model says instead."""
    words = " ".join(value.split()) if isinstance(value, str) else ""
    if not words:
        for each in _strings(value):
            words = " ".join(each.split())
            if len(words) > _EXAMPLE // 4:
                break
    said = f", which begins “{words[:_EXAMPLE]}”" if words else ""
    if words and not any(True for _ in values_in(words)):
        return f"no JSON in the answer{said}"
    return f"no list of entities or relations in the answer{said}"


def _strings(value: Any) -> Iterator[str]:
    """Yield what is said in the fields of an answer, from the outermost in."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        wrappers = frozenset(map(folded, WRAPPERS))
        for key, each in value.items():
            if folded(str(key)) in wrappers:
                yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
