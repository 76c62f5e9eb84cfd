"""What OneKE says of a text: the record, the text in it, and the answer, however it is wrapped."""

from __future__ import annotations

import re
from typing import Any

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.shapes import decode

_TEXTS = ("text", "input", "sentence", "content")
_ANSWERS = ("output", "prediction", "predictions", "pred", "predict", "result", "response", "label")
#: What the framework of OneKE calls its lists.
LISTS = ("entity_list", "relation_list", "event_list", "triple_list")
_FENCE = re.compile(r"\A\s*```[a-z]*\s*|\s*```\s*\Z")


def text_in(record: dict[str, Any]) -> str | None:
    """Return the text: a field of the record, or the ``input`` within its instruction."""
    found = (record.get(key) for key in _TEXTS)
    text = next((each for each in found if isinstance(each, str) and each.strip()), None)
    if text is None or text.lstrip().startswith("{"):
        asked = loaded(text if text is not None else record.get("instruction"))
        inner = asked.get("input") if isinstance(asked, dict) else None
        return inner if isinstance(inner, str) and inner.strip() else text
    return text


def answer_in(record: dict[str, Any]) -> tuple[str, Any]:
    """Return the answer with the key that it is under; nothing if there is none."""
    if any(key in record for key in LISTS):
        return "", {key: record[key] for key in LISTS if key in record}
    for key in _ANSWERS:
        given = record.get(key)
        if given not in (None, ""):
            return key, loaded(given)
    return "", None


def loaded(given: Any) -> Any:
    """Return what a string has as JSON; all else, and what is no JSON, as it is."""
    if not isinstance(given, str):
        return given
    words = _FENCE.sub("", given).strip()
    if not words.startswith(("{", "[")):
        return given
    try:
        return decode(words.encode(), Any)
    except (RecordError, UnicodeEncodeError):
        return given


def is_answer(given: Any) -> bool:
    """Tell whether a value is an answer of OneKE: things or statements, by their labels or not."""
    if isinstance(given, dict):
        if any(isinstance(given.get(key), list) for key in LISTS):
            return True
        return bool(given) and all(_is_labelled(each) for each in given.values())
    return isinstance(given, list) and bool(given) and all(map(_is_member, given))


def _is_labelled(given: Any) -> bool:
    if isinstance(given, dict):
        # The things of a type, by name, with what is said of each.
        return bool(given) and all(isinstance(each, dict) for each in given.values())
    return isinstance(given, list) and all(
        isinstance(each, str) or _is_member(each) for each in given
    )


def _is_member(given: Any) -> bool:
    keys = set(given) if isinstance(given, dict) else set()
    return (
        {"subject", "object"} <= keys
        or {"head", "tail"} <= keys
        or {"entity", "entity_type"} <= keys
        or ("trigger" in keys or "arguments" in keys or "event_trigger" in keys)
    )
