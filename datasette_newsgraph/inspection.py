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
from datasette_newsgraph.readers.inputs import Input
from datasette_newsgraph.reading.pipeline import Pipeline, Ready, spans_of
from datasette_newsgraph.wording import counted, listed

#: Troubles that are told in full, and how much of the words in question.
TROUBLES = 10
#: Types, predicates and so on that are told of each kind.
GROUPS = 20
_WORDS = 40


@dataclass
class Inspection:
    """What one file holds. ``troubles`` are the first ones, with their lines; ``broken`` is why the
    rest of the file could not be read, if so.
    """

    name: str
    format: str
    title: str
    articles: int = 0
    records_rejected: int = 0
    left_out: int = 0
    parts_rejected: int = 0
    #: Mentions by type and relations by predicate, after mapping.
    mentions: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    quotes: int = 0
    entities: int = 0
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    #: What stands in the place of a date and is none, by why it is none.
    unread_dates: Counter[str] = field(default_factory=Counter)
    unknown_fields: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    spans: Counter[str] = field(default_factory=Counter)
    #: Spans of which a record says what its text does not bear out.
    claims_refused: int = 0
    troubles: list[str] = field(default_factory=list)
    broken: str = ""

    def _trouble(self, line: int, what: str) -> None:
        if len(self.troubles) < TROUBLES:
            self.troubles.append(f"{line}: {what}")

    def _take(self, line: int, ready: Ready) -> None:
        article, mapped = ready.parsed.article, ready.mapped
        plan = plan_article(ready.parsed)
        self.articles += 1
        self.parts_rejected += len(plan.faults)
        for fault in plan.faults:
            self._trouble(line, fault.reason)
        self.entities += len(plan.appearances)
        for each in plan.appearances.values():
            self.mentions[each.type] += sum(len(record.mentions) for record in each.records)
        self.relations.update(statement.predicate for statement in plan.statements)
        self.quotes += len(plan.quotes)
        self.unmapped.update(mapped.unmapped)
        self.dropped.update(mapped.dropped)
        self.passed_over.update(ready.parsed.passed_over)
        for unread in ready.unread_dates:
            self.unread_dates[unread.reason] += 1
            self._trouble(line, f"“{_shortened(unread.words)}” is no date: {unread.reason}")
        self.unknown_fields.update(ready.parsed.unknown_fields)
        self.units[ready.anchors.unit] += 1
        self.claims_refused += ready.anchors.refused
        for span in spans_of(article):
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
    """Return an inspection as it is written in JSON: all of its fields by their names."""
    unmapped = [
        {"kind": kind, "label": label, "count": count}
        for (kind, label), count in found.unmapped.most_common()
    ]
    # Not asdict, which counts the pairs of a Counter.
    return {each.name: getattr(found, each.name) for each in fields(found)} | {"unmapped": unmapped}


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
    groups: dict[str, Counter[str]] = {
        "mentions": found.mentions,
        "relations": found.relations,
        "not mapped": Counter(
            {f"{label} ({kind})": count for (kind, label), count in found.unmapped.items()}
        ),
        "left out": found.dropped,
        "not used": found.passed_over,
        "unread dates": found.unread_dates,
        "unknown fields": found.unknown_fields,
        "offset units": found.units,
        "spans": found.spans,
    }
    for heading, group in groups.items():
        if group:
            yield heading, listed([f"{name} {n:,}" for name, n in group.most_common()], GROUPS)
    if found.quotes:
        yield "quotes", f"{found.quotes:,}"
    if found.claims_refused:
        yield "anchored anew", counted(found.claims_refused, "span")
    for trouble in found.troubles:
        yield "line", trouble
    if found.broken:
        yield "broken off", found.broken
