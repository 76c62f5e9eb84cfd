"""What the commands that decide share: options, and what they tell."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from datasette_newsgraph.cli.options import INPUT, WORDS
from datasette_newsgraph.terminal import say
from datasette_newsgraph.wording import counted, first_of, listed

if TYPE_CHECKING:
    from sqlite_utils import Database

    from datasette_newsgraph.decisions.adding import Added
    from datasette_newsgraph.decisions.decision import Decision
    from datasette_newsgraph.decisions.entities_meant import Meant
    from datasette_newsgraph.decisions.files.fields import NameOf
    from datasette_newsgraph.decisions.files.formats import GivenDecisions

_Command = TypeVar("_Command", bound=Callable[..., Any])
#: How these commands decide, as the log has it.
_HOW = "command line"

with_decisions = click.option(
    "--decisions",
    metavar="FILE",
    type=INPUT,
    help="Decisions that hold of what is loaded, as newsgraph decisions prints them.",
)
not_loaded = click.option(
    "--not-loaded", is_flag=True, help="Take keys of entities, too, that are still to come."
)


def signed(command: _Command) -> _Command:
    """Give a command the options that say who decides and why."""
    for decorate in (
        click.option(
            "--by", metavar="WHO", type=WORDS, default="", help="Who decides, for the log."
        ),
        click.option("--why", metavar="TEXT", type=WORDS, default="", help="Why, for the log."),
    ):
        command = decorate(command)
    return command


def signed_by(decisions: Iterable[Decision], by: str, why: str) -> list[Decision]:
    """Return decisions with who made them on the command line, and why."""
    return [replace(each, by=by, why=why, how=_HOW) for each in decisions]


def meant(db: Database, given: str, *, quiet: bool, not_loaded: bool = False) -> Meant:
    """Return the entity that an argument names, and tell its key where it was not given."""
    from datasette_newsgraph.decisions.entities_meant import entity_meant
    from datasette_newsgraph.store.by_name import Named

    found = entity_meant(db, given, may_be_absent=not_loaded)
    if found.key != given and not quiet:
        named = found.named or Named(found.key, False)
        say(named.told("entity", given))
    return found


def called(key: str, name_of: NameOf) -> str:
    """Return the key of an entity and, if one is known, its name."""
    name = name_of("entity", key)
    return f"{key} ({name})" if name else key


def read_told(given: GivenDecisions, added: Added) -> str:
    """Return how many decisions a file had, and how many were new."""
    read = f"{counted(len(given.decisions), 'decision')} read, {len(added.new):,} new"
    if given.undecided:
        read += f", and {counted(given.undecided, 'line')} without a judgement left out"
    return read


def tell_nothing(what: str) -> None:
    """Say that all is decided that was to be."""
    say(f"{what}: nothing to decide, it is so already")


def tell_added(database: str, added: Added, words: str) -> None:
    """Say what was decided and how it is taken back, what it replaces, which decisions do not hold
    beside others, and what of it is not there.
    """
    from datasette_newsgraph.decisions.adding import conflict_words, described

    batches = added.batches
    back = (
        f"; newsgraph undo {shlex.quote(database)} {batches[0]} takes it back"
        if len(batches) == 1
        else f"; newsgraph decisions {shlex.quote(database)} lists the batches"
        if batches
        else ""
    )
    say(f"{words}{back}")
    replaced = [f"this replaces: {described(each)}" for each in added.replaced]
    for line in first_of(replaced, lambda n: f"this replaces: {counted(n, 'further decision')}"):
        say(line)
    conflicts = [f"conflict: {conflict_words(each)}" for each in added.conflicts]
    for line in first_of(conflicts, lambda n: f"conflict: {counted(n, 'further conflict')}"):
        say(line)
    if added.absent:
        say(f"not loaded, and decided on for when they come: {listed(added.absent)}")
    if added.unknown:
        say(f"not in the log, and taken back for when they come: {listed(added.unknown)}")
