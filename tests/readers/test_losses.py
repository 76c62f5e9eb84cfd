"""One damage to a well-formed file never loses an article or a name without a count, in any format."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.identity import normalise_name
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.loading.summary import LoadSummary
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats import FORMATS, Format
from datasette_newsgraph.reading.recognition import format_called
from tests.readers.files_of_formats import every_format
from tests.readers.one_damage import ALL, SAME_ID, Damaged, Gone, damage
from tests.readers.story import Mention, Sentence, Story, Thing
from tests.readers.test_same_article import NAMES, WORDS, carried, empty_database
from tests.readers.writers_of_formats import WRITERS
from tests.readers.writing import PREDICATES

IS_LONG = settings.get_current_profile_name() == "long"
#: Different well-formed files of each format.
FILES = 2000 if IS_LONG else 3


# Well-formed files ------------------------------------------------------------------------------


def stories(seed: int) -> list[Story]:
    """Two stories of some sentences, each of which states something."""
    choose = Random(seed)
    return [
        Story(number, tuple(_sentence(choose, place) for place in range(choose.randint(1, 3))))
        for number in (1, 2)
    ]


def _sentence(choose: Random, place: int) -> Sentence:
    parts: list[str | Thing | tuple[Thing, str]] = []
    for name in choose.sample(NAMES, 2):
        parts += [*choose.sample(WORDS, choose.randint(0, 2)), name]
    return Sentence((*parts, f"in chapter {place + 1}"), ((0, choose.choice(PREDICATES), 1),))


class Held(NamedTuple):
    """What a database holds, and what the load of it counted."""

    articles: int
    names: frozenset[str]
    counts: dict[str, int]


def counts(summary: LoadSummary) -> dict[str, int]:
    """What a load says that it could not take."""
    return {
        # A record of our own with the id of another one takes its place.
        "changed": summary.changed,
        "rejected": summary.rejected,
        "parts_rejected": summary.parts_rejected,
        "left_out": summary.left_out,
        "numbers_dropped": summary.numbers_dropped,
        "unknown_fields": sum(summary.unknown_fields.values()),
        "passed_over": sum(summary.passed_over.values()),
        "dropped": sum(summary.dropped.values()),
        "unread": len(summary.unread),
        "unused": sum(map(len, summary.unused.values())),
    }


def hold(path: Path, folder: Path, format_name: str | None) -> Held:
    """Load a file, or a folder, of a format that is named or recognised; return what is held then."""
    database = folder / "news.db"
    database.write_bytes(empty_database())
    summary = load_files(database, [path], format_name=format_name)
    with closing(sqlite3.connect(database)) as connection:
        (articles,) = connection.execute("SELECT count(*) FROM articles").fetchone()
        names = connection.execute(
            "SELECT name FROM entities UNION SELECT alias FROM aliases"
            " UNION SELECT surface FROM mentions WHERE surface IS NOT NULL"
        ).fetchall()
    return Held(articles, frozenset(normalise_name(name) for (name,) in names), counts(summary))


class Whole(NamedTuple):
    """A well-formed input: its files by name, in a folder or alone, and what is held of it."""

    files: dict[str, bytes]
    is_folder: bool
    held: Held


@cache
def _whole(name: str, seed: int) -> Whole:
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        given_ = folder / "given"
        given_.mkdir()
        path = WRITERS[name](stories(seed), given_)
        files = {each.name: each.read_bytes() for each in sorted(given_.iterdir())}
        return Whole(files, path.is_dir(), hold(path, folder, name))


def whole(format_: Format, seed: int) -> Whole:
    """The well-formed input of a format that is made of a number."""
    return _whole(format_.name, seed)


def _is_stated(mention: Mention, story: Story) -> bool:
    return any(mention in (each.subject, each.object) for each in story.statements)


@every_format
def test_a_well_formed_file_is_taken_whole(format_: Format) -> None:
    carries = carried(format_)
    for seed in range(3):
        given_, held = stories(seed), whole(format_, seed).held
        assert held.articles == len(given_)
        told = {
            normalise_name(each.surface)
            for story in given_
            for each in story.mentions
            if carries.mentions != "stated" or _is_stated(each, story)
        }
        assert told - held.names == set()


# One damage -------------------------------------------------------------------------------------


def _surfaces(story: Story) -> Iterator[str]:
    for each in story.mentions:
        yield from (each.surface, each.thing.name)


def is_gone(name: str, gone: Gone, given_: Sequence[Story]) -> bool:
    """Whether a name was in what was taken out of the file, or in its document."""
    for each in gone:
        if isinstance(each, int):
            if each == ALL or name in map(normalise_name, _surfaces(given_[each])):
                return True
        elif (words := normalise_name(each)) and (name in words or words in name):
            return True
    return False


def binary_damage(choose: Random, data: bytes) -> Damaged:
    """What is packed as a whole is damaged as a whole."""
    # A file of nothing holds nothing.
    at = choose.randrange(1, len(data))
    if choose.random() < 0.5:
        return Damaged(data[:at], f"cut off at {at}")
    return Damaged(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :], f"byte {at} is spoilt")


def complaint(
    format_: Format, seed: int, choose: Random, folder: Path, *, is_named: bool = True
) -> str:
    """Damage a file, load it, and return what was lost without a word; nothing if all is accounted
    for.
    """
    found = whole(format_, seed)
    name = choose.choice(sorted(found.files))
    is_binary = b"\0" in found.files[name] or name.endswith(".spacy")
    given_ = stories(seed)
    damaged = (
        binary_damage(choose, found.files[name])
        if is_binary
        else damage(choose, found.files[name], len(given_))
    )
    place = folder / "given"
    place.mkdir()
    for each, data in found.files.items():
        (place / each).write_bytes(damaged.data if each == name else data)
    path = place if found.is_folder else place / name
    try:
        held = hold(path, folder, format_.name if is_named else None)
    except InputError as error:
        return "" if str(path) in str(error) else f"{damaged.what}: {error} does not name the file"
    if any(held.counts[each] > found.held.counts[each] for each in held.counts):
        return ""
    lost = [
        each
        for each in sorted(found.held.names - held.names)
        if not is_gone(each, damaged.gone, given_)
    ]
    is_taken = any(normalise_name(each) in held.names for each in damaged.instead)
    if lost and not is_taken:
        return f"{name}: {damaged.what}: lost {lost}, and {held.counts}"
    is_one = damaged.what.endswith(SAME_ID)
    if held.articles < found.held.articles and not damaged.gone and not is_one:
        return f"{name}: {damaged.what}: lost an article"
    return ""


@every_format
@settings(max_examples=2000 if IS_LONG else 10, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, FILES - 1),
    choose=st.randoms(use_true_random=False),
    is_named=st.booleans(),
)
def test_one_damage_loses_nothing_without_a_count(
    format_: Format,
    seed: int,
    choose: Random,
    is_named: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("damage")
    assert complaint(format_, seed, choose, folder, is_named=is_named) == ""


def test_the_law_finds_what_a_reader_keeps_to_itself(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without faults, most damages to spans lose a name without a word."""
    monkeypatch.setattr(Building, "fault", lambda *_: None)
    found = [
        complaint(format_called("spert"), 0, Random(seed), tmp_path_factory.mktemp("damage"))
        for seed in range(60)
    ]
    assert any("a number out of range: lost ['" in each for each in found)


def test_a_format_without_a_writer_is_told_by_name() -> None:
    assert {each.name for each in FORMATS} <= WRITERS.keys(), "add writers_for_*.py"
