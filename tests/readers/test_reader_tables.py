"""Columns of tokens and tags; damage to tables; and tables that are known and not read."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers.formats.conll import reader as conll
from datasette_newsgraph.readers.formats.triples import reader as triples
from datasette_newsgraph.readers.limits import Limit
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.reading.recognition import recognise
from tests.readers.rows_of_tables import entities, example_of

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
Read = Callable[..., list[Entry]]


# Columns ------------------------------------------------------------------------------------------


def test_the_example_of_columns(read: Read) -> None:
    (entry,) = read(conll, example_of(conll))
    found = conll.parse(entry.raw)
    assert found.article.text == "The Exposition opened in Paris."
    assert entities(found) == [("prod", "Exposition"), ("loc", "Paris")]
    assert found.article.entities[1].same_as == ["http://www.wikidata.org/entity/Q90"]
    assert (found.article.published, found.article.language) == ("1889-05-06", "en")
    assert (found.local_ids, found.is_joined) == (("example-1889-05-06",), True)


@pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")
def test_the_hipe_sample() -> None:
    with closing(Source(SAMPLES / "hipe2022_en.tsv")) as source:
        assert recognise(source).name == "conll"
        (entry,) = conll.entries(source)
    found = conll.parse(entry.raw)
    # awk -F'\t' '$2 ~ /^B-/': two lines begin a name, AMERICAN (NIL) and anti (Q257855).
    assert [(each.type, each.name, each.same_as) for each in found.article.entities] == [
        ("prod", "AMERICAN MERCURY", []),
        ("prod", "anti-federalifm", ["http://www.wikidata.org/entity/Q257855"]),
    ]
    assert [len(each.mentions) for each in found.article.entities] == [1, 1]
    text = found.article.text or ""
    for each in found.article.entities:
        assert text[each.mentions[0].start : each.mentions[0].end] == each.name
    # NoSpaceAfter is heeded.
    assert text.startswith("From the AMERICAN MERCURY. The APOLOGIZER-No. II.")
    assert found.local_ids == ("sn83030483-1790-03-03-a-i0001",)
    assert (found.article.published, found.faults) == ("1790-03-03", [])


TOKENS = ["EU", "greets", "Angela", "Merkel", "Ana", "O'Neil", "."]
SPANS = [("ORG", "EU"), ("PER", "Angela Merkel"), ("PER", "Ana O'Neil")]
SCHEMES = {
    "IOB1": "I-ORG O I-PER I-PER B-PER I-PER O",
    "IOB2": "B-ORG O B-PER I-PER B-PER I-PER O",
    "IOBES": "S-ORG O B-PER E-PER B-PER E-PER O",
    "BILOU": "U-ORG O B-PER L-PER B-PER L-PER O",
}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("delimiter", ["\t", " ", "  "])
@pytest.mark.parametrize("between", ["", "{0}NNP{0}B-NP"])
def test_the_schemes_of_tags(read: Read, scheme: str, delimiter: str, between: str) -> None:
    tags = SCHEMES[scheme].split()
    lines = [
        token + between.format(delimiter) + delimiter + tag
        for token, tag in zip(TOKENS, tags, strict=True)
    ]
    more = delimiter.join(["More", *between.format(delimiter).split(), "O"])
    (entry,) = read(conll, "\n".join(lines) + f"\n\n{more}\n")
    found = conll.parse(entry.raw)
    assert entities(found) == SPANS
    assert found.article.text == " ".join(TOKENS) + " More"


def test_labels_without_a_letter_go_on() -> None:
    found = conll.parse(b"Angela PER\nMerkel PER\nand O\nParis LOC\n\nNice LOC\n")
    assert entities(found) == [("PER", "Angela Merkel"), ("LOC", "Paris"), ("LOC", "Nice")]


def test_documents(read: Read) -> None:
    data = "-DOCSTART- -X- O O\n\nParis B-LOC\n\n-DOCSTART- -X- O O\n\n\nNice B-LOC\n\n# O\nx O\n"
    found = read(conll, data.replace("\n", "\r\n"))
    assert [(each.line, conll.parse(each.raw).article.text) for each in found] == [
        (1, "Paris"),
        (5, "Nice # x"),
    ]
    assert [entities(conll.parse(each.raw)) for each in found] == [
        [("LOC", "Paris")],
        [("LOC", "Nice")],
    ]


def test_a_comment_before_the_id_belongs_to_the_same_document(read: Read) -> None:
    part = "# language = fr\n# newspaper = X\n# date = 1889-05-0{0}\n# document_id = d{0}\n"
    tokens = "# segment = 1\nA\tO\t_\t_\n# segment = 2\nParis\tB-loc\tQ90\t_\n"
    header = "TOKEN\tNE-COARSE-LIT\tNEL-LIT\tMISC\n"
    found = read(conll, header + "".join(part.format(number) + tokens for number in (1, 2)))
    assert [each.line for each in found] == [2, 10]
    about = [
        (each.local_ids, each.article.published)
        for each in map(conll.parse, (e.raw for e in found))
    ]
    assert about == [(("d1",), "1889-05-01"), (("d2",), "1889-05-02")]
    assert all(entry.raw.startswith(header.encode()) for entry in found)


def test_names_go_on_behind_a_guessed_end_of_sentence() -> None:
    raw = (
        "TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tNEL-LIT\tMISC\n"
        "M\tB-pers\tO\tNIL\tNoSpaceAfter\n.\tI-pers\tO\tNIL\tEndOfSentence\nCar¬\tI-pers\tO\tNIL\tEndOfLine\n"
        "not\tI-pers\tO\tNIL\t_\nspoke\tO\tB-org\t_\t_\n"
    ).encode()
    found = conll.parse(raw)
    assert entities(found) == [("pers", "M. Car¬ not")]
    assert found.article.text == "M. Car¬ not spoke"


def test_lines_that_are_none_are_faults() -> None:
    found = conll.parse(b"Paris\tB-LOC\nalone\n\tO\nend\tO\n")
    assert [fault.reason for fault in found.faults] == [
        "line 2 of this document: expected a token and its tag",
        "line 3 of this document: expected a token and its tag",
    ]
    assert found.article.text == "Paris end"
    for raw in (b"", b"# date = 2015\n", b"-DOCSTART- O\n", b"alone\n", b"\xff\tO"):
        with pytest.raises(RecordError):
            conll.parse(raw)


GERMEVAL = """\
#\t{0} [2009-10-17]
1\tDie\tO\tO
2\tMünchner\tB-LOCderiv\tO
3\tTU\tB-ORG\tO
4\tBerlin\tI-ORG\tB-LOC

#\t{1} [2009-10-18]
1\t#\tO\tO
2\tBonn\tB-LOC\tO
"""


def test_columns_behind_a_number(read: Read) -> None:
    one = "https://example.org/a"
    for second in (one, "https://example.org/b", "a newspaper of 2005"):
        (entry,) = read(conll, GERMEVAL.format(one, second))
        found = conll.parse(entry.raw)
        assert found.article.text == "Die Münchner TU Berlin # Bonn"
        assert entities(found) == [("LOCderiv", "Münchner"), ("ORG", "TU Berlin"), ("LOC", "Bonn")]
        assert found.article.url == (one if second == one else None)
        assert found.faults == []
    (entry,) = read(
        conll, "1 Paris NNP B-LOC\n2 is VBZ O\n3 it PRP O\n\n1 Nice NNP B-LOC\n2 too RB O\n"
    )
    assert entities(conll.parse(entry.raw)) == [("LOC", "Paris"), ("LOC", "Nice")]
    # A text may begin with a number.
    (entry,) = read(conll, "1 CD B-RANK\n2 CD O\nParis NNP B-LOC\n")
    assert conll.parse(entry.raw).article.text == "1 2 Paris"
    (entry,) = read(conll, "#\tO\nParis\tB-LOC\n#\tO\n")
    assert conll.parse(entry.raw).article.text == "# Paris #"


def test_a_document_that_is_too_long_is_a_fault(read: Read) -> None:
    long = "Paris B-LOC\n" * 200
    found = read(conll, f"-DOCSTART- O\n{long}-DOCSTART- O\nNice B-LOC\n", limit=Limit(1000))
    assert [(each.line, each.fault is None, len(each.raw) < 4097) for each in found] == [
        (1, False, True),
        (202, True, True),
    ]


# Damage -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [triples, conll])
@given(data=st.data())
def test_a_damaged_record_gives_an_article_or_a_reason(reader: Any, data: st.DataObject) -> None:
    raw = bytearray(example_of(reader).encode())
    noise = random.Random(data.draw(st.integers(0, 1 << 30)))
    for _ in range(noise.randint(1, 6)):
        place = noise.randrange(len(raw) + 1)
        end = min(len(raw), place + noise.choice([0, 1, 1, 9]))
        raw[place:end] = noise.choice(
            [b"", b"\n", b"\t", b";", b'"', b"\0", b"\xff", b"#", b"O", b"99999"]
        )
    with suppress(RecordError):
        found = reader.parse(bytes(raw))
        known = {each.id for each in found.article.entities}
        assert {each.subject for each in found.article.relations} <= known


@pytest.mark.parametrize("reader", [triples, conll])
@pytest.mark.parametrize("line", [b"x", b'"', b"a\tO ", b",", b"a;", b"#", b"#\t[ "])
def test_a_line_of_a_million_characters(reader: Any, line: bytes) -> None:
    header = example_of(reader).encode().partition(b"\n")[0]
    for raw in (line * 1_000_000, header + b"\n" + line * 1_000_000):
        with suppress(RecordError):
            reader.parse(raw)


# Formats that are known and not read --------------------------------------------------------------

_AZURE = {"entities": [{"text": "Paris", "category": "Location", "offset": 3, "length": 5}]}


@pytest.mark.parametrize(
    ("title", "content"),
    [
        ("dataset of Hugging Face", {"id": "0", "tokens": ["Paris"], "ner_tags": [5]}),
        ("Azure", {"documents": [_AZURE], "errors": []}),
        ("Azure", {"results": {"documents": [_AZURE]}}),
        ("streamed", {"object": "chat.completion.chunk", "choices": [{"delta": {"content": "{"}}]}),
        ("Spotlight", {"@text": "Paris", "Resources": [{"@URI": "x:y", "@offset": "0"}]}),
        ("Watson", {"usage": {"text_units": 1}, "entities": [
            {"type": "Location", "text": "Paris", "relevance": 0.9, "count": 1}]}),
        ("Argilla", {"id": "1", "status": "x", "fields": {"text": "a"}, "suggestions": {},
                     "responses": {}}),
        ("Argilla", {"id": "1", "text": "a", "prediction": [], "annotation": [], "status": "x",
                     "annotation_agent": None, "prediction_agent": None}),
        ("statements of FollowTheMoney",
         {"id": "a", "canonical_id": "b", "prop": "name", "schema": "Person", "value": "x"}),
        ("statements of FollowTheMoney", "canonical_id,prop,schema,value\na,name,Person,x\n"),
        ("table of GraphRAG", "id,human_readable_id,title,type\na,0,PARIS,GEO\n"),
        ("table of GraphRAG", "id,human_readable_id,source,target,description\na,0,P,Q,d\n"),
    ],
)  # fmt: skip
def test_what_is_known_and_not_read_is_named(tmp_path: Path, title: str, content: Any) -> None:
    path = tmp_path / "a.txt"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    with (
        closing(Source(path)) as source,
        pytest.raises(InputError, match=f"{title}.*which newsgraph does not read; "),
    ):
        recognise(source)
