"""The readers of UIMA's CAS: XMI and JSON say the same, and what WebAnno TSV says."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats import uima_json, uima_xmi
from datasette_newsgraph.readers.formats.webanno import reader as webanno
from tests.cost import steps_of
from tests.readers.annotations import entity, names, reasons, spans, statements
from tests.readers.damage import damaged
from tests.readers.statements_of_rdf import parsed_or_refused
from tests.readers.test_same_article import LEAGUE_MEETS, behind
from tests.readers.writers_for_cas import Structures, as_json, as_xmi, structures, tsv

DKPRO = "de.tudarmstadt.ukp.dkpro.core.api"
NE, METADATA = f"{DKPRO}.ner.type.NamedEntity", f"{DKPRO}.metadata.type.DocumentMetaData"
LINK, CHAIN = f"{DKPRO}.coref.type.CoreferenceLink", f"{DKPRO}.coref.type.CoreferenceChain"
TEXT = "Maia Sandu won 🌍 in Moldova; the president thanked voters."

READERS = {"uima_xmi": (uima_xmi, as_xmi), "uima_json": (uima_json, as_json)}
in_both = pytest.mark.parametrize("name", READERS)


def parse(name: str, *given_: tuple[str, dict[str, Any]], text: str = TEXT) -> Parsed:
    """Parse structures behind the text, which is number 1."""
    reader, written = READERS[name]
    sofa = ("uima.cas.Sofa", {"sofaNum": 1, "sofaID": "_InitialView", "sofaString": text})
    return reader.parse(written([sofa, *given_]).encode())


def span(words: str, type_: str = NE, **features: Any) -> tuple[str, dict[str, Any]]:
    """A structure at the place of words, in UTF-16."""
    begin = len(TEXT[: TEXT.index(words)].encode("utf-16-le")) // 2
    end = begin + len(words.encode("utf-16-le")) // 2
    given_ = {key.replace("ref_", "@"): value for key, value in features.items()}
    return type_, {"@sofa": 1, "begin": begin, "end": end, **given_}


def passed_over(parsed: Parsed) -> dict[str, int]:
    return dict(parsed.notes.passed_over)


# The same in all forms ----------------------------------------------------------------------------


@pytest.mark.parametrize("opening", [None, "🕊️ 👩🏽‍⚖️ Łódź 𝔄 yesterday"])
def test_one_document_is_the_same_in_tsv_xmi_and_json(opening: str | None) -> None:
    story = behind(opening, LEAGUE_MEETS) if opening else LEAGUE_MEETS
    raws: dict[ModuleType, str] = {
        webanno: tsv(story),
        uima_xmi: as_xmi(structures(story)),
        uima_json: as_json(structures(story)),
    }
    found = [reader.parse(raw.encode()) for reader, raw in raws.items()]
    assert {each.article.text for each in found} == {story.text}
    for look in (
        names,
        lambda each: sorted(statements(each)),
        reasons,
        lambda each: [place[:2] for place in spans(each)],
    ):
        assert look(found[0]) == look(found[1]) == look(found[2])
    assert found[0].article.entities[0].same_as == found[1].article.entities[0].same_as


# Spans and relations ------------------------------------------------------------------------------


@in_both
def test_names_and_what_identifies_them(name: str) -> None:
    found = parse(
        name,
        span("Maia Sandu", value="PER", identifier="http://www.wikidata.org/entity/Q4166661"),
        span("Moldova", value="LOC"),
        span("Moldova"),
    )
    assert names(found) == [("PER", "Maia Sandu"), ("LOC", "Moldova"), ("Thing", "Moldova")]
    assert spans(found)[:2] == [(0, 10, None), (21, 28, None)]
    assert found.unit == "UTF-16"
    assert entity(found, "Maia Sandu").same_as == ["http://www.wikidata.org/entity/Q4166661"]
    assert found.article.extractor is not None
    assert found.article.extractor.name == "UIMA"


@in_both
@pytest.mark.parametrize(
    ("type_", "features", "label", "not_used"),
    [
        ("webanno.custom.Person", {}, "Person", {}),
        ("webanno.custom.PHI", {"kind": "NAME", "sure": "yes"}, "NAME", {"PHI sure": 1}),
        ("custom.Span", {"label": ["NAME", "TITLE"]}, "NAME", {"Span label": 1}),
        ("custom.Span", {"certain": "true"}, "Span", {"Span certain": 1}),
        (NE, {"value": "1"}, "1", {}),
        ("custom.Day", {"Category": "Date", "Value": "2020-11-15"}, "Date", {"Day Value": 1}),
        ("org.example.Concept", {"code": "Q4166661"}, "Concept", {}),
    ],
)
def test_layers_of_a_project(
    name: str, type_: str, features: dict[str, Any], label: str, not_used: dict[str, int]
) -> None:
    found = parse(name, span("Maia Sandu", type_, **features))
    assert names(found) == [(label, "Maia Sandu")]
    assert passed_over(found) == not_used
    assert bool(found.article.entities[0].same_as) == ("code" in features)


@in_both
@pytest.mark.parametrize("ends", [("Governor", "Dependent"), ("source", "target")])
def test_relations(name: str, ends: tuple[str, str]) -> None:
    first, second = ends
    found = parse(
        name,
        span("Maia Sandu", value="PER"),
        span("Moldova", value="LOC"),
        span(
            "Moldova", "webanno.custom.Rel", **{f"ref_{first}": 2, f"ref_{second}": 3}, role="won"
        ),
        span("Moldova", "webanno.custom.Led", **{f"ref_{first}": 2, f"ref_{second}": 3}),
        span("won", f"{DKPRO}.segmentation.type.Token"),
        span("won", "webanno.custom.Rel", **{f"ref_{first}": 2, f"ref_{second}": 6}, role="x"),
    )
    assert statements(found) == [("Maia Sandu", "won", "Moldova"), ("Maia Sandu", "Led", "Moldova")]
    assert passed_over(found) == {"relations of words that are not annotated": 1}
    assert found.article.extractor is not None
    assert found.article.extractor.name == "INCEpTION"


@in_both
def test_layers_of_grammar_are_counted_and_tokens_are_not(name: str) -> None:
    found = parse(
        name,
        span("won", f"{DKPRO}.segmentation.type.Token"),
        span("won", f"{DKPRO}.segmentation.type.Lemma", value="win"),
        span("won", f"{DKPRO}.lexmorph.type.pos.POS", PosValue="VBD"),
        span("won", "webanno.custom.Sentence"),
        span("won", f"{DKPRO}.syntax.type.dependency.Dependency", ref_Governor=2, ref_Dependent=2),
    )
    assert found.article.entities == []
    assert passed_over(found) == {"Lemma": 1, "POS": 1, "Sentence": 1, "Dependency": 1}


@in_both
def test_a_chain_is_one_entity(name: str) -> None:
    found = parse(
        name,
        span("Maia Sandu", value="PER"),
        (CHAIN, {"@sofa": 1, "@first": 4}),
        span("Maia Sandu", LINK, ref_next=5, referenceType="nam"),
        # It leads back to the first one.
        span("the president", LINK, ref_next=4),
        span("voters", LINK),
    )
    (sandu,) = found.article.entities
    assert (sandu.type, sandu.name, sandu.aliases, sandu.local) == ("PER", "Maia Sandu", [], False)
    assert len(sandu.mentions) == 2
    assert passed_over(found) == {"CoreferenceLink": 1}


@in_both
@pytest.mark.parametrize("stored", ["listed", "array", "list"])
def test_roles(name: str, stored: str) -> None:
    slot = "webanno.custom.FrameLink"
    links: Structures = [
        (slot, {"role": "winner", "@target": 2}),
        (slot, {"@target": 3}),
        ("uima.cas.FSArray", {"%ELEMENTS": [4, 5]} if name == "uima_json" else {"elements": "4 5"}),
        ("uima.cas.NonEmptyFSList", {"@head": 4, "@tail": 8}),
        ("uima.cas.NonEmptyFSList", {"@head": 5}),
    ]
    if stored == "listed" and name == "uima_json":
        stored = "array"
    roles = {"listed": [4, 5], "array": 6, "list": 7}[stored]
    found = parse(
        name,
        span("Maia Sandu", value="PER"),
        span("Moldova", value="LOC"),
        *links,
        span("won", "webanno.custom.Frame", frame="victory", ref_roles=roles),
    )
    won = entity(found, "won")
    assert (won.type, won.local) == ("victory", True)
    assert statements(found) == [("won", "winner", "Maia Sandu"), ("won", "roles", "Moldova")]
    assert [each.start for each in found.article.relations[0].evidence] == [11]


# The document -------------------------------------------------------------------------------------


@in_both
@pytest.mark.parametrize(
    ("about", "title", "url", "language", "local_ids"),
    [
        (
            {"documentTitle": "Sandu wins", "documentId": "7", "language": "en"},
            "Sandu wins",
            None,
            "en",
            ("7", "Sandu wins"),
        ),
        (
            {"documentTitle": "sandu.txt", "language": "x-unspecified"},
            None,
            None,
            None,
            ("sandu.txt",),
        ),
        (
            {"documentUri": "https://example.org/sandu%20wins"},
            None,
            "https://example.org/sandu%20wins",
            None,
            ("sandu wins",),
        ),
    ],
)
def test_what_is_said_of_the_document(
    name: str,
    about: dict[str, str],
    title: str | None,
    url: str | None,
    language: str | None,
    local_ids: tuple[str, ...],
) -> None:
    found = parse(name, (METADATA, {"@sofa": 1, "begin": 0, "end": 5, **about}))
    article = found.article
    assert (article.title, article.url, article.language) == (title, url, language)
    assert found.local_ids == local_ids


@in_both
def test_of_several_texts_the_one_that_most_is_said_of(name: str) -> None:
    other = ("uima.cas.Sofa", {"sofaNum": 2, "sofaID": "other", "sofaString": "Kyiv, Oslo, Rome"})
    places = [(NE, {"@sofa": 2, "begin": begin, "end": begin + 4}) for begin in (0, 6)]
    found = parse(name, other, *places, span("Moldova"))
    assert [each.name for each in found.article.entities] == ["Kyiv", "Oslo"]
    assert passed_over(found) == {"annotations of other texts of the file": 1}


@in_both
def test_a_document_in_which_nothing_is_annotated_is_an_article(name: str) -> None:
    assert parse(name).article.text == TEXT


@in_both
def test_without_a_text_it_is_no_article(name: str) -> None:
    reader, written = READERS[name]
    raw = written([("uima.cas.Sofa", {"sofaURI": "file:/a.pdf"}), (NE, {"begin": 0, "end": 1})])
    with pytest.raises(RecordError, match="has no text: no Sofa in it has a sofaString"):
        reader.parse(raw.encode())


@in_both
def test_a_span_that_is_none_is_a_fault(name: str) -> None:
    found = parse(name, (NE, {"@sofa": 1, "begin": 50, "end": 900, "value": "PER"}))
    assert reasons(found) == [f"NamedEntity 2: 50-900 is not a span of the text ({len(TEXT)} long)"]


# Syntax -------------------------------------------------------------------------------------------


def test_json_with_structures_by_their_ids_and_anchors() -> None:
    """As the specification has them."""
    raw = {
        "%FEATURE_STRUCTURES": {
            "1": {"%TYPE": "uima.cas.Sofa", "sofaString": "Oslo\0\ud83d"},
            "2": {"%TYPE": NE, "@sofa": 1, "^begin": 0, "^end": 4, "value": "LOC", "n": None},
        }
    }
    found = uima_json.parse(json.dumps(raw).encode())
    assert found.article.text == "Oslo\ufffd\ufffd"
    assert names(found) == [("LOC", "Oslo")]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{}", "has no %FEATURE_STRUCTURES"),
        (b'{"%FEATURE_STRUCTURES": 7}', "not of this format"),
        (b'{"%FEATURE_STRUCTURES": [7]}', "not of this format"),
        (b'{"%FEATURE_STRUCTURES": [', "not JSON"),
    ],
)
def test_json_that_is_no_cas(raw: bytes, reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        uima_json.parse(raw)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("<a/>", "its root is no XMI element"),
        ("<x:XMI xmlns:x='http://www.omg.org/XMI'><", r"line 1"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", r"line 1"),
    ],
)
def test_xml_that_is_no_cas(raw: str, reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        uima_xmi.parse(raw.encode())


def test_a_type_system_beside_it_is_named(db_path: Path, tmp_path: Path) -> None:
    types = '<?xml version="1.0"?>\n<typeSystemDescription xmlns="http://uima.apache.org/x"/>'
    (tmp_path / "TypeSystem.xml").write_text(types)
    with pytest.raises(InputError, match="is a type system of UIMA, without annotations"):
        load_files(db_path, [tmp_path / "TypeSystem.xml"])
    (tmp_path / "a.xmi").write_text(as_xmi(structures(LEAGUE_MEETS)))
    summary = load_files(db_path, [tmp_path])
    assert (summary.new, len(summary.unread)) == (1, 1)


def test_the_older_json_is_named(db_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"_context": {"_types": {}}, "_views": {"_InitialView": {}}}')
    with pytest.raises(
        InputError, match=r"older JSON, .*; export it again as UIMA CAS JSON 0\.4\.0"
    ):
        load_files(db_path, [path])


EXAMPLES = {
    name: written(structures(LEAGUE_MEETS)).encode() for name, (_, written) in READERS.items()
}


@settings(max_examples=200, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(READERS)))
def test_damage_is_a_record_error_at_most(data: st.DataObject, name: str) -> None:
    raw = data.draw(damaged(EXAMPLES[name]))
    found = parsed_or_refused(READERS[name][0], raw)
    assert not isinstance(found, str) or "\n" not in found


@in_both
def test_time_is_linear(name: str) -> None:
    def steps(count: int) -> int:
        chain = [
            (LINK, {"@sofa": 1, "begin": 5 * n, "end": 5 * n + 4, "@next": n + 4})
            for n in range(count)
        ]
        chain = [(CHAIN, {"@first": 3}), *chain]
        return steps_of(lambda: parse(name, *chain, text="Oslo " * count))

    assert steps(2000) < 2.5 * steps(1000)
