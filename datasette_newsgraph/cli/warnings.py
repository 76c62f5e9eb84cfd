"""What commands warn of."""

from __future__ import annotations

from datasette_newsgraph.terminal import say


def warn_of_loopback(database: str) -> None:
    """Say that the IRIs of an export mean nothing elsewhere, if their host is a loopback."""
    from datasette_newsgraph.store import get_base, is_loopback, open_store

    with open_store(database) as db:
        base = get_base(db)
    if is_loopback(base):
        say(
            f"Warning: the IRIs in this export begin with {base}, an address of this machine only."
            " Before you publish, set the address that Datasette will have:"
            f" newsgraph base-iri {database} https://HOST/DATABASE/-/newsgraph/"
        )
