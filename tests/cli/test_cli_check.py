"""The command ``newsgraph check``: what it finds, and what it says."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from datasette_newsgraph.loading.load import load, load_files

Article = dict[str, Any]
Run = Callable[..., Result]
Change = Callable[..., None]
Write = Callable[..., Path]

BASE = "https://example.org/news/-/newsgraph/"


def test_check_of_a_sound_database(run: Run, loaded: Path) -> None:
    result = run("check", loaded)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "All is well.\n")


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE mentions SET article_id = 99 WHERE id = 1", "foreign keys: row 1 of mentions"),
        ("UPDATE zones SET article_id = 99 WHERE id = 1", "foreign keys: row 1 of zones"),
        ("DELETE FROM entities WHERE name = 'Kabul'", "foreign keys: "),
        ("DROP INDEX idx_mentions_key", "indexes: mentions has none on key"),
        ("DROP INDEX idx_quotes_speaker_id", "indexes: quotes has none on speaker_id"),
        ("DELETE FROM evidence WHERE id = 1", "orphans: 1 relation without evidence"),
        (
            "INSERT INTO entities (id, key, type, name) VALUES (99, 'x', 'Place', 'Nowhere')",
            "orphans: 1 entity that no article names",
        ),
        (
            "INSERT INTO extractions (key, tool) VALUES ('x', 'spacy')",
            "orphans: 1 extraction without an article",
        ),
        (
            "UPDATE mentions SET entity_id = (SELECT id FROM entities WHERE name = 'he')"
            ", article_id = 99 WHERE surface = 'Taliban'",
            "orphans: 1 mention whose entity does not appear in its article",
        ),
        (
            "UPDATE entity_counts SET mentions = mentions + 1",
            "counts: 10 rows of entity_counts differ from a recount",
        ),
        (
            "UPDATE facet_rows SET rows = (SELECT max(rows) FROM facet_rows)"
            " WHERE facet = 'language'",
            "counts: 2 rows of facet_rows differ from a recount",
        ),
        (
            "DELETE FROM entity_counts WHERE entity_id = 1",
            "counts: 1 row of entity_counts differs from a recount",
        ),
        (
            "DELETE FROM mentions WHERE surface = 'Taliban'",
            "counts: 1 row of appearances differs from a recount of mentions",
        ),
        (
            "UPDATE entities SET alias_text = 'Nobody' WHERE name = 'Kabul'",
            "names: the alias_text of entity 3 is not what the articles give",
        ),
        (
            "UPDATE entities SET basis = 'name' WHERE name = 'Friday'",
            "keys: the key of row 4 of entities is not the one that its row gives",
        ),
        (
            "UPDATE mentions SET start_char = 1, end_char = 6 WHERE start_char = 0",
            "spans: row 3 of mentions is exact, and its words are not where it says",
        ),
        (
            "UPDATE mentions SET start_char = NULL WHERE start_char = 0",
            "spans: row 3 of mentions is exact, and its words are not where it says",
        ),
        ("UPDATE quotes SET surface = 'x'", "spans: row 1 of quotes is exact"),
        (
            "UPDATE evidence SET surface = 'x' WHERE start_char IS NOT NULL",
            "spans: row 1 of evidence is exact",
        ),
        ("UPDATE article_texts SET text = ' ' || text", "spans: row 1 of mentions is exact"),
        ("UPDATE article_texts SET first_line = 'x'", "texts: the first_line of article 1 is not"),
        (
            "INSERT INTO text_parts VALUES (1, 0, 'x')",
            "texts: the text_parts of article 1 are not those of its text",
        ),
        ("INSERT INTO unsettled VALUES ('entity', 1)", "a load was interrupted; run the same"),
    ],
)
def test_check_finds(run: Run, loaded: Path, change: Change, damage: str, found: str) -> None:
    change(damage)
    result = run("check", loaded)
    assert result.exit_code == 1
    assert any(line.startswith(found) for line in result.stdout.splitlines()), result.stdout


def test_check_finds_a_name_that_most_articles_do_not_give(
    run: Run, loaded: Path, change: Change
) -> None:
    change("UPDATE entities SET description = 'invented' WHERE name = 'Kabul'")
    assert run("check", loaded).exit_code == 1


def test_check_finds_damaged_pages(
    run: Run, db_path: Path, generated: Callable[[int], list[Article]]
) -> None:
    load(db_path, generated(40))
    data = bytearray(db_path.read_bytes())
    with closing(sqlite3.connect(db_path)) as connection:
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'idx_mentions_key'"
        ).fetchone()
    at = (root - 1) * 4096
    data[at + 12 : at + 200] = bytes(188)
    db_path.write_bytes(data)
    result = run("check", db_path)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "integrity: " in result.stdout or "malformed; restore it from a copy" in result.stderr


def test_check_tells_of_an_interrupted_first_load(
    run: Run, db_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.jsonl", *({"id": f"a{number}"} for number in range(300)))
    with monkeypatch.context() as patch:
        patch.setattr(
            "datasette_newsgraph.loading.ending.settle",
            lambda db: (_ for _ in ()).throw(MemoryError),
        )
        with pytest.raises(MemoryError):
            load_files(db_path, [path])
    result = run("check", db_path)
    assert result.exit_code == 1
    assert result.stdout.startswith("a load was interrupted; run the same command again")
    load_files(db_path, [path])
    assert run("check", db_path).exit_code == 0
