"""Read Prodigy's JSON Lines (``prodigy db-out``): tasks with spans, relations and choices.

- Spans become mentions. Relations go from head to child.
- In entity linking, the option that was chosen for the only span of a task identifies its entity,
  if it is a Wikidata id or a web address. So does the ``kb_id`` of a span.
- Tasks that were rejected or ignored are left out. Tasks that nobody has answered, as they are
  given to Prodigy (``{"text": …, "spans": [{"start": …, "end": …, "label": …}]}``), are taken.
- All tasks about one text are one article, wherever they stand in the file, because Prodigy asks
  for each span by itself, or asks several people. Their spans are put together, equal ones once.
- All tasks whose ``meta`` gives one ``url`` are one article, too. Their texts (an article by
  paragraphs) are joined by blank lines, in the order of the file.
- ``title``, ``date`` and so on in ``meta`` describe the article. The line of an article is that of
  its last task.

Offsets: Unicode code points, end exclusive. ``token_end`` is the *last* token, inclusive. A span
that has only tokens has their place. The words of a span are its ``text``, or else its tokens.

Example::

    {"text": "Malala Yousafzai was born in Mingora.", "_input_hash": 101, "_task_hash": 7,
     "tokens": [{"text": "Malala", "start": 0, "end": 6, "id": 0, "ws": true},
                {"text": "Yousafzai", "start": 7, "end": 16, "id": 1, "ws": true},
                {"text": "was", "start": 17, "end": 20, "id": 2, "ws": true},
                {"text": "born", "start": 21, "end": 25, "id": 3, "ws": true},
                {"text": "in", "start": 26, "end": 28, "id": 4, "ws": true},
                {"text": "Mingora", "start": 29, "end": 36, "id": 5, "ws": false},
                {"text": ".", "start": 36, "end": 37, "id": 6, "ws": false}],
     "spans": [{"start": 0, "end": 16, "token_start": 0, "token_end": 1, "label": "PERSON"},
               {"start": 29, "end": 36, "token_start": 5, "token_end": 5, "label": "GPE"}],
     "relations": [{"head": 1, "child": 5, "label": "born in",
                    "head_span": {"start": 0, "end": 16, "token_start": 0, "token_end": 1,
                                  "label": "PERSON"},
                    "child_span": {"start": 29, "end": 36, "token_start": 5, "token_end": 5,
                                   "label": "GPE"}}],
     "meta": {"url": "https://example.org/malala", "date": "2014-10-10"}, "answer": "accept"}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from datasette_newsgraph.article import Entity
from datasette_newsgraph.authorities import identifier_iri
from datasette_newsgraph.errors import RecordError, RecordLeftOut
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.prodigy.tasks import (
    Place,
    Placed,
    ProdigyRelation,
    ProdigySpan,
    Task,
)
from datasette_newsgraph.readers.grouping import grouped, joined, records_of
from datasette_newsgraph.readers.shapes import decode
from datasette_newsgraph.readers.source import Entry, Source

_WIKIDATA_ID = re.compile(r"[QPL][1-9]\d*", re.ASCII)


class _About(msgspec.Struct, gc=False):
    """What tells the article of a task."""

    text: str | None = None
    meta: dict[str, Any] | None = None
    url: Any = None


_decode_about = msgspec.json.Decoder(_About, strict=False).decode


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the tasks of each article together, one a line, at the line of the last one.

    Prodigy writes a task for each question and each annotator, in the order of the answers, so that
    what is known of a text may stand far apart in the file.
    """
    return grouped(source, resume, _article_of)


def _article_of(raw: bytes) -> str | None:
    found = _decode_about(raw)
    url: str | None = about_article({"url": found.url, **(found.meta or {})}).get("url")
    return url or found.text


def parse(raw: bytes) -> Parsed:
    """Make the tasks of one article, each a line, an article.

    Raises RecordLeftOut if all are rejected or ignored, RecordError if none is of this format.
    """
    lines = records_of(raw)
    tasks: list[Task] = []
    refused: list[Task] = []
    failures: list[tuple[str, int]] = []
    for number, line in enumerate(lines, 1):
        try:
            task = decode(line, Task)
        except RecordError as error:
            failures.append((f"task {number} of {len(lines)}: {error}", number))
            continue
        (refused if task.answer in ("reject", "ignore") else tasks).append(task)
    if not tasks:
        if refused and not failures:
            answer = "rejected" if refused[0].answer == "reject" else "ignored"
            raise RecordLeftOut(f"{answer} in Prodigy")
        raise RecordError(failures[0][0] if failures else "no task of Prodigy")
    article = _Article(tasks)
    for reason, number in failures:
        article.building.fault(reason, number)
    return article.parsed()


class _Article:
    """An article that is made of all tasks about it."""

    def __init__(self, tasks: list[Task]) -> None:
        many = len(tasks) > 1
        self.tasks = [
            Placed(task, f"task {number}: " if many else "") for number, task in enumerate(tasks, 1)
        ]
        text, begins = joined(task.text for task in self.tasks)
        for task in self.tasks:
            task.base = begins.get(task.text, 0)
        self.building = Building(text)
        self.mentioned: dict[Place, Entity] = {}
        #: Relations, and the task that had them first.
        self.stated: dict[tuple[Place, str | None, Place], Placed] = {}
        self.links = self._links()

    def parsed(self) -> Parsed:
        """Return the article; raises RecordError if there is nothing in it."""
        for task in self.tasks:
            for number, span in enumerate(task.task.spans or ()):
                self._mention(task, f"spans[{number}]", span, span)
            for number, relation in enumerate(task.task.relations or ()):
                self._relation(task, f"relations[{number}]", relation)
        if self.building.text is None and not self.building.entities:
            raise RecordError("no entities in it, and no text")
        about: dict[str, Any] = {}
        ids: list[Any] = []
        for task in self.tasks:
            about = {**task.task.about(), **about}
            ids += ((task.task.meta or {}).get("id"), task.task.input_hash)
        known_ids = [each for each in ids if isinstance(each, (str, int))]
        parsed = self.building.finish("Prodigy", local_ids=dict.fromkeys(known_ids), **about)
        parsed.is_joined = any(task.is_joined for task in self.tasks)
        return parsed

    def _links(self) -> dict[tuple[int | None, int | None], list[str]]:
        """Return the IRIs that were chosen for spans, in any of the tasks."""
        links: dict[tuple[int | None, int | None], list[str]] = {}
        for task in self.tasks:
            spans = task.task.spans or []
            chosen = task.task.accept if task.task.options and len(spans) == 1 else None
            for span in spans:
                if found := [*_iris([span.kb_id]), *_iris(chosen or ())]:
                    links.setdefault(task.place(span)[:2], []).extend(found)
        return links

    def _mention(self, task: Placed, name: str, span: ProdigySpan, part: Any) -> Place | None:
        """Add a mention, unless another task has; return its place."""
        place = start, end, label = task.place(span)
        if start is None or place not in self.mentioned:
            entity = self.building.mention(
                task.where + name,
                part,
                label,
                start,
                end,
                task.surface(span),
                confidence=span.score,
                same_as=self.links.get((start, end), ()),
            )
            if entity is None:
                return None
            if start is None:
                # A place of its own, as several may have none.
                place = None, None, entity.id
            self.mentioned[place] = entity
        task.at_offsets.setdefault((span.start, span.end, label), place)
        if span.token_end is not None:
            task.at_token.setdefault(span.token_end, place)
        return place

    def _relation(self, task: Placed, name: str, relation: ProdigyRelation) -> None:
        head = self._end(task, f"{name}: head", relation.head, relation.head_span, relation)
        child = self._end(task, f"{name}: child", relation.child, relation.child_span, relation)
        if head is None or child is None:
            return
        if self.stated.setdefault((head, relation.label, child), task) is task:
            self.building.relation(self.mentioned[head], relation.label, self.mentioned[child])

    def _end(
        self, task: Placed, name: str, token: int | None, span: ProdigySpan | None, part: Any
    ) -> Place | None:
        """Return the place of the mention that a relation begins or ends at, made if it has none."""
        known = None
        if span is not None and span.start is not None:
            known = task.at_offsets.get((span.start, span.end, span.label))
        if known is None and token is not None:
            known = task.at_token.get(token)
        if known is None and span is not None:
            return self._mention(task, name, span, part)
        if known is None:
            self.building.fault(f"{task.where}{name}: no span ends at token {token}", part)
        return known


def _iris(identifiers: Iterable[Any]) -> Iterable[str]:
    """Yield the IRIs of what was chosen; that it was none of the options has no IRI."""
    for each in identifiers:
        if not isinstance(each, str):
            continue
        if _WIKIDATA_ID.fullmatch(each):
            yield identifier_iri("Wikidata", each)
        elif each.startswith(("http://", "https://")):
            yield each
