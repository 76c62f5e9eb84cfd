"""The benchmark: ratios of newsgraph to what it is measured by, in one Markdown table.

`python benchmarks/bench.py` (or `make bench`) compares loading, exporting, memory and pages; `--help`
tells the options. Each figure is the median of runs that take turns, each of them a process of its own;
see README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import subprocess
import sys
from collections import defaultdict
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from anchoring import write_long_article
from growth import FORMATS, growth_goals, growth_table, measure_growth
from pages import compare_pages
from questions import QUESTIONS, WITHOUT_GOAL
from table import Finding, Row, markdown

from datasette_newsgraph.errors import NewsgraphError
from datasette_newsgraph.store import open_store

HERE = Path(__file__).parent
SEED = 1
_SCHEMA = "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'view')"
#: rdflib takes minutes for what the others do in seconds: it gets no more than this.
RDFLIB_ARTICLES = 500
#: What the options of these names are by default: articles, few of them, those whose pages are
#: served; runs, and how
#: often each gets a page; mentions of a long article.
NUMBERS = {
    "articles": 10_000,
    "small": 1000,
    "served": 100_000,
    "runs": 3,
    "requests": 5,
    "mentions": 100_000,
}
QUICK = {
    "articles": 1000,
    "small": 200,
    "served": 1000,
    "runs": 1,
    "requests": 3,
    "mentions": 2000,
}
#: How many times faster an export is to be than rdflib.
FASTER = {"ntriples": 40, "turtle": 100, "jsonld": 75}
#: How many million triples a second an export is to write on a quiet machine.
SPEEDS = {"ntriples": 1.1, "turtle": 1.6, "jsonld": 1.6}
#: How many times as long as the limit it may take.
LIMIT = {"ntriples": 2}


PARTS = ["load", "anchoring", "export", "memory", "growth", "candidates", "sparql", "pages"]
#: Seconds of the processor that finding the candidates of so many entities may take, and megabytes.
ENTITIES, CANDIDATES_SECONDS, CANDIDATES_MB = 130_000, 90, 300
#: Megabytes of memory that a question in SPARQL may take.
QUESTIONS_MB = 200


class Bench:
    """Runs jobs and keeps what they took, by a name that says what was done to how many articles."""

    def __init__(self, data: Path, directory: Path, runs: int, *, cpu: bool = False) -> None:
        self.data = data
        self.directory = directory
        self.runs = runs
        self.clock = "cpu" if cpu else "seconds"
        self.figures: dict[str, list[dict[str, float]]] = defaultdict(list)

    def run(self, name: str, module: str, job: str, *arguments: object) -> None:
        """Do one job in a process of its own."""
        command = [sys.executable, str(HERE / module), job, *map(str, arguments)]
        output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        result = json.loads(output)
        self.figures[name].append(result)
        print(name, {what: round(value, 2) for what, value in result.items()}, file=sys.stderr)

    def took(self, name: str, what: str | None = None) -> float:
        """Return the median of the seconds, or of another figure that the jobs gave."""
        return median(each[what or self.clock] for each in self.figures[name])

    def path(self, name: str, *, fresh: bool = False) -> Path:
        """Return the path of a file of this benchmark's, without any there if ``fresh``."""
        path = self.directory / name
        if fresh:
            path.unlink(missing_ok=True)
        return path

    def articles(self, count: int, first: int = 0, *, varied: bool = False) -> Path:
        """Return a file of so many articles, which is generated and kept if there is none. ``first`` is
        the number that they begin with; in ``varied`` ones names vary.
        """
        after = f"-from-{first}" if first else "-varied" if varied else ""
        path = self.data / f"articles-{count}-{SEED}{after}.jsonl"
        if not path.exists():
            part = path.with_suffix(".part")
            command = [sys.executable, str(HERE / "generate.py"), str(count), "--seed", str(SEED)]
            command += ["--first", str(first), *["--varied"] * varied, "-o", str(part)]
            subprocess.run(command, check=True)
            part.rename(path)
        return path

    def kept(self, count: int) -> Path:
        """Return a database of so many articles, which is loaded and kept if there is none, or none
        of the present schema.
        """
        path = self.data / f"newsgraph-{count}-{SEED}.db"
        if not (path.exists() and _has_present_schema(path)):
            path.unlink(missing_ok=True)
            part = path.with_suffix(".part")
            part.unlink(missing_ok=True)
            self.run(f"prepare {count}", "loaders.py", "newsgraph", self.articles(count), part)
            part.rename(path)
        return path

    def load(self, count: int, name: str = "load") -> Path:
        """Load with newsgraph into a new database; return it."""
        database = self.path(f"newsgraph-{count}.db", fresh=True)
        self.run(f"{name} {count}", "loaders.py", "newsgraph", self.articles(count), database)
        return database

    def export(self, format_name: str, count: int, name: str | None = None) -> Path:
        """Export with newsgraph, from a database that is made if there is none; return the file."""
        database = self.path(f"newsgraph-{count}.db")
        if not database.exists():
            self.load(count, "prepare")
        output = self.path(f"newsgraph-{count}.{format_name}")
        name = f"{name or format_name} {count}"
        self.run(name, "exporters.py", "newsgraph", format_name, database, output)
        return output

    def export_by_two(self, format_name: str, count: int) -> None:
        """Export the same with two processes, when it has been exported with one."""
        database, output = self.path(f"newsgraph-{count}.db"), self.path("output")
        self.run(
            f"two {format_name}", "exporters.py", "newsgraph", format_name, database, output, 2
        )


def compare_candidates(bench: Bench, count: int) -> list[Row]:
    """Compare what it costs to find which entities may be one thing with what it may."""
    database = bench.path("varied.db", fresh=True)
    bench.run(
        "prepare varied", "loaders.py", "newsgraph", bench.articles(count, varied=True), database
    )
    for _ in range(bench.runs):
        bench.run("candidates", "finders.py", "newsgraph", database)
    with closing(sqlite3.connect(database)) as connection:
        (entities,) = connection.execute(
            "SELECT count(*) FROM entities WHERE basis <> 'article'"
        ).fetchone()
    database.unlink()
    what = f"candidates of {entities:,} entities"
    seconds = CANDIDATES_SECONDS * entities / ENTITIES
    return [
        Row(what, bench.took("candidates", "cpu"), "the goal", seconds, 1),
        Row(
            f"{what}, memory",
            bench.took("candidates", "peak_mb"),
            "the goal",
            CANDIDATES_MB,
            1,
            unit="MB",
        ),
    ]


def compare_questions(bench: Bench, count: int) -> list[Row]:
    """Compare answers to questions in SPARQL with those of a store that has been filled for it."""
    database = bench.kept(count)
    triples, store = bench.path("asked.nt"), bench.path("asked")
    bench.run("prepare asked", "exporters.py", "newsgraph", "ntriples", database, triples)
    bench.run("store", "askers.py", "build", triples, store)
    rows = []
    for name in QUESTIONS:
        for _ in range(bench.runs):
            bench.run(f"ask: {name}", "askers.py", "newsgraph", database, name)
            bench.run(f"on disk: {name}", "askers.py", "on_disk", store, database, name)
        # To fill it takes much longer than to ask.
        bench.run(f"in memory: {name}", "askers.py", "in_memory", triples, database, name)
        ours, disk, memory = (
            1000 * bench.took(f"{way}: {name}", "cpu") for way in ("ask", "on disk", "in memory")
        )
        times = None if name in WITHOUT_GOAL else 1
        rows.append(Row(name, ours, "Oxigraph, on disk", disk, times=times, unit="ms"))
        rows.append(Row(name, ours, "Oxigraph, in memory", memory, unit="ms"))
    most = max(bench.took(f"ask: {name}", "peak_mb") for name in QUESTIONS)
    rows.append(Row("a question, memory", most, "the goal", QUESTIONS_MB, 1, unit="MB"))
    return rows


def _has_present_schema(database: Path) -> bool:
    """Tell whether a database has the tables and views, to the letter, that a new one gets."""
    with closing(sqlite3.connect(":memory:")) as new, open_store(new, make=True):
        wanted = set(new.execute(_SCHEMA))
    with closing(sqlite3.connect(database)) as connection:
        return wanted <= set(connection.execute(_SCHEMA))


def compare_loads(bench: Bench, count: int) -> list[Row]:
    """Compare loading, and loading the same again."""
    records = bench.articles(count)
    filled = bench.load(count, "prepare").rename(bench.path("filled.db"))
    for _ in range(bench.runs):
        database = bench.load(count)
        bench.run("again", "loaders.py", "newsgraph", records, database)
        database = bench.path("two.db", fresh=True)
        bench.run("two", "loaders.py", "newsgraph", records, database, 2)
        plain = bench.path("reference.db", fresh=True)
        bench.run("reference", "loaders.py", "reference", records, plain, filled)
        idiom = bench.path("sqlite-utils.db", fresh=True)
        for name in ("sqlite-utils", "sqlite-utils again"):
            bench.run(name, "loaders.py", "sqlite_utils", records, idiom, filled)
    ours, again = bench.took(f"load {count}"), bench.took("again")
    idiom_again = bench.took("sqlite-utils again")
    return [
        Row("load", ours, "reference loader, bare sqlite3", bench.took("reference"), within=2.6),
        Row(
            "load, two processes (wall)",
            bench.took("two", "seconds"),
            "reference loader, bare sqlite3",
            bench.took("reference", "seconds"),
            within=1.9,
        ),
        Row("load", ours, "sqlite-utils upsert_all", bench.took("sqlite-utils"), times=4),
        Row("load again, nothing changed", again, "upsert_all again", idiom_again, times=15),
    ]


def compare_anchoring(bench: Bench, count: int, mentions: int) -> list[Row]:
    """Compare a load with one that anchors nothing, and a long article with one half as long."""
    long, half = bench.path("long.jsonl"), bench.path("half.jsonl")
    write_long_article(long, mentions)
    write_long_article(half, mentions // 2)
    for _ in range(bench.runs):
        bench.load(count)
        database = bench.path("unanchored.db", fresh=True)
        bench.run("unanchored", "anchoring.py", "unanchored", bench.articles(count), database)
        for name, path in (("long", long), ("half", half)):
            database = bench.path("long.db", fresh=True)
            bench.run(name, "loaders.py", "newsgraph", path, database)
    ours, plain = bench.took(f"load {count}"), bench.took("unanchored")
    what = f"an article of {mentions:,} mentions, all wrong"
    return [
        Row("load, all spans right", ours, "the same without anchoring", plain, within=1.33),
        Row(what, bench.took("long"), "one half as long", bench.took("half"), within=2.5),
    ]


def compare_exports(bench: Bench, count: int) -> list[Row]:
    """Compare exports with the limit and with two RDF libraries."""
    few = min(count, RDFLIB_ARTICLES)
    triples, few_triples = (bench.export("ntriples", each, "prepare") for each in (count, few))
    database = bench.path(f"newsgraph-{count}.db")
    output = bench.path("output")
    for _ in range(bench.runs):
        for name in FORMATS:
            ours = bench.export(name, count)
            bench.export_by_two(name, count)
            bench.run(f"limit {name}", "exporters.py", "limit", database, output, ours)
            for job in ("pyoxigraph_ready", "pyoxigraph_terms"):
                bench.run(f"{job} {name}", "exporters.py", job, name, triples, output)
            if few < count:
                bench.export(name, few)
            bench.run(f"rdflib {name}", "exporters.py", "rdflib", name, few_triples, output)
    rows = []
    for name in FORMATS:
        rows += _export_rows(bench, name, (count, _lines(triples)), (few, _lines(few_triples)))
    return rows


def _export_rows(bench: Bench, name: str, all_: tuple[int, int], few: tuple[int, int]) -> list[Row]:
    """Return the rows of one format; ``all_`` and ``few`` are numbers of articles and triples."""
    what = FORMATS[name]
    ours = bench.took(f"{name} {all_[0]}")

    def row(
        against: str,
        job: str,
        within: float | None,
        times: float | None,
        of: tuple[int, int] = all_,
    ) -> Row:
        title = what if of == all_ else f"{what}, {of[0]:,} articles"
        ours, theirs = bench.took(f"{name} {of[0]}"), bench.took(f"{job} {name}")
        return Row(title, ours, against, theirs, within, times, triples=of[1])

    speed = SPEEDS[name]
    two, one = (bench.took(each, "seconds") for each in (f"two {name}", f"{name} {all_[0]}"))
    return [
        Row(what, ours, f"{speed} M triples/s", all_[1] / speed / 1e6, 1, triples=all_[1]),
        Row(f"{what}, two processes (wall)", two, "one process", one, times=1.6, triples=all_[1]),
        row("limit: read the rows, write the bytes", "limit", LIMIT.get(name), None),
        row("pyoxigraph, triple objects ready", "pyoxigraph_ready", None, None),
        row("pyoxigraph, objects made of strings", "pyoxigraph_terms", None, None),
        row("rdflib", "rdflib", None, FASTER[name], few),
    ]


def compare_memory(bench: Bench, count: int, small: int) -> list[Row]:
    """Compare the peaks of many articles with those of few."""
    rows = []
    for number in (small, count):
        for _ in range(bench.runs - len(bench.figures[f"load {number}"])):
            bench.load(number)
        for name in FORMATS:
            for _ in range(bench.runs - len(bench.figures[f"{name} {number}"])):
                bench.export(name, number)
    for name in FORMATS:
        for _ in range(bench.runs - len(bench.figures[f"two {name}"])):
            bench.export_by_two(name, count)
    for name, title in {"load": "load", **FORMATS}.items():
        large, little = (bench.took(f"{name} {number}", "peak_mb") for number in (count, small))
        what = f"peak memory, {title}"
        rows.append(Row(what, large, f"{small:,} articles", little, 1.3, unit="MB"))
        if name in FORMATS:
            rows.append(Row(what, large, "60 MB in all", 60, 1, unit="MB"))
            most = bench.took(f"two {name}", "peak_mb")
            rows.append(Row(f"{what}, two", most, "60 MB a process", 60, 1, unit="MB"))
    return rows


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    for name, number in NUMBERS.items():
        parser.add_argument(f"--{name}", metavar="N", type=int, help=f"default {number}")
    quick = ", ".join(f"--{name} {number}" for name, number in QUICK.items())
    parser.add_argument("--quick", action="store_true", help=f"a first look: defaults are {quick}")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument(
        "--large", action="store_true", help="growth at ten times as many articles, too"
    )
    parser.add_argument(
        "--cpu",
        action="store_true",
        help="compare processor seconds, where others are at work; but for pages",
    )
    parser.add_argument(
        "--database",
        metavar="PATH",
        type=Path,
        help="get the pages of this database, and not of one of --served articles",
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        default=HERE / "data",
        help="where articles and databases are kept for the next time; default benchmarks/data",
    )
    options = parser.parse_args()
    for name, number in (QUICK if options.quick else NUMBERS).items():
        if getattr(options, name) is None:
            setattr(options, name, number)
    return options


def main() -> None:
    """Do the comparisons that the command line asks for, and print the table."""
    options = _options()
    count, only = options.articles, options.only
    options.data.mkdir(parents=True, exist_ok=True)
    rows: list[Row | Finding] = []
    growth = ""
    with TemporaryDirectory(dir=options.data) as directory:
        bench = Bench(options.data, Path(directory), options.runs, cpu=options.cpu)
        if only in (None, "load"):
            rows += compare_loads(bench, count)
        if only in (None, "anchoring"):
            rows += compare_anchoring(bench, count, options.mentions)
        if only in (None, "export"):
            rows += compare_exports(bench, count)
        if only in (None, "memory"):
            rows += compare_memory(bench, count, options.small)
        if only in (None, "growth"):
            sizes = [options.small, count, *[10 * count] * options.large]
            measure_growth(bench, sizes)
            rows += growth_goals(bench, sizes)
            growth = f"\n{growth_table(bench, sizes)}"
        if only in (None, "candidates"):
            rows += compare_candidates(bench, 10 * count if options.large else count)
        if only in (None, "sparql"):
            rows += compare_questions(bench, 10 * count if options.large else count)
        if only in (None, "pages"):
            database = options.database or bench.kept(options.served)
            rows += compare_pages(bench, database, bench.kept(count), options.requests)
    print(f"{_heading(options)}\n\n{markdown(rows)}{growth}", end="")


def _heading(options: argparse.Namespace) -> str:
    pages = options.database.name if options.database else f"{options.served:,}"
    runs = f"medians of {options.runs} interleaved runs{' in processor seconds' * options.cpu}"
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return (
        f"{options.articles:,} articles, pages of {pages}; {runs};"
        f" Datasette {version('datasette')}, {versions}, {os.cpu_count()} CPUs"
    )


if __name__ == "__main__":
    try:
        main()
    except NewsgraphError as error:
        # Such as a --database that is not there or has another schema.
        sys.exit(str(error))
