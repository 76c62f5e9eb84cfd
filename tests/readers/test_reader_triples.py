"""The reader of statements: rows of subject, predicate and object, in tables and in JSON."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.errors import InputError, RecordError, RecordLeftOut
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.triples import reader as triples
from datasette_newsgraph.readers.source import Entry, Source
from tests.readers.rows_of_tables import entities, example_of

Read = Callable[..., list[Entry]]


def statements(parsed: Parsed) -> list[tuple[Any, ...]]:
    names = {each.id: each.name for each in parsed.article.entities}
    return [
        (names[each.subject], each.predicate, names[each.object] if each.object else each.value)
        for each in parsed.article.relations
    ]


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
        "row 3 of this article: its ends are numbers of nodes; give the folder that has the table of"
        " nodes, too, or write their names instead"
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


def test_the_number_of_an_entity_is_not_taken_for_its_name() -> None:
    document = {
        "entities": [{"name": "Fabius", "type": "Person"}, {"name": "COP21", "type": "Event"}],
        "relations": [MET, {"subject": 0, "predicate": "chairs", "object": 1}],
    }
    found = triples.parse(json.dumps(document).encode())
    assert statements(found) == [("Fabius", "chairs", "COP21")]
    assert [each.reason for each in found.faults] == [
        "relations[1]: its subject 0 is no name; write that of the entity"
    ]


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
