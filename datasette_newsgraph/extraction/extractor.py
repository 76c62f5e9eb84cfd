"""What an extractor is, and how extractors are found: each is an entry point of ``GROUP``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol, cast

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import NewsgraphError, RecordError, UsageError

#: The group of entry points. Each names a function that takes Options and returns an Extractor.
GROUP = "datasette_newsgraph.extractors"
DEFAULT = "spacy"
#: The extras with what our own extractors need.
EXTRAS = {"spacy": "extract", "llm": "llm"}


@dataclass(frozen=True)
class Options:
    """What a user asks of an extractor."""

    #: The name of a model, as the extractor knows it.
    model: str | None = None
    #: The language of articles that do not say theirs, a BCP 47 tag.
    language: str | None = None
    #: The date of articles that have none; they have it before the extractor sees them.
    published: str | None = None
    #: Statements of which the extractor is less sure than this are left out, whatever it is.
    min_confidence: float = 0.0
    #: Files with words that the extractor is to know.
    lexicons: tuple[str, ...] = ()
    #: Files that give names an identifier, or another name.
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extracted:
    """A record, where its extractor has more to tell of it."""

    article: Article
    #: What was found and is not in the record, counted by what it is.
    passed_over: Mapping[str, int]


class Extractor(Protocol):
    """Finds what articles say. To make one takes no time, as it is made for each run, to tell whether
    anything is to be extracted again: a model is loaded when the first article comes.
    """

    # Properties, so that a class may have plain attributes of narrower types.
    @property
    def name(self) -> str:
        """The name under which records say what made them."""

    @property
    def version(self) -> str:
        """The version of the extractor, or of the library that does most of its work."""

    @property
    def model(self) -> str | None:
        """The name and version of the model, if there is one."""

    @property
    def digest(self) -> str:
        """The hash of all else that makes other records of the same text: word lists, options."""

    def extract(self, articles: Iterable[Article]) -> Iterable[Article | Extracted | RecordError]:
        """Yield a record for each article, in the same order, of the same id and text, with entities,
        relations and quotes; a RecordError in its place where there is none.
        """


#: What an extractor has.
_PARTS = ("name", "version", "model", "digest", "extract")
Make = Callable[[Options], Extractor]


def names() -> list[str]:
    """Return the names of all extractors that are installed."""
    return sorted(_found())


def make_extractor(name: str, options: Options) -> Extractor:
    """Return the extractor of this name; raises UsageError where it is unknown, or cannot be made."""
    entry_point = _found().get(name)
    if entry_point is None:
        raise UsageError(
            f"there is no extractor {name!r}; installed are {', '.join(names()) or 'none'}"
        )
    try:
        made = cast(Make, entry_point.load())(options)
        if lacking := [each for each in _PARTS if not hasattr(made, each)]:
            raise TypeError(f"{type(made).__name__} has no {lacking[0]}")
        return made
    except NewsgraphError:
        raise
    except ImportError as error:
        raise UsageError(_not_installed(name, error)) from error
    except Exception as error:
        raise UsageError(
            f"the extractor {name} cannot be made: {type(error).__name__}: {error}"
        ) from error


def _found() -> dict[str, EntryPoint]:
    return {each.name: each for each in entry_points(group=GROUP)}


def _not_installed(name: str, error: ImportError) -> str:
    extra = EXTRAS.get(name)
    remedy = f"pip install 'datasette-newsgraph[{extra}]'" if extra else "install what it needs"
    return f"the extractor {name} cannot be used ({error}): {remedy}"
