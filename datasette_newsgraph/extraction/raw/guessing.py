"""Guess the encoding of a text in another script than ours, of which nothing says what it is."""

from __future__ import annotations

import codecs

#: Of these one is told from the others by its bytes. Of Latin scripts that is not so.
_ENCODINGS = {
    "cp932": "Shift_JIS",
    "shift_jis": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB18030",
    "big5": "Big5",
    "euc_kr": "EUC-KR",
    "koi8_r": "KOI8-R",
    "cp1251": "Windows-1251",
    "iso8859_7": "ISO-8859-7",
    "cp1253": "Windows-1253",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
}
#: So much of a text in a Latin script is no letter of ASCII at most.
_MOST = 0.3
#: Fewer bytes tell nothing.
_LEAST = 8
_ASCII_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_ENOUGH = 1 << 16


def is_of_another_script(raw: bytes) -> bool:
    """Tell whether bytes that are not UTF-8 are for the most part no Latin letters.

    >>> is_of_another_script("Сегодня в Москве".encode("koi8-r"))
    True
    >>> is_of_another_script("Größe der Straße".encode("cp1252"))
    False
    """
    head = raw[:_ENOUGH]
    high = sum(byte > 127 for byte in head)
    letters = sum(byte in _ASCII_LETTERS for byte in head)
    return high >= _LEAST and high > _MOST * (high + letters)


def guess(raw: bytes) -> str | None:
    """Return the name of the encoding of a text in another script; None if it cannot be told, or the
    library that tells it is not installed: it comes with the extra ``extract``.
    """
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return None
    found = from_bytes(
        raw[:_ENOUGH], cp_isolation=list(_ENCODINGS), preemptive_behaviour=False
    ).best()
    if found is None:
        return None
    name = codecs.lookup(found.encoding).name
    return _ENCODINGS.get(name.replace("-", "_")) or _ENCODINGS.get(found.encoding, found.encoding)
