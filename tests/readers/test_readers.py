"""Stage 1: what a file of article records may look like, and what is made of a record that is off."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import re
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.record.reader import entries, parse
from datasette_newsgraph.readers.limits import Limit
from datasette_newsgraph.readers.source import Entry, Source

Record = dict[str, Any]
Reading = Callable[..., list[tuple[int, bytes]]]


@pytest.fixture
def read(tmp_path: Path) -> Reading:
    """``read(data, "a.jsonl")``: the records of a file with these bytes, each with its line."""

    def lines_and_records(data: bytes, name: str = "a.jsonl") -> list[tuple[int, bytes]]:
        path = tmp_path / name
        path.write_bytes(data)
        with closing(Source(path)) as source:
            return [(entry.line, entry.raw) for entry in entries(source)]

    return lines_and_records


def parsed(**fields: Any) -> Parsed:
    """What is made of a record with these fields beside its id."""
    return parse(json.dumps({"id": "a1", **fields}).encode())


def refusal(raw: bytes) -> str | None:
    """Why no article can be made of a record; None if one can."""
    try:
        parse(raw)
    except RecordError as error:
        return str(error)
    return None


def reasons(given: Parsed) -> list[str]:
    return [fault.reason for fault in given.faults]


# Files ------------------------------------------------------------------------------------------

ONE = b'{"id":"a1"}'
TWO = b'{"id":"a2"}'
TWO_LINES = [(1, ONE), (2, TWO)]
BOM = b"\xef\xbb\xbf"
DRESSES = {
    "lines": ONE + b"\n" + TWO + b"\n",
    "no line feed at the end": ONE + b"\n" + TWO,
    "CRLF": ONE + b"\r\n" + TWO + b"\r\n",
    "BOM": BOM + ONE + b"\n" + TWO + b"\n",
    "gzip": gzip.compress(ONE + b"\n" + TWO + b"\n"),
    "gzip, two members": gzip.compress(ONE + b"\n") + gzip.compress(TWO + b"\n"),
    "gzip, zeros behind": gzip.compress(ONE + b"\n" + TWO) + b"\0" * 512,
    "gzip, BOM, CRLF": gzip.compress(BOM + ONE + b"\r\n" + TWO),
    "array": b"[" + ONE + b",\n" + TWO + b"]",
    "array on one line": b"[" + ONE + b", " + TWO + b"]",
    "array, BOM": BOM + b"[" + ONE + b"\n," + TWO + b"\n]\n",
    "array, gzip": gzip.compress(b"[" + ONE + b",\n" + TWO + b"]"),
}


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.jsonl.gz", "a"])
def test_the_same_records_in_many_dresses(read: Reading, dress: str, name: str) -> None:
    assert read(DRESSES[dress], name) == TWO_LINES


@pytest.mark.parametrize("data", [b"", b"\n", b" \r\n\t\n", b"\xef\xbb\xbf", b"[]", b"\n [ ] \n"])
def test_a_file_without_records(read: Reading, data: bytes) -> None:
    assert read(data, "a.json") == []


def test_blank_lines_count_but_are_no_records(read: Reading) -> None:
    assert read(b"\n\r\n" + ONE + b"\n  \n\n" + TWO) == [(3, ONE), (6, TWO)]


def test_lines_end_at_a_line_feed_only(read: Reading) -> None:
    # str.splitlines would cut at each of these.
    for separator in "\u2028\u2029\x85\v\f\x1c\x1d\x1e\r":
        line = f'{{"id":"a{separator}1"}}'.encode()
        assert read(line + b"\n" + TWO) == [(1, line), (2, TWO)]


def test_one_object_on_many_lines(read: Reading) -> None:
    pretty = json.dumps({"id": "a1", "authors": ["Ana"]}, indent=2).encode()
    assert read(pretty, "a.json") == [(1, pretty)]
    assert read(b"\n\n" + pretty + b"\n", "a.json") == [(1, pretty)]
    assert read(pretty.replace(b"\n", b"\r\n"), "a.json") == [(1, pretty)]
    assert read(gzip.compress(pretty), "a.json.gz") == [(1, pretty)]


def test_an_array_on_many_lines(read: Reading) -> None:
    found = read(json.dumps([{"id": "a1"}, {"id": "a2"}, "no object"], indent=2).encode(), "a.json")
    assert [(line, json.loads(raw)) for line, raw in found] == [
        (1, {"id": "a1"}),  # in an array, a record's number is its line
        (2, {"id": "a2"}),
        (3, "no object"),
    ]


@pytest.mark.parametrize("data", [b"[" + ONE + b",", b"[" + ONE + b"] x", b"[" * 200_000, b"["])
def test_a_broken_array_is_refused_as_a_whole(read: Reading, data: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.json: is not a JSON array .*one article a line"):
        read(data, "a.json")


@pytest.mark.parametrize("first", [b'["no", "object"]', b"[", b"[1, 2", b"{", b'{"id": "a', b"x"])
def test_a_first_line_that_is_broken_does_not_spoil_the_others(read: Reading, first: bytes) -> None:
    assert read(first + b"\n" + TWO + b"\n", "a.jsonl") == [(1, first), (2, TWO)]


@pytest.mark.parametrize("first", [b"{", b'{"id": "a', b"x"])
def test_the_same_where_the_name_does_not_tell(read: Reading, first: bytes) -> None:
    assert read(first + b"\n" + TWO + b"\n", "a") == [(1, first), (2, TWO)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_utf_16_is_refused_with_the_remedy(
    read: Reading, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(InputError, match=r"a\.jsonl: is UTF-16; .*iconv"):
        read(pack('\ufeff{"id": "a1"}\n'.encode(encoding)))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing\.jsonl: No such file or directory; check"):
        Source(tmp_path / "nothing.jsonl")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    data = ONE + b"\n\n" + TWO
    stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(data)))  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "stdin", stdin)
    source = Source("-")
    assert [(entry.line, entry.raw) for entry in entries(source)] == [(1, ONE), (3, TWO)]
    source.close()
    assert not stdin.buffer.closed
    assert (source.name, source.size) == ("-", None)


def test_a_pipe_with_a_name(tmp_path: Path) -> None:
    """As of ``newsgraph load news.db <(zcat articles.gz)``: nothing to seek in."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[gzip.compress(ONE + b"\n" + TWO)])
    writer.start()
    with closing(Source(pipe)) as source:
        assert [entry.raw for entry in entries(source)] == [ONE, TWO]
        assert source.position() >= 0
    writer.join()


def test_a_line_that_is_too_long_is_a_fault_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    giant = b'{"id":"' + b"x" * 3_000_000 + b'"}'
    path.write_bytes(gzip.compress(ONE + b"\n" + giant + b"\n" + TWO + b"\n" + giant))
    assert path.stat().st_size < 10_000
    with closing(Source(path, Limit(1 << 20))) as source:
        found = list(source.lines())
    long = "the line is longer than 1 MiB; raise --max-article to load it"
    assert [(each.line, each.raw[:11], each.fault) for each in found] == [
        (1, ONE, None),
        (2, giant[:11], long),
        (3, TWO, None),
        (4, giant[:11], long),
    ]
    assert all(len(each.raw) <= 4096 for each in found)


@pytest.mark.parametrize("length", [63, 64])
def test_a_line_as_long_as_allowed(tmp_path: Path, length: int) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"x" * length + b"\n" + b"y" * length)
    with closing(Source(path, Limit(64))) as source:
        assert [each.fault for each in source.lines()] == [None, None]


# Going on where a load stopped ------------------------------------------------------------------


def lines(path: Path, resume: tuple[int, int, str] | None = None) -> tuple[int, list[Entry]]:
    """The line behind which reading began, and what it gave."""
    with closing(Source(path)) as source:
        found = list(source.lines(resume))
        return source.resumed_line, found


def resume_point(entry: Entry) -> tuple[int, int, str]:
    assert entry.end is not None
    assert entry.digest is not None
    return entry.line, entry.end, entry.digest


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_reading_goes_on_behind_any_line(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(pack(b"\xef\xbb\xbf" + b"\r\n\n".join(b'{"id":"%d"}' % n for n in range(9))))
    _, whole = lines(path)
    assert len(whole) == 9
    for number, entry in enumerate(whole):
        assert lines(path, resume_point(entry)) == (entry.line, whole[number + 1 :])


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(
    "changed",
    [
        b'{"id":"X"}\n{"id":"2"}\n{"id":"3"}\n',  # what was read
        b'{"id":"1"}\n',  # shorter than that
        b'\xef\xbb\xbf{"id":"1"}\n{"id":"2"}\n{"id":"3"}\n',
        b"",
    ],
)
def test_a_file_that_has_changed_is_read_from_the_beginning(
    tmp_path: Path, pack: Callable[[bytes], bytes], changed: bytes
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(pack(b'{"id":"1"}\n{"id":"2"}\n{"id":"3"}\n'))
    stopped = resume_point(lines(path)[1][1])
    path.write_bytes(pack(changed))
    assert lines(path, stopped) == (0, lines(path)[1])


def test_a_file_that_has_grown_is_taken_up_again(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(ONE + b"\n")
    stopped = resume_point(lines(path)[1][0])
    path.write_bytes(ONE + b"\n" + TWO + b"\n")
    resumed, found = lines(path, stopped)
    assert (resumed, [entry.raw for entry in found]) == (1, [TWO])


# Records that are off ---------------------------------------------------------------------------


def test_a_record_that_is_right_has_nothing_to_tell(article: Record) -> None:
    found = parse(json.dumps(article).encode())
    assert msgspec.to_builtins(found.article) == msgspec.to_builtins(
        msgspec.convert(article, Article)
    )
    assert (found.faults, found.notes.unknown_fields, found.notes.numbers_dropped) == ([], {}, 0)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"id":"a1"} {"id":"a2"}', "not JSON: Extra data at character 13"),
        (b'{"id":"a', "not JSON: Unterminated string starting at character 7"),
        (b'{"id":"a\0"}', "not JSON: Invalid control character"),
        (b'{"id":"a\x1b"}', "not JSON: Invalid control character"),
        (b'{"id":"a\xff"}', "not UTF-8: byte 9 of the line"),
        (b'{"id":"a\xed\xa0\x80"}', "not UTF-8: byte 9"),  # a surrogate in UTF-8
        (b"[]", "expected a JSON object, got list"),
        (b'"a1"', "expected a JSON object, got str"),
        (b"null", "expected a JSON object, got NoneType"),
        (b"{}", "not an article record: .*`id`"),
        (b'{"id":null}', "not an article record: .*`id`"),
        (b'{"id":["a1"]}', r"not an article record: .*\$\.id"),
        (b'{"id":"a1","title":["x"]}', r"not an article record: .*\$\.title"),
        (b'{"id":"a1","authors":"Ana"}', r"not an article record: .*\$\.authors"),
        (b'{"id":"a1","extractor":"spacy"}', r"not an article record: .*\$\.extractor"),
        (b'{"id":"a1","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"id":"a1","x":' + b'{"a":' * 2000 + b"1" + b"}" * 2000 + b"}", "nested too deeply"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_costs_the_whole_record(raw: bytes, reason: str) -> None:
    with pytest.raises(RecordError, match=f"^{reason}"):
        parse(raw)


def test_unknown_fields_are_counted_by_path() -> None:
    found = parsed(
        source="AFP",
        tags=[1],
        entities=[
            {"id": "e1", "type": "Place", "name": "Kabul", "label_": "GPE"},
            {"id": "e2", "type": "Place", "name": "Paris", "label_": "GPE", "mentions": [{"x": 1}]},
        ],
        extractor={"name": "spacy", "lang": "en"},
    )
    assert found.notes.unknown_fields == {
        "source": 1,
        "tags": 1,
        "entities[].label_": 2,
        "entities[].mentions[].x": 1,
        "extractor.lang": 1,
    }
    assert found.faults == []
    assert [entity.name for entity in found.article.entities] == ["Kabul", "Paris"]


def test_numbers_do_for_ids() -> None:
    found = parse(
        b'{"id":7,"entities":[{"id":1,"type":"A","name":"x"},{"id":2,"type":"A","name":"y"}],'
        b'"relations":[{"subject":1,"predicate":"p","object":2}],"quotes":[{"speaker":2}]}'
    ).article
    assert found.id == "7"
    assert [entity.id for entity in found.entities] == ["1", "2"]
    assert (found.relations[0].subject, found.relations[0].object) == ("1", "2")
    assert found.quotes[0].speaker == "2"


def test_null_is_the_same_as_absent() -> None:
    fields = [name for name in Article.__struct_fields__ if name != "id"]
    found = parsed(**dict.fromkeys(fields))
    assert found.article == Article(id="a1")
    assert (found.faults, found.notes.numbers_dropped) == ([], 0)


@pytest.mark.parametrize(
    ("start", "taken", "dropped"),
    [
        ("7", 7, 0),
        ("7.0", 7, 0),
        ("7.5", None, 1),
        ('"7"', None, 1),
        ("true", None, 1),
        ("NaN", None, 1),
        ("-Infinity", None, 1),
        ("1e999", None, 1),
        ("1" + "0" * 4999, None, 1),
        ("-3", -3, 0),
        ("null", None, 0),
        ("[]", None, 1),
        ("18446744073709551616", 1 << 64, 0),
    ],
)
def test_offsets_that_are_no_numbers(start: str, taken: int | None, dropped: int) -> None:
    found = parse(b'{"id":"a1","quotes":[{"start":%b,"end":9}]}' % start.encode())
    (quote,) = found.article.quotes
    assert (quote.start, quote.end) == (taken, 9)
    assert found.notes.numbers_dropped == dropped
    assert found.faults == []


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "1e999", "-1e999", "9" * 5000, '"0.5"', "false", "9" * 400]
)
@pytest.mark.parametrize("field", ["confidence", "start"])
def test_a_number_that_is_none_costs_nothing_else(number: str, field: str) -> None:
    found = parse(
        b'{"id":"a1","entities":[{"id":"e1","type":"Place","name":"Kabul",'
        b'"mentions":[{"%b":%b,"text":"Kabul"}]}]}' % (field.encode(), number.encode())
    )
    assert reasons(found) == []
    (mention,) = found.article.entities[0].mentions
    assert mention.text == "Kabul"
    assert mention.confidence is None


def test_nul_and_lone_surrogates_become_replacement_characters_one_for_one() -> None:
    found = parse(
        rb'{"id":"a\u0000","text":"x\ud800y\u0000z\udc00\ud83d\ude00!","authors":["\ud800"],'
        rb'"entities":[{"id":"e1","type":"\u0000","name":"\udfff","mentions":[{"text":"\u0000"}]}]}'
    )
    assert found.article.id == "a\ufffd"
    assert found.article.text == "x\ufffdy\ufffdz\ufffd😀!"
    assert found.article.authors == ["\ufffd"]
    (entity,) = found.article.entities
    assert (entity.type, entity.name, entity.mentions[0].text) == ("\ufffd",) * 3
    assert found.faults == []


@given(st.lists(st.sampled_from(["a", "é", "😀", "\0", "\ud800", "\udc00", "\\", "u0000"])))
def test_no_offset_shifts(pieces: list[str]) -> None:
    text = "".join(pieces)
    encoded = json.dumps({"id": "a1", "text": text}).encode()
    expected = json.loads(encoded)["text"]  # here two surrogates can have become a character
    found = parse(encoded).article.text
    assert found is not None
    assert len(found) == len(expected)
    assert all(
        one == other or (one == "\ufffd" and other in "\0\ud800\udc00")
        for one, other in zip(found, expected, strict=True)
    )


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"entities": 7}, "entities: expected a list, got int"),
        ({"entities": {"id": "e1"}}, "entities: expected a list, got dict"),
        ({"entities": ["Kabul"]}, r"entities\[0\]: Expected `object`, got `str`"),
        ({"entities": [{"id": "e1"}]}, r"entities\[0\]: .*`type`"),
        ({"entities": [{"id": "e1", "type": "A"}]}, r"entities\[0\]: .*`name`"),
        ({"relations": [{"subject": "e1"}]}, r"relations\[0\]: .*`predicate`"),
        (
            {"relations": [{"subject": "e1", "predicate": "p", "value": [1]}]},
            r"relations\[0\]: .*\$\.value",
        ),
        (
            {"relations": [{"subject": "e1", "predicate": "p", "value": "x", "datatype": "URL"}]},
            r"relations\[0\]: .*\$\.datatype",
        ),
        ({"quotes": [{"speaker": ["e1"]}]}, r"quotes\[0\]: .*\$\.speaker"),
        ({"zones": [{"zone": "sidebar", "start": 0, "end": 1}]}, r"zones\[0\]: .*sidebar"),
        ({"zones": [{"zone": "body", "start": 0}]}, r"zones\[0\]: .*`end`"),
        ({"zones": [{"zone": "body", "start": "0", "end": 1}]}, r"zones\[0\]: .*\$\.start"),
    ],
)
def test_what_costs_a_part_of_the_record_only(part: Record, reason: str) -> None:
    found = parsed(title="Kabul falls", **part)
    (fault,) = found.faults
    assert re.match(reason, fault.reason)
    # The part stands in the fault as it was, to be stored.
    (given,) = part.values()
    assert fault.part == (given[0] if isinstance(given, list) else given)
    assert msgspec.json.encode(fault.part)
    assert getattr(found.article, next(iter(part))) == []
    assert found.article.title == "Kabul falls"


def test_a_bad_mention_costs_itself_only_and_is_found() -> None:
    found = parsed(
        entities=[
            {"id": "e1", "type": "Place", "name": "Paris"},
            {
                "id": "e2",
                "type": "Place",
                "name": "Kabul",
                "mentions": [{"text": "Kabul"}, {"text": 7}],
            },
        ]
    )
    assert [mention.text for mention in found.article.entities[1].mentions] == ["Kabul"]
    (reason,) = reasons(found)
    assert reason.startswith("entities[1].mentions[1]: ")


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from(Article.__struct_fields__), JUNK),
    st.dictionaries(
        st.sampled_from(["id", "type", "name", "aliases", "same_as", "latitude", "mentions"]), JUNK
    ),
    st.dictionaries(st.sampled_from(["start", "end", "text", "confidence", "zone"]), JUNK),
)
@example({"id": 10**300}, {"latitude": 10**399}, {"start": 10**399, "confidence": 10**399})
def test_any_json_gives_an_article_or_a_reason(
    fields: Record, entity: Record, span: Record
) -> None:
    entity = {"id": "e1", "type": "A", "name": "x", "mentions": [span]} | entity
    record = {"id": "a1", "entities": [entity], "quotes": [span], "zones": [span]} | fields
    raw = json.dumps(record).encode()
    reason = refusal(raw)
    if reason is not None:
        assert "\n" not in reason
        return
    found = parse(raw)
    assert json.loads(msgspec.json.encode(found.article))["id"] == found.article.id
    for fault in found.faults:
        assert fault.reason
        assert msgspec.json.encode(fault.part)


REASONS = ("not JSON: ", "not UTF-8: ", "not an article record: ", "expected a JSON object, got ")


@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf{}")
@example(b"1e999")
@example(b"-")
def test_bytes_that_are_no_record(raw: bytes) -> None:
    assert (refusal(raw) or "").startswith(REASONS)


def test_a_damaged_record_gives_an_article_or_a_reason(article: Record) -> None:
    raw = json.dumps(article, ensure_ascii=False).encode()
    chance = random.Random(7)
    for _ in range(300):
        damaged = bytearray(raw)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        reason = refusal(bytes(damaged))
        assert reason is None or reason.startswith(REASONS)
