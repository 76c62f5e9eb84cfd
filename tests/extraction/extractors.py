"""Extractors of the tests' own, installed as plug-ins are: by an entry point of a distribution."""

from __future__ import annotations

from pathlib import Path

import pytest

#: Finds words with a capital letter, and says that neighbours have met. Its ``seen`` is a file that it
#: writes the ids of articles into, so that tests see what was given to it, in whatever process.
CAPITALS = """
import os, re
from msgspec.structs import replace
from datasette_newsgraph.article import Entity, Evidence, Mention, Quote, Relation
from datasette_newsgraph.errors import RecordError, UsageError

class Capitals:
    name, model = "capitals", None

    def __init__(self, options):
        if options.model == "absent":
            raise UsageError("there is no model 'absent'")
        self.version = os.environ.get("CAPITALS_VERSION", "1")
        self.digest = repr(options.lexicons)
        self.options = options
        self.limits = None if options.language != "fr" else "of French, no statements are found"

    def extract(self, articles):
        for article in articles:
            with open(os.environ["CAPITALS_SEEN"], "a") as seen:
                print(article.id, article.published, os.getpid(), file=seen)
            yield self.of(article)

    def of(self, article):
        entities = {}
        for found in re.finditer(r"\\b[A-Z]\\w+", article.text):
            mention = Mention(start=found.start(), end=found.end(), text=found[0])
            entity = entities.setdefault(
                found[0], Entity(id=found[0], type="Person", name=found[0])
            )
            entity.mentions.append(mention)
        names = list(entities)
        relations = [
            Relation(subject=one, predicate="met", object=other, confidence=place / 4 or None)
            for place, (one, other) in enumerate(zip(names, names[1:]))
        ]
        return replace(article, entities=list(entities.values()), relations=relations)

def make(options):
    return Capitals(options)
"""


class Plugins:
    """Installs extractors for one test."""

    def __init__(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._place = place
        self.seen_file = place / "seen"
        monkeypatch.setenv("CAPITALS_SEEN", str(self.seen_file))
        monkeypatch.syspath_prepend(str(place))
        self.install("capitals", CAPITALS)

    def install(self, name: str, code: str) -> None:
        """Install an extractor: its code has a function ``make``."""
        module = f"plugin_{name}_{self._place.parent.name}".replace("-", "_")
        (self._place / f"{module}.py").write_text(code)
        about = self._place / f"{module}-1.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1\n")
        (about / "entry_points.txt").write_text(
            f"[datasette_newsgraph.extractors]\n{name} = {module}:make\n"
        )

    @property
    def seen(self) -> list[str]:
        """The ids of the articles that were given to ``capitals``, since this was asked last."""
        return [line.split()[0] for line in self.seen_lines()]

    def seen_lines(self) -> list[str]:
        """What ``capitals`` wrote of each article: its id, its date, the process."""
        lines = self.seen_file.read_text().splitlines() if self.seen_file.exists() else []
        self.seen_file.write_text("")
        return lines


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plugins:
    """The extractor ``capitals``, installed, and a way to install others."""
    place = tmp_path / "plugins"
    place.mkdir()
    return Plugins(place, monkeypatch)
