"""Where a blank stands between tokens: not in scripts that are written without."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

#: Han, kana and bopomofo with their punctuation and full-width forms; Thai, Lao, Khmer, Burmese.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u31a0-\u31bf\u31f0-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff9f\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)
_WRITTEN = re.compile(f"[{_UNSPACED}]")
_BEGINS = _WRITTEN
_ENDS = re.compile(f"[{_UNSPACED}]\\Z")
_WORD = re.compile(r"[^\W\d_]")


def blanks_between(sentences: Sequence[Sequence[str]]) -> list[bytes]:
    """Return for each token whether a blank comes behind it (1 or 0), at the end of a sentence too.

    In a text most of whose words are of scripts that are written without, there is none beside their
    signs; and if its tokens are single signs, none between those of other scripts (``2 0 1 9``).
    """
    words = unspaced = 0
    for token in chain.from_iterable(sentences):
        if _WORD.search(token):
            words += 1
            unspaced += _WRITTEN.search(token) is not None
    if not words or 2 * unspaced < words:
        return [b"\1" * len(sentence) for sentence in sentences]
    tokens = [*chain.from_iterable(sentences)]
    is_of_signs = 10 * sum(len(token) == 1 for token in tokens) >= 9 * len(tokens)
    blanks = bytes(
        not (
            _ENDS.search(token)
            or _BEGINS.match(following)
            or (is_of_signs and len(token) == len(following) == 1)
        )
        for token, following in zip(tokens, [*tokens[1:], ""], strict=True)
    )
    found, place = [], 0
    for sentence in sentences:
        found.append(blanks[place : place + len(sentence)])
        place += len(sentence)
    return found
