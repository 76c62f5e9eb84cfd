"""An authority file is made of what others give away."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from datasette_newsgraph.authority.file import open_authority
from datasette_newsgraph.authority.folding import folded
from datasette_newsgraph.authority.making import make_authority
from datasette_newsgraph.errors import DamagedInput, InputError, UsageError
from tests.authority.given import GEONAMES, QUERY, RECONCILED, dump, item


def test_several_files_make_one_authority(tmp_path: Path) -> None:
    for name, content in (("q.csv", QUERY), ("r.csv", RECONCILED), ("g.txt", GEONAMES)):
        (tmp_path / name).write_text(content, "utf-8")
    target = str(tmp_path / "authority.db")
    made = make_authority(target, [str(tmp_path / name) for name in ("q.csv", "r.csv", "g.txt")])
    assert (made.things, made.left_out, made.faults, made.told) == (5, 2, 0, [])
    with open_authority(target) as authority:
        assert len(authority.named("paris").things) == 3
        assert authority.named(folded("Acme Anvils, Ltd.")).things


def test_lines_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text(QUERY + "Q1,World,,,many\n", "utf-8")
    made = make_authority(str(tmp_path / "authority.db"), [str(tmp_path / "q.csv")])
    assert (made.things, made.faults) == (3, 1)
    assert made.told == [f"{tmp_path / 'q.csv'}: line 5: 'many' is no number of sitelinks"]


def test_nothing_is_made_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text("item,itemLabel\nx,World\n", "utf-8")
    with pytest.raises(InputError, match=r"no thing was found in .*q.csv: line 2: 'x' is neither"):
        make_authority(str(tmp_path / "authority.db"), [str(tmp_path / "q.csv")])
    assert not (tmp_path / "authority.db").exists()


def test_a_file_that_breaks_off_leaves_none(tmp_path: Path) -> None:
    lines = dump(*(item(f"Q{number}", f"Town {number}", ["Q515"]) for number in range(1, 2000)))
    packed = gzip.compress(lines.encode())
    (tmp_path / "dump.json.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(DamagedInput, match="the gzip stream is damaged"):
        make_authority(str(tmp_path / "authority.db"), [str(tmp_path / "dump.json.gz")])
    assert [each.name for each in tmp_path.iterdir()] == ["dump.json.gz"]


def test_a_file_is_not_written_over_itself(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text(QUERY, "utf-8")
    with pytest.raises(UsageError, match="is one of the files that are read"):
        make_authority(str(tmp_path / "q.csv"), [str(tmp_path / "q.csv")])


def test_a_dump_is_not_held_in_memory(tmp_path: Path) -> None:
    def most_held(count: int) -> int:
        line = dump(item("Q1", "Town", ["Q515"], unread="x" * 5000))[2:-3]
        with (tmp_path / "dump.json").open("w") as file:
            file.writelines(
                line.replace('"Q1"', f'"Q{number + 1}"') + ",\n" for number in range(count)
            )
        tracemalloc.start()
        made = make_authority(str(tmp_path / "authority.db"), [str(tmp_path / "dump.json")])
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert made.things == count
        return most

    # A megabyte is read at once.
    assert most_held(800) < most_held(400) + 1_000_000
