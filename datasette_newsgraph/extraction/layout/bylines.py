"""Lines that name who wrote: ``By Ana Ruiz and Tom Li, Reuters``, ``Reporting by …``."""

from __future__ import annotations

import re

_LONGEST = 160
_NAME = (
    r"[^\W\d_][\w.'’-]*(?:[ \u00a0](?:(?:de|da|del|della|der|di|dos|van|von|den|bin|ibn|al"
    r"|el|la|le|ter|ten|zu|af)[ -])*[^\W\d_a-z][\w.'’-]*){0,4}"
)
_BY = re.compile(
    r"(?:(?:written|reported|posted|published|edited|story|report|text|words|analysis"
    r"|opinion|comment)\s+)?by[:\s]+",
    re.IGNORECASE,
)
_REPORTING = re.compile(
    r"\(?(?:additional |further )?(?:reporting|writing|report|edited|editing|compiled"
    r"|written)\s+(?:and (?:writing|editing)\s+)?by\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:,|;|&|\band\b|\bwith\b)\s*")
#: What else stands in a byline, and is no name of somebody.
_ROLE = re.compile(
    r"\b(?:correspondent|reporter|editor|writer|staff|agenc(?:y|ies)|news|press|service"
    r"|desk|columnist|bureau|"
    r"reuters|afp|ap|associated|bbc|cnn|post|times|guardian|journal|tribune|analyst"
    r"|producer|online|"
    r"author|contributor|updated?|published|min read|chief|team|media|tv|television|radio"
    r"|newspaper|"
    r"today|daily|wire|wires|in|for|of|at|the)\b",
    re.IGNORECASE,
)


def is_byline(words: str) -> bool:
    """Tell whether a line names the authors.

    >>> is_byline("By Ana Ruiz in Lima"), is_byline("By then it was late, and nobody had come.")
    (True, False)
    """
    if len(words) > _LONGEST:
        return False
    found = _BY.match(words)
    if found is None:
        return False
    rest = words[found.end() :]
    # A sentence that begins with "By": a verb in it, or its end, tells.
    return (
        rest[:1].isupper()
        and (not rest.endswith((".", "!", "?", ":")) or len(rest) < 40)
        and (bool(re.match(_NAME, rest)) and _capitals(rest) >= 0.5)
    )


def is_credit_of_reporters(words: str) -> bool:
    """Tell whether a block below a story names reporters and editors, as agencies do."""
    return len(words) <= 400 and _REPORTING.match(words) is not None


def authors_in(words: str) -> list[str]:
    """Return the names of a byline.

    >>> authors_in("By Ana Ruiz and Tom Li, Reuters")
    ['Ana Ruiz', 'Tom Li']
    >>> authors_in("(Reporting by Jo Ott; Editing by Al Ray)")
    ['Jo Ott']
    """
    if is_credit_of_reporters(words):
        rest = re.split(r"[;.)]|\b[Ee]diting\b", words.split("by", 1)[1], maxsplit=1)[0]
    else:
        found = _BY.match(words)
        rest = words[found.end() :] if found else words
    rest = re.split(r"\s[|•·–—-]\s|\bin\b|\bUpdated\b|\bPublished\b|\d", rest, maxsplit=1)[0]
    names = [name.strip(" .()") for name in _SPLIT.split(rest)]
    return [
        name.title() if name.isupper() else name
        for name in names
        if re.fullmatch(_NAME, name) and not _ROLE.search(name) and " " in name
    ]


def _capitals(words: str) -> float:
    """Return the share of words that begin with a capital, without those that never do."""
    all_words = [
        each for each in re.findall(r"[^\W\d_][\w'’-]*", words) if each.lower() not in _SMALL
    ]
    return float(sum(each[0].isupper() for each in all_words)) / max(1, len(all_words))


_SMALL = frozenset(
    [
        "and",
        "with",
        "in",
        "for",
        "of",
        "at",
        "the",
        "de",
        "da",
        "del",
        "der",
        "di",
        "van",
        "von",
        "bin",
        "al",
        "el",
        "la",
        "le",
    ]
)
