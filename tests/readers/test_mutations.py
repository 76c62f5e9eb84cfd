"""Whatever is wrong with a file, what is loaded of it is counted, sound, exported and loaded again.

Files of every format are damaged in their bytes, lines and values, and go the whole way: load, check,
three exports that other parsers read, and a second load. ``make test-long`` tries 20,000 of them, the
other runs a few of each format.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.errors import InputError
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.loading.source_row import SourceRow
from datasette_newsgraph.loading.summary import LoadSummary
from datasette_newsgraph.rdf import FORMATS as RDF_FORMATS
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.readers.formats import FORMATS, Format
from datasette_newsgraph.store import open_store
from tests.rdf.rdf_tools import read_with_pyoxigraph
from tests.readers.damage import damaged
from tests.readers.files_of_formats import every_format, write_example
from tests.readers.one_damage import damage
from tests.readers.test_losses import stories
from tests.readers.test_same_article import empty_database
from tests.readers.writers_of_formats import WRITERS

IS_LONG = settings.get_current_profile_name() == "long"
#: Files that are damaged, of all formats; and well-formed files of each that they are made from.
ALL = 20_000 if IS_LONG else 2 * len(FORMATS)
STORIES = 20
Contents = Callable[..., dict[str, Any]]


@cache
def _files(name: str, seed: int) -> tuple[dict[str, bytes], bool]:
    """The files of a well-formed input by name, and whether they are a folder: the example of a format,
    or stories that are written in it.
    """
    format_ = next(each for each in FORMATS if each.name == name)
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        path = WRITERS[name](stories(seed), folder) if seed else write_example(format_, folder)
        within = path if path.is_dir() else folder
        return {each.name: each.read_bytes() for each in sorted(within.iterdir())}, path.is_dir()


def write_damaged(format_: Format, draw: Callable[[Any], Any], folder: Path) -> Path:
    """Write an input of a format with something wrong in one of its files; return what to load."""
    files, is_folder = _files(format_.name, draw(st.integers(0, STORIES)))
    name = draw(st.sampled_from(sorted(files)))
    data = files[name]
    is_packed = format_.name == "docbin" and draw(st.booleans())
    if is_packed:
        # Damage to what is packed is refused by its check sum before anything else.
        data = zlib.decompress(data)
    is_text = b"\0" not in data and format_.name != "docbin"
    if is_text and draw(st.booleans()):
        data = damage(draw(st.randoms(use_true_random=False)), data, 2).data
    else:
        data = draw(damaged(data))
    for each, whole in files.items():
        (folder / each).write_bytes(whole if each != name else data)
    if is_packed:
        (folder / name).write_bytes(zlib.compress(data))
    return folder if is_folder else folder / _first(files)


def _first(files: dict[str, bytes]) -> str:
    """The file that is loaded: brat's texts stand beside it."""
    return next((each for each in files if not each.endswith(".txt")), next(iter(files)))


def load_all(path: Path, given_: Path, format_: Format) -> tuple[LoadSummary, bool]:
    """Load an input; return what the load counted, and whether it could be read to its end."""
    summary = LoadSummary()
    try:
        load_files(path, [given_], format_name=format_.name, summary=summary)
    except InputError as error:
        assert given_.name in str(error)  # noqa: PT017 - damage may or may not be told so
        return summary, False
    return summary, True


def counted(path: Path) -> tuple[int, int]:
    """How many articles there are, and how many rejects the rows of ``rejects`` stand for."""
    with closing(sqlite3.connect(path)) as connection:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(rejects)")}
        rejects = "coalesce(sum(parts), 0)" if "parts" in columns else "count(*)"
        return connection.execute(
            f"SELECT (SELECT count(*) FROM articles), (SELECT {rejects} FROM rejects)"
        ).fetchone()


def graphs(path: Path) -> list[set[Any]]:
    """What another parser reads in the export of each format."""
    with open_store(path) as db:
        return [
            set(read_with_pyoxigraph(b"".join(stream(db, format_)), format_))
            for format_ in RDF_FORMATS
        ]


def go_the_whole_way(format_: Format, given_: Path, path: Path, contents: Contents) -> str:
    """Load an input into an empty database; assert that all is counted, sound, and the same again.
    Return what became of it.
    """
    path.write_bytes(empty_database())
    summary, is_whole = load_all(path, given_, format_)
    taken = summary.new + summary.changed + summary.unchanged
    assert summary.read == taken + summary.rejected + summary.left_out
    assert counted(path) == (summary.new, summary.rejects)
    with open_store(path) as db:
        assert list(check(db)) == []
    first, *others = graphs(path)
    for other in others:
        assert other == first

    before = contents(path)
    again, is_whole_again = load_all(path, given_, format_)
    assert is_whole_again == is_whole
    assert again.new == 0
    assert contents(path) == before
    loaded = "articles" if summary.new else "no articles"
    return f"{loaded}, {'read' if is_whole else 'not read'} to the end"


@every_format
@settings(max_examples=ALL // len(FORMATS), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damage_is_counted_and_the_rest_goes_the_whole_way(
    format_: Format,
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
    contents: Contents,
) -> None:
    folder = tmp_path_factory.mktemp("damage")
    (folder / "given").mkdir()
    given_ = write_damaged(format_, data.draw, folder / "given")
    event(go_the_whole_way(format_, given_, folder / "news.db", contents))


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("write_rejects", lambda *_: None),
        ("finish", lambda self, _: self.db.conn.execute("DELETE FROM rejects")),
    ],
)
def test_a_loss_is_found(
    tmp_path: Path, contents: Contents, monkeypatch: pytest.MonkeyPatch, part: str, instead: Any
) -> None:
    """Were the rejects not written, or deleted in the end, it would be told."""
    monkeypatch.setattr(SourceRow, part, instead)
    given_ = tmp_path / "a.jsonl"
    given_.write_text('{"id": "a"}\n{"broken"\n')
    with pytest.raises(AssertionError):
        go_the_whole_way(FORMATS[0], given_, tmp_path / "news.db", contents)
