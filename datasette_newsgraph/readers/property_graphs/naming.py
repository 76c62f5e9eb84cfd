"""What the nodes of a graph are called, and what they are: decided over all nodes together.

``name`` is a name and ``type`` a type. ``label``, ``title``, ``caption``, ``group`` and the id itself
may be either: a label that repeats among few values, or is the usual word for a type, is a type; one
that differs from node to node is a name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Mapping
from typing import Any, NamedTuple

from datasette_newsgraph.readers.named_keys import NAMES, TYPES, by_folded_key, folded
from datasette_newsgraph.readers.property_graphs.graph import Node, words_of

#: Types that say nothing but that a node is one, or how it is drawn.
_NO_TYPES = frozenset(
    (
        *(
            "node",
            "vertex",
            "circle",
            "square",
            "dot",
            "ellipse",
            "box",
            "image",
            "diamond",
            "star",
        ),
        *("triangle", "default", "nodes", "custom", "input", "output", "group", "bordered", "text"),
    )
)
#: Labels of a property graph that a tool puts beside the type.
_TECHNICAL_LABELS = frozenset(
    ("__Entity__", "__KGBuilder__", "__Node__", "_Entity", "Entity", "Node", "Resource", "Base")
)
#: The usual words for types, as a label alone may be one.
_USUAL_TYPES = frozenset(
    (
        *("person", "people", "per", "politician", "author", "organization", "organisation", "org"),
        *("company", "institution", "agency", "government", "party", "team", "group", "place"),
        *("location", "loc", "gpe", "city", "country", "state", "region", "event", "incident"),
        *(
            "date",
            "time",
            "year",
            "product",
            "work",
            "concept",
            "topic",
            "thing",
            "entity",
            "other",
        ),
        *(
            "misc",
            "technology",
            "law",
            "money",
            "facility",
            "article",
            "document",
            "chunk",
            "source",
        ),
        *(
            "mammal",
            "animal",
            "disease",
            "chemical",
            "gene",
            "film",
            "movie",
            "book",
            "norp",
            "role",
        ),
    )
)
#: An id that nobody would call a thing by: a number, a hash, a letter with a number.
_OPAQUE = re.compile(
    r"-?\d+|[0-9a-f]{8}-[0-9a-f-]{27}|\d+:[0-9a-f-]+:\d+|(?=\D*\d)[0-9a-f]{8,64}"
    r"|(?:n|e|v|node|entity|ent|id|vertex|item|doc|chunk|element|q|p|c)[_:\-# ]?\d+"
    r"|(?:node|entity|ent|chunk|doc|person|org|place|event)-[0-9a-f]{8,64}|\[.*\]|https?://.*",
    re.IGNORECASE,
)
#: Keys that end in "name" and have none of a thing.
_NO_NAMES = frozenset(
    (
        *("filename", "classname", "username", "firstname", "lastname", "middlename", "typename"),
        *("hostname", "sourcename", "targetname", "columnname", "tablename", "nickname", "surname"),
    )
)
_MOSTLY = 0.5

Folded = Mapping[str, Any]


class _Values:
    """The words that the nodes of a graph have under one key."""

    def __init__(self, nodes: Iterable[tuple[str, Folded]], key: str) -> None:
        found = [(id_, each.get(key)) for id_, each in nodes]
        self._words = [(id_, each) for id_, each in found if isinstance(each, str) and each.strip()]
        self._distinct = {words.strip().casefold() for _, words in self._words}

    def __bool__(self) -> bool:
        return bool(self._words)

    @property
    def are_types(self) -> bool:
        """Whether they repeat among few values, or are mostly the usual words for types."""
        usual = sum(words.strip().casefold() in _USUAL_TYPES for _, words in self._words)
        repeats = len(self._words) > 3 and 2 * len(self._distinct) <= len(self._words)
        return bool(self._words) and (repeats or usual > _MOSTLY * len(self._words))

    @property
    def are_like_ids(self) -> bool:
        """Whether they say mostly what the ids do: ``Ana Silva`` of ``ana_silva``."""
        alike = sum(_squeezed(words) in _squeezed(id_) for id_, words in self._words)
        return alike > _MOSTLY * len(self._words)

    @property
    def have_shown_ids(self) -> bool:
        """Whether the ids are written as names are, not as keys: with blanks, or a first capital."""
        shown = sum(" " in id_.strip() or id_[:1].isupper() for id_, _ in self._words)
        return shown > _MOSTLY * len(self._words)


class Called(NamedTuple):
    """What a node is called, and what it is. ``description`` is what is shown when it is pointed at."""

    name: str | None
    type: str | None
    aliases: list[str]
    description: str | None


class Naming:
    """Which properties are the names and the types of a graph's nodes."""

    def __init__(self, nodes: Collection[Node]) -> None:
        given = [(each.id, by_folded_key(each.properties)) for each in nodes]
        keys = {key for _, each in given for key in each}
        has_types = any(each.labels for each in nodes) or any(
            _type_in(each, _present(TYPES, keys)) for _, each in given
        )
        has_names = any(each.name for each in nodes) or any(
            words_of(each.get(key)) for key in _present(NAMES, keys) for _, each in given
        )
        opaque = sum(_OPAQUE.fullmatch(id_) is not None for id_, _ in given)
        can_be_type = has_names or opaque <= _MOSTLY * len(given)
        label, title = _Values(given, "label"), _Values(given, "title")
        label_is_type = can_be_type and (
            label.are_types or (not has_types and not label.are_like_ids and label.have_shown_ids)
        )
        has_label = bool(label) and not label_is_type
        title_is_type = title.are_types and (has_names or has_label)
        #: Whether edges name their ends by what these are called.
        self.ids_are_names = not has_names and can_be_type and not has_label
        self.ids_are_names &= not title or title_is_type
        names = [*NAMES, *(["label"] if has_label else []), "caption"]
        types = [*TYPES, *(["label"] if label_is_type else []), "group"]
        types += ["title"] if title_is_type else []
        self._names, self._types = _present(names, keys), _present(types, keys)
        self._descriptions = () if title_is_type else _present(["title"], keys)
        #: A node of another kind than most may have its name there: a film its title.
        self._others = (*self._descriptions, *sorted(filter(_names_something, keys)))
        #: The folded keys of which something is taken here.
        self.used = frozenset((*self._names, *self._types, "title"))
        self._called: dict[int, Called] = {}

    def called(self, node: Node) -> Called:
        """Return what is told of a node; its name is its id if there is nothing else."""
        found = self._called.get(id(node))
        if found is None:
            found = self._called[id(node)] = self._read(node)
        return found

    def _read(self, node: Node) -> Called:
        given = by_folded_key(node.properties)
        names = [node.name] if node.name else []
        names += (each for key in self._names if (each := words_of(given.get(key))))
        others = (words_of(given.get(key)) for key in self._others)
        own = words_of(node.id) if node.has_id else None
        name = names[0] if names else next(filter(None, others), None) or own
        shown = next(filter(None, (words_of(given.get(key)) for key in self._descriptions)), None)
        return Called(
            _unquoted(name),
            _label_of(node) or _type_in(given, self._types),
            [each for each in dict.fromkeys(names) if each != name],
            None if shown == name else shown,
        )


def _present(keys: Iterable[str], present: Container[str]) -> tuple[str, ...]:
    return tuple(each for each in map(folded, keys) if each in present)


def _label_of(node: Node) -> str | None:
    """Return the label that tells something, or else the first one."""
    own = [each for each in node.labels if each.strip()]
    telling = (each for each in own if each not in _TECHNICAL_LABELS)
    return next(telling, own[0] if own else None)


def _unquoted(name: str | None) -> str | None:
    """Return a name without the quotation marks that nano-graphrag leaves around it."""
    is_quoted = name is not None and len(name) > 2 and name[0] == name[-1] == '"'
    return name[1:-1] if name is not None and is_quoted else name


def _type_in(given: Folded, keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = given.get(key)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and each.strip() and not _says_nothing(each):
                return each
    return None


def _names_something(key: str) -> bool:
    return key.endswith("name") and key not in _NO_NAMES


def _says_nothing(words: str) -> bool:
    return words.casefold() in _NO_TYPES or words in _TECHNICAL_LABELS or words.isdecimal()


def _squeezed(words: str) -> str:
    return "".join(each for each in words.casefold() if each.isalnum())
