"""Triples as one JSON-LD object for a page: a thing with what it names inside it.

JSON-LD 1.1. The context is inline, so that nobody has to fetch one, and says of each property what its
values are where all are alike: so values are plain strings, as those read them who know no JSON-LD.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

from datasette_newsgraph.vocabulary import PREFIXES

Data = dict[str, Any]

_SCHEMA = PREFIXES["schema"]
_TYPE = f"{PREFIXES['rdf']}type"
#: A line of N-Triples (RDF 1.1 N-Triples, section 7), as our writer has it. Its strings are JSON's.
_TRIPLE = re.compile(
    r'<([^>]*)> <([^>]*)> (?:<([^>]*)>|("(?:[^"\\]|\\.)*")(?:\^\^<([^>]*)>|@([\w-]+))?) \.'
)
_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)

#: What a value is, as a context says it: its datatype, or its language; None for a plain string.
ValueKind: TypeAlias = "tuple[Literal['@type', '@language'], str] | None"
IRI: ValueKind = ("@type", "@id")


class Object(NamedTuple):
    """An object of triples: its text, and what that is."""

    text: str
    kind: ValueKind = None


#: The objects of each property, by the IRIs of things and properties.
Triples = dict[str, dict[str, list[Object]]]


def read_triples(lines: Iterable[str]) -> Triples:
    """Return what lines of N-Triples say, in their order."""
    found: Triples = {}
    for line in lines:
        match = _TRIPLE.fullmatch(line)
        assert match is not None, line
        subject, predicate, iri, text, datatype, language = match.groups()
        if iri is not None:
            object_ = Object(iri, IRI)
        elif language:
            object_ = Object(json.loads(text), ("@language", language))
        else:
            object_ = Object(json.loads(text), ("@type", datatype) if datatype else None)
        found.setdefault(subject, {}).setdefault(predicate, []).append(object_)
    return found


class Compact:
    """Writes a thing as an object. Of the things inside it only the properties ``naming`` are written,
    by their IRIs.
    """

    def __init__(self, triples: Triples, naming: frozenset[str]) -> None:
        self.triples, self.naming = triples, naming | {_TYPE}
        self._is_written: set[str] = set()

    def object_(self, iri: str) -> Data:
        """Return a thing with its context."""
        nested = self._node(iri, self.triples[iri])
        kinds: dict[str, set[ValueKind]] = {}
        _note_kinds(nested, kinds)
        context: Data = {"@vocab": _SCHEMA}
        for name, found in kinds.items():
            kind = found.pop()
            if kind and not found and _NAME.fullmatch(name):
                context[name] = dict([kind])
        return {"@context": context, **_written(nested, context)}

    def _node(self, iri: str, properties: Mapping[str, list[Object]]) -> Data:
        """Return a thing with its objects as they are, and with things inside it."""
        self._is_written.add(iri)
        node: Data = {"@id": iri}
        for predicate, objects in properties.items():
            if predicate == _TYPE:
                node["@type"] = [local(each.text) for each in objects]
            else:
                node[local(predicate)] = [self._inner(each) for each in objects]
        return node

    def _inner(self, object_: Object) -> Object | Data:
        """Return an object, or the thing that it is, the first time."""
        known = self.triples.get(object_.text) if object_.kind == IRI else None
        if known is None or object_.text in self._is_written:
            return object_
        return self._node(
            object_.text, {name: known[name] for name in known if name in self.naming}
        )


def local(iri: str) -> str:
    """Return a term as the context has it: those of schema.org by their names.

    >>> local("https://schema.org/Person"), local("https://example.org/ns#Person")
    ('Person', 'https://example.org/ns#Person')
    """
    name = iri.removeprefix(_SCHEMA)
    return name if name != iri and _NAME.fullmatch(name) else iri


def _note_kinds(node: Data, kinds: dict[str, set[ValueKind]]) -> None:
    for name, values in node.items():
        if not name.startswith("@"):
            for each in values:
                if isinstance(each, Object):
                    kinds.setdefault(name, set()).add(each.kind)
                else:
                    kinds.setdefault(name, set()).add(IRI)
                    _note_kinds(each, kinds)


def _written(node: Data, context: Data) -> Data:
    """Return a thing as JSON: a single value without a list around it."""
    written: Data = {}
    for name, values in node.items():
        if name == "@id":
            written[name] = values
            continue
        is_said = name in context
        found = [
            each
            if isinstance(each, str)
            else _value(each, is_said)
            if isinstance(each, Object)
            else _written(each, context)
            for each in values
        ]
        written[name] = found[0] if len(found) == 1 else found
    return written


def _value(object_: Object, is_said: bool) -> Any:
    """Return a value: as a string, if what it is is said by the context or is nothing special."""
    text, kind = object_
    if is_said or kind is None:
        return text
    return {"@id": text} if kind == IRI else {"@value": text, **dict([kind])}
