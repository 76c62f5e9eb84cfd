"""Tables of words with tags."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.word_table import reader
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.recognition import recognise
from tests.cost import steps_of
from tests.readers.recognisers import load_path, mentions, reasons

Load = Callable[..., list[Parsed]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def of(text: str | bytes, name: str = "word_table") -> list[Parsed]:
        path = tmp_path / "ner.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        found, articles = load_path(path)
        assert found == name
        return articles

    return of


def names(parsed: Parsed) -> list[tuple[str, str | None]]:
    return [(label, surface) for label, _, _, surface in mentions(parsed)]


@pytest.mark.parametrize(
    "text",
    [
        # The number of a sentence on its first word, or on each; tabs, semicolons; other names.
        "Sentence #,Word,POS,Tag\nSentence: 1,Tony,NNP,B-per\n,Blair,NNP,I-per\n,met,VBD,O\n"
        "Sentence: 2,London,NNP,B-geo\n,fell,VBD,O\n",
        ",lemma,prev-word,sentence_idx,word,tag\n0,tony,_,1.0,Tony,B-per\n1,blair,Tony,1.0,Blair,I-per\n"
        "2,meet,Blair,1.0,met,O\n3,london,_,2.0,London,B-geo\n4,fall,London,2.0,fell,O\n",
        "sentence_id\ttoken\tner_tag\n1\tTony\tB-per\n1\tBlair\tI-per\n1\tmet\tO\n2\tLondon\tB-geo\n2\tfell\tO\n",
        "Word;Tag\nTony;B-per\nBlair;I-per\nmet;O\n;\nLondon;B-geo\nfell;O\n",
        "word,label\nTony,per\nBlair,per\nmet,O\nLondon,geo\nfell,O\n",
        # A sentence a row.
        "Sentence #,Sentence,POS,Tag\n"
        "Sentence: 1,Tony Blair met,\"['NNP', 'NNP', 'VBD']\",\"['B-per', 'I-per', 'O']\"\n"
        "Sentence: 2,London fell,\"['NNP', 'VBD']\",\"['B-geo', 'O']\"\n",
        "text,labels\nTony Blair met,B-per I-per O\nLondon fell,B-geo O\n",
        "tokens,ner_tags\n\"['Tony' 'Blair'\n 'met']\",\"['B-per' 'I-per' 'O']\"\n"
        "\"[\"\"London\"\", 'fell']\",\"['B-geo', 'O']\"\n",
    ],
)  # fmt: skip
def test_tables_of_all_kinds(load: Load, text: str) -> None:
    (found,) = load(text)
    assert found.article.text == "Tony Blair met London fell"
    assert names(found) == [("per", "Tony Blair"), ("geo", "London")]
    assert (reasons(found), found.is_joined) == ([], True)


def test_a_name_ends_with_its_sentence(load: Load) -> None:
    (found,) = load("Sentence #,Word,Tag\n1,New,I-geo\n,York,I-geo\n2,Rome,I-geo\n,fell,O\n")
    assert names(found) == [("geo", "New York"), ("geo", "Rome")]


def test_documents_are_told_apart_by_their_column(load: Load) -> None:
    found = load("doc_id,word,tag\na,Rome,B-geo\n,fell,O\nb,Oslo,B-geo\nb,rose,O\n")
    assert [(each.local_ids, each.article.text) for each in found] == [
        (("a",), "Rome fell"),
        (("b",), "Oslo rose"),
    ]


def test_a_document_does_not_begin_within_a_sentence(load: Load) -> None:
    (found,) = load("Sentence #,Word,Tag,doc\n1,New,B-geo,a\n,York,I-geo,b\n,rose,O,a\n")
    assert reasons(found) == ["row 3: is of document 'b', but goes on a sentence of 'a'"]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("word,tag\nZoë,B-per\nmet,O\nà,O\n".encode(), "Zoë met à"),
        ("word,tag\nZoë,B-per\nmet,O\n’s,O\n".encode("cp1252"), "Zoë met ’s"),
        (b"word,tag\n" + b"a,O\n" * 70000 + "Zoë,B-per\n".encode("cp1252"), "a " * 70000 + "Zoë"),
    ],
)
def test_latin_1_and_its_relative_are_read(load: Load, raw: bytes, text: str) -> None:
    (found,) = load(raw)
    assert found.article.text == text


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",Blair", "row 3: the row has 2 cells, but the header 4"),
        (",Blair,NNP,?", "word 2: '?' is no tag; 'Blair' is taken for no name"),
        (",,NNP,I-per", "row 3: has a tag without a word"),
        (',"Blair,NNP,I-per', "row 3: is not CSV: unexpected end of data"),
    ],
)
def test_no_name_goes_on_over_a_row_that_is_lost(load: Load, row: str, reason: str) -> None:
    lines = (
        "Sentence #,Word,POS,Tag\n1,Tony,NNP,B-per\n{}\n,Smith,NNP,I-per\n,met,VBD,O\n,us,PRP,O\n"
    )
    (found,) = load(lines.format(row))
    assert names(found) == [("per", "Tony"), ("per", "Smith")]
    assert reasons(found) == [reason]


def test_a_row_that_is_not_utf_8_among_others_is_told(load: Load) -> None:
    raw = "word,tag\nZoë,B-per\nNoël,B-per\nXX,O\nmet,O\n".encode().replace(b"XX", b"\xe9")
    (found,) = load(raw)
    assert reasons(found) == ["row 4: not UTF-8"]


def test_a_sentence_with_other_tags_than_words_is_told(load: Load) -> None:
    row = "Tony Blair met,B-per I-per O\n"
    (found,) = load("text,labels\n" + row + "London,B-geo O\n" + row * 4)
    assert reasons(found) == ["row 3: it has 1 words and 2 tags"]
    assert len(names(found)) == 5


@pytest.mark.parametrize(
    "text",
    [
        "text,label\nIt rained all night.,good\nNobody came.,bad\n",
        "word,label\nrain,noun\nfall,verb\n",
        "Word,POS\nTony,NNP\nmet,VBD\n",
        "text,labels\nIt rained,B-NP I-NP\nIt fell,B-NP O\n",
        "id,name,tag\n1,Tony,O\n",
    ],
)
def test_other_tables_are_not_taken(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    with closing(Source(path)) as source, pytest.raises(InputError):
        recognise(source)


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    with (
        closing(Source(path)) as source,
        pytest.raises(InputError, match="has no columns of words"),
    ):
        list(reader.entries(source))


@pytest.mark.parametrize("again", ["\\'", "'", '\\""', "', '", "\\"])
def test_a_list_that_does_not_end_is_looked_at_once(load: Load, again: str) -> None:
    row = "Tony Blair met,B-per I-per O\n"
    (found,) = load("text,labels\n" + row * 4 + f'London,"[\'{again * 200_000}]"\n')
    assert len(names(found)) == 4
    assert len(reasons(found)) == 1
    assert len(reasons(found)[0]) < 200


def test_a_long_table_takes_linear_time(tmp_path: Path) -> None:
    def steps(count: int) -> int:
        path = tmp_path / "a.csv"
        path.write_text("Sentence #,Word,Tag\n" + '1,"Rome",B-geo\n,fell,O\n' * count)
        return steps_of(lambda: load_path(path))

    assert steps(1200) < 4.8 * steps(300)
