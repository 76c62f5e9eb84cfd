"""What of Datasette's own functions is replaced, on the line that runs, and nothing else of it."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable

import pytest
from datasette.app import Datasette

from datasette_newsgraph.web.datasette.lines import IS_1_0
from datasette_newsgraph.web.datasette.replacements import REPLACEMENTS, Replacement

LINE = "1.0" if IS_1_0 else "0.65"


@pytest.mark.parametrize("replacement", REPLACEMENTS, ids=lambda each: each.by)
def test_each_replacement_is_a_function_with_a_reason(replacement: Replacement) -> None:
    module, _, name = replacement.by.partition(".")
    found = importlib.import_module(f"datasette_newsgraph.web.datasette.{module}")
    assert inspect.isfunction(getattr(found, name))
    assert set(replacement.lines) <= {"0.65", "1.0"}
    assert replacement.why
    assert replacement.unnecessary_with


@pytest.mark.asyncio
async def test_a_server_has_no_other_function_of_datasettes_replaced(
    serve: Callable[..., Datasette],
) -> None:
    datasette = serve()
    await datasette.invoke_startup()
    replaced = {
        f"Datasette.{name}"
        for name, value in vars(datasette).items()
        if callable(value) and inspect.isfunction(getattr(Datasette, name, None))
    }
    assert replaced == {
        each.replaced
        for each in REPLACEMENTS
        if LINE in each.lines
        and inspect.isfunction(getattr(Datasette, each.replaced.removeprefix("Datasette."), None))
    }
