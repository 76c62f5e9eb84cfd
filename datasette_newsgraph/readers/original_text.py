"""Put an article's original text in the place of one that a tool's tokens were joined to.

Both read the same but for white space, maybe with more before and behind: then every span goes with
its characters. Where they differ otherwise, anchoring finds the spans by their words.
"""

from __future__ import annotations

from bisect import bisect_left

from datasette_newsgraph.anchoring.units import CODE_POINTS, converter
from datasette_newsgraph.article import Article, Entity, Evidence, Mention, Quote, Zone
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers import Parsed

_Spanned = Mention | Evidence | Quote | Zone


def set_original(parsed: Parsed, text: str) -> None:
    """Make ``text`` the text of the article; spans are carried over from the one it had."""
    article = parsed.article
    before = article.text
    article.text = text
    if before:
        carrying = _Carrying(before, text)
        to_place = converter(before, parsed.unit)
        renamed: dict[tuple[str, str], str] = {}
        for entity, each in _spans(article):
            start = None if each.start is None else to_place(each.start)
            end = None if each.end is None else to_place(each.end)
            if start is None or end is None or start >= end:
                continue
            carrying.carry(each, start, end)
            if entity is not None and not isinstance(each, Zone) and each.text:
                renamed[entity.id, collapse(before[start:end])] = collapse(each.text)
        for entity in article.entities:
            _rename(entity, renamed)
        if carrying.is_exact:
            parsed.unit = CODE_POINTS
    parsed.is_joined = False


def _spans(article: Article) -> list[tuple[Entity | None, _Spanned]]:
    found: list[tuple[Entity | None, _Spanned]] = [
        (entity, each) for entity in article.entities for each in entity.mentions
    ]
    found += [(None, each) for relation in article.relations for each in relation.evidence]
    found += [(None, each) for each in article.quotes]
    found += [(None, each) for each in article.zones]
    return found


class _Carrying:
    """The places of the characters that are no white space, in both texts."""

    def __init__(self, before: str, after: str) -> None:
        self.before, self.after = before, after
        #: How many characters of the original come before those of the joined text.
        self._shift = _squeeze(after).find(_squeeze(before))
        self.is_exact = self._shift >= 0
        self._from = _places(before) if self.is_exact else []
        self._to = _places(after) if self.is_exact else []

    def carry(self, each: _Spanned, start: int, end: int) -> None:
        """Set the offsets and, if it was given, the surface of a span of the joined text."""
        words = self.before[start:end]
        if self.is_exact:
            first, beyond = bisect_left(self._from, start), bisect_left(self._from, end)
            if first >= beyond:
                return
            each.start = self._to[first + self._shift]
            each.end = self._to[beyond - 1 + self._shift] + 1
        if isinstance(each, Zone):
            return
        if each.text is None:
            # The tool's own tokens: what it says stands there.
            each.text = words
        if self.is_exact and _squeeze(each.text) == _squeeze(words):
            each.text = self.after[each.start : each.end]


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _places(text: str) -> list[int]:
    return [place for place, character in enumerate(text) if not character.isspace()]


def _rename(entity: Entity, renamed: dict[tuple[str, str], str]) -> None:
    """Let a name that was read from tokens be as the original has it."""
    entity.name = renamed.get((entity.id, entity.name), entity.name)
    aliases = (renamed.get((entity.id, each), each) for each in entity.aliases)
    entity.aliases = [each for each in dict.fromkeys(aliases) if each != entity.name]
