"""Events without a name that happen somewhere: "talks between Peru and Chile in Lima on Sunday"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datasette_newsgraph.extraction.nlp.relations.dating import DatedWords, date_of
from datasette_newsgraph.extraction.nlp.relations.statement import Happening, Scene, Statement
from datasette_newsgraph.extraction.nlp.relations.verbs import names_under
from datasette_newsgraph.extraction.nlp.word_lists import word_list

if TYPE_CHECKING:
    from spacy.tokens import Token

#: Nouns of what happens between or to people, at a place.
_EVENTS = word_list("events")
_AT = frozenset(("in", "at", "near", "outside"))


def find_happenings(
    scene: Scene, statements: Sequence[Statement], dated: DatedWords
) -> Iterator[Happening]:
    """Yield events whose noun, or the verb above it, has a place under it in the parse."""
    placed: dict[int, Happening] = {}
    for token in scene.tokens_of(*_AT):
        if token.dep_ != "prep" or scene.is_silent(token.i):
            continue
        place = _place(scene, token)
        noun = _event_above(token)
        if place is None or noun is None or scene.quoted[noun.i] or noun.i in placed:
            continue
        found = Happening(noun.i, _called(noun), _participants(scene, noun, statements), place)
        date = date_of(scene, dated, (noun.i, noun.head.i, _verb_above(noun)))
        if date is not None:
            found.start_date, found.end_date = date["value"], date["until"]
        # A place alone makes no event that is worth keeping.
        if found.participants or date is not None:
            placed[noun.i] = found
    yield from placed.values()


def _place(scene: Scene, preposition: Token) -> int | None:
    for noun in preposition.children:
        if noun.dep_ != "pobj":
            continue
        for token in (noun, *(c for c in noun.children if c.dep_ in ("appos", "compound"))):
            number = scene.by_token.at(token.i)
            if (
                number is not None
                and scene.names[number].type == "Place"
                and not scene.names[number].is_demonym
            ):
                return number
    return None


def _event_above(preposition: Token) -> Token | None:
    """Return the noun of an event that a preposition hangs on, perhaps with other words between."""
    for steps, above in enumerate(preposition.ancestors):
        if above.pos_ == "NOUN" and above.lemma_.lower() in _EVENTS:
            return above
        if steps > 3 or above.pos_ in ("VERB", "AUX"):
            return None
    return None


def _verb_above(noun: Token) -> int:
    return next((each.i for each in noun.ancestors if each.pos_ == "VERB"), noun.i)


def _called(noun: Token) -> str:
    """Return an event's noun with the nouns before it: "peace talks"."""
    words = [
        c.text for c in noun.lefts if c.dep_ in ("compound", "amod") and c.pos_ in ("NOUN", "ADJ")
    ]
    return " ".join((*words, noun.text))


def _participants(scene: Scene, noun: Token, statements: Sequence[Statement]) -> list[int]:
    """Return who takes part: who stands behind "between" or "with", and both sides of a statement whose
    word the noun is, or hangs on.
    """
    found = [
        number
        for child in noun.children
        if child.dep_ == "prep" and child.lower_ in ("between", "with", "by", "of")
        for number in names_under(scene, child, ("pobj",))
        if child.lower_ in ("between", "with")
        or scene.names[number].type in ("Person", "Organization")
    ]
    above = {noun.i, _verb_above(noun)}
    for each in statements:
        if each.pattern in ("between", "together", "with-other") and each.token in above:
            found += [each.subject, each.object]
    return list(dict.fromkeys(found))
