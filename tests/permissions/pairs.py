"""Pairs of graphs that differ in a secret and in nothing else, and from whom it is kept.

Each configuration says what is hidden and what secret that is to keep: a hidden table is to tell
nothing of what it holds, so its pair differs in that, as far as no table that stays visible holds it
too. An article that is hidden names entities that other articles name as well, because entities stay.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.store.views import VIEWS
from tests.permissions.marked_news import DATABASE, IS_1_0
from tests.permissions.visitors import ALICE, ONLY_ALICE, Config, private

Record = dict[str, Any]

BOB = {"id": "bob"}
#: How the words of all secrets begin, which stand nowhere else; and those that are searched for.
SECRET = "Secret"
SECRET_WORDS = ("Secretword", "Secretname")
#: What the secret identifier is, and makes of the key that follows from it.
WIKIDATA = "http://www.wikidata.org/entity/Q424242"


# The graphs -------------------------------------------------------------------------------------


@dataclass
class Given:
    """What a graph is loaded from: lines by file, and what is done to the tables after."""

    files: dict[str, list[Record | str]]
    statements: list[str] = field(default_factory=list)

    @property
    def records(self) -> list[Record]:
        """The records of the first file, to be changed."""
        return [each for each in next(iter(self.files.values())) if isinstance(each, dict)]


_TEXT = (
    "Harbour {number} opens\n\n"
    "Anchor Alpha met Beacon Beta in Port Gamma on {day}. “It is open,” said Anchor Alpha."
    " He waved. A plain ending.\n\n"
    "Photo: Beacon Beta waves at Port Gamma.\n\n"
    "Copyright {publisher}."
)


def _span(text: str, words: str, behind: int = 0) -> Record:
    start = text.index(words, behind)
    return {"start": start, "end": start + len(words), "text": words}


def article(number: int, day: str, publisher: str, **changes: Any) -> Record:
    """An article that names three entities of all articles and three of its own, with all that one can
    carry.
    """
    text = _TEXT.format(number=number, day=day, publisher=publisher)
    caption, footer = text.index("Photo"), text.index("Copyright")
    stated = f"Anchor Alpha met Beacon Beta in Port Gamma on {day}."
    return {
        "id": f"https://harbour.example/{number}",
        "url": f"https://harbour.example/{number}.html",
        "title": f"Harbour {number} opens",
        "publisher": publisher,
        "authors": [f"{publisher} Author"],
        "sections": ["Ports"],
        "published": f"1987-06-0{number}",
        "language": "en",
        "licence": "https://harbour.example/licence",
        "text": text,
        "zones": [
            {"zone": "title", "start": 0, "end": text.index("\n")},
            {"zone": "body", "start": text.index("Anchor"), "end": caption - 2},
            {"zone": "caption", "start": caption, "end": footer - 2},
            {"zone": "footer", "start": footer, "end": len(text)},
        ],
        "entities": [
            {"id": "alpha", "type": "Person", "name": "Anchor Alpha", "aliases": ["Al Alpha"]}
            | {"description": "a pilot", "mentions": [_span(text, "Anchor Alpha")]},
            {"id": "beta", "type": "Organization", "name": "Beacon Beta"}
            | {"mentions": [_span(text, "Beacon Beta", behind) for behind in (0, caption)]}
            | {"same_as": ["https://beacon.example/beta"]},
            {"id": "gamma", "type": "Place", "name": "Port Gamma", "latitude": 1.5}
            | {"longitude": 2.5, "mentions": [_span(text, "Port Gamma")]},
            {"id": "day", "type": "Date", "name": day, "mentions": [_span(text, day)]},
            {"id": "he", "type": "Person", "name": "He", "mentions": [_span(text, "He waved")]},
            {"id": "own", "type": "Event", "name": "meeting", "local": True},
        ],
        "relations": [
            {"subject": "alpha", "predicate": "met", "object": "beta", "confidence": 0.9}
            | {"start_date": "1902", "evidence": [_span(text, stated)]},
            {"subject": "beta", "predicate": "opened", "value": "two quays"},
            {"subject": "alpha", "predicate": "met on", "object": "day"},
            {"subject": "own", "predicate": "was at", "object": "gamma"},
        ],
        "quotes": [
            _span(text, "“It is open,”") | {"speaker": "alpha", "verb": "said", "direct": True}
        ],
        "extractor": {"name": "Plaintool", "version": "1", "model": "plain"},
    } | changes


def plain() -> Given:
    """Three articles of two publishers, one without a title, and a line that is rejected."""
    records: list[Record | str] = [
        article(1, "Monday", "Public Gazette"),
        article(2, "Tuesday", "Public Post"),
        article(3, "Monday", "Public Gazette", title=None),
        '{"id": "broken", "title": "plainly broken',
    ]
    return Given({"plain.jsonl": records})


# Secrets ----------------------------------------------------------------------------------------

Secret = Callable[[Given], None]


def an_article(given: Given) -> None:
    """An article, from a file of its own, with a line that is rejected and a part that is."""
    hidden = article(7, "Thursday", "Secretpublisher", title="Secretword opens")
    hidden["text"] += " Secretword ends it."
    hidden |= {"id": "https://secret.example/Secretword", "url": "https://secret.example/7"}
    hidden |= {"authors": ["Secretauthor"], "sections": ["Secretsection"], "language": "en-AU"}
    hidden |= {"licence": "https://secret.example/licence"}
    hidden["quotes"] += [_span(hidden["text"], "Secretword ends it") | {"speaker": "beta"}]
    hidden["relations"][0]["evidence"] += [_span(hidden["text"], "Secretword ends it.")]
    hidden["relations"] += [{"subject": "nobody", "predicate": "met", "object": "beta"}]
    given.files["Secretfile.jsonl"] = [hidden, '{"id": "Secretword is rejected']


def an_article_of_new_entities(given: Given) -> None:
    """The same, which also names and states what nobody else does."""
    an_article(given)
    hidden = given.files["Secretfile.jsonl"][0]
    assert isinstance(hidden, dict)
    hidden["entities"] += [
        {"id": "new", "type": "Secrettype", "name": "Secretname", "aliases": ["Secretalias"]}
        | {"same_as": [WIKIDATA], "mentions": [_span(hidden["text"], "Secretword")]}
        | {"description": "secret", "latitude": 5.5, "longitude": 6.5}
    ]
    hidden["relations"] += [
        {"subject": "new", "predicate": "secretly knows", "object": "alpha"},
        {"subject": "new", "predicate": "worth", "value": "Secretvalue"},
    ]


def everything(given: Given) -> None:
    """The same, with a tool and terms of its own."""
    an_article_of_new_entities(given)
    hidden = given.files["Secretfile.jsonl"][0]
    assert isinstance(hidden, dict)
    hidden["extractor"] = {"name": "Secrettool", "version": "7", "model": "secret"}
    hidden["vocabulary"] = _terms()


def _terms() -> list[Record]:
    return [
        {"kind": "predicate", "label": "met", "iri": "https://terms.example/met"},
        {"kind": "type", "label": "Place", "iri": "https://terms.example/Place"},
    ]


def words_of_a_text(given: Given) -> None:
    """Other words in a text, of the same length, where nothing is named; and a further quote."""
    record = given.records[1]
    record["text"] = record["text"].replace("A plain ending.", "Secretword end.")
    record["quotes"] += [_span(record["text"], "Secretword end.") | {"speaker": "beta"}]
    record["relations"][0]["evidence"][0] = _span(record["text"], "Secretword end.")


def another_entity(given: Given) -> None:
    """An entity with all it can have, relations of it and a quote by it."""
    record = given.records[1]
    record["entities"] += [
        {"id": "new", "type": "Secrettype", "name": "Secretname", "aliases": ["Secretalias"]}
        | {"same_as": [WIKIDATA], "mentions": [_span(record["text"], "waved")]}
        | {"description": "secret", "latitude": 5.5, "longitude": 6.5}
    ]
    record["relations"] += [
        {"subject": "new", "predicate": "secretly knows", "object": "alpha"}
        | {"evidence": [_span(record["text"], "He waved")]},
        {"subject": "new", "predicate": "worth", "value": "Secretvalue"},
    ]
    record["quotes"] += [_span(record["text"], "He waved.") | {"speaker": "new"}]


def another_mention(given: Given) -> None:
    """A mention more of an entity that the article names, and one of an entity that it did not."""
    record = given.records[2]
    record["entities"][0]["mentions"] += [_span(record["text"], "waved")]
    record["entities"][2]["mentions"] += [_span(record["text"], "Photo")]


def another_appearance(given: Given) -> None:
    """An article that names a known entity without a mention of it, with a description that loses."""
    a_known_entity(given)
    given.records[1]["entities"] += [_DELTA | {"description": "Secretword"}]


def a_known_entity(given: Given) -> None:
    """The entity without that article: two others say who it is."""
    for number in (0, 2):
        given.records[number]["entities"] += [_DELTA | {"description": "a ship"}]


_DELTA = {"id": "delta", "type": "Ship", "name": "Delta"}


def another_relation(given: Given) -> None:
    """A statement between known entities, and one of a value."""
    record = given.records[1]
    record["relations"] += [
        {"subject": "gamma", "predicate": "secretly knows", "object": "alpha", "confidence": 0.8}
        | {"evidence": [_span(record["text"], "He waved")]},
        {"subject": "gamma", "predicate": "worth", "value": "Secretvalue"},
    ]


def another_evidence(given: Given) -> None:
    """Another sentence for a statement, with another confidence and date."""
    record = given.records[1]
    record["relations"] += [
        {"subject": "alpha", "predicate": "met", "object": "beta", "confidence": 0.3}
        | {"start_date": "1901", "evidence": [_span(record["text"], "He waved")]}
    ]


def another_quote(given: Given) -> None:
    """A quote more."""
    record = given.records[1]
    record["quotes"] += [
        _span(record["text"], "A plain ending.") | {"speaker": "beta", "verb": "Secretword"}
    ]


def another_reject(given: Given) -> None:
    """A line that is rejected, and a part of a record that is."""
    given.files["plain.jsonl"] += ['{"id": "Secretword is rejected']
    given.records[1]["relations"] += [{"subject": "nobody", "predicate": "met", "object": "beta"}]


def another_file(given: Given) -> None:
    """A file of another name and size."""
    given.files = {"Secretfile.jsonl": [*given.files["plain.jsonl"], " "]}


def other_counts_of_entities(given: Given) -> None:
    """Other numbers in the stored counts of entities."""
    given.statements += ["UPDATE entity_counts SET mentions = mentions + 70, articles = 71"]


def other_counts_of_relations(given: Given) -> None:
    """Other numbers in the stored counts of relations."""
    given.statements += [
        "UPDATE relation_counts SET articles = 61, evidence = 62, confidence = 0.1"
    ]


def other_counts_of_facets(given: Given) -> None:
    """Other numbers in the stored counts of facets, and others of rows."""
    given.statements += [
        "UPDATE facet_counts SET count = count + 50 WHERE facet != 'month'",
        "DELETE FROM facet_rows",
    ]


def a_candidate(given: Given) -> None:
    """A pair that may be one thing."""
    given.statements += [
        "INSERT INTO candidates SELECT 1, one.key, other.key, 0.9, '', '[\"Secretword\"]', '[]', 3"
        " FROM entities AS one JOIN entities AS other"
        " WHERE one.name = 'Anchor Alpha' AND other.name = 'Beacon Beta'"
    ]


def another_tool(given: Given) -> None:
    """A tool of another name, which also gave the line that is rejected."""
    given.records[1]["extractor"] = {"name": "Secrettool", "version": "7", "model": "secret"}
    given.files["plain.jsonl"] += ['{"title": "no id", "extractor": {"name": "Secrettool"}}']


def yet_another_tool(given: Given) -> None:
    """The same with a name that is known."""
    given.records[1]["extractor"] = {"name": "Othertool", "version": "7", "model": "secret"}
    given.files["plain.jsonl"] += ['{"title": "no id", "extractor": {"name": "Othertool"}}']


def a_term(given: Given) -> None:
    """Terms for a type and a predicate."""
    given.records[1]["vocabulary"] = _terms()


def an_identifier(given: Given) -> None:
    """An identifier of an entity that each article names, from which its key follows."""
    for record in given.records:
        record["entities"][0]["same_as"] = [WIKIDATA]


def an_alias(given: Given) -> None:
    """Another name of an entity."""
    given.records[1]["entities"][0]["aliases"] += ["Secretalias"]


def another_zone(given: Given) -> None:
    """A zone that ends elsewhere, where nothing is named."""
    given.records[1]["zones"][3]["end"] -= 4


def nothing(given: Given) -> None:
    """No secret."""


# Configurations ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Configuration:
    """Who may see what: a configuration, the tables that it hides, and the secret that it keeps.

    ``without`` is what the other graph of the pair has in its place. ``actor`` asks in nobody's place;
    ``line`` says on which line of Datasette there is such a thing.
    """

    config: Config
    hides: frozenset[str]
    secret: Secret
    without: Secret = nothing
    actor: Config | None = None
    options: Config = field(default_factory=dict)
    is_sampled: bool = False


def _hiding(*tables: str, secret: Secret, **others: Any) -> Configuration:
    return Configuration(private(*tables), frozenset(tables), secret, **others)


def _whole(config: Config, **others: Any) -> Configuration:
    return Configuration(config, frozenset(), everything, **others)


_BUT_TWO = {each: {"allow": True} for each in ("entities", "relations")}
_NO_SQL = private("articles")
_NO_SQL["databases"][DATABASE]["allow_sql"] = False

CONFIGURATIONS: dict[str, Configuration] = {
    "the database": _whole({"databases": {DATABASE: dict(ONLY_ALICE)}}),
    "the instance": _whole(dict(ONLY_ALICE)),
    "the database, but for entities and relations": Configuration(
        {"databases": {DATABASE: ONLY_ALICE | {"tables": _BUT_TWO}}}, frozenset(), an_article
    ),
    "articles": _hiding("articles", secret=an_article, is_sampled=True),
    "articles, asked by Bob": _hiding("articles", secret=an_article, actor=BOB),
    "articles, without SQL": Configuration(_NO_SQL, frozenset({"articles"}), an_article),
    "articles and entities": _hiding("articles", "entities", secret=an_article_of_new_entities),
    "article_texts": _hiding("article_texts", secret=words_of_a_text, is_sampled=True),
    "entities": _hiding("entities", secret=another_entity, is_sampled=True),
    "mentions": _hiding("mentions", secret=another_mention),
    "appearances": _hiding("appearances", secret=another_appearance, without=a_known_entity),
    "relations": _hiding("relations", secret=another_relation),
    "evidence": _hiding("evidence", secret=another_evidence),
    "quotes": _hiding("quotes", secret=another_quote),
    "rejects": _hiding("rejects", secret=another_reject, is_sampled=True),
    "rejects and sources": _hiding("rejects", "sources", secret=another_reject),
    "article_faults": _hiding("article_faults", secret=another_reject),
    "sources": _hiding("sources", secret=another_file),
    "entity_counts": _hiding("entity_counts", secret=other_counts_of_entities),
    "relation_counts": _hiding("relation_counts", secret=other_counts_of_relations),
    "facet_counts and facet_rows": _hiding(
        "facet_counts", "facet_rows", secret=other_counts_of_facets
    ),
    "candidates": _hiding("candidates", secret=a_candidate),
    "extractions": _hiding("extractions", secret=another_tool, without=yet_another_tool),
    "vocabulary": _hiding("vocabulary", secret=a_term),
    "identifiers": _hiding("identifiers", secret=an_identifier),
    "aliases": _hiding("aliases", secret=an_alias),
    "zones": _hiding("zones", secret=another_zone),
}
if IS_1_0:
    CONFIGURATIONS |= {
        "all by default": _whole(
            ONLY_ALICE | {"allow_sql": ONLY_ALICE["allow"]}, options={"default_deny": True}
        ),
        "all by default, but for entities and relations": Configuration(
            ONLY_ALICE | {"databases": {DATABASE: {"tables": _BUT_TWO}}},
            frozenset(),
            an_article,
            options={"default_deny": True},
        ),
        "all but entities, from a token": Configuration(
            {},
            frozenset(),
            an_article,
            actor=ALICE | {"_r": {"r": {DATABASE: {"entities": ["view-table"]}}}},
        ),
        "all but another database, from a token": Configuration(
            {}, frozenset(), everything, actor=ALICE | {"_r": {"d": {"other": ["view-table"]}}}
        ),
    }

#: Tables that have no configuration of their own, and why.
WITHOUT_A_SECRET_OF_THEIR_OWN = {
    "settings": "every IRI begins with the base that it holds",
    "text_parts": "they are article_texts once more, which says when they are hidden",
    "folded_texts": "it is article_texts once more",
    "folded_names": "it is entities once more",
    "folded_quotes": "it is quotes once more",
    "decisions": "nothing is decided in this graph",
    "decided": "it follows from the decisions",
    "as_given": "nothing is decided in this graph",
    "unsettled": "it holds row numbers for as long as a load takes",
} | dict.fromkeys(VIEWS, "it is made of tables")


# The pair ---------------------------------------------------------------------------------------


def make_pair(configuration: Configuration, folder: Path) -> tuple[Path, Path]:
    """Load a graph with the secret of a configuration, and one without it."""
    paths = []
    for name, secret in (("with", configuration.secret), ("without", configuration.without)):
        given = deepcopy(plain())
        secret(given)
        (folder / name).mkdir()
        paths.append(_make(given, folder / name / f"{DATABASE}.db", folder / "given"))
    return paths[0], paths[1]


def _make(given: Given, path: Path, folder: Path) -> Path:
    # In one folder for both graphs: its name is in the tables.
    folder.mkdir(exist_ok=True)
    for name, lines in given.files.items():
        written = [each if isinstance(each, str) else json.dumps(each) for each in lines]
        (folder / name).write_text("".join(f"{each}\n" for each in written))
    load_files(path, [folder / name for name in given.files])
    with closing(sqlite3.connect(path)) as connection:
        for statement in (
            *given.statements,
            # When it was made is no matter; and the digest of a record is documented to stay.
            "UPDATE _sqlite_migrations SET applied_at = '2026-01-01'",
            "UPDATE articles SET record_hash = given_id",
        ):
            connection.execute(statement)
        connection.commit()
    return path
