"""The graphs of articles, around their nodes: with what the articles say in plain statements."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter

from datasette_newsgraph.mapping.profiles import Profile
from datasette_newsgraph.rdf.asserted_rows import stated
from datasette_newsgraph.rdf.graph_rows import GraphRows
from datasette_newsgraph.rdf.graph_syntax import GraphSyntax
from datasette_newsgraph.rdf.groups import Groups
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.vocabulary import Vocabulary, kind_of_object


class ArticleGraphs:
    """Writes what begins and ends the graph of each article of a part. ``append`` is given the text."""

    def __init__(
        self,
        syntax: GraphSyntax,
        profile: Profile,
        vocabulary: Vocabulary,
        append: Callable[[str], None],
        assert_from: float,
    ) -> None:
        self.syntax, self.append, self.assert_from = syntax, append, assert_from
        self.profile = profile
        self._predicate = lru_cache(maxsize=8192)(vocabulary.predicate)
        self._stated = Groups((), itemgetter(0))

    def read(self, rows: GraphRows, part: Part) -> None:
        """Begin to read what the articles of a part say, by their keys."""
        if self.profile.has_statements:
            self._stated = stated(rows, part, self.assert_from)

    def begin(self, key: str) -> None:
        """Write what stands before the nodes of an article."""
        self.append(self.syntax.graph_begin(key))

    def end(self, number: int, key: str) -> None:
        """Write what the article with this number and key says, and the end of its graph."""
        entity, written_object = self.syntax.entity, self.syntax.written_object
        term, has_iri = self.syntax.term, self.profile.has_iri
        said = set()
        for _, subject, predicate, other, value, datatype in self._stated.of(number):
            iri = self._predicate(predicate, kind_of_object(other, datatype))
            if has_iri(iri):
                object_ = (
                    entity(other) if other is not None else written_object((None, value, datatype))
                )
                said.add((subject, term(iri), object_))
        self.append(self.syntax.stated(key, sorted(said)) + self.syntax.graph_end)
