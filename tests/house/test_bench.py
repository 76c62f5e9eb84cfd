"""The benchmarks: that they run, so that they do not rot. What they measure is not looked at."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "bench.py"
FEW = ("--quick", "--articles", "30", "--small", "20", "--served", "40", "--requests", "1")


def bench(data: Path, only: str) -> str:
    """What a quick benchmark of few articles prints."""
    command = [sys.executable, str(SCRIPT), *FEW, "--data", str(data), "--only", only]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(output: str) -> dict[str, list[str]]:
    """The rows of a Markdown table: the other cells by the first."""
    lines = [line.strip("| ").split(" | ") for line in output.splitlines() if line[:1] == "|"]
    return {first: others for first, *others in lines[2:]}


def test_pages_and_downloads_are_compared(tmp_path: Path) -> None:
    output = bench(tmp_path, "pages")
    assert f"Datasette {version('datasette')}" in output.partition("\n")[0]
    found = rows(output)
    for title in ("mention_index view", "overview", "articles with a word"):
        assert found[title][1] == "Datasette's page of entities"
    assert found["pages that failed"][0] == "none"
    assert {"Turtle over HTTP, first byte", "N-Triples over HTTP, the whole"} <= found.keys()
    assert "most mentioned entity, two slow readers" in found
    # What took long to make is there the next time.
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{name}-{count}-1.{ending}"
        for count in (30, 40)
        for name, ending in (("articles", "jsonl"), ("newsgraph", "db"))
    }


def test_anchoring_is_compared(tmp_path: Path) -> None:
    found = rows(bench(tmp_path, "anchoring"))
    assert found["load, all spans right"][1] == "the same without anchoring"
    assert any("mentions, all wrong" in each for each in found)


def test_loads_are_compared(tmp_path: Path) -> None:
    found = rows(bench(tmp_path, "load"))
    assert {"load again, nothing changed", "load, two processes (wall)"} <= found.keys()


def test_questions_are_compared(tmp_path: Path) -> None:
    found = rows(bench(tmp_path, "sparql"))
    assert found["articles naming both"][1] == "Oxigraph, in memory"
    assert found["a question, memory"][-1] == "yes"


def test_memory_is_compared(tmp_path: Path) -> None:
    found = rows(bench(tmp_path, "memory"))
    assert {"peak memory, load", "peak memory, Turtle", "peak memory, Turtle, two"} <= found.keys()


def test_growth_is_told(tmp_path: Path) -> None:
    found = rows(bench(tmp_path, "growth").rpartition("\n\n")[2])
    assert {"load, processor", "Turtle, memory", "100 new articles, processor"} <= found.keys()
    assert "two entities of few articles are one, processor" in found
    assert all(cells[-1].endswith(" ×") for cells in found.values())


def test_the_cost_of_candidates_is_told(tmp_path: Path) -> None:
    found = rows(bench(tmp_path, "candidates"))
    assert len(found) == 2
    assert all(cells[1] == "the goal" for cells in found.values())


def test_input_formats_are_compared() -> None:
    script = SCRIPT.with_name("formats.py")
    command = [sys.executable, str(script), "--articles", "2", "--runs", "1", "--only", "spert"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = rows(done.stdout)
    assert found.keys() == {"conll", "spert"}
    assert {mentions for mentions, *_ in found.values()} == {"80"}
    assert found["conll"][-1] == "1.00"
