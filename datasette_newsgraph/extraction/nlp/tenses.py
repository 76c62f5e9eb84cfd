"""What the verb over a weekday tells: in "Chile play Peru on Tuesday" the day is still to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.word_lists import word_list

if TYPE_CHECKING:
    from spacy.tokens import Token

#: What is on a timetable: news tells it in the present tense, and what has happened in the past tense.
_SCHEDULED = word_list("scheduled")
_PRESENT = ("VBZ", "VBP")
#: Titles and captions tell what has happened in the present tense, too.
_ZONES = ("body", "standfirst")
#: How many words the verb may be away in the tree.
_FAR = 5


def is_announced(page: Page, start: int) -> bool:
    """Tell whether the verb over the words at ``start`` says in the present tense what is planned."""
    index = page.token_at(start)
    if index >= len(page.words) or page.token_zones[index] not in _ZONES:
        return False
    before = page.words[index - 1].lower() if index else ""
    if before in ("since", "after", "from", "before", "until", "'s"):
        return False
    verb = _verb_over(page.doc[index])
    if verb is None:
        return False
    helpers = [each for each in verb.children if each.dep_ in ("aux", "auxpass")]
    if verb.tag_ in _PRESENT:
        return not helpers and (
            verb.lemma_ in _SCHEDULED or (verb.lemma_ == "be" and before == "on")
        )
    is_now = any(each.lemma_ == "be" and each.tag_ in _PRESENT for each in helpers)
    if verb.tag_ == "VBG":
        return is_now and verb.lemma_ in _SCHEDULED
    # "is to play": the verb over the infinitive is "is".
    over = verb.head
    return (
        verb.tag_ == "VB"
        and any(each.lower_ == "to" for each in helpers)
        and over.lemma_ == "be"
        and over.tag_ in _PRESENT
    )


def _verb_over(token: Token) -> Token | None:
    for _ in range(_FAR):
        if token.head is token or token.head.i == token.i:
            return None
        token = token.head
        if token.pos_ in ("VERB", "AUX"):
            return token
    return None
