"""Language models of the tests' own, registered with ``llm`` as a plug-in registers them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import llm
import pytest
from llm.plugins import load_plugins, pm

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.extraction.extractor import Extracted, Options
from datasette_newsgraph.extraction.llm import make

#: What a model says, or what makes it of what it is asked; each string is a piece of the answer.
Says = str | dict[str, Any] | Iterable[str] | Callable[[str], Any]


class Model(llm.Model):
    """A model that says what it is told to: one thing each time that it is asked, the last one for
    ever.
    """

    supports_schema = True

    def __init__(self, *says: Says, model_id: str = "parrot") -> None:
        self.model_id = model_id
        self._says = list(says)
        #: What it was asked.
        self.prompts: list[llm.Prompt] = []

    def execute(
        self,
        prompt: llm.Prompt,
        stream: bool,
        response: llm.Response,
        conversation: llm.Conversation | None,
    ) -> Iterator[str]:
        self.prompts.append(prompt)
        says = self._says.pop(0) if len(self._says) > 1 else self._says[0]
        said: Any = says(prompt.prompt) if callable(says) else says
        if isinstance(said, dict):
            said = json.dumps(said)
        yield from [said] if isinstance(said, str) else said


class Registering:
    """Registers models for one test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.plugins: list[object] = []

    def __call__(self, model: llm.Model) -> llm.Model:
        class Plugin:
            @llm.hookimpl
            def register_models(self, register: Callable[[llm.Model], None]) -> None:
                register(model)

        plugin = Plugin()
        pm.register(plugin)
        self.plugins.append(plugin)
        return model


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registering]:
    """Register a model; ``llm`` has a folder of its own, and nobody's keys."""
    monkeypatch.setenv("LLM_USER_PATH", str(tmp_path / "llm"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    load_plugins()
    registering = Registering(monkeypatch)
    yield registering
    for plugin in registering.plugins:
        pm.unregister(plugin)


def asked(
    register: Registering, text: str, *says: Says, **options: Any
) -> tuple[Extracted | RecordError, Model]:
    """What the extractor makes of a text if a model says this, and the model."""
    published = options.pop("published", None)
    model = Model(*says)
    register(model)
    extractor = make(Options(model="parrot", **options))
    (found,) = extractor.extract([Article(id="a", text=text, language="en", published=published)])
    return found, model


def record(register: Registering, text: str, *says: Says, **options: Any) -> Extracted:
    """The record and what is not in it."""
    found, _ = asked(register, text, *says, **options)
    assert isinstance(found, Extracted), found
    return found


def reason(register: Registering, text: str, *says: Says) -> str:
    """Why there is no record."""
    found, _ = asked(register, text, *says)
    assert isinstance(found, RecordError), found
    return str(found)


def answer(
    entities: Iterable[dict[str, Any]] = (),
    relations: Iterable[dict[str, Any]] = (),
    quotes: Iterable[dict[str, Any]] = (),
) -> dict[str, Any]:
    """An answer of the shape that is asked for."""
    return {"entities": [*entities], "relations": [*relations], "quotes": [*quotes]}
