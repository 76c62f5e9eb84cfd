"""Text as it reads when white space, quotes, dashes, case and Unicode form do not count.

Each place of the folded text is known in the original, so that what is found in one is found in the
other.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from datasette_newsgraph.anchoring.scales import MARKS, Scale
from datasette_newsgraph.anchoring.thresholds import MARKS_OF_LETTER

_QUOTES = "\"'`´‘’‚‛“”„‟‹›«»′″＂＇"
_DASHES = "-‐‑‒–—―−－"
_TABLE = {ord(each): "'" for each in _QUOTES} | {ord(each): "-" for each in _DASHES}
#: What may become longer or shorter: white space and what is not seen goes, entities and brackets of
#: tree banks are undone, marks join their letters.
_SPECIAL = re.compile(
    r"\s+"
    r"|&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});"
    r"|-(?:LRB|RRB|LSB|RSB|LCB|RCB)-"
    r"|``|''|\"|--+"
    r"|[\x00-\x7f]?[^\x00-\x7f]+"
)
_BRACKETS = {"LRB": "(", "RRB": ")", "LSB": "[", "RSB": "]", "LCB": "{", "RCB": "}"}
#: A character with the marks that follow it. Ordering marks takes the square of their number.
_CLUSTER = re.compile(f"(?s).[{MARKS}]{{0,{MARKS_OF_LETTER}}}")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f]")


@lru_cache(maxsize=65536)
def _fold_cluster(cluster: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    return "".join(_UNSEEN.sub("", folded).replace("…", "...").translate(_TABLE).split())


class FoldedText:
    """A text folded, with the way back."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.scale = Scale(len(text))
        self.text = _SPECIAL.sub(self._fold, text).lower().translate(_TABLE)

    def _fold(self, match: re.Match[str]) -> str:
        piece, place = match.group(), match.start()
        first = piece[0]
        if first.isspace():
            self.scale.add(place, len(piece), 0)
            # A blank may be followed by what is no blank only in the last alternative.
            return ""
        if piece.isascii():
            folded = _fold_sign(piece)
            if len(folded) != len(piece):
                self.scale.add(place, len(piece), len(folded))
            return folded
        return "".join(self._fold_run(piece, place))

    def _fold_run(self, run: str, place: int) -> list[str]:
        folded: list[str] = []
        for match in _CLUSTER.finditer(run):
            cluster = match.group()
            one = _fold_cluster(cluster)
            if len(one) != len(cluster):
                self.scale.add(place + match.start(), len(cluster), len(one))
            folded.append(one)
        return folded

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that a span of the folded text is, without the white space
        around it.
        """
        begin, stop = self.scale.span(start, end)
        return begin, max(begin, stop)


def _fold_sign(sign: str) -> str:
    undone = _undo_sign(sign)
    if undone != sign:
        return fold(undone)
    # Two single quotes for a double one, two hyphens for a dash.
    return "-" if sign[0] == "-" else "'"


def _undo_sign(sign: str) -> str:
    if sign[0] == "&":
        return html.unescape(sign)
    return _BRACKETS.get(sign[1:-1], sign)


def undo(words: str) -> str:
    """Return words with entities and the brackets of tree banks as the characters that they stand
    for.
    """
    return _SPECIAL.sub(
        lambda match: _undo_sign(match.group()) if match.group()[0] in "&-" else match.group(),
        words,
    )


def fold(words: str) -> str:
    """Return words as they read in a folded text."""
    return FoldedText(words).text


def reads_alike(words: str, surface: str) -> bool:
    """Tell whether words of the text are those of ``surface`` once both are folded.

    A letter or two must be the same but for white space: "A" is not "a", though it may be. White
    space inside of what is folded to one sign ("& amp ;") is none, either.
    """
    if "".join(words.split()) == "".join(surface.split()):
        return True
    folded = fold(surface)
    return len(folded) > 2 and fold(words) == folded
