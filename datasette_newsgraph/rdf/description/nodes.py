"""The nodes of a description, in VoID (W3C Interest Group Note, 2011) and DCAT (version 3)."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterator

from datasette_newsgraph.kinds import ARTICLE, ENTITY, RELATION, WITH_PAGE
from datasette_newsgraph.mapping.profiles import FULL, PROFILES, Profile
from datasette_newsgraph.rdf import Format
from datasette_newsgraph.rdf.description.counting import Counts
from datasette_newsgraph.rdf.description.told import Download, Told
from datasette_newsgraph.rdf.description.used import (
    authority_links,
    namespaces_of,
    part_name,
)
from datasette_newsgraph.rdf.literals import date_datatype
from datasette_newsgraph.rdf.selection import EVERY_TABLE
from datasette_newsgraph.rdf.syntax import Syntax
from datasette_newsgraph.store.column_values import are_keys
from datasette_newsgraph.vocabulary import DESCRIBING, ID_PATH

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
#: The IRIs of formats, as https://www.w3.org/ns/formats/ lists them.
FORMATS_NAMESPACE = "http://www.w3.org/ns/formats/"
#: What an endpoint conforms to.
_SPARQL = "http://www.w3.org/TR/sparql11-protocol/"
#: Kinds of which a description says in words how many there are.
_IN_WORDS = (ARTICLE, ENTITY, RELATION)

#: The prefixed name of a property, and its object as it is written.
Pairs = list[tuple[str, str]]


class Description:
    """Writes the description of one graph, of which ``base`` is the base IRI."""

    def __init__(self, syntax: Syntax, base: str, told: Told) -> None:
        self.syntax, self.base, self.told = syntax, base, told

    @classmethod
    def in_format(cls, format_: Format, base: str, told: Told) -> Description:
        """Return what writes a description in a format."""
        return cls(format_.syntax_of(base, DESCRIBING), base, told)

    def known(
        self, connection: sqlite3.Connection, tables: Container[str] = EVERY_TABLE
    ) -> Iterator[str]:
        """Yield the nodes of what is known at once; only ``tables`` are read."""
        told = self.told
        period = _period(connection) if "articles" in tables else ()
        pairs = [
            ("dcterms:title", self._text(told.title)),
            *self._given(),
            ("dcterms:conformsTo", self._iri(FULL.iri)),
            ("void:uriSpace", self._text(self.base + ID_PATH)),
            *(("void:exampleResource", each) for each in self._examples(connection, tables)),
            *self._downloads(FULL),
            *(("void:subset", self._part(f"profile-{each.name}")) for each in _PARTS),
        ]
        if told.page:
            pairs += [
                (name, self._iri(told.page)) for name in ("foaf:homepage", "dcat:landingPage")
            ]
        if told.endpoint:
            pairs.append(("void:sparqlEndpoint", self._iri(told.endpoint)))
        if period:
            pairs.append(("dcterms:temporal", self._part("period")))
        yield self._node(self.base, "dcat:Dataset", pairs)
        yield from self._around(period)

    def of_itself(self) -> str:
        """Return the node of the description, which is a document of its own."""
        title = ("dcterms:title", self._text(f"Description of {self.told.title}"))
        topic = ("foaf:primaryTopic", self._iri(self.base))
        return self._node(self.told.document, "void:DatasetDescription", [title, topic])

    def leading_on(self) -> str:
        """Return the node of the data set where it is one of several, and described elsewhere."""
        return self._node(
            self.base, "void:Dataset", [("rdfs:seeAlso", self._iri(self.told.document))]
        )

    def counted(self, counts: Counts) -> Iterator[str]:
        """Yield the nodes of what was counted."""
        links = authority_links(counts)
        pairs = [
            ("void:triples", self._number(counts.triples)),
            ("void:entities", self._number(counts.nodes.total())),
            ("void:classes", self._number(len(counts.classes))),
            ("void:properties", self._number(len(counts.properties))),
            (
                "void:documents",
                self._number(sum(counts.nodes[each.node.kind] for each in WITH_PAGE)),
            ),
            *(("void:vocabulary", self._iri(each)) for each in namespaces_of(counts, self.base)),
            *(("void:subset", self._part(name)) for name, *_ in links),
        ]
        if not self.told.given.get("description"):
            pairs.append(("dcterms:description", self._text(_in_words(counts))))
        partitions = []
        for kind, counter, number in (
            ("class", counts.classes, "void:entities"),
            ("property", counts.properties, "void:triples"),
        ):
            for iri, count in sorted(counter.items()):
                part = f"{kind}-{part_name(iri, self.base)}"
                pairs.append((f"void:{kind}Partition", self._part(part)))
                described = [(f"void:{kind}", self._iri(iri)), (number, self._number(count))]
                partitions.append(self._node(f"{self.base}#{part}", "void:Dataset", described))
        yield self._node(self.base, "void:Dataset", pairs)
        yield from partitions
        for name, authority, count in links:
            yield from self._linkset(name, authority, count)

    def _given(self) -> Pairs:
        """Return what the metadata says besides the title."""
        told = self.told
        pairs = []
        if told.given.get("description"):
            pairs.append(("dcterms:description", self._text(told.given["description"])))
        if told.given.get("source"):
            pairs.append(("dcterms:creator", self._part("source")))
        if address := told.address("source_url"):
            pairs.append(("dcterms:source", self._iri(address)))
        return pairs + self._licence()

    def _licence(self) -> Pairs:
        if address := self.told.address("license_url"):
            return [("dcterms:license", self._iri(address))]
        licence = self.told.given.get("license")
        return [("dc:rights", self._text(licence))] if licence else []

    def _around(self, period: tuple[str, ...]) -> Iterator[str]:
        """Yield the nodes to which the data set leads."""
        told = self.told
        if told.given.get("source"):
            pairs = [("foaf:name", self._text(told.given["source"]))]
            if address := told.address("source_url"):
                pairs.append(("foaf:homepage", self._iri(address)))
            yield self._node(f"{self.base}#source", "foaf:Agent", pairs)
        if period:
            dates = zip(("dcat:startDate", "dcat:endDate"), period, strict=True)
            pairs = [(name, self.syntax.date(date)) for name, date in dates]
            yield self._node(f"{self.base}#period", "dcterms:PeriodOfTime", pairs)
        for profile in _PARTS:
            pairs = [
                ("dcterms:title", self._text(f"{told.title}: {profile.name}")),
                ("dcterms:description", self._text(profile.title)),
                ("dcterms:conformsTo", self._iri(profile.iri)),
                *self._downloads(profile),
            ]
            yield self._node(f"{self.base}#profile-{profile.name}", "void:Dataset", pairs)
        for each in told.downloads:
            yield self._distribution(each)
        if told.endpoint:
            pairs = [
                ("dcterms:title", self._text(f"{told.title}: SPARQL")),
                ("dcterms:conformsTo", self._iri(_SPARQL)),
                ("dcat:endpointURL", self._iri(told.endpoint)),
                # Asked nothing, it describes itself.
                ("dcat:endpointDescription", self._iri(told.endpoint)),
                ("dcat:servesDataset", self._iri(self.base)),
            ]
            yield self._node(f"{self.base}#sparql", "dcat:DataService", pairs)

    def _downloads(self, profile: Profile) -> Pairs:
        of_profile = [each for each in self.told.downloads if each.profile is profile]
        formats = dict.fromkeys(each.format for each in of_profile)
        return [
            *(("void:dataDump", self._iri(each.address)) for each in of_profile),
            *(("void:feature", self._iri(format_iri(each))) for each in formats),
            *(("dcat:distribution", self._part(each.name)) for each in of_profile),
        ]

    def _distribution(self, download: Download) -> str:
        pairs = [
            ("dcterms:title", self._text(download.format.title)),
            ("dcat:accessURL", self._iri(download.address)),
            ("dcat:downloadURL", self._iri(download.address)),
            ("dcat:mediaType", self._iri(_MEDIA_TYPES + download.format.media_type)),
            ("dcterms:format", self._iri(format_iri(download.format))),
            ("dcterms:conformsTo", self._iri(download.profile.iri)),
            *self._licence(),
        ]
        if download.is_packed:
            pairs.append(("dcat:compressFormat", self._iri(_MEDIA_TYPES + "application/gzip")))
        return self._node(f"{self.base}#{download.name}", "dcat:Distribution", pairs)

    def _linkset(self, name: str, authority: tuple[str, str], count: int) -> Iterator[str]:
        """Yield how many things are said to be the same as one of an authority (its name, and what its
        IRIs begin with).
        """
        title, space = authority
        pairs = [
            ("void:subjectsTarget", self._iri(self.base)),
            ("void:objectsTarget", self._part(f"{name}-target")),
            ("void:linkPredicate", self._iri(self.syntax.iri("owl:sameAs"))),
            ("void:triples", self._number(count)),
        ]
        yield self._node(f"{self.base}#{name}", "void:Linkset", pairs)
        pairs = [("dcterms:title", self._text(title)), ("void:uriSpace", self._text(space))]
        yield self._node(f"{self.base}#{name}-target", "void:Dataset", pairs)

    def _examples(self, connection: sqlite3.Connection, tables: Container[str]) -> Iterator[str]:
        """Yield the first article and the first entity, by their keys."""
        for kind in (ARTICLE, ENTITY):
            if kind.table in tables:
                row = connection.execute(f"SELECT min(key) FROM {kind.table}").fetchone()
                if row[0] is not None and are_keys([row[0]]):
                    yield self._iri(f"{self.base}{ID_PATH}{kind.name}/{row[0]}")

    def _node(self, iri: str, class_: str, pairs: Pairs) -> str:
        # Those of one property together, as the writer of JSON-LD needs them.
        order = {name: place for place, (name, _) in reversed(list(enumerate(pairs)))}
        listed = sorted(pairs, key=lambda each: order[each[0]])
        statements = [(self.syntax.iri(name), object_) for name, object_ in listed]
        return self.syntax.described(iri, class_, statements)

    def _part(self, name: str) -> str:
        return self._iri(f"{self.base}#{name}")

    def _iri(self, iri: str) -> str:
        return self.syntax.resource(iri)

    def _text(self, text: str) -> str:
        # What others have written may hold half a character.
        return self.syntax.literal(text.encode(errors="replace").decode())

    def _number(self, number: int) -> str:
        return self.syntax.literal(str(number), "xsd:integer")


#: The profiles that are parts of the whole.
_PARTS = tuple(each for each in PROFILES if each is not FULL)


def format_iri(format_: Format) -> str:
    """Return the IRI of an RDF syntax."""
    return FORMATS_NAMESPACE + format_.title.replace("/", "_")


def _period(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the first and the last date of articles; none where they have none."""
    found = (
        connection.execute(f"SELECT {which}(published) FROM articles").fetchone()[0]
        for which in ("min", "max")
    )
    dates = tuple(each for each in found if isinstance(each, str) and date_datatype(each))
    return dates if len(dates) == 2 else ()


def _in_words(counts: Counts) -> str:
    numbers = [(counts.nodes[each.node.kind], each) for each in _IN_WORDS]
    words = [f"{count:,} {each.name if count == 1 else each.plural}" for count, each in numbers]
    return f"A news graph: {', '.join(words[:-1])} and {words[-1]}."
