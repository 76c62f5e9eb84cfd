"""What candidates are worth: the links of articles are hidden, and found again.

`python benchmarks/hidden_links.py FILE …` reads article records whose entities have identifiers
(`same_as`), hides these, and loads the rest into a database of its own. Two appearances, each an entity
in an article, are one thing if their identifier is the same. The table says how many of the pairs of
appearances that share an entity are one thing (precision), and how many of those that are one thing
share an entity (recall): as loaded, when the tiers are accepted, and when all candidates are judged
rightly.

By default each name in an article is an entity of its own, as if the tool had not known that "Obama"
is "Barack Obama": what a tool gives that only finds names. `--as-given` leaves the records as they are.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from datasette_newsgraph.candidates.finding import find_candidates
from datasette_newsgraph.candidates.tiers import TIERS
from datasette_newsgraph.identity import normalise_name
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.store import open_store

Record = dict[str, Any]
#: An entity in an article: the id of that, and the key of the entity.
Appearance = tuple[str, str]


def cells(texts: Iterable[str]) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(texts)} |"


class Quality(NamedTuple):
    """How many pairs share an entity, how many are one thing, and how many of them do and are."""

    shared: int
    same: int
    both: int

    @property
    def precision(self) -> float:
        """Return how many of those that share an entity are one thing."""
        return self.both / self.shared if self.shared else 1.0

    @property
    def recall(self) -> float:
        """Return how many of those that are one thing share an entity."""
        return self.both / self.same if self.same else 1.0


def hidden(record: Record, *, as_given: bool) -> tuple[Record, dict[tuple[str, str], str]]:
    """Return a record without links, and the identifier of each of its names by type."""
    links: dict[tuple[str, str], str] = {}
    entities: list[Record] = []
    for entity in record.get("entities", ()):
        given = entity.pop("same_as", None)
        parts = [entity] if as_given else list(_names_of(entity))
        for part in parts:
            entities.append(part)
            if given:
                links.setdefault((part["type"], normalise_name(part["name"])), min(given))
    kept = {name: record[name] for name in ("id", "title", "published", "text") if name in record}
    return kept | {"entities": entities}, links


def _names_of(entity: Record) -> Iterator[Record]:
    """Yield an entity of each name that an article mentions an entity by."""
    by_name: dict[str, list[Record]] = defaultdict(list)
    for mention in entity.get("mentions", ()):
        by_name[mention.get("text") or entity["name"]].append(mention)
    for name, mentions in (by_name or {entity["name"]: []}).items():
        id_ = f"{entity.get('id', '')}/{name}"
        yield {"id": id_, "type": entity["type"], "name": name, "mentions": mentions}


def measure(path: Path, *, as_given: bool) -> Iterator[tuple[str, Quality]]:
    """Yield each state of a graph, and its quality."""
    with TemporaryDirectory() as directory:
        records, links = Path(directory, "hidden.jsonl"), {}
        with path.open(encoding="utf-8") as lines, records.open("w", encoding="utf-8") as out:
            for line in lines:
                record, found = hidden(json.loads(line), as_given=as_given)
                links[record["id"]] = found
                out.write(json.dumps(record) + "\n")
        load_files(Path(directory, "news.db"), [records])
        with open_store(Path(directory, "news.db")) as db:
            rows = db.conn.execute(
                "SELECT given_id, entities.key, appearances.type, appearances.name FROM appearances"
                " JOIN articles ON articles.id = article_id JOIN entities ON entities.id = entity_id"
            )
            things = {
                (article, key): links[article].get((type_, normalise_name(name)), "")
                for article, key, type_, name in rows
            }
            candidates = list(find_candidates(db))
    known = {each: thing for each, thing in things.items() if thing}
    yield "before", _quality(known, ())
    tiers = [(each.left, each.right) for each in candidates if each.tier]
    yield f"the tiers, {len(tiers):,} pairs", _quality(known, tiers)
    meant = _meant(known)
    right = [
        (each.left, each.right)
        for each in candidates
        if meant.get(each.left, "left") == meant.get(each.right, "right")
    ]
    yield f"all {len(candidates):,} candidates judged rightly", _quality(known, right)
    for tier in TIERS:
        pairs = [(each.left, each.right) for each in candidates if each.tier == tier.name]
        sure = [pair for pair in pairs if meant.keys() >= {*pair}]
        good = sum(meant[left] == meant[right] for left, right in sure)
        print(f"{path.name}: {tier.name} {good} of {len(sure)}", file=sys.stderr)


def _meant(known: dict[Appearance, str]) -> dict[str, str]:
    """Return what most articles mean by each entity."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for (_, key), thing in known.items():
        said[key][thing] += 1
    return {key: counts.most_common(1)[0][0] for key, counts in said.items()}


def _quality(known: dict[Appearance, str], joined: Iterable[tuple[str, str]]) -> Quality:
    """Return how the appearances lie when some pairs of entities are joined."""
    parents: dict[str, str] = {}

    def top(key: str) -> str:
        while key in parents:
            key = parents[key]
        return key

    for left, right in joined:
        one, other = top(left), top(right)
        if one != other:
            parents[other] = one
    shared = Counter(top(key) for _, key in known)
    same = Counter(known.values())
    both = Counter((top(key), thing) for (_, key), thing in known.items())
    return Quality(*(sum(n * (n - 1) // 2 for n in each.values()) for each in (shared, same, both)))


def main() -> None:
    """Print the table for the files that the command line names."""
    parser = argparse.ArgumentParser(description="Hide the links of articles, and find them again.")
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+", help="article records")
    parser.add_argument("--as-given", action="store_true", help="one entity for all its names")
    options = parser.parse_args()
    print(cells(("articles", "links hidden", "precision", "recall")))
    print(cells(["---"] * 4))
    for path in options.files:
        for state, quality in measure(path, as_given=options.as_given):
            figures = (f"{quality.precision:.3f}", f"{quality.recall:.3f}")
            print(cells((path.name, state, *figures)))


if __name__ == "__main__":
    main()
