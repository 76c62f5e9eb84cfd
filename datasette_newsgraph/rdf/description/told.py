"""What is told of a graph by who publishes it: its name, whose it is, and where it is to be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from datasette_newsgraph.iri import web_address
from datasette_newsgraph.mapping.profiles import FULL, Profile
from datasette_newsgraph.rdf import Format


@dataclass(frozen=True)
class Download:
    """An address at which a graph is to be had: all of it that a profile has, in a format."""

    address: str
    format: Format
    profile: Profile = FULL
    is_packed: bool = False

    @property
    def name(self) -> str:
        """Return what tells it from the other downloads of a graph."""
        parts = (self.format.name, "" if self.profile is FULL else self.profile.name)
        return "-".join(filter(None, (*parts, "gz" if self.is_packed else "")))


@dataclass(frozen=True)
class Told:
    """What stands in no table of a graph.

    ``given`` is what the metadata says: title, description, license, source and their addresses.
    ``document`` is the IRI of the description itself, ``page`` the address of the overview,
    ``endpoint`` where questions in SPARQL are asked.
    """

    name: str
    document: str
    given: Mapping[str, str] = field(default_factory=dict)
    downloads: tuple[Download, ...] = ()
    page: str | None = None
    endpoint: str | None = None

    @property
    def title(self) -> str:
        """Return what the graph is called."""
        return self.given.get("title") or f"News graph {self.name}"

    def address(self, key: str) -> str | None:
        """Return an address that the metadata gives, or None where it is none of the web."""
        return web_address(self.given.get(key, ""))
