"""Signs within words that are seen as nothing: soft hyphens, zero-width spaces, signs of direction.

Names are looked for without them. What is found stands in the text as it came.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from datasette_newsgraph.article import Article, Evidence, Mention, Quote

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_Span = TypeVar("_Span", Mention, Evidence, Quote)


def without_invisible(article: Article) -> tuple[Article, list[int]]:
    """Return an article without invisible signs, and where each of its characters stands in the text;
    the article itself and nothing, if it has none of them.
    """
    text = article.text or ""
    if _INVISIBLE.search(text) is None:
        return article, []
    invisible = {found.start() for found in _INVISIBLE.finditer(text)}
    places = [index for index in range(len(text)) if index not in invisible]
    # How many characters are left before each place.
    left, count = [], 0
    for index in range(len(text) + 1):
        left.append(count)
        count += index not in invisible
    zones = [
        replace(zone, start=left[min(zone.start, len(text))], end=left[min(zone.end, len(text))])
        for zone in article.zones
    ]
    return replace(article, text=_INVISIBLE.sub("", text), zones=zones), places


def restored(record: Article, article: Article, places: Sequence[int]) -> Article:
    """Return a record with the text of its article, and its spans where they are in that."""
    text = article.text or ""

    def moved(spans: list[_Span]) -> list[_Span]:
        found = []
        for span in spans:
            if span.start is not None and span.end is not None and span.start < span.end:
                start, end = places[span.start], places[span.end - 1] + 1
                span = replace(span, start=start, end=end, text=text[start:end])
            found.append(span)
        return found

    return replace(
        record,
        text=article.text,
        zones=article.zones,
        entities=[replace(each, mentions=moved(each.mentions)) for each in record.entities],
        relations=[replace(each, evidence=moved(each.evidence)) for each in record.relations],
        quotes=moved(record.quotes),
    )
