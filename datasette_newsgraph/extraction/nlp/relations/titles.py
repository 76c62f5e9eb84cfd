"""Who holds an office or a post: "NATO chief Ana Ruiz", "Ana Ruiz, a spokeswoman for the ministry"."""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph.extraction.nlp.relations.statement import Scene, Statement
from datasette_newsgraph.extraction.nlp.word_lists import word_list

#: Words of the longest title, and words that may stand between an organisation and a title.
_LONGEST, _BETWEEN = 4, 4
_PAST = frozenset(
    ("former", "ex", "late", "then", "outgoing", "ousted", "retired", "disgraced", "deposed")
)
_NEXT = frozenset(("next", "incoming", "elect", "designate", "future", "new"))
POSSESSIVE = frozenset(("'s", "’s", "'", "’"))
_PREPOSITIONS = frozenset(("of", "for", "at", "with", "from", "to", "in"))
#: What a person can be of a country or city; other posts are of organisations only.
OF_PLACES = frozenset(
    f"{each} of"
    for each in [
        "leader",
        "president",
        "chancellor",
        "minister",
        "secretary",
        "king",
        "queen",
        "governor",
        "mayor",
        "senator",
        "ambassador",
        "spokesperson",
        "commander",
        "judge",
        "representative",
        "prosecutor",
        "captain",
        "coach",
        "negotiator",
        "bishop",
        "archbishop",
        "official",
    ]
) | {"prime minister of", "crown prince of", "defence chief of", "police chief of"}
#: Modifiers of titles, and other words that may stand before one.
_MODIFIERS = frozenset(["ADJ", "NOUN", "PROPN", "NUM", "ADV", "VERB", "PUNCT", "CCONJ"])
_KINDS_OF_LEADERS = word_list("kinds of leaders")
_PORTFOLIOS = word_list("portfolios")
_CHAMBERS = frozenset(("House", "Senate", "Parliament", "Commons", "Assembly", "Lords"))


def before_person(scene: Scene) -> Iterator[Statement]:
    """Yield those whose title stands before their name: "Acme's chief executive, Ana Ruiz"."""
    for number, person in enumerate(scene.names):
        if person.type != "Person" or scene.is_silent(person.first):
            continue
        end = person.first
        if end and scene.words[end - 1] == ",":
            end -= 1
        title = title_before(scene, end)
        if title is None:
            continue
        start, predicate = title
        yield from _with_owner(scene, number, start, predicate)
        # "Secretary General of NATO Ana Ruiz": the title stands farther left, behind it the name.
    for number, person in enumerate(scene.names):
        if person.type != "Person" or number == 0 or scene.is_silent(person.first):
            continue
        owner = scene.names[number - 1]
        if owner.last != person.first or owner.type not in ("Organization", "Place"):
            continue
        of = owner.first - 1
        if of > 0 and scene.words[of].lower() == "the":
            of -= 1
        title = (
            title_before(scene, of) if of > 0 and scene.words[of].lower() in _PREPOSITIONS else None
        )
        if title is not None:
            yield from _held(scene, number, title[1], number - 1, of, scene.words[of].lower())
            yield from _with_owner(scene, number, title[0], title[1])


def title_before(scene: Scene, end: int) -> tuple[int, str] | None:
    """Return where the longest title begins that ends before a token, and its predicate."""
    for length in range(min(_LONGEST, end), 0, -1):
        words = scene.words[end - length : end]
        predicate = scene.lexicon.titles.get(_joined(words))
        if predicate is not None:
            return end - length, predicate
    return None


def _joined(words: list[str]) -> str:
    return " ".join(words).lower().replace(" - ", "-")


def _with_owner(scene: Scene, person: int, start: int, predicate: str) -> Iterator[Statement]:
    """Yield the statement about the organisation or place that stands before a title."""
    index = start - 1
    tense, kinds = "", False
    for _ in range(_BETWEEN + 1):
        if index < 0:
            return
        owner = scene.by_token.at(index)
        if owner is not None:
            is_of_all = scene.names[owner].type != "Place" or not kinds
            if is_of_all and not _is_torn(scene, scene.names[owner].first):
                yield from _held(scene, person, tense + predicate, owner, start, "")
            return
        word = scene.words[index].lower()
        # "the Peruvian military leader" is not Peru's leader.
        kinds = kinds or (word in _KINDS_OF_LEADERS and predicate == "leader of")
        if word in POSSESSIVE or word == "-":
            index -= 1
            continue
        if word in _PAST or word in _NEXT:
            tense = "former " if word in _PAST else "" if word == "new" else "next "
        elif scene.page.doc[index].pos_ not in _MODIFIERS or word in (
            ",",
            ".",
            ";",
            ":",
            "(",
            ")",
            "“",
            '"',
            "\n",
        ):
            return
        if (
            word in scene.lexicon.titles
            and word not in ("deputy", "vice")
            and "\n" not in word
            and scene.words[index + 1].lower() in ("and", "of")
        ):
            return
        index -= 1


def _is_portfolio(words: str) -> bool:
    return words not in _CHAMBERS and all(word in _PORTFOLIOS for word in words.split())


def _is_torn(scene: Scene, first: int) -> bool:
    """Tell whether a name is the end of a longer one that was not found, or of "pro-Lima"."""
    if not first:
        return False
    before = scene.page.doc[first - 1]
    is_word = before.pos_ in ("PROPN", "NOUN") and before.text[:1].isupper()
    return before.text == "-" or (is_word and scene.by_token.at(first - 1) is None)


def _held(
    scene: Scene, person: int, predicate: str, owner: int, token: int, preposition: str
) -> Iterator[Statement]:
    of = scene.names[owner]
    plain = predicate.removeprefix("former ").removeprefix("next ")
    if (
        _is_portfolio(of.text)
        or owner == person
        or of.type not in ("Organization", "Place", "Group", "Event")
    ):
        return
    if preposition == "to":
        if plain not in ("ambassador of", "representative of"):
            return
        predicate = "ambassador to"
    elif (of.type == "Place" and plain not in OF_PLACES) or (
        of.type in ("Group", "Event")
        and plain
        not in (
            "leader of",
            "member of",
            "spokesperson of",
            "commander of",
        )
    ):
        return
    if not scene.same_block(
        min(of.first, scene.names[person].first), max(of.last, scene.names[person].first)
    ):
        return
    yield Statement(person, predicate, owner, token)


def behind_person(scene: Scene) -> Iterator[Statement]:
    """Yield those whose title stands behind their name: "Ana Ruiz, a spokeswoman for the ministry", and
    "Ana Ruiz is the leader of Acme".
    """
    words = scene.words
    for number, person in enumerate(scene.names):
        if person.type != "Person" or scene.is_silent(person.first):
            continue
        index = person.last
        if index >= len(words) or words[max(0, person.first - 2)].lower() == "according":
            continue
        if words[index] in (",", "(", "–", "—") or (
            words[index].lower() in ("is", "was", "became", "as")
        ):
            index += 1
        else:
            continue
        yield from _title_phrase(scene, number, index)


def _title_phrase(scene: Scene, person: int, index: int) -> Iterator[Statement]:
    """Yield what a phrase says that begins at a token: "the deputy leader of Acme", "Acme's leader"."""
    words, tense, owner = scene.words, "", None
    for position in range(index, min(index + 9, len(words))):
        word = words[position].lower()
        named = scene.by_token.at(position)
        if named is not None and scene.names[named].type in ("Organization", "Place"):
            owner = named
            continue
        if word in _PAST:
            tense = "former "
        title = _title_at(scene, position)
        if title is None:
            if word in POSSESSIVE or word in ("the", "a", "an", "-", "and") or named is not None:
                continue
            if scene.page.doc[position].pos_ not in ("ADJ", "NOUN", "PROPN", "ADV"):
                return
            continue
        end, predicate = title
        if owner is not None and words[end : end + 1] != ["of"]:
            yield from _held(scene, person, tense + predicate, owner, position, "")
            return
        yield from _of_what(scene, person, tense + predicate, end)
        return


def _title_at(scene: Scene, index: int) -> tuple[int, str] | None:
    """Return where the longest title ends that begins at a token, and its predicate."""
    for length in range(_LONGEST, 0, -1):
        words = scene.words[index : index + length]
        predicate = scene.lexicon.titles.get(_joined(words))
        if predicate is not None and len(words) == length:
            return index + length, predicate
    return None


def _of_what(scene: Scene, person: int, predicate: str, end: int) -> Iterator[Statement]:
    """Yield the statement of a title with "of", "for" or "at" behind it."""
    words = scene.words
    for of in range(end, min(end + 3, len(words) - 1)):
        preposition = words[of].lower()
        if preposition not in _PREPOSITIONS:
            continue
        first = of + 1
        while (
            first < len(words)
            and (words[first].lower() in ("the", "a", "an") or scene.page.doc[first].pos_ == "ADJ")
            and scene.by_token.at(first) is None
        ):
            first += 1
        owner = scene.by_token.at(first) if first < len(words) else None
        if owner is None or scene.names[owner].is_demonym:
            return
        if preposition == "in" and scene.names[owner].type != "Organization":
            return
        last = scene.names[owner].last
        # "pilot of the Navy aircraft": the name is not what somebody is of.
        if last < len(words) and scene.page.doc[last].pos_ in ("NOUN", "PROPN"):
            return
        yield from _held(scene, person, predicate, owner, end - 1, preposition)
        return
