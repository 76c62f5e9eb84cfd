"""CoNLL-U with names or entities in its last column."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.conllu import reader as conllu
from tests.cost import steps_of
from tests.readers.recognisers import load_path as load_file
from tests.readers.recognisers import mentions, reasons, same_as, statements

Load = Callable[[str], list[Parsed]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def of(text: str) -> list[Parsed]:
        path = tmp_path / "a.conllu"
        path.write_text(text, "utf-8")
        name, found = load_file(path)
        assert name == "conllu"
        return found

    return of


def sentence(words: str, *comments: str) -> str:
    """Lines of CoNLL-U, of words written as ``form/TAG/head{misc}``, of which the form is enough."""
    lines, number = [*comments], 0
    for each in words.split():
        form, _, rest = each.partition("{")
        form, tag, head, *_ = [*form.split("/"), "_", "_"]
        id_, _, behind = form.rpartition("=")
        if not id_:
            number += 1
            id_ = str(number)
        misc = rest.removesuffix("}") or "_"
        lines.append(f"{id_}\t{behind}\t_\t{tag}\t_\t_\t{head}\t_\t_\t{misc}")
    return "\n".join([*lines, "", ""])


def names(parsed: Parsed) -> list[tuple[str, str, list[str]]]:
    return [(each.type, each.name, each.aliases) for each in parsed.article.entities]


# Entities ---------------------------------------------------------------------------------------


def test_a_chain_is_one_entity_with_names_other_words_and_no_pronouns(load: Load) -> None:
    (found,) = load(
        sentence("Ursula/PROPN/5{Entity=(e1-person} von/PROPN/1 der/PROPN/1 Leyen/PROPN/1{Entity=e1)}"
                 " spoke/VERB/0")
        + sentence("The/DET/2{Entity=(e1-person} president/NOUN/3{Entity=e1)} said/VERB/0"
                   " she/PRON/5{Entity=(e1-person)} agreed/VERB/3")
        + sentence("Leyen/PROPN/3{Entity=(e1-person} 's/PART/1{Entity=e1)} plan/NOUN/4 passed/VERB/0")
    )  # fmt: skip
    assert names(found) == [("person", "Ursula von der Leyen", ["Leyen"])]
    assert [each[3] for each in mentions(found)] == [
        "Ursula von der Leyen",
        "The president",
        "Leyen 's",
    ]
    assert found.notes.passed_over == {"pronouns in coreference chains": 1}


def test_an_entity_without_a_name_is_local_and_one_of_pronouns_is_none(load: Load) -> None:
    (found,) = load(
        sentence("Two/NUM/2{Entity=(e1-person} strikers/NOUN/3{Entity=e1)} met/VERB/0"
                 " everybody/PRON/3{Entity=(e2-person)}")
    )  # fmt: skip
    (entity,) = found.article.entities
    assert (entity.name, entity.local) == ("Two strikers", True)
    assert found.notes.passed_over.total() == 1


def test_of_words_that_are_no_name_few_are_better(load: Load) -> None:
    (found,) = load(
        sentence("laws/NOUN/0{Entity=(e1-abstract} that/SCONJ/1 nobody/PRON/1 in/ADP/1 town/NOUN/1"
                 " liked/VERB/1{Entity=e1)} fell/VERB/0 the/DET/9{Entity=(e1-abstract}"
                 " laws/NOUN/7{Entity=e1)}")
    )  # fmt: skip
    assert names(found) == [("abstract", "the laws", [])]


@pytest.mark.parametrize(
    ("fields", "entity", "expected"),
    [
        ("eid-etype-head-other", "(e1-place-1-x:y)", ("place", [])),
        ("GRP-etype-infstat-salience-centering-minspan-link-identity",
         "(1-place-new-ss-cf1-1-sgl-Port-au-Prince)",
         ("place", ["https://en.wikipedia.org/wiki/Port-au-Prince"])),
        ("eid-etype-identity", "(e1-place-Georgia_%28country%29)",
         ("place", ["https://en.wikipedia.org/wiki/Georgia_(country)"])),
        ("eid-identity-etype", "(e1-Q90-place)", ("place", ["http://www.wikidata.org/entity/Q90"])),
        ("eid", "(e1)", ("Thing", [])),
        ("eid-etype-head-other", "(e1)", ("Thing", [])),
        ("eid-etype-head-other", "(e1--1-)", ("Thing", [])),
    ],
)  # fmt: skip
def test_the_file_tells_the_order_of_fields(
    load: Load, fields: str, entity: str, expected: tuple[str, list[str]]
) -> None:
    text = sentence(f"Paris/PROPN/0{{Entity={entity}}}", f"# global.Entity = {fields}")
    (found,) = load(text)
    (each,) = found.article.entities
    assert (each.type, each.same_as) == expected


def test_fields_told_once_hold_for_all_documents(load: Load) -> None:
    one = sentence("Oslo/PROPN/0{Entity=(place-1)}")
    found = load(f"# newdoc id = a\n# global.Entity = etype-eid\n{one}# newdoc id = b\n{one}")
    assert [(each.local_ids, names(each)) for each in found] == [
        (("a",), [("place", "Oslo", [])]),
        (("b",), [("place", "Oslo", [])]),
    ]


@pytest.mark.parametrize(
    ("brackets", "expected"),
    [
        (("(e1-x(e2-y)", "e1)", ""), ["a b", "a"]),
        (("(e1-x", "(e2-y)e1)", ""), ["a b", "b"]),
        (("(e1-x(e2-y", "e2)", "e1)"), ["a b c", "a b"]),
        (("(e1-x", "e1)(e2-y", "e2)"), ["a b", "b c"]),
        (("(e1-x(e1-x)", "", "e1)"), ["a b c", "a"]),
        (("(e1[1/2]-x)", "", "(e1[2/2]-x)"), ["a", "c"]),
        (("(e1[1/2]-x(e2-y)", "e1[1/2])", "(e1[2/2])"), ["a b", "a", "c"]),
    ],
)
def test_brackets_nest(load: Load, brackets: tuple[str, str, str], expected: list[str]) -> None:
    words = zip("abc", brackets, strict=True)
    (found,) = load(sentence(" ".join(f"{a}/NOUN/0{{Entity={b or 'O'}}}" for a, b in words)))
    spans = sorted(mentions(found), key=lambda each: (each[1], -(each[2] or 0)))
    assert [each[3] for each in spans] == expected
    assert reasons(found) == []


def test_in_older_files_brackets_close_with_all_fields(load: Load) -> None:
    comment = "# global.Entity = entity-GRP-infstat"
    words = "New/PROPN/0{Entity=(place-1-new} York/PROPN/1{Entity=place-1)} won/VERB/0"
    (found,) = load(sentence(words, comment))
    assert names(found) == [("place", "New York", [])]
    assert reasons(found) == []


def test_a_mention_may_go_on_over_the_end_of_a_sentence(load: Load) -> None:
    (found,) = load(sentence("Dr/PROPN/0{Entity=(e1-person}") + sentence("Who/PROPN/0{Entity=e1)}"))
    assert [each[3] for each in mentions(found)] == ["Dr Who"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a/NOUN/0{Entity=(e1-x}", "token 1: 'e1' is opened and not closed"),
        ("a/NOUN/0{Entity=e1)}", "line 1 of this document: 'e1' is closed and was not opened"),
        ("a/NOUN/0{Entity=((e1-x)}", "line 1 of this document: '(' is no bracket of an entity"),
        ("a/NOUN/0{Entity=(e1-x)zz}", "line 1 of this document: 'zz' is no bracket of an entity"),
        ("a/NOUN/0{NE=?}", "line 1 of this document: '?' is no tag of a name"),
        ("a/NOUN/0{Entity=(e1-x)|Bridge=e9<e1:part}",
         "line 1 of this document: 'e9' is no entity of it"),
        ("a/NOUN/0{Entity=(e1-x)|Bridge=e1}",
         "line 1 of this document: 'e1' is no tie of two entities"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_told_with_its_line(load: Load, line: str, reason: str) -> None:
    (found,) = load(sentence(f"{line} b/NOUN/0{{NE=B-LOC}}"))
    assert reasons(found) == [reason]
    assert "b" in [each[3] for each in mentions(found)]


def test_a_line_that_is_lost_costs_no_other(load: Load) -> None:
    text = sentence("Ada/PROPN/0{NE=B-PER} lost{NE=I-PER} Lovelace/PROPN/0{NE=I-PER}")
    (found,) = load(text.replace("2\tlost\t_", "2\tlost"))
    assert [each[3] for each in mentions(found)] == ["Ada", "Lovelace"]
    assert reasons(found) == ["line 2 of this document: has 9 columns, not 10"]


def test_empty_nodes_have_no_words(load: Load) -> None:
    (found,) = load(
        sentence("Ana/PROPN/0{Entity=(e1-person)} 1.1=_/PRON/_{Entity=(e1-person)(e2-x}"
                 " came/VERB/0{Entity=e2)}")
    )  # fmt: skip
    assert [each[3] for each in mentions(found)] == ["Ana", "came"]
    assert found.article.text == "Ana came"
    assert found.notes.passed_over == {"mentions without words": 1}


def test_bridges_and_split_antecedents_are_relations(load: Load) -> None:
    (found,) = load(
        sentence("Ana/PROPN/2{Entity=(e1-person)} met/VERB/0 Leo/PROPN/2{Entity=(e2-person)}")
        + sentence("the/DET/2{Entity=(e3-person} pair/NOUN/3{Entity=e3)|SplitAnte=e1<e3,e2<e3}"
                   " left/VERB/0 its/DET/5{Entity=(e4-place(e3-person)|Bridge=e3<e4:subset}"
                   " home/NOUN/3{Entity=e4)}")
    )  # fmt: skip
    assert statements(found) == [
        ("the pair", "part of", "Ana"),
        ("the pair", "part of", "Leo"),
        ("its home", "subset", "the pair"),
    ]
    assert {each.evidence[0].text for each in found.article.relations} == {"the pair left its home"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("(The/DET/2 Hague/PROPN/0)", "Hague"),
        ("in/ADP/3 (The/DET/3 Hague/PROPN/0)", "The Hague"),
        ("in/ADP/3 (the/DET/3 Hague/PROPN/0)", "Hague"),
        ("(US/PROPN/3 President/PROPN/3 Joe/PROPN/0 Biden/PROPN/3 ,/PUNCT/6 who/PRON/6 won/VERB/3)",
         "US President Joe Biden"),
        # Nothing tells the parts of speech.
        ("(the Hague)", "Hague"),
        ("met (President Mandela)", "President Mandela"),
    ],
)  # fmt: skip
def test_the_name_in_a_mention(load: Load, words: str, expected: str) -> None:
    given = [
        each.strip("()")
        + (
            "{Entity=(e1-x)}"
            if each[0] == "(" and each[-1] == ")"
            else "{Entity=(e1-x}"
            if each[0] == "("
            else "{Entity=e1)}"
            if each[-1] == ")"
            else ""
        )
        for each in words.split()
    ]
    (found,) = load(sentence(" ".join(given)))
    (entity,) = found.article.entities
    assert (entity.name, entity.local) == (expected, False)


def test_without_parts_of_speech_capitals_tell(load: Load) -> None:
    (found,) = load(
        sentence("The{Entity=(e1} pilot{Entity=e1)} met{Entity=O} Amelia{Entity=(e2}"
                 " Earhart{Entity=e2)}")
        + sentence("she{Entity=(e2)} thanked Pilot{Entity=(e1)}")
    )  # fmt: skip
    assert [(each.name, each.local) for each in found.article.entities] == [
        ("The pilot", True),
        ("Amelia Earhart", False),
    ]


# Tags of names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("New{NE=B-GPE} York{NE=I-GPE} won{NE=O}", [("GPE", "New York")]),
        ("New{ner=B-GPE} York{ner=E-GPE} Rome{ner=S-GPE}", [("GPE", "New York"), ("GPE", "Rome")]),
        ("Ana{Entity=B-PER} Silva{Entity=I-PER} won{Entity=O}", [("PER", "Ana Silva")]),
        ("Ana{NER=PER} Silva{NER=PER} won", [("PER", "Ana Silva")]),
        ("Ana{NE=P_1-pf_2} Silva{NE=P_1-ps_3} won",
         [("pf", "Ana"), ("P", "Ana Silva"), ("ps", "Silva")]),
        # Stanza has the tag of a range of words at the range.
        ("1-2=Zur{ner=B-ORG|start_char=0|end_char=3} Zu der Bank{ner=E-ORG}", [("ORG", "Zur Bank")]),
        ("1-2=Zur{ner=S-ORG} Zu der Bank", [("ORG", "Zur")]),
        ("1-2=Zur{ner=O} Zu der Bank{ner=S-ORG}", [("ORG", "Bank")]),
    ],
)  # fmt: skip
def test_tags_of_names(load: Load, words: str, expected: list[tuple[str, str]]) -> None:
    (found,) = load(sentence(words))
    assert [(each[0], each[3]) for each in mentions(found)] == expected


def test_names_give_chains_their_type(load: Load) -> None:
    (found,) = load(
        sentence("Dr{Entity=(e1} Ana{NE=B-PER} Silva{NE=I-PER|Entity=e1)} won")
        + sentence("the{Entity=(e1} surgeon{Entity=e1)} met Silva{NE=B-PER|Entity=(e1)}"
                   " in Rome{NE=B-LOC}")
        + sentence("Silva{NE=B-PER} left")
    )  # fmt: skip
    assert names(found) == [("PER", "Ana Silva", ["Silva"]), ("LOC", "Rome", [])]
    assert [each[3] for each in mentions(found)] == [
        "Ana Silva", "the surgeon", "Silva", "Rome", "Silva",
    ]  # fmt: skip


def test_links_beside_names(load: Load) -> None:
    (found,) = load(
        sentence("Ana{NE=B-PER|Wikidata=Q1} met{EntityLink=none} Leo{NE=B-PER|Identity=Leo_I}"
                 " in Rome{NE=B-LOC|EntityLink=http://dbpedia.org/resource/Rome}")
    )  # fmt: skip
    assert same_as(found) == {
        "Ana": ["http://www.wikidata.org/entity/Q1"],
        "Leo": ["https://en.wikipedia.org/wiki/Leo_I"],
        "Rome": ["http://dbpedia.org/resource/Rome"],
    }
    assert found.notes.passed_over == {"links of no known authority": 1}


# Text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (sentence("a b{SpaceAfter=No} .{NE=O}") + sentence("c"), "a b. c"),
        (sentence("a b{SpaceAfter=No} .{NE=O}", "# text = a  b."), "a  b."),
        # Other words than those of the tokens.
        (sentence("a b .{NE=O}", "# text = a c ."), "a b ."),
        (sentence("a b{NE=O}") + sentence("c", "# newpar id = p2"), "a b\n\nc"),
        (sentence("a b{NE=O}") + sentence("c", "# newpar_block = list"), "a b c"),
        (sentence(r"a{SpacesAfter=\n} b{NE=O|SpacesAfter=\s\s\n}") + sentence("c"), "a\nb  \nc"),
        (sentence(r"a{SpacesBefore=\t|NE=O} b"), "\ta b"),
        (sentence(r"10\s000{NE=O|SpacesInToken=10\s000} b"), "10 000 b"),
        (sentence("1-2=don't{SpaceAfter=No|NE=O} do n't ."), "don't."),
        (sentence("1-2=au{NE=O} à le bar"), "au bar"),
        (sentence("我{NE=O|SpaceAfter=No} 们{SpaceAfter=No}") + sentence("好"), "我们好"),
    ],
)
def test_the_text_has_the_spacing_of_the_file(load: Load, text: str, expected: str) -> None:
    (found,) = load(text)
    assert found.article.text == expected
    assert reasons(found) == []


def test_words_of_a_range_stand_in_it(load: Load) -> None:
    (found,) = load(
        sentence("1-2=Ana's{NE=O} Ana/PROPN/0{Entity=(e1-person)} 's/PART/1"
                 " 3-4=au{NE=O} à/ADP/4 le/NOUN/0{Entity=(e2-x)}")
    )  # fmt: skip
    assert [each[1:] for each in mentions(found)] == [(0, 3, "Ana"), (6, 8, "au")]


def test_what_is_said_of_the_article(load: Load) -> None:
    (found,) = load(
        sentence(
            "Rome{NE=B-LOC}",
            "# newdoc id = a",
            "# meta::title = Treaty signed",
            "# meta::sourceURL = https://example.org/1957",
            "# meta::dateCreated = 1957-03-25",
            "# meta::author = Ana Silva",
            "# meta::genre = news",
            "# language = en",
            "# sent_id = 1",
        )
    )
    article = found.article
    assert (article.title, article.url, article.published) == (
        "Treaty signed", "https://example.org/1957", "1957-03-25"
    )  # fmt: skip
    assert (article.authors, article.language, found.local_ids) == (["Ana Silva"], "en", ("a",))


def test_words_that_are_not_in_the_copy_are_told(load: Load) -> None:
    with pytest.raises(RecordError, match="the words are not in this copy"):
        load(sentence("_{NE=O} _ _ _ ___"))
    with pytest.raises(RecordError, match=r"no line with a word: line 1 .* has 2 columns"):
        conllu.parse(b"# newdoc\n1\tRome\n")


@pytest.mark.parametrize(
    "again",
    ["(e1-x", "(e1-x)", "(e1-x(e2-y)e1)", "(e1[1/2]-x)", "e1)", "((", "(" * 90, "a" * 90 + "("],
)
def test_a_long_document_takes_linear_time(again: str) -> None:
    def steps(count: int) -> int:
        text = sentence(" ".join([f"Rome/PROPN/0{{Entity={again}|Bridge=e1<e2}}"] * count))
        return steps_of(lambda: conllu.parse(b"\n" + text.encode()))

    assert steps(800) < 4.8 * steps(200)


def test_no_other_columns_are_taken_for_it(tmp_path: Path) -> None:
    text = sentence("Rome{_} fell{_}")
    assert not re.search(rb"ner|Entity", text.encode())
    path = tmp_path / "a.conllu"
    path.write_text(text)
    with pytest.raises(Exception, match="not of a format"):
        load_file(path)


def test_one_long_value_takes_linear_time() -> None:
    def steps(count: int) -> int:
        raw = sentence(f"Rome{{Entity={'a' * count}(}}").encode()
        return steps_of(lambda: conllu.parse(b"\n" + raw))

    assert steps(200_000) < 1.5 * steps(2_000)
