"""Pages and downloads over HTTP: newsgraph's against Datasette's own page of a table.

All requests go to ``datasette serve`` with its default settings, of whichever version is installed.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote_plus

from datasette.utils import tilde_encode
from serving import Reader, Server
from table import Finding, Row

from datasette_newsgraph.facets.catalogue import FACETS
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.store import open_store

if TYPE_CHECKING:
    from bench import Bench

#: How many times as long as Datasette's own page of a table; and the views that may take longer.
WITHIN = 1.5
_VIEWS_WITHIN = {"mention_index": 3.0}
#: Milliseconds to the first byte of a whole graph.
FIRST_BYTE = 50
#: How many times as long as an export to nowhere a whole graph over HTTP may take.
TRANSFER_WITHIN = 1.6
#: How many times as long as on an idle server a page may take while others download slowly.
BUSY_WITHIN = 2

#: Seconds until Datasette has noticed that a client hung up.
_HANGING_UP = 0.5
#: Bytes at a time, seconds between, bytes of the socket's buffer (0: what the system gives); and how
#: many times as long pages may take. Fast readers take all that they get: two processors' worth.
_READERS = {"slow": (512, 0.1, 4096, BUSY_WITHIN), "fast": (1 << 20, 0.0, 0, None)}

_BY_MENTIONS = (
    "SELECT (SELECT key FROM entities WHERE id = entity_id) FROM entity_counts"
    " ORDER BY mentions DESC LIMIT 1 OFFSET {}"
)
_MIDDLE = "(SELECT (min(id) + max(id)) / 2 FROM articles)"
_QUERIES = {
    "entity": _BY_MENTIONS.format(0),
    "middling": _BY_MENTIONS.format(":middle"),
    "article": f"SELECT key FROM articles WHERE id >= {_MIDDLE} ORDER BY id",
    "text": f"SELECT text FROM article_texts WHERE article_id >= {_MIDDLE} ORDER BY article_id",
    "second": _BY_MENTIONS.format(1),
    "name": "SELECT (SELECT name FROM entities WHERE id = entity_id) FROM entity_counts"
    " ORDER BY mentions DESC",
    "publisher": "SELECT publisher FROM articles GROUP BY 1 ORDER BY count(*) DESC",
    "section": "SELECT value FROM articles, json_each(sections) GROUP BY 1 ORDER BY count(*) DESC",
    "relation": "SELECT (SELECT key FROM relations WHERE id = relation_id) FROM relation_counts"
    " ORDER BY evidence DESC",
    "predicate": "SELECT predicate FROM relation_counts GROUP BY 1 ORDER BY count(*) DESC",
}

_TIMED_OUT = re.compile(r'<p class="facets-timed-out">[^:]*: ([^<]*)')
_FACET = re.compile(r' id="facet-([a-z_]+)"')
_WORD = re.compile(r"\b[a-z]{5,}\b")


class Page(NamedTuple):
    """A page: its address under the database's, and how many times as long as another it may take."""

    title: str
    path: str
    within: float | None = WITHIN


OWN = Page("Datasette's page of entities", "entities", None)


class Visitor:
    """Gets pages, and keeps the milliseconds that each took, by a name, and what went wrong."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.took: dict[str, list[float]] = defaultdict(list)
        self.failed: Counter[str] = Counter()
        self.timed_out: Counter[str] = Counter()
        self.timed_out_filtered: Counter[str] = Counter()

    def visit(self, page: Page, name: str) -> None:
        """Get a page and keep under ``name`` what it took."""
        answer = self.server.get(f"{self.server.root}/{page.path}")
        if answer.status != 200:
            self.failed[f"{page.title}: {answer.status}"] += 1
            return
        self.took[name].append(answer.seconds * 1000)
        lacking = _facets_lacking(page, answer.body.decode())
        counter = self.timed_out_filtered if page.within is None else self.timed_out
        counter.update(f"{page.title}: {each}" for each in lacking)

    def rows(self, what: str, against: str, theirs: str, within: float | None) -> list[Row]:
        """Return the row that compares two names; none if all requests failed."""
        if not (self.took[what] and self.took[theirs]):
            return []
        ours, others = median(self.took[what]), median(self.took[theirs])
        return [Row(what, ours, against, others, within, unit="ms")]

    def findings(self) -> list[Finding]:
        """Return what there must be none of."""
        return [
            Finding("facets that timed out", self.timed_out),
            Finding("facets that timed out, filtered", self.timed_out_filtered, has_goal=False),
            Finding("pages that failed", self.failed),
        ]


def compare_pages(bench: Bench, database: Path, small: Path, requests: int) -> list[Row | Finding]:
    """Compare pages and downloads of a database, and whole downloads of a smaller one.

    In each run, every page is got so many times: ``requests``.
    """
    pages = _pages(database)
    with Server(database) as server:
        rows = [
            *_compare_views(server, pages, bench.runs * requests),
            *_compare_first_bytes(server, bench.runs),
            *_compare_busy(server, pages, bench.runs, requests),
        ]
    return [*rows, *_compare_transfers(bench, small)]


def _compare_views(server: Server, pages: list[Page], rounds: int) -> list[Row | Finding]:
    """Compare pages with Datasette's own, which takes its turn before each of them."""
    _warm(server, [OWN, *pages])
    visitor = Visitor(server)
    for number in range(rounds):
        for page in pages:
            visitor.visit(OWN, OWN.title)
            visitor.visit(page, page.title)
        print(f"pages, round {number + 1}", file=sys.stderr)
    rows: list[Row | Finding] = []
    for page in pages:
        rows += visitor.rows(page.title, OWN.title, OWN.title, page.within)
    return rows + visitor.findings()


def _compare_first_bytes(server: Server, runs: int) -> list[Row | Finding]:
    """Compare the time to the first byte of a whole graph with what it may take."""
    took: dict[str, list[float]] = defaultdict(list)
    for _ in range(runs * 2):
        for format_ in FORMATS:
            seconds = server.begin(_whole(server, format_.ending))
            took[f"{format_.title} over HTTP, first byte"].append(seconds * 1000)
            time.sleep(_HANGING_UP)
    limit = f"{FIRST_BYTE} ms in all"
    return [Row(what, median(each), limit, FIRST_BYTE, 1, unit="ms") for what, each in took.items()]


def _compare_busy(
    server: Server, pages: list[Page], runs: int, requests: int
) -> list[Row | Finding]:
    """Compare pages while two clients read the whole graph with the same on an idle server."""
    watched = [OWN, next(page for page in pages if "/entity/" in page.path)]
    _warm(server, watched)
    visitor = Visitor(server)
    for _ in range(runs):
        for kind, (size, pause, buffer, _) in _READERS.items():
            _visit_often(visitor, watched, requests, "idle")
            with _two_reading(server, size, pause, buffer):
                _visit_often(visitor, watched, requests, f"two {kind} readers")
            time.sleep(2 * _HANGING_UP)
    rows: list[Row | Finding] = []
    for kind, (_, _, _, within) in _READERS.items():
        for page in watched:
            what, idle = (f"{page.title}, {when}" for when in (f"two {kind} readers", "idle"))
            rows += visitor.rows(what, "idle", idle, within)
    return rows + [each for each in visitor.findings() if each.seen]


def _visit_often(visitor: Visitor, pages: Iterable[Page], times: int, when: str) -> None:
    for _ in range(times):
        for page in pages:
            visitor.visit(page, f"{page.title}, {when}")


@contextmanager
def _two_reading(server: Server, size: int, pause: float, buffer: int) -> Iterator[None]:
    """Have two clients read the whole graph meanwhile."""
    path = _whole(server, ".nt")
    readers = [Reader(server, path, size, pause, buffer) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for reader in readers:
            reader.wait()
        yield
    finally:
        for reader in readers:
            reader.stop()


def _compare_transfers(bench: Bench, database: Path) -> list[Row]:
    """Compare whole graphs over HTTP with exports of the same to nowhere, each to the end."""
    took: dict[str, list[float]] = defaultdict(list)
    with Server(database) as server:
        for _ in range(bench.runs):
            for each in FORMATS:
                job = ("newsgraph", each.name, database, os.devnull)
                bench.run(f"nowhere {each.name}", "exporters.py", *job)
                took[each.name].append(server.transfer(_whole(server, each.ending)))
    return [
        Row(
            f"{each.title} over HTTP, the whole",
            median(took[each.name]),
            f"export to {os.devnull}",
            bench.took(f"nowhere {each.name}"),
            TRANSFER_WITHIN,
        )
        for each in FORMATS
    ]


def _warm(server: Server, pages: Iterable[Page]) -> None:
    """Get pages that are not counted."""
    for page in pages:
        server.get(f"{server.root}/{page.path}")


def _whole(server: Server, ending: str) -> str:
    return f"{server.root}/-/newsgraph{ending}"


def _facets_lacking(page: Page, html: str) -> set[str]:
    """Return the facets that a page says have timed out, and those that a view shows by default."""
    found = _TIMED_OUT.search(html)
    lacking = set(unescape(found[1]).strip().split(", ")) if found else set()
    facets = FACETS.get(page.path.partition("?")[0], ())
    # Articles have a facet for each of the frequent types of entities, by its name.
    expected = {each.name for each in facets if not (each.of_entities and each.pairs)}
    return lacking | (expected - set(_FACET.findall(html)))


def _pages(database: Path) -> list[Page]:
    """Return the pages to be compared, of things that this database has."""
    things = _things(database)
    path = {name: quote_plus(tilde_encode(value)) for name, value in things.items()}
    argument = {name: quote_plus(value) for name, value in things.items()}
    home = "-/newsgraph"
    return [
        *(Page(f"{view} view", view, _VIEWS_WITHIN.get(view, WITHIN)) for view in FACETS),
        Page("overview", home),
        Page("most mentioned entity", f"{home}/entity/{path['entity']}"),
        Page("middling entity", f"{home}/entity/{path['middling']}"),
        Page("article", f"{home}/article/{path['article']}"),
        Page("relation of most evidence", f"{home}/relation/{path['relation']}"),
        Page("search: a word", f"{home}/search?q={argument['word']}"),
        Page("search: a name", f"{home}/search?q={argument['name']}"),
        *_facetted(argument),
        Page(
            "relations of one predicate", f"relation_index?predicate={argument['predicate']}", None
        ),
    ]


def _facetted(argument: dict[str, str]) -> list[Page]:
    """Return pages of articles and entities that are filtered by facets of theirs, or searched."""
    entity, other = argument["entity"], argument["second"]
    asked = {
        "articles that mention the most mentioned": f"article_index?_entity={entity}",
        "the same in all zones": f"article_index?_entity={entity}&_zones=all",
        "articles that mention two": f"article_index?_entity={entity}&_entity={other}",
        "articles that mention a middling entity": f"article_index?_entity={argument['middling']}",
        "articles that state a predicate": f"article_index?_predicate={argument['predicate']}",
        "articles with a word": f"article_index?_search={argument['word']}",
        "articles with a word that mention the most mentioned": "article_index?"
        f"_search={argument['word']}&_entity={entity}",
        "entities of type Person": "entity_index?type=Person",
        "entities named by a publisher": f"entity_index?_publisher={argument['publisher']}",
        "entities named in a section": f"entity_index?_section={argument['section']}",
    }
    return [Page(title, path) for title, path in asked.items()]


def _things(database: Path) -> dict[str, str]:
    """Return keys, a predicate and a word that a database has."""
    found = {}
    with open_store(database) as db:
        (count,) = db.conn.execute("SELECT count(*) FROM entity_counts").fetchone()
        # Few entities have very many mentions, and most have one: the middle of the digits.
        middle = int(count**0.5)
        for name, query in _QUERIES.items():
            row = db.conn.execute(query, {"middle": middle}).fetchone()
            if row is None:
                raise SystemExit(f"{database} is too small: it has no {name}")
            found[name] = row[0]
    word = _WORD.search(found.pop("text"))
    return found | {"word": word[0] if word else "and"}
