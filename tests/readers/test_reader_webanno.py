"""The reader of WebAnno TSV 3, by small documents in it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.anchoring import anchor
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.webanno import cells, reader
from datasette_newsgraph.readers.source import Source
from tests.cost import steps_of
from tests.readers.annotations import entity, names, reasons, spans, statements

NE = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
SPAN, SLOT = "webanno.custom.Span", "webanno.custom.Frame"


def document(header: str, body: str, version: str = "3.3") -> Parsed:
    """Parse a document whose cells stand apart by two blanks; a line of words begins a sentence."""
    lines = [f"#FORMAT=WebAnno TSV {version}", *header.split("\n"), "", ""]
    for line in dedent(body).strip("\n").split("\n"):
        lines.append(line if line.startswith("#") else "\t".join(line.split("  ")) + "\t")
    return reader.parse("\n".join(lines).encode())


def passed_over(parsed: Parsed) -> dict[str, int]:
    return dict(parsed.notes.passed_over)


# Spans --------------------------------------------------------------------------------------------


def test_names_over_several_tokens_on_each_other_and_over_a_sentence() -> None:
    found = document(
        f"#T_SP={NE}|value",
        """
        #Text=The Bank of England raised
        1-1  0-3  The  _
        1-2  4-8  Bank  ORG[1]
        1-3  9-11  of  ORG[1]
        1-4  12-19  England  ORG[1]|LOC[2]
        1-5  20-26  raised  EVENT[3]

        #Text=rates.
        2-1  27-32  rates  EVENT[3]
        2-2  32-33  .  _
        """,
    )
    assert found.article.text == "The Bank of England raised rates."
    assert names(found) == [
        ("ORG", "Bank of England"),
        ("LOC", "England"),
        ("EVENT", "raised rates"),
    ]
    assert spans(found) == [
        (4, 19, "Bank of England"),
        (12, 19, "England"),
        (20, 32, "raised rates"),
    ]


def test_a_part_of_a_token() -> None:
    found = document(
        f"#T_SP={NE}|value",
        """
        #Text=US-Dollar pro Barrel
        1-1  0-9  US-Dollar  _
        1-1.1  0-2  US  LOC
        1-2  10-13  pro  _
        1-3  14-20  Barrel  _
        """,
    )
    assert spans(found) == [(0, 2, "US")]


def test_a_number_that_comes_again_in_another_place_is_another_span() -> None:
    """Some programs count from 1 in each sentence."""
    found = document(
        f"#T_SP={NE}|value\n#T_RL=webanno.custom.Rel|label|BT_{NE}",
        """
        #Text=Oslo met.
        1-1  0-4  Oslo  LOC[1]  _  _
        1-2  5-8  met  _  _  _
        1-3  8-9  .  _  _  _
        #Text=Kofi Annan left Oslo.
        2-1  10-14  Kofi  PER[1]  _  _
        2-2  15-20  Annan  PER[1]  _  _
        2-3  21-25  left  _  _  _
        2-4  26-30  Oslo  LOC[2]  left  2-1[1_2]
        """,
    )
    assert names(found) == [("LOC", "Oslo"), ("PER", "Kofi Annan")]
    assert statements(found) == [("Kofi Annan", "left", "Oslo")]


@pytest.mark.parametrize(
    ("features", "cell", "label", "same_as"),
    [
        ("identifier|value", r"http://www.wikidata.org/entity/Q585\tLOC", "LOC", "Q585"),
        ("identifier|value", r"Q585\t*", "Thing", "Q585"),
        ("identifier|value", r"*\tcity\_state\|x", "city_state|x", None),
        ("value", "*", "Thing", None),
    ],
)
def test_values(features: str, cell: str, label: str, same_as: str | None) -> None:
    cell = cell.replace("\\t", "  ", 1)
    found = document(f"#T_SP={NE}|{features}", f"#Text=Oslo\n1-1  0-4  Oslo  {cell}")
    only = found.article.entities[0]
    assert only.type == label
    assert only.same_as == ([f"http://www.wikidata.org/entity/{same_as}"] if same_as else [])


@pytest.mark.parametrize(
    ("layer", "cells_", "label"),
    [
        (f"{SPAN}|", "*", "Span"),
        ("webanno.custom.Person|", "*", "Person"),
        ("webanno.custom.PHI|kind", "NAME", "NAME"),
        ("webanno.custom.Mood|polarity", "negative", "negative"),
        ("webanno.custom.Mood|certain|polarity", "yes  negative", "Mood"),
    ],
)
def test_layers_of_a_project(layer: str, cells_: str, label: str) -> None:
    found = document(f"#T_SP={layer}", f"#Text=Oslo\n1-1  0-4  Oslo  {cells_}")
    assert names(found) == [(label, "Oslo")]


def test_layers_of_grammar_and_features_of_no_use_are_counted() -> None:
    found = document(
        "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue|coarseValue\n"
        f"#T_SP={NE}|value|note\n"
        "#T_RL=webanno.custom.Rel|label|BT_de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token",
        """
        #Summary1=(human1) It rains.
        #Text=Oslo rained
        1-1  0-4  Oslo  NNP  *  LOC  sure  _  _
        1-2  5-11  rained  VBD  *  _  _  nsubj  1-1
        """,
    )
    assert passed_over(found) == {
        "Summary": 1,
        "POS": 2,
        "NamedEntity note": 1,
        "relations of words that are not annotated": 1,
    }


# The text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "lines", "text"),
    [
        ("3.3", ["Oslo met", "Bergen"], "Oslo met\nBergen"),
        ("3.3", [r"C:\\new \"Oslo\""], 'C:\\new \\"Oslo\\"'),
        ("3.2", [r"Oslo\tmet\r"], "Oslo\tmet\r"),
        ("3.0", [r"Oslo \"met\" \u00e9"], 'Oslo "met" é'),
    ],
)
def test_escapes_of_the_text(version: str, lines: list[str], text: str) -> None:
    given_ = "\n".join(f"#Text={each}" for each in lines)
    raw = f"#FORMAT=WebAnno TSV {version}\n\n\n{given_}\n1-1\t0-4\tOslo\t\n"
    assert reader.parse(raw.encode()).article.text == text


def test_what_is_between_sentences_is_blank() -> None:
    found = document(
        f"#T_SP={NE}|value",
        "#Text=Oslo.\n1-1  2-6  Oslo  LOC\n1-2  6-7  .  _\n#Text=Rome\n2-1  10-14  Rome  LOC",
    )
    assert found.article.text == "  Oslo.   Rome"
    assert spans(found) == [(2, 6, "Oslo"), (10, 14, "Rome")]
    assert found.is_joined


def test_sentences_without_their_text() -> None:
    found = document(f"#T_SP={NE}|value", "1-1  0-4  Oslo  LOC\n1-2  5-8  met  _\n1-3  8-9  .  _")
    assert found.article.text == "Oslo met."


@pytest.mark.parametrize(("unit", "width"), [("UTF-16", 2), ("code points", 1)])
def test_offsets_in_utf16_and_in_code_points(unit: str, width: int) -> None:
    start = width + 1
    body = f"#Text=🌍 Oslo\n1-1  0-{width}  🌍  _\n1-2  {start}-{start + 4}  Oslo  LOC"
    found = document(f"#T_SP={NE}|value", body)
    assert found.unit == unit
    anchor(found.article, found.unit)
    assert found.article.entities[0].mentions[0].text == "Oslo"


def test_offsets_that_cannot_be_are_a_fault() -> None:
    found = document(
        f"#T_SP={NE}|value",
        "#Text=Oslo\n1-1  0-4  Oslo  LOC\n#Text=Rome\n2-1  999999999999-999999999999  Rome  LOC",
    )
    assert found.article.text == "Oslo Rome"
    assert reasons(found) == ["offsets: 1 sentences do not stand behind those before them"]


# What is one thing --------------------------------------------------------------------------------


def test_a_chain_is_one_entity_with_the_name_that_is_one() -> None:
    found = document(
        f"#T_SP={NE}|value\n#T_CH=de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink"
        "|referenceType|referenceRelation",
        """
        #Text=The president said Maia Sandu's plan is hers .
        1-1  0-3  The  _  nom[1]  coref->1-1
        1-2  4-13  president  _  nom[1]  coref->1-1
        1-3  14-18  said  _  _  _
        1-4  19-23  Maia  PER[7]  nam[1]  *->1-2
        1-5  24-29  Sandu  PER[7]  nam[1]  *->1-2
        1-6  29-31  's  _  _  _
        1-7  32-36  plan  _  nom[2]  *->2-1
        1-8  37-39  is  _  _  _
        1-9  40-44  hers  _  pro[1]  *->1-3
        """,
    )
    sandu = entity(found, "Maia Sandu")
    assert (sandu.type, sandu.local, sandu.aliases) == ("PER", False, [])
    assert [each.text for each in sandu.mentions] == ["The president", "Maia Sandu"]
    assert [(each.name, each.local) for each in found.article.entities] == [
        ("Maia Sandu", False),
        ("plan", True),
    ]


REFERENT = (
    "#T_SP=webanno.custom.Referent|entity|identity\n"
    "#T_RL=webanno.custom.Coref|type|BT_webanno.custom.Referent"
)


def test_relations_of_coreference_in_gum() -> None:
    found = document(
        REFERENT,
        """
        #Text=Wellington was shut as the city flooded ; it dried , they say
        1-1  0-10  Wellington  place[1]  Wellington[1]  coref  1-5[2_1]
        1-2  11-14  was  _  _  _  _
        1-3  15-19  shut  _  _  _  _
        1-4  20-22  as  _  _  _  _
        1-5  23-26  the  place[2]  _  ana  1-9[3_2]
        1-6  27-31  city  place[2]  _  _  _
        1-7  32-39  flooded  event  _  bridge:def  1-1[1_0]
        1-8  40-41  ;  _  _  _  _
        1-9  42-44  it  place[3]  _  _  _
        1-10  45-50  dried  _  _  _  _
        1-11  51-52  ,  _  _  _  _
        1-12  53-57  they  person[4]  _  _  _
        """,
        version="3.2",
    )
    city = entity(found, "Wellington")
    assert (city.type, len(city.mentions), city.local) == ("place", 2, False)
    assert city.same_as == ["https://en.wikipedia.org/wiki/Wellington"]
    assert entity(found, "flooded").local
    assert statements(found) == [("Wellington", "bridge:def", "flooded")]
    assert passed_over(found) == {"pronouns in coreference chains": 2}


def test_roles_are_relations_of_a_local_entity() -> None:
    found = document(
        f"#T_SP={SLOT}|FE|ROLE_{SLOT}:Roles_webanno.custom.FrameRolesLink|{NE}\n#T_SP={NE}|value",
        """
        #Text=Oslo sold ships to Kyiv
        1-1  0-4  Oslo  _  _  _  LOC
        1-2  5-9  sold  trade  seller;*;goods  1-1;1-5[4];1-3  _
        1-3  10-15  ships  _  _  _  THING
        1-4  16-18  to  _  _  _  _
        1-5  19-23  Kyiv  _  _  _  LOC[4]
        """,
    )
    trade = entity(found, "sold")
    assert (trade.type, trade.local) == ("trade", True)
    assert statements(found) == [
        ("sold", "seller", "Oslo"),
        ("sold", "Roles", "Kyiv"),
        ("sold", "goods", "ships"),
    ]
    assert found.article.relations[0].evidence[0].text == "sold"


# Files and damage ---------------------------------------------------------------------------------


def test_files_that_were_put_one_behind_the_other(tmp_path: Path) -> None:
    one = "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=Oslo\n1-1\t0-4\tOslo\t\n"
    path = tmp_path / "a.tsv"
    path.write_text(one + "\ufeff" + one.replace("Oslo", "Rome"))
    with closing(Source(path)) as source:
        found = [reader.parse(each.raw) for each in reader.entries(source)]
    assert [each.article.text for each in found] == ["Oslo", "Rome"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (
            "#FORMAT=WebAnno TSV 2\n",
            "is WebAnno TSV 2, and only version 3 is read; export it again",
        ),
        ("#FORMAT=WebAnno TSV 3.3\n\n\n", "it has no line with a token"),
        ("1-1\t0-4\tOslo\t\n", "the first line does not begin with #FORMAT=WebAnno TSV"),
    ],
)
def test_what_is_no_document(raw: str, reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        reader.parse(raw.encode())


def test_faults_name_the_line_or_the_token() -> None:
    found = document(
        f"#T_SP={NE}|value\n#T_RL=webanno.custom.Rel|label|BT_{NE}",
        "#Text=Oslo met\n1-1  0-4  Oslo  LOC  met  9-9[7_0]\nmore words\n1-2  5-8  met",
    )
    assert reasons(found) == [
        "line 8: is no token with its offsets",
        "line 9: has fewer columns than 6",
        "token 1-1: '9-9[7_0]' is no annotation of this text",
    ]


CELL = st.text(st.sampled_from("a_*[]|;\\->1-2.tn"), max_size=8)


@given(values=st.lists(st.lists(CELL, min_size=6, max_size=6), max_size=5))
def test_no_cell_is_more_than_a_fault(values: list[list[str]]) -> None:
    header = (
        f"#T_SP={SLOT}|a|ROLE_{SLOT}:b_webanno.custom.L|{NE}\n#T_CH=webanno.custom.C|x|y\n"
        f"#T_RL=webanno.custom.R|z|BT_{SLOT}"
    )
    rows = [f"1-{n}\t{n}-{n + 1}\ta\t" + "\t".join(each) for n, each in enumerate(values)]
    raw = "\n".join([f"#FORMAT=WebAnno TSV 3.3\n{header}\n", "#Text=aaaaaa", "1-99\t0-1\ta", *rows])
    assert reader.parse(raw.encode()).article.text == "aaaaaa"


@given(value=st.text(max_size=20))
def test_escapes_come_back(value: str) -> None:
    escaped = value
    for each in ("\\", "[", "]", "|", "_", ";", "*"):
        escaped = escaped.replace(each, f"\\{each}")
    assert cells.unescaped(escaped) == value
    assert cells.parted(f"{escaped}|{escaped}", "|") == [escaped, escaped]


def test_time_is_linear() -> None:
    def steps(count: int) -> int:
        rows = "".join(
            f"1-{n}\t{5 * n}-{5 * n + 4}\tOslo\tplace[1]\tx[1]\tcoref\t1-0[1_1]\t\n"
            for n in range(count)
        )
        raw = f"#FORMAT=WebAnno TSV 3.3\n{REFERENT}\n\n\n#Text={'Oslo ' * count}\n{rows}"
        return steps_of(lambda: reader.parse(raw.encode()))

    assert steps(2000) < 2.5 * steps(1000)


def test_original_texts_take_the_place_of_joined_tokens(
    db_path: Path, tmp_path: Path, query: Any
) -> None:
    path = tmp_path / "quake.tsv"
    path.write_text(
        f"#FORMAT=WebAnno TSV 3.2\n#T_SP={NE}|value\n\n\n#Text=In Oslo , all\n"
        "1-1\t0-2\tIn\t_\t\n1-2\t3-7\tOslo\tLOC\t\n1-3\t8-9\t,\t_\t\n1-4\t10-13\tall\t_\t\n"
    )
    (tmp_path / "a.jsonl").write_text('{"filename": "quake.tsv", "text": "In Oslo, all"}')
    load_files(db_path, [path], articles=tmp_path / "a.jsonl")
    assert query("SELECT text FROM article_texts") == [("In Oslo, all",)]
    assert query("SELECT start_char, end_char, surface FROM mentions") == [(3, 7, "Oslo")]
