"""What several tests share: a record made by hand, a database's path, and its contents by key."""

from __future__ import annotations

import atexit
import importlib.util
import json
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from contextvars import Context
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette, DatasetteClient
from datasette.database import Database
from hypothesis import HealthCheck, settings

from datasette_newsgraph.facets.rowsets import numbers_in
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.store.schema import FOLDED, TABLES
from tests import line, quick

ROOT = Path(__file__).parents[1]

# A busy machine is no failure; and what fails where a change is judged, fails of the change: there the
# examples are the same each time. Everywhere else they are new ones.
settings.register_profile(
    "newsgraph",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    derandomize="CI" in os.environ,
)
# For hours, as of ``make test-long``: new examples, and as many as a test has for it.
settings.register_profile("long", settings.get_profile("newsgraph"), derandomize=False)
# For ``make test-quick``: a few examples each.
settings.register_profile("quick", settings.get_profile("newsgraph"), max_examples=5)
settings.load_profile("newsgraph")

# SQLite has the disk confirm what it writes, fifty times for an article, and waits for that longer than
# all the rest takes. Memory is as good for what is thrown away, where there is enough of it.
MEMORY = Path("/dev/shm")
ENOUGH = 2_000_000_000
if (
    "TMPDIR" not in os.environ
    and os.access(MEMORY, os.W_OK | os.X_OK)
    and shutil.disk_usage(MEMORY).free > ENOUGH
):
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)
    # What is left behind, as by servers that are killed, goes with the process that comes first here.
    os.environ["TMPDIR"] = tempfile.tempdir = tempfile.mkdtemp(prefix="newsgraph-", dir=MEMORY)
    atexit.register(shutil.rmtree, tempfile.tempdir, ignore_errors=True)

# Where rich is installed (as spaCy brings it), Datasette 0.65 has it print each exception, and fails at
# a path without a route, for which there is none.
sys.modules["datasette.handle_exception"].rich = None

# Served, Datasette makes its application once, with all routes. The client of 1.0 makes one for each
# request, which takes longer than most of the answers.
if isinstance(_each_time := vars(DatasetteClient).get("app"), property):
    DatasetteClient.app = _once = cached_property(_each_time.fget)
    _once.__set_name__(DatasetteClient, "app")

# The front page shows how many rows tables have if each is counted in 10 ms. A busy machine shows
# them at one request and not at the next.
_counted_in_time = Database.table_counts
Database.table_counts = lambda database, limit=10: _counted_in_time(database, 10_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--of-datasette",
        action="store_true",
        help="only the tests that another line of Datasette can change",
    )
    parser.addoption(
        "--quick", action="store_true", help="one case of each test, but of those that take long"
    )
    parser.addoption("--campaigns", action="store_true", help="only the campaigns")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    is_left_out = (config.getoption("--quick") and quick.is_left_out(collection_path)) or (
        config.getoption("--campaigns") and quick.is_no_campaign(collection_path)
    )
    return True if is_left_out else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--of-datasette"):
        others = [item for item in items if not line.is_of_datasette(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if line.is_of_datasette(item)]
    if config.getoption("--quick"):
        chosen = list(quick.quick(items))
        left = set(items) - set(chosen)
        config.hook.pytest_deselected(items=[item for item in items if item in left])
        items[:] = chosen


Article = dict[str, Any]
Rows = list[tuple[Any, ...]]
Contents = Callable[..., dict[str, Rows]]

TEXT = (
    "Kabul falls\n\n"
    "Hibatullah Akhundzada leads the Taliban. “We have won,” he said on Friday in Kabul.\n\n"
    "Photo: a street of Kabul."
)


def span(words: str, occurrence: int = 0, text: str = TEXT) -> dict[str, Any]:
    """Where the words stand in the text, as a mention or evidence has it."""
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(words, start + 1)
    return {"start": start, "end": start + len(words), "text": words}


@pytest.fixture
def article() -> Article:
    """One article with a bit of everything, all its spans right."""
    return {
        "id": "a1",
        "url": "https://example.org/2021/kabul-falls",
        "title": "Kabul falls",
        "publisher": "Example Gazette",
        "authors": ["Ana O'Neil", "Jörg Śliwa"],
        "sections": ["News", "Afghanistan"],
        "published": "2021-08-15",
        "language": "en",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "text": TEXT,
        "zones": [
            {"zone": "title", "start": 0, "end": 11},
            {"zone": "body", "start": 13, "end": TEXT.index("\n\nPhoto")},
            {"zone": "caption", "start": TEXT.index("Photo"), "end": len(TEXT)},
        ],
        "entities": [
            {
                "id": "e1",
                "type": "Person",
                "name": "Hibatullah Akhundzada",
                "aliases": ["Akhundzada"],
                "same_as": ["https://www.wikidata.org/wiki/Q5750959"],
                "description": "leader of the Taliban",
                "mentions": [span("Hibatullah Akhundzada") | {"confidence": 0.98}],
            },
            {"id": "e2", "type": "Organization", "name": "Taliban", "mentions": [span("Taliban")]},
            {
                "id": "e3",
                "type": "Place",
                "name": "Kabul",
                "latitude": 34.5,
                "longitude": 69.25,
                "mentions": [span("Kabul", nth) for nth in range(3)],
            },
            {"id": "e4", "type": "Date", "name": "Friday", "mentions": [span("Friday")]},
            {"id": "e5", "type": "Person", "name": "he", "mentions": [span("he said")]},
        ],
        "relations": [
            {
                "subject": "e1",
                "predicate": "leaderOf",
                "object": "e2",
                "confidence": 0.93,
                "start_date": "2016-05",
                "evidence": [span("Hibatullah Akhundzada leads the Taliban.")],
            },
            {"subject": "e2", "predicate": "won on", "value": "2021-08-15", "datatype": "date"},
        ],
        "quotes": [
            span("“We have won,”")
            | {"speaker": "e1", "verb": "said", "direct": True, "confidence": 0.9}
        ],
        "extractor": {"name": "by hand", "version": "1", "model": "eyes"},
    }


@pytest.fixture
def db_path(tmp_path: Path) -> Path:
    """Where a test may make its database."""
    return tmp_path / "news.db"


@pytest.fixture(scope="session")
def generated() -> Callable[[int], list[Article]]:
    """The benchmarks' generator: ``generated(50)`` are its first 50 articles."""
    script = ROOT / "benchmarks" / "generate.py"
    spec = importlib.util.spec_from_file_location("newsgraph_benchmarks_generate", script)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda count: list(module.generate(count))


@pytest.fixture(scope="session")
def shared_corpora() -> Path:
    """Real articles, which are not part of this project."""
    path = ROOT.parent / "shared" / "corpora"
    if not path.is_dir():
        pytest.skip(f"the corpora are not in {path}")
    return path


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """``write("a.jsonl", record, "broken line", b"bytes")``: a file with these lines."""

    def write_lines(name: str, *lines: Article | str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(_line(each) + b"\n" for each in lines))
        return path

    return write_lines


def _line(given: Article | str | bytes) -> bytes:
    if isinstance(given, bytes):
        return given
    return (given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)).encode()


@pytest.fixture
def query(db_path: Path) -> Callable[..., Rows]:
    """``query("SELECT …")``: the rows, from the database of ``db_path``."""

    def rows(sql: str, *parameters: Any) -> Rows:
        with closing(sqlite3.connect(db_path)) as connection:
            return connection.execute(sql, parameters).fetchall()

    return rows


@pytest.fixture
def change(db_path: Path) -> Callable[..., None]:
    """``change("UPDATE …")``: a change to the database of ``db_path`` behind newsgraph's back."""

    def execute(*statements: str) -> None:
        with closing(sqlite3.connect(db_path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return execute


@pytest.fixture
def rows_of() -> Callable[[Path], dict[str, Rows]]:
    """``rows_of(path)``: every table to the byte, row numbers included."""

    def dump(path: Path) -> dict[str, Rows]:
        with closing(sqlite3.connect(path)) as connection:
            return {
                table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr)
                for table in TABLES
            }

    return dump


@pytest.fixture(scope="session")
def contents() -> Contents:
    """``contents(path)``: what the tables say, whatever the row numbers.

    Numbers are replaced by the keys that they stand for; the settings and the points from which a
    load may go on are left out. ``provenance=False`` leaves out, too, which file gave what.
    """
    return _contents


def _contents(path: Path, *, provenance: bool = True) -> dict[str, Rows]:
    with closing(sqlite3.connect(path)) as connection:
        keys = _keys(connection)
        return {
            table: sorted(_named(connection, table, keys, provenance), key=repr)
            for table in TABLES
            if table != "settings"
            and (provenance or table not in ("sources", "rejects", "article_faults"))
        }


def _keys(connection: sqlite3.Connection) -> dict[str, dict[int, Any]]:
    keys = {
        table: dict(connection.execute(f"SELECT id, key FROM {table}").fetchall())
        for table in ("extractions", "articles", "entities", "relations")
    }
    keys["sources"] = dict(connection.execute("SELECT id, name FROM sources").fetchall())
    keys["appearances"] = {
        number: (keys["articles"][article], keys["entities"][entity])
        for number, article, entity in connection.execute(
            "SELECT id, article_id, entity_id FROM appearances"
        )
    }
    keys["quotes"] = dict(connection.execute("SELECT id, key FROM quotes").fetchall())
    return keys


#: The columns that name the row of which something is folded.
_FOLDED = {"article_id": "articles", "entity_id": "entities", "quote_id": "quotes"}


def _named(
    connection: sqlite3.Connection, table: str, keys: dict[str, dict[int, Any]], provenance: bool
) -> Rows:
    if table == "facet_rows":
        return _named_sets(connection, keys)
    description = TABLES[table]
    left_out = {"id", "resume_line", "resume_byte"} | (set() if provenance else {"source_id"})
    columns = [column for column in description.columns if column not in left_out]
    # What is folded names its row without a foreign key.
    references = [
        description.references.get(column)
        or (_FOLDED.get(column) if table in FOLDED.values() else None)
        for column in columns
    ]
    return [
        tuple(
            value if other is None or value is None else keys[other][value]
            for value, other in zip(row, references, strict=True)
        )
        for row in connection.execute(f"SELECT {', '.join(columns)} FROM {table}")
    ]


def _named_sets(connection: sqlite3.Connection, keys: dict[str, dict[int, Any]]) -> Rows:
    things = {"article_index": keys["articles"], "entity_index": keys["entities"]}
    return [
        (view, facet, value, sorted(things[view][n] for n in json.loads(numbers_in(rows))))
        for view, facet, value, rows in connection.execute("SELECT * FROM facet_rows")
    ]


@pytest.fixture(scope="session")
def example_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example articles, loaded; not to be changed."""
    path = tmp_path_factory.mktemp("served") / "examples.db"
    base = "https://news.example.org/graph/"
    load_files(path, [ROOT / "examples" / "articles.jsonl"], base_iri=base)
    return path


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database full of unmistakable words: see ``tests.permissions.marked_news``."""
    from tests.permissions.marked_news import DATABASE, make_news

    return make_news(tmp_path_factory.mktemp("visited") / f"{DATABASE}.db")


@pytest.fixture(scope="module")
def shape(news: Path) -> Any:
    """What that database is made of: a ``tests.permissions.addresses.Shape``."""
    from tests.permissions.addresses import Shape

    return Shape(news)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser of each module's own: its loop stands in the way of others while it is there."""
    from tests.screen import browser

    with browser.chromium() as found:
        yield found


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[..., Any]]:
    """``serve(path, cors=True)``: a Datasette with this database, to be asked by its ``client``.

    Whoever asks for the same is given the same, as it takes a while to start.
    """
    served: dict[str, Any] = {}

    def serve_databases(*paths: Path, **options: Any) -> Any:
        wanted = repr((paths, options))
        if wanted not in served:
            # In a context of its own, as 1.0 closes at its end what a test has made.
            files = [str(path) for path in paths]
            # On a busy machine a facet may take longer than the 200 ms that it has by default.
            settings = {"facet_time_limit_ms": 10_000} | options.pop("settings", {})
            served[wanted] = Context().run(Datasette, files, settings=settings, **options)
        return served[wanted]

    yield serve_databases
    for each in served.values():
        each.executor.shutdown()
        for database in each.databases.values():
            database.close()


@dataclass
class Element:
    """An element of a page, with all text in it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


class Page(HTMLParser):
    """A page as a browser reads it: its elements in order."""

    #: Elements without an end tag, as far as Datasette and we use them.
    _EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in self._EMPTY:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while tag in [each.tag for each in self._open]:
            if self._open.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        for each in self._open:
            each.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of a tag that have these attributes; ``class_`` is ``class``."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [
            each
            for each in self.elements
            if each.tag == tag and wanted.items() <= each.attributes.items()
        ]

    def href(self, part: str, **attributes: str) -> str:
        """Where the first link leads that has ``part`` in its address."""
        found = [each.attributes.get("href", "") for each in self.all("a", **attributes)]
        return next(href for href in found if part in href)

    def link(self, text: str) -> str:
        """Where the first link of this text leads."""
        return next(each for each in self.all("a") if each.text.strip() == text).attributes["href"]


@pytest.fixture
def page() -> Callable[[str], Page]:
    """``page(html)``: the elements of a page."""
    return Page
