"""By what articles of publishers are known that say whom and what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from datasette_newsgraph.readers.format_signs import Sample
from datasette_newsgraph.readers.published import ninjs
from datasette_newsgraph.readers.published.schema_org import articles_in, listed, local

#: What names entities in articles of schema.org, and what these are if nothing else is said of them.
NAMED_IN_ARTICLES = {
    "about": None,
    "mentions": None,
    "contentLocation": "Place",
    "spatialCoverage": "Place",
}
#: The same in items of ninjs. Subjects alone are sections.
SUBJECTS = ("subject", "subjects")
NAMED_IN_ITEMS = {
    "person": "Person",
    "people": "Person",
    "organisation": "Organization",
    "organisations": "Organization",
    "place": "Place",
    "places": "Place",
    "event": "Event",
    "events": "Event",
    "object": "Thing",
    "objects": "Thing",
    **dict.fromkeys(SUBJECTS, "Concept"),
}


def _is_named(given: Any) -> bool:
    return isinstance(given, dict) and any(local(key) == "name" and given[key] for key in given)


@dataclass(frozen=True)
class NamingArticle:
    """JSON-LD in which an article of schema.org names what it is about."""

    weight: int = 6

    def score(self, sample: Sample) -> float:
        """Return 1 where some article does."""
        found = (article for record in sample.records for article in articles_in(record))
        return float(
            any(
                _is_named(each)
                for article in found
                for key in NAMED_IN_ARTICLES
                for each in listed(article.get(key))
            )
        )

    @property
    def words(self) -> str:
        """What the sign asks of a file."""
        keys = ", ".join(f"`{each}`" for each in NAMED_IN_ARTICLES)
        return f"JSON-LD whose `@type` is an `…Article`, with a `name` in one of {keys}"


@dataclass(frozen=True)
class NamingItem:
    """JSON in which an item of ninjs names somebody or something."""

    weight: int = 6

    def score(self, sample: Sample) -> float:
        """Return 1 where some item does."""
        return float(
            any(
                _is_named(each)
                for item in sample.records
                if ninjs.is_item(item)
                for key in NAMED_IN_ITEMS
                if key not in SUBJECTS
                for each in listed(item.get(key))
            )
        )

    @property
    def words(self) -> str:
        """What the sign asks of a file."""
        keys = ", ".join(f"`{each}`" for each in NAMED_IN_ITEMS if each not in SUBJECTS)
        return f"JSON with `uri` and `headline` (`headlines`), and a `name` in one of {keys}"
