"""RDF/XML (RDF 1.1 XML Syntax): an ``rdf:Description`` a subject, every IRI in full.

A predicate is the name of an element there. ``xml_names`` says how its IRI becomes one; where it
cannot, the graph cannot be written in this syntax. Characters that XML does not have are written as
U+FFFD.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.mapping import Constant, Ref, Value
from datasette_newsgraph.rdf.escapes import escape_template, narrow
from datasette_newsgraph.rdf.ntriples import TYPED
from datasette_newsgraph.rdf.syntax import Syntax
from datasette_newsgraph.rdf.xml_names import element_name
from datasette_newsgraph.rdf.xml_text import in_attribute, in_text
from datasette_newsgraph.vocabulary import ID_PATH, LABEL_PATH, LABEL_PREFIX, PREFIXES

#: Objects, each from behind the name of its element to the name in its end tag.
_OBJECTS = {
    Value.STRING: ">{{_syntax.text({column})}}</",
    Value.CODE: ">{{{column}}}</",
    Value.TEXT: "{{_syntax.tagged({column}, language)}}",
    Value.DATE: "{{_syntax.date({column})}}",
    Value.IRI: "{{_syntax.user_iri({column})}}",
    Value.IRI_OR_STRING: "{{_syntax.iri_or_string({column})}}",
    Value.TERM: "{{_syntax.term({column})}}",
    Value.OBJECT: "{{_syntax.written_object((object_key, value, datatype))}}",
}
_EMPTY = '"></'


class RdfXml(Syntax):
    """Writes RDF/XML."""

    footer = "</rdf:RDF>\n"

    def __init__(self, base: str, own_prefixes: Mapping[str, str] | None = None) -> None:
        super().__init__(base, own_prefixes)
        self.text = in_text
        self._ids = in_attribute(base) + ID_PATH
        self.namespaces = {LABEL_PREFIX: base + LABEL_PATH, **PREFIXES, **self.own_prefixes}
        self._named = lru_cache(maxsize=8192)(self._name)

    def header(self) -> str:
        """Return the declaration and the start tag with all namespaces."""
        names = "".join(
            f'\n xmlns:{prefix}="{in_attribute(iri)}"' for prefix, iri in self.namespaces.items()
        )
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{names}>\n'

    def subject_template(self, ref: Ref) -> str:
        """Return the node's IRI as the value of an attribute."""
        return f"{escape_template(self._ids)}{ref.path}"

    def head_template(self, classes: tuple[str, ...], types: str = "") -> str:
        """Return the start tag and an element for each class."""
        constant = "".join(
            self.pair_template("rdf:type", self.object_template(Constant(name), ""))
            for name in classes
        )
        return f'<rdf:Description rdf:about="{{_subject}}">{constant}{types}'

    def pair_template(self, term: str, object_: str) -> str:
        """Return an element, an empty one if its object is an IRI that stands in the template."""
        return _element(term, term, object_)

    def many_templates(self, term: str, object_: str) -> tuple[str, str, str, str]:
        """Return an element for each object."""
        return "", self.pair_template(term, object_), "", ""

    def link_template(self, subject: Ref, term: str, object_: Ref) -> str:
        """Return a node with one element."""
        link = self.pair_template(term, self.object_template(object_, ""))
        node = self.head_template(()) + link + self.tail_template()
        return node.replace("{_subject}", self.subject_template(subject))

    def object_template(self, value: Value | Ref | Constant, column: str) -> str:
        """Return attributes and content, to the name in the end tag."""
        if isinstance(value, Ref):
            return f' rdf:resource="{self.subject_template(value)}{_EMPTY}'
        if isinstance(value, Constant):
            return escape_template(self.term(self.iri(value.name)))
        if value in TYPED:
            text, datatype = TYPED[value]
            return f' rdf:datatype="{self.iri(datatype)}">{text.format(column=column)}</'
        return _OBJECTS[value].format(column=column)

    def tail_template(self) -> str:
        """Return the end tag."""
        return "\n</rdf:Description>\n"

    def resource(self, iri: str) -> str:
        """Return the attribute that has an IRI."""
        return f' rdf:resource="{in_attribute(iri)}{_EMPTY}'

    def literal(self, text: str, datatype: str | None = None, language: str = "") -> str:
        """Return the text, behind the attribute that has its datatype or language."""
        attribute = f' xml:lang="{language}"' if language else ""
        if datatype is not None:
            return self.typed(text, self.iri(datatype))
        return f"{attribute}>{in_text(text)}</"

    def typed(self, text: str, datatype: str) -> str:
        """Return the text, behind the attribute that has its datatype."""
        return f' rdf:datatype="{in_attribute(datatype)}">{in_text(text)}</'

    def blank(self, label: str) -> str:
        """Return the attribute that has a label."""
        return f' rdf:nodeID="{label}{_EMPTY}'

    def _term(self, iri: str) -> str:
        return self.resource(iri)

    def entity(self, key: str) -> str:
        """Return the attribute that has the IRI of an entity."""
        return f' rdf:resource="{self._ids}entity/{key}{_EMPTY}'

    def statements(self, subject: str, statements: Iterable[tuple[str, str]]) -> str:
        """Return an element for each statement. Raises UsageError."""
        return "".join(
            _element(*self._named(predicate), object_) for predicate, object_ in statements
        )

    def described(self, iri: str, class_: str | None, statements: Iterable[tuple[str, str]]) -> str:
        """Return a node of the class, if there is one, and the statements."""
        types = [(self.iri("rdf:type"), self.term(self.iri(class_)))] if class_ else []
        said = self.statements("", [*types, *statements])
        return f'<rdf:Description rdf:about="{in_attribute(iri)}">{said}\n</rdf:Description>\n'

    def node(self, subject: str, statements: Iterable[tuple[str, str]]) -> str:
        """Return a node of the statements. Raises UsageError."""
        name = (
            f'nodeID="{subject[2:]}"'
            if subject.startswith("_:")
            else f'about="{in_attribute(subject)}"'
        )
        said = self.statements("", statements)
        return f"<rdf:Description rdf:{name}>{said}\n</rdf:Description>\n"

    def require_predicate(self, iri: str) -> None:
        """Raise UsageError for an IRI that cannot be the name of an element."""
        self._named(iri)

    def _name(self, iri: str) -> tuple[str, str]:
        """Return what the start tag and the end tag of a predicate have. Raises UsageError."""
        for prefix, namespace in self.namespaces.items():
            name = element_name(iri, namespace)
            if name:
                return f"{prefix}:{narrow(name[1])}", f"{prefix}:{narrow(name[1])}"
        name = element_name(iri)
        if name is None:
            raise UsageError(
                f"RDF/XML cannot have the predicate {iri}, as it does not end in a name; choose another"
                " format, or another term: newsgraph vocabulary DATABASE --set LABEL IRI"
            )
        namespace, local = name
        return f'p:{narrow(local)} xmlns:p="{in_attribute(namespace)}"', f"p:{narrow(local)}"


def _element(start: str, end: str, object_: str) -> str:
    if object_.endswith(_EMPTY):
        return f'\n <{start}{object_.removesuffix(_EMPTY)}"/>'
    return f"\n <{start}{object_}{end}>"
