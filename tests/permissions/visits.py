"""A news graph full of unmistakable words, visitors to it, and every address that it has.

The words are ASCII letters and digits only: however an answer escapes its values, for HTML, JSON, a
header, an address, Turtle or N-Triples, these stand in it as they are. So a search for the word finds
it in every form.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, closing
from importlib.metadata import requires
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

import pytest
from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm
from datasette.utils import tilde_encode
from datasette.version import __version__ as datasette_version
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from packaging.requirements import Requirement

from datasette_newsgraph import kinds
from datasette_newsgraph.facets.catalogue import FACETS
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.store.schema import FULL_TEXT, TABLES
from datasette_newsgraph.web.access import secrecy
from datasette_newsgraph.web.access.sight import Sight
from datasette_newsgraph.web.rdf.graph_rdf import SHOWN

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
#: One is in the first line of a text, by which an article without a title is called.
FIRST_LINE = "Openingmark"
OF_TEXTS = frozenset({"Textmark", "Contextmark", "220022", FIRST_LINE})
#: A surface stands in its text, too, unless the text does not read so.
SURFACE, LOST_SURFACE = "Surfacemark", "Lostmark"
OF_EVIDENCE = frozenset({"Evidencemark"})
OF_QUOTES = frozenset({"Quotemark", "Verbmark"})
#: An entity that is local to its article, and what is stated of it.
OF_LOCAL_ENTITIES = frozenset({"Localmark", "Localtypemark"})
OF_LOCAL_RELATIONS = frozenset({"localpredicatemark", "Localvaluemark"})
OF_ENTITIES = OF_LOCAL_ENTITIES | {"Entitymark", "Typemark", "Aliasmark", "Winningmark"}
#: One is Wikidata's: keys begin with those.
OF_IDENTIFIERS = frozenset({"identifiermark", "Q880088"})
#: What one article says of an entity, where most say something else.
OF_APPEARANCES = frozenset({"Losingmark", "330033"})
OF_ALIASES = frozenset({"440044"})
OF_ZONES = frozenset({"550055"})
OF_RELATIONS = OF_LOCAL_RELATIONS | {"predicatemark", "Valuemark"}
#: Of evidence, and summed up in the counts of relations.
OF_DATES = frozenset({"1902-03-04"})
OF_ENTITY_COUNTS = frozenset({"770077"})
OF_RELATION_COUNTS = frozenset({"660066"})
#: Of the stored counts of facets: a number for each view, and for the facets that read more than the
#: view does; with the sums of those that the overview adds up.
OF_ARTICLE_FACETS = frozenset({"Facetmark", "111001"})
OF_FACETS_BY_ENTITY, OF_FACETS_BY_PREDICATE = frozenset({"222002"}), frozenset({"333003"})
OF_ENTITY_FACETS = frozenset({"444004"})
OF_MENTION_FACETS = frozenset({"505005", "1010010"})
OF_RELATION_FACETS = frozenset({"606006", "3030030"})
OF_QUOTE_FACETS = frozenset({"707007"})
OF_FACET_COUNTS = frozenset(
    OF_ARTICLE_FACETS
    | OF_FACETS_BY_ENTITY
    | OF_FACETS_BY_PREDICATE
    | OF_ENTITY_FACETS
    | OF_MENTION_FACETS
    | OF_RELATION_FACETS
    | OF_QUOTE_FACETS
)
OF_EXTRACTIONS = frozenset({"Toolmark", "Modelmark"})
OF_SOURCES = frozenset({"Filemark"})
#: How many parts of a record were rejected, which tells of the rejects.
OF_FAULTS = frozenset({"121121"})
OF_REJECTS = frozenset({"Rejectmark"}) | OF_FAULTS
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
        "same_as": ["https://identifiermark.example/x", "https://www.wikidata.org/wiki/Q880088"],
        "description": "Winningmark",
    }
    first = {
        "id": "Idmark",
        "url": "https://urlmark.example/1",
        "title": "Headlinemark in plain words",
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
                "aliases": ["Aliasmark", "plain name"],
                "description": "Losingmark",
                "mentions": [_span(SURFACE), {"text": LOST_SURFACE}],
            },
            {"id": "e2", "type": "Place", "name": "Otherwhere"},
            {"id": "e3", "type": "Person", "name": "He of the caption"}
            | {"mentions": [_span("Captionmark")]},
            {
                "id": "e4",
                "type": "Localtypemark",
                "name": "Localmark in plain words",
                "local": True,
            },
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
            {"subject": "e1", "predicate": "localpredicatemark", "object": "e4"},
            {"subject": "e4", "predicate": "lasted", "value": "Localvaluemark"},
        ],
        "quotes": [
            {
                "speaker": "e1",
                "text": "Quotemark in plain words",
                "verb": "Verbmark",
                "direct": True,
            }
        ],
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
    # The last has no title, but a text.
    others[1] |= {"title": None, "text": f"{FIRST_LINE} in plain words\n\nNothing more."}
    return [first, *others]


#: Views with their facets, and the number that is put for all counts of theirs. Months keep theirs:
#: bars are drawn by them.
_COUNTED = (
    ("article_index", "publisher", 111001),
    ("article_index", "sections", 111001),
    ("article_index", "language", 111001),
    ("article_index", "entity*", 222002),
    ("article_index", "predicate*", 333003),
    ("entity_index", "*", 444004),
    ("mention_index", "*", 505005),
    ("relation_index", "*", 606006),
    ("quote_index", "*", 707007),
)


def make_news(path: Path, articles: Iterable[dict[str, Any]] | None = None) -> Path:
    """Load the articles, and a line that is rejected, from a file; put the numbers in."""
    file = path.with_name("Filemark.jsonl")
    lines = [json.dumps(each) for each in (records() if articles is None else articles)]
    # What is rejected may have the name of the tool in it.
    broken = '{"id": "broken", "extractor": {"name": "Toolmark"}, "title": "Rejectmark'
    file.write_text("\n".join([*lines, broken]) + "\n")
    load_files(path, [file])
    with closing(sqlite3.connect(path)) as connection:
        for statement in (
            "UPDATE article_texts SET length = 220022 WHERE title LIKE 'Headlinemark%'",
            "UPDATE appearances SET mentions = 330033 WHERE description = 'Losingmark'",
            "UPDATE aliases SET id = 440044 WHERE alias = 'Aliasmark'",
            "INSERT INTO article_faults SELECT min(id), 121121 FROM articles",
            "UPDATE zones SET end_char = 550055 WHERE zone = 'caption'",
            "UPDATE relation_counts SET articles = 660066 WHERE predicate = 'predicatemark'",
            "UPDATE entity_counts SET mentions = 770077, articles = 770077 WHERE type = 'Typemark'",
            "INSERT INTO vocabulary (kind, label, iri)"
            " VALUES ('predicate', 'knows', 'https://termmark.example/knows')",
            "INSERT INTO facet_counts"
            " VALUES ('article_index', 'publisher', 'Facetmark', 'Facetmark', 9)",
            *(
                f"UPDATE facet_counts SET count = {number}"
                f" WHERE view = '{view}' AND facet GLOB '{facet}'"
                for view, facet, number in _COUNTED
            ),
            # When it was made is no matter.
            "UPDATE _sqlite_migrations SET applied_at = '2026-01-01'",
        ):
            connection.execute(statement)
        connection.commit()
    return path


def emptied(path: Path, folder: Path, hidden: str) -> Path:
    """A copy of the database, in a folder, without all that nobody may see while a table is hidden."""
    copy = Path(shutil.copy(path, folder / path.name))
    # Not what some may see of: identifiers of an entity stay, like its names.
    denied = denied_without(hidden) - sight_without(hidden).readable
    with closing(sqlite3.connect(copy)) as connection:
        # Nobody sees the tables, but what they have of a facet is for whoever sees what it is of.
        stored = ("facet_counts", "facet_rows")
        hidden_facets = [
            (view, facet.name, f"{facet.name}[:@]*")
            for view, facets in FACETS.items()
            for facet in facets
            if {view, *facet.reads} & denied
        ]
        for table in stored:
            connection.executemany(
                f"DELETE FROM {table} WHERE view = ? AND (facet = ? OR facet GLOB ?)", hidden_facets
            )
        for name in sorted(denied.difference(stored)):
            if name in TABLES:
                connection.execute(f"DELETE FROM {name}")
            elif name.removesuffix("_fts") in FULL_TEXT:
                connection.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")
        # Whether there is any such entity decides what Datasette shows: another one is there.
        if hidden == "articles":
            connection.executescript(_ANOTHER_LOCAL)
        elif "entities" in denied:
            connection.executescript(_ANOTHER)
        connection.commit()
    return copy


_ANOTHER_LOCAL = """
DELETE FROM relations WHERE EXISTS (SELECT 1 FROM entities
  WHERE entities.id IN (subject_id, object_id) AND basis = 'article');
UPDATE entities SET key = 'nobody-' || id, type = 'Nothing', name = 'Nobody', description = 'Nought'
WHERE basis = 'article';
INSERT INTO entities_fts (entities_fts) VALUES ('rebuild');
"""
_ANOTHER = """
INSERT INTO entities (id, key, type, name, alias_text, basis)
VALUES (1, 'nobody', 'Nothing', 'Nobody', 'None', 'identifier');
INSERT INTO identifiers (id, entity_id, iri) VALUES (1, 1, 'https://nobody.example/');
"""


def sight_without(hidden: str) -> Sight:
    """What nobody but Alice sees of our graph while a table is hidden."""
    telling = frozenset({hidden} & secrecy.ENTITIES_TELL.keys())
    return Sight(None, secrecy.SHOWN - {hidden}, telling)  # type: ignore[arg-type]


def denied_without(hidden: str) -> frozenset[str]:
    """The table, and what is denied on Datasette's own pages while it is hidden."""
    sight = sight_without(hidden)
    return secrecy.denied_tables(sight.direct, sight.telling) | {hidden}


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


class _CompiledOnce(BytecodeCache):
    """Templates as they were compiled for the first of many servers."""

    __name__ = "compiled_once"
    compiled: ClassVar[dict[str, bytes]] = {}

    @hookimpl
    def prepare_jinja2_environment(self, env: Any) -> None:
        env.bytecode_cache = self

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key + bucket.checksum in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


@asynccontextmanager
async def serving(
    path: Path, config: Config | None = None, *, immutable: bool = False, **options: Any
) -> AsyncIterator[Server]:
    """A server of the database, which is closed in the end."""
    settings = {"sql_time_limit_ms": 10_000, "facet_time_limit_ms": 10_000}
    given = {"config" if IS_1_0 else "metadata": json.loads(json.dumps(config or {}))}
    files, immutables = ([], [str(path)]) if immutable else ([str(path)], [])
    templates = _CompiledOnce()
    pm.register(templates)
    try:
        datasette = Datasette(files, immutables=immutables, settings=settings, **given, **options)
        await datasette.invoke_startup()
    finally:
        pm.unregister(templates)
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


async def answers(visitor: Visitor, pages: Iterable[str]) -> dict[str, tuple[int, str]]:
    """What a visitor is told at each address, but for what differs from one moment to the next."""
    found = {}
    for page in pages:
        answer = await visitor.get(page)
        assert answer.status_code < 500, page
        headers = answer.headers
        # The rest of the headers tells of the request or, as the ETag, of the file.
        told = [headers.get(name, "") for name in ("link", "location", "cache-control")]
        found[page] = (answer.status_code, "\n".join([*told, timeless(answer.text)]))
    return found


def differences(one: dict[str, tuple[int, str]], other: dict[str, tuple[int, str]]) -> list[str]:
    """The addresses at which two servers do not answer the same."""
    return [page for page, answer in one.items() if other.get(page) != answer]


def timeless(text: str) -> str:
    """An answer without what differs from one moment to the next."""
    return re.sub(r'[0-9.e-]+ ?ms|"query_ms": [0-9.e-]+|"duration[^,]*|set-cookie.*', "", text)


def _holds(text: str, word: str) -> bool:
    if word.isdigit():
        # Not a part of a digest or a longer number; pages have commas in it. What is looked for comes
        # first in the pattern, and what is before it after, as that is many times quicker.
        first, *others = f"{int(word):,}".split(",")
        digits = "".join(f",?{each}" for each in others)
        return re.search(rf"{first}(?<![0-9a-z]{first}){digits}(?![0-9a-z])", text) is not None
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


#: What a search in the whole graph finds.
KINDS_FOUND = tuple(each.plural for each in kinds.SEARCHED)
#: The kinds of identifier IRIs, and the tables of their keys.
KINDS = {each.name: each.table for each in kinds.KINDS}
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
    return table_address(name, ".json", _facet=shape.columns[name], _facet_counted=facets_of(name))


def facets_of(view: str) -> list[str]:
    """The facets of a view that can be asked for: one of entities also by type."""
    names = [each.name for each in FACETS.get(view, ())]
    by_type = [each.name for each in FACETS.get(view, ()) if each.of_entities]
    return [*names, *(f"{each}:*" for each in by_type), *(f"{each}:Place" for each in by_type)]


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
    yield from (f"{GRAPH}/ns{ending}" for ending in _ENDINGS)
    for kind in ("article", "entity", "relation"):
        key = shape.keys[kind][0]
        yield from (f"{GRAPH}/{kind}/{key}{ending}" for ending in ("", *_ENDINGS))
    for kind, keys in shape.keys.items():
        yield f"{GRAPH}/id/{kind}/{keys[0]}"
    yield f"{GRAPH}/id/article/{shape.keys['article'][0]}/text"


def pages_with_arguments(shape: Shape) -> Iterator[str]:
    """Our pages, asked for a part or for an order."""
    article, entity, relation = (
        f"{GRAPH}/{kind}/{shape.keys[kind][0]}" for kind in ("article", "entity", "relation")
    )
    yield from (f"{article}?{each}" for each in ("at=27,37", "page=1", "at=3,9&page=2"))
    yield f"{entity}?source=Publishermark"
    yield from (f"{entity}?{each}" for each in ("zone=body", "zone=caption", "order=oldest"))
    yield from (f"{entity}?{each}" for each in ("from=1980&to=1989-12", "from=1999"))
    yield f"{entity}?before=1~9"
    yield f"{entity}?order=oldest&after=1~0&zone=body&from=1980"
    yield from (f"{relation}?evidence={number}" for number in (0, 1, 25))


def pages_of_search(word: str) -> Iterator[str]:
    """A search for a word in the whole graph, in every way."""
    yield f"{GRAPH}/search?q={word}"
    for kind in KINDS_FOUND:
        yield f"{GRAPH}/search?q={word}&in={kind}"
        yield f"{GRAPH}/search?q={word}&in={kind}&page=2"
    yield from (f"{GRAPH}/search{ending}?q={word}" for ending in _ENDINGS)
    yield f"{GRAPH}/search.nt?q={word}&in=entities"
    if IS_1_0:
        yield f"/-/jump.json?q={word}"


#: A word in the name of an entity, in the title of an article and in a quote, and nobody's secret.
PLAIN = "plain"


#: Misspelt, so that “Did you mean” offers the name; as long as what they are of.
MISSPELT = ("Entitymarc", "Aliasmarc")
#: The same of an entity that is local to its article.
MISSPELT_LOCAL = "Localmarc"


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
        yield f"{table_address(name)}/-/fragment"
        yield table_address(name, ".json", _extra="render_cell,display_rows")
    # Views have none.
    yield from (f"{table_address(name)}/-/autocomplete?q=mark" for name in shape.tables)


def canned_queries() -> Iterator[str]:
    """Every query of ours, with parameters."""
    parameters = {"name": "Entitymark", "month": "1987-06"} | dict.fromkeys(
        ("other", "type", "words", "predicate"), ""
    )
    for name in QUERIES:
        yield f"/{DATABASE}/{name}.json?{urlencode(parameters)}"


def sentences_of_queries() -> list[str]:
    """The queries of ours that give sentences."""
    names = [f"/{DATABASE}/{name}.json" for name in ("relations_between", "one_publisher")]
    return [page for page in canned_queries() if page.partition("?")[0] in names]


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


def linked_filters(shape: Shape, **values: str) -> Iterator[str]:
    """The views, kept to the rows that go with a value of each linked facet, in the main zones and in
    all, with all facets of the view. ``values``: other values by facet than one that is there.
    """
    there = {"entity": shape.keys["entity"][0], "predicate": "knows"} | values
    there = {"publisher": "Publishermark", "section": "Sectionmark"} | there
    for name, facets in FACETS.items():
        for facet in facets:
            if facet.links:
                asked = {facet.argument: there[facet.name], "_facet_counted": facets_of(name)}
                yield table_address(name, ".json", **asked)
                yield table_address(name, ".json", **asked, _zones="all")


def every_page(shape: Shape) -> list[str]:
    """All addresses, but for searches and conditions."""
    return [
        *pages_of_server(),
        *pages_of_graph(shape),
        *pages_of_tables(shape),
        *pages_of_tables_on_1_0(shape),
        *canned_queries(),
        *own_queries(),
        *pages_with_arguments(shape),
        f"{GRAPH}/search",
        *pages_of_search(PLAIN),
        *(page for word in (*MISSPELT, MISSPELT_LOCAL) for page in pages_of_search(word)),
        *linked_filters(shape),
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
        *(table_address(name, ".json", _facet_counted=facets_of(name)) for name in FACETS),
        # Sentences stand beside its rows.
        *(table_address("relation_index", ending) for ending in ("", ".csv")),
        *(f"{GRAPH}/search{ending}?q={PLAIN}" for ending in ("", ".nt")),
        *(f"{GRAPH}/search?q={word}" for word in (*MISSPELT, MISSPELT_LOCAL)),
        *([f"/-/jump.json?q={PLAIN}"] if IS_1_0 else []),
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
    search, search_rdf = (f"{GRAPH}/search{ending}?q={PLAIN}" for ending in ("", ".nt"))
    of_articles = [article, f"{article}.ttl", whole, "/news/articles.json"]
    facets = {name: table_address(name, ".json", _facet_counted=facets_of(name)) for name in FACETS}
    meant = [f"{GRAPH}/search?q={word}" for word in MISSPELT]
    tables: dict[str, tuple[str, ...]] = {
        "rejects": ("Rejectmark",),
        "article_faults": ("121121",),
        "sources": ("Filemark",),
        "facet_counts": ("Facetmark",),
        "zones": ("550055",),
        "aliases": ("440044", "Aliasmark"),
        "appearances": ("Losingmark", "330033"),
        "article_texts": ("220022", "Textmark", "Contextmark", FIRST_LINE),
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
    found["Headlinemark"] += [search, search_rdf, relation]
    found["Publishermark"] += [GRAPH, entity, relation, search, facets["article_index"]]
    found["1987-06-05"] += [GRAPH, entity, relation, search, "/-/newsgraph"]
    found["Sectionmark"] += [facets["article_index"], facets["entity_index"]]
    found["Contextmark"] += [entity, article, "/news/mention_index.json"]
    # With the sentence of evidence, in which it stands.
    found["Contextmark"] += [relation, "/news/relation_index", *sentences_of_queries()]
    found["Textmark"] += [article, entity, search]
    found[FIRST_LINE] += [GRAPH, f"{GRAPH}/article/{shape.keys['article'][2]}", relation, search]
    found[FIRST_LINE] += ["/news/article_index", "/news/articles", "/news/evidence"]
    found["Surfacemark"] += [article, entity, search]
    found["Evidencemark"] += [article, relation]
    found["1902-03-04"] += [article, relation, entity]
    found["Quotemark"] += [article, entity, "/news/quote_index.csv", search]
    found["Verbmark"] += [article, entity, facets["quote_index"]]
    found["Lostmark"] += [article, entity, whole]
    found["Filemark"] += ["/news/articles"]
    for word in ("Entitymark", "Typemark"):
        found[word] = [GRAPH, entity, whole, "/news/entities.csv", "/news/entity_index.json"]
        found[word] += [article, relation, search, search_rdf]
    found["Entitymark"] += [facets["article_index"], facets["quote_index"], *meant]
    found["Typemark"] += meant
    found["Winningmark"] = [entity, whole, "/news/entities", search]
    found["Aliasmark"] += [entity, whole, "/news/entities", search_rdf, meant[1]]
    found["identifiermark"] = [entity, f"{entity}.jsonld", whole, "/news/identifiers.json"]
    found["Q880088"] = [
        GRAPH,
        whole,
        "/news/entities",
        "/news/relation_index.json",
        search,
        article,
    ]
    found["Q880088"] += [search_rdf, "/news/identifiers.json", facets["article_index"], relation]
    for word in ("Localmark", "Localtypemark"):
        found[word] = [whole, "/news/entities.json", "/news/entity_index.json", article, search]
        found[word] += [search_rdf, f"{GRAPH}/search?q={MISSPELT_LOCAL}"]
    found["localpredicatemark"] = [whole, "/news/relations", "/news/relation_index.json", entity]
    found["localpredicatemark"] += [GRAPH, f"{GRAPH}/ns", article]
    found["Localvaluemark"] = [whole, "/news/relations", "/news/relation_index.json", article]
    found["predicatemark"] = [GRAPH, entity, f"{GRAPH}/ns", whole, "/news/relations"]
    found["predicatemark"] += [article, facets["article_index"]]
    found["Valuemark"] = [entity, whole, "/news/relations", "/news/relation_index.json", article]
    found["Toolmark"] = [article, whole, "/news/extractions", "/news/articles", relation, GRAPH]
    found["Modelmark"] = [article, whole, "/news/extractions", relation, GRAPH]
    # They are cited.
    found["Toolmark"] += [entity, "/news/rejects.json"]
    found["Modelmark"] += [entity]
    found["termmark"] = [whole, "/news/vocabulary"]
    found["330033"] += [article]
    found["770077"] = [GRAPH, entity, "/news/entity_counts", "/news/entity_index", search]
    found["770077"] += meant
    found["660066"] = [relation, "/news/relation_counts", "/news/relation_index", entity]
    found["Facetmark"] += [GRAPH, facets["article_index"]]
    found["111001"] = [GRAPH, facets["article_index"], "/news/facet_counts"]
    found["222002"] = [facets["article_index"], "/news/facet_counts"]
    found["333003"] = [facets["article_index"], "/news/facet_counts"]
    found["444004"] = [GRAPH, facets["entity_index"], "/news/facet_counts"]
    found["505005"] = [GRAPH, facets["mention_index"], "/news/facet_counts"]
    found["606006"] = [GRAPH, facets["relation_index"], "/news/facet_counts"]
    found["707007"] = [GRAPH, facets["quote_index"], "/news/facet_counts"]
    found["1010010"], found["3030030"] = [GRAPH], [GRAPH, "/-/newsgraph"]
    if IS_1_0:
        words = ("Headlinemark", FIRST_LINE, "Publishermark", "Entitymark", "Typemark", "770077")
        words += ("Localmark", "Localtypemark")
        for word in words:
            found[word] += [f"/-/jump.json?q={PLAIN}"]
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
