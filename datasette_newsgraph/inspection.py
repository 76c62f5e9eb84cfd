"""Look at a file as a load would, without a database: what is in it, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from datasette_newsgraph.anchoring import EXACT, UNVERIFIED, Anchor
from datasette_newsgraph.article import Evidence, Mention, Quote
from datasette_newsgraph.drafting.plan import plan_article
from datasette_newsgraph.errors import InputError, RecordError, RecordLeftOut
from datasette_newsgraph.notes import Notes
from datasette_newsgraph.readers.inputs import Input
from datasette_newsgraph.reading.pipeline import Pipeline, Ready, spans_of
from datasette_newsgraph.wording import counted, listed

#: Troubles that are told in full, and how much of the words in question.
TROUBLES = 10
#: Types, predicates and so on that are told of each kind.
GROUPS = 20
_WORDS = 40


@dataclass(eq=False, repr=False)
class Inspection(Notes):
    """What one file holds, with the notes of all of its records. ``troubles`` are the first ones, with
    their lines; ``broken`` is why the rest of the file could not be read, if so.
    """

    name: str
    format: str
    title: str
    articles: int = 0
    records_rejected: int = 0
    parts_rejected: int = 0
    #: Mentions by type and relations by predicate, after mapping.
    mentions: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    quotes: int = 0
    entities: int = 0
    troubles: list[str] = field(default_factory=list)
    broken: str = ""

    def _trouble(self, line: int, what: str) -> None:
        if len(self.troubles) < TROUBLES:
            self.troubles.append(f"{line}: {what}")

    def _take(self, line: int, ready: Ready) -> None:
        plan = plan_article(ready.parsed)
        self.articles += 1
        self.parts_rejected += len(plan.faults)
        for fault in plan.faults:
            self._trouble(line, fault.reason)
        self.entities += len(plan.appearances)
        for entity in plan.appearances.values():
            self.mentions[entity.type] += sum(len(record.mentions) for record in entity.records)
        self.relations.update(statement.predicate for statement in plan.statements)
        self.quotes += len(plan.quotes)
        self.add(ready.parsed.notes)
        for unread in ready.unread_dates:
            self._trouble(line, f"“{_shortened(unread.words)}” is no date: {unread.reason}")
        for span in spans_of(ready.parsed.article):
            anchor = ready.anchors.spans.get(id(span))
            self.spans[EXACT if anchor is None else anchor.status] += 1
            if anchor is not None and anchor.status != UNVERIFIED:
                self._trouble(line, _told(span, anchor))


def inspect(source: Input, pipeline: Pipeline) -> Inspection:
    """Read ``source`` to its end and return what is in it; never raises for what is in it."""
    found = Inspection(source.name, pipeline.format.name, pipeline.format.title)
    try:
        for entry in pipeline.format.reader.entries(source):
            try:
                ready = pipeline.run(entry)
            except RecordLeftOut:
                found.left_out += 1
            except RecordError as error:
                found.records_rejected += 1
                found._trouble(entry.line, f"rejected: {error}")
            else:
                found._take(entry.line, ready)
    except InputError as error:
        found.broken = str(error)
    return found


def _shortened(words: str) -> str:
    return words if len(words) <= _WORDS else words[:_WORDS] + "…"


def _told(span: Mention | Evidence | Quote, anchor: Anchor) -> str:
    words = span.text or anchor.surface or ""
    words = f"“{_shortened(words)}”"
    place = "without a place" if span.start is None else f"at {span.start}-{span.end}"
    if anchor.start is None:
        return f"{words} {place}: {anchor.status}"
    return f"{words} {place}: {anchor.status}, {anchor.start}-{anchor.end}"


def as_json(found: Inspection) -> dict[str, Any]:
    """Return an inspection as it is written in JSON: its fields and the counts of its notes by their
    names.
    """
    # Not asdict, which counts the pairs of a Counter.
    return {each.name: getattr(found, each.name) for each in fields(found)} | found.counts()


def described(found: Inspection) -> Iterator[tuple[str, str]]:
    """Yield an inspection as pairs of a heading and a text, without what there is none of."""
    yield "format", f"{found.format} ({found.title})"
    articles = [f"{found.articles:,}"]
    if found.left_out:
        articles.append(f"{counted(found.left_out, 'record')} left out")
    if found.records_rejected:
        articles.append(f"{counted(found.records_rejected, 'record')} rejected")
    if found.parts_rejected:
        parts = counted(found.parts_rejected, "part of a record", "parts of records")
        articles.append(f"{parts} rejected")
    yield "articles", ", ".join(articles)
    if found.entities:
        yield "entities", f"{found.entities:,}, counted in each article"
    for heading, group in {"mentions": found.mentions, "relations": found.relations}.items():
        if group:
            yield heading, listed([f"{name} {n:,}" for name, n in group.most_common()], GROUPS)
    if found.quotes:
        yield "quotes", f"{found.quotes:,}"
    yield from found.headed(GROUPS)
    for trouble in found.troubles:
        yield "line", trouble
    if found.broken:
        yield "broken off", found.broken
