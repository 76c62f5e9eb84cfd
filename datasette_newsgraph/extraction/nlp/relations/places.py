"""What lies in what, and what is part of what: "Herat, Afghanistan", "the Peruvian navy"."""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph.extraction.nlp.names import Name
from datasette_newsgraph.extraction.nlp.relations.statement import Scene, Statement
from datasette_newsgraph.extraction.nlp.word_lists import word_list

_POSSESSIVE = frozenset(("'s", "’s", "'", "’"))
#: Last words of what belongs to a state.
_OF_STATE = word_list("of state")
_KINDS_OF_FORCES = word_list("kinds of forces")
_FACILITIES = word_list("facilities")
_NAMED_OF = word_list("named of")
_NARROW = frozenset(("country", "state", "region"))
_KINDS_OF_PLACE = word_list("kinds of place")


def city_and_country(scene: Scene) -> Iterator[Statement]:
    """Yield what lies where by a comma: "Herat, Afghanistan", "Houston, Texas"."""
    words = scene.words
    for number, (name, behind) in enumerate(zip(scene.names, scene.names[1:], strict=False)):
        if name.type != "Place" or behind.type != "Place" or scene.is_silent(name.first):
            continue
        if words[name.last : behind.first] != [","] or behind.is_demonym or name.is_demonym:
            continue
        if behind.known is None or behind.known.place not in _NARROW or _is_wide(name):
            continue
        if not _is_list(scene, number + 1):
            yield Statement(number, "located in", number + 1, name.last)


def _is_wide(name: Name) -> bool:
    return name.known is not None and name.known.place in _NARROW


def _is_list(scene: Scene, number: int) -> bool:
    """Tell whether a place goes on a list of places that is of one kind."""
    name = scene.names[number]
    after = scene.by_token.at(name.last + 1) if name.last + 1 < len(scene.words) else None
    if (
        after is None
        and name.last + 2 < len(scene.words)
        and scene.words[name.last + 1].lower() in ("and", "or")
    ):
        after = scene.by_token.at(name.last + 2)
    if after is None or scene.words[name.last].lower() not in (",", "and", "or"):
        return False
    return _is_wide(scene.names[after]) and not scene.names[after].is_demonym


def name_in_place(scene: Scene) -> Iterator[Statement]:
    """Yield what lies where by "in": "the Grand Hotel in Lima"."""
    words = scene.words
    for number, (name, behind) in enumerate(zip(scene.names, scene.names[1:], strict=False)):
        if name.type not in ("Organization", "Place", "Event") or behind.type != "Place":
            continue
        if scene.is_silent(name.first) or name.is_demonym or behind.is_demonym:
            continue
        between = [word.lower() for word in words[name.last : behind.first]]
        if between not in (["in"], ["in", "the"]) or _is_wide(name):
            continue
        if scene.page.doc[name.last].head.i not in range(name.first, name.last):
            continue
        if name.type == "Organization" and not _FACILITIES.intersection(name.text.lower().split()):
            # A body that is no house does not lie where it is met.
            continue
        yield Statement(
            number, "location" if name.type == "Event" else "located in", number + 1, name.last
        )


def kind_in_place(scene: Scene) -> Iterator[Statement]:
    """Yield "Herat, a city in Afghanistan" and "the city of Herat in Afghanistan"."""
    words = scene.words
    for number, (name, behind) in enumerate(zip(scene.names, scene.names[1:], strict=False)):
        if name.type != "Place" or behind.type != "Place" or name.is_demonym or behind.is_demonym:
            continue
        between = [word.lower() for word in words[name.last : behind.first]]
        if not 4 <= len(between) <= 9 or between[0] != "," or between[1] not in ("a", "an", "the"):
            continue
        of = between[-2:] if between[-1] == "the" else between[-1:]
        kind = between[-len(of) - 1]
        if of[0] in ("in", "of") and kind in _KINDS_OF_PLACE and not scene.is_silent(name.first):
            yield Statement(number, "located in", number + 1, name.last + 1)


def capital(scene: Scene) -> Iterator[Statement]:
    """Yield capitals: "the Qatari capital, Doha", "Doha, the capital of Qatar"."""
    words = scene.words
    for index, word in enumerate(words):
        if word.lower() != "capital" or scene.is_silent(index):
            continue
        city = _name_behind(scene, index + 1)
        country = _name_before(scene, index - 1)
        if city is None and words[index + 1 : index + 2] == ["of"]:
            country = _name_behind(scene, index + 2)
            city = _name_before(scene, index - 1)
        if city is None or country is None or city == country:
            continue
        if {scene.names[city].type, scene.names[country].type} == {"Place"}:
            yield Statement(city, "capital of", country, index)


def _name_behind(scene: Scene, index: int) -> int | None:
    while index < len(scene.words) and scene.words[index].lower() in (",", "city", "the", "of"):
        if scene.words[index].lower() == "of":
            return None
        index += 1
    return scene.by_token.at(index) if index < len(scene.words) else None


def _name_before(scene: Scene, index: int) -> int | None:
    while index > 0 and scene.words[index].lower() in (*_POSSESSIVE, "the", ",", "is", "was"):
        index -= 1
    return scene.by_token.at(index) if index >= 0 else None


def of_country(scene: Scene) -> Iterator[Statement]:
    """Yield what belongs to a state by its possessive: "Peru's Interior Ministry"."""
    for number, (name, behind) in enumerate(zip(scene.names, scene.names[1:], strict=False)):
        if name.type != "Place" or behind.type != "Organization" or scene.is_silent(name.first):
            continue
        between = scene.words[name.last : behind.first]
        is_owner = len(between) == 1 and between[0] in _POSSESSIVE
        if (is_owner or (name.is_demonym and not between)) and _is_wide(name):
            if is_of_state(behind.text):
                yield Statement(number + 1, "part of", number, behind.first)
            elif is_owner and behind.known is None:
                yield Statement(number + 1, "located in", number, behind.first)


def country_in_name(scene: Scene) -> Iterator[Statement]:
    """Yield what belongs to a state by its name: "the Peruvian Navy", where Peru is named, too."""
    for number, name in enumerate(scene.names):
        if name.type != "Organization" or name.known is not None or scene.is_silent(name.first):
            continue
        if not is_of_state(name.text):
            continue
        for length in (2, 1):
            words = " ".join(scene.words[name.first : min(name.first + length, name.last - 1)])
            known = scene.lexicon.names.get(words)
            country = scene.first_named.get(known.name) if known is not None else None
            if known is not None and known.place == "country" and country is not None:
                yield Statement(number, "part of", country, name.first)
                break


def place_of_place(scene: Scene) -> Iterator[Statement]:
    """Yield what is part of a place by "of": "the East Wing of the Grand Palace"."""
    for number, (name, behind) in enumerate(zip(scene.names, scene.names[1:], strict=False)):
        if name.type != "Place" or behind.type != "Place" or behind.is_demonym or name.known:
            continue
        between = [word.lower() for word in scene.words[name.last : behind.first]]
        if name.text.split()[-1].lower() in _NAMED_OF:
            # "the Borough of Lima" is one name.
            continue
        if between in (["of"], ["of", "the"]) and not scene.is_silent(name.first):
            whole = number + 1
            # "of the US Capitol" is of the last name, not of the first.
            while (
                whole + 1 < len(scene.names)
                and scene.names[whole + 1].first == scene.names[whole].last
            ):
                whole += 1
            if scene.names[whole].type in ("Place", "Organization"):
                yield Statement(number, "part of", whole, name.last)


def is_of_state(words: str) -> bool:
    """Tell whether an organisation is a part of a state by its name."""
    parts = words.lower().split()
    if parts[-1] in ("force", "forces") and not _KINDS_OF_FORCES.intersection(parts):
        return False
    head = parts[parts.index("of") - 1] if "of" in parts[1:] else parts[-1]
    return head in _OF_STATE


def based_in(scene: Scene) -> Iterator[Statement]:
    """Yield "the Lima-based company Acme"."""
    words = scene.words
    for index, word in enumerate(words):
        if (
            word.lower() != "based"
            or index < 2
            or words[index - 1] != "-"
            or scene.is_silent(index)
        ):
            continue
        place = scene.by_token.at(index - 2)
        if place is None or scene.names[place].type != "Place":
            continue
        for position in range(index + 1, min(index + 6, len(words))):
            number = scene.by_token.at(position)
            if number is not None:
                if scene.names[number].type in ("Organization", "Person", "Group"):
                    yield Statement(number, "based in", place, index)
                break
            if scene.page.doc[position].pos_ not in (
                "NOUN",
                "ADJ",
                "PROPN",
                "PUNCT",
                "NUM",
                "CCONJ",
            ) or words[position] in (",", ".", ";"):
                break
