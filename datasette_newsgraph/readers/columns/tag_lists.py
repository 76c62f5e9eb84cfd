"""Names from a list of tags, one for each token, as JSON has them beside a list of tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datasette_newsgraph.article import Entity
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.columns.spacing import blanks_between
from datasette_newsgraph.readers.columns.tags import OUTSIDE, Scheme, Tag, spans, tag_of
from datasette_newsgraph.readers.tokens import JoinedText

_SCHEMES: tuple[Scheme, ...] = ("prefixed", "suffixed")
#: So much of a tag is shown.
_SHOWN = 60
_OUTSIDE = ("O", "", "_", "-")


def joined(tokens: Sequence[str]) -> JoinedText:
    """Return the text of the tokens of one record; raises RecordError where it has none."""
    text = JoinedText([tokens], blanks_between([tokens]))
    if not text.text:
        raise RecordError("no entities in it, and no tokens")
    return text


def check_lengths(tokens: Sequence[str], tags: Sequence[str], called: str) -> None:
    """Raise RecordError unless each token has a tag."""
    if len(tokens) != len(tags):
        raise RecordError(
            f"has {len(tokens)} tokens and {len(tags)} {called}: one is needed for each"
        )


def add_names(
    building: Building, text: JoinedText, tags: Sequence[str | None], called: str
) -> list[Entity | None]:
    """Add the names that the tags make, and return their entities in the order of the text. What is
    no tag of the scheme is a fault, and no name goes on over it.
    """
    found: list[Entity | None] = []
    for first, end, label in spans(_read(building, tags, called)):
        span = text.span(first, end)
        start, stop, surface = span or (None, None, None)
        found.append(
            building.mention(f"{called}[{first}]", tags[first], label, start, stop, surface)
        )
    return found


def _read(building: Building, given: Sequence[str | None], called: str) -> Iterator[Tag]:
    scheme: Scheme = "labels"
    for each in _SCHEMES:
        if any(tag_of(tag, each, ()) for tag in given if tag):
            scheme = each
            break
    is_cut = False
    for number, tag in enumerate(given):
        taken = tag_of(tag or "O", scheme, _OUTSIDE)
        if taken is None:
            shown = (tag or "")[:_SHOWN]
            building.fault(f"{called}[{number}]: {shown!r} is no tag", tag)
            yield OUTSIDE
        else:
            yield taken.beginning() if is_cut else taken
        is_cut = taken is None
