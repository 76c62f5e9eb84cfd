"""Names of a text: what the model finds is put right, completed, and joined to things."""

from __future__ import annotations

import pytest

from datasette_newsgraph.article import Zone
from datasette_newsgraph.extraction.nlp.aliases import Aliases, load_aliases
from datasette_newsgraph.extraction.nlp.lexicons import KnownName
from datasette_newsgraph.extraction.nlp.linking import Thing, link
from datasette_newsgraph.extraction.nlp.names import Name, find_names
from datasette_newsgraph.extraction.nlp.page import Page
from tests.extraction.parsed_docs import LEXICON, doc_of


def names_in(rows: str, zones: list[Zone] | None = None) -> list[tuple[str, str]]:
    """The names of a document by hand, each with its type."""
    return [(name.text, name.type) for name in find_names(Page(doc_of(rows), zones or []), LEXICON)]


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        pytest.param(
            "the DET det 1 - B-ORG\nTaliban PROPN nsubj 2 - I-ORG\nleft VERB ROOT 2 leave",
            [("Taliban", "Organization")],
            id="no article, the type of the lists",
        ),
        pytest.param(
            """Ana PROPN compound 1 - B-PERSON
            Ruiz PROPN nsubj 3 - I-PERSON
            's PART case 1 - I-PERSON
            left VERB ROOT 3""",
            [("Ana Ruiz", "Person")],
            id="no possessive",
        ),
        pytest.param(
            "Mayor PROPN compound 1 - B-PERSON\nRuiz PROPN nsubj 2 - I-PERSON\nleft VERB ROOT 2",
            [("Ruiz", "Person")],
            id="no title",
        ),
        pytest.param(
            """Chief PROPN compound 1
            Executive PROPN nsubj 5 - B-ORG
            of ADP prep 1 - I-ORG
            the DET det 4 - I-ORG
            Helixon PROPN pobj 2 - I-ORG
            left VERB ROOT 5 leave""",
            [("Helixon", "Organization")],
            id="no office before an organisation",
        ),
        pytest.param(
            """Executive PROPN compound 2 - B-ORG
            Vice PROPN compound 2 - I-ORG
            President PROPN nsubj 5 - I-ORG
            of ADP prep 2 - I-ORG
            Peru PROPN pobj 3 - I-ORG
            left VERB ROOT 5 leave""",
            [("Peru", "Place")],
            id="no titles one behind the other",
        ),
        pytest.param(
            "Chief PROPN compound 1 - B-ORG\nExecutive PROPN nsubj 2 - I-ORG\nleft VERB ROOT 2 leave",
            [],
            id="no office alone",
        ),
        pytest.param(
            """Center PROPN nsubj 3 - B-ORG
            for ADP prep 0 - I-ORG
            Peace PROPN pobj 1 - I-ORG
            closed VERB ROOT 3 close""",
            [("Center for Peace", "Organization")],
            id="a word of an office and of an organisation",
        ),
        pytest.param(
            """Defense PROPN compound 1 - B-PERSON
            Ministry PROPN nsubj 2 - I-PERSON
            said VERB ROOT 2 say
            so ADV advmod 2""",
            [("Defense Ministry", "Person")],
            id="a person stays one",
        ),
        pytest.param(
            """the DET det 2
            Defense PROPN compound 2 - B-PERSON
            Ministry PROPN nsubj 3 - I-PERSON
            said VERB ROOT 3 say
            so ADV advmod 3""",
            [("Defense Ministry", "Organization")],
            id="nobody stands behind an article",
        ),
        pytest.param(
            """the DET det 2
            Defense PROPN compound 2 - B-GPE
            Ministry PROPN nsubj 3 - I-GPE
            said VERB ROOT 3 say""",
            [("Defense Ministry", "Organization")],
            id="the last word tells the type",
        ),
        pytest.param(
            """He PRON nsubj 1
            attended VERB ROOT 1 attend
            the DET det 3
            University PROPN dobj 1
            of ADP prep 3
            Lima PROPN pobj 4 - B-GPE""",
            [("University of Lima", "Organization")],
            id="what stands before of",
        ),
        pytest.param(
            "Afghan ADJ amod 1 - B-NORP\npolice NOUN nsubj 2\nleft VERB ROOT 2",
            [("Afghan", "Place")],
            id="an adjective is of its country",
        ),
        pytest.param(
            "Islamic ADJ amod 1 - B-NORP\nlaw NOUN nsubj 2\nchanged VERB ROOT 2",
            [],
            id="an adjective alone is no name",
        ),
        pytest.param(
            "He PRON nsubj 1\ntold VERB ROOT 1 tell\nReuters PROPN dobj 1",
            [("Reuters", "Organization")],
            id="an agency that the model missed",
        ),
        pytest.param(
            "Monday PROPN npadvmod 1 - B-PERSON\nbrought VERB ROOT 1\nrain NOUN dobj 1",
            [],
            id="a weekday is no person",
        ),
    ],
)
def test_names_are_put_right(rows: str, names: list[tuple[str, str]]) -> None:
    assert names_in(rows) == names


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        pytest.param(
            "She PRON nsubj 1\nspeaks VERB ROOT 1 speak\nEnglish PROPN dobj 1",
            [],
            id="a language",
        ),
        pytest.param(
            "She PRON nsubj 1\nbeat VERB ROOT 1 beat\nEnglish PROPN compound 3\nteams NOUN dobj 1",
            [("English", "Place")],
            id="no language",
        ),
        pytest.param(
            """The DET det 1
            Minister PROPN nsubj 5
            of ADP prep 1
            Health PROPN pobj 2 - B-ORG
            Ruiz PROPN appos 1 - B-PERSON
            left VERB ROOT 5 leave""",
            [("Ruiz", "Person")],
            id="what a minister is for",
        ),
        pytest.param(
            """The DET det 1
            Minister PROPN nsubj 6
            of ADP prep 1
            Health PROPN pobj 2
            of ADP prep 3
            Peru PROPN pobj 4 - B-GPE
            left VERB ROOT 6 leave""",
            [("Peru", "Place")],
            id="what a minister is for, before a country",
        ),
        pytest.param(
            """The DET det 1
            Minister PROPN nsubj 6 - B-ORG
            of ADP prep 1 - I-ORG
            Health PROPN pobj 2 - I-ORG
            of ADP prep 3 - I-ORG
            Peru PROPN pobj 4 - I-ORG
            left VERB ROOT 6 leave""",
            [("Peru", "Place")],
            id="an office with what it is for",
        ),
        pytest.param(
            """The DET det 1
            Minister PROPN nsubj 4 - B-ORG
            of ADP prep 1 - I-ORG
            Health PROPN pobj 2 - I-ORG
            left VERB ROOT 4 leave""",
            [],
            id="an office of nobody",
        ),
        pytest.param(
            "Home PROPN compound 1 - B-ORG\nSecretary PROPN nsubj 2\nleft VERB ROOT 2 leave",
            [],
            id="what a secretary is for, before the office",
        ),
        pytest.param(
            "Cyclone PROPN compound 1 - B-PERSON\nIda PROPN nsubj 2 - I-PERSON\nhit VERB ROOT 2",
            [("Cyclone Ida", "Event")],
            id="a storm is nobody",
        ),
        pytest.param(
            "HMS PROPN compound 1 - B-ORG\nVictory PROPN nsubj 2 - I-ORG\nleft VERB ROOT 2",
            [("HMS Victory", "Product")],
            id="a ship",
        ),
        pytest.param(
            "He PRON nsubj 1\nuses VERB ROOT 1 use\nIE6 PROPN dobj 1 - B-GPE",
            [("IE6", "Thing")],
            id="a version is no place",
        ),
        pytest.param(
            "on ADP prep 3\nthe DET det 2\nHajj PROPN pobj 0 - B-PERSON\nleft VERB ROOT 3",
            [("Hajj", "Thing")],
            id="nobody stands behind an article",
        ),
        pytest.param(
            """the DET det 3
            Biden PROPN compound 2 - B-PERSON
            plan NOUN nsubj 3
            failed VERB ROOT 3 fail""",
            [("Biden", "Person")],
            id="the article is of what a person has",
        ),
        pytest.param(
            """Tom PROPN nsubj 5 - B-PERSON
            Li PROPN appos 0 - I-PERSON
            , PUNCT punct 0
            SC PROPN appos 0 - B-GPE
            , PUNCT punct 0
            left VERB ROOT 5 leave""",
            [("Tom Li", "Person")],
            id="letters behind a person are no state",
        ),
        pytest.param(
            """the DET det 3
            Grand PROPN compound 3 - B-ORG
            Space PROPN compound 3 - I-ORG
            Center PROPN nsubj 4 - I-ORG
            opened VERB ROOT 4 open""",
            [("Grand Space Center", "Place")],
            id="a center is no office",
        ),
        pytest.param(
            """the DET det 2
            Ruiz PROPN compound 2 - B-ORG
            Foundation PROPN nsubj 6 - I-ORG
            for ADP prep 2
            the DET det 5
            Arts PROPN pobj 3 - B-ORG
            closed VERB ROOT 6 close""",
            [("Ruiz Foundation for the Arts", "Organization")],
            id="what a foundation is for is of its name",
        ),
        pytest.param(
            """FRANCE PROPN nsubj 1
            BEATS VERB ROOT 1 beat
            SOUTH PROPN compound 3
            KOREA PROPN dobj 1""",
            [("FRANCE", "Place"), ("SOUTH KOREA", "Place")],
            id="a country in capitals",
        ),
        pytest.param(
            """they PRON nsubj 1
            met VERB ROOT 1 meet
            Arjun PROPN compound 3
            Rathnam PROPN dobj 1""",
            [("Arjun Rathnam", "Person")],
            id="two proper nouns are a person",
        ),
        pytest.param(
            """Water PROPN compound 1
            Peru PROPN nsubj 2 - B-GPE
            closed VERB ROOT 2 close""",
            [("Water Peru", "Organization")],
            id="a company that ends with a country",
        ),
        pytest.param(
            """Elvira PROPN compound 1
            Lima PROPN nsubj 2 - B-GPE
            said VERB ROOT 2 say
            so ADV advmod 2""",
            [("Elvira Lima", "Person")],
            id="a person who ends with a capital",
        ),
        pytest.param(
            """Downtown PROPN compound 1
            Lima PROPN nsubj 2 - B-GPE
            burned VERB ROOT 2 burn""",
            [("Lima", "Place")],
            id="a part of a city",
        ),
        pytest.param(
            """0 NUM nummod 1
            Riverton PROPN ROOT 1
            3 NUM nummod 1""",
            [("Riverton", "Organization")],
            id="a team in results",
        ),
    ],
)
def test_what_is_no_name_and_what_the_model_misses(rows: str, names: list[tuple[str, str]]) -> None:
    assert names_in(rows) == names


def test_a_surname_is_of_the_person_and_found_again() -> None:
    rows = """Ana PROPN compound 1 - B-PERSON
        Ruiz PROPN nsubj 2 - I-PERSON
        left VERB ROOT 2
        and CCONJ cc 2
        Ruiz PROPN nsubj 5 - B-NORP
        said VERB conj 2 say
        that SCONJ mark 7
        Ruiz PROPN nsubj 8
        won VERB ccomp 5 win"""
    assert names_in(rows) == [("Ana Ruiz", "Person"), ("Ruiz", "Person"), ("Ruiz", "Person")]


def test_a_word_of_a_title_in_capitals_is_no_name_by_itself() -> None:
    rows = """Flood PROPN nsubj 1 - B-ORG
        Closes VERB ROOT 1
        Mountain PROPN compound 3 - B-ORG
        Road PROPN dobj 1 - I-ORG
        Today NOUN npadvmod 1"""
    end = len("Flood Closes Mountain Road Today")
    assert names_in(rows, [Zone(zone="title", start=0, end=end)]) == []
    assert ("Mountain Road", "Place") in names_in(rows)


def things_of(*surfaces: str, aliases: Aliases | None = None) -> list[Thing]:
    """The things that names have, each given as ``Type surface``; lists know what they know."""
    names = []
    for surface in surfaces:
        type_, _, text = surface.partition(" ")
        known = LEXICON.names.get(text)
        count = len(text.split())
        names.append(Name(0, count, 0, len(text), text, known.type if known else type_, known))
    return link(names, LEXICON, aliases)


@pytest.mark.parametrize(
    ("surfaces", "groups"),
    [
        (("Person Ana Ruiz", "Person Ruiz", "Person Tom Li", "Person Li"), [[0, 1], [2, 3]]),
        (("Person Ruiz", "Person Ana Ruiz"), [[0, 1]]),
        (("Person Ana Ruiz", "Person Tom Ruiz", "Person Ruiz"), [[0, 2], [1]]),
        (("Person Ana Ruiz", "Person Ana"), [[0, 1]]),
        (("Person A. Ruiz", "Person Ana Ruiz", "Person Ana Maria Ruiz"), [[0, 1, 2]]),
        (("Person Martin King Jr.", "Person King"), [[0, 1]]),
        (("Organization Andean Water Council", "Organization AWC"), [[0, 1]]),
        (("Organization University of Southern Peru", "Organization USP"), [[0, 1]]),
        (("Organization Acme Inc", "Organization Acme"), [[0, 1]]),
        (("Organization Ruiz Foundation", "Organization Ana Ruiz Foundation"), [[0, 1]]),
        (("Person Ana Ruiz", "Organization Ana Ruiz Foundation"), [[0], [1]]),
        (("Organization Lima", "Organization Bank of Lima"), [[0], [1]]),
        (("Place US", "Place United States", "Place American"), [[0, 1, 2]]),
        (("Place York", "Place New York"), [[0], [1]]),
        (("Organization UN", "Organization United Nations"), [[0, 1]]),
    ],
)
def test_names_of_one_thing_are_joined(surfaces: tuple[str, ...], groups: list[list[int]]) -> None:
    assert [thing.mentions for thing in things_of(*surfaces)] == groups


def test_a_thing_has_its_full_name_and_the_others() -> None:
    ana, states = things_of("Person Ruiz", "Person Ana Ruiz", "Place US", "Place American")
    assert (ana.name, ana.aliases) == ("Ana Ruiz", ["Ruiz"])
    assert (states.name, states.aliases) == ("United States", ["US"])


def test_aliases_of_the_user_join_and_identify(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "aliases.tsv"
    path.write_text("# ours\nIslamic Emirate\tTaliban\nAcme\thttps://example.org/acme\tCompany\n")
    taliban, acme = things_of(
        *("Organization Islamic Emirate", "Organization Taliban", "Place Acme"),
        aliases=load_aliases([str(path)]),
    )
    assert (taliban.name, taliban.mentions) == ("Taliban", [0, 1])
    assert (acme.same_as, acme.type) == (["https://example.org/acme"], "Company")


def test_lists_know_a_country_before_a_state_of_its_name() -> None:
    assert LEXICON.names["Georgia"] == KnownName("Georgia", "Place", "name", "country")
    assert LEXICON.names["Washington"].place == "capital"
