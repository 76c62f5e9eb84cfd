"""What loading a mention costs in each input format, by what it costs in CoNLL columns.

`python benchmarks/formats.py` prints a Markdown table. The same articles are written in every format,
by the writers of the tests; each load is a process of its own, and the formats take turns. A format
that carries fewer mentions than others (one for each thing, say) has them counted as they are loaded.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.readers.formats import FORMATS
from tests.readers.story import Sentence, Story, Thing
from tests.readers.writers_of_formats import WRITERS
from tests.readers.writing import PREDICATES

SEED = 17
MEASURE = "conll"
_FIRST = ("Amina", "Bruno", "Chen", "Dana", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas")
_LAST = ("Okafor", "Silva", "Wei", "Novak", "Demir", "Haddad", "Lind", "Moreau", "Castro", "Berg")
_TYPES = ("Person", "Organization", "Place")
_WORDS = (
    "officials said on the day that talks about grain water and rail would go on in spite of it"
)


def stories(count: int) -> list[Story]:
    """Articles of twenty sentences, with two names in each, of a hundred things."""
    chance = random.Random(SEED)
    names = [f"{first} {last}" for first in _FIRST for last in _LAST]
    things = [
        Thing(_TYPES[number % 3], name, f"Q{1000 + number}") for number, name in enumerate(names)
    ]
    words = _WORDS.split()

    def sentence() -> Sentence:
        one, other = chance.sample(things, 2)
        start = chance.randrange(len(words) - 8)
        parts = (one, *words[start : start + 5], other, *words[start + 5 : start + 8])
        return Sentence(parts, ((0, chance.choice(PREDICATES), 1),))

    return [Story(number, tuple(sentence() for _ in range(20))) for number in range(1, count + 1)]


def load(name: str, path: str, database: str) -> None:
    """Load one file and print what that took of the processor, and how many mentions there are."""
    begin = time.process_time()
    load_files(database, [path], format_name=name)
    cpu = time.process_time() - begin
    with closing(sqlite3.connect(database)) as connection:
        (mentions,) = connection.execute("SELECT count(*) FROM mentions").fetchone()
    print(json.dumps({"cpu": cpu, "mentions": mentions}))


def measured(names: list[str], count: int, runs: int) -> dict[str, list[tuple[float, int]]]:
    """What each format took, in turns: seconds and mentions."""
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    given = stories(count)
    with TemporaryDirectory() as place:
        files = {}
        for name in names:
            folder = Path(place, name)
            folder.mkdir()
            files[name] = WRITERS[name](given, folder)
        for turn in range(runs):
            for name, path in files.items():
                database = str(Path(place, f"{name}-{turn}.db"))
                command = [sys.executable, __file__, "--load", name, str(path), database]
                output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
                took = json.loads(output)
                found[name].append((took["cpu"], took["mentions"]))
                Path(database).unlink()
    return found


def table(found: dict[str, list[tuple[float, int]]]) -> str:
    """The Markdown table, the dearest format first."""
    each = {
        name: (median(cpu / mentions for cpu, mentions in runs if mentions), runs[0][1])
        for name, runs in found.items()
        if any(mentions for _, mentions in runs)
    }
    base = each[MEASURE][0]
    lines = ["| format | mentions | µs a mention | by CoNLL columns |", "| --- | --- | --- | --- |"]
    for name, (cost, mentions) in sorted(each.items(), key=lambda item: -item[1][0]):
        lines.append(f"| {name} | {mentions:,} | {cost * 1e6:.0f} | {cost / base:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure the formats, or with ``--load`` do one load."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=300, help="articles in each format")
    parser.add_argument("--runs", type=int, default=3, help="turns")
    parser.add_argument("--only", nargs="*", metavar="FORMAT", help="these, and CoNLL columns")
    parser.add_argument("--load", nargs=3, metavar=("FORMAT", "FILE", "DATABASE"),
                        help=argparse.SUPPRESS)  # fmt: skip
    options = parser.parse_args()
    if options.load:
        load(*options.load)
        return
    names = [each.name for each in FORMATS if each.name in WRITERS and each.extra is None]
    if options.only:
        names = [each for each in names if each in (*options.only, MEASURE)]
    print(table(measured(names, options.articles, options.runs)))


if __name__ == "__main__":
    main()
