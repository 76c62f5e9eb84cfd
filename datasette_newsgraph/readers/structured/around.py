"""What stands around the lists of an answer: the text that it is about, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from datasette_newsgraph.readers.named_keys import by_folded_key, folded
from datasette_newsgraph.readers.sidecar_fields import TOLD
from datasette_newsgraph.readers.structured import other_languages
from datasette_newsgraph.readers.structured.keys import NO_KEYS, GivenKeys

#: The keys of the text, the likelier first.
TEXTS: tuple[str, ...] = (
    *(
        "text",
        "article_text",
        "full_text",
        "raw_text",
        "source_text",
        "original_text",
        "input_text",
    ),
    *("document_text", "article", "document", "passage", "body", "content", "input", "transcript"),
    *("context", "sentence", "paragraph", "page_content"),
    *other_languages.TEXTS,
)
_ANSWER = re.compile(r'\s*(?:```(?:json)?\s*)?(?:\{\s*["}]|\[\s*[\[{"\]])')
#: The keys of what the article is known by elsewhere.
IDS: tuple[str, ...] = (
    "id",
    "doc_id",
    "document_id",
    "article_id",
    "docid",
    "file",
    "file_name",
    "filename",
)
#: What interfaces say of an answer, and no article.
ENVELOPE: frozenset[str] = frozenset(
    map(
        folded,
        (
            *(
                "object",
                "created",
                "created_at",
                "usage",
                "system_fingerprint",
                "service_tier",
                "role",
            ),
            *(
                "finish_reason",
                "stop_reason",
                "stop_sequence",
                "index",
                "logprobs",
                "refusal",
                "done",
            ),
            *("done_reason", "total_duration", "load_duration", "prompt_eval_count", "eval_count"),
            *("prompt_eval_duration", "eval_duration", "usage_metadata", "model_version", "type"),
            *("response_id", "safety_ratings", "citation_metadata", "avg_logprobs", "annotations"),
            *(
                "status",
                "status_code",
                "request_id",
                "error",
                "metrics",
                "provider",
                "model",
                "name",
            ),
            *(
                "prompt",
                "prompts",
                "system",
                "messages",
                "conversation_id",
                "datetime_utc",
                "options",
            ),
            *("tool_call_id", "call_id", "reasoning", "thinking", "thinking_blocks", "duration_ms"),
            *(
                "tools",
                "tool_choice",
                "temperature",
                "top_p",
                "max_tokens",
                "seed",
                "stop",
                "version",
            ),
            *("success", "metadata", "custom_id", "native_finish_reason", "audio", "function_call"),
        ),
    )
)


def text_of(around: Iterable[Mapping[str, Any]], given: GivenKeys = NO_KEYS) -> str | None:
    """Return the text that some object has, of the first that has one."""
    keys = (*given.of("text"), *(key for each in TEXTS if (key := folded(each)) not in given.said))
    for each in around:
        fields = by_folded_key(each)
        for key in keys:
            value = fields.get(key)
            if isinstance(value, str) and value.strip() and not _is_answer(value):
                return value
    return None


def _is_answer(words: str) -> bool:
    """Tell whether words are what a model says, and no text: JSON by itself, or in a fence."""
    return _ANSWER.match(words) is not None


class About(NamedTuple):
    """What is said around an answer: fields of the article, ids, and the model."""

    fields: dict[str, Any]
    ids: tuple[str, ...]
    model: str | None


def about(around: Sequence[Mapping[str, Any]]) -> About:
    """Return what the objects around the lists say of the article, the innermost first."""
    fields: dict[str, Any] = {}
    ids: list[str] = []
    model = None
    for each in around:
        known = by_folded_key(each)
        for key in map(folded, IDS):
            if isinstance(known.get(key), (str, int)) and not _is_envelope(known):
                ids.append(str(known[key]))
        if isinstance(known.get("customid"), str):
            ids.append(known["customid"])
        model = model or next(
            (known[key] for key in ("model", "modelversion") if isinstance(known.get(key), str)),
            None,
        )
        for key, value in each.items():
            fields.setdefault(key, value)
    return About(fields, tuple(dict.fromkeys(ids)), model)


def unknown_fields(around: Iterable[Mapping[str, Any]], given: GivenKeys) -> Iterator[str]:
    """Yield the fields beside the lists, and around the answer, that are taken for nothing."""
    told = {key for keys in TOLD.values() for key in keys}
    known = told | ENVELOPE | given.said | set(map(folded, (*IDS, *TEXTS)))
    for each in around:
        for key, value in each.items():
            if folded(str(key)) not in known and value not in (None, "", [], {}, True, False):
                yield str(key)


def _is_envelope(known: Mapping[str, Any]) -> bool:
    """Tell whether an object is of an interface: its id is that of an answer, and no article."""
    return "object" in known or "usage" in known or "role" in known
