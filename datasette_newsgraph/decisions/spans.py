"""The mentions, quotes and evidence of one article: about what they are shown, or not shown."""

from __future__ import annotations

from typing import Any

from datasette_newsgraph.decisions.article_state import ArticleState, Span
from datasette_newsgraph.decisions.as_given import NOBODY, AsGiven
from datasette_newsgraph.decisions.entity_rows import EntityRows
from datasette_newsgraph.decisions.intended import Intended
from datasette_newsgraph.decisions.span_rows import SpanRows


def arrange_spans(
    state: ArticleState,
    intended: Intended,
    entities: EntityRows,
    rows: SpanRows,
    as_given: AsGiven,
) -> None:
    """Have the spans of an article be about what they are to be shown about, and take out or put back
    the others. Its appearances are those that are to be shown.
    """
    for span, shown in intended.spans:
        if shown == span.shown:
            continue
        if span.kept is not None:
            as_given.forget(span.kept)
        _touch(span, entities)
        if shown is None:
            as_given.keep(state.id, span.kind, span.key, span.ends, None, _taken_out(span, rows))
            continue
        about = _about(span, shown, intended, entities)
        if span.id is not None:
            rows.turn(span.kind, span.id, about)
        elif span.kept is not None:
            rows.put_back(span.kind, span.key, state.id, span.kept.record["row"], about)
        if shown != span.given:
            as_given.keep(state.id, span.kind, span.key, span.ends, shown)


def _touch(span: Span, entities: EntityRows) -> None:
    """Note what a span is about until now."""
    if span.shown:
        if span.kind == "evidence":
            entities.touch_relation(span.shown)
        else:
            entities.touch(entities.find(span.shown))


def _about(span: Span, shown: str, intended: Intended, entities: EntityRows) -> int | None:
    """Return the row number of what a span is to be about, and note it."""
    if shown == NOBODY:
        return None
    if span.kind == "evidence" and span.statement is not None:
        subject, object_ = intended.entity(span.ends.subject), intended.entity(span.ends.object)
        return entities.relation(shown, subject or "", object_, span.statement)
    number = entities.find(shown)
    entities.touch(number)
    return number


def _taken_out(span: Span, rows: SpanRows) -> dict[str, Any]:
    assert span.id is not None
    record: dict[str, Any] = {"row": rows.take_out(span.kind, span.id)}
    if span.statement is not None:
        record["statement"] = [*span.statement]
    return record
