"""A news graph full of unmistakable words, and which of them each table tells."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import pytest
from datasette.version import __version__ as datasette_version
from packaging.requirements import Requirement

from datasette_newsgraph.facets.catalogue import FACETS
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.store.schema import FULL_TEXT, TABLES
from datasette_newsgraph.web.access import secrecy
from datasette_newsgraph.web.access.sight import Sight

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
