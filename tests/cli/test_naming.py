"""Names where keys are asked for: one match is taken, several are listed, none says what is similar."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import AmbiguousName, UnknownKey
from datasette_newsgraph.identity import entity_key
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.by_name import ARTICLE, ENTITY, Ways, key_of

Run = Callable[..., Result]


def entity(type_: str, name: str, *aliases: str) -> dict[str, Any]:
    return {"id": f"{type_} {name}", "type": type_, "name": name, "aliases": list(aliases)}


KABUL, PARIS, PARIS_PERSON = (
    entity_key(*each) for each in [("Place", "Kabul"), ("Place", "Paris"), ("Person", "Paris")]
)
ARTICLES = [
    {
        "id": "a1",
        "title": "Kabul falls",
        "url": "https://example.org/kabul",
        "entities": [
            entity("Place", "Kabul", "Cabul", "Kaboul"),
            entity("Place", "Paris", "City of Light"),
            entity("Person", "Paris"),
            # One is called as the key of another, one as another is called too.
            entity("Ship", KABUL),
            entity("Ship", "Kaboul"),
        ],
    },
    {"id": "a2", "title": "Weather", "publisher": "Gazette", "published": "2021-08-15"},
    {"id": "a3", "title": "“Weather”"},
    # Its id is the title of another, and its title the id of another.
    {"id": "Kabul falls", "title": "a2"},
]


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which some names are clear and others are not; not to be changed."""
    path = tmp_path_factory.mktemp("named") / "news.db"
    load(path, ARTICLES, base_iri="https://example.org/news/-/newsgraph/")
    return path


@pytest.fixture
def run() -> Run:
    return lambda *arguments: CliRunner().invoke(cli, [str(each) for each in arguments])


def found(path: Path, ways: Ways, given: str) -> str:
    """Return what is found: of an article its id, of an entity its type and name."""
    with open_store(path) as db:
        key = key_of(db, ways, given).key
        columns = "given_id" if ways is ARTICLE else "type || ' ' || name"
        (row,) = db.conn.execute(f"SELECT {columns} FROM {ways.kind.table} WHERE key = ?", [key])
    return str(row[0])


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (KABUL, "Place Kabul"),
        ("Kabul", "Place Kabul"),
        (" KABUL ", "Place Kabul"),
        ("Cabul", "Place Kabul"),
        ("city  of light", "Place Paris"),
        (PARIS, "Place Paris"),
        (PARIS_PERSON, "Person Paris"),
        pytest.param("Kaboul", "Ship Kaboul", id="a name comes before another name"),
    ],
)
def test_an_entity_is_found_by_key_or_name(named: Path, given: str, name: str) -> None:
    assert found(named, ENTITY, given) == name


@pytest.mark.parametrize(
    ("given", "id_"),
    [
        ("a1", "a1"),
        ("https://example.org/kabul", "a1"),
        pytest.param("Kabul falls", "Kabul falls", id="an id comes before a title"),
        pytest.param("a2", "a2", id="an id comes before a title, again"),
        ("kabul FALLS", "a1"),
    ],
)
def test_an_article_is_found_by_id_address_or_title(named: Path, given: str, id_: str) -> None:
    assert found(named, ARTICLE, given) == id_


def test_several_of_a_name_are_listed_with_their_keys(named: Path) -> None:
    with open_store(named) as db:
        with pytest.raises(AmbiguousName) as of_entity:
            key_of(db, ENTITY, "paris")
        with pytest.raises(AmbiguousName) as of_article:
            key_of(db, ARTICLE, "weather")
    assert str(of_entity.value).startswith("2 entities are called 'paris': ")
    assert f"{PARIS} (Place, Paris, 0 mentions)" in str(of_entity.value)
    assert f"{PARIS_PERSON} (Person, Paris, 0 mentions)" in str(of_entity.value)
    assert "(a2, Gazette, 2021-08-15)" in str(of_article.value)
    assert str(of_article.value).endswith("; give the key of one")


def test_a_dozen_of_very_many_is_listed(db_path: Path) -> None:
    load(db_path, [{"id": f"a{n}", "entities": [entity("Person", "he")]} for n in range(40)])
    with open_store(db_path) as db, pytest.raises(AmbiguousName) as error:
        key_of(db, ENTITY, "he")
    assert str(error.value).count("(Person, he") == 12
    assert "and 28 more; give" in str(error.value)


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        (ENTITY, "Kabool", "similar names: Kaboul, Kabul"),
        (ENTITY, "Light", "similar names: City of Light"),
        (ENTITY, "Zzyzx", "the table entities has all"),
        (ENTITY, "", "the table entities has all"),
        (ARTICLE, "Kabul fell", "similar names: Kabul falls"),
    ],
)
def test_what_nothing_is_called_says_what_is_similar(
    named: Path, kind: Any, given: str, message: str
) -> None:
    with open_store(named) as db, pytest.raises(UnknownKey) as error:
        key_of(db, kind, given)
    assert message in str(error.value)


def test_a_name_that_is_long_or_an_order_to_a_terminal_is_told_in_part(
    run: Run, db_path: Path
) -> None:
    name = "\x1b[2J Zürich " + "x" * 10_000
    load(db_path, [{"id": "a1", "entities": [entity("Place", name), entity("Ship", name)]}])
    for typed in (name, name + "yz", "Zürich"):
        result = run("export", db_path, "--entity", typed)
        assert result.exit_code == 1
        assert "Zürich" in result.stderr
        assert "\x1b" not in result.stderr
        assert len(result.stderr) < 600


def test_an_export_of_a_name_is_that_of_its_key(run: Run, named: Path) -> None:
    by_name = run("export", named, "--entity", "kabul", "--article", "Kabul  falls")
    with closing(sqlite3.connect(named)) as connection:
        (article,) = connection.execute("SELECT key FROM articles WHERE given_id = 'a1'").fetchone()
    by_key = run("export", named, "--entity", KABUL, "--article", article)
    assert by_name.stdout == by_key.stdout != ""
    assert by_name.stderr.splitlines() == [
        f"the entity 'kabul' is {KABUL}",
        f"the article 'Kabul  falls' is {article}",
    ]
    assert by_key.stderr == ""


@pytest.mark.parametrize("options", [["--entity", "paris"], ["--article", "weather"]])
def test_an_export_of_an_unclear_name_writes_nothing(
    run: Run, named: Path, tmp_path: Path, options: list[str]
) -> None:
    result = run("export", named, "-o", tmp_path / "a.ttl", *options)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: 2 ")
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "a.ttl").exists()


def test_an_article_is_removed_by_its_title(run: Run, db_path: Path) -> None:
    load(db_path, ARTICLES)
    assert run("remove", db_path, "--article", "weather").exit_code == 1
    result = run("remove", db_path, "--article", "kabul falls")
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1] == "1 article removed"
    with closing(sqlite3.connect(db_path)) as connection:
        left = connection.execute("SELECT given_id FROM articles ORDER BY id").fetchall()
    assert left == [("a2",), ("a3",), ("Kabul falls",)]


def test_a_key_that_is_anothers_id_removes_one_article(run: Run, db_path: Path) -> None:
    load(db_path, [{"id": "a1"}])
    with closing(sqlite3.connect(db_path)) as connection:
        (key,) = connection.execute("SELECT key FROM articles").fetchone()
    load(db_path, [{"id": key}])
    assert run("remove", db_path, "--article", key).stderr == "1 article removed\n"
    with closing(sqlite3.connect(db_path)) as connection:
        assert connection.execute("SELECT given_id FROM articles").fetchall() == [(key,)]


@settings(max_examples=5)
@given(names=st.lists(st.text(min_size=1), min_size=20, max_size=60))
def test_any_name_that_is_stored_is_found(names: list[str]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        load(connection, [{"id": "a1", "entities": [entity("Ship", name) for name in set(names)]}])
        with open_store(connection) as db:
            for key, stored in db.conn.execute("SELECT key, name FROM entities").fetchall():
                assert key_of(db, ENTITY, stored).key == key


def test_of_what_else_it_is_a_name_is_told(named: Path, run: Run) -> None:
    """It is shown under the name that was given; others are called so, too."""
    ship = entity_key("Ship", "Kaboul")
    result = run("export", named, "--entity", "Kaboul")
    assert result.stderr.splitlines()[0] == (
        f"the entity 'Kaboul' is {ship}; it is another name of {KABUL} (Place, Kabul, 0 mentions)"
    )
    result = run("export", named, "--entity", "Cabul")
    assert result.stderr.splitlines()[0] == f"the entity 'Cabul' is {KABUL}"
