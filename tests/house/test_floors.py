"""The floors of the package: every module stands on one, and no import leads up or round."""

from __future__ import annotations

from collections.abc import Mapping, Set
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house import floors
from tests.house.floors import FLOORS, GROUND, LIBRARIES, Floor, Imported

HEIGHTS = {floor.name: height for height, floor in enumerate(FLOORS)}


def test_every_module_stands_on_a_floor() -> None:
    lost = [module for module in floors.modules() if floors.room_of(module) is None]
    assert lost == [], (
        "name these in FLOORS of tests/house/floors.py, on the lowest floor that they can be"
    )


def test_every_room_is_there_and_on_one_floor() -> None:
    rooms = [room for floor in FLOORS for room in floor.rooms]
    assert sorted(set(rooms)) == sorted(rooms)
    assert {floors.room_of(module) for module in floors.modules()} == set(rooms)


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.name)
def test_a_floor_may_import_floors_below_only(floor: Floor) -> None:
    assert len(set(floor.imports)) == len(floor.imports)
    assert GROUND.name not in floor.imports, "every floor may"
    for name in floor.imports:
        assert HEIGHTS[name] < HEIGHTS[floor.name], name


def rooms_imported(floor: Floor) -> dict[tuple[str, str], str]:
    """The pairs of modules of which the first stands on the floor and imports the second, each with
    the room of the second.
    """
    found = {}
    for module, imported in floors.imports().items():
        room = floors.room_of(module)
        for other in imported:
            other_room = floors.room_of(other)
            if room in floor.rooms and other_room is not None and other_room != room:
                found[module, other] = other_room
    return found


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.name)
def test_a_floor_imports_what_is_declared_and_nothing_else(floor: Floor) -> None:
    allowed = {GROUND.name, *floor.imports}
    pairs = {pair: floors.floor_of(room).name for pair, room in rooms_imported(floor).items()}
    wrong = [f"{pair[0]} imports {pair[1]}" for pair, name in pairs.items() if name not in allowed]
    assert wrong == [], "move the small thing that stands too high; see docs/contributing.md"
    unused = set(floor.imports) - set(pairs.values())
    assert unused == set(), "take these from the floor in tests/house/floors.py"


def circle_in(graph: Mapping[str, Set[str]]) -> list[str]:
    """One circle of a graph, by its nodes, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle_in(floors.imports()) == []


def test_no_rooms_import_each_other_in_a_circle() -> None:
    rooms: dict[str, set[str]] = {}
    for floor in FLOORS:
        for (module, _), other in rooms_imported(floor).items():
            rooms.setdefault(str(floors.room_of(module)), set()).add(other)
    assert circle_in(rooms) == []


def test_a_circle_is_found() -> None:
    assert set(circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}


def test_imports_are_found_wherever_they_are(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n"
        "    from datasette_newsgraph.cli import cli\n"
        "def late():\n"
        "    import rdflib\n"
        "    from datasette_newsgraph import scripts\n"
    )
    assert floors.imported_by(path) == {
        Imported("typing", "TYPE_CHECKING"),
        Imported("rdflib", ""),
        Imported("datasette_newsgraph", "scripts"),
    }


@pytest.mark.parametrize(
    ("imported", "module"),
    [
        (Imported("datasette_newsgraph", "scripts"), "scripts"),
        (Imported("datasette_newsgraph", "load"), "__init__"),
        (Imported("datasette_newsgraph.rdf", "FORMATS"), "rdf/__init__"),
        (Imported("datasette_newsgraph.rdf", "stream"), "rdf/stream"),
        (Imported("datasette_newsgraph.rdf.stream", "stream"), "rdf/stream"),
        (Imported("datasette_newsgraph.web.links", ""), "web/links"),
        (Imported("datasette.utils", "tilde_encode"), None),
        (Imported("datasette_newsgraphs", "x"), None),
    ],
)
def test_an_import_is_of_a_module(imported: Imported, module: str | None) -> None:
    assert floors.module_of(imported) == module


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_imported_where_it_is_at_home(library: str) -> None:
    homes = LIBRARIES[library]
    found = {
        module
        for module, path in floors.modules().items()
        if any(each.of.split(".")[0] == library for each in floors.imported_by(path))
    }
    assert {
        each for each in found if not f"{each}/".startswith(tuple(f"{h}/" for h in homes))
    } == set()
    for home in homes:
        assert any(f"{each}/".startswith(f"{home}/") for each in found), f"nothing in {home}"


def test_one_module_knows_which_line_of_datasette_runs() -> None:
    knowing = {"datasette.resources", "datasette.permissions"}
    lines = "web/datasette/lines"
    for module, path in floors.modules().items():
        imported = floors.imported_by(path)
        if module != lines:
            assert not knowing & {each.of for each in imported}, module
        if floors.room_of(module) != floors.room_of(lines):
            assert "IS_1_0" not in path.read_text("utf-8"), module
