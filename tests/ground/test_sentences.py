"""Where sentences begin and end: by rule, as it is stored with evidence, and as it is checked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.loading import batch, intake
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.sentences import Sentences, borders_of
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.best_evidence import best_evidence
from tests.cost import steps_of

Article = dict[str, Any]


def parts(text: str, language: str | None = None) -> list[str]:
    found = Sentences(text, language)
    return [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)]


# --- Rules -----------------------------------------------------------------------------------

#: Texts with a bar where a sentence ends.
ENGLISH = {
    "a full stop, a question, an exclamation": "It rained. | Did it? | It did! | So they left.",
    "titles": "Mr. Smith met Gen. Lee, Spc. Jones and Dr. Who. | They talked.",
    "initials": "J. R. R. Tolkien and George W. Bush met. | They talked.",
    "abbreviations with full stops": "The U.S. Army left the U.K. at 5 p.m. Tuesday. | It rained.",
    "an abbreviation at the end": "They left the U.S. | The others left at 5 a.m. | He stayed.",
    "companies": "Acme Inc. Chairman Lee sold Foo Corp. | The price was low.",
    "months": "On Dec. 6 and Jan. 7 they met. | They talked in Feb. 2020.",
    "numbers": "It cost 3.5 million, or No. 5 of Art. 7. | In 2015. | 12 people died.",
    "an answer": "They said No. | Then they left.",
    "enumerations": "1. First, they came.\n| 2. Then they left.",
    "addresses": "See www.example.org. | Smith wrote to a.b@example.com yesterday.",
    "quotes that close behind": "“We have won.” | He left. | 'So it is.' | It was (they say)."
    " | (It was not.) | Yes.",
    "quotes that go on": "“Is it over?” he asked. | “It is over!” she said. | They left.",
    "brackets of one word": "Senator Roe (D-Wash.) Monday met the (N.Y.) Governor. | Yes.",
    "nicknames": "Col. John “J.D.” Dorrian met them. | They talked.",
    "ellipses": "They waited … and left. | Then ... | Nobody came. | So they... left.",
    "several marks": "Really?! | Yes!!! | No.",
    "acronyms": "He spoke on CNN. | Smith spoke on the BBC. | They left.",
    "paragraphs and headlines": "Kabul falls\n\n| The Taliban won. | They said so\n| Photo: a street",
    "lines that are wrapped": "The talks that were held in the city of\nGeneva ended on Friday\n"
    "without a result, as the two sides\ncould not agree. | They go on.",
    "no space": "It cost 1.000.000,50 in v1.2.3 of example.org/a.b?c=d. | They left.",
}
OTHERS = {
    (
        "de",
        "Am 3. Oktober traf Dr. Müller z. B. Herrn F. Schmidt. | „Es ist vorbei.“ | Sie usw. | Die",
    ),
    ("de", "Rund 5 Mio. Euro, d.h. viel. | Der Rest bleibt."),
    (None, "In Raum 3. | Oktober war es."),
    ("fr", "M. Dupont a dit : « C’est fini. » | Il est parti. | Pourquoi ? | Mme. Curie est là."),
    ("es", "El Sr. García llegó a EE.UU. | Los demás no. | ¿Por qué? | ¡No!"),
    ("ru", "Он родился в г. Москва в 1990 г. | Это было давно. | А. С. Пушкин жил там."),
    ("el", "Ο κ. Παπαδόπουλος έφυγε. | Γιατί; | Η Αθήνα είναι μεγάλη, π.χ. Πειραιάς; ναι."),
    ("ar", "سقطت كابول. | لماذا؟ | لا أحد يعرف."),
    ("he", "העיר נפלה. | למה? | איש אינו יודע."),
    ("hi", "काबुल गिर गया। | क्यों? | कोई नहीं जानता।"),
    ("zh", "他说。|北京很大！|再见？|“好。”|他走了。"),
    ("ja", "東京は大きい。|「そうです。」|はい。"),
    ("th", "กรุงเทพเป็นเมืองใหญ่ คนเยอะ\n| อากาศร้อน"),
    ("hy", "Քաղաքը ընկավ։ | Ինչո՞ւ։"),
    ("am", "ከተማው ወደቀ። | ለምን?"),
}


CASES = {
    **{name: ("en", text) for name, text in ENGLISH.items()},
    **{f"{each[0]} {nth}": each for nth, each in enumerate(sorted(OTHERS, key=str))},
}


@pytest.mark.parametrize(("language", "marked"), CASES.values(), ids=CASES)
def test_where_sentences_end(language: str | None, marked: str) -> None:
    expected = [each.strip() for each in marked.split("|")]
    assert parts(marked.replace("|", ""), language) == expected


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ("met Lee", "Mr. Smith met Lee."),
        (" They ", "They talked."),
        ("Lee. They", "Mr. Smith met Lee. They talked."),
        (". ", "Mr. Smith met Lee."),
        ("Kabul", "Kabul falls"),
        ("\n\n", "\n\n"),
        ("left", "Nobody left"),
    ],
)
def test_the_sentence_of_a_span(evidence: str, expected: str) -> None:
    text = "Kabul falls\n\nMr. Smith met Lee. They talked. Nobody left"
    start = text.index(evidence, text.index("Lee.") if evidence == ". " else 0)
    first, last = Sentences(text).around(start, start + len(evidence))
    assert text[first:last].strip(" ") == expected


def test_a_zone_ends_a_sentence() -> None:
    text = "Kabul falls The Taliban have won"
    sentences = Sentences(text, None, borders_of([(0, 11, "title"), (12, len(text), "body")]))
    assert sentences.around(6, 11) == (0, 11)
    assert sentences.around(12, 15) == (12, len(text))
    assert sentences.around(6, 15) == (0, len(text))


_TEXTS = st.text("aA1. \n\r\t!?。“”)(;-\u2029", max_size=60) | st.text(max_size=60)


@given(_TEXTS, st.lists(st.integers(-2, 70), max_size=5), st.integers(0, 60), st.integers(0, 60))
def test_a_sentence_holds_its_span_and_all_sentences_the_text(
    text: str, borders: list[int], start: int, length: int
) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    sentences = Sentences(text, "de", borders)
    first, last = sentences.around(start, end)
    assert 0 <= first <= start <= end <= last <= len(text)
    kept = list(zip(sentences.starts, sentences.ends, strict=True))
    assert "".join("".join(text[a:b] for a, b in kept).split()) == "".join(text.split())
    places = [place for span in kept for place in span]
    assert places == sorted(places)
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in kept)


@pytest.mark.parametrize(
    "part", ["a.b", ". ", "A. ", "...", "\n", " ", "(", ".\"' ", "a\nA\n", ";", "\u2029 "]
)
def test_a_long_text_takes_time_in_proportion_to_its_length(part: str) -> None:
    def steps(times: int) -> int:
        text = part * times
        borders = range(0, len(text), 3)

        def find() -> None:
            sentences = Sentences(text, "en", borders)
            for place in range(0, len(text), 7):
                sentences.around(place, min(place + 30, len(text)))

        return steps_of(find)

    assert steps(600) < 3 * steps(300) + 1000


# --- In the database -------------------------------------------------------------------------


def stored(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT key, surface, sentence_start, sentence_end, substr(text, sentence_start + 1,"
            " sentence_end - sentence_start) FROM evidence LEFT JOIN article_texts"
            " USING (article_id) ORDER BY key"
        ).fetchall()


def problems(path: Path) -> list[str]:
    with open_store(path) as db:
        return list(check(db))


def test_the_sentence_of_evidence_is_stored_with_it(db_path: Path, article: Article) -> None:
    text = article["text"]
    relation = article["relations"][0]
    for words in ("leads the", "Akhundzada", "he said", "Kabul falls", "nowhere in it"):
        start = text.find(words)
        span = {"text": words} | ({} if start < 0 else {"start": start, "end": start + len(words)})
        article["relations"].append(relation | {"predicate": words, "evidence": [span]})
    load(db_path, [article])
    found = {row[1]: row[4] for row in stored(db_path)}
    said = "Hibatullah Akhundzada leads the Taliban."
    assert found == {
        said: said,
        "leads the": said,
        "Akhundzada": said,
        "he said": "“We have won,” he said on Friday in Kabul.",
        # Its zone ends with it.
        "Kabul falls": "Kabul falls",
        "nowhere in it": None,
        None: None,
    }
    assert problems(db_path) == []


def test_evidence_without_a_text_has_no_sentence(db_path: Path, article: Article) -> None:
    del article["text"], article["zones"]
    load(db_path, [article])
    assert {row[2:] for row in stored(db_path)} == {(None, None, None)}
    assert problems(db_path) == []


@pytest.mark.parametrize("value", ["NULL", "sentence_start + 1", "0"])
def test_a_sentence_that_is_not_where_it_is_said_to_be_is_found(
    db_path: Path, article: Article, change: Callable[..., None], value: str
) -> None:
    load(db_path, [article])
    change(f"UPDATE evidence SET sentence_start = {value} WHERE sentence_start IS NOT NULL")
    (problem,) = problems(db_path)
    assert problem.startswith("sentences: row 1 of evidence")


def test_a_first_load_that_was_interrupted_before_is_completed(
    db_path: Path,
    tmp_path: Path,
    change: Callable[..., None],
    contents: Any,
    generated: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batch, "CHUNK_RECORDS", 1)
    monkeypatch.setattr(intake, "COMMIT_RECORDS", 1)
    articles, whole = generated(4), tmp_path / "whole.db"
    load(whole, articles)

    def interrupted() -> Any:
        yield from articles[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(db_path, interrupted())
    assert len(stored(db_path)) > 5
    load(db_path, articles)
    assert contents(db_path, provenance=False) == contents(whole, provenance=False)
    assert problems(db_path) == []


# --- The best evidence -----------------------------------------------------------------------


def test_the_best_evidence_has_a_place_and_is_the_surest(db_path: Path) -> None:
    text = "He leads it. He still leads it. He leads it now."
    places = [text.index(words) for words in ("leads", "still", "leads it now")]
    spans = [{"start": at, "end": at + 5, "text": text[at : at + 5]} for at in places]
    base = {"subject": "e1", "predicate": "leads", "value": "it"}
    rated = [
        base | {"confidence": 1.0, "evidence": [{"text": "is nowhere"}]},
        base | {"evidence": [spans[0]]},
        base | {"confidence": 0.4, "evidence": [spans[1]]},
        base | {"confidence": 0.6, "evidence": [spans[2]]},
    ]
    entity = {"id": "e1", "type": "Person", "name": "He"}
    for count, expected in ((1, None), (2, places[0]), (3, places[1]), (4, places[2])):
        record = {"id": "a", "text": text, "entities": [entity], "relations": rated[:count]}
        load(db_path, [record])
        with closing(sqlite3.connect(db_path)) as connection:
            number = "(SELECT max(id) FROM relations)"
            ((found,),) = connection.execute(f"SELECT {best_evidence(number)}").fetchall()
            row = connection.execute(
                "SELECT start_char FROM evidence WHERE id = ?", [found]
            ).fetchone()
            plan = connection.execute(f"EXPLAIN QUERY PLAN SELECT {best_evidence('1')}").fetchall()
        assert (row and row[0]) == expected
        assert any("idx_evidence_best" in each[3] for each in plan)
        assert not any("TEMP B-TREE" in each[3] for each in plan)
