"""A news graph full of unmistakable words, visitors to it, and every address that it has.

The words are ASCII letters and digits only: however an answer escapes its values, for HTML, JSON, a
header, an address, Turtle or N-Triples, these stand in it as they are. So a search for the word finds
it in every form.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, closing
from importlib.metadata import requires
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from datasette.app import Datasette
from datasette.utils import tilde_encode
from datasette.version import __version__ as datasette_version
from packaging.requirements import Requirement

from datasette_newsgraph.queries import QUERIES
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.store.facets import FACETS
from datasette_newsgraph.store.load import load_files
from datasette_newsgraph.store.schema import FULL_TEXT
from datasette_newsgraph.web.graph_rdf import SHOWN

IS_1_0 = not datasette_version.startswith("0.")
_requirement = next(
    each
    for each in map(Requirement, requires("datasette-newsgraph") or ())
    if each.name == "datasette"
)
#: Nothing is promised for versions that show hidden tables of themselves: we refuse to be installed
#: beside them, but the checker of the plugin directory installs one all the same.
on_supported_versions = pytest.mark.skipif(
    not _requirement.specifier.contains(datasette_version, prereleases=True),
    reason=f"Datasette {datasette_version} has leaks that later versions have mended",
)
DATABASE = "news"
#: A word that is nowhere, as long as the words that are somewhere.
NOWHERE = "Nowheremark"

#: The words of our graph, by what they are of. Numbers stand where nothing but a count or a row number
#: could tell of a table; no word is of two groups.
OF_ARTICLES = frozenset(
    {"Idmark", "Headlinemark", "urlmark", "Publishermark", "Authormark", "Sectionmark"}
    | {"licencemark", "1987-06-05"}
)
OF_TEXTS = frozenset({"Textmark", "Contextmark", "220022"})
#: A surface stands in its text, too, unless the text does not read so.
SURFACE, LOST_SURFACE = "Surfacemark", "Lostmark"
OF_EVIDENCE = frozenset({"Evidencemark"})
OF_QUOTES = frozenset({"Quotemark", "Verbmark"})
OF_ENTITIES = frozenset({"Entitymark", "Typemark", "Aliasmark", "Winningmark"})
OF_IDENTIFIERS = frozenset({"identifiermark"})
#: What one article says of an entity, where most say something else.
OF_APPEARANCES = frozenset({"Losingmark", "330033"})
OF_ALIASES = frozenset({"440044"})
OF_ZONES = frozenset({"550055"})
OF_RELATIONS = frozenset({"predicatemark", "Valuemark"})
#: Of evidence, and summed up in the counts of relations.
OF_DATES = frozenset({"1902-03-04"})
OF_ENTITY_COUNTS = frozenset({"770077"})
OF_RELATION_COUNTS = frozenset({"660066"})
OF_FACET_COUNTS = frozenset({"Facetmark"})
OF_EXTRACTIONS = frozenset({"Toolmark", "Modelmark"})
OF_SOURCES = frozenset({"Filemark"})
OF_REJECTS = frozenset({"Rejectmark"})
OF_VOCABULARY = frozenset({"termmark"})

WORDS = frozenset(
    OF_ARTICLES
    | OF_TEXTS
    | {SURFACE, LOST_SURFACE}
    | OF_EVIDENCE
    | OF_QUOTES
    | OF_ENTITIES
    | OF_IDENTIFIERS
    | OF_APPEARANCES
    | OF_ALIASES
    | OF_ZONES
    | OF_RELATIONS
    | OF_DATES
    | OF_ENTITY_COUNTS
    | OF_RELATION_COUNTS
    | OF_FACET_COUNTS
    | OF_EXTRACTIONS
    | OF_SOURCES
    | OF_REJECTS
    | OF_VOCABULARY
)

_TEXT = (
    "It begins with Textmark. They met Surfacemark near Contextmark. A caption names Captionmark."
)


def _span(words: str, text: str = _TEXT) -> dict[str, Any]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def records() -> list[dict[str, Any]]:
    """Three articles: the first says all that is marked, the other two out-vote its description."""
    entity = {
        "id": "e1",
        "type": "Typemark",
        "name": "Entitymark",
        "same_as": ["https://identifiermark.example/x"],
        "description": "Winningmark",
    }
    first = {
        "id": "Idmark",
        "url": "https://urlmark.example/1",
        "title": "Headlinemark",
        "publisher": "Publishermark",
        "authors": ["Authormark"],
        "sections": ["Sectionmark"],
        "published": "1987-06-05",
        "language": "en",
        "licence": "https://licencemark.example/",
        "text": _TEXT,
        "zones": [
            {"zone": "body", "start": 0, "end": _TEXT.index("A caption")},
            {"zone": "caption", "start": _TEXT.index("A caption"), "end": len(_TEXT)},
        ],
        "entities": [
            entity
            | {
                "aliases": ["Aliasmark"],
                "description": "Losingmark",
                "mentions": [_span(SURFACE), {"text": LOST_SURFACE}],
            },
            {"id": "e2", "type": "Place", "name": "Otherwhere"},
            {"id": "e3", "type": "Person", "name": "He of the caption"}
            | {"mentions": [_span("Captionmark")]},
        ],
        "relations": [
            {
                "subject": "e1",
                "predicate": "predicatemark",
                "object": "e2",
                "confidence": 0.93,
                "start_date": "1902-03-04",
                "evidence": [{"text": "Evidencemark"}, _span("They met Surfacemark near")],
            },
            {"subject": "e1", "predicate": "worth", "value": "Valuemark"},
            {"subject": "e2", "predicate": "knows", "object": "e1"},
        ],
        "quotes": [{"speaker": "e1", "text": "Quotemark", "verb": "Verbmark", "direct": True}],
        "extractor": {"name": "Toolmark", "version": "1", "model": "Modelmark"},
    }
    others = [
        {
            "id": f"other {number}",
            "title": f"Other {number}",
            "publisher": "Publishermark",
            "published": f"1990-01-0{number}",
            "entities": [entity, {"id": "e2", "type": "Place", "name": "Otherwhere"}],
            "relations": [{"subject": "e1", "predicate": "predicatemark", "object": "e2"}],
        }
        for number in (1, 2)
    ]
    return [first, *others]


def make_news(path: Path, articles: Iterable[dict[str, Any]] | None = None) -> Path:
    """Load the articles, and a line that is rejected, from a file; put the numbers in."""
    file = path.with_name("Filemark.jsonl")
    lines = [json.dumps(each) for each in (records() if articles is None else articles)]
    file.write_text("\n".join([*lines, '{"id": "broken", "title": "Rejectmark']) + "\n")
    load_files(path, [file])
    with closing(sqlite3.connect(path)) as connection:
        for statement in (
            "UPDATE article_texts SET length = 220022 WHERE title = 'Headlinemark'",
            "UPDATE appearances SET mentions = 330033 WHERE description = 'Losingmark'",
            "UPDATE aliases SET id = 440044 WHERE alias = 'Aliasmark'",
            "UPDATE zones SET end_char = 550055 WHERE zone = 'caption'",
            "UPDATE relation_counts SET articles = 660066 WHERE predicate = 'predicatemark'",
            "UPDATE entity_counts SET mentions = 770077, articles = 770077 WHERE type = 'Typemark'",
            "INSERT INTO vocabulary (kind, label, iri)"
            " VALUES ('predicate', 'knows', 'https://termmark.example/knows')",
            "INSERT INTO facet_counts"
            " VALUES ('article_index', 'publisher', 'Facetmark', 'Facetmark', 9)",
            # When it was made is no matter.
            "UPDATE _sqlite_migrations SET applied_at = '2026-01-01'",
        ):
            connection.execute(statement)
        connection.commit()
    return path


# ----------------------------------------------------------------------------------- visitors

ALICE = {"id": "alice"}
Config = dict[str, Any]
#: Who alone may see what is private.
ONLY_ALICE: Config = {"allow": {"id": "alice"}}


def private(*tables: str) -> Config:
    """The configuration of a server on which only Alice may see these tables."""
    return {"databases": {DATABASE: {"tables": {each: dict(ONLY_ALICE) for each in tables}}}}


class Visitor:
    """Asks a server for pages, as an actor or as nobody."""

    def __init__(self, datasette: Any, actor: dict[str, Any] | None) -> None:
        self.datasette = datasette
        self.headers: dict[str, str] = {}
        if actor is not None:
            self.headers["cookie"] = f"ds_actor={datasette.sign({'a': actor}, 'actor')}"

    async def get(self, address: str, **headers: str) -> Any:
        """The answer to GET."""
        return await self.datasette.client.get(address, headers=self.headers | headers)


class Server:
    """A Datasette with one news graph, and who visits it."""

    def __init__(self, datasette: Any) -> None:
        self.datasette = datasette
        self.anybody = Visitor(datasette, None)
        self.alice = Visitor(datasette, ALICE)

    def visitor(self, actor: dict[str, Any] | None) -> Visitor:
        return Visitor(self.datasette, actor)


@asynccontextmanager
async def serving(
    path: Path, config: Config | None = None, *, immutable: bool = False, **options: Any
) -> AsyncIterator[Server]:
    """A server of the database, which is closed in the end."""
    settings = {"sql_time_limit_ms": 10_000, "facet_time_limit_ms": 10_000}
    given = {"config" if IS_1_0 else "metadata": json.loads(json.dumps(config or {}))}
    files, immutables = ([], [str(path)]) if immutable else ([str(path)], [])
    datasette = Datasette(files, immutables=immutables, settings=settings, **given, **options)
    await datasette.invoke_startup()
    try:
        yield Server(datasette)
    finally:
        if IS_1_0:
            datasette.close()
        else:
            for database in datasette.databases.values():
                for connection in database._all_file_connections:
                    connection.close()


def text_of(answer: Any) -> str:
    """All that an answer says, headers included."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{answer.status_code}\n{headers}\n{answer.text}"


def words_in(answer: Any, words: Iterable[str], address: str) -> set[str]:
    """Those of the words that an answer tells, other than by giving back the address."""
    text, asked = text_of(answer).lower(), address.lower()
    return {each for each in words if each.lower() not in asked and _holds(text, each.lower())}


def _holds(text: str, word: str) -> bool:
    if word.isdigit():
        # Not a part of a digest or a longer number.
        return re.search(rf"(?<![0-9a-z]){word}(?![0-9a-z])", text) is not None
    return word in text


# ----------------------------------------------------------------------------------- addresses


class Shape:
    """What a database is made of, from SQLite itself: a table made tomorrow is in it."""

    def __init__(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            self.views = [
                row[0]
                for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
            ]
            self.tables = [
                row[0]
                for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            self.columns = {
                name: [row[1] for row in connection.execute(f"PRAGMA table_info([{name}])")]
                for name in self.names
            }
            self.first_rows = {
                name: row for name in self.tables if (row := _first_row(connection, name))
            }
            self.references = [
                (name, row[3], row[2])
                for name in self.tables
                for row in connection.execute(f"PRAGMA foreign_key_list([{name}])")
            ]
            self.values = {
                (name, column): connection.execute(
                    f"SELECT max([{column}]) FROM [{name}]"
                ).fetchone()[0]
                for name in self.tables
                if not name.startswith("sqlite_") and "_fts" not in name
                for column in self.columns[name]
            }
            self.keys = {
                kind: [row[0] for row in connection.execute(f"SELECT key FROM {table} ORDER BY id")]
                for kind, table in KINDS.items()
            }

    @property
    def names(self) -> list[str]:
        return [*self.tables, *self.views]

    @property
    def referred_to(self) -> list[str]:
        return sorted({other for _, _, other in self.references})


#: The kinds of identifier IRIs, and the tables of their keys.
KINDS = {
    "article": "articles",
    "entity": "entities",
    "relation": "relations",
    "mention": "mentions",
    "evidence": "evidence",
    "quote": "quotes",
    "extraction": "extractions",
}
_ENDINGS = tuple(each.ending for each in FORMATS)
GRAPH = f"/{DATABASE}/-/newsgraph"
SQL = f"/{DATABASE}/-/query.json" if IS_1_0 else f"/{DATABASE}.json"


def _first_row(connection: sqlite3.Connection, table: str) -> str | None:
    """How Datasette calls the first row of a table."""
    columns = connection.execute(f"PRAGMA table_info([{table}])").fetchall()
    keys = [row[1] for row in sorted(columns, key=lambda row: row[5]) if row[5]] or ["rowid"]
    listed = ", ".join(f"[{key}]" for key in keys)
    row = connection.execute(f"SELECT {listed} FROM [{table}] LIMIT 1").fetchone()
    if row is None or any(isinstance(each, bytes) for each in row):
        return None
    return ",".join(tilde_encode(str(each)) for each in row)


def table_address(name: str, ending: str = "", **arguments: Any) -> str:
    """The address of a table or view."""
    query = urlencode(arguments, doseq=True)
    return f"/{DATABASE}/{tilde_encode(name)}{ending}{'?' + query if query else ''}"


def pages_of_tables(shape: Shape) -> Iterator[str]:
    """Every table and view in every format, with every facet; every first row."""
    for name in shape.names:
        yield table_address(name)
        yield table_address(name, ".json", _labels="on")
        if "_fts_" in name:
            continue
        yield table_address(name, ".csv", _labels="on", _stream="on")
        if name in SHOWN:
            yield from (table_address(name, ending) for ending in _ENDINGS)
        yield with_facets(shape, name)
        arrays = [each for each in shape.columns[name] if each in ("authors", "sections")]
        if arrays:
            yield table_address(name, ".json", _facet_array=arrays)
        yield table_address(name, ".json", _sort_desc=shape.columns[name][-1], _size=1)
    for name, row in shape.first_rows.items():
        yield f"{table_address(name)}/{row}"
        yield row_with_counts(name, row)
        if name in SHOWN:
            yield from (f"{table_address(name)}/{row}{ending}" for ending in _ENDINGS)


def with_facets(shape: Shape, name: str) -> str:
    """A table or view with a facet of every column, and all of ours."""
    counted = [each.name for each in FACETS.get(name, ())]
    return table_address(name, ".json", _facet=shape.columns[name], _facet_counted=counted)


def row_with_counts(name: str, row: str) -> str:
    """A row, with the number of rows of other tables that refer to it."""
    extra = "_extra" if IS_1_0 else "_extras"
    return f"{table_address(name, '.json').removesuffix('.json')}/{row}.json?{extra}=foreign_key_tables"


def pages_of_graph(shape: Shape) -> Iterator[str]:
    """All that the package serves by routes of its own."""
    yield "/-/newsgraph"
    yield GRAPH
    yield from (f"{GRAPH}{ending}" for ending in _ENDINGS)
    yield f"{GRAPH}/ns"
    for kind in ("article", "entity", "relation"):
        key = shape.keys[kind][0]
        yield from (f"{GRAPH}/{kind}/{key}{ending}" for ending in ("", *_ENDINGS))
    for kind, keys in shape.keys.items():
        yield f"{GRAPH}/id/{kind}/{keys[0]}"
    yield f"{GRAPH}/id/article/{shape.keys['article'][0]}/text"


def pages_of_server() -> Iterator[str]:
    """Pages of Datasette's that are of no one table."""
    yield from ("/", f"/{DATABASE}", f"/{DATABASE}.json")
    yield from ("/-/databases.json", "/-/plugins.json", "/-/settings.json")
    if not IS_1_0:
        yield from ("/.json", "/-/metadata.json")
        return
    for word in ("", "mark", "Headlinemark", "articles"):
        yield f"/-/jump.json?q={word}"
    yield from ("/-/.json", "/-/config.json", "/-/jump", "/-/queries.json", "/-/schema.json")
    yield from ("/-/allowed.json?action=view-table", "/-/rules.json?action=view-table")
    yield from (f"/{DATABASE}/-/queries.json", f"/{DATABASE}/-/schema.json")
    yield f"/{DATABASE}/-/foreign-key-targets"


def pages_of_tables_on_1_0(shape: Shape) -> Iterator[str]:
    """What 1.0 has of each table besides."""
    if not IS_1_0:
        return
    for name in shape.names:
        yield f"{table_address(name)}/-/schema.json"
        yield f"{table_address(name)}/-/autocomplete?q=mark"
        yield f"{table_address(name)}/-/fragment"


def canned_queries() -> Iterator[str]:
    """Every query of ours, with parameters."""
    parameters = {"name": "Entitymark", "month": "1987-06"} | dict.fromkeys(
        ("other", "type", "words", "predicate"), ""
    )
    for name in QUERIES:
        yield f"/{DATABASE}/{name}.json?{urlencode(parameters)}"


def sql(query: str) -> str:
    """The address of SQL of a visitor's own."""
    return f"{SQL}?{urlencode({'sql': query})}"


def own_queries() -> Iterator[str]:
    """SQL of a visitor's own, and a copy of the file."""
    yield sql("select title from articles")
    yield sql("select text from article_texts")
    yield sql("select * from entity_index")
    yield sql("select * from relation_counts")
    yield f"/{DATABASE}.db"


def entity_filters(shape: Shape) -> Iterator[str]:
    """The views, kept to the rows about an entity."""
    for name in FACETS:
        yield table_address(name, ".json", _entity=shape.keys["entity"][0])


def every_page(shape: Shape) -> list[str]:
    """All addresses, but for searches and conditions."""
    return [
        *pages_of_server(),
        *pages_of_graph(shape),
        *pages_of_tables(shape),
        *pages_of_tables_on_1_0(shape),
        *canned_queries(),
        *own_queries(),
        *entity_filters(shape),
    ]


def main_pages(shape: Shape) -> list[str]:
    """Of every table and view one page that has all its values, and the pages of our own."""
    return [
        *("/", f"/{DATABASE}"),
        *(page for page in pages_of_graph(shape) if not page.endswith((".ttl", ".jsonld"))),
        *(
            table_address(name, ".json", _labels="on")
            for name in shape.names
            if "_fts_" not in name
        ),
        *(
            table_address(name, ".json", _facet_counted=[each.name for each in facets])
            for name, facets in FACETS.items()
        ),
        *(row_with_counts(name, shape.first_rows[name]) for name in shape.referred_to),
        *canned_queries(),
        *own_queries(),
    ]


def homes(shape: Shape) -> dict[str, list[str]]:
    """Where the words belong: addresses at which whoever may see all finds them."""
    article, entity, relation = (
        f"{GRAPH}/{kind}/{shape.keys[kind][0]}" for kind in ("article", "entity", "relation")
    )
    whole = f"{GRAPH}.nt"
    of_articles = [article, f"{article}.ttl", whole, "/news/articles.json"]
    tables: dict[str, tuple[str, ...]] = {
        "rejects": ("Rejectmark",),
        "sources": ("Filemark",),
        "facet_counts": ("Facetmark",),
        "zones": ("550055",),
        "aliases": ("440044", "Aliasmark"),
        "appearances": ("Losingmark", "330033"),
        "article_texts": ("220022", "Textmark", "Contextmark"),
        "quotes": ("Quotemark", "Verbmark"),
        "evidence": ("Evidencemark", "1902-03-04"),
        "mentions": ("Lostmark", "Surfacemark"),
    }
    found = {
        word: [table_address(name, ".json")] for name, words in tables.items() for word in words
    }
    found |= {word: list(of_articles) for word in OF_ARTICLES - {"Idmark"}}
    found["Idmark"] = ["/news/articles.json", whole]
    found["Headlinemark"] += [
        *(GRAPH, entity, "/news/mentions", "/news/mentions.json?_labels=on"),
        *("/news/mentions.csv?_labels=on", "/news/mentions.json?_labels=on&_facet=article_id"),
        *("/news/mention_index.csv", "/news/articles/1", sql("select title from articles")),
    ]
    found["Contextmark"] += [entity, article, "/news/mention_index.json"]
    found["Evidencemark"] += [article, relation]
    found["Quotemark"] += [article, entity, "/news/quote_index.csv"]
    found["Lostmark"] += [entity, whole]
    found["Filemark"] += ["/news/articles"]
    for word in ("Entitymark", "Typemark"):
        found[word] = [GRAPH, entity, whole, "/news/entities.csv", "/news/entity_index.json"]
    found["Winningmark"] = [entity, whole, "/news/entities"]
    found["Aliasmark"] += [entity, whole, "/news/entities"]
    found["identifiermark"] = [entity, f"{entity}.jsonld", whole, "/news/identifiers.json"]
    found["predicatemark"] = [GRAPH, entity, f"{GRAPH}/ns", whole, "/news/relations"]
    found["Valuemark"] = [entity, whole, "/news/relations", "/news/relation_index.json"]
    found["Toolmark"] = [article, whole, "/news/extractions", "/news/articles"]
    found["Modelmark"] = [article, whole, "/news/extractions"]
    found["termmark"] = [whole, "/news/vocabulary"]
    found["770077"] = [GRAPH, entity, "/news/entity_counts", "/news/entity_index"]
    found["660066"] = [relation, "/news/relation_counts", "/news/relation_index"]
    return found


# ------------------------------------------------------------------------- questions with a word


def searches(shape: Shape, word: str) -> Iterator[str]:
    """A search for a word on every page of rows, in every full-text table: 0.65 takes any of them."""
    for name in shape.names:
        if "_fts_" not in name:
            yield table_address(name, ".json", _search=word)
            for table in FULL_TEXT:
                fts, pk = f"{table}_fts", shape.columns[name][0]
                yield table_address(name, ".json", _search=word, _fts_table=fts, _fts_pk=pk)


def through(shape: Shape, word: str | None = None) -> Iterator[str]:
    """Rows to which rows of other tables refer that hold a value: one that is there, or the word."""
    for table, _, other in shape.references:
        for column in shape.columns[table]:
            value = shape.values.get((table, column))
            if isinstance(value, str):
                condition = {"table": table, "column": column, "value": word or value}
                yield table_address(other, ".json", _through=json.dumps(condition))


def wheres(shape: Shape, condition: str) -> Iterator[str]:
    """A condition on every page of rows."""
    yield from (table_address(name, ".json", _where=condition) for name in shape.names)
