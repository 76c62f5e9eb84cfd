"""What more than one command warns of."""

from __future__ import annotations

import click


def warn_of_loopback(database: str) -> None:
    """Say that IRIs under a loopback host mean nothing elsewhere."""
    from datasette_newsgraph.store import get_base, is_loopback, open_store

    with open_store(database) as db:
        base = get_base(db)
    if is_loopback(base):
        click.echo(
            f"Warning: IRIs stand under {base}, which means something on this machine only;"
            f" newsgraph base-iri {database} https://HOST/DB/-/newsgraph/ changes it",
            err=True,
        )
