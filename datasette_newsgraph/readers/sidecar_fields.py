"""What the rows of a sidecar call the fields of an article, and what their values mean."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from datasette_newsgraph.dates.forms import first_date
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.readers.packing import without_ending

#: The names under which tools and publishers give each field, the plainest first: our own record,
#: news-please, trafilatura, newspaper4k, schema.org; compared without case, ``_`` and ``-``.
NAMES: dict[str, tuple[str, ...]] = {
    "ids": ("id", "_id", "@id", "docid", "doc_key", "document_id", "article_id", "uuid", "guid"),
    "url": ("url", "link", "article_url", "canonical_url", "canonical_link", "source_url", "source",
            "main_entity_of_page"),
    "title": ("title", "headline", "name"),
    "text": ("text", "maintext", "article_body", "article_text", "raw_text", "cleaned_text", "body",
             "content"),
    "published": ("published", "date_published", "date_publish", "publish_date", "published_at",
                  "publication_date", "pub_date", "date"),
    "publisher": ("publisher", "sitename", "source_hostname", "site_name", "newspaper",
                  "source_domain", "hostname", "source"),
    "authors": ("authors", "author", "byline", "creator"),
    "sections": ("sections", "section", "article_section", "categories", "category"),
    "language": ("language", "lang", "in_language", "meta_lang"),
    "licence": ("licence", "license"),
    "files": ("filename", "file_name", "file", "path"),
}  # fmt: skip
#: Names that mean an article in a table of articles, but elsewhere may mean anything.
_LOOSE = {"source", "name", "byline", "creator", "hostname", "body", "content"}
_NO_ADDRESS = "url that is no web address"
#: The fields by which a row is known, and code points of a value that are told.
_JOINED_BY = ("text", "url", "ids", "title", "files")
_EXAMPLE = 60
_ENDINGS = (
    *(".json", ".jsonl", ".jsonld", ".txt", ".ann", ".html", ".htm", ".tsv", ".csv", ".xml"),
    *(".rss", ".atom"),
)
_LISTS = ("authors", "sections", "files")
_MAX_LIST = 2000
_LONG = re.compile(r"-?\d{1,18}", re.ASCII)
_1970 = datetime(1970, 1, 1)  # without a zone, as its form has none


class ArticleData(msgspec.Struct, gc=False, omit_defaults=True, kw_only=True):
    """What a row says about an article; ``published`` in the words that it has."""

    url: str | None = None
    title: str | None = None
    text: str | None = None
    published: str | None = None
    publisher: str | None = None
    authors: list[str] = msgspec.field(default_factory=list)
    sections: list[str] = msgspec.field(default_factory=list)
    language: str | None = None
    licence: str | None = None
    ids: list[str] = msgspec.field(default_factory=list)
    #: The name of the article's file, with its ending and without.
    files: list[str] = msgspec.field(default_factory=list)
    #: The fields that have a value of no use.
    passed_over: dict[str, int] = msgspec.field(default_factory=dict)

    @property
    def iri(self) -> str | None:
        """What identifies the article anywhere: its address, or an id that is an absolute IRI."""
        addresses = [self.url] if self.url else filter(_is_absolute, self.ids)
        return next(map(clean_iri, addresses), None)

    @property
    def about(self) -> dict[str, Any]:
        """The fields of ``Article`` that are told here, but for its text and its id."""
        return {name: getattr(self, name) for name in _ABOUT}


#: What is said of the article, rather than what it is known by.
_ABOUT = tuple(
    name
    for name in ArticleData.__struct_fields__
    if name not in ("text", "ids", "files", "passed_over")
)


def article_data(row: Mapping[str, Any]) -> ArticleData:
    """Return what a row says, whatever it calls it; what is of no use is passed over."""
    given = {folded(name): value for name, value in row.items()}
    found: dict[str, Any] = {}
    for field, names in NAMES.items():
        values = (_value(field, given.get(folded(name))) for name in names)
        if field == "ids":
            found[field] = [each for each in values if isinstance(each, str)]
        elif field == "published":
            found[field] = first_date(each for each in values if isinstance(each, str))
        else:
            found[field] = next(filter(None, values), [] if field in _LISTS else None)
    return ArticleData(**found, passed_over=unusable(given, found))


def unusable(given: Mapping[str, Any], found: Mapping[str, Any]) -> Counter[str]:
    """Count the fields that ``given``, by folded names, has a value for which nothing was ``found``
    in: an address without a scheme, a list of lists.
    """
    counted: Counter[str] = Counter()
    for field, value in found.items():
        if not value and any(_says_something(given.get(name)) for name in TOLD.get(field, ())):
            is_url = field == "url"
            counted[_NO_ADDRESS if is_url else f"{field} in a form that is not read"] += 1
    return counted


def _says_something(given: Any) -> bool:
    return given not in (None, "", [], {}) and not (isinstance(given, str) and not given.strip())


def is_known(article: ArticleData) -> bool:
    """Tell whether a row has anything by which its article may be known."""
    return bool(article.text or article.url or article.ids or article.title or article.files)


def joined_by(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns of a row by which its article is known, each with the beginning of its value.

    >>> joined_by({"docid": "a#1", "Title": "Kabul falls", "weight": 7})
    {'docid': 'a#1', 'Title': 'Kabul falls'}
    """
    found = {}
    for name, given in row.items():
        called = folded(str(name))
        for field in _JOINED_BY:
            if called in map(folded, NAMES[field]) and (value := _value(field, given)):
                words = " ".join((value if isinstance(value, str) else value[0])[:999].split())
                found[name] = words if len(words) <= _EXAMPLE else f"{words[: _EXAMPLE - 1]}…"
                break
    return found


def folded(name: str) -> str:
    """Return the form in which names of fields are compared."""
    return name.casefold().replace("_", "").replace("-", "")


def _value(field: str, given: Any) -> str | list[str] | None:
    if field in _LISTS[:2]:
        return list(dict.fromkeys(_several(given)))
    if field == "text":
        return given if isinstance(given, str) and given.strip() else None
    words = words_of(given)
    if words is None:
        return None
    if field == "url":
        return clean_iri(words) if _is_absolute(words) and not words.startswith("urn:") else None
    if field == "publisher":
        # A "source" may be the one or the other.
        return None if _is_absolute(words) else words
    if field == "files":
        return file_names(words)
    return words


def _is_absolute(words: str) -> bool:
    return words.startswith(("http://", "https://", "urn:")) and clean_iri(words) is not None


#: What is said about an article, with its names as they are compared, but for those that may mean
#: anything: where a value of theirs is of no use, it is counted.
TOLD: dict[str, list[str]] = {
    field: [folded(name) for name in NAMES[field] if name not in _LOOSE]
    for field in ("url", "title", "publisher", "published", "language", "licence", "authors")
}


def words_of(given: Any) -> str | None:
    """Return a string or a number as text, of an object its name or id, of a list the first of it; a
    date of MongoDB as ISO 8601.
    """
    if isinstance(given, Mapping):
        given = given.get("name") or given.get("@id") or _moment(given.get("$date"))
    elif isinstance(given, list):
        given = given[0] if given else None
        return None if isinstance(given, list) else words_of(given)
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        given = str(given)
    return given.strip() or None if isinstance(given, str) else None


def _moment(given: Any) -> str | None:
    """Return a date as MongoDB's Extended JSON has it: ISO 8601, or milliseconds since 1970."""
    if isinstance(given, Mapping):
        given = given.get("$numberLong")
        given = int(given) if isinstance(given, str) and _LONG.fullmatch(given) else None
    if isinstance(given, str):
        return given
    try:
        since = timedelta(milliseconds=given) if type(given) is int else None
        return None if since is None else f"{(_1970 + since).isoformat(timespec='seconds')}Z"
    except OverflowError:
        return None


def _several(given: Any) -> list[str]:
    """Return a list of words; in a cell it is one as JSON or Python have it, or ``;`` ``|``."""
    if isinstance(given, str):
        if given.startswith("[") and len(given) <= _MAX_LIST:
            for read in (json.loads, ast.literal_eval):
                try:
                    listed = read(given)
                except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                    continue
                return _several(listed)
        return [each.strip() for each in given.replace("|", ";").split(";") if each.strip()]
    if not isinstance(given, list):
        given = [given]
    return [words for each in given if not isinstance(each, list) and (words := words_of(each))]


def file_names(words: str) -> list[str]:
    """Return the names by which a file is known: as given, without folders, without its ending."""
    name = without_ending(words.replace("\\", "/").rsplit("/", 1)[-1])
    stem = next((name.removesuffix(each) for each in _ENDINGS if name.endswith(each)), name)
    return [each for each in dict.fromkeys((words, name, stem)) if each]
