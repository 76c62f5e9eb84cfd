"""What a page shows, as schema.org in JSON-LD within the page, for search engines and clippers.

It is made of the page's context alone, so it holds nothing that the visitor does not see. The terms
are the mapping's; the whole of what is known is in the downloads, to which the page links.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from datasette_newsgraph import kinds
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.kinds import Kind
from datasette_newsgraph.mapping import ARTICLE, ENTITY, RELATION, Node, Value
from datasette_newsgraph.rdf.literals import date_datatype
from datasette_newsgraph.vocabulary import ID_PATH, PREFIXES, Vocabulary
from datasette_newsgraph.web.page_contexts import (
    ArticlePage,
    EntityPage,
    OverviewPage,
    RelationPage,
)

Data = dict[str, Any]

_SCHEMA = PREFIXES["schema"]
#: Things that a page names besides its own, at most.
LISTED = 100
#: Whoever reads this may open what it leads to.
_WEB = ("http://", "https://")
#: What would end a script, or begin one; and what ends a line in JavaScript, but not in JSON.
_UNSAFE = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}


def script(data: Data) -> Markup:
    """Return JSON-LD as it may stand within a ``<script>``, whatever is in it."""
    return Markup(json.dumps(data, ensure_ascii=False).translate(_UNSAFE))  # noqa: S704  # escaped


class LinkedData:
    """JSON-LD of pages of one graph, with its base IRI and its terms."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def thing(self, kind: Kind, context: Mapping[str, Any]) -> Data:
        """Return the article, the entity or the relation that a page is about."""
        return {"@context": _SCHEMA, **DESCRIBED[kind](self, context)}

    def graph(self, name: str, context: OverviewPage) -> Data:
        """Return the whole graph as a dataset, from the context of its overview: where it is to be
        had, from when it is, whose articles are in it, and what the metadata says.
        """
        citation = context.get("citation")
        sources = [each["value"] for each in context.get("publishers") or []]
        if citation and citation.source:
            sources = [citation.source]
        period = [each for each in context.get("period") or () if date_datatype(each)]
        data: Data = {
            "@context": _SCHEMA,
            "@type": _local("schema:Dataset"),
            "@id": self.vocabulary.base,
            _local("schema:name"): name,
        }
        optional = {
            "schema:distribution": [
                {
                    "@type": _local("schema:DataDownload"),
                    _local("schema:encodingFormat"): format_.media_type,
                    _local("schema:contentUrl"): address,
                }
                for format_, address in context["formats"].items()
            ],
            "schema:description": citation and citation.description,
            "schema:license": citation and _value(Value.IRI, citation.licence_url),
            "schema:temporalCoverage": "/".join(dict.fromkeys(period)),
            "schema:creator": sources,
        }
        return data | {_local(term): value for term, value in optional.items() if value}

    def _article(self, context: ArticlePage) -> Data:
        row = context["article"]
        listed = {"authors": context["authors"], "sections": context["sections"]}
        data = {
            "@id": self._iri(ARTICLE, row["key"]),
            "@type": [_local(each) for each in ARTICLE.classes],
            **_properties(ARTICLE, dict(row) | listed),
        }
        mentioned = [self._named(each) for each in (context.get("entities") or [])[:LISTED]]
        if mentioned:
            data[_local("schema:mentions")] = mentioned
        return data

    def _entity(self, context: EntityPage) -> Data:
        row = context["entity"]
        same = (context.get("identifiers") or [])[:LISTED]
        data = self._named(row) | _properties(ENTITY, dict(row) | {"same_as": same})
        others = [str(each) for each in context.get("names") or [] if each != row["name"]]
        if others:
            data[_local("schema:alternateName")] = others[:LISTED]
        return data

    def _relation(self, context: RelationPage) -> Data:
        row = context["relation"]
        about = [_side(row, "subject")] + ([_side(row, "object")] if row["object_key"] else [])
        words = row["object"] if row["object_key"] else row["value"]
        data: Data = {
            "@id": self._iri(RELATION, row["key"]),
            "@type": _local("schema:Claim"),
            _local("schema:name"): " ".join(
                each for each in (row["subject"], row["predicate"], words) if each
            ),
            _local("schema:about"): [self._named(each) for each in about],
        }
        stated = {each.row["article_key"]: each.row for each in context.get("evidence") or []}
        if stated:
            data[_local("schema:appearance")] = [
                {
                    "@id": self._iri(ARTICLE, key),
                    "@type": [_local(each) for each in ARTICLE.classes],
                    **_properties(ARTICLE, dict(article) | {"key": key}),
                }
                for key, article in stated.items()
            ]
        return data

    def _named(self, row: Mapping[str, Any]) -> Data:
        """Return an entity by its IRI, its types and its name."""
        types = [_local(each) for each in self.vocabulary.classes(row["type"])]
        data: Data = {"@id": self._iri(ENTITY, row["key"]), "@type": types}
        if row["name"]:
            data[_local("schema:name")] = row["name"]
        return data

    def _iri(self, node: Node, key: str) -> str:
        return f"{self.vocabulary.base}{ID_PATH}{node.iri.path.format(key=key)}"


#: What describes the thing of a page, by its kind.
DESCRIBED: dict[Kind, Callable[[LinkedData, Any], Data]] = {
    kinds.ARTICLE: LinkedData._article,
    kinds.ENTITY: LinkedData._entity,
    kinds.RELATION: LinkedData._relation,
}


def _side(row: Any, side: str) -> Data:
    return {"key": row[f"{side}_key"], "name": row[side], "type": row[f"{side}_type"]}


def _local(term: str) -> str:
    """Return a term as schema.org's context has it: without the prefix; any other as it is."""
    return term.removeprefix("schema:").removeprefix(_SCHEMA)


def _properties(node: Node, values: Mapping[str, Any]) -> Data:
    """Return the properties of a node whose terms are schema.org's and whose columns are there."""
    data: Data = {}
    for each in node.properties:
        if each.term.startswith("schema:") and each.column and not each.with_text:
            given = values.get(each.column)
            listed = (given or []) if each.many else [given]
            found = [_value(each.value, item) for item in listed]
            found = [item for item in found if item is not None]
            if found:
                data[_local(each.term)] = found if each.many else found[0]
    return data


def _value(value: Any, given: Any) -> Any:
    """Return a value as JSON, or None where it is not what the property is to have."""
    if given is None or given == "":
        return None
    if value is Value.DATE:
        return given if date_datatype(given) else None
    if value in (Value.IRI, Value.IRI_OR_STRING):
        iri = clean_iri(given)
        return iri if iri and iri.lower().startswith(_WEB) else None
    if value in (Value.STRING, Value.TEXT, Value.DOUBLE):
        return given
    return None
