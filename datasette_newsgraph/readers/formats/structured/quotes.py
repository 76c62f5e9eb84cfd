"""Take the quotes of an answer."""

from __future__ import annotations

from collections.abc import Sequence

from datasette_newsgraph.article import Quote
from datasette_newsgraph.readers.formats.structured.things import Things, unknown_keys, words_of
from datasette_newsgraph.readers.named_keys import by_folded_key
from datasette_newsgraph.readers.structured.keys import QUOTES
from datasette_newsgraph.readers.structured.lists import Member
from datasette_newsgraph.readers.structured.roles import taken


def take_quotes(things: Things, members: Sequence[Member]) -> None:
    """Take all members of the lists of quotes; a speaker who is no thing of the answer is a fault."""
    objects = [by_folded_key(each.part) for each in members if isinstance(each.part, dict)]
    roles = taken(objects, QUOTES, things.keys)
    if objects:
        first = next(each.part for each in members if isinstance(each.part, dict))
        things.tell("quotes[]", roles, first, len(objects))
    for member in members:
        given = by_folded_key(member.part) if isinstance(member.part, dict) else {}
        words = words_of(roles.get(given, "words")) if given else words_of(member.part)
        if not words:
            things.building.fault(f"{member.place}: has no words", member.part)
            continue
        speaker = words_of(roles.get(given, "speaker"))
        known = things.who(speaker) if speaker else None
        if speaker and known is None:
            things.building.fault(
                f"{member.place}: its speaker {speaker[:100]!r} is the name of no entity",
                member.part,
            )
        things.building.quotes.append(
            Quote(
                speaker=None if known is None else known.id,
                text=words,
                verb=words_of(roles.get(given, "verb")) or None,
                confidence=things.confidence("quotes[]", roles.get(given, "confidence")),
            )
        )
        things.unknown.update(unknown_keys("quotes[]", member.part, roles, things.keys))
