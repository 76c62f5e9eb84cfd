"""Quotations: the machine over marks, the verb, the speaker."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.extraction.layout.blocks import cut
from datasette_newsgraph.extraction.nlp import unclosed
from datasette_newsgraph.extraction.nlp.quote_marks import Part, find_quotations
from datasette_newsgraph.extraction.nlp.quotes import find_quotes
from tests.extraction.parsed_docs import scene_of


def quoted_in(text: str, *, is_title: bool = False) -> list[str]:
    """What stands between marks in a text."""
    parts = [Part(block.start, block.end, is_title) for block in cut(text)]
    return [text[each.start : each.end] for each in find_quotations(text, parts)]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said “we left” and “we won”.", ["we left", "we won"]),
        ('He said "we left" and "we won".', ["we left", "we won"]),
        ('He slammed “the parties" for "wasting time.”', ["the parties", "wasting time."]),
        ("Er sagte: „Wir gehen“ und blieb.", ["Wir gehen"]),
        ("Il a dit : « Nous partons » et il est parti.", ["Nous partons"]),
        ("Er sagte: »Wir gehen« und blieb.", ["Wir gehen"]),
        ("“We left.\n\n“We won,” he said.", ["We left.", "We won,"]),
        ("He said “we left and never came.\n\nIt rained.", ["we left and never came."]),
        ("“We left, said Ana Ruiz. She went.\n\nIt rained.", ["We left"]),
        ("“We left, said Ana Ruiz. She went.\n\n“We won,” she said.", ["We left", "We won,"]),
        ('"We left, said Ana Ruiz. She went. "We won," she said.', ["We left", "We won,"]),
        ("“We left on Sunday, Ana Ruiz said in Lima. She went.", ["We left on Sunday"]),
        ("“Will it rain? asked Ana Ruiz. She went.", ["Will it rain?"]),
        (
            "“We left Mr. Ott at home, and won. Then it rained.",
            ["We left Mr. Ott at home, and won."],
        ),
        ("“We left. It rained.\n\n“We won, she said.", ["We left. It rained.", "We won"]),
        ('The 5" screen and the 7" one.', []),
        ("The mayor's and the workers' house", []),
        ("She said ‘we left’ and it’s true.", ["we left"]),
        ("““ ””", []),
    ],
)
def test_marks_of_all_kinds(text: str, quoted: list[str]) -> None:
    assert quoted_in(text) == quoted


def test_examples_in_the_code_are_right() -> None:
    assert doctest.testmod(unclosed).failed == 0


def test_single_marks_count_in_titles() -> None:
    assert quoted_in("Mayor 'favours peace' in Peru's north", is_title=True) == ["favours peace"]


def test_a_quotation_goes_on_in_the_next_paragraph() -> None:
    text = "“We left.\n\n“We won,” he said."
    parts = [Part(block.start, block.end) for block in cut(text)]
    assert [each.goes_on for each in find_quotations(text, parts)] == [False, True]


@given(st.text(alphabet="“”„«»\"'‘’ aB.,\n-", max_size=60) | st.text(max_size=60))
def test_any_text_has_quotations_inside_that_do_not_overlap(text: str) -> None:
    parts = [Part(block.start, block.end, index == 0) for index, block in enumerate(cut(text))]
    end = 0
    for each in find_quotations(text, parts):
        assert end <= each.outer_start <= each.start < each.end <= each.outer_end <= len(text)
        end = each.outer_end


def quotes_in(rows: str) -> list[tuple[str, str | None, str | None, bool]]:
    """The quotes of a document by hand: words, verb, speaker, whether direct."""
    scene = scene_of(rows)
    text = scene.page.text
    parts = [Part(block.start, block.end) for block in cut(text)]
    return [
        (
            text[each.start : each.end],
            each.verb,
            None if each.speaker is None else scene.names[each.speaker].text,
            each.direct,
        )
        for each in find_quotes(scene.page, scene.names, scene.lexicon, parts, {})
    ]


def test_the_speaker_is_the_subject_of_the_verb() -> None:
    rows = """“ PUNCT punct 2
        We PRON nsubj 2
        left VERB ccomp 6 leave
        , PUNCT punct 6
        ” PUNCT punct 6
        Ruiz PROPN nsubj 6 - B-PERSON
        said VERB ROOT 6 say"""
    assert quotes_in(rows) == [("We left,", "said", "Ruiz", True)]


def test_a_verb_of_saying_behind_a_reported_clause_is_of_who_reports() -> None:
    rows = """Ruiz PROPN nsubj 1 - B-PERSON
        said VERB ROOT 1 say
        Acme PROPN nsubj 3 - B-ORG
        agreed VERB ccomp 1 agree
        but CCONJ cc 3
        slammed VERB conj 3 slam
        “ PUNCT punct 9
        the DET det 8
        parties NOUN dobj 5
        ” PUNCT punct 5"""
    assert quotes_in(rows)[0][1:3] == ("slammed", "Ruiz")


def test_according_to_needs_no_verb() -> None:
    rows = """It PRON nsubj 1
        was AUX ROOT 1 be
        “ PUNCT punct 4
        very ADV advmod 4
        good ADJ acomp 1
        ” PUNCT punct 1
        according VERB prep 1 accord
        to ADP prep 6
        Ruiz PROPN pobj 7 - B-PERSON"""
    assert quotes_in(rows) == [("very good", "according to", "Ruiz", True)]


def test_the_words_of_somebody_need_no_verb() -> None:
    rows = """It PRON nsubj 1
        was AUX ROOT 1 be
        in ADP prep 1
        the DET det 4
        words NOUN pobj 2
        of ADP prep 4
        Ruiz PROPN pobj 5 - B-PERSON
        “ PUNCT punct 9
        very ADV advmod 9
        good ADJ acomp 1
        ” PUNCT punct 1"""
    assert quotes_in(rows) == [("very good", "according to", "Ruiz", True)]


def test_speech_is_reported_without_marks() -> None:
    rows = """Ruiz PROPN nsubj 1 - B-PERSON
        said VERB ROOT 1 say
        that SCONJ mark 5
        the DET det 4
        road NOUN nsubj 5
        remained VERB ccomp 1 remain
        closed ADJ acomp 5"""
    assert quotes_in(rows) == [("the road remained closed", "said", "Ruiz", False)]


def test_marks_around_a_nickname_quote_nobody() -> None:
    rows = """Ruiz PROPN nsubj 1 - B-PERSON
        plays VERB ROOT 1 play
        “ PUNCT punct 3
        Bolero PROPN dobj 1
        ” PUNCT punct 3"""
    assert quotes_in(rows) == []
