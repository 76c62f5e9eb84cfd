"""One very long article, as a file of columns without borders of documents gives it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.loading.removal import remove_article
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.text_parts import LONG, PART, parts_of
from datasette_newsgraph.store.views import CONTEXT, WORD
from tests.cost import sql_steps_of
from tests.permissions.visitors import private, serving

#: Of one, two, three and four bytes in UTF-8, so that no place in bytes is that in code points.
WORDS = ["Ann", "Jürgen", "王毅", "𐌰𐌽𐌰"]
STATED = 40


def long_article(names: int, id_: str = "long") -> dict[str, Any]:
    """An article with so many mentions, a quarter as many names, and some evidence."""
    text, entities = "", {}
    for number in range(names):
        name = f"{WORDS[number % 4]}{number % max(1, names // 4)}"
        entity = entities.setdefault(
            name, {"id": name, "type": "Person", "name": name, "mentions": []}
        )
        entity["mentions"].append({"start": len(text), "end": len(text) + len(name), "text": name})
        text += f"{name} walked .\n" if number % 5 else f"{name} walked "
    first, second = list(entities)[:2]
    evidence = [each["start"] for each in entities[first]["mentions"]][-STATED:]
    return {
        "id": id_,
        "text": text,
        "entities": list(entities.values()),
        "relations": [
            {
                "subject": first,
                "predicate": "met",
                "object": second,
                "evidence": [
                    {"start": start, "end": start + 12, "text": text[start : start + 12]}
                    for start in evidence
                ],
            }
        ],
    }


ARTICLE = long_article(4_000)


@pytest.fixture(scope="module")
def long_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "long.db"
    load(path, [ARTICLE, {"id": "short", "text": "Ann met Bob.", "title": "Short"}])
    return path


def contexts(path: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT before, surface, after FROM mention_index ORDER BY start_char"
        return connection.execute(query).fetchall()


def context_in(text: str, start: int, end: int) -> tuple[str, str, str]:
    """What stands around a span, without the word that is cut at either end."""
    size = CONTEXT + WORD + 1
    before = text[max(0, start - size) : start].replace("\n", " ")
    if start > size and " " in before[: WORD + 1]:
        before = before[before.index(" ") + 1 :]
    after = text[end : end + size].replace("\n", " ")
    if len(after) == size and after.rfind(" ") >= CONTEXT:
        after = after[: after.rfind(" ")].rstrip(" ")
    return before, text[start:end], after


def expected() -> list[tuple[str, str, str]]:
    spans = sorted(
        (each["start"], each["end"])
        for entity in ARTICLE["entities"]
        for each in entity["mentions"]
    )
    return [context_in(ARTICLE["text"], *span) for span in spans]


def test_contexts_are_those_of_the_text(long_db: Path) -> None:
    assert len(ARTICLE["text"]) > 2 * LONG
    assert contexts(long_db) == expected()


def test_contexts_are_read_without_the_text(long_db: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(long_db.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        # As many code points, none of them the same: whoever reads the text finds these.
        connection.execute(
            "UPDATE article_texts SET text = replace(hex(zeroblob(length)), '0', '?')"
        )
        connection.commit()
    assert contexts(path) == expected()


@pytest.mark.parametrize("length", [0, 1, LONG, LONG + 1, LONG + PART, LONG + PART + 1])
def test_the_parts_of_a_text_are_all_of_it_once(length: int) -> None:
    text = "".join(chr(0x1F600 + number % 60) for number in range(length))
    parts = parts_of(text)
    assert "".join(parts) == (text if length > LONG else "")
    assert all(len(part) == PART for part in parts[:-1])


def parts_in(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT given_id, part FROM text_parts JOIN articles ON articles.id = article_id"
            " ORDER BY article_id, number"
        )
        found: dict[str, str] = {}
        for article, part in rows:
            found[article] = found.get(article, "") + part
        return found


def test_parts_come_and_go_with_their_text(db_path: Path) -> None:
    long, other = "word " * LONG, "another " * LONG
    load(db_path, [{"id": "a", "text": long}, {"id": "b", "text": other}, {"id": "c", "text": "x"}])
    assert parts_in(db_path) == {"a": long, "b": other}
    load(db_path, [{"id": "a", "text": other}, {"id": "b", "text": "short"}])
    assert parts_in(db_path) == {"a": other}
    with open_store(db_path, write=True) as db:
        assert list(check(db)) == []
        remove_article(db, "a")
        assert list(check(db)) == []
    assert parts_in(db_path) == {}


def test_check_takes_as_much_longer_as_an_article_is(tmp_path: Path) -> None:
    steps = []
    for names in (2_000, 8_000):
        path = tmp_path / f"{names}.db"
        load(path, [long_article(names)])
        with closing(sqlite3.connect(path)) as connection:
            faults: list[str] = []
            db = Database(connection)
            steps.append(sql_steps_of(connection, lambda db=db, to=faults: to.extend(check(db))))
            assert faults == []
    assert steps[1] < 6 * steps[0]


@pytest.mark.asyncio
async def test_parts_are_for_nobody_who_may_not_see_the_text(long_db: Path, tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    path.write_bytes(long_db.read_bytes())
    async with serving(path, private("article_texts")) as server:
        for page in ("text_parts.json", "mention_index.json", "relations_between.json?name=Ann0"):
            assert (await server.anybody.get(f"/news/{page}")).status_code == 403, page
            assert (await server.alice.get(f"/news/{page}")).status_code == 200, page


@pytest.mark.asyncio
@pytest.mark.parametrize("query", ["relations_between?name=Ann0&other=", "one_publisher?name=Ann0"])
async def test_queries_show_the_sentences_of_a_long_text(
    serve: Callable[..., Any], long_db: Path, query: str
) -> None:
    name, arguments = query.split("?")
    found = await serve(long_db).client.get(f"/long/{name}.json?{arguments}&_shape=array")
    sentences = [row["sentence"] for row in found.json()]
    assert sentences
    assert all(sentence in ARTICLE["text"].replace("\n", " ") for sentence in sentences)
    assert all(re.search(r"Ann0 walked", sentence) for sentence in sentences)
