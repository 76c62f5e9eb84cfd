"""Every address that a news graph has, from its tables and views."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from datasette.utils import tilde_encode

from datasette_newsgraph import kinds
from datasette_newsgraph.facets.catalogue import FACETS
from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.rdf.pages import LISTS
from datasette_newsgraph.rdf.source_nodes import author_key, publisher_key
from datasette_newsgraph.store.schema import FULL_TEXT
from datasette_newsgraph.web.graph_files import OFFERED
from datasette_newsgraph.web.rdf.description import WELL_KNOWN
from datasette_newsgraph.web.rdf.graph_rdf import SHOWN
from datasette_newsgraph.web.reconcile.extending import PROPERTIES
from tests.permissions.marked_news import DATABASE, FIRST_LINE, IS_1_0, OF_ARTICLES

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
#: Those that are spans of articles.
SPANS = tuple(each.name for each in kinds.ANNOTATED)
_ENDINGS = tuple(each.ending for each in FORMATS)
_GRAPH_FILES = tuple(each.ending for each in OFFERED)
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
    yield WELL_KNOWN
    yield GRAPH
    # It names the graph as a data set.
    yield f"{GRAPH}/"
    yield f"{GRAPH}/void"
    yield from (f"{GRAPH}/void{ending}" for ending in _ENDINGS)
    yield from (f"{GRAPH}{ending}" for ending in _ENDINGS)
    yield from (f"{GRAPH}{ending}" for ending in (*_ENDINGS, *_GRAPH_FILES))
    yield from (f"{GRAPH}/{each}" for each in ("decisions", "review"))
    # Only forms are sent to it.
    yield f"{GRAPH}/decide"
    yield from (f"{GRAPH}/{each}?key={shape.keys['entity'][0]}" for each in ("merge", "split"))
    yield f"{GRAPH}/ns"
    yield from (f"{GRAPH}/ns{ending}" for ending in _ENDINGS)
    yield from pages_of_reconciliation(PLAIN, shape.keys["entity"][0])
    # What the endpoint says of itself, and the page to ask on.
    yield from (f"{GRAPH}/sparql{asked}" for asked in ("", "?format=html"))
    for kind in ("article", "entity", "relation"):
        key = shape.keys[kind][0]
        yield from (f"{GRAPH}/{kind}/{key}{ending}" for ending in ("", *_ENDINGS))
        yield f"{GRAPH}/{kind}/{key}.nt?all=1"
    for kind in SPANS:
        yield from (f"{GRAPH}/{kind}/{shape.keys[kind][0]}{ending}" for ending in ("", *_ENDINGS))
    yield from (f"{GRAPH}/article/{key}.txt" for key in shape.keys["article"])
    yield from (f"{GRAPH}/entity/{shape.keys['entity'][0]}{ending}" for ending in _GRAPH_FILES)
    for kind, keys in shape.keys.items():
        yield f"{GRAPH}/id/{kind}/{keys[0]}"
    yield f"{GRAPH}/id/article/{shape.keys['article'][0]}/text"
    yield f"{GRAPH}/id/publisher/{publisher_key('Publishermark')}"
    yield f"{GRAPH}/id/author/{author_key('Authormark')}"


def questions_in_sparql() -> Iterator[str]:
    """All triples, as a program is given them and as a page shows them; and how many there are."""
    every = "?s ?p ?o"
    for query in (
        f"CONSTRUCT {{ {every} }} WHERE {{ {every} }}",
        f"SELECT * WHERE {{ {every} }}",
        f"SELECT (COUNT(*) AS ?n) WHERE {{ {every} }}",
        f"ASK {{ {every} FILTER(CONTAINS(STR(?o), 'Entitymark')) }}",
    ):
        asked = f"{GRAPH}/sparql?{urlencode({'query': query})}"
        yield from (asked, f"{asked}&format=html")


def pages_with_arguments(shape: Shape) -> Iterator[str]:
    """Our pages, asked for a part or for an order."""
    article, entity, relation = (
        f"{GRAPH}/{kind}/{shape.keys[kind][0]}" for kind in ("article", "entity", "relation")
    )
    yield from (f"{article}?{each}" for each in ("at=27,37", "page=1", "at=3,9&page=2"))
    yield from (f"{each}.gexf?together={n}" for each in (GRAPH, entity) for n in (1, 2))
    yield f"{entity}?source=Publishermark"
    yield from (f"{entity}?{each}" for each in ("zone=body", "zone=caption", "order=oldest"))
    yield from (f"{entity}?{each}" for each in ("from=1980&to=1989-12", "from=1999"))
    yield f"{entity}?before=1~9"
    yield f"{entity}?order=oldest&after=1~0&zone=body&from=1980"
    yield from (f"{relation}?evidence={number}" for number in (0, 1, 25))
    asked = ("batch=1", f"of={shape.keys['entity'][0]}", "before=1", "done=1")
    yield from (f"{GRAPH}/decisions?{each}" for each in asked)
    asked = (f"cluster={shape.keys['entity'][0]}", "tier=letters", "accept=letters", "after=1")
    yield from (f"{GRAPH}/review?{each}" for each in asked)


def pages_of_documents(shape: Shape) -> Iterator[str]:
    """The RDF of things behind each row at which a page of it may begin."""
    for kind, lists in LISTS.items():
        for name, rows in lists.items():
            kind_of_rows = kinds.BY_TABLE.get((rows.behind or rows).table)
            keys = shape.keys[kind_of_rows.name] if kind_of_rows else ["1", "2"]
            for key in shape.keys[kind.name][:2]:
                yield from (f"{GRAPH}/{kind.name}/{key}.nt?after={name}.{row}" for row in keys[:3])


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


def pages_of_reconciliation(word: str, key: str) -> Iterator[str]:
    """What the reconciliation service tells of itself, of a word and of the key of an entity."""
    service = f"{GRAPH}/reconcile"
    yield from (f"{service}{each}" for each in ("", "/draft", "/draft/match", "/suggest/type"))
    yield f"{service}/suggest/entity?prefix={word}"
    yield f"{service}/preview?id={key}"
    yield f"{service}/extend?type=Person"
    of_all = {"ids": [key], "properties": [{"id": each} for each in PROPERTIES]}
    yield f"{service}?{urlencode({'extend': json.dumps(of_all)})}"
    for asked in (word, f"{word}x", key):
        batch = {"q": {"query": asked, "limit": 50}, "p": {"query": asked, "type": "person"}}
        yield f"{service}?{urlencode({'queries': json.dumps(batch)})}"


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
        *pages_of_documents(shape),
        *questions_in_sparql(),
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
    whole, described = f"{GRAPH}.nt", f"{GRAPH}/void.nt"
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
    found["Textmark"] += [article, entity, search, f"{article}.txt"]
    found[FIRST_LINE] += [GRAPH, f"{GRAPH}/article/{shape.keys['article'][2]}", relation, search]
    found[FIRST_LINE] += ["/news/article_index", "/news/articles", "/news/evidence"]
    found["Surfacemark"] += [article, entity, search]
    found["Evidencemark"] += [article, relation]
    found["1902-03-04"] += [article, relation, entity, f"{relation}.nt?all=1"]
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
    # Classes and properties are counted, each under its IRI.
    for word in ("Typemark", "Localtypemark", "predicatemark", "localpredicatemark", "termmark"):
        found[word] += [described]
    found["Idmark"] += [described, WELL_KNOWN]
    found["1987-06-05"] += [described, WELL_KNOWN]
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
