"""The documentation says what is so: it is generated, run, or compared with the code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import click
import msgspec
import pytest

from datasette_newsgraph.article import Article, json_schema
from datasette_newsgraph.cli import cli
from datasette_newsgraph.labels import GivenMap
from datasette_newsgraph.rdf import FORMATS

ROOT = Path(__file__).parents[2]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES = [
    *DOCS,
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *(ROOT / "examples").glob("*.md"),
]
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
BASH = shutil.which("bash")
MAKE = shutil.which("make")


def page_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


class Block(NamedTuple):
    language: str
    code: str
    is_run: bool


def blocks(path: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page. A comment before one says why it is not run."""
    fenced = r"(<!-- not run: [^>]+ -->\n)?^```(\w*)\n(.*?)^```$"
    for found in re.finditer(fenced, path.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        yield Block(found[2], found[3], not found[1])


def environment() -> dict[str, str]:
    """Return an environment in which our scripts and no settings of Datasette are found."""
    given = {name: value for name, value in os.environ.items() if "DATASETTE" not in name}
    return {**given, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def generate(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "docs")
    import generate

    return generate


def test_generated_parts_are_fresh() -> None:
    command = [sys.executable, "-m", "cogapp", "-I", "docs", "--check", "--diff"]
    done = subprocess.run(
        [*command, *map(page_name, DOCS)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, f"make docs writes them anew\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_command_is_documented(name: str) -> None:
    command = cli.commands[name]
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert command.help
    assert f"\n### {name}\n" in page
    assert f'generate.command_help("{name}")' in page
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


def test_commands_are_in_the_order_of_help() -> None:
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    headings = re.findall(r"^(##+) (.+)$", page, re.MULTILINE)
    assert headings == [
        heading
        for title, commands in cli.sections.items()
        for heading in [("##", title), *(("###", each.name) for each in commands)]
    ]


def test_every_described_field_exists(generate: ModuleType) -> None:
    structs = json_schema()["$defs"]
    for struct, name in generate.FIELDS:
        assert name in structs[struct]["properties"]


@pytest.mark.parametrize("path", PAGES, ids=page_name)
def test_blocks_are_of_languages_that_are_tested(path: Path) -> None:
    untested = {"text", "turtle", "nginx", "caddyfile", "sparql", "sql", "js"}
    assert {each.language for each in blocks(path)} <= untested | {"bash", "python", "json", "toml"}


def test_the_map_of_labels_is_one(tmp_path: Path) -> None:
    for path in DOCS:
        for each in blocks(path):
            # Beside maps of labels there is the pyproject.toml of an extractor.
            if each.language == "toml" and "[project]" not in each.code:
                (tmp_path / "map.toml").write_text(each.code, "utf-8")
                assert GivenMap.read(tmp_path / "map.toml").types


@pytest.fixture
def example_directory(tmp_path: Path) -> Path:
    examples = (str(path.relative_to(ROOT)) for path in (ROOT / "examples").glob("*.*"))
    for name in (*examples, "docs/example.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "examples" / "texts", tmp_path / "examples" / "texts")
    # What the script of the README writes with spaCy, which is not installed everywhere.
    (tmp_path / "articles.jsonl").write_text(json.dumps(PARSED) + "\n")
    return tmp_path


PARSED = {"text": "Sweden joined NATO.", "ents": [{"start": 0, "end": 6, "label": "GPE"}]}


@pytest.mark.skipif(BASH is None, reason="there is no bash")
def test_readme_commands_run(example_directory: Path) -> None:
    script = "".join(
        each.code for each in blocks(ROOT / "README.md") if each.language == "bash" and each.is_run
    )
    # The server answers one request and ends.
    script, count = re.subn(
        r"^datasette newsgraph\.db$", r"\g<0> --get /newsgraph.json", script, flags=re.MULTILINE
    )
    assert count == 1
    done = subprocess.run(
        [str(BASH), "-eux"],
        cwd=example_directory,
        env=environment(),
        input=script,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "8 records read: 8 new" in done.stderr
    assert "3 records read: 3 new" in done.stderr
    assert "1 article removed" in done.stderr
    assert "Place" in done.stdout
    made = {"newsgraph.ttl", "newsgraph.jsonld.gz", "france.ttl"}
    assert all((example_directory / name).stat().st_size > 500 for name in made)


@pytest.mark.timeout(120)
def test_picture_of_the_readme_can_be_made_again(tmp_path: Path, generate: ModuleType) -> None:
    pytest.importorskip("playwright")
    import picture

    if picture.browser() is None:
        pytest.skip("no Chromium is installed")
    committed = ROOT / "docs" / "picture.png"
    assert "](docs/picture.png)" in (ROOT / "README.md").read_text("utf-8")
    for path in (committed, tmp_path / "picture.png"):
        if path is not committed:
            picture.take(path)
        shown = path.read_bytes()
        width, height = (int.from_bytes(shown[at : at + 4], "big") for at in (16, 20))
        assert shown.startswith(b"\x89PNG")
        assert (width, height) == (picture.WIDTH, picture.HEIGHT)
        assert len(shown) < 200_000


@pytest.mark.parametrize("path", DOCS, ids=page_name)
def test_python_blocks_run(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for each in blocks(path):
        if each.language == "python" and each.is_run:
            exec(compile(each.code, page_name(path), "exec"), {})


def test_example_record_is_whole() -> None:
    record = (ROOT / "docs" / "example.json").read_bytes()
    article = msgspec.json.decode(record, type=Article)
    spans = [
        *(span for entity in article.entities for span in entity.mentions),
        *(span for relation in article.relations for span in relation.evidence),
    ]
    assert spans
    for span in spans:
        assert article.text is not None
        assert article.text[span.start : span.end] == span.text


def test_changelog_tells_of_this_version() -> None:
    version = re.search(r'^version = "(.+)"$', PYPROJECT, re.MULTILINE)
    assert version is not None
    assert f"\n## {version[1]} - " in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_readme_names_every_format() -> None:
    *titles, last = (each.title for each in FORMATS)
    assert f"({', '.join(titles)} or {last})" in (ROOT / "README.md").read_text("utf-8")


def test_readme_names_the_oldest_python() -> None:
    oldest = re.search(r'^requires-python = ">=(.+)"$', PYPROJECT, re.MULTILINE)
    assert oldest is not None
    assert f"Python {oldest[1]} or newer" in (ROOT / "README.md").read_text("utf-8")


def anchors(path: Path) -> set[str]:
    """Return the fragments by which the headings of a page are reached."""
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("path", PAGES, ids=page_name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        if target.startswith("https://"):
            continue
        name, _, fragment = target.partition("#")
        other = (path.parent / name).resolve() if name else path
        assert other.exists(), target
        assert not fragment or fragment in anchors(other), target


@pytest.mark.skipif(MAKE is None, reason="there is no make")
def test_targets_that_are_named_exist() -> None:
    places = [
        ROOT / "README.md",
        ROOT / "docs" / "contributing.md",
        ROOT / "Makefile",
        ROOT / ".ci" / "run",
        *(ROOT / ".github" / "workflows").glob("*.yml"),
    ]
    named = {
        target
        for path in places
        if path.exists()
        for target in re.findall(
            r"(?:`|run: |^#? *)make ([a-z]+(?:-[a-z]+)?)", path.read_text("utf-8"), re.MULTILINE
        )
    }
    assert {"demo", "test", "bench", "docs", "clean"} <= named
    done = subprocess.run(
        [str(MAKE), "--dry-run", *sorted(named)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_workflows_test_what_pyproject_promises() -> None:
    # Datasette itself depends on PyYAML.
    yaml = pytest.importorskip("yaml")
    workflows = {
        path.name: yaml.safe_load(path.read_text("utf-8"))
        for path in (ROOT / ".github" / "workflows").glob("*.yml")
    }
    matrix = workflows["test.yml"]["jobs"]["test"]["strategy"]["matrix"]
    promised = re.findall(r'Python :: (3\.\d+)"', PYPROJECT)
    assert matrix["python-version"] == promised
    assert matrix["datasette"] == ["0", "1"]
    jobs = workflows["publish.yml"]["jobs"]
    assert jobs["verify"]["uses"] == "./.github/workflows/test.yml"
    assert (jobs["build"]["needs"], jobs["publish"]["needs"]) == ("verify", "build")
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert "secrets." not in str(workflows)


def repository_files() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


def test_no_path_of_a_machine() -> None:
    here = "|".join(re.escape(str(path)) for path in (ROOT, sys.prefix))
    pattern = re.compile(rf"(?<![\w.~/:-])(?:/(?:home|Users|root)/\w|{here})")
    for path in repository_files():
        found = pattern.search(path.read_text("utf-8", "replace"))
        assert found is None, f"{page_name(path)}: {found[0] if found else ''}"
