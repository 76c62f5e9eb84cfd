"""What is between two: "talks between Peru and Chile", "Peru held talks with Chile"; and parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from datasette_newsgraph.extraction.nlp.relations.statement import Scene, Statement
from datasette_newsgraph.extraction.nlp.relations.verbs import is_said, names_under, subjects_of
from datasette_newsgraph.extraction.nlp.word_lists import word_list

if TYPE_CHECKING:
    from spacy.tokens import Token

_BETWEEN = {
    "talks with": "talk negotiation dialogue dialog discussion consultation",
    "met": "meeting summit encounter",
    "agreement with": "deal agreement accord treaty pact contract memorandum arrangement protocol",
    "ceasefire with": "ceasefire truce armistice cease-fire",
    "conflict with": "war conflict fighting clash battle skirmish hostility confrontation feud warfare",
    "dispute with": "dispute tension row disagreement rift standoff quarrel stand-off rivalry lawsuit",
    "relations with": "relation tie relationship link cooperation partnership alliance friendship",
    "played against": "match game fixture derby",
    "trades with": "trade",
    "borders": "border frontier",
    "merged with": "merger",
}
_PREDICATES = {noun: predicate for predicate, nouns in _BETWEEN.items() for noun in nouns.split()}
_LIGHT = word_list("light")
_PARTS = {
    "subsidiary": "subsidiary of",
    "unit": "part of",
    "division": "part of",
    "branch": "part of",
    "arm": "part of",
    "wing": "part of",
    "affiliate": "affiliated with",
    "offshoot": "part of",
    "part": "part of",
    "member": "member of",
    "ally": "ally of",
    "successor": "successor of",
    "founder": "founder of",
    "owner": "owner of",
    "maker": "maker of",
}
_ACTORS = frozenset(("Organization", "Place", "Person", "Group"))


def between(scene: Scene) -> Iterator[Statement]:
    """Yield what is between two names: "the war between Iran and Iraq"."""
    for token in scene.tokens_of("between"):
        if scene.is_silent(token.i) or scene.quoted[token.i]:
            continue
        predicate = _PREDICATES.get(token.head.lemma_.lower())
        if predicate is None:
            continue
        found = names_under(scene, token, ("pobj",))
        if len(found) == 2 and all(scene.names[each].type in _ACTORS for each in found):
            yield Statement(found[0], predicate, found[1], token.head.i)


def with_other(scene: Scene) -> Iterator[Statement]:
    """Yield "Peru signed an agreement with Chile"."""
    for token in scene.tokens_of("with"):
        if token.dep_ != "prep" or scene.is_silent(token.i):
            continue
        noun = token.head if token.head.pos_ == "NOUN" else None
        if noun is None:
            noun = next((c for c in token.head.children if c.dep_ == "dobj"), None)
        predicate = _PREDICATES.get(noun.lemma_.lower()) if noun is not None else None
        verb = noun.head if noun is not None else None
        if noun is None or predicate is None or verb is None or noun.dep_ not in ("dobj", "pobj"):
            continue
        if verb.lemma_.lower() not in _LIGHT or not is_said(scene, verb):
            continue
        for subject in subjects_of(scene, verb):
            for other in names_under(scene, token, ("pobj",)):
                types = {scene.names[subject].type, scene.names[other].type}
                if subject != other and types <= _ACTORS:
                    yield Statement(subject, predicate, other, noun.i)


#: Verbs that several do with each other.
_TOGETHER = {
    "meet": "met",
    "clash": "clashed with",
    "fight": "fought",
    "negotiate": "negotiated with",
    "talk": "talks with",
    "merge": "merged with",
    "cooperate": "cooperated with",
    "collaborate": "cooperated with",
    "reconcile": "reconciled with",
}
_DELEGATES = word_list("delegates")


def together(scene: Scene) -> Iterator[Statement]:
    """Yield what two do with each other: "Peru and Chile signed an agreement", "representatives of Peru
    and Chile met".
    """
    for token in scene.verbs:
        lemma = token.lemma_.lower()
        predicate = _TOGETHER.get(lemma)
        has_object = any(c.dep_ in ("dobj", "agent", "nsubjpass") for c in token.children)
        if predicate is not None and has_object:
            predicate = None
        if predicate is None and (
            lemma in _LIGHT or lemma in ("sit", "gather", "convene", "return")
        ):
            predicate = _common_noun(token)
        if predicate is None or not is_said(scene, token):
            continue
        found = names_under(scene, token, ("nsubj",)) or _delegating(scene, token)
        if len(found) == 2 and all(scene.names[each].type in _ACTORS for each in found):
            yield Statement(found[0], predicate, found[1], token.i)


def _common_noun(verb: Token) -> str | None:
    """Return the predicate of what is held or signed: "held talks", "sat down for a round of talks"."""
    for child in verb.children:
        nouns = [child] if child.dep_ == "dobj" else []
        if child.dep_ == "prep" and child.lower_ in ("for", "to"):
            nouns = [c for c in child.children if c.dep_ == "pobj"]
        for noun in nouns:
            for each in (
                noun,
                *(p for of in noun.children if of.lower_ == "of" for p in of.children),
            ):
                if each.lemma_.lower() in _PREDICATES:
                    return _PREDICATES[each.lemma_.lower()]
    return None


def _delegating(scene: Scene, verb: Token) -> list[int]:
    """Return the two for whom the subject of a verb acts: "representatives of Peru and Chile"."""
    for child in verb.children:
        if child.dep_ == "nsubj" and child.lemma_.lower() in _DELEGATES:
            for of in child.children:
                if of.dep_ == "prep" and of.lower_ in ("of", "from", "for"):
                    return names_under(scene, of, ("pobj",))
    return []


#: What people in a picture do with each other.
_IN_PICTURE = {
    "talks": "spoke with",
    "speaks": "spoke with",
    "meets": "met",
    "greets": "met",
    "hugs": "met",
    "embraces": "met",
    "shakes": "met",
    "chats": "spoke with",
}


def in_picture(scene: Scene) -> Iterator[Statement]:
    """Yield who meets whom in a caption: "Ana Ruiz (L) talks with Mayor Tom Li"."""
    words = scene.words
    for index, word in enumerate(words):
        predicate = _IN_PICTURE.get(word)
        if predicate is None or scene.page.token_zones[index] != "caption":
            continue
        before = index - 1
        while before > 0 and (
            words[before] in "(),-"
            or words[before] in ("L", "R", "C", "left", "right")
            or _in_brackets(words, before)
        ):
            before -= 1
        subject = scene.by_token.at(before)
        for position in range(index + 1, min(index + 10, len(words))):
            other = scene.by_token.at(position)
            if other is not None and scene.names[other].type == "Person":
                if (
                    subject is not None
                    and subject != other
                    and scene.names[subject].type == "Person"
                ):
                    yield Statement(subject, predicate, other, index)
                break
            if words[position] in (".", ",", ";", "about", "during", "at", "on"):
                break


def _in_brackets(words: list[str], index: int) -> bool:
    """Tell whether a word stands in brackets that close within a few words and open within a few."""
    behind, before = words[index : index + 4], words[max(0, index - 4) : index + 1]
    return ")" in behind and "(" in before and len(words[index]) < 6


def apposed_part(scene: Scene) -> Iterator[Statement]:
    """Yield "Acme Air, a subsidiary of Acme"."""
    words = scene.words
    for number, name in enumerate(scene.names):
        if name.type not in ("Organization", "Place", "Group") or scene.is_silent(name.first):
            continue
        index = name.last
        if words[index : index + 1] not in ([","], ["is"], ["was"]):
            continue
        for position in range(index + 1, min(index + 6, len(words) - 2)):
            predicate = _PARTS.get(words[position].lower())
            if predicate is not None and words[position + 1].lower() == "of":
                first = position + 2 + (words[position + 2].lower() == "the")
                owner = scene.by_token.at(first) if first < len(words) else None
                if owner is not None and owner != number and not scene.names[owner].is_demonym:
                    yield Statement(number, predicate, owner, position)
                break
            if scene.page.doc[position].pos_ not in ("DET", "ADJ", "NOUN", "NUM"):
                break
