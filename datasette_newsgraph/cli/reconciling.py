"""The command that asks a reconciliation service for the names of entities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.options import FILE, WORDS, progress, progress_bar, teller_of_log
from datasette_newsgraph.terminal import say, write
from datasette_newsgraph.wording import counted

if TYPE_CHECKING:
    from datasette_newsgraph.reconciling.finding import Found


@click.command(
    epilog=examples(
        "newsgraph reconcile newsgraph.db --service http://127.0.0.1:8002/people/-/newsgraph/reconcile"
    )
)
@click.argument("database", type=FILE)
@click.option(
    "--service",
    "url",
    required=True,
    metavar="URL",
    type=WORDS,
    help="The address of the service, as OpenRefine is given it.",
)
@click.option(
    "--allow-remote",
    is_flag=True,
    help="Allow a service on another machine, which then learns the names of your entities.",
)
@click.option("--type", "type_", metavar="TYPE", type=WORDS, help="Only entities of this type.")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    help="Only the N entities that are mentioned most (default: all).",
)
@click.option(
    "--answers",
    metavar="N",
    type=click.IntRange(1, 20),
    default=3,
    show_default=True,
    help="How many answers to take for each entity.",
)
@progress
def reconcile(
    database: str,
    url: str,
    allow_remote: bool,
    type_: str | None,
    limit: int | None,
    answers: int,
    progress: bool | None,
) -> None:
    """Ask a reconciliation service for the names of entities.

    Each answer is a candidate: a pair that may be one thing, with the score of the service as the
    reason. It is printed as a line of JSON. If both are entities of DATABASE, it is kept there, too,
    for people to decide on. Of your graph, the service learns the names and the types of entities.
    """
    from datasette_newsgraph.errors import StoreError
    from datasette_newsgraph.reconciling.addresses import check_address
    from datasette_newsgraph.reconciling.asking import Connection
    from datasette_newsgraph.reconciling.finding import entities_to_ask, found_by, json_line
    from datasette_newsgraph.reconciling.keeping import keep_found, known_keys
    from datasette_newsgraph.reconciling.service import read_service
    from datasette_newsgraph.store import get_base, open_store

    address = check_address(url, may_be_remote=allow_remote)
    with open_store(database) as db:
        base, known = get_base(db), known_keys(db)
        say(f"asking {address}")
        service = read_service(Connection(may_be_remote=allow_remote), address)
        asked = entities_to_ask(db, service.space, type_, limit)
    say(f"{service.name}: {counted(len(asked), 'name')} to ask for")
    done = count = 0
    to_keep: list[Found] = []
    with progress_bar("Asking", progress) as advance:
        for number, found in found_by(service, asked, answers, base):
            write(map(json_line, found))
            to_keep += (each for each in found if each.right in known)
            done += number
            count += len(found)
            advance(done, len(asked))
    kept = 0
    if to_keep:
        try:
            with open_store(database, write=True, log_stays=teller_of_log()) as db:
                kept = keep_found(db, to_keep)
        except StoreError as error:
            # They have been printed.
            say(f"The pairs are not kept: {error}")
    say(f"{counted(done, 'name')} asked for, {counted(count, 'candidate')}, {kept:,} of them kept")
