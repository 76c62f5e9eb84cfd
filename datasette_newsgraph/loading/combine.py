"""Combine shards, and databases that were loaded elsewhere, into one database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from sqlite_utils import Database

from datasette_newsgraph.errors import StoreError, UsageError
from datasette_newsgraph.loading.ending import settled
from datasette_newsgraph.loading.intake import Intake
from datasette_newsgraph.loading.key_numbers import KeyNumbers, keys_of
from datasette_newsgraph.loading.shards.finished import FinishedDatabase, opened_as_given
from datasette_newsgraph.loading.shards.kept import KeptShard, is_shard, kept_in
from datasette_newsgraph.loading.summary import LoadOptions, LoadSummary
from datasette_newsgraph.readers.source import Origin
from datasette_newsgraph.store import DEFAULT_BASE, get_base, leading_to, open_store, set_base

Part = KeptShard | FinishedDatabase


def combine(
    database: str | Path,
    parts: Iterable[str | Path],
    *,
    options: LoadOptions | None = None,
    summary: LoadSummary | None = None,
    progress: Callable[[int, int], None] = lambda position, size: None,
) -> LoadSummary:
    """Take shards and databases into one database, which is made if it is not there.

    It has then the contents of one load of all that they were loaded from, in the order in which they
    are named: an article with other content of a later part replaces that of an earlier one, and one
    that another tool gave is a reject, unless the ``options`` replace it. Of a database only the
    articles are there that it kept, and no raw text of what is rejected only now; a shard has all. The
    logs of decisions are joined.

    ``progress`` is called with the number of records taken, and how many there are. Raises StoreError
    for parts of another version or another base IRI, before any is taken; UsageError for one path in
    place of many, and for the database among its own parts; TooManyRejects. What was taken is kept.
    """
    summary = LoadSummary() if summary is None else summary
    options = options or LoadOptions()
    if isinstance(parts, (str, bytes, Path)):
        raise UsageError(f"parts are given as a list of paths, not as one: [{parts!r}]")
    paths = [Path(each).absolute() for each in parts]
    for path in leading_to(database, paths):
        raise UsageError(f"{path}: is the database to combine into; name another one")
    is_new = not Path(database).exists()
    with ExitStack() as stack:
        opened = list(_opened(stack, paths))
        base = _base_of(opened)
        db = stack.enter_context(open_store(database, make=True, log_stays=summary.note_log))
        if is_new and base is not None and base != DEFAULT_BASE:
            set_base(db, base)
        elif base is not None and base != get_base(db):
            raise StoreError(
                f"{database}: its base IRI is {get_base(db)}, that of the others is {base}; give all"
                " one, with newsgraph base-iri, or make the shards with --base-iri"
            )
        _take_all(db, database, opened, options, summary, progress)
    return summary


def _opened(stack: ExitStack, paths: list[Path]) -> Iterator[Part]:
    for path in paths:
        if not path.is_file():
            raise StoreError(f"{path}: there is no such file")
        if is_shard(path):
            yield stack.enter_context(kept_in(path))
        else:
            yield FinishedDatabase(*stack.enter_context(opened_as_given(path)))


def _base_of(parts: list[Part]) -> str | None:
    """Return the base IRI that all parts have; raises StoreError where two differ."""
    bases = {
        part.path: part.base if isinstance(part, KeptShard) else get_base(part.db) for part in parts
    }
    first = next(iter(bases.items()), None)
    if first is None:
        return None
    for path, base in bases.items():
        if base != first[1]:
            raise StoreError(
                f"{path}: its base IRI is {base}, that of {first[0]} is {first[1]}; give all one, with"
                " newsgraph base-iri, or make the shards with --base-iri"
            )
    return first[1]


def _take_all(
    db: Database,
    database: str | Path,
    parts: list[Part],
    options: LoadOptions,
    summary: LoadSummary,
    progress: Callable[[int, int], None],
) -> None:
    size = sum(part.size for part in parts)
    taken = 0

    def tell(further: int) -> None:
        nonlocal taken
        taken += further
        progress(taken, size)

    with settled(db), keys_of(database, db) as keys:
        for part in parts:
            if isinstance(part, FinishedDatabase):
                part.take_into(db, options, summary, keys, tell)
            else:
                _take_shard(db, part, options, summary, keys, tell)


def _take_shard(
    db: Database,
    shard: KeptShard,
    options: LoadOptions,
    summary: LoadSummary,
    keys: KeyNumbers,
    tell: Callable[[int], None],
) -> None:
    for source in shard.sources():
        summary.formats[source.name] = source.format
        origin = Origin(source.name, source.place, source.size, sha256=source.sha256)
        intake = Intake(db, origin, source, options, summary, keys)
        before = summary.read

        def tell_of_batch() -> None:
            nonlocal before
            tell(summary.read - before)
            before = summary.read

        intake.take_batches(shard.batches(source), tell_of_batch, is_whole=source.complete)
