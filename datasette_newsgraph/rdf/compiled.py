"""Compile the mapping of columns to terms for an RDF syntax: each kind of node, such as the nodes of
articles, becomes one function that writes rows as text.

The source of such a function is one f-string that is filled for each row, as one would write it by
hand for one syntax and one table. Written by hand for all of them, it would be the mapping once more
for every syntax. Nothing of a database enters the source: its constants are the terms of the mapping
and the base IRI. Its names are those of columns, and with an underscore before them, which no column
may have, those of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from string import Formatter
from typing import Any

from datasette_newsgraph.mapping import NODES, OF_ARTICLE, Node, Property, Value
from datasette_newsgraph.rdf.syntax import Syntax

#: A compiled function (_rows, _append, *OF_ARTICLE) → None: appends the text of the node of each row.
Writer = Callable[..., None]

_FRAGMENT = "_fragment = '' if start_char is None else f'#char={start_char},{end_char}'"


@lru_cache(maxsize=32)
def compile_nodes(syntax: Syntax, *, with_text: bool) -> dict[str, Writer]:
    """Return the functions that write nodes in this syntax, by the kind of node.

    The functions are kept, as compiling them takes longer than writing a small document.
    """
    return {node.kind: compile_node(node, syntax, with_text=with_text) for node in NODES}


def compile_node(node: Node, syntax: Syntax, *, with_text: bool) -> Writer:
    """Return the function that writes nodes of this kind in this syntax.

    The function takes an iterable of rows (the columns that are read of the node, then those that are
    added to it), a function to which it gives the text of each row, narrow as ``Syntax`` says, and the
    values of the columns ``OF_ARTICLE`` where the node has any of these.
    """
    namespace: dict[str, Any] = {"_syntax": syntax, "_quote": syntax.quote}
    source = source_of(node, syntax, with_text=with_text)
    exec(compile(source, f"<{node.kind}>", "exec"), namespace)  # noqa: S102  # constants of ours
    writer: Writer = namespace["_write"]
    return writer


def source_of(node: Node, syntax: Syntax, *, with_text: bool) -> str:
    """Return the Python source of the function that ``compile_node`` makes."""
    lines: list[str] = []
    pieces: list[str] = []
    template = syntax.head_template(node.classes)
    for number, property_ in enumerate(node.properties):
        if property_.with_text and not with_text:
            continue
        if property_.value is Value.STATEMENTS:
            template += f"{{_syntax.statements(_subject, {property_.column})}}"
        elif property_.many:
            lines.append(f"_p{number} = {_many(property_, syntax)}")
            template += f"{{_p{number}}}"
        elif property_.required:
            template += _pair(property_, syntax)
        else:
            pair = _f_string(_pair(property_, syntax))
            lines.append(f"_p{number} = '' if {property_.column} is None else {pair}")
            template += f"{{_p{number}}}"
    template += syntax.tail_template()
    template, lines = _quoted_once(node, template, lines)
    subject = _f_string(syntax.subject_template(node.iri))
    pieces.append(f"_subject = {subject}")
    columns = ", ".join((*node.read, *node.added))
    if "start_char" in node.columns:
        pieces.append(_FRAGMENT)
    body = "\n        ".join([*pieces, *lines, f"_append({_f_string(template)})"])
    return (
        f"def _write(_rows, _append, {', '.join(f'{name}=None' for name in OF_ARTICLE)}):\n"
        f"    for ({columns},) in _rows:\n        {body}\n"
    )


def _quoted_once(node: Node, template: str, lines: list[str]) -> tuple[str, list[str]]:
    """Return the template and the lines before it so that a column which several properties have is
    quoted once.
    """
    for column in node.columns:
        call = f"{{_quote({column})}}"
        if template.count(call) > 1:
            template = template.replace(call, f"{{_quoted_{column}}}")
            lines = [*lines, f"_quoted_{column} = _quote({column})"]
    return template, lines


def _pair(property_: Property, syntax: Syntax) -> str:
    """Return the template of a property with its one object, the value of a column."""
    return syntax.pair_template(
        property_.term, syntax.object_template(property_.value, property_.column or "")
    )


def _many(property_: Property, syntax: Syntax) -> str:
    """Return the source of the text of a property with several objects: the items of a column, which is
    a list; no text where that is empty.
    """
    before, item, between, after = syntax.many_templates(
        property_.term, syntax.object_template(property_.value, "_item")
    )
    items = f"{between!r}.join([{_f_string(item)} for _item in {property_.column}])"
    return f"'' if not {property_.column} else {_f_string(before)} + {items} + {_f_string(after)}"


def _f_string(template: str) -> str:
    """Return the source of the f-string that a template stands for."""
    parts = []
    for constant, expression, _, conversion in Formatter().parse(template):
        text = constant.replace("{", "{{").replace("}", "}}")
        parts.append(text.encode("unicode_escape").decode("ascii").replace("'", "\\'"))
        if expression is not None:
            parts.append(f"{{{expression}{'!' + conversion if conversion else ''}}}")
    return f"f'{''.join(parts)}'"
