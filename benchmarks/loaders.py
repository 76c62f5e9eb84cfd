"""Ways to load a file of article records: newsgraph's own, and two that it is compared with.

Those two are given every row as it is to stand in the database, and only have to write it; but they
decode each line of the file as well, as nobody can do without. All end with the same tables and
indexes. The rows of counts are given too, so what newsgraph takes to count stands on its side alone;
so do, with the reference, the views, which take no time.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

from measure import run_job

Work = Callable[[], object]


def newsgraph(records: str, database: str, jobs: str = "1") -> Work:
    """Load with newsgraph: a new database, or the same file again, in one process or more."""
    from datasette_newsgraph.loading.load import load_files
    from datasette_newsgraph.readers.formats import FORMATS

    assert FORMATS[0].reader  # imports it
    return lambda: load_files(database, [records], jobs=int(jobs))


def reference(records: str, database: str, filled: str) -> Work:
    """Load on bare ``sqlite3`` as fast as it goes: statements of many rows in one transaction, then
    indexes and full-text search. ``filled`` is a database that newsgraph made of the same records.
    """
    from datasette_newsgraph.loading.rows import insert_rows
    from datasette_newsgraph.store.opening import CACHE_KB
    from datasette_newsgraph.store.schema import FULL_TEXT, SEARCHED, TABLES, select

    with closing(sqlite3.connect(filled)) as source:
        values = {
            table: [value for row in source.execute(select(table)) for value in row]
            for table in TABLES
        }
        tables = [_sql(source, "table", table) for table in TABLES]
        tables += [_sql(source, "view", view) for view in SEARCHED.values()]
        indexes = [each for table in TABLES for each in _index_sql(source, table)]
        searches = {table: _sql(source, "table", f"{table}_fts") for table in FULL_TEXT}

    def work() -> None:
        gc.disable()
        _decode_all(records)
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            execute = connection.execute
            execute(f"PRAGMA cache_size = -{CACHE_KB}")
            execute("BEGIN")
            for sql in tables:
                execute(sql)
            for table, flat in values.items():
                insert_rows(connection, table, list(TABLES[table].columns), flat)
            for sql in indexes:
                execute(sql)
            for table, sql in searches.items():
                execute(sql)
                execute(f"INSERT INTO {table}_fts ({table}_fts) VALUES ('rebuild')")
            execute("COMMIT")

    return work


def sqlite_utils(records: str, database: str, filled: str) -> Work:
    """Load, or load again, in sqlite-utils' own idiom: each table's rows as dictionaries, with
    ``upsert_all`` into tables that have their indexes and the triggers of full-text search.
    """
    from sqlite_utils import Database

    from datasette_newsgraph.store import indexes, migrations, schema

    with closing(sqlite3.connect(filled)) as source:
        source.row_factory = sqlite3.Row
        rows = {
            table: [dict(row) for row in source.execute(f"SELECT * FROM {table}")]
            for table in schema.TABLES
        }

    def work() -> None:
        _decode_all(records)
        db = Database(database)
        with closing(db.conn):
            if not db.table("articles").exists():
                migrations.migrations.apply(db)
                indexes.create(db.conn, indexes.LATE)
                for table, columns in schema.FULL_TEXT.items():
                    db.table(table).enable_fts(
                        columns, create_triggers=True, tokenize="unicode61 remove_diacritics 2"
                    )
            for table, each in rows.items():
                db.table(table).upsert_all(each, pk=schema.TABLES[table].pk)

    return work


def _decode_all(records: str) -> None:
    import msgspec

    from datasette_newsgraph.article import Article

    decode = msgspec.json.Decoder(Article).decode
    with open(records, "rb") as lines:
        for line in lines:
            decode(line)


def _sql(source: sqlite3.Connection, type_: str, name: str) -> str:
    query = "SELECT sql FROM sqlite_master WHERE type = ? AND name = ?"
    sql: str = source.execute(query, [type_, name]).fetchone()[0]
    return sql


def _index_sql(source: sqlite3.Connection, table: str) -> Iterator[str]:
    query = "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql NOT NULL"
    return (sql for (sql,) in source.execute(query, [table]).fetchall())


if __name__ == "__main__":
    run_job({each.__name__: each for each in (newsgraph, reference, sqlite_utils)})
