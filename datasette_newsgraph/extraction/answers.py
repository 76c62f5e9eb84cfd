"""What an extractor gives is checked before it is believed: a record for each article, and no other.

Whatever is wrong costs the article that it is wrong with. Where an extractor breaks off, or its records
do not fit the articles one by one, each of the articles that are left is given to it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import islice

import msgspec

from datasette_newsgraph.article import Article, Evidence, Mention, Quote
from datasette_newsgraph.article import Extractor as Made
from datasette_newsgraph.errors import NewsgraphError, RecordError
from datasette_newsgraph.extraction.extractor import Extracted, Extractor
from datasette_newsgraph.readers.shapes import decode

Answer = Article | Extracted | RecordError
_EXAMPLE = 40


def answers(extractor: Extractor, articles: list[Article]) -> list[Answer]:
    """Return what an extractor makes of each article, or why there is nothing to be had from it.

    Raises a NewsgraphError of the extractor's other than RecordError, such as for a model that is not
    there.
    """
    found: list[Answer] = []
    # One more than is asked for, if there is: then none can be told to be of which article.
    for given in islice(_given(extractor, articles), len(articles) + 1):
        article = articles[len(found)] if len(found) < len(articles) else None
        checked = None if article is None else _checked(extractor, article, given)
        if article is None:
            found = []
            break
        if checked is None:
            break
        found.append(checked)
    return found + [_alone(extractor, article) for article in articles[len(found) :]]


def _given(extractor: Extractor, articles: list[Article]) -> Iterator[object]:
    """Yield what an extractor gives, up to where it fails."""
    try:
        # Copies: what is given back is compared with the articles as they were.
        yield from extractor.extract(map(deepcopy, articles))
    except RecordError:
        return
    except NewsgraphError:
        raise
    except Exception:
        # Told of the article that it fails at when that is given alone.
        return


def _alone(extractor: Extractor, article: Article) -> Answer:
    """Return what an extractor makes of one article."""
    name = extractor.name
    try:
        given: list[object] = list(islice(extractor.extract(iter([deepcopy(article)])), 2))
    except RecordError as error:
        return error
    except NewsgraphError:
        raise
    except Exception as error:
        return RecordError(f"the extractor {name} failed: {type(error).__name__}: {error}")
    if len(given) != 1:
        much = "more than one record" if given else "no record"
        return RecordError(f"the extractor {name} gives {much} for the article")
    checked = _checked(extractor, article, given[0])
    if checked is None:
        return RecordError(f"the extractor {name} gives a record with another id or another text")
    return checked


def _checked(extractor: Extractor, article: Article, given: object) -> Answer | None:
    """Return what was given for an article, if it can be believed, or why not; None where it is of
    another article.
    """
    if isinstance(given, RecordError):
        return given
    passed_over: object = {}
    if isinstance(given, Extracted):
        passed_over = given.passed_over
        given = given.article
    if not isinstance(given, Article):
        return RecordError(
            f"the extractor {extractor.name} gives {type(given).__name__} in place of a record"
        )
    if (given.id, given.text) != (article.id, article.text):
        return None
    try:
        # As if it had come from a file: fields of wrong types, numbers that are none, NULs.
        record = decode(msgspec.json.encode(given), Article)
        counts = decode(msgspec.json.encode(passed_over), dict[str, int])
    except (RecordError, TypeError, ValueError, RecursionError) as error:
        return RecordError(f"the extractor {extractor.name} gives no record: {error}")
    length = len(record.text or "")
    for span in _spans(record):
        start = 0 if span.start is None else span.start
        end = length if span.end is None else span.end
        if not 0 <= start < end <= length:
            words = (span.text or "")[:_EXAMPLE]
            return RecordError(
                f"the extractor {extractor.name} gives {span.start}-{span.end} (“{words}”), which is"
                f" no span of the text ({length} long)"
            )
    if record.extractor is None:
        record.extractor = Made(
            name=extractor.name, version=extractor.version, model=extractor.model
        )
    return Extracted(record, counts) if counts else record


def _spans(article: Article) -> Iterable[Mention | Evidence | Quote]:
    for entity in article.entities:
        yield from entity.mentions
    for relation in article.relations:
        yield from relation.evidence
    yield from article.quotes
