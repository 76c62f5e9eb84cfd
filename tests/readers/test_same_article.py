"""The same article in every format gives the same graph, as far as the format carries it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from datasette_newsgraph.loading.load import load as load_records
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.loading.summary import LoadSummary
from datasette_newsgraph.rdf import format_named
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.readers.formats import FORMATS, Format
from datasette_newsgraph.store import open_store
from tests.readers.carries import CARRIES, Carries
from tests.readers.files_of_formats import every_format
from tests.readers.story import Mention, Sentence, Statement, Story, Thing
from tests.readers.writers_for_graphs import write_graphrag_as_parquet
from tests.readers.writers_of_formats import WRITERS
from tests.readers.writing import (
    PREDICATES,
    PROPERTIES,
    STEM,
    about,
    item_iri,
    write_sidecar,
    writer,
)

EVERYTHING = CARRIES["record"]


def carried(format_: Format) -> Carries:
    """What a format carries; a new one without a writer fails here."""
    for table, module in ((CARRIES, "carries.py"), (WRITERS, "writers_for_*.py")):
        if format_.name not in table:
            pytest.fail(f"tests/readers/{module} does not know the format {format_.name}: add it")
    return CARRIES[format_.name]


# What an article is, in the terms of a table ------------------------------------------------------

#: Type and name of an entity.
Named = tuple[str, str]
Rows = set[tuple[Any, ...]]


@dataclass
class Graph:
    """What of an article is compared: sets of rows, so that a difference can be read."""

    articles: Rows
    entities: Rows
    mentions: Rows
    statements: Rows


def expected(stories: Sequence[Story], carries: Carries) -> Graph:
    """What the articles say, as far as it is carried."""
    graph = Graph(set(), set(), set(), set())
    aliases: dict[Named, set[str]] = {}
    items: dict[Named, set[str]] = {}
    for story in stories:
        graph.articles.add((story.url, *about(story).values(), story.text))
        mentions = _mentions(story, carries)
        for each in mentions:
            key = _named(each, carries)
            sure = each.confidence if carries.mention_scores else None
            place = (each.start, each.end, each.surface)
            graph.mentions.add((story.url, *key, *place, sure))
            words = story.surfaces(each.thing) if carries.mentions == "first" else [each.surface]
            aliases.setdefault(key, set()).update(words if carries.names else ())
            items.setdefault(key, set()).update(item_iri(each.thing) * carries.identifiers)
        graph.statements |= {
            (story.url, *_statement(story, each, carries))
            for each in (story.statements if carries.relations else ())
        }
    for key, names in aliases.items():
        others = frozenset(_spelt(each, carries) for each in names) - {key[1]}
        graph.entities.add((*key, others, frozenset(items[key])))
    return graph


def _mentions(story: Story, carries: Carries) -> list[Mention]:
    if carries.mentions == "all":
        return story.mentions
    if carries.mentions == "stated":
        return [end for each in story.statements for end in (each.subject, each.object)]
    first: dict[Named, Mention] = {}
    for each in story.mentions:
        # Where a thing has one name, that is looked for.
        if not carries.names or each.surface == each.thing.name:
            first.setdefault(_named(each, carries), each)
    return list(first.values())


def _named(mention: Mention, carries: Carries) -> Named:
    name = mention.thing.name if carries.names else mention.surface
    return "Thing" if carries.without_types else mention.thing.type, _spelt(name, carries)


def _spelt(name: str, carries: Carries) -> str:
    return name.upper() if carries.in_capitals else name


def _statement(story: Story, each: Statement, carries: Carries) -> tuple[Any, ...]:
    place: tuple[Any, ...] = (None, None, None)
    if carries.evidence is not None:
        start, end = story.span(each.subject.sentence)
        if carries.evidence == "text":
            start, end = 0, len(story.text)
        place = start, end, story.text[start:end]
    sure = each.confidence if carries.relation_scores else None
    ends = _named(each.subject, carries), each.predicate, _named(each.object, carries)
    return (*ends, *place, sure)


_ARTICLES = """
SELECT given_id, url, articles.title, published, language, text
FROM articles LEFT JOIN article_texts ON article_texts.article_id = articles.id
"""
_ENTITIES = """
SELECT type, name, (SELECT json_group_array(alias) FROM aliases WHERE entity_id = entities.id),
  (SELECT json_group_array(iri) FROM identifiers WHERE entity_id = entities.id
     AND iri LIKE '%wikidata%')
FROM entities
"""
_MENTIONS = """
SELECT given_id, type, name, start_char, end_char, surface, confidence
FROM mentions JOIN articles ON articles.id = article_id JOIN entities ON entities.id = entity_id
"""
_STATEMENTS = """
SELECT given_id, one.type, one.name, predicate, other.type, other.name, start_char, end_char,
  surface, confidence
FROM evidence JOIN articles ON articles.id = article_id
JOIN relations ON relations.id = relation_id
JOIN entities AS one ON one.id = subject_id JOIN entities AS other ON other.id = object_id
"""


def read(database: Path) -> Graph:
    """What a database says."""
    with closing(sqlite3.connect(database)) as connection:

        def rows(sql: str) -> list[tuple[Any, ...]]:
            return connection.execute(sql).fetchall()

        return Graph(
            set(rows(_ARTICLES)),
            {
                (type_, name, frozenset(json.loads(aliases)), frozenset(json.loads(items)))
                for type_, name, aliases, items in rows(_ENTITIES)
            },
            set(rows(_MENTIONS)),
            {
                (url, (one_type, one), predicate, (other_type, other), *rest)
                for url, one_type, one, predicate, other_type, other, *rest in rows(_STATEMENTS)
            },
        )


# The record ---------------------------------------------------------------------------------------


def record_of(story: Story, carries: Carries = EVERYTHING) -> dict[str, Any]:
    """The article record of a story, of what a format carries of it."""
    entities: dict[Named, dict[str, Any]] = {}
    for each in _mentions(story, carries):
        key = _named(each, carries)
        entity = entities.setdefault(
            key, {"id": f"e{len(entities)}", "type": key[0], "name": key[1], "mentions": []}
        )
        if carries.names:
            words = story.surfaces(each.thing) if carries.mentions == "first" else [each.surface]
            known = {key[1], *entity.setdefault("aliases", [])}
            entity["aliases"] += [word for word in words if word not in known]
        if carries.identifiers:
            entity["same_as"] = item_iri(each.thing)
        mention: dict[str, Any] = {"text": _spelt(each.surface, carries)}
        if carries.mentions == "all":
            mention |= {"start": each.start, "end": each.end}
        if carries.mention_scores:
            mention["confidence"] = each.confidence
        entity["mentions"].append(mention)
    relations = []
    for statement in story.statements if carries.relations else ():
        *_, start, end, words, sure = _statement(story, statement, carries)
        evidence = [] if words is None else [{"start": start, "end": end, "text": words}]
        relations.append(
            {
                "subject": entities[_named(statement.subject, carries)]["id"],
                "predicate": statement.predicate,
                "object": entities[_named(statement.object, carries)]["id"],
                "confidence": sure,
                "evidence": evidence,
            }
        )
    return {
        "id": story.url,
        **about(story),
        "text": story.text,
        "entities": list(entities.values()),
        "relations": relations,
    }


def write_records(stories: Sequence[Story], folder: Path, carries: Carries = EVERYTHING) -> Path:
    path = folder / f"{STEM}.jsonl"
    records = (json.dumps(record_of(each, carries)) + "\n" for each in stories)
    path.write_text("".join(records), "utf-8")
    return path


writer("record")(write_records)


@cache
def empty_database() -> bytes:
    """A database without articles, which takes longer to make than an article to load."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "news.db")
        load_records(path, [])
        return path.read_bytes()


def load(
    format_: Format, stories: Sequence[Story], folder: Path, write: Any = None
) -> tuple[Path, LoadSummary]:
    """Write the stories in a format and load them; its sidecar too where it needs one."""
    given = folder / "given"
    given.mkdir()
    carries = carried(format_)
    path = (write or WRITERS[format_.name])(stories, given)
    sidecar: Path | None = None
    if not carries.about:
        sidecar = write_sidecar(stories, folder, by_number=carries.without_id)
    database = folder / "news.db"
    database.write_bytes(empty_database())
    summary = load_files(database, [path], articles=sidecar)
    assert set(summary.formats.values()) == {format_.name}
    assert (summary.rejected, summary.rejects) == (0, 0)
    assert summary.new == len(stories)
    return database, summary


def check_same(stories: Sequence[Story], carries: Carries, database: Path) -> None:
    """Fail unless the database says what the stories say."""
    found, wanted = read(database), expected(stories, carries)
    assert found.articles == wanted.articles
    assert found.entities == wanted.entities
    assert found.mentions == wanted.mentions
    assert found.statements == wanted.statements
    with closing(sqlite3.connect(database)) as connection:
        statuses = {each for (each,) in connection.execute("SELECT offset_status FROM mentions")}
        assert statuses <= carries.spans
        assert connection.execute("SELECT count(*) FROM mentions").fetchone()[0] == len(
            wanted.mentions
        )


# One article by hand ------------------------------------------------------------------------------

BOURGEOIS = Thing("Person", "Léon Bourgeois", "Q152450")
LEAGUE = Thing("Organization", "League of Nations", "Q38130")
GENEVA = Thing("Place", "Geneva", "Q71")
PARIS = Thing("Place", "Paris", "Q90")
FRANCE = Thing("Place", "France", "Q142")

#: The first meeting of the Council of the League of Nations, on 16 January 1920.
LEAGUE_MEETS = Story(
    1,
    (
        Sentence(
            (BOURGEOIS, "opened the first meeting of the", LEAGUE, "in", PARIS),
            ((0, "member of", 1),),
        ),
        Sentence(("That", LEAGUE, "moved its headquarters to", GENEVA, "within the year"),
                 ((0, "headquarters location", 1),)),
        Sentence(((BOURGEOIS, "Bourgeois"), "spoke for", FRANCE, "at the", LEAGUE, 'and "for all"'),
                 ((0, "member of", 2), (2, "founded by", 1))),
        Sentence((PARIS, "saw no further meeting that month ,", "though", GENEVA, "did")),
    ),
)  # fmt: skip


def behind(opening: str, story: Story) -> Story:
    """The story with other words before all of it."""
    first, *others = story.given
    return replace(story, given=(Sentence((opening,)), first, *others))


@every_format
def test_an_article_is_the_same_in_every_format(format_: Format, tmp_path: Path) -> None:
    database, _ = load(format_, [LEAGUE_MEETS], tmp_path)
    check_same([LEAGUE_MEETS], carried(format_), database)


@every_format
def test_an_emoji_before_spans_shifts_none(format_: Format, tmp_path: Path) -> None:
    story = behind("🕊️ 👩🏽‍⚖️ Łódź 𝔄 yesterday", LEAGUE_MEETS)
    database, _ = load(format_, [story], tmp_path)
    check_same([story], carried(format_), database)


@every_format
def test_articles_of_one_file_are_told_apart(format_: Format, tmp_path: Path) -> None:
    stories = [
        LEAGUE_MEETS,
        replace(LEAGUE_MEETS, number=2, given=LEAGUE_MEETS.given[:2]),
        replace(behind("🌍 news", LEAGUE_MEETS), number=3),
    ]
    database, _ = load(format_, stories, tmp_path)
    check_same(stories, carried(format_), database)


@every_format
def test_a_text_of_its_own_is_enough(format_: Format, tmp_path: Path) -> None:
    """Without a sidecar spans have the same places where a text is in the file; and where that is
    tokens only, it is these joined by blanks.
    """
    carries = carried(format_)
    if carries.about or carries.without_text:
        pytest.skip("says all of the article" if carries.about else "has no text")
    story = replace(behind("🕊️ Łódź", LEAGUE_MEETS), is_spaced=True)
    path = WRITERS[format_.name]([story], tmp_path)
    load_files(tmp_path / "news.db", [path])
    found, wanted = read(tmp_path / "news.db"), expected([story], carries)
    assert [row[-1] for row in found.articles] == [story.text]
    assert found.entities == wanted.entities
    for given_, told in ((found.mentions, wanted.mentions), (found.statements, wanted.statements)):
        assert {row[1:] for row in given_} == {row[1:] for row in told}


def test_graphrag_in_parquet(tmp_path: Path) -> None:
    format_ = next(each for each in FORMATS if each.name == "graphrag")
    database, _ = load(format_, [LEAGUE_MEETS], tmp_path, write_graphrag_as_parquet)
    check_same([LEAGUE_MEETS], carried(format_), database)


def test_a_format_without_a_writer_is_told() -> None:
    new = Format("morse", "Morse", (".xml",), ())
    with pytest.raises(pytest.fail.Exception, match=r"does not know the format morse: add it"):
        carried(new)


# As RDF -------------------------------------------------------------------------------------------

#: What the terms of predicates are in formats that have them from Wikidata.
WIKIDATA = {
    "predicates": {each: {"iri": f"wdt:{item}"} for each, item in PROPERTIES.items()},
}
_GIVEN_OFFSETS = re.compile(r"(?<=[a-z2-7]{13})-(?:\d+|x)-(?:\d+|x)(?=-[a-z2-7]{5})")


def triples(database: Path, carries: Carries) -> set[str]:
    """The lines of N-Triples, without those about the tool, or about what it took to find a span."""
    with open_store(database) as db:
        text = b"".join(stream(db, format_named("ntriples"))).decode()
    if carries.without_offsets:
        text = re.sub(r"(?<=[a-z2-7]{5})-\d+>", ">", _GIVEN_OFFSETS.sub("", text))
    others = ("/id/extraction/", "#offsetStatus>", "<https://diffbot.com/")
    return {each for each in text.splitlines() if not any(other in each for other in others)}


@every_format
def test_an_article_is_the_same_as_rdf(format_: Format, tmp_path: Path) -> None:
    """The triples are those of the article record with what the format carries."""
    carries = carried(format_)
    database, _ = load(format_, [LEAGUE_MEETS], tmp_path)
    path = write_records([LEAGUE_MEETS], tmp_path, carries)
    label_map = tmp_path / "map.json"
    label_map.write_text(json.dumps(WIKIDATA))
    records = tmp_path / "records.db"
    load_files(records, [path], label_map=label_map if carries.properties else None)
    assert triples(database, carries) == triples(records, carries)


# Articles of all kinds ----------------------------------------------------------------------------

#: Names with accents (also as marks of their own), in other scripts, and beyond 16 bits.
NAMES = (
    Thing("Person", "Ángela Ruiz Robles", "Q5683735"),
    Thing("Person", "Wangari Maathai", "Q46795"),
    Thing("Person", "习近平", "Q15031"),
    Thing("Person", "نجيب محفوظ", "Q7176"),
    Thing("Person", "O'Neill"),
    Thing("Organization", "Médecins Sans Frontières", "Q49330"),
    Thing("Organization", "𠮷野家"),
    Thing("Organization", "AT&T", "Q35476"),
    Thing("Organization", "الأمم المتحدة", "Q1065"),
    Thing("Place", "São Paulo", "Q174"),
    Thing("Place", "Malmo\u0308", "Q2211"),
    Thing("Place", "北京", "Q956"),
    Thing("Place", "القاهرة", "Q85"),
)
#: One name is part of another. Where a format marks one mention of each only, and does not say where,
#: the first New York of a text may well be the beginning of a newspaper that it does not mark.
NESTED = (
    Thing("Place", "New York", "Q1384"),
    Thing("Organization", "New York Times", "Q9684"),
)
#: What shifts the offsets of some unit, and what formats have to escape.
WORDS = (
    "yesterday", "🌍", "👩🏽‍🚀", "🇳🇴", "é", "e\u0301", "—", "“indeed”", '"so', '"', "C:\\new",
    "<b>", "& more", "l'an 2000", "a;b,c", "#1", "ﬁ", "İ",
)  # fmt: skip


# Made once, as hypothesis looks through each strategy that is new to it, for longer than it draws.
HOW_MANY, FEW_WORDS = st.integers(1, 5), st.lists(st.sampled_from(WORDS), max_size=2)
#: The names of a sentence, by whether one may stand in another.
NAMED = {
    nested: st.lists(st.sampled_from(NAMES + NESTED * nested), min_size=2, max_size=3, unique=True)
    for nested in (False, True)
}
#: What a sentence states, by the number of its names and whether it states anything at all.
STATED = {
    (names, anything): st.lists(
        st.tuples(st.sampled_from([(0, 1), (1, 0), (names - 1, 0)]), st.sampled_from(PREDICATES)),
        min_size=anything,
        max_size=2,
        unique=True,
    )
    for names in (2, 3)
    for anything in (False, True)
}


@st.composite
def stories(draw: st.DrawFn, number: int = 1, *, nested: bool = True) -> Story:
    """A story of up to five sentences, the first of which states something."""
    found = []
    for place in range(draw(HOW_MANY)):
        names = draw(NAMED[nested])
        parts: list[str | Thing | tuple[Thing, str]] = []
        for name in names:
            parts += [*draw(FEW_WORDS), name]
        # No two sentences are alike, so that a passage is in one place.
        parts += [f"in chapter {place + 1}", *draw(FEW_WORDS)]
        stated = draw(STATED[len(names), place == 0])
        statements = tuple((one, predicate, other) for (one, other), predicate in stated)
        found.append(Sentence(tuple(parts), statements))
    return Story(number, tuple(found))


@every_format
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_article_is_the_same(
    format_: Format, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    nested = CARRIES[format_.name].mentions == "all"
    given_ = [
        data.draw(stories(number, nested=nested))
        for number in range(1, data.draw(st.integers(1, 3)) + 1)
    ]
    assume(not CARRIES[format_.name].by_text or len({each.text for each in given_}) == len(given_))
    database, _ = load(format_, given_, tmp_path_factory.mktemp("any"))
    check_same(given_, carried(format_), database)
