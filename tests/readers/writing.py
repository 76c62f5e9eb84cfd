"""The table of writers, and what they share: labels of tools, units, documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.readers.story import Story, Thing

ONTONOTES = {"Person": "PERSON", "Organization": "ORG", "Place": "GPE"}
CONLL = {"Person": "PER", "Organization": "ORG", "Place": "LOC"}
SERVICES = {"Person": "PERSON", "Organization": "ORGANIZATION", "Place": "LOCATION"}
PLAIN = {"Person": "person", "Organization": "organization", "Place": "location"}
CONLL04 = {"Person": "Peop", "Organization": "Org", "Place": "Loc"}
PROPERTIES = {"founded by": "P112", "member of": "P463", "headquarters location": "P159"}
KBP = {
    "founded by": "org:founded_by",
    "member of": "org:member_of",
    "headquarters location": "org:city_of_headquarters",
}


PREDICATES = tuple(PROPERTIES)

#: The file that a writer makes; tools that give a document no id of their own are joined by it.
STEM = "stories"
Writer = Callable[[Sequence[Story], Path], Path]
#: Filled by the modules of writers: ``writers_of_formats`` imports them all.
WRITERS: dict[str, Writer] = {}


def writer(of: str) -> Callable[[Writer], Writer]:
    """Enter a function as the writer of a format."""

    def enter(function: Writer) -> Writer:
        WRITERS[of] = function
        return function

    return enter


def documents(of: str, ending: str) -> Callable[[Callable[[Story], Any]], Callable[[Story], Any]]:
    """Enter a function that makes a story an object as the writer of a JSON format: one a line, or
    the elements of an array.
    """

    def enter(function: Callable[[Story], Any]) -> Callable[[Story], Any]:
        def write(stories: Sequence[Story], folder: Path) -> Path:
            path = folder / f"{STEM}{ending}"
            found = [function(each) for each in stories]
            values: list[Any] = [found] if ending == ".json" else found
            lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in values)
            path.write_text("".join(lines), "utf-8")
            return path

        WRITERS[of] = write
        return function

    return enter


def write_sidecar(stories: Iterable[Story], folder: Path, *, by_number: bool = False) -> Path:
    """Write what formats without it are given by ``--articles``: by what the tool calls a document, or
    by its number in the file.
    """
    path = folder / "articles.jsonl"
    rows = [
        {
            "id": f"{STEM}#{number}" if by_number else story.name,
            "filename": f"{story.name}.txt",
            **about(story),
            "text": story.text,
        }
        for number, story in enumerate(stories, 1)
    ]
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), "utf-8")
    return path


def about(story: Story) -> dict[str, str]:
    """What is said of the article itself."""
    return {
        "url": story.url,
        "title": story.title,
        "published": story.published,
        "language": story.language,
    }


def utf16(story: Story, offset: int) -> int:
    """An offset as Java and JavaScript count."""
    return len(story.text[:offset].encode("utf-16-le")) // 2


def utf8(story: Story, offset: int) -> int:
    """An offset in bytes."""
    return len(story.text[:offset].encode())


def item_iri(thing: Thing) -> list[str]:
    return [f"http://www.wikidata.org/entity/{thing.item}"] if thing.item else []
