"""No file is taken for what it is not: every sample is asked for the signs of every format."""

from __future__ import annotations

import json
import sysconfig
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers.formats import FORMATS, Format
from datasette_newsgraph.readers.inputs import open_input
from datasette_newsgraph.reading.recognition import recognise, sample_of
from tests.readers.files_of_formats import every_format, open_example, write_example

_LINES = Path(__file__).with_name("no_extractions.jsonl").read_text("utf-8").splitlines()
#: Small JSON files of many kinds in which nothing was extracted from a text.
NO_EXTRACTIONS = {each["what"]: each["file"] for each in map(json.loads, _LINES)}
#: So many files of installed packages are looked at.
_INSTALLED = 400
_LARGEST = 1 << 20


def written(tmp_path: Path, given: Any, name: str = "a.json") -> Path:
    path = tmp_path / name
    path.write_text(json.dumps(given, indent=1), "utf-8")
    return path


def recognised(path: Path) -> str:
    with closing(open_input(path)) as source:
        return recognise(source).name


def weights(path: Path) -> dict[str, int]:
    """How much each format asks for that fits a file."""
    with closing(open_example(path)) as source:
        sample = sample_of(source)
    found = {
        each.name: max((sign.weight for sign in each.signs if sign.score(sample) == 1), default=0)
        for each in FORMATS
    }
    return {name: weight for name, weight in found.items() if weight}


@every_format
def test_no_other_format_asks_for_as_much_of_an_example(format_: Format, tmp_path: Path) -> None:
    found = weights(write_example(format_, tmp_path))
    own = found.pop(format_.name)
    assert {name: weight for name, weight in found.items() if weight >= own} == {}


@pytest.mark.parametrize("given", NO_EXTRACTIONS.values(), ids=NO_EXTRACTIONS)
def test_what_is_no_extraction_is_not_taken_for_one(given: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        recognised(written(tmp_path, given))


def test_there_are_many_of_them() -> None:
    assert len(NO_EXTRACTIONS) >= 50


def _installed() -> list[Path]:
    """JSON files that the installed packages bring, one of each name."""
    root = Path(sysconfig.get_path("purelib"))
    by_name = {
        path.name: path for path in sorted(root.rglob("*.json")) if path.stat().st_size <= _LARGEST
    }
    return list(islice(by_name.values(), _INSTALLED))


def test_no_file_of_an_installed_package_is_taken_for_an_extraction() -> None:
    taken = {}
    for path in _installed():
        try:
            taken[str(path)] = recognised(path)
        except InputError:
            continue
    # Their own tests and examples aside, packages have settings and tables in JSON.
    assert {
        path: name for path, name in taken.items() if path and Path(path).stat().st_size > 2
    } == {}


def test_what_looks_like_two_formats_is_asked_about(tmp_path: Path) -> None:
    tied = {
        "text": "Oslo",
        "entities": [{"start_pos": 0, "end_pos": 4, "start_offset": 0, "end_offset": 4}],
    }
    with pytest.raises(
        InputError, match="looks like doccano and like flair; say which it is, such as"
    ):
        recognised(written(tmp_path, tied))


@pytest.mark.parametrize("missing", range(12))
def test_an_object_on_several_lines_may_be_longer_too(missing: int, tmp_path: Path) -> None:
    entities = [f"Entity no. {number}, true" for number in range(20_000)]
    given = {"entities": entities, "edges": ["is"], "relations": [[entities[0], "is", entities[1]]]}
    # The sample ends somewhere else in a line.
    path = tmp_path / "long.json"
    path.write_text(" " * missing + json.dumps(given, indent=1))
    assert recognised(path) == "kg_gen"
