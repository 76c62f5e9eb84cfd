"""Commands about the log of decisions: files of them in and out, and taking back."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from datasette_newsgraph.cli.decision_options import (
    read_told,
    signed,
    signed_by,
    tell_added,
)
from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.options import FILE, INPUT, WORDS, quiet, teller_of_log
from datasette_newsgraph.decisions.files.formats import NAMES
from datasette_newsgraph.terminal import say, write
from datasette_newsgraph.wording import counted

if TYPE_CHECKING:
    from sqlite_utils import Database

    from datasette_newsgraph.decisions.decision import Decision
    from datasette_newsgraph.decisions.files.fields import Written


@click.command(
    epilog=examples(
        "newsgraph decide newsgraph.db decisions.csv",
        "newsgraph decide newsgraph.db resolver.ijson --format nomenklatura",
    )
)
@click.argument("database", type=FILE)
@click.argument("file", type=INPUT)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(NAMES),
    help="The format of FILE, if it is not to be recognised.",
)
@quiet
def decide(database: str, file: str, format_name: str | None, quiet: bool) -> None:
    """Take the decisions of FILE into the log, and carry them out.

    FILE is what newsgraph decisions prints, or the like; - is standard input. Its decisions keep their
    times, and count among those of DATABASE in the order of all times. Decisions that are in the log
    already are not added again. If a line is wrong, nothing of FILE is taken.
    """
    from datasette_newsgraph.decisions.files.formats import read_decisions
    from datasette_newsgraph.loading.deciding import decide_in
    from datasette_newsgraph.store import open_store

    given = read_decisions(file, format_name)
    with open_store(database, write=True, log_stays=teller_of_log(quiet=quiet)) as db:
        added = decide_in(db, lambda: given.decisions)
    if not quiet:
        tell_added(database, added, read_told(given, added))


@click.command(
    epilog=examples(
        "newsgraph decisions newsgraph.db > decisions.jsonl",
        "newsgraph decisions newsgraph.db --conflicts",
        "newsgraph decisions newsgraph.db --format csv --in-force > decisions.csv",
    )
)
@click.argument("database", type=FILE)
@click.option(
    "-f",
    "--format",
    "format_name",
    type=click.Choice(NAMES),
    default=NAMES[0],
    show_default=True,
    help="What is printed; nomenklatura has the last verdict on each pair of entities only.",
)
@click.option(
    "--in-force", is_flag=True, help="Leave out what was taken back, and what took it back."
)
@click.option(
    "--conflicts",
    is_flag=True,
    help="Only decisions that contradict others, or an authority, with the reason.",
)
@quiet
def decisions(
    database: str, format_name: str, in_force: bool, conflicts: bool, quiet: bool
) -> None:
    """Print the log of decisions of DATABASE, the first ones first.

    The names beside the keys are for the reader. What is printed can be edited, and given to newsgraph
    decide or newsgraph load --decisions.
    """
    from datasette_newsgraph.decisions.files.formats import format_named
    from datasette_newsgraph.decisions.log import waiting
    from datasette_newsgraph.decisions.names import names_of
    from datasette_newsgraph.store import open_store

    format_ = format_named(format_name)
    with open_store(database) as db:
        if conflicts:
            found = list(_in_conflict(db))
        else:
            found = _logged(db, in_force=in_force or format_.on_pairs)
        name_of = names_of(db.conn, (each.decision for each in found), before=True)
        left = waiting(db.conn)
        write(format_.write(found, name_of))
    if quiet:
        return
    others = [each for each in found if format_.on_pairs and not each.decision.is_on_pair]
    if others:
        say(f"{counted(len(others), 'decision')} left out, as {format_name} has pairs only")
    if left:
        say(f"{counted(left, 'decision')} not carried out yet: the next load or decision does it")


def _logged(db: Database, *, in_force: bool) -> list[Written]:
    from datasette_newsgraph.decisions.files.fields import Written
    from datasette_newsgraph.decisions.log import logged
    from datasette_newsgraph.decisions.standing import in_force as of_these

    log = list(logged(db.conn))
    return [Written(each) for each in (of_these(log) if in_force else log)]


def _in_conflict(db: Database) -> Iterator[Written]:
    from datasette_newsgraph.decisions.adding import described
    from datasette_newsgraph.decisions.files.fields import Written
    from datasette_newsgraph.decisions.identifier_conflicts import identifier_conflicts
    from datasette_newsgraph.decisions.log import logged
    from datasette_newsgraph.decisions.standing import in_force, standing_of

    log = list(logged(db.conn))
    standing = standing_of(log)
    for each in standing.conflicts:
        yield Written(each.decision, f"{each.words}: {described(each.other)}")
    last = {
        standing.canonical.get(each.left): each for each in in_force(log) if each.verdict == "same"
    }
    for entity, authority, iris in identifier_conflicts(db.conn):
        if entity in last:
            yield Written(last[entity], f"{authority} has {len(iris)} of it: {', '.join(iris)}")


@click.command(
    epilog=examples(
        "newsgraph undo newsgraph.db 20261128-172001123456",
        'newsgraph undo newsgraph.db nomenklatura --why "of the wrong graph"',
    )
)
@click.argument("database", type=FILE)
@click.argument("batch", type=WORDS, metavar="BATCH")
@signed
@quiet
def undo(database: str, batch: str, why: str, by: str, quiet: bool) -> None:
    """Take decisions back: those of a batch, or the one of a key.

    newsgraph decisions prints the batch and the key of each. Nothing is removed from the log: to undo
    what took back brings the decisions again.
    """
    from datasette_newsgraph.decisions.taking_back import TakenBack, taken_back
    from datasette_newsgraph.loading.deciding import decide_in
    from datasette_newsgraph.store import open_store

    found: list[TakenBack] = []
    with open_store(database, write=True, log_stays=teller_of_log(quiet=quiet)) as db:

        def make() -> list[Decision]:
            found.append(taken_back(db, batch))
            return signed_by([found[-1].decision], by, why)

        added = decide_in(db, make)
    if not quiet:
        gone, again = found[-1].gone, found[-1].again
        words = [f"{counted(gone, 'decision')} taken back"] if gone else []
        words += [f"{counted(again, 'decision')} in force again"] if again else []
        say(
            f"{', '.join(words)}; newsgraph undo {shlex.quote(database)} {added.batches[0]} undoes that"
        )
