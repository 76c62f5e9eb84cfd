"""The commands that decide: merge, split, correct."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from datasette_newsgraph.decisions.decision import split_key
from datasette_newsgraph.loading.load import load
from tests.cli.deciding_on import (
    ABSENT,
    ARTICLES,
    FIRST,
    IDENTIFIED,
    ITEM,
    LONG,
    PERSON,
    PLACE,
    SECOND,
    SHORT,
    UNION,
    hold,
    key_in,
    log,
    run,
    told,
)
from tests.cli.running import error_of


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("deciding") / "news.db"
    load(path, ARTICLES, base_iri="https://example.org/news/-/newsgraph/")
    return path


@pytest.fixture
def news(graph: Path, tmp_path: Path) -> Path:
    """A copy of the graph, to be decided on."""
    return Path(shutil.copy(graph, tmp_path))


def names_in(path: Path) -> set[str]:
    """The names of the entities of a database."""
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM entities")}


# merge ------------------------------------------------------------------------------------------


def test_the_identifier_by_which_an_entity_was_called_is_kept(news: Path) -> None:
    run("merge", news, LONG, "https://www.geonames.org/2921044", "--keep", LONG)
    (decision,) = log(news)
    assert (decision["keep"], decision["value"]) == (LONG, "https://sws.geonames.org/2921044/")
    assert "owl:sameAs <https://sws.geonames.org/2921044/>" in run("export", news).stdout


def test_merge_says_what_it_did_and_how_to_take_it_back(news: Path) -> None:
    result = run("merge", news, UNION, LONG, "--why", "the same", "--by", "ana")
    (decision,) = log(news)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        f"2 entities are one now, {UNION} (EU);"
        f" newsgraph undo {news} {decision['batch']} takes it back\n"
    )
    assert {decision["left"], decision["right"]} == {UNION, LONG}
    assert (decision["by"], decision["why"], decision["how"]) == ("ana", "the same", "command line")
    assert {decision["left_name"], decision["right_name"]} == {"EU", "European Union"}


@pytest.mark.parametrize(
    ("keys", "kept"),
    [
        pytest.param((UNION, IDENTIFIED), IDENTIFIED, id="an identifier comes first"),
        pytest.param((UNION, ITEM), IDENTIFIED, id="an IRI stands for a key"),
        pytest.param((LONG, UNION), UNION, id="then the number of articles"),
        pytest.param((SHORT, LONG), LONG, id="then the length of the name"),
        pytest.param(("european  UNION", "EU"), UNION, id="names stand for keys"),
        pytest.param((SHORT, LONG, UNION), UNION, id="there may be several"),
        pytest.param((SHORT, LONG, "--keep", SHORT), SHORT, id="or as is said"),
        pytest.param((SHORT, LONG, "--keep", "E.U."), SHORT, id="also by name"),
        pytest.param(
            (UNION, "https://www.wikidata.org/wiki/Q1"),
            "q1-",
            id="an IRI that nothing loaded has",
        ),
        pytest.param((UNION, ABSENT, "--not-loaded"), UNION, id="what is still to come"),
    ],
)
def test_one_stands_for_all(news: Path, keys: tuple[str, ...], kept: str) -> None:
    result = run("merge", news, *keys)
    assert result.exit_code == 0, result.stderr
    assert {each.startswith(kept) for (each,) in told(news, "keep")} == {True}
    assert len(log(news)) == sum(not each.startswith("--") for each in keys) - 1 - (
        "--keep" in keys
    )
    assert len({*told(news, "batch")}) == 1


def test_what_is_not_loaded_is_named(news: Path) -> None:
    result = run("merge", news, UNION, ABSENT, "--not-loaded")
    assert f"not loaded, and decided on for when they come: {ABSENT}\n" in result.stderr


def test_two_identifiers_of_one_authority_are_told(news: Path) -> None:
    result = run("merge", news, ITEM, "https://www.wikidata.org/wiki/Q1")
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1] == (
        "they have several identifiers of Wikidata: http://www.wikidata.org/entity/Q1, " + ITEM
    )


def test_quiet_says_nothing(news: Path) -> None:
    result = run("merge", news, "EU", LONG, "-q")
    assert (result.exit_code, result.output) == (0, "")


def test_to_merge_again_decides_nothing(news: Path) -> None:
    for _ in range(2):
        result = run("merge", news, UNION, LONG)
        assert result.exit_code == 0
    assert result.stderr == f"{UNION}, {LONG}: nothing to decide, it is so already\n"
    assert len(log(news)) == 1


def test_what_was_merged_leads_to_what_it_is_shown_as(news: Path) -> None:
    hold(news, ("same", ABSENT, "", UNION), ("same", UNION, "", UNION))
    exported = run("export", news, "--entity", ABSENT, "-f", "ntriples")
    assert f"/id/entity/{UNION}>" in exported.stdout
    assert run("merge", news, ABSENT, LONG).exit_code == 0
    (decision,) = log(news)
    assert {decision["left"], decision["right"]} == {UNION, LONG}


def test_another_member_of_a_cluster_can_be_kept(news: Path) -> None:
    hold(news, ("same", LONG, "", UNION), ("same", UNION, "", UNION))
    assert run("merge", news, UNION, LONG, "--keep", LONG).exit_code == 0
    assert told(news, "keep") == [(LONG,)]


def test_different_things_are_kept_apart(news: Path) -> None:
    result = run("merge", news, LONG, PERSON, "--not", "--by", "ana")
    assert result.stderr.startswith("2 entities are different; newsgraph undo ")
    assert told(news, "verdict", "by") == [("different", "ana")]
    assert run("merge", news, UNION, LONG).exit_code == 0
    refused = run("merge", news, UNION, PERSON)
    assert refused.exit_code == 1
    message = error_of(refused)
    assert " cannot be one, as " in message
    assert f" by ana (batch {log(news)[0]['batch']}); newsgraph undo takes that back" in message
    assert len(log(news)) == 2, "nothing was added"


def test_to_think_otherwise_says_what_it_replaces(news: Path) -> None:
    assert run("merge", news, UNION, LONG, "--not").exit_code == 0
    result = run("merge", news, UNION, LONG)
    assert "\nthis replaces: different " in result.stderr
    assert log(news, "--conflicts") == []


def test_what_was_merged_is_taken_out_again(news: Path) -> None:
    # By a chain, of which the first pair would else bar the others.
    assert run("merge", news, LONG, SHORT, "--keep", LONG).exit_code == 0
    assert run("merge", news, UNION, LONG, "--keep", UNION).exit_code == 0
    assert {"European Union", "E.U."}.isdisjoint(names_in(news))
    refused = error_of(run("merge", news, "EU", "E.U.", "--not"))
    assert f"{UNION} cannot be different from itself; name what was merged into it by" in refused
    assert f"{SHORT} (E.U.)" in refused
    result = run("merge", news, UNION, SHORT, "--not")
    assert result.stderr.startswith("2 entities are different; newsgraph undo ")
    assert "conflict" not in result.stderr
    assert "E.U." in names_in(news)
    assert "European Union" not in names_in(news)


def test_a_later_verdict_on_the_same_pair_holds(news: Path) -> None:
    assert run("merge", news, UNION, LONG, "--not", "--by", "ana").exit_code == 0
    result = run("merge", news, UNION, LONG, "--by", "ben")
    assert result.exit_code == 0
    assert "\nconflict: different " in result.stderr
    ((kept,),) = [(each["conflict"],) for each in log(news, "--conflicts")]
    assert kept.startswith("a later decision says same, and holds: same ")
    assert " by ben (batch " in kept


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([UNION], 2, "Give the keys of two entities or more."),
        ([UNION, LONG, "--not", "--keep", UNION], 2, "--keep is not for --not"),
        ([UNION, LONG, "--keep", PERSON], 2, f"{PERSON} is to be kept, and is none of those"),
        ([UNION, UNION, "--not"], 2, f"{UNION} cannot be different from itself"),
        ([UNION, "Europe"], 1, "there is no entity with the name or key 'Europe'"),
        ([UNION, ABSENT], 1, "--not-loaded takes the key of an entity that is still to come"),
        ([UNION, "Georgia"], 1, "2 entities are called 'Georgia'"),
        ([UNION, LONG, "--why", "x" * 2001], 1, "why has more than 2000 characters"),
        ([UNION, LONG, "--by", "two\nlines"], 1, "by has more than one line"),
    ],
)
def test_what_cannot_be_merged(news: Path, arguments: list[str], code: int, words: str) -> None:
    result = run("merge", news, *arguments)
    assert (result.exit_code, log(news)) == (code, [])
    assert words in error_of(result)


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    result = run("merge", tmp_path / "none.db", UNION, LONG)
    assert result.exit_code == 1
    assert "there is no such database" in error_of(result)


# split ------------------------------------------------------------------------------------------


def test_split(news: Path) -> None:
    name = "Georgia (U.S. state)"
    result = run("split", news, PLACE, "--article", "Second", "--as", name, "--why", "peaches")
    key = split_key(PLACE, name)
    assert result.exit_code == 0
    assert f"1 article split off, as {key} ({name}); newsgraph undo" in result.stderr
    assert told(news, "verdict", "left", "right", "articles", "value", "why") == [
        ("split", PLACE, key, [SECOND], name, "peaches")
    ]
    # Another article says so, too.
    assert run("split", news, PLACE, "--article", FIRST, "--as", name).exit_code == 0
    assert {right for (right,) in told(news, "right")} == {key}


def test_a_split_says_of_each_key_what_its_articles_give(news: Path) -> None:
    assert run("merge", news, UNION, SHORT, LONG).exit_code == 0
    result = run("split", news, UNION, "--article", "First", "--article", "a2", "--as", "The bloc")
    assert result.exit_code == 0, result.stderr
    splits = [each for each in log(news) if each["verdict"] == "split"]
    assert {each["left"]: each["articles"] for each in splits} == {
        UNION: [FIRST, SECOND],
        SHORT: [SECOND],
        LONG: [SECOND],
    }
    key = split_key(UNION, "The bloc")
    assert {each["right"] for each in splits} == {key}
    assert names_in(news) & {"The bloc", "EU", "E.U.", "European Union"} == {"The bloc"}
    # It can be split again, and then means what was said last.
    result = run("split", news, "The bloc", "--article", "First", "--as", "Euro")
    assert result.exit_code == 0, result.stderr
    assert {each["left"] for each in log(news)[-1:]} == {UNION}
    assert names_in(news) >= {"The bloc", "Euro"}


def test_what_was_split_off_is_put_back_by_undo(news: Path) -> None:
    assert run("split", news, PLACE, "--article", "a2", "--as", "The state").exit_code == 0
    result = run("split", news, "The state", "--article", "a2", "--into", PLACE)
    assert result.exit_code == 2
    assert error_of(result).endswith(": newsgraph undo takes that back")


def test_what_is_split_off_can_be_an_entity_that_is_there(news: Path) -> None:
    assert run("split", news, UNION, "--article", "a2", "--into", "European Union").exit_code == 0
    assert told(news, "left", "right", "value") == [(UNION, LONG, "")]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--article", "a1"], 2, "Give either --as NAME or --into KEY."),
        (["--article", "a1", "--as", "x", "--into", "y"], 2, "Give either --as NAME"),
        (["--as", "x"], 2, "Missing option '--article'"),
        (["--article", "a1", "--as", " \u200b"], 2, "has no name; give one that can be read"),
        (["--article", "a1", "--into", UNION], 2, f"{UNION} is shown as {UNION}; name another"),
        (["--article", "a3", "--as", "x"], 1, "there is no article with the title, id or key 'a3'"),
    ],
)
def test_what_cannot_be_split(news: Path, arguments: list[str], code: int, words: str) -> None:
    result = run("split", news, UNION, *arguments)
    assert (result.exit_code, log(news)) == (code, [])
    assert words in error_of(result)


def test_an_article_that_does_not_name_the_entity_is_not_split_off(news: Path) -> None:
    result = run("split", news, LONG, "--article", "a1", "--as", "x")
    assert result.exit_code == 2
    assert error_of(result) == f"the article {FIRST} does not name {LONG}; leave it out"


# correct ----------------------------------------------------------------------------------------


def test_correct_name_and_type(news: Path) -> None:
    result = run("correct", news, "EU", "--name", " The  Union ", "--type", "ORGANIZATION")
    assert result.exit_code == 0
    assert f"\n{UNION} is called The Union and is of the type Organization;" in result.stderr
    assert told(news, "verdict", "left", "value") == [
        ("name", UNION, "The Union"),
        ("type", UNION, "Organization"),
    ]
    assert len({*told(news, "batch")}) == 1
    # A type that nothing has yet is taken as it is written.
    assert run("correct", news, "EU", "--type", "Bloc").exit_code == 0
    assert told(news, "value")[-1] == ("Bloc",)


def test_who_had_the_name_before_is_told(news: Path) -> None:
    """A name of two leads to the one that is still shown under it: the other may have been meant."""
    assert run("correct", news, PLACE, "--name", "Sakartvelo").exit_code == 0
    result = run("correct", news, "Georgia", "--type", "Politician")
    assert result.stderr.startswith(
        f"the entity 'Georgia' is {PERSON}; it is another name of {PLACE} (Place, Sakartvelo, "
    )


@pytest.mark.parametrize("table", ["relations", "evidence", "quotes"])
def test_what_is_wrong_is_found_by_its_key(news: Path, table: str) -> None:
    key = key_in(news, table)
    kind = {"relations": "relation", "quotes": "quote"}.get(table, table)
    result = run("correct", news, key, "--wrong")
    assert result.stderr.startswith(f"the {kind} {key} is wrong; newsgraph undo ")
    assert told(news, "verdict", "kind", "left") == [("wrong", kind, key)]
    assert log(news)[0]["left_name"] == {
        "relation": "Georgia met EU",
        "evidence": "Georgia met the EU.",
        "quote": "“Yes,”",
    }[kind]  # fmt: skip


def test_what_is_wrong_may_be_named_by_its_iri(news: Path) -> None:
    key = key_in(news, "quotes")
    iri = f"https://example.org/news/-/newsgraph/id/quote/{key}"
    assert run("correct", news, iri, "--wrong").exit_code == 0
    assert told(news, "kind", "left") == [("quote", key)]


def test_a_wrong_entity_is_wrong_under_all_its_keys(news: Path) -> None:
    hold(news, *(("same", key, "", UNION) for key in (ABSENT, UNION)))
    assert run("correct", news, ABSENT, "--wrong").exit_code == 0
    assert told(news, "verdict", "kind", "left") == [
        ("wrong", "entity", UNION),
        ("wrong", "entity", ABSENT),
    ]
    again = run("correct", news, UNION, "--wrong")
    assert again.stderr == f"{UNION}: nothing to decide, it is so already\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([UNION], 2, "Give either --wrong, or --name, --type or both."),
        ([UNION, "--wrong", "--name", "x"], 2, "Give either --wrong"),
        ([UNION, "--name", " "], 2, "the name is blank"),
        ([UNION, "--type", "\u200b"], 2, "the type is blank"),
        ([ABSENT, "--wrong"], 1, "there is no entity with the name or key"),
        (["Georgia", "--wrong"], 1, "2 entities are called 'Georgia'"),
    ],
)
def test_what_cannot_be_corrected(news: Path, arguments: list[str], code: int, words: str) -> None:
    result = run("correct", news, *arguments)
    assert (result.exit_code, log(news)) == (code, [])
    assert words in error_of(result)


def test_what_is_still_to_come_can_be_corrected(news: Path) -> None:
    assert run("correct", news, ABSENT, "--wrong", "--not-loaded").exit_code == 0
    assert told(news, "left") == [(ABSENT,)]
