"""Find the words of a text that name a day, a month, a year, a length of time.

What they mean is told by :mod:`date_values`. The forms are those of news in English; a number alone is
a year only behind words that say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from datasette_newsgraph.extraction.nlp.word_lists import word_list

_MONTHS = (
    *("january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul"),
    *("august|aug", "september|sept|sep", "october|oct", "november|nov", "december|dec"),
)
_DAYS = ("monday|mon", "tuesday|tues|tue", "wednesday|wed", "thursday|thurs|thur|thu")
_WEEKDAYS = (*_DAYS, "friday|fri", "saturday|sat", "sunday|sun")
MONTH_OF = {name: n for n, line in enumerate(_MONTHS, 1) for name in line.split("|")}
WEEKDAY_OF = {name: n for n, line in enumerate(_WEEKDAYS) for name in line.split("|")}
_UNITS = "second|minute|hour|day|week|weekend|fortnight|month|quarter|year|decade|century|centuries"
NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
NUMBERS |= {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100}
SEASONS = {
    "spring": (3, 5),
    "summer": (6, 8),
    "autumn": (9, 11),
    "fall": (9, 11),
    "winter": (12, 2),
}
#: Days that have one date each year.
FEASTS = {
    "new year's day": (1, 1),
    "new year's eve": (12, 31),
    "christmas day": (12, 25),
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "boxing day": (12, 26),
    "halloween": (10, 31),
    "valentine's day": (2, 14),
    "st patrick's day": (3, 17),
    "may day": (5, 1),
    "armistice day": (11, 11),
    "bastille day": (7, 14),
    "independence day": (7, 4),
    "waitangi day": (2, 6),
    "australia day": (1, 26),
}
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WHOLE_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November"
    "|December|Jan\\.|Feb\\.|Aug\\.|Sept\\.|Oct\\.|Nov\\.|Dec\\.)"
)
_WEEKDAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tues?|wed|thur?s?|fri|sat|sun)\b\.?)"
)
_WHOLE_WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = r"(?:1[0-9]|20)\d\d(?![\d,.%]*\d)"
_NUMBER = (
    r"(?:\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty"
    r"|fifty|a few|several|a couple of|couple of|few|many|some|dozens of)"
)
#: The longest first, with either apostrophe.
_FEAST = "|".join(sorted(FEASTS, key=len, reverse=True)).replace("'", "[’']")
_RANGE = r"(?:\s?[–—-]\s?|\s(?:to|through|until|till|and)\s)"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"

_PARTS = [
    # A whole day, with its weekday or without; two days of a month.
    rf"(?:{_WEEKDAY},?\s(?:the\s)?)?(?P<dmy>{_NTH}\s(?:of\s)?{_MONTH},?\s{_YEAR})",
    rf"(?:{_WEEKDAY},?\s)?(?P<mdy>{_MONTH}\s{_NTH},?\s{_YEAR})",
    r"(?P<iso>\d{4}-\d\d-\d\d)(?!\d)",
    rf"(?P<mdd>{_MONTH}\s{_NTH}(?:\s?[–—-]\s?|\sto\s){_NTH}(?:,?\s{_YEAR})?)(?!\d)",
    # A day of a month.
    rf"(?:{_WEEKDAY},?\s(?:the\s)?)?(?P<dm>{_NTH}\s(?:of\s)?(?-i:{_WHOLE_MONTH}))(?!\w)",
    rf"(?:{_WEEKDAY},?\s)?(?P<md>(?-i:{_WHOLE_MONTH})\s{_NTH})(?![\d:%])",
    # A month of a year; a month with a word before it that says which.
    rf"(?P<my>(?:(?:early|mid|late)[\s-])?{_MONTH},?\s(?:of\s)?{_YEAR})",
    r"(?P<rel_month>(?:last|next|this|this past|this coming)\s(?-i:January|February|March"
    r"|April|May|June|July"
    r"|August|September|October|November|December))\b",
    rf"(?P<quarter>(?:the\s)?(?:first|second|third|fourth|final|last)\s(?:quarter"
    rf"|half)\sof\s{_YEAR})",
    rf"(?P<season>(?:(?:last|next|this|this past|this coming|early"
    rf"|late)\s)?(?:the\s)?(?:spring|summer|autumn|fall|winter)\s(?:of\s)?{_YEAR})",
    r"(?P<rel_season>(?:last|next|this|this past|this coming)\s(?:spring|summer|autumn"
    r"|fall|winter))\b",
    # Years and decades.
    rf"(?P<years>\b{_YEAR}(?:\s?[–—-]\s?|\s(?:to|through|until|till)\s|(?<=\d)\sand\s){_YEAR})",
    r"(?P<decade>(?:the\s)?(?:(?:early|mid|late)[\s-])?(?:(?:1[0-9]|20)\d0s|[’'‘]\d0s"
    r"|(?:twenties|thirties|forties|fifties|sixties|seventies|eighties"
    r"|nineties)(?!\sof)))\b",
    r"(?P<century>(?:the\s)?(?:(?:early|mid|late)[\s-])?(?:\d{1,2}(?:st|nd|rd|th)|(?:seven"
    r"|eigh|nine)teenth|twentieth|twenty-first)[\s-]century)\b",
    rf"(?P<begin_end>(?:the\s)?(?:beginning|start|middle|end|turn)\sof\s(?:(?:the|this|next"
    rf"|last)\s(?:year|month|week|decade|century)|{_YEAR}|(?-i:{_WHOLE_MONTH})))",
    # Days as seen from today.
    rf"(?P<rel_day>(?:the day (?:before yesterday|after tomorrow)|(?:last|next|this"
    rf"|this past|this coming|this upcoming|upcoming)\s(?-i:{_WHOLE_WEEKDAY})"
    rf"|(?-i:{_WHOLE_WEEKDAY})s?"
    r"(?:\s(?:morning|afternoon|evening|night))?(?:\slast week|\snext week)?|(?:earlier\s"
    r"|later\s)?(?:today|tonight|yesterday|tomorrow)(?:\s(?:morning|afternoon|evening"
    r"|night))?"
    r"|this (?:morning|afternoon|evening|day)|last night|(?:earlier |later )?(?:the )?same day))\b",
    r"(?P<rel_unit>(?:earlier |later )?(?:last|next|this|this past|the past|the last"
    r"|this coming|the coming|the next|the previous|the following)\s(?:week|weekend|month"
    r"|year|quarter|decade|century))\b",
    # So many of a unit before or behind today.
    rf"(?P<ago>{_NUMBER}\s(?:{_UNITS})s?\s(?:ago|earlier|later|from now|hence))\b",
    rf"(?P<past>(?:the\s)?(?:last|past|next|coming|previous)\s{_NUMBER}\s(?:{_UNITS})s?)\b",
    rf"(?P<length>{_NUMBER}[\s-](?:decade|year|month|week|day)s?)\b(?!-?\s?old)(?!\sof\sage)",
    # A feast, with its year or without.
    rf"(?P<feast>(?:{_FEAST})(?:\s{_YEAR})?)\b(?!\s(?:tree|card|market|present|carol|island)s?)",
    # A month or a year alone, behind words that make it one.
    r"(?<=\bin\s)(?P<month>(?:(?:early|mid|late)[\s-])?(?-i:January|February|March|April"
    r"|May|June|July|August|September|October|November|December))(?!\s\d)\b",
    r"(?<=\b(?:of|by)\s)(?P<month2>(?-i:January|February|March|April|June|July|August"
    r"|September|October|November|December))(?!\s\d)\b",
    r"(?<=\bsince\s)(?P<month3>(?-i:January|February|March|April|May|June|July|August"
    r"|September|October|November|December))(?!\s\d)\b",
    r"(?<=\buntil\s)(?P<month4>(?-i:January|February|March|April|May|June|July|August"
    r"|September|October|November|December))(?!\s\d)\b",
    rf"(?P<year>(?:(?<=\bin\s)|(?<=\bsince\s)|(?<=\bby\s)|(?<=\bof\s)|(?<=\bfrom\s)"
    rf"|(?<=\buntil\s)|(?<=\bfor\s)|(?<=\bthe\s)|(?<=\bafter\s)|(?<=\bbefore\s)"
    rf"|(?<=\baround\s)|(?<=\bto\s)|(?<=\bduring\s)|(?<=\()|(?<=,\s)"
    rf"|(?<=\band\s))(?:(?:early|mid|late)[\s-])?{_YEAR})(?=[\s,.;:)'’\"”?!]|$)",
]
_FORM = re.compile("|".join(f"(?:{part})" for part in _PARTS), re.IGNORECASE)
_WORD = re.compile(r"[\w’'‘]+")
#: With which words a date begins; behind "the", "a" and "an", only some of these.
_FIRST = frozenset((
    *MONTH_OF, *WEEKDAY_OF, *NUMBERS, *SEASONS, *(day + "s" for day in WEEKDAY_OF if len(day) > 5),
    *(feast.split()[0].partition("'")[0] for feast in FEASTS),
    *word_list("beginnings of dates"),
))  # fmt: skip
_ARTICLES = frozenset(("the", "a", "an"))
_BEHIND_ARTICLE = (_FIRST - set(MONTH_OF) - set(WEEKDAY_OF)) | word_list("units of time")
#: Behind a number, what makes it no year.
_NO_YEAR = re.compile(
    r"\s(?:people|persons|men|women|troops|soldiers|miles|km|metres|meters|feet|tons"
    r"|tonnes|dollars|euros|pounds|years|days|votes|seats|deaths|cases|jobs|km/h|mph"
    r"|participants|members|students|families)\b",
    re.IGNORECASE,
)


class DateWords(NamedTuple):
    """Words that name a time: their span, their form, and the words that decide its value."""

    start: int
    end: int
    form: str
    words: str


def find_dates(text: str) -> Iterator[DateWords]:
    """Yield the words that name a time, in order, none of them twice."""
    behind = 0
    for position in _beginnings(text):
        if position < behind:
            continue
        found = _FORM.match(text, position)
        if found is None:
            continue
        form = found.lastgroup or ""
        start, end = found.span()
        if form == "year" and _NO_YEAR.match(text, end):
            continue
        behind = end
        if form == "years":
            # Two years are two dates.
            for year in re.finditer(r"\d{4}", found[0]):
                yield DateWords(start + year.start(), start + year.end(), "year", year[0])
            continue
        words = found[0].rstrip(" ,")
        form = "month" if form.startswith("month") else form
        yield DateWords(start, start + len(words), form, " ".join(words.split()))


def _beginnings(text: str) -> Iterator[int]:
    """Yield the positions of words with which a date may begin."""
    article: int | None = None
    for found in _WORD.finditer(text):
        word = found[0]
        if word[0].isdigit() or (word[0] in "’'‘" and word[1:2].isdigit()):
            is_first = True
        else:
            word = word.replace("’", "'").partition("'")[0].lower()
            is_first = word in _FIRST or (word in _BEHIND_ARTICLE and article is not None)
        if is_first:
            if article is not None and (word in _BEHIND_ARTICLE or word[0].isdigit()):
                yield article
            yield found.start()
        article = found.start() if word in _ARTICLES else None
