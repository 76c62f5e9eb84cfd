"""The prefixes that questions may use without declaring them, and that answers are shown with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from datasette_newsgraph.rdf.turtle import namespaces

__all__ = ["LOCAL_NAME", "as_given", "declarations", "namespaces", "prefixed"]

#: What may stand behind a prefix as it is (SPARQL 1.1 Query, section 19.8, PN_LOCAL): keys may begin
#: with a digit.
LOCAL_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*", re.ASCII)
#: Where a question is wrong, in the words of the parser.
_CHARACTER = re.compile(r"\(at char (\d+)\)")
_COLUMN = re.compile(r"\(line:1, col:(\d+)\)")


def declarations(base: str) -> str:
    """Return what declares all prefixes of a graph, to be put before a question. It is no line of its
    own, so that the lines of the question keep their numbers; what the question declares itself counts.
    """
    return "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in namespaces(base).items())


def as_given(message: str, declared: str) -> str:
    """Return the words of the parser about a question that had declarations before it, with the place
    where it stands in the question alone.

    >>> as_given("Expected SelectQuery, found 'x'  (at char 40), (line:1, col:41)", " " * 40)
    "Expected SelectQuery, found 'x'  (at char 0), (line:1, col:1)"
    """
    more = len(declared)
    message = _CHARACTER.sub(lambda found: f"(at char {max(int(found[1]) - more, 0)})", message)
    return _COLUMN.sub(lambda found: f"(line:1, col:{max(int(found[1]) - more, 1)})", message)


def prefixed(prefixes: Mapping[str, str]) -> Callable[[str], str]:
    """Return what writes an IRI as a prefixed name, or else in angle brackets.

    >>> name = prefixed({"schema": "https://schema.org/"})
    >>> name("https://schema.org/name"), name("https://schema.org/a/b")
    ('schema:name', '<https://schema.org/a/b>')
    """

    def write(iri: str) -> str:
        for prefix, namespace in prefixes.items():
            if iri.startswith(namespace) and LOCAL_NAME.fullmatch(iri, len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri}>"

    return write
