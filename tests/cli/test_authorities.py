"""The commands that make authorities, look names up and link entities."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from datasette_newsgraph.authority.file import write_authority
from datasette_newsgraph.authority.things import Thing
from datasette_newsgraph.identity import entity_key
from datasette_newsgraph.linking.link import key_of
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.store import open_store
from tests.authority.given import GEONAMES, QUERY
from tests.cli.conftest import Run
from tests.cli.running import error_of

Q30 = "http://www.wikidata.org/entity/Q30"
US = entity_key("Place", "US")


@pytest.fixture
def query(tmp_path: Path) -> Path:
    path = tmp_path / "query.csv"
    path.write_text(QUERY, "utf-8")
    return path


@pytest.fixture
def authority(run: Run, query: Path, tmp_path: Path) -> Path:
    path = tmp_path / "authority.db"
    assert run("authority", "make", query, "-o", path, "-q").exit_code == 0
    return path


@pytest.fixture
def graph(db_path: Path) -> Path:
    names = {"e1": "US", "e2": "Congo", "e3": "NATO", "e4": "Paris"}
    entities = [
        {
            "id": id_,
            "type": "Organization" if name == "NATO" else "Place",
            "name": name,
            "mentions": [{"text": name}],
        }
        for id_, name in names.items()
    ]
    load(db_path, [{"id": "a1", "text": "US, Congo, NATO, Paris.", "entities": entities}])
    return db_path


def test_an_authority_is_made_and_looked_up(run: Run, query: Path, tmp_path: Path) -> None:
    (tmp_path / "cities15000.txt").write_text(GEONAMES, "utf-8")
    made = run(
        "authority", "make", query, tmp_path / "cities15000.txt", "-o", tmp_path / "authority.db"
    )
    assert (made.exit_code, made.stdout) == (0, "")
    assert made.stderr == f"{tmp_path / 'authority.db'}: 4 things with 10 names; 1 left out\n"
    found = run("authority", "look", tmp_path / "authority.db", "paris")
    assert found.stdout.splitlines() == [
        "https://sws.geonames.org/2988507/  Paris  Place  2,138,551  PPLC FR",
        "http://www.wikidata.org/entity/Q90  Paris  Place  300",
        "http://www.wikidata.org/entity/Q830149  Paris  Place  60",
    ]
    nothing = run("authority", "look", tmp_path / "authority.db", "Norland")
    assert (nothing.exit_code, nothing.stdout) == (1, "")
    assert "nothing is called 'Norland'" in nothing.stderr


def test_lines_that_cannot_be_read_are_named(run: Run, query: Path, tmp_path: Path) -> None:
    query.write_text(QUERY + "Q1,World,,,many\n" * 20, "utf-8")
    made = run("authority", "make", query, "-o", tmp_path / "authority.db")
    assert made.exit_code == 0
    lines = made.stderr.splitlines()
    assert lines[0] == f"{query}: line 5: 'many' is no number of sitelinks"
    assert len(lines) == 14
    assert lines[-1].endswith("3 things with 7 names; 20 lines could not be read")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("make", "none.csv", "-o", "a.db"), "none.csv: No such file"),
        (("make", "text.txt", "-o", "a.db"), "text.txt: is of no format"),
        (("look", "text.txt", "Paris"), "text.txt: is no authority|text.txt: file is not a"),
        (("look", "none.db", "Paris"), "none.db: there is no such file"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.txt").write_text("Only words.\n" * 100)
    result = run("authority", *arguments)
    assert result.exit_code == 1
    assert any(each in error_of(result) for each in message.split("|"))
    assert not Path("a.db").exists()


def test_entities_are_linked_to_countries(run: Run, graph: Path) -> None:
    trial = run("link", graph, "--countries", "--dry-run")
    linked = run("link", graph, "--countries")
    assert trial.stdout == linked.stdout
    assert trial.stdout.splitlines() == [
        f"same    {US}  Place: US  {Q30}  “US” is a name of United States alone",
        f"unsure  {entity_key('Place', 'Congo')}  Place: Congo  http://www.wikidata.org/entity/Q971"
        " http://www.wikidata.org/entity/Q974  others are called “Congo”, too",
    ]
    assert trial.stderr == "countries: 1 entity to be linked; 1 entity left to people\n"
    assert linked.stderr.startswith(
        f"countries: 1 entity linked; 1 entity left to people; newsgraph undo {graph} "
    )
    with open_store(graph) as db:
        assert [*db.query("SELECT key, name FROM entities WHERE name = 'US'")] == [
            {"key": key_of(Q30), "name": "US"}
        ]


def test_what_was_decided_is_passed_over(run: Run, graph: Path) -> None:
    run("link", graph, "--countries", "-q")
    again = run("link", graph, "--countries")
    assert "same" not in again.stdout
    assert again.stderr == "countries: 0 entities linked; 1 entity left to people\n"
    assert run("check", graph).exit_code == 0


def test_a_link_is_taken_back_and_not_made_again(run: Run, graph: Path) -> None:
    linked = run("link", graph, "--countries")
    (batch,) = re.findall(r"newsgraph undo \S+ (\S+) takes it back", linked.stderr)
    assert run("undo", graph, batch).exit_code == 0
    with open_store(graph) as db:
        assert [*db.query("SELECT key FROM entities WHERE name = 'US'")] == [{"key": US}]
    assert "same" not in run("link", graph, "--countries").stdout


def test_entities_are_linked_to_an_authority_of_ones_own(
    run: Run, graph: Path, authority: Path
) -> None:
    linked = run("link", graph, "--authority", authority, "--countries", "-q")
    assert linked.exit_code == 0
    assert [line.split()[0] for line in linked.stdout.splitlines()] == [
        *("same", "unsure"),
        *("same", "unsure"),
    ]
    assert "2 things are called “Paris”" in linked.stdout
    with open_store(graph) as db:
        keys = {row["key"] for row in db.query("SELECT key FROM entities")}
    assert {key_of(Q30), key_of("http://www.wikidata.org/entity/Q7184")} < keys


def test_a_damaged_authority_is_blamed_and_not_the_graph(
    run: Run, graph: Path, tmp_path: Path
) -> None:
    path = tmp_path / "cut.db"
    things = (Thing(f"https://example.org/{n}", f"Congo {n}") for n in range(999))
    write_authority(str(path), things)
    path.write_bytes(path.read_bytes()[:8192] + b"\0" * 4096)
    result = run("link", graph, "--authority", path)
    assert result.exit_code == 1
    assert error_of(result).startswith(f"{path}: database disk image is malformed")


def test_a_link_needs_an_authority(run: Run, graph: Path) -> None:
    assert run("link", graph).exit_code == 2
    wrong = run("link", graph, "--authority", graph)
    assert wrong.exit_code == 1
    assert "is no authority file" in error_of(wrong)
