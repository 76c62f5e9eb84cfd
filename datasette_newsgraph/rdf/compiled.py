"""Compile the mapping of columns to terms for an RDF syntax: each kind of node, such as the nodes of
articles, becomes one function that writes rows as text.

The source of such a function is one f-string that is filled for each row, as one would write it by
hand for one syntax and one table. Written by hand for all of them, it would be the mapping once more
for every syntax. What is the same for all rows of an article is made once, before the rows.

Nothing of a database enters the source: its constants are the terms of the mapping and the base IRI.
Its names are those of columns, and with an underscore before them, which no column may have, those of
its own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from string import Formatter
from typing import Any

import msgspec

from datasette_newsgraph.mapping import OF_ARTICLE, Node, Property, Ref, Value
from datasette_newsgraph.mapping.profiles import Profile
from datasette_newsgraph.rdf.graph_syntax import GRAPHS, GraphSyntax
from datasette_newsgraph.rdf.syntax import Syntax

#: A compiled function (_rows, _append, *OF_ARTICLE) → None: appends the text of the node of each row.
Writer = Callable[..., None]

_FRAGMENT = "_fragment = '' if start_char is None else f'#char={start_char},{end_char}'"
_SUBJECT = "{_subject}"
_GRAPH = "{_graph}"

#: Quotes text as ``escapes.quote`` does; values of other types are kept out where rows are read.
_json = msgspec.json.Encoder().encode
#: Confidences come again and again. SQLite keeps no -0.0, which would be found as 0.0.
_double = lru_cache(maxsize=8192)(float.__repr__)


@lru_cache(maxsize=64)
def compile_nodes(syntax: Syntax, profile: Profile, *, with_text: bool) -> dict[str, Writer]:
    """Return the functions that write nodes of a profile in this syntax, by the kind of node.

    The functions are kept, as compiling them takes longer than writing a small document.
    """
    return {
        kind: compile_node(node, syntax, with_text=with_text)
        for kind, node in profile.nodes.items()
    }


def compile_node(node: Node, syntax: Syntax, *, with_text: bool) -> Writer:
    """Return the function that writes nodes of this kind in this syntax.

    The function takes an iterable of rows (the columns that are read of the node, then those that are
    added to it), a function to which it gives the text of each row, narrow as ``Syntax`` says, and the
    values of the columns ``OF_ARTICLE`` where the node has any of these.
    """
    namespace: dict[str, Any] = {
        "_syntax": syntax,
        "_double": _double,
        "_json": _json,
        "_narrow": "latin-1",
    }
    source = source_of(node, syntax, with_text=with_text)
    exec(compile(source, f"<{node.kind}>", "exec"), namespace)  # noqa: S102  # constants of ours
    writer: Writer = namespace["_write"]
    return writer


def source_of(node: Node, syntax: Syntax, *, with_text: bool) -> str:
    """Return the Python source of the function that ``compile_node`` makes."""
    return _Source(node, syntax, with_text).text


class _Source:
    """The source of one function, put together: ``before`` its loop what is the same for all rows, by
    name; and of each row the ``lines`` that make parts of its text.
    """

    def __init__(self, node: Node, syntax: Syntax, with_text: bool) -> None:
        self.node, self.syntax = node, syntax
        #: Columns that are given once, unless the rows have a column of that name, too.
        self.once = set(OF_ARTICLE) - {*node.columns}
        self.before: dict[str, str] = {}
        self.lines: list[str] = []
        self.graph = (
            syntax.graph_template(GRAPHS.get(node.kind)) if isinstance(syntax, GraphSyntax) else ""
        )
        # Classes come first, as there are syntaxes that need it.
        types = "".join(map(self._types, node.properties))
        template = syntax.head_template(node.classes, types)
        for each in node.properties:
            if not (each.is_turned or _is_type(each)) and (with_text or not each.with_text):
                template += self._property(each)
        template = self._with_subject(self._quoted_once(template + syntax.tail_template()))
        template += "".join(self._turned(each) for each in node.properties if each.is_turned)
        if "start_char" in node.columns:
            self.lines.insert(0, _FRAGMENT)
        self.lines.append(f"_append({self._f_string(template)})")

    @property
    def text(self) -> str:
        """Return the whole source."""
        parameters = ", ".join(f"{name}=None" for name in OF_ARTICLE)
        columns = ", ".join((*self.node.read, *self.node.added))
        before = "".join(f"    {name} = {source}\n" for source, name in self.before.items())
        body = "\n        ".join(self.lines)
        return (
            f"def _write(_rows, _append, {parameters}):\n{before}"
            f"    for ({columns},) in _rows:\n        {body}\n"
        )

    def _property(self, each: Property) -> str:
        """Return the template of a property of a row; what makes a part of it becomes a line."""
        if each.value is Value.STATEMENTS:
            said = f"_syntax.statements(_subject, {each.column})"
            return self._made(f"{said} if {each.column} else ''")
        if each.many:
            object_ = self.syntax.object_template(each.value, "_item")
            return self._made(self._many(each, self.syntax.many_templates(each.term, object_)))
        object_ = self.syntax.object_template(each.value, each.column or "")
        pair = self.syntax.pair_template(each.term, object_)
        if each.required:
            return pair
        made = f"'' if {each.column} is None else {self._f_string(pair)}"
        if each.column in self.once and _SUBJECT not in pair:
            return f"{{{self._once(made)}}}"
        return self._made(made)

    def _turned(self, each: Property) -> str:
        """Return the template of the nodes behind a node of which this is what the property has."""
        assert isinstance(each.value, Ref)
        link = self.syntax.link_template(each.value, each.term, self.node.iri)
        links = f"''.join([{self._f_string(link)} for _item in {each.column}])"
        return self._made(f"{links} if {each.column} else ''")

    def _types(self, each: Property) -> str:
        """Return the template of a property of a row if it says of which classes the node is."""
        if not _is_type(each):
            return ""
        object_ = self.syntax.object_template(each.value, "_item")
        return self._made(
            self._many(each, self.syntax.types_templates(bool(self.node.classes), object_))
        )

    def _many(self, each: Property, templates: tuple[str, str, str, str]) -> str:
        """Return the source of the text of a property with several objects: the items of a column,
        which is a list; no text where that is empty.
        """
        before, item, between, after = templates
        first, _, last = item.partition("{_item}")
        if {"{", "}"} & {*first, *last}:
            items = f"{between!r}.join([{self._f_string(item)} for _item in {each.column}])"
        else:
            # Items as they are: what stands around them is part of what stands between them.
            before, between, after = before + first, last + between + first, last + after
            items = f"{between!r}.join({each.column})"
        texts = [self._f_string(text) for text in (before, after)]
        return f"{texts[0]} + {items} + {texts[1]} if {each.column} else ''"

    def _made(self, source: str) -> str:
        """Add a line for a part of a row's text, and return the template that has it."""
        name = f"_p{len(self.lines)}"
        self.lines.append(f"{name} = {source}")
        return f"{{{name}}}"

    def _once(self, source: str) -> str:
        """Have something made before all rows, and return its name."""
        return self.before.setdefault(source, f"_once{len(self.before)}")

    def _quoted_once(self, template: str) -> str:
        """Return the template so that a column which several properties have is quoted once."""
        for column in self.node.columns:
            call = f"{{_quote({column})}}"
            if template.count(call) > 1:
                template = template.replace(call, f"{{_quoted_{column}}}")
                self.lines.append(f"_quoted_{column} = {_in_c(f'_quote({column})')}")
        return template

    def _with_subject(self, template: str) -> str:
        """Return the template with the IRI of the node, which is made apart if it is there again."""
        subject = self.syntax.subject_template(self.node.iri)
        if template.count(_SUBJECT) == 1 and not any("_subject" in line for line in self.lines):
            return template.replace(_SUBJECT, subject)
        self.lines.insert(0, f"_subject = {self._f_string(subject)}")
        return template

    def _f_string(self, template: str) -> str:
        """Return the source of the f-string that a template stands for. A stretch of it that is the
        same for all rows is made before them.
        """
        made, stretch, is_constant = "", "", True
        template = template.replace(_GRAPH, self.graph)
        for constant, expression, _, conversion in Formatter().parse(template):
            stretch += _escaped(constant)
            if expression is None:
                continue
            field = f"{{{_in_c(expression)}{'!' + conversion if conversion else ''}}}"
            if expression in self.once:
                stretch, is_constant = stretch + field, False
            else:
                made += self._stretch(stretch, is_constant) + field
                stretch, is_constant = "", True
        return f"f'{made}{self._stretch(stretch, is_constant)}'"

    def _stretch(self, stretch: str, is_constant: bool) -> str:
        if is_constant:
            return stretch
        name = self._once(f"f'{stretch}'")
        return f"{{{name}}}"


def _is_type(each: Property) -> bool:
    return each.term == "rdf:type"


def _in_c(expression: str) -> str:
    """Return the source of an expression; one that quotes a text calls no Python function."""
    call, _, text = expression.partition("(")
    return f"_json({text}.decode(_narrow)" if call == "_quote" else expression


def _escaped(constant: str) -> str:
    text = constant.replace("{", "{{").replace("}", "}}")
    return text.encode("unicode_escape").decode("ascii").replace("'", "\\'")
