"""When a statement held: the dates that hang on its verb or noun in the parse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from datasette_newsgraph.extraction.nlp.relations.statement import Scene, Statement

#: Patterns whose statements are about something that happens at a time.
_DATED = frozenset(("verb-object", "verb-preposition", "between", "with-other", "together"))
#: Words before a date that make it another time than that of what happens.
_NOT_AT = frozenset(("until", "till", "before", "after", "by", "than", "since"))

#: Dates with a value by the tokens that they hang on.
DatedWords = dict[int, list[dict[str, Any]]]


def dated_words(scene: Scene, dates: Sequence[dict[str, Any]]) -> DatedWords:
    """Return the dates of a page by the words above them in the parse, up to the first verb."""
    found: DatedWords = {}
    for each in dates:
        if each["value"] is None:
            continue
        first, last = scene.page.token_at(each["start"]), scene.page.token_at(each["end"])
        if first >= last:
            continue
        for steps, above in enumerate(scene.page.doc[first:last].root.ancestors):
            found.setdefault(above.i, []).append(each)
            if above.pos_ in ("VERB", "AUX", "NOUN") or steps > 4:
                break
    return found


def date_of(scene: Scene, dated: DatedWords, tokens: Iterable[int]) -> dict[str, Any] | None:
    """Return the one date that hangs on the first of some tokens that has any; None if it has several,
    or if the date is until when, or since when.
    """
    for token in tokens:
        found = dated.get(token)
        if found:
            before = scene.page.text[max(0, found[0]["start"] - 8) : found[0]["start"]].split()
            is_at = not before or before[-1].lower() not in _NOT_AT
            return found[0] if len(found) == 1 and is_at else None
    return None


def add_dates(scene: Scene, statements: Iterable[Statement], dated: DatedWords) -> None:
    """Give statements the date that hangs on their word."""
    for statement in statements:
        date = date_of(scene, dated, (statement.token,)) if statement.pattern in _DATED else None
        if date is not None:
            statement.start_date, statement.end_date = date["value"], date["until"]
