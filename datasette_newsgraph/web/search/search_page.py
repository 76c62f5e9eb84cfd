"""One search for articles, entities and quotes: ``/{database}/-/newsgraph/search?q=WORDS``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from datasette.utils.asgi import BadRequest, Forbidden

from datasette_newsgraph.kinds import ENTITY, SEARCHED, Kind
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.web.access.arguments import choice_argument, number_argument, text_argument
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.page_contexts import SearchPage
from datasette_newsgraph.web.search.finding import Found, find, searched
from datasette_newsgraph.web.search.hits import COUNTED, LISTED, may_search, may_search_later
from datasette_newsgraph.web.search.query_words import LONGEST, MOST, STEM, Words, read_words
from datasette_newsgraph.web.search.suggestions import Suggestion, suggestions

#: Hits of each kind on the first page.
SOME = 6


@dataclass(frozen=True)
class Group:
    """What was found of a kind, and where there is more: links, or None.

    ``count`` is how many there are, in words; ``rows``, the same in Datasette's own search.
    """

    kind: Kind
    found: Found
    count: str
    more: str | None
    rows: str | None


@dataclass(frozen=True)
class Search:
    """What is asked for: the words, and of which kind which page; of all kinds if it is None."""

    words: Words
    kind: Kind | None
    page: int

    @property
    def query(self) -> dict[str, str]:
        """Return the arguments that ask for it."""
        query = {"q": self.words.typed}
        if self.kind is not None:
            query["in"] = self.kind.plural
        if self.page > 1:
            query["page"] = str(self.page)
        return query


def read_search(visit: Visit) -> Search:
    """Return what a request asks for.

    Raises BadRequest, and Forbidden where the visitor may search nothing, or not what is asked for.
    """
    typed = text_argument(visit.request, "q") or ""
    if len(typed) > LONGEST:
        raise BadRequest(f"A search may have up to {LONGEST} characters.")
    by_plural = {each.plural: each for each in SEARCHED}
    kind = by_plural.get(choice_argument(visit.request, "in", ["", *by_plural], ""))
    page = number_argument(visit.request, "page", 1)
    last = _last_page(visit)
    if not 1 <= page <= last:
        raise BadRequest(f"page has to be from 1 to {last}.")
    if not (_kinds(visit, kind, may_search) or _kinds(visit, kind, may_search_later)):
        raise Forbidden("You do not have permission to search this")
    return Search(read_words(typed), kind, page if kind else 1)


async def run(visit: Visit, asked: Search) -> dict[Kind, Found]:
    """Return what is found, by kind; a kind that the visitor may not search is not looked at."""
    size = SOME if asked.kind is None else visit.settings.search_page_size
    first = (asked.page - 1) * size
    return {
        kind: await find(visit, kind, asked.words, first, size)
        for kind in _kinds(visit, asked.kind, may_search)
    }


def _last_page(visit: Visit) -> int:
    return -(-LISTED // visit.settings.search_page_size)


def _kinds(visit: Visit, asked: Kind | None, may: Callable[[Visit, str], bool]) -> list[Kind]:
    """Return the kinds asked for, all if it is None, that the visitor may search."""
    kinds = SEARCHED if asked is None else (asked,)
    return [kind for kind in kinds if may(visit, searched(kind))]


async def search(visit: Visit) -> SearchPage:
    """Return what the page of a search shows."""
    asked = read_search(visit)
    found = await run(visit, asked) if asked.words else {}
    groups = [_group(visit, asked, kind, each) for kind, each in found.items()]
    has_hits = any(group.found.count or group.found.is_too_slow for group in groups)
    is_indexed = bool(_kinds(visit, asked.kind, may_search))
    context: SearchPage = {
        "is_indexed": is_indexed,
        "most_words": MOST,
        "typed": asked.words.typed,
        "asked": asked,
        "groups": groups,
        "has_hits": has_hits,
        "suggestions": await _meant(visit, asked.words, found, has_hits),
        "has_short_stem": "*" in asked.words.typed and not asked.words.has_open_end,
        "stem": STEM,
        "formats": _formats(visit, asked) if asked.words and is_indexed else {},
        "trail": [("Search", None)],
    }
    if asked.kind is not None:
        context["all_kinds"] = _address(visit, Search(asked.words, None, 1))
        context["earlier"] = _earlier(visit, asked)
        is_last = asked.page == _last_page(visit) and groups and groups[0].found.count > LISTED
        context["beyond"] = LISTED if is_last else None
    return context


async def _meant(
    visit: Visit, words: Words, found: dict[Kind, Found], has_hits: bool
) -> list[Suggestion]:
    """Return the names that may have been meant, if no name has the words: where articles or quotes
    have them, they are no misspelling, but may be initials or, in capitals, short for a name.
    """
    if ENTITY not in found or found[ENTITY].count or found[ENTITY].is_too_slow:
        return []
    return await suggestions(visit, words, only_initials=has_hits and not words.typed.isupper())


def _group(visit: Visit, asked: Search, kind: Kind, found: Found) -> Group:
    shown = asked.page * visit.settings.search_page_size if asked.kind else SOME
    more = None
    if found.hits and found.count > shown and shown < LISTED:
        after = Search(asked.words, kind, asked.page + 1 if asked.kind else 1)
        more = _address(visit, after)
    # Of a kind that is found by another table only the view can be searched by Datasette.
    able = [each for each in kind.lists if each != kind.table or kind.searched == kind.table]
    listed = visit.sight.first_listed(*able)
    rows = visit.links.rows(listed, None, **found.words.in_datasette) if listed else None
    is_many = found.count > COUNTED
    count = f"more than {COUNTED:,}" if is_many else f"{found.count:,}"
    return Group(kind, found, count, more, rows)


def _earlier(visit: Visit, asked: Search) -> str | None:
    if asked.page == 1:
        return None
    return _address(visit, Search(asked.words, asked.kind, asked.page - 1))


def _address(visit: Visit, asked: Search, format_: Format | None = None) -> str:
    ending = format_.ending if format_ else ""
    return f"{visit.links.home}/search{ending}?{urlencode(asked.query)}"


def _formats(visit: Visit, asked: Search) -> dict[Format, str]:
    return {each: _address(visit, asked, each) for each in FORMATS}
