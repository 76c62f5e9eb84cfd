"""The numbers by which anchoring decides, and why they are what they are.

With more room for a repair more spans are found, and more are put on the wrong words. What bounds the
work is there for articles that would take hours. ``docs/anchoring.md`` prints this table.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated, NamedTuple, get_args, get_type_hints

_UNIT = "The unit of an article"
_PLACE = "Where a span is expected"
_NEAR = "Near its place"
_ANYWHERE = "Anywhere in the text"
_ALIKE = "Words that are alike"
_SOUGHT = "Names without a place"
_WORK = "The work for one article"

# The unit of an article

SAMPLED_SPANS: Annotated[
    int, _UNIT, "So many spans are tried under each unit. More of them say nothing new."
] = 1000
CONVENTION_GAIN: Annotated[
    float,
    _UNIT,
    "Another unit than the expected one must make this part of the wrong spans right: in a text with"
    " accents, one or two of many displaced spans are right in it by chance.",
] = 0.34
CONVENTION_WITNESSES: Annotated[
    int,
    _UNIT,
    "So many different spans must speak for a unit before spans without words go by it. One span"
    " that is wrong must not spoil them all.",
] = 2
RIGHT_BY_CHANCE: Annotated[
    float,
    _UNIT,
    "So many right spans to a wrong one are chance: tokens, and offsets from 1, are still thought of.",
] = 0.25
FARTHEST_OFFSET: Annotated[
    int, _UNIT, "Larger offsets are taken for this one, so that their differences can be stored."
] = 1 << 60

# Where a span is expected

PASSAGE: Annotated[
    int,
    _PLACE,
    "A span that is longer than its words by more code points is a passage that has the words"
    " somewhere.",
] = 8
TELLING_WORDS: Annotated[
    int,
    _PLACE,
    "Words of so many code points that the text has once show how far the offsets are displaced.",
] = 3
NEIGHBOURS_ASKED: Annotated[
    int, _PLACE, "So many neighbours on each side of a span are asked for their displacement."
] = 4
NEIGHBOURS_AGREEING: Annotated[
    int, _PLACE, "So many of them must agree: displacements at random do not."
] = 3
SAME_DISPLACEMENT: Annotated[
    int, _PLACE, "Displacements that differ by so many code points still agree."
] = 2
SLOPE_STEPS: Annotated[
    int,
    _PLACE,
    "Displacements that grow or shrink all the way, in so many steps, are a slope: a text in which"
    " every blank was two.",
] = 8
SLOPE_ONE_WAY: Annotated[float, _PLACE, "This part of the steps of a slope must go its way."] = 0.85
SLOPE_NEIGHBOURS: Annotated[
    int, _PLACE, "On a slope, the middle one of so many neighbours on each side counts."
] = 3
ORDERED_PAIRS: Annotated[
    int, _PLACE, "So many pairs of mentions of one entity can show that the list has their order."
] = 4
ORDERED_SHARE: Annotated[
    float,
    _PLACE,
    "This part of the pairs must ascend. Then the order of the list says more than the offsets.",
] = 0.8

# Near its place

WINDOW: Annotated[
    int,
    _NEAR,
    "A span is looked for within so many code points of its place before all of the text is"
    " searched: about a sentence.",
] = 50
NEAR_OCCURRENCES: Annotated[
    int, _NEAR, "So many occurrences on each side of the place are looked at."
] = 12
CUT_WORD: Annotated[
    int,
    _NEAR,
    "An occurrence that cuts a word, or is part of another mention, is taken if others are more code"
    " points farther.",
] = 25
NO_PLACE: Annotated[
    float,
    _NEAR,
    "What it costs to leave a span without a place, in code points: more than any distance, so that as"
    " many spans as possible get one.",
] = 10_000.0
LONGER_VALUE: Annotated[
    int,
    _NEAR,
    "The words for a date or a number are not longer by more code points than twice the value.",
] = 80
LONGEST_VALUE: Annotated[
    int, _NEAR, "Words and values of more code points are not compared as dates and numbers."
] = 80
COVERING_MENTION: Annotated[
    int, _NEAR, "Mentions of more code points keep no others out of their place."
] = 200

# Anywhere in the text

SHORTEST_ANYWHERE: Annotated[
    int,
    _ANYWHERE,
    "Words of fewer code points are looked for as whole words of the same case only: US is not us.",
] = 4
SKIPPED_OCCURRENCES: Annotated[
    int, _ANYWHERE, "So many occurrences in other mentions are passed over for one that is apart."
] = 50
CUT_OCCURRENCES: Annotated[
    int, _ANYWHERE, "So many occurrences that cut a word are looked at for one that begins a word."
] = 20
WORD_SLACK: Annotated[
    int,
    _ANYWHERE,
    "The distance between two words may differ by so many code points where white space does not"
    " count.",
] = 10

# Words that are alike

SHORTEST_ALIKE: Annotated[
    int, _ALIKE, "Words of fewer code points are too easily taken for others."
] = 4
LONGEST_ALIKE: Annotated[int, _ALIKE, "Words of more code points take too long to compare."] = 1000
LETTERS_PER_ERROR: Annotated[
    int,
    _ALIKE,
    "One of so many letters may be another one. In the very place of a span one letter may differ in"
    " any case.",
] = 8
TELLING_LIKENESS: Annotated[
    int,
    _ALIKE,
    "Words of so many code points are told by their likeness. What is like shorter words, and is"
    " another mention, is somebody else: Iraq is not Iran.",
] = 8
LIKELY_PLACE: Annotated[
    int, _ALIKE, "Words that are alike are looked for within so many code points first."
] = 2
ROOM_PER_LETTERS: Annotated[
    int,
    _ALIKE,
    "For so many code points of a span, its words are looked for one code point farther.",
] = 8
ASIDE: Annotated[
    int,
    _ALIKE,
    "Words may begin or end so many code points beside the likeliest place, if it cuts no word.",
] = 4
LONGEST_WORD: Annotated[
    int, _ALIKE, "Within so many code points a word is expected to begin and to end."
] = 40

# Names without a place

ACRONYM: Annotated[
    int,
    _SOUGHT,
    "A name of so many capital letters or fewer is an acronym, which has its capital letters in the"
    " text, too: “us” is not “US”.",
] = 5
SHARED_NAME: Annotated[
    int, _SOUGHT, "Of more entities that share a name, nothing says which of them is meant."
] = 3

# The work for one article

SHORT_PASSAGE: Annotated[
    int,
    _WORK,
    "A passage of so many code points is searched letter by letter, a longer one by its words.",
] = 2000
COMPETING_SPANS: Annotated[
    int,
    _WORK,
    "So many spans that compete for the same occurrences get them at the least total distance: the"
    " work is the square of their number. More are served in their order.",
] = 60
LONG_TEXT: Annotated[
    int,
    _WORK,
    "Of a text of more code points, only the words that are wanted are kept, and only the parts where"
    " something is missing are folded.",
] = 1_000_000
FEW_SURFACES: Annotated[int, _WORK, "For more surfaces, all words of a long text are kept."] = 1000
SEARCHED_LENGTH: Annotated[
    int, _WORK, "Of a surface, the words within so many code points are looked up."
] = 400
FEW_OCCURRENCES: Annotated[
    int, _WORK, "Of fewer occurrences of the rarest word, each is looked at."
] = 4
SEARCH_STEPS: Annotated[
    int,
    _WORK,
    "All searches of an article together look at so many occurrences. What is left then is found near"
    " its place only.",
] = 2_000_000
STEPS_PER_CHARACTER: Annotated[
    int, _WORK, "They look at so many more for each code point of the text."
] = 2
COMPARED_PER_STEP: Annotated[
    int, _WORK, "So many code points of a surface are compared at the price of one occurrence."
] = 256
SCANNED_PER_STEP: Annotated[
    int, _WORK, "So many code points of the text are searched at the price of one occurrence."
] = 8
TRIES: Annotated[int, _WORK, "So many spans of an article are looked for by likeness."] = 1000
CHARACTERS_PER_TRY: Annotated[
    int, _WORK, "One more span is, for so many code points of the text."
] = 100
FOLDED_MARGIN: Annotated[
    int, _WORK, "So many code points beside a part are folded with it, so that nothing is torn."
] = 100
MARKS_OF_LETTER: Annotated[
    int,
    _WORK,
    "So many marks of one letter are read. To order them takes the square of their number.",
] = 30
SCALE_PART: Annotated[
    int,
    _WORK,
    "Units are counted in parts of so many code points, where a longer text is asked for.",
] = 8192


class Threshold(NamedTuple):
    """A line of the table: what it is for, its name, its value, and the reason."""

    stage: str
    name: str
    value: float
    reason: str


def table() -> Iterator[Threshold]:
    """Yield all thresholds in the order in which they stand here."""
    module = sys.modules[__name__]
    for name, hint in get_type_hints(module, include_extras=True).items():
        _, stage, reason = get_args(hint)
        yield Threshold(stage, name, getattr(module, name), reason)
