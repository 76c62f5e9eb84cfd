"""Articles with all that lies in them: their texts, and the spans, mentions, evidence and quotes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

from datasette_newsgraph import mapping
from datasette_newsgraph.rdf.compiled import Writer
from datasette_newsgraph.rdf.graph_rows import GraphRows
from datasette_newsgraph.rdf.node_columns import ordered, value_of
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.rdf.syntax import Syntax

_ANNOTATIONS = (mapping.MENTION, mapping.EVIDENCE, mapping.QUOTE)
#: Of each of their rows: where the span is, its words, and the key.
_PLACES = [value_of(node, "start_char", "end_char") for node in _ANNOTATIONS]
_WORDS = [value_of(node, "surface") for node in _ANNOTATIONS]
_KEYS = [value_of(node, "key") for node in _ANNOTATIONS]

_given: Any = value_of(mapping.ARTICLE, "id", "key", "extraction_key")
#: Places of columns that hold JSON arrays.
_ARRAYS = [
    mapping.ARTICLE.read.index(each.column)
    for each in mapping.ARTICLE.properties
    if each.many and each.column in mapping.ARTICLE.read
]
#: Puts the columns of a span, in this order, into that of the mapping.
_span: Any = ordered(mapping.SPAN, "start", "end", "surface", "zones")

#: Where a span starts and ends.
Place = tuple[int, int]


class ArticleNodes:
    """Writes the articles of a part with all that lies in them.

    ``writers`` are the compiled functions by the kind of node, and ``append`` is given the text of each
    node. ``with_text``: the words of evidence and quotes are written, too.
    """

    def __init__(
        self,
        syntax: Syntax,
        writers: dict[str, Writer],
        append: Callable[[str], None],
        *,
        with_text: bool,
    ) -> None:
        self.syntax, self.append, self.with_text = syntax, append, with_text
        self._write_article = writers[mapping.ARTICLE.kind]
        self._write_text = writers[mapping.TEXT.kind]
        self._write_spans = writers[mapping.SPAN.kind]
        self._write_annotations = [writers[node.kind] for node in _ANNOTATIONS]

    def write(self, rows: GraphRows, part: Part) -> Iterator[None]:
        """Write the articles by their keys, one for each step. Raises WrongValue."""
        named = rows.named(part)
        zones = rows.zones(part)
        annotations = [rows.annotations(node, part) for node in _ANNOTATIONS]
        append = self.append
        articles, texts = (rows.nodes(node, part) for node in (mapping.ARTICLE, mapping.TEXT))
        for row, text in zip(articles, texts, strict=True):
            number, key, extraction_key = _given(row)
            columns = list(row)
            for place in _ARRAYS:
                columns[place] = _listed(columns[place])
            columns.append(sorted(entity for _, entity in named.of(number)))
            self._write_article((columns,), append)
            self._write_text((text,), append)
            found = [groups.of(number) for groups in annotations]
            self._write_spans(self._spans(zones.of(number), found), append, key)
            for of_kind, key_of, write in zip(found, _KEYS, self._write_annotations, strict=True):
                if of_kind:
                    write(sorted(of_kind, key=key_of), append, key, extraction_key)
            yield

    def _spans(self, zones: Sequence[Any], annotations: list[Sequence[Any]]) -> Iterable[Any]:
        """Return each span of an article once, in order, however many annotations share it."""
        spans = self._surfaces(annotations)
        types: dict[Place, list[str]] = {}
        for _, start, end, zone in zones:
            spans.setdefault((start, end))
            types.setdefault((start, end), []).append(self.syntax.iri(f"ng:{zone}Zone"))
        if not spans:
            return ()
        for each in types.values():
            each.sort()
        places = sorted(spans)
        starts, ends = zip(*places, strict=True)
        of_zones = map(types.get, places, repeat(()))
        columns = _span((starts, ends, map(spans.get, places), of_zones))
        return zip(*columns, strict=True)

    def _surfaces(self, annotations: list[Sequence[Any]]) -> dict[Place, str | None]:
        """Return the spans of annotations with their words, as far as these are written."""
        spans: dict[Any, str | None] = {}
        if self.with_text:
            for rows, place_of, words_of in zip(annotations, _PLACES, _WORDS, strict=True):
                spans.update(zip(map(place_of, rows), map(words_of, rows), strict=True))
        else:
            mentions, *others = annotations
            for rows, place_of in zip(others, _PLACES[1:], strict=True):
                spans.update(dict.fromkeys(map(place_of, rows)))
            spans.update(zip(map(_PLACES[0], mentions), map(_WORDS[0], mentions), strict=True))
        # Annotations without a place have no span.
        spans.pop((None, None), None)
        return spans


@lru_cache(maxsize=1024)
def _listed(array: str | None) -> tuple[str, ...]:
    """Return the strings of a JSON array, each once; authors and sections come again and again."""
    if not array:
        return ()
    listed = json.loads(array)
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise TypeError("not a JSON array of strings")
    return tuple(dict.fromkeys(listed))
