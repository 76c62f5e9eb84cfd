"""What a syntax has to say so that the mapping can be compiled for it.

A template is the source of an f-string: constants with doubled braces, expressions in single ones.
An expression may name the columns of the row, and with an underscore before them, as no column has
it, what the compiled function has besides: ``_subject``, ``_item``, ``_syntax``, ``_quote`` of text,
``_double`` of a number.
Its value holds UTF-8 bytes as Latin-1 characters: Python joins text of one byte a character several
times faster than wider text, and one name in another script would widen a whole block. ``narrow``
turns text into that form, and the stream encodes it back with ``latin-1``.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import ClassVar

from datasette_newsgraph.errors import WrongValue
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.mapping import Constant, Ref, Value
from datasette_newsgraph.rdf.escapes import narrow, quote
from datasette_newsgraph.rdf.literals import date_datatype, language_tag, value_datatype
from datasette_newsgraph.vocabulary import ID_PATH, expand

_ADDRESS = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.\-]*://")

#: An object: the path of one of our entities, or a value with its datatype.
Object = tuple["str | None", "str | None", "str | None"]


def address_in(text: str) -> str | None:
    """Return the IRI that a text is, if it is an address and no more; else None."""
    return clean_iri(text) if _ADDRESS.match(text) else None


class Syntax(ABC):
    """One RDF syntax. Methods named ``*_template`` are asked when the mapping is compiled, the others
    while rows are written.

    In the examples, ``turtle`` and ``ntriples`` are two syntaxes of a graph with the base
    ``https://example.org/``.
    """

    def __init__(self, base: str, own_prefixes: Mapping[str, str] | None = None) -> None:
        self.base = base
        #: Of a document that is no graph of ours: its prefixes, in place of those of a graph.
        self.own_prefixes = own_prefixes or {}
        self.ids = narrow(base) + ID_PATH
        self.quote = quote
        self.date = lru_cache(maxsize=8192)(self._date)
        self.term = lru_cache(maxsize=8192)(self._term)
        self.iri = lru_cache(maxsize=1024)(self._expand)

    # What frames the document.

    @abstractmethod
    def header(self) -> str:
        """Return what stands before the first node.

        >>> turtle.header().splitlines()[0]
        '@base <https://example.org/id/> .'
        >>> ntriples.header()
        ''
        """

    footer: ClassVar[str] = ""
    #: Whether keys stand in it behind prefixes.
    has_local_names: ClassVar[bool] = False
    #: Whether it has named graphs, see ``GraphSyntax``.
    has_graphs: ClassVar[bool] = False
    #: What each node begins with and the first one must not.
    separator: ClassVar[str] = ""

    @property
    def in_full(self) -> Syntax:
        """Return the syntax for a graph in which not all keys are local names, see ``local_names``."""
        return self

    # What the compiler puts together.

    @abstractmethod
    def subject_template(self, ref: Ref) -> str:
        """Return the template of the IRI of a node itself, which other templates know as ``_subject``.

        >>> turtle.subject_template(Ref("article/{key}"))
        'article:{key}'
        >>> ntriples.subject_template(Ref("article/{key}"))
        '<https://example.org/id/article/{key}> '
        """

    @abstractmethod
    def head_template(self, classes: tuple[str, ...], types: str = "") -> str:
        r"""Return the template of the beginning of a node: its subject, its constant classes (prefixed
        names), and the ``types`` that a column has besides, as ``types_templates`` puts them together.

        >>> turtle.head_template(("schema:NewsArticle",))
        '\n{_subject} a schema:NewsArticle'
        >>> ntriples.head_template(())
        ''
        """

    def types_templates(self, has_classes: bool, object_: str) -> tuple[str, str, str, str]:
        r"""Return the templates of classes that a column has, as ``many_templates`` does of other
        objects; ``has_classes`` tells whether constant ones stand before them.

        >>> turtle.types_templates(True, "{_syntax.term(_item)}")
        (', ', '{_syntax.term(_item)}', ', ', '')
        """
        return self.many_templates("rdf:type", object_)

    @abstractmethod
    def pair_template(self, term: str, object_: str) -> str:
        r"""Return the template of a property (a prefixed name) with one object (a template).

        >>> turtle.pair_template("schema:name", "{_quote(title)}")
        ' ;\n  schema:name {_quote(title)}'
        >>> ntriples.pair_template("schema:name", "{_quote(title)}")
        '{_subject}<https://schema.org/name> {_quote(title)} .\n'
        """

    @abstractmethod
    def many_templates(self, term: str, object_: str) -> tuple[str, str, str, str]:
        r"""Return (before, one, between, after) of a property with several objects: templates of what
        stands before all of them, for one object and after all of them; and what stands between two
        objects, which is no template but text.

        ``object_`` is the template of one object, which is in ``_item``.

        >>> turtle.many_templates("schema:author", "{_quote(_item)}")
        (' ;\n  schema:author ', '{_quote(_item)}', ',\n    ', '')
        >>> ntriples.many_templates("schema:author", "{_quote(_item)}")
        ('', '{_subject}<https://schema.org/author> {_quote(_item)} .\n', '', '')
        """

    @abstractmethod
    def link_template(self, subject: Ref, term: str, object_: Ref) -> str:
        r"""Return the template of a whole node that has no class, and one property.

        >>> turtle.link_template(Ref("entity/{_item}"), "owl:sameAs", Ref("entity/{key}"))
        '\nentity:{_item} owl:sameAs entity:{key} .\n'
        >>> link = ntriples.link_template(Ref("entity/{_item}"), "owl:sameAs", Ref("entity/{key}"))
        >>> link.split()[2:]
        ['<https://example.org/id/entity/{key}>', '.']
        """

    @abstractmethod
    def object_template(self, value: Value | Ref | Constant, column: str) -> str:
        """Return the template of an object: of the value of a column, or ``_item`` of a list.

        >>> turtle.object_template(Value.STRING, "title")
        '{_quote(title)}'
        >>> turtle.object_template(Value.COUNT, "mentions")
        '"{mentions}"^^xsd:nonNegativeInteger'
        >>> turtle.object_template(Ref("article/{article_key}"), "")
        'article:{article_key}'
        """

    @abstractmethod
    def tail_template(self) -> str:
        r"""Return the template of the end of a node.

        >>> turtle.tail_template()
        ' .\n'
        >>> ntriples.tail_template()
        ''
        """

    # What is called for each row.

    @abstractmethod
    def resource(self, iri: str) -> str:
        """Return an absolute IRI as an object.

        >>> turtle.resource("https://www.wikidata.org/wiki/Q90")
        '<https://www.wikidata.org/wiki/Q90>'
        """

    @abstractmethod
    def literal(self, text: str, datatype: str | None = None, language: str = "") -> str:
        """Return a literal; ``datatype`` is a prefixed name, ``language`` a tag that is well-formed.

        >>> turtle.literal("Paris", language="fr")
        '"Paris"@fr'
        >>> turtle.literal("2021-08-15", "xsd:date")
        '"2021-08-15"^^xsd:date'
        """

    @abstractmethod
    def typed(self, text: str, datatype: str) -> str:
        """Return a literal whose datatype is given by its absolute IRI.

        >>> turtle.typed("3", "https://example.org/metres")
        '"3"^^<https://example.org/metres>'
        """

    def named(self, iri: str) -> str:
        """Return an absolute IRI as an object, by its prefixed name where the syntax has those."""
        return self.resource(iri)

    @abstractmethod
    def blank(self, label: str) -> str:
        """Return a blank node as an object; its label has letters and digits only.

        >>> turtle.blank("b1")
        '_:b1'
        """

    @abstractmethod
    def _term(self, iri: str) -> str:
        """Return the absolute IRI of a class or property as it is written.

        >>> turtle._term("https://schema.org/name")
        'schema:name'
        >>> ntriples._term("https://schema.org/name")
        '<https://schema.org/name>'
        """

    @abstractmethod
    def entity(self, key: str) -> str:
        """Return the entity with a key as an object.

        >>> turtle.entity("ana-lee")
        'entity:ana-lee'
        >>> ntriples.entity("ana-lee")
        '<https://example.org/id/entity/ana-lee>'
        """

    @abstractmethod
    def statements(self, subject: str, statements: Iterable[tuple[str, str]]) -> str:
        r"""Return plain statements: pairs of the IRI of a predicate and an object as it is written,
        those of one predicate one behind the other. ``subject`` is what ``subject_template`` became.

        >>> turtle.statements("entity:ana-lee", [("https://schema.org/memberOf", "entity:fifa")])
        ' ;\n  schema:memberOf entity:fifa'
        >>> ntriples.statements("<a:> ", [("https://schema.org/memberOf", "<b:>")])
        '<a:> <https://schema.org/memberOf> <b:> .\n'
        """

    @abstractmethod
    def described(self, iri: str, class_: str | None, statements: Iterable[tuple[str, str]]) -> str:
        r"""Return a whole node that is in no table, such as a term: its absolute IRI, the prefixed name
        of its class, and statements as ``statements`` takes them. Of a node that stands elsewhere, too,
        more is said without a class.

        >>> label = ("http://www.w3.org/2000/01/rdf-schema#label", '"member of"')
        >>> turtle.described("https://example.org/ns#memberOf", "rdf:Property", [label])
        '\nterm:memberOf a rdf:Property ;\n  rdfs:label "member of" .\n'
        >>> turtle.described("https://example.org/ns#memberOf", None, [label])
        '\nterm:memberOf rdfs:label "member of" .\n'
        """

    @abstractmethod
    def node(self, subject: str, statements: Iterable[tuple[str, str]]) -> str:
        r"""Return a whole node whose class, if it has one, is among the statements, which are as
        ``statements`` takes them, and one at least. The subject is an absolute IRI, or ``_:`` and the
        label of a blank node.

        >>> label = ("http://www.w3.org/2000/01/rdf-schema#label", '"member of"')
        >>> turtle.node("https://example.org/ns#memberOf", [label])
        '\nterm:memberOf\n  rdfs:label "member of" .\n'
        >>> ntriples.node("_:b1", [label])
        '_:b1 <http://www.w3.org/2000/01/rdf-schema#label> "member of" .\n'
        """

    def require_predicate(self, iri: str) -> None:
        """Raise UsageError for a predicate that the syntax has no way to write."""
        self.term(iri)

    def tagged(self, text: str, language: str | None) -> str:
        """Return a string in a language, where the tag is well-formed."""
        return self.literal(text, language=language_tag(language))

    def _date(self, text: str) -> str:
        return self.literal(text, date_datatype(text))

    def user_iri(self, text: str) -> str:
        """Return an IRI that users gave; the loader has let in only those that can be written."""
        iri = clean_iri(text)
        if iri is None:
            raise WrongValue(
                f"{text!r} is not an absolute IRI; newsgraph check lists what is wrong"
            )
        return self.resource(iri)

    def iri_or_string(self, text: str) -> str:
        """Return an IRI where ``text`` is an address and no more, else a string."""
        iri = address_in(text)
        return self.resource(iri) if iri else self.literal(text)

    def written_object(self, object_: Object) -> str:
        """Return a relation's object."""
        key, value, datatype = object_
        if key is not None:
            return self.entity(key)
        if datatype == "IRI":
            return self.user_iri(value or "")
        return self.literal(value or "", value_datatype(value or "", datatype))

    def boolean(self, value: object) -> str:
        """Return true or false, as all syntaxes spell them."""
        return "true" if value else "false"

    def _expand(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        own = self.own_prefixes.get(prefix)
        return own + local if own else expand(name, self.base)
