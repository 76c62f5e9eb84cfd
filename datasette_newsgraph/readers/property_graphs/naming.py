"""What the nodes of a graph are called, and what they are: decided over all nodes together.

``name`` is a name and ``type`` a type. ``label``, ``title``, ``caption``, ``group`` and the id itself
may be either: a label that repeats among few values, or is the usual word for a type, is a type; one
that differs from node to node is a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from datasette_newsgraph.readers.named_keys import NAMES, TYPES, by_folded_key, values_in
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
    def are_shown(self) -> bool:
        """Whether they are written as names are, not as keys: with blanks, or a first capital."""
        shown = sum(" " in words.strip() or words[:1].isupper() for _, words in self._words)
        return shown > _MOSTLY * len(self._words)


class Naming:
    """Which properties are the names and the types of a graph's nodes."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        given = [(each.id, by_folded_key(each.properties)) for each in nodes]
        labelled = any(each.labels for each in nodes)
        has_types = labelled or any(_type_in(each, TYPES) for _, each in given)
        has_names = any(True for _, each in given for _ in values_in(each, NAMES)) or any(
            each.name for each in nodes
        )
        ids = _Values([(id_, {"id": id_}) for id_, _ in given], "id")
        opaque = sum(_OPAQUE.fullmatch(id_) is not None for id_, _ in given)
        #: Whether edges name their ends by what these are called.
        self.ids_are_names = not has_names and opaque <= _MOSTLY * len(given)
        names, types = list(NAMES), list(TYPES)
        label, title, group = (_Values(given, key) for key in ("label", "title", "group"))
        if label:
            can_be_type = has_names or opaque <= _MOSTLY * len(given)
            is_other = ids.are_shown and not label.are_like_ids
            if can_be_type and (label.are_types or (is_other and not has_types)):
                types.append("label")
            else:
                names.append("label")
                self.ids_are_names = False
        names.append("caption")
        titles_are_types = title.are_types and (has_names or "label" in names)
        if title and not has_names and "label" not in names and not title.are_types:
            self.ids_are_names = False
        if group:
            types.append("group")
        if titles_are_types:
            types.append("title")
        #: A node of another kind than most may have its name there: a film its title.
        others = [] if titles_are_types else ["title"]
        others += sorted({key for _, each in given for key in each if _names_something(key)})
        self._names, self._types, self._others = tuple(names), tuple(types), tuple(others)
        self._descriptions = () if titles_are_types else ("title",)
        #: The folded keys of which something is taken here.
        self.used = frozenset(by_folded_key(dict.fromkeys([*names, *types, "title"])))

    def name_of(self, node: Node) -> str | None:
        """Return what a node is called, its id if there is nothing else."""
        given = by_folded_key(node.properties)
        keys = (*self._names, *self._others)
        found = (words_of(each) for each in values_in(given, keys))
        own = words_of(node.id) if node.has_id else None
        name = node.name or next(filter(None, found), None) or own
        # As nano-graphrag has it from the answer of a model.
        return name[1:-1] if name and len(name) > 2 and name[0] == name[-1] == '"' else name

    def type_of(self, node: Node) -> str | None:
        """Return the type of a node in the words of the file, None if it has none."""
        own = [each for each in node.labels if each.strip()]
        telling = [each for each in own if each not in _TECHNICAL_LABELS]
        if telling or own:
            return (telling or own)[0]
        return _type_in(by_folded_key(node.properties), self._types)

    def aliases_of(self, node: Node) -> list[str]:
        """Return what else a node is called: under the key of a name, in other words."""
        given = by_folded_key(node.properties)
        found = dict.fromkeys(filter(None, map(words_of, values_in(given, self._names))))
        return [each for each in found if each != self.name_of(node)]

    def description_of(self, node: Node) -> str | None:
        """Return the words that are shown of a node when it is pointed at, unless they are its name."""
        given = by_folded_key(node.properties)
        found = next(filter(None, map(words_of, values_in(given, self._descriptions))), None)
        return None if found == self.name_of(node) else found


def _type_in(given: Folded, keys: tuple[str, ...]) -> str | None:
    for value in values_in(given, keys):
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
