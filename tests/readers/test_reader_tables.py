"""Readers of tables: subject-predicate-object rows, and columns of tokens and tags."""

from __future__ import annotations

import gzip
import json
import random
import textwrap
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.errors import InputError, RecordError, RecordLeftOut
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.conll import reader as conll
from datasette_newsgraph.readers.formats.triples import reader as triples
from datasette_newsgraph.readers.limits import DEFAULT, Limit
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.reading.recognition import recognise

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
Read = Callable[..., list[Entry]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """``read(triples, "…")``: the entries of a file of this text, which must be recognised."""

    def entries(
        reader: Any, text: str | bytes, name: str = "a.txt", limit: Limit = DEFAULT
    ) -> list[Entry]:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with closing(Source(path, limit)) as source:
            assert recognise(source).reader is reader
            return list(reader.entries(source))

    return entries


def example_of(reader: Any) -> str:
    return textwrap.dedent(reader.__doc__.partition("Example::")[2]).lstrip("\n")


def statements(parsed: Parsed) -> list[tuple[Any, ...]]:
    names = {each.id: each.name for each in parsed.article.entities}
    return [
        (names[each.subject], each.predicate, names[each.object] if each.object else each.value)
        for each in parsed.article.relations
    ]


def entities(parsed: Parsed) -> list[tuple[str, str]]:
    return [(each.type, each.name) for each in parsed.article.entities]


# Triples ------------------------------------------------------------------------------------------


def test_the_example_of_triples(read: Read) -> None:
    (entry,) = read(triples, example_of(triples))
    found = triples.parse(entry.raw)
    assert statements(found) == [
        ("Laurent Fabius", "chairs", "COP21"),
        ("COP21", "takes place in", "Le Bourget"),
    ]
    assert entities(found) == [
        ("Person", "Laurent Fabius"),
        ("Event", "COP21"),
        ("Place", "Le Bourget"),
    ]
    assert (found.article.url, found.article.title) == ("https://example.org/cop21", "Talks open")
    assert (found.article.id, found.local_ids, found.faults) == ("", (), [])


@pytest.mark.parametrize(
    "header",
    [
        "subject,predicate,object",
        "Head;Relation;Tail",
        "source\ttype\ttarget",
        '"subj", "pred", "obj"',
        "s,p,o",
        "subject_name|relationship|object_name",
        "\ufeffSubject,Predicate,Object",
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_headers_that_people_have(read: Read, header: str, line_end: str) -> None:
    delimiter = max(",;\t|", key=header.count)
    row = delimiter.join(["Fabius", "chairs", "COP21"])
    (entry,) = read(triples, header + line_end + row + line_end)
    assert statements(triples.parse(entry.raw)) == [("Fabius", "chairs", "COP21")]


def test_columns_may_stand_in_any_order(read: Read) -> None:
    (entry,) = read(
        triples, "confidence,object,notes,subject,predicate\n0.5,COP21,x,Fabius,chairs\n"
    )
    found = triples.parse(entry.raw)
    assert statements(found) == [("Fabius", "chairs", "COP21")]
    assert found.article.relations[0].confidence == 0.5


def test_rows_of_one_article_become_one_record(read: Read) -> None:
    table = "doc_id,subject,predicate,object\nd1,a,p,b\nd2,c,p,d\nd2,e,p,f\nd1,g,p,h\n"
    found = [(entry.line, triples.parse(entry.raw)) for entry in read(triples, table)]
    assert [(line, each.local_ids, statements(each)) for line, each in found] == [
        (2, ("d1",), [("a", "p", "b"), ("g", "p", "h")]),
        (3, ("d2",), [("c", "p", "d"), ("e", "p", "f")]),
    ]
    assert [each.article.id for _, each in found] == ["", ""]
    assert read(triples, gzip.compress(table.encode()), "a.csv.gz") == read(triples, table)


def test_cells_of_several_lines(read: Read) -> None:
    text = 'He said: "We\nhave it."\r\n\nCOP21 closed.'
    cell = '"' + text.replace('"', '""') + '"'
    table = f"article,subject,predicate,object,text,start,end\nd1,COP21,state,closed,{cell},25,38\n"
    (entry,) = read(triples, table)
    found = triples.parse(entry.raw).article
    assert found.text == text
    (evidence,) = found.relations[0].evidence
    assert found.text[evidence.start : evidence.end] == "COP21 closed."
    # Looked for in the evidence.
    (mention,) = found.entities[0].mentions
    assert (mention.start, mention.end, mention.text) == (25, 38, "COP21")


def test_all_that_a_row_may_say() -> None:
    raw = (
        b"subject,subject_id,predicate,object,value,datatype,start_date,end date,language,published\n"
        b"Paris,Q90,population,,2100000,xsd:integer,2015,2016-02-30,en,2015-11-30T10:00:00\n"
        b"http://www.wikidata.org/entity/Q142,,capital,Paris,,,,,,\n"
        b"Paris,Q90,mayor since,2014-04-05,,date,,,,\n"
    )
    found = triples.parse(raw)
    assert statements(found) == [
        ("Paris", "population", "2100000"),
        ("Q142", "capital", "Paris"),
        ("Paris", "mayor since", "2014-04-05"),
    ]
    assert [each.datatype for each in found.article.relations] == ["number", None, "date"]
    assert [each.start_date for each in found.article.relations] == ["2015", None, None]
    assert [each.end_date for each in found.article.relations] == ["2016-02-30", None, None]
    assert found.article.entities[0].same_as == ["http://www.wikidata.org/entity/Q90"]
    assert found.article.entities[1].same_as == ["http://www.wikidata.org/entity/Q142"]
    assert (found.article.language, found.article.published) == ("en", "2015-11-30")


def test_an_entity_is_mentioned_once_in_a_sentence() -> None:
    raw = b"subject,predicate,object,text,start,end\n" + b"".join(
        b"a,p,%d,a 0 1. a 2 3.,%d,%d\n" % (number, start, start + 6)
        for number, start in enumerate([0, 0, 7, 7])
    )
    first, *others = triples.parse(raw).article.entities
    assert [(each.start, each.end) for each in first.mentions] == [(0, 6), (7, 13)]
    assert [len(each.mentions) for each in others] == [1, 1, 1, 1]


def test_rows_that_cannot_be_read_are_told_by_their_line(read: Read) -> None:
    table = (
        b'article,subject,predicate,object\nd1,a,p,b\nd1,a,p\nd1,a,p,b,c\n\nd1,"a" x,p,b\nd1,\xff,p,b\n'
        b'd1,c,p,d,,\nd1,"open,p,e\nd1,f,p,g\n'
    )
    found = read(triples, table)
    assert [(each.line, each.fault) for each in found if each.fault] == [
        (3, "the row has 3 cells, but the header 4"),
        (4, "the row has 5 cells, but the header 4"),
        (6, "is not CSV: ',' expected after '\"'"),
        (7, "not UTF-8"),
        (9, "is not CSV: unexpected end of data"),
    ]
    (whole,) = (each for each in found if each.fault is None)
    assert statements(triples.parse(whole.raw)) == [
        ("a", "p", "b"),
        ("c", "p", "d"),
        ("f", "p", "g"),
    ]


def test_rows_that_state_nothing_are_faults() -> None:
    found = triples.parse(b"subject,predicate,object\n,p,b\na,p,\na,,b\n")
    assert [fault.reason for fault in found.faults] == [
        "row 1 of this article: it has no subject",
        "row 2 of this article: it has no object",
    ]
    assert statements(found) == [("a", "related to", "b")]


@pytest.mark.parametrize(
    "raw", [b"", b"a,b\n1,2", b"subject,predicate,object\n", b"s,p,o\n,,\n", b"\xff"]
)
def test_a_table_without_statements_is_no_article(raw: bytes) -> None:
    with pytest.raises(RecordError):
        triples.parse(raw)


def test_a_table_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("colour,weight\nred,7\n")
    with closing(Source(path)) as source, pytest.raises(InputError, match=r"a\.csv: has no column"):
        list(triples.entries(source))


def test_a_large_table_is_read_in_linear_time(read: Read) -> None:
    table = "article,subject,predicate,object\n" + "".join(
        f'd{number % 500},"a ""{number}""",p,b\n' for number in range(50_000)
    )
    found = read(triples, table)
    assert len(found) == 500
    assert len(triples.parse(found[0].raw).article.relations) == 100
    one = "subject,predicate,object,evidence\n" + f'a,p,b,"{"x" * 1_000_000}"\n'
    assert len(read(triples, one)[0].raw) > 1_000_000


def test_how_confidence_may_be_written() -> None:
    raw = b"subject,predicate,object,confidence\n"
    written = ["0.9", "0,9", "93%", "93 %", "0,5%", "", "1", "high", "93", "-0.1", "nan", "1,000,0"]
    raw += "".join(f'a,p,b,"{each}"\n' for each in written).encode()
    found = triples.parse(raw)
    assert [each.confidence for each in found.article.relations] == [
        0.9, 0.9, 0.93, 0.93, 0.005, None, 1.0, None, None, None, None, None,
    ]  # fmt: skip
    assert [fault.reason for fault in found.faults] == [
        f"row {row} of this article: its confidence {each!r} is no number from 0 to 1 and no"
        " percentage"
        for row, each in enumerate(written[7:], 8)
    ]


def test_directions_of_edges_are_no_predicates(read: Read) -> None:
    (entry,) = read(
        triples,
        "Source,Target,Type,Id,Label,Weight\nMerkel,Macron,Directed,0,met,1\n"
        "Merkel,Paris,Undirected,1,,2\n7,8,Directed,2,,1\nMerkel,CDU,led,3,,1\n",
    )
    found = triples.parse(entry.raw)
    assert statements(found) == [
        ("Merkel", "met", "Macron"),
        ("Merkel", "related to", "Paris"),
        ("Merkel", "led", "CDU"),
    ]
    assert [fault.reason for fault in found.faults] == [
        "row 3 of this article: its ends are numbers of nodes; write their names instead"
    ]
    with pytest.raises(RecordError, match="numbers of nodes"):
        triples.parse(b"Source,Target,Type\n1,2,Directed\n")
    # A predicate, after all.
    found = triples.parse(b"subject,predicate,object\nKubrick,Directed,Spartacus\n")
    assert statements(found) == [("Kubrick", "Directed", "Spartacus")]


MET = {"subject": "Fabius", "predicate": "chairs", "object": "COP21"}


@pytest.mark.parametrize(
    "written",
    [
        MET,
        [MET],
        {"subject": "Fabius", "relation": "chairs", "object": "COP21"},
        {"head": "Fabius", "relation": "chairs", "tail": "COP21", "score": 0.5},
        {"text": "Fabius chairs COP21.", "triples": [MET]},
        {"text": "Fabius chairs COP21.", "triples": [["Fabius", "chairs", "COP21"]]},
        [{"text": "Fabius chairs COP21.", "relations": [MET], "entities": []}],
        {"triplets": [{"subject": {"name": "Fabius"}, "relation": "chairs", "object": "COP21"}]},
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_statements_in_json(read: Read, written: Any, indent: int | None) -> None:
    (entry,) = read(triples, json.dumps(written, indent=indent))
    found = triples.parse(entry.raw)
    assert statements(found) == [("Fabius", "chairs", "COP21")]
    assert found.faults == []
    document = written[0] if isinstance(written, list) else written
    assert found.article.text == document.get("text")


def test_statements_on_lines_are_brought_together_by_article(read: Read) -> None:
    lines = [
        {**MET, "url": "https://example.org/a", "title": "Talks", "subject_type": "PER"},
        {**MET, "url": "https://example.org/b", "object": 21, "confidence": 0.5},
        {**MET, "url": "https://example.org/a", "evidence": "Fabius chairs it."},
    ]
    text = "\n".join([*map(json.dumps, lines), '{"subject": '])
    first, broken, second = sorted(
        (each for each in read(triples, text)), key=lambda each: (each.line != 1, -each.line)
    )
    with pytest.raises(RecordError):
        triples.parse(broken.raw)
    found = triples.parse(first.raw)
    assert (found.article.url, found.article.title) == ("https://example.org/a", "Talks")
    assert len(found.article.relations) == 2
    assert entities(found)[0] == ("PER", "Fabius")
    assert found.article.relations[1].evidence[0].text == "Fabius chairs it."
    (relation,) = triples.parse(second.raw).article.relations
    assert (relation.value, relation.datatype, relation.confidence) == ("21", "number", 0.5)


def test_documents_of_statements() -> None:
    document = {
        "id": "d1",
        "text": "Fabius chairs COP21 in Paris.",
        "entities": [{"text": "COP21", "type": "Event", "start": 14, "end": 19}, "Paris", 7, {}],
        "triples": [
            MET,
            ["COP21", "in", "Paris"],
            ["a", "b"],
            7,
            {"subject": "x", "predicate": "y"},
        ],
    }
    found = triples.parse(json.dumps(document).encode())
    assert statements(found) == [("Fabius", "chairs", "COP21"), ("COP21", "in", "Paris")]
    assert ("Event", "COP21") in entities(found)
    assert [(each.start, each.end) for each in found.article.entities[0].mentions] == [(14, 19)]
    assert [fault.reason for fault in found.faults] == [
        "entities[3]: has no words",
        "triples[2]: it has no object",
        "triples[3]: it is no statement",
        "triples[4]: it has no object",
    ]
    assert triples.parse(b'{"text": "Nothing.", "triples": []}').article.relations == []
    for raw in (b"[]", b'{"triples": []}'):
        with pytest.raises(RecordLeftOut):
            triples.parse(raw)
    for raw in (b"{}", b'{"text": "Paris"}', b'{"triples": [1]}', b"[[[[]]]]", b"[" * 100_000):
        with pytest.raises(RecordError) as caught:
            triples.parse(raw)
        assert not isinstance(caught.value, RecordLeftOut)


TRIPLE = {"subject": "Mary Robinson", "predicate": "visited", "object": "Goma"}
ROBINSON = "Mary Robinson visited Goma. Jean Kambanda did not."


@pytest.mark.parametrize(
    "given",
    [
        {"PER": ["Mary Robinson", "Jean Kambanda"], "LOC": ["Goma"], "ORG": [], "MISC": None},
        {"PER": [{"text": "Mary Robinson"}, {"name": "Jean Kambanda"}], "LOC": [{"name": "Goma"}]},
        {"PER": [[0, 13], ["Jean Kambanda", 28, 41]], "LOC": "Goma"},
        {"Mary Robinson": "PER", "Jean Kambanda": "PER", "Goma": "LOC"},
        {"Mary Robinson": {"type": "PER"}, "Jean Kambanda": {"label": "PER"}, "Goma": {"type": "LOC"}},
        {"Mary Robinson": ["PER", "AGENT"], "Jean Kambanda": ["PER"], "Goma": ["LOC"]},
        {
            "e1": {"name": "Mary Robinson", "type": "PER"},
            "e2": {"name": "Jean Kambanda", "type": "PER"},
            "e3": {"text": "Goma", "label": "LOC"},
        },
        [
            {"name": "Mary Robinson", "label": "PER"},
            {"text": "Jean Kambanda", "type": "PER"},
            {"id": "Goma", "type": "LOC"},
        ],
        [["Mary Robinson", "PER"], ["Jean Kambanda", "PER"], ["Goma", "LOC"]],
        [["PER", "Mary Robinson"], ["PER", "Jean Kambanda"], ["LOC", "Goma"]],
        [{"PER": ["Mary Robinson", "Jean Kambanda"]}, {"LOC": ["Goma"]}],
    ],
    ids=[
        "names by label", "objects by label", "spans by label", "types by name", "objects by name",
        "lists of types by name", "objects by id", "a list of objects", "pairs", "pairs turned round",
        "a list of lists by label",
    ],
)  # fmt: skip
def test_entities_beside_statements_give_the_types(given: Any) -> None:
    document = {"text": ROBINSON, "entities": given, "relations": [TRIPLE]}
    found = triples.parse(json.dumps(document).encode())
    assert found.faults == []
    assert sorted(entities(found)) == [
        ("LOC", "Goma"),
        ("PER", "Jean Kambanda"),
        ("PER", "Mary Robinson"),
    ]
    assert statements(found) == [("Mary Robinson", "visited", "Goma")]
    # Without a text the statements alone tell the names.
    del document["text"]
    found = triples.parse(json.dumps(document).encode())
    assert {name for _, name in entities(found)} >= {"Mary Robinson", "Goma"}


def test_fields_of_a_document_that_are_not_read_are_counted() -> None:
    document = {
        "id": 7,
        "title": "Visit",
        "triples": [TRIPLE],
        "nodes": ["Ana"],
        "relations": {"a": 1},
    }
    found = triples.parse(json.dumps({**document, "model": None, "entities": []}).encode())
    assert found.notes.unknown_fields == {"nodes": 1, "relations": 1}
    assert found.article.title == "Visit"


@pytest.mark.parametrize("ids", [("e1", "e2"), (1, 2), ("Goma", "e2")])
def test_the_ends_of_statements_may_be_ids_of_entities(ids: tuple[Any, Any]) -> None:
    given = [
        {"id": ids[0], "name": "Mary Robinson", "type": "PER"},
        {"id": ids[1], "name": "Goma", "type": "LOC"},
    ]
    triple = {"subject": ids[0], "relation": "visited", "object": ids[1]}
    found = triples.parse(json.dumps({"entities": given, "relations": [triple]}).encode())
    # What is the name of one is no id of another.
    subject = "Goma" if ids[0] == "Goma" else "Mary Robinson"
    assert statements(found) == [(subject, "visited", "Goma")]
    assert entities(found) == [("PER", "Mary Robinson"), ("LOC", "Goma")]


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        ({"Kigali": "Butare"}, ["['Kigali']: nothing tells which of 'Kigali' and 'Butare' is"]),
        # Words of the text, neither of which a statement is about.
        ({"visited": "Kambanda"}, ["['visited']: nothing tells which of 'visited' and 'Kambanda' is"]),
        ([["Kigali", "Butare"]], ["[0]: nothing tells which of 'Kigali' and 'Butare' is"]),
        (
            {"PER": [["Ana", "Bob"], [0, 99], "", {"start": 3}]},
            [
                "['PER'][0]: expected a name, an object or a span",
                "['PER'][1]: 0-99 is not a span of the text",
                "['PER'][2]: has no words",
                "['PER'][3]: has no words",
            ],
        ),
        ({"PER": 7}, ["['PER']: expected a list of names, a type or an object"]),
        ("Ana, Bob", [": expected a list or an object, got str"]),
    ],
)  # fmt: skip
def test_an_entity_that_is_not_certain_is_a_fault(given: Any, reasons: list[str]) -> None:
    document = {"text": ROBINSON, "entities": given, "relations": [TRIPLE]}
    found = triples.parse(json.dumps(document).encode())
    for fault, reason in zip(found.faults, reasons, strict=True):
        assert fault.reason.startswith(f"entities{reason}")
    assert [name for _, name in entities(found)] == ["Mary Robinson", "Goma"]


@given(value=st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
    | st.sampled_from(["subject", "Fabius"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["text", "triples", "entities", "subject", "predicate", "object", "start", "confidence",
             "evidence", "url", "value", "type", "name", "published"]
        ), inner),
))  # fmt: skip
def test_any_json_gives_statements_or_a_reason(value: Any) -> None:
    with suppress(RecordError):
        found = triples.parse(json.dumps(value).encode())
        known = {each.id for each in found.article.entities}
        assert {each.subject for each in found.article.relations} <= known


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
        ("TACRED", [{"token": ["a"], "relation": "x", "subj_start": 0, "obj_start": 0}]),
        ("Azure", {"documents": [_AZURE], "errors": []}),
        ("Azure", {"results": {"documents": [_AZURE]}}),
        ("Spotlight", {"@text": "Paris", "Resources": [{"@URI": "x:y", "@offset": "0"}]}),
        ("Watson", {"usage": {"text_units": 1}, "entities": [
            {"type": "Location", "text": "Paris", "relevance": 0.9, "count": 1}]}),
        ("Argilla", {"id": "1", "status": "x", "fields": {"text": "a"}, "suggestions": {},
                     "responses": {}}),
        ("Argilla", {"id": "1", "text": "a", "prediction": [], "annotation": [], "status": "x",
                     "annotation_agent": None, "prediction_agent": None}),
        ("spaCy 2", [{"id": 0, "paragraphs": [{"sentences": [{"tokens": [{"orth": "a"}]}]}]}]),
        ("statements of FollowTheMoney",
         {"id": "a", "canonical_id": "b", "prop": "name", "schema": "Person", "value": "x"}),
        ("statements of FollowTheMoney", "canonical_id,prop,schema,value\na,name,Person,x\n"),
        ("table of GraphRAG", "id,human_readable_id,title,type\na,0,PARIS,GEO\n"),
        ("table of GraphRAG", "id,human_readable_id,source,target,description\na,0,P,Q,d\n"),
        ("CoNLL-U", "# text = Paris\n1\tParis" + "\t_" * 7 + "\tSpaceAfter=No|NER=B-LOC\n"),
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
