"""What an authority knows: things, with the names that they go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol


@dataclass(frozen=True)
class Thing:
    """A thing as a file gives it; several may have one ``iri``, which are then one.

    ``names`` are the other names beside ``label``; ``type`` is one of our types, or "" where it is not
    known; ``links`` says how well known it is: its Wikipedia pages, or the people who live there.
    ``is_checked``: people matched these names with the thing.
    """

    iri: str
    label: str
    names: tuple[str, ...] = ()
    description: str = ""
    type: str = ""
    links: int = 0
    is_checked: bool = False


class Known(NamedTuple):
    """A thing as it is looked up by a name; ``is_checked``: people matched this very name with it."""

    iri: str
    label: str
    description: str
    type: str
    links: int
    is_checked: bool = False


class Named(NamedTuple):
    """The things of one name, the best known first. ``is_shared``: others have the name, too, which
    are not among them.
    """

    things: tuple[Known, ...] = ()
    is_shared: bool = False


class Authority(Protocol):
    """What names can be looked up in."""

    name: str

    def named(self, form: str) -> Named:
        """Return the things of a name that is folded as of ``folding.folded``."""


class Fault(NamedTuple):
    """A line that could not be read, by its number, and why."""

    line: int
    reason: str


class LeftOut(NamedTuple):
    """A thing that was read and is not meant to be in the file: too little known, of another kind."""

    line: int
