"""The parts of a raw page that is plain text: its zones, and what they tell of the article.

The rules are for pages as they are copied from a browser or saved by a program: a path of sections, a
title, the names of authors, a date, captions, paragraphs, a footer. They look at lines and paragraphs,
never at what a sentence means, and need no model of a language.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from datasette_newsgraph.article import Article, Zone, ZoneName
from datasette_newsgraph.extraction.layout import bylines, date_lines, navigation
from datasette_newsgraph.extraction.layout.blocks import cut
from datasette_newsgraph.extraction.layout.zoning import zones_of


def lay_out(article: Article) -> Article:
    """Return the article with its zones, title, publisher, day of publication, sections and authors.

    What the article has already is kept, and its text is never changed. An article whose zones are
    given keeps them all, and its title and dates are read in them.
    """
    if not article.text:
        return article
    text = article.text
    zones = article.zones or zones_of(cut(text), article.title)
    words: dict[ZoneName, list[str]] = {}
    for zone in zones:
        words.setdefault(zone.zone, []).append(_words(text, zone))
    return replace(
        article,
        zones=zones,
        title=article.title or next(iter(words.get("title", [])), None),
        publisher=article.publisher or _publisher(words),
        published=article.published or _published(words),
        sections=article.sections or _sections(words.get("breadcrumb", [])),
        authors=article.authors
        or list(
            dict.fromkeys(
                name for line in words.get("byline", []) for name in bylines.authors_in(line)
            )
        ),
    )


def _words(text: str, zone: Zone) -> str:
    return " ".join(text[zone.start : zone.end].split())


def _first(read: Callable[[str], str | None], lines: list[str]) -> str | None:
    return next((found for found in map(read, lines) if found), None)


def _publisher(words: dict[ZoneName, list[str]]) -> str | None:
    above = (line for line in words.get("breadcrumb", []) if navigation.is_masthead(line))
    return next(above, None) or _first(navigation.publisher_in, words.get("footer", []))


def _published(words: dict[ZoneName, list[str]]) -> str | None:
    lines = [*words.get("dateline", []), *words.get("byline", [])]
    return _first(date_lines.published_in, lines)


def _sections(lines: list[str]) -> list[str]:
    paths = (navigation.path_in(line) for line in lines if not navigation.is_masthead(line))
    return next((path for path in paths if path), [])
