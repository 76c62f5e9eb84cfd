"""A user's file of aliases: what names are called otherwise, or which identifier they have.

Each line has a name and, behind a tab, an absolute IRI or another name, and behind a second tab perhaps
a type::

    Islamic Emirate    Taliban
    Press TV           http://www.wikidata.org/entity/Q1324169    Organization
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.extraction.nlp.given_files import is_entry, text_of
from datasette_newsgraph.identity import normalise_name


@dataclass
class Aliases:
    """What a user says of names, by the normalised name."""

    names: dict[str, str] = field(default_factory=dict)
    identifiers: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    #: The names as they were given, to be found in texts.
    surfaces: list[str] = field(default_factory=list)
    digest: str = ""


def load_aliases(files: Iterable[str]) -> Aliases:
    """Return the aliases of several files; raises InputError naming file and line."""
    found = Aliases()
    hashed = hashlib.sha256()
    for path in files:
        text = text_of(path, "the file of aliases", "--aliases")
        hashed.update(text.encode())
        for number, line in enumerate(text.splitlines(), 1):
            if is_entry(line):
                _add(found, line, f"{path}:{number}")
    found.digest = hashed.hexdigest()[:16]
    return found


def _add(found: Aliases, line: str, place: str) -> None:
    fields = [each.strip() for each in line.split("\t")]
    if not 2 <= len(fields) <= 3 or not all(fields):
        raise InputError(
            f"{place}: a line of aliases has a name, a tab, and an IRI or another name, perhaps"
            " another tab and a type"
        )
    name = normalise_name(fields[0])
    if "://" in fields[1] or fields[1].startswith("urn:"):
        found.identifiers[name] = fields[1]
    else:
        found.names[name] = fields[1]
    if len(fields) == 3:
        found.types[name] = fields[2]
    found.surfaces.append(fields[0])
