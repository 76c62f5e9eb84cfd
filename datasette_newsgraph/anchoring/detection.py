"""Find out what the offsets of an article count, from the words that its spans are said to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from datasette_newsgraph.anchoring.conventions import (
    Convention,
    Convert,
    by_characters,
    by_escapes,
    by_tokens,
    hinted,
    plain,
)
from datasette_newsgraph.anchoring.thresholds import (
    CONVENTION_GAIN,
    CONVENTION_WITNESSES,
    RIGHT_BY_CHANCE,
    SAMPLED_SPANS,
)
from datasette_newsgraph.anchoring.units import CODE_POINTS, Unit

#: (start, end, surface) as given.
Triple = tuple[int, int, str]


class Detected(NamedTuple):
    """The convention of an article."""

    #: For spans with words, which show whether it is the right one.
    said: Convention
    #: For spans without words and zones: one span that is wrong must not spoil them all.
    unsaid: Convention


def detect(text: str, right: Sequence[Triple], wrong: Sequence[Triple], unit: Unit) -> Detected:
    """Return the convention under which most spans read their surface.

    ``right`` are spans that do so as code points, ``wrong`` are all others. Between equals the
    expected ``unit`` is taken, then code points. Any other needs two different spans that only it
    makes right to be taken for spans without words.
    """
    own = plain(text)
    default = own if unit == CODE_POINTS else hinted(text, unit)
    if not right and not wrong:
        return Detected(default, default)
    expected, best = _best(text, right, wrong, own, default)
    samples = [*_sample(right), *_sample(wrong)]
    gain = _different(text, samples, best) - _different(text, samples, expected)
    return Detected(best, best if gain >= CONVENTION_WITNESSES else expected)


def _best(
    text: str,
    right: Sequence[Triple],
    wrong: Sequence[Triple],
    own: Convention,
    default: Convention,
) -> tuple[Convention, Convention]:
    """Return the better one of the two that are expected, and the best of all."""
    total = len(right) + len(wrong)
    some_right, some_wrong = _sample(right), _sample(wrong)

    def matches(convention: Convention) -> float:
        count = 0.0
        for triples, sample in ((right, some_right), (wrong, some_wrong)):
            if sample:
                count += _count(text, sample, convention.convert) * len(triples) / len(sample)
        return count

    best, best_count = default, matches(default)
    if default is not own and len(right) > best_count:
        best, best_count = own, len(right)
    expected = best
    if best_count >= total:
        return expected, best
    least = best_count + max(1.0, CONVENTION_GAIN * (total - best_count))
    for convention in _likely(text, right, wrong):
        count = matches(convention)
        if count <= best_count or count < least - 1e-9:
            continue
        if convention.is_odd and (count * 2 <= total or (count < 2 and total > 1)):
            continue
        best, best_count = convention, count
    return expected, best


def _sample(triples: Sequence[Triple]) -> Sequence[Triple]:
    return triples[:: max(1, len(triples) // SAMPLED_SPANS)]


def _count(text: str, triples: Iterable[Triple], convert: Convert) -> int:
    count = 0
    for start, end, surface in triples:
        span = convert(start, end)
        if span is not None and span[1] - span[0] == len(surface):
            count += text.startswith(surface, span[0])
    return count


def _different(text: str, triples: Iterable[Triple], convention: Convention) -> int:
    """Return how many different spans a convention makes right."""
    return _count(text, set(triples), convention.convert)


def _likely(text: str, right: Sequence[Triple], wrong: Sequence[Triple]) -> Iterator[Convention]:
    """Return the conventions that these spans may be in, the likelier first."""
    counted = list(by_characters(text))
    yield from (convention for convention, _ in counted)
    yield from by_escapes(text)
    if len(right) > RIGHT_BY_CHANCE * len(wrong):
        return
    # What begins at 1, includes the end or counts tokens is never right as it is, but by chance.
    for _, others in counted:
        yield from others
    if _may_be_tokens(wrong):
        yield from by_tokens(text)


def _may_be_tokens(wrong: Sequence[Triple]) -> bool:
    # Tokens are fewer than characters: most numbers must be small for their surfaces to be tokens.
    sample = _sample(wrong)
    return sum(end - start < len(surface) for start, end, surface in sample) * 2 > len(sample)
