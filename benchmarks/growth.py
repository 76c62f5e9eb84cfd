"""How each cost grows with the number of articles, and what it may be at the largest number.

Costs are seconds of the processor, those of other processes too, so that they hold on a busy machine.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from table import Row

if TYPE_CHECKING:
    from bench import Bench

FORMATS = {"ntriples": "N-Triples", "turtle": "Turtle", "jsonld": "JSON-LD"}
#: How many new articles come into each graph.
NEW = 100
#: The number of the first of them, beyond those of any graph: their frequent entities are the same.
_FIRST_NEW = 10_000_000
#: The articles from which on the goals hold, which are those of a large graph.
_LARGE = 100_000
#: Seconds that new articles may take, and a check; megabytes that a check may take.
_NEW_SECONDS, _CHECK_SECONDS, _CHECK_MB = 1.5, 35, 150
#: The costs: titles, what of a job's result they are, and its unit.
_LOADS = {"load": "load", "new": f"{NEW} new articles", "check": "check"}
#: Decisions that entities are the same: titles, and the seconds that they may take.
_DECISIONS = {
    "two": ("two entities of few articles are one", 0.2),
    "frequent": ("the two most frequent people are one", 12),
    "many": ("1,500 pairs are one", 35),
}
_COSTS = {**_LOADS, **FORMATS, **{job: title for job, (title, _) in _DECISIONS.items()}}


def measure_growth(bench: Bench, sizes: Sequence[int]) -> None:
    """Do each job at each size; the sizes take turns."""
    for run in range(bench.runs):
        new = bench.articles(NEW, _FIRST_NEW + run * NEW)
        for size in sizes:
            database = bench.load(size, "growth load")
            bench.figures[_named("load", size)][-1]["size_mb"] = database.stat().st_size / 1e6
            for name in FORMATS:
                bench.export(name, size, f"growth {name}")
            bench.run(_named("check", size), "checkers.py", "newsgraph", database)
            grown = Path(shutil.copyfile(database, bench.path("grown.db", fresh=True)))
            bench.run(_named("new", size), "loaders.py", "newsgraph", new, grown)
            grown.unlink()
            for job in _DECISIONS:
                decided = Path(shutil.copyfile(database, bench.path("decided.db", fresh=True)))
                bench.run(_named(job, size), "deciders.py", job, decided)
                decided.unlink()


def growth_goals(bench: Bench, sizes: Sequence[int]) -> list[Row]:
    """Compare the costs at the largest size with what they may be, where that is a large graph."""
    little, large = sizes[-2:]
    if large < _LARGE:
        return []
    took = bench.took
    what = f"of {large:,} articles"
    load, before = (took(_named("load", size), "cpu") for size in (large, little))
    # What may be 10.5 times as much for ten times the articles.
    within = 1.05 * large / little
    check = _named("check", large)
    rows = [
        Row(f"load {what}", load, f"{little:,} articles", before, within),
        Row(
            f"{NEW} new articles into a graph {what}",
            took(_named("new", large), "cpu"),
            "the goal",
            _NEW_SECONDS,
            1,
        ),
        Row(f"check {what}", took(check, "cpu"), "the goal", _CHECK_SECONDS, 1),
        Row(f"check {what}, memory", took(check, "peak_mb"), "the goal", _CHECK_MB, 1, unit="MB"),
        *(
            Row(f"{title}, {what}", took(_named(job, large), "cpu"), "the goal", seconds, 1)
            for job, (title, seconds) in _DECISIONS.items()
        ),
    ]
    if all("written_mb" in each for each in bench.figures[_named("load", large)]):
        written, size = (took(_named("load", large), each) for each in ("written_mb", "size_mb"))
        rows.append(Row(f"load {what}, written", written, "its file", size, 2, unit="MB"))
    return rows


def growth_table(bench: Bench, sizes: Sequence[int]) -> str:
    """Return a Markdown table: each cost at each size, and how many times it is that of the size
    before.
    """
    lines = [["cost", *(f"{size:,} articles" for size in sizes), "grows"]]
    lines.append(["---"] * len(lines[0]))
    for what, unit in (("cpu", "s"), ("peak_mb", "MB"), ("written_mb", "MB")):
        for job, title in _COSTS.items():
            if what in bench.figures[_named(job, sizes[0])][0] and _is_told(job, what):
                costs = [bench.took(_named(job, size), what) for size in sizes]
                lines.append([f"{title}, {_MEANINGS[what]}", *_cells(costs, unit)])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


_MEANINGS = {"cpu": "processor", "peak_mb": "memory", "written_mb": "written"}


def _is_told(job: str, what: str) -> bool:
    # A check writes nothing, and an export its document.
    return what != "written_mb" or job in ("load", "new", *_DECISIONS)


def _cells(costs: Sequence[float], unit: str) -> list[str]:
    figures = [f"{cost:.0f} MB" if unit == "MB" else f"{cost:.2f} s" for cost in costs]
    factors = (f"{after / before:.1f} ×" if before else "–" for before, after in pairwise(costs))
    return [*figures, ", ".join(factors)]


def _named(job: str, size: int) -> str:
    return f"growth {job} {size}"
