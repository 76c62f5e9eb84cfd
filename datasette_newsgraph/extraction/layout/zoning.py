"""Tell of each block of a text which zone it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from datasette_newsgraph.article import Zone, ZoneName
from datasette_newsgraph.extraction.layout import bylines, captions, date_lines, navigation
from datasette_newsgraph.extraction.layout.blocks import Block
from datasette_newsgraph.extraction.layout.press_datelines import end_of_press_dateline

#: Code points of the longest title, and of the longest standfirst.
_LONGEST_TITLE, _LONGEST_STANDFIRST = 220, 400
#: Words of the longest line that is no sentence: below the first line of a footer, it is of the footer.
_SHORT = 14
#: Blocks above the story that are looked at for what stands there.
_HEAD = 14
_AGENCY = r"\((?:[A-Z][\w.& /-]{1,30})\)"
_DATELINE = re.compile(
    r"(?:[A-Z][A-Z.'’-]{2,}(?:[ -][A-Z][A-Z.'’-]+){0,3}(?:/[A-Z][A-Z .'’-]+)?"
    r"(?:,\s(?:[A-Z][\w.'’-]*\s?){1,4})?"
    r"(?:,\s(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov"
    r"|Dec)[a-z]*\.?\s\d{1,2}(?:,?\s\d{4})?)?"
    rf"(?:,?\s{_AGENCY})?\s?(?:[–—―]|--|\s-\s|-\s)\s?"
    rf"|[A-Z][\w.'’-]+(?:\s[A-Z][\w.'’-]+){{0,3}}(?:,\s(?:[A-Z][\w.'’-]*\s?){{1,4}})?"
    rf"(?:,\s[A-Z][a-z]+\.?\s\d{{1,2}}(?:,?\s\d{{4}})?)?,?\s{_AGENCY}\s?(?:[–—―:-]|--)\s?"
    rf"|{_AGENCY}\s?(?:[–—―-]|--)\s)"
)
_ABBREVIATED_END = re.compile(r"\b(?:[A-Z]\.)+$|\b(?:Jr|Sr|Inc|Ltd|Co|Corp|etc)\.$")
_LETTERS = re.compile(r"[^\W\d_]{2}")


def zones_of(blocks: list[Block], given_title: str | None = None) -> list[Zone]:
    """Return the zones of a text by its blocks; what is left out is body."""
    zones: dict[int, ZoneName] = {}
    first = _read_head(blocks, zones, given_title)
    for index in range(first, len(blocks)):
        if zone := _in_story(blocks[index]):
            zones[index] = zone
    _read_foot(blocks, zones, first)
    found = [
        Zone(zone=zones[index], start=blocks[index].start, end=blocks[index].end)
        for index in sorted(zones)
    ]
    dateline = _dateline(blocks[first:], zones, first)
    return sorted([*found, *dateline], key=lambda zone: zone.start)


def _read_head(blocks: list[Block], zones: dict[int, ZoneName], given_title: str | None) -> int:
    """Find what stands above the story, and return the index of its first block."""
    title = _title(blocks, zones, given_title)
    if title is None:
        return 0
    zones[title] = "title"
    story = index = title + 1
    pending: list[int] = []
    for index in range(title + 1, min(len(blocks), title + _HEAD)):
        block = blocks[index]
        zone = _above_story(block) or _in_story(block)
        if zone is not None:
            zones[index] = zone
            if zone in ("byline", "dateline") and pending:
                # What stands between a title and the names of its authors sums the story up.
                zones.update(dict.fromkeys(pending, "standfirst"))
                pending = []
            story = index + 1 if not pending else story
        elif captions.is_unfinished(block.words) and not pending:
            zones[index] = "caption"
            story = index + 1
        elif len(pending) < 2 and len(block.words) <= _LONGEST_STANDFIRST:
            pending.append(index)
        else:
            break
    first = pending[0] if pending else story
    if pending and _is_standfirst(blocks, pending[0]):
        zones[pending[0]] = "standfirst"
        first = pending[0] + 1
    return min(first, len(blocks))


def _is_standfirst(blocks: list[Block], index: int) -> bool:
    """Tell whether the first block of a story has neither the end nor the length of a paragraph, and
    paragraphs follow it.
    """
    block, rest = blocks[index], blocks[index + 1 : index + 3]
    return (
        not block.ends_sentence
        and 5 <= len(block.words.split()) <= 40
        and any(each.ends_sentence for each in rest)
    )


def _title(blocks: list[Block], zones: dict[int, ZoneName], given_title: str | None) -> int | None:
    """Find the title, marking what stands above it, and return its index; None if there is none."""
    wanted = _letters_of(given_title) if given_title else ""
    above: dict[int, ZoneName] = {}
    for index, block in enumerate(blocks[:_HEAD]):
        if wanted and _letters_of(block.words) == wanted:
            zones.update(above)
            return index
        zone = _above_title(block, blocks[index + 1 :][:1])
        if zone is not None:
            above[index] = zone
        elif not wanted:
            zones.update(above)
            return index if _may_be_title(block) and index + 1 < len(blocks) else None
    if not wanted:
        zones.update(above)
    return None


def _letters_of(words: str) -> str:
    return re.sub(r"[\W_]+", "", words).casefold()


def _may_be_title(block: Block) -> bool:
    words = block.words
    if len(words) > _LONGEST_TITLE or not _LETTERS.search(words):
        return False
    # Two sentences are no title, nor is one that ends with a full stop behind a word.
    return not words.endswith((".", ":", ";")) or bool(_ABBREVIATED_END.search(words))


def _above_title(block: Block, behind: list[Block]) -> ZoneName | None:
    if not behind:
        return None
    is_masthead = navigation.is_masthead(block.words) and _may_be_title(behind[0])
    if is_masthead or navigation.path_in(block.words):
        return "breadcrumb"
    if captions.is_caption(block.words, ends_sentence=block.ends_sentence):
        return "caption"
    return _above_story(block)


def _above_story(block: Block) -> ZoneName | None:
    """Return what a block is that names authors, dates or sections, as stand above a story."""
    if date_lines.is_date_line(block.words):
        return "dateline"
    if bylines.is_byline(block.words):
        return "byline"
    if len(block.words) <= 40 and len(navigation.path_in(block.words)) > 1:
        return "breadcrumb"
    return None


def _in_story(block: Block) -> ZoneName | None:
    """Return what a block is that may stand anywhere among the paragraphs."""
    if navigation.is_promotion(block.words):
        return "promotion"
    if captions.is_caption(block.words, ends_sentence=block.ends_sentence):
        return "caption"
    return None


def _read_foot(blocks: list[Block], zones: dict[int, ZoneName], first: int) -> None:
    """Find what stands below the story: from the first line of a footer on, if no paragraph follows."""
    begin = len(blocks)
    for index in range(len(blocks) - 1, first, -1):
        block = blocks[index]
        if bylines.is_credit_of_reporters(block.words):
            zones[index] = "byline"
        elif navigation.begins_footer(block.words):
            begin = index
        elif zones.get(index) not in ("caption", "promotion") and not _is_short(block):
            break
    for index in range(begin, len(blocks)):
        if zones.get(index) != "byline":
            zones[index] = "footer"


def _is_short(block: Block) -> bool:
    return not block.ends_sentence and len(block.words.split()) <= _SHORT


def _dateline(blocks: Iterable[Block], zones: dict[int, ZoneName], first: int) -> list[Zone]:
    """Return the place, and date, before the first paragraph of a story."""
    for index, block in enumerate(blocks, first):
        if index in zones:
            continue
        end = end_of_press_dateline(block.words)
        if not end:
            found = _DATELINE.match(block.words)
            end = len(found[0].rstrip()) if found else date_lines.end_of_leading_date(block.words)
        if not 0 < end < len(block.words):
            return []
        return [Zone(zone="dateline", start=block.start, end=block.start + end)]
    return []
