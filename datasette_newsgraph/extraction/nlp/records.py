"""What was found in the windows of an article becomes its record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from datasette_newsgraph.article import (
    Article,
    Entity,
    Evidence,
    Extractor,
    Mention,
    Quote,
    Relation,
)
from datasette_newsgraph.extraction.nlp.aliases import Aliases
from datasette_newsgraph.extraction.nlp.facts import Facts, as_name
from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.linking import link
from datasette_newsgraph.extraction.nlp.relations import CONFIDENCES, DATE, EVENT


class Found(NamedTuple):
    """What was found in a window, and where the window begins."""

    start: int
    facts: Facts


def complete(
    article: Article,
    found: Sequence[Found],
    lexicon: Lexicon,
    aliases: Aliases,
    extractor: Extractor,
) -> Article:
    """Return the article with the entities, relations and quotes of its windows."""
    text = article.text or ""
    names = [as_name(each) for window in found for each in window.facts["names"]]
    shifts = [window.start for window in found for _ in window.facts["names"]]
    things = link(names, lexicon, aliases)
    entity_of = {
        number: f"e{order}" for order, thing in enumerate(things, 1) for number in thing.mentions
    }
    entities = [
        Entity(
            id=f"e{order}",
            type=thing.type,
            name=thing.name,
            aliases=thing.aliases,
            same_as=thing.same_as,
            mentions=[
                _mention(
                    text, names[number].start + shifts[number], names[number].end + shifts[number]
                )
                for number in thing.mentions
            ],
        )
        for order, thing in enumerate(things, 1)
    ]
    dates, values = _dates(text, found)
    events, happened = _events(text, found, entity_of)
    return replace(
        article,
        entities=[*entities, *events, *dates],
        relations=[*_relations(text, found, entity_of), *happened, *values],
        quotes=_quotes(text, found, entity_of),
        extractor=extractor,
    )


def _mention(text: str, start: int, end: int) -> Mention:
    return Mention(start=start, end=end, text=text[start:end])


def _numbered(found: Sequence[Found]) -> list[tuple[Found, int]]:
    """Return the windows, each with how many names stand before it."""
    numbered, count = [], 0
    for window in found:
        numbered.append((window, count))
        count += len(window.facts["names"])
    return numbered


def _relations(text: str, found: Sequence[Found], entity_of: dict[int, str]) -> list[Relation]:
    relations = []
    for window, before in _numbered(found):
        for each in window.facts.get("relations", []):
            subject = entity_of[each["subject"] + before]
            object_ = entity_of[each["object"] + before]
            if subject == object_:
                continue
            start, end = each["start"] + window.start, each["end"] + window.start
            relations.append(
                Relation(
                    subject=subject,
                    predicate=each["predicate"],
                    object=object_,
                    confidence=each["confidence"],
                    start_date=each["start_date"],
                    end_date=each["end_date"],
                    pattern=each["pattern"],
                    evidence=[Evidence(start=start, end=end, text=text[start:end])],
                )
            )
    return relations


def _events(
    text: str, found: Sequence[Found], entity_of: dict[int, str]
) -> tuple[list[Entity], list[Relation]]:
    """Return an entity for each event without a name, and what is said of it."""
    events: list[Entity] = []
    relations: list[Relation] = []
    for window, before in _numbered(found):
        for each in window.facts.get("events", []):
            id_ = f"h{len(events) + 1}"
            events.append(Entity(id=id_, type="Event", name=each["name"], local=True))
            start, end = (position + window.start for position in each["span"])
            evidence = [Evidence(start=start, end=end, text=text[start:end])]
            said: list[tuple[str, str | None, str | None]] = [
                ("participant", entity_of[number + before], None) for number in each["participants"]
            ]
            if each["place"] is not None:
                said.append(("location", entity_of[each["place"] + before], None))
            if each["start_date"] is not None:
                said.append(("start date", None, each["start_date"]))
            if each["end_date"] is not None:
                said.append(("end date", None, each["end_date"]))
            relations += [
                Relation(
                    subject=id_,
                    predicate=predicate,
                    object=object_,
                    value=value,
                    datatype="date" if value is not None else None,
                    confidence=CONFIDENCES[EVENT],
                    pattern=EVENT,
                    evidence=evidence,
                )
                for predicate, object_, value in dict.fromkeys(said)
            ]
    return events, relations


def _quotes(text: str, found: Sequence[Found], entity_of: dict[int, str]) -> list[Quote]:
    quotes = []
    for window, before in _numbered(found):
        for each in window.facts.get("quotes", []):
            start, end = each["start"] + window.start, each["end"] + window.start
            speaker = each["speaker"]
            quotes.append(
                Quote(
                    speaker=None if speaker is None else entity_of[speaker + before],
                    start=start,
                    end=end,
                    text=text[start:end],
                    verb=each["verb"],
                    direct=each["direct"],
                    confidence=each["confidence"],
                )
            )
    return quotes


def _dates(text: str, found: Sequence[Found]) -> tuple[list[Entity], list[Relation]]:
    """Return an entity for each date, and the statements of what they mean. Dates of one value are one;
    those without are one where they have the same words.
    """
    groups: dict[tuple[Any, ...], list[tuple[int, int]]] = {}
    for window in found:
        for each in window.facts.get("dates", []):
            value = (each["value"], each["until"], each["length"])
            key = value if any(value) else (each["text"].lower(),)
            span = (each["start"] + window.start, each["end"] + window.start)
            groups.setdefault(key, []).append(span)
    entities, values = [], []
    names_seen: set[str] = set()
    for order, (key, spans) in enumerate(groups.items(), 1):
        name = " ".join(text[spans[0][0] : spans[0][1]].split())
        entities.append(
            Entity(
                id=f"d{order}",
                type="Date",
                name=name,
                # Two Sundays of one article are two days.
                local=name.lower() in names_seen,
                mentions=[_mention(text, start, end) for start, end in spans],
            )
        )
        names_seen.add(name.lower())
        if len(key) == 3:
            values += _value(f"d{order}", key, spans[0], text)
    return entities, values


def _value(id_: str, key: tuple[Any, ...], span: tuple[int, int], text: str) -> list[Relation]:
    first, until, length = key
    said: list[tuple[str, str, Any]]
    if length is not None:
        said = [("duration", length, "string")]
    elif until is not None:
        said = [("start date", first, "date"), ("end date", until, "date")]
    else:
        said = [("date", first, "date")]
    return [
        Relation(
            subject=id_,
            predicate=predicate,
            value=value,
            datatype=datatype,
            confidence=CONFIDENCES[DATE],
            pattern=DATE,
            evidence=[Evidence(start=span[0], end=span[1], text=text[span[0] : span[1]])],
        )
        for predicate, value, datatype in said
    ]
