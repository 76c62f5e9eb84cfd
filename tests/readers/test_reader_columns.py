"""Columns of tokens and tags: which column is which, whatever the dialect, and what damage costs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.conll import reader as conll
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.pipeline import Reading
from datasette_newsgraph.reading.recognition import recognise
from tests.cost import steps_of

Load = Callable[..., list[Parsed]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """``load("…")``: the articles of a file of this text, which must be recognised, as they would be
    stored: with our labels.
    """

    def articles(text: str, format_name: str | None = None) -> list[Parsed]:
        path = tmp_path / "a.txt"
        path.write_text(text, "utf-8")
        with closing(Source(path)) as source:
            pipeline = Reading.of(format_name=format_name).pipeline(source)
            assert pipeline.format.name == "conll"
            return [pipeline.run(entry).parsed for entry in conll.entries(source)]

    return articles


def names(parsed: Parsed) -> list[tuple[str, str]]:
    return [(each.type, each.name) for each in parsed.article.entities]


def reasons(parsed: Parsed) -> list[str]:
    return [each.reason for each in parsed.faults]


#: What a file holds, and the text and the names that are right.
FILES: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "numbers from 0": (
        "0\tHere\tO\n1\tlives\tO\n2\tAda\tB-PER\n\n0\tIn\tO\n1\tBath\tB-LOC\n2\t.\tO\n",
        "Here lives Ada In Bath .",
        [("Person", "Ada"), ("Place", "Bath")],
    ),
    "numbers from 1, the tags of names in names, a source that is as wide as a line": (
        "#\thttps://example.org/x\t[2011-02-03]\t\n"
        "1\tDie\tO\tO\n2\tTU\tB-ORG\tO\n3\tUlm\tI-ORG\tB-LOC\n4\t.\tO\tO\n",
        "Die TU Ulm .",
        [("Organization", "TU Ulm")],
    ),
    "numbers that go on through the whole file": (
        "1 Ada B-PER\n2 came O\n\n3 Bob B-PER\n4 went O\n",
        "Ada came Bob went",
        [("Person", "Ada"), ("Person", "Bob")],
    ),
    "a language before each token": (
        "de:Bad\tB-LOC\nde:Ems\tI-LOC\nde:liegt\tO\nde::\tO\nde:hier\tO\n",
        "Bad Ems liegt : hier",
        [("Place", "Bad Ems")],
    ),
    "a comment with a tab, and with a word for each column": (
        "# id 77\tpart=x\nshe _ _ O\nsaw _ _ O\nbea _ _ B-PER\n\n"
        "# id 78\tpart=x\nin _ _ O\noslo _ _ B-LOC\n",
        "she saw bea in oslo",
        [("Person", "bea"), ("Place", "oslo")],
    ),
    "comments in a file with blanks between two columns": (
        "# file:\t\tN_007\n# sbb url:\thttps://example.org/1880\nam O\nRhein B-LOC\n. O\n",
        "am Rhein .",
        [("Place", "Rhein")],
    ),
    "comments that end in what looks like a tag": (
        "# newdoc id = M-16\n# sent_id = 1\n# text = Oslo I-7\nOslo\tB-LOC\nslept\tO\n.\tO\n",
        "Oslo slept .",
        [("Place", "Oslo")],
    ),
    "a title that ends in what looks like a tag": (
        "-DOCSTART- O\n\n# title = The pilot of an M-16\nOslo B-LOC\nslept O\n. O\n",
        "Oslo slept .",
        [("Place", "Oslo")],
    ),
    "tokens that begin with # among columns with blanks": (
        "Our O\n#Pride B-EVENT\nmarch O\nin O\nHull B-LOC\n#wow O\n# O\n",
        "Our #Pride march in Hull #wow #",
        [("Event", "#Pride"), ("Place", "Hull")],
    ),
    "a token that begins with # between two names": (
        "12 CD - I-LOC\n#, : - O\nElm NNP - I-LOC\nRow NNP - I-LOC\n. . - O\n",
        "12 #, Elm Row .",
        [("Place", "12"), ("Place", "Elm Row")],
    ),
    "columns behind the tag": (
        "# newdoc id = n1\n# sent_id = 1\n"
        "1\tBea\tB-PER\t-\tkim\n2\tin\tO\t-\t-\n3\tOslo\tB-LOC\t-\tkim\n4\t.\tO\t-\t-\n",
        "Bea in Oslo .",
        [("Person", "Bea"), ("Place", "Oslo")],
    ),
    "letters without a label": (
        "the\tO\ngene\tB\nFOXP2\tI\nbinds\tO\nit\tO\n.\tO\n",
        "the gene FOXP2 binds it .",
        [("Thing", "gene FOXP2")],
    ),
    "labels before the letter": (
        "Bea PER-B\nLund PER-I\nleft O\nOslo LOC-B\n. O\n",
        "Bea Lund left Oslo .",
        [("Person", "Bea Lund"), ("Place", "Oslo")],
    ),
    "labels without a letter, and a sentence that begins with one": (
        "\nUNO\tORG\nhelps\tO\n30\tO\nin\tO\nOslo\tLOC\n.\tO\n# part\tone\n#o\tO\n",
        "UNO helps 30 in Oslo . #o",
        [("Organization", "UNO"), ("Place", "Oslo")],
    ),
    "the tag before the token": (
        "O\tsee\nB-PER\tBea\nI-PER\tLund\nO\there\n",
        "see Bea Lund here",
        [("Person", "Bea Lund")],
    ),
    "phrases beside names": (
        "Bea NNP B-NP B-PER\nhas VBZ B-VP O\nleft VBN I-VP O\nOslo NNP B-NP B-LOC\n",
        "Bea has left Oslo",
        [("Person", "Bea"), ("Place", "Oslo")],
    ),
    "phrases, and no names": (
        "Rain NN B-NP O\nfalls VBZ B-VP O\nagain RB B-ADVP O\n. . O O\n",
        "Rain falls again .",
        [],
    ),
    "a first sentence of one token": (
        "Hm\tO\n\nAda\tB-PER\nis\tO\nin\tO\nBath\tB-LOC\n",
        "Hm Ada is in Bath",
        [("Person", "Ada"), ("Place", "Bath")],
    ),
    "labels of OntoNotes": (
        "at O\n9:40 B-TIME\nam I-TIME\non O\nFriday B-DATE\nfor O\n3 B-MONEY\neuros I-MONEY\n",
        "at 9:40 am on Friday for 3 euros",
        [("Time", "9:40 am"), ("Date", "Friday")],
    ),
    "labels of CrossNER": (
        "Lou\tB-politician\nleads\tO\nPeru\tB-country\nand\tO\nsings\tO\n",
        "Lou leads Peru and sings",
        [("Person", "Lou"), ("Place", "Peru")],
    ),
    "Chinese, sign by sign, with a year": (
        "2 O\n0 O\n2 O\n1 O\n年 O\n， O\n日 B-LOC\n本 E-LOC\n外 B-ORG\n务 I-ORG\n省 E-ORG\n说 O\n",
        "2021年，日本外务省说",
        [("Place", "日本"), ("Organization", "外务省")],
    ),
    "Japanese, word by word": (
        "東京\tB-LOC\nの\tO\nNHK\tB-ORG\nは\tO\n古い\tO\n。\tO\n",
        "東京のNHKは古い。",
        [("Place", "東京"), ("Organization", "NHK")],
    ),
    "Thai": ("เขา\tO\nอยู่\tO\nเชียงใหม่\tB-LOC\nนาน\tO\n", "เขาอยู่เชียงใหม่นาน", [("Place", "เชียงใหม่")]),
    "a Chinese word in English, and Korean": (
        "The O\nword O\n北京 B-LOC\nor O\n서울 B-LOC\n시 O\nis O\n",
        "The word 北京 or 서울 시 is",
        [("Place", "北京"), ("Place", "서울")],
    ),
    "white space that is part of a token": (
        "à O\nNew\u00a0York B-LOC\nil O\ny O\na O\n10\u00a0000 O\n\u3000 O\nhôtels O\n",
        "à New\u00a0York il y a 10\u00a0000 \u3000 hôtels",
        [("Place", "New York")],
    ),
    "blanks in tokens between tabs": (
        "New York\tB-LOC\nhas\tO\n8 000\tO\nshops\tO\n",
        "New York has 8 000 shops",
        [("Place", "New York")],
    ),
    "tabs that align": (
        "a\t\t\tO\nverylongtoken\tO\nOslo\t\tB-LOC\nsleeps\t\tO\n",
        "a verylongtoken Oslo sleeps",
        [("Place", "Oslo")],
    ),
    "a column for several tokens": (
        "1-2\tdel\tO\n1\tde\tO\n2\tel\tO\n3\tSol\tB-LOC\n4\tsale\tO\n5\thoy\tO\n",
        "de el Sol sale hoy",
        [("Place", "Sol")],
    ),
}


@pytest.mark.parametrize("what", FILES)
def test_each_dialect_is_recognised_and_read(load: Load, what: str) -> None:
    content, text, expected = FILES[what]
    (found,) = load(content)
    assert found.article.text == text
    assert names(found) == expected
    assert found.faults == []
    # The columns of the file stand above its documents; without, they are those of the document.
    assert conll.parse(content.encode()).article.text == text


def test_what_comments_say_of_the_article(load: Load) -> None:
    (found,) = load(
        "TOKEN\tNE-COARSE-LIT\tNEL-LIT\tMISC\n# hipe2022:document_id = d7\n"
        "# hipe2022:date = 1911-02-03\n# hipe2022:language = fr\n"
        "# newseye:publication_title =  Le_Soir \nÀ\tO\t_\t_\n"
        "Uzès\tB-loc\tNIL\tNoSpaceAfter\n,\tO\t_\t_\n"
        "lundi\tB-time\tNIL\t_\n#\tO\t_\t_\n"
    )
    article = found.article
    assert article.text == "À Uzès, lundi #"
    # What is HIPE's own label for a date is OntoNotes' for a time of day.
    assert names(found) == [("Place", "Uzès"), ("Date", "lundi")]
    assert (article.publisher, article.published, article.language) == (
        "Le_Soir",
        "1911-02-03",
        "fr",
    )
    assert found.local_ids == ("d7",)
    for what, expected in (
        ("a language before each token", ("de", None, ())),
        ("comments in a file with blanks between two columns", (None, None, ("N_007",))),
        ("columns behind the tag", (None, None, ("n1",))),
        (
            "numbers from 1, the tags of names in names, a source that is as wide as a line",
            (None, "https://example.org/x", ()),
        ),
    ):
        (found,) = load(FILES[what][0])
        assert (found.article.language, found.article.url, found.local_ids) == expected


def test_what_is_not_taken_is_counted(load: Load) -> None:
    (found,) = load(FILES["a column for several tokens"][0])
    assert found.notes.passed_over == {"lines that stand for several tokens, or for none": 1}
    of_names = "numbers from 1, the tags of names in names, a source that is as wide as a line"
    assert load(FILES[of_names][0])[0].notes.passed_over == {"names in names": 1}
    (masked,) = load("TOKEN\tNE-COARSE-LIT\nParis\t_\nfell\t_\n")
    assert reasons(masked) == ["its tags are all `_`: the names are left out of this copy"]


@pytest.mark.parametrize(
    "between",
    ["-DOCSTART- -X- O\n", "#DOCSTART\n", "0 -DOCSTART- O\n", "# newdoc\n", "# file: b\n",
     "# hipe2022:document_id = b\n"],
)  # fmt: skip
def test_documents_begin(load: Load, between: str) -> None:
    found = load(
        f"# file: a\nAda B-PER\ncame O\n\n{between}Bob B-PER\nwent O\n# file: b\nagain O\n"
    )
    assert found[0].article.text == "Ada came"
    assert "Bob went" in (found[1].article.text or "")


def test_a_file_that_is_named_again_goes_on(load: Load) -> None:
    (found,) = load("# file: a\nAda B-PER\ncame O\n\n# file: a\nBob B-PER\nwent O\n")
    assert found.article.text == "Ada came Bob went"


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("It had rained all night, and the\nroads were closed.\n“Go home,” said Bea.\nNobody went\n",
         "its lines are no columns"),
        ("It rained\nall night\nand Bea\nwent home\n", "no column has the tags of names"),
        ("the DT\ncat NN\nsat VBD\nhere RB\n", "no column has the tags of names"),
        ("a DT B-NP\ncat NN I-NP\nsat VBD B-VP\n. . O\n", "are of phrases"),
        ("1 17 O\n3 12 B-LOC\n2 11 O\n3 10 O\n5 12 O\n", "are numbers"),
        ("[TOKEN]\tNN\tO\n[TOKEN]\tNN\tB-LOC\n[TOKEN]\tDT\tO\n", "the words are not in this copy"),
        ("1 CD O\n2 CD B-LOC\n3 CD O\n", "the words are not in this copy"),
        ("Ada B-PER O\nmet O O\nBob O B-PER\ntwice O O\n", "columns 2, 3 all have tags"),
        ("Ada B-PER B-ORG\nmet O O\nBob B-PER B-PER\ntwice O O\n", "columns 2, 3 all have tags"),
        ("O B-PER\nB-PER O\nO O\n", "no column has tokens"),
        ("".join(f"w{n}\tB-Page{n}\nx\tO\n" for n in range(40)), "40 types, which look like words"),
        ("w O\n" * 9 + "".join(f"x t{n}\n" for n in range(4)), "no column has the tags of names"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_refused(load: Load, lines: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        load(lines, "conll")
    with pytest.raises(RecordError, match=reason):
        conll.parse(lines.encode())


@pytest.mark.parametrize(
    "content",
    [
        "It rained\nall night\nand Bea\nwent home\n",
        "Ada\tO\nBob\tA\nCleo\tO\nDina\tO\n",
        "Ada\tB-PER\n",
        '{"text": "a O"}\n{"text": "a O"}\n{"text": "b O"}\n',
    ],
)
def test_what_is_no_columns_is_not_known_as_such(load: Load, content: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(content)
    with closing(Source(path)) as source, pytest.raises(InputError):
        recognise(source)


def test_one_odd_line_decides_nothing(load: Load) -> None:
    words = "so it goes on and on for ever"
    whole = "".join(f"{n}\t{word}\tO\n" for n, word in enumerate(words.split()))
    odd = "7\tlost\n8\tParis\tB-LOC\nx\tand\t?\n10\tNice\tI-LOC\n"
    (found,) = load(whole + odd)
    assert found.article.text == f"{words} Paris and Nice"
    assert names(found) == [("Place", "Paris"), ("Place", "Nice")]
    assert reasons(found) == [
        "line 9 of this document: has 2 columns, not 3",
        "line 11 of this document: '?' is no tag; 'and' is taken for no name",
    ]


def test_a_name_does_not_go_on_over_a_line_that_is_lost(load: Load) -> None:
    (found,) = load(
        "Ada\tI-PER\nof\nBath\tI-PER\n\nin\tO\n\n\nBath\tI-LOC\nSpa\tx\tI-LOC\nHill\tI-LOC\n"
    )
    assert names(found) == [
        ("Person", "Ada"),
        ("Person", "Bath"),
        ("Place", "Bath"),
        ("Place", "Hill"),
    ]
    assert [each.partition(":")[0] for each in reasons(found)] == [
        "line 2 of this document",
        "line 9 of this document",
    ]


def test_a_blank_in_the_token_of_two_columns_is_kept_and_said(load: Load) -> None:
    (found,) = load("bei O\nDeutsche Bank B-ORG\nAG I-ORG\nin O\nUlm B-LOC\n#x ? \n")
    assert names(found) == [("Organization", "Deutsche Bank AG"), ("Place", "Ulm")]
    assert reasons(found) == [
        "line 2 of this document: has 3 columns, not 2; 'Deutsche Bank' is taken for its token",
        "line 6 of this document: is taken for a comment, as it has not all columns and a tag",
    ]


def test_the_columns_are_those_of_the_file(load: Load) -> None:
    # By itself the second document could be read otherwise: its tokens number themselves.
    first = "-DOCSTART- -X- O\n\n" + "Ada NNP B-PER\nsaw VBD O\nit PRP O\n. . O\n" * 3
    _, found = load(first + "\n-DOCSTART- -X- O\n\n1 CD O\n2 CD B-RANK\n3 CD O\n")
    assert (found.article.text, names(found)) == ("1 2 3", [("RANK", "2")])


def test_deciding_is_linear_and_looks_at_the_beginning_only() -> None:
    lines = "".join(f"{n % 9}\tw{n % 99}\t{'B-LOC' if n % 5 == 0 else 'O'}\n" for n in range(400))
    once = steps_of(lambda: conll.decide(lines))
    assert steps_of(lambda: conll.decide(lines * 4)) < 4.5 * once


@pytest.mark.parametrize("line", ["[TOKEN]\tNN\tO\n", '["a"\tNN\tO\n', "[\tNN\tB-X\n"])
def test_lines_that_begin_with_a_bracket_are_looked_at_once(tmp_path: Path, line: str) -> None:
    def steps(count: int) -> int:
        path = tmp_path / "a.txt"
        path.write_text(line * count)
        with closing(Source(path)) as source:
            return steps_of(lambda: recognise(source))

    assert steps(4000) < 4.5 * steps(1000)


# Any dialect, whole and damaged -------------------------------------------------------------------

_WORDS = [
    "the", "of", "came", "said", "Ulm", "Bea", "O'Neil", "#Brexit", "#", ",", ".", "10", "3:15", "M-16",
    "“", "été", "New\u00a0York", "中国", "नदी", "I", "O", "B-52", "-", "e\u0301", "😀", "x" * 40,
]  # fmt: skip
_LABELS = ("PER", "LOC", "ORG", "work_of_art", "creative-work")
_SEPARATORS = ("\t", " ")
_SCHEMES = ("IOB1", "IOB2", "IOBES", "BILOU", "letters", "labels", "suffixed")
_COMMENTS = ("# sent_id = 7", "# text = so it was", "# text = the M-16")


class Line(NamedTuple):
    """A line of a file: the cells of a token, or what is no token."""

    cells: list[str]
    words: str
    name: int | None = None


class File(NamedTuple):
    """Lines, what separates their cells, which of these is the token, and the names (type, surface)."""

    lines: list[Line]
    separator: str
    token: int
    tag: int
    names: list[tuple[str, list[str]]]

    def text(self) -> str:
        return "".join(self.separator.join(each.cells) + "\n" for each in self.lines)


def _tags(scheme: str, label: str, length: int) -> Iterator[str]:
    if scheme == "labels":
        yield from [label] * length
        return
    for place in range(length):
        is_last = place == length - 1
        letter = "B" if place == 0 else "I"
        if scheme == "IOB1":
            letter = "I"
        elif scheme == "IOBES":
            letter = ("S" if length == 1 else "E") if is_last else letter
        elif scheme == "BILOU":
            letter = ("U" if length == 1 else "L") if is_last else letter
        yield {"letters": letter, "suffixed": f"{label}-{letter}"}.get(scheme, f"{letter}-{label}")


@st.composite
def files(draw: Callable[[st.SearchStrategy[Any]], Any]) -> File:
    """A well-formed file of some dialect. Behind each name is a token in none."""
    scheme, separator = draw(st.sampled_from(_SCHEMES)), draw(st.sampled_from(_SEPARATORS))
    first = draw(st.sampled_from((None, 0, 1)))
    order = draw(st.sampled_from(("token tag", "token pos tag", "tag token", "token pos tag by")))
    columns = ["number", *order.split()] if first is not None else order.split()
    borders = draw(st.sampled_from(([], ["-DOCSTART- -X- O", ""], ["# newdoc id = a"])))
    word, label = st.sampled_from(_WORDS), st.sampled_from(_LABELS)
    # By itself # is a comment before a word that is no other token's label.
    named = st.sampled_from([each for each in _WORDS if each != "#"])
    # The first sentence is always there, so that there are words and names enough to tell by.
    sentences: list[list[tuple[str | None, list[str]]]] = [
        [("PER", ["Ana", "Silva"]), (None, ["met"]), ("PER", ["Leo"]), (None, ["in"]),
         ("LOC", ["Rome"]), (None, ["again"]), (None, ["today"])]
    ]  # fmt: skip
    for _ in range(draw(st.integers(0, 3))):
        sentence: list[tuple[str | None, list[str]]] = []
        for _ in range(draw(st.integers(1, 2))):
            if draw(st.booleans()):
                sentence.append((draw(label), draw(st.lists(named, min_size=1, max_size=2))))
            sentence.append((None, [draw(word)]))
        sentences.append(sentence)
    lines = [Line([each], "") for each in borders]
    found: list[tuple[str, list[str]]] = []
    for sentence in sentences:
        if draw(st.booleans()):
            lines.append(Line([draw(st.sampled_from(_COMMENTS))], ""))
        number = first or 0
        for called, words in sentence:
            tags = ["O"] if called is None else _tags(scheme, called, len(words))
            if called is not None:
                found.append(("Thing" if scheme == "letters" else called, words))
            for token, tag in zip(words, tags, strict=True):
                cells = {"number": str(number), "token": token, "tag": tag, "pos": "X", "by": "kim"}
                name = None if called is None else len(found) - 1
                lines.append(Line([cells[each] for each in columns], token, name))
                number += 1
        lines.append(Line([""], ""))
    return File(lines, separator, columns.index("token"), columns.index("tag"), found)


class Outcome(NamedTuple):
    """Texts, names by (type, surface), and how much was counted as lost, or refused."""

    text: str
    names: Counter[tuple[str, str]]
    counted: int


def outcome(path: Path, raw: bytes) -> Outcome:
    path.write_bytes(raw)
    texts: list[str] = []
    found: Counter[tuple[str, str]] = Counter()
    counted = 0
    with closing(Source(path)) as source:
        try:
            for entry in conll.entries(source):
                parsed = conll.parse(entry.raw)
                text = parsed.article.text or ""
                texts.append(text)
                counted += len(parsed.faults) + parsed.notes.passed_over.total()
                for entity in parsed.article.entities:
                    for each in entity.mentions:
                        assert text[each.start : each.end] == each.text
                        found[entity.type, _squeezed(each.text or "")] += 1
        except (InputError, RecordError):
            counted += 1
    return Outcome(_squeezed("".join(texts)), found, counted)


def _squeezed(text: str) -> str:
    return text.replace(" ", "")


def _names(file: File, without: set[int | None] = frozenset()) -> Counter[tuple[str, str]]:  # type: ignore[assignment]
    return Counter(
        (label, _squeezed("".join(words)))
        for number, (label, words) in enumerate(file.names)
        if number not in without
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("columns") / "a.conll"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(file=files())
def test_nothing_of_any_dialect_is_lost(file: File, path: Path) -> None:
    found = outcome(path, file.text().encode())
    assert found.counted == 0
    assert found.text == _squeezed("".join(each.words for each in file.lines))
    assert found.names == _names(file)


def _is_plain(line: Line) -> bool:
    """A token; with # before it and no columns behind it, it is a comment, which cannot be told."""
    return bool(line.words) and not line.words.startswith("#")


def _damages(file: File, line: Line) -> Iterator[tuple[str, bytes]]:
    """What may happen to a line with a token: its name, and what the line is then."""
    separator, cells = file.separator, line.cells
    for place in range(len(cells)):
        before, behind = cells[:place], cells[place + 1 :]
        yield f"cell {place} is missing", separator.join(before + behind).encode()
        yield f"cell {place} is empty", separator.join([*before, "", *behind]).encode()
        yield (
            f"cell {place} is double",
            separator.join([*before, *cells[place : place + 1] * 2, *behind]).encode(),
        )
    tag = [*cells[: file.tag], "??", *cells[file.tag + 1 :]]
    yield "the tag is none", separator.join(tag).encode()
    other = {"\t": " ", " ": "\t"}[separator]
    yield "the other separator", other.join(cells).encode()
    yield "a byte that is none", separator.join(cells).encode() + b"\xff"
    yield "nothing but blanks behind", separator.join(cells).encode() + b" \t "


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(file=files(), data=st.data())
def test_damage_loses_nothing_without_a_count(file: File, data: st.DataObject, path: Path) -> None:
    place = data.draw(st.sampled_from([n for n, line in enumerate(file.lines) if _is_plain(line)]))
    line = file.lines[place]
    what, damaged = data.draw(st.sampled_from(list(_damages(file, line))))
    raw = [file.separator.join(each.cells).encode() for each in file.lines]
    raw[place] = damaged
    found = outcome(path, b"\n".join(raw))
    if not found.counted:
        assert found.text == _squeezed("".join(each.words for each in file.lines)), what
        assert found.names == _names(file), what
    elif found.text:
        # What is counted is this line, and no other name goes with it.
        assert _names(file, {line.name}) <= found.names, what
        words = [each.words for number, each in enumerate(file.lines) if number != place]
        rest = re.escape(_squeezed("\0".join(filter(None, words)))).replace("\0", ".*")
        assert re.search(rest, found.text, re.DOTALL), what


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(file=files(), data=st.data())
def test_a_line_that_is_cut_off_or_runs_on_costs_no_other(
    file: File, data: st.DataObject, path: Path
) -> None:
    raw = [file.separator.join(each.cells) for each in file.lines]
    places = [n for n, both in enumerate(pairwise(file.lines)) if all(map(_is_plain, both))]
    place = data.draw(st.sampled_from(places))
    touched = {file.lines[place].name, file.lines[place + 1].name}
    if data.draw(st.booleans()):
        raw[place] += raw.pop(place + 1)
    else:
        raw[place] = raw[place][: data.draw(st.integers(0, len(raw[place]) - 1))]
    found = outcome(path, "\n".join(raw).encode())
    assert found.counted or found.names
    if found.text:
        assert _names(file, touched) <= found.names
