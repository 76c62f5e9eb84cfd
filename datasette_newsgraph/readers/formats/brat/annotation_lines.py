"""Tell the annotations of an annotation file apart, where words of some go on over the end of a line.

brat writes an annotation a line, and no line break in the words of a span. Other tools write the words
as the text has them: then the next lines go on with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

#: Words of more characters are too long for a name, wherever their lines end.
_LONGEST = 1000
_SPAN = re.compile(r"T\d+\S*\t\S+[ \t]+(\d{1,18} \d{1,18}(?:;\d{1,18} \d{1,18})*)\t(.*)", re.ASCII)
_ANNOTATION = re.compile(r"(?:\*|[A-Z#]\d+\S*)\t", re.ASCII)


def annotations_of(written: str, text: str | None) -> Iterator[tuple[int, str]]:
    """Yield each annotation with the number of its first line, without line ends and blank lines."""
    lines = written.split("\n")
    number = 0
    while number < len(lines):
        words, count = _with_the_next(lines, number, text)
        if words.strip():
            yield number + 1, words
        number += count


def _with_the_next(lines: Sequence[str], number: int, text: str | None) -> tuple[str, int]:
    """Return the annotation that begins at a line, and how many lines it has."""
    line = lines[number].rstrip("\r")
    found = _SPAN.fullmatch(line)
    if found is None:
        return line, 1
    fragments = [[int(each) for each in pair.split(" ")] for pair in found[1].split(";")]
    length = sum(end - start for start, end in fragments) + len(fragments) - 1
    if not len(found[2]) < length <= _LONGEST:
        return line, 1
    if text is not None and len(fragments) == 1:
        start, end = fragments[0]
        read = text[start:end]
        count = read.count("\n") + 1
        given = [found[2], *(each.rstrip("\r") for each in lines[number + 1 : number + count])]
        if [each.rstrip("\r") for each in read.split("\n")] == given:
            return line[: found.start(2)] + read, count
    return _as_long_as_given(lines, number, line[: found.start(2)], length)


def _as_long_as_given(
    lines: Sequence[str], number: int, begin: str, length: int
) -> tuple[str, int]:
    """Return the annotation with the next lines if its words then are as long as its place, and none of
    these looks like an annotation.
    """
    words, count = lines[number][len(begin) :], 1
    while len(words.rstrip("\r")) < length and number + count < len(lines):
        following = lines[number + count]
        if _ANNOTATION.match(following):
            break
        words += "\n" + following
        count += 1
    words = words.rstrip("\r")
    # A blank line may be the end of the file.
    if len(words) == length and not words[-1].isspace():
        return begin + words, count
    return lines[number].rstrip("\r"), 1
