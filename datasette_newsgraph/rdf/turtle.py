"""Turtle (RDF 1.1 Turtle): grouped by subject, prefixes for all namespaces of ours.

Keys are local names as they are, where all of a database can be; else they stand in IRIs relative to
the base. So do spans, as their fragment would need escapes that some readers do not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from datasette_newsgraph.mapping import NODES, OF_PEOPLE, Constant, Ref, Value
from datasette_newsgraph.rdf.escapes import narrow
from datasette_newsgraph.rdf.ntriples import NTriples
from datasette_newsgraph.vocabulary import ID_PATH, LABEL_PATH, LABEL_PREFIX, PREFIXES

#: Nodes that have a prefix of their own: their IRI ends in their key.
_KINDS = tuple(
    node.kind for node in NODES if node.iri.path == f"{node.kind}/{{key}}" and node not in OF_PEOPLE
)
_SIMPLE_PATH = re.compile(rf"({'|'.join(_KINDS)})/(\{{\w+\}})")
# A part of PN_LOCAL (section 6.5) that needs no escapes and that every reader knows.
_LOCAL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)


def namespaces(base: str) -> dict[str, str]:
    """Return the namespaces of a graph with a base, by their prefixes.

    >>> namespaces("https://example.org/")["entity"]
    'https://example.org/id/entity/'
    """
    return {
        **PREFIXES,
        LABEL_PREFIX: base + LABEL_PATH,
        **{kind: f"{base}{ID_PATH}{kind}/" for kind in _KINDS},
    }


class Turtle(NTriples):
    """Writes Turtle. Objects are as in N-Triples, but for IRIs that a prefix shortens."""

    separator = "\n"
    has_local_names = True

    def __init__(
        self, base: str, own_prefixes: Mapping[str, str] | None = None, *, in_full: bool = False
    ) -> None:
        super().__init__(base, own_prefixes)
        self._kinds = () if in_full else _KINDS

    @cached_property
    def in_full(self) -> Turtle:
        """Return the syntax in which no key stands behind a prefix, the same one each time."""
        return type(self)(self.base, self.own_prefixes, in_full=True)

    def header(self) -> str:
        """Return base and prefixes."""
        if self.own_prefixes:
            # Nothing in it is relative.
            return _prefixes(self.own_prefixes)
        named = namespaces(self.base)
        if not self._kinds:
            named = {name: iri for name, iri in named.items() if name not in _KINDS}
        return f"@base <{narrow(self.base)}{ID_PATH}> .\n{_prefixes(named)}"

    def _own(self, ref: Ref) -> str:
        simple = _SIMPLE_PATH.fullmatch(ref.path)
        return f"{simple[1]}:{simple[2]}" if simple and self._kinds else f"<{ref.path}>"

    def subject_template(self, ref: Ref) -> str:
        """Return the node's IRI."""
        return self._own(ref)

    def head_template(self, classes: tuple[str, ...], types: str = "") -> str:
        """Return the subject with its classes."""
        constant = f" a {', '.join(classes)}" if classes else ""
        return f"{self.separator}{{_subject}}{constant}{types}"

    def types_templates(self, has_classes: bool, object_: str) -> tuple[str, str, str, str]:
        """Return the classes behind those that are constant, or as the only ones."""
        return ", " if has_classes else " a ", object_, ", ", ""

    def pair_template(self, term: str, object_: str) -> str:
        """Return ``; predicate object``."""
        return f" ;\n  {term} {object_}"

    def many_templates(self, term: str, object_: str) -> tuple[str, str, str, str]:
        """Return ``; predicate object, object``."""
        return f" ;\n  {term} ", object_, ",\n    ", ""

    def link_template(self, subject: Ref, term: str, object_: Ref) -> str:
        """Return a block of one line."""
        return f"{self.separator}{self._own(subject)} {term} {self._own(object_)} .\n"

    def object_template(self, value: Value | Ref | Constant, column: str) -> str:
        """Return an IRI, shortened where it is ours, or a literal."""
        if isinstance(value, Ref):
            return self._own(value)
        return super().object_template(value, column)

    def tail_template(self) -> str:
        """Return the full stop."""
        return " .\n"

    def _term(self, iri: str) -> str:
        for prefix, namespace in self._namespaces():
            if iri.startswith(namespace) and _LOCAL_NAME.fullmatch(iri, len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{narrow(iri)}>"

    def _namespaces(self) -> Iterable[tuple[str, str]]:
        if self.own_prefixes:
            yield from self.own_prefixes.items()
            return
        yield LABEL_PREFIX, self.base + LABEL_PATH
        yield from PREFIXES.items()

    def named(self, iri: str) -> str:
        """Return the prefixed name of an IRI, or all of it in angle brackets."""
        return self.term(iri)

    def entity(self, key: str) -> str:
        """Return the prefixed name of an entity, or its IRI."""
        return f"entity:{key}" if self._kinds else f"<entity/{key}>"

    def statements(self, subject: str, statements: Iterable[tuple[str, str]]) -> str:
        """Return ``; predicate object`` for each statement."""
        return "".join(
            f" ;\n  {self.term(predicate)} {object_}" for predicate, object_ in statements
        )

    def described(self, iri: str, class_: str | None, statements: Iterable[tuple[str, str]]) -> str:
        """Return a block of the class, if there is one, and the statements."""
        subject = self.term(iri)
        said = self.statements(subject, statements)
        said = f" a {class_}{said}" if class_ else said.removeprefix(" ;\n ")
        return f"{self.separator}{subject}{said} .\n"

    def node(self, subject: str, statements: Iterable[tuple[str, str]]) -> str:
        """Return a block of the statements."""
        written = subject if subject.startswith("_:") else self.term(subject)
        return f"{self.separator}{written}{self.statements('', statements).removeprefix(' ;')} .\n"


def _prefixes(named: Mapping[str, str]) -> str:
    return "".join(f"@prefix {name}: <{narrow(iri)}> .\n" for name, iri in named.items())
