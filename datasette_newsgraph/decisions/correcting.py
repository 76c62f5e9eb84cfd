"""Decide what an entity is called, of what type it is, or that something is wrong."""

from __future__ import annotations

from sqlite_utils import Database

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.entities_meant import Meant, keys_shown_as
from datasette_newsgraph.decisions.presence import is_there
from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.identity import collapse, normalise_label
from datasette_newsgraph.verdicts import WRONG, Kind
from datasette_newsgraph.wording import listed


def renamed(entity: Meant, name: str) -> Decision:
    """Return the decision that an entity is called by a name; raises UsageError for a blank one."""
    return Decision("name", entity.shown, value=_words(name, "name"))


def retyped(db: Database, entity: Meant, type_: str) -> Decision:
    """Return the decision that an entity is of a type, spelled as most entities of the database have
    it; raises UsageError for a blank one.
    """
    type_ = _words(type_, "type")
    label = normalise_label(type_)
    rows = db.conn.execute("SELECT type FROM entities GROUP BY type ORDER BY count(*) DESC, type")
    spelled = next((row[0] for row in rows if normalise_label(row[0]) == label), type_)
    return Decision("type", entity.shown, value=spelled)


def wrong_entity(db: Database, entity: Meant) -> list[Decision]:
    """Return the decisions that an entity is wrong, under each key that is shown as it."""
    return [Decision("wrong", key) for key in keys_shown_as(db.conn, entity.shown)]


def kind_of(db: Database, key: str) -> Kind | None:
    """Return the kind of what has a key, but entities; None where nothing has. Raises UsageError where
    things of several kinds have it.
    """
    found = [each for each in WRONG if each != "entity" and is_there(db.conn, each, key)]
    if len(found) > 1:
        raise UsageError(
            f"{key} is the key of {listed(found, between=' and of ')}; decide by a file"
        )
    return found[0] if found else None


def _words(text: str, what: str) -> str:
    words = collapse(text)
    if not words:
        raise UsageError(f"the {what} is blank; give one that can be read")
    return words
