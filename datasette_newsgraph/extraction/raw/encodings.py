"""Bytes of a text become characters: UTF-8, else what the bytes themselves or the page say, else what
they look like.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from datasette_newsgraph.extraction.raw.guessing import guess, is_of_another_script

#: Byte order marks, the longer ones first: one of UTF-32 begins as one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF32_LE, "UTF-32-LE"),
    (codecs.BOM_UTF32_BE, "UTF-32-BE"),
    (codecs.BOM_UTF16_LE, "UTF-16-LE"),
    (codecs.BOM_UTF16_BE, "UTF-16-BE"),
)
#: Without a mark: every other byte of a text in Latin letters is none.
_WIDE = (
    (re.compile(rb"(?:[^\x00]\x00){4}"), "UTF-16-LE"),
    (re.compile(rb"(?:\x00[^\x00]){4}"), "UTF-16-BE"),
)
UTF_8 = "UTF-8"
#: What most texts in Latin letters are that are not UTF-8. Bytes without a letter become U+FFFD.
OTHERWISE = "Windows-1252"


class Decoded(NamedTuple):
    """A text without its byte order mark and without NULs, and the encoding it was in. ``is_guessed``
    tells that nothing in the file says so.
    """

    text: str
    encoding: str
    is_guessed: bool = False


def decode(raw: bytes, stated: str | None = None) -> Decoded:
    """Return the text of a file; ``stated`` is the encoding that it says to be in, which counts where
    the bytes are not UTF-8. NULs become U+FFFD.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decoded(raw[len(mark) :], encoding)
    for begins, encoding in _WIDE:
        if begins.match(raw):
            return _decoded(raw, encoding)
    try:
        return Decoded(raw.decode("utf-8").replace("\0", "\ufffd"), UTF_8)
    except UnicodeDecodeError:
        pass
    try:
        if stated is not None and codecs.lookup(stated).name != "utf-8":
            return _decoded(raw, stated)
    except (LookupError, ValueError):
        # No encoding of this name, or none of texts.
        pass
    guessed = guess(raw) if is_of_another_script(raw) else None
    return _decoded(raw, guessed or OTHERWISE)._replace(is_guessed=True)


def _decoded(raw: bytes, encoding: str) -> Decoded:
    return Decoded(raw.decode(encoding, "replace").replace("\0", "\ufffd"), encoding)
