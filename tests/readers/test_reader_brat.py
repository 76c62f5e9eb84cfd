"""The reader of brat: pairs of a text and its annotations, and folders of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from datasette_newsgraph.anchoring import anchor
from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.formats.brat import reader as brat
from datasette_newsgraph.readers.formats.brat.standoff import read_standoff
from datasette_newsgraph.readers.limits import Limit
from tests.cost import steps_of
from tests.readers.annotations import cut, entity, names, read, reasons, spans, statements

NEWS = "Paul Kagame opened the summit in Kigali. He and the AU chair met.\n"


def annotated(*annotations: str, text: str | None = NEWS) -> Parsed:
    pair = {"name": "a", "txt": text, "ann": "\n".join(annotations) + "\n"}
    return brat.parse(json.dumps(pair).encode())


T1, T2 = "T1\tPerson 0 11\tPaul Kagame", "T2\tCity 33 39\tKigali"


T3 = "T3\tOpening 12 18\topened"


def test_brat_relation() -> None:
    found = annotated("R1\tSpoke Arg2:T2 Arg1:T1\t", T1, T2)
    assert statements(found) == [("Kigali", "Spoke", "Paul Kagame")]


def test_brat_events() -> None:
    found = annotated(T1, T2, T3, "E1\tOpening:T3 Who:T1 Place2:T2 Place:T9", "E2\tMeet:T8")
    event = entity(found, "opened")
    assert (event.type, event.local) == ("Opening", True)
    assert statements(found) == [
        ("opened", "Who", "Paul Kagame"),
        ("opened", "Place", "Kigali"),
    ]
    assert [each.text for each in found.article.relations[0].evidence] == ["opened"]
    assert reasons(found) == [
        "line 5: trigger T8 is no annotation of this text",
        "line 4: Place T9 is no annotation of this text",
    ]


def test_brat_event_in_an_event() -> None:
    found = annotated(T1, "E1\tMeeting:T4 Cause:E2", T3, "E2\tOpening:T3", "T4\tMeeting 61 64\tmet")
    assert statements(found) == [("met", "Cause", "opened")]


def test_brat_fragments() -> None:
    text = "North and South America\nUnited\nNations"
    found = annotated(
        "T1\tPlace 0 5;16 23\tNorth America",
        "T2\tPlace 10 23\tSouth America",
        # What brat makes of a span over the end of a line.
        "T3\tOrg 24 30;31 38\tUnited Nations",
        text=text,
    )
    assert names(found) == [
        ("Place", "North America"),
        ("Place", "South America"),
        ("Org", "United Nations"),
    ]
    assert spans(found) == [
        (0, 5, "North"),
        (16, 23, "America"),
        (10, 23, "South America"),
        (24, 38, "United Nations"),
    ]


OVER_LINES = "Ana: first words\r\n\r\nG20 summit. Bo"
SECOND = "T2\tPerson 33 35\tBo"


@pytest.mark.parametrize(
    ("text", "lines_of_words", "span"),
    [
        (
            OVER_LINES,
            ["first words\r", "\r", "G20 summit"],
            (5, 30, "first words\r\n\r\nG20 summit"),
        ),
        # The annotations may have other ends of lines than the text.
        (OVER_LINES, ["first words", "", "G20 summit"], (5, 30, "first words\r\n\r\nG20 summit")),
        (
            OVER_LINES.replace("\r", ""),
            ["first words", "", "G20 summit"],
            (5, 28, "first words\n\nG20 summit"),
        ),
        # Blanks at the edges, too.
        ("Ana: a\nb\n\nBo", ["a", "b", ""], (5, 9, "a\nb\n")),
        # Nothing but the length tells, where there is no text.
        (None, ["first words", "", "G20 summit"], (5, 28, "first words\n\nG20 summit")),
        (None, ["first words\r", "\r", "G20 summit\r"], (5, 30, "first words\r\n\r\nG20 summit")),
    ],
)
def test_brat_words_over_the_end_of_a_line(
    text: str | None, lines_of_words: list[str], span: tuple[int, int, str]
) -> None:
    first, *others = lines_of_words
    second = SECOND
    if text is not None:
        second = f"T2\tPerson {text.index('Bo')} {len(text)}\tBo"
    found = annotated(f"T1\tName {span[0]} {span[1]}\t{first}", *others, second, "x", text=text)
    assert not [each for each in spans(found) if each[2] == first]
    assert spans(found)[0] == span
    assert len(spans(found)) == 2
    assert found.article.entities[0].name == " ".join(span[2].split())
    assert (
        anchor(found.article)
        .spans.keys()
        .isdisjoint(() if text is None else map(id, found.article.entities[0].mentions))
    )
    # The number of a line is that of the file.
    number = len(lines_of_words) + 2
    assert reasons(found) == [f"line {number}: does not begin with the id of an annotation"]


@pytest.mark.parametrize(
    ("first", "others"),
    [
        # An annotation is none of the words, nor is the end of the file.
        ("T1\tName 5 36\tfirst words", [SECOND]),
        ("T1\tName 5 17\tfirst words", []),
        ("T1\tName 5 17\tfirst words", [SECOND, ""]),
        ("T1\tName 5 9\tfirst words", [SECOND]),
        # As long as nothing is, in numbers that nobody may count to.
        (f"T1\tName 5 {10**17}\tfirst words", [SECOND]),
    ],
)
def test_brat_words_that_end_with_their_line(first: str, others: list[str]) -> None:
    for text in (None, "Ana: first words. Another Bo told."):
        found = annotated(first, *others, text=text)
        assert {each[2] for each in spans(found)} == {"first words", *(["Bo"] if others else [])}
        assert not found.faults


def test_brat_words_that_may_go_on_are_looked_at_once() -> None:
    def steps(count: int) -> int:
        written = "\n".join(["T1\tName 0 900\tword", "x"] * count)
        return steps_of(lambda: read_standoff(written, None))

    assert steps(400) < 4.5 * steps(100)


def test_brat_fragments_whose_words_cannot_be_told_apart() -> None:
    line = "T1\tPlace 0 5;16 23\tNorth ... America"
    text = "North and South America"
    assert spans(annotated(line, text=text)) == [(0, 5, None), (16, 23, None)]
    assert spans(annotated(line, text=None)) == [(None, None, "North ... America")]
    bare = annotated("T1\tPlace 0 5;16 23", text=text)
    assert names(bare) == [("Place", "North America")]


def test_brat_equivalences() -> None:
    found = annotated(
        T1,
        "T2\tPerson 41 43\tHe",
        "T3\tPerson 48 60\tthe AU chair",
        "*\tCoreference T1 T2 T3 T9",
        "*\tCoreference T1 T3",
        "*\tCoreference T1",
    )
    assert len(found.article.entities) == 3
    assert entity(found, "Paul Kagame").aliases == ["the AU chair"]
    assert statements(found) == [
        ("Paul Kagame", "Coreference", "He"),
        ("Paul Kagame", "Coreference", "the AU chair"),
    ]
    assert reasons(found) == [
        "line 6: an equivalence needs two annotations",
        "line 4: Coreference T9 is no annotation of this text",
    ]


def test_brat_attributes() -> None:
    found = annotated(
        T1,
        T2,
        T3,
        "E1\tOpening:T3 Who:T1",
        "R1\tVisited Arg1:T1 Arg2:T2",
        "R2\tFled Arg1:T1 Arg2:T2",
        "A1\tNegation E1",
        "M2\tConfidence E1 Low",
        "A3\tNegation R2",
        "A4\tConfidence R1 High",
        "A5\tNegation E7",
    )
    assert statements(found) == [
        ("opened", "Who", "Paul Kagame"),
        ("Paul Kagame", "Visited", "Kigali"),
        ("opened", "Negation", True),
        ("opened", "Confidence", "Low"),
    ]
    # What is negated is in order, and not stated.
    assert reasons(found) == ["line 11: E7 is no annotation of this text"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("N1\tReference T2 Wikidata:Q3859\tKigali", ["http://www.wikidata.org/entity/Q3859"]),
        (
            "N1\tReference T2 Wikipedia:1234\tKigali City",
            ["https://en.wikipedia.org/wiki/Kigali_City"],
        ),
        ("N1\tReference T2 GeoNames:202061\tKigali", ["https://sws.geonames.org/202061/"]),
        ("N1\tReference T2 http://example.org/k", ["http://example.org/k"]),
        ("N1\tReference T2 DBpedia:http://dbpedia.org/resource/Kigali", None),
        ("#1\tAnnotatorNotes T2\thttps://example.org/k", ["https://example.org/k"]),
        ("#1\tAnnotatorNotes T2\tnot sure", []),
        ("N1\tReference T2 Wikidata:{0}", []),
        ("N1\tReference T2 Wikipedia:1234", []),
        ("N1\tReference T2 ISNI:1", []),
        ("N1\tReference T2 UniProt:P1", []),
        ("N1\tReference T2", []),
        ("N1\t", []),
        ("#1\t", []),
    ],
)
def test_brat_normalisations(line: str, expected: list[str] | None) -> None:
    found = annotated(T1, T2, line)
    if expected is None:
        expected = ["http://dbpedia.org/resource/Kigali"]
    assert entity(found, "Kigali").same_as == expected
    assert not found.faults


def test_brat_faults_tell_the_line() -> None:
    found = annotated(
        "\ufeff" + T1,
        "",
        "T1\tCity 33 39\tKigali",
        "T5\tCity thirty 39\tKigali",
        "T6\tCity 39 33",
        "T7\tCity 900 933",
        "T8\tCity 3 9;5 12\tabc",
        "R1\tSpoke Arg1:T1",
        "R2\tSpoke Arg1:T1 T2",
        "R3\t",
        "E1\t",
        "A1\tNegation",
        "X1\tSomething",
        "nonsense",
        "T9",
    )
    assert names(found) == [("Person", "Paul Kagame")]
    assert sorted(reasons(found), key=lambda each: int(each.split(":")[0][5:])) == [
        "line 3: T1 was there before",
        "line 4: a span needs a type, a start and an end",
        "line 5: 39-33 is not a span of the text (66 long)",
        "line 6: 900-933 is not a span of the text (66 long)",
        "line 7: the fragments of a span must follow one another",
        "line 8: a relation needs two arguments",
        "line 9: a part of the relation is not of the form Role:T1",
        "line 10: a relation needs two arguments",
        "line 11: a part of the event is not of the form Role:T1",
        "line 12: an attribute needs a name and an annotation",
        "line 13: X1 is no annotation that newsgraph knows",
        "line 14: does not begin with the id of an annotation",
        "line 15: does not begin with the id of an annotation",
    ]


def test_brat_either_file_of_a_pair(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"Paul Kagame\r\nspoke in Kigali.")
    (tmp_path / "a.ann").write_bytes(b"T1\tPerson 0 11\tPaul Kagame\r\nT2\tCity 22 28\tKigali\r\n")
    (by_text,) = cut("brat", tmp_path / "a.txt")
    (by_annotations,) = cut("brat", tmp_path / "a.ann")
    assert by_text == by_annotations
    found = brat.parse(by_text.raw)
    text = found.article.text or ""
    assert [text[start:end] for start, end, _ in spans(found)] == ["Paul Kagame", "Kigali"]
    (tmp_path / "a.txt").unlink()
    (alone,) = read("brat", tmp_path / "a.ann")
    assert alone.article.text is None
    assert spans(alone) == spans(found)


def test_brat_folder(tmp_path: Path) -> None:
    (tmp_path / "b" / "deep").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for stem in ("z", "b/deep/y", ".git/x"):
        (tmp_path / f"{stem}.ann").write_text(f"{T1}\n")
        (tmp_path / f"{stem}.txt").write_text(NEWS)
    (tmp_path / "README.txt").write_text("Not annotated.")
    (tmp_path / "c.ann").write_text("T1\tPerson 0 11\tPaul Kagame")
    (tmp_path / "d.ann").write_bytes(b"T1\tPerson 0 11\t\xff")
    folder = Folder(tmp_path)
    found = list(brat.entries(folder))
    assert [each.line for each in found] == [1, 2, 3, 4]
    assert found[2].fault == "d.ann is not UTF-8: byte 16"
    assert folder.sha256 is not None
    parsed = [brat.parse(each.raw) for each in found if each.fault is None]
    assert [each.local_ids for each in parsed] == [("b/deep/y", "y"), ("c",), ("z",)]
    assert [each.article.text for each in parsed] == [NEWS, None, NEWS]


def test_brat_where_tabs_became_blanks() -> None:
    found = annotated(
        "T1      Person 0 11     Paul Kagame", "T2  City 33 39", "R1  In Arg1:T1 Arg2:T2"
    )
    assert statements(found) == [("Paul Kagame", "In", "Kigali")]


def test_brat_spans_that_are_no_names() -> None:
    text = "word " * 1000
    found = annotated(
        "T1\tX 0 5000",
        f"T2\tX 0 2500\t{text[:2500]}",
        "T3\tX 0 2000;2005 4000",
        "T4\tX 0 4",
        "E1\tX:T1 A:T4",
        text=text,
    )
    assert names(found) == [("X", "word")]
    assert [each.split(": ", 1)[1] for each in reasons(found)] == (
        ["its words are too many for a name"] * 3
    )


def test_brat_empty() -> None:
    assert annotated("").article.text == NEWS
    with pytest.raises(RecordError, match="no entities in it"):
        annotated("", text="")


def test_folder(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"12345")
    folder = Folder(tmp_path)
    assert folder.names == ("a.csv",)
    assert folder.read("a.csv") == b"12345"
    assert (folder.head(9), folder.position(), folder.name) == (b"", 0, tmp_path.name)
    folder.close()
    with pytest.raises(InputError, match="longer"):
        Folder(tmp_path, Limit(4)).read("a.csv")
    with pytest.raises(InputError, match="has no file"):
        folder.read("../a.csv")
    (tmp_path / "a.csv").unlink()
    with pytest.raises(InputError, match="No such file"):
        folder.read("a.csv")
    with pytest.raises(InputError, match="check the folder's name"):
        Folder(tmp_path / "none")
