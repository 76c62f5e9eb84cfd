"""Generate what the documentation says of the code, for cog, which ``make docs`` runs.

Each function returns Markdown.
"""

from __future__ import annotations

import ast
import json
import logging
import os
import shlex
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from inspect import cleandoc
from pathlib import Path
from textwrap import dedent, fill
from typing import Any

import msgspec
from click.testing import CliRunner
from fields import DECISIONS, FIELDS

import datasette_newsgraph
from datasette_newsgraph import mapping, vocabulary
from datasette_newsgraph.anchoring import STATUSES, anchor
from datasette_newsgraph.anchoring.thresholds import table
from datasette_newsgraph.article import Article, Entity, Mention, json_schema
from datasette_newsgraph.authorities import AUTHORITIES, canonical_identifier
from datasette_newsgraph.authority.countries import countries as all_countries
from datasette_newsgraph.authority.countries import country_names
from datasette_newsgraph.authority.formats import FORMATS as AUTHORITY_FORMATS
from datasette_newsgraph.authority.formats import Format as AuthorityFormat
from datasette_newsgraph.authority.formats.wikidata_query import QUERY
from datasette_newsgraph.candidates.tiers import TIERS
from datasette_newsgraph.cli import cli
from datasette_newsgraph.cli.recipe import RECIPE
from datasette_newsgraph.decisions.files.fields import FIELDS as DECISION_FIELDS
from datasette_newsgraph.decisions.files.formats import FORMATS as DECISION_FORMATS
from datasette_newsgraph.extraction.raw import RAW
from datasette_newsgraph.facets.catalogue import FACETS
from datasette_newsgraph.identity import VALUE_TYPES
from datasette_newsgraph.labels import PRESETS, Rule, given
from datasette_newsgraph.labels.rules import Rules
from datasette_newsgraph.mapping.profiles import FULL, PROFILES, Profile
from datasette_newsgraph.metadata.datasette import column_text
from datasette_newsgraph.metadata.descriptions import DESCRIPTIONS
from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.pronouns import PRONOUNS
from datasette_newsgraph.property_graphs import FORMATS as GRAPH_FORMATS
from datasette_newsgraph.property_graphs.columns import (
    EDGES,
    NODES,
    STATEMENT_OF_VALUE,
    Column,
)
from datasette_newsgraph.rdf import FORMATS, format_named
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.rdf.pages import PAGE_SIZE
from datasette_newsgraph.readers import Parsed, named_keys
from datasette_newsgraph.readers.formats import FORMATS as INPUT_FORMATS
from datasette_newsgraph.readers.formats import KINDS, Format
from datasette_newsgraph.readers.property_graphs import text_nodes
from datasette_newsgraph.readers.structured import answers, around
from datasette_newsgraph.readers.structured import keys as keys_known
from datasette_newsgraph.readers.structured import lists as lists_of_models
from datasette_newsgraph.readers.unread import UNREAD
from datasette_newsgraph.reading.pipeline import Ready
from datasette_newsgraph.sparql.examples import examples
from datasette_newsgraph.sparql.results import FORMATS as RESULT_FORMATS
from datasette_newsgraph.store import get_base, open_store
from datasette_newsgraph.store.schema import FULL_TEXT, TABLES
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.verdicts import VERDICTS
from datasette_newsgraph.web.access.secrecy import ENTITIES_TELL, TELLS
from datasette_newsgraph.web.datasette.replacements import REPLACEMENTS
from datasette_newsgraph.web.faults import Fault
from datasette_newsgraph.web.rdf.graph_rdf import SHOWN
from datasette_newsgraph.web.reconcile.extending import PROPERTIES
from datasette_newsgraph.web.settings import PLUGIN, SETTINGS, Setting
from tests.house.floors import FLOORS, LIBRARIES
from tests.quick import CAMPAIGNS

#: Of each list of labels.
_SHOWN = 6

HERE = Path(__file__).parent
TESTS = HERE.parent / "tests"


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _code(text: object) -> str:
    return f"`{text}`"


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *([_cell(each) for each in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _fenced(text: str, language: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```\n"


# The command line.


def command_names() -> list[str]:
    """Return the names of all commands, in order."""
    return [name for name, each in sorted(cli.commands.items()) if not each.hidden]


def command_help(name: str = "") -> str:
    """Return what ``newsgraph NAME --help`` prints."""
    arguments = [*name.split(), "--help"]
    result = CliRunner().invoke(cli, arguments, prog_name="newsgraph", terminal_width=80)
    return _fenced(result.output, "text")


@cache
def _trial() -> tempfile.TemporaryDirectory[str]:
    """Return a directory with the examples, in which all commands of a page are run."""
    made = tempfile.TemporaryDirectory()
    shutil.copytree(HERE.parent / "examples", Path(made.name, "examples"))
    return made


def printed(command: str) -> str:
    """Run a command of ours beside the examples, and return what it prints."""
    _, *arguments = shlex.split(command)
    before = Path.cwd()
    os.chdir(_trial().name)
    try:
        # As in an environment that is activated.
        bin_first = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        result = CliRunner(env=bin_first).invoke(cli, arguments, catch_exceptions=False)
    finally:
        os.chdir(before)
    return _fenced(result.output, "text")


# The article record.


def example() -> str:
    """Return the example record."""
    return _fenced((HERE / "example.json").read_text("utf-8"), "json")


def fields(struct: str) -> str:
    """Return the fields of one part of the article record."""
    schema = json_schema()["$defs"][struct]
    required = schema.get("required", ())
    return _table(
        ("field", "type", "", "meaning"),
        (
            (
                _code(name),
                _type(field),
                "required" if name in required else "",
                _described(field) or FIELDS[struct, name],
            )
            for name, field in schema["properties"].items()
        ),
    )


def converted_span() -> str:
    """Return a mention as it is in a conversion: the tool has it two letters too far, in capitals."""
    mention = Mention(start=12, end=18, text="ZÜRICH")
    entity = Entity(id="e1", type="Place", name="Zürich", mentions=[mention])
    parsed = Parsed(Article(id="a", text="We met in Zürich.", entities=[entity]))
    Ready(parsed, {}, anchor(parsed.article)).as_record()
    return _fenced(msgspec.json.encode(mention).decode(), "json")


# The input formats.


def recipe() -> str:
    """Return the script that makes of texts what can be loaded."""
    not_run = "<!-- not run: it needs a model of spaCy; a test runs it without one -->"
    return f"{not_run}\n{_fenced(RECIPE, 'python')}"


def format_table() -> str:
    """Return all formats in a table."""
    return _formats(INPUT_FORMATS, "formats.md")


def raw_formats() -> str:
    """Return all formats of raw articles in a table."""
    return _formats(RAW, "")


def _formats(formats: Iterable[Format], page: str) -> str:
    return _table(
        ("`--format`", "what it is", "files", "needs"),
        (
            (
                f"[{_code(each.name)}]({page}#{each.name.replace('_', '-')})",
                each.title,
                " ".join(map(_code, each.endings)),
                _code(f"datasette-newsgraph[{each.extra}]") if each.extra else "",
            )
            for each in formats
        ),
    )


def formats_by_kind() -> str:
    """Return a list of all input formats, as people call them, by what writes them."""
    return "\n".join(
        f"- {kind}: "
        + ", ".join(f"[{_called(each)}](docs/formats.md#{_anchor(each)})" for each in formats)
        for kind, formats in KINDS.items()
    )


def _called(format_: Format) -> str:
    return format_.known_as or format_.title


def _anchor(format_: Format) -> str:
    return format_.name.replace("_", "-")


def raw_format_sections() -> str:
    """Return a section for each format of raw articles."""
    return "\n".join(map(_format_section, RAW))


def format_sections() -> str:
    """Return a section for each format, from the table and the docstring of its reader."""
    return "\n".join(map(_format_section, INPUT_FORMATS))


def _format_section(format_: Format) -> str:
    # Not cleandoc, which makes blanks of tabs.
    text, _, example = (format_.reader.__doc__ or "").partition("Example::\n")
    # Cog would take three brackets for the end of its own code.
    example = dedent(example).strip().replace("]]]", "]] ]")
    first, _, body = text.partition("\n\n")
    signs = [each.words for each in format_.signs]
    if len(signs) == 1:
        facts = [f"Recognised by: {signs[0]}."]
    else:
        facts = ["Recognised by any of these:", "\n".join(f"- {each}" for each in signs)]
    if format_.labels:
        facts.append(f"Label lists: {', '.join(map(_code, format_.labels))}.")
    if format_.extra:
        facts.append(f"Needs `pip install 'datasette-newsgraph[{format_.extra}]'`.")
    # A docstring is an order, and a page a statement.
    first = first.replace("Read ", "newsgraph reads ", 1)
    parts = [f"**{format_.title}.** {_markdown(first)}", _markdown(body), *facts]
    return "\n\n".join([f"### {_anchor(format_)}", *parts, _fenced(example, "text")])


def graph_keys() -> str:
    """Return what the keys and labels of files of nodes and edges mean."""
    roles = {
        "name": named_keys.NAMES,
        "type": named_keys.TYPES,
        "description": named_keys.DESCRIPTIONS,
        "further names": named_keys.ALIASES,
        "identifier": named_keys.IDENTIFIERS,
        "predicate of an edge": named_keys.PREDICATES,
        "its passage in the text": named_keys.EVIDENCE,
        "its confidence": named_keys.CONFIDENCES,
        "source": named_keys.SOURCES,
        "piece of a text": named_keys.CHUNKS,
        "label of an article": text_nodes.ARTICLE_LABELS,
        "label of a piece of a text": text_nodes.CHUNK_LABELS,
    }
    return _table(
        ("what it is", "keys or labels, the surest first"),
        ((role, " ".join(map(_code, keys))) for role, keys in roles.items()),
    )


def _markdown(text: str) -> str:
    return text.replace("``", "`").strip()


def presets() -> str:
    """Return the lists of labels, with examples of what they map."""
    return _table(
        ("list", "whose labels", "types", "predicates"),
        (
            (_code(name), preset.title, _mapped(preset.types), _mapped(preset.predicates))
            for name, preset in PRESETS.items()
        ),
    )


def _mapped(rules: Rules) -> str:
    shown = [f"{label} → {_becomes(rule)}" for label, rule in list(rules.items())[:_SHOWN]]
    more = len(rules) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _becomes(rule: str | Rule) -> str:
    rule = Rule(rule) if isinstance(rule, str) else rule
    if rule.drop or rule.alias:
        return "left out" if rule.drop else "alias"
    return f"{rule.label or 'itself'}{' (turned round)' if rule.inverse else ''}"


def map_example() -> str:
    """Return the example of a map, from the docstring of the module that reads it."""
    _, _, example = cleandoc(given.__doc__ or "").partition("::\n\n")
    return _fenced(dedent(example.split("\n\nOn the left")[0]), "toml")


def keys_of_models() -> str:
    """Return which keys of language models' JSON are taken for what."""
    parts = (
        ("things", keys_known.THINGS),
        ("links", keys_known.LINKS),
        ("quotes", keys_known.QUOTES),
    )
    lists = (
        ("things", lists_of_models.THING_LISTS),
        ("names of one type", tuple(lists_of_models.TYPE_LISTS)),
        ("links", lists_of_models.LINK_LISTS),
        ("quotes", lists_of_models.QUOTE_LISTS),
    )
    return _table(
        ("what", "keys, the likelier first"),
        (
            *((f"list of {name}", _keys(keys)) for name, keys in lists),
            *(
                (f"{role} of {name}", _keys(keys))
                for name, of in parts
                for role, keys in of.items()
            ),
            ("text", _keys(around.TEXTS)),
            ("wrapper", _keys(answers.WRAPPERS)),
            ("list of articles", _keys(answers.DOCUMENTS)),
            ("list of passages of one article", _keys(answers.PASSAGES)),
            ("list of turns", _keys(answers.TURNS)),
        ),
    )


def _keys(keys: Iterable[str]) -> str:
    return ", ".join(map(_code, dict.fromkeys(keys)))


def unread_table() -> str:
    """Return the formats that are known and not read."""
    return _table(("what it is", "what to do"), ((each.title, each.remedy) for each in UNREAD))


def statuses() -> str:
    """Return what each offset status means."""
    return _table(("`offset_status`", "meaning"), ((_code(k), v) for k, v in STATUSES.items()))


def thresholds() -> str:
    """Return the thresholds of anchoring with their reasons, a table for each stage."""
    stages: dict[str, list[tuple[str, str, str]]] = {}
    for each in table():
        row = _code(each.name), f"{each.value:,}", each.reason
        stages.setdefault(each.stage, []).append(row)
    return "\n".join(
        f"## {stage}\n\n{_table(('threshold', 'value', 'what it says'), rows)}"
        for stage, rows in stages.items()
    )


def _described(field: dict[str, Any]) -> str:
    options = [field, *field.get("anyOf", ())]
    return next((each["description"] for each in options if "description" in each), "")


def _type(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        kinds = [_type(each) for each in field["anyOf"] if each.get("type") != "null"]
        return " or ".join(kinds)
    if "enum" in field:
        return ", ".join(_code(each) for each in field["enum"] if each is not None)
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if field["type"] == "array":
        return f"list of {_type(field['items'])}"
    return str(field["type"])


# Identity.


def authorities() -> str:
    """Return the authorities in order of preference."""
    rows = [
        (
            number,
            each.name,
            _code(each.canonical.format("…", "…", "", "")),
            "yes" if each.names_things else "no",
        )
        for number, each in enumerate(AUTHORITIES, 1)
    ]
    rows.append((len(rows) + 1, "any other", "as given", "no"))
    return _table(("", "authority", "canonical form", "names the thing itself"), rows)


def countries() -> str:
    """Return how many countries there are, and in which languages."""
    names = (
        "English, German, French, Spanish, Italian, Dutch, Portuguese, Russian, Arabic and Chinese"
    )
    count = f"{len(all_countries())} countries, territories and former states"
    return f"newsgraph knows {count} by {len(country_names()):,} names in {names}.\n"


def authority_formats() -> str:
    """Return a section for each format that authorities are made of."""
    return "\n".join(map(_authority_format, AUTHORITY_FORMATS))


def _authority_format(format_: AuthorityFormat) -> str:
    module = sys.modules[format_.things.__module__]
    text, _, example = (module.__doc__ or "").partition("Example::\n")
    shown = [_fenced(dedent(example).strip(), "text")] if example else []
    words = _markdown(text.replace("Read ", "newsgraph reads ", 1)).strip()
    return "\n\n".join([f"### {format_.name}", words, *shown]) + ("" if shown else "\n")


def authority_query() -> str:
    """Return the query whose answer is read."""
    return _fenced(QUERY, "text")


def canonical_examples() -> str:
    """Return some addresses with what becomes of them."""
    given = (
        "https://www.wikidata.org/wiki/Q90",
        "https://www.geonames.org/2988507/paris.html",
        "https://dbpedia.org/page/Paris",
        "https://en.m.wikipedia.org/wiki/paris",
        "https://example.org/places/paris",
    )
    rows = ((_code(each), _code((canonical_identifier(each) or ("", ""))[1])) for each in given)
    return _table(("given", "kept"), rows)


def key_examples() -> str:
    """Return some entities with their keys."""
    given = (
        ("Place", "Paris", "https://www.wikidata.org/wiki/Q90", False),
        ("Place", "Paris", "", False),
        ("Place", "  PARIS. ", "", False),
        ("Person", "Paris", "", False),
        ("Place", "Париж", "", False),
        ("Date", "Friday", "", False),
        ("Person", "she", "", False),
        ("Person", "the minister", "", True),
    )
    rows = []
    for type_, name, iri, local in given:
        entity = {"id": "e", "type": type_, "name": name, "local": local}
        entity["same_as"] = [iri] if iri else []
        keys = _entity_keys({"id": each, "entities": [entity]} for each in ("a", "b"))
        what = f"{name!r}" + (f", `{iri}`" if iri else "") + (", `local`" if local else "")
        again = "the same" if len(keys) == 1 else "another"
        rows.append((type_, what, _code(keys[0]), again))
    return _table(("type", "name", "key in one article", "in another article"), rows)


def _entity_keys(records: Iterable[dict[str, Any]]) -> list[str]:
    with _loaded(records) as connection:
        return [row[0] for row in connection.execute("SELECT key FROM entities ORDER BY id")]


@contextmanager
def _loaded(records: Iterable[dict[str, Any]]) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        datasette_newsgraph.load(connection, records)
        yield connection


def value_types() -> str:
    """Return the types whose names mean something else in each article."""
    return ", ".join(sorted(VALUE_TYPES)) + "\n"


def tiers() -> str:
    """Return the table of tiers, with how often each was right."""
    head = ("tier", "what it is", "holds if", "types by a tool", "types by hand", "old newspapers")
    rows = (
        (
            *(_code(each.name), each.title, each.condition),
            *(f"{rate.right} of {rate.of}" for rate in (each.by_tool, each.by_hand, each.old)),
        )
        for each in TIERS
    )
    return _table(head, rows)


def pronoun_languages() -> str:
    """Return the languages that have a list of pronouns."""
    return ", ".join(_code(each) for each in sorted(PRONOUNS)) + "\n"


# The mapping.

_KINDS = {
    mapping.Value.STRING: "string",
    mapping.Value.CODE: "string",
    mapping.Value.TEXT: "string in the article's language",
    mapping.Value.DATE: "date",
    mapping.Value.DOUBLE: "`xsd:double`",
    mapping.Value.COUNT: "`xsd:nonNegativeInteger`",
    mapping.Value.BOOLEAN: "`xsd:boolean`",
    mapping.Value.WKT: "`geo:wktLiteral`",
    mapping.Value.IRI: "IRI",
    mapping.Value.IRI_OR_STRING: "IRI, or string where it is none",
    mapping.Value.TERM: "class or property",
    mapping.Value.OBJECT: "entity or value",
    mapping.Value.STATEMENTS: "entities and values",
}


def formats() -> str:
    """Return the RDF formats."""
    return _table(
        ("format", "`-f`", "file ending", "media type"),
        ((each.title, _code(each.name), _code(each.ending), each.media_type) for each in FORMATS),
    )


def result_formats() -> str:
    """Return the formats of answers in SPARQL."""
    rows = (
        (
            each.title[:1].upper() + each.title[1:],
            _code(each.name),
            "triples" if each.syntax else "rows, true or false",
            ", ".join(map(_code, each.media_types)) or "on the command line only",
        )
        for each in RESULT_FORMATS
    )
    return _table(("format", "name", "for", "media type"), rows)


def sparql_examples() -> str:
    """Return the example questions for the example articles, each with what it tells."""
    records = (HERE.parent / "examples" / "articles.jsonl").read_text("utf-8").splitlines()
    with _loaded(map(json.loads, records)) as connection, open_store(connection) as db:
        found = examples(connection, get_base(db))
    return "\n".join(
        f"### {each.title}\n\n{each.tells}\n\n{_fenced(each.text.partition(chr(10))[2], 'sparql')}"
        for each in found
    )


def graph_formats() -> str:
    """Return the formats for graph tools."""
    rows = (
        (
            each.title,
            _code(each.name),
            _code(each.ending),
            each.media_type or "a folder",
            ", ".join(_code(f"--{option.replace('_', '-')}") for option in sorted(each.options)),
        )
        for each in GRAPH_FORMATS
    )
    return _table(("format", "`-f`", "ending", "media type", "options"), rows)


def graph_elements() -> str:
    """Return the nodes and edges of files for graph tools, with their properties."""
    return _table(
        ("node or edge", "properties"),
        (
            (
                _code(each.label) + (" of a value" if each is STATEMENT_OF_VALUE else ""),
                " ".join(map(_graph_property, each.columns)),
            )
            for each in (*NODES, *EDGES)
        ),
    )


def _graph_property(column: Column) -> str:
    return _code(column.name) + (" (`--with-text`)" if column.with_text else "")


def prefixes() -> str:
    """Return the prefixes with their namespaces."""
    rows = [(_code(name), _code(iri)) for name, iri in vocabulary.PREFIXES.items()]
    rows.append(
        (
            _code(vocabulary.LABEL_PREFIX),
            f"`{{base}}{vocabulary.LABEL_PATH}`: types and predicates of a database",
        )
    )
    return _table(("prefix", "namespace"), rows)


def profiles() -> str:
    """Return the table of profiles, and what each of them leaves out of the first and adds to it."""
    table = _table(
        ("profile", "`--profile`", "what it is", "IRI"),
        ((each.name, _code(each.name), each.title, _code(each.iri)) for each in PROFILES),
    )
    return table + "".join(_differences(each) for each in PROFILES if each is not FULL)


def _differences(profile: Profile) -> str:
    lines = [f"- Without {each}." for each in _apart(profile.left_out)]
    if not profile.has_statements:
        lines.append("- Without the plain triples of statements, and the terms of predicates.")
    if profile.prefixes is not None:
        names = ", ".join(_code(f"{each}:") for each in sorted(profile.prefixes))
        lines.append(f"- Without classes, plain triples and terms that are not of {names}.")
    lines += [f"- With {each} besides." for each in _apart(profile.added)]
    return f"\nThe profile {_code(profile.name)}, beside {_code(FULL.name)}:\n\n" + "".join(
        f"{each}\n" for each in lines
    )


def _apart(differences: dict[str, tuple[str, ...]]) -> list[str]:
    """Return what profiles have apart from others, in words: whole kinds, then parts of kinds."""
    whole = [f"[{kind}](#{kind})" for kind, terms in differences.items() if not terms]
    return [
        *(["the kinds " + ", ".join(whole)] if whole else []),
        *(
            f"{', '.join(map(_code, terms))} of [{kind}](#{kind})"
            for kind, terms in differences.items()
            if terms
        ),
    ]


def nodes() -> str:
    """Return a section for each kind of thing."""
    return "\n".join(_node(each) for each in mapping.NODES)


def _node(node: mapping.Node) -> str:
    classes = ", ".join(map(_code, node.classes)) or "see `rdf:type`"
    head = f"### {node.kind}\n\nIRI `{{base}}id/{node.iri.path}`; class: {classes}"
    head += "".join(
        f" (in the profile {_code(name)}: {', '.join(map(_code, others))})"
        for name, others in node.classes_in.items()
    )
    head += "."
    if node in mapping.OF_PEOPLE:
        head += " Exported with `--with-decisions` only."
    head += "\n\n"
    rows = []
    for each in node.properties:
        notes = ["several"] * each.many + ["always"] * each.required
        notes += ["`--with-text`"] * each.with_text
        notes += [f"only in {_code(name)}" for name in each.only]
        rows.append(
            (
                _term(each),
                _value(each.value),
                _code(_column(node, each)) if each.column else "",
                each.comment,
                ", ".join(notes),
            )
        )
    return head + _table(("property", "value", "from", "meaning", ""), rows)


def _term(each: mapping.Property) -> str:
    if not each.term:
        return "by the predicate"
    return f"inverse of {_code(each.term)}" if each.is_turned else _code(each.term)


def _column(node: mapping.Node, each: mapping.Property) -> str:
    source = node.columns.get(each.column or "")
    return source if source and " " not in source else each.column or ""


def _value(value: mapping.Value | mapping.Ref | mapping.Constant) -> str:
    if isinstance(value, mapping.Ref):
        return f"`id/{value.path.replace('{_', '{')}`"
    if isinstance(value, mapping.Constant):
        return _code(value.name)
    return _KINDS[value]


def not_exported() -> str:
    """Return what is in no export, and why."""
    rows = (
        (", ".join(map(_code, what.split(", "))), why) for what, why in mapping.NOT_EXPORTED.items()
    )
    return _table(("tables and columns", "why not"), rows)


def well_known(labels: dict[str, str]) -> str:
    """Return the labels that stand for published terms."""
    by_term: dict[str, list[str]] = {}
    for label, term in labels.items():
        by_term.setdefault(term, []).append(label)
    return _table(
        ("label", "term"),
        (("; ".join(found), _code(term)) for term, found in sorted(by_term.items())),
    )


def types() -> str:
    """Return the types with a published class."""
    return well_known(
        {label: "`, `".join(names[::-1]) for label, names in vocabulary.TYPES.items()}
    )


def predicates() -> str:
    """Return the predicates with a published property."""
    return well_known(vocabulary.PREDICATES)


def own_terms() -> str:
    """Return the fixed terms of our own."""
    return _table(
        ("term", "", "meaning"),
        (
            (_code(f"ng:{each.name}"), "class" if each.is_class else "property", each.comment)
            for each in vocabulary.OWN_TERMS
        ),
    )


def example_turtle() -> str:
    """Return the example record as Turtle, without the prefixes."""
    record = json.loads((HERE / "example.json").read_text("utf-8"))
    with _loaded([record]) as connection, open_store(connection) as db:
        turtle = b"".join(stream(db, format_named("turtle"))).decode()
    lines = (line for line in turtle.splitlines() if not line.startswith("@prefix"))
    return _fenced("\n".join(lines), "turtle")


# The tables, views and queries.


def tables() -> str:
    """Return a section for each table."""
    return "\n".join(_section(name) for name in DESCRIPTIONS if name in TABLES)


def _section(name: str) -> str:
    table = TABLES[name]
    rows = []
    for column, each in table.columns.items():
        other = each.references
        refers = f"→ [{other}](#{other})" if other else ""
        rows.append((_code(column), each.type.__name__, refers, column_text(name, column)))
    notes = _searched(name) if name in FULL_TEXT else ""
    if DESCRIPTIONS[name].hidden:
        notes += "One of Datasette's hidden tables.\n\n"
    body = _table(("column", "type", "", "meaning"), rows)
    return f"### {name}\n\n{DESCRIPTIONS[name].text}\n\n{notes}{body}"


def _searched(table: str) -> str:
    columns = " and ".join(_code(each) for each in FULL_TEXT[table])
    return f"Full-text search: `{table}_fts`, over {columns}.\n\n"


def views() -> str:
    """Return a section for each view."""
    return "\n".join(map(_view, VIEWS))


def _view(name: str) -> str:
    description = DESCRIPTIONS[name]
    text = f"### {name}\n\n{description.text}\n\n"
    if description.fts_table:
        text += _searched(description.fts_table.removesuffix("_fts"))
    facets = ", ".join(_code(each.name) for each in FACETS[name])
    text += f"Facets: {facets}.\n\n"
    rows = ((_code(column), column_text(name, column)) for column in VIEWS[name][0])
    return text + _table(("column", "meaning"), rows)


def queries() -> str:
    """Return the canned queries."""
    return _table(
        ("query", "answers"),
        ((_code(name), f"**{each.title}.** {each.description}") for name, each in QUERIES.items()),
    )


def tells() -> str:
    """Return what each table and view tells of; full-text tables with what FTS5 makes beside them."""
    besides = ", ".join(map(_code, sorted(ENTITIES_TELL)))
    rows = [(_code("entities"), f"{besides}, if there are such entities (see below)")]
    for name, told in TELLS.items():
        if "_fts_" not in name and not name.startswith("sqlite_"):
            shadows = " and what FTS5 makes beside it" if name.endswith("_fts") else ""
            rows.append((_code(name) + shadows, ", ".join(map(_code, sorted(told)))))
    return _table(("table or view", "tells of"), rows)


def endings() -> str:
    """Return the endings of addresses at which there is RDF."""
    listed = _listed([f"{_code(each.ending)} ({each.title})" for each in FORMATS], "or")
    return f"`{{.rdf}}` stands for {listed}.\n"


def preferred() -> str:
    """Return which of several equally welcome formats comes first."""
    titles = _listed([each.title for each in FORMATS], "and")
    return f"If several formats are equally welcome, HTML comes first, then {titles}.\n"


def commented() -> str:
    """Return in which formats a comment says that there are more rows."""
    titles = _listed([each.title for each in FORMATS if each.comment], "and")
    return f"In {titles} a comment says so too.\n"


def paged() -> str:
    """Return how much a document of a thing holds."""
    return f"At most {PAGE_SIZE} rows of each of these are in one document.\n"


def _listed(words: list[str], conjunction: str) -> str:
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def shown() -> str:
    """Return the tables and views whose rows are things in RDF."""
    return fill(", ".join(map(_code, SHOWN)) + ".", 120) + "\n"


def settings() -> str:
    """Return all settings of the plugin in a table."""
    return _table(
        ("setting", "default", "unit", "may be", "of", "what"),
        (
            (
                _code(each.name),
                "" if each.default is None else _code(json.dumps(each.default)),
                each.unit,
                _values(each),
                "the server" if each.is_of_server else "the server or a database",
                each.meaning,
            )
            for each in SETTINGS.values()
        ),
    )


def settings_example() -> str:
    """Return a configuration with a setting of the server and one of a database."""
    of_server = {each.name: _other(each) for each in SETTINGS.values() if each.is_of_server}
    of_database = {each.name: _other(each) for each in SETTINGS.values() if not each.is_of_server}
    document = {
        "plugins": {PLUGIN: of_server},
        "databases": {"newsgraph": {"plugins": {PLUGIN: of_database}}},
    }
    return _fenced(json.dumps(document, indent=2), "json")


def _values(setting: Setting) -> str:
    if setting.is_number:
        return f"{setting.least:,} to {setting.most:,}"
    return "`true` or `false`" if setting.kind is bool else "an allow block, `true` or `false`"


def _other(setting: Setting) -> Any:
    """Return a value that is not the default."""
    if setting.kind is dict:
        return {"id": "ana"}
    if setting.kind is bool:
        return not setting.default
    more = setting.default * 1.5 or 1
    return setting.kind(more if more <= setting.most else setting.default / 2)


def faults() -> str:
    """Return what is logged while serving."""
    return _table(
        ("level", "message"),
        ((logging.getLevelName(level), message) for level, message in (f.value for f in Fault)),
    )


def templates() -> str:
    """Return the plugin's templates that make a page."""
    folder = Path(datasette_newsgraph.__file__).parent / "templates"
    names = sorted(path.name for path in folder.glob("*.html") if not path.name.startswith("_"))
    return fill(", ".join(map(_code, names)) + ".", 120) + "\n"


# Decisions.


def verdicts() -> str:
    """Return the verdicts, what they are said of, and the fields of each."""
    return _table(
        ("`verdict`", "what it means", "said of", "needs", "may have"),
        (
            (
                _code(name),
                says.words,
                ", ".join(says.kinds),
                ", ".join(map(_code, ("left", *says.needed))),
                ", ".join(map(_code, says.allowed)),
            )
            for name, says in VERDICTS.items()
        ),
    )


def properties() -> str:
    """Return the properties of the reconciliation service."""
    return _table(
        ("property", "id", "needs, besides `entities`"),
        (
            (each.name, _code(each.id), ", ".join(map(_code, each.needs)))
            for each in PROPERTIES.values()
        ),
    )


def decision_fields() -> str:
    """Return the fields of a decision in a file."""
    return _table(
        ("field", "meaning"), ((_code(name), DECISIONS[name]) for name in DECISION_FIELDS)
    )


def decision_formats() -> str:
    """Return the formats of files of decisions."""
    return _table(
        ("`--format`", "what it is"), ((_code(each.name), each.title) for each in DECISION_FORMATS)
    )


# For contributors.


def floors() -> str:
    """Return the floors of the package, with what stands on each and what it may import."""
    return _table(
        ("floor", "what it is", "rooms", "imports, beside the ground"),
        (
            (each.name, each.holds, ", ".join(map(_code, each.rooms)), ", ".join(each.imports))
            for each in FLOORS
        ),
    )


def libraries() -> str:
    """Return where a library may be imported."""
    return _table(
        ("library", "rooms"),
        ((_code(name), ", ".join(map(_code, homes))) for name, homes in LIBRARIES.items()),
    )


def replacements() -> str:
    """Return what of Datasette's own functions is replaced."""
    return _table(
        ("replaced", "on", "by", "why", "what would make it unnecessary"),
        (
            (replaced, ", ".join(lines), _code(by), why, hook)
            for replaced, lines, by, why, hook in REPLACEMENTS
        ),
    )


def campaigns() -> str:
    """Return the modules of the long run, each with the first sentence of its docstring."""
    rows = []
    for name in CAMPAIGNS:
        (path,) = TESTS.rglob(f"test_{name}.py")
        first = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").partition("\n\n")[0]
        target = path.relative_to(HERE.parent).as_posix()
        rows.append((f"[{_code(name)}](../{target})", " ".join(first.split())))
    return _table(("module", "what it tries"), rows)
