"""Where triples of one kind stand: tables, conditions, and the forms of subject and object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from datasette_newsgraph.mapping import Value
from datasette_newsgraph.sparql.forms import IRI, LITERAL, Form
from datasette_newsgraph.vocabulary import expand

RDF_TYPE = expand("rdf:type", "")


@dataclass(frozen=True)
class Source:
    """Triples of one kind, each once: how their subjects, predicate and objects stand in rows.

    ``rows`` are tables, as ``{0}``, ``{1}`` … in the forms and conditions. ``predicate`` is an IRI, or
    None where ``predicate_sql`` reads it. ``row``: the first table has a row for each subject, which
    others of its properties may share. ``held``: the object follows from the form of the subject, in
    which its expressions are ``{s0}``, ``{s1}`` …. ``words``: the object is the words of a span, which
    its form may hold. ``class_``: the IRI that all objects are. ``near``: the same triples for a
    subject that is known, whose expressions are ``{s0}`` … in rows and conditions, too. ``of``: those
    with one object, by its IRI; None where there are none.
    """

    predicate: str | None
    subject: Form
    object: Form
    rows: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    predicate_sql: str | None = None
    row: bool = False
    held: bool = False
    words: bool = False
    class_: str | None = None
    near: Source | None = None
    of: Callable[[str], Source | None] | None = None


def literal(
    value: str, datatype: str = "''", language: str = "''", number: str | None = None
) -> Form:
    """Return the form of a literal by its SQL."""
    return Form(LITERAL, (value, datatype, language), number, is_exact=number is not None)


def quoted(text: str) -> str:
    """Return a constant as SQL for the templates of sources, in which braces are doubled."""
    return "'" + text.replace("'", "''").replace("{", "{{").replace("}", "}}") + "'"


def of_subject(sql: str, subject: Form) -> str:
    """Return a template with the expressions of a subject for ``{s0}``, ``{s1}`` …."""
    for place, value in enumerate(subject.values):
        sql = sql.replace(f"{{s{place}}}", value)
    return sql


COUNT = quoted(expand("xsd:nonNegativeInteger", ""))
_DOUBLE = quoted(expand("xsd:double", ""))
_BOOLEAN = quoted(expand("xsd:boolean", ""))
WKT = quoted(expand("geo:wktLiteral", ""))


def string(sql: str) -> Form:
    """Return the form of a plain literal by its SQL."""
    return literal(sql)


def _date(sql: str) -> Form:
    return literal(sql, f"newsgraph_date_type({sql})")


#: The forms of the objects of columns, by what these hold; each may be several, of one kind each, with
#: the condition of its own.
OBJECTS: dict[Value, Callable[[str], list[tuple[Form, str]]]] = {
    Value.STRING: lambda sql: [(string(sql), "")],
    Value.CODE: lambda sql: [(string(sql), "")],
    Value.TEXT: lambda sql: [
        (literal(sql, "''", "newsgraph_language({0}.language)"), ""),
    ],
    Value.DATE: lambda sql: [(_date(sql), "")],
    Value.DOUBLE: lambda sql: [(literal(f"newsgraph_double({sql})", _DOUBLE, number=sql), "")],
    Value.COUNT: lambda sql: [(literal(f"CAST({sql} AS TEXT)", COUNT, number=sql), "")],
    Value.BOOLEAN: lambda sql: [
        (
            literal(
                f"CASE WHEN {sql} IS NOT NULL THEN CASE WHEN {sql} THEN 'true' ELSE 'false' END END",
                _BOOLEAN,
            ),
            "",
        )
    ],
    Value.WKT: lambda sql: [(literal(sql, WKT), "")],
    Value.IRI: lambda sql: [(Form(IRI, (sql,)), "")],
    Value.IRI_OR_STRING: lambda sql: [
        (Form(IRI, (f"newsgraph_address({sql})",)), ""),
        (string(sql), f"newsgraph_address({sql}) IS NULL"),
    ],
}

#: A span in the first table of a source.
PLACE = ("{0}.article_id", "{0}.start_char", "{0}.end_char")
