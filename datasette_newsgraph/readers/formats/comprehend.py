"""Read the output of Amazon Comprehend: entities, batches, jobs, targeted sentiment and events.

- A response of ``DetectEntities`` is an article. So is each result of ``BatchDetectEntities``, and
  each line of a job's output.
- Entities of targeted sentiment and of events are groups of mentions. The descriptive mention, or
  else the longest one that is no pronoun, gives the name. Other mentions that begin like a name
  give the other names.
- An event becomes an entity of type ``Event`` that is local to its article and named by its
  trigger. Its kind is the value of ``event type``. Its arguments are relations, with their role as
  the predicate and the trigger as evidence.
- What Comprehend refused (``ErrorCode``) is rejected with the reason. An answer without entities or
  text is left out.
- The output has no text. Put it beside ``Entities`` as ``Text`` (or ``text``), or give the articles
  with ``--articles``, by the job's ``File`` or ``File:Line``.

Offsets: code points, end exclusive.

Example::

    {"File": "cop21.txt", "Line": 0, "Text": "Laurent Fabius spoke in Paris on Monday.", "Entities": [
      {"BeginOffset": 0, "EndOffset": 14, "Score": 0.99, "Text": "Laurent Fabius", "Type": "PERSON"},
      {"BeginOffset": 24, "EndOffset": 29, "Score": 0.98, "Text": "Paris", "Type": "LOCATION"},
      {"BeginOffset": 33, "EndOffset": 39, "Score": 0.95, "Text": "Monday", "Type": "DATE"}]}
    {"File": "vote.txt", "Entities": [
      {"Mentions": [{"BeginOffset": 0, "EndOffset": 9, "GroupScore": 1, "Score": 0.99,
                     "Text": "Microsoft", "Type": "ORGANIZATION"}]},
      {"Mentions": [{"BeginOffset": 17, "EndOffset": 25, "GroupScore": 1, "Score": 0.98,
                     "Text": "LinkedIn", "Type": "ORGANIZATION"}]}],
     "Events": [{"Type": "CORPORATE_ACQUISITION",
       "Arguments": [{"EntityIndex": 0, "Role": "INVESTOR", "Score": 0.9},
                     {"EntityIndex": 1, "Role": "INVESTEE", "Score": 0.9}],
       "Triggers": [{"BeginOffset": 10, "EndOffset": 16, "Text": "bought", "Score": 0.9,
                     "Type": "CORPORATE_ACQUISITION"}]}]}
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import msgspec

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.errors import RecordError, RecordLeftOut
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import records
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]


class _Mention(Shape, rename="pascal"):
    begin_offset: int | None = None
    end_offset: int | None = None
    score: float | None = None
    text: str | None = None
    type: str | None = None


class _Entity(_Mention, rename="pascal"):
    mentions: list[_Mention] | None = None
    descriptive_mention_index: list[int] | None = None


class _Argument(Shape, rename="pascal"):
    entity_index: int | None = None
    role: str | None = None
    score: float | None = None


class _Event(Shape, rename="pascal"):
    type: str | None = None
    arguments: list[_Argument] | None = None
    triggers: list[_Mention] | None = None


class _Output(Shape, rename="pascal"):
    entities: list[_Entity] | None = None
    events: list[_Event] | None = None
    file: str | None = None
    line: int | None = None
    index: int | None = None
    language_code: str | None = None
    text: str | None = None
    #: What users put beside the entities.
    added_text: str | None = msgspec.field(default=None, name="text")
    error_code: str | None = None
    error_message: str | None = None


class _Batch(Shape, rename="pascal"):
    result_list: list[msgspec.Raw] | None = None
    error_list: list[msgspec.Raw] | None = None


class _Numbered(Shape, rename="pascal"):
    index: int | None = None


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield each response or line; of a batch, each of its results and errors.

    Those of a file that is one batch are numbered as the texts of the request were, from 1.
    """
    found = records(source, resume)
    first = next(found, None)
    second = next(found, None)
    is_alone = second is None and resume is None
    for entry in chain(filter(None, (first, second)), found):
        batch = _batch_of(entry)
        if batch is None:
            yield entry
            continue
        parts = [*(batch.result_list or ()), *(batch.error_list or ())]
        ordered = sorted(enumerate(map(bytes, parts)), key=_index_of)
        for number, (_, part) in enumerate(ordered, 1):
            # Only behind the last one can reading go on.
            is_end = number == len(parts) and not is_alone
            yield Entry(
                number if is_alone else entry.line,
                part,
                entry.end if is_end else None,
                entry.digest if is_end else None,
            )


def _index_of(numbered: tuple[int, bytes]) -> int:
    number, part = numbered
    try:
        index = msgspec.json.decode(part, type=_Numbered).index
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return number
    return number if index is None else index


def _batch_of(entry: Entry) -> _Batch | None:
    if entry.fault is not None or b'"ResultList"' not in entry.raw:
        return None
    try:
        batch = msgspec.json.decode(entry.raw, type=_Batch)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return None if batch.result_list is None and batch.error_list is None else batch


def parse(raw: bytes) -> Parsed:
    """Return the article of one document; raises RecordError."""
    output = decode(raw, _Output)
    if output.error_code:
        words = ": ".join(filter(None, (output.error_code, output.error_message)))
        raise RecordError(f"Amazon Comprehend refused the document: {words}")
    building = Building(output.added_text if output.text is None else output.text)
    entities = [
        _entity(building, f"Entities[{number}]", given)
        if given.mentions is None
        else _group(building, f"Entities[{number}]", given)
        for number, given in enumerate(output.entities or ())
    ]
    for number, event in enumerate(output.events or ()):
        _event(building, f"Events[{number}]", event, entities)
    if building.text is None and not building.entities:
        why = ": Comprehend gave no words for them" if output.entities else ""
        error = RecordLeftOut if output.entities == [] else RecordError
        raise error(f"no entities in it{why}")
    local = output.file
    if output.line is not None and local:
        local = f"{local}:{output.line}"
    return building.finish(
        "Amazon Comprehend", language=output.language_code, local_ids=(local, output.index)
    )


def _entity(building: Building, place: str, given: _Mention) -> Entity | None:
    return building.mention(
        place,
        given,
        given.type,
        given.begin_offset,
        given.end_offset,
        given.text,
        confidence=given.score,
    )


def _group(building: Building, place: str, given: _Entity) -> Entity | None:
    """Take an entity that is a group of mentions."""
    mentions = given.mentions or []
    best = _naming(given)
    if best is None:
        building.fault(f"{place}: has no words", given)
        return None
    name = collapse(best.text or "")
    entity = building.entity(best.type, name, id=place)
    names: set[str] = set()
    for number, mention in enumerate(mentions):
        words = collapse(mention.text or "")
        if _is_pronoun(words):
            continue
        building.mention(
            f"{place}.Mentions[{number}]",
            mention,
            best.type,
            mention.begin_offset,
            mention.end_offset,
            mention.text,
            confidence=mention.score,
            name=name,
            id=place,
        )
        if not words[:1].islower():
            names.add(words)
    entity.aliases += sorted(names - {"", entity.name})
    return entity


def _naming(given: _Entity) -> _Mention | None:
    mentions = given.mentions or []
    descriptive = [
        mentions[index]
        for index in given.descriptive_mention_index or ()
        if 0 <= index < len(mentions)
    ]
    for candidates in (descriptive, mentions):
        with_words = [each for each in candidates if collapse(each.text or "")]
        naming = [each for each in with_words if not _is_pronoun(each.text or "")]
        if naming:
            return max(naming, key=lambda each: len(each.text or ""))
    return next((each for each in mentions if collapse(each.text or "")), None)


def _event(building: Building, place: str, event: _Event, entities: list[Entity | None]) -> None:
    triggers = event.triggers or []
    name = next((words for each in triggers if (words := collapse(each.text or ""))), "")
    if not name and not event.type:
        building.fault(f"{place}: has neither a trigger nor a type", event)
        return
    entity = building.entity("Event", name or str(event.type), id=place)
    entity.local = True
    for number, trigger in enumerate(triggers):
        building.mention(
            f"{place}.Triggers[{number}]",
            trigger,
            "Event",
            trigger.begin_offset,
            trigger.end_offset,
            trigger.text,
            confidence=trigger.score,
            name=entity.name,
            id=place,
        )
    first = triggers[0] if triggers else None
    evidence = (
        [Evidence(start=first.begin_offset, end=first.end_offset, text=first.text)] if first else []
    )
    if event.type:
        building.relation(entity, "event type", value=event.type, evidence=evidence)
    for number, argument in enumerate(event.arguments or ()):
        index = argument.entity_index
        known = entities[index] if index is not None and 0 <= index < len(entities) else None
        if known is None:
            reason = (
                f"{place}.Arguments[{number}]: EntityIndex {index} is no entity of this document"
            )
            building.fault(reason, argument)
            continue
        building.relation(
            entity, argument.role, known, confidence=argument.score, evidence=evidence
        )


def _is_pronoun(words: str) -> bool:
    # "US" is none.
    return words.casefold() in pronouns_of("en") and (words.islower() or words.istitle())
