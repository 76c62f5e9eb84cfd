"""The entity that is meant where a person names one to decide on: loaded, merged away or to come."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from sqlite_utils import Database

from datasette_newsgraph.authorities import canonical_identifier
from datasette_newsgraph.decisions.keys import is_iri, key_meant, looks_like_key
from datasette_newsgraph.decisions.presence import is_found, is_there
from datasette_newsgraph.errors import AmbiguousName, UnknownKey
from datasette_newsgraph.identity import follows_from
from datasette_newsgraph.store.by_name import ENTITY, Named, key_of
from datasette_newsgraph.wording import listed

#: Whether a key that no article gives leads to an entity, or will.
_LEADS = (
    "SELECT 1 FROM decided WHERE verdict = 'same' AND kind = 'entity' AND key = :key",
    "SELECT 1 FROM decided WHERE verdict = 'split' AND value = :key",
)


class Meant(NamedTuple):
    """An entity: its key as it was given, or else found, and the key under which it is shown.

    ``named`` is what was found, if it was called by a name; ``is_identified`` says that it was called
    by an IRI; ``identifier`` is the identifier elsewhere from which the key follows, if it was that.
    """

    key: str
    shown: str
    named: Named | None = None
    is_identified: bool = False
    identifier: str = ""


def shown_key(connection: sqlite3.Connection, key: str) -> str:
    """Return the key under which an entity is shown: that of the one it was merged into, or its own."""
    row = connection.execute(
        "SELECT value FROM decided WHERE verdict = 'same' AND kind = 'entity' AND key = ?", [key]
    ).fetchone()
    return key if row is None else str(row[0])


def keys_shown_as(connection: sqlite3.Connection, shown: str) -> list[str]:
    """Return all keys that are shown as one, itself first, whether they are loaded or not."""
    rows = connection.execute(
        "SELECT key FROM decided WHERE verdict = 'same' AND value = ? AND key <> ? ORDER BY key",
        [shown, shown],
    )
    return [shown, *(row[0] for row in rows)]


def entity_meant(db: Database, given: str, *, may_be_absent: bool = False) -> Meant:
    """Return the entity of a key, an identifier IRI or a name.

    What an IRI stands for need not be loaded, and with ``may_be_absent`` nor need any key. Raises
    UnknownKey, and AmbiguousName where several have the name or the identifier.
    """
    key = key_meant(given)
    identified = is_iri(given)
    found = canonical_identifier(given.strip()) if identified else None
    if is_there(db.conn, "entity", key) or is_found(db.conn, key, _LEADS):
        return (
            _identified(db.conn, key, found) if identified else Meant(key, shown_key(db.conn, key))
        )
    if identified:
        return _identified(db.conn, _of_identifier(db.conn, given) or key, found)
    if may_be_absent and looks_like_key(key):
        return Meant(key, key)
    try:
        named = key_of(db, ENTITY, given)
    except UnknownKey as error:
        if not looks_like_key(key):
            raise
        raise UnknownKey(
            f"{error}; --not-loaded takes the key of an entity that is still to come"
        ) from error
    return Meant(named.key, named.key, named)


def _identified(connection: sqlite3.Connection, key: str, found: tuple[int, str] | None) -> Meant:
    iri = found[1] if found and follows_from(key, found[1]) else ""
    return Meant(key, shown_key(connection, key), is_identified=True, identifier=iri)


def _of_identifier(connection: sqlite3.Connection, given: str) -> str | None:
    """Return the key of the loaded entity that has an identifier, among others, which its key need not
    follow from.
    """
    identifier = canonical_identifier(given.strip())
    if identifier is None:
        return None
    rows = connection.execute(
        "SELECT DISTINCT key FROM identifiers JOIN entities ON entities.id = entity_id"
        " WHERE iri = ? ORDER BY key",
        [identifier[1]],
    ).fetchall()
    if len(rows) > 1:
        raise AmbiguousName(
            f"{len(rows)} entities have the identifier {identifier[1]}:"
            f" {listed([row[0] for row in rows])}; give the key of one"
        )
    return rows[0][0] if rows else None
