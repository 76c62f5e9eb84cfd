"""The whole graph as a data set: schema.org in JSON-LD on its overview, as dataset searches read it.

Google's "Dataset structured data" names the properties that count: a description of 50 characters or
more, a creator that is a person or an organization, a licence, downloads, and the time covered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasette_newsgraph.iri import web_address
from datasette_newsgraph.kinds import ARTICLE, ENTITY, QUOTE, RELATION, Kind
from datasette_newsgraph.mapping import PUBLISHER
from datasette_newsgraph.rdf.literals import date_datatype
from datasette_newsgraph.rdf.source_nodes import publisher_key
from datasette_newsgraph.vocabulary import ID_PATH, PREFIXES, expand
from datasette_newsgraph.web.frame.compact import Data, local
from datasette_newsgraph.web.page_contexts import OverviewPage

#: Properties that hold addresses.
_ADDRESSES = ("url", "license", "contentUrl")
#: What is found in articles, and counted in a description.
_FOUND = (ENTITY, RELATION, QUOTE)
(_PUBLISHER,) = PUBLISHER.classes


def dataset(base: str, address: str, name: str, context: OverviewPage) -> Data:
    """Return the graph of a base IRI as a data set, from the context of its overview.

    ``address`` is that of the overview, ``name`` what the database is called. The publishers of the
    articles are not those who made the data set: it is based on what they wrote.
    """
    citation = context.get("citation")
    title = citation.title if citation else name
    data: Data = {
        "@context": {
            "@vocab": PREFIXES["schema"],
            **{each: {"@type": "@id"} for each in _ADDRESSES},
        },
        "@id": base,
        "@type": "Dataset",
        "name": title,
        "url": address,
        "description": (citation and citation.description) or described(title, context),
    }
    optional = {
        "creator": citation
        and citation.source
        and _named("Organization", citation.source, citation.source_url),
        "license": citation and _licence(citation.licence, citation.licence_url),
        "temporalCoverage": "/".join(dict.fromkeys(_period(context))),
        "isBasedOn": [_source(base, each["value"]) for each in context.get("publishers") or []],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": format_.title,
                "encodingFormat": format_.media_type,
                "contentUrl": f"{address}{format_.ending}",
            }
            for format_ in context["formats"]
        ],
    }
    return data | {name: value for name, value in optional.items() if value}


def described(title: str, context: OverviewPage) -> str:
    """Return what is in a graph, in a sentence, for one that its metadata does not describe."""
    found = {each.table: each.count for each in context.get("counts") or []}
    what = _listed([_counted(each, found[each.table]) for each in _FOUND if each.table in found])
    if ARTICLE.table in found:
        days = " to ".join(dict.fromkeys(_period(context)))
        articles = f"{_counted(ARTICLE, found[ARTICLE.table])}{days and f' of {days}'}"
        what = f"{articles}{what and f', with {what} found in them'}"
    return f"{title}: {what or 'what was extracted from news articles'}, as a knowledge graph."


def _counted(kind: Kind, count: int) -> str:
    return f"{count:,} {kind.name if count == 1 else kind.plural}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _period(context: OverviewPage) -> list[str]:
    """Return the first and the last day of the articles, as far as they are dates."""
    return [each for each in context.get("period") or () if date_datatype(each)]


def _licence(name: str | None, address: str | None) -> Any:
    """Return a licence: its address, or else a work of its name."""
    return _web(address) or (name and _named("CreativeWork", name, None))


def _source(base: str, publisher: str) -> Data:
    """Return what a publisher's articles are, taken together."""
    who = _named(local(expand(_PUBLISHER, "")), publisher, None)
    key = publisher_key(publisher)
    if key:
        who = {"@id": f"{base}{ID_PATH}{PUBLISHER.iri.path.format(key=key)}", **who}
    return {"@type": "CreativeWork", "name": f"Articles of {publisher}", "publisher": who}


def _named(class_: str, name: str, address: str | None) -> Data:
    found: Mapping[str, str | None] = {"@type": class_, "name": name, "url": _web(address)}
    return {key: value for key, value in found.items() if value}


def _web(address: str | None) -> str | None:
    """Return an address that a browser may open; None for any other."""
    return web_address(address) if address else None
