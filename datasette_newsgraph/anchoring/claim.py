"""What a converted record says of one span (``article.Anchored``)."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from datasette_newsgraph.anchoring.conventions import Convention
from datasette_newsgraph.anchoring.folding import fold, reads_alike, undo
from datasette_newsgraph.anchoring.fuzzy import are_alike
from datasette_newsgraph.anchoring.normalised_values import is_value, reads_value
from datasette_newsgraph.anchoring.statuses import FUZZY, MOVED, UNVERIFIED, Anchor
from datasette_newsgraph.anchoring.units import CODE_POINTS
from datasette_newsgraph.article import Anchored, Evidence, Mention, Quote

Given: TypeAlias = "Mention | Evidence | Quote"


class Claim(NamedTuple):
    """A span as the record has it, and what it says of it."""

    span: Given
    said: Anchored
    start: int | None
    end: int | None
    text: str | None

    @classmethod
    def of(cls, span: Given) -> Claim | None:
        """Strip a span of what is said of it, and return that, if there is any."""
        said = span.anchored
        if said is None:
            return None
        span.anchored = None
        return cls(span, said, span.start, span.end, span.text)

    @property
    def given_words(self) -> str | None:
        """The words of the tool."""
        if self.said.offset_status == UNVERIFIED:
            return None
        return self.text if self.said.given_surface is None else self.said.given_surface

    @property
    def unit(self) -> str:
        """What the offsets of the tool count."""
        return self.said.given_unit or CODE_POINTS

    @property
    def anchor(self) -> Anchor:
        """What became of the span, as it is said."""
        said = self.said
        return Anchor(
            self.start, self.end, self.text, said.offset_status, said.moved, said.given_surface
        )

    @property
    def has_place(self) -> bool:
        """Whether the record has the span somewhere itself."""
        return self.start is not None or self.end is not None

    def place_as_given(self) -> None:
        """Where the record has no place, let the tool's be the one to begin with."""
        if not self.has_place:
            self.span.start, self.span.end = self.said.given_start, self.said.given_end

    def put_back(self) -> None:
        """Make the span what the tool gave."""
        span, said = self.span, self.said
        span.start, span.end, span.text = said.given_start, said.given_end, self.given_words

    def withdraw(self) -> None:
        """Make the span what the record has."""
        self.span.start, self.span.end, self.span.text = self.start, self.end, self.text

    def converted(self, convention: Convention) -> tuple[int, int] | None:
        """Return where the tool had the span, in code points, if that is a span."""
        start, end = self.said.given_start, self.said.given_end
        return None if start is None or end is None else convention.convert(start, end)

    def lies_as_given(self, convention: Convention) -> bool:
        """Tell whether the span is where the tool had it, once that is converted."""
        return self.converted(convention) == (self.start, self.end)

    def has_its_distance(self, convention: Convention) -> bool:
        """Tell whether the span is as far from where the tool had it as it is said to be."""
        said = self.said
        place = self.converted(convention) or convention.locate(said.given_start, said.given_end)
        is_known = place[0] is not None and self.start is not None
        return said.moved == ((self.start or 0) - (place[0] or 0) if is_known else None)

    def has_its_likeness(self) -> bool:
        """Tell whether the words are like the tool's own in the way that the status says."""
        status, words, given = self.said.offset_status, self.text, self.said.given_surface
        if status == MOVED:
            return True
        if words is None or given is None or words == given:
            return False
        if status == FUZZY:
            return are_alike(given, words)
        if reads_alike(words, given) or (is_value(given) and reads_value(words, given)):
            return True
        folded = fold(words)
        return bool(folded) and folded in (fold(given), fold(undo(given)))
