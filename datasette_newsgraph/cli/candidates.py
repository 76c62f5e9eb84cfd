"""The command that finds entities that may be one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.options import FILE, quiet, teller_of_log
from datasette_newsgraph.terminal import say, show, write
from datasette_newsgraph.wording import counted, listed

if TYPE_CHECKING:
    from datasette_newsgraph.candidates.candidate import Candidate

_COLUMNS = (
    *("score", "tier", "left", "left_name", "right", "right_name"),
    *("together", "reasons", "against"),
)


@click.command(
    epilog=examples(
        "newsgraph candidates newsgraph.db --above 0.9",
        "newsgraph candidates newsgraph.db --tier surname --format csv > surnames.csv",
    )
)
@click.argument("database", type=FILE)
@click.option(
    "--above",
    metavar="SCORE",
    type=click.FloatRange(0, 1),
    default=0,
    help="Print only pairs that score more than this, from 0 to 1.",
)
@click.option("--tier", metavar="NAME", help="Print only pairs of this tier.")
@click.option(
    "-f",
    "--format",
    "format_name",
    type=click.Choice(["text", "jsonl", "csv"]),
    default="text",
    show_default=True,
    help="Lines for people, JSON Lines or CSV.",
)
@quiet
def candidates(
    database: str, above: float, tier: str | None, format_name: str, quiet: bool
) -> None:
    """Find entities of DATABASE that may be one thing.

    A line for each pair, the likeliest first, says what speaks for it and against it. Nothing is
    decided. All pairs on which nobody has decided are kept in the table candidates, in the place of
    those of the last time; if DATABASE cannot be written, they are printed only.
    """
    from datasette_newsgraph.candidates.bulk import may_accept_in_bulk
    from datasette_newsgraph.candidates.finding import find_candidates
    from datasette_newsgraph.candidates.judged import judged_pairs
    from datasette_newsgraph.candidates.keeping import keep_candidates, kept_candidates
    from datasette_newsgraph.candidates.tiers import TIERS
    from datasette_newsgraph.decisions.log import logged
    from datasette_newsgraph.store import open_store

    names = [each.name for each in TIERS]
    if tier is not None and tier not in names:
        raise click.UsageError(f"--tier: there is no tier {tier!r}; there are {listed(names)}.")
    why_not = _why_not_kept(database)
    if why_not is not None:
        say(f"The pairs are not kept: {why_not}")
    log_stays = teller_of_log(quiet=quiet)
    with open_store(database, write=why_not is None, log_stays=log_stays) as db:
        found = find_candidates(db, judged=judged_pairs(logged(db.conn)))
        if why_not is None:
            keep_candidates(db, found)
            found = kept_candidates(db.conn)
        counts: Counter[str] = Counter()
        wanted = _wanted(_counting(found, counts), above, tier)
        _print(wanted, format_name)
        if not quiet:
            _sum_up(counts, names, may_accept_in_bulk(db))


def _why_not_kept(database: str) -> str | None:
    """Return why a database cannot be written, None if it can; raises StoreError for one that cannot
    be read.
    """
    from datasette_newsgraph.errors import StoreError
    from datasette_newsgraph.store import open_store
    from datasette_newsgraph.store.transactions import transaction

    with open_store(database):
        pass
    try:
        # Before the work: it takes minutes for a large graph.
        with open_store(database, write=True) as db, transaction(db):
            return None
    except StoreError as error:
        return str(error)


def _counting(found: Iterable[Candidate], counts: Counter[str]) -> Iterator[Candidate]:
    for each in found:
        counts[each.tier] += 1
        yield each


def _wanted(found: Iterable[Candidate], above: float, tier: str | None) -> Iterator[Candidate]:
    return (each for each in found if each.score > above and tier in (None, each.tier))


def _print(found: Iterable[Candidate], format_name: str) -> None:
    if format_name == "text":
        for each in found:
            show(_line(each))
        return
    write(_jsonl(found) if format_name == "jsonl" else _csv(found))


def _line(each: Candidate) -> str:
    words = " ".join((*each.reasons, *(f"But: {words}" for words in each.against)))
    tier = f" [{each.tier}]" if each.tier else ""
    pair = f"{each.left_name} ({each.left}) = {each.right_name} ({each.right})"
    return f"{each.score:.2f}{tier} {pair}: {words}"


def _fields(each: Candidate) -> dict[str, Any]:
    return {column: getattr(each, column) for column in _COLUMNS}


def _jsonl(found: Iterable[Candidate]) -> Iterator[bytes]:
    import json

    for each in found:
        yield json.dumps(_fields(each), ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _csv(found: Iterable[Candidate]) -> Iterator[bytes]:
    import csv
    import io

    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(_COLUMNS)
    for each in found:
        fields = _fields(each) | {"reasons": " ".join(each.reasons)}
        writer.writerow((fields | {"against": " ".join(each.against)}).values())
        yield lines.getvalue().encode("utf-8", "replace")
        lines.seek(0)
        lines.truncate()
    yield lines.getvalue().encode()


def _sum_up(counts: Counter[str], names: list[str], why_no_bulk: str | None) -> None:
    """Say how many pairs there are, in which tiers, and whether these may be accepted as one."""
    tiers = [f"{name} {counts[name]:,}" for name in names if counts[name]]
    words = f"; in tiers: {', '.join(tiers)}" if tiers else ""
    say(f"{counted(counts.total(), 'pair')} may be one thing{words}")
    if tiers and why_no_bulk is not None:
        say(why_no_bulk)
