"""A conversion is a load: what ``newsgraph convert`` writes gives the rows that the file itself gives.

A record says where the tool had its spans and what became of them. That is believed where the text
bears it out, and only there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasette_newsgraph.anchoring import EXACT, FUZZY, MOVED, UNLOCATED, Anchor, anchor
from datasette_newsgraph.anchoring.units import CODE_POINTS, UTF8, UTF16, Unit
from datasette_newsgraph.article import Article, Entity, Evidence, Mention, Quote, Relation
from datasette_newsgraph.cli import cli
from datasette_newsgraph.conversion import convert
from datasette_newsgraph.drafting.records import read_record
from datasette_newsgraph.errors import InputError
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats import Format
from datasette_newsgraph.readers.inputs import open_input
from datasette_newsgraph.readers.source import Entry
from datasette_newsgraph.reading.pipeline import Pipeline, Reading, Ready, record_pipeline, spans_of
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.schema import TABLES
from tests.cost import seconds_of_processor
from tests.readers.damage import damaged
from tests.readers.files_of_formats import every_format, write_example

Contents = Callable[..., dict[str, list[tuple[Any, ...]]]]
Run = Callable[..., Result]
Write = Callable[..., Path]
#: Where a span is and what it is, as given or as found.
Places = list[tuple[Any, ...]]


# Of one article ---------------------------------------------------------------------------------

_WORDS = (
    "Paris",
    "paris",
    "Ana",
    "Kılıç",
    "New York",
    "10,000",
    "1961-01-01",
    "“Oui”",
    "😀",
    "é",
    "中国",
)
_TEXTS = st.lists(
    st.sampled_from(
        (*_WORDS, "the", "a", "&", "January 1961", "Pariss", "é", "\r\n", "\n", '"Oui"')
    ),
    max_size=25,
).map(" ".join)
_FAR = st.sampled_from([-1, 2**63, -(2**63), 10**20])


@st.composite
def articles(draw: Any) -> Article:
    """An article with the spans of a tool: right, wrong by a little or by far, in another unit, without
    words, without a place, and with other words.
    """
    text = draw(st.one_of(_TEXTS, _TEXTS, _TEXTS, st.none()))
    by = draw(st.sampled_from([0, 0, 0, 3, 40]))
    encoding = draw(st.sampled_from(["", "", "utf-16-le", "utf-8"]))

    def place() -> tuple[int | None, int | None, str | None]:
        length = len(text or "")
        start = draw(st.integers(0, max(0, length - 1)))
        end = draw(st.integers(start, min(length, start + 12)))
        words = draw(st.sampled_from([(text or "")[start:end], *_WORDS, "Parsi", None]))
        if text is not None and words and words in text and draw(st.booleans()):
            start = text.index(words)
            end = start + len(words)
        if text is not None and encoding:
            width = 2 if encoding == "utf-16-le" else 1
            start, end = (len(text[:each].encode(encoding)) // width for each in (start, end))
        shift = draw(st.integers(-by, by))
        first = draw(st.one_of(*[st.just(start + shift)] * 8, st.none(), _FAR))
        last = draw(st.one_of(*[st.just(end + shift)] * 8, st.none(), _FAR))
        return first, last, words

    entities = []
    for number in range(draw(st.integers(1, 4))):
        places = [place() for _ in range(draw(st.integers(0, 4)))]
        mentions = [Mention(start=s, end=e, text=w) for s, e, w in places]
        name = draw(st.sampled_from(_WORDS))
        entities.append(Entity(id=f"e{number}", type="Thing", name=name, mentions=mentions))
    evidence = [place() for _ in range(draw(st.integers(0, 2)))]
    quotes = [place() for _ in range(draw(st.integers(0, 2)))]
    return Article(
        id="a",
        text=text,
        entities=entities,
        relations=[
            Relation(
                subject="e0",
                predicate="p",
                value="v",
                evidence=[Evidence(start=s, end=e, text=w) for s, e, w in evidence],
            )
        ],
        quotes=[Quote(start=s, end=e, text=w) for s, e, w in quotes],
    )


def converted(article: Article, unit: Unit = CODE_POINTS) -> bytes:
    """The record that an article becomes whose offsets count in ``unit``."""
    return msgspec.json.encode(
        Ready(Parsed(article, unit=unit), {}, anchor(article, unit)).as_record()
    )


def anchored(article: Article, unit: Unit = CODE_POINTS) -> tuple[Places, int]:
    """All spans as given with their anchors, and how often what is said of one was not believed."""
    anchors = anchor(article, unit)
    places = [
        (each.start, each.end, each.text, anchors.spans.get(id(each))) for each in spans_of(article)
    ]
    return places, anchors.refused


def decoded(record: bytes) -> Article:
    return msgspec.json.decode(record, type=Article)


@settings(max_examples=60)
@given(articles(), st.sampled_from([CODE_POINTS, CODE_POINTS, UTF16, UTF8]))
def test_a_record_has_the_spans_of_the_tool(article: Article, unit: Unit) -> None:
    record = converted(decoded(msgspec.json.encode(article)), unit)
    there = decoded(record)
    for span in spans_of(there):
        # For whoever reads it: a span reads its words or has no place.
        if span.start is not None:
            assert there.text is not None
            assert there.text[span.start : span.end] == span.text
    assert anchored(there) == (anchored(article, unit)[0], 0)
    assert converted(decoded(record)) == record


# What a record says of a span, and the text says otherwise ----------------------------------------

TEXT = "The Paris conference opened on Monday. Laurent Fabius spoke in Paris 😀, then in Bonn."


def said(
    start: int | None, end: int | None, text: str | None, status: Any, *given: Any, **more: Any
) -> Mention:
    """A mention in a record: where it stands, what became of it, and where the tool had it."""
    first, last = given or (None, None)
    anchored = {"offset_status": status, "given_start": first, "given_end": last, **more}
    return msgspec.convert(
        {"start": start, "end": end, "text": text, "anchored": anchored}, Mention
    )


def mentioning(*mentions: Mention, text: str | None = TEXT) -> Article:
    entity = Entity(id="e1", type="Place", name="Paris", mentions=list(mentions))
    return Article(id="a", text=text, entities=[entity])


BELIEVED = {
    "exact": said(4, 9, "Paris", "exact", 4, 9, moved=0),
    "exact, and no more": said(4, 9, "Paris", "exact"),
    "converted": said(80, 84, "Bonn", "converted", 81, 85, given_unit="UTF-16", moved=0),
    "moved": said(4, 9, "Paris", "moved", 6, 11, moved=-2),
    "moved, from UTF-16": said(80, 84, "Bonn", "moved", 78, 82, given_unit="UTF-16", moved=3),
    "no place was given": said(4, 9, "Paris", "moved"),
    "normalised": said(4, 9, "Paris", "normalised", 4, 9, moved=0, given_surface="PARIS"),
    "fuzzy": said(39, 53, "Laurent Fabius", "fuzzy", 39, 53, moved=0, given_surface="Laurent Fabios"),
    "unlocated": said(None, None, "Lisbon", "unlocated", 6, 12),
    "no span of the text": said(None, None, None, "unlocated", 99, 104),
    "unverified": said(4, 9, "Paris", "unverified", 4, 9, moved=0),
    "unverified, from UTF-16": said(80, 84, "Bonn", "unverified", 81, 85, given_unit="UTF-16", moved=0),
}  # fmt: skip


@pytest.mark.parametrize("mention", BELIEVED.values(), ids=BELIEVED)
def test_what_the_text_bears_out_is_believed(mention: Mention) -> None:
    one, anchored = mentioning(mention), mention.anchored
    assert anchored is not None
    anchors = anchor(one)
    assert anchors.refused == 0
    found = anchors.spans.get(id(mention))
    assert (EXACT if found is None else found.status) == anchored.offset_status
    if found is not None:
        assert (mention.start, mention.end) == (anchored.given_start, anchored.given_end)
        assert (found.moved, found.given_surface) == (anchored.moved, anchored.given_surface)


REFUSED = {
    "other words stand there": (said(0, 5, "Paris", "exact", 0, 5, moved=0), MOVED),
    "moved to other words": (said(10, 15, "Paris", "moved", 6, 11, moved=4), MOVED),
    "another distance": (said(4, 9, "Paris", "moved", 6, 11, moved=-3), EXACT),
    "no distance": (said(4, 9, "Paris", "moved", 6, 11), EXACT),
    "a distance from nowhere": (said(4, 9, "Paris", "moved", moved=7), EXACT),
    "moved from where the words stand": (said(63, 68, "Paris", "moved", 4, 9, moved=59), EXACT),
    "exact, but elsewhere": (said(4, 9, "Paris", "exact", 5, 10, moved=0), EXACT),
    "converted from what it is": (said(4, 9, "Paris", "converted", 4, 9, moved=0), EXACT),
    "another unit": (said(80, 84, "Bonn", "converted", 81, 85, given_unit="UTF-8", moved=0), EXACT),
    "a unit that there is none of": (
        said(4, 9, "Paris", "moved", 6, 11, given_unit="ells", moved=-2), EXACT,
    ),
    "a status that there is none of": (said(4, 9, "Paris", "certain", 4, 9, moved=0), EXACT),
    "an empty status": (said(4, 9, "Paris", "", 4, 9, moved=0), EXACT),
    "not the tool's words": (
        said(4, 9, "Paris", "moved", 6, 11, moved=-2, given_surface="Bonn"), EXACT,
    ),
    "not the same words": (
        said(4, 9, "Paris", "normalised", 4, 9, moved=0, given_surface="Lisbon"), EXACT,
    ),
    "not nearly the same words": (
        said(4, 9, "Paris", "fuzzy", 4, 9, moved=0, given_surface="London"), EXACT,
    ),
    "without other words": (said(4, 9, "Paris", "normalised", 4, 9, moved=0), EXACT),
    "unlocated, with a place": (said(4, 9, "Paris", "unlocated", 4, 9), EXACT),
    "unlocated, and there": (said(None, None, "Bonn", "unlocated", 70, 74), MOVED),
    "unlocated, and there as given": (said(None, None, "Paris", "unlocated", 4, 9), EXACT),
    "unverified, elsewhere": (said(4, 9, "Paris", "unverified", 5, 10, moved=0), EXACT),
    "unverified, and moved": (said(4, 9, "Paris", "unverified", 4, 9, moved=1), EXACT),
    "without a place": (said(None, None, "Bonn", "moved", 70, 74, moved=2), MOVED),
    "beyond the text": (said(4, 999, "Paris", "moved", 6, 11, moved=-2), MOVED),
    "negative": (said(-3, 2, "Paris", "moved", 6, 11, moved=-2), MOVED),
    "huge numbers": (said(4, 9, "Paris", "moved", 10**30, -(10**30), moved=2**63), EXACT),
}  # fmt: skip


@pytest.mark.parametrize(("mention", "status"), REFUSED.values(), ids=REFUSED)
def test_what_the_text_does_not_bear_out_is_not_believed(mention: Mention, status: str) -> None:
    mention = msgspec.convert(msgspec.to_builtins(mention), Mention)
    one = mentioning(mention, said(39, 53, "Laurent Fabius", "moved", 40, 54, moved=-1))
    anchors = anchor(one)
    assert anchors.refused == 1
    found = anchors.spans.get(id(mention))
    assert (EXACT if found is None else found.status) == status
    # One that is wrong costs no other.
    assert anchors.spans[id(one.entities[0].mentions[1])].status == MOVED
    assert all(each.anchored is None for each in spans_of(one))


def test_a_text_that_was_edited_is_looked_at_anew() -> None:
    one = decoded(converted(mentioning(
        Mention(start=6, end=11, text="Paris"), Mention(start=82, end=88, text="Lisbon"),
    )))  # fmt: skip
    assert one.text is not None
    one.text = f"Today: {one.text} Lisbon."
    anchors = anchor(one)
    assert anchors.refused == 2
    paris, lisbon = one.entities[0].mentions
    start = one.text.index("Paris")
    assert anchors.spans[id(paris)] == Anchor(start, start + 5, "Paris", MOVED, 7)
    assert anchors.spans[id(lisbon)].status == MOVED


def test_checking_takes_time_linear_in_the_record() -> None:
    text = "ab " * 100_000
    mentions = [
        said(None, None, f"x{n}", "unlocated", n, n + 9, given_unit=f"unit {n}")
        for n in range(1000)
    ]
    mentions += [said(3, 5, "ab", "moved", n, n + 300_000, moved=9) for n in range(1000)]
    unverified = said(80, 84, "Bonn", "unverified", 81, 85, given_unit="UTF-16", moved=0)
    many = [msgspec.convert(msgspec.to_builtins(unverified), Mention) for _ in range(5000)]
    # Less than 1 s. What is quadratic would take a quarter of an hour.
    with seconds_of_processor(60):
        assert anchor(mentioning(*mentions, text=text)).refused == 2000
        assert anchor(mentioning(*many)).unit == UTF16


def test_without_a_text_nothing_is_borne_out_but_that_there_was_none() -> None:
    unverified = said(None, None, "Paris", "unverified", 6, 11)
    moved = said(4, 9, "Paris", "moved", 6, 11, moved=-2)
    anchors = anchor(mentioning(unverified, moved, text=None))
    assert anchors.refused == 1
    assert (unverified.start, unverified.end, unverified.text) == (6, 11, "Paris")
    assert (moved.start, moved.end, moved.text) == (4, 9, "Paris")


@settings(max_examples=40)
@given(articles(), st.data())
def test_whatever_a_record_says(article: Article, data: st.DataObject) -> None:
    """No anchor says of the text what is not so, and nobody's word is taken for it."""
    record = decoded(converted(article))
    numbers = st.sampled_from([None, -1, 0, 1, 5, 9, 2**63, 10**30])
    for span in spans_of(record):
        for part, field, values in (
            (
                span.anchored,
                "offset_status",
                st.sampled_from([EXACT, MOVED, FUZZY, UNLOCATED, "?"]),
            ),
            (span.anchored, "given_start", numbers),
            (span.anchored, "moved", numbers),
            (span.anchored, "given_unit", st.sampled_from(["UTF-16", "tokens", "?", None])),
            (span.anchored, "given_surface", st.sampled_from(["", "Paris", None])),
            (span, "start", numbers),
            (span, "text", st.sampled_from(["Paris", "", None])),
        ):
            if part is not None and data.draw(st.integers(0, 9)) == 0:
                setattr(part, field, data.draw(values))
    anchors = anchor(record)
    for span in spans_of(record):
        found = anchors.spans.get(id(span))
        assert span.anchored is None
        if found is None:
            assert record.text is not None
            assert record.text[span.start : span.end] == span.text != ""
        elif found.start is not None:
            assert record.text is not None
            assert record.text[found.start : found.end] == found.surface != ""
            assert found.status not in (EXACT, UNLOCATED)


# Of all formats -----------------------------------------------------------------------------------


def conversions(
    path: Path, format_name: str | None = None
) -> Iterator[tuple[Pipeline, Entry, Any]]:
    """The entries of a file, each with what it is converted to."""
    with closing(open_input(path)) as source:
        pipeline = Reading.of(format_name=format_name).pipeline(source)
        entries = list(pipeline.format.reader.entries(source))
    with closing(open_input(path)) as source:
        found = {each.line: each for each in convert(source, pipeline)}
    return ((pipeline, each, found.get(each.line)) for each in entries)


@every_format
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_a_file_holds_its_record_gives_the_same_rows(
    format_: Format, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = write_example(format_, tmp_path_factory.mktemp("converted"))
    target = sorted(path.iterdir())[0] if path.is_dir() else path
    target.write_bytes(data.draw(damaged(target.read_bytes())))
    try:
        found = list(conversions(path, format_.name))
    except InputError:
        return
    for pipeline, entry, conversion in found:
        given = read_record(pipeline, entry)
        assert (conversion is None) == bool(given.left_out)
        if conversion is None or conversion.json is None:
            assert conversion is None or conversion.rejected or given.draft is not None
            continue
        again = read_record(record_pipeline(), Entry(1, conversion.json))
        assert given.draft is not None
        assert again.draft is not None
        for draft in (given.draft, again.draft):
            draft.faults = draft.numbers_dropped = 0
        assert (again.draft, again.terms) == (given.draft, given.terms)
        assert (again.notes.claims_refused, again.notes.unknown_fields) == (0, {})


@pytest.fixture
def run() -> Run:
    return lambda *arguments: CliRunner().invoke(cli, [str(each) for each in arguments])


@pytest.fixture
def both(tmp_path: Path, run: Run, contents: Contents) -> Callable[..., tuple[Any, Any]]:
    """``both("a.jsonl", "--map", "m.toml")``: what is in a database into which these files were loaded,
    and in one into which their conversion was.
    """

    def load_both(*arguments: Path | str) -> tuple[Any, Any]:
        records, given, again = (tmp_path / name for name in ("r.jsonl", "given.db", "again.db"))
        records.write_bytes(run("convert", *arguments).stdout_bytes)
        assert run("load", given, *arguments, "--quiet").exit_code == 0
        assert run("load", again, records, "--quiet").exit_code == 0
        assert run("convert", records).stdout_bytes == records.read_bytes()
        return _said(given, contents), _said(again, contents)

    return load_both


def _said(database: Path, contents: Contents) -> tuple[dict[str, Any], list[bytes]]:
    """What the tables say, but that and how it was read, and the exports."""
    left_out = {"articles": {"record_hash"}}
    tables: dict[str, Any] = {}
    for table, rows in contents(database, provenance=False).items():
        columns = [
            each
            for each in TABLES[table].columns
            if each not in {"id", "source_id", "resume_line", "resume_byte"}
        ]
        apart = {columns.index(each) for each in left_out.get(table, ())}
        tables[table] = [
            tuple(value for place, value in enumerate(row) if place not in apart) for row in rows
        ]
    with open_store(database) as db:
        documents = [b"".join(stream(db, format_, with_text=True)) for format_ in FORMATS]
    return tables, documents


@every_format
def test_a_conversion_is_a_load(
    format_: Format, tmp_path: Path, both: Callable[..., tuple[Any, Any]]
) -> None:
    given, again = both(write_example(format_, tmp_path))
    assert given[0]["entities"]
    assert again == given


def task(number: int, text: str, *spans: tuple[int, int, str], **more: Any) -> dict[str, Any]:
    """A record as doccano exports it."""
    entities = [
        {"id": place, "start_offset": start, "end_offset": end, "label": label}
        for place, (start, end, label) in enumerate(spans)
    ]
    return {"id": number, "text": text, "entities": entities, "relations": [], **more}


def record(id_: str, *mentions: dict[str, Any], **more: Any) -> dict[str, Any]:
    entity = {"id": "e1", "type": "Place", "name": "Paris", "mentions": mentions}
    return {"id": id_, "text": TEXT, "entities": [entity], **more}


def ftm(schema: str, **properties: str) -> dict[str, Any]:
    """An entity of FollowTheMoney."""
    values = {name: [value] for name, value in properties.items()}
    return {"id": schema, "schema": schema, "properties": values}


KABUL = "Kabul fell."


@pytest.mark.parametrize(
    "files",
    [
        {"one.jsonl": [task(1, KABUL, (0, 5, "GPE"), url="http://k.example/"),
                       task(2, "Paris", (0, 5, "GPE"), url="http://k.example/")]},
        {"one.jsonl": [task(1, KABUL, (0, 5, "GPE"))], "two.jsonl": [task(1, KABUL, (6, 10, "WAR"))]},
        {"tool.jsonl": [task(1, KABUL, (0, 5, "GPE"), url="http://k.example/")],
         "own.jsonl": [record("http://k.example/"), record("b")]},
        {"own.jsonl": [record("a", {"start": 6, "end": 11, "text": "Paris"}),
                       record("a", {"start": 63, "end": 68, "text": "Paris"})]},
        {"own.jsonl": [record("a", {"start": 6, "end": 11, "text": "PARIS"}, {"text": "Paris"},
                              {"start": 1, "end": 3, "text": "Lisbon"}, {"start": 4, "end": 9}, {}),
                       record("b", {"start": 81, "end": 85, "text": "Bonn"},
                              {"start": 60, "end": 65, "text": "Pariß", "confidence": 7})]},
        {"own.jsonl": [record("a", {"start": 81, "end": 85, "text": "Bonn"},
                              {"start": 73, "end": 77, "text": "then"},
                              zones=[{"zone": "title", "start": 0, "end": 38},
                                     {"zone": "caption", "start": 73, "end": 86}])]},
        {"ftm.ijson": [ftm("Person", name="Ana"),
                       ftm("Address", full="Rome", latitude="nan", longitude="inf")]},
    ],
    ids=["a text that comes again", "in another file", "of another tool", "a record that comes again",
         "spans of all kinds", "zones in UTF-16", "numbers that are none"],
)  # fmt: skip
def test_a_conversion_of_such_files_is_a_load(
    files: dict[str, list[Any]], write: Write, both: Callable[..., tuple[Any, Any]]
) -> None:
    given, again = both(*(write(name, *records) for name, records in files.items()))
    assert again == given


def test_a_folder_a_sidecar_and_a_map_count_in_a_conversion(
    write: Write, both: Callable[..., tuple[Any, Any]]
) -> None:
    write("in/a.jsonl", task(1, KABUL, (0, 5, "GPE"), (6, 10, "FALL")))
    write("in/b/c.jsonl", task(7, "Paris 😀 shone", (0, 5, "GPE")))
    rows = write("rows.jsonl", {"id": "7", "url": "http://p.example/", "title": "Shining"})
    labels = write(
        "labels.json", {"types": {"FALL": {"type": "Ruin", "iri": "http://x.example/R"}}}
    )
    given, again = both(rows.with_name("in"), "--articles", rows, "--map", labels)
    assert [row[1:] for row in given[0]["vocabulary"]] == [("ruin", "http://x.example/R")]
    assert "Shining" in str(given[0]["articles"])
    assert again == given


def test_what_is_not_borne_out_is_told(write: Write, run: Run, db_path: Path) -> None:
    anchored = {"offset_status": "moved", "given_start": 6, "given_end": 11, "moved": -2}
    one = {"start": 4, "end": 9, "text": "Paris", "anchored": anchored}
    mentions = [one, one | {"anchored": "yes"}, one | {"anchored": anchored | {"moved": 3}}]
    path = write("a.jsonl", record("a", *mentions))
    told = "2 spans are not what the record says they are (anchored): looked for again"
    loaded = run("load", "--strict", db_path, path)
    assert loaded.exit_code == 0
    assert told in loaded.stderr
    assert told in run("convert", path).stderr
    assert "anchored anew   2 spans" in run("inspect", path).stdout
    with closing(sqlite3.connect(db_path)) as connection:
        assert connection.execute(
            "SELECT offset_status, given_start, moved, count(*) FROM mentions GROUP BY 1"
        ).fetchall() == [("exact", 4, 0, 2), ("moved", 6, -2, 1)]


def test_a_term_that_is_none_is_rejected(write: Write, run: Run, db_path: Path) -> None:
    terms = [
        {"kind": "type", "label": "Place", "iri": "http://x.example/Place"},
        {"kind": "type", "label": "Place", "iri": "Place"},
        {"kind": "colour", "label": "Place", "iri": "http://x.example/Place"},
    ]
    run("load", db_path, write("a.jsonl", record("a", vocabulary=terms)))
    with closing(sqlite3.connect(db_path)) as connection:
        assert connection.execute("SELECT kind, label, iri FROM vocabulary").fetchall() == [
            ("type", "place", "http://x.example/Place")
        ]
        reasons = [row[0] for row in connection.execute("SELECT reason FROM rejects ORDER BY item")]
    assert "vocabulary[2]" in reasons[0]
    assert reasons[1] == "vocabulary[1]: 'Place' is not an absolute IRI"
