"""The file of an authority: made whole, told from other files, looked up."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.authority.file import MARK, VERSION, open_authority, write_authority
from datasette_newsgraph.authority.folding import folded
from datasette_newsgraph.authority.things import Known, Thing
from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.store import open_store

PARIS = Thing("http://www.wikidata.org/entity/Q90", "Paris", ("City of Light",), "", "Place", 300)
TEXAS = Thing("http://www.wikidata.org/entity/Q830149", "Paris", (), "in Texas", "Place", 60)


def test_a_name_has_its_things_the_best_known_first(tmp_path: Path) -> None:
    path = str(tmp_path / "authority.db")
    assert write_authority(path, [TEXAS, PARIS]) == (2, 3)
    with open_authority(path) as authority:
        assert authority.name == "authority.db"
        found = authority.named(folded("paris"))
        assert [each.iri for each in found.things] == [PARIS.iri, TEXAS.iri]
        assert authority.named(folded("city of light")).things == (
            Known(PARIS.iri, "Paris", "", "Place", 300),
        )
        assert authority.named("pari").things == ()


def test_what_several_rows_say_of_a_thing_is_one(tmp_path: Path) -> None:
    path = str(tmp_path / "authority.db")
    rows = [
        Thing(PARIS.iri, "Paris", ("Lutetia",), links=3),
        Thing(PARIS.iri, "Parigi", (), "a city", "Place", 300),
        Thing(PARIS.iri, "Paris", ("Lutetia",), "a town", "Event"),
    ]
    assert write_authority(path, rows) == (1, 3)
    with open_authority(path) as authority:
        for name in ("Paris", "Parigi", "Lutetia"):
            (found,) = authority.named(folded(name)).things
            assert found == Known(PARIS.iri, "Paris", "a city", "Place", 300)


def test_a_name_is_checked_where_people_matched_it(tmp_path: Path) -> None:
    path = str(tmp_path / "authority.db")
    write_authority(path, [PARIS, Thing(PARIS.iri, "Paname", ("Paris",), is_checked=True)])
    with open_authority(path) as authority:
        found = {name: authority.named(name).things[0] for name in ("paris", "city of light")}
    assert {name: each.is_checked for name, each in found.items()} == {
        "paris": True,
        "city of light": False,
    }


def test_a_name_that_very_many_have_says_so(tmp_path: Path) -> None:
    path = str(tmp_path / "authority.db")
    write_authority(path, (Thing(f"https://example.org/{number}", "Ana") for number in range(30)))
    with open_authority(path) as authority:
        assert authority.named("ana").is_shared
        assert len(authority.named("ana").things) == 20


def test_what_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    def broken() -> Iterator[Thing]:
        yield PARIS
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_authority(str(tmp_path / "authority.db"), broken())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nothing was written under this name"):
        write_authority(str(tmp_path / "none" / "authority.db"), [PARIS])


def test_no_other_file_is_written_over(tmp_path: Path) -> None:
    for name, make in (("text.db", _text), ("graph.db", _graph)):
        path = tmp_path / name
        make(path)
        before = path.read_bytes()
        with pytest.raises(StoreError, match="is there already and is no authority file"):
            write_authority(str(path), [PARIS])
        assert path.read_bytes() == before


def _text(path: Path) -> None:
    path.write_text("Notes\n" * 1000)


def _graph(path: Path) -> None:
    with open_store(path, make=True):
        pass


def _newer(path: Path) -> None:
    write_authority(str(path), [PARIS])
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()


def _cut(path: Path) -> None:
    write_authority(str(path), (Thing(f"https://example.org/{n}", f"Ana {n}") for n in range(999)))
    path.write_bytes(path.read_bytes()[:8192] + b"\0" * 4096)


def _endless(path: Path) -> None:
    write_authority(str(path), [PARIS])
    connection = sqlite3.connect(path)
    connection.executescript(
        "DROP TABLE names; CREATE VIEW names AS WITH RECURSIVE n(folded) AS (SELECT 'a' UNION ALL"
        " SELECT 'a' FROM n) SELECT folded, 1 AS thing, 1 AS checked FROM n;"
    )
    connection.close()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "there is no such file"),
        (_text, "is not a database"),
        (lambda path: path.write_bytes(b""), "is no authority file"),
        (_graph, "is no authority file"),
        (_newer, f"of version {VERSION + 1}, and this newsgraph reads version {VERSION}"),
        (_endless, "has not the tables of an authority file"),
        (_cut, "malformed"),
    ],
    ids=["absent", "text", "empty", "graph", "newer", "endless", "cut"],
)
def test_what_is_no_authority_is_told_by_its_name(
    tmp_path: Path, make: object, message: str
) -> None:
    path = tmp_path / "given.db"
    make(path)  # type: ignore[operator]
    with (
        pytest.raises(StoreError, match=rf"given\.db: .*{message}.*newsgraph authority make"),
        open_authority(str(path)) as authority,
    ):
        authority.named("ana 500")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("iri", "no IRI"),
        ("iri", "https://www.wikidata.org/wiki/Q90"),
        ("label", b"x"),
        ("links", "x"),
    ],
)
def test_what_others_wrote_into_it_is_told(tmp_path: Path, column: str, value: object) -> None:
    path = tmp_path / "given.db"
    write_authority(str(path), [PARIS])
    connection = sqlite3.connect(path)
    connection.execute(f"UPDATE things SET {column} = ?", [value])
    connection.commit()
    connection.close()
    with (
        open_authority(str(path)) as authority,
        pytest.raises(StoreError, match=r"given\.db: has a thing .* as nothing of ours writes it"),
    ):
        authority.named("paris")


@pytest.mark.parametrize("make", [lambda path: None, _newer, _cut, _endless])
def test_an_authority_is_made_anew(tmp_path: Path, make: object) -> None:
    path = tmp_path / "authority.db"
    make(path)  # type: ignore[operator]
    write_authority(str(path), [PARIS])
    with open_authority(str(path)) as authority:
        assert [each.iri for each in authority.named("paris").things] == [PARIS.iri]


def test_the_mark_is_in_the_header(tmp_path: Path) -> None:
    # Offset 68 of the header (SQLite's file format, section 1.3).
    write_authority(str(tmp_path / "a.db"), [PARIS])
    assert (tmp_path / "a.db").read_bytes()[68:72] == b"ngau" == MARK.to_bytes(4, "big")


@settings(max_examples=40)
@given(st.lists(st.text(min_size=1).filter(folded), min_size=1, max_size=8))
def test_every_name_is_found_again(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    path = str(tmp_path_factory.getbasetemp() / "names.db")
    # Readers replace what neither SQLite nor UTF-8 can hold.
    names = [each.encode("utf-8", "replace").decode() for each in names]
    write_authority(path, [Thing("https://example.org/1", names[0], tuple(names[1:]))])
    with open_authority(path) as authority:
        for name in names:
            assert len(authority.named(folded(name)).things) == bool(folded(name))
