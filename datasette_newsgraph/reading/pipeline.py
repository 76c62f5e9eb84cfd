"""From the bytes of one record to an article that is ready to be stored: stages 1 and 2.

::

    raw ── reader ──> Parsed ── dates, sidecar ──> named ── labels ──> mapped ── anchoring ──> Ready

Knows no database; ``newsgraph load``, ``inspect`` and ``convert`` are the same up to here.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any, cast

from datasette_newsgraph.anchoring import UNVERIFIED, Anchors, anchor
from datasette_newsgraph.anchoring.sought_names import mention_all
from datasette_newsgraph.article import (
    Anchored,
    Article,
    Evidence,
    LabelKind,
    Mention,
    Quote,
    Record,
    Term,
)
from datasette_newsgraph.dates.order import DateOrder
from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.extraction.answers import Answer
from datasette_newsgraph.extraction.batches import Running
from datasette_newsgraph.extraction.extractor import Extracted
from datasette_newsgraph.extraction.raw import RawFormat
from datasette_newsgraph.identity import is_blank
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.labels import GivenMap, LabelMap, Terms
from datasette_newsgraph.notes import Notes
from datasette_newsgraph.readers import Parsed, packing
from datasette_newsgraph.readers.dated import Unread, order_in, read_dates, unread_dates
from datasette_newsgraph.readers.formats import FORMATS, Format
from datasette_newsgraph.readers.inputs import Input
from datasette_newsgraph.readers.limits import DEFAULT, Limit, read_size
from datasette_newsgraph.readers.sidecar import REVISION as SIDECAR_REVISION
from datasette_newsgraph.readers.sidecar import Sidecar
from datasette_newsgraph.readers.source import Entry
from datasette_newsgraph.readers.structured.keys import NO_KEYS
from datasette_newsgraph.reading.recognition import format_called, recognise

#: To be raised when readers, presets or anchoring make something else of the same bytes: records
#: loaded before are not passed over as unchanged then.
REVISION = "6"
#: Why a second record about one article is rejected in a tool's file.
REPEATED = (
    "an earlier record of this file is about the same article; make the two one record, or give them"
    " different addresses"
)
_HASH_DIGITS = 16
_FILE_NAME = re.compile(r"[^/]\.[A-Za-z]{1,5}\Z")


def spans_of(article: Article) -> Iterator[Mention | Evidence | Quote]:
    """Yield all mentions, evidence and quotes of an article."""
    for entity in article.entities:
        yield from entity.mentions
    for relation in article.relations:
        yield from relation.evidence
    yield from article.quotes


@dataclass(frozen=True)
class Named:
    """An article that has its id, and its dates as they are stored."""

    parsed: Parsed
    #: The id that the article would have without a sidecar, if it has another one.
    former_id: str | None = None
    #: What all dates of the file made of those of this record that depend on them.
    dates_decided: str = ""


@dataclass(frozen=True)
class Ready:
    """An article whose labels are ours and whose spans are anchored."""

    parsed: Parsed
    terms: Terms
    anchors: Anchors
    #: The id that the article would have without a sidecar, if it has another one.
    former_id: str | None = None
    #: What stands in the place of a date and is none.
    unread_dates: tuple[Unread, ...] = ()
    #: What all dates of the file made of those of this record that depend on them.
    dates_decided: str = ""

    def as_record(self) -> Article:
        """Write what mapping and anchoring found into the article, and return it: loaded, it gives the
        rows that this one does.

        Its spans read their words or have no place; beside each that the tool did not have so stands
        where it had it.
        """
        article = self.parsed.article
        article.vocabulary = [
            Term(kind=cast(LabelKind, kind), label=label, iri=iri)
            for (kind, label), iri in self.terms.items()
        ]
        # A reader may give one span to several relations.
        spans = {id(each): each for each in spans_of(article)}.values()
        for span in spans:
            self._settle(span)
        for part in (*article.entities, *article.relations, *spans):
            _leave_out_what_json_has_not(part)
        return article

    def _settle(self, span: Mention | Evidence | Quote) -> None:
        found = self.anchors.spans.get(id(span))
        if found is None:
            return
        if found.status == UNVERIFIED and span.start is None and span.end is None:
            return  # there is nothing to be said
        span.anchored = Anchored(
            offset_status=found.status,
            given_start=span.start,
            given_end=span.end,
            given_unit=self.anchors.units.get(id(span)),
            moved=found.moved,
            given_surface=found.given_surface,
        )
        span.start, span.end, span.text = found.start, found.end, found.surface


def _leave_out_what_json_has_not(part: Record) -> None:
    """Leave out numbers that are none or infinite, as a load does."""
    for name in ("confidence", "latitude", "longitude"):
        number = getattr(part, name, None)
        if number is not None and not math.isfinite(number):
            setattr(part, name, None)


@dataclass(frozen=True)
class Pipeline:
    """How the records of one source become articles."""

    format: Format
    labels: LabelMap
    #: The file's base name, by which a sidecar may know its records.
    name: str = ""
    sidecar: Sidecar | None = None
    #: Whether the day or the month comes first in the dates of the source.
    date_order: DateOrder = field(default_factory=DateOrder)
    #: None for records from Python, which are in memory already.
    limit: Limit | None = None
    #: What extracts, if the source may have raw articles.
    extraction: Running | None = None
    #: What ``extracting.ahead`` has made of entries, by the identity of these, before they are run.
    extracted: dict[int, Named | RecordError] = field(default_factory=dict, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs to read likewise: the fields, and no hash begun."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @cached_property
    def _way(self) -> hashlib._Hash:
        """The hash of all that makes something else of the same bytes."""
        parts = [REVISION, self.format.name, self.labels.digest]
        if self.sidecar is not None:
            parts += [SIDECAR_REVISION, self.sidecar.digest, self.name]
        if self.extraction is not None:
            parts.append(self.extraction.digest)
        return hashlib.sha256("\n".join(parts).encode())

    @cached_property
    def is_record(self) -> bool:
        """Whether the source holds our own record, in which an id that comes again means to replace."""
        return self.format == FORMATS[0]

    @property
    def is_extracted(self) -> bool:
        """Whether something extracts what raw articles of the source say."""
        return self.extraction is not None

    @cached_property
    def way(self) -> str:
        """What tells whether other records of the source were read in the same way."""
        return self._way.hexdigest()[:_HASH_DIGITS]

    def hash(self, entry: Entry) -> str:
        """Return what tells whether a record was loaded before, in the same way."""
        found = self._way.copy()
        if self.sidecar is not None:
            # Who a record is may depend on its number in the file.
            found.update(f"\n{entry.line}".encode())
        found.update(b"\n" + entry.raw)
        return found.hexdigest()[:32]

    def run(self, entry: Entry) -> Ready:
        """Return the article of a record; raises RecordError if it cannot be one."""
        named = self.extracted.pop(id(entry), None)
        if named is None:
            self.check(entry)
            named = self._named(entry)
        if isinstance(named, RecordError):
            raise named
        return self.finish(named)

    def _named(self, entry: Entry) -> Named:
        """Return the article of one entry, extracted if it is raw."""
        if self.extraction is None:
            return self.name_it(entry, self.format.parse(entry.raw, self.labels.keys))
        (parsed,) = self.extraction.parse(self.format.name, [entry.raw])()
        named = self.name_it(entry, parsed)
        if self.is_raw(named.parsed.article):
            (answer,) = self.extraction.extract([named.parsed.article])()
            self.take(named, answer)
        return named

    def check(self, entry: Entry) -> None:
        """Raise RecordError for an entry that cannot be read, or is too long."""
        if entry.fault is not None:
            raise RecordError(entry.fault)
        if self.limit is not None and len(entry.raw) > self.limit.article:
            raise RecordError(self.limit.too_long("the record"))

    def name_it(self, entry: Entry, parsed: Parsed | RecordError) -> Named:
        """Read the dates of what was parsed of an entry, and give it its row of the sidecar and its id;
        raises RecordError for an id that is blank, and where nothing could be parsed.
        """
        if isinstance(parsed, RecordError):
            raise parsed
        decided = read_dates(parsed.article, self.date_order, with_time=self.is_record)
        former_id = None
        if self.sidecar is not None:
            former_id = _id_of(parsed, entry.raw)
            parsed = self.sidecar.join(parsed, self._ids(parsed, entry.line))
        article = parsed.article
        article.id = _id_of(parsed, entry.raw)
        if is_blank(article.id):
            raise RecordError("the article's id is empty")
        return Named(parsed, former_id if former_id != article.id else None, decided)

    def is_raw(self, article: Article) -> bool:
        """Tell whether an article of the source is to be extracted: it has a text, and nothing that
        was found in it.
        """
        if self.extraction is None or not (article.text or "").strip():
            return False
        found = article.entities or article.relations or article.quotes or article.extractor
        return isinstance(self.format, RawFormat) or not found

    def take(self, named: Named, answer: Answer) -> None:
        """Put what an extractor has made of an article in its place; raises RecordError for nothing."""
        if isinstance(answer, RecordError):
            raise answer
        if isinstance(answer, Extracted):
            named.parsed.notes.passed_over.update(answer.passed_over)
            answer = answer.article
        # An extractor may give the dates of statements in words.
        read_dates(answer, DateOrder(), with_time=self.is_record)
        named.parsed.article = answer
        if self.extraction is not None:
            answer.relations = self.extraction.sure(answer.relations)

    def finish(self, named: Named) -> Ready:
        """Map the labels of an article, and anchor its spans."""
        parsed = named.parsed
        article = parsed.article
        terms = self.labels.led_by(parsed.label_scheme).apply(parsed)
        mention_all(article.text, parsed.sought)
        anchors = anchor(article, parsed.unit)
        if anchors.zones is not None:
            article.zones = anchors.zones
        unread = tuple(unread_dates(article))
        _note(parsed.notes, anchors, unread)
        return Ready(parsed, terms, anchors, named.former_id, unread, named.dates_decided)

    def _ids(self, parsed: Parsed, number: int) -> list[str]:
        """Return all that a sidecar may know the record by, the most telling first."""
        article = parsed.article
        stem = PurePath(packing.without_ending(self.name)).stem
        # A local id may be the name of a file, and a row's the same without its ending.
        stems = [PurePath(each).stem for each in parsed.local_ids if _FILE_NAME.search(each)]
        # An address means the same everywhere, an id may be a number.
        given = [article.url, article.id, *parsed.local_ids, *stems, article.title]
        # The name of a file is that of its document, if it holds one.
        names = [self.name, stem] if number == 1 else []
        return [*filter(None, given), f"{stem}#{number}", *names]


@dataclass(frozen=True)
class Reading:
    """How files are read, whatever they are: a format if it is not to be recognised, a user's map of
    labels, a sidecar.
    """

    format: Format | None = None
    given: GivenMap | None = None
    sidecar: Sidecar | None = None
    #: The files of the map and the sidecar.
    besides: tuple[str | Path, ...] = ()
    limit: Limit = DEFAULT
    #: What extracts, if raw articles are to be read, too.
    extraction: Running | None = None
    #: Whose annotations are read, where several people have annotated one document.
    annotator: str | None = None
    #: Made once for each format: a folder may hold thousands of files.
    _labels: dict[str, LabelMap] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        *,
        format_name: str | None = None,
        articles: str | Path | None = None,
        label_map: str | Path | None = None,
        max_article: int | str | None = None,
        annotator: str | None = None,
        extraction: Running | None = None,
    ) -> Reading:
        """Read the map and the sidecar; ``max_article`` is a size, such as 500_000 or ``"64M"``. Raises
        InputError, and UsageError for an unknown format or no size.
        """
        limit = DEFAULT if max_article is None else Limit(read_size(max_article))
        return cls(
            None
            if format_name is None
            else format_called(format_name, raw_too=extraction is not None),
            None if label_map is None else GivenMap.read(label_map, limit),
            None if articles is None else Sidecar.open(articles, limit),
            tuple(each for each in (articles, label_map) if each is not None),
            limit,
            extraction,
            annotator,
        )

    @property
    def raw_too(self) -> bool:
        """Whether raw articles are read."""
        return self.extraction is not None

    def pipeline(self, source: Input) -> Pipeline:
        """Return how one source is read; raises InputError for a format that is not recognised."""
        if self.format is not None:
            packing.refuse(source.head(packing.HEAD), source.path, zip_too=True)
        format_ = self.format or recognise(source, raw_too=self.raw_too)
        if self.given is not None and self.given.keys != NO_KEYS and not format_.takes_keys:
            raise InputError(
                f"{source.path}: the map says what keys mean, but the keys of {format_.title} are"
                " known; leave out its [keys]"
            )
        labels = self._labels.get(format_.name)
        if labels is None:
            labels = self._labels[format_.name] = LabelMap.of(format_.labels, self.given)
        order = order_in(source, format_)
        # What a tool has written says all that was found.
        may_be_raw = isinstance(format_, RawFormat) or format_ is FORMATS[0]
        extraction = self.extraction if may_be_raw else None
        return Pipeline(format_, labels, source.name, self.sidecar, order, source.limit, extraction)


def _note(notes: Notes, anchors: Anchors, unread: Iterable[Unread]) -> None:
    """Add to the notes of a record what became of its spans and its dates."""
    notes.units[anchors.unit] += 1
    if anchors.refused:
        notes.claims_refused += anchors.refused
    for reason, words in unread:
        notes.unread_dates[reason] += 1
        notes.date_examples.setdefault(reason, words)


def record_pipeline() -> Pipeline:
    """Return how records of our own are taken that come from Python."""
    return Pipeline(FORMATS[0], LabelMap.of(()))


def _id_of(parsed: Parsed, raw: bytes) -> str:
    """Return an article's id: its own, else its address, else the hash of its text, or of its record
    where there is no text.
    """
    article = parsed.article
    if article.id or not parsed.is_unnamed:
        return article.id
    address = clean_iri(article.url or "")
    if address is not None:
        return address
    text = article.text or ""
    content = text.encode("utf-8", "replace") if text.strip() else raw
    return f"sha256:{hashlib.sha256(content).hexdigest()[:_HASH_DIGITS]}"
