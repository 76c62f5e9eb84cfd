"""Datasette's own search of our tables and views, asked in the form in which they are indexed.

Datasette hands what was typed to SQL as parameters. These are given another value here: the page, its
facets, its CSV and its JSON then find the same rows, and what was typed still stands on the page.
"""

from __future__ import annotations

import re
from typing import Any

from datasette_newsgraph.search_form import phrase, words

# As Datasette cuts what was typed: at white space, but for what stands in quotation marks.
_BIT = re.compile(r'\s+|(".*?")')
# A string or a bareword of FTS5's own language, in which operators and names of columns are of ASCII.
_STRING = re.compile(r'"(?:[^"]|"")*"|(?:\w|[^\x00-\x7f])+', re.ASCII)


def asked_in_our_form(arguments: Any, *, is_raw: bool) -> dict[str, str]:
    """Return those parameters of Datasette's searches that are to have another value, of the searches
    that the ``arguments`` of a request ask for.

    ``is_raw`` tells that they are of FTS5's own language unless ``_searchmode`` says otherwise.
    """
    mode = arguments.get("_searchmode")
    rewrite = raw if mode == "raw" or (is_raw and mode != "escaped") else escaped
    named = [each for each in arguments if each.startswith("_search") and each != "_searchmode"]
    # Datasette's own names: one search of all columns, or else one for each column.
    columns = {f"search_{number}": each for number, each in enumerate(named)}
    asked = {"search": "_search"} if "_search" in named else columns
    given = {parameter: str(arguments[name]) for parameter, name in asked.items()}
    return {parameter: rewrite(text) for parameter, text in given.items() if not text.isascii()}


def escaped(typed: str) -> str:
    """Return what finds the words that were typed when Datasette has put it in quotation marks."""
    if typed.count('"') % 2:
        typed += '"'
    bits = [each for each in _BIT.split(typed) if each and words(each)]
    return " ".join(map(phrase, bits)) or typed


def raw(query: str) -> str:
    """Return a full-text query of FTS5 with its strings in our form: its operators stay."""
    return _STRING.sub(_string, query)


def _string(found: re.Match[str]) -> str:
    text = found[0]
    return text if text.isascii() or not words(text) else phrase(text)
