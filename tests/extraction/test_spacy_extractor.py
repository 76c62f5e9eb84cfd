"""The extractor with its model: records of articles, long texts, other languages, bad calls."""

from __future__ import annotations

import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import spacy

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import InputError, RecordError, UsageError
from datasette_newsgraph.extraction.extractor import Options
from datasette_newsgraph.extraction.layout import lay_out
from datasette_newsgraph.extraction.layout.blocks import cut
from datasette_newsgraph.extraction.nlp import components, make, model
from datasette_newsgraph.extraction.nlp.languages import other_language
from datasette_newsgraph.extraction.nlp.lexicons import load_lexicon
from datasette_newsgraph.extraction.nlp.spacy_extractor import SpacyExtractor
from datasette_newsgraph.extraction.nlp.windows import harmless, windows_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PAGE = """News / Peru

Peru and Chile open talks on water

By Ana Ruiz

A bridge over the Rimac river in Lima in May. (Photo by AFP)

Peruvian Foreign Minister Óscar Maúrtua urged Chile on Monday to sign a treaty, saying the two \
countries needed “a fair share” of the rivers.

“We have waited for two decades,” Maúrtua said.

The talks between Peru and Chile were held in Lima in October 2001.

© 2021 The Lima Courier. All rights reserved.
"""


@pytest.fixture(scope="module")
def extractor() -> SpacyExtractor:
    made = make(Options())
    assert isinstance(made, SpacyExtractor)
    return made


@pytest.fixture(scope="module")
def record(extractor: SpacyExtractor) -> Article:
    (found,) = extractor.extract([lay_out(Article(id="a", text=PAGE, published="2021-07-19"))])
    assert isinstance(found, Article)
    return found


def names_of(record: Article) -> dict[str, str]:
    return {entity.id: entity.name for entity in record.entities}


def test_spans_of_a_record_read_their_words(record: Article) -> None:
    assert record.text == PAGE
    spans: list[Any] = [m for entity in record.entities for m in entity.mentions]
    spans += [each for relation in record.relations for each in relation.evidence]
    spans += record.quotes
    assert spans
    for span in spans:
        assert PAGE[span.start : span.end] == span.text


def test_a_record_says_who_is_quoted_with_what(record: Article) -> None:
    names = names_of(record)
    direct = {quote.text: names.get(quote.speaker or "") for quote in record.quotes if quote.direct}
    assert direct == {
        "a fair share": "Óscar Maúrtua",
        "We have waited for two decades,": "Óscar Maúrtua",
    }


def test_a_paragraph_behind_a_colon_is_of_who_speaks_before_it(extractor: SpacyExtractor) -> None:
    text = "Ana Ruiz said no.\n\nTom Li of Acme then wrote:\n\n“We are open to all of you.”\n"
    (found,) = extractor.extract([Article(id="a", text=text)])
    assert isinstance(found, Article)
    (quote,) = [each for each in found.quotes if each.direct]
    assert (names_of(found)[quote.speaker or ""], quote.verb) == ("Tom Li", "wrote")


def test_a_record_has_relations_with_their_pattern_and_sentence(record: Article) -> None:
    names = names_of(record)
    stated = {
        (names[each.subject], each.predicate, names.get(each.object or "", each.value))
        for each in record.relations
    }
    assert ("Óscar Maúrtua", "minister of", "Peru") in stated
    assert ("Óscar Maúrtua", "urged", "Chile") in stated
    assert ("Peru", "talks with", "Chile") in stated
    assert ("October 2001", "date", "2001-10") in stated
    assert ("Monday", "date", "2021-07-19") in stated
    assert ("two decades", "duration", "P20Y") in stated
    assert all(each.pattern and each.confidence and each.evidence for each in record.relations)


def test_a_country_is_one_entity_with_its_adjective(record: Article) -> None:
    (peru,) = [each for each in record.entities if each.name == "Peru"]
    assert {mention.text for mention in peru.mentions} >= {"Peru", "Peruvian"}


def test_articles_come_back_in_order_with_their_ids(extractor: SpacyExtractor) -> None:
    given = [
        Article(id="1", text=PAGE),
        Article(id="2", text="Правительство Перу объявило в понедельник о новых переговорах."),
        Article(id="3"),
        Article(id="4", text=PAGE * 30),
        Article(id="5", text=" \n "),
    ]
    found = list(extractor.extract(given))
    assert [getattr(each, "id", "refused") for each in found] == ["1", "refused", "3", "4", "5"]
    assert isinstance(found[1], RecordError)
    assert "Cyrillic" in str(found[1])
    assert "--model" in str(found[1])
    assert isinstance(found[3], Article)
    for each in (mention for entity in found[3].entities for mention in entity.mentions):
        assert (found[3].text or "")[each.start : each.end] == each.text


def test_without_a_date_of_publication_words_have_no_value(extractor: SpacyExtractor) -> None:
    (found,) = extractor.extract([Article(id="a", text="Ana Ruiz left Lima on Monday.")])
    assert isinstance(found, Article)
    assert [each.name for each in found.entities if each.type == "Date"] == ["Monday"]
    assert [each for each in found.relations if each.predicate == "date"] == []


@pytest.mark.parametrize(
    "text",
    ["x" * 300_000, "“" * 3000, "\u00a0" * 500, "a\x00b \ud800 c", "A. " * 2000, "\n" * 2000, "("],
    ids=["no blank", "marks", "blanks", "NUL", "ends", "lines", "bracket"],
)
def test_any_text_becomes_a_record(extractor: SpacyExtractor, text: str) -> None:
    (found,) = extractor.extract([lay_out(Article(id="a", text=text))])
    assert isinstance(found, Article)
    assert found.text == text


def test_windows_have_all_blocks_and_are_no_longer_than_they_may() -> None:
    text = "\n\n".join([*("One sentence. " * each for each in (1, 3, 20)), "y" * 250, "End."])
    windows = list(windows_of(text, cut(text), longest=100))
    assert all(window.end - window.start <= 100 for window in windows)
    joined = "".join(text[b.start : b.end] for window in windows for b in window.blocks)
    assert "".join(joined.split()) == "".join(text.split())


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\ufeff", "\u2060", "\u200e"])
def test_names_are_found_through_signs_that_are_not_seen(
    sign: str, extractor: SpacyExtractor
) -> None:
    seen = (
        "Lima opens a bridge\n\nMayor Rafael Sanders said “the bridge is open” in Lima on Monday."
    )
    text = sign + seen.replace("Sanders", f"San{sign}ders").replace("bridge is", f"br{sign}idge is")
    article = lay_out(Article(id="a", text=text, published="2021-07-19"))
    (found,) = extractor.extract([article])
    assert isinstance(found, Article)
    assert (found.text, found.zones) == (text, article.zones)
    mentions = [m for entity in found.entities for m in entity.mentions]
    assert all(text[m.start : m.end] == m.text for m in [*mentions, *found.quotes])
    assert "Rafael Sanders" in [entity.name for entity in found.entities]
    assert f"Rafael San{sign}ders" in [m.text for m in mentions]
    assert [quote.text for quote in found.quotes] == [f"the br{sign}idge is open"]


def test_a_name_is_completed_by_few_words(extractor: SpacyExtractor) -> None:
    text = "The council of the city has said that it will vote. " + "Peru Chile " * 2500
    before = time.process_time()
    (found,) = extractor.extract([Article(id="a", text=text)])
    assert isinstance(found, Article)
    assert time.process_time() - before < 20


def test_a_text_is_made_harmless_without_a_shift() -> None:
    text = "a\u00a0b\t" + "z" * 2000 + " \ud800"
    assert len(harmless(text)) == len(text)
    assert harmless(text).split() == ["a", "b", "\ufffd"]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("The council of the city has said that it will vote on the road. " * 3, "en", None),
        (
            "Der Rat der Stadt hat gesagt, dass er über die Straße abstimmen wird. " * 3,
            "en",
            "German",
        ),
        (
            "Le conseil de la ville a dit que la route est fermée pour le moment. " * 3,
            "en",
            "French",
        ),
        ("Der Rat der Stadt hat gesagt, dass er über die Straße abstimmen wird. " * 3, "de", None),
        (
            "市议会表示将就这条道路进行投票。市长说他已经准备好了。",
            "en",
            "Chinese or Japanese letters",
        ),
        ("Kabul, Herat, Lima.", "en", None),
        ("1234 5678", "en", None),
    ],
)
def test_a_text_plainly_of_another_language_is_told(
    text: str, language: str, found: str | None
) -> None:
    assert other_language(text, language) == found


def test_the_components_sit_in_any_pipeline() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe(components.LAYOUT)
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "Acme"}])  # type: ignore[attr-defined]
    nlp.add_pipe(components.ENTITIES)
    nlp.add_pipe(components.FACTS)
    facts = nlp("Acme opens\n\nAcme said “we are open to all” on 3 May 2021.")._.newsgraph
    assert facts["zones"] == [{"zone": "title", "start": 0, "end": 10}]
    assert [name["text"] for name in facts["names"]] == ["Acme", "Acme"]
    assert [date["value"] for date in facts["dates"]] == ["2021-05-03"]
    assert [quote["start"] for quote in facts["quotes"]] == [23]


def test_a_model_of_another_language_finds_names_and_quotes(tmp_path: Path) -> None:
    nlp = spacy.blank("de")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "LOC", "pattern": "Lima"}])  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "model")
    made = make(Options(model=str(tmp_path / "model")))
    assert isinstance(made, SpacyExtractor)
    assert made.limits is not None
    assert "German" in made.limits
    (found,) = made.extract(
        [Article(id="a", text="Er sagte in Lima: „Wir gehen heute nach Hause“.")]
    )
    assert isinstance(found, Article)
    assert [(each.type, each.name) for each in found.entities] == [("Place", "Lima")]
    assert [each.text for each in found.quotes] == ["Wir gehen heute nach Hause"]
    assert found.relations == []


@pytest.mark.parametrize("name", ["no_such_model", "/no/such/folder"])
def test_a_model_that_is_not_there_is_one_line(name: str) -> None:
    with pytest.raises(UsageError, match=f"model {name} is not installed") as raised:
        make(Options(model=name))
    assert "\n" not in str(raised.value)


def test_a_folder_that_is_no_model_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be loaded") as raised:
        make(Options(model=str(tmp_path)))
    assert "\n" not in str(raised.value)


def test_the_packaged_model_is_the_official_one(tmp_path: Path) -> None:
    spec = find_spec(model.PACKAGED)
    assert spec is not None
    assert spec.origin
    folder = Path(spec.origin).parent / f"{model.PACKAGED}-{model.VERSION}"
    assert model.differing(folder) == []
    assert model.differing(tmp_path) == list(model.HASHES)


def test_the_factories_are_entry_points() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    declared = project["project"]["entry-points"]["spacy_factories"]
    assert list(declared) == [components.LAYOUT, components.ENTITIES, components.FACTS]
    for target in declared.values():
        module, _, name = target.partition(":")
        assert module == components.__name__
        assert hasattr(components, name)


def test_a_lexicon_of_the_user_adds_words(tmp_path: Path) -> None:
    path = tmp_path / "ours.tsv"
    path.write_text("title\twarden\twarden of\nname\tLima Tram\tOrganization\tTram\n")
    lexicon = load_lexicon([str(path)])
    assert lexicon.titles["warden"] == "warden of"
    assert lexicon.names["Tram"].name == "Lima Tram"
    assert lexicon.digest != load_lexicon().digest
    assert make(Options(lexicons=(str(path),))).digest != make(Options()).digest


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("titel\twarden\twarden of", "no line of a lexicon begins with 'titel'"),
        ("title\twarden", "has 2 to 2 fields"),
        ("verb\tinvade\tinvaded", "has 4 to 4 fields"),
    ],
)
def test_a_wrong_line_of_a_lexicon_is_named(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "ours.tsv"
    path.write_text(f"# ours\n{line}\n")
    with pytest.raises(InputError, match=rf"ours\.tsv:2: .*{reason}"):
        load_lexicon([str(path)])


def test_making_the_extractor_takes_no_model_and_no_spacy() -> None:
    code = (
        "import sys\n"
        "from datasette_newsgraph.extraction.extractor import Options\n"
        "from datasette_newsgraph.extraction.nlp import make\n"
        "made = make(Options())\n"
        "print(made.model, made.digest != '', 'spacy' in sys.modules)\n"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert printed.stdout.split() == ["en_core_web_sm", "3.8.0", "True", "False"]


@pytest.mark.parametrize("meta", ["{", "[]", "{}", '{"lang": "en", "name": "x"}'])
def test_a_folder_that_does_not_say_what_it_is(meta: str, tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text(meta)
    with pytest.raises(UsageError, match=r"its meta\.json does not say what it is"):
        make(Options(model=str(tmp_path)))
