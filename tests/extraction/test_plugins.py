"""The extractor of the documentation is a whole one: installed as its page says, it extracts."""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from click.testing import CliRunner

from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.extraction import extractor
from datasette_newsgraph.extraction.extractor import Options, make_extractor, names

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extraction.md").read_text("utf-8")


def block(language: str, words: str) -> str:
    """The code of the page in a language that has some words in it."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (code,) = (each for each in found if words in each)
    return code


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install the example as ``pip`` does: its module, and its entry points."""
    place = tmp_path / "installed"
    project = tomllib.loads(block("toml", "[project]"))["project"]
    about = place / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    (about / "entry_points.txt").write_text(
        "".join(
            f"[{group}]\n" + "".join(f"{name} = {at}\n" for name, at in points.items())
            for group, points in project["entry-points"].items()
        )
    )
    (place / "countries.py").write_text(block("python", "class Countries"))
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.delitem(sys.modules, "countries", raising=False)
    return tmp_path


def test_the_example_extracts(installed: Path) -> None:
    text = "France and Japan agreed. Kenya is next to speak.\n"
    (installed / "a.txt").write_text(text)
    (installed / "b.json").write_text(json.dumps({"text": "Le Pérou.", "language": "fr"}))
    command = ["extract", str(installed / "a.txt"), str(installed / "b.json")]
    result = CliRunner().invoke(cli, [*command, "--extractor", "countries"])
    record = json.loads(result.stdout)
    assert [each["name"] for each in record["entities"]] == ["France", "Japan", "Kenya"]
    (relation,) = record["relations"]
    assert (relation["subject"], relation["object"]) == ("France", "Japan")
    assert relation["evidence"][0]["text"] == "France and Japan agreed."
    assert record["extractor"] == {"name": "countries", "version": "1.0"}
    assert "b.json: line 1: the names are English, not fr" in result.stderr
    assert result.exit_code == 1


def test_the_example_is_among_the_extractors(installed: Path) -> None:
    assert "countries" in names()
    assert make_extractor("countries", Options()).version == "1.0"


def test_ours_are_registered_and_say_what_to_install() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ours = project["entry-points"][extractor.GROUP]
    assert extractor.DEFAULT in ours
    assert set(ours) <= set(extractor.EXTRAS)
    assert set(extractor.EXTRAS.values()) <= set(project["optional-dependencies"])


def test_an_extra_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    spacy = EntryPoint("spacy", "no_such_module:make", extractor.GROUP)
    monkeypatch.setattr(extractor, "entry_points", lambda group: [spacy])
    with pytest.raises(UsageError, match=r"pip install 'datasette-newsgraph\[extract\]'"):
        make_extractor("spacy", Options())


@pytest.mark.parametrize("failing", ["1 / 0", "None", "[]"])
def test_an_extractor_that_cannot_be_made_is_one_line(
    failing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "failing.py").write_text(f"def make(options):\n    return {failing}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "failing", raising=False)
    point = EntryPoint("x", "failing:make", extractor.GROUP)
    monkeypatch.setattr(extractor, "entry_points", lambda group: [point])
    with pytest.raises(UsageError, match="the extractor x cannot be made: ") as caught:
        make_extractor("x", Options())
    assert "\n" not in str(caught.value)
