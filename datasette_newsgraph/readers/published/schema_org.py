"""Articles of schema.org in JSON-LD, and what is said of them.

Objects stand alone, in arrays and in a ``@graph``, in which they refer to each other by ``@id``. Names
may have a prefix (``schema:headline``) or be IRIs; values may be objects (``{"@value": …}``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

#: What a type ends in that is an article, or is one.
_ARTICLE = "Article"
_OTHERS = frozenset(
    {"BlogPosting", "LiveBlogPosting", "Report", "SocialMediaPosting", "DiscussionForumPosting"}
)
_PREFIX = re.compile(r"(?:https?://(?:www\.)?schema\.org/|schema:|sdo:)")
#: What may stand as a reference to another object of the graph.
_REFERRING = (
    *("author", "creator", "publisher", "isPartOf", "mainEntityOfPage", "about", "mentions"),
    *("contentLocation", "spatialCoverage", "inLanguage"),
)
#: A larger object is not copied into those that refer to it.
_LARGEST = 4096


def local(name: Any) -> str:
    """Return the name of a type or property without its vocabulary."""
    return _PREFIX.sub("", name, count=1) if isinstance(name, str) else ""


def types_of(given: Mapping[str, Any]) -> list[str]:
    """Return the types of an object."""
    types = given.get("@type", given.get("type"))
    return [each for one in (types if isinstance(types, list) else [types]) if (each := local(one))]


def is_article(given: Any) -> bool:
    """Tell whether an object says that it is an article."""
    if not isinstance(given, dict):
        return False
    return any(each.endswith(_ARTICLE) or each in _OTHERS for each in types_of(given))


def articles_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the articles in a JSON value: itself, the elements of a list, those of a graph."""
    if isinstance(value, list):
        for each in value:
            # A list in a list is nothing of JSON-LD.
            if isinstance(each, dict):
                yield from articles_in(each)
        return
    if not isinstance(value, dict):
        return
    if is_article(value):
        yield plain(value)
        return
    graph = value.get("@graph")
    if isinstance(graph, list):
        found = [each for each in graph if isinstance(each, dict)]
        nodes = {each["@id"]: each for each in found if isinstance(each.get("@id"), str)}
        for each in found:
            if is_article(each):
                yield plain(_resolved(each, nodes))
    elif isinstance(main := value.get("mainEntity"), dict) and is_article(main):
        yield plain(main)


def plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with its properties by their local names, and without objects for values."""
    return {local(key): _valued(value) for key, value in given.items()}


def _valued(value: Any) -> Any:
    if isinstance(value, dict) and "@value" in value:
        return value["@value"]
    if isinstance(value, dict) and isinstance(value.get("@list"), list):
        value = value["@list"]
    if isinstance(value, list):
        return [_valued(each) if isinstance(each, dict) else each for each in value]
    return value


def _resolved(given: dict[str, Any], nodes: Mapping[str, Any]) -> dict[str, Any]:
    """Return an article with what it refers to in the graph, each once."""
    found = dict(given)
    for key, value in given.items():
        if local(key) in _REFERRING:
            found[key] = _nodes_of(value, nodes)
    return found


def _nodes_of(value: Any, nodes: Mapping[str, Any]) -> Any:
    if not isinstance(value, list):
        return _node_of(value, nodes)
    seen: set[str] = set()
    found = []
    for each in value:
        id_ = each.get("@id") if isinstance(each, dict) else None
        if isinstance(id_, str):
            if id_ in seen:
                continue
            seen.add(id_)
        found.append(_node_of(each, nodes))
    return found


def _node_of(value: Any, nodes: Mapping[str, Any]) -> Any:
    id_ = value.get("@id") if isinstance(value, dict) else None
    node = nodes.get(id_) if isinstance(id_, str) else None
    if node is None or node is value or len(msgspec.json.encode(node)) > _LARGEST:
        return value
    return {**node, **value}


def row_of(article: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an article says of itself, by the names that ``sidecar_fields`` knows."""
    row = dict(article)
    row["identifier"] = _first(
        _text(each, "value", "@id") for each in listed(row.pop("identifier", None))
    )
    row["mainEntityOfPage"] = _text(row.get("mainEntityOfPage"), "@id", "url")
    row["inLanguage"] = _text(row.get("inLanguage"), "alternateName", "name")
    row["license"] = _text(row.get("license"), "url", "@id", "name")
    row["publisher"] = _first(
        _text(row.get(each), "name", "legalName", "alternateName")
        for each in ("publisher", "sourceOrganization", "provider", "isPartOf")
    )
    if not row.get("articleBody"):
        row["articleBody"] = row.get("text")
    if not row.get("headline"):
        row["headline"] = row.get("name") or row.get("alternativeHeadline")
    return {key: value for key, value in row.items() if value not in (None, "", [], {})}


def listed(given: Any) -> list[Any]:
    """Return what may be one or several as a list."""
    return given if isinstance(given, list) else [] if given is None else [given]


def _text(given: Any, *keys: str) -> Any:
    """Return what is said in an object under the first of ``keys``; of several the first."""
    for each in listed(given):
        if isinstance(each, dict):
            said = plain(each)
            found = next((said[key] for key in keys if isinstance(said.get(key), str)), None)
            if found:
                return found
        elif each:
            return each
    return None


def _first(given: Iterable[Any]) -> Any:
    return next((each for each in given if each), None)
