"""What the first lines say of the columns: layers with their features."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from datasette_newsgraph.errors import RecordError

FORMAT = "#FORMAT=WebAnno TSV "
_LAYER = re.compile(r"#T_(SP|CH|RL)=([^|]*)(?:\|(.*))?", re.DOTALL)
_SLOT = re.compile(r"(.+?)_(?=[A-Za-z0-9]+\.)")
_BASE, _ROLE = "BT_", "ROLE_"

Kind = Literal["span", "chain", "relation"]
_KINDS: dict[str, Kind] = {"SP": "span", "CH": "chain", "RL": "relation"}


@dataclass
class Layer:
    """A layer with the columns of its features by their names.

    Of a relation, ``base`` is the layer of its ends and ``ends`` the column of them; ``roles`` are
    pairs of columns: the roles, and what plays them.
    """

    name: str
    kind: Kind
    features: dict[str, int] = field(default_factory=dict)
    base: str = ""
    ends: int = 0
    roles: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def columns(self) -> list[int]:
        """The columns of all features."""
        return [*self.features.values(), *(each for pair in self.roles.values() for each in pair)]


@dataclass
class Header:
    """The layers, how many cells a line has, and whether the text has the escapes of Java."""

    layers: list[Layer]
    width: int
    as_java: bool


def read_header(lines: list[str]) -> Header:
    """Return the layers of a document; raises RecordError where the lines do not begin one."""
    if not lines or not lines[0].startswith(FORMAT):
        raise RecordError(f"the first line does not begin with {FORMAT.strip()}")
    version = lines[0].removeprefix(FORMAT).strip()
    if not re.fullmatch(r"3(?:\.\d{1,3})?", version, re.ASCII):
        raise RecordError(
            f"is WebAnno TSV {version[:10]}, and only version 3 is read; export it again from WebAnno 3"
            " or INCEpTION"
        )
    layers: list[Layer] = []
    place = 3
    for line in lines:
        if line.startswith("#Text="):
            break
        found = _LAYER.fullmatch(line.rstrip("\r"))
        if found is not None:
            layer = Layer(found[2], _KINDS[found[1]])
            place = _take_features(layer, (found[3] or "").split("|"), place)
            layers.append(layer)
    return Header(layers, place, version in ("3", "3.0", "3.1"))


def _take_features(layer: Layer, features: list[str], place: int) -> int:
    """Give a layer its columns from ``place`` on; return the place behind them."""
    names = iter(features)
    for name in names:
        if name.startswith(_ROLE):
            # The next one is the layer of what plays the role.
            next(names, None)
            layer.roles[_slot(name)] = (place, place + 1)
            place += 2
        elif name.startswith(_BASE) and layer.kind == "relation":
            layer.base, layer.ends = name.removeprefix(_BASE), place
            place += 1
        elif name or layer.kind == "span":
            # A layer without features has a column, too, which tells where it is.
            layer.features[name] = place
            place += 1
    if layer.kind == "relation" and not layer.ends and layer.features:
        layer.ends = layer.features.popitem()[1]
    return place


def _slot(name: str) -> str:
    """Return the feature of ``ROLE_package.Host:feature_package.Link``."""
    name = name.rpartition(":")[2]
    found = _SLOT.match(name)
    return found[1] if found else name
