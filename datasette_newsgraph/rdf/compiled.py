"""Compile the mapping for a syntax: each node becomes one function from rows to text.

The function's source is an unrolled f-string a row, as one would write it by hand for one syntax
and one table; written for each of them by hand it would be the mapping once more for every syntax.
Nothing of a database enters the source: its constants are the mapping's and the base IRI. Its names
are the columns, and its own with an underscore before them, which no column may have.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from string import Formatter
from typing import Any

from datasette_newsgraph.mapping import NODES, OF_ARTICLE, Node, Property, Value
from datasette_newsgraph.rdf.syntax import Syntax

#: (_rows, _append, *OF_ARTICLE) → None: appends the text of each row's node.
Writer = Callable[..., None]

_FRAGMENT = "_fragment = '' if start_char is None else f'#char={start_char},{end_char}'"


@lru_cache(maxsize=32)
def compile_nodes(syntax: Syntax, *, with_text: bool) -> dict[str, Writer]:
    """Return the functions that write nodes in this syntax, by kind.

    Kept, as compiling takes longer than writing a small document.
    """
    return {node.kind: compile_node(node, syntax, with_text=with_text) for node in NODES}


def compile_node(node: Node, syntax: Syntax, *, with_text: bool) -> Writer:
    """Return the function that writes nodes of this kind in this syntax.

    It takes an iterable of rows (what is read of the node, then what is added to it), a function that
    takes each piece of narrow text, and the values of ``OF_ARTICLE`` where the node has any of them.
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
    for number, each in enumerate(node.properties):
        if each.with_text and not with_text:
            continue
        if each.value is Value.STATEMENTS:
            template += f"{{_syntax.statements(_subject, {each.column})}}"
        elif each.many:
            lines.append(f"_p{number} = {_many(each, syntax)}")
            template += f"{{_p{number}}}"
        elif each.required:
            template += _pair(each, syntax)
        else:
            pair = _f_string(_pair(each, syntax))
            lines.append(f"_p{number} = '' if {each.column} is None else {pair}")
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
    """Quote a string once where two properties have it."""
    for column in node.columns:
        call = f"{{_quote({column})}}"
        if template.count(call) > 1:
            template = template.replace(call, f"{{_quoted_{column}}}")
            lines = [*lines, f"_quoted_{column} = _quote({column})"]
    return template, lines


def _pair(each: Property, syntax: Syntax) -> str:
    return syntax.pair_template(each.term, syntax.object_template(each.value, each.column or ""))


def _many(each: Property, syntax: Syntax) -> str:
    before, item, between, after = syntax.many_templates(
        each.term, syntax.object_template(each.value, "_item")
    )
    items = f"{between!r}.join([{_f_string(item)} for _item in {each.column}])"
    return f"'' if not {each.column} else {_f_string(before)} + {items} + {_f_string(after)}"


def _f_string(template: str) -> str:
    """Return the source of the f-string that a template stands for."""
    parts = []
    for constant, expression, _, conversion in Formatter().parse(template):
        text = constant.replace("{", "{{").replace("}", "}}")
        parts.append(text.encode("unicode_escape").decode("ascii").replace("'", "\\'"))
        if expression is not None:
            parts.append(f"{{{expression}{'!' + conversion if conversion else ''}}}")
    return f"f'{''.join(parts)}'"
