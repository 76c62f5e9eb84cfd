"""The two ends of a Web Annotation: bodies, as things that they identify, and targets, as spans.

By the Web Annotation Data Model, sections 3 and 4. Everything may be a list, an object or an IRI, and
nothing of it can be relied on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.readers.shapes import writable

_SETS = frozenset({"Choice", "Composite", "List", "Independents"})
#: Classes that say how a body is given, not what the thing is.
_MODEL_CLASSES = _SETS | {
    "SpecificResource", "TextualBody", "Dataset", "Image", "Video", "Sound", "Audio", "Text",
}  # fmt: skip
_NAMES = ("label", "name", "prefLabel")
#: The selectors of the model that say nothing of characters, which is no fault.
_OTHER_SELECTORS = frozenset({
    "XPathSelector", "CssSelector", "SvgSelector", "DataPositionSelector", "RangeSelector",
})  # fmt: skip
#: RFC 5147: char=10,20 with a length or checksum behind it, if any.
_CHARACTERS = re.compile(r"char=(\d{0,15}),(\d{0,15})(?:;.*)?", re.DOTALL)
_MAX_OFFSET = 1 << 53


@dataclass
class Thing:
    """What an annotation identifies; without IRIs it is known by its name or its words."""

    same_as: list[str] = field(default_factory=list)
    label: str | None = None
    name: str | None = None

    @property
    def local_name(self) -> str | None:
        """What its IRI ends with, where nothing else names it."""
        return _local_name(self.same_as[0]) if self.same_as else None


@dataclass
class Target:
    """A source with a span of it, or the whole of it."""

    source: str = ""
    language: str | None = None
    is_whole: bool = True
    start: int | None = None
    end: int | None = None
    exact: str | None = None
    fault: str | None = None


def objects(value: Any) -> list[Any]:
    """Return what stands in a place where one thing or a list may be."""
    return value if isinstance(value, list) else [] if value is None else [value]


def things(body: Any, body_value: Any, motivation: Any) -> list[Thing]:
    """Return what is identified: one thing, if need be with several IRIs; or as many as IRIs are
    linked or tagged; or one without an IRI that is only classified.
    """
    identified: list[Thing] = []
    linked: list[Thing] = []
    classes: list[str] = []
    tags: list[str] = []
    chosen: set[int] = set()
    written = {"type": "TextualBody", "value": body_value}
    for each, choice in _members([body, written if body_value is not None else None]):
        own = _purposes(each.get("purpose"))
        purposes = own or _purposes(motivation)
        iri, words = _iri(each), _words(each)
        if "classifying" in purposes:
            classes += [_local_name(iri)] if iri else [words] if words else []
        elif iri and purposes & {"identifying", "linking", "tagging"} and choice not in chosen:
            chosen |= set() if choice is None else {choice}
            tags += _classes(each)
            thing = Thing([iri], None, _name(each))
            (identified if "identifying" in purposes else linked).append(thing)
        elif words and "identifying" in own:
            identified.append(Thing([], None, words))
        elif words and "tagging" in purposes:
            tags.append(words)
    if identified:
        names = [each.name for each in identified if each.name]
        same_as = [iri for each in identified for iri in each.same_as]
        linked = [Thing(same_as, None, names[0] if names else None)]
    label = next(iter((*classes, *tags)), None)
    found = linked or [Thing() for _ in classes[:1]]
    return [Thing(each.same_as, label, each.name) for each in found]


def _members(given: Any) -> Iterator[tuple[dict[str, Any], int | None]]:
    """Yield bodies or targets one by one, each an object, with a number that those of one choice
    share.
    """
    stack: list[tuple[Any, int | None]] = [(given, None)]
    while stack:
        each, choice = stack.pop()
        if isinstance(each, list):
            stack += [(one, choice) for one in reversed(each)]
        elif isinstance(each, str):
            yield {"id": each}, choice
        elif isinstance(each, dict):
            types = _types(each)
            if types.isdisjoint(_SETS) or "items" not in each:
                yield each, choice
            else:
                stack.append((each["items"], id(each) if "Choice" in types else choice))


def _types(given: dict[str, Any]) -> set[str]:
    types = objects(given.get("type", given.get("@type")))
    return {_local_name(each) for each in types if isinstance(each, str)}


def _purposes(given: Any) -> set[str]:
    return {_local_name(each) for each in objects(given) if isinstance(each, str)}


def _is_text(body: dict[str, Any]) -> bool:
    types = _types(body)
    return "TextualBody" in types or (not types and "value" in body)


def _words(body: dict[str, Any]) -> str | None:
    words = body.get("value")
    return words if _is_text(body) and isinstance(words, str) and words.strip() else None


def _id(given: Any) -> str | None:
    if isinstance(given, dict):
        given = given.get("id", given.get("@id"))
    return given if isinstance(given, str) else None


def _iri(body: dict[str, Any]) -> str | None:
    """Return the IRI of the thing; the id of a text is only that of the text."""
    if _is_text(body):
        words = (_words(body) or "").strip()
        return clean_iri(words) if words.startswith(("http://", "https://")) else None
    return clean_iri(_id(body.get("source", body)) or "")


def _descriptions(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in (body, body.get("source")) if isinstance(each, dict)]


def _classes(body: dict[str, Any]) -> list[str]:
    return [
        name
        for each in _descriptions(body)
        for name in sorted(_types(each) - _MODEL_CLASSES)
        if name
    ]


def _name(body: dict[str, Any]) -> str | None:
    given = [each.get(key) for each in _descriptions(body) for key in _NAMES]
    return next((each for each in given if isinstance(each, str) and each.strip()), None)


def _local_name(iri: str) -> str:
    last = re.split("[#/:]", iri.rstrip("#/:"))[-1]
    return str(writable(unquote(last).replace("_", " "))).strip()


def targets(given: Any) -> list[Target]:
    """Return the targets, of which each is a mention."""
    return [_target(each) for each, _ in _members(given)] or [Target()]


def _target(given: dict[str, Any]) -> Target:
    target = Target()
    source = given.get("source", given)
    if isinstance(source, dict) and isinstance(source.get("language"), str):
        target.language = source["language"]
    target.source = _without_fragment(_id(source) or "", target)
    for selector in objects(given.get("selector")):
        target.is_whole = False
        _select(selector, target)
    return target


def _without_fragment(iri: str, target: Target) -> str:
    document, _, fragment = iri.partition("#")
    if fragment.startswith(("!", "/")):
        # It is how some sites name a page.
        return iri
    if fragment:
        target.is_whole = False
        _select({"type": "FragmentSelector", "value": fragment}, target)
    return document


def _select(selector: Any, target: Target) -> None:
    """Add what a selector says, and what refines it; the first of several that agree counts."""
    stack: list[tuple[Any, int | None]] = [(selector, 0)]
    start = end = exact = None
    while stack:
        # Positions count from ``base``, which is None where the text before it is not known.
        each, base = stack.pop()
        if not isinstance(each, dict):
            target.fault = "its selector is no object"
            continue
        kind, span = _types(each), None
        if "TextPositionSelector" in kind:
            span = each.get("start"), each.get("end")
        elif "FragmentSelector" in kind and isinstance(each.get("value"), str):
            found = _CHARACTERS.fullmatch(each["value"].strip().lstrip("#"))
            span = (int(found[1] or 0), int(found[2]) if found[2] else None) if found else None
        elif "TextQuoteSelector" in kind and isinstance(each.get("exact"), str):
            exact = exact or each["exact"]
        elif "FragmentSelector" not in kind and kind.isdisjoint(_OTHER_SELECTORS):
            target.fault = "its selector is none of the model's, by its type or what it lacks"
        if span is not None and base is not None:
            start, end = _offset(span[0], base, target), _offset(span[1], base, target)
        inner = start if span is not None and base is not None else None
        stack += [(one, inner) for one in reversed(objects(each.get("refinedBy")))]
    if target.start is None and target.end is None:
        target.start, target.end = start, end
    target.exact = target.exact or exact


def _offset(given: Any, base: int, target: Target) -> int | None:
    if isinstance(given, str) and given.strip().isdecimal() and len(given) < 16:
        given = int(given)
    is_number = isinstance(given, (int, float)) and not isinstance(given, bool)
    if is_number and abs(given) < _MAX_OFFSET and given == int(given):
        return int(given) + base
    if given is not None:
        target.fault = f"offset {str(given)[:40]!r} is no whole number"
    return None
