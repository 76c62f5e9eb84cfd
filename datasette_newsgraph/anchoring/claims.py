"""Check what a converted record says of its spans (``article.Anchored``) against the text.

``newsgraph convert`` writes each span where it was found, and beside it where the tool had it. Before
a span is looked for anew, what is said beside it is checked: the text must read the words at the
place, they must be the tool's own, or be like these in the way that the status says, and the distance
must be the distance. What passes is put back: the span is again as the tool gave it, and its anchor is
known. So a record that was converted gives the rows that the tool's own file gives.

What these rules cannot decide (words that were not found, a likeness of another kind) is looked for
once more as the tool gave it, and believed if the same comes out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from datasette_newsgraph.anchoring.claim import Claim, Given
from datasette_newsgraph.anchoring.conventions import Convention, named
from datasette_newsgraph.anchoring.statuses import (
    CONVERTED,
    EXACT,
    FUZZY,
    MOVED,
    NORMALISED,
    STATUSES,
    UNLOCATED,
    UNVERIFIED,
    Anchor,
)
from datasette_newsgraph.anchoring.units import CODE_POINTS

_OF_PLACE = frozenset({CONVERTED, MOVED, NORMALISED, FUZZY})
#: Those whose words are the tool's own.
_SAME_WORDS = frozenset({EXACT, CONVERTED, MOVED})


class Claims:
    """What the spans of one article are said to be. Making it puts back, and strips of what is said,
    all spans that are right so or may be.
    """

    def __init__(self, text: str, spans: Iterable[Given]) -> None:
        #: By ``id()`` of the span, as in ``Anchors``.
        self.believed: dict[int, Anchor] = {}
        self.units: dict[int, str] = {}
        self.refused = 0
        self._text = text
        self._doubtful: dict[int, Claim] = {}
        claims = [claim for each in spans if (claim := Claim.of(each)) is not None]
        #: How the tool counted, by the name of the unit.
        self._conventions: dict[str, Convention] = {
            unit: _likeliest(found, [each for each in claims if each.unit == unit])
            for unit, found in named(text, {each.unit for each in claims}).items()
            if found
        }
        for claim in claims:
            self._take(claim)

    def _take(self, claim: Claim) -> None:
        number = id(claim.span)
        is_right = self._is_right(claim)
        if is_right is False:
            self.refused += 1
            claim.place_as_given()
            return
        if claim.said.offset_status == EXACT:
            return
        claim.put_back()
        if claim.unit != CODE_POINTS:
            self.units[number] = claim.unit
        if is_right:
            self.believed[number] = claim.anchor
        else:
            self._doubtful[number] = claim

    def _is_right(self, claim: Claim) -> bool | None:
        """Tell whether what is said is right; None if that cannot be told from this span alone."""
        said, status = claim.said, claim.said.offset_status
        convention = self._conventions.get(claim.unit)
        if status not in STATUSES or convention is None:
            return False
        if status in _SAME_WORDS and said.given_surface is not None:
            return False
        is_nowhere = status == UNLOCATED and not claim.has_place
        if not (is_nowhere or self._reads(claim.start, claim.end, claim.text)):
            return False
        if status == EXACT:
            place = said.given_start in (None, claim.start) and said.given_end in (None, claim.end)
            return place and not said.moved
        if status not in _OF_PLACE:
            return self._is_right_without_words(claim, convention)
        if status == CONVERTED:
            return claim.unit != CODE_POINTS and claim.lies_as_given(convention) and said.moved == 0
        if self._is_right_as_given(claim, convention):
            return False
        return (claim.has_its_distance(convention) and claim.has_its_likeness()) or None

    def _is_right_without_words(self, claim: Claim, convention: Convention) -> bool | None:
        """Tell so where there were no words to go by, or where they were not found."""
        said = claim.said
        if said.offset_status == UNLOCATED and claim.given_words is not None:
            return None if said.moved is None and not claim.has_place else False
        start, end = said.given_start, said.given_end
        if (start is None and end is None) or said.given_surface is not None:
            return False
        found = claim.converted(convention)
        if said.offset_status == UNLOCATED:
            is_outside = found is None or found[1] > len(self._text)
            return is_outside and said.moved is None and not claim.has_place
        return found == (claim.start, claim.end) and said.moved == 0

    def _reads(self, start: int | None, end: int | None, words: str | None) -> bool:
        return (
            start is not None
            and end is not None
            and bool(words)
            and words is not None
            and 0 <= start <= len(self._text)
            and end - start == len(words)
            and self._text.startswith(words, start)
        )

    def _is_right_as_given(self, claim: Claim, convention: Convention) -> bool:
        """Tell whether the tool's words stand where the tool had them: then nothing was to be found."""
        said = claim.said
        if said.given_start is None or said.given_end is None:
            return False
        places = (said.given_start, said.given_end), claim.converted(convention)
        return any(each and self._reads(*each, claim.given_words) for each in places)

    @property
    def conventions(self) -> Mapping[int, Convention]:
        """How the tool counted, by ``id()``, the spans that have to be looked for once more, and those
        that have their share in that.
        """
        if not self._doubtful:
            return {}
        counted = {number: self.units.get(number, CODE_POINTS) for number in self.believed}
        counted |= {number: each.unit for number, each in self._doubtful.items()}
        return {number: self._conventions[unit] for number, unit in counted.items()}

    def compare(self, again: Mapping[int, Anchor]) -> None:
        """Believe, of the spans that had to be looked for once more, those that came out as it is said
        of them. Of the others those that have a place in the record are to be looked for from there.
        """
        for number, claim in self._doubtful.items():
            found = again.get(number)
            if found == claim.anchor:
                self.believed[number] = claim.anchor
                continue
            self.refused += 1
            if claim.has_place:
                claim.withdraw()
                self.units.pop(number, None)
            elif found is not None:
                self.believed[number] = found
        self._doubtful.clear()

    @property
    def unit(self) -> str | None:
        """What most of the tool's offsets count, None where that is code points."""
        counts = Counter(unit for number, unit in self.units.items() if number in self.believed)
        return max(counts, key=counts.__getitem__) if counts else None


def take_without_text(spans: Iterable[Given]) -> tuple[dict[int, str], int]:
    """Put back the spans of an article without a text; return the units of their offsets by ``id()``,
    where these are not code points, and how many are said to be what nothing can show.
    """
    units: dict[int, str] = {}
    refused = 0
    for each in spans:
        claim = Claim.of(each)
        if claim is None:
            continue
        said = claim.said
        is_right = said.offset_status == UNVERIFIED and said.moved is None
        if not is_right or claim.has_place or said.given_surface is not None:
            refused += 1
        elif claim.unit != CODE_POINTS:
            units[id(claim.span)] = claim.unit
        claim.place_as_given()
    return units, refused


def _likeliest(conventions: list[Convention], claims: list[Claim]) -> Convention:
    """Return the convention that has most on its side, of those that have one name."""
    if len(conventions) == 1:
        return conventions[0]
    return max(conventions, key=lambda each: sum(claim.lies_as_given(each) for claim in claims))
