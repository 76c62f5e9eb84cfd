"""Files of words that a user names: what is wrong with one is said in a line that tells what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.extraction.extractor import Options
from datasette_newsgraph.extraction.nlp import make


def missing(path: Path) -> None:
    """Make nothing."""


def folder(path: Path) -> None:
    path.mkdir()


def of_latin_1(path: Path) -> None:
    path.write_bytes("name\tLima Tram\tOrganization\nname\tÓscar\tPerson\n".encode("latin-1"))


def empty(path: Path) -> None:
    path.write_text("")


def only_for_people(path: Path) -> None:
    path.write_text("# ours\n\n")


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (lambda path: Options(lexicons=(path,)), "the lexicon"),
        (lambda path: Options(aliases=(path,)), "the file of aliases"),
    ],
    ids=["lexicon", "aliases"],
)
@pytest.mark.parametrize(
    ("write", "line"),
    [
        (missing, ": {} cannot be read: there is no such file; check the name behind --"),
        (folder, ": {} cannot be read: it is a folder; name a file behind --"),
        (of_latin_1, ":2: {} is not UTF-8; save it as UTF-8"),
        (empty, ": {} has no line that says anything; add one, or leave --"),
        (only_for_people, ": {} has no line that says anything; add one, or leave --"),
    ],
)
def test_a_file_that_says_nothing_is_named(
    tmp_path: Path,
    write: Callable[[Path], None],
    line: str,
    options: Callable[[str], Options],
    what: str,
) -> None:
    path = tmp_path / "ours.tsv"
    write(path)
    with pytest.raises(InputError) as raised:
        make(options(str(path)))
    said = str(raised.value)
    assert said.startswith(f"{path}{line.format(what)}")
    assert "Errno" not in said
    assert "codec" not in said
    assert "\n" not in said


def test_a_name_that_no_file_can_have_is_said() -> None:
    with pytest.raises(InputError, match="no name that a file can have"):
        make(Options(lexicons=("a\0b",)))
