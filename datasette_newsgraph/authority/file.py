"""The file of an authority: an SQLite database of things and their names, made once and then read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette_newsgraph.authorities import canonical_identifier
from datasette_newsgraph.authority.folding import folded
from datasette_newsgraph.authority.things import Known, Named, Thing
from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.whole_files import whole_or_absent

#: What SQLite's header has of such a file (``PRAGMA application_id``): "ngau".
MARK = int.from_bytes(b"ngau", "big")
#: Where the header has it (SQLite's file format, section 1.3).
_MARKED = slice(68, 72)
#: The shape of the tables (``PRAGMA user_version``).
VERSION = 1
#: Things of one name that are looked at: with so many it says nothing.
_MOST = 20

#: What the file has, as SQLite keeps it.
_SCHEMA = {
    "things": "CREATE TABLE things (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, label TEXT NOT NULL,"
    " description TEXT NOT NULL, type TEXT NOT NULL, links INTEGER NOT NULL)",
    "names": "CREATE TABLE names (folded TEXT, thing INTEGER, checked INTEGER NOT NULL,"
    " PRIMARY KEY (folded, thing)) WITHOUT ROWID",
}
_GIVEN = """
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
    try:
        if target.exists():
            _refuse_others(target)
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
    connection.executescript(";\n".join([*_SCHEMA.values(), _GIVEN]))
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
    """An authority in a file that is open, by its path."""

    def __init__(self, path: str, connection: sqlite3.Connection) -> None:
        self.name = Path(path).name
        self._path = path
        self._connection = connection

    def named(self, form: str) -> Named:
        """Return the things of a folded name; raises StoreError where the file is damaged."""
        with _errors(self._path):
            rows = self._connection.execute(
                f"SELECT {_COLUMNS}, checked FROM names JOIN things ON things.id = names.thing"
                f" WHERE folded = ? ORDER BY links DESC, iri LIMIT {_MOST + 1}",
                [form],
            ).fetchall()
        return Named(tuple(map(self._known, rows[:_MOST])), is_shared=len(rows) > _MOST)

    def _known(self, row: tuple[Any, ...]) -> Known:
        iri, label, description, type_, links, checked = row
        words = (iri, label, description, type_)
        if all(isinstance(each, str) for each in words) and isinstance(links, int):
            identifier = canonical_identifier(iri)
            if identifier is not None and identifier[1] == iri:
                return Known(iri, label, description, type_, links, checked == 1)
        raise StoreError(
            f"{self._path}: has a thing {str(iri)[:80]!r} as nothing of ours writes it; {_REMEDY}"
        )


@contextmanager
def open_authority(path: str) -> Iterator[AuthorityFile]:
    """Open an authority file to look names up.

    Raises StoreError where there is none of that name, and where the file is something else or of a
    newer version.
    """
    file = Path(path)
    if not file.is_file():
        raise StoreError(f"{path}: there is no such file; {_REMEDY}")
    with _errors(path):
        connection = _connected(file)
    with closing(connection):
        with _errors(path):
            _require(connection, path)
        yield AuthorityFile(path, connection)


@contextmanager
def _errors(path: str) -> Iterator[None]:
    try:
        yield
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
    if version > VERSION:
        raise StoreError(
            f"{path}: is an authority file of version {version}, and this newsgraph reads version"
            f" {VERSION}; make it anew with newsgraph authority make"
        )
    # Under these names may stand a view that never ends.
    there = dict(connection.execute("SELECT name, sql FROM sqlite_master"))
    if version != VERSION or there != _SCHEMA:
        raise StoreError(f"{path}: has not the tables of an authority file; {_REMEDY}")


def _refuse_others(target: Path) -> None:
    """Raise StoreError if a file that would be replaced is no authority: it may be a news graph."""
    head = b""
    if target.is_file():
        with open(target, "rb") as file:
            head = file.read(_MARKED.stop)
    if head[_MARKED] != MARK.to_bytes(4, "big"):
        raise StoreError(
            f"{target}: is there already and is no authority file; choose another name"
        )
