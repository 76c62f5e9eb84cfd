"""Why two entities may be one thing, and why not, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph.candidates.evidence import Evidence
from datasette_newsgraph.candidates.graph import Graph
from datasette_newsgraph.candidates.types import Kind
from datasette_newsgraph.wording import counted

#: Code points of a name that a sentence shows.
_SHOWN = 60
#: The share of others named with both from which on it is told.
_COMPANY = 0.15


class Words:
    """Puts what is known of pairs of a graph into words."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def reasons(self, found: Evidence) -> tuple[str, ...]:
        """Return what speaks for one thing."""
        return (*self._of_names(found), *self._of_articles(found))

    def against(self, found: Evidence) -> tuple[str, ...]:
        """Return what contradicts."""
        return tuple(self._against(found))

    def _name(self, entity: int) -> str:
        name = self._graph.names[entity]
        return name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"

    def _of_names(self, found: Evidence) -> Iterator[str]:
        short, long = self._name(found.short), self._name(found.long)
        if found.shared_identifier:
            yield "They share an identifier."
        if found.same_letters:
            if short == long:
                yield "The names are the same."
            else:
                yield "The names differ in articles, titles, marks or capitals only."
        if found.same_words:
            yield "The names have the same words in another order."
        if found.same_country:
            may = "One is a usual name of a country, which the other may mean."
            yield may if found.shared_country_name else "Both are usual names of one country."
        if found.people_of_country:
            yield "One is a country, the other a word for its people."
        if found.acronym:
            first, second = (short, long) if len(short) <= len(long) else (long, short)
            yield f"{first} is the initials of {second}."
        if found.other_name:
            yield "An article gives one thing both names."
        if found.is_part:
            yield self._of_part(found, short, long)
        if found.initial_fits:
            yield "The surname is the same, and the initial fits."
        if found.same_consonants:
            yield "They are spelt differently, with the same consonants."
        if found.slip:
            yield "The names differ in one letter or two."

    def _of_part(self, found: Evidence, short: str, long: str) -> str:
        if found.last_word:
            what = "surname" if self._graph.kinds[found.long] is Kind.PERSON else "last word"
            others = found.endings - 1
            only = (
                "the only such name in the graph"
                if others <= 0
                else f"{counted(others, 'other name ends', 'other names end')} so"
            )
            return f"{short} is the {what} of {long}; {only}."
        if found.first_word:
            return f"{short} is the first word of {long}."
        return f"All words of {short} are in {long}."

    def _of_articles(self, found: Evidence) -> Iterator[str]:
        if found.is_part and found.together:
            if found.short_together == 1:
                each = (
                    "its only article names"
                    if found.together == 1
                    else "each of its articles names"
                )
                yield f"Of {self._name(found.short)}, {each} the other, too."
            else:
                yield (
                    f"{found.together:,} of the {found.articles_of_short:,} articles of"
                    f" {self._name(found.short)} name the other, too."
                )
        elif found.together and (found.acronym or found.other_name):
            yield f"{counted(found.together, 'article names', 'articles name')} both."
        if found.shared_company >= _COMPANY:
            yield "Much the same others are named with both."

    def _against(self, found: Evidence) -> Iterator[str]:
        graph = self._graph
        if found.types_differ:
            one, other = graph.kinds[found.short], graph.kinds[found.long]
            yield f"One is {one.value}, the other {other.value}."
        if found.two_identifiers:
            yield f"They have two identifiers of {found.two_identifiers}."
        if found.other_numbers:
            yield "They are numbered differently."
        if found.opposite_words:
            yield "A word tells them apart, such as north, new or junior."
        if found.other_middle:
            yield "The middle names differ."
        if found.several:
            yield "One is the name of several people."
        if found.man_and_woman:
            yield "One is called a man, the other a woman."
