"""Commands that look after a database."""

from __future__ import annotations

import click


@click.command()
@click.argument("database", type=click.Path(dir_okay=False))
@click.option("--article", metavar="ID", help="The article of this id or key.")
@click.option("--source", metavar="FILE", help="All articles that a file of this name gave.")
def remove(database: str, article: str | None, source: str | None) -> None:
    """Remove an article, or all articles of a file, with all that only they gave."""
    from datasette_newsgraph.store import open_store
    from datasette_newsgraph.store.remove import remove_article, remove_source

    if (article is None) == (source is None):
        raise click.UsageError("Give either --article ID or --source FILE.")
    with open_store(database, write=True) as db:
        if article is not None:
            count = remove_article(db, article)
        else:
            assert source is not None
            count = remove_source(db, source)
    click.echo(f"{count} article{'' if count == 1 else 's'} removed", err=True)


@click.command()
@click.argument("database", type=click.Path(dir_okay=False))
def stats(database: str) -> None:
    """Count what is in DATABASE."""
    from datasette_newsgraph.store import get_base, open_store
    from datasette_newsgraph.store.stats import count_groups, count_tables

    with open_store(database) as db:
        click.echo(f"base IRI  {get_base(db)}")
        for name, count in count_tables(db).items():
            click.echo(f"{count:>9,}  {name}")
        for title, group in count_groups(db).items():
            if group:
                click.echo(f"\n{title}")
            for label, count in group:
                click.echo(f"{count:>9,}  {label}")


@click.command()
@click.argument("database", type=click.Path(dir_okay=False))
def check(database: str) -> None:
    """Check DATABASE against itself; exit with 1 when something is wrong."""
    from datasette_newsgraph.store import open_store
    from datasette_newsgraph.store.check import check as find_faults

    with open_store(database) as db:
        faults = list(find_faults(db))
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo("All is well.", err=True)


@click.command("base-iri")
@click.argument("database", type=click.Path(dir_okay=False))
@click.argument("iri", required=False)
def base_iri(database: str, iri: str | None) -> None:
    """Show, or set to IRI, the base under which the identifier IRIs of DATABASE stand."""
    from datasette_newsgraph.store import get_base, open_store, set_base

    with open_store(database, write=iri is not None) as db:
        click.echo(get_base(db) if iri is None else set_base(db, iri))
