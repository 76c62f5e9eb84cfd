"""What Prodigy writes of one task, and what its spans are in the text of an article."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.shapes import Shape
from datasette_newsgraph.readers.tokens import JoinedText, TokenSpan

#: Where a mention is in the article, and its label; without offsets its entity's id.
Place = tuple[int | None, int | None, str | None]


class Token(Shape, omit_defaults=True):
    """A token; ``ws`` says whether a blank comes behind it."""

    text: str | None = None
    start: int | None = None
    end: int | None = None
    ws: bool | None = None


class ProdigySpan(Shape, omit_defaults=True):
    """A labelled span; ``token_end`` is its last token."""

    start: int | None = None
    end: int | None = None
    token_start: int | None = None
    token_end: int | None = None
    label: str | None = None
    text: str | None = None
    score: float | None = None
    kb_id: str | None = None


class ProdigyRelation(Shape, omit_defaults=True):
    """``head`` and ``child`` are the last tokens of the spans."""

    head: int | None = None
    child: int | None = None
    label: str | None = None
    head_span: ProdigySpan | None = None
    child_span: ProdigySpan | None = None


class Task(Shape, rename={"input_hash": "_input_hash"}):
    """A question and what was answered."""

    text: str | None = None
    tokens: list[Token] | None = None
    spans: list[ProdigySpan] | None = None
    relations: list[ProdigyRelation] | None = None
    options: list[Any] | None = None
    accept: list[Any] | None = None
    answer: str | None = None
    meta: dict[str, Any] | None = None
    url: Any = None
    title: Any = None
    date: Any = None
    input_hash: int | str | None = None

    def about(self) -> dict[str, Any]:
        """Return what is said of the article that the text is of."""
        given = {"url": self.url, "title": self.title, "date": self.date}
        return about_article({**given, **(self.meta or {})})


class Placed:
    """A task, and where its text begins in the article's."""

    def __init__(self, task: Task, where: str) -> None:
        self.task = task
        #: How its parts are called in faults.
        self.where = where
        self.text = task.text or self._joined.text
        self.base = 0
        #: The mentions by their last token, and by offsets and label.
        self.at_token: dict[int, Place] = {}
        self.at_offsets: dict[Place, Place] = {}

    @cached_property
    def _joined(self) -> JoinedText:
        tokens = self.task.tokens or ()
        return JoinedText(
            [[each.text or "" for each in tokens]], [[each.ws is not False for each in tokens]]
        )

    @property
    def is_joined(self) -> bool:
        """Whether blanks between tokens are a guess."""
        tokens = self.task.tokens or ()
        return not self.task.text and any(each.ws is None for each in tokens)

    def surface(self, span: ProdigySpan) -> str | None:
        """Return what Prodigy says that a span reads."""
        return span.text or (None if (found := self._by_tokens(span)) is None else found.surface)

    def place(self, span: ProdigySpan) -> Place:
        """Return a span's code points in the article's text, and its label."""
        start, end = span.start, span.end
        if start is None or end is None:
            start, end = self._by_tokens_of(span)
        if start is None or end is None:
            return None, None, span.label
        return start + self.base, end + self.base, span.label

    def _by_tokens(self, span: ProdigySpan) -> TokenSpan | None:
        if span.token_start is None or span.token_end is None:
            return None
        return self._joined.span(span.token_start, span.token_end + 1)

    def _by_tokens_of(self, span: ProdigySpan) -> tuple[int | None, int | None]:
        found = self._by_tokens(span)
        if found is None or span.token_start is None or span.token_end is None:
            return None, None
        if not self.task.text:
            return found.start, found.end
        tokens = self.task.tokens or []
        return tokens[span.token_start].start, tokens[span.token_end].end
