"""The base IRI of a database, under which its identifiers stand."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sqlite_utils import Database

from datasette_newsgraph.errors import UsageError, WrongValue
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.store.transactions import transaction

#: What Datasette serves in the quick start, so that IRIs resolve at once.
DEFAULT_BASE = "http://127.0.0.1:8001/newsgraph/-/newsgraph/"

#: Characters of a base IRI that cannot be one, in a message.
_SHOWN = 100
#: Parts of a path that are taken away where an IRI is resolved (RFC 3986 section 6.2.2), or by servers.
_SHORTENED = re.compile(r"/(?:\.|%2e){0,2}/", re.IGNORECASE)


def get_base(db: Database) -> str:
    """Return the base under which the identifier IRIs of this database stand.

    Raises WrongValue for one that ``set_base`` would not have taken: somebody else wrote it.
    """
    row = db.conn.execute("SELECT value FROM settings WHERE name = 'base_iri'").fetchone()
    if row is None:
        return DEFAULT_BASE
    base = row[0]
    try:
        if isinstance(base, str) and check_base(base) == base:
            return base
    except UsageError:
        pass
    shown = repr(base)
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    raise WrongValue(
        f"the base IRI of the database, {shown}, cannot be one;"
        " newsgraph base-iri DATABASE IRI sets another"
    )


def set_base(db: Database, iri: str) -> str:
    """Keep another base; return it. Raises UsageError unless it is http(s) and ends in a slash."""
    base = check_base(iri)
    with transaction(db):
        db.conn.execute(
            "INSERT OR REPLACE INTO settings (name, value) VALUES ('base_iri', ?)", [base]
        )
    return base


def check_base(iri: str) -> str:
    """Return ``iri`` if it can be the base of identifier IRIs; raises UsageError if not."""
    base = clean_iri(iri)
    parts = urlsplit(base or "")
    if base is None or parts.scheme not in ("http", "https") or {"?", "#"} & set(base):
        raise UsageError(
            f"{iri!r} cannot be a base IRI; give one like https://HOST/DB/-/newsgraph/"
        )
    if not parts.path.endswith("/"):
        raise UsageError(f"{iri!r} cannot be a base IRI as it does not end in a slash")
    if _SHORTENED.search(parts.path):
        raise UsageError(
            f"{iri!r} cannot be a base IRI as browsers and servers make another of it;"
            " leave out the parts of its path that are empty, . or .."
        )
    return base


def is_loopback(base: str) -> bool:
    """Tell whether IRIs under ``base`` mean something on this machine only."""
    host = (urlsplit(base).hostname or "").lower()
    return host == "localhost" or host.startswith("127.") or host == "::1"
