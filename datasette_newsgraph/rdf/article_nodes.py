"""Articles with all that lies in them: their texts, and the spans, mentions, evidence and quotes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from datasette_newsgraph import mapping
from datasette_newsgraph.rdf.article_graphs import ArticleGraphs
from datasette_newsgraph.rdf.compiled import Writer
from datasette_newsgraph.rdf.graph_rows import GraphRows
from datasette_newsgraph.rdf.groups import Groups
from datasette_newsgraph.rdf.node_columns import ordered, value_of
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.rdf.source_nodes import author_key, publisher_key
from datasette_newsgraph.rdf.syntax import Syntax, address_in
from datasette_newsgraph.vocabulary import zone_class

_ANNOTATIONS = (mapping.MENTION, mapping.EVIDENCE, mapping.QUOTE)
#: Of each of their rows: where the span is, its words, and the key.
_PLACES = {node.kind: value_of(node, "start_char", "end_char") for node in _ANNOTATIONS}
_WORDS = {node.kind: value_of(node, "surface") for node in _ANNOTATIONS}
_KEYS = {node.kind: value_of(node, "key") for node in _ANNOTATIONS}

_given: Any = value_of(
    mapping.ARTICLE, "id", "key", "url", "publisher", "authors", "extraction_key"
)
#: Puts what is added to a row of an article, in this order, into that of the mapping.
_added: Any = ordered(mapping.ARTICLE, "publisher_key", "author_keys", "entity_keys")
#: Places of columns that hold JSON arrays.
_ARRAYS = [
    mapping.ARTICLE.read.index(each.column)
    for each in mapping.ARTICLE.properties
    if each.many and each.column in mapping.ARTICLE.read
]
#: Put the columns of spans and zones, in this order, into that of the mapping.
_of_span: Any = ordered(mapping.SPAN, "start", "end", "surface")
_of_zone: Any = ordered(mapping.ZONE, "start", "end", "surface", "classes")
_of_phrase: Any = value_of(mapping.PHRASE, "start", "end", "key")
_place_of_phrase: Any = value_of(mapping.PHRASE, "start", "end")
_start, _type, _entity = (
    value_of(mapping.PHRASE, name) for name in ("start", "type", "entity_key")
)
_CONFIDENCE = mapping.PHRASE.read.index("confidence")
_added_to_phrase: Any = ordered(mapping.PHRASE, "classes", "entity_keys")

#: Where a span starts and ends.
Place = tuple[int, int]


class ArticleNodes:
    """Writes the articles of a part with all that lies in them.

    ``writers`` are the compiled functions by the kind of node, of those kinds that are written;
    ``classes`` tells the classes of an entity by its type; and ``append`` is given the text of each
    node. ``with_text``: the words of evidence and quotes are written, too.
    """

    def __init__(
        self,
        syntax: Syntax,
        writers: dict[str, Writer],
        classes: Callable[[str], tuple[str, ...]],
        append: Callable[[str], None],
        *,
        with_text: bool,
    ) -> None:
        self.syntax, self.append, self.with_text = syntax, append, with_text
        self.classes = lru_cache(maxsize=1024)(classes)
        self.writers = writers
        self._annotated = [node for node in _ANNOTATIONS if node.kind in writers]
        self._span_class = syntax.iri(mapping.SPAN.classes[0])

    def write(
        self, rows: GraphRows, part: Part, graphs: ArticleGraphs | None = None
    ) -> Iterator[None]:
        """Write the articles by their keys, one for each step, each into its graph where there are
        ``graphs``. Raises WrongValue.
        """
        append, writers = self.append, self.writers
        write_article = writers.get(mapping.ARTICLE.kind)
        write_text = writers.get(mapping.TEXT.kind)
        if graphs:
            graphs.read(rows, part)
        named = rows.named(part) if write_article else _nothing()
        zones = rows.zones(part) if mapping.ZONE.kind in writers else _nothing()
        annotations = [rows.annotations(node, part) for node in self._annotated]
        phrases = (
            rows.annotations(mapping.PHRASE, part) if mapping.PHRASE.kind in writers else _nothing()
        )
        texts = rows.nodes(mapping.TEXT, part) if write_text else None
        for row in rows.nodes(mapping.ARTICLE, part):
            number, key, url, publisher, authors, extraction_key = _given(row)
            if graphs:
                graphs.begin(key)
            if write_article:
                keys = sorted(entity for _, entity in named.of(number))
                write_article((self._article(row, publisher, authors, keys),), append)
            if write_text and texts:
                # There is one of each article, in the same order.
                write_text(((*next(texts), address_in(url) if url else None),), append)
            found = [groups.of(number) for groups in annotations]
            self._write_spans(key, zones.of(number), found, phrases.of(number))
            for node, of_kind in zip(self._annotated, found, strict=True):
                if of_kind:
                    ordered_ = sorted(of_kind, key=_KEYS[node.kind])
                    writers[node.kind](ordered_, append, key, extraction_key)
            if graphs:
                graphs.end(number, key)
            yield

    def _article(
        self, row: Sequence[Any], publisher: str | None, authors: str | None, entities: list[str]
    ) -> Sequence[Any]:
        """Return the row of an article as the compiled function takes it."""
        columns = list(row)
        for place in _ARRAYS:
            columns[place] = _listed(columns[place])
        keys = (author_key(name) for name in _listed(authors))
        author_keys = tuple(dict.fromkeys(key for key in keys if key))
        return (
            *columns,
            *_added((publisher and publisher_key(publisher), author_keys, entities)),
        )

    def _write_spans(
        self,
        key: str,
        zones: Sequence[Any],
        annotations: list[Sequence[Any]],
        phrases: Sequence[Any],
    ) -> None:
        """Write each span of an article once, in order, however many annotations share it."""
        writers, append = self.writers, self.append
        surfaces = self._surfaces(annotations) if mapping.SPAN.kind in writers else {}
        if zones:
            rows = self._zones(zones, surfaces)
            writers[mapping.ZONE.kind](rows, append, key)
        if surfaces:
            places = sorted(surfaces)
            starts, ends = zip(*places, strict=True)
            columns = _of_span((starts, ends, map(surfaces.get, places)))
            writers[mapping.SPAN.kind](zip(*columns, strict=True), append, key)
        if phrases:
            writers[mapping.PHRASE.kind](self._phrases(phrases), append, key)

    def _zones(
        self, zones: Sequence[Any], surfaces: dict[Place, str | None]
    ) -> Iterator[Sequence[Any]]:
        """Yield the rows of zones, and take those that are spans of annotations, too, from these."""
        types: dict[Place, set[str]] = {}
        for _, start, end, zone in zones:
            types.setdefault((start, end), set()).add(self.syntax.iri(zone_class(zone)))
        for place, classes in sorted(types.items()):
            listed = (self._span_class, *sorted(classes))
            yield _of_zone((*place, surfaces.pop(place, None), listed))

    def _phrases(self, phrases: Sequence[Any]) -> Iterator[Sequence[Any]]:
        """Yield a row for each place of mentions, with the entities that are named there."""
        there = sorted((each for each in phrases if _start(each) is not None), key=_of_phrase)
        for _, found in groupby(there, _place_of_phrase):
            rows = list(found)
            row = rows[0]
            types = [_type(each) for each in rows]
            classes = dict.fromkeys(each for type_ in types for each in self.classes(type_))
            keys = tuple(dict.fromkeys(map(_entity, rows)))
            if len(keys) > 1:
                row = (*row[:_CONFIDENCE], None, *row[_CONFIDENCE + 1 :])
            yield (*row, *_added_to_phrase((tuple(classes), keys)))

    def _surfaces(self, annotations: list[Sequence[Any]]) -> dict[Place, str | None]:
        """Return the spans of annotations with their words, as far as these are written."""
        spans: dict[Any, str | None] = {}
        mentions: Sequence[Any] = ()
        for node, rows in zip(self._annotated, annotations, strict=True):
            places = map(_PLACES[node.kind], rows)
            if self.with_text:
                spans.update(zip(places, map(_WORDS[node.kind], rows), strict=True))
            elif node is mapping.MENTION:
                mentions = rows
            else:
                spans.update(dict.fromkeys(places))
        # The words of a mention are written in any case.
        kind = mapping.MENTION.kind
        spans.update(zip(map(_PLACES[kind], mentions), map(_WORDS[kind], mentions), strict=True))
        # Annotations without a place have no span.
        spans.pop((None, None), None)
        return spans


def _nothing() -> Groups:
    return Groups((), itemgetter(0))


@lru_cache(maxsize=1024)
def _listed(array: str | None) -> tuple[str, ...]:
    """Return the strings of a JSON array, each once; authors and sections come again and again."""
    if not array:
        return ()
    listed = json.loads(array)
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise TypeError("not a JSON array of strings")
    return tuple(dict.fromkeys(listed))
