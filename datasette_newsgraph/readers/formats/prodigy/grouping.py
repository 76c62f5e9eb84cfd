"""Bring Prodigy's tasks about one article together.

Prodigy writes a task for each question and each annotator, in the order of the answers, so that what is
known of a text may stand far apart in the file; but a record is an article, and a later one of the same
text would replace it. A first pass finds the articles with several tasks; the second yields what has
only one as it comes, and holds the tasks of the others until their last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers.about import about_article
from datasette_newsgraph.readers.cutting import records
from datasette_newsgraph.readers.source import Entry, Source


class _About(msgspec.Struct, gc=False):
    """What tells the article of a task."""

    text: str | None = None
    meta: dict[str, Any] | None = None
    url: Any = None


_decode_about = msgspec.json.Decoder(_About, strict=False).decode


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the tasks of each article together, their lines joined, at the line of the last one.

    Takes some hundred bytes of memory for each task, and those tasks that wait for another; all of
    them where the source cannot be read twice, as standard input cannot.
    """
    if source.size is None:
        tasks = list(records(source, resume))
        yield from _grouped(tasks, _Spread(tasks))
        return
    spread = _Spread(_readable(source))
    source.rewind()
    if resume is not None and spread.is_around(resume[0]):
        resume = None
    yield from _grouped(records(source, resume), spread)


def _readable(source: Source) -> Iterator[Entry]:
    """Yield the records up to a damage, which is told when they are read again."""
    try:
        yield from records(source)
    except InputError:
        return


class _Spread:
    """Where the tasks of those articles that have several begin and end."""

    def __init__(self, tasks: Iterable[Entry]) -> None:
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for task in tasks:
            key = _article_of(task)
            if key is not None and first.setdefault(key, task.line) != task.line:
                last[key] = task.line
        self.lines = {key: (first[key], line) for key, line in last.items()}

    def is_around(self, line: int) -> bool:
        """Tell whether an article has tasks up to ``line`` and behind it."""
        return any(first <= line < last for first, last in self.lines.values())

    def last(self, key: int | None) -> int | None:
        """Return the line of an article's last task, None if it has one task only."""
        return self.lines[key][1] if key is not None and key in self.lines else None


def _grouped(tasks: Iterable[Entry], spread: _Spread) -> Iterator[Entry]:
    waiting: dict[int, list[Entry]] = {}
    for task in tasks:
        key = _article_of(task)
        last = spread.last(key)
        group = [task]
        if key is not None and last is not None:
            group = waiting.setdefault(key, [])
            group.append(task)
            if task.line < last:
                continue
            del waiting[key]
        # Behind a task that waits a load cannot go on: it would miss it.
        is_behind_all = not waiting
        yield Entry(
            task.line,
            b"\n".join(each.raw.replace(b"\n", b" ") for each in group),
            task.end if is_behind_all else None,
            task.digest if is_behind_all else None,
            task.fault,
        )


def _article_of(task: Entry) -> int | None:
    """Return what tells the article of a task: the hash of its address, else of its text; None where
    there is neither.
    """
    if task.fault is not None:
        return None
    try:
        found = _decode_about(task.raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    url = about_article({"url": found.url, **(found.meta or {})}).get("url")
    return hash(url or found.text) if url or found.text else None
