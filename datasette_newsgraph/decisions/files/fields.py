"""The fields of a decision in a file: a decision is made of them, or taken apart into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, cast

from datasette_newsgraph.decisions.decision import Decision, validated
from datasette_newsgraph.decisions.keys import key_meant
from datasette_newsgraph.errors import DecisionError
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.verdicts import VERDICTS, Verdict
from datasette_newsgraph.wording import listed

#: All fields, in the order in which they are written.
FIELDS = (
    *("verdict", "left", "left_name", "right", "right_name", "keep", "kind", "articles", "value"),
    *("by", "at", "how", "why", "batch", "key"),
)
#: Says why a decision does not hold, where that was asked for.
CONFLICT = "conflict"
#: What is written for people to read, and follows from the rest.
FOR_READERS = frozenset({"left_name", "right_name", "key", CONFLICT})
_KEYS = ("left", "right", "keep")

#: Gives the name of what a key is the key of, by the kind of the thing.
NameOf = Callable[[str, str], str]


class Written(NamedTuple):
    """A decision that is written, and why it does not hold, if that is to be said."""

    decision: Decision
    conflict: str | None = None


@contextmanager
def on_line(source: Source, line: int) -> Iterator[None]:
    """Put the names of file and line before what the body says of a decision, and the remedy behind."""
    try:
        yield
    except DecisionError as error:
        name = "standard input" if source.is_stdin else source.path
        raise DecisionError(
            f"{name}: line {line}: {error}; nothing of the file was taken: correct it and give it again"
        ) from error


def decision_of(values: Mapping[str, Any]) -> Decision:
    """Return the decision that fields have; raises DecisionError for what is none.

    An identifier IRI may stand for the key of an entity.
    """
    unknown = [name for name in values if name not in FIELDS and name != CONFLICT]
    if unknown:
        raise DecisionError(
            f"there is no field {listed([repr(each[:80]) for each in unknown])}; there are"
            f" {listed(FIELDS, most=len(FIELDS))}"
        )
    texts: dict[str, Any] = {
        name: text_of(name, values.get(name)) for name in FIELDS if name != "articles"
    }
    for name in ("verdict", "kind", "at"):
        texts[name] = texts[name].strip()
    says = VERDICTS.get(cast("Verdict", texts["verdict"]))
    if says is not None and (texts["kind"] or says.kinds[0]) == "entity":
        for name in _KEYS:
            texts[name] = key_meant(texts[name])
    given = {name: text for name, text in texts.items() if name not in FOR_READERS}
    given["kind"] = given["kind"] or None
    return validated(Decision(**given, articles=_articles(values.get("articles"))))


def values_of(written: Written, name_of: NameOf) -> dict[str, str | list[str]]:
    """Return the fields of a decision, with the names of what its keys are of."""
    one = written.decision
    values: dict[str, str | list[str]] = {
        **{name: getattr(one, name) or "" for name in FIELDS if name not in FOR_READERS},
        "left_name": name_of(one.kind or "", one.left),
        "right_name": name_of("entity", one.right) if one.right else "",
        "articles": [*one.articles],
        "key": one.key,
    }
    ordered = {name: values[name] for name in FIELDS}
    return ordered if written.conflict is None else {**ordered, CONFLICT: written.conflict}


def text_of(name: str, value: object) -> str:
    """Return the text of a field, empty for none; raises DecisionError for what is no text."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise DecisionError(f"{name} is no text: {ascii(value)[:80]}")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise DecisionError(f"{name} has half a character") from error
    return value.strip() if name in _KEYS else value


def _articles(value: object) -> tuple[str, ...]:
    """Return keys of articles, of a list or with spaces between them."""
    if isinstance(value, list):
        return tuple(text_of("articles", each).strip() for each in cast("list[object]", value))
    return tuple(text_of("articles", value).split())
