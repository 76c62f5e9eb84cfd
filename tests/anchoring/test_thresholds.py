"""The numbers by which anchoring decides stand in one table, each with its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from datasette_newsgraph.anchoring import thresholds
from datasette_newsgraph.anchoring.fuzzy import are_alike

MODULES = sorted(Path(thresholds.__file__).parent.glob("*.py"))
#: What numbers are made of beside constants.
OPERATIONS = (ast.BinOp, ast.UnaryOp, ast.Tuple, ast.operator, ast.unaryop, ast.Load)


def numbers_of(code: str) -> Iterator[str]:
    """The constants of a module that are numbers, or several at once."""
    for statement in ast.parse(code).body:
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
            continue
        inside = list(ast.walk(statement.value))
        constants = [each.value for each in inside if isinstance(each, ast.Constant)]
        if all(isinstance(each, (ast.Constant, *OPERATIONS)) for each in inside) and all(
            isinstance(each, (int, float)) for each in constants
        ):
            targets = ast.unparse(statement).partition(" = ")[0].partition(":")[0]
            yield targets.strip("()")


def test_each_number_stands_in_the_table_once_with_its_reason() -> None:
    table = list(thresholds.table())
    names = [each.name for each in table]
    assert names == list(numbers_of(Path(thresholds.__file__).read_text("utf-8")))
    assert len(names) == len(set(names)) > 40
    assert len({each.reason for each in table}) == len(table)
    for name, value, reason in (each[1:] for each in table):
        assert value == getattr(thresholds, name) > 0
        assert reason.endswith(".")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_other_module_of_anchoring_has_a_number_of_its_own(path: Path) -> None:
    found = list(numbers_of(path.read_text("utf-8")))
    assert path.stem == "thresholds" or found == []


def test_numbers_of_a_module_are_found() -> None:
    code = "import re\n_A = 4\n_B, _C = 4, 0.5\nD: int = 1 << 60\nE = {'x': 4}\nF = 'four'\n"
    assert list(numbers_of(code)) == ["_A", "_B, _C", "D"]


def test_the_table_is_what_anchoring_goes_by() -> None:
    letters = "a" * (2 * thresholds.LETTERS_PER_ERROR)
    assert are_alike(letters, "bb" + letters[2:])
    assert not are_alike(letters, "bbb" + letters[3:])
    assert not are_alike("a" * (thresholds.SHORTEST_ALIKE - 1), "b" * thresholds.SHORTEST_ALIKE)
