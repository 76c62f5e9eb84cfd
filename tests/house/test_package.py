"""What is installed: the plugin, its commands, what importing it costs, and what is packed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"msgspec", "pyoxigraph", "rdflib", "sqlite_utils"}


def run(*command: str, directory: Path = ROOT, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if "DATASETTE" not in name}
    environment |= variables
    done = subprocess.run(
        [sys.executable, *command], cwd=directory, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_datasette_finds_the_plugin() -> None:
    plugins = json.loads(run("-m", "datasette", "--get", "/-/plugins.json"))
    # Datasette 1.0 has them in an object.
    listed = plugins if isinstance(plugins, list) else plugins["plugins"]
    ours = next(each for each in listed if each["name"] == "datasette-newsgraph")
    assert "register_commands" in ours["hooks"]


def test_commands_are_datasettes_too() -> None:
    assert "Load the output of extraction tools" in run("-m", "datasette", "newsgraph", "--help")


def test_importing_the_plugin_imports_nothing_heavy() -> None:
    # Datasette imports the plugin at every start and its commands at every command.
    code = (
        "import json, sys, datasette.cli\n"
        "before = set(sys.modules)\n"
        "import datasette_newsgraph, datasette_newsgraph.cli\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    imported = json.loads(run("-c", code))
    others = {name.partition(".")[0] for name in imported} - {"datasette_newsgraph"}
    assert not others & HEAVY
    assert others <= set(sys.stdlib_module_names)


def test_names_of_the_package_lead_to_functions() -> None:
    import datasette_newsgraph

    for name in datasette_newsgraph.__all__:
        assert callable(getattr(datasette_newsgraph, name))
    with pytest.raises(AttributeError, match="no attribute 'other'"):
        getattr(datasette_newsgraph, "other")  # noqa: B009 - an attribute that is not there


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the wheel and the sdist, built once."""
    directory = tmp_path_factory.mktemp("dist")
    run("-m", "hatchling", "build", "--directory", str(directory))
    return directory


@pytest.fixture(scope="module")
def packed(dist: Path) -> dict[str, set[str]]:
    """Return the names of files in the wheel and, its first folder aside, in the sdist."""
    (wheel,), (sdist,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive, tarfile.open(sdist) as tar:
        return {
            "wheel": set(archive.namelist()),
            "sdist": {name.partition("/")[2] for name in tar.getnames()},
        }


def package_files() -> set[str]:
    files = (ROOT / "datasette_newsgraph").rglob("*")
    return {
        path.relative_to(ROOT).as_posix()
        for path in files
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_distribution_holds_the_package(packed: dict[str, set[str]], kind: str) -> None:
    assert package_files() <= packed[kind]


def test_wheel_holds_nothing_else(packed: dict[str, set[str]]) -> None:
    others = {name for name in packed["wheel"] if ".dist-info/" not in name}
    assert others == package_files()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in packed["wheel"])


def test_the_wheel_alone_loads_exports_and_serves(dist: Path, tmp_path: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    # A wheel of Python alone is installed by unpacking it (PEP 427).
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (tmp_path / "a.jsonl").write_text(
        '{"id": "a1", "title": "Paris agrees", "text": "Paris agrees.", "entities": [{"id": "e1",'
        ' "type": "Place", "name": "Paris", "mentions": [{"start": 0, "end": 5}]}]}\n'
    )

    def installed(*command: str) -> str:
        return run(*command, directory=tmp_path, PYTHONPATH=str(site))

    found = installed("-c", "import datasette_newsgraph; print(datasette_newsgraph.__file__)")
    assert Path(found.strip()).is_relative_to(site)
    installed("-m", "datasette_newsgraph", "load", "news.db", "a.jsonl", "--quiet")
    assert "Paris" in installed(
        "-m", "datasette_newsgraph", "export", "news.db", "--format", "turtle"
    )
    assert "NodeShape" in installed("-m", "datasette_newsgraph", "shapes")
    page = installed("-m", "datasette", "news.db", "--get", "/news/-/newsgraph/search?q=paris")
    assert 'href="/news/-/newsgraph/entity/' in page
    style = page.partition('<link rel="stylesheet" href="/-/static-plugins/')[2].partition('"')[0]
    assert "ng-" in installed("-m", "datasette", "news.db", "--get", f"/-/static-plugins/{style}")


def test_sdist_can_be_tested(packed: dict[str, set[str]]) -> None:
    tests = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")}
    needed = {
        "Makefile",
        "metadata.json",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "docs/generate.py",
        "examples/articles.jsonl",
    }
    assert tests | needed <= packed["sdist"]
