"""Weekdays under verbs in the present tense: timetables tell what is to come."""

from __future__ import annotations

import pytest

from datasette_newsgraph.article import Zone
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.tenses import is_announced
from tests.extraction.parsed_docs import doc_of


def is_to_come(rows: str, zones: list[Zone] | None = None) -> bool:
    """Whether the Tuesday of a sentence is told as one that is to come; the last column is the tag."""
    tags = [row.split()[-1] for row in rows.strip().splitlines()]
    doc = doc_of("\n".join(row.rsplit(" ", 1)[0] for row in rows.strip().splitlines()))
    for token, tag in zip(doc, tags, strict=True):
        token.tag_ = tag
    return is_announced(Page(doc, zones or []), doc.text.index("Tuesday"))


PLAY = """Chile PROPN nsubj 1 Chile NNP
    play VERB ROOT 1 play VBP
    Peru PROPN dobj 1 Peru NNP
    on ADP prep 1 on IN
    Tuesday PROPN pobj 3 Tuesday NNP"""


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(PLAY, True, id="plays on"),
        pytest.param(PLAY.replace("VBP", "VBD"), False, id="played on"),
        pytest.param(
            PLAY.replace("play VERB ROOT 1 play", "sell VERB ROOT 1 sell"), False, id="sells"
        ),
        pytest.param(PLAY.replace("on ADP prep 1 on", "since ADP prep 1 since"), False, id="since"),
        pytest.param(
            """They PRON nsubj 2 they PRP
            are AUX aux 2 be VBP
            meeting VERB ROOT 2 meet VBG
            on ADP prep 2 on IN
            Tuesday PROPN pobj 3 Tuesday NNP""",
            True,
            id="are meeting on",
        ),
        pytest.param(
            """They PRON nsubj 1 they PRP
            are AUX ROOT 1 be VBP
            to PART aux 3 to TO
            vote VERB xcomp 1 vote VB
            on ADP prep 3 on IN
            Tuesday PROPN pobj 4 Tuesday NNP""",
            True,
            id="are to vote on",
        ),
        pytest.param(
            """They PRON nsubj 1 they PRP
            left VERB ROOT 1 leave VBD
            Tuesday PROPN npadvmod 1 Tuesday NNP""",
            False,
            id="left",
        ),
    ],
)
def test_what_is_told_in_the_present_tense_is_to_come(rows: str, *, expected: bool) -> None:
    assert is_to_come(rows) is expected


def test_a_title_tells_the_past_in_the_present_tense() -> None:
    assert not is_to_come(PLAY, [Zone(zone="title", start=0, end=40)])
