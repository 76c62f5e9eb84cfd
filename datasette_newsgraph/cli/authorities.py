"""Commands about authorities: files of names, and the entities that are linked by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from datasette_newsgraph.cli.decision_options import tell_added
from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.options import (
    FILE,
    INPUT,
    WORDS,
    progress,
    progress_bar,
    quiet,
    teller_of_log,
)
from datasette_newsgraph.terminal import say, show
from datasette_newsgraph.wording import counted, first_of

if TYPE_CHECKING:
    from datasette_newsgraph.authority.things import Authority
    from datasette_newsgraph.decisions.adding import Added
    from datasette_newsgraph.linking.link import Link


@click.group(
    epilog=examples(
        "newsgraph authority make query.csv cities15000.txt -o authority.db",
        "newsgraph authority look authority.db Paris",
    )
)
def authority() -> None:
    """Make files of names that things have elsewhere.

    newsgraph link links the entities of a database to what such a file knows. Names can be looked up
    in it, too.
    """


@authority.command(
    epilog=examples(
        "newsgraph authority make query.csv cities15000.txt -o authority.db",
        "newsgraph authority make latest-all.json.gz -o authority.db --sitelinks 20 --language en"
        " --language fr",
    )
)
@click.argument("files", nargs=-1, required=True, type=INPUT)
@click.option(
    "-o", "--output", metavar="AUTHORITY", type=FILE, required=True, help="The file to make."
)
@click.option(
    "--format",
    "format_name",
    metavar="NAME",
    help="The format of all files, if it is not recognised: wikidata_query, wikidata_dump, geonames or"
    " reconciled.",
)
@click.option(
    "--sitelinks",
    metavar="NUMBER",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    help="Of a dump of Wikidata: only items that have so many sitelinks.",
)
@click.option(
    "--language",
    "languages",
    metavar="CODE",
    multiple=True,
    help="Of a dump of Wikidata: names in this language; may be given several times (default: en).",
)
@progress
@quiet
def make(
    files: tuple[str, ...],
    output: str,
    format_name: str | None,
    sitelinks: int,
    languages: tuple[str, ...],
    progress: bool | None,
    quiet: bool,
) -> None:
    """Make the file AUTHORITY of FILES.

    FILES are the CSV of a query to Wikidata, a JSON dump of Wikidata, tables of GeoNames, or tables of
    names that were reconciled with OpenRefine. Nothing is fetched. AUTHORITY is an SQLite database, and
    appears when it is whole. Lines that cannot be read are named, and cost no others.
    """
    from datasette_newsgraph.authority.formats import Choice
    from datasette_newsgraph.authority.making import make_authority

    # Wikidata keeps what is the same in all languages by itself.
    wanted = Choice(sitelinks, (*languages, "mul") if languages else Choice().languages)
    with progress_bar("Reading", False if quiet and progress is None else progress) as advance:
        made = make_authority(
            output, files, format_name=format_name, choice=wanted, progress=advance
        )
    if quiet:
        return
    for line in first_of(made.told, lambda _: "the other lines are not shown"):
        say(line)
    left_out = f"; {made.left_out:,} left out" if made.left_out else ""
    unread = f"; {counted(made.faults, 'line')} could not be read" if made.faults else ""
    things, names = counted(made.things, "thing"), counted(made.names, "name")
    say(f"{output}: {things} with {names}{left_out}{unread}")


@authority.command(epilog=examples("newsgraph authority look authority.db Paris"))
@click.argument("file", metavar="AUTHORITY", type=FILE)
@click.argument("name", type=WORDS)
def look(file: str, name: str) -> None:
    """Show what AUTHORITY knows by NAME.

    The best known comes first; if there is nothing, the exit code is 1. A line has the IRI, the label,
    the type, how well known it is, and the description.
    """
    from datasette_newsgraph.authority.file import open_authority
    from datasette_newsgraph.authority.folding import folded

    with open_authority(file) as opened:
        found = opened.named(folded(name)).things
    for each in found:
        known = f"{each.iri}  {each.label}  {each.type or '-'}  {each.links:,}  {each.description}"
        show(known.rstrip())
    if not found:
        say(f"{file}: nothing is called {name!r}")
        raise SystemExit(1)


@click.command(
    epilog=examples(
        "newsgraph link newsgraph.db --countries --dry-run",
        "newsgraph link newsgraph.db --authority authority.db",
    )
)
@click.argument("database", type=FILE)
@click.option(
    "--authority",
    "files",
    metavar="FILE",
    multiple=True,
    type=FILE,
    help="Link to what this file knows, which newsgraph authority make has made; may be given several"
    " times.",
)
@click.option("--countries", is_flag=True, help="Link to the countries that newsgraph knows.")
@click.option("--dry-run", is_flag=True, help="Print what would be done, and decide nothing.")
@quiet
def link(
    database: str, files: tuple[str, ...], countries: bool, dry_run: bool, quiet: bool
) -> None:
    """Link the entities of DATABASE to what authorities know.

    Where the rules are sure, it is decided that the entity and the thing are the same; newsgraph undo
    takes that back. What they are not sure of is printed, for people to decide.

    A line has "same" or "unsure", the key of the entity, its type and name, the IRIs of the things, and
    the reason. Pairs on which there is a decision already are passed over.
    """
    from datasette_newsgraph.linking.deciding import decide_links, undecided
    from datasette_newsgraph.linking.entities import links_of
    from datasette_newsgraph.store import open_store

    if not files and not countries:
        raise click.UsageError("Give an authority: --authority FILE or --countries.")
    with open_store(database, write=not dry_run, log_stays=teller_of_log(quiet=quiet)) as db:
        for opened in _opened(files, countries=countries):
            found = list(undecided(db, links_of(db, opened)))
            _show(found)
            added = None if dry_run else decide_links(db, found, opened.name)
            if not quiet:
                _tell(database, opened.name, found, added)


def _opened(files: Iterable[str], *, countries: bool) -> Iterator[Authority]:
    from datasette_newsgraph.authority.countries import Countries
    from datasette_newsgraph.authority.file import open_authority

    if countries:
        yield Countries()
    for each in files:
        with open_authority(each) as opened:
            yield opened


def _show(links: Iterable[Link]) -> None:
    for each in links:
        verdict = "same  " if each.is_sure else "unsure"
        entity, iris = each.entity, " ".join(thing.iri for thing in each.things)
        show(f"{verdict}  {entity.key}  {entity.type}: {entity.name}  {iris}  {each.words}")


def _tell(database: str, name: str, links: list[Link], added: Added | None) -> None:
    """Say what was decided, or in a trial what would be, and how much is left to people."""
    sure = sum(each.is_sure for each in links)
    left = f"{counted(len(links) - sure, 'entity', 'entities')} left to people"
    if added is None:
        say(f"{name}: {counted(sure, 'entity', 'entities')} to be linked; {left}")
    else:
        linked = counted(len(added.new), "entity", "entities")
        tell_added(database, added, f"{name}: {linked} linked; {left}")
