"""N-Triples (RDF 1.1 N-Triples): a triple a line, every IRI in full."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from datasette_newsgraph.mapping import Constant, Ref, Value
from datasette_newsgraph.rdf.escapes import escape_template, narrow, quote
from datasette_newsgraph.rdf.syntax import Syntax

_LITERALS = {
    Value.STRING: "{{_quote({column})}}",
    Value.CODE: '"{{{column}}}"',
    Value.TEXT: "{{_syntax.tagged({column}, language)}}",
    Value.DATE: "{{_syntax.date({column})}}",
    Value.IRI: "{{_syntax.user_iri({column})}}",
    Value.IRI_OR_STRING: "{{_syntax.iri_or_string({column})}}",
    Value.TERM: "{{_syntax.term({column})}}",
    Value.OBJECT: "{{_syntax.written_object((object_key, value, datatype))}}",
}
#: Values that are written as they are, with the datatype they have.
TYPED = {
    Value.DOUBLE: ("{{_double({column})}}", "xsd:double"),
    Value.COUNT: ("{{{column}}}", "xsd:nonNegativeInteger"),
    Value.BOOLEAN: ("{{_syntax.boolean({column})}}", "xsd:boolean"),
    Value.WKT: ("{{{column}}}", "geo:wktLiteral"),
}


class NTriples(Syntax):
    """Writes N-Triples."""

    #: What ends each line, and the template of it.
    end: ClassVar[str] = " .\n"
    end_template: ClassVar[str] = " .\n"

    def header(self) -> str:
        """Return nothing: the first line is a triple."""
        return ""

    def subject_template(self, ref: Ref) -> str:
        """Return ``<iri> ``, with which each of the node's lines begins."""
        return f"<{escape_template(self.ids)}{ref.path}> "

    def head_template(self, classes: tuple[str, ...], types: str = "") -> str:
        """Return a line for each class."""
        lines = "".join(
            self.pair_template("rdf:type", escape_template(self.term(self.iri(name))))
            for name in classes
        )
        return lines + types

    def pair_template(self, term: str, object_: str) -> str:
        """Return one line."""
        predicate = escape_template(self.term(self.iri(term)))
        return f"{{_subject}}{predicate} {object_}{self.end_template}"

    def many_templates(self, term: str, object_: str) -> tuple[str, str, str, str]:
        """Return a line for each object."""
        return "", self.pair_template(term, object_), "", ""

    def link_template(self, subject: Ref, term: str, object_: Ref) -> str:
        """Return one line."""
        line = self.pair_template(term, self.object_template(object_, ""))
        return line.replace("{_subject}", self.subject_template(subject))

    def object_template(self, value: Value | Ref | Constant, column: str) -> str:
        """Return an IRI in angle brackets or a literal."""
        if isinstance(value, Ref):
            return f"<{escape_template(self.ids)}{value.path}>"
        if isinstance(value, Constant):
            return escape_template(self.term(self.iri(value.name)))
        if value in TYPED:
            text, datatype = TYPED[value]
            return f'"{text.format(column=column)}"^^{self.term(self.iri(datatype))}'
        return _LITERALS[value].format(column=column)

    def tail_template(self) -> str:
        """Return nothing: each line is whole."""
        return ""

    def resource(self, iri: str) -> str:
        """Return ``<iri>``."""
        return f"<{narrow(iri)}>"

    def literal(self, text: str, datatype: str | None = None, language: str = "") -> str:
        """Return a quoted string with its datatype or language."""
        if datatype is not None:
            return self.typed(text, self.iri(datatype))
        return f"{quote(text)}@{language}" if language else quote(text)

    def typed(self, text: str, datatype: str) -> str:
        """Return a quoted string with its datatype."""
        return f"{quote(text)}^^{self.term(datatype)}"

    def blank(self, label: str) -> str:
        """Return ``_:label``."""
        return f"_:{label}"

    def _term(self, iri: str) -> str:
        return self.resource(iri)

    def entity(self, key: str) -> str:
        """Return the IRI of an entity."""
        return f"<{self.ids}entity/{key}>"

    def statements(self, subject: str, statements: Iterable[tuple[str, str]]) -> str:
        """Return a line for each statement."""
        return "".join(
            f"{subject}{self.term(predicate)} {object_}{self.end}"
            for predicate, object_ in statements
        )

    def described(self, iri: str, class_: str | None, statements: Iterable[tuple[str, str]]) -> str:
        """Return a line for the class, if there is one, and one for each statement."""
        subject = f"<{narrow(iri)}> "
        types = [(self.iri("rdf:type"), self.term(self.iri(class_)))] if class_ else []
        return self.statements(subject, [*types, *statements])

    def node(self, subject: str, statements: Iterable[tuple[str, str]]) -> str:
        """Return a line for each statement."""
        written = subject if subject.startswith("_:") else f"<{narrow(subject)}>"
        return self.statements(f"{written} ", statements)
