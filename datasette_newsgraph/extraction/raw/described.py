"""An article gets what a row or a page says of it."""

from __future__ import annotations

from datasette_newsgraph.article import Article
from datasette_newsgraph.readers.sidecar_fields import ArticleData

#: What rows and pages say of articles: the fields that both have.
FIELDS = tuple(
    name
    for name in ArticleData.__struct_fields__
    if name in Article.__struct_fields__ and name != "text"
)


def describe(article: Article, data: ArticleData) -> None:
    """Give an article what is said of it; what is not said is kept."""
    for field in FIELDS:
        if value := getattr(data, field):
            setattr(article, field, value)
