"""The file of an authority: an SQLite database of things and their names, made once and then read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from datasette_newsgraph.authority.folding import folded
from datasette_newsgraph.authority.things import Known, Named, Thing
from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.whole_files import whole_or_absent

#: What SQLite's header has of such a file (``PRAGMA application_id``): "ngau".
MARK = int.from_bytes(b"ngau", "big")
#: The shape of the tables (``PRAGMA user_version``).
VERSION = 1
#: Things of one name that are looked at: with so many it says nothing.
_MOST = 20

_TABLES = """
CREATE TABLE things (
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL, label TEXT NOT NULL, description TEXT NOT NULL,
    type TEXT NOT NULL, links INTEGER NOT NULL
);
CREATE TABLE names (
    folded TEXT, thing INTEGER, checked INTEGER NOT NULL, PRIMARY KEY (folded, thing)
) WITHOUT ROWID;
CREATE TEMP TABLE given_names (folded TEXT, thing INTEGER, checked INTEGER);
CREATE TEMP TABLE given_iris (iri TEXT PRIMARY KEY, thing INTEGER) WITHOUT ROWID;
"""
_COLUMNS = "iri, label, description, type, links"
_REMEDY = "make an authority file with newsgraph authority make"


def write_authority(path: str, things: Iterable[Thing]) -> tuple[int, int]:
    """Write an authority file, which appears under its name when it is whole, and return how many
    things and names it has.

    Things of one IRI are one, with the names of all of them; the first label and type that are told
    hold. Raises StoreError where the file cannot be written, and where there is a file of that name
    that is no authority.
    """
    target = Path(path)
    if target.exists():
        _refuse_others(target)
    try:
        with (
            whole_or_absent(target.resolve()) as temporary,
            closing(sqlite3.connect(temporary, isolation_level=None)) as connection,
        ):
            return _fill(connection, things)
    except OSError as error:
        raise StoreError(
            f"{path}: {error.strerror}; nothing was written under this name"
        ) from error
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}; nothing was written under this name") from error


def _fill(connection: sqlite3.Connection, things: Iterable[Thing]) -> tuple[int, int]:
    # Nothing is lost with it: half a file is never kept.
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.executescript(_TABLES)
    connection.execute(f"PRAGMA application_id = {MARK}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("BEGIN")
    for thing in things:
        number = _add(connection, thing)
        forms = {folded(name) for name in (thing.label, *thing.names)} - {""}
        connection.executemany(
            "INSERT INTO given_names VALUES (?, ?, ?)",
            ((form, number, thing.is_checked) for form in forms),
        )
    # Sorted once: in the order in which they come, each would go to another page.
    connection.execute(
        "INSERT INTO names SELECT folded, thing, max(checked) FROM given_names"
        " GROUP BY folded, thing ORDER BY folded, thing"
    )
    connection.execute("COMMIT")
    counts = "SELECT (SELECT count(*) FROM things), (SELECT count(*) FROM names)"
    things_count, names_count = connection.execute(counts).fetchone()
    return things_count, names_count


def _add(connection: sqlite3.Connection, thing: Thing) -> int:
    """Add a thing, or what is new of it, and return its number."""
    there = connection.execute("SELECT thing FROM given_iris WHERE iri = ?", [thing.iri]).fetchone()
    if there is None:
        row = (thing.iri, thing.label, thing.description, thing.type, thing.links)
        added = connection.execute(f"INSERT INTO things ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)", row)
        number = added.lastrowid
        assert number is not None
        connection.execute("INSERT INTO given_iris VALUES (?, ?)", [thing.iri, number])
        return number
    connection.execute(
        "UPDATE things SET label = iif(label = '', :label, label), links = max(links, :links),"
        " description = iif(description = '', :description, description),"
        " type = iif(type = '', :type, type) WHERE id = :id",
        {
            "id": there[0],
            "label": thing.label,
            "links": thing.links,
            "description": thing.description,
            "type": thing.type,
        },
    )
    return int(there[0])


class AuthorityFile:
    """An authority in a file that is open."""

    def __init__(self, name: str, connection: sqlite3.Connection) -> None:
        self.name = name
        self._connection = connection

    def named(self, form: str) -> Named:
        """Return the things of a folded name."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}, checked FROM names JOIN things ON things.id = names.thing"
            f" WHERE folded = ? ORDER BY links DESC, iri LIMIT {_MOST + 1}",
            [form],
        ).fetchall()
        things = tuple(Known(*row) for row in rows[:_MOST])
        return Named(things, is_shared=len(rows) > _MOST)


@contextmanager
def open_authority(path: str) -> Iterator[AuthorityFile]:
    """Open an authority file to look names up.

    Raises StoreError where there is none of that name, where the file is something else or of a newer
    version, and where it is damaged, also in the body.
    """
    file = Path(path)
    if not file.is_file():
        raise StoreError(f"{path}: there is no such file; {_REMEDY}")
    try:
        with closing(_connected(file)) as connection:
            _require(connection, path)
            yield AuthorityFile(file.name, connection)
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}; {_REMEDY}") from error


def _connected(file: Path) -> sqlite3.Connection:
    # Immutable: nobody writes to it, and a medium that is read-only has no room for locks.
    uri = f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, isolation_level=None)


def _require(connection: sqlite3.Connection, path: str) -> None:
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if mark != MARK:
        raise StoreError(f"{path}: is no authority file; {_REMEDY}")
    if version != VERSION:
        raise StoreError(
            f"{path}: is an authority file of version {version}, and this newsgraph reads version"
            f" {VERSION}; make it anew with newsgraph authority make"
        )


def _refuse_others(target: Path) -> None:
    """Raise StoreError if a file that would be replaced is no authority: it may be a news graph."""
    try:
        with open_authority(str(target)):
            return
    except StoreError as error:
        raise StoreError(
            f"{target}: is there already and is no authority file; choose another name"
        ) from error
