"""Each pattern of relations on a document that is parsed by hand."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from datasette_newsgraph.article import Zone
from datasette_newsgraph.extraction.nlp.relations import CONFIDENCES, PATTERNS, find_statements
from datasette_newsgraph.extraction.nlp.relations.dating import add_dates, dated_words
from datasette_newsgraph.extraction.nlp.relations.events import find_happenings
from tests.extraction.parsed_docs import scene_of

ANA = "Ana PROPN compound {0} - B-PERSON\nRuiz PROPN {1} {2} - I-PERSON\n"


class Case(NamedTuple):
    """A sentence parsed by hand, and what it states: pattern, subject, predicate, object."""

    rows: str
    statements: list[tuple[str, str, str, str]]


CASES = [
    Case(
        """Acme PROPN compound 1 - B-ORG
        chief NOUN compound 2
        Ruiz PROPN nsubj 3 - B-PERSON
        left VERB ROOT 3 leave""",
        [("title-before", "Ruiz", "leader of", "Acme")],
    ),
    Case(
        """Peru PROPN poss 3 - B-GPE
        's PART case 0
        former ADJ amod 3
        president NOUN compound 4
        Ruiz PROPN nsubj 5 - B-PERSON
        left VERB ROOT 5 leave""",
        [("title-before", "Ruiz", "former president of", "Peru")],
    ),
    Case(
        """Peruvian ADJ amod 1 - B-NORP
        singer NOUN compound 2
        Ruiz PROPN nsubj 3 - B-PERSON
        left VERB ROOT 3 leave""",
        [
            ("nationality", "Ruiz", "nationality", "Peruvian"),
        ],
    ),
    Case(
        """Ruiz PROPN nsubj 8 - B-PERSON
        , PUNCT punct 0
        a DET det 3
        spokeswoman NOUN appos 0
        for ADP prep 3
        the DET det 6
        Acme PROPN pobj 4 - B-ORG
        , PUNCT punct 0
        left VERB ROOT 8 leave""",
        [("title-behind", "Ruiz", "spokesperson of", "Acme")],
    ),
    Case(
        """Ana PROPN compound 1 - B-PERSON
        Ruiz PROPN nsubj 4 - I-PERSON
        of ADP prep 1
        Acme PROPN pobj 2 - B-ORG
        left VERB ROOT 4 leave""",
        [("person-of", "Ana Ruiz", "affiliated with", "Acme")],
    ),
    Case(
        """Ana PROPN compound 1 - B-PERSON
        Ruiz PROPN poss 3 - I-PERSON
        's PART case 1
        husband NOUN nsubj 6
        , PUNCT punct 3
        Li PROPN appos 3 - B-PERSON
        left VERB ROOT 6 leave""",
        [("kin", "Li", "spouse", "Ana Ruiz")],
    ),
    Case(
        """It PRON nsubj 1
        rained VERB ROOT 1 rain
        in ADP prep 1
        Herat PROPN pobj 2 - B-GPE
        , PUNCT punct 3
        Afghanistan PROPN appos 3 - B-GPE""",
        [("city-country", "Herat", "located in", "Afghanistan")],
    ),
    Case(
        """The DET det 2
        Grand PROPN compound 2 - B-FAC
        Hotel PROPN nsubj 5 - I-FAC
        in ADP prep 2
        Lima PROPN pobj 3 - B-GPE
        burned VERB ROOT 5 burn""",
        [("name-in-place", "Grand Hotel", "located in", "Lima")],
    ),
    Case(
        """Herat PROPN nsubj 6 - B-GPE
        , PUNCT punct 0
        a DET det 3
        city NOUN appos 0
        in ADP prep 3
        Afghanistan PROPN pobj 4 - B-GPE
        burned VERB ROOT 6 burn""",
        [("kind-in-place", "Herat", "located in", "Afghanistan")],
    ),
    Case(
        """the DET det 2
        Peruvian ADJ amod 2 - B-NORP
        capital NOUN nsubj 5
        , PUNCT punct 2
        Lima PROPN appos 2 - B-GPE
        burned VERB ROOT 5 burn""",
        [("capital", "Lima", "capital of", "Peruvian")],
    ),
    Case(
        """Peru PROPN poss 3 - B-GPE
        's PART case 0
        Interior PROPN compound 3 - B-ORG
        Ministry PROPN nsubj 4 - I-ORG
        closed VERB ROOT 4 close""",
        [("of-country", "Interior Ministry", "part of", "Peru")],
    ),
    Case(
        """Peru PROPN nsubj 1 - B-GPE
        has VERB ROOT 1 have
        the DET det 4
        Peruvian PROPN compound 4 - B-ORG
        Navy PROPN dobj 1 - I-ORG""",
        [("country-in-name", "Peruvian Navy", "part of", "Peru")],
    ),
    Case(
        """the DET det 4
        Lima PROPN npadvmod 3 - B-GPE
        - PUNCT punct 3
        based VERB amod 4 base
        Acme PROPN nsubj 5 - B-ORG
        closed VERB ROOT 5 close""",
        [("based-in", "Acme", "based in", "Lima")],
    ),
    Case(
        """the DET det 2
        East PROPN compound 2 - B-FAC
        Tower PROPN nsubj 7 - I-FAC
        of ADP prep 2
        the DET det 6
        Grand PROPN compound 6 - B-FAC
        Palace PROPN pobj 3 - I-FAC
        burned VERB ROOT 7 burn""",
        [("place-of-place", "East Tower", "part of", "Grand Palace")],
    ),
    Case(
        "Chile PROPN nsubj 1 - B-GPE\ninvaded VERB ROOT 1 invade\nPeru PROPN dobj 1 - B-GPE",
        [("verb-object", "Chile", "invaded", "Peru")],
    ),
    Case(
        """Peru PROPN nsubjpass 2 - B-GPE
        was AUX auxpass 2 be
        invaded VERB ROOT 2 invade
        by ADP agent 2
        Chile PROPN pobj 3 - B-GPE""",
        [("verb-object", "Chile", "invaded", "Peru")],
    ),
    Case(
        """Chilean ADJ amod 1 - B-NORP
        forces NOUN nsubj 2
        invaded VERB ROOT 2 invade
        Peru PROPN dobj 2 - B-GPE""",
        [("verb-object", "Chilean", "invaded", "Peru")],
    ),
    Case(
        """Ruiz PROPN nsubj 1 - B-PERSON
        works VERB ROOT 1 work
        for ADP prep 1
        Acme PROPN pobj 2 - B-ORG""",
        [("verb-preposition", "Ruiz", "works for", "Acme")],
    ),
    Case(
        """The DET det 1
        war NOUN nsubj 6
        between ADP prep 1
        Chile PROPN pobj 2 - B-GPE
        and CCONJ cc 3
        Peru PROPN conj 3 - B-GPE
        ended VERB ROOT 6 end""",
        [("between", "Chile", "conflict with", "Peru")],
    ),
    Case(
        """Chile PROPN nsubj 1 - B-GPE
        signed VERB ROOT 1 sign
        a DET det 3
        deal NOUN dobj 1
        with ADP prep 3
        Peru PROPN pobj 4 - B-GPE""",
        [("with-other", "Chile", "agreement with", "Peru")],
    ),
    Case(
        """Chile PROPN nsubj 3 - B-GPE
        and CCONJ cc 0
        Peru PROPN conj 0 - B-GPE
        held VERB ROOT 3 hold
        talks NOUN dobj 3 talk""",
        [("together", "Chile", "talks with", "Peru")],
    ),
    Case(
        """Delegates NOUN nsubj 5 delegate
        from ADP prep 0
        Chile PROPN pobj 1 - B-GPE
        and CCONJ cc 2
        Peru PROPN conj 2 - B-GPE
        met VERB ROOT 5 meet""",
        [("together", "Chile", "met", "Peru")],
    ),
    Case(
        """Acme PROPN compound 1 - B-ORG
        Air PROPN nsubj 7 - I-ORG
        , PUNCT punct 1
        a DET det 4
        subsidiary NOUN appos 1
        of ADP prep 4
        Bolero PROPN pobj 5 - B-ORG
        closed VERB ROOT 7 close""",
        [("apposed-part", "Acme Air", "subsidiary of", "Bolero")],
    ),
]


def stated_in(rows: str, zone: str | None = None) -> list[tuple[str, str, str, str]]:
    """What a document by hand states."""
    scene = scene_of(rows, [Zone(zone=zone, start=0, end=500)] if zone else [])  # type: ignore[arg-type]
    return [
        (
            each.pattern,
            scene.names[each.subject].text,
            each.predicate,
            scene.names[each.object].text,
        )
        for each in find_statements(scene)
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.statements[0][0])
def test_a_pattern_finds_its_statement(case: Case) -> None:
    assert stated_in(case.rows) == case.statements


#: What the party of a person is told by, and who meets whom in a picture: see below.
_ELSEWHERE = {"party", "in-picture"}


def test_every_pattern_has_a_case_and_a_confidence() -> None:
    assert {p.name for p in PATTERNS} == {c.statements[-1][0] for c in CASES} | _ELSEWHERE
    assert all(0.5 <= each <= 1 for each in CONFIDENCES.values())


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            """Chile PROPN nsubj 2 - B-GPE
            never ADV neg 2
            invaded VERB ROOT 2 invade
            Peru PROPN dobj 2 - B-GPE""",
            id="denied",
        ),
        pytest.param(
            """Chile PROPN nsubj 2 - B-GPE
            may AUX aux 2
            invade VERB ROOT 2 invade
            Peru PROPN dobj 2 - B-GPE""",
            id="possible",
        ),
        pytest.param(
            """If SCONJ mark 2
            Chile PROPN nsubj 2 - B-GPE
            invades VERB ROOT 2 invade
            Peru PROPN dobj 2 - B-GPE""",
            id="a condition",
        ),
        pytest.param(
            """Has AUX aux 2
            Chile PROPN nsubj 2 - B-GPE
            invaded VERB ROOT 2 invade
            Peru PROPN dobj 2 - B-GPE
            ? PUNCT punct 2""",
            id="a question",
        ),
        pytest.param(
            """Kabul PROPN ROOT 0 - B-GPE
            , PUNCT punct 0
            Iran PROPN conj 0 - B-GPE
            , PUNCT punct 2
            Iraq PROPN conj 2 - B-GPE""",
            id="a list of places",
        ),
        pytest.param(
            """pro ADJ amod 2
            - PUNCT punct 2
            Chile PROPN compound 3 - B-GPE
            senator NOUN compound 4
            Ruiz PROPN nsubj 5 - B-PERSON
            left VERB ROOT 5 leave""",
            id="pro-Chile",
        ),
    ],
)
def test_what_is_not_said_is_not_stated(rows: str) -> None:
    assert stated_in(rows) == []


def test_nothing_is_stated_in_a_footer() -> None:
    assert stated_in(CASES[0].rows, "caption") != []
    assert stated_in(CASES[0].rows, "footer") == []


def test_a_letter_in_brackets_is_a_party() -> None:
    rows = """Ruiz PROPN nsubj 5 - B-PERSON
        ( PUNCT punct 0
        D PROPN appos 0
        - PUNCT punct 0
        NY PROPN appos 0
        met VERB ROOT 5 meet
        Democrats PROPN dobj 5 - B-NORP"""
    assert ("party", "Ruiz", "member of", "Democrats") in stated_in(rows)


def test_who_meets_whom_in_a_picture() -> None:
    rows = """Ruiz PROPN nsubj 1 - B-PERSON
        talks NOUN ROOT 1 talk
        with ADP prep 1
        Li PROPN pobj 2 - B-PERSON"""
    assert stated_in(rows, "caption") == [("in-picture", "Ruiz", "spoke with", "Li")]


def test_a_date_on_the_verb_is_when_it_happened() -> None:
    rows = CASES[14].rows + "\nin ADP prep 1\n2001 NUM pobj 3"
    scene = scene_of(rows)
    start = scene.page.text.index("2001")
    date = {"start": start, "end": start + 4, "value": "2001", "until": None, "form": "year"}
    statements = find_statements(scene)
    add_dates(scene, statements, dated_words(scene, [date]))
    assert [each.start_date for each in statements] == ["2001"]


def test_talks_somewhere_are_an_event() -> None:
    rows = """peace NOUN compound 1
        talks NOUN nsubj 8 talk
        between ADP prep 1
        Chile PROPN pobj 2 - B-GPE
        and CCONJ cc 3
        Peru PROPN conj 3 - B-GPE
        in ADP prep 1
        Lima PROPN pobj 6 - B-GPE
        failed VERB ROOT 8 fail"""
    scene = scene_of(rows)
    (event,) = find_happenings(scene, find_statements(scene), {})
    assert event.name == "peace talks"
    assert [scene.names[each].text for each in event.participants] == ["Chile", "Peru"]
    assert event.place is not None
    assert scene.names[event.place].text == "Lima"
