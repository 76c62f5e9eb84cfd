"""What anchoring costs: a load without it, and one long article whose offsets are all wrong."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

from measure import run_job

Work = Callable[[], object]
#: How far offsets are off at most.
_OFF = 20
_SYLLABLES = ("Ka", "Mo", "Ta", "La", "O", "Qui", "Li", "An"), (
    "bul", "gadishu", "shkent", "gos", "slo", "to", "ma", "kara",
)  # fmt: skip
_BETWEEN = ("the", "of", "river", "said", "minister", "convoy", "and")


def unanchored(records: str, database: str) -> Work:
    """Load with newsgraph as if all spans were known to be right."""
    from datasette_newsgraph.anchoring import Anchors
    from datasette_newsgraph.loading.load import load_files
    from datasette_newsgraph.reading import pipeline

    all_right = Anchors("code points", {})
    pipeline.anchor = lambda article, unit: all_right  # type: ignore[assignment]
    return lambda: load_files(database, [records])


def write_long_article(path: Path, mentions: int) -> None:
    """Write one article of a hundred characters a mention, each off by up to 20 characters."""
    chance = random.Random(mentions)
    entities: dict[str, list[dict[str, object]]] = {}
    words: list[str] = []
    place = 0
    for _ in range(mentions):
        name = "".join(map(chance.choice, _SYLLABLES))
        start = max(0, place + chance.randint(-_OFF, _OFF))
        mention = {"start": start, "end": start + len(name), "text": name}
        entities.setdefault(name, []).append(mention)
        words += [name, *(chance.choice(_BETWEEN) for _ in range(16))]
        place += sum(len(each) + 1 for each in words[-17:])
    record = {
        "id": "https://example.org/long",
        "text": " ".join(words),
        "entities": [
            {"id": name, "type": "Place", "name": name, "mentions": spans}
            for name, spans in entities.items()
        ],
    }
    path.write_text(json.dumps(record) + "\n", "utf-8")


if __name__ == "__main__":
    run_job({"unanchored": unanchored})
