"""What it means that a model fails: for one article, or for all."""

from __future__ import annotations

import llm

from datasette_newsgraph.errors import NewsgraphError, RecordError, UsageError

#: Code points of what a model's own error says.
_WORDS = 300
#: Answers over HTTP that every article would get: no such key, not allowed, no such model.
_FOR_ALL = frozenset({401, 403, 404})


def failure(model_id: str, error: Exception) -> NewsgraphError:
    """Return the error that people are told: a RecordError if it may be that of one article."""
    words = said(error)
    if isinstance(error, llm.NeedsKeyException):
        return UsageError(f"the model {model_id} needs a key: {words}")
    if _status(error) in _FOR_ALL:
        return UsageError(f"the model {model_id} cannot be asked: {words}")
    return RecordError(f"the model {model_id} failed: {words}")


def said(error: Exception) -> str:
    """Return the words of an error on one line, and no more of them than fit there."""
    words = " ".join(str(error).split())[:_WORDS]
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _status(error: Exception) -> object:
    """Return the status of an answer over HTTP, as the libraries name it that models are asked with."""
    own = getattr(error, "status_code", None)
    return (
        own if own is not None else getattr(getattr(error, "response", None), "status_code", None)
    )
