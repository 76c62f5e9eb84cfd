"""Columns of CoNLL-2012: OntoNotes and its relatives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.conll import reader as conll
from datasette_newsgraph.readers.formats.conll2012 import reader as conll2012
from datasette_newsgraph.readers.formats.conllu import reader as conllu
from tests.cost import steps_of
from tests.readers.recognisers import load_path, mentions, reasons, same_as

Load = Callable[[str], list[Parsed]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def of(text: str) -> list[Parsed]:
        path = tmp_path / "a.conll"
        path.write_text(text, "utf-8")
        name, found = load_path(path)
        assert name == "conll2012"
        return found

    return of


def document(*sentences: str, begin: str = "#begin document (bc/a); part 000") -> str:
    """Columns of sentences whose tokens are written ``word/TAG/name/chain``."""
    lines = [begin]
    for sentence in sentences:
        for place, each in enumerate(sentence.split()):
            word, tag, name, chain = (*each.split("~"), *("", "", "*", "-")[each.count("~") + 1 :])
            lines.append(f"bc/a 0 {place} {word} {tag or '-'} * - - - - {name} * {chain}")
        lines.append("")
    return "\n".join([*lines, "#end document", ""])


def names(parsed: Parsed) -> list[tuple[str, str, list[str]]]:
    return [(each.type, each.name, each.aliases) for each in parsed.article.entities]


def test_a_chain_is_one_entity_of_the_type_of_its_names(load: Load) -> None:
    (found,) = load(
        document(
            "President~NNP~*~(1 Nelson~NNP~(PERSON*~- Mandela~NNP~*)~1) won~VBD",
            "He~PRP~*~(1) and~CC the~DT~*~(2 nurses~NNS~*~2) came~VBD",
            "the~DT~*~(1 leader~NN~*~1) 's~POS friend~NN met~VBD Mandela~NNP~(PERSON)~(1)",
            "Mandela~NNP~(PERSON)~- left~VBD Oslo~NNP~(GPE)~- with~IN them~PRP~*~(2)",
        )
    )
    assert names(found) == [
        ("PERSON", "Nelson Mandela", ["Mandela"]),
        ("Thing", "the nurses", []),
        ("GPE", "Oslo", []),
    ]
    assert [each.local for each in found.article.entities] == [False, True, False]
    assert [each[3] for each in mentions(found)] == [
        "Nelson Mandela", "the nurses", "the leader", "Mandela", "Mandela", "Oslo",
    ]  # fmt: skip
    assert found.notes.passed_over == {"pronouns in coreference chains": 2}


def test_parts_are_articles(load: Load) -> None:
    part = document("Oslo~NNP~(GPE)~-", begin="#begin document (bc/a (b)); part 000")
    found = load(part + part.replace("000", "001").replace("Oslo", "Rome"))
    assert [(each.local_ids, each.article.text) for each in found] == [
        (("bc/a (b)_0", "bc/a (b)"), "Oslo"),
        (("bc/a (b)_1",), "Rome"),
    ]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        # LitBank
        ("x\t0\t0\tEmma" + "\t_" * 8 + "\t(1)\nx\t0\t1\tleft" + "\t_" * 8 + "\t-\n", "Emma left"),
        ("x 0 0 Emma (1)\nx 0 1 left -\n", "Emma left"),
        ("x 0 Emma (1)\nx 1 left -\n", "Emma left"),
        ("0 Emma (1)\n1 left -\n", "Emma left"),
        ("Emma (1)\nleft _\n", "Emma left"),
    ],
)  # fmt: skip
def test_fewer_columns(load: Load, lines: str, words: str) -> None:
    (found,) = load(f"#begin document x\n{lines}#end document\n")
    assert found.article.text == words
    assert names(found) == [("Thing", "Emma", [])]
    assert found.local_ids == ("x_0", "x")


def test_links_overlap_and_nest(load: Load) -> None:
    (found,) = load(
        document("a~NN~*~(1|(2 b~NN~*~2)|(3) c~NN~*~1)|(4|(4) d~NN~*~4)", "e~NN~*~(5", "f~NN~*~5)")
    )
    assert [each[3] for each in mentions(found)] == ["a b", "a b c", "b", "c", "c d", "e f"]
    assert reasons(found) == []


def test_a_chain_of_gum_has_its_type_and_its_page(load: Load) -> None:
    lines = (
        "# begin document GUM_a\n"
        "0\tMarie\t(person-1-Marie_Curie(abstract-2)\n"
        "1\tCurie\tperson-1-Marie_Curie)\n"
    )
    (found,) = load(lines)
    assert {(each.type, each.name) for each in found.article.entities} == {
        ("person", "Marie Curie"),
        ("abstract", "Marie"),
    }
    assert same_as(found)["Marie Curie"] == ["https://en.wikipedia.org/wiki/Marie_Curie"]
    assert found.local_ids == ("GUM_a_0", "GUM_a")


def test_words_read_as_they_stand_in_a_text(load: Load) -> None:
    (found,) = load(document("``~`` A~NN -LRB-~-LRB- b~NN -RRB-~-RRB- /.~."))
    assert found.article.text == '" A ( b ) .'


def test_chinese_has_no_blanks(load: Load) -> None:
    (found,) = load(document("中国~NR~(GPE)~- 队~NN 赢~VV"))
    assert found.article.text == "中国队赢"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a~NN~*)~-", "line 2 of this document: a name is closed and was not opened"),
        ("a~NN~(PER*~-", "token 1: the name (PER is not closed in its sentence"),
        ("a~NN~x~-", "line 2 of this document: 'x' is no bracket of a name"),
        ("a~NN~*~1)", "line 2 of this document: chain '1' is closed and was not opened"),
        ("a~NN~*~(1", "token 1: chain '1' is opened and not closed"),
        ("a~NN~*~1", "line 2 of this document: '1' is no link of a chain"),
    ],
)
def test_what_cannot_be_taken_is_told(load: Load, line: str, reason: str) -> None:
    (found,) = load(document(line, "Oslo~NNP~(GPE)~-"))
    assert reasons(found) == [reason]
    assert names(found) == [("GPE", "Oslo", [])]


def test_no_name_goes_on_over_a_line_that_is_lost(load: Load) -> None:
    text = document("Ana~NNP~(PERSON*~- B~NNP~*~- Silva~NNP~*)~- came~VBD")
    (found,) = load(text.replace("bc/a 0 1 B NNP", "B"))
    assert names(found) == []
    assert len(reasons(found)) == 3


def test_a_copy_without_words_is_refused(load: Load) -> None:
    with pytest.raises(RecordError, match="the words are not in this copy"):
        load(document("[WORD]~NNP~(GPE)~- " * 4))


@pytest.mark.parametrize("again", ["a~NN~*~(1", "a~NN~*~1)", "a~NN~(X*~(1)", "A~NNP~(X)~(1)|(2)"])
def test_a_long_document_takes_linear_time(again: str) -> None:
    def steps(count: int) -> int:
        raw = document(" ".join([again] * count)).encode()
        return steps_of(lambda: conll2012.parse(raw))

    assert steps(800) < 4.8 * steps(200)


def test_a_document_is_the_same_in_all_columns(load: Load) -> None:
    """The same chains and names in CoNLL-U, and without chains the same names in two columns."""
    words = [
        "Ana",
        "Silva",
        "won",
        ".",
        "The",
        "nurse",
        "thanked",
        "Leo",
        "in",
        "Rome",
        ".",
        "He",
        "met",
        "Silva",
        ".",
    ]
    names_ = {0: ("PERSON", 2), 7: ("PERSON", 1), 9: ("GPE", 1), 13: ("PERSON", 1)}
    chains = {0: ("1", 2), 4: ("1", 2), 7: ("2", 1), 11: ("2", 1), 13: ("1", 1)}
    tags = {0: "NNP", 1: "NNP", 7: "NNP", 9: "NNP", 11: "PRP", 13: "NNP"}

    def bracket(spans: dict[int, tuple[str, int]], place: int, inside: str) -> str:
        opens = place in spans
        closes = next((s for s, (_, n) in spans.items() if s + n == place + 1), None)
        return (
            ("(" + spans[place][0] if opens else "")
            + inside * (not opens or closes is None)
            + (")" if closes is not None else "")
        )

    rows, universal, two = [], [], []
    for place, word in enumerate(words):
        chain = bracket(chains, place, "")
        if chain == ")":
            chain = f"{next(v[0] for s, v in chains.items() if s + v[1] == place + 1)})"
        rows.append(f"{word}~{tags.get(place, 'NN')}~{bracket(names_, place, '*')}~{chain or '-'}")
        start = next((s for s, (_, n) in names_.items() if s <= place < s + n), None)
        tag = "O" if start is None else f"{'B' if start == place else 'I'}-{names_[start][0]}"
        upos = {"NNP": "PROPN", "PRP": "PRON"}.get(tags.get(place, ""), "NOUN")
        entity = f"|Entity={chain}" if chain else ""
        universal.append(f"{place + 1}\t{word}\t_\t{upos}\t_\t_\t_\t_\t_\tNE={tag}{entity}")
        two.append(f"{word}\t{tag}")
    (one,) = load(document(" ".join(rows)))
    other = conllu.parse(("\n# global.Entity = eid\n" + "\n".join(universal) + "\n").encode())
    third = conll.parse(("\n".join(two) + "\n").encode())
    assert one.article.text == other.article.text == third.article.text
    assert names(one) == names(other)
    assert mentions(one) == mentions(other)
    tagged = {span for span in mentions(one) if span[3] != "The nurse"}
    assert tagged == set(mentions(third))
