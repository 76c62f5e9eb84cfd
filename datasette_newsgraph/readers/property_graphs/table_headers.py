"""What the columns of tables of nodes and edges mean, by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from datasette_newsgraph.readers.named_keys import NAMES, TYPES, folded

#: A column of neo4j-admin: ``name:string``, ``personId:ID(Person)``, ``:START_ID``.
_ADMIN = re.compile(
    r"(?P<name>[^:]*):(?P<type>[A-Za-z_]+)(?P<list>\[\])?(?:\((?P<space>[^)]*)\))?\Z"
)
_ADMIN_ROLES = {"ID": "id", "LABEL": "labels", "START_ID": "start", "END_ID": "end", "TYPE": "type"}
_ADMIN_IGNORED = "IGNORE"
#: The columns of APOC.
_APOC = {"_id": "id", "_labels": "labels", "_start": "start", "_end": "end", "_type": "type"}
_IDS = ("id", "node_id", "nodeid", "entity_id", "key")
#: Two ends are called so together. Statements have ``subject`` and ``object``.
ENDS = (
    *(("source", "target"), ("from", "to"), ("source_id", "target_id"), ("from_id", "to_id")),
    *(("start", "end"), ("start_id", "end_id"), ("src", "dst"), ("node1", "node2")),
)
#: A table with ids and one of these is of nodes; one with titles may as well be of articles.
_CALLED = frozenset(map(folded, (*NAMES, *TYPES, "label", "caption")))

Role = Literal["id", "labels", "start", "end", "type", "value", "ignored"]


@dataclass(frozen=True)
class Column:
    """A column: what it means, the name and type of its values, and the space of its ids."""

    role: str
    name: str
    type: str = ""
    is_list: bool = False
    space: str = ""


@dataclass(frozen=True)
class Header:
    """The columns of a table, and whether its rows are nodes, edges, or either."""

    columns: tuple[Column, ...]
    roles: frozenset[str] = field(default_factory=frozenset)

    @property
    def has_nodes(self) -> bool:
        """Whether rows may be nodes."""
        return "id" in self.roles and not self.is_of_edges

    @property
    def is_of_edges(self) -> bool:
        """Whether all rows are edges: APOC has both in one table."""
        return self.has_edges and "labels" not in self.roles

    @property
    def has_edges(self) -> bool:
        """Whether rows may be edges."""
        return {"start", "end"} <= self.roles


def header_of(cells: Iterable[str]) -> Header | None:
    """Return the header that a row is; None if it is none of nodes or of edges.

    >>> header_of(["Id", "Label"]).has_nodes, header_of(["Source", "Target"]).has_edges
    (True, True)
    >>> header_of(["id", "text"]) is None
    True
    """
    names = [each.strip().lstrip("\ufeff") for each in cells]
    found = (
        _of_admin(names)
        or _of_names(names, {name: role for name, role in _APOC.items() if name in names})
        or _of_names(names, _usual(names))
    )
    if found is None or not (found.has_nodes or found.has_edges):
        return None
    return found


def _of_admin(names: list[str]) -> Header | None:
    matches = [_ADMIN.match(each) for each in names]
    if not any(each and each["type"] in ("ID", "START_ID", "END_ID") for each in matches):
        return None
    columns = []
    for name, match in zip(names, matches, strict=True):
        if match is None:
            columns.append(Column("value", name))
            continue
        role = _ADMIN_ROLES.get(match["type"], "value")
        role = "ignored" if match["type"] == _ADMIN_IGNORED else role
        columns.append(
            Column(role, match["name"], match["type"], bool(match["list"]), match["space"] or "")
        )
    return Header(tuple(columns), frozenset(each.role for each in columns))


def _of_names(names: list[str], roles: dict[str, str]) -> Header | None:
    if not roles:
        return None
    columns = tuple(Column(roles.get(name, "value"), name) for name in names)
    return Header(columns, frozenset(each.role for each in columns))


def _usual(names: list[str]) -> dict[str, str]:
    """Return what the columns of Gephi, and of tables like its own, mean."""
    known = {folded(name): name for name in reversed(names)}
    for one, other in ENDS:
        if folded(one) in known and folded(other) in known:
            return {known[folded(one)]: "start", known[folded(other)]: "end"}
    id_ = next((known[folded(each)] for each in _IDS if folded(each) in known), None)
    if id_ is None or not _CALLED.intersection(known):
        return {}
    return {id_: "id"}
