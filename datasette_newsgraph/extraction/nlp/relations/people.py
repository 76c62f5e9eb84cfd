"""What ties people to others: an organisation, kin, a country, a party."""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph.extraction.nlp.relations.statement import Scene, Statement
from datasette_newsgraph.extraction.nlp.relations.titles import OF_PLACES, POSSESSIVE, title_before

_KIN = {
    "wife": "spouse",
    "husband": "spouse",
    "spouse": "spouse",
    "widow": "spouse",
    "son": "child of",
    "daughter": "child of",
    "father": "parent of",
    "mother": "parent of",
    "brother": "sibling",
    "sister": "sibling",
    "twin": "sibling",
}
#: The letters of parties behind the names of members of Congress: "(D-Calif.)".
_PARTIES = {"D": ("Democrats", "Democratic Party"), "R": ("Republicans", "Republican Party")}


def person_of(scene: Scene) -> Iterator[Statement]:
    """Yield people "of" an organisation: "Ana Ruiz of the Green Party"."""
    for number, person in enumerate(scene.names):
        if (
            person.type != "Person"
            or person.last - person.first < 2
            or scene.is_silent(person.first)
        ):
            continue
        index = person.last
        if index + 1 >= len(scene.words) or scene.words[index].lower() not in ("of", "from"):
            continue
        if scene.page.doc[index].head.i not in range(person.first, person.last):
            continue
        index += 1 + (scene.words[index + 1].lower() == "the")
        owner = scene.by_token.at(index) if index < len(scene.words) else None
        if owner is None or scene.names[owner].type != "Organization":
            continue
        # "of the Health constituency": the name is not what somebody is of.
        last = scene.names[owner].last
        if last >= len(scene.words) or scene.page.doc[last].pos_ != "NOUN":
            yield Statement(number, "affiliated with", owner, person.last)


def kin(scene: Scene) -> Iterator[Statement]:
    """Yield who is related to whom: "Ana Ruiz's husband, Tom Li", "Tom Li, husband of Ana Ruiz"."""
    words = scene.words
    for index, word in enumerate(words):
        predicate = _KIN.get(word.lower())
        if predicate is None or scene.is_silent(index):
            continue
        behind = _person_near(scene, index + 1, 1)
        if words[index - 1] in POSSESSIVE or scene.page.doc[index - 1].pos_ == "ADJ":
            first = index - 1
            while first > 0 and words[first] not in POSSESSIVE and index - first < 3:
                first -= 1
            owner = scene.by_token.at(first - 1) if first and words[first] in POSSESSIVE else None
            if owner is not None and behind is not None and scene.names[owner].type == "Person":
                yield Statement(behind, predicate, owner, index)
                continue
        if words[index + 1 : index + 2] == ["of"]:
            owner = scene.by_token.at(index + 2) if index + 2 < len(words) else None
            before = _person_near(scene, index - 1, -1)
            if owner is not None and before is not None and scene.names[owner].type == "Person":
                yield Statement(before, predicate, owner, index)


def _person_near(scene: Scene, index: int, step: int) -> int | None:
    """Return the person who is named at a token, or beyond a comma and an article."""
    for _ in range(4):
        if not 0 <= index < len(scene.words):
            return None
        number = scene.by_token.at(index)
        if number is not None:
            return number if scene.names[number].type == "Person" else None
        if scene.words[index].lower() not in (",", "the", "a", "is", "was"):
            return None
        index += step
    return None


def nationality(scene: Scene) -> Iterator[Statement]:
    """Yield whose country is told by an adjective before a post that is none of the country's:
    "the Peruvian singer Ana Ruiz".
    """
    for number, person in enumerate(scene.names):
        if person.type != "Person" or scene.is_silent(person.first):
            continue
        title = title_before(scene, person.first)
        if title is None or title[1] in OF_PLACES:
            continue
        owner = scene.by_token.at(title[0] - 1) if title[0] else None
        if owner is not None and scene.names[owner].is_demonym:
            yield Statement(number, "nationality", owner, title[0])


def party(scene: Scene) -> Iterator[Statement]:
    """Yield the party by a letter behind a name, "Ana Ruiz (D-NY)", where the article names it."""
    words = scene.words
    for number, person in enumerate(scene.names):
        behind = words[person.last : person.last + 3]
        if person.type != "Person" or len(behind) < 3 or behind[0] != "(":
            continue
        letter = behind[1].partition("-")[0]
        owner = next(
            (n for n in map(scene.first_named.get, _PARTIES.get(letter, ())) if n is not None), None
        )
        if owner is not None and (behind[1] != letter or behind[2] in ("-", "–", ")")):
            yield Statement(number, "member of", owner, person.last)
