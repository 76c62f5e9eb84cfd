"""JSON-LD 1.1: one node a subject under ``@graph``, with the context inline.

It is in the form for streams (Streaming JSON-LD, section 3): the context is first, ``@type`` is the
first member of nodes and of values, and ``@id`` the next. Readers of streams hold all of a node back
until they know that no ``@type`` comes any more, as it could bring another context.

The context defines each term by its full IRI and no prefix, so that an IRI that a user gives is
never taken for a prefixed name (JSON-LD 1.1 API, section 5.2.2, IRI expansion).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import groupby
from operator import itemgetter

import msgspec

from datasette_newsgraph.mapping import NODES, Constant, Ref, Value
from datasette_newsgraph.rdf.escapes import narrow, quote
from datasette_newsgraph.rdf.ntriples import TYPED
from datasette_newsgraph.rdf.syntax import Syntax
from datasette_newsgraph.vocabulary import ID_PATH

_IRI_VALUED = (Value.IRI, Value.TERM)
_EXPRESSIONS = {
    Value.STRING: "{{_quote({column})}}",
    Value.CODE: '"{{{column}}}"',
    Value.TEXT: "{{_syntax.tagged({column}, language)}}",
    Value.DATE: "{{_syntax.date({column})}}",
    Value.IRI: "{{_syntax.user_string({column})}}",
    Value.IRI_OR_STRING: "{{_syntax.iri_or_string({column})}}",
    Value.TERM: "{{_syntax.term({column})}}",
    Value.OBJECT: "{{_syntax.written_object((object_key, value, datatype))}}",
    Value.BOOLEAN: TYPED[Value.BOOLEAN][0],
    # As strings with the datatype in the context: a JSON number 1.0 is read as an integer.
    Value.DOUBLE: '"' + TYPED[Value.DOUBLE][0] + '"',
    Value.COUNT: '"' + TYPED[Value.COUNT][0] + '"',
    Value.WKT: '"' + TYPED[Value.WKT][0] + '"',
}


@cache
def term_names() -> dict[str, str]:
    """Return the JSON name of each property and class of the mapping, by its prefixed name.

    It is the local name; where two vocabularies have the same, the later one's has its prefix before.
    """
    names: dict[str, str] = {}
    terms = [
        name
        for node in NODES
        for classes in (node.classes, *node.classes_in.values())
        for name in classes
    ]
    terms += [each.term for node in NODES for each in node.properties if each.term]
    for term in dict.fromkeys(terms):
        if term == "rdf:type":
            continue
        prefix, _, local = term.partition(":")
        taken = local in names.values()
        names[term] = prefix + local[0].upper() + local[1:] if taken else local
    return names


def context(base: str) -> dict[str, object]:
    """Return the ``@context`` of a base: each term with its IRI and the type its values have."""
    syntax = JsonLd(base)
    coerced: dict[str, str] = {}
    for node in NODES:
        for each in node.properties:
            if isinstance(each.value, (Ref, Constant)) or each.value in _IRI_VALUED:
                coerced[each.term] = "@id"
            elif isinstance(each.value, Value) and each.value in (
                Value.DOUBLE,
                Value.COUNT,
                Value.WKT,
            ):
                coerced[each.term] = syntax.iri(TYPED[each.value][1])
    terms: dict[str, object] = {"@base": base + ID_PATH}
    for term, name in term_names().items():
        iri = syntax.iri(term)
        terms[name] = {"@id": iri, "@type": coerced[term]} if term in coerced else iri
    return terms


class JsonLd(Syntax):
    """Writes JSON-LD."""

    footer = "\n]}\n"
    separator = ",\n"

    def header(self) -> str:
        """Return the context and the beginning of the graph."""
        # Other documents have all IRIs in full, too.
        terms = {} if self.own_prefixes else context(self.base)
        encoded = msgspec.json.format(msgspec.json.encode(terms), indent=1)
        return f'{{"@context":{encoded.decode("latin-1")},\n"@graph":[\n'

    def subject_template(self, ref: Ref) -> str:
        """Return the node's IRI, relative to the base."""
        return f'"{ref.path}"'

    def head_template(self, classes: tuple[str, ...], types: str = "") -> str:
        """Return the classes and the identifier."""
        names = ",".join(f'"{term_names()[name]}"' for name in classes)
        member = f'"@type":[{names}{types}],' if names or types else ""
        return f'{self.separator}{{{{{member}"@id":{{_subject}}'

    def types_templates(self, has_classes: bool, object_: str) -> tuple[str, str, str, str]:
        """Return the items of the array behind those that are constant, or as the only ones."""
        return "," if has_classes else "", object_, ",", ""

    def pair_template(self, term: str, object_: str) -> str:
        """Return ``,"term":object``."""
        return f',"{term_names()[term]}":{object_}'

    def many_templates(self, term: str, object_: str) -> tuple[str, str, str, str]:
        """Return ``,"term":[object,object]``."""
        return f',"{term_names()[term]}":[', object_, ",", "]"

    def link_template(self, subject: Ref, term: str, object_: Ref) -> str:
        """Return an object with one member besides its identifier."""
        pair = self.pair_template(term, self.object_template(object_, ""))
        return f'{self.separator}{{{{"@id":{self.subject_template(subject)}{pair}}}}}'

    def object_template(self, value: Value | Ref | Constant, column: str) -> str:
        """Return a JSON value that the context types."""
        if isinstance(value, Ref):
            return f'"{value.path}"'
        if isinstance(value, Constant):
            return f'"{self.iri(value.name)}"'
        return _EXPRESSIONS[value].format(column=column)

    def tail_template(self) -> str:
        """Return the closing brace."""
        return "}}"

    def resource(self, iri: str) -> str:
        """Return ``{"@id": iri}``."""
        return f'{{"@id":"{narrow(iri)}"}}'

    def user_string(self, text: str) -> str:
        """Return an IRI that users gave as a string, where the context says that it is one."""
        return self.user_iri(text)[len('{"@id":') : -1]

    def literal(self, text: str, datatype: str | None = None, language: str = "") -> str:
        """Return a string, or an object with its datatype or language."""
        if datatype is not None:
            return self.typed(text, self.iri(datatype))
        return f'{{"@value":{quote(text)},"@language":"{language}"}}' if language else quote(text)

    def typed(self, text: str, datatype: str) -> str:
        """Return an object with the datatype."""
        return f'{{"@type":"{narrow(datatype)}","@value":{quote(text)}}}'

    def blank(self, label: str) -> str:
        """Return a reference to the node."""
        return f'{{"@id":"_:{label}"}}'

    def _term(self, iri: str) -> str:
        return f'"{narrow(iri)}"'

    def entity(self, key: str) -> str:
        """Return a reference to an entity."""
        return f'{{"@id":"entity/{key}"}}'

    def statements(self, subject: str, statements: Iterable[tuple[str, str]]) -> str:
        """Return ``,"predicate":[object,object]`` for each predicate."""
        return "".join(
            f",{self.term(predicate)}:[{','.join(object_ for _, object_ in group)}]"
            for predicate, group in groupby(statements, key=itemgetter(0))
        )

    def described(self, iri: str, class_: str | None, statements: Iterable[tuple[str, str]]) -> str:
        """Return an object of the class, if there is one, and the statements."""
        types = f'"@type":["{self.iri(class_)}"],' if class_ else ""
        return f'{self.separator}{{{types}"@id":"{narrow(iri)}"{self.statements("", statements)}}}'

    def node(self, subject: str, statements: Iterable[tuple[str, str]]) -> str:
        """Return an object of the statements."""
        said = self.statements("", statements)
        return f'{self.separator}{{"@id":"{narrow(subject)}"{said}}}'
