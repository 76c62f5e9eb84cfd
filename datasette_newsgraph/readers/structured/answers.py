"""Open what interfaces of language models wrap around the JSON that a model has written.

Chat completions and tool calls of OpenAI, Anthropic, Google, Mistral, Ollama and Amazon Bedrock,
their batches, the logs of ``llm``, and whatever else has the JSON in a field that is known here: as an
object, or as a string. Nothing is looked for in other fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from datasette_newsgraph.readers.named_keys import by_folded_key, folded
from datasette_newsgraph.readers.structured.lists import Lists, lists_of
from datasette_newsgraph.readers.structured.loose_json import values_in
from datasette_newsgraph.readers.structured.roles import NO_KEYS, GivenKeys

#: The fields that hold an answer, or a part of one, the likelier first.
WRAPPERS: tuple[str, ...] = (
    *("choices", "message", "tool_calls", "function", "function_call", "tool_use", "arguments"),
    *("args", "input", "candidates", "content", "parts", "output", "response", "body", "result"),
    *("results", "text", "output_text", "generated_text", "generation", "generations"),
    *("completion", "completions", "answer", "structured_output", "parsed", "parsed_output"),
    *(
        "extraction",
        "extracted",
        "extracted_data",
        "knowledge_graph",
        "graph",
        "kg",
        "data",
        "json",
    ),
    *("llm_output", "llm_response", "model_output", "raw_output", "raw_response", "prediction"),
    *("predictions", "annotation", "annotations", "value", "elements"),
)
_WRAPPERS = tuple(map(folded, WRAPPERS))
#: Of several answers to one question the first is taken.
_ALTERNATIVES = frozenset(("choices", "candidates", "generations", "completions"))
#: So deep are wrappers opened.
_MAX_DEPTH = 12


class Found(NamedTuple):
    """The lists of an answer, and what stands around it: the objects that were opened, from the
    outermost in, each without what was opened. ``rest`` is what is broken off, ``others`` how many
    further answers there are.
    """

    lists: Lists
    around: tuple[Mapping[str, Any], ...] = ()
    rest: str = ""
    others: int = 0


def found_in(
    value: Any, around: tuple[Mapping[str, Any], ...] = (), keys: GivenKeys = NO_KEYS
) -> Iterator[Found]:
    """Yield the lists of things and links in a value, whatever is wrapped around them."""
    if len(around) > _MAX_DEPTH:
        return
    if isinstance(value, str):
        if "{" in value or "[" in value:
            for loose in values_in(value):
                for found in found_in(loose.value, around, keys):
                    yield found._replace(rest=found.rest or loose.rest)
        return
    lists = lists_of(value, keys)
    if lists is not None:
        yield Found(lists, around)
    elif isinstance(value, dict):
        yield from _in_fields(value, around, keys)
    elif isinstance(value, list):
        # Parts of one answer: blocks of content, calls of tools.
        for each in value:
            if isinstance(each, (dict, str)):
                yield from found_in(each, around, keys)


def _in_fields(
    given: dict[str, Any], around: tuple[Mapping[str, Any], ...], keys: GivenKeys
) -> Iterator[Found]:
    by_key = by_folded_key(given)
    for name in _WRAPPERS:
        value = by_key.get(name)
        if not isinstance(value, (dict, list, str)) or not value:
            continue
        others = 0
        if name in _ALTERNATIVES and isinstance(value, list):
            value, others = value[:1], len(value) - 1
        beside = {key: each for key, each in given.items() if folded(str(key)) != name}
        found = list(found_in(value, (*around, beside), keys))
        if found:
            yield from (each._replace(others=each.others + others) for each in found)
            return
