"""Who did what to whom: verbs of the lists, with an object or a preposition, active or passive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from datasette_newsgraph.extraction.nlp.lexicons import Verb
from datasette_newsgraph.extraction.nlp.relations.statement import Scene, Statement
from datasette_newsgraph.extraction.nlp.word_lists import word_list

if TYPE_CHECKING:
    from spacy.tokens import Token

_MODALS = word_list("modals")
#: Verbs under which another one did not happen, or not yet.
_UNREAL = word_list("unreal")
_MARKS = frozenset(("if", "unless", "whether", "lest"))
#: Nouns that act for the country or organisation before them.
_FORCES = word_list("forces")


def with_object(scene: Scene) -> Iterator[Statement]:
    """Yield who did what to whom: "The rebels attacked Lima", "Lima was attacked by the rebels"."""
    for token in scene.verbs:
        verb = scene.lexicon.verbs.get(token.lemma_.lower())
        if verb is None or not is_said(scene, token):
            continue
        agents = [c for c in token.children if c.dep_ == "agent"]
        if agents:
            objects = _passive_subjects(scene, token)
            subjects = [n for agent in agents for n in names_under(scene, agent, ("pobj",))]
        else:
            if any(c.dep_ in ("nsubjpass", "auxpass") for c in token.children):
                continue
            subjects = subjects_of(scene, token)
            objects = names_under(scene, token, ("dobj", "obj"))
        yield from _pairs(scene, token, verb, subjects, objects)


def with_preposition(scene: Scene) -> Iterator[Statement]:
    """Yield verbs that reach a name by a preposition: "Ana Ruiz works for Acme", "born in Lima"."""
    verbs = {verb for verb, _ in scene.lexicon.prepositions}
    for token in scene.verbs:
        if token.lemma_.lower() not in verbs:
            continue
        if not is_said(scene, token):
            continue
        is_passive = any(c.dep_ in ("nsubjpass", "auxpass") for c in token.children)
        for child in token.children:
            if child.dep_ != "prep":
                continue
            verb = scene.lexicon.prepositions.get((token.lemma_.lower(), child.lower_))
            if verb is None:
                continue
            is_about_object = is_passive or token.tag_ == "VBN"
            subjects = (
                _passive_subjects(scene, token) if is_about_object else subjects_of(scene, token)
            )
            yield from _pairs(scene, token, verb, subjects, names_under(scene, child, ("pobj",)))


def is_said(scene: Scene, verb: Token) -> bool:
    """Tell whether a verb says that something is so: neither denied, nor possible, nor wanted, nor in
    direct speech.
    """
    if scene.is_silent(verb.i) or scene.quoted[verb.i]:
        return False
    for child in verb.children:
        if child.dep_ == "neg" or child.lower_ in ("not", "never", "n't"):
            return False
        if child.dep_ == "aux" and (child.lower_ in _MODALS or child.tag_ == "TO"):
            return False
        if child.dep_ == "mark" and child.lower_ in _MARKS:
            return False
    if (
        verb.dep_ in ("xcomp", "ccomp")
        and verb.head.lemma_.lower() in _UNREAL
        and verb.head.lemma_ not in ("tell", "suggest", "deny")
    ):
        return False
    if verb.dep_ == "ccomp" and verb.head.lemma_ == "deny":
        return False
    head = verb
    while head.dep_ == "conj" and head.head.pos_ in ("VERB", "AUX") and head.head.i < head.i:
        head = head.head
        if any(c.dep_ == "aux" and (c.lower_ in _MODALS or c.tag_ == "TO") for c in head.children):
            return False
    return scene.words[scene.page.sentence_of(verb.i).end - 1] != "?"


def subjects_of(scene: Scene, verb: Token) -> list[int]:
    """Return the names in the subject of a verb, its own or that of the verb it is joined to."""
    token = verb
    for _ in range(4):
        found = names_under(scene, token, ("nsubj",))
        if found:
            return found
        subject = next((c for c in token.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        if subject is not None:
            if subject.lower_ in ("who", "which", "that") and token.dep_ == "relcl":
                number = _name_of(scene, token.head)
                return [number] if number is not None else []
            return []
        if token.dep_ == "acl" and token.tag_ == "VBG":
            number = _name_of(scene, token.head)
            return [number] if number is not None else []
        if token.dep_ != "conj" or token.head.pos_ not in ("VERB", "AUX"):
            return []
        token = token.head
    return []


def _passive_subjects(scene: Scene, verb: Token) -> list[int]:
    found = names_under(scene, verb, ("nsubjpass", "nsubj"))
    if not found and verb.dep_ in ("acl", "relcl"):
        number = _name_of(scene, verb.head)
        return [number] if number is not None else []
    if not found and verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        return names_under(scene, verb.head, ("nsubjpass",))
    return found


def names_under(scene: Scene, head: Token, relations: tuple[str, ...]) -> list[int]:
    """Return the names among the children of a token, with those that are joined to them by "and"."""
    found: list[int] = []
    for child in head.children:
        if child.dep_ not in relations:
            continue
        tokens = [child]
        for token in tokens:
            tokens += [c for c in token.children if c.dep_ == "conj" and c.i > token.i]
            number = _name_of(scene, token)
            if number is not None and number not in found:
                found.append(number)
    return found


def _name_of(scene: Scene, token: Token) -> int | None:
    number = scene.named(token)
    if number is not None:
        name = scene.names[number]
        # The adjective of a country alone is no actor, unless it stands as a noun.
        return number if not name.is_demonym or token.pos_ in ("NOUN", "PROPN") else None
    if token.lower_ in _FORCES:
        for child in token.children:
            if child.dep_ in ("compound", "amod", "nmod", "poss"):
                number = scene.by_token.at(child.i)
                if number is not None and scene.names[number].type in ("Organization", "Place"):
                    return number
    return None


def _pairs(
    scene: Scene, token: Token, verb: Verb, subjects: list[int], objects: list[int]
) -> Iterator[Statement]:
    for subject in subjects:
        for object_ in objects:
            if subject == object_ or scene.names[subject].text == scene.names[object_].text:
                continue
            if (
                scene.names[subject].type in verb.subjects
                and scene.names[object_].type in verb.objects
            ):
                yield Statement(subject, verb.predicate, object_, token.i)
