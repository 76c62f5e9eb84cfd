"""Authorities that tests hold in memory."""

from __future__ import annotations

from collections import defaultdict

from datasette_newsgraph.authority.folding import folded
from datasette_newsgraph.authority.things import Known, Named, Thing

WIKIDATA = "http://www.wikidata.org/entity/"


class InMemory:
    """An authority of a few things."""

    name = "a few things"

    def __init__(self, *things: Thing) -> None:
        self._known: dict[str, list[Known]] = defaultdict(list)
        for each in sorted(things, key=lambda thing: -thing.links):
            known = Known(
                each.iri, each.label, each.description, each.type, each.links, each.is_checked
            )
            for form in {folded(name) for name in (each.label, *each.names)}:
                self._known[form].append(known)

    def named(self, form: str) -> Named:
        return Named(tuple(self._known.get(form, ())))


def thing(item: str, type_: str, label: str, *names: str, links: int = 100) -> Thing:
    return Thing(f"{WIKIDATA}{item}", label, names, "", type_, links)
