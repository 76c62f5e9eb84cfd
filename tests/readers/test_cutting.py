"""Cutting files into records: any layout, any block size, any size, without holding the file."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from datasette_newsgraph.errors import DamagedInput, InputError
from datasette_newsgraph.readers import cutting, elements
from datasette_newsgraph.readers.elements import MAX_DEPTH, NotJson, Stream, Unfinished
from datasette_newsgraph.readers.limits import DEFAULT, Limit
from datasette_newsgraph.readers.source import Entry, Source

Cut = Callable[..., list[Any]]
Entries = Callable[..., Iterator[Entry]]
DEEP = "nested too deeply"


def pieces(
    data: bytes, block: int = 1 << 20, cut: Any = elements.elements
) -> list[tuple[Any, ...]]:
    return list(cut(Stream(BytesIO(data).read, block)))


def until_broken(data: bytes, block: int, cut: Any = elements.elements) -> tuple[Any, ...]:
    """What is cut off before the stream proves broken, and how it does."""
    found = []
    try:
        for each in cut(Stream(BytesIO(data).read, block)):
            found.append(each)
    except NotJson as error:
        return found, type(error), str(error)
    return found, None, None


# Streams ------------------------------------------------------------------------------------------

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(alphabet=st.sampled_from('ab"\\[]{},: \n\té\u2028😀'), max_size=12)
)
json_values = st.recursive(
    scalars,
    lambda each: (
        st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=3), each, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(json_values, max_size=6), st.integers(1, 40), st.booleans(), st.booleans())
@example(["\\", '"', '\\"]', "\\\\"], 1, False, False)
@example([float("nan"), [float("inf")], {"a": "]\\"}], 2, True, False)
@example([1, 23, 456], 1, False, True)
def test_an_array_cut_at_any_block_is_what_json_reads(
    given_values: list[Any], block: int, pretty: bool, escaped: bool
) -> None:
    data = json.dumps(given_values, indent=1 if pretty else None, ensure_ascii=escaped).encode(
        "utf-8", "surrogatepass"
    )
    found = pieces(data, block)
    assert [each.fault for each in found] == [None] * len(found)
    expected = [json.dumps(each) for each in given_values]
    assert [json.dumps(json.loads(each.raw)) for each in found] == expected


@given(
    st.lists(st.dictionaries(st.text(max_size=3), json_values, max_size=3), min_size=1, max_size=4),
    st.integers(1, 40),
    st.sampled_from(["", "\n", "\r\n\r\n "]),
)
def test_objects_one_after_the_other(objects: list[Any], block: int, between: str) -> None:
    data = between.join(json.dumps(each, indent=2) for each in objects).encode()
    found = pieces(data, block, elements.values)
    assert [json.dumps(json.loads(each.raw)) for each in found] == list(map(json.dumps, objects))


@given(st.text(alphabet='[]{}",:\\ 1aN\n', max_size=40), st.integers(1, 9))
@example('{"a\\', 3)
@example('[{\\"]},"\\', 2)
def test_nonsense_is_cut_alike_at_any_block(nonsense: str, block: int) -> None:
    data = b"[" + nonsense.encode()
    assert until_broken(data, block) == until_broken(data, 1 << 20)


@given(st.lists(json_values, min_size=1, max_size=4), st.data())
def test_a_truncated_array_gives_the_elements_before(
    values: list[Any], data: st.DataObject
) -> None:
    whole = json.dumps(values).encode()
    length = data.draw(st.integers(0, len(whole) - 1))
    found, error, _ = until_broken(whole[:length], data.draw(st.integers(1, 20)))
    assert error is (Unfinished if length else NotJson)
    # A number that is cut off is a number too.
    expected = pieces(whole)[: len(found)]
    assert found[:-1] == expected[:-1]
    assert not found or expected[-1].raw.startswith(found[-1].raw)


@pytest.mark.parametrize(
    ("data", "count", "reason"),
    [
        (b"{}", 0, "does not begin"),
        (b"[1 2]", 1, "expected a comma or ], found '2'"),
        (b"[1,]", 1, "a comma before ]"),
        (b"[,1]", 0, "expected a value, found ','"),
        (b"[1}", 1, "expected a comma"),
        (b"[1] x", 1, "more behind its end"),
        (b"[1][2]", 1, "more behind its end"),
        (b"[1,", 1, "ends too early"),
        (b"[", 0, "ends too early"),
        (b'["a', 0, "the file ends within it"),
        (b'[{"a": [1}', 0, "the file ends within it"),
    ],
)
def test_what_breaks_an_array(data: bytes, count: int, reason: str) -> None:
    for block in (1, 2, 1 << 20):
        found, _, text = until_broken(data, block)
        assert len(found) == count
        assert reason in text


@pytest.mark.parametrize("bad", ["NaN", "nul", '"a\nb"', '{"a": Infinity}', "{'a': 1}", "[1,]"])
def test_what_is_no_json_costs_no_other_element(bad: str) -> None:
    data = f'[{{"id": 1}}, {bad}, {{"id": 2}}]'.encode()
    assert [each.raw.decode() for each in pieces(data)] == ['{"id": 1}', bad, '{"id": 2}']


@pytest.mark.parametrize("block", [7, 1 << 20])
@pytest.mark.parametrize("broken", ["", "NaN,"])
@pytest.mark.parametrize("opening", ["[", '{"a":', '[["]"],'])
def test_nesting_is_taken_up_to_its_limit(opening: str, broken: str, block: int) -> None:
    levels = 1
    closing = "}" if opening[0] == "{" else "]"

    def nested(depth: int) -> bytes:
        return f"{opening * (depth - levels)}[{broken}{1}]{closing * (depth - levels)}".encode()

    for depth, fault in [(MAX_DEPTH, None), (MAX_DEPTH + 1, DEEP), (20_000, DEEP)]:
        data = b'[{"id":1},' + nested(depth) + b',{"id":2}]'
        first, middle, last = pieces(data, block)
        assert (first.raw, last.raw) == (b'{"id":1}', b'{"id":2}')
        assert middle.fault == fault
        assert middle.raw == (nested(depth) if fault is None else nested(depth)[:4096])


def test_what_is_long_or_deep_is_passed_over_and_not_held() -> None:
    def parts() -> Iterator[bytes]:
        yield b'[{"id":1},'
        yield from [b"[" * 250_000] * 40
        yield from [b"]" * 250_000] * 40
        yield b',{"text":"'
        yield from [b'x\\"\\\\]' * 50_000] * 40
        yield b'"},['
        yield from [b'[],{"a":{}},' * 20_000] * 50
        yield b'1],{"id":2}]'

    rest = parts()
    tracemalloc.start()
    found = list(elements.elements(Stream(lambda size: next(rest, b""), 1 << 18, Limit(1 << 20))))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [each.fault for each in found] == [
        None,
        DEEP,
        "the value is longer than 1 MiB; raise --max-article to load it",
        "the value is longer than 1 MiB; raise --max-article to load it",
        None,
    ]
    assert all(len(each.raw) <= 4096 for each in found)
    assert peak < 12 << 20


# Files --------------------------------------------------------------------------------------------


@pytest.fixture
def cut(tmp_path: Path) -> Cut:
    """``cut(data, "a.json")``: the entries of a file with these bytes, as (line, raw, fault)."""

    def entries_of(
        data: bytes,
        name: str = "a.json",
        entries: Entries = cutting.records,
        limit: Limit = DEFAULT,
    ) -> list[tuple[int, bytes, str | None]]:
        path = tmp_path / name
        path.write_bytes(data)
        with closing(Source(path, limit)) as source:
            found = [(each.line, each.raw, each.fault) for each in entries(source)]
            unpacked = gzip.decompress(data) if name.endswith(".gz") else data
            assert source.sha256 == hashlib.sha256(unpacked).hexdigest()
        return found

    return entries_of


PRETTY = json.dumps({"id": "a1", "tags": ["x", "y"]}, indent=1).encode()
OTHER = json.dumps({"id": "a2", "tags": [float("nan")]}, indent=1).encode()


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a"])
def test_objects_on_several_lines_as_jq_writes_them(cut: Cut, name: str) -> None:
    found = cut(PRETTY + b"\n" + OTHER + b"\n", name)
    assert found == [(1, PRETTY, None), (2, OTHER, None)]


def test_a_long_array(cut: Cut, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "_HEAD", 1000)
    objects = [json.dumps({"id": number, "text": "é\\" * number}).encode() for number in range(400)]
    expected = [(number, raw, None) for number, raw in enumerate(objects, 1)]
    for separator in (b",", b" ,\r\n"):
        array = b"\xef\xbb\xbf [" + separator.join(objects) + b"]\n"
        assert cut(array) == expected
        assert cut(array, "a.jsonl") == expected
        assert cut(gzip.compress(array), "a.json.gz") == expected


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_lines_that_are_lists(cut: Cut, name: str) -> None:
    assert cut(b"[1]\n[2]\n", name) == [(1, b"[1]", None), (2, b"[2]", None)]


def test_a_large_file_of_lines_with_a_broken_first(
    cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "_HEAD", 100)
    lines = [b'{"id": "a", "text":', *[b'{"id": "%d"}' % number for number in range(50)]]
    expected = [(number, raw, None) for number, raw in enumerate(lines, 1)]
    for name in ("a", "a.json", "a.jsonl"):
        assert cut(b"\n".join(lines), name) == expected


def test_an_object_longer_than_what_is_looked_at(cut: Cut, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "_HEAD", 100)
    data = json.dumps({"text": "x" * 50, "entities": [{"id": 1}] * 50}, indent=2).encode()
    assert cut(data) == [(1, data, None)]


def until_damage(path: Path, entries: Entries) -> tuple[list[bytes], str]:
    """What is read before the damage, and how that is told."""
    found = []
    with closing(Source(path)) as source:
        try:
            for each in entries(source):
                found.append(each.raw)
        except DamagedInput as error:
            assert source.sha256 is None
            return found, str(error)
    raise AssertionError("no damage")


@pytest.mark.parametrize("tail", [b"", b"]]", b'{"id":"a3"}]', b", x", b',{"id":"a3'])
def test_the_elements_before_the_break_are_read(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'[{"id":"a1"}, {"id":"a2"}' + tail)
    found, error = until_damage(path, cutting.records)
    assert re.search(r"a\.json: is not a JSON array \(element \d: .*one article a line", error)
    assert found[:2] == [b'{"id":"a1"}', b'{"id":"a2"}']


@pytest.mark.parametrize("entries", [cutting.records, cutting.whole])
@pytest.mark.parametrize("lost", [8, 400])
def test_a_damaged_gzip(tmp_path: Path, entries: Entries, lost: int) -> None:
    noise = hashlib.shake_128(b"noise").hexdigest(200_000)
    packed = gzip.compress(b'[{"id":"a1"},{"id":"a2","text":"' + noise.encode() + b'"}]')
    path = tmp_path / "a.json.gz"
    path.write_bytes(packed[:-lost])
    found, error = until_damage(path, entries)
    assert re.search(r"a\.json\.gz: .*the gzip stream is damaged .*again", error)
    if entries is cutting.records:
        assert found[0] == b'{"id":"a1"}'


@pytest.mark.parametrize("entries", [cutting.records, cutting.lists, cutting.whole])
@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \n", b"\xef\xbb\xbf\n\n"])
def test_nothing(cut: Cut, entries: Entries, data: bytes) -> None:
    assert cut(data, "a.json", entries) == []


LIST = b'[{"start": 0},\n {"start": 5}]'


def test_a_list_of_objects_as_one_record(cut: Cut) -> None:
    line = LIST.replace(b"\n", b"")
    lists = cutting.lists
    assert cut(LIST, "a.json", lists) == [(1, LIST, None)]
    assert cut(line, "a.json", lists) == [(1, line, None)]
    assert cut(line + b"\n" + line, "a.json", lists) == [(1, line, None), (2, line, None)]
    assert cut(b"[" + LIST + b"," + line + b"]", "a.json", lists) == [
        (1, LIST, None),
        (2, line, None),
    ]
    assert cut(b'{"ner": []}', "a.json", lists) == [(1, b'{"ner": []}', None)]


def test_lists_in_long_lines(cut: Cut, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "_HEAD", 20)
    line = json.dumps([{"text": "x" * 100}]).encode()
    expected = [(1, line, None), (2, line, None)]
    assert cut(line + b"\n" + line, "a.jsonl", cutting.lists) == expected


def test_a_whole_file_keeps_its_bytes(cut: Cut) -> None:
    assert cut(b"\xef\xbb\xbf\r\na\r\n\r\nb", "a.ttl", cutting.whole) == [
        (1, b"\r\na\r\n\r\nb", None)
    ]


def test_a_whole_file_has_a_limit(cut: Cut) -> None:
    limit = Limit(1 << 10)
    assert len(cut(b"x" * 1024, "a.ttl", cutting.whole, limit)) == 1
    with pytest.raises(InputError, match=r"a\.ttl: the file is longer than 1 KiB; raise --max-art"):
        cut(b"x" * 1025, "a.ttl", cutting.whole, limit)
    several = partial(cutting.whole, is_article=False)
    assert len(cut(b"x" * 4096, "a.spacy", several, limit)) == 1
    with pytest.raises(InputError, match=r"a\.spacy: is larger than 4 KiB.* split it .* --max-art"):
        cut(b"x" * 4097, "a.spacy", several, limit)
