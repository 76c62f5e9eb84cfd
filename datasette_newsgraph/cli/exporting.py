"""Commands that write RDF, and what describes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import click

from datasette_newsgraph.cli.graph_exporting import graph_format, require_options, write_graph
from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.options import (
    FILE,
    WORDS,
    assert_from_option,
    named,
    quiet,
    rdf_format,
    show_json,
    teller_of_log,
)
from datasette_newsgraph.cli.warnings import warn_of_loopback
from datasette_newsgraph.mapping.profiles import choices as profile_choices
from datasette_newsgraph.property_graphs import choices as graph_choices
from datasette_newsgraph.rdf import choices
from datasette_newsgraph.terminal import say, write

if TYPE_CHECKING:
    from sqlite_utils import Database

    from datasette_newsgraph.rdf import Format

#: Options that are for RDF, and not for every format.
_OPTIONS = ("profile", "with_text", "with_decisions", "assert_from", "jobs")


@click.command(
    epilog=examples(
        "newsgraph export newsgraph.db -o newsgraph.ttl",
        "newsgraph export newsgraph.db --entity France -o france.ttl",
        "newsgraph export newsgraph.db --together 2 -o newsgraph.gexf",
    )
)
@click.argument("database", type=FILE)
@click.option(
    "-f",
    "--format",
    "format_name",
    metavar="FORMAT",
    help=f"RDF: {choices()}. For graph tools: {graph_choices()}.",
)
@click.option(
    "-o",
    "--output",
    default="-",
    metavar="FILE",
    help="File to write, its ending tells the format; .gz compresses it; - is standard output."
    " For neo4j-csv and parquet it is a folder.",
)
@click.option(
    "--profile",
    metavar="PROFILE",
    default="full",
    show_default=True,
    help=f"{profile_choices()}: how much of the mapping is written.",
)
@click.option("--with-text", is_flag=True, help="Export texts, quotes and evidence in words too.")
@click.option(
    "--with-decisions",
    is_flag=True,
    help="Export who decided what too, when, how and why (PROV); it names people.",
)
@assert_from_option(
    "Write the plain triple of a statement if some evidence in the story itself has at least this"
    " confidence, or none given."
)
@click.option(
    "--entity",
    "entities",
    multiple=True,
    type=WORDS,
    metavar="NAME",
    help="Only what is about the entity of this name or key; may be given several times.",
)
@click.option(
    "--article",
    "articles",
    multiple=True,
    type=WORDS,
    metavar="TITLE",
    help="Only what the article of this title, id or key says; may be given several times.",
)
@click.option(
    "--relation",
    "relations",
    multiple=True,
    type=WORDS,
    metavar="KEY",
    help="Only the relation of this key with its evidence; may be given several times.",
)
@click.option(
    "--together",
    metavar="N",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="For gexf: join entities that at least so many articles name together.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="Export with so many processes; if not given, one for each core if all of a large graph is"
    " exported, else one.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing if newsgraph check --quick finds an error in DATABASE.",
)
@quiet
def export(
    database: str,
    format_name: str | None,
    output: str,
    profile: str,
    with_text: bool,
    with_decisions: bool,
    assert_from: float,
    entities: tuple[str, ...],
    articles: tuple[str, ...],
    relations: tuple[str, ...],
    together: int,
    jobs: int | None,
    check: bool,
    quiet: bool,
) -> None:
    """Export DATABASE as RDF, or for another graph tool.

    The ending of the file that -o names tells the format; -f gives another. Standard output is
    Turtle unless -f gives another format.
    """
    import gc
    from functools import partial

    from datasette_newsgraph.errors import UsageError
    from datasette_newsgraph.mapping.profiles import profile_named
    from datasette_newsgraph.rdf.export import stream
    from datasette_newsgraph.rdf.jobs import jobs_worth_it
    from datasette_newsgraph.store import leading_to, open_store
    from datasette_newsgraph.store.by_name import ARTICLE, ENTITY
    from datasette_newsgraph.store.journal import is_awaited
    from datasette_newsgraph.whole_files import write as write_file

    # Rows and text hold no cycles, and looking for them costs a tenth of the time.
    gc.disable()
    for_tool, chosen = graph_format(format_name, output), profile_named(profile)
    if for_tool is not None:
        require_options(for_tool.name, for_tool.options, _given())
        format_ = None
    else:
        format_ = _format(format_name, output, also=f"; for graph tools {graph_choices()}")
        require_options(format_.name, _OPTIONS, _given())
    if output != "-" and any(leading_to(database, [output])):
        raise UsageError(
            f"-o {output} would put the export in the database's place; name another file"
        )
    is_part = bool(entities or articles or relations)
    with _sound(database) if check else open_store(database) as db:
        about = [named(db, ENTITY, each, quiet=quiet) for each in entities]
        told = [named(db, ARTICLE, each, quiet=quiet) for each in articles]
        if for_tool is not None:
            write_graph(
                db,
                database,
                for_tool,
                output,
                with_text=with_text,
                together=together,
                parts={"entities": about, "articles": told, "relations": relations},
            )
            return
        assert format_ is not None  # as there is none for a tool
        with closing(
            stream(
                db,
                format_,
                profile=chosen,
                with_text=with_text,
                with_decisions=with_decisions,
                assert_from=assert_from,
                jobs=jobs or (1 if is_part else jobs_worth_it(db.conn)),
                entities=about,
                articles=told,
                relations=relations,
            )
        ) as blocks:
            write_file(blocks, output, hurries=partial(is_awaited, database))
    if not quiet:
        warn_of_loopback(database)


def _given() -> list[str]:
    """Return the options of the call that are not for every format."""
    context = click.get_current_context()
    default = click.core.ParameterSource.DEFAULT
    return [
        each
        for each in (*_OPTIONS, "together")
        if context.get_parameter_source(each) is not default
    ]


@contextmanager
def _sound(database: str) -> Iterator[Database]:
    """Open a database in which a quick check finds nothing, and raise StoreError for another one."""
    from datasette_newsgraph.checking.check import check
    from datasette_newsgraph.errors import StoreError
    from datasette_newsgraph.store import open_store

    with open_store(database, damaged=True) as db:
        for fault in check(db, quick=True):
            raise StoreError(f"{database}: {fault}; newsgraph check {database} tells all")
        yield db


def _format(name: str | None, path: str, also: str = "") -> Format:
    """Return the RDF format that is meant; raises UsageError that lists them all, and what is ``also``
    to be had.
    """
    from datasette_newsgraph.errors import UsageError
    from datasette_newsgraph.rdf import format_named, format_of_file

    try:
        if name is not None:
            return format_named(name)
        return format_named("turtle") if path == "-" else format_of_file(path)
    except UsageError as error:
        raise UsageError(f"{error}{also}") from None


@click.command(
    epilog=examples(
        "newsgraph vocabulary",
        'newsgraph vocabulary newsgraph.db --set "located in" https://example.org/terms#locatedIn',
    )
)
@click.argument("database", required=False, type=FILE)
@click.option(
    "--set", "term", nargs=2, type=WORDS, metavar="LABEL IRI", help="Let LABEL stand for IRI."
)
@click.option(
    "--kind",
    type=click.Choice(["type", "predicate"]),
    help="Whether LABEL is a type or a predicate; needed if the database does not use it yet.",
)
@rdf_format
def vocabulary(
    database: str | None, term: tuple[str, str] | None, kind: str | None, format_name: str | None
) -> None:
    """Print the terms that exports use, or set the term of a label.

    A label is a type or a predicate. One that has no term of a published vocabulary is exported as
    a term under the base IRI of DATABASE.
    """
    from datasette_newsgraph.rdf.label_terms import own_terms, read_vocabulary
    from datasette_newsgraph.rdf.ontology import vocabulary_document
    from datasette_newsgraph.store import DEFAULT_BASE, get_base, open_store
    from datasette_newsgraph.store.chosen_terms import set_term

    if term is None:
        base, labels = DEFAULT_BASE, set()
        if database is not None:
            with open_store(database) as db:
                base = get_base(db)
                labels = own_terms(db.conn, read_vocabulary(db.conn, base))
        write([vocabulary_document(_format(format_name, "-"), base, labels)])
        return
    if database is None:
        raise click.UsageError("--set needs a DATABASE.")
    with open_store(database, write=True, log_stays=teller_of_log()) as db:
        kinds = set_term(db, *term, kind=kind)
    say(f"the term of the {' and the '.join(kinds)} {term[0]!r} is now {term[1]}")


@click.command(
    epilog=examples(
        "newsgraph shapes > shapes.ttl", "newsgraph shapes --profile core > core-shapes.ttl"
    )
)
@click.option(
    "--profile",
    "profile_name",
    metavar="PROFILE",
    default="full",
    show_default=True,
    help=f"{profile_choices()}: of which profile.",
)
def shapes(profile_name: str) -> None:
    """Print the SHACL shapes that every export of a profile conforms to."""
    from datasette_newsgraph.mapping.profiles import profile_named
    from datasette_newsgraph.rdf.shapes import shapes_document

    write([shapes_document(profile_named(profile_name)).encode()])


@click.command(epilog=examples("newsgraph schema > article.schema.json"))
def schema() -> None:
    """Print the JSON Schema of the article record."""
    from datasette_newsgraph.article import json_schema

    show_json(json_schema())


@click.command(epilog=examples("newsgraph metadata --database news > metadata.json"))
@click.option(
    "--database",
    metavar="NAME",
    type=WORDS,
    default="newsgraph",
    show_default=True,
    help="The name that Datasette gives to the database: that of its file.",
)
def metadata(database: str) -> None:
    """Print the plugin's metadata for Datasette, for you to change.

    It holds titles, descriptions, facets and queries. Datasette has all of them without this
    command.
    """
    from datasette_newsgraph.metadata.datasette import document

    show_json(document(database))
