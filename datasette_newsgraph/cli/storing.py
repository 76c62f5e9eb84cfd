"""Commands that look after a database."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import click

from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.options import (
    FILE,
    WORDS,
    as_json,
    named,
    progress,
    progress_bar,
    quiet,
    show_json,
    teller_of_log,
)
from datasette_newsgraph.terminal import say, show
from datasette_newsgraph.wording import counted, first_of

#: Of each group of counts that is printed; all of them are in the JSON.
_SHOWN = 20


@click.command(
    epilog=examples(
        "newsgraph remove newsgraph.db --article cop21-presidency",
        "newsgraph remove newsgraph.db --source articles.jsonl",
    )
)
@click.argument("database", type=FILE)
@click.option(
    "--article", metavar="TITLE", type=WORDS, help="The article of this title, id or key."
)
@click.option("--source", metavar="FILE", help="All articles that a file of this name gave.")
@quiet
def remove(database: str, article: str | None, source: str | None, quiet: bool) -> None:
    """Remove an article, or all articles of a file.

    Entities, relations and other rows that came from them alone are removed too.
    """
    from datasette_newsgraph.loading.removal import remove_article, remove_source
    from datasette_newsgraph.store import open_store
    from datasette_newsgraph.store.by_name import ARTICLE

    if (article is None) == (source is None):
        raise click.UsageError("Give either --article TITLE or --source FILE.")
    with open_store(database, write=True, log_stays=teller_of_log(quiet=quiet)) as db:
        if article is not None:
            count = remove_article(db, named(db, ARTICLE, article, quiet=quiet))
        else:
            assert source is not None
            count = remove_source(db, source)
    if not quiet:
        say(f"{counted(count, 'article')} removed")


@click.command(
    epilog=examples("newsgraph stats newsgraph.db", "newsgraph stats newsgraph.db --json")
)
@click.argument("database", type=FILE)
@as_json
def stats(database: str, as_json: bool) -> None:
    """Count the rows, types, predicates and so on of DATABASE."""
    from datasette_newsgraph.store import get_base, open_store
    from datasette_newsgraph.store.stats import count_groups, count_tables

    with open_store(database) as db:
        if as_json:
            groups = {
                title.replace(" ", "_"): dict(group) for title, group in count_groups(db).items()
            }
            show_json({"base_iri": get_base(db), "rows": count_tables(db), **groups})
            return
        show(f"base IRI  {get_base(db)}")
        for name, count in count_tables(db).items():
            show(f"{count:>9,}  {name}")
        for title, group in count_groups(db).items():
            if group:
                show("")
                show(title)
            for label, count in group[:_SHOWN]:
                show(f"{count:>9,}  {label}")
            if len(group) > _SHOWN:
                show(f"{'':>9}  and {len(group) - _SHOWN:,} more; --json has all")


def _bounded(errors: list[str]) -> Iterator[str]:
    """Yield errors; of those of one kind, which is their first word, the first ones and a count."""
    kinds: dict[str, list[str]] = {}
    for words in errors:
        kinds.setdefault(words.partition(":")[0], []).append(words)
    for kind, of_kind in kinds.items():
        yield from first_of(of_kind, partial(_further, kind))


def _further(kind: str, count: int) -> str:
    return f"{kind}: {counted(count, 'further error')} of this kind"


@click.command(epilog=examples("newsgraph check newsgraph.db"))
@click.argument("database", type=FILE)
@click.option(
    "--quick",
    is_flag=True,
    help="Look only at the file, the tables, the values of columns and what rows refer to.",
)
@progress
@quiet
def check(database: str, quick: bool, progress: bool | None, quiet: bool) -> None:
    """Check DATABASE for errors; exit with 1 if there are any."""
    from datasette_newsgraph.checking.check import find_faults
    from datasette_newsgraph.store import open_store

    is_shown = False if quiet and progress is None else progress
    with (
        open_store(database, damaged=True) as db,
        progress_bar("Checking", is_shown) as advance,
    ):
        faults = list(find_faults(db, quick=quick, progress=advance))
    for line in _bounded([each.words for each in faults]):
        show(line)
    if faults:
        if not quiet and any(each.mend is not None for each in faults):
            say(f"newsgraph repair {database} puts right what follows from the rest.")
        raise SystemExit(1)
    if not quiet:
        say("All is well.")


@click.command(epilog=examples("newsgraph repair newsgraph.db"))
@click.argument("database", type=FILE)
@quiet
def repair(database: str, quiet: bool) -> None:
    """Repair DATABASE; exit with 1 if errors are left.

    What follows from other rows is made anew where check finds an error in it: indexes, views,
    full-text search, counts, facets and the like. All of it is done, or nothing. What is left is
    told, with what to do.
    """
    from datasette_newsgraph.checking.repair import repair as put_right
    from datasette_newsgraph.store import open_store

    with open_store(database, write=True, damaged=True, log_stays=teller_of_log(quiet=quiet)) as db:
        found = put_right(db)
    for line in _bounded(found.mended):
        show(f"put right: {line}")
    left = [f"{each.words}; {each.remedy}" if each.remedy else each.words for each in found.left]
    for line in _bounded(left):
        show(f"left: {line}")
    if found.left:
        raise SystemExit(1)
    if not quiet:
        say("All is well.")


@click.command(
    "base-iri",
    epilog=examples(
        "newsgraph base-iri newsgraph.db",
        "newsgraph base-iri newsgraph.db https://news.example.org/newsgraph/-/newsgraph/",
    ),
)
@click.argument("database", type=FILE)
@click.argument("iri", required=False, type=WORDS)
def base_iri(database: str, iri: str | None) -> None:
    """Show the base IRI of DATABASE, or set it to IRI.

    The identifiers of articles, entities and all else in an RDF export begin with it.
    """
    from datasette_newsgraph.store import get_base, open_store, set_base

    with open_store(database, write=iri is not None, log_stays=teller_of_log()) as db:
        show(get_base(db) if iri is None else set_base(db, iri))
