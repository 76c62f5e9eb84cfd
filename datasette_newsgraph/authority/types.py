"""The types of things in an authority, from whatever a file says of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from datasette_newsgraph.identity import normalise_label
from datasette_newsgraph.wikidata_classes import CLASSES, most_telling

#: The types that articles speak of most, by what files and tools call them.
_CALLED = {
    "Person": "person human people politician",
    "Organization": "organization organisation company business corporation agency party",
    "Place": "place location country city town village state region gpe loc",
    "Event": "event",
}
_BY_LABEL = {label: type_ for type_, labels in _CALLED.items() for label in labels.split()}
_CLASS = re.compile(r"(?:.*/)?(Q[1-9][0-9]*)")
_LAST = re.compile(r"[^/#:]*\Z")


def type_of(label: str) -> str:
    """Return our type for the label of a type: one of the four that articles speak of most, or else the
    label itself, normalised.

    >>> type_of("City"), type_of("Creative work")
    ('Place', 'creative work')
    """
    form = normalise_label(label)
    return _BY_LABEL.get(form, form)


def type_of_given(given: Iterable[str]) -> str:
    """Return our type for what a file gives as the types of a thing: items or IRIs of Wikidata's
    classes, words, IRIs that end in a word. Nothing if none of them is known.

    >>> type_of_given(["http://www.wikidata.org/entity/Q515", "Q43229"])
    'Place'
    """
    given = list(given)
    classes = [found[1] for each in given if (found := _CLASS.fullmatch(each.strip()))]
    if classes:
        return CLASSES.get(most_telling(classes) or "", "")
    for each in given:
        last = _LAST.search(each.strip())
        if last is not None and last[0]:
            return type_of(last[0])
    return ""
