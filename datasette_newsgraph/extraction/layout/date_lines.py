"""Lines that give the date of a page: ``Published: 18 July 2021 16:55 GMT``."""

from __future__ import annotations

import re

from datasette_newsgraph.dates.forms import read_day

#: Code points of the longest line of dates.
_LONGEST = 160
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s+)"
#: A whole date in words or figures, in letters of any size.
DATE = (
    rf"(?i:(?:\b{_WEEKDAY})?(?:\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}"
    rf"|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|\b\d{{1,2}}-{_MONTH}-\d{{4}}"
    r"|\b\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)?))"
)
_DATE = re.compile(DATE)
_CLOCK = re.compile(
    r"\b\d{1,2}(?:[:.]\d{2}){1,2}\s*(?:[ap]\.?m\b\.?)?|\b\d{1,2}\s*[ap]\.?m\b\.?"
    r"|\b\d{4}(?=\s*(?:GMT|UTC))",
    re.IGNORECASE,
)
#: The names of time zones, and the words that stand with dates.
_BESIDE = frozenset(
    [
        "gmt",
        "utc",
        "bst",
        "cet",
        "cest",
        "est",
        "edt",
        "et",
        "cst",
        "cdt",
        "ct",
        "mst",
        "mdt",
        "mt",
        "pst",
        "pdt",
        "pt",
        "ist",
        "jst",
        "kst",
        "hkt",
        "sgt",
        "aest",
        "aedt",
        "msk",
        "eet",
        "eest",
        "irst",
        "irdt",
        "pkt",
        "wib",
        "local",
        "time",
        "posted",
        "published",
        "publication",
        "updated",
        "update",
        "modified",
        "revised",
        "issued",
        "created",
        "first",
        "last",
        "date",
        "dated",
        "on",
        "at",
        "of",
        "the",
        "of",
        "a",
        "p",
        "m",
        "am",
        "pm",
        "min",
        "mins",
        "minute",
        "minutes",
        "read",
        "ago",
        "hour",
        "hours",
        "story",
        "article",
        "web",
        "archived",
        "filed",
    ]
)
#: Behind these words stands when a page was changed, not when it was published.
_CHANGED = re.compile(r"(?:updated?|modified|revised)\W*(?:on|at)?\W*$", re.IGNORECASE)


def is_date_line(words: str) -> bool:
    """Tell whether a line is nothing but dates, times, and words that stand with these.

    >>> is_date_line("Last updated: Sunday, 18 July 2021, 5:33 pm"), is_date_line("In May 2021 he left")
    (True, False)
    """
    if len(words) > _LONGEST or not _DATE.search(words):
        return False
    rest = _CLOCK.sub(" ", _DATE.sub(" ", words))
    return all(word in _BESIDE for word in re.findall(r"\w+", rest.lower()))


def end_of_leading_date(words: str) -> int:
    """Return where a weekday with a whole date ends that a paragraph begins with, and a sentence begins
    behind it; 0 if there is none.

    >>> end_of_leading_date("Thursday, May 7, 2015 On Tuesday the government said …")
    21
    """
    found = _DATE.match(words) if words[:1].isupper() else None
    if found is None or "day" not in found[0].lower():
        return 0
    behind = words[found.end() : found.end() + 2]
    return found.end() if behind[:1] == " " and behind[1:].isupper() else 0


def published_in(words: str) -> str | None:
    """Return the day on which a page was published by one of its lines, None if that is not there.

    >>> published_in("Sunday, 18 July 2021 4:55 PM [ Last Update: Monday, 19 July 2021 5:33 PM ]")
    '2021-07-18'
    """
    changed = None
    for found in _DATE.finditer(words):
        day = read_day(found[0].strip())
        if day is None:
            continue
        if not _CHANGED.search(words, 0, found.start()):
            return day
        changed = changed or day
    return changed
