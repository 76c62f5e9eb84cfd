"""What an article is called: by its title, or else by the first line of its text, which is shown as
what it is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from markupsafe import Markup, escape

from datasette_newsgraph.web.access.sight import Sight

UNTITLED = "(untitled)"
#: For those who do not see that it stands in quotation marks and slants.
_SPOKEN = '<span class="ng-unseen" lang="en">first line: </span>'


class Heading(NamedTuple):
    """The words by which an article is called."""

    words: str
    is_first_line: bool = False

    @property
    def plain(self) -> str:
        """Return it for where there is only text: a first line in quotation marks."""
        return f"“{self.words}”" if self.is_first_line else self.words

    def html(self, language: str | None = None) -> Markup:
        """Return it for a page or a cell; ``language`` is a BCP 47 tag."""
        attribute = f' lang="{escape(language)}"' if language else ""
        words = escape(self.words)
        if not self.is_first_line:
            return Markup(f"<bdi{attribute}>{words}</bdi>")  # noqa: S704 - both are escaped
        line = f'{_SPOKEN}<bdi class="ng-first-line"{attribute}>“{words}”</bdi>'
        return Markup(line)  # noqa: S704 - as above


def heading_of(row: Any) -> Heading:
    """Return what the article of a row is called: a row has a ``title``, and a ``first_line``, if
    that was asked for.
    """
    if row["title"]:
        return Heading(row["title"])
    line = row["first_line"] if "first_line" in row.keys() else None  # noqa: SIM118 - a Row
    return Heading(line, is_first_line=True) if line else Heading(UNTITLED)


def first_line_column(sight: Sight) -> str:
    """Return the SQL of the column ``first_line`` of a query of articles: nothing for a visitor from
    whom texts are hidden.
    """
    if not sight.sees("article_texts"):
        return "NULL AS first_line"
    return "(SELECT first_line FROM article_texts WHERE article_id = articles.id) AS first_line"
