"""Open what interfaces of language models wrap around the JSON that a model has written.

Chat completions and tool calls of OpenAI, Anthropic, Google, Mistral, Ollama and Amazon Bedrock,
their batches, the logs of ``llm``, and whatever else has the JSON in a field that is known here: as an
object, or as a string. Nothing is looked for in other fields. A list of articles is several records,
a list of the passages of one article is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from datasette_newsgraph.readers.named_keys import by_folded_key, folded
from datasette_newsgraph.readers.structured.around import about, text_of
from datasette_newsgraph.readers.structured.keys import NO_KEYS, GivenKeys
from datasette_newsgraph.readers.structured.lists import Lists, lists_of
from datasette_newsgraph.readers.structured.loose_json import values_in

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
    *("predictions", "annotation", "annotations", "value", "elements", "replies", "outputs"),
    *("kwargs", "raw"),
)
#: Lists of answers, each about an article of its own.
DOCUMENTS: tuple[str, ...] = (
    *("articles", "documents", "docs", "records", "items", "data", "results", "predictions"),
    *("responses",),
)
#: Lists of answers, each about a passage of the same article.
PASSAGES: tuple[str, ...] = (
    "paragraphs",
    "sentences",
    "passages",
    "chunks",
    "segments",
    "sections",
)
#: What was said in turn; the answer is what the model says last.
TURNS: tuple[str, ...] = ("messages", "conversations", "conversation")
_SPEAKERS = frozenset(("assistant", "gpt", "model", "ai", "chatbot"))
_PASSAGES, _TURNS = frozenset(map(folded, PASSAGES)), frozenset(map(folded, TURNS))
_OPENED = tuple(dict.fromkeys(map(folded, (*WRAPPERS, *DOCUMENTS, *PASSAGES, *TURNS))))
_DOCUMENTS = frozenset(map(folded, DOCUMENTS))
#: What other tools have, too.
_LISTED = _PASSAGES | _DOCUMENTS - frozenset(map(folded, WRAPPERS))
#: So many members show what a list is one of.
_SHOWN = 20
#: Of several answers to one question the first is taken.
_ALTERNATIVES = frozenset(("choices", "candidates", "generations", "completions"))
#: So deep are wrappers opened.
_MAX_DEPTH = 12


class Found(NamedTuple):
    """The lists of an answer, and what stands around it: the objects that were opened, from the
    outermost in, each without what was opened. ``rest`` is what is broken off, ``others`` how many
    further answers there are, ``text`` what the passages are one of which this is about.
    """

    lists: Lists
    around: tuple[Mapping[str, Any], ...] = ()
    rest: str = ""
    others: int = 0
    text: str | None = None
    #: Whether it is one of a list of articles or passages.
    is_listed: bool = False


def found_in(
    value: Any,
    around: tuple[Mapping[str, Any], ...] = (),
    keys: GivenKeys = NO_KEYS,
    *,
    is_said: bool = False,
) -> Iterator[Found]:
    """Yield the lists of things and links in a value, whatever is wrapped around them; ``is_said``
    tells that the value is all that a model has said, so that a list in it is one of things.
    """
    if len(around) > _MAX_DEPTH:
        return
    if isinstance(value, str):
        if "{" in value or "[" in value:
            yield from _in_words(value, around, keys)
        return
    lists = lists_of(value, keys, is_said=is_said)
    if lists is not None:
        yield Found(lists, around)
    elif isinstance(value, dict):
        yield from _in_fields(value, around, keys)
    elif isinstance(value, list):
        # Parts of one answer: blocks of content, calls of tools.
        for each in value:
            if isinstance(each, (dict, str)):
                yield from found_in(each, around, keys)
            elif isinstance(each, list) and each and isinstance(each[0], (dict, str)):
                # Answers to each prompt of a batch.
                yield from found_in(each[0], around, keys)


def _in_words(
    words: str, around: tuple[Mapping[str, Any], ...], keys: GivenKeys
) -> Iterator[Found]:
    """Yield what stands in the fences of an answer, or else between its words."""
    found = [
        (loose.is_fenced, each._replace(rest=each.rest or loose.rest))
        for loose in values_in(words)
        for each in found_in(loose.value, around, keys, is_said=True)
    ]
    has_fences = any(is_fenced for is_fenced, _ in found)
    for is_fenced, each in found:
        if is_fenced or not has_fences:
            yield each


def _in_fields(
    given: dict[str, Any], around: tuple[Mapping[str, Any], ...], keys: GivenKeys
) -> Iterator[Found]:
    by_key = by_folded_key(given)
    for name in _OPENED:
        value = by_key.get(name)
        if not isinstance(value, (dict, list, str)) or not value:
            continue
        others = 0
        if name in _ALTERNATIVES and isinstance(value, list):
            value, others = value[:1], len(value) - 1
        elif name in _TURNS:
            value = _last_answer(value)
        beside = {key: each for key, each in given.items() if folded(str(key)) != name}
        found = list(found_in(value, (*around, beside), keys))
        if found:
            text = None
            if name in _PASSAGES and isinstance(value, list):
                text = text_of((beside, *reversed(around)), keys) or _joined(value, keys)
            for each in found:
                yield each._replace(
                    others=each.others + others,
                    text=each.text or text,
                    is_listed=each.is_listed or name in _LISTED,
                )
            return


def _last_answer(turns: Any) -> Any:
    answers = [
        each
        for each in (turns if isinstance(turns, list) else ())
        if isinstance(each, dict)
        and not _SPEAKERS.isdisjoint(
            each[key].casefold()
            for key in ("role", "from", "type")
            if isinstance(each.get(key), str)
        )
    ]
    return answers[-1] if answers else None


def _joined(passages: list[Any], keys: GivenKeys) -> str | None:
    texts = (text_of((each,), keys) for each in passages if isinstance(each, dict))
    return "\n\n".join(filter(None, texts)) or None


def articles_in(value: Any, depth: int = 0) -> Iterator[Any] | None:
    """Return each article of an object that has a list of several, with what stands around them; None
    if it has none. The list may be in a wrapper, or in the words of an answer.
    """
    if isinstance(value, str):
        return _articles_in_words(value, depth)
    if not isinstance(value, dict) or lists_of(value) is not None or depth > _MAX_DEPTH:
        return None
    others = {key: each for key, each in value.items() if folded(str(key)) not in _DOCUMENTS}
    if any(True for _ in found_in(others)):
        return _articles_in_wrapper(value, depth)
    for key, listed in value.items():
        if key in others:
            continue
        if isinstance(listed, dict) and (inner := articles_in(listed, depth + 1)) is not None:
            return ({**_facts(value), key: each} for each in inner)
        if isinstance(listed, list) and len(listed) > 1 and _are_answers(listed):
            return ({**_facts(value), key: [each]} for each in listed)
    return None


def _articles_in_words(words: str, depth: int) -> Iterator[Any] | None:
    """Return the articles of the one list of them that stands in words and is not broken off, or those
    that stand one behind the other and say which they are.
    """
    values = list(values_in(words)) if "{" in words else []
    fenced = [each for each in values if each.is_fenced] or values
    if not fenced or any(each.rest for each in fenced):
        return None
    if len(fenced) > 1:
        several = [each.value for each in fenced]
        return iter(several) if _are_articles(several) and _are_told_apart(several) else None
    value = fenced[0].value
    if isinstance(value, list):
        return iter(value) if len(value) > 1 and _are_articles(value) else None
    return articles_in(value, depth + 1)


def _articles_in_wrapper(given: dict[str, Any], depth: int) -> Iterator[Any] | None:
    by_key = by_folded_key(given)
    for name in _OPENED:
        value = by_key.get(name)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, (dict, str)) and (inner := articles_in(value, depth + 1)) is not None:
            around = {key: each for key, each in given.items() if folded(str(key)) != name}
            return ({**around, name: each} for each in inner)
    return None


def _are_articles(listed: list[Any]) -> bool:
    """Tell whether each of a list has lists of its own, so that none is a thing or a link."""
    return all(isinstance(each, dict) and lists_of(each) is not None for each in listed)


def _are_answers(listed: list[Any]) -> bool:
    return all(isinstance(each, (dict, str)) for each in listed) and any(
        True for each in listed[:_SHOWN] for _ in found_in(each)
    )


def _are_told_apart(articles: list[dict[str, Any]]) -> bool:
    """Tell whether each of several answers says by itself which article it is about."""
    said = [about((each,)) for each in articles]
    known = [each.ids or (each.fields.get("title") or each.fields.get("url"),) for each in said]
    return all(each[0] for each in known) and len(set(map(str, known))) == len(known)


def _facts(given: dict[str, Any]) -> dict[str, Any]:
    """Return what holds of all articles in an object, and is no list of them."""
    return {key: each for key, each in given.items() if not isinstance(each, (dict, list))}
