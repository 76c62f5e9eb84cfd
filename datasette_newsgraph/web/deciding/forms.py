"""The forms of our pages: what each of them decides. This is the one place that makes decisions of what
somebody has sent.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from datasette.utils.asgi import BadRequest
from sqlite_utils import Database

from datasette_newsgraph.decisions.correcting import renamed, retyped, wrong_entity
from datasette_newsgraph.decisions.decision import Decision, validated
from datasette_newsgraph.decisions.entities_meant import Meant, entity_meant, shown_key
from datasette_newsgraph.decisions.splitting import split
from datasette_newsgraph.decisions.taking_back import taken_back
from datasette_newsgraph.decisions.taking_out import take_out
from datasette_newsgraph.errors import DecisionError, NewsgraphError, UsageError
from datasette_newsgraph.verdicts import ON_PAIRS, WRONG, Kind, Verdict
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.deciding.candidates import digest, may_not_accept, of_tier
from datasette_newsgraph.web.deciding.form import Form
from datasette_newsgraph.web.deciding.standing_now import standing_now

_Maker = Callable[[Visit, Form], Awaitable[list[Decision]]]
#: How the name of a pair's field begins; the key to keep and the other one follow, between dots.
PAIR = "pair."
#: What says of a pair that it is for another time.
LATER = "later"
#: By which way decisions come that are made here.
HOW = "browser"


async def decisions_of(visit: Visit, form: Form) -> list[Decision]:
    """Return what a form decides, by whom, why and by which way. Raises BadRequest."""
    maker = FORMS[form.choice("do", FORMS)]
    actor = visit.request.actor or {}
    by = " ".join(str(actor.get("id", "")).split())
    why = form.text("why").replace("\r\n", "\n")
    try:
        made = await maker(visit, form)
        # Before it gets to the thread that writes: Datasette prints what goes wrong there.
        return [validated(replace(each, by=by, why=why, how=each.how or HOW)) for each in made]
    except (DecisionError, UsageError) as error:
        raise refused(error) from error


def refused(error: NewsgraphError) -> BadRequest:
    """Return what answers a form whose decision cannot be taken."""
    message = str(error)
    return BadRequest(f"{message[:1].upper()}{message[1:]}.")


async def _pairs(visit: Visit, form: Form) -> list[Decision]:
    found = []
    for pair, verdict in form.named(PAIR):
        keep, dot, other = pair.partition(".")
        if not dot or verdict not in (*ON_PAIRS, LATER):
            raise BadRequest("A pair has two keys, and one of: same, different, unsure, later.")
        found += [] if verdict == LATER else [pair_decision(verdict, keep, other)]
    return found


async def _pair(visit: Visit, form: Form) -> list[Decision]:
    pair = (form.needed("left"), form.needed("right"))
    keep = form.choice("keep", pair)
    other = pair[1] if keep == pair[0] else pair[0]
    return [pair_decision(form.choice("verdict", ON_PAIRS), keep, other)]


def pair_decision(verdict: str, keep: str, other: str) -> Decision:
    """Return what is decided of a pair; if both are the same, ``keep`` stands for them."""
    said: Verdict = next(each for each in ON_PAIRS if each == verdict)
    return Decision(said, keep, other, keep=keep if said == "same" else "")


async def _cluster(visit: Visit, form: Form) -> list[Decision]:
    keep, members = form.needed("keep"), form.all("member")
    ticked = {keep, *form.all("same")}
    others = form.choice("others", ("different", LATER))
    if not {*ticked} <= {*members}:
        raise BadRequest("same has to be one of the members.")
    return [
        pair_decision("same" if each in ticked else others, keep, each)
        for each in members
        if each != keep and (each in ticked or others != LATER)
    ]


async def _tier(visit: Visit, form: Form) -> list[Decision]:
    tier, shown, now = form.needed("tier"), form.needed("digest"), await standing_now(visit)
    reason = await visit.read(may_not_accept)
    if reason:
        raise BadRequest(reason)
    pairs = await visit.read_at_leisure(lambda each: of_tier(each, now, tier))
    if digest(pairs) != shown:
        raise BadRequest("These pairs have changed since they were shown; look at them again.")
    made = [pair_decision("same", each.keep, each.other) for each in pairs]
    return [replace(each, how=f"rule {tier}, accepted in the browser") for each in made]


async def _take_out(visit: Visit, form: Form) -> list[Decision]:
    now = await standing_now(visit)
    return take_out(now.in_force.values(), form.needed("key"))


async def _split(visit: Visit, form: Form) -> list[Decision]:
    into, articles = form.text("into"), form.all("article")
    name = "" if into else form.needed("value")
    if not articles:
        raise BadRequest("Tick at least one article.")

    def made(db: Database, of: Meant) -> list[Decision]:
        other = entity_meant(db, into) if into else None
        return split(db, of, articles, name=name, into=other)

    return await _of_entity(visit, form, made)


async def _name(visit: Visit, form: Form) -> list[Decision]:
    name = form.needed("value")
    return await _of_entity(visit, form, lambda db, of: [renamed(of, name)])


async def _type(visit: Visit, form: Form) -> list[Decision]:
    type_ = form.needed("value")
    return await _of_entity(visit, form, lambda db, of: [retyped(db, of, type_)])


async def _wrong(visit: Visit, form: Form) -> list[Decision]:
    kind, key = _kind(form, WRONG), form.needed("key")
    if kind == "entity":
        return await _of_entity(visit, form, wrong_entity)
    return [Decision("wrong", key, kind=kind)]


async def _undo(visit: Visit, form: Form) -> list[Decision]:
    key = form.needed("key")
    return [await visit.read_at_leisure(lambda each: taken_back(Database(each), key).decision)]


async def _of_entity(
    visit: Visit, form: Form, decide: Callable[[Database, Meant], list[Decision]]
) -> list[Decision]:
    """Return what is decided of the entity that a form is about."""
    key = form.needed("key")

    def made(connection: sqlite3.Connection) -> list[Decision]:
        return decide(Database(connection), Meant(key, shown_key(connection, key)))

    return await visit.read(made)


def _kind(form: Form, kinds: Iterable[Kind]) -> Kind:
    known = {str(each): each for each in kinds}
    return known[form.choice("kind", known)]


#: What each form decides, by the value of its field ``do``.
FORMS: dict[str, _Maker] = {
    "pair": _pair,
    "pairs": _pairs,
    "cluster": _cluster,
    "tier": _tier,
    "take-out": _take_out,
    "split": _split,
    "name": _name,
    "type": _type,
    "wrong": _wrong,
    "undo": _undo,
}
