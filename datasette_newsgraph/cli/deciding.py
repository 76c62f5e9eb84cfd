"""Commands that decide on entities and on what articles say of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from datasette_newsgraph.cli.decision_options import (
    called,
    meant,
    not_loaded,
    signed,
    signed_by,
    tell_added,
    tell_nothing,
)
from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.options import FILE, WORDS, named, quiet, teller_of_log
from datasette_newsgraph.terminal import say
from datasette_newsgraph.wording import counted, listed

if TYPE_CHECKING:
    from datasette_newsgraph.decisions.decision import Decision


@click.command(
    epilog=examples(
        'newsgraph merge newsgraph.db "European Union" EU --why "the same union"',
        "newsgraph merge newsgraph.db Georgia https://www.wikidata.org/wiki/Q1428 --not",
    )
)
@click.argument("database", type=FILE)
@click.argument("keys", nargs=-1, required=True, type=WORDS, metavar="KEY KEY...")
@click.option(
    "--keep",
    metavar="KEY",
    type=WORDS,
    help="The one that stands for all; if not given, one with an identifier, or else the one that most"
    " articles name, or else the one with the longest name.",
)
@click.option(
    "--not", "are_different", is_flag=True, help="Decide that they are different things instead."
)
@signed
@not_loaded
@quiet
def merge(
    database: str,
    keys: tuple[str, ...],
    keep: str | None,
    are_different: bool,
    why: str,
    by: str,
    not_loaded: bool,
    quiet: bool,
) -> None:
    """Decide that entities are one thing.

    They are named by key, by name or by an identifier IRI. From then on all of them are shown as one,
    also what later loads bring. Nothing is lost: newsgraph undo takes it back.
    """
    from datasette_newsgraph.decisions.merging import merged, parted, rivals
    from datasette_newsgraph.decisions.names import names_of
    from datasette_newsgraph.loading.deciding import decide_in
    from datasette_newsgraph.store import open_store

    if len(keys) < 2:
        raise click.UsageError("Give the keys of two entities or more.")
    if are_different and keep is not None:
        raise click.UsageError("Of different things none is kept: --keep is not for --not.")
    doubts: dict[str, list[str]] = {}
    with open_store(database, write=True, log_stays=teller_of_log(quiet=quiet)) as db:

        def make() -> list[Decision]:
            entities = [meant(db, each, quiet=quiet, not_loaded=not_loaded) for each in keys]
            if are_different:
                return signed_by(parted(db, entities), by, why)
            doubts.update(rivals(db, entities))
            kept = keep and meant(db, keep, quiet=True, not_loaded=not_loaded)
            return signed_by(merged(db, entities, kept or None), by, why)

        added = decide_in(db, make, must_hold=True)
        name_of = names_of(db.conn, added.new)
    if quiet:
        return
    if not added.new:
        tell_nothing(listed(keys))
    elif are_different:
        tell_added(database, added, f"{counted(len({*keys}), 'entity', 'entities')} are different")
    else:
        many = counted(len(added.new) + 1, "entity", "entities")
        kept_key = added.new[0].keep
        tell_added(database, added, f"{many} are one now, {called(kept_key, name_of)}")
        for authority, iris in doubts.items():
            say(f"they have several identifiers of {authority}: {listed(iris)}")


@click.command(
    epilog=examples(
        'newsgraph split newsgraph.db Georgia --article peaches-2019 --as "Georgia (U.S. state)"',
        "newsgraph split newsgraph.db Georgia --article peaches-2019 --into georgia-u-s-state-KEY",
    )
)
@click.argument("database", type=FILE)
@click.argument("key", type=WORDS)
@click.option(
    "--article",
    "articles",
    multiple=True,
    required=True,
    type=WORDS,
    metavar="TITLE",
    help="An article of this title, id or key that means the other thing; may be given several times.",
)
@click.option("--as", "name", metavar="NAME", type=WORDS, help="What the other thing is called.")
@click.option(
    "--into", metavar="KEY", type=WORDS, help="The other thing, if it is an entity already."
)
@signed
@quiet
def split(
    database: str,
    key: str,
    articles: tuple[str, ...],
    name: str | None,
    into: str | None,
    why: str,
    by: str,
    quiet: bool,
) -> None:
    """Decide that some articles mean another thing by an entity.

    What these articles say of the entity KEY is then said of the other one: of a new entity with a
    NAME, or of one that is there.
    """
    from datasette_newsgraph.decisions.splitting import split as split_off
    from datasette_newsgraph.loading.deciding import decide_in
    from datasette_newsgraph.store import open_store
    from datasette_newsgraph.store.by_name import ARTICLE

    if (name is None) == (into is None):
        raise click.UsageError("Give either --as NAME or --into KEY.")
    with open_store(database, write=True, log_stays=teller_of_log(quiet=quiet)) as db:

        def make() -> list[Decision]:
            entity = meant(db, key, quiet=quiet)
            other = None if into is None else meant(db, into, quiet=quiet)
            named_ = sorted({named(db, ARTICLE, each, quiet=quiet) for each in articles})
            return signed_by(split_off(db, entity, named_, name=name or "", into=other), by, why)

        added = decide_in(db, make)
    if quiet:
        return
    if not added.new:
        tell_nothing(key)
        return
    of = {each for decision in added.new for each in decision.articles}
    now = added.new[0]
    other_one = called(now.right, lambda kind, key: now.value)
    tell_added(database, added, f"{counted(len(of), 'article')} split off, as {other_one}")


@click.command(
    epilog=examples(
        'newsgraph correct newsgraph.db EU --name "European Union" --type Organization',
        "newsgraph correct newsgraph.db KEY --wrong",
    )
)
@click.argument("database", type=FILE)
@click.argument("key", type=WORDS)
@click.option("--name", metavar="NAME", type=WORDS, help="What the entity is called.")
@click.option("--type", "type_", metavar="TYPE", type=WORDS, help="Of what type the entity is.")
@click.option(
    "--wrong",
    is_flag=True,
    help="Show, count and export it no more: an entity, or the mention, relation, evidence or quote of"
    " this key.",
)
@signed
@not_loaded
@quiet
def correct(
    database: str,
    key: str,
    name: str | None,
    type_: str | None,
    wrong: bool,
    why: str,
    by: str,
    not_loaded: bool,
    quiet: bool,
) -> None:
    """Decide on a name or a type, or that something is wrong.

    KEY is the key of anything with --wrong, else the key or name of an entity.
    """
    from datasette_newsgraph.decisions.correcting import kind_of, renamed, retyped, wrong_entity
    from datasette_newsgraph.decisions.decision import Decision
    from datasette_newsgraph.decisions.keys import thing_meant
    from datasette_newsgraph.loading.deciding import decide_in
    from datasette_newsgraph.store import open_store

    if wrong == (name is not None or type_ is not None):
        raise click.UsageError("Give either --wrong, or --name, --type or both.")
    with open_store(database, write=True, log_stays=teller_of_log(quiet=quiet)) as db:

        def make() -> Iterable[Decision]:
            thing = thing_meant(key)
            kind = kind_of(db, thing) if wrong else None
            if kind is not None:
                return signed_by([Decision("wrong", thing, kind=kind)], by, why)
            entity = meant(db, key, quiet=quiet, not_loaded=not_loaded)
            if wrong:
                return signed_by(wrong_entity(db, entity), by, why)
            made = [] if name is None else [renamed(entity, name)]
            made += [] if type_ is None else [retyped(db, entity, type_)]
            return signed_by(made, by, why)

        added = decide_in(db, make)
    if quiet:
        return
    if not added.new:
        tell_nothing(key)
        return
    said = {"wrong": "is wrong", "name": "is called", "type": "is of the type"}
    one = added.new[0]
    words = [f"{said[each.verdict]} {each.value}".strip() for each in added.new]
    what = "" if one.kind == "entity" else f"the {one.kind} "
    tell_added(database, added, f"{what}{one.left} {' and '.join(dict.fromkeys(words))}")
